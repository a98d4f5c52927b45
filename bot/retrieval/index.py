"""The index: which terms stand in which passages and sentences, as numpy arrays.

``PassageIndex`` ranks passages; ``Index`` adds what ranking sentences needs: the words of every
sentence in order, how they are spelled, and how many sentences hold each term.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.retrieval.analysis import latin, ngram_set
from bot.retrieval.bm25 import Floats, Ints, PassageIndex, inverse_document_frequency
from bot.retrieval.kind import Kind
from bot.retrieval.model import Corpus, Rendering
from bot.retrieval.vocabulary import NO_TERM, Vocabulary


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
    gram_words: Ints  #: the words that hold each n-gram, one n-gram behind the other
    gram_word_first: npt.NDArray[np.int64]  #: where those of each n-gram begin in ``gram_words``
    initials: dict[str, Ints]  #: first letter to the numbers of the words that are looked for
    terms: dict[str, int]  #: stem to term number
    idf: Floats  #: T: over sentences
    title_terms: tuple[frozenset[int], ...]  #: of each rendering

    @cached_property
    def average_length(self) -> float:
        """Mean number of words with a term in a sentence; at least 1."""
        return max(float(self.sentence_length.mean()), 1.0) if len(self.sentence_length) else 1.0


@dataclass
class _Layout:
    """Where everything stands, as it is read: one entry a sentence, a passage or a rendering."""

    renderings: list[tuple[int, Rendering]] = field(default_factory=list)
    title_terms: list[frozenset[int]] = field(default_factory=list)
    spellings: list[int] = field(default_factory=list)  # of all sentences, one behind the other
    word_counts: list[int] = field(default_factory=list)
    sentence_passage: list[int] = field(default_factory=list)
    sentence_original: list[int] = field(default_factory=list)
    passage_rendering: list[int] = field(default_factory=list)
    passage_sentences: list[int] = field(default_factory=lambda: [0])

    def add(self, article: int, rendering: Rendering, original: int, words: Vocabulary) -> None:
        """Read one rendering; ``original`` is the number of its article's first sentence."""
        first = len(self.word_counts)
        for passage in rendering.passages:
            for span in passage.sentences:
                found = words.read(span.of(rendering.text), rendering.language)
                self.spellings.extend(found)
                self.sentence_original.append(original + len(self.word_counts) - first)
                self.sentence_passage.append(len(self.passage_rendering))
                self.word_counts.append(len(found))
            self.passage_rendering.append(len(self.renderings))
            self.passage_sentences.append(len(self.word_counts))
        title = words.read(rendering.title, rendering.language)
        self.title_terms.append(words.terms_of(title))
        self.renderings.append((article, rendering))


def places_of(
    starts: npt.NDArray[Any], ends: npt.NDArray[Any]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Half-open ranges one behind the other, and where each of them begins there (and all end)."""
    counts = ends - starts
    first = np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))
    return np.arange(first[-1]) + np.repeat(starts - first[:-1], counts), first


def build_index(corpus: Corpus) -> Index:
    """Index every rendering of every article."""
    vocabulary, layout = Vocabulary(corpus.glossary), _Layout()
    for number, article in enumerate(corpus.articles):
        original = len(layout.word_counts)
        for rendering in article.renderings:
            layout.add(number, rendering, original, vocabulary)

    sentence_words = np.concatenate(([0], np.cumsum(layout.word_counts, dtype=np.int64)))
    spelling = np.array(layout.spellings, dtype=np.int32)
    words = np.array(vocabulary.spelling_word, dtype=np.int32)[spelling]
    word_term = np.array(vocabulary.word_term, dtype=np.int32)
    terms = word_term[words]
    has_term = terms != NO_TERM
    term_first = np.concatenate(([0], np.cumsum(has_term, dtype=np.int64)))[sentence_words]
    sentence_length = np.diff(term_first).astype(np.int32)
    gram_first, grams, gram_numbers = _grams(vocabulary)
    gram_words, gram_word_first = _inverted(gram_first, grams, len(gram_numbers))
    size = len(vocabulary.terms)
    frequency = _document_frequency(terms[has_term], sentence_length, size)
    return Index(
        corpus=corpus,
        renderings=tuple(layout.renderings),
        passages=PassageIndex(terms[has_term], term_first[layout.passage_sentences], size),
        passage_rendering=np.array(layout.passage_rendering, dtype=np.int32),
        passage_sentences=np.array(layout.passage_sentences, dtype=np.int32),
        sentence_passage=np.array(layout.sentence_passage, dtype=np.int32),
        sentence_original=np.array(layout.sentence_original, dtype=np.int32),
        sentence_words=sentence_words,
        sentence_length=sentence_length,
        words=words,
        word_forms=tuple(vocabulary.word_forms),
        word_term=word_term,
        word_kind=_kinds(vocabulary, spelling, words, sentence_words),
        gram_first=gram_first,
        grams=grams,
        gram_numbers=gram_numbers,
        gram_words=gram_words,
        gram_word_first=gram_word_first,
        initials=_initials(vocabulary),
        terms=vocabulary.terms,
        idf=inverse_document_frequency(frequency, len(sentence_length)),
        title_terms=tuple(layout.title_terms),
    )


def _document_frequency(terms: Ints, lengths: Ints, size: int) -> Ints:
    """In how many sentences each term stands; ``terms`` are those of all sentences in order."""
    sentence = np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)
    distinct = np.unique(sentence * max(size, 1) + terms)
    return np.bincount(distinct % max(size, 1), minlength=size).astype(np.int32)


def _grams(vocabulary: Vocabulary) -> tuple[npt.NDArray[np.int64], Ints, dict[str, int]]:
    """Where each word's distinct n-grams begin, their numbers, and the number of each n-gram."""
    numbers: dict[str, int] = {}
    of_words = [
        [numbers.setdefault(gram, len(numbers)) for gram in ngram_set(form)]
        for form in vocabulary.word_forms
    ]
    first = np.concatenate(([0], np.cumsum([len(grams) for grams in of_words], dtype=np.int64)))
    return first, np.fromiter((g for grams in of_words for g in grams), dtype=np.int32), numbers


def _inverted(
    first: npt.NDArray[np.int64], grams: Ints, size: int
) -> tuple[Ints, npt.NDArray[np.int64]]:
    """The words that hold each n-gram, one n-gram behind the other, and where each one's begin."""
    order = np.argsort(grams, kind="stable")
    words = np.repeat(np.arange(len(first) - 1, dtype=np.int32), np.diff(first))
    return words[order], np.searchsorted(grams[order], np.arange(size + 1))


def _initials(vocabulary: Vocabulary) -> dict[str, Ints]:
    """The words that have a term, by their first letter in Latin script."""
    initials: dict[str, list[int]] = {}
    for number, form in enumerate(vocabulary.word_forms):
        if vocabulary.word_term[number] != NO_TERM:
            initials.setdefault(latin(form)[:1], []).append(number)
    return {letter: np.array(found, dtype=np.int32) for letter, found in initials.items()}


def _kinds(
    vocabulary: Vocabulary, spelling: Ints, words: Ints, sentence_words: npt.NDArray[np.int64]
) -> npt.NDArray[np.uint8]:
    """The bits of Kind of each word: what it shows by itself, and whether it is a name."""
    kinds = np.array(vocabulary.word_kind, dtype=np.uint8)
    kinds[_names(vocabulary, spelling, words, sentence_words)] |= np.uint8(Kind.NAME)
    return kinds


def _names(
    vocabulary: Vocabulary, spelling: Ints, words: Ints, sentence_words: npt.NDArray[np.int64]
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
