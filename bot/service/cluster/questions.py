"""A question answered from the cluster: the passages from there, everything else as ever.

What the question may mean is looked up, the best passages are fetched, and of them an index is made
that has the statistics of the whole; ``bot.service.search`` answers from it as from any other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence

from bot.answering.answer import answer
from bot.answering.citation import Answer
from bot.answering.lessons import asked_again
from bot.answering.taught import taught_answer
from bot.index.excerpt import ExcerptIndex
from bot.service.cluster.candidates import candidates
from bot.service.cluster.excerpts import excerpt_index, over, whole
from bot.service.cluster.meanings import Prepared, Situation, prepare
from bot.service.cluster.units import asked_unit
from bot.service.cluster.version import Version, is_below
from bot.service.search import find


async def ask(
    version: Version,
    question: str,
    *,
    further: int = 0,
    within: str | Collection[str] | None = None,
    previous: str | None = None,
    fallback_language: str = "en",
) -> Answer:
    """Answer a question from the cluster as ``bot.service.search.ask`` does from an index. Raises
    StoreError, and UnknownArticle for ``within``.
    """
    situation = Situation(
        previous=previous,
        fallback_language=fallback_language,
        within=None if within is None else await version.places(within),
    )
    found = await asked_unit(version, question, further, situation)
    if found is None:
        prepared = await prepare(version, question, **situation)
        found = await _from_words(version, question, prepared, further, situation)
    return await _or_taught(version, found, situation.get("within"), fallback_language)


async def _from_words(
    version: Version, question: str, prepared: Prepared, further: int, situation: Situation
) -> Answer:
    """Return what the words of a question find."""
    fragments = await candidates(version, prepared, situation.get("within"))
    index = await excerpt_index(version, prepared, fragments)
    within = _numbers_within(index, situation.get("within"))

    def found() -> Answer:
        result = find(
            index,
            question,
            previous=situation.get("previous"),
            fallback_language=situation.get("fallback_language", "en"),
            within=within,
            taught=False,  # what was taught need not be among what was fetched
        )
        return answer(index, question, result, further=further)

    return await whole(version, index, await asyncio.to_thread(found))


async def _or_taught(
    version: Version, found: Answer, within: Sequence[str] | None, language: str
) -> Answer:
    """Return what a curator has taught in place of what was found, where that was asked."""
    if not version.description.excerpt.lessons:
        return found
    index = (await prepare(version, found.question, fallback_language=language)).index
    lesson = asked_again(index, found.question, language)
    if lesson is None:
        return found
    articles = await version.articles(one.rpartition(":")[0] for one in lesson.addresses)
    index = over(index, articles.values())
    return taught_answer(index, found, _numbers_within(index, within), language)


def _numbers_within(index: ExcerptIndex, within: Sequence[str] | None) -> frozenset[int] | None:
    """Return the numbers of the articles that are asked."""
    if within is None:
        return None
    names = enumerate(article.name for article in index.corpus.articles)
    return frozenset(number for number, name in names if is_below(name, within))
