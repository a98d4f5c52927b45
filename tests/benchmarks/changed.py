"""What one changed article of many costs: ``python -m tests.benchmarks.changed``.

The folder is read and indexed whole; then one article after the other gets one more sentence with a
word of its own, and the folder is read and indexed on from what stood there, in a process that is
set up as the bot's. Cached on disk is nothing.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from html import escape
from pathlib import Path
from statistics import median

from bot.connection import tune_event_loop
from bot.corpus.folder import FolderState, scan
from bot.index.build import Index, build_index
from tests.benchmarks.corpora import write_zipfian

#: Sentences of an article: eight passages of one to five.
_SENTENCES_AN_ARTICLE = 24

#: Seconds until the times of a file can be trusted, see bot.corpus.folder.
_SETTLED = 2.1

_CHANGES = 9

_PAGE = """<!doctype html><html lang="en"><head><title>{title}</title>
<style>p {{ margin: 0 }}</style></head><body><nav><ul>{menu}</ul></nav>
<article><h1>{title}</h1>{paragraphs}</article>
<footer><p>All rights reserved.</p></footer></body></html>"""
_MENU = "".join(f"<li><a href='/{n}'>Section {n}</a></li>" for n in range(20))


def main() -> None:
    """Print a row of a table for Markdown and one for saved web pages."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.changed")
    parser.add_argument("--articles", type=int, default=10_000)
    options = parser.parse_args()
    print(
        "| format | articles | read | index | one changed: first | later | share, first | later |"
    )
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        write_zipfian(Path(folder), options.articles * _SENTENCES_AN_ARTICLE)
        articles = Path(folder) / "articles"
        _print_row("Markdown", articles)
        for path in list(articles.iterdir()):
            path.with_suffix(".html").write_text(_page(path.read_text("utf-8")), encoding="utf-8")
            path.unlink()
        _print_row("web pages", articles)


def _page(markdown: str) -> str:
    """The same article as a page with a menu."""
    title, *paragraphs = markdown.split("\n\n")
    told = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    return _PAGE.format(title=title.removeprefix("# "), menu=_MENU, paragraphs=told)


def _print_row(name: str, folder: Path) -> None:
    before, (reading, index) = _timed(folder, None)
    tune_event_loop()
    time.sleep(_SETTLED)
    reading = scan(folder, reading, now=time.time_ns())
    took = []
    for number, path in enumerate(
        sorted(folder.iterdir())[:: len(index.corpus.articles) // _CHANGES]
    ):
        text = path.read_text("utf-8")
        last = text.partition("</article>")[0].rindex(".") + 1
        path.write_text(f"{text[:last]} It is new{number}.{text[last:]}", encoding="utf-8")
        spent, (reading, index) = _timed(folder, (reading, index))
        took.append(sum(spent))
    first, later, whole = took[0], median(took[1:]), sum(before)
    print(
        f"| {name} | {len(index.corpus.articles):,} | {before[0]:.2f} s | {before[1]:.2f} s"
        f" | {first:.2f} s | {later:.2f} s | {first / whole:.1%} | {later / whole:.1%} |"
    )


def _timed(
    folder: Path, known: tuple[FolderState, Index] | None
) -> tuple[tuple[float, float], tuple[FolderState, Index]]:
    """Seconds of reading and of indexing, and what came of it."""
    start = time.perf_counter()
    reading = scan(folder, known[0] if known else None, now=time.time_ns())
    read = time.perf_counter()
    index = build_index(reading.corpus, known[1] if known else None)
    return (read - start, time.perf_counter() - read), (reading, index)


if __name__ == "__main__":
    main()
