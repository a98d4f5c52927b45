"""Nearness of meaning beside words: it orders what is shown, and claims nothing.

Cosine recognises topics, not answers: as a reason to answer it broke half of the right silences
near the topic. So a sentence is sure by the question's own words or not at all, and what is sure
stands as the words order it; otherwise nearness orders what is shown as perhaps an answer, and may
turn nothing into perhaps.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from bot.answering.answer import Reading, SearchResult
from bot.answering.certainty import PERHAPS
from bot.answering.ranking import Ranked, rank_sentences
from bot.index.arrays import Floats, Ints
from bot.index.build import Index

#: What a cosine counts beside the share of the attainable score, in the order of sentences that are
#: perhaps an answer; chosen on the development sets. Among those that are sure by words it bought
#: nothing: with any weight between 0.05 and 0.5 two to three of 600 squad-en questions fewer are
#: right first.
PERHAPS_WEIGHT = 2.5

#: From this cosine on the nearest sentence is perhaps an answer, whatever its words: of 150
#: paraphrases 99 are right among what is shown, with 0.3 72; of 35 foreign questions 19 are shown
#: something, with 0.3 17.
NEAR = 0.2

#: How many of the nearest sentences join those that the words found.
NEAREST = 100

Cosines = npt.NDArray[np.float32]


def with_meaning(
    index: Index, reading: Reading, found: SearchResult, cosines: Cosines
) -> SearchResult:
    """Order what was found and is not sure by meaning as well; ``cosines`` is of every sentence."""
    near = _of_originals(index, cosines)
    nearest = np.argsort(-near, kind="stable")[:NEAREST]
    words = index.sentence_passage[found.ranked.sentences]
    passages = np.unique(np.concatenate((words, index.sentence_passage[nearest]))).astype(np.int32)
    scores = np.zeros(len(passages))
    ranked = rank_sentences(index, reading.query, passages, scores)
    if not len(ranked.sentences):  # no word of the question is looked for
        ranked = _nearest(reading, nearest.astype(np.int32))
    kept = dict(zip(found.ranked.sentences.tolist(), found.ranked.scores.tolist(), strict=True))
    lexical = np.array([kept.get(s, 0.0) for s in ranked.sentences.tolist()])
    attainable = float(ranked.idf.sum()) or 1.0
    both = lexical / attainable + PERHAPS_WEIGHT * near[ranked.sentences]
    order = np.argsort(-both, kind="stable")
    confidence = found.confidence
    if len(nearest) and near[nearest[0]] >= NEAR:
        confidence = max(confidence, PERHAPS)
    return replace(found, ranked=_reordered(ranked, order, near), confidence=confidence)


def _of_originals(index: Index, cosines: Cosines) -> Floats:
    """S: the best cosine of a sentence's renderings, at its original's place."""
    near = np.full(len(cosines), -1.0)
    originals = np.asarray(index.sentence_original)
    there = originals >= 0
    np.maximum.at(near, originals[there], cosines[there])
    return near


def _nearest(reading: Reading, sentences: Ints) -> Ranked:
    """Sentences that no word found."""
    words = len(reading.query.terms)
    none, held = np.zeros(len(sentences)), np.zeros((words, len(sentences)))
    typed = np.zeros(len(sentences), dtype=bool)
    idf, known = np.zeros(words), np.zeros(words)
    return Ranked(sentences, none, none, held, held, idf, known, typed, none)


def _reordered(ranked: Ranked, order: npt.NDArray[np.int64], near: Floats) -> Ranked:
    return replace(ranked, cosines=near[ranked.sentences]).reordered(order)
