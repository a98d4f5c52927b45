"""The corpus folder, watched: a changed file is picked up by itself, a burst of changes as one.

A file that cannot be read is logged, stays as it was, and is tried again with the next change. The
folder may vanish, as when a disk is unmounted: it is watched again once it is back.
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
from bot.errors import CorpusError, Problem, ReindexRunning, printable
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
        watch_filter=partial(_matters, itself, folder),
        debounce=LONGEST_BURST,
        step=QUIET,
        rust_timeout=GLANCE,
        yield_on_timeout=True,
        recursive=True,
    ):
        paths = {path for _, path in changes}
        replaced = await asyncio.to_thread(_identity, folder) != identity
        if replaced or paths & itself:
            return
        before, targets = targets, await asyncio.to_thread(_targets, folder)
        if paths or not started or targets != before:
            await _reindex(library, sorted(_below(folder, path).as_posix() for path in paths))
        started = True


def _identity(folder: Path) -> Identity:
    """Return what tells a folder from another one of its name. Raises OSError if there is none."""
    found = folder.stat()
    if not stat.S_ISDIR(found.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    return found.st_dev, found.st_ino


def _targets(folder: Path) -> _Targets:
    """Return what tells of each link and each folder in a folder whether what it leads to has
    changed; None where it leads nowhere. Raises OSError if the folder is gone.
    """
    found: _Targets = {}
    waiting = [folder]
    while waiting:
        inner = waiting.pop()
        try:
            entries = list(os.scandir(inner))
        except OSError:
            if inner == folder:
                raise
            continue  # which reading tells
        for entry in entries:
            linked, is_folder = entry.is_symlink(), _is_folder(entry)
            if is_hidden(entry.name) or not (is_folder or (linked and _is_read(entry.name))):
                continue
            if is_folder and not linked:
                waiting.append(Path(entry.path))
            try:
                target = entry.stat()
            except OSError:
                found[entry.path] = None
            else:
                # A folder has a new time with every file that comes or goes, read or not.
                moment = 0 if is_folder else target.st_mtime_ns
                found[entry.path] = (target.st_dev, target.st_ino, moment)
    return found


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_read(name: str) -> bool:
    """Whether a file of a name is read. Hidden ones are not, among them the temporary ones of most
    editors.
    """
    read = name.lower().endswith(SUFFIXES) or name in (GLOSSARY_NAME, QUESTIONS_NAME)
    return read and not is_hidden(name)


def _matters(itself: Iterable[str], folder: Path, _change: Change, path: str) -> bool:
    """Whether a change may be one of what is read: of an article's file, or of the folder."""
    if path in itself:
        return True
    below = _below(folder, path)
    return _is_read(below.name) and not any(map(is_hidden, below.parts))


def _below(folder: Path, path: str) -> Path:
    """Return a path of a file as it is below the folder, which may be a link."""
    for root in (folder, folder.absolute(), folder.resolve()):
        if Path(path).is_relative_to(root):
            return Path(path).relative_to(root)
    return Path(Path(path).name)


async def _reindex(library: Library, names: Iterable[str]) -> None:
    """Reindex beside the event loop, after any other reindex; log what came of it."""
    told = ", ".join(map(printable, names)) or "watching begins"
    log.debug("reindexing: %s", told)
    while True:
        try:
            done, other, new_problems = await asyncio.to_thread(_reindexed, library)
        except ReindexRunning:
            await asyncio.sleep(PAUSE)
            continue
        except CorpusError as error:
            for problem in error.problems:
                log.error("not reindexed: %s", problem)  # noqa: TRY400  # no traceback to a user
        except Exception:
            log.exception("the corpus could not be reindexed")
        else:
            for problem in new_problems:
                log.error("left out: %s", problem)
            level = logging.INFO if other else logging.DEBUG
            counts = len(done.added), len(done.removed), len(done.changed)
            log.log(
                level,
                "reindexed in %.1f s: %d added, %d removed, %d changed",
                done.seconds,
                *counts,
            )
        return


def _reindexed(library: Library) -> tuple[ReindexReport, bool, list[Problem]]:
    """Return what a reindex did, whether anything is other than before, be it only the glossary,
    and what is wrong that was not before.
    """
    before = library.corpus
    done = library.reindex()
    known = set(before.problems)
    return done, library.corpus != before, [p for p in done.problems if p not in known]


def _shown(folder: Path) -> str:
    return printable(str(folder))
