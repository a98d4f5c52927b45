"""The tables of a PDF: lines whose texts stand apart, in the same columns as those of the next.

A PDF knows no tables but where it is tagged, as few are. The rules are our own, after how tables
are set: a cell lies within its column, no column overlaps another, and what a cell has to say on a
further line stands close below. Rules drawn between cells are not looked at; half of all tables in
use have none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

from bot.formats.inline import first_row_names_columns
from bot.formats.lines import item
from bot.formats.pdf_lines import BULLET, Cell, Line

# In units of the size of the letters: how far apart the lines of one row and one cell may be.
_SAME_BASELINE = 0.3
_BELOW = 1.4
# What stands closer is a cell only where others begin right above or below; the word gaps of a
# justified line may be as wide, but not all at the same places as those of the next.
_CLOSE = 1.5
_ALIGNED = 0.1
_COMPARED = 4  # lines
# Of the distances between lines, the smallest is that of lines within a cell, and what is so much
# like it, if others are so much larger.
_LARGER = 1.3
_ALIKE = 1.15
_LONGEST_CELL = 8  # lines
_LEAST_ROWS = 2
_MOST_COLUMNS = 60
# What runs in columns side by side has long cells, most of which go on in small letters.
_PROSE = 25  # characters


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its cells, empty ones in their place, and the heads of their columns."""

    page: int
    cells: tuple[str, ...]
    heads: tuple[str, ...] = ()


@dataclass(slots=True)
class _Table:
    """Lines that may be a table, and its columns as the spans that they take."""

    lines: list[Line] = field(default_factory=list)
    columns: list[tuple[float, float]] = field(default_factory=list)

    def takes(self, line: Line) -> bool:
        """Take a line in, if it goes on with the table: each cell lies in a column of its own."""
        if len(line.cells) > _MOST_COLUMNS or (self.lines and not self._goes_on(line)):
            return False
        columns = list(self.columns)
        taken: set[int] = set()
        for cell in line.cells:
            over = [n for n, (x, end) in enumerate(columns) if cell.x < end and x < cell.end]
            place = over[0] if over else len(columns)
            if len(over) > 1 or place in taken:
                return False
            x, end = columns.pop(place) if over else (cell.x, cell.end)
            columns.insert(place, (min(x, cell.x), max(end, cell.end)))
            taken.add(place)
        columns.sort()
        apart = all(before <= after for (_, before), (after, _) in pairwise(columns))
        if apart:
            self.lines.append(line)
            self.columns = columns
        return apart

    def _goes_on(self, line: Line) -> bool:
        """Whether a line may be a further one by where it stands and begins."""
        above = self.lines[-1]
        if line.turned != above.turned or (line.page == above.page and line.y > above.y):
            return False
        label = len(line.cells) == 1 and not line.text[0].islower() and self._is_first(line)
        if label and (line.bold or len(above.cells) == 1):
            return False
        near = self.lines[-_COMPARED:]
        return _are_aligned(line, near) and (len(near) > 1 or _are_aligned(above, [line]))

    def _is_first(self, line: Line) -> bool:
        """Whether a line of one cell stands in the first column."""
        return line.x <= self.columns[0][1]

    def belongs(self, line: Line) -> bool:
        """Whether the line that was taken last is a row, or goes on with a cell above it."""
        if len(line.cells) > 1:
            return True
        above = self.lines[-2]
        near = above.page == line.page and 0 < above.y - line.y <= _BELOW * line.size
        return near and (not self._is_first(line) or line.text[0].islower())

    def cells(self, line: Line) -> list[str]:
        """Return the texts of a line, one a column."""
        return [
            " ".join(cell.text for cell in line.cells if x <= cell.x < end or x == cell.x)
            for x, end in self.columns
        ]

    def is_prose(self) -> bool:
        """Whether the columns are those of a text that runs on, line by line."""
        cells = [cell.text for line in self.lines for cell in line.cells]
        long = sum(map(len, cells)) > _PROSE * len(cells)
        return long and sum(text[:1].islower() for text in cells) * 3 > len(cells)


def _are_aligned(line: Line, others: Sequence[Line]) -> bool:
    """Whether each cell that stands close to the one before it begins or ends where another does,
    or has the same middle.
    """
    return all(
        cell.x - before.end > _CLOSE * line.size
        or any(
            min(abs(cell.x - x), abs(cell.end - end), abs(cell.x + cell.end - x - end) / 2)
            <= _ALIGNED * line.size
            for other in others
            for x, end in ((one.x, one.end) for one in other.cells)
        )
        for before, cell in pairwise(line.cells)
    )


def with_tables(lines: Sequence[Line]) -> Iterator[Line | Row]:
    """Yield lines, those of tables as rows."""
    pages = (list(on_page) for _, on_page in groupby(lines, key=lambda line: line.page))
    lines = [_without_marker_cell(line) for page in pages for line in _side_by_side(page)]
    at = 0
    while at < len(lines):
        table = _table_at(lines, at)
        if table is None:
            yield lines[at]
            at += 1
        else:
            yield from table.lines if table.is_prose() else _rows(table)
            at += len(table.lines)


def _without_marker_cell(line: Line) -> Line:
    """Return a line whose first cell is the marker of an item as one text."""
    if len(line.cells) > 1 and (BULLET.match(line.text) or item(f"{line.cells[0].text} A")):
        first, second, *rest = line.cells
        joined = Cell(f"{first.text} {second.text}", first.x, second.end, second.bold)
        return replace(line, cells=(joined, *rest))
    return line


def _side_by_side(lines: Sequence[Line]) -> Sequence[Line]:
    """Return the lines of a page in which the cells of a row stand beside each other, where each
    was drawn with all of its lines before the next one.
    """
    joined: list[Line] = []
    rises = 0
    above: Line | None = None
    for line in lines:
        place = next((n for n in _last(joined) if _is_beside(joined[n], line)), None)
        if place is None:
            joined.append(line)
        else:
            rises += above is not None and line.y > above.y + _SAME_BASELINE * line.size
            one = joined[place]
            joined[place] = replace(
                one,
                text=f"{one.text} {line.text}",
                bold=one.bold and line.bold,
                cells=(*one.cells, *line.cells),
            )
        above = line
    return joined if rises >= _LEAST_ROWS else lines


def _last(lines: Sequence[Line]) -> range:
    """Return the numbers of the last lines, the last one first."""
    return range(len(lines) - 1, max(len(lines) - 1 - _LONGEST_CELL, -1), -1)


def _is_beside(one: Line, line: Line) -> bool:
    """Whether a line stands to the right of another one, on its height."""
    same = abs(one.y - line.y) < _SAME_BASELINE * line.size and one.turned == line.turned
    return same and line.x > one.end


def _table_at(lines: Sequence[Line], at: int) -> _Table | None:
    """Return the table that begins at a line; None where none does."""
    if not 1 < len(lines[at].cells) <= _MOST_COLUMNS:
        return None
    table = _Table()
    rows = kept = 0
    for number in range(at, len(lines)):
        line = lines[number]
        if not table.takes(line):
            break
        rows += len(line.cells) > 1
        kept = len(table.lines) if table.belongs(line) else kept
    if rows < _LEAST_ROWS:
        return None
    settled = _Table()  # with the columns of its own lines alone
    for line in table.lines[:kept]:
        settled.takes(line)
    return settled


def _rows(table: _Table) -> Iterator[Row]:
    """Yield the rows of a table, what a cell goes on with joined."""
    grid: list[tuple[Line, list[str], bool]] = []
    close = _distance_of_lines(table.lines)
    above = table.lines[0]
    for line in table.lines:
        cells = table.cells(line)
        fall = above.y - line.y if above.page == line.page else 0.0
        if grid and 0 < fall <= _BELOW * line.size:
            first, before, bold = grid[-1]
            alone = cells[0][:1].islower() and not any(cells[1:])
            if not cells[0] or alone or (fall <= close and _go_on(before, cells)):
                together = [f"{a} {b}".strip() for a, b in zip(before, cells, strict=True)]
                grid[-1] = first, together, bold and line.bold
                above = line
                continue
        grid.append((line, cells, line.bold))
        above = line
    bold_above = grid[0][2] and not all(bold for *_, bold in grid)
    named = bold_above or first_row_names_columns([cells for _, cells, _ in grid])
    heads = tuple(grid[0][1]) if named and len(grid) > 1 else ()
    for line, cells, _ in grid[bool(heads) :]:
        if tuple(cells) != heads:  # said again on each page
            yield Row(line.page, tuple(cells), heads)


def _distance_of_lines(lines: Sequence[Line]) -> float:
    """Return how far apart the lines of one cell are at most; 0 where all lines are as far apart,
    so that each may be a row.
    """
    falls = [
        above.y - line.y
        for above, line in pairwise(lines)
        if above.page == line.page and line.y < above.y
    ]
    close = min(falls, default=0.0)
    return close * _ALIKE if falls and max(falls) > _LARGER * close else 0.0


def _go_on(above: Sequence[str], cells: Sequence[str]) -> bool:
    """Whether the cells of a line go on with those above: in small letters, or behind a hyphen."""
    return any(
        below and before and (below[0].islower() or before[-1] in "-,")
        for before, below in zip(above, cells, strict=True)
    )
