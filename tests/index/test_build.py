"""The passage index against rank-bm25's own BM25Okapi, and what its scores promise."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from bot.corpus.folder import read_corpus
from bot.corpus.model import Article, Corpus
from bot.index.arrays import Floats
from bot.index.bm25 import PassageIndex, inverse_document_frequency
from bot.index.build import Index, build_index
from bot.index.vocabulary import NO_TERM
from bot.text.language import content_form, is_stop_word
from bot.text.sentences import sentence_spans
from bot.text.tokens import folded_words, parts_of_identifiers, tokenize
from bot.text.values import VALUE_MARK, value_keys
from tests.corpora import rendering_of

VOCABULARY = 12
DOCUMENTS = st.lists(st.lists(st.integers(0, VOCABULARY - 1), max_size=15), max_size=12)
QUERIES = st.lists(st.integers(0, VOCABULARY - 1), max_size=6)
K1 = st.floats(0.01, 3)  # at 0 the parent divides 0 by 0
B = st.floats(0, 0.99)  # at 1 the parent divides 0 by 0 for an empty document


def passage_index(
    documents: Sequence[Sequence[int]], k1: float = 0.9, b: float = 0.4
) -> PassageIndex:
    """The index of documents given as lists of term numbers."""
    terms = np.array([term for document in documents for term in document], dtype=np.int32)
    first = np.cumsum([0, *map(len, documents)], dtype=np.int64)
    return PassageIndex.build(terms, first, VOCABULARY, k1=k1, b=b)


def okapi_idf(parent: BM25Okapi) -> Floats:
    """The parent's idf of every term number; 0 where no document holds it, as it scores it."""
    return np.array([parent.idf.get(term) or 0.0 for term in range(VOCABULARY)])


@given(DOCUMENTS, QUERIES, K1, B)
def test_scores_are_rank_bm25s_own_bit_for_bit(
    documents: list[list[int]], query: list[int], k1: float, b: float
) -> None:
    """Given the parent's idf, the inverted index returns the very numbers that rank-bm25 does."""
    assume(sum(map(len, documents)) >= len(documents) > 0)  # a mean length below 1 counts as 1
    parent = BM25Okapi(documents, k1=k1, b=b)
    ours = passage_index(documents, k1, b)
    ours.idf = okapi_idf(parent)
    assert ours.get_scores(query).tolist() == parent.get_scores(query).tolist()


@given(DOCUMENTS)
def test_idf_is_the_documented_formula(documents: list[list[int]]) -> None:
    """The idf of a term is log(1 + (N - df + 0.5) / (df + 0.5)), always above 0."""
    ours = passage_index(documents)
    n = len(documents)
    for term in range(VOCABULARY):
        df = sum(term in document for document in documents)
        expected = math.log(1 + (n - df + 0.5) / (df + 0.5))
        assert math.isclose(ours.idf[term], expected, rel_tol=1e-12)
        assert ours.idf[term] > 0


@given(st.integers(1, 10**9))
def test_idf_falls_as_a_term_gets_commoner(documents: int) -> None:
    """A rarer term is worth more, and one in every document is still worth something."""
    df = np.unique(np.linspace(0, documents, 50).astype(np.int64))
    idf = inverse_document_frequency(df, documents)  # type: ignore[arg-type]
    assert (np.diff(idf) < 0).all()
    assert idf[-1] > 0


@given(DOCUMENTS, QUERIES)
def test_a_score_above_0_means_a_shared_term(documents: list[list[int]], query: list[int]) -> None:
    """A passage scores above 0 if and only if it holds a term of the query."""
    scores = passage_index(documents).get_scores(query)
    assert len(scores) == len(documents)
    for score, document in zip(scores, documents, strict=True):
        assert (score > 0) == bool(set(query) & set(document))


@given(DOCUMENTS)
def test_postings_are_the_passages_that_hold_a_term(documents: list[list[int]]) -> None:
    """Each term knows its passages, in order, and no other."""
    ours = passage_index(documents)
    for term in range(VOCABULARY):
        passages, _ = ours.postings(term)
        assert passages.tolist() == [i for i, doc in enumerate(documents) if term in doc]


def corpus_of(texts: list[str], language: str = "en") -> Corpus:
    """A corpus with one article of one passage for each text."""
    articles = []
    for number, text in enumerate(texts):
        rendering = rendering_of(language, f"Title {number}", [(1, text, sentence_spans(text))])
        articles.append(Article(f"a{number}", rendering))
    return Corpus(tuple(articles))


def check_index(index: Index) -> None:
    """Assert that the arrays of an index say what its renderings do."""
    passages = [(r, p) for _, r in index.renderings for p in r.passages]
    sentences = [(r, s) for r, p in passages for s in p.sentences]
    assert index.passages.corpus_size == len(passages) == len(index.passage_rendering)
    assert len(index.sentence_passage) == len(sentences) == len(index.sentence_original)
    held_by: dict[int, set[int]] = defaultdict(set)
    for number, (rendering, span) in enumerate(sentences):
        start, end = index.forward.sentence_words[number : number + 2]
        words = index.vocabulary.surface_word[index.forward.surface_forms[start:end]]
        forms = [index.vocabulary.normalized_forms[word] for word in words]
        text = span.of(rendering.text)
        concepts = [c.form for c in index.corpus.glossary.find(folded_words(text))]
        values = dict.fromkeys(VALUE_MARK + key for key, *_ in value_keys(text, rendering.language))
        words_read = [content_form(surface, rendering.language) for surface in tokenize(text)]
        parts = [content_form(part, rendering.language) for part in parts_of_identifiers(text)]
        assert forms == [*words_read, *parts, *concepts, *values]
        terms = index.vocabulary.word_term[words]
        assert index.sentence_length[number] == np.count_nonzero(terms != NO_TERM)
        for form, term in zip(forms, terms, strict=True):
            assert (term == NO_TERM) == (not form or is_stop_word(form, rendering.language))
            held_by[term].add(number)
    assert index.document_frequency.tolist() == [
        len(held_by[term]) for term in range(len(index.vocabulary.terms))
    ]


def test_the_index_of_the_shipped_corpus_holds_what_the_articles_say() -> None:
    """Every word of every rendering stands in the index, in order and under its sentence."""
    folder = Path(__file__).parents[2] / "corpus"
    index = build_index(read_corpus(folder))
    check_index(index)
    assert [rendering.language for _, rendering in index.renderings] == ["fr", "en"]
    translated = index.sentence_original[len(index.sentence_original) // 2 :]
    assert translated.tolist() == list(range(len(translated)))


@given(st.lists(st.text(min_size=1, max_size=60), max_size=4))
def test_any_text_can_be_indexed(texts: list[str]) -> None:
    """Whatever characters an article has, or if it has no word at all, it is indexed."""
    check_index(build_index(corpus_of(texts)))


@given(
    st.lists(st.text("abAB .", min_size=1, max_size=20), max_size=6).map(corpus_of),
    st.data(),
)
def test_an_index_built_on_another_is_the_index_of_its_own_articles(
    everything: Corpus, data: st.DataObject
) -> None:
    """Whichever articles come and go, what is left of the index before says what the rest do."""
    some = st.sets(st.sampled_from(everything.articles)) if everything.articles else st.just(set())
    before, after = (
        Corpus(tuple(sorted(data.draw(some), key=lambda article: article.name))) for _ in range(2)
    )
    index = build_index(after, build_index(before))
    check_index(index)
    plain = build_index(after)
    kinds = [
        dict(zip(one.vocabulary.normalized_forms, one.word_answer_types.tolist(), strict=True))
        for one in (index, plain)
    ]
    assert kinds[0] == kinds[1]
    assert index.vocabulary.terms.keys() == plain.vocabulary.terms.keys()
    for term, number in index.vocabulary.terms.items():
        mine, theirs = (
            one.passages.postings(n)
            for one, n in ((index, number), (plain, plain.vocabulary.terms[term]))
        )
        assert [a.tolist() for a in mine] == [a.tolist() for a in theirs]


def test_no_article_is_an_index_that_finds_nothing() -> None:
    """An empty corpus divides nothing by zero."""
    index = build_index(Corpus(()))
    assert index.passages.get_scores([]).tolist() == []
    assert index.average_length == 1.0
