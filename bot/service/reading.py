"""Files from outside, read in a process of their own: ``python -m bot.service.reading FOLDER``.

A regular expression over ten megabytes, or a parser of PDFs, holds the interpreter for seconds
whatever the thread, and no thread can be stopped. A process can: one at a time reads, with less
claim to the processor than the bot, for so long and with so much memory at most; what it has used
is given back when it ends.
"""

from __future__ import annotations

import logging
import os
import pickle
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from bot.corpus.folder import read_corpus
from bot.corpus.model import Corpus
from bot.errors import CorpusError, Problem

try:
    import resource
except ImportError:  # Windows: time is limited there, memory is not
    resource = None  # type: ignore[assignment]

log = logging.getLogger(__name__)

#: Seconds: five times what the slowest file within the limits of size takes on two cores.
MOST_SECONDS = 120.0

#: MB beyond what the process has before it reads: half of what deploy/treaty-bot.service allows.
MOST_MEGABYTES = 512

#: What the environment holds that a reader of foreign files need not know.
_SECRET = "DISCORD_TOKEN"  # noqa: S105  # its name

_one = threading.Lock()


def read_apart(
    folder: Path,
    newest: Path,
    seconds: float = MOST_SECONDS,
    megabytes: int = MOST_MEGABYTES,
) -> Corpus:
    """Read a folder as ``read_corpus`` does, in another process; waits until that has ended.

    Raises CorpusError as that does, and for the ``newest`` of the files where the process takes
    more time or memory than it may.
    """
    command = [sys.executable, "-m", __name__, str(folder.absolute()), str(megabytes)]
    environment = {name: value for name, value in os.environ.items() if name != _SECRET}
    with _one:
        try:
            done = subprocess.run(  # noqa: S603  # our own module
                command,
                cwd=Path(__file__).parents[2],
                env=environment,
                input=b"",
                capture_output=True,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise _refusal(newest, f"takes longer than {seconds:.0f} s to read; split it") from None
    if not done.stdout:  # ended from outside, or by an error in a library
        log.warning("a reader of files ended with status %d", done.returncode)
        raise _refusal(newest, "cannot be read: its reader was ended; split it or save it anew")
    read = pickle.loads(done.stdout)  # noqa: S301  # written by our own module
    if isinstance(read, Corpus):
        return read
    if isinstance(read, str):
        log.error("a reader of files crashed:\n%s", read)
        raise _refusal(newest, "cannot be read: its reader crashed; save it anew")
    if read is None:
        raise _refusal(newest, f"needs more than {megabytes} MB of memory to be read; split it")
    raise CorpusError(read)


def _refusal(path: Path, reason: str) -> CorpusError:
    return CorpusError([Problem(path, None, reason)])


def _read(folder: Path, megabytes: int) -> Corpus | tuple[Problem, ...] | str | None:
    """Return what a folder holds: its corpus, what is wrong with it, the traceback of another
    error, or None where the memory did not suffice.
    """
    try:
        _limit_memory(megabytes)
        return read_corpus(folder)
    except CorpusError as error:
        return error.problems
    except MemoryError:
        return None
    except Exception:  # noqa: BLE001  # told in the log of the bot
        return traceback.format_exc()


def _limit_memory(megabytes: int) -> None:
    """Let this process have so much more memory than it has; only Linux tells how much that is."""
    size = Path("/proc/self/statm")
    if resource and size.exists():
        pages = int(size.read_text(encoding="ascii").split()[0])
        most = pages * resource.getpagesize() + megabytes * 1_000_000
        with suppress(OSError, ValueError):  # where a sandbox forbids it
            resource.setrlimit(resource.RLIMIT_AS, (most, most))


def main(arguments: Iterable[str]) -> None:
    """Read a folder for the process that waits at the other end of the standard output."""
    folder, megabytes = arguments
    with suppress(OSError, AttributeError):  # where a sandbox forbids it; Windows has no nice
        os.nice(10)
    with suppress(OSError):  # the system that runs out of memory ends this process, not the bot
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as answer:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):  # what a library prints is no answer
            os.dup2(nowhere, stream.fileno())
        answer.write(pickle.dumps(_read(Path(folder), int(megabytes))))


if __name__ == "__main__":
    main(sys.argv[1:])
