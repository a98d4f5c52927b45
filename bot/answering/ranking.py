"""Ranks the sentences of candidate passages for a question.

The second of two stages: ``rank_sentences`` takes any list of candidate passages, wherever it comes
from, and scores each of their sentences by what it shares with the question, what its passage,
section and title share, and whether it holds what is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bot.answering.evidence import Evidence, gather
from bot.answering.query import Query, QueryTerm, certainty_of_words
from bot.index.arrays import Bools, Floats, Ints
from bot.index.build import Index
from bot.text.answer_types import AnswerType

# Behind each constant of the score: the points of R@1 that the answers lose without it, on squad-en
# (pool) and piaf-fr-half (one article), measured by tests.benchmarks.ablation.

#: A word spelled alike counts this much of the question word's idf. Above 1, so that the same word
#: beats another of the same stem. Without it 1.6 and 2.2.
SIMILAR_WEIGHT = 1.6

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
    AnswerType.LENGTH: 0.2,
    AnswerType.LENGTH | AnswerType.DURATION: 0.2,
}

#: Share of the best score that a heading which the question says in full adds.
HEADING_WEIGHT = 0.4

# What follows does not rank: it tells an answer from silence. Behind each: points of AUROC, own
# questions against those of other articles, lost without it on piaf-fr-half.

#: How well a question word is held by another word of its stem or a translation, where the spelling
#: says less. 0.1.
STEM_COVERAGE = 0.8

#: How well a question word is held by the title of the document.
TITLE_COVERAGE = 0.5

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
    """Sentences of originals, best first. Q question words, S sentences."""

    sentences: Ints
    scores: Floats
    coverage: Floats  #: how much of the question its passage holds: 1 is each word as it was asked
    held: Floats  #: Q by S: how well its passage holds each question word
    own: Floats  #: Q by S: how well it itself does, with what stands around its passage
    idf: Floats  #: Q: how telling each question word is
    known: Floats  #: Q: how surely the corpus holds each question word, 0 to 1
    typed: Bools  #: S: whether it holds what is asked for
    heading: Floats  #: S: the share of its section's heading that the question says
    cosines: Floats | None = None  #: S: nearness of meaning; None where none was looked for

    def reordered(self, order: npt.NDArray[np.int64]) -> Ranked:
        """Return the sentences in another order."""
        return replace(
            self,
            sentences=self.sentences[order],
            scores=self.scores[order],
            coverage=self.coverage[order],
            held=self.held[:, order],
            own=self.own[:, order],
            typed=self.typed[order],
            heading=self.heading[order],
            cosines=None if self.cosines is None else self.cosines[order],
        )


def rank_sentences(index: Index, query: Query, passages: Ints, passage_scores: Floats) -> Ranked:
    """Rank the sentences of some passages, each of which has a score."""
    if not len(passages) or not query.terms:
        return _nothing(query)
    evidence = gather(index, query, passages, passage_scores)
    own = np.maximum(np.maximum(evidence.alike, STEM_COVERAGE * evidence.met), evidence.around)
    held = np.maximum(_of_passages(own, evidence.passages), TITLE_COVERAGE * evidence.titled)
    weights = [_coverage_weight(query_term) for query_term in query.terms]
    coverage = np.average(held, axis=0, weights=weights)
    originals = index.sentence_original[evidence.sentences]
    scores = _scores(query, evidence)
    order = _best_renderings(originals, scores)
    return Ranked(
        sentences=originals[order],
        scores=scores[order],
        coverage=coverage[order],
        held=held[:, order],
        own=own[:, order],
        idf=evidence.idf,
        known=np.array(certainty_of_words(query.terms)),
        typed=evidence.typed[order],
        heading=evidence.heading[order],
    )


def _nothing(query: Query) -> Ranked:
    """No sentence."""
    none, words = np.zeros(0), np.zeros((len(query.terms), 0))
    typed = np.zeros(0, dtype=bool)
    return Ranked(
        *(none.astype(np.int32), none, none, words, words),
        *(np.zeros(len(words)), np.zeros(len(words)), typed, none),
    )


def _scores(query: Query, evidence: Evidence) -> Floats:
    """Return the score of each sentence."""
    idf, around = evidence.idf[:, None], evidence.around
    term_scores = np.maximum(evidence.exact, SIMILAR_WEIGHT * idf * evidence.alike)
    term_scores = np.maximum(term_scores, idf * around)
    # What most candidates hold, such as the name that they are all about, does not tell them apart.
    term_scores *= 1 - ((evidence.exact > 0) | (around > 0)).mean(axis=1, keepdims=True)
    scores: Floats = _propagate(term_scores, evidence.passages).sum(axis=0)
    scores += evidence.passage_scores + evidence.title
    if len(scores):
        scores += HEADING_WEIGHT * scores.max() * evidence.heading**2
    if query.answer_type and len(scores):
        scores += ANSWER_TYPE_WEIGHT[query.answer_type] * scores.max() * evidence.typed
    return scores


def _propagate(term_scores: Floats, passages: Ints) -> Floats:
    """Return the evidence with what the sentences before each one in its passage hand on to it.

    The sentences of a passage lie together, so steps of 1, 2, 4... reach each distance.
    """
    carried = term_scores.copy()
    distance = 1
    while (same := passages[distance:] == passages[:-distance]).any():
        handed_on = CONTEXT_DECAY**distance * carried[:, :-distance] * same
        np.maximum(carried[:, distance:], handed_on, out=carried[:, distance:])
        distance *= 2
    return carried


def _of_passages(held: Floats, passages: Ints) -> Floats:
    """How well each sentence's passage holds each question word; the sentences of a passage lie
    together.
    """
    starts = np.flatnonzero(np.diff(passages, prepend=-1))
    if not len(starts):
        return held
    best = np.maximum.reduceat(held, starts, axis=1)
    return np.repeat(best, np.diff(starts, append=len(passages)), axis=1)


def _coverage_weight(query_term: QueryTerm) -> float:
    """How much it says that a passage holds a question word or lacks it."""
    if query_term.in_glossary:
        return GLOSSARY_COVERAGE * query_term.weight
    if query_term.named and not query_term.known:
        return UNKNOWN_NAME_COVERAGE * query_term.weight
    return (COMMON_COVERAGE if query_term.common else 1.0) * query_term.weight


def _best_renderings(originals: Ints, scores: Floats) -> Ints:
    """Return the places of the best rendering of each sentence of an original, best first."""
    order = np.lexsort((originals, -scores))
    order = order[originals[order] >= 0]  # of a translation, what its original does not have
    _, best = np.unique(originals[order], return_index=True)
    return order[np.sort(best)].astype(np.int32)
