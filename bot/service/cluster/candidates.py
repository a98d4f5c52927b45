"""The best passages for a question on the cluster, proven so.

Lucene keeps the lengths of passages in 8 bits and the scores in 24, so its order is only nearly
ours: more passages than needed are fetched, with their terms, and scored again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.answering.query import Query
from bot.corpus.fragments import Fragment
from bot.index.bm25 import PASSAGE_B, PASSAGE_K1, inverse_document_frequency
from bot.index.excerpt import TermCount
from bot.service.cluster.documents import ready
from bot.service.cluster.meanings import Prepared
from bot.service.cluster.version import Version, below
from bot.service.search import CANDIDATE_PASSAGES

#: Passages that are fetched first, and how many times as many where those do not prove the best.
_FETCHED = 100
_MORE = 8
_MOST_FETCHED = 6400

#: Lucene's scores have 24 bits.
_ROUNDING = 1e-5

#: Lucene's factor k1 + 1 is there or not, by OpenSearch's version; nothing else moves a score so
#: far.
_FACTOR_SEEN = 1.1


async def candidates(
    version: Version, prepared: Prepared, within: Sequence[str] | None = None
) -> list[Fragment]:
    """Return the best passages of each reading, and what says the same in other renderings."""
    names = list(prepared.index.vocabulary.terms)
    wanted = [
        _Wanted.of(version, reading.query, names, prepared.terms) for reading in prepared.readings
    ]
    places: dict[tuple[str, int, int], None] = {}
    for one in dict.fromkeys(wanted):
        if one.words:
            places |= dict.fromkeys(await _best(version, one, within))
    return await version.fragments(places)


@dataclass(frozen=True)
class _Wanted:
    """What passages are searched for: of each question word its terms, and how much each counts."""

    words: tuple[tuple[tuple[str, float], ...], ...]  #: the terms as they stand in the store
    idf: tuple[tuple[str, float], ...]
    least_ratio: (
        float  #: most that our idf is above Lucene's, which counts no passage without a term
    )

    @classmethod
    def of(
        cls, version: Version, query: Query, names: Sequence[str], terms: Mapping[str, TermCount]
    ) -> _Wanted:
        about = version.description
        words = tuple(
            tuple((names[one.term], one.weight * term.weight) for one in term.expansions)
            for term in query.terms
            if term.expansions
        )
        asked = list(dict.fromkeys(name for word in words for name, _ in word))
        frequency = np.array([terms[name].passages for name in asked], dtype=np.int32)
        idf = inverse_document_frequency(frequency, about.statistics.passages)
        theirs = inverse_document_frequency(frequency, about.statistics.passages - about.unworded)
        held = frequency > 0
        ratio = float((idf[held] / theirs[held]).max(initial=1.0))
        stored = tuple(tuple((ready(name), weight) for name, weight in word) for word in words)
        return cls(stored, tuple(zip(map(ready, asked), idf.tolist(), strict=True)), ratio)

    def body(self, size: int, within: Sequence[str] | None) -> Mapping[str, Any]:
        """Return the search for so many passages."""
        words = [
            {
                "dis_max": {
                    "queries": [
                        {"term": {"terms": {"value": term, "boost": weight}}}
                        for term, weight in word
                    ]
                }
            }
            for word in self.words
        ]
        query: dict[str, Any] = {"should": words, "minimum_should_match": 1}
        if within is not None:
            query["filter"] = below("article", within)
        return {
            "size": size,
            "query": {"bool": query},
            "track_total_hits": False,
            "_source": ["article", "rendering", "passage", "terms", "partners"],
        }


async def _best(
    version: Version, wanted: _Wanted, within: Sequence[str] | None
) -> list[tuple[str, int, int]]:
    """Return the places of the best passages, proven so, with their equals and partners.

    Lucene rounds lengths down to 8 bits, so it never scores a passage lower than we do: none that
    was not fetched can score more than the last that was.
    """
    length = version.description.statistics.passage_length
    size = _FETCHED
    while True:
        (hits,) = await version.client.search(
            version.indexes["passages"], [wanted.body(size, within)]
        )
        scored = [(_score(wanted, hit["_source"]["terms"], length), hit) for hit in hits]
        scored.sort(key=lambda one: -one[0])
        if len(scored) <= CANDIDATE_PASSAGES:
            chosen = scored
            break
        least = scored[CANDIDATE_PASSAGES - 1][0]
        chosen = [one for one in scored if one[0] >= least]
        ratio = max(score / hit["_score"] for score, hit in scored)
        factor = PASSAGE_K1 + 1 if ratio > _FACTOR_SEEN else 1.0
        most_unseen = hits[-1]["_score"] * factor * wanted.least_ratio * (1 + _ROUNDING)
        if len(hits) < size or least > most_unseen or size >= _MOST_FETCHED:
            break
        size = min(size * _MORE, _MOST_FETCHED)
    places = []
    for _, hit in chosen:
        source = hit["_source"]
        name = source["article"]
        places.append((name, source.get("rendering", 0), source["passage"]))
        places += [(name, rendering, passage) for rendering, passage in source.get("partners", ())]
    return places


def _score(wanted: _Wanted, text: str, average: float) -> float:
    """Return the BM25 of a passage, to the last bit but for the order of the sum."""
    terms = text.split(" ")
    counts, idf = Counter(terms), dict(wanted.idf)
    saturation = PASSAGE_K1 * (1 - PASSAGE_B + PASSAGE_B * len(terms) / average)
    score = 0.0
    for word in wanted.words:
        best = 0.0
        for term, weight in word:
            if count := counts.get(term, 0):
                gain = count * (PASSAGE_K1 + 1) / (count + saturation)
                best = max(best, weight * idf[term] * gain)
        score += best
    return score
