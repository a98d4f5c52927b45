"""What curators have taught: asked again it is the answer, near to it it orders what is shown.

The words of a taught question are evidence for its sentences, as if they stood there. They claim
nothing: a sentence is sure by its own words, or since a person has said so of this question.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bot.answering.answer import MAX_CITATIONS, SearchResult, explain_citations
from bot.answering.certainty import PERHAPS
from bot.answering.citation import Answer, cite
from bot.answering.lessons import Near, asked_again, sentences_of
from bot.index.build import Index

#: How much a question word that a taught question holds counts beside one that the sentence does.
TAUGHT_WEIGHT = 2.0

#: From this share of both questions' words on, what was taught is perhaps the answer.
NEAR = 0.5


def taught_answer(
    index: Index, found: Answer, within: frozenset[int] | None = None, fallback_language: str = "en"
) -> Answer:
    """Return what a curator has taught in place of what was found, where that was asked.

    A question that was read with the one before it means something else than its words.
    """
    if found.previous_question is not None:
        return found
    lesson = asked_again(index, found.question, fallback_language)
    if lesson is None:
        return found
    if not lesson.addresses:
        return Answer(found.question, found.language, taught=True)
    only = None if within is None else {index.corpus.articles[number].name for number in within}
    cited = [
        citation
        for address in lesson.addresses
        if (citation := cite(index.corpus, address, found.language))
        and (only is None or citation.article.name in only)
    ]
    if not cited:
        return found
    citations = explain_citations(
        index, cited[:MAX_CITATIONS], found.question, fallback_language=found.language
    )
    return Answer(
        found.question, found.language, citations, certainty="sure", confidence=1.0, taught=True
    )


def with_taught(index: Index, found: SearchResult, near: list[Near]) -> SearchResult:
    """Order what was found, and is not sure, by what was taught for questions near to this one as
    well; how sure it is stays as it was, but that it may be perhaps.
    """
    ranked = found.ranked
    places = {sentence: place for place, sentence in enumerate(ranked.sentences.tolist())}
    added = np.zeros(len(places))
    for one in near:
        for place in (places[s] for s in sentences_of(index, one.lesson) if s in places):
            more = np.maximum(one.held * one.said - ranked.own[:, place], 0)
            added[place] = max(added[place], TAUGHT_WEIGHT * float(ranked.idf @ more))
    if not added.any():
        return found
    scores = ranked.scores + added
    order = np.argsort(-scores, kind="stable")
    nearest = max(one.shared for one in near)
    confidence = max(found.confidence, PERHAPS if nearest >= NEAR else 0.0)
    return replace(
        found, ranked=replace(ranked, scores=scores).reordered(order), confidence=confidence
    )
