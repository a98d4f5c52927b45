"""The index: which terms stand in which passages and sentences, as numpy arrays.

``PassageIndex`` ranks passages; ``Index`` adds what ranking sentences needs: the words of every
sentence in order, how they are spelled, and how many sentences hold each term. It is built on from
an earlier one: the articles that both hold are not analysed again.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from bot.retrieval.arrays import Floats, Ints, Starts, owners_of, starts_of
from bot.retrieval.bm25 import PassageIndex, Postings, inverse_document_frequency
from bot.retrieval.kind import Kind
from bot.retrieval.model import Article, Corpus, Rendering
from bot.retrieval.ngram import NgramIndex, build_ngrams
from bot.retrieval.vocabulary import EMPTY, NO_TERM, Vocabulary, VocabularyReader


@dataclass(frozen=True)
class Layout:
    """What stands where: the words of every sentence, in reading order. Numbers count from 0.

    R renderings, P passages, S sentences, one behind the other.
    """

    spellings: Ints  #: numbers of the spellings of all sentences
    sentence_words: Starts  #: S + 1: where its words begin in ``spellings``
    passage_sentences: Starts  #: P + 1: number of its first sentence
    rendering_passages: Starts  #: R + 1: number of its first passage
    titles: Ints  #: numbers of the spellings of all titles
    title_words: Starts  #: R + 1: where those of a rendering's title begin in ``titles``


@dataclass(frozen=True)
class Index:
    """A corpus made searchable: its layout, its vocabulary, and what follows from the two."""

    corpus: Corpus
    layout: Layout
    vocabulary: Vocabulary
    passages: PassageIndex
    ngrams: NgramIndex
    word_kind: npt.NDArray[np.uint8]  #: W: bits of Kind, NAME among them
    sentence_length: Ints  #: S: how many words with a term it has
    document_frequency: Ints  #: T: how many sentences hold each term

    @cached_property
    def idf(self) -> Floats:
        """T: how telling each term is, over sentences."""
        return inverse_document_frequency(self.document_frequency, len(self.sentence_length))

    @cached_property
    def average_length(self) -> float:
        """Mean number of words with a term in a sentence; at least 1."""
        return max(float(self.sentence_length.mean()), 1.0) if len(self.sentence_length) else 1.0

    @cached_property
    def renderings(self) -> tuple[tuple[int, Rendering], ...]:
        """The number of each rendering's article, and the rendering."""
        articles = enumerate(self.corpus.articles)
        return tuple((n, rendering) for n, article in articles for rendering in article.renderings)

    @cached_property
    def article_renderings(self) -> Starts:
        """One more than there are articles: number of each one's first rendering."""
        counts = [len(article.renderings) for article in self.corpus.articles]
        return starts_of(np.array(counts, dtype=np.int64))

    @cached_property
    def passage_rendering(self) -> Ints:
        """P: number of the rendering."""
        return owners_of(self.layout.rendering_passages)

    @cached_property
    def sentence_passage(self) -> Ints:
        """S: number of the passage."""
        return owners_of(self.layout.passage_sentences)

    @cached_property
    def sentence_original(self) -> Ints:
        """S: number of the same sentence in the original rendering."""
        first = self.layout.passage_sentences[self.layout.rendering_passages]
        renderings = np.diff(self.article_renderings)
        original = np.repeat(first[self.article_renderings[:-1]], renderings)
        shift = np.repeat(original - first[:-1], np.diff(first))
        return (np.arange(len(shift)) + shift).astype(np.int32)

    def title_terms(self, rendering: int) -> frozenset[int]:
        """The numbers of the terms in a rendering's title."""
        start, end = self.layout.title_words[rendering : rendering + 2]
        words = self.vocabulary.spelling_word[self.layout.titles[start:end]]
        return frozenset(self.vocabulary.word_term[words].tolist()) - {NO_TERM}


@dataclass
class _Piece:
    """Some articles, one behind the other, as they are read."""

    spellings: array[int] = field(default_factory=lambda: array("i"))
    words: array[int] = field(default_factory=lambda: array("i"))  # of each sentence
    sentences: array[int] = field(default_factory=lambda: array("i"))  # of each passage
    passages: array[int] = field(default_factory=lambda: array("i"))  # of each rendering
    titles: array[int] = field(default_factory=lambda: array("i"))
    title_words: array[int] = field(default_factory=lambda: array("i"))  # of each title

    def add(self, article: Article, reader: VocabularyReader) -> None:
        """Read an article."""
        for rendering in article.renderings:
            text, language, passages = rendering.text, rendering.language, rendering.passages
            for start, end in passages.spans.tolist():
                found = reader.read(text[start:end], language)
                self.spellings.extend(found)
                self.words.append(len(found))
            first = passages.places[:, 2].tolist()
            self.sentences.extend(np.diff(first, append=len(passages.spans)).tolist())
            self.passages.append(len(passages))
            title = reader.read(rendering.title, language)
            self.titles.extend(title)
            self.title_words.append(len(title))

    def arrays(self) -> tuple[Ints, ...]:
        """Everything, in the order of ``Layout``."""
        parts = (self.spellings, self.words, self.sentences, self.passages, self.titles)
        return tuple(np.array(part, dtype=np.int32) for part in (*parts, self.title_words))


def build_index(corpus: Corpus, base: Index | None = None) -> Index:
    """Index every rendering of every article. The articles of ``base`` that the corpus holds too,
    as the very same objects, are taken from there.
    """
    if base is not None and base.corpus.glossary != corpus.glossary:
        base = None
    if base is not None and list(map(id, base.corpus.articles)) == list(map(id, corpus.articles)):
        return replace(base, corpus=corpus)
    reader = VocabularyReader(corpus.glossary, base.vocabulary if base else EMPTY)
    layout = _laid_out(_pieces(corpus.articles, base, reader))
    vocabulary = reader.vocabulary()
    if base is not None:
        layout, vocabulary = _without_unused(layout, vocabulary)
    terms = vocabulary.word_term[vocabulary.spelling_word][layout.spellings]
    has_term = terms != NO_TERM
    term_first = starts_of(has_term)[layout.sentence_words]
    sentence_length = np.diff(term_first).astype(np.int32)
    postings = Postings.of(terms[has_term], term_first, len(vocabulary.terms))
    passages = PassageIndex.of_postings(
        postings.within(owners_of(layout.passage_sentences)),
        np.diff(term_first[layout.passage_sentences]),
    )
    return Index(
        corpus=corpus,
        layout=layout,
        vocabulary=vocabulary,
        passages=passages,
        ngrams=build_ngrams(vocabulary.word_forms),
        word_kind=_kinds(vocabulary, layout),
        sentence_length=sentence_length,
        document_frequency=np.diff(postings.first).astype(np.int32),
    )


def _pieces(
    articles: Sequence[Article], base: Index | None, reader: VocabularyReader
) -> list[tuple[Ints, ...]]:
    """The articles read, or copied from the base, as arrays in the order of ``Layout``."""
    known = {id(article): n for n, article in enumerate(base.corpus.articles)} if base else {}
    pieces: list[tuple[Ints, ...]] = []
    new = _Piece()
    number = 0
    while number < len(articles):
        place = known.get(id(articles[number]))
        if place is None or base is None:
            new.add(articles[number], reader)
            number += 1
            continue
        end = place
        while number < len(articles) and known.get(id(articles[number])) == end:
            number, end = number + 1, end + 1
        pieces += [new.arrays(), _copied(base, place, end)]
        new = _Piece()
    return [*pieces, new.arrays()]


def _copied(base: Index, start: int, end: int) -> tuple[Ints, ...]:
    """Some articles of an index, one behind the other, in the order of ``Layout``."""
    old = base.layout
    of_article = base.article_renderings
    first, last = int(of_article[start]), int(of_article[end])
    passages = slice(int(old.rendering_passages[first]), int(old.rendering_passages[last]))
    sentences = slice(
        int(old.passage_sentences[passages.start]), int(old.passage_sentences[passages.stop])
    )
    words = slice(int(old.sentence_words[sentences.start]), int(old.sentence_words[sentences.stop]))
    titles = slice(int(old.title_words[first]), int(old.title_words[last]))
    return (
        old.spellings[words],
        np.diff(old.sentence_words[sentences.start : sentences.stop + 1]),
        np.diff(old.passage_sentences[passages.start : passages.stop + 1]),
        np.diff(old.rendering_passages[first : last + 1]),
        old.titles[titles],
        np.diff(old.title_words[first : last + 1]),
    )


def _laid_out(pieces: list[tuple[Ints, ...]]) -> Layout:
    spellings, words, sentences, passages, titles, title_words = (
        np.concatenate(parts) for parts in zip(*pieces, strict=True)
    )
    return Layout(
        spellings=spellings,
        sentence_words=starts_of(words),
        passage_sentences=starts_of(sentences),
        rendering_passages=starts_of(passages),
        titles=titles,
        title_words=starts_of(title_words),
    )


def _without_unused(layout: Layout, vocabulary: Vocabulary) -> tuple[Layout, Vocabulary]:
    """Without the spellings that stood only in articles that are gone."""
    used = np.zeros(len(vocabulary.spellings), dtype=bool)
    used[layout.spellings] = used[layout.titles] = True
    if used.all():
        return layout, vocabulary
    smaller, new = vocabulary.only(used)
    renumbered = replace(layout, spellings=new[layout.spellings], titles=new[layout.titles])
    return renumbered, smaller


def _kinds(vocabulary: Vocabulary, layout: Layout) -> npt.NDArray[np.uint8]:
    """The bits of Kind of each word: what it shows by itself, and whether it is a name: written
    with a capital more often than not within a sentence.
    """
    size = len(vocabulary.spellings)
    starts = layout.sentence_words[:-1][np.diff(layout.sentence_words) > 0]
    inside = np.bincount(layout.spellings, minlength=size)
    inside -= np.bincount(layout.spellings[starts], minlength=size)
    balance = np.where(vocabulary.spelling_capital, inside, -inside)
    words = len(vocabulary.word_forms)
    is_name = np.bincount(vocabulary.spelling_word, weights=balance, minlength=words) > 0
    return vocabulary.word_kind | np.where(is_name, np.uint8(Kind.NAME), np.uint8(0))
