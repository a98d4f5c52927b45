"""The paragraphs of a PDF as blocks: a heading is larger than the text, in bold, or a short line of
its own; the more an item is indented the deeper it is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from bot.formats.document import LINE_LEVEL, Block, clean, row_text
from bot.formats.inline import (
    LONGEST_LINE_HEADING,
    answer_text,
    line_heading,
    question_alone,
    with_unit_headings,
)
from bot.formats.lines import is_heading_line, item, marker
from bot.formats.pdf_edges import notes_at_feet
from bot.formats.pdf_hyphens import joined
from bot.formats.pdf_lines import BULLET, Line, with_margins
from bot.formats.pdf_paragraphs import INDENT, Group, Look, groups_of
from bot.formats.pdf_tables import Row

_LONGEST_HEADING = 200
_LAST_STOP = re.compile(r"[.!…]$")


def blocks_of(lines: Sequence[Line]) -> list[Block]:
    """Return the headings, paragraphs, items and rows of some lines."""
    if not lines:
        return []
    lines = with_margins(lines)
    look = Look.of(lines)
    notes = notes_at_feet(lines, look.size)
    groups = groups_of([line for line in lines if line not in notes], look)
    for note in groups_of([line for line in lines if line in notes], look):
        groups.insert(bisect_right(groups, _page(note), key=_page), note)
    return with_unit_headings(_Blocks(look).read(groups))


def _page(group: Group) -> int:
    return group.page if isinstance(group, Row) else group[0].page


class _Blocks:
    """Makes blocks of the lines of each paragraph, and of rows."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._indents: list[float] = []  #: of the items that are open
        self.blocks: list[Block] = []

    def read(self, groups: Sequence[Group]) -> list[Block]:
        """Return the blocks of these."""
        for group, following in zip_longest(groups, groups[1:]):
            if isinstance(group, Row):
                filled = [cell for cell in group.cells if cell]
                if len(filled) == 1 and group.cells[0] and len(filled[0]) <= LONGEST_LINE_HEADING:
                    label = Block(filled[0], page=group.page, kind="heading", level=LINE_LEVEL)
                    self.blocks.append(label)
                elif text := row_text(group.cells, group.heads):
                    row = Block(text, page=group.page, kind="row", cells=group.cells,
                                heads=group.heads)  # fmt: skip
                    self.blocks.append(row)
            else:
                self._read(group, following)
        return self.blocks

    def _read(self, lines: list[Line], following: Group | None) -> None:
        page, first = lines[0].page, lines[0]
        bullet = BULLET.match(first.text)
        text = clean(BULLET.sub("", joined([line.text for line in lines], self._look.words)))
        if not text:
            return
        if heading := self._heading(lines, text, following):
            self._indents.clear()
            self.blocks.append(replace(heading, page=page))
        elif (printed := item(text)) or bullet:
            number = printed[0] if printed else ""
            while self._indents and self._indents[-1] >= first.x - INDENT * first.size:
                self._indents.pop()
            self._indents.append(first.x)
            level = len(self._indents)
            self.blocks.append(Block(text, page=page, kind="item", level=level, marker=number))
        else:
            self._indents.clear()
            block = question_alone(text) or Block(answer_text(self.blocks, text))
            self.blocks.append(replace(block, page=page))

    def _heading(self, lines: list[Line], text: str, following: Group | None) -> Block | None:
        """Return the heading that lines are by their size, their weight or their shortness."""
        level = self._look.level(lines[-1])
        if level and len(text) <= _LONGEST_HEADING and not _LAST_STOP.search(text):
            return Block(text, kind="heading", level=level)
        bold = not self._look.is_bold and all(line.bold for line in lines)
        if bold and following is not None and (heading := line_heading(text)):
            return heading
        if len(lines) > 1 or following is None or lines[0].is_full:
            return None
        below = "" if isinstance(following, Row) else " ".join(line.text for line in following)
        if _page(following) == lines[0].page and is_heading_line(text, below) and not marker(text):
            return Block(text, kind="heading", level=LINE_LEVEL)
        return None
