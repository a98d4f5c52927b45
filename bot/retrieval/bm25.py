"""BM25 over passages: rank-bm25's ``BM25Okapi`` over inverted postings, as numpy arrays.

Its formula and its scores, without a dictionary per document.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from rank_bm25 import BM25Okapi

Ints: TypeAlias = npt.NDArray[np.int32]
Floats: TypeAlias = npt.NDArray[np.float64]

#: BM25 of passages. Paragraphs differ less in length than web pages, so both are lower than
#: rank-bm25's 1.5 and 0.75.
PASSAGE_K1 = 0.9
PASSAGE_B = 0.4


class PassageIndex(BM25Okapi):
    """BM25Okapi over passages given as term numbers, each passage ``terms[first[i]:first[i+1]]``.

    Two things differ from the parent. Terms are numbers, and ``idf`` is an array over them. And idf
    is ``log(1 + (N - df + 0.5) / (df + 0.5))`` (Lucene's form of Robertson and Spärck Jones), which
    is never negative or 0, where the parent's is 0 for a term in half of the passages: a score
    above 0 means a shared term. With the parent's idf the scores are the parent's, bit for bit.
    """

    def __init__(
        self,
        terms: Ints,
        first: npt.NDArray[np.int64],
        vocabulary_size: int,
        k1: float = PASSAGE_K1,
        b: float = PASSAGE_B,
    ) -> None:
        self._terms, self._first, self._size = terms, first, vocabulary_size
        super().__init__((), k1=k1, b=b)
        del self._terms, self._first

    def _initialize(self, corpus: object) -> Ints:  # noqa: ARG002  # the parent's hook
        """Invert the passages; returns each term's document frequency."""
        lengths = np.diff(self._first)
        self.corpus_size = len(lengths)
        self.doc_len = lengths
        self.avgdl = max(len(self._terms) / self.corpus_size, 1.0) if self.corpus_size else 1.0
        passage = np.repeat(np.arange(self.corpus_size, dtype=np.int64), lengths)
        key, frequency = np.unique(
            self._terms.astype(np.int64) * max(self.corpus_size, 1) + passage, return_counts=True
        )
        term, self._passages = np.divmod(key, max(self.corpus_size, 1))
        self._bounds = np.searchsorted(term, np.arange(self._size + 1))
        saturation = self.k1 * (1 - self.b + self.b * lengths / self.avgdl)
        self._weights = frequency * (self.k1 + 1) / (frequency + saturation[self._passages])
        return np.diff(self._bounds).astype(np.int32)

    def _calc_idf(self, nd: Ints) -> None:
        self.idf = inverse_document_frequency(nd, self.corpus_size)

    def postings(self, term: int) -> tuple[npt.NDArray[np.int64], Floats]:
        """The passages that hold a term, in order, and what the term adds to each one's score."""
        start, end = self._bounds[term], self._bounds[term + 1]
        return self._passages[start:end], self.idf[term] * self._weights[start:end]

    def get_scores(self, query: Iterable[int]) -> Floats:
        """The BM25 score of every passage for a list of term numbers."""
        scores = np.zeros(self.corpus_size)
        for term in query:
            passages, added = self.postings(term)
            scores[passages] += added
        return scores


def inverse_document_frequency(df: Ints, documents: int) -> Floats:
    """``log(1 + (N - df + 0.5) / (df + 0.5))`` for each document frequency."""
    return np.log1p((documents - df + 0.5) / (df + 0.5))
