"""A server's own index behind the shared one, read as one index over both.

Terms and words that the shared index knows keep its numbers, and what is new is numbered behind
them. Document frequencies, numbers and lengths are those of both, so that a question gets the
answer, the scores and the certainty that one index over all articles would give it. No array of the
shared index is copied.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from bot.corpus.joined import join_corpora
from bot.corpus.model import Rendering
from bot.index.arrays import Floats, Ints
from bot.index.bm25 import JoinedPassages, inverse_document_frequency
from bot.index.build import Index, capitals
from bot.index.forward import ForwardIndex
from bot.index.ngrams import NgramIndex
from bot.index.stacked import StackedSequence, patched, stacked
from bot.index.vocabulary import NO_TERM, Vocabulary
from bot.text.answer_types import AnswerType
from bot.text.language import is_stop_word
from bot.text.tokens import folded_words, stem

#: How much a word counts of a longer expression of a server's glossary in the shared sources,
#: where such expressions were not looked for.
PART_WEIGHT = 0.5


class Base:
    """The shared index, with what every server's own is laid behind it by."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.capitals = capitals(index)
        self.words: dict[str, dict[str, int]] = {name: {} for name in index.vocabulary.languages}
        of_language = [self.words[name] for name in index.vocabulary.languages]
        languages = index.vocabulary.word_language.tolist()
        forms = index.vocabulary.normalized_forms
        for number, (form, language) in enumerate(zip(forms, languages, strict=True)):
            of_language[language][form] = number


@dataclass(frozen=True)
class _Numbers:
    """The numbers that the words and terms of an own index have in both."""

    words: Ints
    terms: Ints
    new_words: Ints  #: numbers in the own index of the words that the shared one has not
    new_terms: dict[str, int]


def _numbers(base: Base, own: Index) -> _Numbers:
    """Return the numbers of an own index: what is new stands behind what is shared."""
    shared, vocabulary = base.index.vocabulary, own.vocabulary
    new_terms: dict[str, int] = {}
    first = len(shared.terms)
    terms = [
        number
        if (number := shared.terms.get(term)) is not None
        else new_terms.setdefault(term, first + len(new_terms))
        for term in vocabulary.terms
    ]
    known = [base.words.get(name, {}) for name in vocabulary.languages]
    words: list[int] = []
    new_words: list[int] = []
    first = len(shared.normalized_forms)
    languages = vocabulary.word_language.tolist()
    for place, form in enumerate(vocabulary.normalized_forms):
        word = known[languages[place]].get(form)
        if word is None:
            word = first + len(new_words)
            new_words.append(place)
        words.append(word)
    return _Numbers(_ints(words), _ints(terms), _ints(new_words), new_terms)


def _ints(numbers: list[int]) -> Ints:
    return np.array(numbers, dtype=np.int32)


class _Terms(Mapping[str, int]):
    """The terms of both, of which few are looked for and none is listed."""

    def __init__(self, shared: Mapping[str, int], new: Mapping[str, int]) -> None:
        self._shared, self._new = shared, new

    def get(self, term: str, default: Any = None) -> Any:
        number = self._shared.get(term)
        return self._new.get(term, default) if number is None else number

    def __getitem__(self, term: str) -> int:
        return self._shared[term] if term in self._shared else self._new[term]

    def __iter__(self) -> Iterator[str]:
        yield from self._shared
        yield from self._new

    def __len__(self) -> int:
        return len(self._shared) + len(self._new)


@dataclass(frozen=True)
class _JoinedVocabulary(Vocabulary):
    shared: Vocabulary
    new_languages: tuple[str, ...]  #: of the words that the shared index has not

    def languages_of(self, words: Sequence[int]) -> list[str]:
        """Return the language of each of some words."""
        size = len(self.shared.normalized_forms)
        known = iter(self.shared.languages_of([word for word in words if word < size]))
        return [next(known) if w < size else self.new_languages[w - size] for w in words]


def _vocabulary(base: Base, own: Vocabulary, numbers: _Numbers) -> _JoinedVocabulary:
    shared = base.index.vocabulary
    terms = own.word_term[numbers.new_words]
    number = np.append(numbers.terms, np.int32(NO_TERM))  # NO_TERM is -1: the last
    new = numbers.new_words.tolist()
    return _JoinedVocabulary(
        languages=(*shared.languages, *own.languages),
        surface_forms=cast("Any", StackedSequence(shared.surface_forms, own.surface_forms)),
        surface_language=stacked(
            shared.surface_language,
            (own.surface_language + len(shared.languages)).astype(np.uint16),
        ),
        surface_word=stacked(shared.surface_word, numbers.words[own.surface_word]),
        surface_capital=stacked(shared.surface_capital, own.surface_capital),
        normalized_forms=cast(
            "Any",
            StackedSequence(
                shared.normalized_forms, tuple(own.normalized_forms[place] for place in new)
            ),
        ),
        word_term=stacked(shared.word_term, number[terms]),
        word_answer_types=stacked(
            shared.word_answer_types, own.word_answer_types[numbers.new_words]
        ),
        terms=_Terms(shared.terms, numbers.new_terms),
        shared=shared,
        new_languages=tuple(own.languages_of(new)),
    )


def _answer_types(base: Base, own: Index, numbers: _Numbers) -> npt.NDArray[np.uint16]:
    """Return the bits of AnswerType of each word: whether it is a name, both tell together."""
    name = np.uint16(AnswerType.NAME)
    there = np.flatnonzero(numbers.words < len(base.capitals))
    words = numbers.words[there]
    names = base.capitals[words] + capitals(own)[there] > 0
    before = base.index.word_answer_types[words]
    after = np.where(names, before | name, before & ~name)
    changed = np.flatnonzero(after != before)
    order = changed[np.argsort(words[changed])]
    new = own.word_answer_types[numbers.new_words]
    return patched(base.index.word_answer_types, new, words[order], after[order])


def _forward(shared: Index, own: Index) -> ForwardIndex:
    """Return the words of all sentences; the spellings of the own ones are numbered behind."""
    spellings = len(shared.vocabulary.surface_forms)
    arrays: dict[str, Any] = {}
    for field in fields(ForwardIndex):
        first, second = (getattr(index.forward, field.name) for index in (shared, own))
        if field.type == "Starts":
            second = second[1:] + first[-1]
        elif field.name in ("surface_forms", "titles", "contexts"):
            second = second + np.int32(spellings)
        arrays[field.name] = stacked(first, second)
    return ForwardIndex(**arrays)


class _JoinedNgrams:
    """The words of both by their letters, in place of one NgramIndex."""

    def __init__(self, shared: NgramIndex, new: NgramIndex) -> None:
        self._shared, self._new = shared, new
        self._size = len(shared.lengths)

    def sharing(self, word: str) -> tuple[Ints, Ints, Ints]:
        words, counts, sizes = self._shared.sharing(word)
        more, more_counts, more_sizes = self._new.sharing(word)
        if not len(more):
            return words, counts, sizes
        return (
            np.concatenate((words, more + np.int32(self._size))),
            np.concatenate((counts, more_counts)),
            np.concatenate((sizes, more_sizes)),
        )

    def shared_with(self, spellings: Sequence[str], words: Ints) -> tuple[Floats, Ints]:
        place = int(np.searchsorted(words, self._size))
        if place == len(words):
            return self._shared.shared_with(spellings, words)
        new, new_sizes = self._new.shared_with(spellings, words[place:] - np.int32(self._size))
        if not place:
            return new, new_sizes
        known, sizes = self._shared.shared_with(spellings, words[:place])
        return np.concatenate((known, new)), np.concatenate((sizes, new_sizes))

    def beginning_alike(self, word: str, least: float) -> Ints:
        near = self._shared.beginning_alike(word, least)
        more = self._new.beginning_alike(word, least)
        return np.concatenate((near, more + np.int32(self._size))) if len(more) else near


class _Frequencies:
    """In how many sentences of both each term stands."""

    def __init__(self, shared: Ints, own: Ints, number: Mapping[int, int]) -> None:
        self._shared, self._own, self._number = shared, own, number

    def __getitem__(self, term: int) -> int:
        found = int(self._shared[term]) if term < len(self._shared) else 0
        number = self._number.get(int(term))
        return found if number is None else found + int(self._own[number])


class _Idf:
    """How telling each term is, worked out for those that are asked for."""

    def __init__(self, frequencies: _Frequencies, sentences: int) -> None:
        self._frequencies, self._sentences = frequencies, sentences

    def __getitem__(self, term: int) -> float:
        return float(inverse_document_frequency(self._frequencies[term], self._sentences))


@dataclass(frozen=True)
class JoinedIndex(Index):
    """The index of the shared articles with a server's own behind them; ``join`` makes one."""

    shared: Index
    own: Index
    own_terms: Ints  #: the numbers here of the own index's terms

    @cached_property
    def idf(self) -> Floats:
        """T: how telling each term is, over sentences of both."""
        frequencies = cast("_Frequencies", self.document_frequency)
        return cast("Floats", _Idf(frequencies, len(self.sentence_length)))

    @cached_property
    def average_length(self) -> float:
        """Mean number of words with a term in a sentence; at least 1."""
        words = sum(int(part.sentence_length.sum()) for part in (self.shared, self.own))
        return max(words / len(self.sentence_length), 1.0) if len(self.sentence_length) else 1.0

    @cached_property
    def renderings(self) -> Sequence[tuple[int, Rendering]]:
        """The number of each rendering's article, and the rendering."""
        articles = len(self.shared.corpus.articles)
        own = [(number + articles, rendering) for number, rendering in self.own.renderings]
        return StackedSequence(self.shared.renderings, own)

    @cached_property
    def passage_rendering(self) -> Ints:
        """P: number of the rendering."""
        own = self.own.passage_rendering + np.int32(len(self.shared.renderings))
        return stacked(self.shared.passage_rendering, own)

    @cached_property
    def sentence_passage(self) -> Ints:
        """S: number of the passage."""
        own = self.own.sentence_passage + np.int32(len(self.shared.passage_rendering))
        return stacked(self.shared.sentence_passage, own)

    @cached_property
    def sentence_original(self) -> Ints:
        """S: number of the same sentence in the original rendering; -1 where it has none."""
        own, sentences = self.own.sentence_original, np.int32(len(self.shared.sentence_length))
        return stacked(self.shared.sentence_original, np.where(own < 0, own, own + sentences))

    def title_terms(self, rendering: int) -> frozenset[int]:
        """Return the numbers of the terms in a rendering's title."""
        renderings = len(self.shared.renderings)
        if rendering < renderings:
            return self.shared.title_terms(rendering)
        own = self.own.title_terms(rendering - renderings)
        return frozenset(self.own_terms[list(own)].tolist())

    def concept_terms(self, form: str) -> tuple[tuple[int, float], ...]:
        """Return the terms that a concept of the glossary is found by, and how much each counts.

        In the shared sources a server's own concepts were not looked for: there the words do of its
        expressions.
        """
        found = dict(super().concept_terms(form))
        expressions = self.corpus.glossary.expressions(form)
        if not set(expressions) & set(_expressions(self.shared, form)):
            for words in map(folded_words, expressions):
                weight = 1.0 if len(words) == 1 else PART_WEIGHT
                for language in self.corpus.languages:
                    for word in words:
                        term = self.vocabulary.terms.get(stem(word, language))
                        if term is not None and not is_stop_word(word, language):
                            found[term] = max(weight, found.get(term, 0.0))
        return tuple(found.items())


def _expressions(shared: Index, form: str) -> tuple[str, ...]:
    try:
        return shared.corpus.glossary.expressions(form)
    except IndexError:
        return ()


def join(base: Base, own: Index) -> JoinedIndex:
    """Return a server's own index behind the shared one.

    ``own`` is of a corpus whose glossary extends the shared one; see ``Glossary.extended``.
    """
    shared = base.index
    numbers = _numbers(base, own)
    number = dict(zip(numbers.terms.tolist(), range(len(numbers.terms)), strict=True))
    new = np.zeros(len(numbers.words), dtype=bool)
    new[numbers.new_words] = True
    frequencies = _Frequencies(shared.document_frequency, own.document_frequency, number)
    return JoinedIndex(
        corpus=join_corpora(shared.corpus, own.corpus),
        forward=_forward(shared, own),
        vocabulary=_vocabulary(base, own.vocabulary, numbers),
        passages=JoinedPassages(shared.passages, own.passages, number),
        ngrams=cast("NgramIndex", _JoinedNgrams(shared.ngrams, own.ngrams.only(new))),
        word_answer_types=_answer_types(base, own, numbers),
        sentence_length=stacked(shared.sentence_length, own.sentence_length),
        document_frequency=cast("Ints", frequencies),
        shared=shared,
        own=own,
        own_terms=numbers.terms,
    )
