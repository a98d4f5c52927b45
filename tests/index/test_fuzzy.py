"""Words that are spelled alike: Dice's coefficient of n-grams, and edits by rapidfuzz."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from bot.index.build import Index
from bot.index.fuzzy import (
    MIN_SUGGESTION,
    MOST_NEAREST,
    SHORTEST,
    similarities,
    similarity,
    suggest,
)

WORD = st.text("abc", min_size=1, max_size=7)
WORDS = st.lists(WORD, min_size=1, max_size=12, unique=True)


def grams(word: str) -> set[str]:
    """Every four characters in a row of a word between marks."""
    marked = f"_{word}_"
    return {marked[i : i + 4] for i in range(len(marked) - 3)} or {marked}


def coefficient(one: str, other: str) -> float:
    """Dice's: twice the n-grams that two words share over all they have."""
    return 2 * len(grams(one) & grams(other)) / (len(grams(one)) + len(grams(other)))


@given(WORD, WORD)
def test_likeness_is_dices_coefficient(one: str, other: str) -> None:
    """The same word is 1, words without a common n-gram are 0, and either way around is one."""
    assert similarity(one, other) == similarity(other, one) == coefficient(one, other)
    assert similarity(one, one) == 1


@given(WORDS, st.lists(st.dictionaries(WORD, st.sampled_from([0.8, 1.0]), max_size=3), max_size=3))
def test_words_of_the_index_are_as_like_as_their_likest_spelling(
    index_of: Callable[..., Index], words: list[str], asked: list[dict[str, float]]
) -> None:
    """Each spelling's coefficient times its weight; a word without spellings is like nothing."""
    index = index_of({"xx": " ".join(words)})
    numbers = np.arange(len(words), dtype=np.int32)[::-1]
    expected = [
        [
            max((of * coefficient(s, words[n]) for s, of in surface_forms.items()), default=0)
            for n in numbers
        ]
        for surface_forms in asked
    ]
    found = similarities(index, asked, numbers)
    assert found.shape == (len(asked), len(words))
    assert [list(row) for row in found] == [pytest.approx(row) for row in expected]


@given(WORDS, WORD)
def test_the_nearest_words_are_those_with_fewest_edits(
    index_of: Callable[..., Index], words: list[str], asked: str
) -> None:
    """Of the words that share an n-gram or the first letter, sorted, from MIN_SUGGESTION up.

    Alike is 1 less the edits by the letters of the longer word, as rapidfuzz counts them.
    """
    index = index_of({"xx": " ".join(words)})
    found = suggest(index, asked)
    similarity = {
        word: 1 - OSA.distance(asked, word) / max(len(asked), len(word))
        for word in words
        if len(asked) >= SHORTEST and (grams(asked) & grams(word) or asked[0] == word[0])
    }
    expected = sorted((a for a in similarity.values() if a >= MIN_SUGGESTION), reverse=True)[
        :MOST_NEAREST
    ]
    assert [near.similarity for near in found] == pytest.approx(expected)
    for near in found:
        assert near.similarity == pytest.approx(similarity[near.word])
        assert near.terms == (index.vocabulary.terms[near.word],)


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [("lighthuose", "lighthouse"), ("lightouse", "lighthouse"), ("theirr", None), ("oil", None)],
)
def test_typos_have_a_nearest_word(
    index_of: Callable[..., Index], asked: str, nearest: str | None
) -> None:
    """Letters left out or swapped; stop words and short words are not offered."""
    index = index_of({"en": "The lighthouse burned oils and their lamps."})
    assert [near.word for near in suggest(index, asked)] == ([nearest] if nearest else [])


def test_names_meet_across_scripts() -> None:
    """Cyrillic is compared in Latin letters."""
    assert similarity("россия", "rossiya") == 1
    assert similarity("москва", "moskva") == 1
