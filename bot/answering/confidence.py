"""When the corpus does not answer: how sure the bot must be of a sentence before it quotes it."""

from __future__ import annotations

import math

from bot.answering.evidence import term_weight
from bot.answering.query import Query
from bot.answering.ranking import Ranked
from bot.index.build import Index

#: Below this confidence the bot is silent. One bar for every corpus; tests/benchmarks/README.md has
#: the share of own questions that it answers and of foreign ones that it refuses, a set a line.
MIN_CONFIDENCE = 0.33

#: Of the score of the best sentence as a share of the question's idf.
SCORE_WEIGHT = 0.3

#: The more sentences there are, the better the best one by chance: per natural logarithm of their
#: number, up to MOST_SENTENCES.
SIZE_WEIGHT = 0.06
MOST_SENTENCES = 10_000


def confidence(index: Index, query: Query, ranked: Ranked) -> float:
    """How sure it is that the best sentence answers the question; 0 or less without one."""
    if not len(ranked.sentences):
        return 0.0
    attainable = sum(term_weight(index, query_term) for query_term in query.terms)
    sentences = min(len(index.sentence_length), MOST_SENTENCES)
    return (
        float(ranked.coverage[0])
        + SCORE_WEIGHT * float(ranked.scores[0]) / attainable
        - SIZE_WEIGHT * math.log(sentences)
    )
