"""From a question to an answer: sentences cited as one, shown as perhaps one, or none.

``read_question`` says what to search for; the service searches, wherever the passages are; ``rank``
and ``answer`` make of the candidates what is shown. Nothing here sees a store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.answering.asked_units import AskedUnit, UnitQuestion
from bot.answering.certainty import PERHAPS, SURE, probability, tier
from bot.answering.citation import Answer, Certainty, Citation, Match, MissingUnit
from bot.answering.defining import defining
from bot.answering.evidence import term_weight
from bot.answering.explanation import explain
from bot.answering.lessons import asked_again, near_lessons
from bot.answering.query import Query, is_elliptical, parse_question
from bot.answering.ranking import Ranked, rank_sentences
from bot.corpus.model import Article, Corpus
from bot.corpus.units import whole_units
from bot.index.arrays import Floats, Ints
from bot.index.build import Index
from bot.text.clauses import best_question
from bot.text.lexicon import has_lexicon

#: At most this many sentences answer a question, or are shown as perhaps an answer.
MAX_CITATIONS = 3

#: Characters of a unit that are cited as one; of a longer one the first paragraphs are.
UNIT_ROOM = 1200

# A sentence of a unit that the question names is claimed if its passage holds half of the rest.
_HALF = 0.5

#: A further citation scores at least this share of the best one.
MIN_RELATIVE_SCORE = 0.5


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as it was read, with the earlier one that it leans on."""

    query: Query
    previous_question: str | None = None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A question as it was read, the sentences found for it, and how sure the best one is."""

    query: Query
    ranked: Ranked
    confidence: float  #: the probability that the best sentence answers, 0 to 1
    previous_question: str | None = None  #: the earlier question that it was read with
    units: tuple[AskedUnit, ...] = ()  #: that the question asks for as a whole

    @property
    def certainty(self) -> Certainty:
        """Return what may be said of the best sentence."""
        return tier(self.confidence)


def read_question(
    index: Index, question: str, *, previous: str | None = None, fallback_language: str = "en"
) -> list[Reading]:
    """Return how a message may be read: the one clause of it that asks, then all that it says.

    A question that does not stand alone (*and when?*) is read with the one before it.
    ``fallback_language`` is taken for a question whose own words do not tell its language.
    """
    readings = []
    if clause := best_question(question):
        asked = question[clause.start : clause.end]
        readings.append(_read(index, asked, previous, fallback_language))
    readings.append(_read(index, question, previous, fallback_language))
    return readings


def _read(index: Index, question: str, previous: str | None, fallback_language: str) -> Reading:
    query = parse_question(question, index, fallback_language)
    if previous and is_elliptical(query):
        earlier = parse_question(previous, index, query.language)
        return Reading(query.following(earlier), previous)
    return Reading(query)


def rank(index: Index, reading: Reading, passages: Ints, scores: Floats) -> SearchResult:
    """Rank the sentences of candidate passages, each of which has a score."""
    ranked = rank_sentences(index, reading.query, passages, scores)
    sure = probability(index, reading.query, ranked)
    return SearchResult(reading.query, ranked, sure, reading.previous_question)


def rank_units(index: Index, reading: Reading, asked: UnitQuestion) -> SearchResult:
    """Find the answer within the units that a question names: a sentence, where it asks more than
    what the unit says; else the unit as a whole.

    ``reading`` is of what the question says beside the units.
    """
    query = reading.query
    passages = _passages_of(index, asked.units)
    if query.terms and len(passages):
        found = rank(index, reading, passages, np.zeros(len(passages)))
        if len(found.ranked.sentences) and found.ranked.scores[0] > 0:
            held = float(found.ranked.coverage[0])
            named = SURE if held >= _HALF and len(asked.units) == 1 else PERHAPS
            return replace(found, confidence=max(found.confidence, named))
    ranked = rank_sentences(index, query, passages[:0], np.zeros(0))
    alone = len(asked.units) == 1 and not query.terms
    confidence = 0.0 if not len(passages) else 1.0 if alone else PERHAPS
    return SearchResult(query, ranked, confidence, reading.previous_question, asked.units)


def _passages_of(index: Index, units: Iterable[AskedUnit]) -> Ints:
    """Return the numbers in the index of the passages of some units, in the original."""
    renderings = index.forward.article_renderings
    numbers = [
        int(index.forward.rendering_passages[renderings[unit.article]]) + passage - 1
        for unit in units
        for passage in unit.passages
    ]
    return np.array(numbers, dtype=np.int32)


def define(index: Index, term: str, found: SearchResult) -> SearchResult:
    """Put the sentences that define a term first; one that does so in so many words is sure."""
    places, clear = defining(index, term, found.ranked.sentences.tolist())
    if not places:
        return found
    rest = [place for place in range(len(found.ranked.sentences)) if place not in places]
    ranked = found.ranked.reordered(np.array([*places, *rest]))
    likely = probability(index, found.query, ranked)
    return replace(found, ranked=ranked, confidence=max(likely, SURE if clear else PERHAPS))


def nearest(index: Index, found: SearchResult, count: int) -> tuple[Citation, ...]:
    """Return the best of the sentences found, whatever may be said of them; none of units."""
    return () if found.units else _within(_perhaps(index, found), count)


def explain_citations(
    index: Index,
    citations: Iterable[Citation],
    question: str,
    *,
    previous: str | None = None,
    fallback_language: str = "en",
) -> tuple[Citation, ...]:
    """Return how given sentences meet a question, whether or not they would be found for it."""
    reading = _read(index, question, previous, fallback_language)
    same = None if reading.previous_question else asked_again(index, question, fallback_language)
    match = Match(" ".join(question.split()), "", "taught", 1.0)
    explained = []
    for citation in citations:
        taught = same is not None and citation.address in same.addresses
        known = replace(citation, why=(match,)) if taught else citation
        explained.append(_explained(index, reading.query, known))
    return tuple(explained)


def answer(index: Index, question: str, found: SearchResult, *, further: int = 0) -> Answer:
    """Answer a question with the best of the sentences found, and ``further`` ones for later."""
    if found.units:
        return _unit_answer(index, question, found, further)
    query, certainty = found.query, found.certainty
    wanted = MAX_CITATIONS + further
    every: tuple[Citation, ...] = ()
    if certainty == "sure":
        every = _within(_sure(index, found), wanted + 1)
    perhaps = certainty == "perhaps"
    shown = _within(_perhaps(index, found), MAX_CITATIONS) if perhaps else ()
    unknown = [query_term for query_term in query.terms if not query_term.known]
    spoken = index.corpus.languages
    strange = not any(query.language == s or has_lexicon(query.language, s) for s in spoken)
    return Answer(
        question,
        query.language,
        citations=every[:MAX_CITATIONS],
        suggestions=shown,
        certainty=certainty,
        unknown_words=tuple(query_term.word for query_term in unknown),
        unknown_names=tuple(query_term.word for query_term in unknown if query_term.named),
        previous_question=found.previous_question,
        nearest=tuple(
            (query_term.word, query_term.nearest) for query_term in unknown if query_term.nearest
        ),
        corpus_languages=spoken if strange else (),
        more=len(every) > wanted,
        further=every[MAX_CITATIONS:wanted],
        confidence=found.confidence,
    )


def _unit_answer(index: Index, question: str, found: SearchResult, further: int) -> Answer:
    """Return the units that a question asks for, whole; several documents' are shown as perhaps
    meant.
    """
    language = found.query.language
    articles = index.corpus.articles
    pieces = [
        citation
        for unit in found.units
        for citation in cite_unit(articles[unit.article], unit.passages, language)
    ]
    if not pieces:
        return Answer(question, language, missing_unit=_missing(index.corpus, found.units[0]))
    shown, wanted = tuple(pieces[:MAX_CITATIONS]), MAX_CITATIONS + further
    sure = found.certainty == "sure"
    return Answer(
        question,
        language,
        citations=shown if sure else (),
        suggestions=() if sure else shown,
        certainty="sure" if sure else "perhaps",
        previous_question=found.previous_question,
        more=len(pieces) > wanted,
        further=tuple(pieces[MAX_CITATIONS:wanted]),
        confidence=found.confidence,
    )


def cite_unit(article: Article, passages: Sequence[int], language: str) -> Iterator[Citation]:
    """Yield a unit's passages as citations, each of as many of them as fit."""
    shown = (article.rendering(language) or article.original).language
    first, room = 0, 0
    for number in passages:
        span = article.original.passages[number - 1].span
        size = span.end - span.start
        if first and room + size > UNIT_ROOM:
            yield Citation(article, first, 1, 1.0, shown, last=number - 1)
            first = 0
        if not first:
            first, room = number, 0
        room += size
    if first:
        yield Citation(article, first, 1, 1.0, shown, last=passages[-1])


def _missing(corpus: Corpus, unit: AskedUnit) -> MissingUnit | None:
    """Return what a document has in place of a unit that it lacks."""
    article = corpus.articles[unit.article]
    units = whole_units(article.original.units)
    keys = [one.key for one in units if one.key.kind == unit.key.kind]
    return MissingUnit(article.original.title, unit.key, keys[0], keys[-1]) if keys else None


def _within(citations: Iterator[Citation], count: int) -> tuple[Citation, ...]:
    return tuple(citation for citation, _ in zip(citations, range(count), strict=False))


def _sure(index: Index, found: SearchResult) -> Iterator[Citation]:
    """Yield the sentences worth citing, best first: those after the first are sure by themselves,
    and meet the question in itself.
    """
    scores = found.ranked.scores
    for place in range(len(scores)):
        if place and scores[place] < MIN_RELATIVE_SCORE * scores[0]:
            return
        if place and probability(index, found.query, found.ranked, place) < SURE:
            continue
        citation = _cite(index, found, place)
        if place == 0 or citation.matched or citation.matched_translation:
            yield citation


def _perhaps(index: Index, found: SearchResult) -> Iterator[Citation]:
    """Yield the sentences that may answer, best first."""
    for place in range(len(found.ranked.scores)):
        yield _cite(index, found, place)


def _cite(index: Index, found: SearchResult, place: int) -> Citation:
    """Return the citation of a ranked sentence, with what in it matched, in both languages."""
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
    near = found.ranked.cosines
    if near is not None and not found.ranked.held[:, place].any():
        meaning = Match(question_of(found), "", "meaning", round(float(near[place]), 2))
        citation = replace(citation, why=(meaning,))
    return _explained(index, found.query, citation)


def question_of(found: SearchResult) -> str:
    """Return what was asked, on one line."""
    return " ".join(found.query.question.split())


def _explained(index: Index, query: Query, citation: Citation) -> Citation:
    """Return the citation with what in it meets the question, in both languages."""
    article = citation.article
    read = [(article.original, citation.text)]
    shown = article.rendering(citation.shown)
    if shown and citation.translation is not None:
        read.append((shown, citation.translation))
    why, spans = explain(index, query, read)
    return replace(
        citation,
        why=(*_taught_words(index, query, citation.address, why), *citation.why),
        matched=spans[0],
        matched_translation=spans[1] if spans[1:] else (),
    )


def _taught_words(
    index: Index, query: Query, address: str, why: Sequence[Match]
) -> tuple[Match, ...]:
    """Return the matches, with those words that only a question taught for the sentence holds."""
    matches = list(why)
    for near in near_lessons(index, query) if index.corpus.lessons else ():
        for number, found in near.found.items() if address in near.lesson.addresses else ():
            weight = term_weight(index, query.terms[number]) * near.held[number] * near.said
            if matches[number].type in ("none", "taught"):
                match = Match(query.terms[number].word, found, "taught", round(weight, 2))
                matches[number] = max(match, matches[number], key=lambda one: one.weight)
    return tuple(matches)
