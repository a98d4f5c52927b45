"""Words that mean the same in English and French, and in the corpus's own terms.

``english-french.tsv`` is our own list of the commonest words: an English word, a tab, its French
translations, best first, separated by commas. Words that share a stem in both languages
(*ratified*, *ratifié*) need no entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files

from bot.text.tokens import fold, folded_words, stem

Words = tuple[str, ...]

#: The languages whose words it holds.
LANGUAGES = ("en", "fr")

#: Later translations of a translation drift away from the word.
MOST_SYNONYMS = 3


@lru_cache(maxsize=1)
def _tables() -> Mapping[tuple[str, str], Mapping[str, Words]]:
    """For (from, to) languages: the stem of a word to its translations, folded."""
    forth: dict[str, dict[str, None]] = {}
    back: dict[str, dict[str, None]] = {}
    text = files("bot.text").joinpath("english-french.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        english, _, french = line.partition("\t")
        for word in french.split(", "):
            forth.setdefault(stem(fold(english), "en"), {})[fold(word)] = None
            back.setdefault(stem(fold(word), "fr"), {})[fold(english)] = None
    return {("en", "fr"): _frozen(forth), ("fr", "en"): _frozen(back)}


def _frozen(table: Mapping[str, Iterable[str]]) -> dict[str, Words]:
    return {word: tuple(translations) for word, translations in table.items()}


def translations(folded: str, source: str, target: str) -> Words:
    """Return the words, folded, of one language that a word of another may mean; often none."""
    table = _tables().get((source, target))
    return table.get(stem(folded, source), ()) if table else ()


def has_lexicon(source: str, target: str) -> bool:
    """Whether words of one language can be looked up in another."""
    return (source, target) in _tables()


@lru_cache(maxsize=4)
def words_of(language: str) -> frozenset[str]:
    """Return the words of a language that the lexicon holds, folded.

    Those of an expression singly.
    """
    text = files("bot.text").joinpath("english-french.tsv").read_text(encoding="utf-8")
    sides = (line.partition("\t") for line in text.splitlines())
    held = {"en": 0, "fr": 2}.get(language)
    return (
        frozenset()
        if held is None
        else frozenset(word for side in sides for word in folded_words(side[held]))
    )


def is_listed(folded: str, language: str) -> bool:
    """Whether the lexicon holds this very form of a word."""
    return folded in words_of(language)


def is_common(folded: str, language: str) -> bool:
    """Whether a word is one of the commonest of its language; never of one without a lexicon."""
    stemmed = stem(folded, language)
    return any(stemmed in table for (source, _), table in _tables().items() if source == language)


@lru_cache(maxsize=4096)
def synonyms(folded: str, language: str) -> Words:
    """Words of the same language that share a word's first translation; often none."""
    found: dict[str, None] = {}
    for source, target in _tables():
        if source == language:
            for there in translations(folded, source, target)[:1]:
                found |= dict.fromkeys(translations(there, target, source)[:MOST_SYNONYMS])
    return tuple(word for word in found if stem(word, language) != stem(folded, language))
