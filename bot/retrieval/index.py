"""The index: which terms stand in which passages and sentences, as numpy arrays.

``PassageIndex`` is rank-bm25's ``BM25Okapi`` over inverted postings: its formula and its scores,
without a dictionary per document. ``Index`` adds what ranking sentences needs: the words of every
sentence in order, and how many sentences hold each term.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from rank_bm25 import BM25Okapi

from bot.retrieval.analysis import fold, folded_words, latin, ngrams, stem, surfaces
from bot.retrieval.glossary import Glossary
from bot.retrieval.kind import Kind, kind_of_word
from bot.retrieval.language import is_stop_word
from bot.retrieval.model import Corpus, Rendering

Ints: TypeAlias = npt.NDArray[np.int32]
Floats: TypeAlias = npt.NDArray[np.float64]

#: BM25 of passages. Paragraphs differ less in length than web pages, so both are lower than
#: rank-bm25's 1.5 and 0.75.
PASSAGE_K1 = 0.9
PASSAGE_B = 0.4

#: The term number of a word that is not looked for.
NO_TERM = -1

#: Of a term of the glossary, which is the same in every language.
NO_LANGUAGE = ""


class PassageIndex(BM25Okapi):
    """BM25Okapi over passages given as term numbers, each passage ``terms[first[i]:first[i+1]]``.

    Two things differ from the parent. Terms are numbers, and ``idf`` is an array over them. And idf
    is ``log(1 + (N - df + 0.5) / (df + 0.5))`` (Lucene's form of Robertson and Spärck Jones), which
    is never negative or 0, where the parent's is 0 for a term in half of the passages: a score
    above 0 means a shared term. With the parent's idf the scores are the parent's, bit for bit.
    """

    def __init__(
        self,
        terms: Ints,
        first: npt.NDArray[np.int64],
        vocabulary_size: int,
        k1: float = PASSAGE_K1,
        b: float = PASSAGE_B,
    ) -> None:
        self._terms, self._first, self._size = terms, first, vocabulary_size
        super().__init__((), k1=k1, b=b)
        del self._terms, self._first

    def _initialize(self, corpus: object) -> Ints:  # noqa: ARG002  # the parent's hook
        """Invert the passages; returns each term's document frequency."""
        lengths = np.diff(self._first)
        self.corpus_size = len(lengths)
        self.doc_len = lengths
        self.avgdl = max(len(self._terms) / self.corpus_size, 1.0) if self.corpus_size else 1.0
        passage = np.repeat(np.arange(self.corpus_size, dtype=np.int64), lengths)
        key, frequency = np.unique(
            self._terms.astype(np.int64) * max(self.corpus_size, 1) + passage, return_counts=True
        )
        term, self._passages = np.divmod(key, max(self.corpus_size, 1))
        self._bounds = np.searchsorted(term, np.arange(self._size + 1))
        saturation = self.k1 * (1 - self.b + self.b * lengths / self.avgdl)
        self._weights = frequency * (self.k1 + 1) / (frequency + saturation[self._passages])
        return np.diff(self._bounds).astype(np.int32)

    def _calc_idf(self, nd: Ints) -> None:
        self.idf = inverse_document_frequency(nd, self.corpus_size)

    def postings(self, term: int) -> tuple[npt.NDArray[np.int64], Floats]:
        """The passages that hold a term, in order, and what the term adds to each one's score."""
        start, end = self._bounds[term], self._bounds[term + 1]
        return self._passages[start:end], self.idf[term] * self._weights[start:end]

    def get_scores(self, query: Iterable[int]) -> Floats:
        """The BM25 score of every passage for a list of term numbers."""
        scores = np.zeros(self.corpus_size)
        for term in query:
            passages, added = self.postings(term)
            scores[passages] += added
        return scores


def inverse_document_frequency(df: Ints, documents: int) -> Floats:
    """``log(1 + (N - df + 0.5) / (df + 0.5))`` for each document frequency."""
    return np.log1p((documents - df + 0.5) / (df + 0.5))


@dataclass(frozen=True)
class Index:
    """A corpus made searchable. Numbers count from 0; renderings lie one behind the other.

    P passages, S sentences, W distinct words (a word of two languages counts twice), T terms.
    """

    corpus: Corpus
    renderings: tuple[tuple[int, Rendering], ...]  #: (article number, its rendering)
    passages: PassageIndex
    passage_rendering: Ints  #: P: number of the rendering
    passage_sentences: Ints  #: P + 1: number of its first sentence
    sentence_passage: Ints  #: S: number of its passage
    sentence_original: Ints  #: S: number of the same sentence in the original rendering
    sentence_words: npt.NDArray[np.int64]  #: S + 1: where its words begin in ``words``
    sentence_length: Ints  #: S: how many words with a term it has
    words: Ints  #: word numbers of all sentences, in reading order
    word_forms: tuple[str, ...]  #: W: folded
    word_term: Ints  #: W: term number, or NO_TERM
    word_kind: npt.NDArray[np.uint8]  #: W: bits of Kind
    gram_first: npt.NDArray[np.int64]  #: W + 1: where its character n-grams begin in ``grams``
    grams: Ints  #: n-gram numbers of all words
    gram_numbers: dict[str, int]
    initials: dict[str, Ints]  #: first letter to the numbers of the words that are looked for
    terms: dict[str, int]  #: stem to term number
    idf: Floats  #: T: over sentences
    title_terms: tuple[frozenset[int], ...]  #: of each rendering

    @property
    def average_length(self) -> float:
        """Mean number of words with a term in a sentence; at least 1."""
        return max(float(self.sentence_length.mean()), 1.0) if len(self.sentence_length) else 1.0


class _Vocabulary:
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


def build_index(corpus: Corpus) -> Index:
    """Index every rendering of every article."""
    vocabulary = _Vocabulary(corpus.glossary)
    renderings: list[tuple[int, Rendering]] = []
    title_terms: list[frozenset[int]] = []
    spellings: list[int] = []
    word_counts: list[int] = []
    sentence_passage: list[int] = []
    sentence_original: list[int] = []
    passage_rendering: list[int] = []
    passage_sentences: list[int] = [0]
    for number, article in enumerate(corpus.articles):
        original_first = len(word_counts)
        for rendering in article.renderings:
            first = len(word_counts)
            language = rendering.language
            for passage in rendering.passages:
                for span in passage.sentences:
                    found = vocabulary.read(span.of(rendering.text), language)
                    spellings.extend(found)
                    sentence_original.append(original_first + len(word_counts) - first)
                    sentence_passage.append(len(passage_rendering))
                    word_counts.append(len(found))
                passage_rendering.append(len(renderings))
                passage_sentences.append(len(word_counts))
            title = vocabulary.read(rendering.title, language)
            title_terms.append(vocabulary.terms_of(title))
            renderings.append((number, rendering))

    sentence_words = np.concatenate(([0], np.cumsum(word_counts, dtype=np.int64)))
    spelling = np.array(spellings, dtype=np.int32)
    words = np.array(vocabulary.spelling_word, dtype=np.int32)[spelling]
    word_term = np.array(vocabulary.word_term, dtype=np.int32)
    terms = word_term[words]
    has_term = terms != NO_TERM
    term_first = np.concatenate(([0], np.cumsum(has_term, dtype=np.int64)))[sentence_words]
    sentence_length = np.diff(term_first).astype(np.int32)
    kinds = np.array(vocabulary.word_kind, dtype=np.uint8)
    kinds[_names(vocabulary, spelling, words, sentence_words)] |= np.uint8(Kind.NAME)
    gram_numbers: dict[str, int] = {}
    grams = [
        [gram_numbers.setdefault(gram, len(gram_numbers)) for gram in set(ngrams(form))]
        for form in vocabulary.word_forms
    ]
    size = len(vocabulary.terms)
    return Index(
        corpus=corpus,
        renderings=tuple(renderings),
        passages=PassageIndex(terms[has_term], term_first[passage_sentences], size),
        passage_rendering=np.array(passage_rendering, dtype=np.int32),
        passage_sentences=np.array(passage_sentences, dtype=np.int32),
        sentence_passage=np.array(sentence_passage, dtype=np.int32),
        sentence_original=np.array(sentence_original, dtype=np.int32),
        sentence_words=sentence_words,
        sentence_length=sentence_length,
        words=words,
        word_forms=tuple(vocabulary.word_forms),
        word_term=word_term,
        word_kind=kinds,
        gram_first=np.concatenate(([0], np.cumsum([len(g) for g in grams], dtype=np.int64))),
        grams=np.fromiter((g for of_word in grams for g in of_word), dtype=np.int32),
        gram_numbers=gram_numbers,
        initials=_initials(vocabulary),
        terms=vocabulary.terms,
        idf=inverse_document_frequency(
            _document_frequency(terms[has_term], sentence_length, size), len(sentence_length)
        ),
        title_terms=tuple(title_terms),
    )


def _document_frequency(terms: Ints, lengths: Ints, size: int) -> Ints:
    """In how many sentences each term stands; ``terms`` are those of all sentences in order."""
    sentence = np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)
    distinct = np.unique(sentence * max(size, 1) + terms)
    return np.bincount(distinct % max(size, 1), minlength=size).astype(np.int32)


def _initials(vocabulary: _Vocabulary) -> dict[str, Ints]:
    """The words that have a term, by their first letter in Latin script."""
    initials: dict[str, list[int]] = {}
    for number, form in enumerate(vocabulary.word_forms):
        if vocabulary.word_term[number] != NO_TERM:
            initials.setdefault(latin(form)[:1], []).append(number)
    return {letter: np.array(found, dtype=np.int32) for letter, found in initials.items()}


def _names(
    vocabulary: _Vocabulary, spelling: Ints, words: Ints, sentence_words: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Which words are names: written with a capital more often than not within a sentence."""
    inside = np.ones(len(spelling), dtype=bool)
    starts = sentence_words[:-1]
    inside[starts[starts < len(spelling)]] = False
    capital = np.array(vocabulary.spelling_is_name, dtype=bool)[spelling]
    size = len(vocabulary.word_forms)
    capitals = np.bincount(words[inside & capital], minlength=size)
    smalls = np.bincount(words[inside & ~capital], minlength=size)
    return capitals > smalls
