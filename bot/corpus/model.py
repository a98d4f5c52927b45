"""What the bot reads: articles. All frozen, since an index in service never changes.

A sentence is a span of its rendering's text, so every quote is verbatim by construction.
Passages and sentences are numbered from 1 wherever a person sees the number.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from hashlib import sha256
from typing import overload

import numpy as np
import numpy.typing as npt

from bot.corpus.lessons import Lessons, prepare
from bot.errors import Problem
from bot.text.aliases import document_type, title_aliases
from bot.text.glossary import Glossary
from bot.text.tokens import folded_words
from bot.text.units import UnitKey

_ADDRESS = re.compile(r"(.+):([0-9]{1,6})\.([0-9]{1,6})")


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters, ``text[start:end]``."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the characters of the span."""
        return text[self.start : self.end]


class PassageKind(IntEnum):
    """What a passage is in its document."""

    PARAGRAPH = 0
    ITEM = 1  #: of a list
    ROW = 2  #: of a table; one sentence, its cells with their heads
    CODE = 3  #: lines that no paragraph stands before


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it. Sections lie one within another."""

    heading: str
    parent: int  #: number of the section around it, from 1; 0: none


@dataclass(frozen=True, slots=True)
class Table:
    """What all rows of a table share."""

    heads: tuple[str, ...] = ()  #: of its columns
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """An article, a section or an annex of a document, or a paragraph or point of one."""

    key: UnitKey
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, an item or a row: its span, its sentences, and where it stands."""

    span: Span
    sentences: tuple[Span, ...]
    line: int | None = 1  #: of a text file, from 1, where it begins
    page: int | None = None  #: of a file that has pages, from 1
    section: int = 0  #: number of its section, from 1; 0: none
    lead: int = 0  #: number of the passage that leads in to it, from 1; 0: none
    kind: PassageKind = PassageKind.PARAGRAPH
    code: Span | None = None  #: the lines of code that belong to it
    table: int = 0  #: number of its table, from 1; 0: none
    unit: int = 0  #: number of its unit, from 1; 0: none


class Passages(Sequence[Passage]):
    """The passages of a rendering, each made when it is asked for.

    A million sentences are two arrays here instead of millions of objects, so that they are loaded
    in a moment: P ``places``, whose columns are START to TABLE (0: none), and S ``spans`` of start
    and end.
    """

    START, END, SENTENCE, LINE, PAGE, SECTION, LEAD, KIND, CODE_START, CODE_END, TABLE, UNIT = (
        range(12)
    )
    COLUMNS = 12

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
        start, end, first, line, page, section, lead, kind, code, code_end, table, unit = (
            self.places[number].tolist()
        )
        last = self.places[number + 1, self.SENTENCE] if number + 1 < len(self) else len(self.spans)
        return Passage(
            span=Span(start, end),
            sentences=tuple(Span(a, b) for a, b in self.spans[first:last].tolist()),
            line=line or None,
            page=page or None,
            section=section,
            lead=lead,
            kind=PassageKind(kind),
            code=Span(code, code_end) if code_end else None,
            table=table,
            unit=unit,
        )

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
    sections: tuple[Section, ...] = ()
    tables: tuple[Table, ...] = ()
    units: tuple[Unit, ...] = ()
    #: S: of a translation, the number of the original's sentence that each one translates, from 0;
    #: -1: none. None where sentences stand one beside one.
    pairs: npt.NDArray[np.int32] | None = field(default=None, compare=False)

    @property
    def is_structured(self) -> bool:
        """Whether any passage has more around it than its title."""
        places = self.passages.places
        columns = [Passages.SECTION, Passages.LEAD, Passages.CODE_END, Passages.TABLE]
        return bool(places[:, columns].any())

    def headings(self, passage: Passage) -> tuple[str, ...]:
        """Return the headings that a passage stands below, outermost first."""
        found: list[str] = []
        number = passage.section
        while number:
            section = self.sections[number - 1]
            found.append(section.heading)
            number = section.parent
        return tuple(reversed(found))

    def passages_of(self, key: UnitKey) -> tuple[int, ...]:
        """Return the numbers, from 1, of the passages of a unit, or of a paragraph or point of it.

        Where none of its paragraphs has a number they count in their order (*alinéas*). A key
        without a parent means the first unit of its kind and number.
        """
        called = self._units_called.get((key.kind, key.number), ())
        wanted = key.whole if key.parent or not called else self.units[called[0] - 1].key.whole
        numbers = [number for number in called if self.units[number - 1].key.whole == wanted]
        below = [
            n for n in numbers if self.units[n - 1].key.points[: len(key.points)] == key.points
        ]
        column = self.passages.places[:, Passages.UNIT]
        if below or not key.points:
            return tuple((np.flatnonzero(np.isin(column, below)) + 1).tolist())
        plain = np.flatnonzero(np.isin(column, numbers)) + 1
        numbered = any(self.units[n - 1].key.points for n in numbers)
        first, *others = key.points
        if numbered or others or not first.isdecimal() or not 0 < int(first) <= len(plain):
            return ()
        return (int(plain[int(first) - 1]),)

    @cached_property
    def _units_called(self) -> dict[tuple[str, str], list[int]]:
        """The numbers, from 1, of the units of each kind and number."""
        called: dict[tuple[str, str], list[int]] = {}
        for number, unit in enumerate(self.units, 1):
            called.setdefault((unit.key.kind, unit.key.number), []).append(number)
        return called

    def unit_of(self, passage: Passage) -> Unit | None:
        """Return the unit that a passage stands in."""
        return self.units[passage.unit - 1] if passage.unit else None

    def lead_in(self, passage: Passage) -> str:
        """Return what leads in to a passage, outermost first: *Il est interdit :*; "" for none."""
        found: list[str] = []
        while passage.lead:
            passage = self.passages[passage.lead - 1]
            found.append(passage.sentences[-1].of(self.text))
        return " ".join(reversed(found))

    def sentence(self, passage: int, sentence: int) -> str:
        """Return the sentence at an address counted from 1.

        Raises IndexError where there is none.
        """
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
    aliases: tuple[str, ...] = ()  #: other names of it, as its front matter gives them
    #: What its curator might look at: what was not read, and where a translation drifts.
    remarks: tuple[Problem, ...] = field(default=(), compare=False)

    @cached_property
    def renderings(self) -> tuple[Rendering, ...]:
        """The original first, then the translations."""
        return (self.original, *self.translations)

    @cached_property
    def digest(self) -> bytes:
        """What it says, in every language, as a SHA-256."""
        said = [(r.language, r.title, r.text, r.sections, r.tables) for r in self.renderings]
        return sha256(repr((self.name, said)).encode()).digest()

    @cached_property
    def names(self) -> tuple[tuple[str, ...], ...]:
        """What it is called, each name as its folded words: aliases, title, type, file."""
        first = self.original.passages[0].span.of(self.original.text)
        names = [*self.aliases]
        for rendering in self.renderings:
            names += title_aliases(rendering.title, first)
            if kind := document_type(rendering.title):
                names.append(kind)
        names.append(self.name.rpartition("/")[2].replace("-", " ").replace("_", " "))
        return tuple(dict.fromkeys(key for name in names if (key := tuple(folded_words(name)))))

    def address(self, passage: int, sentence: int) -> str:
        """``name:passage.sentence``, stable while the article does not change."""
        return f"{self.name}:{passage}.{sentence}"

    def translated(self, language: str, passage: int, sentence: int) -> str | None:
        """Return a sentence of the original in another language, or None where it is not."""
        rendering = self.rendering(language)
        if rendering is None or rendering is self.original:
            return None
        number = int(self.original.passages.places[passage - 1, Passages.SENTENCE]) + sentence - 1
        if rendering.pairs is not None:
            found = np.flatnonzero(rendering.pairs == number)
            if not len(found):
                return None
            number = int(found[0])
        start, end = rendering.passages.spans[number].tolist()
        return rendering.text[start:end]

    def rendering(self, language: str) -> Rendering | None:
        """Return the rendering in a language, or None."""
        return next((r for r in self.renderings if r.language == language), None)


@dataclass(frozen=True, slots=True)
class CuratedQuestion:
    """A question that a curator cares about, and the addresses of the sentences that answer it."""

    question: str
    accepted: tuple[str, ...] = ()  #: none: the corpus should not answer it
    #: What stands at each of these addresses, where a curator has taught them as the answer.
    sentences: tuple[str, ...] = ()

    @property
    def teaches(self) -> bool:
        """Whether the bot answers it so: a bare address might hold another sentence by now."""
        return bool(self.sentences) or not self.accepted


@dataclass(frozen=True)
class Corpus:
    """Every article, in the order of their names, and the files that were not read."""

    articles: tuple[Article, ...]
    skipped: tuple[str, ...] = ()  #: files of other formats, by name
    problems: tuple[Problem, ...] = ()  #: why files were left out, or are as they were before
    glossary: Glossary = field(default_factory=Glossary)
    questions: tuple[CuratedQuestion, ...] = ()
    stored_version: str = field(default="", repr=False, compare=False)  #: where it is known already

    def article(self, name: str) -> Article | None:
        """Return the article of a name, or None."""
        number = self.number_of(name)
        return None if number is None else self.articles[number]

    def number_of(self, name: str) -> int | None:
        """Return the number of the article of a name, from 0, or None."""
        return self._numbers.get(name)

    def find(self, address: str) -> tuple[Article, int, int] | None:
        """Return the article, passage and sentence at an address, or None.

        See ``Article.address``.
        """
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
    def names(self) -> frozenset[str]:
        """The names of all articles, without case."""
        return frozenset(article.name.casefold() for article in self.articles)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {article.name: number for number, article in enumerate(self.articles)}

    @cached_property
    def lessons(self) -> Lessons:
        """What was taught: the questions with the text of a sentence, and those without answer."""
        taught = ((one.question, one.accepted) for one in self.questions if one.teaches)
        return prepare(taught, self.glossary, self.languages)

    @property
    def parts(self) -> tuple[Corpus, ...]:
        """Return what it is made of: of a server's, its own sources and the shared ones."""
        return (self,)

    @cached_property
    def language_counts(self) -> Counter[str]:
        """How many renderings there are in each language."""
        return Counter(r.language for article in self.articles for r in article.renderings)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages of all renderings, the commonest first."""
        counts = self.language_counts
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


@dataclass(frozen=True, slots=True)
class Draft:
    """A passage before it has a place in its rendering's text; see ``Passage``."""

    text: str
    sentences: tuple[tuple[int, int], ...]  #: in ``text``
    line: int | None = None
    page: int | None = None
    section: int = 0
    lead: int = 0
    kind: PassageKind = PassageKind.PARAGRAPH
    code: str = ""
    table: int = 0
    unit: int = 0


def build_rendering(
    language: str,
    title: str,
    drafts: Iterable[Draft],
    sections: Sequence[Section] = (),
    tables: Sequence[Table] = (),
    units: Sequence[Unit] = (),
) -> Rendering:
    """Lay passages out in one text, blank lines between, code below its passage."""
    parts: list[str] = []
    places: list[tuple[int, ...]] = []
    spans: list[tuple[int, ...]] = []
    offset = 0
    for draft in drafts:
        start, end = offset, offset + len(draft.text)
        first = len(spans)
        spans += [(start + a, start + b) for a, b in draft.sentences]
        parts.append(draft.text)
        offset = end + 2
        code = (offset, offset + len(draft.code)) if draft.code else (0, 0)
        if draft.code:
            parts.append(draft.code)
            offset = code[1] + 2
        places.append(
            (
                *(start, end, first, draft.line or 0, draft.page or 0),
                *(draft.section, draft.lead, draft.kind, *code, draft.table, draft.unit),
            )
        )
    laid = Passages(_rows(places, Passages.COLUMNS), _rows(spans, 2))
    return Rendering(
        language, title, "\n\n".join(parts), laid, tuple(sections), tuple(tables), tuple(units)
    )


def _rows(rows: list[tuple[int, ...]], width: int) -> npt.NDArray[np.int32]:
    return np.array(rows, dtype=np.int32).reshape(-1, width)
