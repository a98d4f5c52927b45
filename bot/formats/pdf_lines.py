"""The lines of a page, put together of what it draws, in the order in which it draws them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.formats.inline import lowered, raised
from bot.formats.pdf_text import COLUMNS, WORDS, Piece

# In units of the size of the letters. What is raised or lowered stands within half of it; the
# next line of a tight page is 0.9 below.
_WITHIN = 0.55
_SAME_BASELINE = 0.2
_BESIDE = 0.15
_BEFORE = 3  # texts that are looked at for what a raised one belongs to
_SEEN = 100  # pieces of a line that are looked at for what is drawn twice or out of order
# A mark is smaller than its line and off its baseline: TeX raises by 0.36 and lowers by 0.15, Word
# by a third and by a seventh.
_SMALLER = 0.9
_RAISED, _LOWERED = 0.15, 0.06

#: What an item of a list begins with, as the fonts of symbols have it too.
BULLET = re.compile(r"^(?:[•▪◦●■‣\ue000-\uf8ff]\s*)+")

# Lines whose ends tell where a column ends, and how far their beginnings may be apart, in units of
# the size. Of its width, what a line that is broken to fit leaves free at most.
_AROUND = 6
_INDENTED = 4.0
_UNFILLED = 0.15
_RAGGED = 0.02

_LIGATURES = str.maketrans({
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl",
    "\ufb05": "st", "\ufb06": "st",
})  # fmt: skip
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LEFT_TO_RIGHT = re.compile(r"[^\W\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+(?:[.,:/]\w+)*")
_BLANKS = re.compile(r"[ \t]+")


@dataclass(frozen=True, slots=True)
class Cell:
    """A text of a line that stands apart from the others."""

    text: str
    x: float
    end: float
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it is drawn: its left end and height on the page, and its letters' size."""

    page: int
    x: float
    y: float
    size: float
    text: str
    bold: bool = False  #: all of it
    turned: int = 0
    cells: tuple[Cell, ...] = ()
    margin: float = 0.0  #: where the lines around it end at most

    @property
    def end(self) -> float:
        """Where it ends."""
        return self.cells[-1].end if self.cells else self.x

    def has_room_for(self, text: str) -> bool:
        """Whether a text would have fitted behind it, were its letters as wide."""
        width = (self.end - self.x) / len(self.text)
        return self.end + width * (len(text) + 1) < self.margin - _RAGGED * (self.margin - self.x)

    @property
    def is_full(self) -> bool:
        """Whether it ends where the lines around it do, but for a word."""
        return self.end >= self.margin - _UNFILLED * (self.margin - self.x)


def with_margins(lines: Sequence[Line]) -> list[Line]:
    """Return lines with the margin of each: those of its page, near it, that begin about where it
    does.
    """
    found: list[Line] = []
    for number, line in enumerate(lines):
        near = lines[max(0, number - _AROUND) : number + _AROUND + 1]
        ends = [
            one.end
            for one in near
            if one.page == line.page and abs(one.x - line.x) < _INDENTED * line.size
        ]
        found.append(replace(line, margin=max(ends)))
    return found


def lines_of(page: int, pieces: Iterable[Piece]) -> Iterator[Line]:
    """Yield the lines of a page.

    A line has the size and height of most of its letters: a note's number or small capitals at its
    beginning say nothing of it.
    """
    held: list[Piece] = []
    largest: Piece | None = None
    for piece in pieces:
        if largest is None or not _continues(held, largest, piece):
            yield from _line(page, held)
            held, largest = [], None
        largest = piece if largest is None or piece.size > largest.size else largest
        if not _is_drawn_already(held, piece):
            held.append(piece)
    yield from _line(page, held)


def _continues(held: Sequence[Piece], largest: Piece, piece: Piece) -> bool:
    """Whether a piece stands on the line of those before it."""
    last = held[-1]
    if piece.turned != last.turned:
        return False
    off = min(abs(piece.y - last.y), abs(piece.y - largest.y))
    smaller = min(piece.size, last.size)
    if piece.x >= last.end - smaller:
        return off <= _WITHIN * max(piece.size, last.size)
    near = held[-_SEEN:]
    apart = all(piece.end <= one.x + smaller or piece.x >= one.end - smaller for one in near)
    return off <= _SAME_BASELINE * smaller and (apart or _is_drawn_already(held, piece))


def _is_drawn_already(held: Sequence[Piece], piece: Piece) -> bool:
    """Whether the same text is drawn again a hair beside itself, as bold is by some programs."""
    near = _BESIDE * piece.size
    return any(
        one.text == piece.text and abs(one.x - piece.x) < near and abs(one.y - piece.y) < near
        for one in held[-_SEEN:]
    )


@dataclass(slots=True)
class _Part:
    """Neighbouring pieces that are raised, lowered or on the line."""

    place: str  #: "raised", "lowered", ""
    text: str
    x: float
    end: float
    bold: bool
    is_word: bool  #: whether a gap parts it from what stands before
    is_cell: bool  #: the same of a gap as wide as between columns


def _line(page: int, held: list[Piece]) -> Iterator[Line]:
    if not held:
        return
    if any(after.x < before.x for before, after in pairwise(held)):
        held = sorted(held, key=lambda piece: piece.x)
    letters: Counter[tuple[float, float]] = Counter()  # by size and height
    for piece in held:
        letters[piece.size, piece.y] += len(piece.text.strip())
    ((size, y), most), *_ = letters.most_common(1)
    cells = [cell for cell in _cells(_parts(held, size, y)) if cell.text] if most else []
    if cells:
        whole = " ".join(cell.text for cell in cells)
        bold = all(cell.bold for cell in cells)
        yield Line(page, cells[0].x, y, size, whole, bold, held[0].turned, tuple(cells))


def _parts(held: Sequence[Piece], size: float, y: float) -> list[_Part]:
    parts: list[_Part] = []
    end = 0.0
    for piece in held:
        off, small = (piece.y - y) / size, piece.size < _SMALLER * size
        place = "raised" if small and off > _RAISED else ""
        place = "lowered" if small and off < -_LOWERED else place
        distance = piece.x - end if parts else 0.0
        is_word, is_cell = distance > WORDS * size, distance > COLUMNS * size
        bold = piece.bold or not piece.text.strip()
        if parts and parts[-1].place == place and not is_cell:
            last = parts[-1]
            last.text += " " * is_word + piece.text
            last.end, last.bold = piece.end, last.bold and bold
        else:
            parts.append(_Part(place, piece.text, piece.x, piece.end, bold, is_word, is_cell))
        end = piece.end
    return parts


def _cells(parts: Sequence[_Part]) -> Iterator[Cell]:
    said: list[str] = []
    begun: list[_Part] = []
    for number, part in enumerate(parts):
        if part.is_cell:
            yield _cell("".join(said), begun)
            said, begun = [], []
        begun.append(part)
        if part.place == "raised":  # at the beginning it is the number of a note
            before = "".join(said[-_BEFORE:]).rstrip()
            if before:
                said[-1] = said[-1].rstrip()
                said.append(raised(part.text, before))
            else:
                said.append(part.text.strip() + " " * (number + 1 < len(parts)))
        elif part.place == "lowered":
            said.append(lowered(part.text))
        else:
            said.append(" " * part.is_word + part.text)
    yield _cell("".join(said), begun)


def _cell(text: str, parts: Sequence[_Part]) -> Cell:
    text = _BLANKS.sub(" ", text.translate(_LIGATURES)).strip()
    if _RIGHT_TO_LEFT.search(text):
        text = _LEFT_TO_RIGHT.sub(lambda match: match[0][::-1], text)[::-1]
    return Cell(text, parts[0].x, parts[-1].end, all(part.bold for part in parts))
