"""Many people ask at once, over real sockets: ``python -m tests.benchmarks.load``.

The bot and the Discord on loopback share one process and one event loop, so the figures hold the
server's work too. All the while the corpus is read again, and now and then changed. Every other
server has a source of its own, which it alone may be answered from.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import logging
import re
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import discord
import yarl

from bot import connection
from bot.service.library import Library
from tests.simulated import build_bot
from tests.wire.server import TOKEN, Discord

#: Questions on the corpus below, and a word of the right answer to each.
QUESTIONS = {
    "Who was the keeper of the lighthouse?": "Quill",
    "What oil did the lamp burn?": "whale",
    "What do otters eat at dawn?": "urchins",
    "When was the harbour of Lund dredged?": "1911",
}
CORPUS = {
    "lighthouse.en.md": "# The lighthouse of Skerry Point\n\nThe keeper of the lighthouse was Ada "
    "Quill.\n\nThe lamp burned whale oil.\n",
    "otters.en.md": "# Sea otters\n\nAt dawn the otters eat urchins.\n\nThey sleep at noon.\n",
    "harbour.en.md": "# The harbour\n\nThe harbour of Lund was dredged in 1911.\n",
}

#: What a server that has a source of its own is asked beside these, and its source.
OWN_QUESTION = "Which pier does the ferry leave from?"
OWN_SOURCE = "# The ferry\n\nThe ferry leaves from the pier {word}.\n"
_OWN_WORD = re.compile(r"Berth\d+")

#: Questions that one person asks in a burst: below the pace of bot.chat.memory.
EACH = 4

#: Seconds between two heartbeats; Discord asks for one in 41.25 s and closes the connection when
#: one is missing, so a heartbeat that is later than the interval counts as missed.
HEARTBEAT = 1.0

# Of the reindexes, every which finds a source changed: each server's library then follows.
_CHANGED_EVERY = 50


@dataclass
class Figures:
    """What a load did to the bot."""

    asked: int = 0
    lost: int = 0
    twice: int = 0
    wrong: int = 0
    out_of_order: int = 0
    seconds: float = 0.0
    slowest: float = 0.0  #: seconds from the use of /ask to its answer
    late: float = 0.0  #: seconds that the latest heartbeat was late
    beats: int = 0
    reindexed: int = 0
    lags: list[float] = field(default_factory=list)  #: of the event loop, in seconds
    resident: list[float] = field(default_factory=list)  #: MB after each round
    objects: list[int] = field(default_factory=list)  #: alive after each round

    def lag(self, share: float) -> float:
        """The lag, in ms, that a share of the samples does not exceed."""
        return 1000 * sorted(self.lags)[int(share * (len(self.lags) - 1))]


async def load(
    server: Discord,
    library: Library,
    own: Mapping[int, str],
    *,
    rounds: int,
    bursts: int,
    burst: int,
) -> Figures:
    """Ask ``bursts`` times ``burst`` questions in each round, the bot being connected; ``own`` is a
    word of each server's own source, by the server's id.
    """
    figures = Figures()
    helpers = [
        asyncio.create_task(_measure_lag(figures.lags)),
        asyncio.create_task(_reindex(library, figures)),
    ]
    start = time.perf_counter()
    person = 1000
    for _ in range(rounds):
        for _ in range(bursts):
            await _burst(server, figures, own, burst, person)
            person += burst
        server.forget()
        gc.collect()
        figures.resident.append(_resident())
        figures.objects.append(len(gc.get_objects()))
    figures.seconds = time.perf_counter() - start
    for helper in helpers:
        helper.cancel()
        with suppress(asyncio.CancelledError):
            await helper
    figures.slowest = server.slowest
    figures.late, figures.beats = server.gateway.latest_beat, server.gateway.beats
    return figures


async def _burst(
    server: Discord, figures: Figures, own: Mapping[int, str], size: int, first: int
) -> None:
    """Everybody asks a few questions at once, one half by mention and one by /ask."""
    guilds, texts = list(server.gateway.guilds), list(QUESTIONS)
    people: defaultdict[int, list[str]] = defaultdict(list)
    expected: dict[str, tuple[str, str | None]] = {}  # a word of the answer, the server's own word
    for number in range(size):
        person = first + number % (size // EACH)
        use = server.ask if (number + number // (size // EACH)) % 2 else server.mention
        guild = guilds[person % len(guilds)]
        text, word = texts[number % len(texts)], own.get(guild)
        if word and number // (size // EACH) == EACH - 1:
            text = OWN_QUESTION
        question = await use(text, person=person, guild=guild)
        people[person].append(question)
        expected[question] = QUESTIONS.get(text) or str(word), word
    figures.asked += size
    with suppress(TimeoutError):
        await server.answered(*expected, seconds=30)
    place = {question: number for number, question in enumerate(server.order)}
    for question, (word, allowed) in expected.items():
        answers = server.answers.get(question, [])
        figures.lost += not answers
        figures.twice += len(answers) > 1
        said = [json.dumps(answer["components"]) for answer in answers]
        figures.wrong += any(
            word not in text or set(_OWN_WORD.findall(text)) - {allowed} for text in said
        )
    for asked in people.values():
        places = [place.get(question, -1) for question in asked]
        figures.out_of_order += places != sorted(places)


async def _measure_lag(lags: list[float], every: float = 0.01) -> None:
    while True:
        before = time.perf_counter()
        await asyncio.sleep(every)
        lags.append(max(0.0, time.perf_counter() - before - every))


async def _reindex(library: Library, figures: Figures) -> None:
    while True:
        if figures.reindexed % _CHANGED_EVERY == 0:
            tides = f"# Tides\n\nThe tide of day {figures.reindexed} was high.\n"
            (library.folder / "tides.en.md").write_text(tides, encoding="utf-8")
        await asyncio.to_thread(library.reindex)
        figures.reindexed += 1
        await asyncio.sleep(0.05)


def _resident() -> float:
    """The process's resident memory in MB; 0 where Linux's /proc is missing."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * 4096 / 1e6


def write_corpus(folder: Path) -> Library:
    """The corpus of the questions, indexed."""
    folder.mkdir()
    for name, text in CORPUS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return Library(folder)


def write_own(folder: Path, guilds: Iterable[int]) -> dict[int, str]:
    """Give every other server a source of its own; a word of each, by the server's id."""
    words = {guild: f"Berth{number}" for number, guild in enumerate(guilds) if number % 2}
    for guild, word in words.items():
        (folder / str(guild)).mkdir(parents=True)
        text = OWN_SOURCE.format(word=word)
        (folder / str(guild) / "ferry.en.md").write_text(text, encoding="utf-8")
    return words


async def measure(library: Library, options: argparse.Namespace) -> Figures:
    """Start a server and the bot, and load them."""
    async with Discord(guilds=options.guilds, limit=(10_000, 1.0)) as server:
        server.gateway.interval = HEARTBEAT
        discord.http.Route.BASE = server.base
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(server.gateway.url)
        home = library.folder.parent / "servers"
        own = write_own(home, server.gateway.guilds)
        build = partial(build_bot, library, servers_dir=home)
        bot = asyncio.create_task(connection.serve(build, TOKEN))
        await server.gateway.until("identified", 1)
        figures = await load(
            server,
            library,
            own,
            rounds=options.rounds,
            bursts=options.bursts,
            burst=options.burst,
        )
        bot.cancel()
        await asyncio.wait((bot,), timeout=10)
        for strange in server.strange:
            print(strange, file=sys.stderr)
    return figures


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--guilds", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--bursts", type=int, default=10, help="in each round")
    parser.add_argument("--burst", type=int, default=200, help="questions at once")
    options = parser.parse_args()
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory() as folder:
        library = write_corpus(Path(folder) / "corpus")
        connection.tune_event_loop()
        figures = asyncio.run(measure(library, options))
    memory = figures.resident
    rows = {
        "questions asked": f"{figures.asked:,}",
        "lost": figures.lost,
        "answered twice": figures.twice,
        "answered wrong": figures.wrong,
        "people answered out of order": figures.out_of_order,
        "questions a second": f"{figures.asked / figures.seconds:.0f}",
        "slowest answer to /ask": f"{figures.slowest:.2f} s (Discord waits 3 s)",
        "event-loop lag, median / 99 % / most": " / ".join(
            f"{figures.lag(share):.0f}" for share in (0.5, 0.99, 1)
        )
        + " ms",
        "heartbeats, latest": f"{figures.beats}, {1000 * figures.late:.0f} ms late",
        "reindexed": f"{figures.reindexed} times",
        "memory after rounds 1, 2, half, last": " / ".join(
            f"{memory[n]:.0f}" for n in (0, min(1, len(memory) - 1), len(memory) // 2, -1)
        )
        + " MB",
        "objects after the same": " / ".join(
            f"{figures.objects[n]:,}" for n in (0, min(1, len(memory) - 1), len(memory) // 2, -1)
        ),
    }
    print("| load | figure |\n|---|---|")
    for name, value in rows.items():
        print(f"| {name} | {value} |")


if __name__ == "__main__":
    main()
