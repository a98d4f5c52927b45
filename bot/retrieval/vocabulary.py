"""Words and terms as they are met while an index is built."""

from __future__ import annotations

from collections.abc import Iterable

from bot.retrieval.analysis import fold, folded_words, stem, surfaces
from bot.retrieval.glossary import Glossary
from bot.retrieval.kind import kind_of_word
from bot.retrieval.language import is_stop_word

#: The term number of a word that is not looked for.
NO_TERM = -1

#: Of a term of the glossary, which is the same in every language.
NO_LANGUAGE = ""


class Vocabulary:
    """Words and terms as they are met: each distinct spelling is folded and stemmed once."""

    def __init__(self, glossary: Glossary) -> None:
        self._glossary = glossary
        self.terms: dict[str, int] = {}
        self.word_numbers: dict[tuple[str, str], int] = {}
        self.word_forms: list[str] = []
        self.word_term: list[int] = []
        self.word_kind: list[int] = []
        self.spelling_word: list[int] = []  # spelling number -> word number
        self.spelling_is_name: list[bool] = []  # begins with a capital
        self._spellings: dict[tuple[str, str], int] = {}

    def read(self, text: str, language: str) -> list[int]:
        """The numbers of a text's spellings, then those of its terms of the glossary."""
        found = [self._spelling(word, language) for word in surfaces(text)]
        if self._glossary.groups:
            concepts = self._glossary.find(folded_words(text))
            found += [self._spelling(concept.form, NO_LANGUAGE) for concept in concepts]
        return found

    def terms_of(self, spellings: Iterable[int]) -> frozenset[int]:
        """The numbers of the terms of some spellings."""
        terms = (self.word_term[self.spelling_word[number]] for number in spellings)
        return frozenset(terms) - {NO_TERM}

    def _spelling(self, surface: str, language: str) -> int:
        """The number of a spelling."""
        key = (language, surface)
        number = self._spellings.get(key)
        if number is None:
            number = self._spellings[key] = len(self.spelling_word)
            self.spelling_word.append(self._word(fold(surface), language))
            self.spelling_is_name.append(surface[:1].isupper())
        return number

    def _word(self, folded: str, language: str) -> int:
        key = (language, folded)
        number = self.word_numbers.get(key)
        if number is None:
            number = self.word_numbers[key] = len(self.word_forms)
            self.word_forms.append(folded)
            self.word_term.append(self._term(folded, language))
            self.word_kind.append(int(kind_of_word(folded)))
        return number

    def _term(self, folded: str, language: str) -> int:
        """The term number of a folded word, new if need be; NO_TERM for a stop word."""
        if not folded or is_stop_word(folded, language):
            return NO_TERM
        return self.terms.setdefault(stem(folded, language), len(self.terms))
