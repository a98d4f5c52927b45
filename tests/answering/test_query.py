"""A question made ready for the index: its language, its words and the ways they may match."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.query import (
    CARRIED_WEIGHT,
    LEAST_CORRECTION,
    SYNONYM_WEIGHT,
    TRANSLATION_WEIGHT,
    Slot,
    Way,
    is_elliptical,
    read_question,
)
from bot.index.build import Index
from bot.index.fuzzy import LEAST_NEAR
from bot.text.answer_types import Kind
from bot.text.language import is_stop_word
from bot.text.tokens import fold, folded_words

KOREA = ("Corée du Nord", "North Korea", "DPRK")
FRENCH = {"fr": "La guerre a ravagé la capitale.\nLe maire a visité la Corée du Nord."}
BILINGUAL = {"fr": "La guerre est finie.", "en": "The war is over."}
ENGLISH = {"en": "Warfare is costly. The agreement was signed in the city."}


def only_slot(index: Index, question: str) -> Slot:
    """The one slot of a question of one content word."""
    (slot,) = read_question(question, index).slots
    return slot


@pytest.mark.parametrize(
    ("question", "fallback", "language"),
    [
        ("Who won the war?", "fr", "en"),
        ("Qui a gagné la guerre ?", "en", "fr"),
        ("¿Quién ganó la guerra?", "en", "es"),
        ("Pyongyang 2024", "fr", "fr"),
        ("Pyongyang 2024", "en", "en"),
        ("???", "fr", "fr"),
    ],
)
def test_the_stop_words_vote_for_the_language_of_a_question(
    index_of: Callable[..., Index], question: str, fallback: str, language: str
) -> None:
    """The fallback stands in only where a question does not tell its language."""
    assert read_question(question, index_of(FRENCH), fallback).language == language


def test_slots_are_the_distinct_content_words(index_of: Callable[..., Index]) -> None:
    """Stop words and repetitions are left out; a word stands as it was first asked."""
    query = read_question("Did the War ravage the capital, the WAR?", index_of(FRENCH))
    assert [slot.word for slot in query.slots] == ["War", "ravage", "capital"]
    assert query.words == {"did", "the", "war", "ravage", "capital"}


@given(st.text(max_size=80) | st.lists(st.sampled_from(ENGLISH["en"].split())).map(" ".join))
def test_the_slots_of_any_text_are_its_own_words(
    index_of: Callable[..., Index], question: str
) -> None:
    """Whatever is asked, each slot is a content word of it, and no two are the same word."""
    query = read_question(question, index_of(ENGLISH))
    folded = [slot.folded for slot in query.slots]
    assert len(set(folded)) == len(folded)
    for slot in query.slots:
        assert slot.word in question
        assert fold(slot.word) == slot.folded
        assert slot.folded in folded_words(question)
        assert not is_stop_word(slot.folded, query.language)
        assert len({way.term for way in slot.ways}) == len(slot.ways)


@pytest.mark.parametrize(
    ("question", "written"),
    [
        ("Did the mayor visit north  korea?", "north  korea"),
        ("Who visited the DPRK?", "DPRK"),
        ("Qui a visité la Corée du Nord ?", "Corée du Nord"),
    ],
)
def test_a_term_of_the_glossary_takes_the_place_of_its_words(
    index_of: Callable[..., Index], question: str, written: str
) -> None:
    """In any language, all expressions of a group are one slot that matches the group."""
    index = index_of(FRENCH, glossary=[KOREA])
    query = read_question(question, index)
    (term,) = (slot for slot in query.slots if slot.in_glossary)
    assert term.word == written
    assert term.ways == (Way(index.vocabulary.terms[term.folded]),)
    assert term.known
    assert not {slot.folded for slot in query.slots} & {"north", "korea", "coree", "nord"}


def test_a_term_that_no_article_holds_is_unknown(index_of: Callable[..., Index]) -> None:
    """The glossary may know more than the corpus says."""
    slot = only_slot(index_of(ENGLISH, glossary=[KOREA]), "where is North Korea?")
    assert slot.in_glossary
    assert not slot.ways
    assert not slot.known


@pytest.mark.parametrize(
    ("articles", "translated"),
    [([FRENCH], True), ([BILINGUAL], False), ([BILINGUAL, FRENCH], True), ([ENGLISH], False)],
    ids=["no rendering", "all rendered", "some rendered", "own language"],
)
def test_words_are_translated_where_not_every_article_is(
    index_of: Callable[..., Index], articles: list[dict[str, str]], translated: bool
) -> None:
    """An article's own rendering says it better than a word list."""
    index = index_of(*articles)
    expected = Way(index.vocabulary.terms.get("guerr", -1), "translation", TRANSLATION_WEIGHT)
    slot = only_slot(index, "what about the war?")
    assert (expected in slot.ways) == translated
    assert slot.spellings == {"war": 1.0} | ({"guerre": TRANSLATION_WEIGHT} if translated else {})


@pytest.mark.parametrize(
    ("asked", "how", "known"),
    [
        ("agreement", "word", True),
        ("agreements", "word", True),
        ("war", "synonym", False),
        ("agreemnt", "spelling", False),
        ("giraffe", None, False),
    ],
)
def test_a_word_is_known_where_the_corpus_says_it(
    index_of: Callable[..., Index], asked: str, how: str | None, known: bool
) -> None:
    """In any form or translation, but not where a synonym or a like spelling stands in for it."""
    slot = only_slot(index_of(ENGLISH), f"what about the {asked}?")
    assert [way.how for way in slot.ways] == ([how] if how else [])
    assert slot.known == known
    assert all(way.weight == SYNONYM_WEIGHT for way in slot.ways if way.how == "synonym")


def test_a_name_in_another_script_is_known(index_of: Callable[..., Index]) -> None:
    """Cyrillic is looked up in Latin letters too."""
    slot = only_slot(index_of({"en": "Putin travelled."}), "Путин?")
    assert [way.how for way in slot.ways] == ["word"]


def test_a_word_by_translation_is_known(index_of: Callable[..., Index]) -> None:
    """What the corpus says in another language, it says."""
    assert only_slot(index_of(FRENCH), "what about the war?").known


@pytest.mark.parametrize(
    ("asked", "nearest", "corrected"),
    [
        ("agreemnt", ("agreement",), True),
        ("agreeemnt", ("agreement",), True),
        ("agraemnets", ("agreement",), False),
        ("city", (), False),
        ("giraffe", (), False),
    ],
)
def test_an_unknown_word_gets_the_nearest_ones(
    index_of: Callable[..., Index], asked: str, nearest: tuple[str, ...], corrected: bool
) -> None:
    """What might be meant is offered; only what is almost the same is taken for it."""
    index = index_of(ENGLISH)
    slot = only_slot(index, f"what about the {asked}?")
    assert slot.nearest == nearest
    ways = [way for way in slot.ways if way.how == "spelling"]
    assert bool(ways) == corrected
    for way in ways:
        assert way.term == index.vocabulary.terms["agreement"]
        assert LEAST_NEAR < LEAST_CORRECTION <= way.weight < 1


def test_a_follow_up_carries_the_words_before_it(index_of: Callable[..., Index]) -> None:
    """At less weight than its own, which stay as they are and come first."""
    index = index_of(FRENCH)
    before = read_question("Who ravaged the capital in the war?", index)
    own = read_question("and when did the mayor visit the capital?", index)
    both = own.following(before)
    assert both.slots[: len(own.slots)] == own.slots
    carried = both.slots[len(own.slots) :]
    assert [(slot.word, slot.weight) for slot in carried] == [
        ("ravaged", CARRIED_WEIGHT),
        ("war", CARRIED_WEIGHT),
    ]
    assert (both.question, both.asks) == (own.question, Kind.DATE)
    assert both.words == own.words | before.words


def test_a_follow_up_without_words_of_its_own_takes_all_over(
    index_of: Callable[..., Index],
) -> None:
    """*Why?* asks the question before it anew, in full; *and?* asks for the same kind of thing."""
    index = index_of(FRENCH)
    before = read_question("Who ravaged the capital?", index)
    why = read_question("why?", index).following(before)
    assert (why.slots, why.asks) == (before.slots, Kind.CAUSE)
    assert read_question("and?", index).following(before).asks == Kind.NAME


@pytest.mark.parametrize(
    ("question", "elliptical"),
    [
        ("and when?", True),
        ("why?", True),
        ("And the energy?", True),
        ("what about the energy?", True),
        ("et l'énergie ?", True),
        ("Et quand ?", True),
        ("pourquoi ?", True),
        ("Mais combien d'articles ?", True),
        ("Who signed the treaty?", False),
        ("What did the mayor say about it?", False),
        ("Quand Poutine est-il allé à Pyongyang ?", False),
        ("Où Poutine est-il ?", False),
        ("So who signed the treaty?", False),
        ("Andorra?", False),
        ("", False),
        ("???", False),
    ],
)
def test_a_question_that_leans_on_the_one_before_is_elliptical(
    index_of: Callable[..., Index], question: str, elliptical: bool
) -> None:
    """It has no content word, or but one behind a connective; a full question stands alone."""
    query = read_question(question, index_of(FRENCH))
    assert is_elliptical(query) == elliptical
