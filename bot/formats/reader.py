"""One file of the corpus, read as an article, whatever its format.

``read_document`` is the entrance. The reader is chosen by the file's ending, and the content has to
agree with it: a PDF that is named .md is refused, with the name that it should have. Each reader
and its library is loaded when the first file of its format is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bot.formats.document import LINE_LEVEL, MAX_BYTES, Block, Document, problem

#: Bytes of the largest PDF and Word file, most of which are pictures.
MAX_PDF_BYTES = 50_000_000
MAX_WORD_BYTES = 20_000_000

#: Bytes of the largest file of each ending.
LIMITS = {
    ".md": MAX_BYTES,
    ".txt": MAX_BYTES,
    ".html": MAX_BYTES,
    ".htm": MAX_BYTES,
    ".pdf": MAX_PDF_BYTES,
    ".docx": MAX_WORD_BYTES,
}

#: The endings of files that are read as articles.
SUFFIXES = tuple(LIMITS)

# How a file of each kind begins. A PDF may have up to 1,024 bytes of anything before its mark
# (https://pdfa.org, "PDF header"), but then it is no text either.
_PDF_MARK = b"%PDF-"
_PDF_MARK_WITHIN = 1024
_ZIP_MARK = b"PK\x03\x04"
_OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What was passed once is not looked at again: a file may be nothing but comments.
_HTML_MARK = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s|<\?xml[^>]*+>|(?><!--.{0,2000}?-->))*+<(?:!doctype\s+html|html)[\s>]",
    re.IGNORECASE | re.DOTALL,
)


def read_document(path: Path, data: bytes | None = None) -> Document:
    """Read one file, or its ``data`` where they are at hand.

    Raises CorpusError, naming the file and line, for what cannot be read.
    """
    suffix = path.suffix.lower()
    data = read_bytes(path) if data is None else data
    if data.strip(b" \t\r\n\0"):
        _check_disguise(path, suffix, data)
        document = _reader(suffix)(path, data)
        if not _has_text(document):  # short lines that looked like headings are all that it says
            document = replace(document, blocks=tuple(map(_as_text, document.blocks)))
        if _has_text(document):
            return document
    raise problem(path, None, "holds no text; write the article into it or remove it")


def _has_text(document: Document) -> bool:
    return any(block.text and block.kind != "heading" for block in document.blocks)


def _as_text(block: Block) -> Block:
    """Return a heading that is one by its looks alone as a paragraph; other blocks as they are."""
    if block.kind == "heading" and block.level >= LINE_LEVEL and block.text:
        return replace(block, kind="paragraph", level=0)
    return block


def _reader(suffix: str) -> Callable[[Path, bytes], Document]:
    if suffix in (".html", ".htm"):
        from bot.formats.html import read_html

        return read_html
    if suffix == ".pdf":
        from bot.formats.pdf import read_pdf

        return read_pdf
    if suffix == ".docx":
        from bot.formats.docx import read_word

        return read_word
    from bot.formats.markdown import read_text

    return read_text


def read_bytes(path: Path) -> bytes:
    """Return a file's content. Raises CorpusError for more than its format may have, and for no
    file.
    """
    limit = LIMITS[path.suffix.lower()]
    try:
        if not path.is_file():
            raise problem(path, None, "is not a regular file; remove it from the corpus")
        if (size := path.stat().st_size) > limit:
            largest = f"the {limit:,} of the largest {path.suffix.lower()} file"
            raise problem(path, None, f"has {size:,} bytes, more than {largest}; split it")
        return path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise problem(path, None, f"cannot be read ({reason}); fix it or remove it") from error


def _check_disguise(path: Path, suffix: str, data: bytes) -> None:
    """Raise CorpusError where a file's content is of another kind than its name says."""
    found = _kind(data)
    expected = {".pdf": "PDF", ".docx": "zip", ".html": "HTML", ".htm": "HTML"}.get(suffix, "text")
    if found == expected or (found == "text" and expected == "HTML"):
        return
    reason = {
        "PDF": "is a PDF; rename it to end in .pdf",
        "HTML": "is a web page; rename it to end in .html",
        "zip": "is a Word file or an archive; rename it to end in .docx if it is a Word file",
        "OLE": "is an old or a locked Office file; save it as .docx without a password",
        "text": f"is no {'PDF' if expected == 'PDF' else 'Word file'}; save or download it again",
    }[found]
    raise problem(path, None, reason)


def _kind(data: bytes) -> str:
    """Return what a file is by its first bytes: PDF, HTML, zip, OLE (older Office files), else
    text.
    """
    if _PDF_MARK in data[:_PDF_MARK_WITHIN]:
        # A text may speak of the mark; only a PDF has it at its start or behind what is no text.
        before = data[: data.index(_PDF_MARK)]
        if not before.strip() or b"\0" in data[:_PDF_MARK_WITHIN]:
            return "PDF"
    if data.startswith(_ZIP_MARK):
        return "zip"
    if data.startswith(_OLE_MARK):
        return "OLE"
    return "HTML" if _HTML_MARK.match(data) else "text"
