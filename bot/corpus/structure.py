"""The blocks of a document made into sections and passages.

A heading opens a section; a paragraph, an item and a row are a passage each; code belongs to the
passage before it; what leads in to items is kept with them, since *to smoke indoors* says the
opposite without *It is forbidden:*.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from bot.corpus.model import Draft, PassageKind, Section, Table
from bot.formats.document import LINE_LEVEL, Block
from bot.text.sentences import sentence_spans
from bot.text.unit_headings import unit_heading
from bot.text.units import KIND

# A longer sentence before a list does not lead in to it unless it says so with a colon.
_LONGEST_LEAD = 200

# How the points of laws and treaties begin where they are paragraphs of their own: (a), (iv), 1°,
# a), i. A number with a stop, "1.", numbers paragraphs that stand alone.
_POINT = re.compile(r"(?:\([0-9]{1,2}\)|\(?[a-z]{1,4}\)|[0-9]{1,2}°|[–—•-])\s", re.IGNORECASE)
# Lines that name units stand in each other by their kinds, a unit's title below all of them.
_UNITS_IN_A_LEVEL = 20
_TITLE_OF_UNIT = 0.9
_MARKER = re.compile(r"\(?(?:[0-9]{1,3}|[a-z]{1,4}|[A-Z]{1,4})[.)°]+(?=\s)")
_DIGITS = re.compile(r"[0-9]+")
_LETTERS = re.compile(r"[a-z]+")
_LEADS_IN = re.compile(r"[:：]\s*$")
# What follows "an end mark and closing quotation marks" ends; a lead-in goes on.
_ENDS = re.compile(r"[.!?…][\s\"'”’»)\]]*$")


@dataclass
class Structure:
    """Sections, tables and passages of a document, while they are put together."""

    sections: list[Section] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    _open: list[tuple[float, int]] = field(default_factory=list)  #: level and number of sections
    _leads: list[tuple[int, int]] = field(default_factory=list)  #: depth and number of passages
    _waiting: str = ""  #: code that no passage of its section stands before yet

    @property
    def _section(self) -> int:
        return self._open[-1][1] if self._open else 0

    def add(self, block: Block) -> None:
        """Take the next block in."""
        if block.kind == "heading":
            self._heading(block)
        elif block.kind == "code":
            self._code(block)
        elif block.kind == "row":
            self._row(block)
        elif block.kind == "item":
            self._item(block, max(block.level, 1))
        else:
            self._paragraph(block)

    def end(self) -> None:
        """Make a passage of code that stands alone in its section."""
        if self._waiting:
            code, self._waiting = self._waiting, ""
            span = (0, len(code))
            draft = Draft(code, (span,), section=self._section, kind=PassageKind.CODE)
            self.drafts.append(draft)

    def _heading(self, block: Block) -> None:
        self.end()
        self._leads.clear()
        level = float(block.level)
        if block.level == LINE_LEVEL and block.text:
            level = self._line_level(block.text)
        while self._open and self._ends(self._open[-1][0], level):
            self._open.pop()
        if block.text:
            self.sections.append(Section(block.text, self._section))
            self._open.append((level, len(self.sections)))

    def _line_level(self, text: str) -> float:
        """Return the level of a heading without one: articles stand below chapters, and a line
        right below a unit's number is its title.
        """
        unit = unit_heading(text, is_heading=True)
        if unit and unit.key.kind:
            return LINE_LEVEL + (KIND[unit.key.kind].level + 1) / _UNITS_IN_A_LEVEL
        if self._open and self._open[-1][0] > LINE_LEVEL:
            level, number = self._open[-1]
            begun = self.drafts and self.drafts[-1].section == number
            if not begun and level < LINE_LEVEL + _TITLE_OF_UNIT:
                return LINE_LEVEL + _TITLE_OF_UNIT
        return LINE_LEVEL

    @staticmethod
    def _ends(open_level: float, level: float) -> bool:
        """Whether a heading of a level ends a section of another."""
        if LINE_LEVEL < level < LINE_LEVEL + 1 and open_level == LINE_LEVEL:
            return level < LINE_LEVEL + _TITLE_OF_UNIT
        return open_level >= level

    def _paragraph(self, block: Block) -> None:
        if block.level and self._leads:  # of an item, whose list goes on
            self._passage(block, PassageKind.PARAGRAPH)
            self._leads.append((block.level, len(self.drafts)))
            return
        leading = self._leads and _leads_in(self._sentence(self._leads[0][1]))
        if leading and _POINT.match(block.text):
            self._item(block, 1)
            return
        self._leads.clear()
        self._passage(block, PassageKind.PARAGRAPH)
        self._leads.append((0, len(self.drafts)))

    def _item(self, block: Block, depth: int) -> None:
        while self._leads and self._leads[-1][0] >= depth and not self._is_above(block, depth):
            self._leads.pop()
        lead = self._leads[-1][1] if self._leads else 0
        if lead and not _can_lead(self._sentence(lead)):
            lead = 0
        self._passage(block, PassageKind.ITEM, lead=lead)
        self._leads.append((depth, len(self.drafts)))

    def _is_above(self, block: Block, depth: int) -> bool:
        """Whether the last item leads in to one of its own depth, as formats without depth have
        them: ``2. No fee is due:`` before ``(a)``.
        """
        last, number = self._leads[-1]
        kinds = [_marker_kind(text) for text in (self.drafts[number - 1].text, block.text)]
        return last == depth and kinds[0] != kinds[1] and _leads_in(self._sentence(number))

    def _row(self, block: Block) -> None:
        table = Table(block.heads, block.caption)
        lead = self._leads[0][1] if len(self._leads) == 1 else 0
        if lead and not _leads_in(self._sentence(lead)):
            lead = 0
        if not self.tables or self.tables[-1] != table:
            self.tables.append(table)
        self._passage(block, PassageKind.ROW, lead=lead, table=len(self.tables))

    def _code(self, block: Block) -> None:
        if self.drafts and self.drafts[-1].section == self._section and not self._waiting:
            last = self.drafts[-1]
            code = f"{last.code}\n{block.text}" if last.code else block.text
            self.drafts[-1] = replace(last, code=code)
        else:
            self._waiting = f"{self._waiting}\n{block.text}".strip("\n")

    def _passage(self, block: Block, kind: PassageKind, lead: int = 0, table: int = 0) -> None:
        whole = ((0, len(block.text)),)
        code, self._waiting = self._waiting, ""
        self.drafts.append(
            Draft(
                block.text,
                whole if kind == PassageKind.ROW else _sentences(block.text),
                *(block.line, block.page),
                section=self._section,
                lead=lead,
                kind=kind,
                code=code,
                table=table,
            )
        )

    def _sentence(self, passage: int) -> str:
        """Return the last sentence of a passage."""
        draft = self.drafts[passage - 1]
        start, end = draft.sentences[-1]
        return draft.text[start:end]


def structure_of(blocks: Iterable[Block]) -> Structure:
    """Return the sections, tables and passages of a document's blocks."""
    structure = Structure()
    for block in blocks:
        structure.add(block)
    structure.end()
    return structure


def _sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return the sentences of a passage; ``ARTICLE 2.`` at its beginning is part of the first."""
    spans = tuple(sentence_spans(text))
    if len(spans) > 1:
        unit = unit_heading(text[:_LONGEST_LEAD])
        if unit and unit.text_start is not None and spans[0][1] <= unit.text_start:
            return ((spans[0][0], spans[1][1]), *spans[2:])
    return spans


def _marker_kind(text: str) -> str:
    """Return the marker that a text begins with, digits and letters alike but for their kind; ""
    for none.
    """
    marker = _MARKER.match(text)
    return _LETTERS.sub("a", _DIGITS.sub("1", marker[0])) if marker else ""


def _leads_in(sentence: str) -> bool:
    return bool(_LEADS_IN.search(sentence))


def _can_lead(sentence: str) -> bool:
    """Whether a sentence before a list leads in to its items."""
    if _leads_in(sentence):
        return True
    return len(sentence) <= _LONGEST_LEAD and not _ENDS.search(sentence)
