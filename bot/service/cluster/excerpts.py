"""Passages from the cluster as an index, and answers from it as answers from whole articles."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import cast

import numpy as np

from bot.answering.citation import Answer, Citation
from bot.answering.query import Query
from bot.corpus.fragments import Excerpt, Fragment
from bot.corpus.model import Article
from bot.index.excerpt import ExcerptIndex, Word, index_excerpt, words_of
from bot.index.fuzzy import MIN_SIMILARITY, similarities
from bot.service.cluster.meanings import Prepared
from bot.service.cluster.version import Version
from bot.text.answer_types import AnswerType


async def excerpt_index(
    version: Version, prepared: Prepared, fragments: Iterable[Fragment]
) -> ExcerptIndex:
    """Return the index of some passages, with the statistics of the whole."""
    excerpt = version.description.excerpt.with_fragments(fragments)
    asked = prepared.index.vocabulary
    asked = replace(asked, terms=dict(asked.terms))
    about = version.description
    index = await asyncio.to_thread(index_excerpt, excerpt, asked, about.statistics, prepared.terms)
    words = words_of(index.vocabulary)
    queries = [reading.query for reading in prepared.readings]
    if not any(query.answer_type & AnswerType.NAME for query in queries):
        words = _spelled_alike(index, queries, words)
    return index.with_words(await version.look_up_words(words))


def _spelled_alike(
    index: ExcerptIndex, queries: Iterable[Query], words: Sequence[Word]
) -> list[Word]:
    """Return the words that may be shown as what a question's word meets by its spelling."""
    asked = [term.spellings for query in queries for term in query.terms]
    alike = similarities(index, asked, np.arange(len(words), dtype=np.int32)) >= MIN_SIMILARITY
    return [words[number] for number in np.flatnonzero(alike.any(axis=0)).tolist()]


async def whole(version: Version, index: ExcerptIndex, found: Answer) -> Answer:
    """Return an answer whose citations are of whole articles, in place of excerpts."""
    shown = (*found.citations, *found.suggestions, *found.further)
    articles = await version.articles(one.article.name for one in shown)
    corpus = cast("Excerpt", index.corpus)
    number = {article.name: place for place, article in enumerate(corpus.articles)}

    def cited(citations: Iterable[Citation]) -> tuple[Citation, ...]:
        return tuple(
            replace(
                one,
                article=articles[one.article.name],
                passage=corpus.number_in_whole(number[one.article.name], one.passage),
            )
            for one in citations
        )

    return replace(
        found,
        citations=cited(found.citations),
        suggestions=cited(found.suggestions),
        further=cited(found.further),
    )


def over(index: ExcerptIndex, articles: Iterable[Article]) -> ExcerptIndex:
    """Return an index of no passage over some articles, for what looks at articles alone."""
    return replace(index, corpus=replace(index.corpus, articles=tuple(articles)))
