"""The library of a bot whose passages are on a cluster: what ``bot.service.library`` is elsewhere.

Requests run on an event loop of their own, in one thread, so that an answer can be awaited by the
bot's loop and waited for by a thread or the command line alike.
"""

from __future__ import annotations

import asyncio
import datetime
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Coroutine, Iterable, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeVar, Unpack

from bot.answering.citation import Answer
from bot.corpus.folder import Progress
from bot.corpus.fragments import Excerpt
from bot.corpus.model import Article, Corpus
from bot.errors import CorpusError, Problem, ReindexRunning, StoreError, StoreUnchangeable
from bot.index.build import Index
from bot.service.cluster.client import Client, Cluster
from bot.service.cluster.excerpts import over
from bot.service.cluster.meanings import prepare
from bot.service.cluster.questions import ask
from bot.service.cluster.version import Version, Versions
from bot.service.encoder import Encoder
from bot.service.library import Asked, CorpusSize, LastLoad, Library, ReindexReport

_Result = TypeVar("_Result")

#: Articles that are offered for what somebody types: Discord takes 25.
_OFFERED = 25


class ClusterLibrary(Library):
    """The articles of a cluster's index, and the folder that they are written from."""

    def __init__(self, cluster: Cluster, folder: Path) -> None:
        """Connect; a cluster that cannot be reached yet is a line in the log."""
        # Not the parent's, which reads the folder.
        self.folder = folder
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="passage store", daemon=True).start()
        self._writing = threading.Lock()
        self._known: Version | None = None
        began, start = datetime.datetime.now(datetime.UTC), time.perf_counter()
        self._client = self._wait(self._connected(cluster))
        self._versions = Versions(self._client)
        trouble = self._wait(self._trouble())
        seconds = time.perf_counter() - start
        self.last_load = LastLoad(began, seconds, succeeded=trouble is None, at_start=True)

    def _wait(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _connected(self, cluster: Cluster) -> Client:
        return Client(cluster)  # on the loop that it is used on

    async def _version(self) -> Version:
        self._known = await self._client.persistently(self._versions.current)
        return self._known

    @property
    def corpus(self) -> Corpus:
        """What is said of the corpus as a whole, as it was last seen; without its articles."""
        return self._known.description.excerpt if self._known else Excerpt(())

    @property
    def size(self) -> CorpusSize:
        """How much the corpus holds, as it was last seen."""
        if self._known is None:
            return CorpusSize(0, 0, 0)
        about = self._known.description
        return CorpusSize(about.articles, about.passages, about.sentences)

    @property
    def index(self) -> Index:
        """An index of no passage."""
        raise StoreError(self._client.cluster.shown, "holds the index; it is not in memory")

    @property
    def is_semantic(self) -> bool:
        """Whether answers are ordered by meaning: no, that would need every sentence's vector."""
        return False

    def encode(self, encoder: Encoder, progress: Progress | None = None) -> None:
        """Do nothing: answers are ordered by words alone."""

    async def trouble(self) -> str | None:
        """Return in one sentence why questions cannot be answered now; None where they can."""
        return await self._awaited(self._trouble())

    async def _trouble(self) -> str | None:
        try:
            await self._version()
        except StoreError as error:
            return str(error)
        return None

    async def _awaited(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    async def answered(self, question: str, **asked: Unpack[Asked]) -> Answer:
        """Answer a question from the version in service. Raises StoreError within two seconds, and
        UnknownArticle.
        """
        return await self._awaited(self._answered(question, **asked))

    def answer(self, question: str, **asked: Unpack[Asked]) -> Answer:
        """Return the same, for a thread."""
        return self._wait(self._answered(question, **asked))

    def examples(self, language: str, within: Collection[str] | None = None) -> tuple[str, ...]:
        """Return no questions that might be asked: that would need every article."""
        del language, within
        return ()

    @property
    def in_memory(self) -> bool:
        """Whether the index is in memory: no, so that a server can have nothing of its own."""
        return False

    async def _answered(self, question: str, **asked: Unpack[Asked]) -> Answer:
        async def sought() -> Answer:
            self._known = await self._versions.current()
            return await ask(self._known, question, **asked)

        return await self._client.persistently(sought)

    async def holding(
        self,
        *,
        names: Iterable[str] = (),
        digests: Iterable[str] = (),
        called: str | None = None,
        asked: tuple[str, str | None] | None = None,
    ) -> Index:
        """Return an index over some articles: by their names, by the digests of these, or the one
        that is called so; ``asked`` is a question that they are explained by, and the one before.
        Raises StoreError.
        """

        async def fetched() -> Index:
            version = self._known = await self._versions.current()
            wanted = [*names, *await version.named(digests)]
            if called is not None:
                wanted += await version.called(called)
            question, previous = asked or ("", None)
            prepared = await prepare(version, question, previous=previous)
            return over(prepared.index, (await version.articles(wanted)).values())

        return await self._awaited(self._client.persistently(fetched))

    async def page(self, first: int, count: int) -> tuple[Article, ...]:
        """Return some articles, in the order of their names. Raises StoreError."""

        async def fetched() -> tuple[Article, ...]:
            self._known = await self._versions.current()
            return tuple(await self._known.page(first, count))

        return await self._awaited(self._client.persistently(fetched))

    async def place_named(self, name: str) -> str | None:
        """Return the name of a source or of a folder of them, as it is written; None for none.
        Raises StoreError.
        """

        async def fetched() -> str | None:
            self._known = await self._versions.current()
            return await self._known.place_named(name)

        return await self._awaited(self._client.persistently(fetched))

    async def beginning(self, words: Sequence[str]) -> list[tuple[str, str]] | None:
        """Return names and titles of articles in which each of some folded words begins a word.
        Raises StoreError.
        """

        async def fetched() -> list[tuple[str, str]]:
            self._known = await self._versions.current()
            return await self._known.beginning(words, _OFFERED)

        return await self._awaited(self._client.persistently(fetched))

    def reindex(self, progress: Progress | None = None) -> ReindexReport:
        """Read the folder in a process of its own, whose memory ends with it, and write a new
        version. Raises as ``Library.reindex`` does, and StoreError.
        """
        del progress  # the other process says nothing until it ends
        if not self._writing.acquire(blocking=False):
            raise ReindexRunning
        began, start, before = datetime.datetime.now(datetime.UTC), time.perf_counter(), self.size
        succeeded = False
        try:
            problems = self._write()
            self._wait(self._version())
            succeeded = True
        finally:
            seconds = time.perf_counter() - start
            self.last_load = LastLoad(began, seconds, succeeded)
            self._writing.release()
        return ReindexReport((), (), (), before, self.size, seconds, problems=problems)

    def _write(self) -> tuple[Problem, ...]:
        command = [sys.executable, "-m", "bot", "index", "--json", "--corpus", str(self.folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        try:
            said = json.loads(done.stdout)
        except ValueError:
            last = done.stderr.strip().rpartition("\n")[2]
            raise StoreError(self._client.cluster.shown, f"was not written: {last}") from None
        problems = tuple(Problem(Path(path), line, why) for path, line, why in said["problems"])
        if "running" in said:
            raise ReindexRunning
        if "version" not in said:
            raise CorpusError(problems)
        return problems

    def nearest(self, question: str, count: int, *, fallback_language: str = "en") -> NoReturn:
        """Raise StoreUnchangeable: nothing is taught from Discord."""
        del question, count, fallback_language
        self.check_changeable()

    def apply(self, make: Callable[[], Any], progress: Progress | None = None) -> NoReturn:
        """Raise StoreUnchangeable."""
        del make, progress
        self.check_changeable()

    def check_changeable(self) -> NoReturn:
        """Raise StoreUnchangeable: files are changed in the folder, and written from there."""
        raise StoreUnchangeable(
            self._client.cluster.shown,
            "takes its articles from the folder: change the files there, then use /reindex",
        )

    def close(self) -> None:
        """Close the connections."""
        self._wait(self._client.close())
