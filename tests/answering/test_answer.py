"""From a question to cited sentences, or to a silence that explains itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.answer import MAX_CITATIONS, MIN_RELATIVE_SCORE
from bot.answering.citation import Answer
from bot.index.build import Index
from bot.service.search import ask, find

#: The questions that the bot was asked for, each with the sentences that answer it.
ACCEPTANCE = {
    "who ratified it?": {"1.1", "2.3", "5.1"},
    "Who signed the treaty?": {"1.1", "2.3"},
    "When did Putin visit Pyongyang?": {"2.2"},
    "How many articles does it contain?": {"3.1"},
    "Qui l'a ratifié ?": {"1.1", "2.3", "5.1"},
    "Combien d'articles contient le traité ?": {"3.1"},
}


def place(found: Answer) -> str | None:
    """Passage and sentence of what is shown first, sure or perhaps."""
    shown = found.citations or found.suggestions
    return shown[0].address.split(":")[1] if shown else None


@pytest.mark.parametrize(("question", "accepted"), ACCEPTANCE.items())
def test_the_acceptance_questions_are_answered(
    shipped_index: Index, question: str, accepted: set[str]
) -> None:
    """The right sentence comes first, in French; an English question has its translation too."""
    found = ask(shipped_index, question)
    assert place(found) in accepted
    english = found.language == "en"
    assert english == question.isascii()
    for citation in found:
        original, translation = citation.article.renderings
        address = (citation.passage, citation.sentence)
        assert citation.text == original.sentence(*address)
        assert citation.translation == (translation.sentence(*address) if english else None)


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("What is the capital of Brazil?", ("capital", "Brazil")),
        ("Quelle est la recette du tiramisu ?", ("recette", "tiramisu")),
        ("hello", ("hello",)),
        ("???", ()),
        ("", ()),
    ],
)
def test_what_the_corpus_does_not_answer_is_silence(
    shipped_index: Index, question: str, unknown: tuple[str, ...]
) -> None:
    """It names the words that the corpus does not hold."""
    found = ask(shipped_index, question)
    assert not found.answered
    assert found.unknown_words == unknown
    assert found.question == question
    assert found.corpus_languages == ()


def test_silence_names_the_nearest_words_and_the_closest_sentence(
    index_of: Callable[..., Index],
) -> None:
    """What might have been meant, and what comes closest without being an answer."""
    index = index_of({"en": "The lighthouse burned whale oil.\nThe keeper lit it."})
    found = ask(index, "How many giraffes and parrots did the lightkeepers of Kenya feed oil?")
    assert not found.answered
    assert found.unknown_words == ("giraffes", "parrots", "lightkeepers", "Kenya", "feed")
    assert found.closest is not None
    assert found.closest.address == "a0:1.1"
    assert [span.of(found.closest.text) for span in found.closest.matched] == ["oil"]
    typo = ask(index, "Which giraffe did Bob feed near the lighthuose?")
    assert typo.nearest == (("lighthuose", ("lighthouse",)),)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("¿Cuál es la capital de Brasil?", "es"),
        ("Wie ist das Wetter in Berlin?", "de"),
        ("Quanto costa una pizza a Roma?", "it"),
        ("Какая погода в Москве?", "ru"),
    ],
)
def test_a_question_in_another_language_hears_which_ones_are_spoken(
    shipped_index: Index, question: str, language: str
) -> None:
    """Silence may be due to the language alone."""
    found = ask(shipped_index, question)
    assert (found.language, found.answered, found.corpus_languages) == (
        language,
        False,
        ("en", "fr"),
    )


def test_a_language_with_a_word_list_is_spoken(index_of: Callable[..., Index]) -> None:
    """An English question can be answered from a French article alone."""
    index = index_of({"fr": "Le maire a peint la gare."})
    assert ask(index, "who is that?").corpus_languages == ()
    assert ask(index, "wer ist das?").corpus_languages == ("fr",)


@pytest.mark.parametrize(
    ("clean", "otherwise"),
    [
        ("who ratified it?", "who ratifed it?"),
        ("who ratified it?", "who ratiifed it?"),
        ("who ratified it?", "WHO RATIFIED IT"),
        ("who ratified it?", "hey bot, who ratified it please"),
        ("who ratified it?", "can you tell me who ratified it, thanks"),
        ("When did Putin visit Pyongyang?", "When did Putin vist Pyongyang?"),
        ("When did Putin visit Pyongyang?", "when did putin visit pyongyan"),
        ("When did Putin visit Pyongyang?", "WHEN DID PUTIN VISIT PYONGYANG"),
        ("How many articles does it contain?", "ok so how many articles does it contain"),
        ("Qui l'a ratifié ?", "qui l'a ratifie"),
        ("Qui l'a ratifié ?", "QUI L’A RATIFIÉ ?"),
        ("Qui l'a ratifié ?", "qui l'a ratiffié ?"),
        ("Qui l'a ratifié ?", "bonjour, pouvez-vous me dire qui l'a ratifié s'il vous plaît ?"),
        ("Combien d'articles contient le traité ?", "combien d articles contient le traite"),
        ("Combien d'articles contient le traité ?", "Combien d'artciles contient le traité ?"),
        ("Combien d'articles contient le traité ?", "salut, combien d'articles contient le traité"),
    ],
)
def test_the_same_question_written_otherwise_has_the_same_answer(
    shipped_index: Index, clean: str, otherwise: str
) -> None:
    """Typos, missing accents, capitals and politeness make no difference to the first sentence."""
    assert place(ask(shipped_index, otherwise)) == place(ask(shipped_index, clean)) is not None


@pytest.mark.parametrize(
    ("previous", "question", "accepted"),
    [
        ("who ratified it?", "and when?", {"1.1", "2.3"}),
        ("Qui l'a ratifié ?", "et quand ?", {"1.1", "2.3"}),
        ("Combien d'articles contient le traité ?", "et l'énergie ?", {"4.2"}),
        ("What is the capital of Brazil?", "and the preamble?", {"3.1"}),
    ],
)
def test_a_follow_up_is_read_with_the_question_before_it(
    shipped_index: Index, previous: str, question: str, accepted: set[str]
) -> None:
    """The answer says which question that was."""
    found = ask(shipped_index, question, previous=previous)
    assert place(found) in accepted
    assert (found.question, found.previous_question) == (question, previous)


@pytest.mark.parametrize(
    "question", [*ACCEPTANCE, "What is the capital of Brazil?", "hello", "???"]
)
def test_a_full_question_stands_alone(shipped_index: Index, question: str) -> None:
    """Whatever was asked before it."""
    alone = ask(shipped_index, question)
    assert ask(shipped_index, question, previous="Where is the energy?") == alone
    assert alone.previous_question is None


def test_a_follow_up_of_nothing_is_silence(shipped_index: Index) -> None:
    """*And when?* alone asks nothing that could be looked for."""
    assert not ask(shipped_index, "and when?").answered
    assert ask(shipped_index, "and when?").previous_question is None


def test_the_fallback_language_decides_where_a_question_does_not(shipped_index: Index) -> None:
    """Names alone are answered in the language of who asks."""
    english = ask(shipped_index, "Poutine Pyongyang 2024", fallback_language="en")
    french = ask(shipped_index, "Poutine Pyongyang 2024", fallback_language="fr")
    assert (english.language, french.language) == ("en", "fr")
    assert place(english) == place(french) == "2.2"
    assert english.citations[0].translation
    assert french.citations[0].translation is None


def test_every_sentence_is_found_by_its_own_words(shipped_index: Index) -> None:
    """Asked word for word, in either language, it is the first to be shown."""
    for _, rendering in shipped_index.renderings:
        for passage in rendering.passages:
            for span in passage.sentences:
                text = span.of(rendering.text)
                found = ask(shipped_index, text, fallback_language=rendering.language)
                first, *_ = found.citations or found.suggestions
                assert text in (first.text, first.translation)


QUESTIONS = st.one_of(
    st.text(max_size=80),
    st.text(st.characters(categories=["Cs", "Cc", "Zs", "P", "Nd"]), max_size=20),
    st.lists(
        st.sampled_from(
            [w for question in ACCEPTANCE for w in question.split()]
            + ["et", "énergie", "and", "leaders", "Corée", "du", "Nord", "sécurité", "war", "hey"]
        ),
        max_size=10,
    ).map(" ".join),
)


@given(QUESTIONS, st.none() | QUESTIONS)
def test_any_text_is_answered_or_explained(
    shipped_index: Index, question: str, previous: str | None
) -> None:
    """Whatever is asked: at most three citations, best first, word for word, each with its reasons.

    Every further one meets the question in itself; without any, the closest is no answer.
    """
    found = ask(shipped_index, question, previous=previous)
    query = find(shipped_index, question, previous=previous).query
    assert len(found.citations) <= MAX_CITATIONS
    assert found.closest is None or not found.answered
    assert set(dict(found.nearest)) <= set(found.unknown_words) <= {s.word for s in query.terms}
    scores = [citation.score for citation in found]
    ranked = find(shipped_index, question, previous=previous).ranked
    assert scores[:1] == [round(float(score), 4) for score in ranked.scores[: len(scores[:1])]]
    assert scores == sorted(scores, reverse=True)
    assert all(score >= MIN_RELATIVE_SCORE * scores[0] - 1e-4 for score in scores)
    assert len({citation.address for citation in found}) == len(scores)
    for citation in filter(None, (*found, found.closest)):
        original = citation.article.original
        assert citation.text in original.passages[citation.passage - 1].span.of(original.text)
        assert [match.word for match in citation.why] == [
            query_term.word for query_term in query.terms
        ]
    assert all(citation.matched or citation.matched_translation for citation in found.citations[1:])


def test_the_question_of_a_message_is_asked(index_of: Callable[..., Index]) -> None:
    """The story around it is left out; what only the whole message answers is asked whole."""
    index = index_of({"en": "The ferry leaves at noon.\nDogs pay half.\nThe ferry has a bar."})
    story = "hi all, we came with dogs and luggage last night. When does the ferry leave?"
    found = ask(index, story)
    assert found.citations
    assert found.citations[0].text == "The ferry leaves at noon."
    assert not found.unknown_words
    whole = ask(index, "Dogs pay, don't they? Sorry.")
    assert whole.citations[0].text == "Dogs pay half."
