"""The index in service: loaded once, replaced as a whole, never patched.

Questions are answered from the index that stands while a new one is being built. If the new one
cannot be built, the old one stays.
"""

from __future__ import annotations

import datetime
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot.answering.answer import answer
from bot.answering.citation import Answer
from bot.answering.regression import RegressionReport, regression, run_questions
from bot.corpus.folder import FolderState, Progress, scan
from bot.corpus.model import Corpus
from bot.errors import ReindexRunning
from bot.index.build import Index, build_index
from bot.service.cache import Cache
from bot.service.transaction import recover

#: An index that took this many seconds or more is kept in the cache: below, loading it would save
#: nothing that anybody notices.
WORTH_KEEPING = 1.0

#: Characters of the corpus that are asked for once before anybody asks.
WARMING = 300


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
        began, start = datetime.datetime.now(datetime.UTC), time.perf_counter()
        kept = cache.load(folder) if cache else None
        self._reading, self._index = self._load(kept, progress)
        self.last_load = LastLoad(began, time.perf_counter() - start, at_start=True)

    @property
    def corpus(self) -> Corpus:
        """The articles that are answered from."""
        return self.index.corpus

    @property
    def index(self) -> Index:
        """The index in service."""
        return self._index

    def answer(
        self,
        question: str,
        *,
        previous: str | None = None,
        fallback_language: str = "en",
        further: int = 0,
    ) -> Answer:
        """Answer a question from the index in service; see ``bot.answering.answer``."""
        return answer(
            self._index,
            question,
            previous=previous,
            fallback_language=fallback_language,
            further=further,
        )

    def reindex(
        self,
        progress: Progress | None = None,
        change: Callable[[], Callable[[], None]] | None = None,
    ) -> ReindexReport:
        """Read what has changed in the folder and put the new index in place of the old one.

        ``change`` alters the folder first, while no other reindex can, and returns what undoes
        that, which is called where the folder cannot be indexed then.

        Raises CorpusError if a file is wrong and ReindexRunning if another reindex is under way;
        the old index stays in service in both cases. Takes as long as reading does: call it off
        the event loop. ``progress`` is told there how many files have been looked at.
        """
        if not self._building.acquire(blocking=False):
            raise ReindexRunning
        began, start = datetime.datetime.now(datetime.UTC), time.perf_counter()
        succeeded = False
        try:
            before = self._index
            undo = change() if change else None
            try:
                reading, after = self._load((self._reading, before), progress)
                questions = after.corpus.questions
                done = regression(run_questions(before, questions), run_questions(after, questions))
            except BaseException:
                if undo:
                    undo()
                raise
            self._reading, self._index = reading, after
            succeeded = True
            return _difference(before.corpus, after.corpus, time.perf_counter() - start, done)
        finally:
            self.last_load = LastLoad(began, time.perf_counter() - start, succeeded)
            self._building.release()

    def _load(
        self, known: tuple[FolderState, Index] | None, progress: Progress | None
    ) -> tuple[FolderState, Index]:
        """Read and index the folder, on from what is known of it, and keep what took long."""
        start = time.perf_counter()
        old, base = known or (None, None)
        recover(self.folder)  # what a killed run began to change
        reading = scan(self.folder, old, now=time.time_ns(), progress=progress)
        index = build_index(reading.corpus, base)
        _warm_up(index)
        took = time.perf_counter() - start
        if self._cache and took >= WORTH_KEEPING and reading != old:
            self._cache.save(self.folder, reading, index)
        return reading, index


def _warm_up(index: Index) -> None:
    """Work out here, off the event loop in a reindex, what would be worked out at the first answer.

    Every answer on Discord carries the corpus's version.
    """
    original = index.corpus.articles[0].original
    answer(index, original.text[:WARMING])
    _ = index.corpus.version


def _size(corpus: Corpus) -> CorpusSize:
    return CorpusSize(len(corpus.articles), corpus.passages, corpus.sentences)


def _difference(
    before: Corpus, after: Corpus, seconds: float, done: RegressionReport
) -> ReindexReport:
    old = {article.name: article for article in before.articles}
    new = {article.name: article for article in after.articles}
    same = (name for name in new if name in old and new[name] is not old[name])
    return ReindexReport(
        added=tuple(name for name in new if name not in old),
        removed=tuple(name for name in old if name not in new),
        changed=tuple(name for name in same if new[name] != old[name]),
        before=_size(before),
        after=_size(after),
        seconds=seconds,
        skipped=after.skipped,
        regression=done,
    )
