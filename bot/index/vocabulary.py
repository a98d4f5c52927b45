"""The distinct spellings, words and terms of an index.

A spelling is a word as it is written; a word is a folded spelling in one language; a term is a
stem, the same for every language. Each spelling is folded and stemmed once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, count
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.index.arrays import Bools, Ints, new_ids
from bot.text.answer_types import answer_types_of
from bot.text.glossary import Glossary
from bot.text.language import content_form, is_stop_word
from bot.text.tokens import fold, folded_words, parts_of_identifiers, stem, tokenize
from bot.text.values import VALUE_MARK, may_hold_value, value_keys

#: The term number of a word that is not looked for.
NO_TERM = -1

#: Of a term of the glossary and of a value, which are the same in every language.
NO_LANGUAGE = ""


@dataclass(frozen=True)
class Vocabulary:
    """X spellings, W words and T terms, numbered from 0. A word of two languages counts twice."""

    languages: tuple[str, ...]  #: in alphabetical order; NO_LANGUAGE is one
    surface_forms: tuple[str, ...]  #: X: as they are written
    surface_language: npt.NDArray[np.uint16]  #: X: number of the language
    surface_word: Ints  #: X: number of the word
    surface_capital: Bools  #: X: whether it begins with a capital
    normalized_forms: tuple[str, ...]  #: W: folded
    word_term: Ints  #: W: number of the term, or NO_TERM
    word_answer_types: npt.NDArray[np.uint16]  #: W: bits of AnswerType that it shows by itself
    terms: Mapping[str, int]  #: stem to number

    @property
    def word_language(self) -> npt.NDArray[np.uint16]:
        """Number of each word's language."""
        language = np.zeros(len(self.normalized_forms), dtype=np.uint16)
        language[self.surface_word] = self.surface_language
        return language

    def languages_of(self, words: Sequence[int]) -> list[str]:
        """Return the language of each of some words."""
        return [self.languages[number] for number in self.word_language[words].tolist()]

    def words_of(self, used: Bools) -> Bools:
        """W: the words that some of the spellings spell."""
        word_used = np.zeros(len(self.normalized_forms), dtype=bool)
        word_used[self.surface_word[used]] = True
        return word_used

    def terms_of(self, tokens: Bools) -> Bools:
        """T: the terms of some of the words."""
        term_used = np.zeros(len(self.terms), dtype=bool)
        terms = self.word_term[tokens]
        term_used[terms[terms != NO_TERM]] = True
        return term_used

    def only(self, used: Bools) -> tuple[Vocabulary, Ints]:
        """Return the vocabulary of some of the spellings, and the new number of each old one."""
        word_used = self.words_of(used)
        term_used = self.terms_of(word_used)
        new_spelling, new_word, new_term = (new_ids(u) for u in (used, word_used, term_used))
        terms = self.word_term[word_used]
        smaller = Vocabulary(
            languages=self.languages,
            surface_forms=_of(self.surface_forms, used),
            surface_language=self.surface_language[used],
            surface_word=new_word[self.surface_word[used]],
            surface_capital=self.surface_capital[used],
            normalized_forms=_of(self.normalized_forms, word_used),
            word_term=np.where(terms == NO_TERM, np.int32(NO_TERM), new_term[terms]),
            word_answer_types=self.word_answer_types[word_used],
            terms=dict(zip(compress(self.terms, term_used.tolist()), count(), strict=False)),
        )
        return smaller, new_spelling


def _of(strings: tuple[str, ...], used: Bools) -> tuple[str, ...]:
    return tuple(compress(strings, used.tolist()))


EMPTY = Vocabulary(
    languages=(),
    surface_forms=(),
    surface_language=np.zeros(0, np.uint16),
    surface_word=np.zeros(0, np.int32),
    surface_capital=np.zeros(0, np.bool_),
    normalized_forms=(),
    word_term=np.zeros(0, np.int32),
    word_answer_types=np.zeros(0, np.uint16),
    terms={},
)


class _Numbers(dict[str, int]):
    """The spellings of one language; a new one is entered as it is looked up."""

    def __init__(self, reader: VocabularyBuilder, language: str, known: Iterable[Any]) -> None:
        super().__init__(known)
        self._reader, self._language = reader, language

    def __missing__(self, surface: str) -> int:
        number = self[surface] = self._reader.add(surface, self._language)
        return number


def term_of(folded: str, language: str) -> str | None:
    """Return the term of a folded word; None for a stop word."""
    if not folded or is_stop_word(folded, language):
        return None
    return stem(folded, language)


class VocabularyBuilder:
    """Reads texts as numbers of spellings, on from a vocabulary, which is left as it is."""

    # What is worked out once a word; who reads the same words again and again remembers it.
    _term_of = staticmethod(term_of)
    _answer_types_of = staticmethod(answer_types_of)
    _may_hold_value = staticmethod(may_hold_value)

    def __init__(self, glossary: Glossary, base: Vocabulary = EMPTY) -> None:
        self._glossary, self._base = glossary, base
        self._languages = {language: n for n, language in enumerate(base.languages)}
        self._terms = dict(base.terms)
        self._numbers: dict[str, _Numbers] = {}
        self._words: dict[str, dict[str, int]] = {}
        of_word = base.word_language
        for language, number in self._languages.items():
            known = _numbered(base.surface_forms, base.surface_language == number)
            self._numbers[language] = _Numbers(self, language, known)
            self._words[language] = dict(_numbered(base.normalized_forms, of_word == number))
        begin = [
            tokens[form]
            for tokens in self._words.values()
            for first in glossary.first_words
            for form in (first, first.upper(), first.title())  # as ``content_form`` gives it
            if form in tokens
        ]
        self._begins = set(np.flatnonzero(np.isin(base.surface_word, begin)).tolist())
        valued = [
            number
            for language, tokens in self._words.items()
            for form, number in tokens.items()
            if language and may_hold_value(form, language)
        ]
        self._valued = set(np.flatnonzero(np.isin(base.surface_word, valued)).tolist())
        # What is new, behind the base.
        self._spellings: list[str] = []
        self._spelling_language: list[int] = []
        self._spelling_word: list[int] = []
        self._word_forms: list[str] = []
        self._word_term: list[int] = []
        self._word_kind: list[int] = []

    def encode(self, text: str, language: str) -> list[int]:
        """Return the numbers of a text's spellings, then those of what its identifiers are made of,
        of its terms of the glossary and values.
        """
        numbers = self._numbers.get(language)
        if numbers is None:
            numbers = self._new_language(language)
        found = list(map(numbers.__getitem__, tokenize(text)))
        found += map(numbers.__getitem__, parts_of_identifiers(text))
        if self._begins and not self._begins.isdisjoint(found):
            concepts = self._numbers.get(NO_LANGUAGE) or self._new_language(NO_LANGUAGE)
            found += [concepts[c.form] for c in self._glossary.find(folded_words(text))]
        if not self._valued.isdisjoint(found):
            values = self._numbers.get(NO_LANGUAGE) or self._new_language(NO_LANGUAGE)
            forms = dict.fromkeys(key for key, *_ in value_keys(text, language))
            found += [values[f"{VALUE_MARK}{key}"] for key in forms]
        return found

    def _new_language(self, language: str) -> _Numbers:
        self._languages.setdefault(language, len(self._languages))
        self._words.setdefault(language, {})
        return self._numbers.setdefault(language, _Numbers(self, language, ()))

    def add(self, surface: str, language: str) -> int:
        """Return the number of a new spelling."""
        number = len(self._base.surface_forms) + len(self._spellings)
        folded = fold(surface) if language else surface
        form = content_form(surface, language) if language else surface
        self._spellings.append(surface)
        self._spelling_language.append(self._languages[language])
        self._spelling_word.append(self._word(form, language))
        if folded in self._glossary.first_words:
            self._begins.add(number)
        if language and self._may_hold_value(folded, language):
            self._valued.add(number)
        return number

    def _word(self, folded: str, language: str) -> int:
        tokens = self._words[language]
        number = tokens.get(folded)
        if number is None:
            number = tokens[folded] = len(self._base.normalized_forms) + len(self._word_forms)
            self._word_forms.append(folded)
            self._word_term.append(self._term(folded, language))
            self._word_kind.append(int(self._answer_types_of(folded)))
        return number

    def _term(self, folded: str, language: str) -> int:
        """Return the term number of a folded word, new if need be; NO_TERM for a stop word."""
        term = self._term_of(folded, language)
        return NO_TERM if term is None else self._terms.setdefault(term, len(self._terms))

    def vocabulary(self) -> Vocabulary:
        """Return the base and what was read since."""
        base = self._base
        capital = np.array([surface[:1].isupper() for surface in self._spellings], dtype=np.bool_)
        order = sorted(self._languages)
        place = np.array([order.index(language) for language in self._languages], np.uint16)
        numbers = _joined(base.surface_language, self._spelling_language)
        return Vocabulary(
            languages=tuple(order),
            surface_forms=(*base.surface_forms, *self._spellings),
            surface_language=place[numbers],
            surface_word=_joined(base.surface_word, self._spelling_word),
            surface_capital=np.concatenate((base.surface_capital, capital)),
            normalized_forms=(*base.normalized_forms, *self._word_forms),
            word_term=_joined(base.word_term, self._word_term),
            word_answer_types=_joined(base.word_answer_types, self._word_kind),
            terms=self._terms,
        )


def _numbered(strings: tuple[str, ...], which: Bools) -> Iterable[tuple[str, int]]:
    """Return some of the strings, with their numbers."""
    return zip(compress(strings, which.tolist()), np.flatnonzero(which).tolist(), strict=True)


def _joined(old: npt.NDArray[Any], new: list[int]) -> npt.NDArray[Any]:
    return np.concatenate((old, np.array(new, dtype=old.dtype)))
