"""Plain text, read: its headings, paragraphs, items and tables, which only its lines tell."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.formats import lines as looks
from bot.formats.document import LINE_LEVEL, QUESTION_LEVEL, Block, clean, row_text

_UNDERLINE = re.compile(r"(?:={3,}|-{3,})\s*")
_RULE = re.compile(r"[-=\s]+")

# A table has two rows and two columns; a list of names three lines, two may be a broken line.
_TABLE = 2
_NAMES = 3
# Words of a name above sentences, without a blank line between.
_NAME_WORDS = 4

Group = list[tuple[int, str]]


def plain_blocks(lines: list[str], numbers: list[int]) -> Iterator[Block]:
    """Yield the blocks of plain text; blank lines stand between them."""
    groups: list[Group] = [[]]
    for number, line in zip(numbers, lines, strict=True):
        if line.strip():
            groups[-1].append((number, line))
        elif groups[-1]:
            groups.append([])
    stripped = [line.strip() for line in lines]
    labelled = any(map(looks.after_question, stripped)) and any(
        looks.after_answer(line) is not None for line in stripped
    )
    for group, following in zip(groups, [*groups[1:], []], strict=True):
        below = looks.join([line for _, line in following])
        yield from _group(group, below, labelled)


def _group(group: Group, below: str, labelled: bool) -> Iterator[Block]:
    """Yield the blocks of lines without a blank one between them."""
    if len(group) > 1 and _UNDERLINE.fullmatch(group[1][1]):
        number, line = group[0]
        level = 1 if group[1][1].startswith("=") else 2
        yield Block(clean(line), number, kind="heading", level=level)
        group = group[2:]
    elif len(group) > 1 and _has_head(group):
        number, line = group[0]
        yield Block(clean(line), number, kind="heading", level=LINE_LEVEL)
        group = group[1:]
    if not group:
        return
    texts = [line.strip() for _, line in group]
    if len(group) == 1 and below and texts[0].endswith("?") and not below.endswith("?"):
        if not (labelled and looks.after_question(texts[0])):
            yield Block(clean(texts[0]), group[0][0], kind="heading", level=QUESTION_LEVEL)
            return
    elif len(group) == 1 and not looks.marker(texts[0]) and looks.is_heading_line(texts[0], below):
        yield Block(clean(texts[0]), group[0][0], kind="heading", level=LINE_LEVEL)
        return
    if rows := _rows(group):
        yield from rows
    else:
        yield from _running(group, texts, labelled)


def _has_head(group: Group) -> bool:
    """Return whether the first line heads the others: in capitals, or they are indented below."""
    first = group[0][1]
    if not looks.is_short(first):
        return False
    below = [line for _, line in group[1:]]
    if looks.marker(below[0].strip()) is not None:
        return first.isupper()
    indented = all(line.startswith(("  ", "\t")) for line in below)
    return first.isupper() or indented or _names(first.strip(), [line.strip() for line in below])


def _names(first: str, below: list[str]) -> bool:
    """Return whether a line of a few words names the sentences below it; a line that was broken to
    fit is longer.
    """
    return (
        len(first.split()) <= _NAME_WORDS
        and looks.is_heading_line(first, " ".join(below))
        and below[0][:1].isupper()
        and len(first) * 2 < len(below[0])
        and below[-1].endswith((".", "!", "?"))
    )


def _rows(group: Group) -> list[Block]:
    """Return the rows of a table whose columns are aligned; none if the lines are no table."""
    ruled = len(group) > _TABLE and _RULE.fullmatch(group[1][1]) is not None
    kept = [group[0], *group[2:]] if ruled else group
    rows = [[clean(cell) for cell in looks.columns(line)] for _, line in kept]
    width = len(rows[0])
    if len(rows) < _TABLE or width < _TABLE or any(len(row) != width for row in rows):
        return []
    if looks.marker(kept[0][1].strip()):
        return []
    numeric = [any(c.isdigit() for cell in row for c in cell) for row in rows]
    capitals = all(cell[:1].isupper() for cell in rows[0])
    has_heads = ruled or (capitals and not numeric[0] and any(numeric[1:]))
    heads = tuple(rows[0]) if has_heads else ()
    return [
        Block(row_text(row, heads), number, kind="row", cells=tuple(row), heads=heads)
        for (number, _), row in list(zip(kept, rows, strict=True))[has_heads:]
    ]


def _running(group: Group, texts: list[str], labelled: bool) -> Iterator[Block]:
    """Yield paragraphs, items, and questions with their answers."""
    one_a_line = len(texts) > 1 and (
        all(map(looks.is_pair, texts)) or (len(texts) >= _NAMES and all(map(looks.is_name, texts)))
    )
    # One number or dash within a sentence may have come to the start of a line.
    listed = sum(looks.item(text) is not None for text in texts) > 1
    keyed = not labelled and looks.is_key(texts[0]) and sum(map(looks.is_key, texts)) > 1
    indents: list[int] = []
    held: list[str] = []
    opened = Block("")
    for (number, line), text in zip(group, texts, strict=True):
        found = looks.item(text) if listed or not held or held[-1][-1:] in ".:;" else None
        key = keyed and looks.is_key(text)
        question = looks.after_question(text) if labelled else None
        answer = looks.after_answer(text) if labelled else None
        if held and not (found or question or answer is not None or one_a_line or key):
            held.append(text)
            continue
        yield from _closed(opened, held)
        if question:
            opened = Block("", number, kind="heading", level=QUESTION_LEVEL)
            held = [question]
        elif found:
            indent = len(line) - len(line.lstrip())
            while indents and indents[-1] >= indent:
                indents.pop()
            indents.append(indent)
            opened = Block("", number, kind="item", level=len(indents), marker=found[0])
            held = [f"{found[0]} {found[1]}".strip()]
        else:
            is_item = (one_a_line or keyed) and answer is None
            opened = Block("", number, kind="item" if is_item else "paragraph", level=int(is_item))
            held = [text if answer is None else answer]
    yield from _closed(opened, held)


def _closed(opened: Block, held: list[str]) -> Iterator[Block]:
    text = clean(looks.join(held))
    if text:
        yield Block(text, opened.line, None, opened.kind, opened.level, opened.marker)
