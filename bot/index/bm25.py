"""BM25 over passages: rank-bm25's ``BM25Okapi`` over inverted postings, as numpy arrays.

Its formula and its scores, without a dictionary per document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self, overload

import numpy as np
from rank_bm25 import BM25Okapi

from bot.index.arrays import CHUNK, Floats, Ints, Starts, sort_unique_counts

#: BM25 of passages. Paragraphs differ less in length than web pages, so both are lower than
#: rank-bm25's 1.5 and 0.75.
PASSAGE_K1 = 0.9
PASSAGE_B = 0.4

_NONE: Floats = np.zeros(0)
_NO_PLACE: Ints = np.zeros(0, np.int32)

# Up to so many places Python's own sort is faster than numpy's functions are called.
_SHORT = 500


@dataclass(frozen=True)
class Postings:
    """Where each of T terms stands, and how often: in sentences or in passages, in CSR form."""

    indptr: Starts  #: T + 1: where those of each term begin
    indices: Ints  #: places of each term, in order
    frequencies: Ints

    @classmethod
    def of(cls, terms: Ints, first: Starts, size: int) -> Self:
        """Count terms by the places they stand in, each of which is ``terms[first[i]:first[i+1]]``.

        One sort of all (term, place) pairs. ``size`` is the number of terms, T.
        """
        places = len(first) - 1
        starts = np.arange(size + 1) * places
        keys = np.repeat(np.arange(places, dtype=np.int64), np.diff(first))
        for start in range(0, len(terms), CHUNK):
            keys[start : start + CHUNK] += starts[terms[start : start + CHUNK]]
        keys, frequency = sort_unique_counts(keys)
        bounds = np.searchsorted(keys, starts)
        keys -= np.repeat(starts[:-1], np.diff(bounds))
        return cls(bounds, keys.astype(np.int32), frequency)


class PassageIndex(BM25Okapi):
    """BM25Okapi over passages whose terms are numbers; ``build`` makes one.

    Two things differ from the parent. Terms are numbers, and ``idf`` is an array over them. And idf
    is ``log(1 + (N - df + 0.5) / (df + 0.5))`` (Lucene's form of Robertson and Spärck Jones), which
    is never negative or 0, where the parent's is 0 for a term in half of the passages: a score
    above 0 means a shared term. With the parent's idf the scores are the parent's, bit for bit.
    """

    def __init__(
        self,
        indptr: Starts,
        indices: Ints,
        data: Floats,
        lengths: Ints,
        k1: float = PASSAGE_K1,
        b: float = PASSAGE_B,
    ) -> None:
        """Take postings; ``data`` is what each adds to a passage's score, but for the idf."""
        self.indptr, self.indices, self.data = indptr, indices, data
        self._blank: list[tuple[Floats, Floats]] = []  # arrays of zeros, see search
        super().__init__(lengths, k1=k1, b=b)

    @classmethod
    def build(
        cls, terms: Ints, first: Starts, size: int, k1: float = PASSAGE_K1, b: float = PASSAGE_B
    ) -> Self:
        """Index passages, each ``terms[first[i]:first[i+1]]``, of ``size`` distinct terms."""
        postings, lengths = Postings.of(terms, first, size), np.diff(first)
        saturation = k1 * (1 - b + b * lengths / mean_length(lengths))
        data = gains(postings, saturation, k1)
        return cls(postings.indptr, postings.indices, data, lengths, k1, b)

    def _initialize(self, corpus: Ints) -> Ints:
        """Return each term's document frequency; the parent hands its corpus in: the lengths."""
        self.doc_len, self.corpus_size, self.avgdl = corpus, len(corpus), mean_length(corpus)
        return np.diff(self.indptr).astype(np.int32)

    def _calc_idf(self, nd: Ints) -> None:
        self.idf = inverse_document_frequency(nd, self.corpus_size)

    def postings(self, term: int) -> tuple[Ints, Floats]:
        """Return the passages that hold a term, in order, and what it adds to each one's score."""
        start, end = self.indptr[term], self.indptr[term + 1]
        return self.indices[start:end], self.idf[term] * self.data[start:end]

    def search(
        self, asked: Iterable[Sequence[tuple[int, float]]], count: int
    ) -> tuple[Ints, Floats]:
        """Return the ``count`` best passages and their scores: best first, ties in order, none at
        0.

        ``asked`` holds, for each word that is asked for, the terms that may stand for it and how
        much each one counts. A passage scores the sum over words of its best term.
        """
        # Kept from search to search, since to get the memory takes longer than the search; popped
        # and pushed, so that threads do not share it.
        try:
            scores, best = self._blank.pop()
        except IndexError:
            scores = best = _NONE
        if len(scores) < self.corpus_size:
            scores, best = np.zeros(self.corpus_size), np.zeros(self.corpus_size)
        places: list[Ints] = []
        added: list[Floats] = []
        for alternatives in asked:
            found = [(*self.postings(term), weight) for term, weight in alternatives]
            if len(found) == 1:
                ((indices, gain, weight),) = found
                places.append(indices)
                added.append(weight * gain)
                continue
            for indices, gain, weight in found:
                best[indices] = np.maximum(best[indices], weight * gain)
            for indices, _, _ in found:  # a place of several terms takes it from the first
                places.append(indices)
                added.append(best[indices])
                best[indices] = 0
        if not places:
            self._blank.append((scores, best))
            return np.zeros(0, np.int32), np.zeros(0)
        of_all = np.concatenate(places)
        np.add.at(scores, of_all, np.concatenate(added))
        result = _best(of_all, scores[of_all], count, len(places))
        scores[of_all] = 0
        self._blank.append((scores, best))
        return result

    def get_scores(self, query: Iterable[int]) -> Floats:
        """Return the BM25 score of every passage for a list of term numbers."""
        scores = np.zeros(self.corpus_size)
        for term in query:
            passages, added = self.postings(term)
            scores[passages] += added
        return scores


class JoinedPassages(PassageIndex):
    """Two passage indexes one behind the other, scored as one: frequencies, numbers and lengths of
    both count.

    ``number`` gives the second's number of a term.
    """

    def __init__(
        self, first: PassageIndex, second: PassageIndex, number: Mapping[int, int]
    ) -> None:
        # The parent would go through all postings again: they stay where they are.
        self.first, self.second, self._number = first, second, number
        self.k1, self.b, self._blank = first.k1, first.b, first._blank  # noqa: SLF001  # a sibling's
        self.corpus_size = first.corpus_size + second.corpus_size
        total = sum(int(part.doc_len.sum()) for part in (first, second))
        self.avgdl = max(total / self.corpus_size, 1.0) if self.corpus_size else 1.0
        self._saturations = self._saturation(first), self._saturation(second)

    def _saturation(self, part: PassageIndex) -> tuple[Floats, Floats]:
        """Return what saturates a passage's frequencies, by its length: in its own index, here."""
        lengths = np.arange(int(part.doc_len.max(initial=0)) + 1)
        alone = self.k1 * (1 - self.b + self.b * lengths / part.avgdl)
        here = self.k1 * (1 - self.b + self.b * lengths / self.avgdl)
        return np.asarray(alone, np.float64), np.asarray(here, np.float64)

    def postings(self, term: int) -> tuple[Ints, Floats]:
        """Return the passages that hold a term, in order, and what it adds to each one's score."""
        places, gains = self._of(self.first, self._saturations[0], term)
        number = self._number.get(term)
        if number is not None:
            more, more_gains = self._of(self.second, self._saturations[1], number)
            more = more + np.int32(self.first.corpus_size)
            places, gains = np.concatenate((places, more)), np.concatenate((gains, more_gains))
        return places, inverse_document_frequency(len(places), self.corpus_size) * gains

    def _of(
        self, part: PassageIndex, saturations: tuple[Floats, Floats], term: int
    ) -> tuple[Ints, Floats]:
        """Return one index's passages of a term, with what it adds here but for the idf."""
        if term >= len(part.indptr) - 1:
            return _NO_PLACE, _NONE
        start, end = part.indptr[term], part.indptr[term + 1]
        places, gains = part.indices[start:end], part.data[start:end]
        if part.avgdl == self.avgdl:
            return places, gains
        # A gain is f (k1 + 1) / (f + s), which tells the frequency f.
        most, lengths = self.k1 + 1, part.doc_len[places]
        alone, here = (saturation[lengths] for saturation in saturations)
        frequencies = np.rint(gains * alone / (most - gains))
        return places, frequencies * most / (here + frequencies)


def gains(postings: Postings, saturation: Floats, k1: float = PASSAGE_K1) -> Floats:
    """Return what each posting adds to its passage's score, but for the idf; ``saturation`` is of
    each passage, by its length.
    """
    data: Floats = saturation[postings.indices]
    for start in range(0, len(data), CHUNK):
        frequencies, part = (x[start : start + CHUNK] for x in (postings.frequencies, data))
        part += frequencies
        np.divide(frequencies * (k1 + 1), part, out=part)
    return data


def mean_length(lengths: Ints) -> float:
    """Return the mean length of passages; at least 1."""
    return max(float(lengths.sum()) / len(lengths), 1.0) if len(lengths) else 1.0


def _best(places: Ints, scores: Floats, count: int, repeats: int) -> tuple[Ints, Floats]:
    """Return the best of some places, each of which may stand there ``repeats`` times, and their
    scores.
    """
    rank = count * repeats
    if rank < len(scores):
        possible = scores >= np.partition(scores, -rank)[-rank]
        places, scores = places[possible], scores[possible]
    if len(places) > _SHORT:  # there are many equals
        places, first = np.unique(places, return_index=True)
        scores = scores[first]
        order = np.argsort(-scores, kind="stable")[:count]
        return places[order], scores[order]
    score_of = dict(zip(places.tolist(), scores.tolist(), strict=True))
    best = sorted(sorted(score_of), key=score_of.__getitem__, reverse=True)[:count]
    return (
        np.array(best, dtype=np.int32),
        np.array([score_of[place] for place in best], dtype=np.float64),
    )


@overload
def inverse_document_frequency(df: Ints, documents: int) -> Floats: ...
@overload
def inverse_document_frequency(df: int, documents: int) -> float: ...
def inverse_document_frequency(df: Any, documents: int) -> Any:
    """Return ``log(1 + (N - df + 0.5) / (df + 0.5))`` for each document frequency."""
    return np.log1p((documents - df + 0.5) / (df + 0.5))
