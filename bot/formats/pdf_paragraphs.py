"""Lines as they are drawn on pages, put together to paragraphs.

A PDF knows no paragraphs. A line begins one where it stands apart from the one above, is drawn
larger, smaller or in bold, is indented, begins with a marker, or where its first word would have
fitted above.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.formats.document import LINE_LEVEL
from bot.formats.lines import item
from bot.formats.pdf_edges import NOTE
from bot.formats.pdf_hyphens import is_initial
from bot.formats.pdf_lines import BULLET, Line
from bot.formats.pdf_tables import Row, with_tables
from bot.text.language import is_stop_word
from bot.text.tokens import fold

# In units of the size of the letters, or of the usual distance of two lines.
_SAME_LINE = 0.4
#: How far a line is indented.
INDENT = 0.6
_APART = 1.25
_LARGER = 1.15
_USUAL_LEADING = 1.3

_ENDS_LIKE_A_SENTENCE = re.compile(r"[.!?…:][\s\"'”’»)\]\d]*$|[»”\"]\s*$")
# What an item ends with where another one follows.
_ITEM_ENDS = re.compile(r"(?:[.:;,!?]|\b(?:and|or|et|ou))$")
# What stands before a paragraph in capitals: DATES: FOR FURTHER INFORMATION:
_LABEL = re.compile(r"[A-ZÀ-Þ]{3}[A-ZÀ-Þ ]{0,40}:\s")
_WORD = re.compile(r"[\w-]+")

#: The lines of a paragraph, or a row of a table.
Group = list[Line] | Row


@dataclass(frozen=True)
class Look:
    """How most of a file looks: what differs from it is no running text."""

    size: float  #: of most letters
    leading: float  #: the distance of two lines of a paragraph, in units of their size
    words: Counter[str]
    is_bold: bool  #: whether most letters are
    larger: tuple[float, ...]  #: the sizes of headings, the largest first

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Look:
        """Return how these lines look, most of them."""
        size = _usual_size(lines)
        bold = sum(len(line.text) for line in lines if line.bold)
        larger = {round(line.size) for line in lines if line.size > _LARGER * size}
        return cls(
            size,
            _usual_leading(lines),
            Counter(word.lower() for line in lines for word in _WORD.findall(line.text)),
            2 * bold > sum(len(line.text) for line in lines),
            tuple(sorted(larger, reverse=True)),
        )

    def level(self, line: Line) -> int:
        """Return the level of a heading as large as a line; 0 for the size of the text."""
        if line.size <= _LARGER * self.size:
            return 0
        return min(self.larger.index(round(line.size)) + 1, LINE_LEVEL - 1)


def groups_of(lines: Sequence[Line], look: Look) -> list[Group]:
    """Return the lines of each paragraph, and rows."""
    groups: list[Group] = []
    paragraph: list[Line] = []
    above: Line | None = None
    for line in with_tables(lines):
        if isinstance(line, Row):
            groups.append(line)
            above = None
        elif above is None or _begins(above, line, look):
            paragraph = [line]
            groups.append(paragraph)
            above = line
        else:
            paragraph.append(line)
            above = line
    return groups


def _usual_size(lines: Iterable[Line]) -> float:
    """Return the size of most letters."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0]


def _usual_leading(lines: Sequence[Line]) -> float:
    """Return the distance of two lines of one paragraph, in units of their size: the median where
    the first is full and ends no sentence.
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


def _same_size(one: Line, other: Line) -> bool:
    return max(one.size, other.size) <= _LARGER * min(one.size, other.size)


def _begins(above: Line, line: Line, look: Look) -> bool:
    """Whether a line begins a paragraph of its own."""
    if is_initial(above.text, line.text):
        return False
    if not _same_size(above, line) or BULLET.match(line.text) or above.turned != line.turned:
        return True
    if line.page != above.page or line.y > above.y:  # a new page or column: a sentence may go on
        goes_on = line.text[0].islower() or _is_open(above.text) or above.is_full
        return _has_ended(above) or not goes_on
    if above.y - line.y > _APART * look.leading * line.size:
        return True
    if above.bold != line.bold and not above.is_full:
        return above.bold or _has_ended(above)
    return _is_marked(above, line, look) or (_has_ended(above) and _is_set_off(above, line))


def _has_ended(line: Line) -> bool:
    return _ENDS_LIKE_A_SENTENCE.search(line.text) is not None


def _is_marked(above: Line, line: Line, look: Look) -> bool:
    """Whether a line begins with what a paragraph begins with: the marker of an item, a label, at
    the foot of a page the number of a note.
    """
    if item(line.text):
        return _ITEM_ENDS.search(above.text) is not None or not above.is_full
    is_note = line.size * _LARGER < look.size and NOTE.match(line.text)
    return _has_ended(above) and bool(is_note or _LABEL.match(line.text))


def _is_set_off(above: Line, line: Line) -> bool:
    """Whether a line is indented, or its first word would have fitted above."""
    indented = line.x > above.x + INDENT * line.size
    return indented or above.has_room_for(line.text.split(maxsplit=1)[0])


def _is_open(text: str) -> bool:
    """Whether a line ends in a word after which no sentence ends: *by the*."""
    last = fold(text.rpartition(" ")[2])
    return text[-1:].islower() and any(is_stop_word(last, language) for language in ("en", "fr"))
