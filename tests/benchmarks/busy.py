"""How late the event loop runs when much is done at once: ``python -m tests.benchmarks.busy``.

Over 100,000 sentences in 10,000 sources and more: previews of files as large as each format may
be, suggestions at ten keystrokes a second, *Find sources* of 4,000 characters one after the other,
and a reindex of articles that have all changed. What each does on the loop and what in a thread is
as in ``bot.commands``, without Discord's share. A ticker tells the lag, beside that of a loop with
nothing to do in the same run.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from itertools import cycle
from pathlib import Path

import numpy as np

from bot.chat.answers import MessageOptions, answer_message
from bot.chat.reports import render_problems, render_reindexed
from bot.chat.suggestions import Suggestions
from bot.commands.ask import sources_for
from bot.commands.choices import choices
from bot.commands.corpus_preview import render_upload
from bot.connection import tune_event_loop
from bot.errors import CorpusError
from bot.formats.reader import LIMITS
from bot.service.corpus_files import CorpusFiles
from bot.service.library import Library
from bot.service.upload import broken_by, examine
from tests.benchmarks.corpora import SEED, read_lines, write_zipfian
from tests.test_hostile_files import FONT, body, pdf, stream, word

#: Seconds between the ticks, and between two keystrokes.
TICK, KEYSTROKE = 0.001, 0.1
#: Characters of a message whose sources are sought: the longest that Discord takes from who pays.
MESSAGE = 4000
#: What may be added to the lag of an idle loop, in ms: 99 % of the ticks, and the worst.
BAR = (20.0, 100.0)

Work = Callable[[], Awaitable[object]]


async def ticking(lags: list[float]) -> None:
    """Note how late each tick is, in seconds."""
    while True:
        start = time.perf_counter()
        await asyncio.sleep(TICK)
        lags.append(time.perf_counter() - start - TICK)


async def lags_of(*works: Work, until: Awaitable[object]) -> list[float]:
    """The lags while some work is done again and again, until another one is done."""
    lags: list[float] = []
    tasks = [asyncio.create_task(ticking(lags))]
    tasks += [asyncio.create_task(_again(work)) for work in works]
    await until
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return lags


async def _again(work: Work) -> None:
    while True:
        await work()


class Bot:
    """The parts of the client that this needs, on a corpus."""

    def __init__(self, articles: Path, changed: Path, asked: list[str]) -> None:
        self.library = Library(articles)
        self.changed, self.suggestions = changed, Suggestions()
        self.typed = cycle(prefix for text in asked for prefix in _prefixes(text))
        chosen = random.Random(SEED)
        texts = [" ".join(chosen.choices(asked, k=200))[:MESSAGE] for _ in range(50)]
        self.messages = cycle(texts)
        self.counts = {"keystrokes": 0, "messages": 0, "reindexes": 0}

    async def keystroke(self) -> None:
        """As ``choices.offer_questions``."""
        due = time.perf_counter() + KEYSTROKE
        lists = await self.suggestions.of(self.library.corpus)
        choices(lists.questions.beginning(next(self.typed)))
        self.counts["keystrokes"] += 1
        await asyncio.sleep(max(0.0, due - time.perf_counter()))

    async def message(self) -> None:
        """As ``ask.find_sources``."""
        answer = await asyncio.to_thread(sources_for, self.library, next(self.messages), "en")
        answer_message(answer, MessageOptions("en"))
        self.counts["messages"] += 1

    async def reindex(self) -> None:
        """As ``/reindex``, every article having changed."""
        await asyncio.to_thread(
            shutil.copytree, self.changed, self.library.folder, dirs_exist_ok=True
        )
        report = await asyncio.to_thread(self.library.reindex)
        render_reindexed(report, "en")
        self.counts["reindexes"] += 1

    async def preview(self, name: str, data: bytes) -> str:
        """As ``corpus_preview.preview_upload``; what came of it."""
        files = CorpusFiles(self.library.folder)
        try:
            upload = await asyncio.to_thread(examine, files, name, data)
        except CorpusError as error:
            render_problems(error, "Refused:", "en")
            return f"refused: {error.problems[0].reason.partition(';')[0]}"
        render_upload(upload, "en")
        broken_by(self.library.corpus, upload)
        return f"{len(upload.rendering.passages):,} passages"


def _prefixes(text: str) -> Iterator[str]:
    yield from (text[:end] for end in range(len(text) + 1))


# ---------------------------------------------------------------- files as large as they may be


def largest(text: str) -> dict[str, bytes]:
    """A file of each format as large as it may be, or with as much text as such a file may have."""
    paragraphs = text.split("\n\n")
    plain = (text + "\n\n") * (LIMITS[".md"] // len(text) + 1)
    return {
        "large.md": plain.encode()[: LIMITS[".md"]],
        "sentence.txt": plain.replace(".", ",").replace("\n", " ").encode()[: LIMITS[".txt"]],
        "large.html": _page(paragraphs),
        "large.pdf": _pdf(paragraphs),
        "large.docx": _word(paragraphs),
    }


def _page(paragraphs: list[str]) -> bytes:
    """A page of a hundred sections, each paragraph as long as the page may be large."""
    each = (LIMITS[".html"] - 10_000) // 100
    texts = ((" ".join(paragraphs) + " ") * (each // 10_000 + 1) for _ in range(100))
    inner = "".join(f"<section><p>{one[: each - 30]}</p></section>" for one in texts)
    return f"<!DOCTYPE html><html><body><article>{inner}</article></body></html>".encode()


def _pdf(paragraphs: list[str]) -> bytes:
    """A PDF of a thousand pages of 40 lines, and pictures to fill it up."""
    pages = 1000
    kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
        FONT,
    ]
    for number in range(pages):
        lines = [paragraphs[(40 * number + n) % len(paragraphs)][:90] for n in range(40)]
        shown = b" ".join(b"(%s) Tj 0 -14 Td" % line.encode() for line in lines)
        contents = stream(b"BT /F1 9 Tf 40 740 Td " + shown + b" ET")
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * number),
            contents,
        ]
    room = LIMITS[".pdf"] - sum(map(len, objects)) - 100_000
    return pdf(*objects, stream(bytes(room)))


def _word(paragraphs: list[str]) -> bytes:
    """A Word file whose text unpacks to nearly as much as it may."""
    inner = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs).encode()
    return word(body(inner * (19_000_000 // len(inner))))


# ---------------------------------------------------------------- the table


async def measure(bot: Bot, files: dict[str, bytes], seconds: float) -> None:
    """Print the lag of an idle loop and of a busy one, and what was done meanwhile."""
    idle = await lags_of(until=asyncio.sleep(seconds))
    came: dict[str, str] = {}

    async def previews() -> None:
        for name, data in files.items():
            start = time.perf_counter()
            said = await bot.preview(name, data)
            came[name] = f"{len(data) / 1e6:.0f} MB, {said}, {time.perf_counter() - start:.1f} s"

    busy = await lags_of(bot.keystroke, bot.message, bot.reindex, until=previews())
    print("| loop | p50 ms | p99 ms | most ms | ticks |\n| --- | --- | --- | --- | --- |")
    for name, lags in (("idle", idle), ("busy", busy)):
        shown = " | ".join(f"{1000 * np.percentile(lags, share):.1f}" for share in (50, 99, 100))
        print(f"| {name} | {shown} | {len(lags):,} |")
    p99, most = (1000 * (np.percentile(busy, q) - np.percentile(idle, q)) for q in (99, 100))
    print(f"| above idle | | {p99:.1f} of {BAR[0]:.0f} | {most:.1f} of {BAR[1]:.0f} | |")
    print("\nMeanwhile: " + ", ".join(f"{count:,} {what}" for what, count in bot.counts.items()))
    for name, said in came.items():
        print(f"- `{name}`: {said}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--sentences", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=10.0, help="of the idle loop")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part, seed in (("corpus", SEED), ("changed", SEED + 1)):
            write_zipfian(folder / part, options.sentences, seed, passages_an_article=3)
        articles = folder / "corpus" / "articles"
        text = "\n\n".join(read_lines(folder / "corpus" / "passages.txt")[:1000])
        asked = read_lines(folder / "corpus" / "asked.txt")
        bot = Bot(articles, folder / "changed" / "articles", asked)
        held = bot.library.corpus
        print(f"{len(held.articles):,} sources, {held.sentences:,} sentences\n", flush=True)
        bot.library.answer(asked[0])  # the first reads the lexicon
        tune_event_loop()
        asyncio.run(measure(bot, largest(text), options.seconds))


if __name__ == "__main__":
    main()
