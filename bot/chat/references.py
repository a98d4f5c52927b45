"""What a button carries of a sentence: a digest, which tells whether the sentence still stands.

Ten letters: five of the source's name, five of the sentence with its place. The first find the
source among all; only the sentences of that one are then looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.answering.answer import cite_unit
from bot.answering.citation import Citation
from bot.corpus.filenames import short_digest, source_digest
from bot.corpus.model import Article, Corpus

#: What a reference looks like in a custom id.
PATTERN = "[A-Za-z0-9_-]{10}"
LETTERS = 10
_HALF = LETTERS // 2


def reference(citation: Citation) -> str:
    """Return the reference of a cited sentence."""
    place = citation.passage, citation.sentence
    return source_digest(citation.article.name) + _of_sentence(*place, citation.text)


def source_of(wanted: str) -> str:
    """Return the digest of the source of a reference."""
    return wanted[:_HALF]


def resolve(corpus: Corpus, references: Iterable[str], language: str) -> list[Citation] | None:
    """Return the sentences of some references, for a reader of a language; None where a source has
    changed or gone. Takes as long as hashing the sentences of their sources: off the event loop.
    """
    found: list[Citation] = []
    for wanted in references:
        source, sentence = wanted[:_HALF], wanted[_HALF:]
        places = (_cite(article, sentence, language) for article in articles_of(corpus, source))
        citation = next(filter(None, places), None)
        if citation is None:
            return None
        found.append(citation)
    return found


def articles_of(corpus: Corpus, digest: str) -> Iterator[Article]:
    """Yield the sources of a digest, which is one but for rare chance."""
    return (article for article in corpus.articles if source_digest(article.name) == digest)


def _cite(article: Article, wanted: str, language: str) -> Citation | None:
    original, shown = article.original, article.rendering(language) or article.original
    for number, passage in enumerate(original.passages, 1):
        for count, span in enumerate(passage.sentences, 1):
            if _of_sentence(number, count, span.of(original.text)) == wanted:
                return Citation(article, number, count, 0.0, shown.language)
    return next(
        (
            one
            for one in _pieces(article, language)
            if _of_sentence(one.passage, 1, one.text) == wanted
        ),
        None,
    )


def _pieces(article: Article, language: str) -> Iterator[Citation]:
    """Yield the passages of units that are cited as one."""
    keys = dict.fromkeys(
        replace(unit.key, points=unit.key.points[:depth])
        for unit in article.original.units
        for depth in range(len(unit.key.points) + 1)
    )
    for key in keys:
        yield from cite_unit(article, article.original.passages_of(key), language)


def _of_sentence(passage: int, sentence: int, text: str) -> str:
    return short_digest(f"{passage}.{sentence} {text}")
