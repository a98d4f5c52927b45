"""What the bot reads: articles. All frozen, since an index in service never changes.

A sentence is a span of its rendering's text, so every quote is verbatim by construction.
Passages and sentences are numbered from 1 wherever a person sees the number.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from itertools import chain, repeat

from bot.retrieval.glossary import Glossary


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters, ``text[start:end]``."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The characters of the span."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph: its span, its sentences, and where it begins, counted from 1: the line of a
    text file, the page of a file that has pages.
    """

    span: Span
    sentences: tuple[Span, ...]
    line: int | None = 1
    page: int | None = None


@dataclass(frozen=True)
class Rendering:
    """An article's text in one language: the original, or a translation of it."""

    language: str  #: ISO 639-1 code, lower case
    title: str
    text: str
    passages: tuple[Passage, ...]

    def sentence(self, passage: int, sentence: int) -> str:
        """The sentence at an address counted from 1. Raises IndexError where there is none."""
        if passage < 1 or sentence < 1:
            raise IndexError("passages and sentences are counted from 1")
        return self.passages[passage - 1].sentences[sentence - 1].of(self.text)


@dataclass(frozen=True)
class Article:
    """One article: the original, which is what is cited, and its aligned translations."""

    name: str  #: the file's name without endings; stable, unique in the corpus
    original: Rendering
    translations: tuple[Rendering, ...] = ()
    date: datetime.date | None = None
    url: str | None = None
    note: str | None = None  #: a curator's remark, such as which value was inferred

    @cached_property
    def renderings(self) -> tuple[Rendering, ...]:
        """The original first, then the translations."""
        return (self.original, *self.translations)

    def address(self, passage: int, sentence: int) -> str:
        """``name:passage.sentence``, stable while the article does not change."""
        return f"{self.name}:{passage}.{sentence}"

    def rendering(self, language: str) -> Rendering | None:
        """The rendering in a language, or None."""
        return next((r for r in self.renderings if r.language == language), None)


@dataclass(frozen=True, slots=True)
class Expected:
    """A question that a curator cares about, and the addresses of the sentences that answer it."""

    question: str
    accepted: tuple[str, ...] = ()  #: none: the corpus should not answer it


@dataclass(frozen=True)
class Corpus:
    """Every article, in the order of their names, and the files that were left unread."""

    articles: tuple[Article, ...]
    skipped: tuple[str, ...] = ()
    glossary: Glossary = field(default_factory=Glossary)
    questions: tuple[Expected, ...] = ()

    def article(self, name: str) -> Article | None:
        """The article of a name, or None."""
        return next((article for article in self.articles if article.name == name), None)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages of all renderings, the commonest first."""
        counts: dict[str, int] = {}
        for article in self.articles:
            for rendering in article.renderings:
                counts[rendering.language] = counts.get(rendering.language, 0) + 1
        return tuple(sorted(counts, key=lambda language: (-counts[language], language)))

    @cached_property
    def version(self) -> str:
        """Eight hexadecimal digits of what the articles and the glossary say: the same for the same
        content, wherever and whenever it is read.
        """
        content = [
            (a.name, r.language, r.title, r.text) for a in self.articles for r in a.renderings
        ]
        return sha256(repr((content, self.glossary.groups)).encode()).hexdigest()[:8]

    @cached_property
    def common_languages(self) -> frozenset[str]:
        """The languages in which every article can be read."""
        of_each = [{r.language for r in article.renderings} for article in self.articles]
        return frozenset(set.intersection(*of_each)) if of_each else frozenset()

    @property
    def passages(self) -> int:
        """How many passages the originals have."""
        return sum(len(article.original.passages) for article in self.articles)

    @property
    def sentences(self) -> int:
        """How many sentences the originals have."""
        return sum(len(p.sentences) for a in self.articles for p in a.original.passages)


def build_rendering(
    language: str,
    title: str,
    passages: Iterable[tuple[int | None, str, Iterable[tuple[int, int]]]],
    pages: Iterable[int | None] = (),
) -> Rendering:
    """Lay passages (line, text, sentence spans in it) out in one text, blank lines between.

    ``pages`` are those on which the passages begin, where the file has pages.
    """
    parts: list[str] = []
    laid: list[Passage] = []
    offset = 0
    for (line, text, spans), page in zip(passages, chain(pages, repeat(None)), strict=False):
        sentences = tuple(Span(offset + start, offset + end) for start, end in spans)
        laid.append(Passage(Span(offset, offset + len(text)), sentences, line, page))
        parts.append(text)
        offset += len(text) + 2
    return Rendering(language, title, "\n\n".join(parts), tuple(laid))
