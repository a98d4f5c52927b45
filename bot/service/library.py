"""The index in service: loaded once, replaced as a whole, never patched.

Questions are answered from the index that stands while a new one is being built. If the new one
cannot be built, the old one stays.
"""

from __future__ import annotations

import datetime
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TypedDict, Unpack
from weakref import ref

from bot.answering.asked_units import articles_below, place_named
from bot.answering.citation import Answer, Citation
from bot.answering.regression import QuestionResult, RegressionReport, regression
from bot.corpus.filenames import place_in_corpus
from bot.corpus.folder import FolderState, Progress, scan
from bot.corpus.model import Article, Corpus, CuratedQuestion
from bot.errors import CorpusError, Problem, ReindexRunning, UnknownArticle
from bot.formats.reader import SUFFIXES
from bot.index.build import Index, build_index
from bot.index.vectors import Vectors
from bot.service.cache import Cache
from bot.service.collection import without_collection
from bot.service.corpus_files import Change, CorpusFiles
from bot.service.encoder import Encoder
from bot.service.examples import examples
from bot.service.search import Meaning, ask, nearest_to, run_questions
from bot.service.transaction import recover
from bot.service.vectors import VectorStore
from bot.text.lexicon import has_lexicon

# Characters of a question that takes longer than a message is on its way: 2,000 take 0.15 s.
_LONG = 200

#: An index that took this many seconds or more is kept in the cache: below, loading it would save
#: nothing that anybody notices.
WORTH_KEEPING = 1.0


@dataclass(frozen=True, slots=True)
class CorpusSize:
    """How much a corpus holds; translations are not counted."""

    articles: int
    passages: int
    sentences: int


@dataclass(frozen=True, slots=True)
class ReindexReport:
    """What a reindex changed. Articles are named as their files are; ``seconds`` of wall time."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    before: CorpusSize
    after: CorpusSize
    seconds: float
    skipped: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()  #: why files were left out, or are as they were before
    #: where translations of articles that were added or changed drift
    drift: tuple[Problem, ...] = ()
    removed_at: str | None = None  #: of what a change of the folder put among the removed
    regression: RegressionReport = field(
        default_factory=RegressionReport
    )  #: on the answers to the corpus's own questions


@dataclass(frozen=True, slots=True)
class LastLoad:
    """When the corpus was loaded, for how many seconds, and whether it then went into service."""

    began: datetime.datetime  #: in UTC
    seconds: float
    succeeded: bool = True
    at_start: bool = False  #: else by a reindex


class Asked(TypedDict, total=False):
    """What a question is asked in; each may be left out.

    ``previous`` and ``fallback_language`` as in ``bot.service.search.Situation``; ``further``: how
    many sentences are wanted for later; ``within``: the name of the only article, or folder of
    articles, that is asked; of several names those that are gone count for nothing.
    """

    previous: str | None
    fallback_language: str
    further: int
    within: str | Collection[str] | None


class Library:
    """The articles of one folder and the index that answers from them.

    Loading happens in the constructor, which raises CorpusError as ``scan`` does. What the
    ``cache`` has kept is not read and indexed again.
    """

    def __init__(
        self, folder: Path, cache: Cache | None = None, progress: Progress | None = None
    ) -> None:
        self.folder = folder
        self._cache = cache
        self._building = threading.Lock()
        self._first: dict[CuratedQuestion, str | None] = {}  # addresses, of the index in service
        began, start = datetime.datetime.now(datetime.UTC), time.perf_counter()
        kept = cache.load(folder) if cache else None
        self._reading, self._index = self._load(kept, progress or nobody)
        self._meaning: tuple[Index, Meaning] | None = None
        self._vectors: VectorStore | None = None
        self._examples: dict[object, tuple[str, ...]] = {}
        self._exemplified = ref(self._index)  # which these are of; it is not kept for them
        self.last_load = LastLoad(began, time.perf_counter() - start, at_start=True)

    @property
    def is_semantic(self) -> bool:
        """Whether what is shown is ordered by meaning as well: the vectors are ready."""
        return self.meaning is not None

    def encode(self, encoder: Encoder, progress: Progress | None = None) -> None:
        """Make the vectors of what the index holds, and from here on those of every later one.

        Until they are ready questions are answered by words alone. Takes milliseconds a sentence:
        call it off the event loop.
        """
        cache = self._cache.folder if self._cache else None
        self._vectors = VectorStore(encoder, cache, str(self.folder.absolute()))
        self._encode(progress)

    def _encode(self, progress: Progress | None = None) -> None:
        if self._vectors is None:
            return
        index, held = self._index, self._meaning[1].vectors if self._meaning else None
        known = held if isinstance(held, Vectors) else None
        vectors = self._vectors.build(index, known, progress)
        self._meaning = index, Meaning(self._vectors, vectors)

    @property
    def meaning(self) -> Meaning | None:
        """The vectors of the index in service, where they are ready."""
        return self._meaning_of(self._index)

    def _meaning_of(self, index: Index) -> Meaning | None:
        made = self._meaning
        return made[1] if made and made[0] is index else None

    @property
    def corpus(self) -> Corpus:
        """The articles that are answered from."""
        return self.index.corpus

    @property
    def in_memory(self) -> bool:
        """Whether the index is in memory, so that a server's own can be laid behind it."""
        return True

    def check_changeable(self) -> None:
        """Raise StoreUnchangeable where sources and questions are not changed from Discord."""

    @property
    def kept(self) -> Corpus:
        """The articles of the folder: of a server's library its own, of the shared one all."""
        return self.corpus.parts[0]

    @property
    def files(self) -> CorpusFiles:
        """The folder, as something that is written to."""
        return CorpusFiles(self.folder)

    @property
    def index(self) -> Index:
        """The index in service."""
        return self._index

    def answer(self, question: str, **asked: Unpack[Asked]) -> Answer:
        """Answer a question from the index in service; see ``bot.service.search``. Raises
        UnknownArticle for ``within``.
        """
        index, within = self._index, asked.get("within")
        return ask(
            index,
            question,
            previous=asked.get("previous"),
            fallback_language=asked.get("fallback_language", "en"),
            further=asked.get("further", 0),
            within=None if within is None else self._numbers_of(within),
            meaning=self._meaning_of(index),
        )

    def nearest(
        self, question: str, count: int, *, fallback_language: str = "en"
    ) -> tuple[Citation, ...]:
        """Return the sentences that are nearest to a question, even where none is near enough."""
        index = self._index
        return nearest_to(
            index,
            question,
            count,
            fallback_language=fallback_language,
            meaning=self._meaning_of(index),
        )

    async def answered(self, question: str, **asked: Unpack[Asked]) -> Answer:
        """Return the same, awaited; that to a long question is sought off the event loop."""
        if len(question) > _LONG:
            import asyncio  # what awaits this has it; the command line does without

            return await asyncio.to_thread(self.answer, question, **asked)
        return self.answer(question, **asked)

    async def holding(
        self,
        *,
        names: Iterable[str] = (),  # noqa: ARG002  # here it holds them all
        digests: Iterable[str] = (),  # noqa: ARG002
        called: str | None = None,  # noqa: ARG002
        asked: tuple[str, str | None] | None = None,  # noqa: ARG002
    ) -> Index:
        """Return an index that holds some articles: by their names, by the digests of these, or the
        one that is called so; and the words of a question, with the one before, that is ``asked``
        of them.
        """
        return self._index

    async def page(self, first: int, count: int) -> tuple[Article, ...]:
        """Return some articles, in the order of their names; a server's own stand last."""
        listed = [article for part in self.corpus.parts for article in part.articles]
        return tuple(listed[first : first + count])

    async def beginning(
        self,
        words: Sequence[str],  # noqa: ARG002  # who holds all articles prepares their names
    ) -> list[tuple[str, str]] | None:
        """Return names and titles of articles in which each of some folded words begins a word;
        None where the corpus in memory tells as well.
        """
        return None

    def close(self) -> None:
        """Let go of what is open."""

    @property
    def size(self) -> CorpusSize:
        """How much the corpus holds."""
        return _size(self.corpus)

    async def trouble(self) -> str | None:
        """Return in one sentence why questions cannot be answered now; None where they can."""
        return None

    def _numbers_of(self, within: str | Collection[str]) -> frozenset[int]:
        """Return the numbers of the articles that are asked."""
        if not isinstance(within, str):
            return frozenset().union(*(articles_below(self._index, name) for name in within))
        numbers = articles_below(self._index, within)
        if not numbers:
            names = [article.name for article in self.corpus.articles]
            raise UnknownArticle(within, get_close_matches(within, names, n=3, cutoff=0.4))
        return numbers

    async def place_named(self, name: str) -> str | None:
        """Return the name of a source or of a folder of them, as it is written; None for none."""
        return place_named(self._index, name)

    def examples(self, language: str, within: Collection[str] | None = None) -> tuple[str, ...]:
        """Return some questions that are answered, for a reader of a language; see ``examples``.
        They are worked out once an index, in tens of milliseconds: call it off the event loop.
        """
        index, key = self._index, (language, None if within is None else tuple(within))
        if self._exemplified() is not index:
            self._exemplified, self._examples = ref(index), {}
        known = self._examples
        if key not in known:
            numbers = None if within is None else self._numbers_of(within)
            known[key] = examples(index, language, numbers)
        return known[key]

    def reindex(self, progress: Progress | None = None) -> ReindexReport:
        """Read what has changed in the folder and put the new index in place of the old one.

        A file that has turned bad stays as it was; see ``scan``. Raises CorpusError if no article
        is left and ReindexRunning if another reindex is under way; the old index stays in service
        in both cases. Takes as long as reading does: call it off the event loop. ``progress`` is
        told there how many files have been looked at.
        """
        with self._alone():
            return self._reindex(progress or nobody)

    def apply(self, make: Callable[[], Change], progress: Progress | None = None) -> ReindexReport:
        """Change the folder, while no other reindex can, and reindex; where that fails, whatever
        the reason, the change is undone.

        ``make`` is a method of CorpusFiles with what it takes, and may raise as that does; else
        this raises as ``reindex`` does, and CorpusError if a file of a changed article is wrong.
        """
        with self._alone():
            change = make()
            named = [Path(name) for pair in change.renames for name in pair]
            # What is wrong in questions.toml beside the change does not speak against it.
            places = {place_in_corpus(p)[0] for p in named if p.suffix.lower() in SUFFIXES}
            try:
                report = self._reindex(progress or nobody, places)
            except BaseException:
                self.files.undo(change)
                raise
        return replace(report, removed_at=change.removed_at)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Raise ReindexRunning where another thread loads; else notes how this one went."""
        if not self._building.acquire(blocking=False):
            raise ReindexRunning
        began, start = datetime.datetime.now(datetime.UTC), time.perf_counter()
        succeeded = False
        try:
            with without_collection(WORTH_KEEPING):
                yield
            succeeded = True
        finally:
            self.last_load = LastLoad(began, time.perf_counter() - start, succeeded)
            self._building.release()

    def _reindex(self, progress: Progress, changed: Collection[str] = ()) -> ReindexReport:
        """Raise CorpusError too where a file of an article that was ``changed`` is wrong."""
        start, before = time.perf_counter(), self._index
        reading, after = self._load((self._reading, before), progress, keeps=True)
        if wrong := [p for p in after.corpus.problems if self._place(p.path) in changed]:
            raise CorpusError(wrong)
        results = run_questions(after, after.corpus.parts[0].questions)
        told = regression(self._results_before(results), results)
        if after.corpus.lessons:
            taught = run_questions(after, after.corpus.parts[0].questions, taught=True)
            told = replace(told, taught=sum(result.right for result in taught))
        seconds = time.perf_counter() - start
        report = _difference(before.corpus.parts[0], after.corpus.parts[0], seconds, told)
        self._reading, self._index = reading, after
        self._first = {result.expected: result.first for result in results}
        self._encode()
        return report

    def _place(self, path: Path) -> str:
        """Return the article that a file of the folder belongs to, without case."""
        below = path.is_relative_to(self.folder)
        return place_in_corpus(path.relative_to(self.folder))[0] if below else ""

    def _results_before(self, results: Iterable[QuestionResult]) -> Iterator[QuestionResult]:
        """Yield what the index in service says to the same questions: asked, unless the last
        reindex has.
        """
        for expected in (result.expected for result in results):
            if expected in self._first:
                yield QuestionResult(expected, self._first[expected])
            else:
                yield from run_questions(self._index, [expected])

    def _load(
        self,
        known: tuple[FolderState, Index] | None,
        progress: Progress,
        *,
        keeps: bool = False,
    ) -> tuple[FolderState, Index]:
        """Read and index the folder, on from what is known of it, and keep what took long."""
        start = time.perf_counter()
        old, base = known or (None, None)
        recover(self.folder)  # what a killed run began to change
        reading = self._scanned(old, progress, keeps=keeps)
        index = self._indexed(reading.corpus, base)
        complete(index)
        took = time.perf_counter() - start
        if self._cache and took >= WORTH_KEEPING and reading != old:
            self._cache.save(self.folder, reading, index)
        return reading, index

    def _scanned(self, old: FolderState | None, progress: Progress, *, keeps: bool) -> FolderState:
        """Read the folder, on from what is known of it."""
        return scan(self.folder, old, now=time.time_ns(), keeps=keeps, progress=progress)

    def _indexed(self, corpus: Corpus, base: Index | None) -> Index:
        """Index what was read, on from the index before."""
        return build_index(corpus, base)


def nobody(_done: int, _total: int) -> None:
    """Tell nobody how far a load is."""


def complete(index: Index) -> None:
    """Work out here, off the event loop in a reindex, what an index and its corpus would else work
    out at the first answer, the corpus's version among it; and read the lexicon.

    A class that joins two inherits the rest unprepared: its names and numbers are those of all
    shared articles, for each server anew.
    """
    has_lexicon("en", "fr")
    for part in (index.corpus, index):
        for name, member in vars(type(part)).items():
            if isinstance(member, cached_property):
                getattr(part, name)


def _size(corpus: Corpus) -> CorpusSize:
    return CorpusSize(len(corpus.articles), corpus.passages, corpus.sentences)


def _difference(
    before: Corpus, after: Corpus, seconds: float, done: RegressionReport
) -> ReindexReport:
    old = {article.name: article for article in before.articles}
    new = {article.name: article for article in after.articles}
    same = (name for name in new if name in old and new[name] is not old[name])
    other = [new[name] for name in new if name not in old or new[name] != old[name]]
    return ReindexReport(
        added=tuple(name for name in new if name not in old),
        removed=tuple(name for name in old if name not in new),
        changed=tuple(name for name in same if new[name] != old[name]),
        before=_size(before),
        after=_size(after),
        seconds=seconds,
        skipped=after.skipped,
        problems=after.problems,
        drift=tuple(r for article in other for r in article.remarks if r.pair),
        regression=done,
    )
