"""Where a unit begins: headings (*Article 2 – Fees*), run-in beginnings, markers of paragraphs.

What only looks like a unit is told apart in two steps. Here one line is read: *Article 5 of the
treaty says* is prose. Whether the numbers of a whole document run on is for ``run_on``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.text.tokens import fold
from bot.text.units import (
    KIND,
    LATIN,
    ORDINALS,
    SINGULAR,
    Pieces,
    UnitKey,
    UnitKind,
    is_letter_label,
    roman_value,
)

#: Characters of a line in which a unit's number and the beginning of its text are looked for.
_LOOKED_AT = 240
#: Characters and words of the longest title of a unit; the longest of the EU's treaties have 20.
_TITLE_CHARACTERS, _TITLE_WORDS = 200, 25

# Marks of Markdown that a reader left, before and behind a heading.
_LEFT_OVER = re.compile(r"[#*_ \t\u00a0]{0,12}")
_NOTE_MARK = re.compile(r"\s?\[\d{1,3}\]|[¹²³⁴-⁹]{1,3}")
_TABLE_OF_CONTENTS = re.compile(r"(?:\.\.\.\.|…|\. \. \.|\t)[ .…\t]{0,80}\d{1,4}$")
_SEPARATOR = re.compile(r"[ \t\u00a0]*(?:[.:–—-]|\*\*|__)[ \t\u00a0.:–—*_-]*|[ \t\u00a0]*\n\s*")
# Indian and American acts: "Short title.— This Act may be called ..."
_TITLE_THEN_TEXT = re.compile(r"([^.–—]{1,120}?)\.[ ]?[–—-][ ]?(?=\S)")
# A title in a line of its own, which is shorter than a line that was broken.
_TITLE_LINE = re.compile(
    r"([^\W\da-zà-ÿ][^\n.;:!?]{1,50}(?<![,;:\s]))[ \t]*\n\s{0,40}(?=[^\Wa-zà-ÿ]|[(\"“«])"
)
_IN_BRACKETS = re.compile(r"[(\[]([^()\[\]]{3,120})[)\]][.:]?$")
_END_MARKS = (".", ";", ",", ":", "!")
_MONTHS = frozenset(
    "january february march april may june july august september october november december".split()
)
_WORD = re.compile(r"[^\W_]+")
# Most lines are none: their first word tells.
_FIRST_WORD = re.compile(r"[^\W\d_]+|[\d§(]")
_BEGINNINGS = SINGULAR.keys() | {"sous", "subsection"} | {word.split()[0] for word in ORDINALS}
_MAY_BE_NUMBER = re.compile(r"\d{1,3}[a-zèé]|[IVXLC]{1,7}(?:e|er|re|ère|ème|nd|E|ER|RE)\b")


@dataclass(frozen=True, slots=True)
class UnitHeading:
    """What a line says of the unit that begins with it."""

    key: UnitKey
    label: str  #: as it is written: ARTICLE II
    title: str | None = None
    text_start: int | None = None  #: where the text proper begins, if it stands in the same line


def unit_heading(
    line: str, *, is_heading: bool = False, among_recitals: bool = False
) -> UnitHeading | None:
    """Return the unit that a heading or a paragraph begins; None if it begins none.

    ``is_heading``: the document says that the line is a heading, so that what stands behind the
    number is the title even with an end mark. ``among_recitals``: (26) is a recital's number.
    """
    start = _LEFT_OVER.match(line)
    first = start.end() if start else 0
    head = line[first : first + _LOOKED_AT]
    word = _FIRST_WORD.match(head)
    if not word or not (
        fold(word[0]) in _BEGINNINGS or among_recitals or _MAY_BE_NUMBER.match(head)
    ):
        return None
    pieces = Pieces(head)
    if among_recitals and (recital := pieces.bracketed_label(0)) and recital[0].isdecimal():
        end = pieces.all[recital[1] - 1].end
        rest = _behind(line, first + end)
        return UnitHeading(UnitKey("recital", recital[0]), head[:end], None, rest)
    named = _named(pieces)
    if not named:
        return None
    key, after = named
    end = first + pieces.all[after - 1].end
    return _with_rest(line, key, (first, end), is_heading=is_heading)


def _named(pieces: Pieces) -> tuple[UnitKey, int] | None:
    """Read the name and number at the beginning of a line; the piece behind them."""
    if (kind := _sub_kind(pieces)) and (number := pieces.number(2 + (pieces.text(1) == "-"), kind)):
        return UnitKey(kind.name, number[0], number[1]), number[2]
    kind = SINGULAR.get(pieces.folded(0))
    if kind and pieces.text(0)[-1:] not in "éÉ":  # annexé
        at = 1 + (pieces.text(1) == "." and pieces.text(0) != "§")
        if kind.name != "preamble" and (number := pieces.number(at, kind)):
            key = UnitKey(kind.name, number[0], number[1])
            return _with_labels(pieces, key, number[2])
        return (UnitKey(kind.name, ""), 1) if kind.unnumbered else None
    return _ordinal_first(pieces)


def _sub_kind(pieces: Pieces) -> UnitKind | None:
    """Read sous-section and subsection, which are paragraphs where something is referred to."""
    first = pieces.folded(0)
    subsection = first == "subsection"
    if first == "sous" and pieces.folded(1 + (pieces.text(1) == "-")) == "section":
        subsection = True
    return KIND["subsection"] if subsection else None


def _with_labels(pieces: Pieces, key: UnitKey, at: int) -> tuple[UnitKey, int]:
    """Read the labels in brackets behind a number: Article 11 (1)."""
    while label := pieces.bracketed_label(at):
        key, at = key.below(label[0]), label[1]
    return key, at


def _ordinal_first(pieces: Pieces) -> tuple[UnitKey, int] | None:
    """Read a number before its word: Première partie, IIe partie, Second Protocol."""
    for words in (1, 2, 3):
        kind = SINGULAR.get(pieces.folded(words))
        if not kind or kind.name in ("preamble", "recital"):
            continue
        written = " ".join(pieces.folded(at) for at in range(words))
        value = ORDINALS.get(written.replace(" - ", " "))
        if value is None and words <= 2:  # noqa: PLR2004  # II e, 2 e
            value = ordinal_numeral("".join(pieces.text(at) for at in range(words)))
        return (UnitKey(kind.name, value), words + 1) if value else None
    return None


_ORDINAL_NUMERAL = re.compile(
    r"(\d{1,3}|[IVXLC]{1,7})(?:e|er|re|ère|ere|ème|eme|nd|nde|st|rd|th|E|ER|RE)"
)


def ordinal_numeral(text: str) -> str | None:
    """Return the number of 2e, IIe, 14th; None if the text is none."""
    match = _ORDINAL_NUMERAL.fullmatch(text)
    if not match:
        return None
    value = int(match[1]) if match[1].isdecimal() else roman_value(match[1].lower())
    return str(value) if value else None


def _behind(line: str, at: int) -> int | None:
    """Return where the text goes on; None if nothing follows."""
    while at < len(line) and line[at].isspace():
        at += 1
    return at if at < len(line) else None


def _with_rest(
    line: str, key: UnitKey, label: tuple[int, int], *, is_heading: bool
) -> UnitHeading | None:
    """Decide what stands behind a unit's name: nothing, a title, its text, or prose about it."""
    written, end = line[slice(*label)], label[1]
    if note := _NOTE_MARK.match(line, end):
        end = note.end()
    text = line[end:].rstrip("#*_ \t\u00a0\r\n")
    if not text.strip(" \t\u00a0.:–—-*_"):
        return UnitHeading(key, written)
    if _TABLE_OF_CONTENTS.search(text[-80:]):
        return None
    separator = _SEPARATOR.match(text)
    start = end + (separator.end() if separator else len(text) - len(text.lstrip()))
    rest = text[start - end :]
    if separator and "\n" in separator[0] and rest[0].islower():
        return None  # a broken line of prose
    if not separator and not _may_follow(line, key, end, rest, is_heading=is_heading):
        return None
    title, behind = _divided(rest, is_heading=is_heading)
    return UnitHeading(key, written, title, None if behind is None else start + behind)


def _divided(rest: str, *, is_heading: bool) -> tuple[str | None, int | None]:
    """Return the title in what stands behind a unit's name, and where its text begins."""
    if bracketed := _IN_BRACKETS.fullmatch(rest[:_TITLE_CHARACTERS]):
        return bracketed[1], None
    parts = None if is_heading else _TITLE_THEN_TEXT.match(rest) or _TITLE_LINE.match(rest)
    if parts:
        return parts[1].strip(), parts.end()
    if _is_title(rest, is_heading=is_heading):
        return rest.rstrip(" .:"), None
    return None, 0


def _may_follow(line: str, key: UnitKey, end: int, rest: str, *, is_heading: bool) -> bool:
    """Tell whether something that no mark divides from the number is the unit's title or text."""
    if end < len(line) and not line[end].isspace():
        return False  # Article 5, Article 5?
    word = _WORD.search(rest[:40])
    if is_heading and KIND[key.kind].level == 0:  # Annex II to the Agreement
        return True
    if not key.number:  # ANNEX TO THE AGREEMENT, not: Annex Germany
        return rest.isupper()
    if rest.startswith(("(", "[")):
        return _IN_BRACKETS.fullmatch(rest[:_TITLE_CHARACTERS]) is not None
    if not word or word[0].lower() in _MONTHS:
        return False
    return rest[0] in '"“«„' or (word.start() == 0 and word[0][0].isupper())


def _is_title(rest: str, *, is_heading: bool) -> bool:
    """Tell whether a text is as short as a title, and ends as none of a sentence does."""
    if "\n" in rest or len(rest) > _TITLE_CHARACTERS:
        return False
    if is_heading:
        return True
    return not rest.endswith(_END_MARKS) and len(rest.split()) <= _TITLE_WORDS


@dataclass(frozen=True, slots=True)
class Marker:
    """The label of a paragraph, a point or an item."""

    label: str  #: canonical: 2, 2bis, 2.1, a, iv
    level: str  #: number, letter or roman; (i) and (v) are Roman unless a letter goes before them
    text_start: int
    weak: bool = False  #: may be an initial (A. Smith): to be believed where a neighbour runs on


_LATIN = "|".join(LATIN)
_ONE = rf"\d{{1,3}}(?:[a-z](?![a-z]))?(?:[ ]?(?:{_LATIN}))?"
# One label of those that EU, French, British and American drafting use, at the beginning.
_MARKERS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\(({_ONE}|[A-Za-z]{{1,5}})\)(?!\w)",  # (1), (a), (iv)
        rf"({_ONE}|[A-Za-z]{{1,5}})\)(?!\w)",  # 2), a)
        rf"(\d{{1,3}})[°º](?:[ ]?({_LATIN}))?[.)]?(?=\s|$)",  # 1°, 2° bis
        # 2.1. members, 2.1 Members
        r"(\d{1,3}(?:\.\d{1,3}){1,4})(?:[.)](?=\s|$)|(?=\s{1,9}[^\W\d_a-zà-ÿ]|\s*$))",
        rf"({_ONE})\.(?:-|(?=\s|$|[^\W\d_a-zà-ÿ]))",  # 1. Each, 1.Each
        r"(\d{1,3})[ ]?[–—-](?=\s*[^\W\d_])",  # 1 – Each
        r"([a-z]|[ivx]{2,5})\.(?=\s|$)",  # a.
        r"([A-Z]|[IVX]{2,5})\.(?=\s|$)",  # II., A.
    )
)
_FIRST_LINE = re.compile(r"[\s*_]{0,12}")
_COPYRIGHT = re.compile(r"\(c\)\s{0,3}(?:\d{4}|[Cc]opyright)")


def paragraph_marker(text: str) -> Marker | None:
    """Return the label with which a paragraph or an item begins; None if it has none."""
    lead = _FIRST_LINE.match(text)
    at = lead.end() if lead else 0
    if _COPYRIGHT.match(text, at):
        return None
    for number, pattern in enumerate(_MARKERS):
        match = pattern.match(text, at)
        if not match:
            continue
        label = "".join(filter(None, match.groups())).lower().replace(" ", "")
        if label[0].isalpha() and not is_letter_label(label):
            return None
        end = match.end()
        start = end + len(text[end : end + _LOOKED_AT]) - len(text[end : end + _LOOKED_AT].lstrip())
        return Marker(label, _level(label), start, weak=number == len(_MARKERS) - 1)
    return None


def _level(label: str) -> str:
    if label[0].isdigit():
        return "number"
    doubled = label == label[0] * 2 and label[0] not in "ixc"
    single = len(label) == 1 and label not in "ivx"
    return "letter" if doubled or single else "roman"


_NUMBER_LABEL = re.compile(rf"((?:\d{{1,4}}[.-])*)(\d{{1,4}})([a-z]?)({_LATIN})?")


def continues(previous: str | None, label: str) -> bool:
    """Tell whether a label comes right after another one; after None, whether it is a first one.

    After (h) the letter (i) goes on with letters; after (iv) the numeral (v) with numerals.
    """
    if previous is None:
        return label in ("1", "a", "i", "1.1")
    before, after = _NUMBER_LABEL.fullmatch(previous), _NUMBER_LABEL.fullmatch(label)
    if before and after:
        return _number_follows(before, after)
    if not (previous.isalpha() and label.isalpha()):
        return False
    values = roman_value(previous), roman_value(label)
    if values[0] is not None and values[1] is not None and values[1] == values[0] + 1:
        return True
    return label == _letter_after(previous)


def _number_follows(before: re.Match[str], after: re.Match[str]) -> bool:
    if before[1] != after[1]:
        return bool(after[1]) and after[1] == f"{before[1]}{before[2]}." and after[2] == "1"
    if int(after[2]) == int(before[2]) + 1:
        return True  # also 5 -> 6bis, where 6 was repealed
    if after[2] != before[2]:
        return False
    inserted = after[3] + (after[4] or "")
    return bool(inserted) and _rank(before) < _rank(after)


def _rank(match: re.Match[str]) -> tuple[str, int]:
    return match[3], LATIN.index(match[4]) if match[4] else -1


def _letter_after(label: str) -> str | None:
    """Return the letter, or doubled letter, that follows: a, b, ..., z, aa, bb."""
    if label != label[0] * len(label) or len(label) > 2:  # noqa: PLR2004
        return None
    if label[0] == "z":
        return "aa" if len(label) == 1 else None
    return chr(ord(label[0]) + 1) * len(label)


# A share of the steps that must run on: laws have repealed articles, tables of parts have none.
_MIN_RUNNING = 2 / 3


def run_on(numbers: Sequence[str], *, named: bool = True) -> bool:
    """Tell whether the numbers found in a document are those of its units.

    ``named``: each stands behind a unit's word (Article 7). Then numbers that grow, or start anew
    at 1, in two thirds of the steps are enough, since a law may have lost articles and an excerpt
    begins anywhere; one alone is enough. Numbers without a word (a list's 1., 2.) must begin with
    the first label and each follow its predecessor; one alone is none.
    """
    if not named:
        follows = all(continues(*pair) for pair in pairwise(numbers))
        return len(numbers) > 1 and continues(None, numbers[0]) and follows
    steps = [_grows(*pair) for pair in pairwise(numbers)]
    return bool(numbers) and sum(steps) >= _MIN_RUNNING * len(steps)


def _sort_key(number: str) -> tuple[str, tuple[int, ...], str, int]:
    """Return what numbers of units are ordered by: 5, 5a, 5bis, 5ter, 68-1, 68-2."""
    code = number[: len(number) - len(number.lstrip("lord"))]
    match = _NUMBER_LABEL.fullmatch(number[len(code) :])
    if not match:
        return number, (), "", -1
    parts = tuple(int(part) for part in _parts(match[1] + match[2]))
    return code, parts, match[3], LATIN.index(match[4]) if match[4] else -1


def _parts(number: str) -> list[str]:
    """Return the parts of a number that hyphens and dots join."""
    return number.replace("-", ".").split(".")


def _grows(previous: str, number: str) -> bool:
    return _sort_key(previous) < _sort_key(number) or number in ("1", "a")


@dataclass(frozen=True, slots=True)
class Gaps:
    """What is wrong with the numbers of a document's units."""

    missing: tuple[tuple[UnitKey, UnitKey], ...]  #: the first and the last of each gap
    double: tuple[UnitKey, ...]


_WHOLE = re.compile(r"\d{1,4}")


def missing_and_double(keys: Iterable[UnitKey]) -> Gaps:
    """Return the gaps in the numbers of each kind, within each parent, and keys that stand twice.

    A gap lies between two whole numbers that are there: an excerpt does not lack what goes before
    it. 5 bis and 68-1 stand for 5 and 68.
    """
    seen: set[UnitKey] = set()
    double: dict[UnitKey, None] = {}
    values: dict[tuple[str, UnitKey | None], set[int]] = {}
    for key in keys:
        if key in seen:
            double[key] = None
        seen.add(key)
        if not key.points and (number := _WHOLE.match(key.number)):
            values.setdefault((key.kind, key.parent), set()).add(int(number[0]))
    missing = [
        (UnitKey(kind, str(low + 1), (), parent), UnitKey(kind, str(high - 1), (), parent))
        for (kind, parent), found in values.items()
        for low, high in pairwise(sorted(found))
        if high > low + 1
    ]
    return Gaps(tuple(missing), tuple(double))
