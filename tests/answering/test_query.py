"""A question made ready for the index: its language, its words and the ways they may match."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.answering.query import (
    CARRIED_WEIGHT,
    MIN_CORRECTION,
    SYNONYM_WEIGHT,
    TRANSLATION_WEIGHT,
    Expansion,
    QueryTerm,
    is_elliptical,
    parse_question,
)
from bot.index.build import Index
from bot.index.fuzzy import MIN_SUGGESTION
from bot.text.answer_types import NO_KIND, AnswerType
from bot.text.language import content_form, is_stop_word
from bot.text.tokens import fold, folded_words
from bot.text.values import VALUE_MARK, find_values, value_keys

KOREA = ("Corée du Nord", "North Korea", "DPRK")
FRENCH = {"fr": "La guerre a ravagé la capitale.\nLe maire a visité la Corée du Nord."}
BILINGUAL = {"fr": "La guerre est finie.", "en": "The war is over."}
ENGLISH = {"en": "Warfare is costly. The agreement was signed in the city."}


def only_slot(index: Index, question: str) -> QueryTerm:
    """The one slot of a question of one content word."""
    (query_term,) = parse_question(question, index).terms
    return query_term


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
    assert parse_question(question, index_of(FRENCH), fallback).language == language


def test_slots_are_the_distinct_content_words(index_of: Callable[..., Index]) -> None:
    """Stop words and repetitions are left out; a word stands as it was first asked."""
    query = parse_question("Did the War ravage the capital, the WAR?", index_of(FRENCH))
    assert [query_term.word for query_term in query.terms] == ["War", "ravage", "capital"]
    assert query.tokens == {"did", "the", "war", "ravage", "capital"}


@given(st.text(max_size=80) | st.lists(st.sampled_from(ENGLISH["en"].split())).map(" ".join))
@example("a;IF")
def test_the_slots_of_any_text_are_its_own_words(
    index_of: Callable[..., Index], question: str
) -> None:
    """Whatever is asked, each slot is a content word of it, and no two are the same word."""
    query = parse_question(question, index_of(ENGLISH))
    folded = [query_term.folded for query_term in query.terms]
    keys = {key for key, *_ in value_keys(question, query.language)}
    assert len(set(folded)) == len(folded)
    for query_term in query.terms:
        assert query_term.word in question
        if query_term.folded.startswith(VALUE_MARK):
            assert query_term.folded[len(VALUE_MARK) :] in keys
            continue
        assert query_term.folded in {
            fold(query_term.word),
            content_form(query_term.word, query.language),  # of an acronym: IT, US
        }
        assert fold(query_term.folded) in folded_words(question)
        assert not is_stop_word(query_term.folded, query.language)
        assert len({expansion.term for expansion in query_term.expansions}) == len(
            query_term.expansions
        )


@pytest.mark.parametrize(
    ("question", "held", "lacking"),
    [
        ("Has the law 21 articles?", "vingt et un articles", "22 articles"),
        ("What happened on 6 November 2024?", "le 06/11/2024", "le 7 novembre 2024"),
        ("Did it cost £12?", "12 livres sterling", "13 livres sterling"),
        ("Who came at 8:30 pm?", "à 20 h 30", "à 8 h 30"),
        ("Who took flight 45872?", "Le vol 45872 part.", "Le vol 45871 part."),
        ("Is it 0.125?", "0,125", "125"),
        ("What came in the 21st century?", "au XXIe siècle", "au XXe siècle"),
    ],
)
def test_a_number_is_looked_for_by_its_value(
    index_of: Callable[..., Index], question: str, held: str, lacking: str
) -> None:
    """However it is written, in either language; and it is no typo."""
    value = find_values(question, "en")[0]
    for text, known in ((held, True), (lacking, False)):
        terms = parse_question(question, index_of({"fr": f"Il y a {text} ici."})).terms
        (asked,) = (term for term in terms if term.folded == VALUE_MARK + value.key)
        assert asked.known is known
        assert asked.nearest == ()
        assert not asked.in_glossary


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
    query = parse_question(question, index)
    (term,) = (query_term for query_term in query.terms if query_term.in_glossary)
    assert term.word == written
    assert term.expansions == (Expansion(index.vocabulary.terms[term.folded]),)
    assert term.known
    assert not {query_term.folded for query_term in query.terms} & {
        "north",
        "korea",
        "coree",
        "nord",
    }


def test_a_term_that_no_article_holds_is_unknown(index_of: Callable[..., Index]) -> None:
    """The glossary may know more than the corpus says."""
    query_term = only_slot(index_of(ENGLISH, glossary=[KOREA]), "where is North Korea?")
    assert query_term.in_glossary
    assert not query_term.expansions
    assert not query_term.known


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
    expected = Expansion(index.vocabulary.terms.get("guerr", -1), "translation", TRANSLATION_WEIGHT)
    query_term = only_slot(index, "what about the war?")
    assert (expected in query_term.expansions) == translated
    assert query_term.spellings == {"war": 1.0} | (
        {"guerre": TRANSLATION_WEIGHT} if translated else {}
    )


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
    query_term = only_slot(index_of(ENGLISH), f"what about the {asked}?")
    assert [expansion.type for expansion in query_term.expansions] == ([how] if how else [])
    assert query_term.known == known
    assert all(
        expansion.weight == SYNONYM_WEIGHT
        for expansion in query_term.expansions
        if expansion.type == "synonym"
    )


def test_a_name_in_another_script_is_known(index_of: Callable[..., Index]) -> None:
    """Cyrillic is looked up in Latin letters too."""
    query_term = only_slot(index_of({"en": "Putin travelled."}), "Путин?")
    assert [expansion.type for expansion in query_term.expansions] == ["word"]


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
    query_term = only_slot(index, f"what about the {asked}?")
    assert query_term.nearest == nearest
    expansions = [expansion for expansion in query_term.expansions if expansion.type == "spelling"]
    assert bool(expansions) == corrected
    for expansion in expansions:
        assert expansion.term == index.vocabulary.terms["agreement"]
        assert MIN_SUGGESTION < MIN_CORRECTION <= expansion.weight < 1


def test_a_follow_up_carries_the_words_before_it(index_of: Callable[..., Index]) -> None:
    """At less weight than its own, which stay as they are and come first."""
    index = index_of(FRENCH)
    before = parse_question("Who ravaged the capital in the war?", index)
    own = parse_question("and when did the mayor visit the capital?", index)
    both = own.following(before)
    assert both.terms[: len(own.terms)] == own.terms
    carried = both.terms[len(own.terms) :]
    assert [(query_term.word, query_term.weight) for query_term in carried] == [
        ("ravaged", CARRIED_WEIGHT),
        ("war", CARRIED_WEIGHT),
    ]
    assert (both.question, both.answer_type) == (own.question, AnswerType.DATE)
    assert both.tokens == own.tokens | before.tokens


def test_a_follow_up_without_words_of_its_own_takes_all_over(
    index_of: Callable[..., Index],
) -> None:
    """*Why?* asks the question before it anew, in full; *and?* asks for the same kind of thing."""
    index = index_of(FRENCH)
    before = parse_question("Who ravaged the capital?", index)
    why = parse_question("why?", index).following(before)
    assert (why.terms, why.answer_type) == (before.terms, AnswerType.CAUSE)
    assert parse_question("and?", index).following(before).answer_type == AnswerType.NAME


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
    query = parse_question(question, index_of(FRENCH))
    assert is_elliptical(query) == elliptical


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Did the mayor visit the US?", ["mayor", "visit", "US"]),
        ("DID THE MAYOR VISIT US?", ["MAYOR", "VISIT"]),
        ("Did the mayor go in May?", ["mayor", "go", "May"]),
        ("May I visit the mayor?", ["visit", "mayor"]),
        ("WHO visited the mayor?", ["visited", "mayor"]),
    ],
)
def test_an_acronym_is_asked_for(
    index_of: Callable[..., Index], question: str, asked: list[str]
) -> None:
    """In a question that is not all in capitals, and not where it begins the question."""
    terms = parse_question(question, index_of(ENGLISH)).terms
    assert [query_term.word for query_term in terms] == asked


def test_an_acronym_of_the_corpus_is_found(index_of: Callable[..., Index]) -> None:
    """By itself, not by the stop word that is spelled like it."""
    index = index_of({"en": "The WHO sent help. Those who came sent us home."})
    assert only_slot(index, "What about the WHO?").known


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("How long is the truce?", ["truce"]),
        ("Que dit le maire ?", ["maire"]),
        ("How long?", ["long"]),
        ("whats the truce", ["truce"]),
        ("how mutch is the truce", ["truce"]),
    ],
)
def test_the_form_of_a_question_is_not_looked_for(
    index_of: Callable[..., Index], question: str, asked: list[str]
) -> None:
    """Where nothing else is asked it is all there is."""
    terms = parse_question(question, index_of(ENGLISH)).terms
    assert [query_term.word for query_term in terms] == asked


def test_a_part_of_an_identifier_asks_for_nothing(index_of: Callable[..., Index]) -> None:
    """*notify.when* is a setting, and no question for a date."""
    index = index_of(ENGLISH)
    assert parse_question("default of notify.when", index).answer_type == NO_KIND
    assert parse_question("when was the truce", index).answer_type == AnswerType.DATE
