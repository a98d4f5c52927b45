"""Changes of the corpus folder that are several renames: all of them are made, or none.

Before the first rename the whole list is written into one hidden file, the intent, which appears
and vanishes in one step. Whoever finds an intent finishes what a killed run began: each rename is
made unless it has been made, and none ever replaces a file, so that doing it twice changes nothing.

Hidden files that begin with ``.new-`` are content on its way; left behind by a killed run, they are
no part of the corpus and go with the next change.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path

from filelock import FileLock, Timeout

from bot.errors import CorpusError, Problem

#: Where removed and replaced files go, in the corpus folder.
REMOVED_NAME = ".removed"
INTENT_NAME = ".intent.json"
#: The file that whoever changes the folder holds locked; it stays, empty.
LOCK_NAME = ".lock"

#: Seconds that a change waits for another one: many times what the largest takes.
LOCK_SECONDS = 60.0

#: A rename within the folder: where from and where to, relative to it.
Rename = tuple[str, str]

_NEW = re.compile(r"\.new-[0-9a-f]{16}")
# A name in the folder or in the folder of what was removed; nothing else may stand in an intent.
_WITHIN = re.compile(rf"(?:{re.escape(REMOVED_NAME)}/)?(?!\.{{1,2}}$)[^/\\\0]+")


@contextlib.contextmanager
def locked(folder: Path, seconds: float = LOCK_SECONDS) -> Iterator[None]:
    """Only one thread of one process at a time changes a folder; what was begun is finished first.

    Raises OSError where the folder cannot be written or is held for longer than some seconds,
    CorpusError for an intent that is not one.
    """
    folder.stat()  # FileLock would make the folder, where a disk was unmounted
    lock = FileLock(folder / LOCK_NAME, timeout=seconds)
    try:
        lock.acquire()
    except Timeout:
        raise BlockingIOError(errno.EAGAIN, "another program is changing the folder") from None
    try:
        _roll_forward(folder)
        yield
    finally:
        lock.release()


def recover(folder: Path) -> None:
    """Finish the change that a killed run began, if there is one; else nothing is touched.

    Raises CorpusError where it cannot be finished, such as on a read-only disk.
    """
    intent = folder / INTENT_NAME
    if not os.path.lexists(intent):
        return
    try:
        with locked(folder):
            pass
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        reason_given = (
            f"holds a change that cannot be finished ({reason}); make the folder writable"
        )
        raise CorpusError([Problem(intent, None, reason_given)]) from error


def write_new(folder: Path, data: bytes) -> str:
    """Keep some content under a hidden name of its own, safely on the disk; the name.

    Raises OSError, and leaves nothing behind, where it cannot be written.
    """
    name = f".new-{secrets.token_hex(8)}"
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
    handle = os.open(folder / name, flags, 0o666)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        (folder / name).unlink(missing_ok=True)
        raise
    return name


def commit(folder: Path, renames: Sequence[Rename]) -> None:
    """Make some renames, all or none; the folder is locked by the caller.

    Raises OSError, with every rename taken back, where one cannot be made or would replace a file.
    """
    _prepare(folder, renames)
    try:
        _intend(folder, renames)
        _roll_forward(folder)
    except OSError:
        if os.path.lexists(folder / INTENT_NAME):
            _intend(folder, reverse(renames))
            _roll_forward(folder)
        raise


def reverse(renames: Sequence[Rename]) -> list[Rename]:
    """Return the renames that undo some."""
    return [(target, source) for source, target in reversed(renames)]


def clear_new(folder: Path) -> None:
    """Remove content that was left on its way, unless an intent still needs it; the folder is
    locked by the caller.
    """
    if os.path.lexists(folder / INTENT_NAME):
        return
    for path in list(folder.iterdir()):
        if _NEW.fullmatch(path.name):
            path.unlink(missing_ok=True)


def sync(folder: Path) -> None:
    """Make the renames in a folder last through a loss of power."""
    if os.name == "nt":  # Windows opens no folders
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _prepare(folder: Path, renames: Sequence[Rename]) -> None:
    """Raise OSError where a target is taken or would lie outside of the folder."""
    freed: set[str] = set()
    for source, target in renames:
        parent = (folder / target).parent
        if parent != folder and parent.is_symlink():
            raise NotADirectoryError(errno.ENOTDIR, f"{parent.name} is a link")
        parent.mkdir(exist_ok=True)
        if os.path.lexists(folder / target) and target not in freed:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        freed.add(source)


def _intend(folder: Path, renames: Sequence[Rename]) -> None:
    """Write down what is about to be done."""
    name = write_new(folder, json.dumps(list(renames)).encode())
    (folder / name).replace(folder / INTENT_NAME)
    sync(folder)


def _roll_forward(folder: Path) -> None:
    """Do what the intent says, if there is one, and take it away."""
    intent = folder / INTENT_NAME
    if not os.path.lexists(intent):
        return
    renames = _read_intent(intent)
    for source, target in renames:
        if os.path.lexists(folder / source) and not os.path.lexists(folder / target):
            (folder / source).replace(folder / target)
    for parent in {(folder / place).parent for move in renames for place in move}:
        if parent.is_dir():
            sync(parent)
    intent.unlink()
    with contextlib.suppress(OSError):  # should it come back, finishing again changes nothing
        sync(folder)


def _read_intent(intent: Path) -> list[Rename]:
    """Raise CorpusError for a file that this program has not written."""
    with contextlib.suppress(ValueError, OSError):
        found = [] if intent.is_symlink() else json.loads(intent.read_bytes())
        if isinstance(found, list) and found and all(_is_move(move) for move in found):
            return [(source, target) for source, target in found]
    reason = "is no list of renames within the folder; remove it"
    raise CorpusError([Problem(intent, None, reason)])


def _is_move(move: object) -> bool:
    return (
        isinstance(move, list)
        and len(move) == 2  # noqa: PLR2004
        and all(isinstance(place, str) and _WITHIN.fullmatch(place) for place in move)
    )
