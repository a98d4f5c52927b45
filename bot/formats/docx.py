"""A Word file (.docx), read: paragraphs, list items and cells of tables, in their order.

Left out, as a reader of the text leaves them out: headers, footers, footnotes, comments, tables of
contents, what was deleted or hidden. Headings are no passages, as in Markdown; the first one is
the title. The file's own dates say when it was made, not when the article was published.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.oxml.ns import qn

from bot.formats.document import Block, Document, clean, problem

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
_PARAGRAPH = qn("w:p")
_WRITTEN = {
    qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "\u2011",
}  # fmt: skip


def read_word(path: Path, data: bytes) -> Document:
    """Read a Word file. Raises CorpusError for one that is damaged, locked or a bomb."""
    _refuse_bombs(path, data)
    try:
        word = docx.Document(io.BytesIO(data))
        names = {style.style_id: (style.name or "").lower() for style in word.styles}
        written = [
            (names.get(paragraph.style, ""), clean(_text(paragraph)))
            for paragraph in _paragraphs(word.element.body)
        ]
        given = clean(word.core_properties.title)
    except Exception as error:  # python-docx raises whatever a broken part leads to
        raise problem(path, None, _BROKEN) from error
    headings = [text for style, text in written if text and _is_heading(style)]
    paragraphs = tuple(
        Block(text)
        for style, text in written
        if text and not _is_heading(style) and not style.startswith("toc ")
    )
    return Document(path, paragraphs, title=headings[0] if headings else given or None)


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


def _is_heading(style: str) -> bool:
    """Whether a style is one of headings; Word keeps their English names in every language."""
    return style in ("title", "subtitle") or style.startswith("heading ")


def _paragraphs(element: Any) -> Iterator[Any]:
    """Every paragraph, also of tables, text boxes and content controls, in order."""
    for child in element:
        if child.tag in _UNSEEN:
            continue
        if child.tag == _PARAGRAPH:
            yield child
        yield from _paragraphs(child)


def _text(element: Any) -> str:
    """What is written in a paragraph, without the paragraphs of a text box in it."""
    parts = []
    for child in element:
        if child.tag == qn("w:t"):
            parts.append(child.text or "")
        elif child.tag in _WRITTEN:
            parts.append(_WRITTEN[child.tag])
        elif child.tag not in _UNSEEN and child.tag != _PARAGRAPH and not _is_hidden(child):
            parts.append(_text(child))
    return "".join(parts)


def _is_hidden(element: Any) -> bool:
    mark = element.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    return mark is not None and mark.get(qn("w:val")) not in ("0", "false")
