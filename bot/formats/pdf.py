"""A PDF with a text layer, read: its lines joined to paragraphs, each with its page.

pypdf tells what is drawn where; ``lines`` makes paragraphs of it. The file's own dates say when it
was made, not when the article was published.
"""

from __future__ import annotations

import io
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from pypdf import PageObject, PdfReader, apply_configuration

from bot.errors import CorpusError
from bot.formats.document import MAX_BYTES, Document, clean, problem
from bot.formats.pdf_paragraphs import Line, paragraphs_of, without_running_heads

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

_LIGATURES = str.maketrans({
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl",
    "\ufb05": "st", "\ufb06": "st",
})  # fmt: skip


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
    except Exception as error:  # pypdf raises whatever a broken object leads to
        raise problem(path, None, _BROKEN) from error
    text = "".join(line.text for line in lines)
    if not text.strip():
        raise problem(path, None, _SCAN)
    if len(_UNKNOWN.findall(text)) > _MOST_UNKNOWN * len(text):
        raise problem(path, None, _UNREADABLE)
    headings, paragraphs = paragraphs_of(without_running_heads(lines))
    return Document(path, paragraphs, title=title or (headings[0] if headings else None))


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

    def count(*_: object) -> None:
        nonlocal operations
        operations += 1
        if operations > min(_FREE_OPERATIONS + size, _MAX_OPERATIONS):
            raise problem(path, None, _BROKEN)

    for number, page in enumerate(reader.pages, 1):
        drawn = _drawn(page, count)
        letters += sum(len(text) for text, *_ in drawn)
        if letters > MAX_BYTES:
            raise problem(path, None, f"holds more than {MAX_BYTES:,} letters; split it")
        yield from _page_lines(number, drawn)


_Drawing = tuple[str, float, float, float]  # a text, where it begins on the page, its size


def _drawn(page: PageObject, count: Callable[..., None]) -> list[_Drawing]:
    """Return the texts that a page draws, in its order; ``count`` is called for each operation."""
    drawn: list[_Drawing] = []

    def keep(text: str, at: Any, within: Any, _: object, size: float) -> None:
        x = within[4] * at[0] + within[5] * at[2] + at[4]
        y = within[4] * at[1] + within[5] * at[3] + at[5]
        scale = abs(within[3] * at[3]) or abs(within[1] * at[2]) or 1.0
        if text and math.isfinite(x + y + size * scale):
            drawn.append((text, x, y, size * scale))

    page.extract_text(visitor_operand_before=count, visitor_text=keep)
    return drawn


def _page_lines(page: int, drawn: Iterable[_Drawing]) -> Iterator[Line]:
    """Yield what is drawn, put together to lines: a line ends where pypdf says so.

    A line begins at its first letter and has the size and height of most of its letters: a note's
    number or small capitals at its beginning say nothing of it.
    """
    text, left = "", 0.0
    letters: Counter[tuple[float, float]] = Counter()  # by size and height
    for piece, x, y, size in [*drawn, ("\n", 0.0, 0.0, 0.0)]:
        for number, part in enumerate(piece.split("\n")):
            if number:
                if letters:
                    (most, height), _ = letters.most_common(1)[0]
                    yield Line(page, left, height, most, text.translate(_LIGATURES).strip())
                text = ""
                letters.clear()
            if part.strip():
                left = left if letters else x
                letters[size, y] += len(part.strip())
            text += part
