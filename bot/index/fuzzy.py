"""Words that are spelled alike: typos, inflections, cognates and names in another script.

Alike is Dice's coefficient of two words' sets of character n-grams, twice the n-grams they share
over all they have: 1 for the same word, 0 where nothing is shared (L. R. Dice, Ecology 26, 1945).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.index.arrays import Floats, Ints
from bot.index.build import Index
from bot.index.ngrams import codes_of
from bot.index.vocabulary import NO_TERM
from bot.text.tokens import latin, ngrams

#: Words less alike than this have another meaning more often than not.
MIN_SIMILARITY = 0.5

#: Shorter words have too few letters to tell a typo from another word.
SHORTEST = 4

#: At least this alike are the words that are offered in place of one that the corpus does not hold.
MIN_SUGGESTION = 0.7

#: How many words that share n-grams are compared letter by letter.
MOST_COMPARED = 64

#: How many of them are offered.
MOST_NEAREST = 3


def similarities(index: Index, asked: Sequence[Mapping[str, float]], words: Ints) -> Floats:
    """How alike each word of the index is to the likest spelling of each word that is asked for.

    ``asked`` holds the spellings of each and their weights; the likeness is times the weight.
    Asked words by ``words``, which are word numbers in ascending order.
    """
    if not asked:
        return np.zeros((0, len(words)))
    groups = [list(of_one.items()) or [("", 0.0)] for of_one in asked]
    weighted = [pair for group in groups for pair in group]
    spellings = [spelling for spelling, _ in weighted]
    shared, counts = index.ngrams.shared_with(spellings, words)
    lengths = counts[:, None] + np.array([len(codes_of(spelling)) for spelling in spellings])
    similarity = np.array([weight for _, weight in weighted]) * 2 * shared / lengths
    starts = np.cumsum([0, *map(len, groups[:-1])])
    return np.maximum.reduceat(similarity, starts, axis=1).T


def similarity(one: str, other: str) -> float:
    """How alike two folded words are, 0 to 1."""
    ours, theirs = ngram_set(one), ngram_set(other)
    return 2 * len(ours & theirs) / (len(ours) + len(theirs))


@lru_cache(maxsize=65_536)
def ngram_set(folded: str) -> frozenset[str]:
    """Return the distinct n-grams of a word.

    Words come back, in questions and in what is quoted.
    """
    return frozenset(ngrams(folded))


def ngrams_of(words: Sequence[str]) -> frozenset[str]:
    """Return the distinct n-grams of some folded words together."""
    return frozenset().union(*map(ngram_set, words))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A word of the corpus that is spelled much like another."""

    word: str  #: folded
    terms: tuple[int, ...]  #: one of each language that has the word
    similarity: float  #: 1 - edits / letters of the longer one


def most_similar(
    words: Sequence[str], spellings: Mapping[str, float], grams: frozenset[str]
) -> tuple[float, int]:
    """Return how alike the word is that is spelled most like one of some weighted spellings, times
    that spelling's weight, and its place; 0 and -1 for none.

    ``grams`` are the n-grams of all the words: most spellings share none.
    """
    near = [(s, weight) for s, weight in spellings.items() if not ngram_set(s).isdisjoint(grams)]
    best = 0.0, -1
    for place, word in enumerate(words):
        for spelling, weight in near:
            alike = weight * similarity(word, spelling)
            if alike > best[0]:
                best = alike, place
    return best


def suggest(index: Index, folded: str, least: float = MIN_SUGGESTION) -> list[Suggestion]:
    """Return the words of the corpus spelled most like one that it does not hold, the likest first.

    Counted in edits (Damerau and Levenshtein's, which take two swapped letters for one edit), since
    a single typo spoils up to five n-grams. The words that share most n-grams are compared so, and
    those that share the first letter.
    """
    asked = latin(folded)
    if len(asked) < SHORTEST:
        return []
    numbers = _sharing_ngrams(index, folded)
    if least >= MIN_SUGGESTION:  # words less alike are no typos; they share n-grams or are nothing
        numbers = np.concatenate((numbers, index.ngrams.beginning_alike(asked, least)))
    of_form: dict[str, list[int]] = {}
    for number in numbers[index.vocabulary.word_term[numbers] != NO_TERM].tolist():
        of_form.setdefault(index.vocabulary.normalized_forms[number], []).append(number)
    scored = process.extract(
        asked,
        {form: latin(form) for form in of_form},
        scorer=OSA.normalized_similarity,
        score_cutoff=least,
        limit=None,
    )
    best = sorted((-score, -similarity(folded, form), form) for _, score, form in scored)[
        :MOST_NEAREST
    ]
    return [Suggestion(form, _terms(index, of_form[form]), -score) for score, _, form in best]


def _terms(index: Index, words: list[int]) -> tuple[int, ...]:
    """Return the terms of some words, by language."""
    languages = index.vocabulary.languages_of(words)
    return tuple(
        dict.fromkeys(
            int(index.vocabulary.word_term[word])
            for _, word in sorted(zip(languages, words, strict=True))
        )
    )


def _sharing_ngrams(index: Index, folded: str) -> Ints:
    """Return the words that share most n-grams with one: those compared, and their equals."""
    words, shared, counts = index.ngrams.sharing(folded)
    similarity = shared / (counts + len(codes_of(folded)))
    if len(words) > MOST_COMPARED:
        words = words[similarity >= np.partition(similarity, -MOST_COMPARED)[-MOST_COMPARED]]
    return words
