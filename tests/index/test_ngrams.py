"""Tests of bot.index.ngrams."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.index.ngrams import build_ngrams
from bot.text.tokens import CONCEPT_MARK, ngrams
from tests.corpora import assert_same_arrays

FORMS = st.lists(
    st.one_of(
        st.text("abcé", max_size=9),
        st.text("пхеньян", min_size=1, max_size=9),
        st.text("xy", min_size=1, max_size=5).map(lambda text: CONCEPT_MARK + text),
    ),
    unique=True,
    max_size=12,
)


@given(FORMS)
def test_a_word_is_found_by_each_of_its_ngrams(forms: list[str]) -> None:
    """The words that share n-grams with a word, and how many, are those that set algebra finds."""
    index = build_ngrams(forms)
    for asked in forms:
        held = {n: len(set(ngrams(asked)) & set(ngrams(form))) for n, form in enumerate(forms)}
        words, counts, sizes = index.sharing(asked)
        found = dict(zip(words.tolist(), counts.tolist(), strict=True))
        assert found == {n: count for n, count in held.items() if count}
        assert sizes.tolist() == [len(set(ngrams(forms[word]))) for word in words.tolist()]


@given(FORMS, st.integers(0, 12))
def test_more_words_are_put_behind_as_if_all_had_been_there(forms: list[str], cut: int) -> None:
    """Words added later give the very arrays of all words at once."""
    grown = build_ngrams(forms[:cut]).followed_by(build_ngrams(forms[cut:]))
    assert_same_arrays(grown, build_ngrams(forms))


@given(FORMS, st.data())
def test_words_are_taken_out_as_if_they_had_never_been_there(
    forms: list[str], data: st.DataObject
) -> None:
    """What is left when words are taken out are the very arrays of those that stay."""
    size = len(forms)
    stay = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)), dtype=bool)
    left = [form for form, stays in zip(forms, stay.tolist(), strict=True) if stays]
    assert_same_arrays(build_ngrams(forms).only(stay), build_ngrams(left))
