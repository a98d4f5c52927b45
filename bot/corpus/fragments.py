"""Passages that stand alone, with what is around them, and a corpus made of a few.

A store keeps passages one by one. A ``Fragment`` carries what the ranking reads of a passage beside
its sentences: title, headings, what leads in to it, and which passages of the article's other
renderings say the same. ``excerpt`` lays some of them out as a corpus again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from bot.corpus.model import (
    Article,
    Corpus,
    Draft,
    PassageKind,
    Passages,
    Rendering,
    Section,
    Table,
    build_rendering,
)

Place: TypeAlias = tuple[int, int]  #: number of a rendering from 0, of a passage in it from 1


@dataclass(frozen=True)
class Fragment:
    """One passage of one rendering, with what is around it."""

    article: str
    languages: tuple[str, ...]  #: of the article's renderings
    rendering: int  #: from 0: the original
    passage: int  #: from 1
    title: str
    text: str
    sentences: tuple[tuple[int, int], ...]  #: spans in ``text``
    kind: int = 0
    code: str = ""
    headings: tuple[str, ...] = ()  #: outermost first
    lead_in: str = ""
    begins: bool = False  #: whether it is the first of its section
    caption: str | None = None  #: of its table; None where it is no row
    in_unit: bool = False
    #: Of a translation: passage (from 1) and sentence (from 0) of the original that each sentence
    #: translates; None: none.
    originals: tuple[tuple[int, int] | None, ...] = ()
    partners: tuple[Place, ...] = ()  #: what says the same in the article's other renderings

    @property
    def place(self) -> tuple[str, int, int]:
        """Return what it is found by: article, rendering and passage."""
        return self.article, self.rendering, self.passage


def fragments_of(article: Article) -> Iterator[Fragment]:
    """Yield every passage of an article, of all its renderings."""
    languages = tuple(rendering.language for rendering in article.renderings)
    pairs = [_pairs(article, rendering) for rendering in article.renderings]
    partners = _partners(article, pairs)
    first = article.original.passages.places[:, Passages.SENTENCE]
    for number, rendering in enumerate(article.renderings):
        starts = rendering.passages.places[:, Passages.SENTENCE].tolist()
        before = -1
        for place, passage in enumerate(rendering.passages, 1):
            begin = starts[place - 1]
            translated: tuple[tuple[int, int] | None, ...] = ()
            if number:
                of_each = pairs[number][begin : begin + len(passage.sentences)].tolist()
                translated = tuple(_place(first, one) for one in of_each)
            yield Fragment(
                article=article.name,
                languages=languages,
                rendering=number,
                passage=place,
                title=rendering.title,
                text=passage.span.of(rendering.text),
                sentences=tuple(
                    (one.start - passage.span.start, one.end - passage.span.start)
                    for one in passage.sentences
                ),
                kind=int(passage.kind),
                code=passage.code.of(rendering.text) if passage.code else "",
                headings=rendering.headings(passage),
                lead_in=rendering.lead_in(passage),
                begins=passage.section != before,
                caption=rendering.tables[passage.table - 1].caption if passage.table else None,
                in_unit=bool(passage.unit),
                originals=translated,
                partners=tuple(sorted(partners.get((number, place), ()))),
            )
            before = passage.section


def _pairs(article: Article, rendering: Rendering) -> npt.NDArray[np.int32]:
    """Return the number of the original's sentence that each sentence stands for; -1: none."""
    count = article.original.sentences
    if rendering.pairs is not None:
        return rendering.pairs
    numbers = np.arange(rendering.sentences, dtype=np.int32)
    return np.where(numbers < count, numbers, np.int32(-1))


def _place(first: npt.NDArray[np.int32], sentence: int) -> tuple[int, int] | None:
    """Return the passage, from 1, and the place in it, from 0, of a sentence of an original."""
    if sentence < 0:
        return None
    passage = int(np.searchsorted(first, sentence, side="right"))
    return passage, sentence - int(first[passage - 1])


def _partners(
    article: Article, pairs: Sequence[npt.NDArray[np.int32]]
) -> dict[Place, frozenset[Place]]:
    """Return what says the same as each passage, in the other renderings."""
    if len(pairs) == 1:
        return {}
    first = article.original.passages.places[:, Passages.SENTENCE]
    of_original: dict[int, set[Place]] = {}
    originals: dict[Place, set[int]] = {}
    for number, rendering in enumerate(article.renderings):
        starts = rendering.passages.places[:, Passages.SENTENCE]
        passages = np.searchsorted(starts, np.arange(rendering.sentences), side="right")
        held = pairs[number] >= 0
        paired = np.searchsorted(first, pairs[number][held], side="right")
        for passage, original in set(zip(passages[held].tolist(), paired.tolist(), strict=True)):
            of_original.setdefault(original, set()).add((number, passage))
            originals.setdefault((number, passage), set()).add(original)
    return {
        place: frozenset().union(*(of_original[one] for one in of_each)) - {place}
        for place, of_each in originals.items()
    }


@dataclass(frozen=True)
class Excerpt(Corpus):
    """Some passages of a corpus; what is said of the whole is of the whole.

    In each rendering stand pairs of passages: what leads in to a fragment, then the fragment.
    """

    whole_languages: tuple[str, ...] = ()
    whole_common: frozenset[str] = frozenset()
    whole_passages: int = 0  #: of originals
    whole_sentences: int = 0
    #: Of each article, the numbers in the whole of the passages of its original.
    numbers: tuple[tuple[int, ...], ...] = field(default=(), repr=False)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages of all renderings of the whole, the commonest first."""
        return self.whole_languages

    @cached_property
    def common_languages(self) -> frozenset[str]:
        """The languages in which every article of the whole can be read."""
        return self.whole_common

    @property
    def passages(self) -> int:
        """How many passages the originals of the whole have."""
        return self.whole_passages

    @property
    def sentences(self) -> int:
        """How many sentences the originals of the whole have."""
        return self.whole_sentences

    def with_fragments(self, fragments: Iterable[Fragment]) -> Excerpt:
        """Return the same excerpt of other passages, each of which may stand there twice."""
        by_place = {one.place: one for one in fragments}
        found = [by_place[place] for place in sorted(by_place)]
        articles, numbers = [], []
        for name, group in groupby(found, key=lambda one: one.article):
            article, originals = _article(name, list(group))
            articles.append(article)
            numbers.append(originals)
        return replace(self, articles=tuple(articles), numbers=tuple(numbers))

    def number_here(self, article: int, passage: int) -> int:
        """Return the number, from 1, of a passage of an original in the excerpt."""
        return 2 * (self.numbers[article].index(passage) + 1)

    def number_in_whole(self, article: int, passage: int) -> int:
        """Return the number, from 1, of a passage of an original in the whole."""
        return self.numbers[article][passage // 2 - 1]


def _article(name: str, fragments: Sequence[Fragment]) -> tuple[Article, tuple[int, ...]]:
    languages = fragments[0].languages
    of_each: list[list[Fragment]] = [[] for _ in languages]
    for one in fragments:
        of_each[one.rendering].append(one)
    place: dict[tuple[int, int], int] = {}  # passage and sentence to number in the excerpt
    number = 0
    for one in of_each[0]:
        number += bool(one.lead_in)
        for sentence in range(len(one.sentences)):
            place[one.passage, sentence] = number
            number += 1
    renderings = [
        _rendering(language, held, place if rendering else None)
        for rendering, (language, held) in enumerate(zip(languages, of_each, strict=True))
    ]
    article = Article(name, renderings[0], tuple(renderings[1:]))
    return article, tuple(one.passage for one in of_each[0])


def _rendering(
    language: str, fragments: Sequence[Fragment], place: dict[tuple[int, int], int] | None
) -> Rendering:
    sections: list[Section] = []
    tables: list[Table] = []
    known: dict[tuple[str, ...], int] = {(): 0}
    drafts: list[Draft] = []
    pairs: list[int] = []
    for one in fragments:
        for depth in range(1, len(one.headings) + 1):
            above = one.headings[: depth - 1], one.headings[:depth]
            if above[1] not in known:
                sections.append(Section(one.headings[depth - 1], known[above[0]]))
                known[above[1]] = len(sections)
        if one.caption is not None:
            tables.append(Table(caption=one.caption))
        section = known[one.headings]
        whole = ((0, len(one.lead_in)),) if one.lead_in else ()
        drafts.append(Draft(one.lead_in, whole, section=0 if one.begins else section))
        drafts.append(
            Draft(
                one.text,
                one.sentences,
                section=section,
                lead=len(drafts) if one.lead_in else 0,
                kind=PassageKind(one.kind),
                code=one.code,
                table=len(tables) if one.caption is not None else 0,
                unit=int(one.in_unit),
            )
        )
        if place is not None:
            pairs += [-1] * len(whole)
            pairs += [place.get(original, -1) if original else -1 for original in one.originals]
    title = fragments[0].title if fragments else ""
    laid = build_rendering(language, title, drafts, sections, tables)
    return laid if place is None else replace(laid, pairs=np.array(pairs, dtype=np.int32))
