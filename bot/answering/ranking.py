"""Ranks the sentences of candidate passages for a question.

The second of two stages: ``best_passages`` is BM25 over passages; ``rank_sentences`` takes any list
of candidate passages, wherever it comes from, and scores each of their sentences by what it shares
with the question, what its passage and title share, and whether it holds what is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.answering.query import Query, QueryTerm
from bot.index.arrays import Floats, Ints, expand_ranges
from bot.index.build import Index
from bot.index.fuzzy import similarities
from bot.text.answer_types import AnswerType

#: How many passages the second stage looks into.
CANDIDATE_PASSAGES = 30

# Behind each constant of the score: the points of R@1 that the answers lose without it, on squad-en
# (pool) and piaf-fr-half (one article), measured by tests.benchmarks.ablation.

#: BM25 of sentences. How often a word stands in one sentence says little, hence the low k1.
#: Beside rank-bm25's 1.5 and 0.75: 0.1 and 0.3.
SENTENCE_K1 = 0.3
SENTENCE_B = 0.5

#: A word spelled alike (Dice's coefficient of character 4-grams to the power SHARPNESS) counts this
#: much of the question word's idf. Above 1, so that the same word beats another of the same stem.
#: Without it 1.6 and 2.2; with a power of 1 0.3 and 1.1.
SIMILAR_WEIGHT = 1.6
SHARPNESS = 2

#: A question word found in an earlier sentence of the passage counts this much a sentence later:
#: what *he* or *it* stands for was said before. 1.6 and 2.2.
CONTEXT_DECAY = 0.5

#: Share of the best score that holding what is asked for adds. Most sentences hold some name.
#: 0.7 and 1.2.
ANSWER_TYPE_WEIGHT = {
    AnswerType.DATE: 0.2,
    AnswerType.NUMBER: 0.2,
    AnswerType.CAUSE: 0.2,
    AnswerType.NAME: 0.05,
    AnswerType.DURATION: 0.2,
    AnswerType.AMOUNT: 0.2,
    AnswerType.PERMISSION: 0.1,
    AnswerType.DEFINITION: 0.2,
}

# What follows does not rank: it tells an answer from silence. Behind each: points of AUROC, own
# questions against those of other articles, lost without it on piaf-fr-half.

#: How well a question word is held by another word of its stem or a translation, where the spelling
#: says less. 0.1.
STEM_COVERAGE = 0.6

#: One of the commonest words of the language, for which many others can stand, says this much. 0.3.
COMMON_COVERAGE = 0.5

#: A name or number that the corpus does not hold: the question is about something else. 0.3.
UNKNOWN_NAME_COVERAGE = 3.0

#: A name or term of the glossary: it is what the whole corpus is about, so sharing it says little.
#: The sets have no glossary; of 6 questions in tests/judgments.toml that share only the treaty's
#: names, 6 are refused with it and 0 without.
GLOSSARY_COVERAGE = 0.2


@dataclass(frozen=True, slots=True)
class Ranked:
    """Sentences, best first, with their scores and how much of the question each one holds."""

    sentences: Ints
    scores: Floats
    coverage: Floats  #: how much of the question its passage holds: 1 is each word as it was asked


def best_passages(
    index: Index, query: Query, count: int = CANDIDATE_PASSAGES
) -> tuple[Ints, Floats]:
    """The passages with the highest BM25, the sum over slots of the best way of each, and their
    scores; best first, ties in reading order, none at 0.
    """
    asked = [
        [
            (expansion.term, expansion.weight * query_term.weight)
            for expansion in query_term.expansions
        ]
        for query_term in query.terms
    ]
    return index.passages.search(asked, count)


def rank_sentences(index: Index, query: Query, passages: Ints, passage_scores: Floats) -> Ranked:
    """Rank the sentences of some passages, each of which has a score."""
    sentences, candidate = _sentences_of(index, passages)
    if not len(sentences) or not query.terms:
        return Ranked(sentences, np.zeros(0), np.zeros(0))
    words, first = _gather(index, sentences)
    rows = np.repeat(np.arange(len(sentences), dtype=np.int32), np.diff(first))
    exact, met = _exact_scores(index, query, sentences, words, rows)
    idf = np.array([term_weight(index, query_term) for query_term in query.terms])
    alike = _similarity(index, query, words, first) ** SHARPNESS
    term_scores = np.maximum(exact, SIMILAR_WEIGHT * idf[:, None] * alike)
    # What most candidates hold, such as the name that they are all about, does not tell them apart.
    term_scores *= 1 - (exact > 0).mean(axis=1, keepdims=True)
    scores = _propagate(term_scores, index.sentence_passage[sentences]).sum(axis=0)
    scores += passage_scores[candidate]
    scores += _title_scores(index, query, sentences)
    if query.answer_type:
        weight = ANSWER_TYPE_WEIGHT[query.answer_type] * scores.max()
        scores += weight * _has_answer_type(index, query, words, rows, len(sentences))
    held = np.maximum(alike, STEM_COVERAGE * met)
    coverage = _passage_coverage(query, held, index.sentence_passage[sentences])
    return _best_renderings(index, sentences, scores, coverage)


def _sentences_of(index: Index, passages: Ints) -> tuple[Ints, npt.NDArray[np.int64]]:
    """The sentences of some passages, those without any word left out, and of which passage each
    one is.
    """
    first = index.forward.passage_sentences
    places, starts = expand_ranges(first[passages], first[passages + 1])
    words = index.forward.sentence_words
    held = words[places + 1] > words[places]
    candidate = np.repeat(np.arange(len(passages)), np.diff(starts))
    return places[held].astype(np.int32), candidate[held]


def _gather(index: Index, sentences: Ints) -> tuple[Ints, npt.NDArray[np.int64]]:
    """The words of some sentences, one behind the other, and where each sentence begins."""
    places, first = expand_ranges(
        index.forward.sentence_words[sentences], index.forward.sentence_words[sentences + 1]
    )
    return index.vocabulary.surface_word[index.forward.surface_forms[places]], first


def term_weight(index: Index, query_term: QueryTerm) -> float:
    """How telling a question word is; one that the corpus does not hold is the most telling."""
    if query_term.known:
        return query_term.weight * max(
            float(index.idf[expansion.term]) * expansion.weight
            for expansion in query_term.expansions
        )
    return query_term.weight * float(np.log1p((len(index.sentence_length) + 0.5) / 0.5))


def _exact_scores(
    index: Index, query: Query, sentences: Ints, words: Ints, rows: Ints
) -> tuple[Floats, Floats]:
    """Sentence BM25 of the best way of each slot, and the weight of the best way that is there.

    Both slots by sentences.
    """
    terms = index.vocabulary.word_term[words]
    length = index.sentence_length[sentences] / index.average_length
    saturation = SENTENCE_K1 * (1 - SENTENCE_B + SENTENCE_B * length)
    scores = np.zeros((len(query.terms), len(sentences)))
    met = np.zeros_like(scores)
    for number, query_term in enumerate(query.terms):
        for expansion in query_term.expansions:
            count = np.bincount(rows[terms == expansion.term], minlength=len(sentences))
            added = index.idf[expansion.term] * expansion.weight * count * (SENTENCE_K1 + 1)
            np.maximum(scores[number], added / (count + saturation), out=scores[number])
            np.maximum(met[number], expansion.weight * (count > 0), out=met[number])
        scores[number] *= query_term.weight
    return scores, met


def _propagate(term_scores: Floats, passages: Ints) -> Floats:
    """The evidence with what the sentences before each one in its passage hand on to it.

    The sentences of a passage lie together, so steps of 1, 2, 4... reach each distance.
    """
    carried = term_scores.copy()
    distance = 1
    while (same := passages[distance:] == passages[:-distance]).any():
        handed_on = CONTEXT_DECAY**distance * carried[:, :-distance] * same
        np.maximum(carried[:, distance:], handed_on, out=carried[:, distance:])
        distance *= 2
    return carried


def _similarity(index: Index, query: Query, words: Ints, first: npt.NDArray[np.int64]) -> Floats:
    """How alike each slot's word and the likest word of each sentence are spelled, 0 to 1."""
    distinct, place = np.unique(words, return_inverse=True)
    alike = similarities(index, [query_term.spellings for query_term in query.terms], distinct)
    return np.maximum.reduceat(alike[:, place], first[:-1], axis=1)


def _title_scores(index: Index, query: Query, sentences: Ints) -> Floats:
    """The idf of the question words in the title of each sentence's rendering."""
    rendering = index.passage_rendering[index.sentence_passage[sentences]]
    asked = {expansion.term for query_term in query.terms for expansion in query_term.expansions}
    of: dict[int, float] = {}
    for number in set(rendering.tolist()):
        held = index.title_terms(number) & asked
        best = (
            query_term.weight
            * max(
                (
                    float(index.idf[w.term]) * w.weight
                    for w in query_term.expansions
                    if w.term in held
                ),
                default=0,
            )
            for query_term in query.terms
        )
        of[number] = sum(best) if held else 0.0  # as of most: their titles are not looked into
    return np.array([of[number] for number in rendering.tolist()])


def _has_answer_type(index: Index, query: Query, words: Ints, rows: Ints, count: int) -> Floats:
    """1 for each sentence with a word of the kind asked for that is not in the question."""
    fit = (index.word_answer_types[words] & int(query.answer_type)) != 0
    candidates = np.flatnonzero(fit)
    new = [i for i in candidates if index.vocabulary.normalized_forms[words[i]] not in query.tokens]
    holds = np.zeros(count)
    holds[rows[new]] = 1
    return holds


def _passage_coverage(query: Query, held: Floats, passages: Ints) -> Floats:
    """For each sentence, the mean over slots of how well its passage holds the question word.

    ``held`` tells it of each sentence, slots by sentences; the sentences of a passage lie together.
    """
    starts = np.flatnonzero(np.diff(passages, prepend=-1))
    weights = [_recall_weight(query_term) for query_term in query.terms]
    coverage = np.average(np.maximum.reduceat(held, starts, axis=1), axis=0, weights=weights)
    return np.repeat(coverage, np.diff(starts, append=len(passages)))


def _recall_weight(query_term: QueryTerm) -> float:
    """How much it says that a passage holds a question word or lacks it."""
    if query_term.in_glossary:
        return GLOSSARY_COVERAGE * query_term.weight
    if query_term.named and not query_term.known:
        return UNKNOWN_NAME_COVERAGE * query_term.weight
    return (COMMON_COVERAGE if query_term.common else 1.0) * query_term.weight


def _best_renderings(index: Index, sentences: Ints, scores: Floats, coverage: Floats) -> Ranked:
    """One entry a sentence of an original: the score of its best rendering. Best first."""
    originals = index.sentence_original[sentences]
    order = np.lexsort((originals, -scores))
    _, best = np.unique(originals[order], return_index=True)
    order = order[np.sort(best)]
    return Ranked(originals[order], scores[order], coverage[order])
