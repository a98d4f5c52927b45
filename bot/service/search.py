"""A question answered from an index: what to search for, the passages, and what is shown of them.

The one place where a store of passages and the pure answering meet.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.answering.answer import SearchResult, answer, rank, read_question
from bot.answering.citation import Answer
from bot.answering.ranking import best_passages
from bot.answering.regression import QuestionResult
from bot.corpus.model import CuratedQuestion
from bot.index.build import Index


def find(
    index: Index, question: str, *, previous: str | None = None, fallback_language: str = "en"
) -> SearchResult:
    """Read a question and rank the sentences of the best passages for it; see ``ask``."""
    reading = read_question(index, question, previous=previous, fallback_language=fallback_language)
    return rank(index, reading, *best_passages(index, reading.query))


def ask(
    index: Index,
    question: str,
    *,
    previous: str | None = None,
    fallback_language: str = "en",
    skip: int = 0,
) -> Answer:
    """Answer a question with the best-matching sentences, those after the first ``skip``.

    ``previous`` is the question before it in the same conversation; it is used where the question
    does not stand alone (*and when?*). ``fallback_language`` is taken for a question whose own
    words do not tell its language.
    """
    found = find(index, question, previous=previous, fallback_language=fallback_language)
    return answer(index, question, found, skip=skip)


def run_questions(index: Index, questions: Iterable[CuratedQuestion]) -> tuple[QuestionResult, ...]:
    """Ask each of the curators' questions."""
    outcomes = []
    for expected in questions:
        citations = ask(index, expected.question).citations
        outcomes.append(QuestionResult(expected, citations[0].address if citations else None))
    return tuple(outcomes)
