"""How certain it is that a sentence answers a question: sure, perhaps, or nothing to show.

A logistic regression of a handful of features. Its coefficients were fitted by
``python -m tests.benchmarks.certainty`` on questions whose answers are known, near-topic questions
without an answer among them; tests/benchmarks/README.md has the reliability diagram.
"""

from __future__ import annotations

import math

import numpy as np

from bot.answering.citation import Certainty
from bot.answering.query import Query, QueryTerm
from bot.answering.ranking import GLOSSARY_COVERAGE, Ranked
from bot.index.build import Index
from bot.text.answer_types import AnswerType

#: From this probability on a sentence is cited as an answer.
SURE = 0.4

#: How much more it takes where the sources hold neither a word of the question nor, in the passage,
#: a true synonym of it or the word that it is a typo of.
MORE_IF_UNKNOWN = 0.18

#: How much more it takes where the passage lacks the word that the question's form asks about:
#: *grade* in *what grade is it*. At the same number of claims without an answer in the sources,
#: 444 claims on two sets are right with it and 430 without.
MORE_IF_HEADLESS = 0.3

#: From this one on it is shown, without a claim.
PERHAPS = 0.12

#: The more sentences there are, the better the best one by chance; more make no difference.
MOST_SENTENCES = 10_000

#: How much the rarity of a word in its language counts, and that of the commonest.
RARITY_POWER = 1.0
LEAST_RARITY = 0.2

#: What each feature adds to the log-odds, times its value; see ``features``.
COEFFICIENTS = {
    "constant": -0.03,
    "coverage": 1.85,
    "known": 0.58,
    "lost": -2.17,
    "least": -2.11,
    "own_least": 1.93,
    "heading": 0.19,
    "typed": 0.22,
    "margin": 1.64,
    "rank": -7.63,
    "size": -0.23,
    "single": -0.99,
}

#: *How much is the fine?* wants an amount: a sentence without one is at most perhaps an answer.
MEASURED = (
    AnswerType.NUMBER
    | AnswerType.AMOUNT
    | AnswerType.DURATION
    | AnswerType.LENGTH
    | AnswerType.DATE
)
_UNSURE = SURE - 0.01

#: A sentence whose passage holds less of the question than this, by weight, is never sure.
LEAST_COVERAGE = 0.4

# A question word of which a passage holds less than this is lost.
_LOST = 0.15

# One that is held by a true synonym is held better than this, one by a merely near word is not.
_BY_SYNONYM = 0.35


def features(index: Index, query: Query, ranked: Ranked, place: int) -> dict[str, float]:
    """Return what the probability of a ranked sentence is worked out from.

    ``coverage``: how much of the question its passage holds, by weight; ``known``: the share, by
    weight, of words that the corpus holds; ``lost``: that of words that the passage does not hold;
    ``least`` and ``own_least``: how well it and the sentence itself hold the word that they hold
    least; ``heading``: the share of its heading that the question says; ``typed``: what is asked
    for is there; ``margin``: how far the next sentence's score is below its own; ``rank``: how far
    it is below the best; ``size``: the logarithm of the number of sentences; ``single``: whether
    one word is all that the question has. The most telling word by itself, the number of words and
    the absence of what is asked for were tried and add nothing to these.
    """
    weights = ranked.idf * np.array(
        [_weight(term, known) for term, known in zip(query.terms, ranked.known > 0, strict=True)]
    )
    total = float(weights.sum()) or 1.0
    held, own = ranked.held[:, place], ranked.own[:, place]
    scores = ranked.scores
    best = float(scores[0]) or 1.0
    following = float(scores[place + 1]) if place + 1 < len(scores) else 0.0
    asked = bool(query.answer_type)
    return {
        "constant": 1.0,
        "coverage": float(weights @ held) / total,
        "known": float(weights @ ranked.known) / total,
        "lost": float(weights @ (held < _LOST)) / total,
        "least": float(held.min()),
        "own_least": float(own.min()),
        "heading": float(ranked.heading[place]),
        "typed": float(asked and ranked.typed[place]),
        "margin": (float(scores[place]) - following) / best,
        "rank": 1 - float(scores[place]) / best,
        "size": math.log(min(max(index.sentences, 1), MOST_SENTENCES)),
        "single": float(len(query.terms) == 1),
    }


def _weight(term: QueryTerm, known: bool) -> float:
    """Return how much a question word says of what is asked: a common word less than a rare one,
    and a glossary's name that every source is about less than one that none holds.
    """
    if term.in_glossary and known:
        return GLOSSARY_COVERAGE
    return float(max(term.rarity, LEAST_RARITY) ** RARITY_POWER)


def _is_there(term: QueryTerm, sure: float, held: bool) -> bool:
    """Whether the sources hold a question word or, in the passage, a true synonym or the word that
    it is a likely typo of; ``sure`` is how surely they hold it.
    """
    return sure >= 1 or (held and (sure > 0 or term.has_true_synonym))


def _least(query: Query, ranked: Ranked, place: int) -> float:
    """Return from which probability on a sentence is sure."""
    held = ranked.held[:, place]
    terms = list(zip(query.terms, ranked.known, held, strict=True))
    least = SURE
    if not all(_is_there(term, known, share >= _BY_SYNONYM) for term, known, share in terms):
        least += MORE_IF_UNKNOWN
    if any(term.folded == query.head and share < _BY_SYNONYM for term, _, share in terms):
        least += MORE_IF_HEADLESS
    return least


def probability(index: Index, query: Query, ranked: Ranked, place: int = 0) -> float:
    """Return how likely it is that a ranked sentence answers the question, 0 to 1."""
    if place >= len(ranked.sentences) or not query.terms:
        return 0.0
    found = features(index, query, ranked, place)
    odds = sum(COEFFICIENTS[name] * value for name, value in found.items())
    likely = 1 / (1 + math.exp(-odds))
    untyped = query.answer_type & MEASURED and not ranked.typed[place]
    if untyped or likely < _least(query, ranked, place) or found["coverage"] < LEAST_COVERAGE:
        return min(likely, _UNSURE)
    return likely


def tier(probability_: float) -> Certainty:
    """Return what a probability allows to say."""
    if probability_ >= SURE:
        return "sure"
    return "perhaps" if probability_ >= PERHAPS else "none"
