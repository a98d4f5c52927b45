"""Which language a text is in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.language import (
    STOP_WORDS,
    content_form,
    detect_language,
    is_stop_word,
    question_language,
)
from bot.text.lexicon import is_listed
from bot.text.tokens import folded_words


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("who ratified it?", "en"),
        ("Who signed the treaty?", "en"),
        ("and when?", "en"),
        ("How many articles does it contain?", "en"),
        ("Qui l'a ratifié ?", "fr"),
        ("QUI L’A RATIFIÉ", "fr"),
        ("Combien d'articles contient le traité ?", "fr"),
        ("et quand ?", "fr"),
        ("¿Quién lo firmó y cuándo?", "es"),
        ("Wer hat den Vertrag unterschrieben?", "de"),
        ("Chi ha firmato il trattato?", "it"),
        ("Кто подписал договор?", "ru"),
        ("Pyongyang 2024", None),
        ("???", None),
        ("", None),
    ],
)
def test_the_language_of_a_question(question: str, language: str | None) -> None:
    """A question shows its language by its commonest words, or not at all."""
    assert detect_language(folded_words(question)) == language


def test_equal_votes_go_to_the_first() -> None:
    """Of languages with as many votes, the first of those asked about wins."""
    assert detect_language(["a"], ("fr", "en")) == "fr"
    assert detect_language(["a"], ("en", "fr")) == "en"


def test_a_language_without_a_list_has_no_vote() -> None:
    """A corpus may hold languages that the bot has no words of."""
    assert detect_language(["the"], ("ko", "en")) == "en"
    assert detect_language(["the"], ("ko",)) is None
    assert detect_language(["the"], ()) is None


@given(st.lists(st.text(max_size=10)))
def test_any_words_give_a_known_language_or_none(words: list[str]) -> None:
    """Whatever the words, the answer is one of the languages, or None."""
    assert detect_language(words) in (None, *STOP_WORDS)


def test_stop_words_stand_as_they_are_met() -> None:
    """Every stop word is one folded word of a text, or it would never be recognised."""
    for language, stop_words in STOP_WORDS.items():
        for word in stop_words:
            assert folded_words(word) == [word]
            assert is_stop_word(word, language)
    assert not is_stop_word("the", "ko")


def test_the_lists_stay_small() -> None:
    """A large stop list costs R@1, because it removes words that people ask with."""
    assert all(len(stop_words) <= 130 for stop_words in STOP_WORDS.values())


@pytest.mark.parametrize(
    ("question", "fallback", "language"),
    [
        ("sécurité nucléaire, non ?", "fr", "fr"),
        ("Per diem du maire ?", "fr", "fr"),
        ("Anna, der kleine Hund", "en", "en"),
        ("Los Angeles", "fr", "fr"),
        ("and in Los Angeles?", "fr", "en"),
        ("Wer hat das Schiff gebaut?", "fr", "de"),
        ("¿Quién ganó la guerra?", "fr", "es"),
        ("Кто победил?", "en", "ru"),
        ("???", "fr", "fr"),
        ("???", "ko", "ko"),
    ],
)
def test_one_foreign_word_does_not_decide(question: str, fallback: str, language: str) -> None:
    """A language that nobody speaks here has to explain more of the question than theirs do."""
    words = folded_words(question)
    assert question_language(words, ("en", "fr"), fallback, is_listed) == language


@pytest.mark.parametrize(
    ("surface", "language", "form"),
    [
        ("US", "en", "US"),
        ("WHO", "en", "WHO"),
        ("us", "en", "us"),
        ("May", "en", "May"),
        ("may", "en", "may"),
        ("The", "en", "the"),
        ("I", "en", "i"),
        ("UK", "en", "uk"),
        ("LES", "fr", "LES"),
        ("États", "fr", "etats"),
    ],
)
def test_an_acronym_is_no_stop_word(surface: str, language: str, form: str) -> None:
    """Capitals tell it from the stop word that it is spelled like; other words are folded."""
    assert content_form(surface, language) == form
