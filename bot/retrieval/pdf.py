"""A PDF with a text layer, read: its lines joined to paragraphs, each with its page.

pypdf tells what is drawn where; a PDF knows neither lines nor paragraphs. A line begins a paragraph
where it stands apart from the one above, is drawn larger or smaller, is indented, begins with a
bullet, or where its first word would have fitted above. Running heads and page numbers are left
out; a heading, drawn larger than the text, is no passage, as in Markdown. The file's own dates say
when it was made, not when the article was published.
"""

from __future__ import annotations

import io
import math
import re
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from pypdf import PageObject, PdfReader, apply_configuration

from bot.errors import CorpusError
from bot.retrieval.document import MAX_BYTES, Document, Paragraph, clean, problem

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

# In units of the size of the letters, or of the usual distance of two lines.
_SAME_LINE = 0.4
_INDENT = 0.6
_APART = 1.25
_LARGER = 1.15
_USUAL_LEADING = 1.3
#: A line shorter than this share of the longest might have held one more word.
_FULL = 0.9

_LONGEST_HEADING = 200

_EDGES = 3  # lines at the top and at the bottom of a page that may be running heads
_PAGE_NUMBER = re.compile(r"[–—\-\s]*(?:p(?:age|\.)?\s*)?\d{1,4}(?:\s*(?:/|of|sur|de)\s*\d{1,4})?"
                          r"[–—\-\s]*", re.IGNORECASE)  # fmt: skip

_BULLET = re.compile(r"^(?:[•▪◦●■‣\ue000-\uf8ff]\s*)+")
_ENDS_LIKE_A_SENTENCE = re.compile(r"[.!?…:][\s\"'”’»)\]\d]*$|[»”\"]\s*$")
_LIGATURES = str.maketrans({
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl",
    "\ufb05": "st", "\ufb06": "st",
})  # fmt: skip

_LAST_PIECE = re.compile(r"([^\W\d_]+)[-\u2010\u00ad]$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
# Of words that are written with a hyphen: what stands behind it (a-t-il, celui-ci, lui-même, c'est-
# à-dire) and before it (vingt-trois, well-known).
_BEHIND = frozenset(
    "t il elle on ils elles je tu nous vous moi toi lui leur y en ce ci là le la les même mêmes "
    "dire être on up out off".split()
)
_BEFORE = frozenset(
    "vingt trente quarante cinquante soixante quatre dix twenty thirty forty fifty sixty seventy "
    "eighty ninety well self non ex mi demi semi vice lui eux moi soi peut là".split()
)
_SHORTEST_PART = 4


@dataclass(frozen=True, slots=True)
class _Line:
    """One line as it is drawn: its left end and height on the page, and its letters' size."""

    page: int
    x: float
    y: float
    size: float
    text: str


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
    headings, paragraphs = _paragraphs(_without_running_heads(lines))
    return Document(path, paragraphs, title=title or (headings[0] if headings else None))


def _refuse_locked(path: Path, reader: PdfReader) -> None:
    if reader.is_encrypted:
        raise problem(path, None, _LOCKED)


def _given_title(reader: PdfReader) -> str | None:
    """The title that the file gives itself, unless a program made it up from a file's name."""
    title = clean(str((reader.metadata and reader.metadata.title) or ""))
    made_up = r"(?i)untitled.*|\(?(unspecified|anonymous)\)?|microsoft \w+ - .*|.*\.\w{2,5}"
    return None if re.fullmatch(made_up, title) else title or None


def _lines(path: Path, reader: PdfReader, size: int) -> Iterator[_Line]:
    """The lines of all pages. Raises CorpusError for more than a file of this size can hold."""
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
    """The texts that a page draws, in its order; ``count`` is called for each operation."""
    drawn: list[_Drawing] = []

    def keep(text: str, at: Any, within: Any, _: object, size: float) -> None:
        x = within[4] * at[0] + within[5] * at[2] + at[4]
        y = within[4] * at[1] + within[5] * at[3] + at[5]
        scale = abs(within[3] * at[3]) or abs(within[1] * at[2]) or 1.0
        if text and math.isfinite(x + y + size * scale):
            drawn.append((text, x, y, size * scale))

    page.extract_text(visitor_operand_before=count, visitor_text=keep)
    return drawn


def _page_lines(page: int, drawn: Iterable[_Drawing]) -> Iterator[_Line]:
    """What is drawn, put together to lines: a line ends where pypdf says so."""
    text, place = "", None
    for piece, x, y, size in [*drawn, ("\n", 0.0, 0.0, 0.0)]:
        for number, part in enumerate(piece.split("\n")):
            if number:
                if place and text.strip():
                    yield _Line(page, *place, text.translate(_LIGATURES).strip())
                text, place = "", None
            if part.strip() and place is None:
                place = (x, y, size)
            text += part


def _without_running_heads(lines: Sequence[_Line]) -> list[_Line]:
    """The lines without those that stand at the edge of many pages, and page numbers there."""
    pages: dict[int, list[_Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    edges: dict[int, list[_Line]] = {}
    for number, on_page in pages.items():
        by_height = sorted(on_page, key=lambda line: -line.y)
        edges[number] = [*by_height[:_EDGES], *by_height[-_EDGES:]]
    seen = Counter(mask for edge in edges.values() for mask in {_masked(line) for line in edge})
    often = max(2, len(pages) // 3)
    dropped: set[int] = set()
    for edge in edges.values():
        for line in edge:
            is_number = _PAGE_NUMBER.fullmatch(line.text) and line in (edge[0], edge[-1])
            if (len(pages) > 1 and seen[_masked(line)] >= often) or is_number:
                dropped.add(id(line))
    return [line for line in lines if id(line) not in dropped]


def _masked(line: _Line) -> tuple[str, int]:
    """A line without its numbers, and its height: what a running head has on every page."""
    return re.sub(r"\d+", "0", line.text), round(line.y / 4)


def _paragraphs(lines: Sequence[_Line]) -> tuple[list[str], tuple[Paragraph, ...]]:
    """Headings and paragraphs."""
    if not lines:
        return [], ()
    usual = _usual_size(lines)
    leading = _usual_leading(lines)
    longest = max(len(line.text) for line in lines)
    words = Counter(word.lower() for line in lines for word in re.findall(r"[\w-]+", line.text))
    blocks: list[list[_Line]] = [[lines[0]]]
    for above, line in pairwise(lines):
        if _begins(above, line, leading, longest):
            blocks.append([line])
        else:
            blocks[-1].append(line)
    headings: list[str] = []
    paragraphs: list[Paragraph] = []
    for block in blocks:
        text = clean(_BULLET.sub("", _joined([line.text for line in block], words)))
        larger = block[-1].size > _LARGER * usual and len(text) <= _LONGEST_HEADING
        if larger and not re.search(r"[.!…]$", text):
            headings.append(text)
        elif text:
            paragraphs.append(Paragraph(None, text, block[0].page))
    return headings, tuple(paragraphs)


def _usual_size(lines: Iterable[_Line]) -> float:
    """The size of most letters."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0]


def _usual_leading(lines: Sequence[_Line]) -> float:
    """The distance of two lines of one paragraph, in units of their size: the median where the
    first is full and ends no sentence.
    """
    longest = max(len(line.text) for line in lines)
    ratios = [
        (above.y - line.y) / line.size
        for above, line in pairwise(lines)
        if line.size > 0 and above.y - line.y > _SAME_LINE * line.size
        and 2 * len(above.text) > longest
        and _same_size(above, line) and not _ENDS_LIKE_A_SENTENCE.search(above.text)
    ]  # fmt: skip
    return statistics.median(ratios) if ratios else _USUAL_LEADING


def _same_size(one: _Line, other: _Line) -> bool:
    return max(one.size, other.size) <= _LARGER * min(one.size, other.size)


def _begins(above: _Line, line: _Line, leading: float, longest: int) -> bool:
    """Whether a line begins a paragraph of its own."""
    if _is_initial(above.text, line.text):
        return False
    if not _same_size(above, line) or _BULLET.match(line.text):
        return True
    ended = bool(_ENDS_LIKE_A_SENTENCE.search(above.text))
    fall = above.y - line.y
    if line.page != above.page or fall < 0:  # a new page or column: a sentence may go on
        return ended or not line.text[0].islower()
    if fall > _APART * leading * line.size:
        return True
    if not ended:
        return False
    first = line.text.split(maxsplit=1)[0]
    indented = line.x > above.x + _INDENT * line.size
    return indented or len(above.text) + 1 + len(first) < _FULL * longest


def _joined(texts: Sequence[str], words: Counter[str]) -> str:
    """Lines as one text, without the hyphens that only end a line."""
    joined = texts[0]
    for text in texts[1:]:
        last, first = _LAST_PIECE.search(joined), _FIRST_WORD.match(text)
        if joined.endswith("\u00ad"):
            joined = joined[:-1] + text
        elif last and first and first[0][0].islower():
            kept = _keeps_hyphen(last[1].lower(), first[0].lower(), words)
            joined = (joined if kept else joined[:-1]) + text
        elif re.search(r"\w[-\u2010]$", joined) or _is_initial(joined, text):
            joined += text
        else:
            joined = f"{joined} {text}"
    return joined


def _is_initial(above: str, text: str) -> bool:
    """Whether a letter on its own is the large first one of the word that follows it."""
    return len(above) == 1 and above.isupper() and above not in "AÀÔIOY" and text[0].islower()


def _keeps_hyphen(before: str, behind: str, words: Counter[str]) -> bool:
    """Whether a word cut at a line's end has a hyphen of its own, as the rest of the text writes
    it, or as its parts say.
    """
    if words[before + behind]:
        return False
    if words[f"{before}-{behind}"] or behind in _BEHIND or before in _BEFORE or len(before) == 1:
        return True
    shortest = min(len(before), len(behind))
    return shortest >= _SHORTEST_PART and bool(words[before] and words[behind])
