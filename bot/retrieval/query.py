"""A question made ready for the index: one slot a content word, each with its ways to match."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.retrieval.analysis import Word, folded_words, stem, words
from bot.retrieval.index import NO_TERM, Index
from bot.retrieval.kind import Kind, kind_asked
from bot.retrieval.language import detect_language, is_stop_word
from bot.retrieval.lexicon import translations

#: How much a match through a translation counts beside one of the word itself.
TRANSLATION_WEIGHT = 0.8


@dataclass(frozen=True, slots=True)
class Way:
    """One term by which a question word may match, and how much such a match counts (0 to 1)."""

    term: int
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Slot:
    """A content word of the question. A sentence scores its best way, never their sum."""

    word: str  #: as it was asked
    folded: str
    ways: tuple[Way, ...]
    spellings: Mapping[str, float]

    @property
    def known(self) -> bool:
        """Whether the corpus holds the word in any way."""
        return bool(self.ways)


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the ranking sees it."""

    question: str
    language: str  #: ISO 639-1
    slots: tuple[Slot, ...]
    asks: Kind
    words: frozenset[str]  #: all folded words, stop words too


def read_question(question: str, index: Index, fallback_language: str = "en") -> Query:
    """Analyse a question. Its language is the vote of its stop words, else the fallback."""
    found = words(question)
    folded = [word.folded for word in found]
    language = detect_language(folded) or fallback_language
    content = _distinct(word for word in found if not is_stop_word(word.folded, language))
    return Query(
        question=question,
        language=language,
        slots=tuple(
            Slot(question[w.start : w.end], w.folded, *_ways(w.folded, language, index))
            for w in content
        ),
        asks=kind_asked(question, folded),
        words=frozenset(folded),
    )


def _distinct(found: Iterable[Word]) -> list[Word]:
    first: dict[str, Word] = {}
    for word in found:
        first.setdefault(word.folded, word)
    return list(first.values())


def _ways(folded: str, language: str, index: Index) -> tuple[tuple[Way, ...], dict[str, float]]:
    """The word's own stem in each language of the corpus, and its translations into the others."""
    weights: dict[int, float] = {}
    spellings = {folded: 1.0}
    for other in dict.fromkeys((language, *index.corpus.languages)):
        weights[index.terms.get(stem(folded, other), NO_TERM)] = 1.0
        for translation in translations(folded, language, other):
            term = index.terms.get(stem(translation, other), NO_TERM)
            weights.setdefault(term, TRANSLATION_WEIGHT)
            spellings.setdefault(translation, TRANSLATION_WEIGHT)
    weights.pop(NO_TERM, None)
    return tuple(Way(term, weight) for term, weight in weights.items()), spellings


#: Words that tie a question to the one before it, where they begin it.
_CONNECTIVES = (
    ("and",), ("or",), ("but",), ("so",), ("then",), ("what", "about"), ("how", "about"),
    ("et",), ("ou",), ("mais",), ("alors",), ("donc",), ("quid",),
)  # fmt: skip


def is_elliptical(question: str, query: Query) -> bool:
    """Whether a question leans on the one before it: *and when?*, *why?*, *et l'énergie ?*."""
    folded = tuple(folded_words(question))
    if not folded:
        return False
    return not query.slots or any(folded[: len(c)] == c for c in _CONNECTIVES)
