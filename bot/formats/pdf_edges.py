"""What stands at the edges of pages: running heads, page numbers, notes; and tables of contents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby, pairwise

from bot.formats.pdf_lines import Line

_EDGES = 3  # lines at the top and at the bottom of a page that may be running heads
_NO_CHANCE = 20  # characters of a line that stands on pages again and again, wherever it does
_PAGE_NUMBER = re.compile(r"[–—\-\s]*(?:p(?:age|\.)?\s*)?\d{1,4}(?:\s*(?:/|of|sur|de)\s*\d{1,4})?"
                          r"[–—\-\s]*", re.IGNORECASE)  # fmt: skip

#: What a note at a page's foot begins with.
NOTE = re.compile(r"[(\[]?(?:\d{1,3}|[*†‡§¹²³⁴-⁹])")

# An entry of a table of contents: dots that lead to a page's number.
_CONTENTS = re.compile(r"(?<!\.)(?<!\.\s)(?:\.\s?){4,}+\d{1,4}$")
_DIGITS = re.compile(r"\d+")
# Notes are set smaller than the text by this, at least.
_SMALLER = 1.15
_MOST_NOTES = 40  # places on a page where notes stand
_ENDS_LIKE_A_SENTENCE = re.compile(r"[.!?…:][\s\"'”’»)\]\d]*$|[»”\"]\s*$")


def without_running_heads(lines: Sequence[Line]) -> list[Line]:
    """Return the lines without page numbers and those at the edge of many pages.

    The heads of a table that goes on overleaf are no running heads.
    """
    pages: dict[int, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    edges: dict[int, list[Line]] = {}
    heads: set[int] = set()
    for number, on_page in pages.items():
        by_height = sorted(on_page, key=lambda line: -line.y)
        edges[number] = [*by_height[:_EDGES], *by_height[-_EDGES:]]
        near = by_height[: _EDGES + 1]
        heads.update(id(above) for above, line in pairwise(near) if _in_columns(above, line))
    seen = Counter(mask for edge in edges.values() for mask in {_masked(line) for line in edge})
    often = max(2, len(pages) // 3)
    dropped: set[int] = set()
    for edge in edges.values():
        for line in edge:
            is_number = _PAGE_NUMBER.fullmatch(line.text) and line in (edge[0], edge[-1])
            repeated = len(pages) > 1 and seen[_masked(line)] >= often and id(line) not in heads
            if repeated or is_number:
                dropped.add(id(line))
    return [line for line in lines if id(line) not in dropped and not _CONTENTS.search(line.text)]


def _in_columns(above: Line, line: Line) -> bool:
    """Whether two lines may be the heads and a row of a table."""
    several = len(above.cells) > 1 and len(line.cells) > 1
    return several and not _ENDS_LIKE_A_SENTENCE.search(above.text)


def _masked(line: Line) -> tuple[str, int]:
    """Return a line without its numbers, and a short one's height: what a running head has on every
    page.
    """
    text = _DIGITS.sub("0", line.text)
    return text, round(line.y / 4) if len(text) < _NO_CHANCE else 0


def notes_at_feet(lines: Sequence[Line], usual: float) -> frozenset[Line]:
    """Return the lines of notes: in smaller letters at the foot of a page or a column, from a
    number or sign on.

    They are read behind the paragraph that goes on overleaf.
    """
    found: set[Line] = set()
    for _, on_page in groupby(lines, key=lambda line: line.page):
        runs = [list(run) for _, run in groupby(on_page, lambda line: line.size * _SMALLER < usual)]
        text: list[Line] = []
        small: list[list[Line]] = []
        for run in runs:
            if run[0].size * _SMALLER < usual and NOTE.match(run[0].text):
                small.append(run)
            else:
                text += run
        for run in small[:_MOST_NOTES]:
            x, end, y = min(one.x for one in run), max(one.end for one in run), run[-1].y
            if not any(line.y < y and line.x <= end and line.end >= x for line in text):
                found.update(run)
    return frozenset(found)
