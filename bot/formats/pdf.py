"""A PDF with a text layer, read: its lines joined to paragraphs, each with its page.

pypdf tells what is drawn where; ``lines`` makes paragraphs of it. The file's own dates say when it
was made, not when the article was published.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

from pypdf import PdfReader, apply_configuration
from pypdf.errors import DependencyError

from bot.errors import CorpusError
from bot.formats.document import MAX_BYTES, Document, clean, problem, title_of
from bot.formats.pdf_blocks import blocks_of
from bot.formats.pdf_edges import without_running_heads
from bot.formats.pdf_lines import Line, lines_of
from bot.formats.pdf_text import PageText

_MAX_PAGES = 2_000

# Drawing operations: an honest file needs a byte or more for each, a bomb a thousandth.
_FREE_OPERATIONS = 20_000
_MAX_OPERATIONS = 5_000_000

# What pypdf may unpack and walk; its own limits are for servers with more room.
_LIMITS = {
    "zlib_maximum_output_length": 20_000_000,
    "lzw_maximum_output_length": 20_000_000,
    "run_length_maximum_output_length": 20_000_000,
    "array_based_stream_maximum_output_length": 20_000_000,
    "stream_decoding_work_maximum_length": 60_000_000,
    "stream_parsing_work_maximum_count": 300_000,
    "page_tree_maximum_entries": 2 * _MAX_PAGES,
    "page_tree_maximum_page_entries": 100_000,
    "xform_maximum_invocations_per_extraction": 200,
}

_BROKEN = "is damaged, or built to harm; open it and print it to a new PDF"
_SCAN = "holds no text, only pictures (a scan?); run text recognition on it"
_LOCKED = "is encrypted; print it to a new PDF without a password"
_UNREADABLE = "does not say which letters it draws; write its text into a .md file"

# Of the characters, how many may be unknown (U+FFFD, private use) before a text is no text.
_UNKNOWN = re.compile("[\ufffd\ue000-\uf8ff]")
_MOST_UNKNOWN = 0.1

# Titles that a program made up from a file's name.
_MADE_UP = re.compile(
    r"untitled.*|\(?(unspecified|anonymous)\)?|microsoft \w+ - .*|.*\.\w{2,5}", re.IGNORECASE
)


def read_pdf(path: Path, data: bytes) -> Document:
    """Read a PDF. Raises CorpusError for one that is damaged, encrypted, scanned or a bomb."""
    try:
        with apply_configuration(**_LIMITS):  # type: ignore[arg-type]
            reader = PdfReader(io.BytesIO(data))
            _refuse_locked(path, reader)
            title = _given_title(reader)
            lines = list(_lines(path, reader, len(data)))
    except CorpusError:
        raise
    except DependencyError as error:  # of an encryption that pypdf does not know by itself
        raise problem(path, None, _LOCKED) from error
    except Exception as error:  # pypdf raises whatever a broken object leads to
        raise problem(path, None, _BROKEN) from error
    text = "".join(line.text for line in lines)
    if not text.strip():
        raise problem(path, None, _SCAN)
    if len(_UNKNOWN.findall(text)) > _MOST_UNKNOWN * len(text):
        raise problem(path, None, _UNREADABLE)
    heading, blocks = title_of(blocks_of(without_running_heads(lines)), title)
    return Document(path, tuple(blocks), title=title or heading)


def _refuse_locked(path: Path, reader: PdfReader) -> None:
    if reader.is_encrypted:
        raise problem(path, None, _LOCKED)


def _given_title(reader: PdfReader) -> str | None:
    """Return the title that the file gives itself, unless a program made it up."""
    title = clean(str((reader.metadata and reader.metadata.title) or ""))
    return None if _MADE_UP.fullmatch(title) else title or None


def _lines(path: Path, reader: PdfReader, size: int) -> Iterator[Line]:
    """Yield the lines of all pages.

    Raises CorpusError for more than a file of this size can hold.
    """
    if len(reader.pages) > _MAX_PAGES:
        raise problem(path, None, f"has more than {_MAX_PAGES:,} pages; split it")
    operations = letters = 0
    most = min(_FREE_OPERATIONS + size, _MAX_OPERATIONS)

    def count() -> None:
        nonlocal operations
        operations += 1
        if operations > most:
            raise problem(path, None, _BROKEN)

    drawn = PageText(reader, count)
    for number, page in enumerate(reader.pages, 1):
        pieces = drawn.pieces(page)
        letters += sum(len(piece.text) for piece in pieces)
        if letters > MAX_BYTES:
            raise problem(path, None, f"holds more than {MAX_BYTES:,} letters; split it")
        yield from lines_of(number, pieces)
