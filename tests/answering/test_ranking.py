"""The two stages of the ranking: passages by rank-bm25's formula, then their sentences."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from bot.answering.query import Expansion, Query, QueryTerm, parse_question
from bot.answering.ranking import rank_sentences
from bot.corpus.folder import read_corpus
from bot.corpus.model import Span
from bot.index.arrays import Floats, Ints
from bot.index.bm25 import PASSAGE_B, PASSAGE_K1
from bot.index.build import Index, build_index
from bot.service.search import best_passages, find
from bot.text.answer_types import NO_KIND

# Words of a language without stop words or stemmer, so that a word is a term.
WORDS = ["lemon", "brick", "cloud", "frost", "piano", "stork", "whisk", "jumbo"]
SENTENCE = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6)
PASSAGES = st.lists(st.lists(SENTENCE, min_size=1, max_size=3), min_size=1, max_size=5)
SLOTS = st.lists(
    st.tuples(
        st.sampled_from([0.5, 1.0]),
        st.dictionaries(st.sampled_from(WORDS), st.sampled_from([0.25, 0.8, 1.0]), max_size=3),
    ),
    max_size=4,
)


def text_of(passages: list[list[list[str]]]) -> str:
    """A text of some passages of sentences of words; a sentence begins with a capital."""
    lines = (" ".join(f"{' '.join(words)}.".capitalize() for words in p) for p in passages)
    return "\n".join(lines)


def okapi(passages: list[list[list[str]]]) -> BM25Okapi:
    """rank-bm25's own index of the same passages, with the idf that ours documents."""
    documents = [[word for sentence in passage for word in sentence] for passage in passages]
    parent = BM25Okapi(documents, k1=PASSAGE_K1, b=PASSAGE_B)
    n = len(documents)
    df = {word: sum(word in document for document in documents) for word in WORDS}
    parent.idf = {word: math.log(1 + (n - df[word] + 0.5) / (df[word] + 0.5)) for word in WORDS}
    return parent


def assert_best(found: tuple[Ints, Floats], expected: Floats, count: int) -> None:
    """Assert that passages are the best by their expected scores, none of which is 0."""
    places, scores = found
    assert scores.tolist() == pytest.approx(expected[places].tolist())
    assert (np.diff(scores) <= 0).all()
    best = np.sort(expected[expected > 0])[::-1][:count]
    assert scores.tolist() == pytest.approx(best.tolist())
    assert len(set(places.tolist())) == len(places)


@given(PASSAGES, st.lists(st.sampled_from(WORDS), unique=True))
def test_passages_are_scored_as_rank_bm25_does(
    index_of: Callable[..., Index], passages: list[list[list[str]]], asked: list[str]
) -> None:
    """A question of words that match in one way has rank-bm25's BM25Okapi scores."""
    index = index_of({"xx": text_of(passages)})
    found = best_passages(index, parse_question(" ".join(asked), index, "xx"), len(passages))
    assert_best(found, okapi(passages).get_scores(asked), len(passages))


@given(PASSAGES, SLOTS)
def test_a_word_scores_its_best_way(
    index_of: Callable[..., Index],
    passages: list[list[list[str]]],
    asked: list[tuple[float, dict[str, float]]],
) -> None:
    """Of a word's translations and synonyms the best one counts, not their sum."""
    index, parent = index_of({"xx": text_of(passages)}), okapi(passages)
    query_terms = []
    expected = np.zeros(len(passages))
    for weight, words in asked:
        terms = index.vocabulary.terms
        expansions = {w: Expansion(terms[w], "word", of) for w, of in words.items() if w in terms}
        query_terms.append(QueryTerm("", "", tuple(expansions.values()), {}, weight=weight))
        of_ways = [
            parent.get_scores([word]) * expansion.weight for word, expansion in expansions.items()
        ]
        expected += weight * np.max([np.zeros(len(passages)), *of_ways], axis=0)
    query = Query("", "xx", tuple(query_terms), NO_KIND, frozenset())
    for count in (1, 2, len(passages)):
        assert_best(best_passages(index, query, count), expected, count)


@given(
    st.lists(PASSAGES, min_size=1, max_size=3),
    st.lists(st.sampled_from([*WORDS, "lemmon", "walrus"]), min_size=1, max_size=5),
    st.data(),
)
def test_any_candidate_passages_are_ranked(
    index_of: Callable[..., Index],
    articles: list[list[list[list[str]]]],
    asked: list[str],
    data: st.DataObject,
) -> None:
    """Whichever they are, in any order: every sentence of theirs once, as its original, best first.

    The recall of each lies between 0 and 1.
    """
    texts = [text_of(passages) for passages in articles]
    index = index_of(*({"xx": text, "yy": text.replace("lemon", "limon")} for text in texts))
    size = index.passages.corpus_size
    candidates = data.draw(st.lists(st.integers(0, size - 1), unique=True))
    query = parse_question(" ".join(asked), index, "xx")
    passages = np.array(candidates, dtype=np.int32)
    ranked = rank_sentences(index, query, passages, np.ones(len(passages)))
    own = np.flatnonzero(np.isin(index.sentence_passage, passages))
    assert sorted(ranked.sentences.tolist()) == sorted(set(index.sentence_original[own].tolist()))
    assert (np.diff(ranked.scores) <= 0).all()
    assert len(ranked.scores) == len(ranked.coverage) == len(ranked.sentences)
    assert ((ranked.coverage >= 0) & (ranked.coverage <= 1)).all()


def test_no_candidates_give_an_empty_ranking(shipped_index: Index) -> None:
    """Nothing found is no sentence, not an error."""
    query = parse_question("who ratified it?", shipped_index)
    none = np.zeros(0, dtype=np.int32)
    ranked = rank_sentences(shipped_index, query, none, np.zeros(0))
    assert (len(ranked.sentences), len(ranked.scores), len(ranked.coverage)) == (0, 0, 0)


def test_a_translation_comes_back_as_its_original(corpus_dir: Path) -> None:
    """A question that only the English rendering meets finds the French sentence."""
    index = build_index(read_corpus(corpus_dir))
    best = int(find(index, "who had travelled in June?").ranked.sentences[0])
    passage = int(index.sentence_passage[best])
    _, rendering = index.renderings[index.passage_rendering[passage]]
    assert rendering.language == "fr"
    spans: list[Span] = [span for p in rendering.passages for span in p.sentences]
    first = int(np.searchsorted(index.passage_rendering, index.passage_rendering[passage]))
    place = best - int(index.forward.passage_sentences[first])
    assert spans[place].of(rendering.text).startswith("Vladimir Poutine")


@pytest.mark.parametrize(
    ("text", "question", "best"),
    [
        ("The bridge opened slowly. The bridge opened in 1893.", "When did the bridge open?", 2),
        ("Many keepers lived there. Nine keepers lived there.", "How many keepers lived?", 2),
        ("The mayor called friends. The mayor called Ada.", "Who did the mayor call?", 2),
        ("Ships sank at dawn. Ships sank because of fog.", "Why did ships sink?", 2),
    ],
    ids=["date", "number", "name", "cause"],
)
def test_a_sentence_that_holds_what_is_asked_for_comes_first(
    index_of: Callable[..., Index], text: str, question: str, best: int
) -> None:
    """Of two sentences that share the same words with a question."""
    index = index_of({"en": text})
    assert find(index, question).ranked.sentences[0] == best - 1


@pytest.mark.parametrize(
    ("text", "question", "best"),
    [
        ("The lamp burned oil. The lamp burned whale oil.", "did the lamp burn whale oil?", 2),
        ("She sold fish.\nAda kept bees. She sold fish. It rained.", "who sold Ada's fish?", 3),
        ("They ratify laws. They ratified laws. They rest.", "who ratified laws?", 2),
        ("The harbour froze.\nOther text.\nThe harbor froze.", "which harbor froze?", 3),
    ],
    ids=["more words", "said before", "the same form", "the same spelling"],
)
def test_a_sentence_that_says_more_of_the_question_comes_first(
    index_of: Callable[..., Index], text: str, question: str, best: int
) -> None:
    """More of its words, in the same form and spelling, or what *she* stands for."""
    index = index_of({"en": text})
    assert find(index, question).ranked.sentences[0] == best - 1


def test_a_title_that_the_question_names_counts(tmp_path: Path) -> None:
    """Of the same sentence in two articles, that of the article asked about comes first."""
    for name in ("Aberdeen", "Brighton"):
        (tmp_path / f"{name}.md").write_text(f"# {name}\n\nThe pier opened late.")
    index = build_index(read_corpus(tmp_path))
    assert find(index, "when did the pier open in Brighton?").ranked.sentences.tolist() == [1, 0]
    assert find(index, "when did the pier open in Aberdeen?").ranked.sentences.tolist() == [0, 1]
