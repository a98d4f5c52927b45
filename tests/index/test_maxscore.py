"""The best places without looking at all of them, beside looking at all of them."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.index import maxscore
from bot.index.maxscore import FEW, WeightedPostings, best_places

PLACES = 60
EVERYWHERE = 2 * FEW


@st.composite
def alternatives(draw: st.DrawFn) -> WeightedPostings:
    """A term that stands in few places or in most, whose weights lie below 1.9."""
    share = draw(st.sampled_from([0.0, 0.05, 0.3, 0.9, 1.0]))
    random = np.random.default_rng(draw(st.integers(0, 10**6)))
    places = np.flatnonzero(random.random(PLACES) < share).astype(np.int32)
    # Few different weights, so that there are ties.
    weights = random.choice([0.5, 1.0, 1.5, 1.875], len(places))
    factor = draw(st.sampled_from([0.125, 0.25, 1.0, 2.0, 8.0]))
    return WeightedPostings(places, weights, factor, factor * 1.9)


WORDS = st.lists(st.lists(alternatives(), min_size=1, max_size=3), max_size=5)


@pytest.mark.parametrize("few", [0, FEW])
@given(words=WORDS, count=st.integers(1, 12))
def test_the_best_places_are_those_of_a_full_scan(
    few: int, words: list[list[WeightedPostings]], count: int
) -> None:
    """The places, their order and their sums are those of adding everything everywhere; ties go in
    order. Every number here is a sum of powers of two, so that sums are exact in any order.
    """
    total = np.zeros(PLACES)
    for of_word in words:
        best = np.zeros(PLACES)
        for postings in of_word:
            best[postings.places] = np.maximum(
                best[postings.places], postings.factor * postings.weights
            )
        total += best
    order = sorted(np.flatnonzero(total), key=lambda place: (-total[place], place))[:count]
    blank = np.zeros(PLACES), np.zeros(PLACES)
    with patch.object(maxscore, "FEW", few):  # 0: look for an early end after every word
        places, sums = best_places(words, blank, count)
    assert places.tolist() == order
    assert sums.tolist() == total[order].tolist()
    assert not blank[0].any()
    assert not blank[1].any()


class Watched(np.ndarray):
    """An array that tells when it takes part as a whole in working something out."""

    used = False

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """Note it, and go on as an ordinary array."""
        Watched.used |= any(np.size(one) == EVERYWHERE for one in inputs)
        plain = [np.asarray(one) if isinstance(one, Watched) else one for one in inputs]
        return getattr(ufunc, method)(*plain, **options)


@pytest.mark.parametrize(("factor", "used"), [(0.01, False), (2.0, True)])
def test_a_common_word_is_only_looked_up_where_it_cannot_decide(factor: float, used: bool) -> None:
    """Where the rare words decide, the weights of a word that stands everywhere are not all read,
    and the best places are the same.
    """
    rare = WeightedPostings(np.arange(0, 40, dtype=np.int32), np.linspace(1, 2, 40), 1.0, 2.0)
    weights = np.ones(EVERYWHERE).view(Watched)
    common = WeightedPostings(np.arange(EVERYWHERE, dtype=np.int32), weights, factor, factor)
    Watched.used = False
    blank = np.zeros(EVERYWHERE), np.zeros(EVERYWHERE)
    places, _ = best_places([[common], [rare]], blank, 10)
    assert places.tolist() == list(range(39, 29, -1))
    assert Watched.used == used
