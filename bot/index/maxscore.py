"""The best places for several words without looking at every place that holds one of them.

MaxScore (Turtle and Flood, Information Processing & Management 31, 1995): words are taken by the
most that they can add to a score. Once enough places are above what all further words can add
together, no place that holds none of the words so far can be among the best. The further words,
which are common and stand in most places, are then only looked up in those that can.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bot.index.arrays import Floats, Ints

#: With fewer places left to add than this, to add them is faster than to find out that they need
#: not be: 60 microseconds, measured by tests.benchmarks.speed.
FEW = 20_000

# Up to so many places Python's own sort is faster than numpy's functions are called.
_SHORT = 500


class WeightedPostings(NamedTuple):
    """A term that may stand for a word: where it stands, and what it adds to the score there."""

    places: Ints  #: in order
    weights: Floats
    factor: float  #: times its weight is what it adds to a place
    most: float  #: as much or more than it adds to any place


def best_places(
    words: Sequence[Sequence[WeightedPostings]], blank: tuple[Floats, Floats], count: int
) -> tuple[Ints, Floats]:
    """The ``count`` places with the highest sums over words of the best way of each, and the sums:
    best first, ties in order. ``blank`` are two arrays of zeros, one for each place; so they are
    left.
    """
    scores, best = blank
    left = sum([len(postings.places) for alternatives in words for postings in alternatives])
    # All at once, or word by word where it may pay to stop.
    steps = (
        [words]
        if left <= FEW
        else [[alternatives] for alternatives in sorted(words, key=_most, reverse=True)]
    )
    found: list[Ints] = []
    terms = 0
    for number, step in enumerate(steps, 1):
        found.append(_add(scores, step, best))
        terms += sum(map(len, step))
        left -= len(found[-1])
        rest = [alternatives for later in steps[number:] for alternatives in later]
        if left > FEW and (ending := _early_end(scores, found, terms, rest, count)):
            places, total = ending
            break
    else:
        places, total, _ = _leading(scores, found, terms, count)
    for of_one in found:
        scores[of_one] = 0
    return _best(places, total, count)


def _add(scores: Floats, words: Sequence[Sequence[WeightedPostings]], best: Floats) -> Ints:
    """Add the best way of each word, in turn, to each place, and return all places, which may stand
    there for several terms; ``best`` is 0 everywhere, and again after it.
    """
    places = [postings.places for alternatives in words for postings in alternatives]
    added: list[Floats] = []
    for alternatives in words:
        if len(alternatives) == 1:
            added.append(alternatives[0].factor * alternatives[0].weights)
            continue
        for postings in alternatives:
            best[postings.places] = np.maximum(
                best[postings.places], postings.factor * postings.weights
            )
        for postings in alternatives:  # a place of several ways takes it from the first
            added.append(best[postings.places])
            best[postings.places] = 0
    if not places:
        return np.zeros(0, np.int32)
    of_all = np.concatenate(places)
    np.add.at(scores, of_all, np.concatenate(added))
    return of_all


def _leading(
    scores: Floats, found: Sequence[Ints], terms: int, count: int, further: float = 0.0
) -> tuple[Ints, Floats, float]:
    """Those of the places found that can be among the best, in any order and some of them twice,
    their scores, and a score that the last of the best has at least. ``further`` is the most that
    any place can still get; a place was found for each of its ``terms``, so this often at most.
    """
    places = np.concatenate(found) if len(found) > 1 else found[0]
    so_far = scores[places]
    rank = count * terms
    if rank >= len(so_far):
        return places, so_far, 0.0
    least = float(np.partition(so_far, -rank)[-rank])
    possible = so_far + further >= least
    return places[possible], so_far[possible], least


def _early_end(
    scores: Floats,
    found: Sequence[Ints],
    terms: int,
    rest: Sequence[Sequence[WeightedPostings]],
    count: int,
) -> tuple[Ints, Floats] | None:
    """The places that can be among the best and their sums, where no other place can; else None."""
    further = sum(map(_most, rest))
    possible, _, least = _leading(scores, found, terms, count, further)
    if further >= least:
        return None
    places = np.sort(possible)
    places = places[np.diff(places, prepend=-1) > 0]
    total = scores[places]
    for alternatives in rest:
        total += np.max([_looked_up(postings, places) for postings in alternatives], axis=0)
    if len(places) > count:
        kept = total >= np.partition(total, -count)[-count]
        places, total = places[kept], total[kept]
    return places, total


def _most(alternatives: Sequence[WeightedPostings]) -> float:
    """The most that a word adds to any place."""
    return max(postings.most for postings in alternatives)


def _looked_up(postings: WeightedPostings, places: Ints) -> Floats:
    """What a way adds to some places, which are in order."""
    if not len(postings.places):
        return np.zeros(len(places))
    at = np.searchsorted(postings.places, places)
    at[at == len(postings.places)] = 0
    there = postings.places[at] == places
    return np.where(there, postings.factor * postings.weights[at], 0.0)


def _best(places: Ints, scores: Floats, count: int) -> tuple[Ints, Floats]:
    """The best of some places, of which some may stand there twice, and their scores."""
    if len(places) > _SHORT:  # there are many equals
        places, first = np.unique(places, return_index=True)
        scores = scores[first]
        order = np.argsort(-scores, kind="stable")[:count]
        return places[order], scores[order]
    score_of = dict(zip(places.tolist(), scores.tolist(), strict=True))
    best = sorted(sorted(score_of), key=score_of.__getitem__, reverse=True)[:count]
    return (
        np.array(best, dtype=np.int32),
        np.array([score_of[place] for place in best], dtype=np.float64),
    )
