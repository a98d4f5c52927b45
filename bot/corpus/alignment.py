"""A translation beside its original: whether the two line up, and where they drift apart.

The alignment is W. Gale and K. Church, "A Program for Aligning Sentences in Bilingual Corpora",
Computational Linguistics 19 (1993), https://aclanthology.org/J93-1004: a text and its translation
are about as long, so a dynamic program over lengths in characters finds what belongs together, one
and one, one alone, or one and two. Numbers and names that both sides share count as well, after
M. Simard, G. Foster and P. Isabelle, "Using Cognates to Align Sentences in Bilingual Corpora",
TMI 1992.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.corpus.model import Passage, Passages, Rendering
from bot.errors import Numbered, Problem, Row, SideBySide
from bot.text.tokens import fold, tokenize

#: The variance of a translation's length per character of the original (Gale and Church, 1993).
VARIANCE = 6.8

# How likely each bead is a priori (the same, table 5): what of the original goes with what of the
# translation. Two and two is left out, since it is no drift.
_BEADS = {(1, 1): 0.89, (1, 0): 0.0099, (0, 1): 0.0099, (2, 1): 0.089, (1, 2): 0.089}

# What numbers and names are worth in nats, if all are shared. Of 25 passages of XQuAD, with one
# left out or two joined, the drift is found exactly where it is in 84 % of German, Spanish and
# Russian translations by length alone, in 96 % with 8 and in 97 % with 16.
_SHARED = 16.0

# Letters that two words have in common if they are cognates (Simard, Foster and Isabelle, 1992).
_STEM = 4

# No length costs more, in nats: the tail of the normal distribution is 0 to a computer soon after.
_LONGEST_COST = 600.0

# Longer texts are aligned piece by piece, so that time grows with length: drift is looked for in
# so many units, then in as many from the middle of them on, and so often at most.
_WINDOW = 60
_WINDOWS = 20

# Of each text, characters in which numbers and names are looked for, and that are shown.
_READ = 4000
_LONGEST_TEXT = 300
_LONGEST_BEGINNING = 160  # of a passage beside others

# Stands before the number of a passage where passages are shown, not their sentences.
_PASSAGE = "¶ "

# Rows that are shown of two passages, and how many pairs of passages are shown of one file.
_MOST_ROWS = 8
_MOST_PAIRS = 3


def deviation(original: int, translation: int, ratio: float = 1.0) -> float:
    """By how many standard deviations a translation is longer than its original lets expect.

    Lengths are in characters; ``ratio`` is the usual one of the two languages. This is Gale and
    Church's delta with the mean of both lengths, as in their program, so that neither side leads.
    """
    mean = (original * ratio + translation) / 2
    return (translation - original * ratio) / math.sqrt(mean * VARIANCE) if mean else 0.0


@dataclass(frozen=True, slots=True)
class _Unit:
    """A passage or sentence that is aligned."""

    text: str
    marks: frozenset[str]  #: its numbers and what is written with a capital


def misaligned(
    path: Path, translation: Rendering, source: Path, original: Rendering
) -> list[Problem]:
    """Where a translation, read from ``path``, has other passages or sentences than its original.

    Where the numbers of passages differ that is one problem, which tells the first place where one
    side has a passage that the other lacks; otherwise one for each passage, the first few with the
    two side by side.
    """
    theirs, ours = len(translation.passages), len(original.passages)
    if theirs != ours:
        pair = SideBySide(source.name, path.name, _drift(original, translation))
        reason = (
            f"has {_counted(theirs, 'passage')} where {source.name} has {ours}"
            f"{_told(pair)}; align the two"
        )
        return [Problem(path, None, reason, pair)]
    problems: list[Problem] = []
    for number, (ours_p, theirs_p) in enumerate(
        zip(original.passages, translation.passages, strict=True), 1
    ):
        theirs, ours = len(theirs_p.sentences), len(ours_p.sentences)
        if theirs != ours:
            line = "" if ours_p.line is None else f":{ours_p.line}"
            reason = (
                f"passage {number}{_on(theirs_p)} has {_counted(theirs, 'sentence')} where "
                f"{source.name}{line}{_on(ours_p)} has {ours}; align the two"
            )
            names = f"{source.name}, passage {number}", f"{path.name}, passage {number}"
            rows: tuple[Row, ...] = ()
            if len(problems) < _MOST_PAIRS:
                left = [span.of(original.text) for span in ours_p.sentences]
                right = [span.of(translation.text) for span in theirs_p.sentences]
                rows = _rows(left, right)
            problems.append(Problem(path, theirs_p.line, reason, SideBySide(*names, rows)))
    return problems


def pair(original: Rendering, translation: Rendering) -> npt.NDArray[np.int32] | None:
    """Return the number of the original's sentence that each of a translation's translates, -1 for
    none; None where sentences stand one beside one throughout.

    Passages are paired within sections where both have as many sections, else throughout; then the
    sentences of each two passages.
    """
    ours, theirs = original.passages, translation.passages
    sentence, section = Passages.SENTENCE, Passages.SECTION
    if np.array_equal(ours.places[:, sentence], theirs.places[:, sentence]) and len(
        ours.spans
    ) == len(theirs.spans):
        return None
    pairs = np.full(len(theirs.spans), -1, np.int32)
    by_section = len(original.sections) == len(translation.sections)
    parts = range(len(original.sections) + 1) if by_section else (None,)
    for part in parts:
        left, right = (
            np.arange(len(side))
            if part is None
            else np.flatnonzero(side.places[:, section] == part)
            for side in (ours, theirs)
        )
        texts = _texts(original, left.tolist()), _texts(translation, right.tolist())
        for i, j in _one_to_one(*texts):
            one, other = ours[int(left[i])], theirs[int(right[j])]
            first = ours.places[left[i], sentence], theirs.places[right[j], sentence]
            beads = _one_to_one(
                [span.of(original.text) for span in one.sentences],
                [span.of(translation.text) for span in other.sentences],
            )
            for a, b in beads:
                pairs[first[1] + b] = first[0] + a
    return pairs


def _texts(rendering: Rendering, numbers: Sequence[int]) -> list[str]:
    return [rendering.passages[number].span.of(rendering.text) for number in numbers]


def _one_to_one(left: Sequence[str], right: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Which of two runs of texts belong together one to one, by their numbers from 0."""
    if len(left) == len(right):
        yield from zip(range(len(left)), range(len(right)), strict=True)
        return
    i = j = 0
    for ours, theirs in align(left, right):
        if ours == theirs == 1:
            yield i, j
        i, j = i + ours, j + theirs


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def _on(passage: Passage) -> str:
    """Return the page of a passage, as it is added to its number."""
    return f" (p. {passage.page})" if passage.page else ""


def _drift(original: Rendering, translation: Rendering) -> tuple[Row, ...]:
    """Return the first place where passages drift apart, with what stands before and behind it."""
    left = [p.span.of(original.text) for p in original.passages]
    right = [p.span.of(translation.text) for p in translation.passages]
    return _rows(left, right, _PASSAGE)


def _told(pair: SideBySide) -> str:
    """Return the same in words; nothing if it was not found."""
    odd = next((row for row in pair.rows if not row.level), None)
    if odd is None:
        return ""
    if not odd.right:
        return f"; {_named(odd.left)} of {pair.left} seems to be missing here"
    if not odd.left:
        return f"; {_named(odd.right)} seems to be missing in {pair.left}"
    verb = "seems" if len(odd.left) == 1 else "seem"
    return f"; {_named(odd.left)} of {pair.left} {verb} to be {_named(odd.right)} here"


def _named(side: Numbered) -> str:
    """``passages 2 and 3``."""
    numbers = [number.removeprefix(_PASSAGE) for number, _ in side]
    return f"passage{'s' * (len(numbers) > 1)} {' and '.join(numbers)}"


def _rows(left: Sequence[str], right: Sequence[str], mark: str = "") -> tuple[Row, ...]:
    """Return what belongs together, in order: all of it if it is short, else around the first
    drift.
    """
    beads = align(left, right)
    odd = next((n for n, bead in enumerate(beads) if not _is_level(bead)), 0)
    first = 0 if len(beads) <= _MOST_ROWS and not mark else max(0, odd - 1)
    last = first + _MOST_ROWS if not mark else odd + 2
    rows: list[Row] = []
    i = j = 0
    for number, (ours, theirs) in enumerate(beads[:last]):
        if number >= first:
            one = _numbered(left, i, i + ours, mark)
            rows.append(Row(one, _numbered(right, j, j + theirs, mark)))
        i, j = i + ours, j + theirs
    return tuple(rows)


def _numbered(texts: Sequence[str], start: int, end: int, mark: str) -> Numbered:
    longest = _LONGEST_BEGINNING if mark else _LONGEST_TEXT
    return tuple((f"{mark}{n + 1}", _clipped(texts[n], longest)) for n in range(start, end))


def _clipped(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _is_level(bead: tuple[int, int]) -> bool:
    return bead == (1, 1)


def align(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int]]:
    """How many of each side belong together, in order: (1, 1), (1, 0), (0, 1), (2, 1) or (1, 2).

    Of long texts only the part up to the first drift is sure to be told; the beads end there.
    """
    if max(len(left), len(right)) <= _WINDOW:
        return _aligned(_units(left), _units(right))
    beads: list[tuple[int, int]] = []
    for _ in range(_WINDOWS):
        start = len(beads)  # every bead so far is one and one
        part = _aligned(
            _units(left[start : start + _WINDOW]), _units(right[start : start + _WINDOW])
        )
        ending = len(left) - start <= _WINDOW and len(right) - start <= _WINDOW
        odd = next((n for n, bead in enumerate(part) if not _is_level(bead)), len(part))
        # What is cut off at a window's end drifts for that reason alone.
        if ending or odd < _WINDOW // 2:
            return beads + part
        beads += part[: _WINDOW // 2]
    return beads


def _units(texts: Iterable[str]) -> list[_Unit]:
    return [_Unit(text, _marks(text)) for text in texts]


def _marks(text: str) -> frozenset[str]:
    """Numbers and capitalised words, folded: what translations mostly keep."""
    return frozenset(
        fold(word)[:_STEM]
        for word in tokenize(text[:_READ])
        if word[0].isdigit() or (len(word) >= _STEM and word[0].isupper())
    )


def _aligned(left: Sequence[_Unit], right: Sequence[_Unit]) -> list[tuple[int, int]]:
    """Return the beads of the least cost."""
    lengths = [sum(len(unit.text) for unit in side) for side in (left, right)]
    ratio = lengths[1] / lengths[0] if lengths[0] and lengths[1] else 1.0
    # Where one side lacks something the ratio of what they share is nearer to one than that.
    ratio = min(max(ratio, 0.8), 1.25)
    best: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {(0, 0): (0.0, (0, 0))}
    for i in range(len(left) + 1):
        for j in range(len(right) + 1):
            for bead, prior in _BEADS.items():
                before = best.get((i - bead[0], j - bead[1]))
                if before is None:
                    continue
                cost = before[0] - math.log(prior)
                if bead[0] and bead[1]:
                    cost += _cost(left[i - bead[0] : i], right[j - bead[1] : j], ratio)
                if (i, j) not in best or cost < best[i, j][0]:
                    best[i, j] = cost, bead
    beads = []
    i, j = len(left), len(right)
    while i or j:
        bead = best[i, j][1]
        beads.append(bead)
        i, j = i - bead[0], j - bead[1]
    return beads[::-1]


def _cost(left: Sequence[_Unit], right: Sequence[_Unit], ratio: float) -> float:
    """How unlikely it is that texts translate each other, in nats; less than 0 if they share."""
    delta = deviation(
        sum(len(unit.text) for unit in left), sum(len(unit.text) for unit in right), ratio
    )
    # Twice the tail of the normal distribution, as in Gale and Church.
    tail = math.erfc(abs(delta) / math.sqrt(2))
    cost = min(_LONGEST_COST, -math.log(tail)) if tail else _LONGEST_COST
    ours = frozenset[str]().union(*(unit.marks for unit in left))
    theirs = frozenset[str]().union(*(unit.marks for unit in right))
    if ours and theirs:
        cost -= _SHARED * len(ours & theirs) / max(len(ours), len(theirs))
    return cost
