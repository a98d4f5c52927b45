"""Text from outside, made safe for Discord: nothing in it pings anyone or breaks the formatting."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.retrieval.model import Span

# Discord shows a backslash and a punctuation mark as that mark. Listed are the marks that begin
# formatting, links, mentions (<@, @, #), timestamps and emoji (<, :).
_SPECIAL = frozenset("\\`*_~|<>@#:[]()")
# These begin a heading, a list or small text only at the start of a line.
_LINE_START = re.compile(r"([-+]|\d+(?=[.)]))")
_ESCAPED = re.compile(r"\\([^\w\s])")
_CUT = " […]"
# What a cut keeps or drops as a whole: a word, or a piece of an overlong one.
_LONGEST_UNIT = 100
_UNIT = re.compile(rf"\s+|\S{{1,{_LONGEST_UNIT}}}")


def length(text: str) -> int:
    """The length in UTF-16 units, the largest way in which Discord may count characters."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def escape(text: str) -> str:
    """The text with every mark that Discord would read as formatting escaped."""
    escaped = "".join(f"\\{char}" if char in _SPECIAL else char for char in text)
    if start := _LINE_START.match(escaped):
        place = start.end() if escaped[0].isdigit() else 0
        escaped = f"{escaped[:place]}\\{escaped[place:]}"
    return escaped


def unescape(text: str) -> str:
    """The text that ``escape`` was given."""
    return _ESCAPED.sub(r"\1", text)


def one_line(text: str) -> str:
    """The text on one line, without control characters and lone surrogates."""
    # The zero-width joiner is not "printable", but emoji are made with it.
    return " ".join("".join(c if c.isprintable() or c == "\u200d" else " " for c in text).split())


def clip(text: str, limit: int) -> str:
    """The text, cut at the end so that it is no longer than a limit."""
    if length(text) <= limit:
        return text
    kept = text[: limit - 1]
    while length(kept) > limit - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def bold(text: str, spans: Iterable[Span], limit: int) -> str:
    """The escaped text with some spans in bold, cut after the last word that fits a limit.

    The cut falls neither within an escape nor within a bold span.
    """
    units: list[str] = []
    place = 0
    for start, end in _joined(spans):
        units += _words(text[place:start])
        units.append(f"**{escape(text[start:end])}**")
        place = end
    units += _words(text[place:])
    if length(whole := "".join(units)) <= limit:
        return whole
    kept, room = "", limit - length(_CUT)
    for unit in units:
        if (room := room - length(unit)) < 0:
            break
        kept += unit
    return kept.rstrip() + _CUT


def _joined(spans: Iterable[Span]) -> list[tuple[int, int]]:
    """The spans, those that touch made one, and too long ones left out."""
    joined: list[tuple[int, int]] = []
    for span in spans:
        if joined and joined[-1][1] >= span.start:
            joined[-1] = (joined[-1][0], span.end)
        else:
            joined.append((span.start, span.end))
    return [(start, end) for start, end in joined if end - start <= _LONGEST_UNIT]


def _words(text: str) -> list[str]:
    return [escape(part) for part in _UNIT.findall(text)]
