"""What a real cluster is asked: the same answers as in memory, and what happens when it fails."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.answering.citation import Answer
from bot.corpus.folder import read_corpus
from bot.corpus.model import Corpus
from bot.errors import StoreError
from bot.index.build import Index, build_index
from bot.service.cluster.client import PATIENCE, Client, Cluster
from bot.service.cluster.library import ClusterLibrary
from bot.service.cluster.writing import write
from bot.service.search import ask
from tests.benchmarks.question_set import load_set
from tests.cluster.nodes import Nodes

#: Answers that are found for each question beside the first three.
FURTHER = 5


@dataclass
class Compared:
    """How many answers are the same, and which are not."""

    name: str
    same: int = 0
    different: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def __str__(self) -> str:
        count = self.same + len(self.different)
        return (
            f"{self.name}: {self.same:,} of {count:,} answers are the same to the last score, "
            f"{1000 * self.seconds / max(count, 1):.0f} ms each; different: {self.different[:5]}"
        )


def said(answer: Answer) -> Any:
    """Everything that an answer shows: places, scores, certainty, and why."""
    shown = (*answer.citations, *answer.suggestions, *answer.further)
    return (
        (answer.certainty, answer.confidence, answer.unknown_words, answer.nearest),
        (answer.missing_unit and answer.missing_unit.key, answer.previous_question),
        [(one.address, one.last, one.score, one.why, one.matched) for one in shown],
        [(one.text, one.translation, one.section, one.lead_in, one.unit) for one in shown],
    )


def first(answer: Answer) -> Any:
    """The first sentence that is shown, and how sure."""
    shown = (*answer.citations, *answer.suggestions)
    return answer.certainty, shown[0].address if shown else None


async def written(nodes: Nodes, name: str, corpus: Corpus, patience: float = PATIENCE) -> Cluster:
    """Write a corpus to the cluster."""
    cluster = Cluster(nodes.hosts, name, patience=patience)
    client = Client(cluster)
    try:
        await write(client, corpus.articles, corpus.glossary, corpus.questions)
    finally:
        await client.close()
    return cluster


def compare(
    name: str, library: ClusterLibrary, index: Index, questions: Iterable[tuple[str, str | None]]
) -> Compared:
    """Ask the cluster and the index the same questions, each with the one before."""
    found = Compared(name)
    for question, previous in questions:
        here = ask(index, question, previous=previous, further=FURTHER)
        start = time.perf_counter()
        there = library.answer(question, previous=previous, further=FURTHER)
        found.seconds += time.perf_counter() - start
        if said(here) == said(there):
            found.same += 1
        else:
            found.different.append(f"{question} ({first(here)}, {first(there)})")
    return found


def same_answers(nodes: Nodes, data: Path, most: int) -> Iterator[Compared]:
    """Yield how answers compare on squad-en, piaf-fr-half and asked-dev, ``most`` of each set."""
    for name in ("squad-en", "piaf-fr-half"):
        questions = load_set(data / name)
        step = max(1, len(questions.questions) // most)
        asked: list[tuple[str, str | None]] = [
            (one.text, None) for one in questions.questions[::step]
        ]
        yield _compared(nodes, name, questions.corpus, asked)
    for folder in sorted((data / "asked-dev" / "corpora").iterdir()):
        lines = (data / "asked-dev" / "questions" / f"{folder.name}.tsv").read_text("utf-8")
        texts = [line.split("\t")[1] for line in lines.splitlines() if line.count("\t")]
        pairs = itertools.pairwise([None, *texts])
        asked = [(text, before) for before, text in pairs if text]
        yield _compared(nodes, folder.name, read_corpus(folder), asked)


def _compared(
    nodes: Nodes, name: str, corpus: Corpus, asked: Sequence[tuple[str, str | None]]
) -> Compared:
    cluster = asyncio.run(written(nodes, name, corpus, patience=60))  # time is not the question
    library = ClusterLibrary(cluster, Path())
    try:
        return compare(name, library, build_index(corpus), asked)
    finally:
        library.close()


@dataclass(frozen=True)
class Lived:
    """What came of questions that were asked while something happened."""

    what: str
    right: int
    wrong: int
    refused: Counter[str]  #: by why
    longest: float

    def __str__(self) -> str:
        return (
            f"{self.what}: {self.right:,} right, {self.wrong} wrong, {self.refused.total()} "
            f"refused in a sentence {dict(self.refused)}; the longest took {self.longest:.2f} s"
        )


async def lived(
    what: str,
    library: ClusterLibrary,
    questions: Sequence[str],
    right: Sequence[Sequence[Any]],
    events: dict[int, Callable[[], Any]],
) -> Lived:
    """Ask questions two at a time, and let something happen when so many are answered.

    ``right`` holds what may be said to each.
    """
    counts, refused = Counter[str](), Counter[str]()
    longest, done, order = 0.0, 0, iter(range(len(questions)))
    events = dict(events)

    async def worker() -> None:
        nonlocal longest, done
        for number in order:
            start = time.perf_counter()
            try:
                answer = await library.answered(questions[number])
            except StoreError as error:
                refused[error.reason] += 1
            else:
                counts["right" if first(answer) in right[number] else "wrong"] += 1
            longest = max(longest, time.perf_counter() - start)
            done += 1
            if event := events.pop(done, None):
                await asyncio.to_thread(event)

    await asyncio.gather(*(worker() for _ in range(2)))
    return Lived(what, counts["right"], counts["wrong"], refused, longest)


def a_node_dies(nodes: Nodes, data: Path, count: int) -> Lived:
    """Stop one of three nodes in the middle of questions, and let it come back."""
    questions = load_set(data / "squad-en")
    cluster = asyncio.run(written(nodes, "killed", questions.corpus))
    index = build_index(questions.corpus)
    asked = [one.text for one in questions.questions[:count]]
    right = [[first(ask(index, text))] for text in asked]
    library = ClusterLibrary(cluster, Path())
    try:
        events = {count // 3: lambda: nodes.stop(1), 2 * count // 3: lambda: nodes.start(1)}
        return asyncio.run(lived("a node stopped and started", library, asked, right, events))
    finally:
        library.close()


def versions_change(nodes: Nodes, data: Path, count: int) -> Lived:
    """Swap a corpus for another one and back in the middle of questions: each answer is that of one
    of both.
    """
    questions = load_set(data / "squad-en")
    half = Corpus(questions.corpus.articles[::2])
    cluster = asyncio.run(written(nodes, "swapped", questions.corpus))
    indexes = [build_index(questions.corpus), build_index(half)]
    asked = [one.text for one in questions.questions[:count]]
    right = [[first(ask(index, text)) for index in indexes] for text in asked]
    library = ClusterLibrary(cluster, Path())

    def swap(corpus: Corpus) -> Callable[[], Any]:
        return lambda: asyncio.run(written(nodes, "swapped", corpus))

    try:
        events = {count // 3: swap(half), 2 * count // 3: swap(questions.corpus)}
        return asyncio.run(lived("two swaps", library, asked, right, events))
    finally:
        library.close()


@asynccontextmanager
async def _client(cluster: Cluster) -> AsyncIterator[Client]:
    client = Client(cluster)
    try:
        yield client
    finally:
        await client.close()


async def a_run_is_killed(nodes: Nodes, corpus: Corpus) -> str:
    """Kill a run that writes: the old version answers, and the next run removes what it left."""
    cluster = await written(nodes, "cut", corpus)
    async with _client(cluster) as client:
        before = sorted(await client.ask("GET", "/_alias/cut"))
        task = asyncio.create_task(write(client, _slowly(corpus), corpus.glossary))
        await asyncio.sleep(2)  # it has begun by then, and takes ten
        assert set(await _indexes(client)) - set(before)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert sorted(await client.ask("GET", "/_alias/cut")) == before
        await client.ask("PUT", "/cut-20000101000000-dead-passages", {})
        await written(nodes, "cut", corpus)
        left = await _indexes(client)
    dead = [one for one in left if "dead" in one]
    return f"a run cut short: the alias stayed, {len(dead)} of its indexes left after the next run"


def _slowly(corpus: Corpus) -> Iterable[Any]:
    for article in corpus.articles:
        time.sleep(0.2)
        yield article


async def _indexes(client: Client) -> list[str]:
    return sorted(await client.ask("GET", "/cut-*/_settings"))
