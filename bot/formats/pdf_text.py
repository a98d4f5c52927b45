"""What a page of a PDF draws: its pieces of text, where each begins and ends, its size and weight.

pypdf reads the file, its fonts and its operators. Where a glyph stands is worked out here, after
ISO 32000-1, 9.3 and 9.4, since what pypdf takes for the width of a text leaves word spacing out, so
that words come apart; and since it tells neither where a text ends nor what is raised or bold.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from pypdf import PageObject
from pypdf.generic import ContentStream, StreamObject

from bot.formats.pdf_fonts import Typeface

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

#: Drawings within drawings that a page may have; an honest one has a few.
_MOST_FORMS = 200
_DEEPEST = 20
_MOST_SAVED = 1_000  # states of graphics; honest files have a dozen

#: A gap parts words from here on, in units of the size, as MuPDF has it (SPACE_DIST): kerning moves
#: less, and justified lines have no narrower one. The width of a font's space is often a guess.
WORDS = 0.15
#: Texts may be cells of a table from here on: cells are seldom padded by less.
COLUMNS = 0.35

# A text that climbs by less of its length stands level.
_LEVEL = 0.001
_FILL_AND_STROKE = 2  # how letters are drawn where there is no bold font


@dataclass(frozen=True, slots=True)
class Piece:
    """A text as it is drawn, placed along its own line: one that is turned has its own axes."""

    text: str
    x: float  #: where it begins
    end: float  #: where it ends
    y: float  #: its baseline; what is higher has more
    size: float
    bold: bool = False
    turned: int = 0  #: degrees against the page, to the nearest 15


@dataclass(slots=True)
class _State:
    """The graphics state as far as text is concerned (8.4.1, 9.3.1)."""

    ctm: Matrix = _IDENTITY
    typeface: Typeface | None = None
    size: float = 0.0
    characters: float = 0.0  #: Tc
    words: float = 0.0  #: Tw
    scale: float = 1.0  #: Th
    leading: float = 0.0
    rise: float = 0.0
    mode: int = 0

    def take(self, operator: bytes, operands: list[Any]) -> None:
        """Change as an operator says; others change nothing."""
        value = operands[0] if operands else None
        if operator == b"cm":
            self.ctm = _times(_matrix(operands), self.ctm)
        elif operator == b"Tc":
            self.characters = _number(value, self.characters)
        elif operator == b"Tw":
            self.words = _number(value, self.words)
        elif operator == b"TL":
            self.leading = _number(value, self.leading)
        elif operator == b"Ts":
            self.rise = _number(value, self.rise)
        elif operator == b"Tz":
            self.scale = _number(value, 100.0) / 100
        elif operator == b"Tr":
            self.mode = int(_number(value))


# The operators that begin a text elsewhere, and those that draw it (9.4.2, 9.4.3).
_MOVES = frozenset((b"BT", b"Tm", b"Td", b"TD", b"T*", b"'", b'"'))
_SHOWS = frozenset((b"Tj", b"TJ", b"'", b'"'))


def _moved_by(operator: bytes, operands: list[Any], line: Matrix, state: _State) -> Matrix:
    """Return where the line begins that an operator moves to."""
    if operator == b"BT":
        return _IDENTITY
    if operator == b"Tm":
        return _matrix(operands)
    if operator in (b"Td", b"TD"):
        right, up = (_number(one) for one in [*operands, 0.0, 0.0][:2])
        state.leading = -up if operator == b"TD" else state.leading
        return _moved(line, right, up)
    if operator == b'"' and len(operands) > 2:  # noqa: PLR2004
        state.words, state.characters = _number(operands[0]), _number(operands[1])
    return _moved(line, 0, -state.leading)


class PageText:
    """Reads the pages of one file; fonts are read once. ``count`` is called for each operator."""

    def __init__(self, reader: Any, count: Callable[[], None]) -> None:
        self._reader, self._count = reader, count
        self._typefaces: dict[int, tuple[Any, Typeface]] = {}
        self._fallback = Typeface.unknown()

    def pieces(self, page: PageObject) -> list[Piece]:
        """Return what a page draws, in its order."""
        self._pieces: list[Piece] = []
        self._forms = 0
        contents = page.get("/Contents")
        resources = page.get("/Resources")
        if contents is not None and resources is not None:
            content = contents.get_object()
            if content is not None:
                self._run(content, resources.get_object(), _State(), ())
        return self._pieces

    def _run(self, content: Any, resources: Any, state: _State, around: tuple[int, ...]) -> None:
        """Draw a content stream: a page's, or that of a drawing within it."""
        saved: list[_State] = []
        text = line = _IDENTITY  # where the next text begins, and the line that it stands on
        for operands, operator in ContentStream(content, self._reader, "bytes").operations:
            self._count()
            if not isinstance(operands, list):  # a picture within the line
                continue
            if operator == b"q" and len(saved) < _MOST_SAVED:
                saved.append(replace(state))
            elif operator == b"Q":
                state = saved.pop() if saved else state
            elif operator in _MOVES:
                text = line = _moved_by(operator, operands, line, state)
            elif operator == b"Tf" and len(operands) > 1:
                state.typeface = self._typeface(resources, operands[0]) or state.typeface
                state.size = _number(operands[1], state.size)
            elif operator == b"Do" and operands:
                self._form(operands[0], resources, state, around)
            else:
                state.take(operator, operands)
            if operator in _SHOWS and operands:
                shown = operands[0] if operator == b"TJ" else operands[-1:]
                text = self._show(shown if isinstance(shown, list) else [], text, state)

    def _form(self, name: Any, resources: Any, state: _State, around: tuple[int, ...]) -> None:
        """Draw a drawing within the page (8.10), unless it is a picture or within itself."""
        forms = _entry(resources, "/XObject")
        form = _entry(forms, name)
        if not isinstance(form, StreamObject) or form.get("/Subtype") != "/Form":
            return
        self._forms += 1
        known = id(form) in around
        if known or self._forms > _MOST_FORMS or len(around) >= _DEEPEST:
            return
        matrix = form.get("/Matrix")
        within = replace(state)
        if matrix is not None:
            within.ctm = _times(_matrix(matrix.get_object()), state.ctm)
        self._run(form, _entry(form, "/Resources") or resources, within, (*around, id(form)))

    def _typeface(self, resources: Any, name: Any) -> Typeface | None:
        """Return a font by the name that a page has for it."""
        font = _entry(_entry(resources, "/Font"), name)
        if font is None:
            return None
        if id(font) not in self._typefaces:
            # The font is kept as well: the address of one that is gone may be another's.
            self._typefaces[id(font)] = font, Typeface.of(font)
        return self._typefaces[id(font)][1]

    def _show(self, shown: list[Any], text: Matrix, state: _State) -> Matrix:
        """Draw strings, with the distances between them, and return where the next one begins."""
        typeface = state.typeface or self._fallback
        size, scale = state.size, state.scale
        start = along = 0.0  # in units of the text's own space
        said: list[str] = []
        for element in shown:
            if isinstance(element, int | float):
                moved = -float(element) / 1000 * size
                if said and moved > COLUMNS * size > 0:
                    self._emit(said, start, along, text, state)
                    said = []
                elif said and moved > WORDS * size and said[-1][-1:] != " ":
                    said.append(" ")
                along += moved * scale
                start = start if said else along
                continue
            for letters, width, is_space in typeface.glyphs(_bytes(element)):
                said.append(letters)
                advance = width * size + state.characters + (state.words if is_space else 0.0)
                along += advance * scale
        self._emit(said, start, along, text, state)
        return _moved(text, along, 0)

    def _emit(self, said: list[str], start: float, end: float, at: Matrix, state: _State) -> None:
        drawn = "".join(said)
        if not drawn or drawn == " " * len(drawn):
            return
        placed = _times(at, state.ctm)
        across, tall = math.hypot(placed[0], placed[1]), math.hypot(placed[2], placed[3])
        size = abs(state.size) * tall
        x, y = _point(placed, start, state.rise)
        last, _ = _point(placed, end, state.rise)
        turned = 0
        if abs(placed[1]) > _LEVEL * across or placed[0] < 0:
            angle = math.atan2(placed[1], placed[0])
            cos, sin = math.cos(angle), math.sin(angle)
            x, y = x * cos + y * sin, y * cos - x * sin
            last = x + (end - start) * across
            turned = round(math.degrees(angle) / 15) * 15
        if not math.isfinite(x + y + last + size):
            return
        typeface = state.typeface or self._fallback
        bold = typeface.bold or state.mode == _FILL_AND_STROKE
        self._pieces.append(Piece(drawn, x, last, y, size or 1.0, bold, turned))


def _entry(holder: Any, name: Any) -> Any:
    """Return what a dictionary holds, or None."""
    found = holder.get(name) if hasattr(holder, "get") else None
    return found.get_object() if found is not None else None


def _bytes(element: Any) -> bytes:
    """Return the codes of a string; of what is none, nothing."""
    if isinstance(element, bytes):
        return element
    codes = getattr(element, "original_bytes", b"")
    return codes if isinstance(codes, bytes) else b""


def _number(value: Any, default: float = 0.0) -> float:
    return float(value) if isinstance(value, int | float) else default


def _matrix(operands: Any) -> Matrix:
    """Return six numbers as a matrix (8.3.3); of what is none, the one that changes nothing."""
    if not isinstance(operands, list) or len(operands) != len(_IDENTITY):
        return _IDENTITY
    a, b, c, d, e, f = (_number(one) for one in operands)
    return a, b, c, d, e, f


def _times(m: Matrix, n: Matrix) -> Matrix:
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def _moved(m: Matrix, right: float, up: float) -> Matrix:
    x, y = _point(m, right, up)
    return m[0], m[1], m[2], m[3], x, y


def _point(m: Matrix, x: float, y: float) -> tuple[float, float]:
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]
