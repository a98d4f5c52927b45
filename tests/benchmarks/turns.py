"""Engines measured in turn, each in a process of its own.

A process builds its engine, which gives its time and memory, then waits to be asked. All are asked
the same questions a few at a time, one engine after the other, so that noise hits them alike.
"""

from __future__ import annotations

import gc
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal

from tests.benchmarks.answerers import ANSWERERS, TokensReady
from tests.benchmarks.corpora import read_documents, read_lines
from tests.benchmarks.engines import ENGINES

AnswerType = Literal["search", "answers"]

#: Questions that one engine is asked before it is the next one's turn, and those before the first.
TURN, WARM_UP = 25, 5

#: Time for each engine's questions of one size: the slowest is asked fewer, in whole turns.
LONGEST_TURNS = 40.0

_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


@dataclass
class Measured:
    """What was measured of one engine on one collection."""

    name: str
    build: float  #: seconds; the median where it was built more than once
    memory: int  #: bytes that building took at its peak, beyond imports and input
    disk: int | None  #: bytes of the saved index; None where it cannot be saved
    questions: list[float] = field(default_factory=list)  #: seconds each


@dataclass
class _Subject:
    """An engine with its input and its questions."""

    build: Callable[[Path], object]
    ask: Callable[[Any], object]
    save: Callable[[Path], bool]
    questions: Sequence[Any]


def measure(
    kind: AnswerType, names: Sequence[str], collection: Path, builds: int
) -> list[Measured]:
    """Build every engine and ask it every question, in turn."""
    with ExitStack() as stack:
        pipes = {name: stack.enter_context(_worker(kind, name, collection)) for name in names}
        for pipe in pipes.values():
            pipe.recv()  # it has read its input: nobody works while another builds
        found = []
        for name, pipe in pipes.items():
            pipe.send(("build", builds))
            found.append(Measured(name, *pipe.recv()))
        asked = [one for one in found if not one.name.endswith("tokens ready")]
        count = len(read_lines(collection / "questions.txt"))
        for start in range(0, count, TURN):
            for one in asked[start // TURN % len(asked) :] + asked[: start // TURN % len(asked)]:
                if sum(one.questions) < LONGEST_TURNS:
                    pipes[one.name].send(("ask", start))
                    one.questions += pipes[one.name].recv()
    return found


@contextmanager
def _worker(kind: AnswerType, name: str, collection: Path) -> Iterator[Connection]:
    """The pipe to a process of one engine, which ends with the context."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, kind, name, collection), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        with suppress(OSError):
            ours.send(None)
        process.join()


def _serve(pipe: Connection, kind: AnswerType, name: str, collection: Path) -> None:
    """Do what is sent: build so many times, or ask the turn of questions from a number on."""
    subject = _subject(kind, name, collection)
    pipe.send(None)
    with tempfile.TemporaryDirectory() as kept:
        for command, number in iter(pipe.recv, None):
            if command == "build":
                pipe.send(_build(subject, Path(kept), number))
            else:
                if number == 0:
                    _ask(subject, subject.questions[-WARM_UP:])
                pipe.send(_ask(subject, subject.questions[number : number + TURN]))


def _subject(kind: AnswerType, name: str, collection: Path) -> _Subject:
    if kind == "search":
        engine, documents = ENGINES[name](), read_documents(collection)
        questions = [line.split() for line in read_lines(collection / "questions.txt")]
        return _Subject(
            lambda folder: engine.build(documents, folder), engine.top, engine.save, questions
        )
    answerer = ANSWERERS[name]()
    if isinstance(answerer, TokensReady):
        answerer.read(collection)
    return _Subject(
        lambda folder: answerer.build(collection, folder),
        answerer.answer,
        lambda folder: any(folder.iterdir()),
        read_lines(collection / "asked.txt"),
    )


def _build(subject: _Subject, kept: Path, times: int) -> tuple[float, int, int | None]:
    """Median seconds, peak of memory in bytes, bytes on disk. The last one built is kept."""
    seconds, peaks = [], []
    for number in range(times):
        folder = kept / str(number)
        folder.mkdir()
        gc.collect()
        before = _reset_peak()
        start = time.perf_counter()
        subject.build(folder)
        seconds.append(time.perf_counter() - start)
        peaks.append(_peak() - before)
    saved = subject.save(folder)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return statistics.median(seconds), peaks[0], size if saved else None


def _ask(subject: _Subject, questions: Sequence[Any]) -> list[float]:
    seconds = []
    for question in questions:
        start = time.perf_counter()
        subject.ask(question)
        seconds.append(time.perf_counter() - start)
    return seconds


def _reset_peak() -> int:
    """Forget the highest memory so far; bytes in use now, or the highest where it stays."""
    try:
        _CLEAR.write_text("5")  # proc(5): resets the peak
    except OSError:
        return _peak()
    return _status("VmRSS")


def _peak() -> int:
    """The most memory in bytes that this process has had in use."""
    if _STATUS.exists():
        return _status("VmHWM")
    unit = 1 if sys.platform == "darwin" else 1024  # getrusage(2) of each system
    return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _status(key: str) -> int:
    """A size in /proc/self/status, which gives it in KiB, in bytes."""
    lines = dict(line.split(":", 1) for line in _STATUS.read_text().splitlines())
    return 1024 * int(lines[key].split()[0])
