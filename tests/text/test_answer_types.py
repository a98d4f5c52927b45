"""What kind of thing a question asks for, and which words are of that kind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.answer_types import NO_KIND, Kind, kind_asked, kind_of_word
from bot.text.tokens import folded_words


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When was it ratified?", Kind.DATE),
        ("Quand l'a-t-il ratifié ?", Kind.DATE),
        ("In what year was it signed?", Kind.DATE),
        ("What was the date?", Kind.DATE),
        ("À quelle date ?", Kind.DATE),
        ("Quel est le jour du vote ?", Kind.DATE),
        ("How many articles does it contain?", Kind.NUMBER),
        ("how old is he?", Kind.NUMBER),
        ("Combien d'articles ?", Kind.NUMBER),
        ("cb d'articles", Kind.NUMBER),
        ("What is the population?", Kind.NUMBER),
        ("Quelle est la superficie ?", Kind.NUMBER),
        ("Why is it important?", Kind.CAUSE),
        ("Pourquoi ?", Kind.CAUSE),
        ("What was the reason?", Kind.CAUSE),
        ("Who signed it?", Kind.NAME),
        ("QUI L’A RATIFIÉ ?", Kind.NAME),
        ("Where did he go?", Kind.NAME),
        ("Which country?", Kind.NAME),
        ("Quelle ville ?", Kind.NAME),
        ("Où est-il allé ?", Kind.NAME),
        ("D'où vient-il ?", Kind.NAME),
        ("Il est allé où ?", Kind.NAME),
        ("Le Sénat ou la Douma ?", NO_KIND),
        ("Qu'est-ce qui change ?", NO_KIND),
        ("What does it say?", NO_KIND),
        ("Que dit-il ?", NO_KIND),
        ("How did they react?", NO_KIND),
        ("the whole quantity", NO_KIND),
        ("???", NO_KIND),
        ("", NO_KIND),
    ],
)
def test_the_kind_that_a_question_asks_for(question: str, kind: Kind) -> None:
    """Who and where ask for a name, when for a date, how many for a number, why for a cause."""
    assert kind_asked(question, folded_words(question)) == kind


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("2024", Kind.DATE | Kind.NUMBER),
        ("1893", Kind.DATE | Kind.NUMBER),
        ("2100", Kind.NUMBER),
        ("23", Kind.NUMBER),
        ("3.5", Kind.NUMBER),
        ("juin", Kind.DATE),
        ("Wednesday", Kind.DATE),
        ("août", Kind.DATE),
        ("vingt", Kind.NUMBER),
        ("twenty", Kind.NUMBER),
        ("because", Kind.CAUSE),
        ("afin", Kind.CAUSE),
        ("treaty", NO_KIND),
        ("un", NO_KIND),
    ],
)
def test_the_kind_that_a_word_shows(word: str, kind: Kind) -> None:
    """A year is a date and a number; un and une are articles more often than numbers."""
    (folded,) = folded_words(word)
    assert kind_of_word(folded) == kind


@given(st.integers(0, 10**9))
def test_digits_are_a_number_and_years_a_date(number: int) -> None:
    """The years from 1000 to 2099 are dates, other numbers only numbers."""
    kind = kind_of_word(str(number))
    assert Kind.NUMBER in kind
    assert (Kind.DATE in kind) == (1000 <= number <= 2099)


@given(st.text(max_size=100))
def test_any_text_asks_for_one_kind_or_none(text: str) -> None:
    """Whatever is asked, it asks for one kind at most."""
    assert kind_asked(text, folded_words(text)) in (NO_KIND, *Kind)
