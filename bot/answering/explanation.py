"""Why a sentence was found: how each word of the question meets it, and where in its text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.answering.citation import Match, MatchType
from bot.answering.evidence import SHARPNESS, term_weight
from bot.answering.query import Query, QueryTerm
from bot.corpus.model import Rendering, Span
from bot.index.build import Index
from bot.index.fuzzy import MIN_SIMILARITY, most_similar, ngrams_of
from bot.index.vocabulary import NO_TERM
from bot.text.language import content_tokens
from bot.text.tokens import Token, fold, stem, stems, tokens
from bot.text.values import VALUE_MARK, value_keys

#: Characters of a sentence in which words are looked for: no message shows a fifth of them.
MOST_READ = 20_000


@dataclass(frozen=True, slots=True)
class TermMatch:
    """Where a text meets one word of the question: how well (0 to 1), how, and at which spans."""

    share: float
    type: MatchType
    spans: tuple[Span, ...]


def match_terms(index: Index, query: Query, text: str, language: str) -> list[TermMatch | None]:
    """For each word of the question, where a text meets it; None where it does not."""
    found = tokens(text[:MOST_READ])
    concepts = {
        concept.form: Span(found[concept.start].start, found[concept.end - 1].end)
        for concept in index.corpus.glossary.find([word.folded for word in found])
    }
    content = content_tokens(text, found, language)
    folded = [word.folded for word in content]
    by_term: dict[int, list[Token]] = {}
    for word, stemmed in zip(content, stems(folded, language), strict=True):
        by_term.setdefault(index.vocabulary.terms.get(stemmed, NO_TERM), []).append(word)
    valued = any(term.folded.startswith(VALUE_MARK) for term in query.terms)
    for key, _, start, end in value_keys(text, language) if valued else ():
        form = f"{VALUE_MARK}{key}"
        term = index.vocabulary.terms.get(form, NO_TERM)
        by_term.setdefault(term, []).append(Token(form, start, end))
    grams = ngrams_of(folded)
    matches_of: list[TermMatch | None] = []
    for query_term in query.terms:
        if query_term.folded in concepts:
            matches_of.append(TermMatch(1.0, "word", (concepts[query_term.folded],)))
            continue
        best = _exact(query_term, by_term)
        if best is None or best.share < 1:
            alike = _alike(query_term, content, grams)
            best = max((m for m in (best, alike) if m), key=lambda m: m.share, default=None)
        matches_of.append(best)
    return matches_of


def _exact(query_term: QueryTerm, by_term: Mapping[int, Sequence[Token]]) -> TermMatch | None:
    """Through a term that the word and the text share: the best of the slot's ways."""
    met = [expansion for expansion in query_term.expansions if expansion.term in by_term]
    if not met:
        return None
    best = max(met, key=lambda expansion: expansion.weight)
    spans = (
        Span(word.start, word.end)
        for expansion in met
        if expansion.type == best.type
        for word in by_term[expansion.term]
    )
    return TermMatch(best.weight, best.type, tuple(sorted(spans, key=lambda span: span.start)))


def _alike(
    query_term: QueryTerm, content: Sequence[Token], grams: frozenset[str]
) -> TermMatch | None:
    """Through the word of the text that is spelled most like the word or a translation of it.

    ``grams`` are the n-grams of all words of the text: most spellings share none.
    """
    alike, place = most_similar([word.folded for word in content], query_term.spellings, grams)
    if alike < MIN_SIMILARITY:
        return None
    span = Span(content[place].start, content[place].end)
    return TermMatch(alike**SHARPNESS, "spelling", (span,))


def explain(
    index: Index, query: Query, renderings: Sequence[tuple[Rendering, str]]
) -> tuple[tuple[Match, ...], tuple[tuple[Span, ...], ...]]:
    """How a sentence meets each word of the question, and its matched spans in each rendering.

    ``renderings`` are (rendering, text of the sentence), the original first; of each word the
    best meeting counts, as in the ranking.
    """
    met = [match_terms(index, query, text, rendering.language) for rendering, text in renderings]
    matches: list[Match] = []
    for query_term, matches_of in zip(query.terms, zip(*met, strict=True), strict=True):
        best = max(matches_of, key=lambda meeting: meeting.share if meeting else 0)
        if best is None:
            matches.append(Match(query_term.word, "", "none", 0.0))
            continue
        rendering, text = renderings[matches_of.index(best)]
        found = best.spans[0].of(text)
        telling = term_weight(index, query_term)
        if best.type == "spelling":  # the word that is there may be commoner than the one asked for
            term = index.vocabulary.terms.get(stem(fold(found), rendering.language), NO_TERM)
            telling = telling if term == NO_TERM else min(telling, float(index.idf[term]))
        matches.append(Match(query_term.word, found, best.type, round(telling * best.share, 2)))
    spans = (
        sorted({span for m in matches_of if m for span in m.spans}, key=lambda span: span.start)
        for matches_of in met
    )
    return tuple(matches), tuple(tuple(of_one) for of_one in spans)
