"""Words that are spelled alike: typos, inflections, cognates and names in another script.

Alike is Dice's coefficient of two words' sets of character n-grams, twice the n-grams they share
over all they have: 1 for the same word, 0 where nothing is shared (L. R. Dice, Ecology 26, 1945).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.retrieval.analysis import latin, ngram_set
from bot.retrieval.bm25 import Floats, Ints
from bot.retrieval.index import Index, places_of
from bot.retrieval.vocabulary import NO_TERM

#: Words less alike than this have another meaning more often than not.
LEAST_ALIKE = 0.5

#: Shorter words have too few letters to tell a typo from another word.
SHORTEST = 4

#: At least this alike are the words that are offered in place of one that the corpus does not hold.
LEAST_NEAR = 0.7

#: How many words that share n-grams are compared letter by letter.
MOST_COMPARED = 64

#: How many of them are offered.
MOST_NEAREST = 3


def likeness(index: Index, asked: Sequence[Mapping[str, float]], words: Ints) -> Floats:
    """How alike each word of the index is to the likest spelling of each word that is asked for.

    ``asked`` holds the spellings of each and their weights; the likeness is times the weight.
    Asked words by ``words``, which are word numbers.
    """
    places, first = places_of(index.gram_first[words], index.gram_first[words + 1])
    counts = np.diff(first)
    owner = np.repeat(np.arange(len(words)), counts)
    grams = index.grams[places]
    wanted = np.zeros(len(index.gram_numbers), dtype=bool)
    best = np.zeros((len(asked), len(words)))
    for number, spellings in enumerate(asked):
        for spelling, weight in spellings.items():
            ours = ngram_set(spelling)
            known = [index.gram_numbers[gram] for gram in ours if gram in index.gram_numbers]
            wanted[known] = True
            shared = np.bincount(owner[wanted[grams]], minlength=len(words))
            wanted[known] = False
            alike = weight * 2 * shared / (counts + len(ours))
            np.maximum(best[number], alike, out=best[number])
    return best


def dice(one: str, other: str) -> float:
    """How alike two folded words are, 0 to 1."""
    ours, theirs = ngram_set(one), ngram_set(other)
    return 2 * len(ours & theirs) / (len(ours) + len(theirs))


@dataclass(frozen=True, slots=True)
class Near:
    """A word of the corpus that is spelled much like another."""

    word: str  #: folded
    term: int
    alike: float  #: 1 - edits / letters of the longer one


def nearest_words(index: Index, folded: str, least: float = LEAST_NEAR) -> list[Near]:
    """The words of the corpus spelled most like one that it does not hold, the likest first.

    Counted in edits (Damerau and Levenshtein's, which take two swapped letters for one edit), since
    a single typo spoils up to five n-grams. The words that share most n-grams are compared so, and
    those that share the first letter.
    """
    if len(latin(folded)) < SHORTEST:
        return []
    numbers = _sharing_ngrams(index, folded)
    if least >= LEAST_NEAR:  # words less alike are no typos, and share n-grams or are nothing to us
        numbers += index.initials.get(latin(folded)[:1], np.zeros(0, np.int32)).tolist()
    terms = {index.word_forms[number]: int(index.word_term[number]) for number in numbers}
    found = process.extract(
        folded,
        list(terms),
        processor=latin,
        scorer=OSA.normalized_similarity,
        score_cutoff=least,
        limit=MOST_NEAREST,
    )
    return [Near(word, terms[word], alike) for word, alike, _ in found]


def _sharing_ngrams(index: Index, folded: str) -> list[int]:
    """The words that share most n-grams with one, of those that are looked for."""
    asked = ngram_set(folded)
    known = [index.gram_numbers[gram] for gram in asked if gram in index.gram_numbers]
    first = index.gram_word_first
    holders = [index.gram_words[first[gram] : first[gram + 1]] for gram in known]
    if not holders:
        return []
    words, shared = np.unique(np.concatenate(holders), return_counts=True)
    looked_for = index.word_term[words] != NO_TERM
    words, shared = words[looked_for], shared[looked_for]
    counts = index.gram_first[words + 1] - index.gram_first[words]
    order = np.argsort(-(shared / (counts + len(asked))), kind="stable")[:MOST_COMPARED]
    nearest: list[int] = words[order].tolist()
    return nearest
