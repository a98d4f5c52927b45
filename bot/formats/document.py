"""What one file of the corpus says: its blocks and what it tells of itself."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from textwrap import dedent
from typing import Literal

from bot.errors import CorpusError, Problem
from bot.text.unit_headings import unit_heading

#: No text is longer; a book of 1,000 pages is about 3 MB. A saved page carries scripts as well.
MAX_BYTES = 10_000_000

# A line break within a passage is a space to its reader, with the blanks around it. Blanks are
# looked at from their first one on, since a line may be nothing but blanks.
_BREAK = re.compile(
    r"(?<![ \t])[ \t]++[\n\v\f\x85\u2028\u2029][ \t]*+|[\n\v\f\x85\u2028\u2029][ \t]*+"
)
# Control characters, and marks that turn the direction of what follows them: nobody reads them,
# and in a terminal or a message they would change how the text around a quote is shown.
_NOT_TEXT = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


BlockKind = Literal["heading", "paragraph", "item", "row", "code"]

#: The level of a heading that the format marks as such is 1 (outermost) to 6. A short line of its
#: own that stands for a heading is below all of them, a question with its answer below that.
LINE_LEVEL = 7
QUESTION_LEVEL = 8


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a document, in reading order; every format is read as these.

    A ``heading`` is above what follows, until one of its level or an outer one; one without text
    ends the section of its level. An ``item`` of a list follows its lead-in or the item that it is
    below of. A ``row`` of a table is its cells. ``code`` belongs to the paragraph or item before
    it.
    """

    text: str  #: on one line (code keeps its lines); of a row, see ``row_text``
    line: int | None = None  #: from 1, of a text file
    page: int | None = None  #: from 1, of a file that has pages
    kind: BlockKind = "paragraph"
    level: int = (
        0  #: of a heading, from 1, the outermost; of an item its depth in lists, from 1; of a
    )
    #: further paragraph of an item the same, else 0
    marker: str = ""  #: the number of an item as it is printed: "1.", "(a)", "iv)"; "" of a bullet
    cells: tuple[str, ...] = ()  #: of a row, as they stand, empty ones in their place
    heads: tuple[str, ...] = ()  #: the heads of the row's columns; () for a table without
    caption: str = ""  #: of the row's table


def row_text(cells: Sequence[str], heads: Sequence[str]) -> str:
    """Return a row as it is quoted: ``Plan: Student · Price per month: £12``.

    A cell whose column has no head stands alone; a row without any cell that holds text is "".
    """
    if not any(cells):
        return ""
    named = zip_longest(heads[: len(cells)], cells, fillvalue="")
    return " · ".join(f"{head}: {cell}".rstrip() if head else cell for head, cell in named)


@dataclass(frozen=True)
class Document:
    """What one file says."""

    path: Path
    blocks: tuple[Block, ...]
    title: str | None = None
    language: str | None = None
    date: datetime.date | None = None
    url: str | None = None
    note: str | None = None
    aliases: tuple[str, ...] = ()  #: other names that the file gives itself
    remarks: tuple[tuple[int | None, str], ...] = ()  #: what was not read: line, and what it is
    lines: dict[str, int] = field(default_factory=dict, compare=False)  #: of the front matter keys


def title_of(blocks: Sequence[Block], given: str | None) -> tuple[str | None, list[Block]]:
    """Return the title that a document's headings give it, and the blocks below it.

    The first heading is the title where it comes before all text and no other is of its level; a
    heading that says again what is ``given`` as the title is left out.
    """
    headings = [block for block in blocks if block.kind == "heading" and block.text]
    if not headings:
        return None, list(blocks)
    first = headings[0]
    rest = [block for block in blocks if block is not first]
    if given and " ".join(first.text.split()).casefold() == given.casefold():
        return first.text, rest
    begins = next(block for block in blocks if block.text) is first
    if first.level >= LINE_LEVEL and (not begins or _names_unit(first)):
        return None, list(blocks)
    alone = all(block.level > first.level for block in headings[1:])
    if (
        first.level <= LINE_LEVEL
        and (alone and begins)
        and not given
        and len(headings) < len(blocks)
    ):
        return first.text, rest
    return first.text, list(blocks)


def _names_unit(heading: Block) -> bool:
    """Whether a heading is a part's and not the document's: a question, or ``ARTICLE 2``."""
    return heading.level > LINE_LEVEL or unit_heading(heading.text, is_heading=True) is not None


def clean(text: str) -> str:
    """Return a text on one line, as it is quoted."""
    if text.isprintable():  # as most is: neither breaks nor what nobody reads
        return text.strip()
    return _NOT_TEXT.sub("", _BREAK.sub(" ", text)).strip()


def clean_code(text: str) -> str:
    """Return lines of code as they are shown: without the indentation that all of them have, and
    without what nobody reads.
    """
    lines = _NOT_TEXT.sub("", text).expandtabs(4).splitlines()
    return dedent("\n".join(line.rstrip() for line in lines)).strip("\n")


def problem(path: Path, line: int | None, reason: str) -> CorpusError:
    """Return what is wrong with one file, to be raised."""
    return CorpusError([Problem(path, line, reason)])
