"""What stands where in a corpus: the words of every sentence of every article, as numpy arrays."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.corpus.model import Article, Passages
from bot.index.arrays import Bytes, Ints, Starts, offsets
from bot.index.contexts import Contexts
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
    contexts: Ints  #: numbers of the spellings of all contexts: headings, lead-ins, code, captions
    context_words: Starts  #: C + 1: where those of a context begin in ``contexts``
    rendering_contexts: Starts  #: R + 1: number of its first context
    links: Ints  #: the contexts of all passages, each by its number in its rendering
    link_distances: Bytes  #: of each link: 0 a lead-in, code or caption, 1 the heading, 2 above it
    passage_links: Starts  #: P + 1: where a passage's begin in ``links``

    def part(self, start: int, end: int) -> ForwardIndex:
        """Return some articles, one behind the other, as a layout of their own."""
        renderings = _range(self.article_renderings, start, end)
        passages = _range(self.rendering_passages, *renderings)
        sentences = _range(self.passage_sentences, *passages)
        words = _range(self.sentence_words, *sentences)
        titles = _range(self.title_words, *renderings)
        contexts = _range(self.rendering_contexts, *renderings)
        links = _range(self.passage_links, *passages)
        return ForwardIndex(
            surface_forms=self.surface_forms[slice(*words)],
            sentence_words=_cut(self.sentence_words, *sentences),
            passage_sentences=_cut(self.passage_sentences, *passages),
            rendering_passages=_cut(self.rendering_passages, *renderings),
            article_renderings=_cut(self.article_renderings, start, end),
            titles=self.titles[slice(*titles)],
            title_words=_cut(self.title_words, *renderings),
            contexts=self.contexts[slice(*_range(self.context_words, *contexts))],
            context_words=_cut(self.context_words, *contexts),
            rendering_contexts=_cut(self.rendering_contexts, *renderings),
            links=self.links[slice(*links)],
            link_distances=self.link_distances[slice(*links)],
            passage_links=_cut(self.passage_links, *passages),
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

    def whole(name: str) -> npt.NDArray[Any]:
        return np.concatenate([getattr(part, name) for part in parts])

    arrays: dict[str, Any] = {
        field.name: starts(field.name) if field.type == "Starts" else whole(field.name)
        for field in fields(ForwardIndex)
    }
    return ForwardIndex(**arrays)


_NONE, _START = np.zeros(0, np.int32), np.zeros(1, np.int64)

#: The forward index of no article.
NO_FORWARD = ForwardIndex(
    surface_forms=_NONE,
    sentence_words=_START,
    passage_sentences=_START,
    rendering_passages=_START,
    article_renderings=_START,
    titles=_NONE,
    title_words=_START,
    contexts=_NONE,
    context_words=_START,
    rendering_contexts=_START,
    links=_NONE,
    link_distances=np.zeros(0, np.uint8),
    passage_links=_START,
)


def build_forward(articles: Iterable[Article], reader: VocabularyBuilder) -> ForwardIndex:
    """Return the forward index of some articles, every rendering of each."""
    surface_forms, titles, contexts = array("i"), array("i"), array("i")
    words, title_words, context_words = array("i"), array("i"), array("i")  # how many each holds
    sentences, passages, renderings = array("i"), array("i"), array("i")  # how many each holds
    rendering_contexts, passage_links = array("i"), array("i")  # how many each has
    links, distances = array("i"), array("B")
    for article in articles:
        renderings.append(len(article.renderings))
        for rendering in article.renderings:
            text, language = rendering.text, rendering.language
            for start, end in rendering.passages.spans.tolist():
                found = reader.encode(text[start:end], language)
                surface_forms.extend(found)
                words.append(len(found))
            first = rendering.passages.places[:, Passages.SENTENCE].tolist()
            sentences.extend(np.diff(first, append=len(rendering.passages.spans)).tolist())
            passages.append(len(rendering.passages))
            title = reader.encode(rendering.title, language)
            titles.extend(title)
            title_words.append(len(title))
            context = Contexts(rendering)
            rendering_contexts.append(len(context.texts))
            for one in context.texts:
                found = reader.encode(one, language)
                contexts.extend(found)
                context_words.append(len(found))
            for linked in context.links:
                passage_links.append(len(linked))
                links.extend(number for number, _ in linked)
                distances.extend(distance for _, distance in linked)
    return ForwardIndex(
        surface_forms=np.array(surface_forms, dtype=np.int32),
        sentence_words=_starts(words),
        passage_sentences=_starts(sentences),
        rendering_passages=_starts(passages),
        article_renderings=_starts(renderings),
        titles=np.array(titles, dtype=np.int32),
        title_words=_starts(title_words),
        contexts=np.array(contexts, dtype=np.int32),
        context_words=_starts(context_words),
        rendering_contexts=_starts(rendering_contexts),
        links=np.array(links, dtype=np.int32),
        link_distances=np.array(distances, dtype=np.uint8),
        passage_links=_starts(passage_links),
    )


def _starts(counts: array[int]) -> Starts:
    return offsets(np.array(counts, dtype=np.int32))
