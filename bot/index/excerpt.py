"""The index of some passages of a corpus, with the statistics of the whole.

What the ranking reads is the same as in an index of everything: frequencies, lengths and the kinds
of words are the whole's, which a store keeps (see ``tally``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from bot.corpus.fragments import Excerpt
from bot.index.arrays import Bools, Ints, Starts, group_ids, offsets
from bot.index.bm25 import PASSAGE_B, PASSAGE_K1, PassageIndex, Postings, gains
from bot.index.bm25 import inverse_document_frequency as idf_of
from bot.index.build import Index, sentence_terms, with_contexts
from bot.index.forward import ForwardIndex, build_forward
from bot.index.ngrams import build_ngrams
from bot.index.vocabulary import NO_TERM, Vocabulary, VocabularyBuilder, term_of
from bot.text.answer_types import AnswerType, answer_types_of
from bot.text.values import may_hold_value

# Words of which is remembered what was worked out of them.
_REMEMBERED = 65_536


@dataclass(frozen=True)
class Statistics:
    """What scores need to know of all passages and sentences of a corpus, in every rendering."""

    passages: int
    passage_words: int  #: with a term, in all passages and what stands around them
    sentences: int
    sentence_words: int

    @property
    def passage_length(self) -> float:
        """Return the mean number of terms of a passage; at least 1."""
        return max(self.passage_words / self.passages, 1.0) if self.passages else 1.0


@dataclass(frozen=True, slots=True)
class TermCount:
    """In how many sentences and passages of the whole a term stands."""

    sentences: int
    passages: int


_NOWHERE = TermCount(0, 0)


class Word(NamedTuple):
    """A folded word of one language."""

    form: str
    language: str


@dataclass(frozen=True, slots=True)
class KnownWord:
    """What the whole says of a word."""

    word: Word
    term: str | None  #: None for a word that is not looked for
    count: TermCount
    is_name: bool


class ExcerptPassages(PassageIndex):
    """Passages that score what they score among all."""

    def __init__(self, terms: Ints, first: Starts, frequency: Ints, statistics: Statistics) -> None:
        """Index passages, each ``terms[first[i]:first[i+1]]``; ``frequency`` is of each term, how
        many passages of the whole hold it.
        """
        postings, lengths = Postings.of(terms, first, len(frequency)), np.diff(first)
        average = statistics.passage_length
        saturation = PASSAGE_K1 * (1 - PASSAGE_B + PASSAGE_B * lengths / average)
        super().__init__(
            postings.indptr, postings.indices, gains(postings, saturation), lengths.astype(np.int32)
        )
        self.avgdl, self.idf = average, idf_of(frequency, statistics.passages)


@dataclass(frozen=True)
class ExcerptIndex(Index):
    """The index of an excerpt; ``index_excerpt`` makes one."""

    statistics: Statistics

    @property
    def sentences(self) -> int:
        """How many sentences the whole has, in all renderings."""
        return self.statistics.sentences

    @cached_property
    def average_length(self) -> float:
        """Mean number of words with a term in a sentence of the whole; at least 1."""
        whole = self.statistics
        return max(whole.sentence_words / whole.sentences, 1.0) if whole.sentences else 1.0

    def with_words(self, words: Mapping[Word, KnownWord]) -> ExcerptIndex:
        """Return the index with what the whole says of some of its words."""
        frequency, kinds = self.document_frequency.copy(), self.word_answer_types.copy()
        terms = self.vocabulary.word_term
        for number, word in enumerate(words_of(self.vocabulary)):
            if (known := words.get(word)) is not None:
                if known.is_name:
                    kinds[number] |= np.uint16(AnswerType.NAME)
                if terms[number] != NO_TERM:
                    frequency[terms[number]] = known.count.sentences
        return replace(self, document_frequency=frequency, word_answer_types=kinds)


def asked_vocabulary(
    terms: Iterable[str],
    words: Iterable[KnownWord],
    kind: Callable[[Mapping[str, int]], dict[str, int]] = dict,
) -> Vocabulary:
    """Return a vocabulary of terms that a question may mean, and of words that are spelled like
    some of its words. ``kind`` makes the mapping of its terms.
    """
    numbers = {term: number for number, term in enumerate(terms)}
    known = tuple(words)
    for one in known:
        if one.term is not None:
            numbers.setdefault(one.term, len(numbers))
    languages = sorted({one.word.language for one in known})
    forms = tuple(one.word.form for one in known)
    return Vocabulary(
        languages=tuple(languages),
        surface_forms=forms,
        surface_language=np.array([languages.index(w.word.language) for w in known], np.uint16),
        surface_word=np.arange(len(known), dtype=np.int32),
        surface_capital=np.array([form[:1].isupper() for form in forms], np.bool_),
        normalized_forms=forms,
        word_term=np.array(
            [NO_TERM if w.term is None else numbers[w.term] for w in known], dtype=np.int32
        ),
        word_answer_types=np.array([int(answer_types_of(form)) for form in forms], np.uint16),
        terms=kind(numbers),
    )


class _Reader(VocabularyBuilder):
    """Reads excerpt after excerpt, in which the same words stand."""

    _term_of = staticmethod(lru_cache(_REMEMBERED)(term_of))
    _answer_types_of = staticmethod(lru_cache(_REMEMBERED)(answer_types_of))
    _may_hold_value = staticmethod(lru_cache(_REMEMBERED)(may_hold_value))


def words_of(vocabulary: Vocabulary) -> list[Word]:
    """W: the words of a vocabulary."""
    names = vocabulary.languages
    languages = [names[number] for number in vocabulary.word_language.tolist()]
    return list(map(Word, vocabulary.normalized_forms, languages))


def index_excerpt(
    corpus: Excerpt, asked: Vocabulary, statistics: Statistics, terms: Mapping[str, TermCount]
) -> ExcerptIndex:
    """Index an excerpt. ``terms`` holds how often those of ``asked``, which keep their numbers,
    stand in the whole; of other terms and words nothing is known yet, see ``with_words``.
    """
    reader = _Reader(corpus.glossary, asked)
    forward = build_forward(corpus.articles, reader)
    vocabulary = reader.vocabulary()
    counts = [_NOWHERE] * len(vocabulary.terms)
    for name, count in terms.items():
        if (number := vocabulary.terms.get(name, NO_TERM)) != NO_TERM:
            counts[number] = count
    of_sentences, lengths = sentence_terms(forward, vocabulary)
    first = offsets(lengths)[forward.passage_sentences]
    of_passages, first = with_contexts(forward, vocabulary, of_sentences, first)
    of_passages, first = _held(of_passages, first, _is_fragment(forward))
    return ExcerptIndex(
        corpus=corpus,
        forward=forward,
        vocabulary=vocabulary,
        passages=ExcerptPassages(
            of_passages, first, np.array([c.passages for c in counts], np.int32), statistics
        ),
        ngrams=build_ngrams(vocabulary.normalized_forms),
        word_answer_types=vocabulary.word_answer_types,
        sentence_length=lengths,
        document_frequency=np.array([c.sentences for c in counts], np.int32),
        statistics=statistics,
    )


def _is_fragment(forward: ForwardIndex) -> Bools:
    """P: whether a passage is a fragment, and not what leads in to the next one."""
    within = np.arange(forward.rendering_passages[-1])
    within -= forward.rendering_passages[group_ids(forward.rendering_passages)]
    fragment: Bools = within % 2 == 1
    return fragment


def _held(terms: Ints, first: Starts, which: Bools) -> tuple[Ints, Starts]:
    """Return the terms of some of the passages; the others have none."""
    lengths = np.diff(first)
    return terms[np.repeat(which, lengths)], offsets(np.where(which, lengths, 0))
