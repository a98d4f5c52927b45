"""Lines as they are drawn on pages, joined to paragraphs.

A PDF knows no paragraphs. A line begins one where it stands apart from the one above, is drawn
larger or smaller, is indented, begins with a bullet, or where its first word would have fitted
above. Running heads and page numbers are left out; a heading, drawn larger than the text, is no
passage, as in Markdown.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise, takewhile

from bot.formats.document import LINE_LEVEL, Block, clean
from bot.formats.lines import marker
from bot.text.language import is_stop_word
from bot.text.tokens import fold

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

# What a note at a page's foot begins with.
_NOTE = re.compile(r"[(\[]?(?:\d{1,3}|[*†‡§¹²³⁴-⁹])")

_BULLET = re.compile(r"^(?:[•▪◦●■‣\ue000-\uf8ff]\s*)+")
_ENDS_LIKE_A_SENTENCE = re.compile(r"[.!?…:][\s\"'”’»)\]\d]*$|[»”\"]\s*$")
_LAST_PIECE = re.compile(r"(?<![^\W\d_])([^\W\d_]++)[-\u2010\u00ad]$")
_LAST_HYPHEN = re.compile(r"\w[-\u2010]$")
_LAST_STOP = re.compile(r"[.!…]$")
_WORD = re.compile(r"[\w-]+")
_DIGITS = re.compile(r"\d+")
# How much of what is joined is looked at where the next line is: more than any word.
_SEEN = 100  # characters
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
class Line:
    """One line as it is drawn: its left end and height on the page, and its letters' size."""

    page: int
    x: float
    y: float
    size: float
    text: str


def without_running_heads(lines: Sequence[Line]) -> list[Line]:
    """Return the lines without page numbers and those at the edge of many pages."""
    pages: dict[int, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    edges: dict[int, list[Line]] = {}
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


def _masked(line: Line) -> tuple[str, int]:
    """Return a line without its numbers, and its height: what a running head has on every page."""
    return _DIGITS.sub("0", line.text), round(line.y / 4)


def paragraphs_of(lines: Sequence[Line]) -> tuple[list[str], tuple[Block, ...]]:
    """Headings and paragraphs."""
    if not lines:
        return [], ()
    usual = _usual_size(lines)
    leading = _usual_leading(lines)
    longest = max(len(line.text) for line in lines)
    words = Counter(word.lower() for line in lines for word in _WORD.findall(line.text))
    notes = _notes(lines, usual)
    blocks = _blocks([line for line in lines if line not in notes], leading, longest)
    for note in _blocks([line for line in lines if line in notes], leading, longest):
        place = sum(block[0].page <= note[0].page for block in blocks)
        blocks.insert(place, note)
    headings: list[str] = []
    paragraphs: list[Block] = []
    for block in blocks:
        page = block[0].page
        text = clean(_BULLET.sub("", _joined([line.text for line in block], words)))
        larger = block[-1].size > _LARGER * usual and len(text) <= _LONGEST_HEADING
        if larger and not _LAST_STOP.search(text):
            headings.append(text)
            paragraphs.append(Block(text, page=page, kind="heading", level=LINE_LEVEL))
        elif text and ((printed := marker(text)) or _BULLET.match(block[0].text)):
            number = printed[0] if printed else ""
            paragraphs.append(Block(text, page=page, kind="item", level=1, marker=number))
        elif text:
            paragraphs.append(Block(text, page=page))
    return headings, tuple(paragraphs)


def _notes(lines: Sequence[Line], usual: float) -> frozenset[Line]:
    """Return the lines of notes: in smaller letters at the foot of a page, from a number or sign.

    They are read behind the paragraph that goes on overleaf.
    """
    found: set[Line] = set()
    for _, on_page in groupby(lines, key=lambda line: line.page):
        foot = list(takewhile(lambda line: line.size * _LARGER < usual, reversed(list(on_page))))
        if foot and _NOTE.match(foot[-1].text):
            found.update(foot)
    return frozenset(found)


def _blocks(lines: Sequence[Line], leading: float, longest: int) -> list[list[Line]]:
    """Return the lines of each paragraph."""
    blocks = [[line] for line in lines[:1]]
    for above, line in pairwise(lines):
        if _begins(above, line, leading, longest):
            blocks.append([line])
        else:
            blocks[-1].append(line)
    return blocks


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


def _begins(above: Line, line: Line, leading: float, longest: int) -> bool:
    """Whether a line begins a paragraph of its own."""
    if _is_initial(above.text, line.text):
        return False
    if not _same_size(above, line) or _BULLET.match(line.text):
        return True
    ended = bool(_ENDS_LIKE_A_SENTENCE.search(above.text))
    fall = above.y - line.y
    if line.page != above.page or fall < 0:  # a new page or column: a sentence may go on
        return ended or not (line.text[0].islower() or _is_open(above.text))
    if fall > _APART * leading * line.size:
        return True
    if not ended:
        return False
    first = line.text.split(maxsplit=1)[0]
    indented = line.x > above.x + _INDENT * line.size
    return indented or len(above.text) + 1 + len(first) < _FULL * longest


def _is_open(text: str) -> bool:
    """Whether a line ends in a word after which no sentence ends: *by the*."""
    last = fold(text.rpartition(" ")[2])
    return text[-1:].islower() and any(is_stop_word(last, language) for language in ("en", "fr"))


def _joined(texts: Sequence[str], words: Counter[str]) -> str:
    """Lines as one text, without the hyphens that only end a line."""
    parts, end = [texts[0]], texts[0]
    for text in texts[1:]:
        last, first = _LAST_PIECE.search(end), _FIRST_WORD.match(text)
        cut, between = end.endswith("\u00ad"), ""
        if last and first and first[0][0].islower():
            cut = cut or not _keeps_hyphen(last[1].lower(), first[0].lower(), words)
        elif not (cut or _LAST_HYPHEN.search(end) or _is_initial(end, text)):
            between = " "
        if cut:
            parts[-1], end = parts[-1][:-1], end[:-1]
        parts.append(between + text)
        end = (end + between + text)[-_SEEN:]
    return "".join(parts)


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
