"""Plain text as blocks: what its lines show a reader without any mark of a format.

Blank lines part blocks. A short line of its own above text is a heading; lines that begin with a
bullet or a number are items; lines in columns are rows; ``Q:`` and ``A:`` are a question and its
answer. All else is a paragraph, of which the lines are joined.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from bot.formats.document import LINE_LEVEL, QUESTION_LEVEL, Block, clean, row_text
from bot.formats.inline import LONGEST_LINE_HEADING, question_and_answer

Line = tuple[int, str]  # its number in the file, and what it holds

_UNDERLINE = re.compile(r"\s*([=\-~*_])\1{2,}\s*")
_ITEM = re.compile(
    r"(\s*)(?:([-*•▪◦●‣–—])\s+|((?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]|\((?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})\))"
    r"\s+)(?=\S)"
)
_COLUMNS = re.compile(r"(?<=\S)(?:\s{2,}|\t+\s*)(?=\S)")
_KEYED = re.compile(r"[^\W\d][\w ,'’/()&-]{0,40}:\s+\S")
_NUMBERED_HEADING = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,3}\.?\s+[^\W\d_]")
_ENDS = re.compile(r"[.!?;,:…][\s\"'”’»)\]*_]*$")
# Words that a heading does not end with: the line is broken there.
_GOES_ON = re.compile(
    r"\b(?:the|a|an|of|to|in|on|at|for|and|or|with|by|from|is|are|le|la|les|un|une|de|du|des|à|en|et"
    r"|ou|dans|par|pour|sur|avec|est|sont|que|qui)$",
    re.IGNORECASE,
)
_MOST_WORDS = 12  # of a heading: those of laws and handbooks have fewer
#: A line is full, so that the next goes on with it, from this share of the longest.
_FULL = 0.7
#: Lines that are all shorter than this were not broken to fit a page.
_SHORT_LINE = 60
_CAPITALS_LEVEL = 6


def read_plain(lines: Sequence[str], numbers: Sequence[int]) -> list[Block]:
    """Return the blocks of some lines, each with its number in the file."""
    groups = list(_groups(list(zip(numbers, lines, strict=True))))
    blocks: list[Block] = []
    for place, group in enumerate(groups):
        following = groups[place + 1] if place + 1 < len(groups) else None
        blocks += _blocks(group, following)
    return [block for block in blocks if block.text]


def _groups(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Runs of lines between blank ones."""
    group: list[Line] = []
    for number, line in [*lines, (0, "")]:
        if line.strip():
            group.append((number, line.rstrip()))
        elif group:
            yield group
            group = []


def _blocks(group: list[Line], following: list[Line] | None) -> Iterator[Block]:
    """The blocks of one run of lines."""
    group = (
        [line for line in group if not _UNDERLINE.fullmatch(line[1])] if len(group) > 1 else group
    )
    if not group:
        return
    (number, first), rest = group[0], group[1:]
    if pair := question_and_answer("\n".join(line for _, line in group)):
        yield Block(clean(pair[0]), number, kind="heading", level=QUESTION_LEVEL)
        yield Block(clean(pair[1]), number)
    elif _is_heading(first, rest, following):
        yield Block(clean(first), number, kind="heading", level=_level(first))
        if rest:
            yield from _blocks(rest, following)
    elif _ITEM.match(first):
        yield from _items(group)
    elif len(group) > 1 and sum(bool(_COLUMNS.search(line.strip())) for _, line in group) * 2 > len(
        group
    ):
        yield from _rows(group)
    elif len(group) > 1 and all(_KEYED.match(line.strip()) for _, line in group):
        yield from (Block(clean(line), number, kind="item", level=1) for number, line in group)
    else:
        yield from _paragraphs(group)


def _is_heading(  # noqa: PLR0911  # each answer has its reason
    line: str, rest: Sequence[Line], following: Sequence[Line] | None
) -> bool:
    """Whether a line is a heading: short, without an end mark, above text of its own."""
    text = line.strip()
    if len(text) > LONGEST_LINE_HEADING or len(text.split()) > _MOST_WORDS or _ENDS.search(text):
        return False
    numbered = _NUMBERED_HEADING.match(text)
    if not (text[0].isupper() or text[0] == "§" or numbered) or _GOES_ON.search(text):
        return False
    if _COLUMNS.search(text) or (_ITEM.match(line) and not numbered):
        return False
    if not rest:
        return following is not None and not _ITEM.match(text)
    below = rest[0][1].strip()
    longest = max(len(part.strip()) for _, part in rest)
    if below[0].islower() or (numbered and _NUMBERED_HEADING.match(below)):
        return False
    if text.isupper() and not below.isupper():
        return True
    # A line that was broken to fit is about as long as those below it.
    return bool(_ENDS.search(rest[-1][1])) and (
        len(text) < _FULL * longest or (len(rest) == 1 and len(text) < _FULL * len(below))
    )


def _level(line: str) -> int:
    """Headings in capitals stand above others."""
    return _CAPITALS_LEVEL if line.isupper() else LINE_LEVEL


def _items(group: Sequence[Line]) -> Iterator[Block]:
    """Items, each with the lines that go on with it; deeper ones are indented further."""
    indents: list[int] = []
    waiting: tuple[int, str, str, int] | None = None  # number, marker, text, level
    for number, line in group:
        match = _ITEM.match(line)
        if match is None:
            if waiting:
                waiting = (*waiting[:2], _joined(waiting[2], line), waiting[3])
            continue
        if waiting:
            yield _item(*waiting)
        indent = len(match[1].expandtabs())
        while indents and indents[-1] > indent:
            indents.pop()
        if not indents or indents[-1] < indent:
            indents.append(indent)
        waiting = number, match[3] or "", line[match.end() :].strip(), len(indents)
    if waiting:
        yield _item(*waiting)


def _item(number: int, marker: str, text: str, level: int) -> Block:
    text = clean(text)
    marked = f"{marker} {text}" if marker else text
    return Block(marked, number, kind="item", level=level, marker=marker)


def _rows(group: Sequence[Line]) -> Iterator[Block]:
    """Lines in columns: a table where the first names them, else lines of their own."""
    cells = [tuple(clean(cell) for cell in _COLUMNS.split(line.strip())) for _, line in group]
    widths = {len(row) for row in cells}
    heads: tuple[str, ...] = ()
    if len(widths) == 1 and len(cells) > 2 and _names_columns(cells):  # noqa: PLR2004
        heads, cells, group = cells[0], cells[1:], group[1:]
    for (number, _), row in zip(group, cells, strict=True):
        yield Block(row_text(row, heads), number, kind="row", cells=row, heads=heads)


def _names_columns(cells: Sequence[tuple[str, ...]]) -> bool:
    """Whether the first of some rows names the columns: no digits in it, and some below it."""
    digits = [any(char.isdigit() for cell in row for char in cell) for row in cells]
    return not digits[0] and sum(digits[1:]) * 2 > len(digits) - 1


def _paragraphs(group: Sequence[Line]) -> Iterator[Block]:
    """A paragraph of joined lines, or lines that stand alone: they are short and begin anew."""
    texts = [line.strip() for _, line in group]
    alone = len(group) > 1 and max(map(len, texts)) < _SHORT_LINE
    if alone and all(not text[0].islower() for text in texts):
        yield from (
            Block(clean(text), number) for (number, _), text in zip(group, texts, strict=True)
        )
        return
    start, text = group[0][0], texts[0]
    for (_, before), (number, line) in pairwise(group):
        if _ITEM.match(line) and (before.rstrip().endswith(":") or text != before.strip()):
            yield Block(clean(text), start)
            rest = [part for part in group if part[0] >= number]
            yield from _items(rest)
            return
        text = _joined(text, line)
    yield Block(clean(text), start)


def _joined(text: str, line: str) -> str:
    """Two lines as one: without a space behind a hyphen or an @, as they are printed."""
    between = "" if text.endswith(("@", "-")) and not text.endswith(" -") else " "
    return f"{text}{between}{line.strip()}"
