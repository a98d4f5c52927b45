"""The best places for several words without looking at every place that holds one of them.

MaxScore (Turtle and Flood, Information Processing & Management 31, 1995): words are taken by the
most that they can add to a score. Once enough places are above what all further words can add
together, no place that holds none of the words so far can be among the best. The further words,
which are common and stand in most places, are then only looked up in those that can.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.retrieval.arrays import Floats, Ints


@dataclass(frozen=True, slots=True)
class Way:
    """A term that may stand for a word: where it stands, and what it adds to the score there."""

    places: Ints  #: in order
    weights: Floats
    factor: float  #: times its weight is what it adds to a place
    most: float  #: as much or more than it adds to any place

    def added(self, places: Ints) -> Floats:
        """What it adds to some places, which are in order."""
        if not len(self.places):
            return np.zeros(len(places))
        at = np.searchsorted(self.places, places)
        at[at == len(self.places)] = 0
        there = self.places[at] == places
        return np.where(there, self.factor * self.weights[at], 0.0)


def best_places(
    words: Sequence[Sequence[Way]], blank: tuple[Floats, Floats], count: int
) -> tuple[Ints, Floats]:
    """The ``count`` places with the highest sums over words of the best way of each, and the sums:
    best first, ties in order. ``blank`` are two arrays of zeros, one for each place; so they are
    left.
    """
    words = sorted(words, key=_most, reverse=True)
    scores, best = blank
    found: list[Ints] = []
    places, taken = np.zeros(0, np.int32), 0
    while taken < len(words) and not len(places):
        _add(scores, words[taken], best)
        found += [way.places for way in words[taken]]
        taken += 1
        left = sum(len(way.places) for ways in words[taken:] for way in ways)
        # To look for an end costs as much as to add the places that have been found once more.
        if not left or left > sum(map(len, found)):
            places = _still_possible(scores, found, count, sum(map(_most, words[taken:])))
    total = scores[places]
    for of_one in found:
        scores[of_one] = 0
    for ways in words[taken:]:
        total += np.max([way.added(places) for way in ways], axis=0)
    if len(places) > count:
        kept = total >= np.partition(total, -count)[-count]
        places, total = places[kept], total[kept]
    order = np.argsort(-total, kind="stable")[:count]
    return places[order], total[order]


def _most(ways: Sequence[Way]) -> float:
    """The most that a word adds to any place."""
    return max(way.most for way in ways)


def _add(scores: Floats, ways: Sequence[Way], best: Floats) -> None:
    """Add the best way of a word to each place; ``best`` is 0 everywhere, and again after it."""
    if len(ways) == 1:
        scores[ways[0].places] += ways[0].factor * ways[0].weights
        return
    for way in ways:
        best[way.places] = np.maximum(best[way.places], way.factor * way.weights)
    for way in ways:
        scores[way.places] += best[way.places]
        best[way.places] = 0


def _still_possible(scores: Floats, found: Sequence[Ints], count: int, further: float) -> Ints:
    """Those of the places found that can be among the best, in order; none where a place that has
    not been found can be, too. ``further`` is the most that any place can still get.
    """
    places = np.concatenate(found)
    so_far = scores[places]
    rank = count * len(found)  # a place is found by each of its terms, so this often at most
    least = float(np.partition(so_far, -rank)[-rank]) if rank < len(so_far) else 0.0
    if further and further >= least:
        return places[:0]
    possible = np.sort(places[so_far + further >= least])
    return possible[np.diff(possible, prepend=-1) > 0]
