"""The index: which terms stand in which passages and sentences, as numpy arrays.

``PassageIndex`` ranks passages; ``Index`` adds what ranking sentences needs: the words of every
sentence in order, how they are spelled, and how many sentences hold each term. It is built on from
an earlier one: the articles that both hold are not analysed again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import groupby

import numpy as np
import numpy.typing as npt

from bot.corpus.model import Article, Corpus, Rendering
from bot.index.arrays import (
    Floats,
    Ints,
    Starts,
    counts_of,
    counts_within,
    expand_ranges,
    group_ids,
    offsets,
)
from bot.index.bm25 import PassageIndex, Postings, inverse_document_frequency
from bot.index.forward import NO_FORWARD, ForwardIndex, build_forward, concatenate
from bot.index.ngrams import NgramIndex, build_ngrams
from bot.index.vocabulary import EMPTY, NO_TERM, Vocabulary, VocabularyBuilder
from bot.text.answer_types import AnswerType


@dataclass(frozen=True)
class Index:
    """A corpus made searchable: its layout, its vocabulary, and what follows from the two."""

    corpus: Corpus
    forward: ForwardIndex
    vocabulary: Vocabulary
    passages: PassageIndex
    ngrams: NgramIndex
    word_answer_types: npt.NDArray[np.uint16]  #: W: bits of AnswerType, NAME among them
    sentence_length: Ints  #: S: how many words with a term it has
    document_frequency: Ints  #: T: how many sentences hold each term

    @cached_property
    def idf(self) -> Floats:
        """T: how telling each term is, over sentences."""
        return inverse_document_frequency(self.document_frequency, self.sentences)

    @property
    def sentences(self) -> int:
        """How many sentences the corpus has, in all renderings."""
        return len(self.sentence_length)

    @cached_property
    def average_length(self) -> float:
        """Mean number of words with a term in a sentence; at least 1."""
        return max(float(self.sentence_length.mean()), 1.0) if len(self.sentence_length) else 1.0

    @cached_property
    def renderings(self) -> Sequence[tuple[int, Rendering]]:
        """The number of each rendering's article, and the rendering."""
        articles = enumerate(self.corpus.articles)
        return tuple((n, rendering) for n, article in articles for rendering in article.renderings)

    @cached_property
    def passage_rendering(self) -> Ints:
        """P: number of the rendering."""
        return group_ids(self.forward.rendering_passages)

    @cached_property
    def sentence_passage(self) -> Ints:
        """S: number of the passage."""
        return group_ids(self.forward.passage_sentences)

    @cached_property
    def sentence_original(self) -> Ints:
        """S: number of the same sentence in the original rendering; -1 where it has none."""
        first = self.forward.passage_sentences[self.forward.rendering_passages]
        of_article = self.forward.article_renderings
        original = np.repeat(first[of_article[:-1]], np.diff(of_article))
        shift = np.repeat(original - first[:-1], np.diff(first))
        numbers = (np.arange(len(shift)) + shift).astype(np.int32)
        for number, (_, rendering) in enumerate(self.renderings):
            if rendering.pairs is not None:
                pairs = np.where(rendering.pairs < 0, -1, rendering.pairs + original[number])
                numbers[first[number] : first[number + 1]] = pairs
        return numbers

    def concept_terms(self, form: str) -> tuple[tuple[int, float], ...]:
        """Return the terms that a concept of the glossary is found by, and how much each counts."""
        term = self.vocabulary.terms.get(form)
        return () if term is None else ((term, 1.0),)

    def title_terms(self, rendering: int) -> frozenset[int]:
        """Return the numbers of the terms in a rendering's title."""
        start, end = self.forward.title_words[rendering : rendering + 2]
        words = self.vocabulary.surface_word[self.forward.titles[start:end]]
        return frozenset(self.vocabulary.word_term[words].tolist()) - {NO_TERM}


def build_index(corpus: Corpus, base: Index | None = None) -> Index:
    """Index every rendering of every article. The articles of ``base`` that the corpus holds too,
    as the very same objects, are taken from there.
    """
    if base is None or base.corpus.glossary != corpus.glossary:
        base = _nothing()
    if list(map(id, base.corpus.articles)) == list(map(id, corpus.articles)):
        return base if base.corpus is corpus else replace(base, corpus=corpus)
    reader = VocabularyBuilder(corpus.glossary, base.vocabulary)
    forward, new, gone = _laid_out(corpus.articles, base, reader)
    vocabulary = reader.vocabulary()
    document_frequency = _frequency(new, vocabulary) - _frequency(gone, vocabulary)
    document_frequency[: len(base.document_frequency)] += base.document_frequency
    forms = vocabulary.normalized_forms[len(base.vocabulary.normalized_forms) :]
    ngrams = base.ngrams.followed_by(build_ngrams(forms))

    uses = counts_of(forward.surface_forms, len(vocabulary.surface_forms))
    used = uses > 0
    used[forward.titles] = True
    used[forward.contexts] = True
    if not used.all():  # some stood only in articles that are gone
        words = vocabulary.words_of(used)
        ngrams = ngrams.only(words)
        document_frequency = document_frequency[vocabulary.terms_of(words)]
        vocabulary, number = vocabulary.only(used)
        forward = replace(
            forward,
            surface_forms=number[forward.surface_forms],
            titles=number[forward.titles],
            contexts=number[forward.contexts],
        )
        uses = uses[used]

    terms, sentence_length = sentence_terms(forward, vocabulary)
    first = offsets(sentence_length)[forward.passage_sentences]
    terms, first = with_contexts(forward, vocabulary, terms, first)
    return Index(
        corpus=corpus,
        forward=forward,
        vocabulary=vocabulary,
        passages=PassageIndex.build(terms, first, len(vocabulary.terms)),
        ngrams=ngrams,
        word_answer_types=_kinds(vocabulary, forward, uses),
        sentence_length=sentence_length,
        document_frequency=document_frequency,
    )


@lru_cache(maxsize=1)
def _nothing() -> Index:
    """Return the index of no article, which every other one is built on."""
    nothing = np.zeros(0, dtype=np.int32)
    return Index(
        corpus=Corpus(()),
        forward=NO_FORWARD,
        vocabulary=EMPTY,
        passages=PassageIndex.build(nothing, np.zeros(1, dtype=np.int64), 0),
        ngrams=build_ngrams(()),
        word_answer_types=nothing.astype(np.uint16),
        sentence_length=nothing,
        document_frequency=nothing,
    )


def _laid_out(
    articles: Sequence[Article], base: Index, reader: VocabularyBuilder
) -> tuple[ForwardIndex, ForwardIndex, ForwardIndex]:
    """Return the articles one behind the other: from the base where it holds them, read where not;
    those that were read; and those of the base that are gone.
    """
    known = {id(article): n for n, article in enumerate(base.corpus.articles)}

    def moved(numbered: tuple[int, Article]) -> int | None:
        """How far from its place in the base an article is; None for one that is new."""
        number, article = numbered
        place = known.get(id(article))
        return None if place is None else place - number

    parts, new = [], []
    for shift, run in groupby(enumerate(articles), moved):
        numbers, found = zip(*run, strict=True)
        if shift is None:
            new.append(build_forward(found, reader))
            parts.append(new[-1])
        else:
            parts.append(base.forward.part(numbers[0] + shift, numbers[-1] + shift + 1))
    gone = known.keys() - set(map(id, articles))
    left = [base.forward.part(known[article], known[article] + 1) for article in gone]
    return concatenate(parts), concatenate(new), concatenate(left)


def sentence_terms(forward: ForwardIndex, vocabulary: Vocabulary) -> tuple[Ints, Ints]:
    """Return the terms of all sentences one behind the other, and how many each of them has."""
    terms = vocabulary.word_term[vocabulary.surface_word][forward.surface_forms]
    has_term = terms != NO_TERM
    return np.compress(has_term, terms), counts_within(has_term, forward.sentence_words)


def with_contexts(
    forward: ForwardIndex, vocabulary: Vocabulary, terms: Ints, first: Starts
) -> tuple[Ints, Starts]:
    """Return the terms of all passages, those of their contexts among them, and where each one
    begins.
    """
    if not len(forward.links):
        return terms, first
    context_terms, lengths = _context_terms(forward, vocabulary)
    context_first = offsets(lengths)
    owner = group_ids(forward.passage_links)
    numbers = (
        forward.links + forward.rendering_contexts[group_ids(forward.rendering_passages)[owner]]
    )
    places, starts = expand_ranges(context_first[numbers], context_first[numbers + 1])
    passages = np.concatenate((group_ids(first), np.repeat(owner, np.diff(starts))))
    order = np.argsort(passages, kind="stable")
    counts = np.bincount(passages, minlength=len(first) - 1)
    return np.concatenate((terms, context_terms[places]))[order], offsets(counts)


def _context_terms(forward: ForwardIndex, vocabulary: Vocabulary) -> tuple[Ints, Ints]:
    """Return the terms of all contexts one behind the other, and how many each of them has."""
    terms = vocabulary.word_term[vocabulary.surface_word][forward.contexts]
    has_term = terms != NO_TERM
    return np.compress(has_term, terms), counts_within(has_term, forward.context_words)


def _frequency(forward: ForwardIndex, vocabulary: Vocabulary) -> Ints:
    """T: in how many sentences each term stands."""
    terms, lengths = sentence_terms(forward, vocabulary)
    postings = Postings.of(terms, offsets(lengths), len(vocabulary.terms))
    return np.diff(postings.indptr).astype(np.int32)


def _kinds(
    vocabulary: Vocabulary, forward: ForwardIndex, uses: npt.NDArray[np.int64]
) -> npt.NDArray[np.uint16]:
    """Return the bits of AnswerType of each word: what it shows by itself, and whether it is a
    name. ``uses`` says how often each spelling stands in a sentence.
    """
    is_name = capital_balance(vocabulary, forward, uses) > 0
    return vocabulary.word_answer_types | np.where(
        is_name, np.uint16(AnswerType.NAME), np.uint16(0)
    )


def capital_balance(
    vocabulary: Vocabulary, forward: ForwardIndex, uses: npt.NDArray[np.int64]
) -> Ints:
    """W: how often each word is written with a capital within a sentence, less how often without:
    above 0 it is a name.
    """
    starts = forward.sentence_words[:-1][np.diff(forward.sentence_words) > 0]
    inside = uses - counts_of(forward.surface_forms[starts], len(uses))
    balance = np.where(vocabulary.surface_capital, inside, -inside)
    words = len(vocabulary.normalized_forms)
    return np.bincount(vocabulary.surface_word, weights=balance, minlength=words).astype(np.int32)


def capitals(index: Index) -> Ints:
    """W: how much oftener each word of an index is written with a capital than without."""
    uses = counts_of(index.forward.surface_forms, len(index.vocabulary.surface_forms))
    return capital_balance(index.vocabulary, index.forward, uses)
