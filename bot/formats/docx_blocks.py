"""The body of a Word file as blocks: headings, paragraphs, numbered items, rows, notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from docx.oxml.ns import qn

from bot.formats.document import QUESTION_LEVEL, Block, clean, row_text
from bot.formats.docx_numbering import Number, Numbering
from bot.formats.docx_styles import Styles, value
from bot.formats.docx_text import UNSEEN, Notes, is_hidden, text_of
from bot.formats.inline import (
    answer_text,
    first_row_names_columns,
    line_heading,
    question_alone,
)

_PARAGRAPH, _TABLE, _ROW, _CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_TEXT_BOX = qn("w:txbxContent")
_MOST_COLUMNS = 63  # that Word allows
# Contracts have their clauses in the styles of headings, for the sake of their numbers: what ends
# like a sentence of more words, or is longer, is text.
_HEADING_WORDS = 8
_LONGEST_HEADING = 200
_ENDS = re.compile(r"[.;:,][\s\"'”’»)]*$")
# A word or two are a picture's name; what Word makes up is no text of its author.
_NAME_WORDS = 2
_MADE_UP = re.compile(r"automatically generated|générée automatiquement", re.IGNORECASE)
_PICTURES = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
#: What is not read, and is told.
_EMBEDDED = {
    qn("w:altChunk"): "file", qn("w:object"): "object",
    "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart": "chart",
    "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds": "diagram",
}  # fmt: skip


class WordBlocks:
    """Makes blocks of the body of a Word file."""

    def __init__(self, word: Any) -> None:
        self._styles = Styles(word)
        self._numbering = Numbering(word, self._styles)
        self._notes = Notes(word)
        self._caption = ""  #: that stands right above
        self._begun = ""  #: of a paragraph whose end was deleted
        self.title = ""
        self.blocks: list[Block] = []
        self.remarks: list[str] = []  #: what is not read

    def read(self, element: Any) -> None:
        """Read what stands in an element, in order."""
        for child in element:
            if child.tag in UNSEEN:
                continue
            if child.tag == _PARAGRAPH:
                self._paragraph(child)
            elif child.tag == _TABLE:
                self._table(child)
                self._caption = ""
            else:
                self._remark(child)
                self.read(child)

    def notes(self) -> Iterator[Block]:
        """Yield the footnotes and endnotes, each a paragraph of its own and in no section."""
        for number, note in enumerate(self._notes):
            if not number:
                yield Block("", kind="heading", level=1)
            yield Block(note)

    def _remark(self, element: Any) -> None:
        if what := _EMBEDDED.get(element.tag):
            self.remarks.append(f"an embedded {what} is not read")

    def _paragraph(self, paragraph: Any) -> None:
        names = self._styles.names(self._styles.of(paragraph))
        text = clean(self._begun + text_of(paragraph))
        self._begun = ""
        self._notes.cite(paragraph)
        if paragraph.find(f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:del')}") is not None:
            self._begun = f"{text} " if text else ""  # its end was deleted: the next one goes on
        else:
            number = self._numbering.of(paragraph)  # counts where nothing is written as well
            if text and not _lists_contents(names):
                self._lines(paragraph, names, text, number)
                self._caption = text if names[:1] == ["caption"] else ""
        for child in paragraph.iter(_TEXT_BOX, _PICTURES, *_EMBEDDED):
            if child.tag == _TEXT_BOX:  # a box of its own within the line
                if not any(parent.tag in UNSEEN for parent in child.iterancestors()):
                    self.read(child)
            elif child.tag == _PICTURES:
                alt = clean(child.get("descr") or "")
                if len(alt.split()) > _NAME_WORDS and not _MADE_UP.search(alt):
                    self.blocks.append(Block(alt))
            else:
                self._remark(child)

    def _lines(
        self, paragraph: Any, names: Sequence[str], text: str, number: Number | None
    ) -> None:
        marker = number.marker if number else ""
        marked = f"{marker} {text}".strip()
        level = self._styles.heading_level(paragraph)
        if names[:1] == ["title"] and not self.title:
            self.title = text
        elif level and not _is_clause(text):
            self.blocks.append(Block(marked, kind="heading", level=level))
        elif number or (names[:1] and names[0].startswith("list ")):
            if level:  # ends the section of a heading that stands as a clause does
                self.blocks.append(Block("", kind="heading", level=level))
            depth = number.depth if number else 1
            self.blocks.append(Block(marked, kind="item", level=depth, marker=marker))
        elif self._is_bold(paragraph) and (heading := line_heading(text)):
            self.blocks.append(heading)
        else:
            self.blocks.append(question_alone(text) or Block(answer_text(self.blocks, text)))

    def _is_bold(self, paragraph: Any) -> bool:
        """Whether all that is written in a paragraph is bold."""
        runs = [run for run in paragraph.iter(qn("w:r")) if clean(text_of(run))]
        runs = [run for run in runs if not is_hidden(run)]
        return bool(runs) and all(self._styles.is_bold(paragraph, run) for run in runs)

    def _table(self, table: Any) -> None:
        """Read the rows of a table; one of one column, or with a table within it, lays text out."""
        rows = [row for row in table.iter(_ROW) if _table_of(row) is table and not _is_deleted(row)]
        grid: list[tuple[str, ...]] = []
        for row in rows:
            grid.append(self._cells(row, grid[-1] if grid else ()))
        nested = any(True for cell in table.iter(_CELL) for _ in cell.iter(_TABLE))
        if nested or max((len(row) for row in grid), default=0) < 2:  # noqa: PLR2004
            for cell in table.iter(_CELL):
                if _table_of(cell) is table:
                    self.read(cell)
            return
        heads: tuple[str, ...] = ()
        first = self._head_rows(rows, grid)
        if first:
            columns = zip(*grid[:first], strict=False)
            heads = tuple(" ".join(dict.fromkeys(filter(None, column))) for column in columns)
        labelled = False
        for row, cells in zip(rows[first:], grid[first:], strict=True):
            if any(cells) and len(_cells_of(row)) == 1 and len(set(cells)) == 1:
                labelled = True  # one cell as wide as the table
                self.blocks.append(Block(cells[0], kind="heading", level=QUESTION_LEVEL))
            elif text := row_text(cells, heads):
                block = Block(text, kind="row", cells=cells, heads=heads, caption=self._caption)
                self.blocks.append(block)
        if labelled:
            self.blocks.append(Block("", kind="heading", level=QUESTION_LEVEL))

    def _head_rows(self, rows: Sequence[Any], grid: Sequence[tuple[str, ...]]) -> int:
        """Return how many rows hold the heads: those marked so, else one that looks so."""
        if len(grid) < 2:  # noqa: PLR2004
            return 0
        marked = 0
        for row in rows[:-1]:
            if row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is None:
                break
            marked += 1
        if marked:
            return marked
        paragraphs = [one for one in rows[0].iter(_PARAGRAPH) if clean(text_of(one))]
        bold = bool(paragraphs) and all(map(self._is_bold, paragraphs))
        return int(all(grid[0]) and (bold or first_row_names_columns(grid)))

    def _cells(self, row: Any, above: Sequence[str]) -> tuple[str, ...]:
        """Return the texts of a row's cells; a merged cell's in each place that it spans."""
        cells: list[str] = [""] * int(value(row.find(qn("w:trPr")), "w:gridBefore") or 0)
        for cell in _cells_of(row):
            parts = [self._cell_line(paragraph) for paragraph in cell.iter(_PARAGRAPH)]
            text = " ".join(part for part in parts if part)
            marks = cell.find(qn("w:tcPr"))
            merged = marks.find(qn("w:vMerge")) if marks is not None else None
            if merged is not None and merged.get(qn("w:val")) != "restart" and not text:
                text = above[len(cells)] if len(cells) < len(above) else ""
            width = int(value(marks, "w:gridSpan") or 1)
            cells += [text] * min(width, _MOST_COLUMNS)
        return tuple(cells)

    def _cell_line(self, paragraph: Any) -> str:
        """Return a paragraph of a cell, with its number; its notes are kept in mind."""
        self._notes.cite(paragraph)
        text = clean(text_of(paragraph))
        number = self._numbering.of(paragraph) if text else None
        return f"{number.marker} {text}".strip() if number else text


def _is_clause(text: str) -> bool:
    """Whether what has the style of a heading is text."""
    words = len(text.split())
    return len(text) > _LONGEST_HEADING or (words > _HEADING_WORDS and bool(_ENDS.search(text)))


def _lists_contents(names: Sequence[str]) -> bool:
    """Whether a style is that of a table of contents or of figures."""
    first = names[0] if names else ""
    return first.startswith("toc ") or first == "table of figures"


def _cells_of(row: Any) -> list[Any]:
    """Return the cells of a row, those in a field of a form as well."""
    found: list[Any] = []
    for child in row:
        if child.tag == _CELL:
            found.append(child)
        elif child.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml")):
            found += _cells_of(child)
    return found


def _is_deleted(row: Any) -> bool:
    return row.find(f"{qn('w:trPr')}/{qn('w:del')}") is not None


def _table_of(element: Any) -> Any:
    """Return the table that a row or a cell stands in."""
    while element.tag != _TABLE:
        element = element.getparent()
    return element
