"""That the engines compared find the same: ours beside rank-bm25 and bm25s."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from rank_bm25 import BM25Okapi

from bot.index.bm25 import PASSAGE_B, PASSAGE_K1
from tests.benchmarks.corpora import read_documents, read_lines
from tests.benchmarks.engines import TOP, Bm25s, Ours

#: bm25s keeps scores in 32 bits: 24 of precision for each of up to 8 summands.
TOLERANCE = 1e-5


def check(collection: Path) -> list[str]:
    """Two sentences on what agreed. Raises AssertionError where something does not."""
    documents = read_documents(collection)
    questions = [line.split() for line in read_lines(collection / "questions.txt")]
    ours, bm25s = Ours(), Bm25s("numpy")
    ours.build(documents, collection)
    bm25s.build(documents, collection)
    for question in questions:
        _same_top(ours, bm25s, question)

    stock = BM25Okapi(documents, k1=PASSAGE_K1, b=PASSAGE_B)
    ours.index.idf = np.array([stock.idf[term] for term in ours.terms])
    for question in questions:
        scores = ours.index.get_scores([ours.terms[token] for token in question])
        assert np.array_equal(scores, stock.get_scores(question)), question
    return [
        f"With rank-bm25's idf, all {len(documents):,} scores of {len(questions)} questions are "
        "rank-bm25's, bit for bit.",
        f"The {TOP} best documents of {len(questions)} questions are bm25s's (Lucene's formula) up "
        "to ties.",
    ]


def _same_top(ours: Ours, bm25s: Bm25s, question: list[str]) -> None:
    """The same scores from the first to the last, so that only ties can change places.

    Lucene's formula lacks the constant factor k1 + 1.
    """
    scores = ours.index.get_scores([ours.terms[token] for token in question])
    found = ours.top(question)
    theirs = bm25s.top(question)[: len(found)]  # ours leaves out what scores 0
    assert np.allclose(scores[found], scores[theirs], rtol=TOLERANCE, atol=0), question
    assert len(found) == min(TOP, np.count_nonzero(scores)), question
