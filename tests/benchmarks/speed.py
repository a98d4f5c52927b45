"""How fast the bot is beside other engines: ``python -m tests.benchmarks.speed``.

Ours, stock rank-bm25, bm25s (numpy and numba), tantivy and SQLite FTS5 take the same tokens and
the same questions, in turn, each in a process of its own; see ``turns``. *Passage search*: each
sentence is a document; scores and the 10 best. *Whole answers*: from files or text to what a reader
is shown. Then the lag of the event loop, loading from the cache, start-up, and answers a second on
Discord.

A complete run writes its tables into README.md here and draws speed.png; ``--only`` just prints.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar, TypeVarTuple

from tests.benchmarks import loop_lag, start_up, tables
from tests.benchmarks.agreement import check
from tests.benchmarks.answerers import ANSWERERS
from tests.benchmarks.corpora import write_real, write_zipfian
from tests.benchmarks.engines import ENGINES
from tests.benchmarks.tables import Sized
from tests.benchmarks.turns import AnswerType, measure

PARTS = ("search", "answers", "lag", "loading", "start", "chat")
SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000, "1m": 1_000_000}

#: The size of the lag's measurement; a smaller run takes its largest.
LAG_SIZE = 100_000

#: Builds below this many sentences are so short that the median of three is taken.
SHORT_BUILD = 50_000

_PACKAGES = ("bm25s", "numba", "tantivy", "matplotlib", "simcord")
_PLOT = Path(__file__).parent / "speed.png"

_Given = TypeVarTuple("_Given")
_Result = TypeVar("_Result")


def apart(function: Callable[[*_Given], _Result], *args: *_Given) -> _Result:
    """Call a function in a new process, so that nothing of it stays in this one."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *args).result()


def main() -> int:
    """Measure, print, and after a complete run write the section and the plot."""
    options = _parser().parse_args()
    missing = [package for package in _PACKAGES if find_spec(package) is None]
    if missing:
        install = "pip install -c constraints.txt -e '.[bench]'"
        print(f"{', '.join(missing)}: not installed; run {install}", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        sections = []
        for section in _sections(options, Path(folder)):
            print(section, end="\n\n", flush=True)
            sections.append(section)
    if not options.only:
        tables.write_section("\n\n".join(sections))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument(
        "--sizes",
        type=lambda text: [SIZES[size] for size in text.lower().split(",")],
        default=list(SIZES.values()),
        metavar="1k,10k,100k,1m",
        help="sentences of the Zipfian collections (default: all four)",
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="folder of real sets")
    parser.add_argument("--only", nargs="+", choices=PARTS, metavar="PART", help=" ".join(PARTS))
    return parser


def _sections(options: argparse.Namespace, folder: Path) -> Iterator[str]:
    """Each part's Markdown, as it is ready."""
    from tests.benchmarks import chat_rate  # here, since it needs an optional package

    parts = options.only or PARTS
    yield tables.machine()
    sizes = sorted(options.sizes)
    for size in sizes if {"search", "answers", "lag", "loading"} & set(parts) else ():
        apart(write_zipfian, folder / str(size), size)
    real = apart(write_real, folder / "real", options.data) if options.data else None
    if "search" in parts:
        yield " ".join(apart(check, folder / str(sizes[0])))
        found = list(_measured("search", folder, sizes, real))
        yield f"### Passage search\n\n{tables.engines(found)}"
        if not options.only:
            _draw(found)
    if "answers" in parts:
        answered = list(_measured("answers", folder, sizes, real))
        yield f"### Whole answers\n\n{tables.engines(answered)}"
    if "lag" in parts:
        size = max((one for one in sizes if one <= LAG_SIZE), default=sizes[0])
        quiet, busy = apart(loop_lag.measure_lag, folder / str(size), size)
        yield f"### Event loop, {size:,} sentences\n\n{tables.lag(quiet, busy)}"
    if "loading" in parts:
        loaded = apart(loop_lag.measure_loading, folder / str(sizes[-1]))
        yield f"### Loading, {sizes[-1]:,} sentences\n\n{tables.loading(loaded)}"
    if "start" in parts:
        seconds = start_up.measure_start_up()
        head = ("start-up", "median s", "ratio")
        yield f"### Start-up\n\n{tables.against_first(head, seconds, digits=3)}"
    if "chat" in parts:
        rates = apart(chat_rate.measure_chat, start_up.ROOT / "corpus")
        head = ("client", "answers a second", "ratio")
        yield f"### Answers on Discord\n\n{tables.against_first(head, rates, digits=0)}"


def _measured(
    kind: AnswerType, folder: Path, sizes: Sequence[int], real: str | None
) -> Iterator[Sized]:
    """Every engine on every collection."""
    labels = {str(size): f"{size:,}" for size in sizes} | ({"real": real} if real else {})
    for name, label in labels.items():
        collection = folder / name
        sentences = len((collection / "documents.txt").read_bytes().splitlines())
        builds = 3 if sentences < SHORT_BUILD else 1
        names = list(ENGINES if kind == "search" else ANSWERERS)
        print(f"measuring {kind}: {label}", file=sys.stderr)
        yield Sized(label, sentences, measure(kind, names, collection, builds), name != "real")


def _draw(found: Sequence[Sized]) -> None:
    from tests.benchmarks.plot import draw  # here, since it needs an optional package

    draw([(one.sentences, one.found) for one in found if one.synthetic], _PLOT)


if __name__ == "__main__":
    sys.exit(main())
