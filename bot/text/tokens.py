"""From text to terms: words are found, folded (case, accents, scripts' variants) and stemmed.

Folding comes before stemming, so that *ratifie*, *ratifié* and *RATIFIÉ* are one term.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

# Combining marks, soft hyphens and zero-width characters belong to the word they stand in.
_INSIDE = "\u0300-\u036f\u00ad\u200b-\u200d\u2060"
# Letters to Unicode that keyboards give for an apostrophe (\u02bc) or a mark like it.
_APOSTROPHES = "\u02b9\u02bb\u02bc\u02bd\u02c8\ua78c"
_LETTER = rf"[^\W{_APOSTROPHES}]"
# A number keeps its decimals and its groups of three digits (100,000; 100 000; 3,5); all else is a
# run of letters and digits, cut at apostrophes and hyphens (l'accord -> l, accord).
_WORD = re.compile(
    r"(?!0[.,])\d{1,3}(?:[ .,\u00a0\u202f\u2009]\d{3})+(?!\d)|\d+[.,]\d+(?!\d)"
    rf"|(?:{_LETTER}++|[{_INSIDE}]++)+"
)
# Without two runs of digits, and without what is no letter but belongs to a word, words are plain
# runs of letters and digits, which are found in half the time.
_NUMBER_PARTS = re.compile(r"\d[ .,\u00a0\u202f\u2009]\d")
_NO_LETTER = re.compile(rf"[{_INSIDE}]")
_PLAIN_WORD = re.compile(rf"{_LETTER}+")
_GROUPED = re.compile(r"(?!0[.,])\d{1,3}(?:[ .,\u00a0\u202f\u2009]\d{3})+")
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})

# The usual English romanisation (BGN/PCGN, simplified); folding has made и of й already.
_CYRILLIC = str.maketrans(
    {
        **dict(zip("абвгдезиклмнопрстуфыэ", "abvgdeziklmnoprstufye", strict=True)),
        "ж": "zh",
        "х": "kh",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "shch",
        "ъ": "",
        "ь": "",
        "ю": "yu",
        "я": "ya",
        "і": "i",
        "ї": "yi",
        "є": "ye",
        "ґ": "g",
    }
)

#: Characters of an n-gram.
NGRAM_SIZE = 4

#: Begins the forms that stand in an index for what is no word: a group of the glossary, a value.
CONCEPT_MARK = "§"

_SNOWBALL = {
    "en": "english",
    "fr": "french",
    "es": "spanish",
    "de": "german",
    "it": "italian",
    "ru": "russian",
    "pt": "portuguese",
    "nl": "dutch",
    "sv": "swedish",
    "da": "danish",
    "no": "norwegian",
    "fi": "finnish",
}


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: its folded form and where it stands."""

    folded: str
    start: int
    end: int


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """Lower case, without accents, ligatures and invisible characters; numbers in one spelling.

    100 000, 100,000 and 100.000 become 100000; 3,5 becomes 3.5, and 0,125 becomes 0.125.
    """
    if word[:1].isdigit():
        if _GROUPED.fullmatch(word):
            return "".join(c for c in word if c.isdigit())
        word = word.replace(",", ".")
    if word.isascii():
        return word.lower()
    # Without the marks in it: sorting a long run of them takes NFKD the square of its length.
    decomposed = unicodedata.normalize("NFKD", _NO_LETTER.sub("", word.lower()))
    kept = "".join(c for c in decomposed if unicodedata.category(c) not in ("Mn", "Cf"))
    return kept.lower().translate(_LETTERS)


def _pattern(text: str) -> re.Pattern[str]:
    """Return what finds the words of a text, the quick way where it finds the same."""
    if _NUMBER_PARTS.search(text) or (not text.isascii() and _NO_LETTER.search(text)):
        return _WORD
    return _PLAIN_WORD


def tokenize(text: str) -> list[str]:
    """Return the words of a text as they are written."""
    return _pattern(text).findall(text)


# Names in programs, settings and codes: retry_limit, idleTimeout, NIGHT_SHIFT.
_COMPOUND = re.compile(r"[^\W\d_]_[^\W_]|[^\W_]_[^\W\d_]|[a-z][A-Z]")
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W\d_a-zA-Z]+")


def parts_of_identifiers(text: str) -> list[str]:
    """Return what a text's identifiers are made of, in small letters: *retry*, *limit*."""
    if not _COMPOUND.search(text):
        return []
    return [
        part.lower()
        for surface in tokenize(text)
        if _COMPOUND.search(surface)
        for part in _PART.findall(surface)
    ]


def tokens(text: str) -> list[Token]:
    """Return the words of a text, folded, with their places."""
    found = (Token(fold(m[0]), *m.span()) for m in _pattern(text).finditer(text))
    return [word for word in found if word.folded]


def folded_words(text: str) -> list[str]:
    """Return the words of a text, folded."""
    return [folded for surface in tokenize(text) if (folded := fold(surface))]


@lru_cache(maxsize=16)
def _stemmer(language: str) -> Stemmer.Stemmer | None:
    name = _SNOWBALL.get(language)
    # Without a cache of its own: every caller has one, and it would be swept again and again.
    return Stemmer.Stemmer(name, 0) if name else None


def stem(folded: str, language: str) -> str:
    """Return the Snowball stem of a folded word.

    The word itself in a language without a stemmer.
    """
    stemmer = _stemmer(language)
    return stemmer.stemWord(folded) if stemmer else folded


def stems(folded: Sequence[str], language: str) -> list[str]:
    """Return the stem of each of some folded words; see ``stem``."""
    stemmer = _stemmer(language)
    return stemmer.stemWords(list(folded)) if stemmer else list(folded)


def latin(folded: str) -> str:
    """Return a folded Cyrillic word in Latin letters; other words as they are."""
    return folded if folded.isascii() else folded.translate(_CYRILLIC)


def ngrams(folded: str, size: int = NGRAM_SIZE) -> list[str]:
    """Return the character n-grams of a word with its edges marked; a shorter word is one n-gram.

    Cyrillic is taken in Latin letters, so that names meet across scripts.
    """
    if folded.startswith(CONCEPT_MARK):
        return [folded]
    marked = f"_{latin(folded)}_"
    return [marked[i : i + size] for i in range(max(1, len(marked) - size + 1))]
