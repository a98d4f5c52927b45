"""The plot of a run: time of a question and of a build by size, for each engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tests.benchmarks.turns import Measured

# Okabe and Ito's colours, which colour-blind readers can tell apart; markers tell them too.
_STYLES = {
    "ours": ("#d55e00", "o"),
    "rank-bm25": ("#555555", "s"),
    "bm25s, numpy": ("#0072b2", "v"),
    "bm25s, numba": ("#56b4e9", "^"),
    "tantivy": ("#009e73", "D"),
    "SQLite FTS5": ("#cc79a7", "P"),
}


def draw(by_size: Sequence[tuple[int, Sequence[Measured]]], path: Path) -> None:
    """Draw two panels on a light card of its own, which reads on light and dark pages alike."""
    mpl.rcParams["svg.hashsalt"] = "treaty-bot"
    figure = Figure(figsize=(10, 4.2), dpi=150, facecolor="#f6f8fa", forward="constrained")
    search, build = figure.subplots(1, 2)
    _panel(search, by_size, "A question, top 10: median (µs)", _median_microseconds)
    _panel(build, by_size, "Building, tokens ready (s)", lambda one: one.build)
    search.legend(fontsize=8, framealpha=0.9)
    figure.savefig(path, metadata={"Software": None})


def _median_microseconds(one: Measured) -> float:
    return 1e6 * float(np.median(one.questions))


def _panel(
    axes: Axes,
    by_size: Sequence[tuple[int, Sequence[Measured]]],
    title: str,
    value: Callable[[Measured], float],
) -> None:
    """One line an engine, both axes logarithmic."""
    for name, (colour, marker) in _STYLES.items():
        points = [
            (size, value(one)) for size, found in by_size for one in found if one.name == name
        ]
        sizes, values = zip(*points, strict=True) if points else ((), ())
        axes.plot(
            sizes,
            values,
            color=colour,
            marker=marker,
            markersize=5,
            linewidth=2.5 if name == "ours" else 1.3,
            label=name,
            zorder=3 if name == "ours" else 2,
        )
    axes.set(title=title, xlabel="documents", xscale="log", yscale="log")
    axes.set_facecolor("#ffffff")
    axes.grid(visible=True, which="major", color="#d0d7de", linewidth=0.7)
