"""Units of a document: one as quotes, the tree of all, and those that a quotation refers to."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from bot.answering.answer import cite_unit
from bot.answering.citation import Citation
from bot.chat.markup import cut, one_line
from bot.chat.references import articles_of
from bot.corpus.filenames import source_digest
from bot.corpus.model import Article, Corpus, Unit
from bot.corpus.units import whole_units
from bot.text.unit_references import unit_references
from bot.text.units import UnitKey

#: Units on one page of the tree, and characters of each line.
UNITS_A_PAGE = 20
_LINE_ROOM = 120
#: Buttons to the units that a quotation refers to: one row of them.
MOST_LINKS = 5
# Characters of a quotation that are read for them: more than a message shows.
_READ = 4000


@dataclass(frozen=True, slots=True)
class Link:
    """A unit that a quotation refers to, for a reader of a language."""

    source: str  #: the digest of the document's name
    language: str
    key: UnitKey


def unit_line(unit: Unit, language: str) -> str:
    """Return a unit with its title on one line: *Article 5, Refunds*."""
    name = unit.key.printed(language)
    return one_line(f"{name}, {unit.title}" if unit.title else name)


def tree_lines(article: Article, page: int, language: str) -> list[str]:
    """Return one page of a document's units; what stands in another is set off."""
    units = whole_units(article.original.units)[page * UNITS_A_PAGE : (page + 1) * UNITS_A_PAGE]
    return [
        f"{'· ' * _depth(unit.key)}{cut(unit_line(unit, language), _LINE_ROOM)}" for unit in units
    ]


def last_page(article: Article) -> int:
    """Return the number, from 0, of the last page of a document's units."""
    return max(0, len(whole_units(article.original.units)) - 1) // UNITS_A_PAGE


def _depth(key: UnitKey) -> int:
    depth = 0
    while key.parent:
        depth, key = depth + 1, key.parent
    return depth


def unit_quotes(article: Article, key: UnitKey, language: str) -> list[Citation]:
    """Return a unit as citations, each of as many passages as fit; none where there is no such
    unit.
    """
    return list(cite_unit(article, article.original.passages_of(key), language))


def links_of(citations: Iterable[Citation]) -> list[Link]:
    """Return the units of the same documents that some quotations refer to, each once.

    A reference to another document is none of them, nor is one to the unit that is quoted.
    """
    found: dict[Link, None] = {}
    for citation in citations:
        original = citation.article.original
        own = original.unit_of(original.passages[citation.passage - 1])
        for reference in unit_references(citation.text[:_READ]) if original.units else ():
            key = reference.key
            if reference.document is not None or (own and own.key.whole.bare == key.whole.bare):
                continue
            if original.passages_of(key):
                found.setdefault(Link(source_digest(citation.article.name), citation.shown, key))
    return list(found)[:MOST_LINKS]


async def quotes_of(
    corpus: Corpus, source: str, key: UnitKey | None, language: str
) -> list[Citation]:
    """Return the quotes of a unit of the source of a digest, read off the event loop."""
    if key is None:
        return []
    return await asyncio.to_thread(_quotes_of, corpus, source, key, language)


def _quotes_of(corpus: Corpus, source: str, key: UnitKey, language: str) -> list[Citation]:
    article = next(articles_of(corpus, source), None)
    return unit_quotes(article, key, language) if article else []
