"""How late an event loop runs while it answers, and while the articles are read again meanwhile.

A ticker sleeps one millisecond at a time; its lateness is what a heartbeat would suffer. The loop
answers 20 questions a second, as the client does, and ``Library.reindex`` runs in a thread, in a
process that is set up as the bot's.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import numpy as np

from bot.connection import tune_event_loop
from bot.service.cache import Cache
from bot.service.library import Library
from tests.benchmarks.corpora import SEED, read_lines, write_zipfian

QUESTIONS_A_SECOND = 20
TICK = 0.001
QUIET_SECONDS = 10.0


@dataclass(frozen=True)
class Lag:
    """Lateness of the ticks of one run, in seconds; how long it ran and how many were answered."""

    ticks: tuple[float, ...]
    seconds: float
    answers: int

    def milliseconds(self, percentile: float) -> float:
        """A percentile of the lateness."""
        return 1000 * float(np.percentile(self.ticks, percentile))


@dataclass(frozen=True)
class Loading:
    """Seconds to build a library, to load its index from the cache, and to start with that, which
    looks at every file again; bytes on disk.
    """

    build: float
    load: float
    start: float
    disk: int


def measure_lag(collection: Path, sentences: int) -> tuple[Lag, Lag]:
    """The lag while answering, and while reindexing too, every article having changed."""
    questions = read_lines(collection / "asked.txt")
    with tempfile.TemporaryDirectory() as folder:
        articles, changed = Path(folder) / "articles", Path(folder) / "changed"
        shutil.copytree(collection / "articles", articles)
        write_zipfian(changed, sentences, SEED + 1)
        library = Library(articles)
        library.answer(questions[0])  # the first reads the lexicon
        tune_event_loop()
        quiet = asyncio.run(_run(library, questions, lambda: time.sleep(QUIET_SECONDS)))
        shutil.copytree(changed / "articles", articles, dirs_exist_ok=True)
        busy = asyncio.run(_run(library, questions, library.reindex))
    return quiet, busy


async def _run(library: Library, questions: Sequence[str], work: Callable[[], object]) -> Lag:
    """Tick and answer until the work, in a thread, is done."""
    ticks: list[float] = []
    answers: list[None] = []
    tasks = [
        asyncio.create_task(_tick(ticks)),
        asyncio.create_task(_ask(library, questions, answers)),
    ]
    start = time.perf_counter()
    await asyncio.to_thread(work)
    seconds = time.perf_counter() - start
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return Lag(tuple(ticks), seconds, len(answers))


async def _tick(ticks: list[float]) -> None:
    while True:
        start = time.perf_counter()
        await asyncio.sleep(TICK)
        ticks.append(time.perf_counter() - start - TICK)


async def _ask(library: Library, questions: Sequence[str], answers: list[None]) -> None:
    loop = asyncio.get_running_loop()
    due = loop.time()
    for question in cycle(questions):
        due += 1 / QUESTIONS_A_SECOND
        await asyncio.sleep(max(due - loop.time(), 0))
        library.answer(question)
        answers.append(None)


def measure_loading(collection: Path) -> Loading:
    """Build a library with a cache, then load it."""
    articles = collection / "articles"
    with tempfile.TemporaryDirectory() as folder:
        cache = Cache(Path(folder))
        build = _seconds(lambda: Library(articles, cache))
        load = min(_seconds(lambda: cache.load(articles)) for _ in range(3))
        start = min(_seconds(lambda: Library(articles, cache)) for _ in range(3))
        disk = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    return Loading(build, load, start, disk)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
