"""What a question may mean: its readings, with what the corpus has of the words in them.

Which terms a question asks for is known only by reading it, so it is read until all that it asked
for were looked up: its terms, then words spelled like those that the corpus does not hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypedDict, Unpack

from bot.answering.answer import Reading, read_question
from bot.answering.query import MIN_COGNATE, Query, may_be_misspelled
from bot.index.excerpt import (
    ExcerptIndex,
    KnownWord,
    TermCount,
    asked_vocabulary,
    index_excerpt,
)
from bot.index.fuzzy import MIN_SUGGESTION
from bot.service.cluster.version import Version
from bot.text.tokens import CONCEPT_MARK

#: Rounds of looking up what a question may mean: its terms, words spelled alike, their terms.
_ROUNDS = 6


class Situation(TypedDict, total=False):
    """What a question is asked in; see ``bot.service.search``. ``within``: the names of the only
    articles and folders of articles that are asked, as the corpus writes them.
    """

    previous: str | None
    fallback_language: str
    within: tuple[str, ...] | None


class _AskedTerms(dict[str, int]):
    """The terms that are known, and which others were asked for."""

    def __init__(self, known: Mapping[str, int]) -> None:
        super().__init__(known)
        self.missed: dict[str, None] = {}

    def __contains__(self, term: object) -> bool:
        """Return whether a term is known."""
        return self.get(str(term)) is not None

    def get(self, term: str, default: Any = None) -> Any:
        """Return the number of a term."""
        if (number := super().get(term)) is None:
            self.missed[term] = None
            return default
        return number


@dataclass(frozen=True)
class Prepared:
    """A question's readings, with what the corpus has of the words they may mean."""

    index: ExcerptIndex  #: of no passage
    terms: Mapping[str, TermCount]
    readings: Sequence[Reading]


async def prepare(version: Version, question: str, **situation: Unpack[Situation]) -> Prepared:
    """Read a question as often as it takes to know all terms that it may mean."""
    previous, language = situation.get("previous"), situation.get("fallback_language", "en")
    terms: dict[str, TermCount] = {}
    words: list[KnownWord] = []
    absent: set[str] = set()
    spellings: dict[tuple[str, float], None] = {}
    for _ in range(_ROUNDS):
        index = _index_of_nothing(version, terms, words)
        readings = read_question(index, question, previous=previous, fallback_language=language)
        asked = index.vocabulary.terms
        missed = set(asked.missed) - absent if isinstance(asked, _AskedTerms) else set()
        if missed:
            terms |= (found := await version.look_up_terms(sorted(missed)))
            absent |= missed - found.keys()
            continue
        misspelled = dict.fromkeys(
            one for reading in readings for one in _misspelled(index, reading.query)
        )
        if misspelled.keys() <= spellings.keys():
            break
        spellings |= misspelled
        words = await version.look_up_spellings(spellings)
        terms |= {one.term: one.count for one in words if one.term is not None}
    return Prepared(index, terms, readings)


def _index_of_nothing(
    version: Version, terms: Mapping[str, TermCount], words: Iterable[KnownWord]
) -> ExcerptIndex:
    about = version.description
    vocabulary = asked_vocabulary(terms, words)
    index = index_excerpt(about.excerpt, vocabulary, about.statistics, terms)
    asked = _AskedTerms(index.vocabulary.terms)
    return replace(index, vocabulary=replace(index.vocabulary, terms=asked))


def _misspelled(index: ExcerptIndex, query: Query) -> Iterator[tuple[str, float]]:
    """Yield the words that may be meant for others, and how alike these are at least."""
    spoken = query.language in index.corpus.languages
    for term in query.terms:
        by_spelling = all(one.type == "spelling" for one in term.expansions)
        is_word = not term.folded.startswith(CONCEPT_MARK)
        if by_spelling and is_word and may_be_misspelled(term.folded, query.language, index):
            yield term.folded, MIN_SUGGESTION if spoken else MIN_COGNATE
