"""The figures of a run as Markdown."""

from __future__ import annotations

import datetime
import os
import platform
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np

from tests.benchmarks.loop_lag import Lag, Loading
from tests.benchmarks.turns import Measured

README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- speed: begin -->", "<!-- speed: end -->"

_PACKAGES = ("numpy", "rank-bm25", "bm25s", "numba", "tantivy")
_MEGABYTE = 1e6


@dataclass(frozen=True)
class Sized:
    """What was measured of every engine on one collection."""

    label: str
    sentences: int
    found: Sequence[Measured]
    synthetic: bool = True


def machine() -> str:
    """The machine, the versions and the date, in a sentence."""
    packages = ", ".join(f"{package} {version(package)}" for package in _PACKAGES)
    return (
        f"Machine: {platform.machine()}, {os.cpu_count()} cores ({_processor()}), CPython "
        f"{platform.python_version()}, {packages}, SQLite {sqlite3.sqlite_version}; "
        f"{datetime.datetime.now(datetime.UTC).date()}."
    )


def _processor() -> str:
    """The processor's name where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    return next((line.split(": ")[1] for line in lines if line.startswith("model name")), "unknown")


def engines(sizes: Sequence[Sized]) -> str:
    """A table of engines; the ratios are to ours, so that above 1 ours is ahead."""
    head = (
        "collection",
        "engine",
        "build s",
        "ratio",
        "peak MB",
        "disk MB",
        "p50 µs",
        "p99 µs",
        "p50 ratio",
        "questions",
    )
    return table(head, (row for size in sizes for row in _rows(size)))


def _rows(size: Sized) -> Iterator[Sequence[str]]:
    ours = size.found[0]
    for one in size.found:
        asked = np.array(one.questions)
        yield (
            size.label,
            f"**{one.name}**" if one is ours else one.name,
            f"{one.build:.3g}",
            f"{one.build / ours.build:.2f}",
            f"{one.memory / _MEGABYTE:,.0f}",
            "–" if one.disk is None else f"{one.disk / _MEGABYTE:,.1f}",
            *(
                (
                    f"{1e6 * np.median(asked):,.0f}",
                    f"{1e6 * np.percentile(asked, 99):,.0f}",
                    f"{np.median(asked) / np.median(ours.questions):.2f}",
                    str(len(asked)),
                )
                if len(asked)
                else ("–",) * 4
            ),
        )


def lag(quiet: Lag, busy: Lag) -> str:
    """A table of the loop's lateness."""
    head = (
        "the loop answers 20 questions a second",
        "p50 ms",
        "p99 ms",
        "max ms",
        "for s",
        "answers",
    )
    rows = [("and nothing else", quiet), ("while all articles are reindexed in a thread", busy)]
    return table(
        head,
        (
            (
                name,
                *(f"{one.milliseconds(p):.1f}" for p in (50, 99, 100)),
                f"{one.seconds:.1f}",
                str(one.answers),
            )
            for name, one in rows
        ),
    )


def loading(found: Loading) -> str:
    """A sentence on loading from the cache."""
    return (
        f"Read, built and saved in {found.build:.2f} s, loaded in {found.load:.3f} s "
        f"({found.build / found.load:.0f} times faster); a start, which looks whether a file has "
        f"changed, takes {found.start:.3f} s; {found.disk / _MEGABYTE:,.0f} MB on disk."
    )


def against_first(head: Sequence[str], values: dict[str, float], *, digits: int) -> str:
    """A table of values beside the first of them."""
    first = next(iter(values.values()))
    rows = ((f"`{k}`", f"{v:.{digits}f}", f"{v / first:.2f}") for k, v in values.items())
    return table(head, rows)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write_section(text: str) -> None:
    """Replace what stands between the two marks in README.md, which has them once each."""
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    README.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")
