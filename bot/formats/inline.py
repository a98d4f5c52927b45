"""What formats with styles share: marks within a line, and lines that are headings or questions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.formats.document import LINE_LEVEL, QUESTION_LEVEL, Block
from bot.text.unit_headings import unit_heading

_SUPERSCRIPTS = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_SUBSCRIPTS = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_RAISED = re.compile(r"[0-9+\-−=()n]{1,6}")
# 1er, 2e, 3rd, Mme, XXIe: letters that are raised belong to what they stand behind.
# A power stands behind a short number, a unit or a variable; a year or a word has a note.
_TAKES_POWER = re.compile(
    r"(?:^|[^\w.,])\(?(?:\d{1,3}|(?:\d+\s?)?(?:[kcdmµn]?m|mc|in|ft|mi|yd|[a-zA-Z])|[^()]{0,40}\))$"
)
_TAKES_LETTERS = re.compile(r"(?:\d|(?:^|[^\w])(?:[IVXLCDM]+|[A-Z]|n|N|no|No))$")
_RAISED_LETTERS = re.compile(r"[^\W\d_]{1,4}\.?")

#: A heading without a style is no longer, in characters; most of legal texts are under 80
#: (EU Interinstitutional Style Guide, 2.2).
LONGEST_LINE_HEADING = 90
_LONGEST_QUESTION = 200
# Of the heads of columns in use few are longer than a line.
_LONGEST_HEAD = 60

_LABEL = re.compile(r"(?:Q(?:uestion)?|F(?:rage)?)\s?\d{0,3}\s?[:.)]\s*(?=\S)", re.IGNORECASE)
_ANSWER_LABEL = re.compile(
    r"(?:A(?:nswer)?|R(?:[ée]ponse)?|Antwort)\s?\d{0,3}\s?[:.)]\s*(?=\S)", re.IGNORECASE
)
_ENDS = re.compile(r"[.!;,:…][\s\"'”’»)*_]*$")
_ASKS = re.compile(r"\?[\s\"'”’»)*_]*$")


def raised(text: str, before: str = "") -> str:
    """Return a superscript as it reads behind what stands before it: ⁶ of 10⁶, ``er`` of 1er,
    `` [7]``, the mark of a note, which is no part of a word or a number.
    """
    bare = text.strip()
    if not bare:
        return ""
    signed = any(sign in bare for sign in "+-−=n")
    if _RAISED.fullmatch(bare) and (signed or _TAKES_POWER.search(before)):
        return bare.translate(_SUPERSCRIPTS)
    if _RAISED_LETTERS.fullmatch(bare):
        if bare.casefold() in ("tm", "sm"):
            return {"tm": "™", "sm": "℠"}[bare.casefold()]
        if _TAKES_LETTERS.search(before):
            return bare
    return f" {bare}" if bare[0] in "[(" else f" [{bare}]"


def first_row_names_columns(grid: Sequence[Sequence[str]]) -> bool:
    """Return whether a table's first row, which nothing marks, holds the heads of its columns: it
    has no digits, each cell is filled and short, and most of the rows below have digits.
    """
    if len(grid) < 2 or len(grid[0]) < 2 or not all(grid[0]):  # noqa: PLR2004
        return False
    if any(len(cell) > _LONGEST_HEAD or _ENDS.search(cell) for cell in grid[0]):
        return False
    digits = [any(char.isdigit() for cell in row for char in cell) for row in grid]
    return not digits[0] and sum(digits[1:]) * 2 > len(digits) - 1


def lowered(text: str) -> str:
    """Return a subscript as it reads: ₂ of H₂O."""
    bare = text.strip()
    return bare.translate(_SUBSCRIPTS) if _RAISED.fullmatch(bare) else bare


def line_heading(text: str) -> Block | None:
    """Return the heading that a line in bold, of its own, is; None for one that is text.

    A question is one however it is labelled; another line ends without a mark and is short.
    """
    labelled = _LABEL.match(text)
    bare = text[labelled.end() :] if labelled else text
    if labelled or _ASKS.search(bare):
        if len(bare) <= _LONGEST_QUESTION:
            return Block(bare, kind="heading", level=QUESTION_LEVEL)
        return None
    if len(text) <= LONGEST_LINE_HEADING and not _ENDS.search(text):
        return Block(text, kind="heading", level=LINE_LEVEL)
    return None


def labelled_question(text: str) -> str | None:
    """Return a question without its label, ``Q:``; None for what has none."""
    label = _LABEL.match(text)
    return text[label.end() :] if label else None


def without_answer_label(text: str) -> str:
    """Return an answer without its label, ``A:``."""
    label = _ANSWER_LABEL.match(text)
    return text[label.end() :] if label else text


def question_alone(text: str) -> Block | None:
    """Return the heading that a paragraph ``Q: … ?`` is; None for another."""
    asked = labelled_question(text)
    if asked and _ASKS.search(asked) and len(asked) <= _LONGEST_QUESTION:
        return Block(asked, kind="heading", level=QUESTION_LEVEL)
    return None


def answer_text(blocks: list[Block], text: str) -> str:
    """Return a paragraph without ``A:`` where it answers the last of ``blocks``, which becomes a
    heading if it is a paragraph ``Q: …``.
    """
    bare = without_answer_label(text)
    last = blocks[-1] if blocks else None
    if last is None or bare == text:
        return text
    if last.kind == "paragraph" and (asked := labelled_question(last.text)):
        last = replace(last, text=asked, kind="heading", level=QUESTION_LEVEL)
        blocks[-1] = last
    return bare if (last.kind, last.level) == ("heading", QUESTION_LEVEL) else text


def question_and_answer(text: str) -> tuple[str, str] | None:
    """Return the question and the answer of lines ``Q: …`` and ``A: …``; None for others."""
    first, _, rest = text.partition("\n")
    asked = labelled_question(first.strip())
    if asked is None or not rest.strip():
        return None
    lines = rest.split("\n")
    for number, line in enumerate(lines):
        if _ANSWER_LABEL.match(line.strip()):
            question = " ".join([asked, *(part.strip() for part in lines[:number])])
            answer = "\n".join([without_answer_label(line.strip()), *lines[number + 1 :]])
            return question, answer
    return None


def with_unit_headings(blocks: Sequence[Block]) -> list[Block]:
    """Return blocks in which a paragraph that is no more than a unit's number, ``Article 2``, is a
    heading, and so is the short line below it, its title.
    """
    found = list(blocks)
    for number, block in enumerate(blocks[:-1]):
        if not _is_line(block):
            continue
        unit = unit_heading(block.text)
        alone = unit and unit.text_start is None and not unit.title
        below = number and _is_unit(found[number - 1]) and blocks[number + 1].kind != "heading"
        if alone or below:
            found[number] = replace(block, kind="heading", level=LINE_LEVEL)
    return found


def _is_line(block: Block) -> bool:
    """Whether a block is a paragraph as short as a heading, without a mark at its end."""
    heading = line_heading(block.text) if block.kind == "paragraph" else None
    return heading is not None and heading.level == LINE_LEVEL


def _is_unit(block: Block) -> bool:
    unit = unit_heading(block.text) if block.kind == "heading" else None
    return unit is not None and not unit.title
