"""BM25 over passages: rank-bm25's ``BM25Okapi`` over inverted postings, as numpy arrays.

Its formula and its scores, without a dictionary per document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from rank_bm25 import BM25Okapi

from bot.index.arrays import CHUNK, Floats, Ints, Starts, sort_unique_counts
from bot.index.maxscore import WeightedPostings, best_places

#: BM25 of passages. Paragraphs differ less in length than web pages, so both are lower than
#: rank-bm25's 1.5 and 0.75.
PASSAGE_K1 = 0.9
PASSAGE_B = 0.4


@dataclass(frozen=True)
class Postings:
    """Where each of T terms stands, and how often: in sentences or in passages."""

    first: Starts  #: T + 1: where those of each term begin
    places: Ints  #: of each term, in order
    frequencies: Ints

    @classmethod
    def of(cls, terms: Ints, first: Starts, size: int) -> Self:
        """Count terms by the places they stand in, each of which is ``terms[first[i]:first[i+1]]``.

        One sort of all (term, place) pairs. ``size`` is the number of terms, T.
        """
        places = len(first) - 1
        offsets = np.arange(size + 1) * places
        keys = np.repeat(np.arange(places, dtype=np.int64), np.diff(first))
        for start in range(0, len(terms), CHUNK):
            keys[start : start + CHUNK] += offsets[terms[start : start + CHUNK]]
        keys, frequency = sort_unique_counts(keys)
        bounds = np.searchsorted(keys, offsets)
        keys -= np.repeat(offsets[:-1], np.diff(bounds))
        return cls(bounds, keys.astype(np.int32), frequency)


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
        first: Starts,
        vocabulary_size: int,
        k1: float = PASSAGE_K1,
        b: float = PASSAGE_B,
    ) -> None:
        self._start(Postings.of(terms, first, vocabulary_size), np.diff(first), k1, b)

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """The index whose ``arrays`` these are."""
        self = cls.__new__(cls)
        self._weights = arrays["weights"]
        postings = Postings(arrays["first"], arrays["places"], np.zeros(0, np.int32))
        self._start(postings, arrays["lengths"], PASSAGE_K1, PASSAGE_B)
        return self

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """What the index is, but for k1 and b."""
        return {
            "first": self._first,
            "places": self._places,
            "weights": self._weights,
            "lengths": self.doc_len,
        }

    def _start(self, postings: Postings, lengths: npt.NDArray[Any], k1: float, b: float) -> None:
        self._first, self._places, self._lengths = postings.first, postings.places, lengths
        self._frequencies = postings.frequencies
        self._blank: list[tuple[Floats, Floats]] = []  # arrays of zeros, see search
        super().__init__((), k1=k1, b=b)
        del self._lengths, self._frequencies

    def _initialize(self, corpus: object) -> Ints:  # noqa: ARG002  # the parent's hook
        """Weigh the postings, unless they are; returns each term's document frequency."""
        self.doc_len = lengths = self._lengths
        self.corpus_size = len(lengths)
        self.avgdl = max(lengths.sum() / self.corpus_size, 1.0) if self.corpus_size else 1.0
        if len(self._frequencies) or not len(self._places):
            saturation = self.k1 * (1 - self.b + self.b * lengths / self.avgdl)
            self._weights = saturation[self._places]
            for start in range(0, len(self._places), CHUNK):
                frequencies = self._frequencies[start : start + CHUNK]
                weights = self._weights[start : start + CHUNK]
                weights += frequencies
                np.divide(frequencies * (self.k1 + 1), weights, out=weights)
        return np.diff(self._first).astype(np.int32)

    def _calc_idf(self, nd: Ints) -> None:
        self.idf = inverse_document_frequency(nd, self.corpus_size)

    def postings(self, term: int) -> tuple[Ints, Floats]:
        """The passages that hold a term, in order, and what the term adds to each one's score."""
        start, end = self._first[term], self._first[term + 1]
        return self._places[start:end], self.idf[term] * self._weights[start:end]

    def search(
        self, asked: Iterable[Sequence[tuple[int, float]]], count: int
    ) -> tuple[Ints, Floats]:
        """The ``count`` best passages and their scores: best first, ties in order, none at 0.

        ``asked`` holds, for each word that is asked for, the terms that may stand for it and how
        much each one counts. A passage scores the sum over words of its best term.
        """
        words = [
            [self._way(*postings) for postings in alternatives]
            for alternatives in asked
            if alternatives
        ]
        # Kept from search to search, since to get the memory takes longer than the search; popped
        # and pushed, so that threads do not share it.
        try:
            blank = self._blank.pop()
        except IndexError:
            blank = np.zeros(self.corpus_size), np.zeros(self.corpus_size)
        found = best_places(words, blank, count)
        self._blank.append(blank)
        return found

    def _way(self, term: int, weight: float) -> WeightedPostings:
        start, end = self._first[term : term + 2].tolist()
        factor = float(self.idf[term]) * weight
        most = factor * (self.k1 + 1)  # of a term that stands there ever so often
        return WeightedPostings(self._places[start:end], self._weights[start:end], factor, most)

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
