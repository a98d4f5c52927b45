"""What stands where in a corpus: the words of every sentence of every article, as numpy arrays."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.corpus.model import Article
from bot.index.arrays import Ints, Starts, offsets
from bot.index.vocabulary import VocabularyBuilder


@dataclass(frozen=True)
class ForwardIndex:
    """The words of every sentence, in reading order. Numbers count from 0.

    A articles, R renderings, P passages, S sentences, one behind the other.
    """

    surface_forms: Ints  #: numbers of the spellings of all sentences
    sentence_words: Starts  #: S + 1: where its words begin in ``surface_forms``
    passage_sentences: Starts  #: P + 1: number of its first sentence
    rendering_passages: Starts  #: R + 1: number of its first passage
    article_renderings: Starts  #: A + 1: number of its first rendering
    titles: Ints  #: numbers of the spellings of all titles
    title_words: Starts  #: R + 1: where those of a rendering's title begin in ``titles``

    def part(self, start: int, end: int) -> ForwardIndex:
        """Some articles, one behind the other, as a layout of their own."""
        renderings = _range(self.article_renderings, start, end)
        passages = _range(self.rendering_passages, *renderings)
        sentences = _range(self.passage_sentences, *passages)
        words = _range(self.sentence_words, *sentences)
        titles = _range(self.title_words, *renderings)
        return ForwardIndex(
            surface_forms=self.surface_forms[slice(*words)],
            sentence_words=_cut(self.sentence_words, *sentences),
            passage_sentences=_cut(self.passage_sentences, *passages),
            rendering_passages=_cut(self.rendering_passages, *renderings),
            article_renderings=_cut(self.article_renderings, start, end),
            titles=self.titles[slice(*titles)],
            title_words=_cut(self.title_words, *renderings),
        )


def _range(first: Starts, start: int, end: int) -> tuple[int, int]:
    """Where some ranges begin and end, which lie one behind the other."""
    return int(first[start]), int(first[end])


def _cut(first: Starts, start: int, end: int) -> Starts:
    """Where some ranges begin, counted from the first of them."""
    cut: Starts = first[start : end + 1] - first[start]
    return cut


def concatenate(parts: Sequence[ForwardIndex]) -> ForwardIndex:
    """Layouts one behind the other."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return NO_FORWARD

    def starts(name: str) -> Starts:
        return offsets(np.concatenate([np.diff(getattr(part, name)) for part in parts]))

    return ForwardIndex(
        surface_forms=np.concatenate([part.surface_forms for part in parts]),
        sentence_words=starts("sentence_words"),
        passage_sentences=starts("passage_sentences"),
        rendering_passages=starts("rendering_passages"),
        article_renderings=starts("article_renderings"),
        titles=np.concatenate([part.titles for part in parts]),
        title_words=starts("title_words"),
    )


_NONE, _START = np.zeros(0, np.int32), np.zeros(1, np.int64)

#: The layout of no article.
NO_FORWARD = ForwardIndex(_NONE, _START, _START, _START, _START, _NONE, _START)


def build_forward(articles: Iterable[Article], reader: VocabularyBuilder) -> ForwardIndex:
    """The layout of some articles, every rendering of each."""
    surface_forms, titles = array("i"), array("i")
    words, title_words = array("i"), array("i")  # of each sentence, of each title
    sentences, passages, renderings = array("i"), array("i"), array("i")  # how many each holds
    for article in articles:
        renderings.append(len(article.renderings))
        for rendering in article.renderings:
            text, language = rendering.text, rendering.language
            for start, end in rendering.passages.spans.tolist():
                found = reader.read(text[start:end], language)
                surface_forms.extend(found)
                words.append(len(found))
            first = rendering.passages.places[:, 2].tolist()
            sentences.extend(np.diff(first, append=len(rendering.passages.spans)).tolist())
            passages.append(len(rendering.passages))
            title = reader.read(rendering.title, language)
            titles.extend(title)
            title_words.append(len(title))
    return ForwardIndex(
        surface_forms=np.array(surface_forms, dtype=np.int32),
        sentence_words=_starts(words),
        passage_sentences=_starts(sentences),
        rendering_passages=_starts(passages),
        article_renderings=_starts(renderings),
        titles=np.array(titles, dtype=np.int32),
        title_words=_starts(title_words),
    )


def _starts(counts: array[int]) -> Starts:
    return offsets(np.array(counts, dtype=np.int32))
