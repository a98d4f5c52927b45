"""A Word file (.docx), read: headings, paragraphs, items with their numbers, rows, notes.

Left out, as a reader of the text leaves them out: headers, footers, comments, tables of contents,
what was deleted or hidden. The file's own dates say when it was made, not when the article was
published.
"""

from __future__ import annotations

import contextlib
import io
import posixpath
import re
import struct
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import docx
from docx.oxml.ns import qn

from bot.formats.document import QUESTION_LEVEL, Block, Document, clean, problem, row_text, title_of
from bot.formats.docx_numbering import Numbering
from bot.formats.inline import (
    first_row_names_columns,
    labelled_question,
    line_heading,
    lowered,
    raised,
    without_answer_label,
)

# Bytes once unpacked: of all parts (most are pictures), and of those of XML. A novel's text is
# 5 MB of XML.
_MAX_UNPACKED = 100_000_000
_MAX_XML = 20_000_000

# Bytes of the list of parts: 60 or so for each, of which a Word file has fewer than 1,000.
_MAX_DIRECTORY = 200_000

# The end of a zip file: mark, then, 12 bytes in, the size of its directory (APPNOTE 4.3.16).
_END_MARK = b"PK\x05\x06"
_DIRECTORY_SIZE_AT = 12
_LOCKED = 1  # the first bit of a part's flags

#: The endings of parts that are read as XML.
_XML = (".xml", ".rels")

_BROKEN = "is damaged, or no Word file; open it in Word and save it as .docx again"

# What nobody sees: deletions, the other spelling of a drawing for old programs, and codes.
_UNSEEN = frozenset(
    {
        qn("w:del"), qn("w:moveFrom"), qn("w:pPr"), qn("w:rPr"), qn("w:instrText"),
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    }
)  # fmt: skip
_PARAGRAPH, _TABLE = qn("w:p"), qn("w:tbl")
_TEXT_BOX = qn("w:txbxContent")
_HEADING = re.compile(r"heading ([1-9])")
_OFF = ("0", "false", "off")
_MOST_COLUMNS = 63  # that Word allows
_RELATION = re.compile(rb"<Relationship\b[^>]*?(?:/>|>\s*</Relationship>)")
_TARGET = re.compile(r'Target="([^"]*)"')
# The namespace of Strict Open XML (ISO/IEC 29500-1, transitional files have another).
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_WRITTEN = {
    qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "\u2011",
}  # fmt: skip


def read_word(path: Path, data: bytes) -> Document:
    """Read a Word file. Raises CorpusError for one that is damaged, locked or a bomb."""
    _refuse_bombs(path, data)
    try:
        word = docx.Document(io.BytesIO(_sound(data)))
        reader = _Reader(word)
        reader.read(word.element.body)
        given = clean(word.core_properties.title)
    except Exception as error:  # python-docx raises whatever a broken part leads to
        raise problem(path, None, _reason(data)) from error
    title, blocks = title_of([*reader.blocks, *reader.notes()], reader.title or None)
    return Document(path, tuple(blocks), title=reader.title or title or given or None)


def _sound(data: bytes) -> bytes:
    """Return the file without relations to missing parts, which Word opens all the same."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        fixed: dict[str, bytes] = {}
        for name in names:
            if name.endswith(".rels"):
                content = archive.read(name)
                if (kept := _without_dangling(name, content, names)) != content:
                    fixed[name] = kept
        if not fixed:
            return data
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as copy:
            for name in archive.namelist():
                copy.writestr(name, fixed.get(name) or archive.read(name))
    return out.getvalue()


def _without_dangling(name: str, content: bytes, names: set[str]) -> bytes:
    """Relations (ECMA-376, part 2, 6.5) without those whose target is missing."""
    folder = PurePosixPath(name).parent.parent

    def kept(match: re.Match[bytes]) -> bytes:
        relation = match[0].decode("utf-8", "replace")
        target = _TARGET.search(relation)
        if target is None or 'TargetMode="External"' in relation:
            return match[0]
        found = (
            target[1].removeprefix("/")
            if target[1].startswith("/")
            else posixpath.normpath(str(folder / target[1]))
        )
        return match[0] if found in names else b""

    return _RELATION.sub(kept, content)


def _reason(data: bytes) -> str:
    """Why a file cannot be read."""
    with contextlib.suppress(Exception), zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        if "word/document.xml" not in names and any(n.startswith(("xl/", "ppt/")) for n in names):
            return "is an Excel or PowerPoint file; save its text as .docx"
        if _STRICT in archive.read("word/document.xml")[:4000]:
            return "is in the format Strict Open XML; save it as an ordinary Word document (.docx)"
    return _BROKEN


class _Reader:
    """Makes blocks of the body of a Word file."""

    def __init__(self, word: Any) -> None:
        self._names = {style.style_id: (style.name or "").lower() for style in word.styles}
        self._styles = {style.style_id: style.element for style in word.styles}
        self._numbering = Numbering(word)
        self._notes = _notes_of(word)
        self._cited: list[str] = []  #: notes that the text refers to, in order
        self.title = ""
        self.blocks: list[Block] = []

    def read(self, element: Any) -> None:
        """Read what stands in an element, in order."""
        for child in element:
            if child.tag in _UNSEEN:
                continue
            if child.tag == _PARAGRAPH:
                self._paragraph(child)
            elif child.tag == _TABLE:
                self._table(child)
            else:
                self.read(child)

    def notes(self) -> Iterator[Block]:
        """Yield the footnotes and endnotes, each a paragraph of its own."""
        for note in dict.fromkeys(self._cited):
            if text := clean(self._notes.get(note, "")):
                yield Block(text)

    def _paragraph(self, paragraph: Any) -> None:
        style = self._names.get(paragraph.style, "")
        text = clean(_text(paragraph))
        self._cited += _cited_in(paragraph)
        if text and not style.startswith("toc ") and style != "toc heading":
            self._lines(paragraph, style, text)
        for child in paragraph.iter(_TEXT_BOX):  # a box of its own within the line
            self.read(child)

    def _lines(self, paragraph: Any, style: str, text: str) -> None:
        number = self._numbering.of(paragraph, self._styles.get(paragraph.style))
        if style == "title" and not self.title:
            self.title = text
        elif level := _heading_level(style):
            self.blocks.append(Block(f"{number.marker} {text}".strip() if number else text,
                                     kind="heading", level=level))  # fmt: skip
        elif number or style.startswith("list "):
            marker = number.marker if number else ""
            marked = f"{marker} {text}" if marker else text
            depth = number.depth if number else 1
            self.blocks.append(Block(marked, kind="item", level=depth, marker=marker))
        elif _is_bold(paragraph) and (heading := line_heading(text)):
            self.blocks.append(heading)
        else:
            asked = labelled_question(text)
            if asked and text.rstrip().endswith("?"):
                self.blocks.append(Block(asked, kind="heading", level=QUESTION_LEVEL))
            else:
                last = self.blocks[-1] if self.blocks else None
                after = last and last.kind == "heading" and last.level == QUESTION_LEVEL
                self.blocks.append(Block(without_answer_label(text) if after else text))

    def _table(self, table: Any) -> None:
        """Read the rows of a table; one of one column, or with a table within it, lays text out."""
        grid = [self._cells(row) for row in table.iter(qn("w:tr")) if _table_of(row) is table]
        nested = any(True for cell in table.iter(qn("w:tc")) for _ in cell.iter(_TABLE))
        if nested or max((len(row) for row in grid), default=0) < 2:  # noqa: PLR2004
            for cell in table.iter(qn("w:tc")):
                if _table_of(cell) is table:
                    self.read(cell)
            return
        heads: tuple[str, ...] = ()
        if len(grid) > 1 and all(grid[0]) and _names_columns(table, grid):
            heads, grid = grid[0], grid[1:]
        for cells in grid:
            if text := row_text(cells, heads):
                self.blocks.append(Block(text, kind="row", cells=cells, heads=heads))

    def _cells(self, row: Any) -> tuple[str, ...]:
        """Return the texts of a row's cells; a merged cell's in each column that it spans."""
        cells: list[str] = []
        for cell in row:
            if cell.tag != qn("w:tc"):
                continue
            parts = [clean(_text(paragraph)) for paragraph in cell.iter(_PARAGRAPH)]
            text = " ".join(part for part in parts if part)
            span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
            merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
            if merged is not None and merged.get(qn("w:val")) != "restart" and not text:
                text = self._above(len(cells))
            width = int(span.get(qn("w:val")) or 1) if span is not None else 1
            cells += [text] * min(width, _MOST_COLUMNS)
        self._last_row = cells
        return tuple(cells)

    _last_row: list[str] = []  # noqa: RUF012  # replaced, never changed

    def _above(self, column: int) -> str:
        return self._last_row[column] if column < len(self._last_row) else ""


def _names_columns(table: Any, grid: Sequence[tuple[str, ...]]) -> bool:
    """Whether the first row holds the heads: marked so, in bold, or alone without digits."""
    first = table.find(qn("w:tr"))
    if first.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None:
        return True
    paragraphs = [paragraph for paragraph in first.iter(_PARAGRAPH) if clean(_text(paragraph))]
    if paragraphs and all(_is_bold(paragraph) for paragraph in paragraphs):
        return True
    return first_row_names_columns(grid)


def _table_of(element: Any) -> Any:
    """Return the table that a row or a cell stands in."""
    while element.tag != _TABLE:
        element = element.getparent()
    return element


def _heading_level(style: str) -> int:
    """Return the level of a style of headings; Word keeps their English names in every language."""
    if style in ("title", "subtitle"):
        return 1 if style == "title" else 2
    match = _HEADING.fullmatch(style)
    return min(int(match[1]), 6) if match else 0


def _is_bold(paragraph: Any) -> bool:
    """Whether all that is written in a paragraph is bold."""
    runs = [run for run in paragraph.iter(qn("w:r")) if clean(_text(run))]
    marks = [run.find(f"{qn('w:rPr')}/{qn('w:b')}") for run in runs]
    return bool(runs) and all(m is not None and m.get(qn("w:val")) not in _OFF for m in marks)


def _cited_in(paragraph: Any) -> list[str]:
    """Return the notes that a paragraph refers to."""
    found = []
    for kind in ("footnote", "endnote"):
        marks = paragraph.iter(qn(f"w:{kind}Reference"))
        found += [f"{kind} {mark.get(qn('w:id'))}" for mark in marks]
    return found


def _notes_of(word: Any) -> dict[str, str]:
    """Return the texts of all footnotes and endnotes."""
    notes: dict[str, str] = {}
    for relation in word.part.rels.values():
        kind = relation.reltype.rsplit("/", 1)[-1]
        if kind in ("footnotes", "endnotes") and not relation.is_external:
            from lxml import etree

            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            for note in etree.fromstring(relation.target_part.blob, parser):
                name = f"{kind.removesuffix('s')} {note.get(qn('w:id'))}"
                notes[name] = " ".join(_text(paragraph) for paragraph in note.iter(_PARAGRAPH))
    return notes


def _refuse_bombs(path: Path, data: bytes) -> None:
    """Raise CorpusError for a zip file that would unpack to more than a Word file has in it."""
    try:
        (directory,) = struct.unpack_from("<I", data, data.rindex(_END_MARK) + _DIRECTORY_SIZE_AT)
        reason: str | None = _BROKEN
        if directory <= _MAX_DIRECTORY:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                reason = _danger(archive)
    except Exception as error:  # zipfile and zlib raise a dozen kinds for what is broken
        raise problem(path, None, _BROKEN) from error
    if reason:
        raise problem(path, None, reason)


def _danger(archive: zipfile.ZipFile) -> str | None:
    """Why an archive should not be unpacked; None if it may be."""
    parts = archive.infolist()
    texts = [part for part in parts if part.filename.lower().endswith(_XML)]
    unpacked = sum(part.file_size for part in parts)
    if unpacked > _MAX_UNPACKED or sum(part.file_size for part in texts) > _MAX_XML:
        most = f"{_MAX_UNPACKED:,} bytes, {_MAX_XML:,} without pictures"
        return f"unpacks to more than a Word file has ({most}); split it"
    if any(part.flag_bits & _LOCKED for part in parts):
        return "is locked with a password; save it without one"
    # zipfile unpacks no more than the size that a part declares, which was looked at above.
    if any(b"<!DOCTYPE" in archive.read(part) for part in texts):
        return "defines XML entities, which no Word file does; do not trust it"
    return None


def _text(element: Any) -> str:
    """Return what is written in a paragraph, without the paragraphs of a text box in it."""
    parts = []
    for child in element:
        if child.tag == qn("w:t"):
            parts.append(child.text or "")
        elif child.tag in _WRITTEN:
            parts.append(_WRITTEN[child.tag])
        elif child.tag not in _UNSEEN and child.tag != _PARAGRAPH and not _is_hidden(child):
            parts.append(_placed(child, _text(child), parts[-1] if parts else ""))
    return "".join(parts)


def _placed(run: Any, text: str, before: str) -> str:
    """Return the text of a run as it stands: raised, lowered or on the line."""
    place = run.find(f"{qn('w:rPr')}/{qn('w:vertAlign')}") if run.tag == qn("w:r") else None
    if place is None or not text.strip():
        return text
    value = place.get(qn("w:val"))
    if value == "superscript":
        return raised(text, before)
    return lowered(text) if value == "subscript" else text


def _is_hidden(element: Any) -> bool:
    mark = element.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    return mark is not None and mark.get(qn("w:val")) not in ("0", "false")
