"""How certain it is that a sentence answers a question: sure, perhaps, or nothing to show.

A logistic regression of a handful of features. Its coefficients were fitted by
``python -m tests.benchmarks.certainty`` on questions whose answers are known, near-topic questions
without an answer among them; tests/benchmarks/README.md has the reliability diagram.
"""

from __future__ import annotations

import math

import numpy as np

from bot.answering.citation import Certainty
from bot.answering.query import Query
from bot.answering.ranking import Ranked
from bot.index.arrays import Floats
from bot.index.build import Index

#: From this probability on a sentence is cited as an answer.
SURE = 0.6

#: From this one on it is shown, without a claim.
PERHAPS = 0.12

#: The more sentences there are, the better the best one by chance; more make no difference.
MOST_SENTENCES = 10_000

#: What each feature adds to the log-odds, times its value; see ``features``.
COEFFICIENTS = {
    "constant": -1.46,
    "coverage": -0.44,
    "own": 3.61,
    "deciding": -0.48,
    "known": 0.53,
    "typed": 0.04,
    "untyped": -0.64,
    "score": 0.48,
    "margin": 1.50,
    "rank": -5.73,
    "size": -0.19,
    "single": -1.07,
    "strange_name": -1.26,
}


def features(index: Index, query: Query, ranked: Ranked, place: int) -> dict[str, float]:
    """Return what the probability of a ranked sentence is worked out from.

    ``coverage`` and ``own``: how much of the question its passage and it itself hold, by weight;
    ``deciding``: how well it holds the most telling word; ``known``: the share, by weight, of words
    that the corpus holds; ``typed`` and ``untyped``: what is asked for is there, or is not;
    ``score``: its score as a share of the highest attainable; ``margin``: how far the next one is
    below it; ``rank``: how far it is below the best; ``size``: the logarithm of the number of
    sentences; ``single``: whether one word is all that the question has; ``strange_name``: a name
    or number that the corpus does not hold.
    """
    weights = ranked.idf * np.array([0.2 if t.in_glossary else 1.0 for t in query.terms])
    total = float(weights.sum()) or 1.0
    held, own = ranked.held[:, place], ranked.own[:, place]
    known = np.array([term.known for term in query.terms])
    scores = ranked.scores
    best = float(scores[0]) or 1.0
    following = float(scores[place + 1]) if place + 1 < len(scores) else 0.0
    asked = bool(query.answer_type)
    return {
        "constant": 1.0,
        "coverage": float(weights @ held) / total,
        "own": float(weights @ own) / total,
        "deciding": float(held[int(np.argmax(weights))]),
        "known": float(weights @ known) / total,
        "typed": float(asked and ranked.typed[place]),
        "untyped": float(asked and not ranked.typed[place]),
        "score": min(float(scores[place]) / (float(ranked.idf.sum()) or 1.0), 4.0),
        "margin": (float(scores[place]) - following) / best,
        "rank": 1 - float(scores[place]) / best,
        "size": math.log(min(max(len(index.sentence_length), 1), MOST_SENTENCES)),
        "single": float(len(query.terms) == 1),
        "strange_name": float(any(t.named and not t.known for t in query.terms)),
    }


def probability(index: Index, query: Query, ranked: Ranked, place: int = 0) -> float:
    """Return how likely it is that a ranked sentence answers the question, 0 to 1."""
    if place >= len(ranked.sentences) or not query.terms:
        return 0.0
    found = features(index, query, ranked, place)
    odds = sum(COEFFICIENTS[name] * value for name, value in found.items())
    return 1 / (1 + math.exp(-odds))


def tier(probability_: float) -> Certainty:
    """Return what a probability allows to say."""
    if probability_ >= SURE:
        return "sure"
    return "perhaps" if probability_ >= PERHAPS else "none"


def probabilities(index: Index, query: Query, ranked: Ranked, count: int) -> Floats:
    """Return the probabilities of the first sentences."""
    places = range(min(count, len(ranked.sentences)))
    return np.array([probability(index, query, ranked, place) for place in places])
