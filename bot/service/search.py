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
    Reading,
    SearchResult,
    answer,
    define,
    nearest,
    rank,
    rank_units,
    read_question,
)
from bot.answering.asked_units import asked_units
from bot.answering.certainty import SURE
from bot.answering.citation import Answer, Citation
from bot.answering.defining import asked_term
from bot.answering.lessons import near_lessons, sentences_of
from bot.answering.meaning import Cosines, with_meaning
from bot.answering.query import Query
from bot.answering.regression import QuestionResult
from bot.answering.taught import taught_answer, with_taught
from bot.corpus.model import CuratedQuestion
from bot.index.arrays import Floats, Ints, Starts
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
    ``within``: the numbers of the only articles that are asked; ``taught``: False leaves out what
    curators have taught.
    """

    previous: str | None
    fallback_language: str
    within: frozenset[int] | None
    meaning: Meaning | None
    taught: bool


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
    there = np.flatnonzero(_inside(*_passages_of(index, within), passages))[:count]
    return passages[there], scores[there]


def _inside(first: Starts, end: Starts, places: Ints) -> npt.NDArray[np.bool_]:
    """Return which of some places lie in one of some ranges, which are in ascending order."""
    if not len(first):
        return np.zeros(len(places), dtype=bool)
    row = np.searchsorted(first, places, "right") - 1
    inside: npt.NDArray[np.bool_] = (row >= 0) & (places < end[row])
    return inside


def _passages_of(index: Index, articles: frozenset[int]) -> tuple[Starts, Starts]:
    """Return where the passages of each of some articles begin and end."""
    numbers = np.array(sorted(articles), dtype=np.int64)
    starts, renderings = index.forward.rendering_passages, index.forward.article_renderings
    return starts[renderings[numbers]], starts[renderings[numbers + 1]]


def _by_meaning(
    index: Index,
    reading: Reading,
    found: SearchResult,
    cosines: Cosines,
    within: frozenset[int] | None,
) -> SearchResult:
    """Order what was found by meaning, and let nothing in from articles that are not asked."""
    if within is None:
        return with_meaning(index, reading, found, cosines)
    sentences = index.forward.passage_sentences
    first, end = (sentences[places] for places in _passages_of(index, within))
    inside = _inside(first, end, np.arange(len(cosines), dtype=np.int32))
    near = np.where(inside, cosines, np.float32(-1.0))
    found = with_meaning(index, reading, found, near)
    kept = np.flatnonzero(inside[found.ranked.sentences])
    return replace(found, ranked=found.ranked.reordered(kept))


def _with_taught(
    index: Index,
    reading: Reading,
    candidates: tuple[Ints, Floats],
    found: SearchResult,
    within: frozenset[int] | None,
) -> SearchResult:
    """Order what was found, and is not sure, with the sentences of taught questions that are near
    to it, by these too; what was found where none is.
    """
    near = near_lessons(index, reading.query) if found.confidence < SURE else []
    numbers = [number for one in near for number in sentences_of(index, one.lesson)]
    if not numbers:
        return found
    passages, scores = candidates
    others = np.setdiff1d(index.sentence_passage[np.array(numbers)], passages)
    if within is not None:
        others = others[_inside(*_passages_of(index, within), others)]
    every = np.concatenate((passages, others)).astype(np.int32)
    wider = rank(index, reading, every, np.concatenate((scores, np.zeros(len(others)))))
    return with_taught(index, replace(wider, confidence=found.confidence), near)


def find(index: Index, question: str, **situation: Unpack[Situation]) -> SearchResult:
    """Read a question and rank the sentences of the best passages for it."""
    previous, within = situation.get("previous"), situation.get("within")
    language = situation.get("fallback_language", "en")
    if units := asked_units(index, question, previous, within=within):
        reading = read_question(index, units.rest, fallback_language=language)[-1]
        return rank_units(index, reading, units)
    readings = read_question(index, question, previous=previous, fallback_language=language)
    candidates = [best_passages(index, reading.query, within=within) for reading in readings]
    results = [
        rank(index, reading, *one) for reading, one in zip(readings, candidates, strict=True)
    ]
    place = max(range(len(results)), key=lambda number: results[number].confidence)
    reading, found = readings[place], results[place]
    term = asked_term(reading.query.question)
    defines = term is not None and define(index, term, found) is not found
    is_near_taught = False
    if situation.get("taught", True) and not defines:
        wider = _with_taught(index, reading, candidates[place], found, within)
        is_near_taught, found = wider is not found, wider
    meaning = situation.get("meaning")
    if meaning is not None and reading.query.tokens and found.confidence < SURE:
        asked = f"{previous} {question}" if reading.previous_question else question
        found = _by_meaning(index, reading, found, meaning.cosines(asked), within)
    return define(index, term, found) if term and not is_near_taught else found


def ask(index: Index, question: str, *, further: int = 0, **situation: Unpack[Situation]) -> Answer:
    """Answer a question with the best-matching sentences, and ``further`` ones for later."""
    found = answer(index, question, find(index, question, **situation), further=further)
    if not situation.get("taught", True):
        return found
    language = situation.get("fallback_language", "en")
    return taught_answer(index, found, situation.get("within"), language)


def nearest_to(
    index: Index, question: str, count: int, **situation: Unpack[Situation]
) -> tuple[Citation, ...]:
    """Return the sentences that are nearest to a question, even where none is near enough."""
    return nearest(index, find(index, question, **situation), count)


def run_questions(
    index: Index, questions: Iterable[CuratedQuestion], *, taught: bool = False
) -> tuple[QuestionResult, ...]:
    """Ask each of the curators' questions: which sentence is shown first, sure or perhaps; where
    none is accepted, which is claimed. What was ``taught`` is left out, so that this stays a test.
    """
    outcomes = []
    for expected in questions:
        found = ask(index, expected.question, taught=taught)
        shown = found.citations or (found.suggestions if expected.accepted else ())
        outcomes.append(QuestionResult(expected, shown[0].address if shown else None))
    return tuple(outcomes)
