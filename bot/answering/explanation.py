"""Why a sentence was found: how each word of the question meets it, and where in its text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.answering.citation import How, Match
from bot.answering.query import Query, Slot
from bot.answering.ranking import SHARPNESS, slot_idf
from bot.corpus.model import Rendering, Span
from bot.index.build import Index
from bot.index.fuzzy import LEAST_ALIKE, dice, ngram_set
from bot.index.vocabulary import NO_TERM
from bot.text.language import is_stop_word
from bot.text.tokens import Word, fold, stem, words


@dataclass(frozen=True, slots=True)
class Meeting:
    """Where a text meets one word of the question: how well (0 to 1), how, and at which spans."""

    share: float
    how: How
    spans: tuple[Span, ...]


def meet(index: Index, query: Query, text: str, language: str) -> list[Meeting | None]:
    """For each word of the question, where a text meets it; None where it does not."""
    found = words(text)
    concepts = {
        concept.form: Span(found[concept.start].start, found[concept.end - 1].end)
        for concept in index.corpus.glossary.find([word.folded for word in found])
    }
    content = [word for word in found if not is_stop_word(word.folded, language)]
    by_term: dict[int, list[Word]] = {}
    for word in content:
        term = index.vocabulary.terms.get(stem(word.folded, language), NO_TERM)
        by_term.setdefault(term, []).append(word)
    grams = frozenset().union(*(ngram_set(word.folded) for word in content))
    meetings: list[Meeting | None] = []
    for slot in query.slots:
        if slot.folded in concepts:
            meetings.append(Meeting(1.0, "word", (concepts[slot.folded],)))
            continue
        best = _exact(slot, by_term)
        if best is None or best.share < 1:
            alike = _alike(slot, content, grams)
            best = max((m for m in (best, alike) if m), key=lambda m: m.share, default=None)
        meetings.append(best)
    return meetings


def _exact(slot: Slot, by_term: Mapping[int, Sequence[Word]]) -> Meeting | None:
    """Through a term that the word and the text share: the best of the slot's ways."""
    met = [way for way in slot.ways if way.term in by_term]
    if not met:
        return None
    best = max(met, key=lambda way: way.weight)
    spans = (
        Span(word.start, word.end)
        for way in met
        if way.how == best.how
        for word in by_term[way.term]
    )
    return Meeting(best.weight, best.how, tuple(sorted(spans, key=lambda span: span.start)))


def _alike(slot: Slot, content: Sequence[Word], grams: frozenset[str]) -> Meeting | None:
    """Through the word of the text that is spelled most like the word or a translation of it.

    ``grams`` are the n-grams of all words of the text: most spellings share none.
    """
    spellings = [
        (spelling, weight)
        for spelling, weight in slot.spellings.items()
        if not ngram_set(spelling).isdisjoint(grams)
    ]
    likest = max(
        (
            (weight * dice(word.folded, spelling), Span(word.start, word.end))
            for word in content
            for spelling, weight in spellings
        ),
        key=lambda item: item[0],
        default=None,
    )
    if likest is None or likest[0] < LEAST_ALIKE:
        return None
    alike, span = likest
    return Meeting(alike**SHARPNESS, "spelling", (span,))


def explain(
    index: Index, query: Query, renderings: Sequence[tuple[Rendering, str]]
) -> tuple[tuple[Match, ...], tuple[tuple[Span, ...], ...]]:
    """How a sentence meets each word of the question, and its matched spans in each rendering.

    ``renderings`` are (rendering, text of the sentence), the original first; of each word the
    best meeting counts, as in the ranking.
    """
    met = [meet(index, query, text, rendering.language) for rendering, text in renderings]
    matches: list[Match] = []
    for slot, meetings in zip(query.slots, zip(*met, strict=True), strict=True):
        best = max(meetings, key=lambda meeting: meeting.share if meeting else 0)
        if best is None:
            matches.append(Match(slot.word, "", "none", 0.0))
            continue
        rendering, text = renderings[meetings.index(best)]
        found = best.spans[0].of(text)
        telling = slot_idf(index, slot)
        if best.how == "spelling":  # the word that is there may be commoner than the one asked for
            term = index.vocabulary.terms.get(stem(fold(found), rendering.language), NO_TERM)
            telling = telling if term == NO_TERM else min(telling, float(index.idf[term]))
        matches.append(Match(slot.word, found, best.how, round(telling * best.share, 2)))
    spans = (
        sorted({span for m in meetings if m for span in m.spans}, key=lambda span: span.start)
        for meetings in met
    )
    return tuple(matches), tuple(tuple(of_one) for of_one in spans)
