"""Words that are spelled right, so that nobody takes them for typos of other words.

``words.en.txt`` and ``words.fr.txt`` hold the commonest words of each language, folded, one a line,
the commonest first; where they come from stands at their top.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from bot.text.language import is_stop_word
from bot.text.lexicon import words_of

_LISTED = ("en", "fr")
_SHORTEST_PLURAL = 5  # letters: *this* is no plural


@lru_cache(maxsize=4)
def _ranks(language: str) -> Mapping[str, int]:
    """Return the listed words of a language, each with its place among them, from 1."""
    if language not in _LISTED:
        return {}
    text = files("bot.text").joinpath(f"words.{language}.txt").read_text(encoding="utf-8")
    listed = (line for line in text.splitlines() if not line.startswith("#"))
    return {word: rank for rank, word in enumerate(listed, 1)}


@lru_cache(maxsize=4)
def _words(language: str) -> frozenset[str]:
    return frozenset(_ranks(language)) | words_of(language)


def rarity(folded: str, language: str) -> float:
    """Return how rare a folded word is in its language, by the logarithm of its place among the
    commonest: 0 for the first, 1 for one that is not listed (G. K. Zipf, 1949).
    """
    ranks = _ranks(language)
    forms = (folded, *(folded.removesuffix(ending) for ending in ("s", "es", "x", "ed", "ing")))
    rank = min((ranks[form] for form in forms if form in ranks), default=None)
    return 1.0 if rank is None else math.log(rank) / math.log(len(ranks))


def is_known_word(folded: str, language: str) -> bool:
    """Whether a folded word, or that of which it is the plural, is a common word of a language."""
    words = _words(language)
    if folded in words or is_stop_word(folded, language):
        return True
    if len(folded) < _SHORTEST_PLURAL:
        return False
    return any(folded.removesuffix(ending) in words for ending in ("s", "es", "x"))
