"""The automatic numbers of a Word file: 1., a), 2.1, Section 1.01, as Word prints them.

ECMA-376, part 1, 17.9: a paragraph, or its style, names a list and a level; the list's abstract
definition says how each level begins, counts and is written; a level starts anew below a level
above it. All lists of an abstract definition count on together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

from bot.formats.docx_styles import Styles, value
from bot.formats.html_blocks import numeral

# 17.18.59: how a number is written; others are written in digits.
_ROMAN = {"lowerRoman": "i", "upperRoman": "I"}
_LETTERS = {"lowerLetter": "a", "upperLetter": "A"}
_ALPHABET = 26
_PLACE = re.compile(r"%([1-9])")
_NO_NUMBER = "0"  # the list of a paragraph that has none (17.9.18)


@dataclass(frozen=True, slots=True)
class Number:
    """The number of a paragraph: as printed, "" of a bullet, and its depth from 1."""

    marker: str
    depth: int


@dataclass(slots=True)
class _List:
    """What a list is of: its abstract definition, its levels, and the levels that start anew."""

    abstract: str
    levels: dict[int, Any] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts the lists of one file, paragraph by paragraph."""

    def __init__(self, word: Any, styles: Styles) -> None:
        self._styles = styles
        self._lists: dict[str, _List] = {}
        self._counts: dict[str, dict[int, int]] = {}  #: of each abstract definition, by level
        try:
            element = word.part.numbering_part.element
        except (KeyError, NotImplementedError):  # the file has no lists
            return
        abstracts = {
            one.get(qn("w:abstractNumId")): one for one in element.iter(qn("w:abstractNum"))
        }
        linked = {
            style: key for key, one in abstracts.items() if (style := value(one, "w:styleLink"))
        }
        for one in element.iter(qn("w:num")):
            abstract = value(one, "w:abstractNumId") or ""
            # A definition may stand for that of a style of lists (17.9.21).
            link = value(abstracts.get(abstract), "w:numStyleLink")
            abstract = linked.get(link or "", abstract)
            self._lists[one.get(qn("w:numId"))] = _list_of(one, abstract, abstracts.get(abstract))

    def of(self, paragraph: Any) -> Number | None:
        """Return the number of the next paragraph; None for one that is in no list."""
        name, depth = self._place_of(paragraph)
        numbered = self._lists.get(name or _NO_NUMBER)
        if name == _NO_NUMBER or numbered is None or depth not in numbered.levels:
            return None
        level = numbered.levels[depth]
        kind = value(level, "w:numFmt") or "decimal"
        if kind == "bullet":
            return Number("", depth + 1)
        counts = self._counts.setdefault(numbered.abstract, {})
        start = numbered.starts.pop(depth, None)  # where a list starts anew, it does so once
        if start is not None or depth not in counts:
            counts[depth] = _start(level) if start is None else start
        else:
            counts[depth] += 1
        for deeper in [one for one in counts if one > depth and _restarts(numbered, one, depth)]:
            del counts[deeper]
        legal = level.find(qn("w:isLgl")) is not None
        text = _PLACE.sub(
            lambda match: _written(numbered.levels.get(int(match[1]) - 1), int(match[1]) - 1,
                                   counts, legal=legal),
            value(level, "w:lvlText") or "",
        )  # fmt: skip
        return Number(text.strip(), depth + 1)

    def _place_of(self, paragraph: Any) -> tuple[str | None, int]:
        """Return the list that a paragraph names, or its style, and the level in it."""
        named, depth = _named(paragraph)
        if named is not None and depth is not None:
            return named, depth
        style = self._styles.of(paragraph)
        of_style: str | None = None
        deep: int | None = None
        for one in self._styles.chain(style):
            inherited, level = _named(one)
            of_style = of_style or inherited
            deep = level if deep is None else deep
        if named is None and of_style in self._lists and depth is None:
            deep = self._level_of(style, of_style, deep)
        found = depth if depth is not None else 0 if named is not None else deep
        return named or of_style, found or 0

    def _level_of(self, style: str, name: str | None, given: int | None) -> int | None:
        """Return the level of a list that is that of a style (17.9.23)."""
        levels = self._lists[name].levels if name else {}
        for one in self._styles.chain(style):
            for depth, level in levels.items():
                if value(level, "w:pStyle") == one.get(qn("w:styleId")):
                    return depth
        return given


def _list_of(element: Any, abstract: str, definition: Any) -> _List:
    found = _List(abstract)
    for level in definition.iter(qn("w:lvl")) if definition is not None else ():
        found.levels[int(level.get(qn("w:ilvl")))] = level
    for override in element.iter(qn("w:lvlOverride")):
        place = int(override.get(qn("w:ilvl")))
        if (start := value(override, "w:startOverride")) is not None:
            found.starts[place] = int(start)
        if (level := override.find(qn("w:lvl"))) is not None:
            found.levels[place] = level
    return found


def _named(element: Any) -> tuple[str | None, int | None]:
    """Return the list and the level that a paragraph or a style names itself."""
    found = element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
    level = value(found, "w:ilvl")
    return value(found, "w:numId"), int(level) if level is not None else None


def _start(level: Any) -> int:
    return int(value(level, "w:start") or 0)  # 17.9.25


def _restarts(numbered: _List, deeper: int, depth: int) -> bool:
    """Whether a level starts anew below another: below all above it, unless it says which."""
    below = value(numbered.levels.get(deeper), "w:lvlRestart")
    return below is None or depth < int(below)


def _written(level: Any, depth: int, counts: dict[int, int], *, legal: bool) -> str:
    """Return the number of a level as it is written; in legal numbering all are in digits."""
    kind = "none" if level is None else value(level, "w:numFmt") or "decimal"
    if kind in ("none", "bullet"):
        return ""
    number = counts.get(depth, _start(level))
    if kind == "decimalZero":
        return f"{number:02}"
    if legal or number < 1:
        return str(number)
    if kind in _LETTERS:  # 27 is aa, 28 bb
        letter = chr(ord(_LETTERS[kind]) + (number - 1) % _ALPHABET)
        return letter * min(1 + (number - 1) // _ALPHABET, _ALPHABET)
    if kind in _ROMAN:
        return numeral(number, _ROMAN[kind])
    return str(number)
