"""A question that names a unit: *article 5?*, *what does art. 12(3) say*, *and 6?*, *le préambule*.

The unit's passages, in the document that is meant: the one that the question names, else that of
the question before, else each that has such a unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.corpus.model import Span
from bot.index.build import Index
from bot.text.tokens import fold, folded_words, tokens
from bot.text.unit_references import UnitReference, bare_number, unit_references
from bot.text.units import UnitKey

#: Documents that are looked into for a unit; in more the question has to say which it means.
MOST_DOCUMENTS = 50

#: Kinds whose numbers stand for those of a document that counts without a word: rule 2.3 is 2.3.
_PLAIN = frozenset({"", "rule", "section", "article", "clause"})


@dataclass(frozen=True, slots=True)
class AskedUnit:
    """A unit that a question names, in one document."""

    article: int  #: number of the article in the corpus
    key: UnitKey
    passages: tuple[int, ...]  #: numbers in its original, from 1; none where there is no such unit


@dataclass(frozen=True, slots=True)
class UnitQuestion:
    """What a question names, and what is left of it without that."""

    units: tuple[AskedUnit, ...]
    rest: str


def asked_references(question: str, previous: str | None = None) -> list[UnitReference]:
    """Return the units that a question names, whatever there is of them."""
    references = unit_references(question)
    before = unit_references(previous) if previous else []
    number = None if references else bare_number(question)
    if number and before:
        kind = before[0].key.kind
        references = [UnitReference(replace(number, kind=kind), 0, len(question))]
    return references


def asked_units(
    index: Index,
    question: str,
    previous: str | None = None,
    *,
    within: frozenset[int] | None = None,
) -> UnitQuestion | None:
    """Return the units that a question names; None if it names none that a document could have.

    ``previous`` is the question before: a bare number (*and 6?*) means a unit of the same kind in
    the same document. ``within`` are the numbers of the only documents that count.
    """
    references = asked_references(question, previous)
    if not references:  # as of most questions: no document is looked at
        return None
    numbers = range(len(index.corpus.articles)) if within is None else within
    documents = {number for number in numbers if index.corpus.articles[number].original.units}
    named, names = _named(index, documents, question)
    if not named and previous:
        named, _ = _named(index, documents, previous)
    reference = references[0]
    found = [_find(index, n, reference.key) for n in sorted(named or documents)[:MOST_DOCUMENTS]]
    units = tuple(unit for unit in found if unit is not None)
    if not units:
        return None
    there = tuple(unit for unit in units if unit.passages)
    said = [Span(reference.start, reference.end) for reference in references]
    return UnitQuestion(there or units, _without(question, [*names, *said]))


def _find(index: Index, number: int, key: UnitKey) -> AskedUnit | None:
    """Return a unit in one document; None where the document has none of its kind."""
    original = index.corpus.articles[number].original
    kinds = [unit.key.kind for unit in original.units]
    if not key.number and key.points:  # "and paragraph 2?"
        return None
    wanted = key
    if key.kind not in kinds:
        if key.kind not in _PLAIN:
            return None
        numbered = [kind for kind in kinds if kind not in ("preamble", "annex")]
        if not numbered or (key.kind and "" not in kinds):
            return None
        wanted = replace(key, kind="" if "" in kinds else max(set(numbered), key=numbered.count))
    for one in dict.fromkeys((wanted, wanted.bare)):
        if passages := original.passages_of(one):
            return AskedUnit(number, one, passages)
    return AskedUnit(number, wanted, ())


def _named(index: Index, documents: Iterable[int], question: str) -> tuple[set[int], list[Span]]:
    """Return the documents that a question names, and where."""
    words = tokens(question)
    folded = [word.folded for word in words]
    best: dict[int, tuple[int, int]] = {}
    for number in documents:
        for name in index.corpus.articles[number].names:
            if (place := _place(name, folded)) is not None:
                longest = best.get(number, (0, 0))
                if len(name) > longest[1] - longest[0]:
                    best[number] = place, place + len(name)
    if not best:
        return set(), []
    most = max(end - start for start, end in best.values())
    found = {number: span for number, span in best.items() if span[1] - span[0] == most}
    places = sorted(set(found.values()))
    return set(found), [Span(words[start].start, words[end - 1].end) for start, end in places]


def document_named(index: Index, name: str) -> int | None:
    """Return the number of the article of a name: its file's, its title or another of its names;
    None for none, and for several.
    """
    for number, article in enumerate(index.corpus.articles):
        if article.name.casefold() == name.strip().casefold():
            return number
    wanted = tuple(folded_words(name))
    found = [n for n, article in enumerate(index.corpus.articles) if wanted in article.names]
    return found[0] if len(found) == 1 else None


def articles_below(index: Index, place: str) -> frozenset[int]:
    """Return the numbers of the articles of a folder of the corpus, or of the article of a name."""
    folder = f"{place.strip().strip('/').casefold()}/"
    names = enumerate(article.name.casefold() for article in index.corpus.articles)
    below = [n for n, name in names if f"{name}/".startswith(folder)]
    named = None if below else document_named(index, place)
    return frozenset(below if named is None else [named])


def place_named(index: Index, place: str) -> str | None:
    """Return the name of an article or folder as the corpus writes it; None where there is none."""
    numbers = articles_below(index, place)
    if not numbers:
        return None
    written, name = index.corpus.articles[min(numbers)].name, place.strip().strip("/")
    return written[: len(name)] if written.casefold().startswith(name.casefold()) else written


def _place(name: Sequence[str], folded: Sequence[str]) -> int | None:
    """Where a name's words stand in a question, one behind the other."""
    size = len(name)
    for start in range(len(folded) - size + 1):
        if tuple(folded[start : start + size]) == tuple(name):
            return start
    return None


def _without(question: str, said: Sequence[Span]) -> str:
    """Return what is left of a question without the units and documents that it names."""
    kept = list(question)
    for span in said:
        kept[span.start : span.end] = " " * (span.end - span.start)
    rest = "".join(kept)
    return " ".join(word for word in rest.split() if fold(word.strip("?!.,")) not in _LEFT)


#: What is left of *art. 6 du règlement, alinéa 4* and the like.
_LEFT = frozenset(
    "article art section rule point para paragraph alinea al of the du de des la le l in dans say "
    "says dit show me".split()
)
