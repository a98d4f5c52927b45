"""What the bot reads and answers with: addresses, spans and counts."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.citation import Answer, Citation
from bot.corpus.model import Article, Corpus, Span
from tests.corpora import rendering_of

FRENCH = rendering_of("fr", "Titre", [(1, "Un. Deux.", [(0, 3), (4, 9)]), (3, "É", [(0, 1)])])
ENGLISH = rendering_of("en", "Title", [(1, "One. Two.", [(0, 4), (5, 9)]), (3, "E", [(0, 1)])])
ARTICLE = Article("a", FRENCH, (ENGLISH,))

PASSAGES = st.lists(
    st.text(min_size=1, max_size=30).flatmap(
        lambda text: st.tuples(
            st.integers(1, 99),
            st.just(text),
            st.lists(st.integers(0, len(text)), max_size=6).map(
                lambda cuts: list(zip(sorted(cuts), sorted(cuts)[1:], strict=False))
            ),
        )
    ),
    max_size=5,
)


@given(PASSAGES)
def test_a_rendering_lays_its_passages_out_without_changing_them(
    passages: list[tuple[int, str, list[tuple[int, int]]]],
) -> None:
    """Every passage and sentence is a slice of the whole text, which holds nothing else."""
    rendering = rendering_of("en", "Title", passages)
    assert rendering.text == "\n\n".join(text for _, text, _ in passages)
    assert len(rendering.passages) == len(passages)
    for passage, (line, text, spans) in zip(rendering.passages, passages, strict=True):
        assert passage.line == line
        assert passage.span.of(rendering.text) == text
        assert [s.of(rendering.text) for s in passage.sentences] == [text[a:b] for a, b in spans]


def test_an_address_is_counted_from_1() -> None:
    """Passage 1, sentence 2 is the second sentence of the first passage."""
    assert FRENCH.sentence(1, 2) == "Deux."
    assert FRENCH.sentence(2, 1) == "É"


@pytest.mark.parametrize("address", [(0, 1), (1, 0), (-1, 1), (1, -1), (3, 1), (2, 2)])
def test_an_address_that_does_not_exist_is_an_index_error(address: tuple[int, int]) -> None:
    """No address counts from the end, and none wraps around."""
    with pytest.raises(IndexError):
        FRENCH.sentence(*address)


def test_an_article_knows_its_renderings_by_language() -> None:
    """The original comes first; a language without a rendering is None."""
    assert ARTICLE.renderings == (FRENCH, ENGLISH)
    assert ARTICLE.rendering("en") is ENGLISH
    assert ARTICLE.rendering("de") is None


def test_a_corpus_counts_its_originals() -> None:
    """Translations count neither as passages nor as sentences; languages go by frequency."""
    corpus = Corpus((ARTICLE, Article("b", ENGLISH)))
    assert (corpus.passages, corpus.sentences) == (4, 6)
    assert corpus.languages == ("en", "fr")


def test_a_citation_is_the_original_and_its_translation_for_the_reader() -> None:
    """What is cited is the original; the rendering shown is in the reader's language, if any."""
    english = Citation(ARTICLE, 1, 2, 1.0, "en")
    assert (english.text, english.translation, english.title) == ("Deux.", "Two.", "Titre")
    assert english.address == "a:1.2"
    assert Citation(ARTICLE, 1, 2, 1.0, "fr").translation is None
    assert Citation(ARTICLE, 1, 2, 1.0, "de").translation is None


def test_an_answer_is_answered_by_its_citations() -> None:
    """The closest sentence is no answer."""
    citation = Citation(ARTICLE, 1, 1, 1.0, "fr")
    assert not Answer("?", "en", suggestions=(citation,)).answered
    answer = Answer("?", "en", (citation,))
    assert answer.answered
    assert list(answer) == [citation]


def test_what_is_read_never_changes() -> None:
    """An index in service cannot be altered through what it hands out."""
    for instance in (ARTICLE, FRENCH, FRENCH.passages[0], Span(0, 1), Corpus(()), Answer("", "")):
        assert dataclasses.is_dataclass(instance)
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(instance, dataclasses.fields(instance)[0].name, None)


@given(PASSAGES, st.integers(-7, 7), st.integers(-7, 7))
def test_passages_are_a_sequence(
    passages: list[tuple[int, str, list[tuple[int, int]]]], start: int, end: int
) -> None:
    """They are counted, sliced and compared as a tuple of them would be."""
    laid = rendering_of("en", "Title", passages).passages
    same = rendering_of("en", "Title", passages).passages
    assert laid[start:end] == tuple(laid)[start:end]
    assert laid == same
    assert hash(laid) == hash(same)
    assert laid != tuple(laid)
    for place in (start, end):
        if -len(laid) <= place < len(laid):
            assert laid[place] == tuple(laid)[place]
        else:
            with pytest.raises(IndexError):
                laid[place]


def test_an_address_is_found_however_its_accents_are_composed() -> None:
    """Some systems decompose what they copy: the name of a file is the same name."""
    article = Article("trait\u00e9", FRENCH)
    corpus = Corpus((article,))
    for address in ("trait\u00e9:1.2", " traite\u0301:1.2"):
        assert corpus.find(address) == (article, 1, 2)
