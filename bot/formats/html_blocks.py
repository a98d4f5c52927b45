"""Elements of a page as blocks: headings, paragraphs, items, rows, code, questions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from bot.formats.document import LINE_LEVEL, QUESTION_LEVEL, Block, clean, clean_code, row_text
from bot.formats.inline import (
    answer_text,
    first_row_names_columns,
    labelled_question,
    line_heading,
    lowered,
    question_alone,
    raised,
)

# Elements that stand on lines of their own (https://html.spec.whatwg.org/#flow-content-3 and the
# rendering section); the others are parts of a line.
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup html legend li main menu nav "
    "ol p pre section summary table tbody td tfoot th thead tr ul caption hr option".split()
)
_UNSEEN = frozenset(
    "script style noscript template iframe svg canvas video audio object embed button input select "
    "textarea head title meta link map".split()
)
#: What is not read, and is told.
EMBEDDED = {"iframe": "page", "video": "video", "audio": "recording", "object": "object",
             "embed": "object", "canvas": "drawing"}  # fmt: skip
#: What a page takes back.
STRUCK = frozenset(("del", "s", "strike"))
# Links of notes that lead back to the text.
_BACK = re.compile(r"[↩↑⤴⏎^]\ufe0e?")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_DOUBLE = re.compile(r" {2,}")
_SMALL = re.compile(r"\d{1,4}")
_NUMBER_STYLES = {"a": "a", "A": "A", "i": "i", "I": "I"}
# The classes of the Publications Office of the EU, since 2013 with ``oj-`` before them.
_EUR_LEX_TITLES = frozenset({"doc-ti", "oj-doc-ti"})
_EUR_LEX_HEADINGS = re.compile(r"(?:oj-)?(?:s?ti-(?:art|section-\d|annotation|tbl)|ti-grseq-\d)")
_MARKER_CELL = re.compile(r"\(?[0-9a-zA-Z]{1,5}[).]|[–—•\-·*]|\(?[ivxIVX]{1,6}\)|\d{1,3}°")
_BULLETS = re.compile(r"[–—•\-·*]")
# A cell of a table holds no more than this, else it lays text out.
_LONGEST_CELL = 600
_MOST_COLUMNS = 200


class HtmlBlocks:
    """The blocks below an element, in reading order; ``skip`` tells what is left out."""

    def __init__(
        self, skip: Callable[[Any], bool] = lambda _: False, line: int | None = None
    ) -> None:
        self._skip, self._line = skip, line
        self.blocks: list[Block] = []
        self.remarks: list[tuple[int | None, str]] = []  #: what is not read: line, and what it is
        self._text: list[str] = []  # of the line that is being read
        self._bold: list[bool] = []  # for each part of it that holds text, whether it is bold
        self._depth = 0  # of lists
        self._item: Block | None = None  # that the next line begins

    def read(self, element: Any) -> list[Block]:
        """Return the blocks of an element."""
        self._walk(element, bold=False)
        self._end()
        return self.blocks

    def _walk(self, element: Any, *, bold: bool) -> None:
        if self._is_left_out(element):
            return
        tag = element.tag
        special = _SPECIAL.get(tag)
        if special:
            special(self, element)
        elif tag == "p" and (level := _publishers_level(element)):
            self._end()
            if text := self._line_of(element):
                self._emit(Block(text, kind="heading", level=level))
        elif tag in _BLOCKS:
            self._end()
            self._inside(element, bold=bold)
            self._end()
        elif tag == "br":
            self._add("\n", bold=bold)
        elif tag == "img":
            alt = clean(element.get("alt") or "")
            if len(alt.split()) > 2:  # noqa: PLR2004  # a word or two are a name, not a text
                self._end()
                self._emit(Block(alt))
        elif tag in ("sup", "sub"):
            text = clean("".join(element.itertext()))
            before = "".join(self._text[-3:])
            self._add(raised(text, before) if tag == "sup" else lowered(text), bold=bold)
        else:
            self._inside(element, bold=bold or tag in ("b", "strong"))

    def _is_left_out(self, element: Any) -> bool:
        """Whether an element is not read, which is told of what a reader sees."""
        tag = element.tag
        if not isinstance(tag, str) or self._skip(element):
            return True
        if tag in EMBEDDED:
            self.remarks.append((self._line, f"an embedded {EMBEDDED[tag]} is not read"))
        elif tag in STRUCK and clean("".join(element.itertext())):
            self.remarks.append((self._line, "text that is struck out is not read"))
        leads_back = tag == "a" and _BACK.fullmatch(clean("".join(element.itertext())))
        return tag in _UNSEEN or tag in STRUCK or bool(leads_back)

    def _inside(self, element: Any, *, bold: bool) -> None:
        self._add(element.text or "", bold=bold)
        for child in element:
            self._walk(child, bold=bold)
            self._add(child.tail or "", bold=bold)

    def _add(self, text: str, *, bold: bool) -> None:
        if text:
            self._text.append(text if text == "\n" else _BLANKS.sub(" ", text))
            if text.strip():
                self._bold.append(bold)

    def _emit(self, block: Block) -> None:
        self.blocks.append(replace(block, line=self._line))

    def _end(self) -> None:
        """End the line that is being read, and make a block of it."""
        text, bold = _DOUBLE.sub(" ", "".join(self._text)), self._bold
        self._text, self._bold = [], []
        lines = [clean(line) for line in text.split("\n")]
        if not any(lines):
            return
        first = next(number for number, line in enumerate(lines) if line)
        item, self._item = self._item, None
        if item is not None:
            joined = " ".join(line for line in lines if line)
            text = f"{item.marker} {joined}" if item.marker else joined
            self._emit(replace(item, text=text))
            return
        if bold and bold[0] and not self._depth:
            # A question in bold, its answer behind a line break; or a line in bold alone.
            alone = all(bold)
            heading = line_heading(lines[first] if not alone else " ".join(filter(None, lines)))
            if heading and (alone or heading.level == QUESTION_LEVEL):
                self._emit(heading)
                lines = [] if alone else lines[first + 1 :]
                self._paragraph(lines)
                return
        asked = labelled_question(lines[first])
        if asked and len(lines) > first + 1:
            self._emit(Block(asked, kind="heading", level=QUESTION_LEVEL))
            lines = lines[first + 1 :]
        self._paragraph(lines)

    def _paragraph(self, lines: Sequence[str]) -> None:
        text = " ".join(line for line in lines if line)
        if text:
            block = question_alone(text) or Block(answer_text(self.blocks, text))
            of_item = block.kind == "paragraph" and self._depth
            self._emit(replace(block, level=self._depth) if of_item else block)

    def read_heading(self, element: Any) -> None:
        """Read a heading."""
        self._end()
        if text := self._line_of(element):
            self._emit(Block(text, kind="heading", level=_HEADINGS[element.tag]))

    def read_question(self, element: Any) -> None:
        """Read ``<summary>`` and ``<dt>``; terms with one definition are one heading."""
        self._end()
        if text := self._line_of(element):
            before = element.getprevious()
            if element.tag == "dt" and before is not None and before.tag == "dt" and self.blocks:
                text = f"{self.blocks.pop().text}, {text}"
            self._emit(Block(text, kind="heading", level=QUESTION_LEVEL))

    def read_closing(self, element: Any) -> None:
        """Read ``<details>`` and ``<dl>``: what follows is not in their last section."""
        self._end()
        self._inside(element, bold=False)
        self._end()
        self._emit(Block("", kind="heading", level=QUESTION_LEVEL))

    def _line_of(self, element: Any) -> str:
        """Return the text of an element on one line."""
        inner = HtmlBlocks(self._skip)
        inner._depth = 1  # so that bold is no heading
        inner._inside(element, bold=False)
        inner._end()
        return " ".join(block.text for block in inner.blocks if block.text)

    def read_code(self, element: Any) -> None:
        """Read lines of code."""
        self._end()
        if text := clean_code("".join(element.itertext())):
            self._emit(Block(text, kind="code"))

    def read_list(self, element: Any) -> None:
        """Read a list, and the lists within it."""
        self._end()
        ordered = element.tag == "ol"
        step = -1 if element.get("reversed") is not None else 1
        count = sum(child.tag == "li" for child in element) if step < 0 else 1
        number = _int(element.get("start")) or count
        style = _NUMBER_STYLES.get(element.get("type") or "", "1")
        self._depth += 1
        for child in element:
            if child.tag == "li" and not self._skip(child):
                number = _int(child.get("value")) or number
                marker = f"{numeral(number, style)}." if ordered else ""
                self._item = Block("", kind="item", level=self._depth, marker=marker)
                self._inside(child, bold=False)
                self._end()
                self._item = None
                number += step
            else:
                self._walk(child, bold=False)
                self._end()
        self._depth -= 1

    def read_table(self, element: Any) -> None:
        """Read a table, by its rows."""
        self._end()
        rows = [(row, _cells_of(row)) for row in _rows_of(element)]
        if self._is_layout(rows):
            self._layout(rows)
            return
        caption = next((self._line_of(c) for c in element if c.tag == "caption"), "")
        grid = self._grid(rows)
        labels = [_is_label(cells, line) for (_, cells), line in zip(rows, grid, strict=True)]
        heads, first = _heads(rows, grid, labels)
        for number, cells in enumerate(grid):
            if labels[number]:
                self._emit(Block(cells[0], kind="heading", level=QUESTION_LEVEL))
            elif number >= first and (text := row_text(cells, heads)):
                block = Block(text, kind="row", cells=cells, heads=heads, caption=caption)
                self._emit(block)
        if any(labels):
            self._emit(Block("", kind="heading", level=QUESTION_LEVEL))

    @staticmethod
    def _is_layout(rows: Sequence[tuple[Any, Sequence[Any]]]) -> bool:
        """Whether a table lays text out: one column, nested tables, cells of blocks, or a marker
        beside its text.
        """
        widths = [len(cells) for _, cells in rows]
        if not widths or max(widths) <= 1:
            return True
        heads = any(cell.tag == "th" for _, cells in rows for cell in cells)
        if heads:
            return False
        for _, cells in rows:
            for cell in cells:
                if any(True for _ in cell.iter("table")):
                    return True
                if len("".join(cell.itertext())) > _LONGEST_CELL:
                    return True
        marked = sum(
            len(cells) >= 2  # noqa: PLR2004
            and bool(_MARKER_CELL.fullmatch(clean("".join(cells[0].itertext())) or "|"))
            for _, cells in rows
        )
        return marked * 2 > len(rows)

    def _layout(self, rows: Sequence[tuple[Any, Sequence[Any]]]) -> None:
        for _, cells in rows:
            texts = [clean("".join(cell.itertext())) for cell in cells]
            filled = [(c, t) for c, t in zip(cells, texts, strict=True) if t]
            if len(filled) >= 2 and _MARKER_CELL.fullmatch(filled[0][1]):  # noqa: PLR2004
                marker = "" if _BULLETS.fullmatch(filled[0][1]) else filled[0][1]
                self._item = Block("", kind="item", level=self._depth + 1, marker=marker)
                filled = filled[1:]
            self._depth += 1 if self._item else 0
            deeper = self._item is not None
            for cell, _ in filled:
                self._inside(cell, bold=False)
                self._end()
            self._depth -= deeper
            self._item = None

    def _grid(self, rows: Sequence[tuple[Any, Sequence[Any]]]) -> list[tuple[str, ...]]:
        """Return the texts of all cells, those of merged cells in each place that they span."""
        spans: dict[int, tuple[int, str]] = {}  # by column: rows left, text
        grid: list[tuple[str, ...]] = []
        for _, cells in rows:
            line: list[str] = []
            waiting = list(cells)
            while waiting or len(line) in spans:
                column = len(line)
                if column >= _MOST_COLUMNS:
                    break
                if column in spans:
                    left, text = spans.pop(column)
                    if left > 1:
                        spans[column] = left - 1, text
                    line.append(text)
                    continue
                cell = waiting.pop(0)
                text = self._cell(cell)
                down = min(_int(cell.get("rowspan")) or 1, len(rows))
                for _ in range(min(_int(cell.get("colspan")) or 1, _MOST_COLUMNS)):
                    if down > 1:
                        spans[len(line)] = down - 1, text
                    line.append(text)
            grid.append(tuple(line))
        return grid

    def _cell(self, cell: Any) -> str:
        """Return the text of a cell on one line, semicolons between the items of a list in it."""
        inner = HtmlBlocks(self._skip)
        inner._depth = 1
        inner._inside(cell, bold=False)
        inner._end()
        parts = [block for block in inner.blocks if block.text]
        between = "; " if any(block.kind == "item" for block in parts) else " "
        return between.join(block.text for block in parts)


_SPECIAL: dict[str, Callable[[HtmlBlocks, Any], None]] = {
    **dict.fromkeys(_HEADINGS, HtmlBlocks.read_heading),
    "summary": HtmlBlocks.read_question,
    "dt": HtmlBlocks.read_question,
    "details": HtmlBlocks.read_closing,
    "dl": HtmlBlocks.read_closing,
    "pre": HtmlBlocks.read_code,
    "ul": HtmlBlocks.read_list,
    "ol": HtmlBlocks.read_list,
    "menu": HtmlBlocks.read_list,
    "table": HtmlBlocks.read_table,
}


def _publishers_level(paragraph: Any) -> int:
    """Return the level of a paragraph that EUR-Lex has as a heading; 0 for another."""
    for name in (paragraph.get("class") or "").split():
        if name in _EUR_LEX_TITLES:
            return 1
        if _EUR_LEX_HEADINGS.fullmatch(name):
            return LINE_LEVEL
    return 0


def _rows_of(table: Any) -> Iterator[Any]:
    """Yield the rows of a table, not those of a table within it."""
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if row.tag == "tr")


def _cells_of(row: Any) -> list[Any]:
    return [cell for cell in row if cell.tag in ("td", "th")]


def _is_label(cells: Sequence[Any], line: Sequence[str]) -> bool:
    """Whether a row is one cell as wide as the table, which heads the rows below it."""
    return len(cells) == 1 and len(line) > 1 and any(line) and len(set(line)) == 1


def _heads(
    rows: Sequence[tuple[Any, Sequence[Any]]],
    grid: Sequence[tuple[str, ...]],
    labels: Sequence[bool],
) -> tuple[tuple[str, ...], int]:
    """Return the heads of the columns, several rows of them joined, and the number of the first row
    that is none.
    """
    count = 0
    for number, (row, cells) in enumerate(rows[:-1]):
        parent = row.getparent()
        in_head = parent is not None and parent.tag == "thead"
        is_head = in_head or all(cell.tag == "th" for cell in cells)
        if not cells or not is_head or (labels[number] and not in_head):
            break
        count += 1
    if not count and first_row_names_columns(grid):
        count = 1
    named = [line for line, label in zip(grid[:count], labels, strict=False) if not label]
    if not named:
        return (), count
    width = max(len(line) for line in named)
    columns = (
        dict.fromkeys(line[column] for line in named if column < len(line) and line[column])
        for column in range(width)
    )
    return tuple(" ".join(column) for column in columns), count


def _int(text: str | None) -> int | None:
    """Return a small whole number of an attribute; None for none."""
    return int(text) if text and _SMALL.fullmatch(text.strip()) else None


def numeral(number: int, style: str) -> str:
    """Return a list's number in its style: 4, d, D, iv or IV."""
    if style in "aA":
        letters = ""
        while number > 0:
            number, rest = divmod(number - 1, 26)
            letters = chr(ord("a") + rest) + letters
        return letters.upper() if style == "A" else letters
    if style in "iI":
        roman = ""
        for value, letter in zip(
            (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
            "m cm d cd c xc l xl x ix v iv i".split(),
            strict=True,
        ):
            while number >= value:
                roman, number = roman + letter, number - value
        return roman.upper() if style == "I" else roman
    return str(number)
