"""How long answers take from many synthetic sentences: ``python -m tests.cluster.scale``.

Writes a Zipfian collection to a cluster that runs (or asks one that holds it), asks its questions,
and says how long they took, what the process came to hold, and how large the indexes are.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import time
from pathlib import Path

import numpy as np

from bot.corpus.model import Corpus
from bot.index.build import build_index
from bot.service.cluster.client import Client, Cluster
from bot.service.cluster.library import ClusterLibrary
from bot.service.cluster.writing import write
from bot.service.search import ask
from bot.text.glossary import Glossary
from tests.cluster.collection import articles, questions
from tests.cluster.nodes import COUNT, FIRST_PORT

HOSTS = tuple(f"http://127.0.0.1:{FIRST_PORT + number}" for number in range(COUNT))


def main() -> None:
    """Print a line a step."""
    parser = argparse.ArgumentParser(prog="python -m tests.cluster.scale", description=__doc__)
    parser.add_argument("--sentences", type=int, default=1_000_000)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--write", action="store_true", help="write the collection first")
    parser.add_argument("--embedded", action="store_true", help="ask an index in memory instead")
    options = parser.parse_args()
    asked = questions(options.sentences, 2 * options.questions)
    if options.embedded:
        start = time.perf_counter()
        index = build_index(Corpus(tuple(articles(options.sentences))))
        print(f"built in {time.perf_counter() - start:.0f} s")
        _measure(lambda question: ask(index, question), asked)
        return
    cluster = Cluster(HOSTS, f"z-{options.sentences}", patience=60)
    if options.write:
        asyncio.run(_write(cluster, options.sentences))
    library = ClusterLibrary(cluster, Path())
    _measure(library.answer, asked)
    library.close()


async def _write(cluster: Cluster, sentences: int) -> None:
    client, start = Client(cluster), time.perf_counter()
    try:
        print(await write(client, articles(sentences), Glossary()))
    finally:
        await client.close()
    print(f"written in {time.perf_counter() - start:.0f} s")


def _measure(answer: object, asked: list[str]) -> None:
    """Ask the first half to warm up, and measure the second."""
    assert callable(answer)
    half = len(asked) // 2
    for question in asked[:half]:
        answer(question)
    seconds, processor = [], time.process_time()
    for question in asked[half:]:
        start = time.perf_counter()
        answer(question)
        seconds.append(time.perf_counter() - start)
    used = (time.process_time() - processor) / half
    p50, p99 = (1000 * float(np.percentile(seconds, share)) for share in (50, 99))
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(f"p50 {p50:.0f} ms, p99 {p99:.0f} ms, {1000 * used:.0f} ms of processor; {held:.0f} MB")


if __name__ == "__main__":
    main()
