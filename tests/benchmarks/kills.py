"""Kills a change of the corpus folder at any moment and looks at what is left.

    python -m tests.benchmarks.kills [--times 200] [--seed 0]

Each time a child process changes a fresh folder and is killed with SIGKILL: half of the times just
before or after its n-th system call that changes a folder or makes it last (n is spread over all of
them), half of the times at a random moment. Then the folder is
recovered and compared with what it was before and with what an undisturbed run makes of it. Some
recoveries are killed as well, and done again. A kill that came too late, after the change, is not
counted among the times. Exits with 1 if any folder is neither.

Needs ``os.fork``, so Linux or macOS.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from bot.service.corpus_files import CorpusFiles
from bot.service.transaction import INTENT_NAME, REMOVED_NAME, recover

ORIGINAL = "The treaty was ratified. It has articles.\n\nPutin had travelled to Pyongyang.\n" * 200
FILES = {
    "treaty.md": ORIGINAL.encode(),
    "treaty.fr.md": ORIGINAL.replace("The", "Le").encode(),
    "treaty.de.md": ORIGINAL.replace("The", "Der").encode(),
    "lighthouse.en.md": b"The keeper was called Ada Quill.\n",
    "glossary.toml": b"terms = []\n",
}
NEW = b"A new text, long enough to be half written. " * 20_000

#: What changes a folder, or makes a change last.
CALLS = ("replace", "fsync", "unlink", "mkdir", "open", "link", "rename")
#: A recovery makes at most so many of them; above that a child ends by itself.
RECOVERY_CALLS = 20
#: A step that no change reaches; the exit status that tells the steps has eight bits.
UNREACHED = 255
#: Kills come up to this much later than an undisturbed change takes: a child starts slowly.
LATEST = 1.2
#: The golden ratio, whose multiples fall evenly into any range.
SPREAD = 0.618034

State = tuple[dict[str, bytes], Counter[tuple[str, bytes]]]

#: What is done before, undisturbed, and from what that gives, what is killed.
CHANGES: dict[str, tuple[Callable[[CorpusFiles], Any], Callable[[CorpusFiles, Any], object]]] = {
    "put a new file": (bool, lambda corpus_files, _: corpus_files.put("otters.md", NEW)),
    "replace a file": (bool, lambda corpus_files, _: corpus_files.put("treaty.md", NEW)),
    "replace by another format": (
        bool,
        lambda corpus_files, _: corpus_files.put("treaty.txt", NEW),
    ),
    "undo a replacement": (
        lambda corpus_files: corpus_files.put("treaty.md", NEW),
        CorpusFiles.undo,
    ),
    "remove one translation": (bool, lambda corpus_files, _: corpus_files.remove("treaty", "fr")),
    "remove an article of 3 files": (bool, lambda corpus_files, _: corpus_files.remove("treaty")),
    "undo that": (lambda corpus_files: corpus_files.remove("treaty"), CorpusFiles.undo),
    "restore 3 files": (
        lambda corpus_files: corpus_files.remove("treaty"),
        lambda corpus_files, _: corpus_files.restore(corpus_files.removed()[0]),
    ),
}


def build(folder: Path) -> CorpusFiles:
    """A fresh folder."""
    folder.mkdir()
    for name, data in FILES.items():
        (folder / name).write_bytes(data)
    return CorpusFiles(folder)


def state(folder: Path) -> State:
    """What the folder holds for its readers, and what was removed, without the times."""
    removed = folder / REMOVED_NAME
    kept = {p.name: p.read_bytes() for p in folder.iterdir() if not p.name.startswith(".")}
    away = [(p.name[23:], p.read_bytes()) for p in removed.iterdir()] if removed.is_dir() else []
    return kept, Counter(away)


def strike(function: Any, left: list[int], *args: Any, **options: Any) -> Any:
    """A system call, before or after which the process kills itself when its turn has come."""
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    result = function(*args, **options)
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return result


def run_and_kill(work: Callable[[], object], *, step: int = 0, seconds: float = 0.0) -> int | None:
    """Do something in a child process that is killed: at a step, or after some seconds.

    If it ended before, how many steps it has.
    """
    child = os.fork()
    if child == 0:
        left = [step]
        if step:
            for name in CALLS:
                setattr(os, name, partial(strike, getattr(os, name), left))
        try:
            work()
        finally:
            os._exit(step - left[0])
    if not step:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return None if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def trial(change: str, number: int, chance: random.Random) -> tuple[bool, str]:
    """Kill one change; whether it was under way, and whether the folder is old, new or neither."""
    with tempfile.TemporaryDirectory() as name:
        folder, other = Path(name) / "corpus", Path(name) / "other"
        corpus_files = build(folder)
        prepare, work = CHANGES[change]
        prepared = prepare(corpus_files)
        shutil.copytree(folder, other, symlinks=True)
        old = state(folder)
        start = time.perf_counter()
        steps = run_and_kill(partial(work, CorpusFiles(other), prepared), step=UNREACHED)
        seconds = (time.perf_counter() - start) * LATEST * chance.random()
        new = state(other)
        assert steps
        assert old != new
        step = 1 + int(number * SPREAD % 1 * steps) if number % 2 else 0
        ended = run_and_kill(partial(work, corpus_files, prepared), step=step, seconds=seconds)
        if chance.random() < 0.5:
            run_and_kill(partial(recover, folder), step=chance.randrange(1, 2 * RECOVERY_CALLS))
        recover(folder)
        found = state(folder)
        tidy = not os.path.lexists(folder / INTENT_NAME)
        corpus_files.put("after.md", b"The folder can still be changed.")
        tidy = tidy and not list(folder.glob(".new-*"))
    if not tidy or found not in (old, new):
        return ended is None, "neither"
    return ended is None, "new" if found == new else "old"


def main() -> int:
    """Print a table: what was under way, how many times, and what was left."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--times", type=int, default=200, help="kills of changes under way")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    found: Counter[tuple[str, str]] = Counter()
    turns = ((change, number) for number in itertools.count() for change in CHANGES)
    for change, number in turns:
        killed, left = trial(change, number, chance)
        found[change, left] += 1
        found[change, "killed"] += killed
        if sum(n for (_, what), n in found.items() if what == "killed") >= options.times:
            break
    columns = ("killed", "too late", "old", "new", "neither")
    print(f"{'killed during':30}" + "".join(f"{column:>10}" for column in columns))
    for row in (*CHANGES, "all"):
        counts: Counter[str] = Counter()
        for (name, what), n in found.items():
            counts[what] += n if row in (name, "all") else 0
        counts["too late"] = counts["old"] + counts["new"] + counts["neither"] - counts["killed"]
        print(f"{row:30}" + "".join(f"{counts[column]:>10}" for column in columns))
    return 1 if any(what == "neither" for _, what in found) else 0


if __name__ == "__main__":
    sys.exit(main())
