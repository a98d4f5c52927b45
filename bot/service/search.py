"""A question answered from an index: what to search for, the passages, and what is shown of them.

The one place where a store of passages and the pure answering meet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypedDict, Unpack

import numpy as np
import numpy.typing as npt

from bot.answering.answer import (
    SearchResult,
    answer,
    define,
    rank,
    rank_units,
    read_question,
    taught_answer,
)
from bot.answering.asked_units import asked_units
from bot.answering.citation import Answer
from bot.answering.defining import asked_term
from bot.answering.meaning import with_meaning
from bot.answering.query import Query
from bot.answering.regression import QuestionResult
from bot.corpus.model import CuratedQuestion
from bot.index.arrays import Floats, Ints
from bot.index.build import Index
from bot.index.vectors import StackedVectors, Vectors
from bot.service.vectors import VectorStore

#: How many passages the ranking of sentences looks into.
CANDIDATE_PASSAGES = 30


@dataclass(frozen=True)
class Meaning:
    """The vectors of an index's sentences, and what makes that of a question."""

    store: VectorStore
    vectors: Vectors | StackedVectors

    def cosines(self, question: str) -> npt.NDArray[np.float32]:
        """Return how near each sentence is to a question."""
        return self.vectors.cosines(self.store.of_question(question))


class Situation(TypedDict, total=False):
    """What a question is asked in; each may be left out.

    ``previous``: the question before it in the same conversation, used where it does not stand
    alone (*and when?*); ``fallback_language``: taken where its own words do not tell its language;
    ``within``: the numbers of the only articles that are asked.
    """

    previous: str | None
    fallback_language: str
    within: frozenset[int] | None
    meaning: Meaning | None


def best_passages(
    index: Index,
    query: Query,
    count: int = CANDIDATE_PASSAGES,
    *,
    within: frozenset[int] | None = None,
) -> tuple[Ints, Floats]:
    """Return the passages with the highest BM25, the sum over question words of the best expansion
    of each, and their scores; best first, ties in reading order, none at 0.

    ``within``: the numbers of the only articles whose passages count.
    """
    asked = [
        [
            (expansion.term, expansion.weight * query_term.weight)
            for expansion in query_term.expansions
        ]
        for query_term in query.terms
    ]
    if within is None:
        return index.passages.search(asked, count)
    passages, scores = index.passages.search(asked, len(index.passage_rendering))
    there = np.flatnonzero(_inside(index, within, passages))[:count]
    return passages[there], scores[there]


def _inside(index: Index, within: frozenset[int], passages: Ints) -> npt.NDArray[np.bool_]:
    """Return which of some passages are of one of some articles."""
    first = index.forward.rendering_passages[index.forward.article_renderings]
    wanted = np.zeros(len(first), dtype=bool)
    wanted[sorted(within)] = True
    inside: npt.NDArray[np.bool_] = wanted[np.searchsorted(first, passages, "right") - 1]
    return inside


def find(index: Index, question: str, **situation: Unpack[Situation]) -> SearchResult:
    """Read a question and rank the sentences of the best passages for it."""
    previous, within = situation.get("previous"), situation.get("within")
    language = situation.get("fallback_language", "en")
    if units := asked_units(index, question, previous, within=within):
        reading = read_question(index, units.rest, fallback_language=language)[-1]
        return rank_units(index, reading, units)
    readings = read_question(index, question, previous=previous, fallback_language=language)
    results = [
        rank(index, reading, *best_passages(index, reading.query, within=within))
        for reading in readings
    ]
    place = max(range(len(results)), key=lambda number: results[number].confidence)
    reading, found = readings[place], results[place]
    meaning = situation.get("meaning")
    if meaning is not None and reading.query.tokens:
        asked = f"{previous} {question}" if reading.previous_question else question
        cosines = meaning.cosines(asked)
        if within is not None:
            inside = _inside(index, within, index.sentence_passage)
            cosines = np.where(inside, cosines, np.float32(-1.0))
        found = with_meaning(index, reading, found, cosines)
        if within is not None:
            kept = np.flatnonzero(inside[found.ranked.sentences])
            found = replace(found, ranked=found.ranked.reordered(kept))
    if term := asked_term(reading.query.question):
        found = define(index, term, found)
    return found


def ask(index: Index, question: str, *, further: int = 0, **situation: Unpack[Situation]) -> Answer:
    """Answer a question with the best-matching sentences, and ``further`` ones for later."""
    found = answer(index, question, find(index, question, **situation), further=further)
    return taught_answer(index, found, situation.get("within"))


def run_questions(index: Index, questions: Iterable[CuratedQuestion]) -> tuple[QuestionResult, ...]:
    """Ask each of the curators' questions: which sentence is shown first, sure or perhaps; where
    none is accepted, which is claimed. What was taught is left out, so that this stays a test.
    """
    outcomes = []
    for expected in questions:
        found = answer(index, expected.question, find(index, expected.question))
        shown = found.citations or (found.suggestions if expected.accepted else ())
        outcomes.append(QuestionResult(expected, shown[0].address if shown else None))
    return tuple(outcomes)
