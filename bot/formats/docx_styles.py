"""The styles of a Word file: what a paragraph or a run has of its style.

ECMA-376, part 1, 17.7: a style holds what differs from the one that it is based on. Word keeps the
English names of its own styles in every language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn

_HEADING = re.compile(r"heading ([1-9])")
_OFF = ("0", "false", "off", "none")
_DEEPEST = 20  # styles based on each other; Word allows 11
_MOST_LEVELS = 6
_TEXT_LEVEL = 9  # the outline level of what is no heading (17.3.1.20), from 0


class Styles:
    """The styles of one file, by their names within it."""

    def __init__(self, word: Any) -> None:
        styles = word.styles.element.iter(qn("w:style"))
        self._styles = {style.get(qn("w:styleId")): style for style in styles}
        self._default = next(
            (key for key, one in self._styles.items()
             if one.get(qn("w:type")) == "paragraph" and one.get(qn("w:default")) in ("1", "true")),
            None,
        )  # fmt: skip

    def of(self, paragraph: Any) -> str:
        """Return the name within the file of a paragraph's style."""
        return value(paragraph.find(qn("w:pPr")), "w:pStyle") or self._default or ""

    def chain(self, style: str | None) -> Iterator[Any]:
        """Yield a style and those that it is based on, the nearest first."""
        for _ in range(_DEEPEST):
            element = self._styles.get(style)
            if element is None:
                return
            yield element
            style = value(element, "w:basedOn")

    def names(self, style: str) -> list[str]:
        """Return the names, in lower case, of a style and of those that it is based on."""
        return [(value(one, "w:name") or "").lower() for one in self.chain(style)]

    def heading_level(self, paragraph: Any) -> int:
        """Return the level of a heading, from 1, by its style or its outline; 0 of what is none."""
        style = self.of(paragraph)
        outline = value(paragraph.find(qn("w:pPr")), "w:outlineLvl")
        for one in self.chain(style):
            name = (value(one, "w:name") or "").lower()
            if name in ("title", "subtitle"):
                return 1 if name == "title" else 2
            outline = outline or value(one.find(qn("w:pPr")), "w:outlineLvl")
            if match := _HEADING.fullmatch(name):
                outline = outline or str(int(match[1]) - 1)
        if outline is None or not outline.isdecimal() or int(outline) >= _TEXT_LEVEL:
            return 0
        return min(int(outline) + 1, _MOST_LEVELS)

    def is_bold(self, paragraph: Any, run: Any) -> bool:
        """Return whether a run is bold: by itself, its style, or that of its paragraph."""
        marks = run.find(qn("w:rPr"))
        own = value(marks, "w:rStyle")
        for holder in (run, *self.chain(own), *self.chain(self.of(paragraph))):
            bold = holder.find(f"{qn('w:rPr')}/{qn('w:b')}")
            if bold is not None:
                return bold.get(qn("w:val")) not in _OFF
        return False


def value(holder: Any, name: str) -> str | None:
    """Return the value of an element within another; None without one."""
    found = holder.find(qn(name)) if holder is not None else None
    return found.get(qn("w:val")) if found is not None else None
