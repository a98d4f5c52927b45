"""The automatic numbers of a Word file: 1., a), 2.1, as Word prints them.

ECMA-376, part 1, 17.9: a paragraph names a list and a level; the list's abstract definition says
how each level begins, counts and is written; a level starts anew below a level above it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn

from bot.formats.html_blocks import numeral

# 17.18.59: how a number is written; others are written in digits.
_STYLES = {"lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I"}
_PLACE = re.compile(r"%([1-9])")
_NO_NUMBER = "0"  # the list of a paragraph that has none (17.9.18)


@dataclass(frozen=True, slots=True)
class Number:
    """The number of a paragraph: as printed, "" of a bullet, and its depth from 1."""

    marker: str
    depth: int


class Numbering:
    """Counts the lists of one file, paragraph by paragraph."""

    def __init__(self, word: Any) -> None:
        self._levels: dict[tuple[str, int], Any] = {}
        self._starts: dict[tuple[str, int], int] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._abstract: dict[str, str] = {}
        try:
            element = word.part.numbering_part.element
        except (KeyError, NotImplementedError):  # the file has no lists
            return
        abstracts = {
            one.get(qn("w:abstractNumId")): one for one in element.iter(qn("w:abstractNum"))
        }
        for one in element.iter(qn("w:num")):
            number = one.get(qn("w:numId"))
            reference = one.find(qn("w:abstractNumId"))
            abstract = reference.get(qn("w:val")) if reference is not None else ""
            self._abstract[number] = abstract
            levels = abstracts.get(abstract)
            for level in levels.iter(qn("w:lvl")) if levels is not None else ():
                self._levels[number, int(level.get(qn("w:ilvl")))] = level
            for override in one.iter(qn("w:lvlOverride")):
                place = int(override.get(qn("w:ilvl")))
                start = override.find(qn("w:startOverride"))
                if start is not None:
                    self._starts[number, place] = int(start.get(qn("w:val")))
                level = override.find(qn("w:lvl"))
                if level is not None:
                    self._levels[number, place] = level

    def of(self, paragraph: Any, style: Any) -> Number | None:
        """Return the number of the next paragraph; None for one that is in no list."""
        place = _numbered(paragraph) or (_numbered(style) if style is not None else None)
        if place is None or place[0] == _NO_NUMBER or place not in self._levels:
            return None
        name, depth = place
        level = self._levels[place]
        kind = _value(level, "w:numFmt") or "decimal"
        if kind in ("bullet", "none"):
            return Number("", depth + 1)
        counts = self._counts.setdefault(
            name if (name, depth) in self._starts else f"abstract {self._abstract[name]}", {}
        )
        start = self._starts.get(place) or int(_value(level, "w:start") or 1)
        counts[depth] = counts[depth] + 1 if depth in counts else start
        for deeper in [one for one in counts if one > depth]:
            del counts[deeper]
        text = _PLACE.sub(
            lambda match: self._written(name, int(match[1]) - 1, counts),
            _value(level, "w:lvlText") or "",
        )
        return Number(text.strip(), depth + 1)

    def _written(self, name: str, depth: int, counts: dict[int, int]) -> str:
        level = self._levels.get((name, depth))
        if level is None:
            return ""
        number = counts.get(depth, int(_value(level, "w:start") or 1))
        return numeral(number, _STYLES.get(_value(level, "w:numFmt") or "", "1"))


def _numbered(element: Any) -> tuple[str, int] | None:
    """Return the list and the level that a paragraph or a style names."""
    found = element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
    if found is None:
        return None
    number = found.find(qn("w:numId"))
    level = found.find(qn("w:ilvl"))
    if number is None:
        return None
    return number.get(qn("w:val")), int(level.get(qn("w:val"))) if level is not None else 0


def _value(element: Any, name: str) -> str | None:
    found = element.find(qn(name))
    return found.get(qn("w:val")) if found is not None else None
