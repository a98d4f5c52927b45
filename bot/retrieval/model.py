"""What the bot reads and what it answers with. All frozen: an index in service never changes.

A sentence is a span of its rendering's text, so every quote is verbatim by construction.
Passages and sentences are numbered from 1 wherever a person sees the number.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from itertools import chain, repeat
from typing import Literal
from urllib.parse import quote

from bot.retrieval.glossary import Glossary

# Of each end of a sentence, in a link to it.
_FRAGMENT_WORDS = 4

# Words that stand for something said before: he, it, this one; il, elle, ce dernier.
_LEANING = re.compile(
    r"(?:[«“\"]\s*)?(?:he|she|it|they|this|these|those|the latter|his|her|their|its|"
    r"il|elle|ils|elles|ce|cela|ceci|celui|celle|ceux|celles|cette|ces|son|sa|ses|leur|leurs)\b",
    re.IGNORECASE,
)


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


_ADDRESS = re.compile(r"(.+):([0-9]{1,6})\.([0-9]{1,6})")


How = Literal["word", "translation", "synonym", "spelling", "none"]


@dataclass(frozen=True, slots=True)
class Match:
    """How a cited sentence meets one word of the question.

    ``word``: the same word, another form of it, or a term that the glossary gives for it;
    ``translation`` and ``synonym``: through the lexicon; ``spelling``: a word spelled alike;
    ``none``: not at all.
    """

    word: str  #: as it was asked
    found: str  #: as it stands in the sentence or its translation; empty for none
    how: How
    weight: float  #: how telling the word is (idf) times how well it is met; 0 for none


@dataclass(frozen=True, slots=True)
class Citation:
    """One sentence of the corpus as an answer: where it stands and what in it matched."""

    article: Article
    passage: int  #: from 1
    sentence: int  #: from 1
    score: float
    shown: str  #: the language in which a reader of the question sees it
    matched: tuple[Span, ...] = ()  #: matched words, as spans of ``text``
    matched_translation: tuple[Span, ...] = ()  #: the same in ``translation``
    why: tuple[Match, ...] = ()  #: one for each content word of the question

    @property
    def text(self) -> str:
        """The sentence as the original has it."""
        return self.article.original.sentence(self.passage, self.sentence)

    @property
    def page(self) -> int | None:
        """The page on which its passage begins, from 1; None where the file has no pages."""
        return self.article.original.passages[self.passage - 1].page

    @property
    def translation(self) -> str | None:
        """The same sentence in the reader's language, where the article has that rendering."""
        if self.shown == self.article.original.language:
            return None
        rendering = self.article.rendering(self.shown)
        return rendering.sentence(self.passage, self.sentence) if rendering else None

    @property
    def before(self) -> str | None:
        """The sentence before it, in the reader's language, where this one leans on it: it begins
        with a pronoun, or within a quotation that the sentence before has opened.
        """
        if self.sentence == 1:
            return None
        before = self.article.original.sentence(self.passage, self.sentence - 1)
        opened = any(before.count(a) > before.count(b) for a, b in ("«»", "“”"))
        if not (opened or _LEANING.match(self.text)):
            return None
        shown = self.article.rendering(self.shown) or self.article.original
        return shown.sentence(self.passage, self.sentence - 1)

    @property
    def detours(self) -> tuple[Match, ...]:
        """The question words that were not met as such: through the lexicon or spelled alike."""
        return tuple(m for m in self.why if m.how in ("translation", "synonym", "spelling"))

    @property
    def title(self) -> str:
        """The original's title."""
        return self.article.original.title

    @property
    def address(self) -> str:
        """``name:passage.sentence``, stable while the article does not change."""
        return f"{self.article.name}:{self.passage}.{self.sentence}"

    @property
    def url(self) -> str | None:
        """The article's address on the web, with a text fragment that leads to the sentence.

        https://wicg.github.io/scroll-to-text-fragment/: the first and last words, percent-encoded.
        """
        if self.article.url is None:
            return None
        words = self.text.split()
        ends = [words] if len(words) <= 2 * _FRAGMENT_WORDS else [
            words[:_FRAGMENT_WORDS], words[-_FRAGMENT_WORDS:]
        ]  # fmt: skip
        fragment = ",".join(
            quote(" ".join(part), safe="", errors="replace").replace("-", "%2D") for part in ends
        )
        page, mark, anchor = self.article.url.partition("#")
        return f"{page}#{anchor if mark else ''}:~:text={fragment}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the corpus says to a question: citations, best first, or an explained silence."""

    question: str
    language: str  #: of the question, ISO 639-1
    citations: tuple[Citation, ...] = ()
    unknown_words: tuple[str, ...] = ()  #: question words that the corpus does not hold
    closest: Citation | None = None  #: the nearest sentence, which is not an answer
    about: str | None = None  #: the earlier question that a follow-up was read with
    nearest: tuple[tuple[str, tuple[str, ...]], ...] = ()  #: unknown word, words spelled alike
    speaks: tuple[str, ...] = ()  #: the corpus's languages, where the question's is none of them
    unknown_names: tuple[str, ...] = ()  #: those of the unknown words that are names or numbers
    more: bool = False  #: whether further sentences are worth citing

    @property
    def answered(self) -> bool:
        """Whether the corpus holds something good enough to quote as an answer."""
        return bool(self.citations)

    def __iter__(self) -> Iterator[Citation]:
        return iter(self.citations)


def cite(corpus: Corpus, address: str, language: str) -> Citation | None:
    """The sentence at an address, for a reader of a language; None where there is none."""
    match = _ADDRESS.fullmatch(address.strip())
    article = corpus.article(match[1]) if match else None
    if match is None or article is None:
        return None
    passage, sentence = int(match[2]), int(match[3])
    try:
        article.original.sentence(passage, sentence)
    except IndexError:
        return None
    shown = article.rendering(language) or article.original
    return Citation(article, passage, sentence, 0.0, shown.language)
