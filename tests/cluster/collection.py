"""Any number of synthetic sentences as articles, one after another, and questions on them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np

from bot.corpus.model import Article, Draft, build_rendering
from tests.benchmarks.corpora import (
    PASSAGES_AN_ARTICLE,
    SEED,
    Passage,
    question_of,
    question_tokens,
    zipfian_passages,
)


def articles(sentences: int, seed: int = SEED) -> Iterator[Article]:
    """Yield the articles of a Zipfian collection, in the order of their names."""
    passages = zipfian_passages(sentences, seed)
    number = 0
    while held := list(islice(passages, PASSAGES_AN_ARTICLE)):
        drafts = (Draft(*_laid(passage)) for passage in held)
        rendering = build_rendering("en", f"Article {number}", drafts)
        yield Article(f"article-{number:07}", rendering)
        number += 1


def _laid(passage: Passage) -> tuple[str, tuple[tuple[int, int], ...]]:
    spans, start = [], 0
    for sentence in passage.sentences:
        spans.append((start, start + len(sentence)))
        start += len(sentence) + 1
    return " ".join(passage.sentences), tuple(spans)


def questions(sentences: int, count: int, seed: int = SEED) -> list[str]:
    """Return questions, each of some words of a sentence of a collection."""
    generator = np.random.default_rng(seed)
    tokens = question_tokens(generator, sentences, seed, count)
    return [question_of(generator, words)[0] for words in tokens]
