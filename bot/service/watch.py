"""The corpus folder, watched: a changed file is picked up by itself, a burst of changes as one.

What cannot be read never replaces the index in service; it is logged, and tried again with the next
change. The folder may vanish, as when a disk is unmounted: it is watched again once it is back.
What articles that are links lead to is looked at every few seconds, since nothing tells of changes
there: an update of a Kubernetes volume turns one link, ``..data``, that all its files lead through.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import stat
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from watchfiles import Change, awatch

from bot.corpus.companions import GLOSSARY_NAME, QUESTIONS_NAME
from bot.corpus.filenames import is_hidden
from bot.errors import CorpusError, ReindexRunning, printable
from bot.formats.reader import SUFFIXES
from bot.service.library import Library, ReindexReport

log = logging.getLogger(__name__)

#: Milliseconds without a change after which a burst is over. Editors and copies write in pieces a
#: few milliseconds apart; a person waits for half a second without noticing.
QUIET = 500

#: Milliseconds after which a burst without a pause is read all the same.
LONGEST_BURST = 10_000

#: Milliseconds between two looks whether the folder is still the same: not every system tells that
#: a disk was unmounted or a link leads elsewhere.
GLANCE = 2_000

#: Seconds before the next try where the folder is gone or another reindex runs.
PAUSE = 1.0

Identity = tuple[int, int]

_Targets = dict[str, tuple[int, int, int] | None]


async def watch(library: Library) -> None:
    """Reindex whenever a file of the library's folder changes; runs until it is cancelled.

    The folder is read once at the start as well: it may have changed since the library was loaded.
    """
    # It tells of every change that it sees, also of those that do not matter here.
    logging.getLogger("watchfiles").setLevel(logging.WARNING)
    told = False
    while True:
        try:
            identity = await asyncio.to_thread(_identity, library.folder)
            if told:
                log.info("%s is there again", _shown(library.folder))
            told = False
            await _follow(library, identity)
        except (OSError, RuntimeError) as error:  # watchfiles raises both
            if not told:
                reason = (getattr(error, "strerror", None) or str(error)).lower()
                log.warning(
                    "%s cannot be watched (%s); the index in service stays, and it is tried again",
                    _shown(library.folder),
                    reason,
                )
            told = True
        await asyncio.sleep(PAUSE)


async def _follow(library: Library, identity: Identity) -> None:
    """Reindex for every burst of changes, until another folder stands in the place of this one.

    Raises OSError if the folder is gone.
    """
    folder = library.folder
    itself = {str(folder), str(folder.resolve())}
    started, targets = False, _Targets()
    async for changes in awatch(
        folder,
        watch_filter=partial(_matters, itself),
        debounce=LONGEST_BURST,
        step=QUIET,
        rust_timeout=GLANCE,
        yield_on_timeout=True,
        recursive=False,
    ):
        paths = {path for _, path in changes}
        replaced = await asyncio.to_thread(_identity, folder) != identity
        if replaced or paths & itself:
            return
        before, targets = targets, await asyncio.to_thread(_targets, folder)
        if paths or not started or targets != before:
            await _reindex(library, sorted(Path(path).name for path in paths))
        started = True


def _identity(folder: Path) -> Identity:
    """What tells a folder from another one of its name. Raises OSError if there is none."""
    found = folder.stat()
    if not stat.S_ISDIR(found.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    return found.st_dev, found.st_ino


def _targets(folder: Path) -> _Targets:
    """What tells of each link in a folder whether what it leads to has changed; None where it leads
    nowhere. Raises OSError if the folder is gone.
    """
    found: _Targets = {}
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_symlink() and _is_read(entry.name):
                try:
                    target = entry.stat()
                except OSError:
                    found[entry.name] = None
                else:
                    found[entry.name] = (target.st_dev, target.st_ino, target.st_mtime_ns)
    return found


def _is_read(name: str) -> bool:
    """Whether a file of a name is read. Hidden ones are not, among them the temporary ones of most
    editors.
    """
    read = name.lower().endswith(SUFFIXES) or name in (GLOSSARY_NAME, QUESTIONS_NAME)
    return read and not is_hidden(name)


def _matters(itself: Iterable[str], _change: Change, path: str) -> bool:
    """Whether a change may be one of what is read: of an article's file, or of the folder."""
    return path in itself or _is_read(Path(path).name)


async def _reindex(library: Library, names: Iterable[str]) -> None:
    """Reindex beside the event loop, after any other reindex; log what came of it."""
    told = ", ".join(map(printable, names)) or "watching begins"
    log.debug("reindexing: %s", told)
    while True:
        try:
            done, other = await asyncio.to_thread(_reindexed, library)
        except ReindexRunning:
            await asyncio.sleep(PAUSE)
            continue
        except CorpusError as error:
            for problem in error.problems:
                log.error("not reindexed: %s", problem)  # noqa: TRY400  # no traceback to a user
        except Exception:
            log.exception("the corpus could not be reindexed")
        else:
            level = logging.INFO if other else logging.DEBUG
            counts = len(done.added), len(done.removed), len(done.changed)
            log.log(
                level,
                "reindexed in %.1f s: %d added, %d removed, %d changed",
                done.seconds,
                *counts,
            )
        return


def _reindexed(library: Library) -> tuple[ReindexReport, bool]:
    """What a reindex did, and whether anything is other than before, be it only the glossary."""
    before = library.corpus
    done = library.reindex()
    return done, library.corpus != before


def _shown(folder: Path) -> str:
    return printable(str(folder))
