"""A question that names a unit of a document (*article 5?*), answered from the cluster."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from bot.answering.answer import answer, rank_units, read_question
from bot.answering.asked_units import AskedUnit, UnitQuestion, asked_references, asked_units
from bot.answering.citation import Answer
from bot.corpus.fragments import Excerpt, Fragment, fragments_of
from bot.corpus.model import Article
from bot.service.cluster.excerpts import excerpt_index, over, whole
from bot.service.cluster.meanings import Situation, prepare
from bot.service.cluster.version import Version


async def asked_unit(
    version: Version, question: str, further: int, situation: Situation
) -> Answer | None:
    """Return the units that a question names, or what answers it in them; None where it names none
    that a document could have.
    """
    previous, within = situation.get("previous"), situation.get("within")
    language = situation.get("fallback_language", "en")
    if not asked_references(question, previous):
        return None
    names = await _documents(version, question, situation)
    articles = list((await version.articles(names)).values())
    shell = over((await prepare(version, "")).index, articles)
    numbers = frozenset(range(len(articles)))
    asked = asked_units(shell, question, previous, within=None if within is None else numbers)
    if asked is None:
        return None
    prepared = await prepare(version, asked.rest, fallback_language=language)
    fragments = [one for unit in asked.units for one in _fragments(articles[unit.article], unit)]
    index = await excerpt_index(version, prepared, fragments)
    corpus = cast("Excerpt", index.corpus)
    there = tuple(_in_excerpt(corpus, articles[unit.article].name, unit) for unit in asked.units)
    reading = read_question(index, asked.rest, fallback_language=language)[-1]
    found = await asyncio.to_thread(rank_units, index, reading, UnitQuestion(there, asked.rest))
    if found.units:
        return answer(shell, question, replace(found, units=asked.units), further=further)
    return await whole(version, index, answer(index, question, found, further=further))


async def _documents(version: Version, question: str, situation: Situation) -> list[str]:
    """Return the documents that are meant: those named, else those of the question before, else
    the first that have units.
    """
    within = situation.get("within")
    for text in (question, situation.get("previous")):
        if text and (named := await version.with_units(text, within)):
            return named
    return await version.first_with_units(within)


def _fragments(article: Article, unit: AskedUnit) -> Iterator[Fragment]:
    """Yield the passages of a unit, and what says the same in other renderings."""
    wanted = {(0, passage) for passage in unit.passages}
    found = {(one.rendering, one.passage): one for one in fragments_of(article)}
    partners = {place for one in wanted for place in found[one].partners}
    for place in wanted | partners:
        yield found[place]


def _in_excerpt(corpus: Excerpt, name: str, unit: AskedUnit) -> AskedUnit:
    """Return a unit by the numbers that its document and passages have in the excerpt."""
    if not unit.passages:
        return replace(unit, article=0)
    number = [article.name for article in corpus.articles].index(name)
    here = tuple(corpus.number_here(number, passage) for passage in unit.passages)
    return replace(unit, article=number, passages=here)
