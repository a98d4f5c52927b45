"""What kind of thing a question asks for, and which words are of that kind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.answer_types import NO_KIND, AnswerType, answer_types_of, expected_answer_type
from bot.text.tokens import folded_words
from bot.text.values import VALUE_MARK, find_values


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When was it ratified?", AnswerType.DATE),
        ("Quand l'a-t-il ratifié ?", AnswerType.DATE),
        ("In what year was it signed?", AnswerType.DATE),
        ("What was the date?", AnswerType.DATE),
        ("À quelle date ?", AnswerType.DATE),
        ("Quel est le jour du vote ?", AnswerType.DATE),
        ("How many articles does it contain?", AnswerType.NUMBER),
        ("how old is he?", AnswerType.NUMBER),
        ("Combien d'articles ?", AnswerType.NUMBER),
        ("cb d'articles", AnswerType.NUMBER),
        ("What is the population?", AnswerType.NUMBER),
        ("Quelle est la superficie ?", AnswerType.NUMBER),
        ("Why is it important?", AnswerType.CAUSE),
        ("Pourquoi ?", AnswerType.CAUSE),
        ("What was the reason?", AnswerType.CAUSE),
        ("Who signed it?", AnswerType.NAME),
        ("QUI L’A RATIFIÉ ?", AnswerType.NAME),
        ("Where did he go?", AnswerType.NAME),
        ("Which country?", AnswerType.NAME),
        ("Quelle ville ?", AnswerType.NAME),
        ("Où est-il allé ?", AnswerType.NAME),
        ("D'où vient-il ?", AnswerType.NAME),
        ("Il est allé où ?", AnswerType.NAME),
        ("How long does the truce last?", AnswerType.DURATION),
        ("How long is the bridge?", AnswerType.LENGTH | AnswerType.DURATION),
        ("How far is it?", AnswerType.LENGTH | AnswerType.DURATION),
        ("How deep is the lake?", AnswerType.LENGTH),
        ("Quelle est la profondeur du lac ?", AnswerType.LENGTH),
        ("Combien de kilomètres ?", AnswerType.LENGTH),
        ("Combien de temps dure la trêve ?", AnswerType.DURATION),
        ("how much does a berth cost", AnswerType.AMOUNT),
        ("What is the fee?", AnswerType.AMOUNT),
        ("How much water may be taken?", AnswerType.NUMBER),
        ("cest combien la place", AnswerType.AMOUNT),
        ("Combien coûte une place ?", AnswerType.AMOUNT),
        ("À quelle heure ferme le port ?", AnswerType.DATE),
        ("wen does it open", AnswerType.DATE),
        ("What is a berth?", AnswerType.DEFINITION),
        ("What does demurrage mean?", AnswerType.DEFINITION),
        ("c'est quoi un port", AnswerType.DEFINITION),
        ("Can I fish here?", AnswerType.PERMISSION),
        ("Peut-on pêcher ici ?", AnswerType.PERMISSION),
        ("Is fishing allowed?", AnswerType.PERMISSION),
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
def test_the_kind_that_a_question_asks_for(question: str, kind: AnswerType) -> None:
    """Who and where ask for a name, when for a date, how many for a number, why for a cause."""
    assert expected_answer_type(question, folded_words(question)) == kind


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("2024", AnswerType.DATE | AnswerType.NUMBER),
        ("1893", AnswerType.DATE | AnswerType.NUMBER),
        ("2100", AnswerType.NUMBER),
        ("23", AnswerType.NUMBER),
        ("3.5", AnswerType.NUMBER),
        ("juin", AnswerType.DATE),
        ("Wednesday", AnswerType.DATE),
        ("août", AnswerType.DATE),
        ("vingt", AnswerType.NUMBER),
        ("twenty", AnswerType.NUMBER),
        ("because", AnswerType.CAUSE),
        ("afin", AnswerType.CAUSE),
        ("hours", AnswerType.DURATION),
        ("feet", AnswerType.LENGTH),
        ("gratuit", AnswerType.AMOUNT),
        ("interdite", AnswerType.PERMISSION),
        ("désigne", AnswerType.DEFINITION),
        ("treaty", NO_KIND),
        ("un", NO_KIND),
    ],
)
def test_the_kind_that_a_word_shows(word: str, kind: AnswerType) -> None:
    """A year is a date and a number; un and une are articles more often than numbers."""
    (folded,) = folded_words(word)
    assert answer_types_of(folded) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("2 weeks", AnswerType.DURATION | AnswerType.NUMBER),
        ("2 km", AnswerType.LENGTH | AnswerType.NUMBER),
        ("25 kg", AnswerType.NUMBER),
        ("£12", AnswerType.AMOUNT | AnswerType.NUMBER),
        ("6 May 2024", AnswerType.DATE),
        ("8:30 pm", AnswerType.DATE),
        ("twelve", AnswerType.NUMBER),
        ("the 21st", NO_KIND),
    ],
)
def test_the_kind_that_a_value_shows(text: str, kind: AnswerType) -> None:
    """An amount of money, a span of time, a day and an hour show what they are."""
    (value,) = find_values(text, "en")
    assert answer_types_of(VALUE_MARK + value.key) == kind


@given(st.integers(0, 10**9))
def test_digits_are_a_number_and_years_a_date(number: int) -> None:
    """The years from 1000 to 2099 are dates, other numbers only numbers."""
    kind = answer_types_of(str(number))
    assert AnswerType.NUMBER in kind
    assert (AnswerType.DATE in kind) == (1000 <= number <= 2099)


@given(st.text(max_size=100))
def test_any_text_asks_for_one_kind_or_none(text: str) -> None:
    """Whatever is asked, it asks for one kind at most."""
    assert expected_answer_type(text, folded_words(text)) in (NO_KIND, *AnswerType)
