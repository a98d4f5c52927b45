"""The word that a question asks about by its form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.head_words import head_word
from bot.text.tokens import folded_words


@pytest.mark.parametrize(
    ("question", "language", "head"),
    [
        ("What grade is the north face?", "en", "grade"),
        ("how many stone steps does the tower have", "en", "steps"),
        ("What's the weight limit on the ferry?", "en", "limit"),
        ("which documents do I need", "en", "documents"),
        ("Who signed the charter?", "en", None),
        ("What happens if it rains?", "en", None),
        ("What do I need to bring?", "en", None),
        ("Quelle est la profondeur moyenne du lac ?", "fr", "profondeur"),
        ("Combien pèse la cloche ?", "fr", "pese"),
        ("combien de tonnes de sel par an", "fr", "tonnes"),
        ("Qui a signé la charte ?", "fr", None),
        ("Welche Farbe hat das Boot?", "de", None),
        ("", "en", None),
    ],
)
def test_the_head_of_what_is_asked(question: str, language: str, head: str | None) -> None:
    """In English the last of the words behind *what* or *how many*, in French the first."""
    folded = folded_words(question)
    place = head_word(folded, language)
    assert (None if place is None else folded[place]) == head


@given(st.lists(st.sampled_from("what how many is the grade of combien de quel sel est".split())))
def test_the_head_is_one_of_the_words(folded: list[str]) -> None:
    """Whatever they are, in any order; never the first, which asks."""
    for language in ("en", "fr"):
        place = head_word(folded, language)
        assert place is None or place in range(1, len(folded))
