"""From a question to an answer: cited sentences, or a silence that explains itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from bot.answering.citation import Answer, Citation
from bot.answering.confidence import MIN_CONFIDENCE, confidence
from bot.answering.explanation import explain
from bot.answering.query import Query, is_elliptical, parse_question
from bot.answering.ranking import Ranked, best_passages, rank_sentences
from bot.index.build import Index
from bot.text.lexicon import has_lexicon

#: At most this many sentences answer a question.
MAX_CITATIONS = 3

#: A further citation scores at least this share of the best one.
MIN_RELATIVE_SCORE = 0.5


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A question as it was read, the sentences found for it, and how sure the best one is."""

    query: Query
    ranked: Ranked
    confidence: float
    previous_question: str | None = None  #: the earlier question that it was read with


def find(
    index: Index, question: str, *, previous: str | None = None, fallback_language: str = "en"
) -> SearchResult:
    """Read a question and rank the sentences of the best passages for it; see ``answer``."""
    query, previous_question = _read(index, question, previous, fallback_language)
    ranked = rank_sentences(index, query, *best_passages(index, query))
    return SearchResult(query, ranked, confidence(index, query, ranked), previous_question)


def _read(
    index: Index, question: str, previous: str | None, fallback_language: str
) -> tuple[Query, str | None]:
    """A question as it is meant, and the earlier one where it does not stand alone."""
    query = parse_question(question, index, fallback_language)
    if not previous or not is_elliptical(query):
        return query, None
    return query.following(parse_question(previous, index, query.language)), previous


def explain_citations(
    index: Index,
    citations: Iterable[Citation],
    question: str,
    *,
    previous: str | None = None,
    fallback_language: str = "en",
) -> tuple[Citation, ...]:
    """How given sentences meet a question, whether or not they would be found for it."""
    query, _ = _read(index, question, previous, fallback_language)
    return tuple(_explained(index, query, citation) for citation in citations)


def answer(
    index: Index,
    question: str,
    *,
    previous: str | None = None,
    fallback_language: str = "en",
    further: int = 0,
) -> Answer:
    """Answer a question with the best-matching sentences, and ``further`` ones for later.

    ``previous`` is the question before it in the same conversation; it is used where the question
    does not stand alone (*and when?*). ``fallback_language`` is taken for a question whose own
    words do not tell its language.
    """
    found = find(index, question, previous=previous, fallback_language=fallback_language)
    query = found.query
    answered = found.confidence >= MIN_CONFIDENCE
    wanted = MAX_CITATIONS + further + 1 if answered else 1
    cited = tuple(islice(_citations(index, found), wanted))
    unknown = [query_term for query_term in query.terms if not query_term.known]
    spoken = index.corpus.languages
    strange = not any(query.language == s or has_lexicon(query.language, s) for s in spoken)
    return Answer(
        question,
        query.language,
        citations=cited[:MAX_CITATIONS] if answered else (),
        unknown_words=tuple(query_term.word for query_term in unknown),
        unknown_names=tuple(query_term.word for query_term in unknown if query_term.named),
        closest=None if answered else next(iter(cited), None),
        previous_question=found.previous_question,
        nearest=tuple(
            (query_term.word, query_term.nearest) for query_term in unknown if query_term.nearest
        ),
        corpus_languages=spoken if strange else (),
        more=answered and len(cited) > MAX_CITATIONS + further,
        further=cited[MAX_CITATIONS : MAX_CITATIONS + further] if answered else (),
        confidence=found.confidence,
    )


def _citations(index: Index, found: SearchResult) -> Iterator[Citation]:
    """The sentences worth citing, best first; of those after the first only what meets the question
    in itself.
    """
    scores = found.ranked.scores
    for place in range(int(np.count_nonzero(scores >= MIN_RELATIVE_SCORE * scores[:1]))):
        citation = _cite(index, found, place)
        if place == 0 or citation.matched or citation.matched_translation:
            yield citation


def _cite(index: Index, found: SearchResult, place: int) -> Citation:
    """The citation of a ranked sentence, with what in it matched, in both languages."""
    sentence = int(found.ranked.sentences[place])
    passage = int(index.sentence_passage[sentence])
    rendering_number = int(index.passage_rendering[passage])
    article_number, _ = index.renderings[rendering_number]
    first_passage = int(index.forward.rendering_passages[rendering_number])
    article = index.corpus.articles[article_number]
    shown = article.rendering(found.query.language) or article.original
    citation = Citation(
        article=article,
        passage=passage - first_passage + 1,
        sentence=sentence - int(index.forward.passage_sentences[passage]) + 1,
        score=round(float(found.ranked.scores[place]), 4),
        shown=shown.language,
    )
    return _explained(index, found.query, citation)


def _explained(index: Index, query: Query, citation: Citation) -> Citation:
    """The citation with what in it meets the question, in both languages."""
    article = citation.article
    read = [(article.original, citation.text)]
    shown = article.rendering(citation.shown)
    if shown and citation.translation is not None:
        read.append((shown, citation.translation))
    why, spans = explain(index, query, read)
    return replace(
        citation, why=why, matched=spans[0], matched_translation=spans[1] if spans[1:] else ()
    )
