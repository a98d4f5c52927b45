"""Text from outside, made safe for Discord: nothing in it pings anyone or breaks the formatting."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from bot.chat.limits import CONTENT
from bot.corpus.model import Span
from bot.strings import say

# Discord shows a backslash and a punctuation mark as that mark. Listed are the marks that begin
# formatting, links, mentions (<@, @), timestamps, emoji (<, :) and addresses (https:); and the dot
# of an invitation, which Discord sees without https: as well.
_SPECIAL = re.compile(
    r"[\\`*_~|<@:\[\]]|(?:(?<=discord)|(?<=discordapp))\.(?=(?:gg|com/invite)/)", re.IGNORECASE
)
# These begin a heading, a quotation, a list or small text, but only at the start of a line.
_LINE_START = re.compile(r"\A(\s*\d*)([-+#>.)])")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
# What would end a line, and what cannot be sent: controls, separators and lone surrogates.
_BREAK = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_URL = re.compile(r"https?://[^\s<>\"\\]+")
# Within a link's target, these two would end it.
_PERCENT = str.maketrans({"(": "%28", ")": "%29"})
_CUT = " […]"
_BETWEEN = ", "
# What a cut keeps or drops as a whole: a word, or a piece of an overlong one. Even escaped, it
# fits the smallest room that a quote is given.
_LONGEST_UNIT = 40
# Of a text that is put on one line; a message holds a fifth of it.
_LONGEST_LINE = 20_000
_UNIT = re.compile(rf"\s+|(?:\\\S|\S){{1,{_LONGEST_UNIT}}}")


def length(text: str) -> int:
    """Return the length in UTF-16 units, the largest way in which Discord may count characters."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def escape(text: str) -> str:
    """Return the text with every mark that Discord would read as formatting escaped."""
    return _guard_start(_escape_marks(text))


def unescape(text: str) -> str:
    """Return the text that ``escape`` was given."""
    return _ESCAPED.sub(r"\1", text)


def one_line(text: str) -> str:
    """Return the text on one line, without control characters and lone surrogates.

    What cannot be seen belongs to the word that it stands in, and goes without parting it. Only the
    beginning of a text longer than anything that is shown is looked at.
    """
    if len(text) > _LONGEST_LINE:
        text = text[:_LONGEST_LINE] + "…"
    return " ".join("".join(map(_visible, text)).split())


def _visible(character: str) -> str:
    # The zero-width joiner is not "printable", but emoji are made with it.
    if character.isprintable() or character == "\u200d":
        return character
    return "" if unicodedata.category(character) == "Cf" else " "


def clip(text: str, limit: int) -> str:
    """Return the text, cut at the end so that it is no longer than a limit."""
    if length(text) <= limit:
        return text
    kept = text[: limit - 1]
    while length(kept) > limit - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def cut(text: str, limit: int) -> str:
    """Return the escaped text, cut after the last word that fits a limit."""
    return bold(text, (), limit)


def cut_start(text: str, limit: int) -> str:
    """Return the escaped text, cut before the first word from which on it fits a limit."""
    # Nothing before these characters can be shown: escaping makes a text longer, never shorter.
    units = _words(_BREAK.sub(" ", text[-limit - _LONGEST_UNIT - 1 :]))
    if length(whole := _guard_start("".join(units))) <= limit:
        return whole
    kept, room = "", limit - length(_CUT) - 1
    for unit in reversed(units):
        if (room := room - length(unit)) < 0:
            break
        kept = unit + kept
    return _CUT.strip() + " " + kept.lstrip()


def bold(text: str, spans: Iterable[Span], limit: int) -> str:
    """Return the escaped text with some spans in bold, cut after the last word that fits a limit.

    The cut falls neither within an escape nor within a bold span. Line breaks become spaces.
    """
    # Nothing behind these characters can be shown: escaping makes a text longer, never shorter.
    text = _BREAK.sub(" ", text[: limit + _LONGEST_UNIT + 1])
    units: list[str] = []
    place = 0
    for start, end in _joined(span for span in spans if span.end <= len(text)):
        units += _words(text[place:start])
        units.append(f"**{_escape_marks(text[start:end])}**")
        place = end
    units += _words(text[place:])
    whole = _guard_start("".join(units))
    if length(whole) <= limit:
        return whole
    kept, room = "", limit - length(_CUT) - 1  # 1 for the guard of the start
    for unit in units:
        if (room := room - length(unit)) < 0:
            break
        kept += unit
    return _guard_start(kept.rstrip()) + _CUT


def fitting(parts: Sequence[str], room: int, language: str, *, more: int = 0) -> str:
    """As many parts as fit some room, at least one, and how many there are besides, ``more`` of
    which are not among the parts.
    """
    shown: list[str] = []
    for part in parts:
        room -= length(part) + len(_BETWEEN)
        if shown and room < 0:
            break
        shown.append(part)
    if hidden := len(parts) - len(shown) + more:
        shown.append(say("and_more", language, count=hidden))
    return _BETWEEN.join(shown)


def compose(lines: Sequence[str], language: str, room: int = CONTENT) -> str:
    """Return the text of a message: as many lines as fit, and how many there are besides.

    Each line is marked up already. The first is cut where it alone is too long; of the others none
    is, so that no mark is left open.
    """
    whole = "\n".join(lines)
    if length(whole) <= room:
        return whole
    lines = [line for part in lines for line in part.split("\n")]
    room -= length(say("and_more", language, count=len(lines))) + 1
    shown = [clip(lines[0], room)]
    room -= length(shown[0]) + 1
    for line in lines[1:]:
        if (room := room - length(line) - 1) < 0:
            break
        shown.append(line)
    if hidden := len(lines) - len(shown):
        shown.append(say("and_more", language, count=hidden))
    return "\n".join(shown)


def link_target(url: str, limit: int) -> str | None:
    """Return the URL as it can stand in ``[title](<url>)``, or None if it cannot."""
    target = url.translate(_PERCENT)
    fits = _URL.fullmatch(target) and target.isprintable() and length(target) <= limit
    return target if fits else None


def _escape_marks(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)


def _guard_start(text: str) -> str:
    return _LINE_START.sub(r"\1\\\2", text, count=1) if _LINE_START.match(text) else text


def _joined(spans: Iterable[Span]) -> list[tuple[int, int]]:
    """Return the spans, those that touch made one, and too long ones left out."""
    joined: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda span: span.start):
        if joined and joined[-1][1] >= span.start:
            joined[-1] = (joined[-1][0], max(joined[-1][1], span.end))
        else:
            joined.append((span.start, span.end))
    return [(start, end) for start, end in joined if 0 < end - start <= _LONGEST_UNIT]


def _words(text: str) -> list[str]:
    return _UNIT.findall(_escape_marks(text))
