"""What the bot reads: articles. All frozen, since an index in service never changes.

A sentence is a span of its rendering's text, so every quote is verbatim by construction.
Passages and sentences are numbered from 1 wherever a person sees the number.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from itertools import chain, repeat
from typing import overload

import numpy as np
import numpy.typing as npt

from bot.text.glossary import Glossary

_ADDRESS = re.compile(r"(.+):([0-9]{1,6})\.([0-9]{1,6})")


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


class Passages(Sequence[Passage]):
    """The passages of a rendering, each made when it is asked for.

    A million sentences are two arrays here instead of millions of objects, so that they are loaded
    in a moment: P ``places`` of start, end, number of the first sentence, line and page (0: none),
    and S ``spans`` of start and end.
    """

    __slots__ = ("places", "spans")

    def __init__(self, places: npt.NDArray[np.int32], spans: npt.NDArray[np.int32]) -> None:
        self.places, self.spans = places, spans

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, place: int) -> Passage: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Passage, ...]: ...
    def __getitem__(self, place: int | slice) -> Passage | tuple[Passage, ...]:
        if isinstance(place, slice):
            return tuple(self[number] for number in range(*place.indices(len(self))))
        number = range(len(self))[place]
        start, end, first, line, page = self.places[number].tolist()
        last = self.places[number + 1, 2] if number + 1 < len(self) else len(self.spans)
        sentences = tuple(Span(a, b) for a, b in self.spans[first:last].tolist())
        return Passage(Span(start, end), sentences, line or None, page or None)

    def __iter__(self) -> Iterator[Passage]:
        return (self[number] for number in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Passages)
            and np.array_equal(self.places, other.places)
            and np.array_equal(self.spans, other.spans)
        )

    def __hash__(self) -> int:
        return hash((self.places.tobytes(), self.spans.tobytes()))


@dataclass(frozen=True)
class Rendering:
    """An article's text in one language: the original, or a translation of it."""

    language: str  #: ISO 639-1 code, lower case
    title: str
    text: str
    passages: Passages

    def sentence(self, passage: int, sentence: int) -> str:
        """The sentence at an address counted from 1. Raises IndexError where there is none."""
        if passage < 1 or sentence < 1:
            raise IndexError("passages and sentences are counted from 1")
        return self.passages[passage - 1].sentences[sentence - 1].of(self.text)

    @property
    def sentences(self) -> int:
        """How many sentences it has."""
        return len(self.passages.spans)


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

    @cached_property
    def digest(self) -> bytes:
        """What it says, in every language, as a SHA-256."""
        said = [(r.language, r.title, r.text) for r in self.renderings]
        return sha256(repr((self.name, said)).encode()).digest()

    def address(self, passage: int, sentence: int) -> str:
        """``name:passage.sentence``, stable while the article does not change."""
        return f"{self.name}:{passage}.{sentence}"

    def rendering(self, language: str) -> Rendering | None:
        """The rendering in a language, or None."""
        return next((r for r in self.renderings if r.language == language), None)


@dataclass(frozen=True, slots=True)
class CuratedQuestion:
    """A question that a curator cares about, and the addresses of the sentences that answer it."""

    question: str
    accepted: tuple[str, ...] = ()  #: none: the corpus should not answer it


@dataclass(frozen=True)
class Corpus:
    """Every article, in the order of their names, and the files that were left unread."""

    articles: tuple[Article, ...]
    skipped: tuple[str, ...] = ()
    glossary: Glossary = field(default_factory=Glossary)
    questions: tuple[CuratedQuestion, ...] = ()
    stored_version: str = field(default="", repr=False, compare=False)  #: where it is known already

    def article(self, name: str) -> Article | None:
        """The article of a name, or None."""
        return self._by_name.get(name)

    def find(self, address: str) -> tuple[Article, int, int] | None:
        """The article, passage and sentence at an address, or None; see ``Article.address``."""
        match = _ADDRESS.fullmatch(unicodedata.normalize("NFC", address.strip()))
        article = self.article(match[1]) if match else None
        if match is None or article is None:
            return None
        passage, sentence = int(match[2]), int(match[3])
        try:
            article.original.sentence(passage, sentence)
        except IndexError:
            return None
        return article, passage, sentence

    @cached_property
    def _by_name(self) -> dict[str, Article]:
        return {article.name: article for article in self.articles}

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
        if self.stored_version:
            return self.stored_version
        said = b"".join(article.digest for article in self.articles)
        return sha256(said + repr(self.glossary.groups).encode()).hexdigest()[:8]

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
        return sum(article.original.sentences for article in self.articles)


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
    places: list[tuple[int, ...]] = []
    spans: list[tuple[int, ...]] = []
    offset = 0
    for (line, text, sentences), page in zip(passages, chain(pages, repeat(None)), strict=False):
        places.append((offset, offset + len(text), len(spans), line or 0, page or 0))
        spans += [(offset + start, offset + end) for start, end in sentences]
        parts.append(text)
        offset += len(text) + 2
    laid = Passages(_rows(places, 5), _rows(spans, 2))
    return Rendering(language, title, "\n\n".join(parts), laid)


def _rows(rows: list[tuple[int, ...]], width: int) -> npt.NDArray[np.int32]:
    return np.array(rows, dtype=np.int32).reshape(-1, width)
