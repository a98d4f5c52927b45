"""Why a sentence was found: how each word of the question meets it, and where."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.citation import Match, MatchType
from bot.answering.explanation import explain
from bot.answering.query import parse_question
from bot.corpus.model import Rendering, Span
from bot.index.build import Index
from bot.service.search import find

FRENCH = {"fr": "La guerre en Corée du Nord a duré un an. Le reste est inconnu."}
ENGLISH = {"en": "Warfare in the DPRK was costly. The rest of the lighthouses is unknown."}
GLOSSARY = [("Corée du Nord", "North Korea", "DPRK")]


def why(index: Index, question: str) -> tuple[tuple[Match, ...], tuple[Span, ...], str]:
    """How the first sentence of the first article meets a question, its spans and itself."""
    _, rendering = index.renderings[0]
    text = rendering.sentence(1, 1)
    matches, (spans,) = explain(index, parse_question(question, index), [(rendering, text)])
    return matches, spans, text


@pytest.mark.parametrize(
    ("texts", "question", "word", "found", "how"),
    [
        (ENGLISH, "was it COSTLY?", "COSTLY", "costly", "word"),
        (FRENCH, "combien d'années dura-t-elle ?", "dura", "duré", "word"),
        (ENGLISH, "where is North Korea?", "North Korea", "DPRK", "word"),
        (FRENCH, "where is North Korea?", "North Korea", "Corée du Nord", "word"),
        (FRENCH, "who won the war?", "war", "guerre", "translation"),
        (ENGLISH, "who won the war?", "war", "Warfare", "synonym"),
        (ENGLISH, "was it cosstly?", "cosstly", "costly", "spelling"),
        (ENGLISH, "what about the warfares?", "warfares", "Warfare", "word"),
        (ENGLISH, "what about the wafare?", "wafare", "Warfare", "spelling"),
        (ENGLISH, "was it costlyish?", "costlyish", "costly", "spelling"),
        (ENGLISH, "is there a lighthouse?", "lighthouse", "", "none"),
        (ENGLISH, "is there a giraffe?", "giraffe", "", "none"),
    ],
)
def test_each_word_says_how_it_is_met(
    index_of: Callable[..., Index],
    texts: dict[str, str],
    question: str,
    word: str,
    found: str,
    how: MatchType,
) -> None:
    """By itself, a translation, a synonym, a like spelling, or not at all."""
    matches, spans, text = why(index_of(texts, glossary=GLOSSARY), question)
    (match,) = (match for match in matches if match.word == word)
    assert (match.found, match.type) == (found, how)
    assert (match.weight > 0) == (how != "none")
    assert (found in [span.of(text) for span in spans]) == (how != "none")


def test_a_closer_match_weighs_more(index_of: Callable[..., Index]) -> None:
    """Of a word that is met as it was asked and one that is only meant by another."""
    index = index_of({"en": "War is costly."}, {"en": "Warfare is costly."})
    query = parse_question("was the war costly?", index)
    weights = []
    for _, rendering in index.renderings:
        (war, costly), _ = explain(index, query, [(rendering, rendering.sentence(1, 1))])
        assert (war.word, costly.word) == ("war", "costly")
        weights.append((war.weight, costly.weight))
    (word, same), (synonym, again) = weights
    assert word > synonym > 0
    assert same == again


def test_a_translation_explains_what_the_original_does_not(index_of: Callable[..., Index]) -> None:
    """Each rendering has its own spans; a word is shown as the first that meets it has it."""
    index = index_of({"fr": "La guerre a duré.", "en": "The war lasted."})
    (_, original), (_, english) = index.renderings
    read = [(original, original.sentence(1, 1)), (english, english.sentence(1, 1))]
    matches, spans = explain(
        index, parse_question("how long has the famous war lasted?", index), read
    )
    assert [(m.word, m.found, m.type) for m in matches] == [
        ("famous", "", "none"),
        ("war", "war", "word"),
        ("lasted", "lasted", "word"),
    ]
    assert spans == ((), (Span(4, 7), Span(8, 14)))


def test_the_best_meeting_counts(index_of: Callable[..., Index]) -> None:
    """Of a word and its translation in two renderings, and of a word and its synonym in one."""
    index = index_of({"fr": "La guerre a duré.", "en": "The war lasted."}, FRENCH)
    renderings = [rendering for _, rendering in index.renderings[:2]]
    read = [(rendering, rendering.sentence(1, 1)) for rendering in renderings]
    (match,), spans = explain(index, parse_question("what is war?", index), read)
    assert (match.found, match.type) == ("war", "word")
    assert spans == ((Span(3, 9),), (Span(4, 7),))
    (match,), spans_of_one, _ = why(index_of({"en": "War and warfare."}), "what is war?")
    assert (match.found, match.type, spans_of_one) == ("War", "word", (Span(0, 3),))


def test_a_translation_may_be_spelled_alike_only(index_of: Callable[..., Index]) -> None:
    """An article may have typos too."""
    (match,), _, _ = why(index_of({"fr": "La guerrre a duré."}), "what is war?")
    assert (match.found, match.type) == ("guerrre", "spelling")


VOCABULARY = [
    "who", "when", "the", "treaty", "traité", "agreement", "ratified", "ratifed", "Senate", "Sénat",
    "russe", "Russian", "North", "Korea", "Korean", "Corée", "du", "Nord", "Putin", "Kim", "war",
    "leaders", "deux", "two", "security", "sécurité", "peace", "and", "partnership", "giraffe",
]  # fmt: skip


@given(
    st.lists(st.sampled_from(VOCABULARY), max_size=8).map(" ".join) | st.text(max_size=40),
    st.sampled_from([(1, 1), (2, 3), (3, 2), (4, 1), (6, 2)]),
)
def test_an_explanation_holds_for_any_question(
    shipped_index: Index, question: str, address: tuple[int, int]
) -> None:
    """One match for each word; what was found stands in the text, at spans within it.

    Two spans lie apart, or a word lies within a term of the glossary.
    """
    query = find(shipped_index, question).query
    renderings: list[Rendering] = [rendering for _, rendering in shipped_index.renderings]
    read = [(rendering, rendering.sentence(*address)) for rendering in renderings]
    matches, spans = explain(shipped_index, query, read)
    assert [match.word for match in matches] == [query_term.word for query_term in query.terms]
    for match in matches:
        assert (match.type == "none") == (match.found == "") == (match.weight == 0)
        assert match.weight >= 0
        assert any(match.found in text for _, text in read)
    for (_, text), of_one in zip(read, spans, strict=True):
        for place, span in enumerate(of_one):
            assert 0 <= span.start < span.end <= len(text)
            for later in of_one[place + 1 :]:
                assert span.start <= later.start
                apart, within = later.start >= span.end, later.end <= span.end
                assert apart or within or later.start == span.start
                assert later != span
