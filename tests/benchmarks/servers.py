"""Many servers with sources of their own beside the shared ones:
``python -m tests.benchmarks.servers``.

One process holds a shared corpus; each server has a folder of its own, with a vocabulary of which
the most is shared. So many are asked in turn that they stay active; then everything is dropped and
read again, and questions are asked of a server's library and of one index over both by turns.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import shutil
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bot.commands.status import memory
from bot.corpus.model import Corpus
from bot.index.build import Index, build_index
from bot.service.cache import Cache
from bot.service.library import Library, complete
from bot.service.own_library import OwnLibrary
from bot.service.search import ask
from bot.service.servers import Servers
from tests.benchmarks.corpora import read_lines, write_zipfian

#: Different folders of servers; each server has the files of one of them.
VARIANTS = 10
#: Servers whose first question is measured, and how often every question is asked.
DROPPED, ROUNDS = 20, 6


def write_servers(folder: Path, home: Path, servers: int, sources: int) -> list[list[str]]:
    """Write the folder of each server; the questions to each of the variants."""
    asked = []
    for variant in range(VARIANTS):
        # About 24 sentences in an article.
        write_zipfian(folder / str(variant), 30 * sources, seed=variant + 1)
        asked.append(read_lines(folder / str(variant) / "asked.txt"))
    for server in range(1, servers + 1):
        own = home / str(server)
        own.mkdir(parents=True)
        articles = sorted((folder / str(server % VARIANTS) / "articles").iterdir())[:sources]
        for number, path in enumerate(articles):
            shutil.copyfile(path, own / f"own-{number:02}.en.md")
    return asked


async def activate(held: Servers, servers: Sequence[int], asked: list[list[str]]) -> list[float]:
    """Ask each of some servers its first question; the seconds that each took."""
    seconds = []
    for server in servers:
        start = time.perf_counter()
        library = await held.library(server)
        library.answer(asked[server % VARIANTS][0])
        seconds.append(time.perf_counter() - start)
        assert isinstance(library, OwnLibrary)
    return seconds


def ask_by_turns(indexes: Sequence[Index], questions: Sequence[str]) -> list[float]:
    """Ask indexes the same questions by turns; the median seconds of each, of the best of ROUNDS:
    what else runs on the machine makes some of them longer.
    """
    best = [[float("inf")] * len(questions) for _ in indexes]
    turns = list(zip(indexes, best, strict=True))
    for _ in range(ROUNDS):
        turns.reverse()  # who is asked second finds the question's words in the caches
        for number, question in enumerate(questions):
            for index, seconds in turns:
                start = time.perf_counter()
                ask(index, question)
                seconds[number] = min(seconds[number], time.perf_counter() - start)
    return [statistics.median(seconds) for seconds in best]


async def measure(folder: Path, options: argparse.Namespace) -> dict[str, str]:
    """The figures, by what they are."""
    write_zipfian(folder / "shared", options.sentences)
    home = folder / "servers"
    asked = write_servers(folder / "variants", home, options.servers, options.sources)
    articles = folder / "shared" / "articles"
    Library(articles, Cache(folder / "cache"))
    shared = Library(articles, Cache(folder / "cache"))  # loaded, as after a restart
    questions = read_lines(folder / "shared" / "asked.txt")
    for question in questions:
        shared.answer(question)
    gc.collect()
    before = memory() or 0
    held = Servers(home, shared, most_memory=2**40)
    active = range(1, options.active + 1)
    await activate(held, active, asked)
    gc.collect()
    together = memory() or 0
    held = Servers(home, shared, most_memory=0)  # one at a time: each question is a first one
    await activate(held, [options.active + 1], asked)
    first = await activate(held, range(1, DROPPED + 1), asked)
    joined = (await held.library(1)).index
    own = joined.corpus.parts[0]
    # Today's: one index over the same articles.
    one = build_index(Corpus((*shared.corpus.articles, *own.articles)), shared.index)
    complete(one)
    mixed = [*questions, *asked[1][: len(questions) // 4]]
    later, today = ask_by_turns((joined, one), mixed)
    each = (together - before) / options.active / 1e6
    return {
        "a server's own": f"{len(own.articles)} sources, {own.sentences} sentences",
        "memory with the shared corpus": f"{before / 1e6:.0f} MB",
        f"memory with {options.active} active servers": f"{together / 1e6:.0f} MB, {each:.1f} each",
        "first question after a drop, median / most": " / ".join(
            f"{1000 * seconds:.0f}" for seconds in (statistics.median(first), max(first))
        )
        + " ms",
        "later question, median": f"{1000 * later:.2f} ms",
        "the same to one index over both": f"{1000 * today:.2f} ms, ratio {later / today:.2f}",
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--sentences", type=int, default=100_000, help="of the shared corpus")
    parser.add_argument("--servers", type=int, default=1_000)
    parser.add_argument("--sources", type=int, default=20, help="of each server")
    parser.add_argument("--active", type=int, default=50)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = asyncio.run(measure(Path(folder), options))
    print("| servers | figure |\n|---|---|")
    for name, value in rows.items():
        print(f"| {name} | {value} |")


if __name__ == "__main__":
    main()
