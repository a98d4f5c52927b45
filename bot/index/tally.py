"""What a store of passages keeps of a whole corpus: the terms of each passage, and the counts.

Articles are counted a few at a time, and none of them is kept: the memory grows with the words that
there are, not with the sentences.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.corpus.model import Article
from bot.index.arrays import counts_of, offsets
from bot.index.bm25 import Postings
from bot.index.build import capital_balance, sentence_terms, with_contexts
from bot.index.excerpt import KnownWord, Statistics, TermCount, Word
from bot.index.forward import build_forward
from bot.index.vocabulary import NO_TERM, VocabularyBuilder
from bot.text.glossary import Glossary


class Tally:
    """Counts the words of articles as they come by."""

    def __init__(self, glossary: Glossary) -> None:
        self._reader = VocabularyBuilder(glossary)
        self._sentences = np.zeros(0, np.int64)  # T: in how many each term stands
        self._passages = np.zeros(0, np.int64)
        self._capitals = np.zeros(0)  # W
        self.statistics = Statistics(0, 0, 0, 0)

    def add(self, articles: Sequence[Article]) -> list[list[str]]:
        """Return the terms of each passage of some articles, in reading order of all renderings."""
        forward = build_forward(articles, self._reader)
        vocabulary = self._reader.vocabulary()
        size = len(vocabulary.terms)
        terms, lengths = sentence_terms(forward, vocabulary)
        starts = offsets(lengths)
        self._sentences = _sum(self._sentences, np.diff(Postings.of(terms, starts, size).indptr))
        of_passages, first = with_contexts(
            forward, vocabulary, terms, starts[forward.passage_sentences]
        )
        held = np.diff(Postings.of(of_passages, first, size).indptr)
        self._passages = _sum(self._passages, held)
        uses = counts_of(forward.surface_forms, len(vocabulary.surface_forms))
        self._capitals = _sum(self._capitals, capital_balance(vocabulary, forward, uses))
        before = self.statistics
        self.statistics = Statistics(
            before.passages + len(first) - 1,
            before.passage_words + len(of_passages),
            before.sentences + len(lengths),
            before.sentence_words + len(terms),
        )
        names = list(vocabulary.terms)
        numbers, bounds = of_passages.tolist(), first.tolist()
        return [[names[number] for number in numbers[a:b]] for a, b in pairwise(bounds)]

    def terms(self) -> Iterator[tuple[str, TermCount]]:
        """Yield every term, and in how many sentences and passages it stands."""
        counts = zip(self._sentences.tolist(), self._passages.tolist(), strict=True)
        for term, (sentences, passages) in zip(
            self._reader.vocabulary().terms, counts, strict=True
        ):
            yield term, TermCount(sentences, passages)

    def words(self) -> Iterator[KnownWord]:
        """Yield every word."""
        vocabulary = self._reader.vocabulary()
        names, terms = vocabulary.languages, list(vocabulary.terms)
        none = TermCount(0, 0)
        for form, language, term, balance in zip(
            vocabulary.normalized_forms,
            vocabulary.word_language.tolist(),
            vocabulary.word_term.tolist(),
            self._capitals.tolist(),
            strict=True,
        ):
            word = Word(form, names[language])
            if term == NO_TERM:
                yield KnownWord(word, None, none, balance > 0)
                continue
            count = TermCount(int(self._sentences[term]), int(self._passages[term]))
            yield KnownWord(word, terms[term], count, balance > 0)


def _sum(before: npt.NDArray[Any], more: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return the sum of counts, the first of fewer things."""
    total = more.astype(before.dtype)
    total[: len(before)] += before
    return total
