"""From a question to an answer: cited sentences, or a silence that explains itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bot.retrieval.analysis import stem, words
from bot.retrieval.index import Index
from bot.retrieval.language import is_stop_word
from bot.retrieval.model import Answer, Citation, Span
from bot.retrieval.query import Query, is_elliptical, read_question
from bot.retrieval.ranking import Ranked, best_passages, rank_sentences, score_passages

#: At most this many sentences answer a question.
MAX_CITATIONS = 3

#: A further citation scores at least this share of the best one.
WORTH_CITING = 0.5

#: At least this share of the question's content words stands in the best sentence's passage.
LEAST_COVERAGE = 0.5


def answer(
    index: Index, question: str, *, previous: str | None = None, fallback_language: str = "en"
) -> Answer:
    """Answer a question with the best-matching sentences.

    ``previous`` is the question before it in the same conversation; it is used where the question
    does not stand alone (*and when?*). ``fallback_language`` is taken for a question whose own
    words do not tell its language.
    """
    query = read_question(question, index, fallback_language)
    about = None
    if previous and is_elliptical(question, query):
        about = previous
        query = _joined(query, read_question(previous, index, query.language))
    scores = score_passages(index, query)
    ranked = rank_sentences(index, query, best_passages(scores), scores)
    citations = tuple(_cite(index, query, ranked, i) for i in _worth_citing(ranked))
    unknown = tuple(slot.word for slot in query.slots if not slot.known)
    if citations and _is_answer(ranked):
        return Answer(question, query.language, citations, unknown, about=about)
    closest = citations[0] if citations else None
    return Answer(question, query.language, (), unknown, closest, about)


def _joined(query: Query, previous: Query) -> Query:
    """A follow-up together with the question that it follows."""
    own = {slot.folded for slot in query.slots}
    carried = tuple(slot for slot in previous.slots if slot.folded not in own)
    return replace(
        query,
        slots=query.slots + carried,
        asks=query.asks or previous.asks,
        words=query.words | previous.words,
    )


def _worth_citing(ranked: Ranked) -> list[int]:
    top = ranked.scores[:MAX_CITATIONS]
    return np.flatnonzero(top >= WORTH_CITING * top[:1]).tolist()


def _is_answer(ranked: Ranked) -> bool:
    return bool(ranked.coverage[0] >= LEAST_COVERAGE)


def _cite(index: Index, query: Query, ranked: Ranked, place: int) -> Citation:
    """The citation of a ranked sentence, with its matched words in both languages."""
    sentence = int(ranked.sentences[place])
    passage = int(index.sentence_passage[sentence])
    rendering_number = int(index.passage_rendering[passage])
    article_number, _ = index.renderings[rendering_number]
    first_passage = int(np.searchsorted(index.passage_rendering, rendering_number))
    article = index.corpus.articles[article_number]
    shown = query.language if article.rendering(query.language) else article.original.language
    passage_number = passage - first_passage + 1
    number = sentence - int(index.passage_sentences[passage]) + 1
    citation = Citation(
        article=article,
        passage=passage_number,
        sentence=number,
        score=round(float(ranked.scores[place]), 4),
        shown=shown,
    )
    terms = {way.term for slot in query.slots for way in slot.ways}
    translation = citation.translation
    return replace(
        citation,
        matched=_matched(index, terms, citation.text, article.original.language),
        matched_translation=_matched(index, terms, translation, shown) if translation else (),
    )


def _matched(index: Index, terms: set[int], text: str, language: str) -> tuple[Span, ...]:
    """The spans of the words of a text that match the question."""
    return tuple(
        Span(word.start, word.end)
        for word in words(text)
        if not is_stop_word(word.folded, language)
        and index.terms.get(stem(word.folded, language)) in terms
    )
