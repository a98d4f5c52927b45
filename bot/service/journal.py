"""The journal as the bot uses it: noted at once, written later by a thread of its own.

An answer never waits for the disk. What is to be noted waits in a queue of bounded length, and what
waits together is written in one transaction; what cannot be written, because the queue is full or
the disk refuses, is counted and logged. What is read comes after all that was noted before it.
"""

from __future__ import annotations

import datetime
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable, Collection
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

from filelock import FileLock, Timeout

from bot.errors import JournalError
from bot.service.journal_file import Gap, JournalFile, Voted, open_file, utc_now

log = logging.getLogger(__name__)

#: Entries that may wait to be written. A question that found nothing makes one: at ten a second,
#: these outlast a disk that stands still for a minute and a half.
MOST_WAITING = 1_000

#: Seconds that a reader waits for the disk at most, and the end of the program for last entries.
PATIENCE = 10.0

#: Seconds between two looks whether a new day has begun, where nothing is noted.
_IDLE = 3_600.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Task:
    """One thing to do with the file."""

    work: Callable[[], Any]
    result: Future[Any] | None = None  #: None of an entry: nobody waits for it


class Journal:
    """A journal that is written in the background. Any thread may call it.

    ``keeps_for`` says of a server's id whether entries of it are kept: the client sets it to the
    servers that have installed the bot.
    """

    def __init__(
        self, file: JournalFile, most_waiting: int = MOST_WAITING, patience: float = PATIENCE
    ) -> None:
        self.path = file.path
        self.days = file.days
        self.keeps_for: Callable[[int], bool] = lambda _guild: True
        self.lost = 0  #: entries that could not be written since the start
        self._failing = False  # whether the last try to write failed, which is logged once
        self._file = file
        self._most_waiting, self._patience = most_waiting, patience
        self._waiting: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._closed = False
        self._lock = threading.Lock()  # of what is counted, and of the queue's end
        self._writer = threading.Thread(target=self._write, name="journal", daemon=True)
        self._writer.start()

    def gap(self, question: str, guild_id: int | None) -> None:
        """Note a question that found nothing. Raises JournalError once the journal is closed."""
        self._note(guild_id, lambda: self._file.gap(question, guild_id))

    def vote(
        self, question: str, address: str, guild_id: int | None, *, up: int = 0, down: int = 0
    ) -> None:
        """Note a change of an answer's votes: ``up=1`` for a new vote, ``up=-1, down=1`` for a
        changed one. Raises JournalError once the journal is closed.
        """
        self._note(guild_id, lambda: self._file.vote(question, address, guild_id, up=up, down=down))

    def gaps(self, guild_id: int | None) -> list[Gap]:
        """Return a server's questions that found nothing, the commonest first. Waits for the disk:
        call it off the event loop. Raises JournalError if the file cannot be read.
        """
        return self._wait(lambda: self._file.gaps(guild_id))

    def downvoted(self, guild_id: int | None) -> list[Voted]:
        """Return a server's answers that somebody voted down, the worst first; see ``gaps``."""
        return self._wait(lambda: self._file.downvoted(guild_id))

    def forget(self, guild_id: int) -> None:
        """Delete, soon, all entries of a server, such as one that has removed the bot."""
        self._soon(lambda: self._file.forget(guild_id))

    def forget_others(self, guild_ids: Collection[int]) -> None:
        """Delete, soon, the entries of every server but some: those that removed the bot while it
        was not connected.
        """
        kept = frozenset(guild_ids)
        self._soon(lambda: self._file.forget_others(kept))

    def flush(self) -> None:
        """Wait until all that was noted is written or lost. Raises JournalError where that takes
        longer than anybody should wait.
        """
        self._wait(lambda: None)

    def close(self) -> None:
        """Write what waits, as far as the disk is quick enough, and close the file."""
        with self._lock:
            if not self._closed:
                self._waiting.put(None)
            self._closed = True
        self._writer.join(self._patience)
        if self._writer.is_alive():
            log.warning("%s: the last entries could not be written in time", self.path)

    def _note(self, guild_id: int | None, work: Callable[[], None]) -> None:
        """Have an entry written, unless too many wait already."""
        if guild_id is not None and not self.keeps_for(guild_id):
            return
        if self._waiting.qsize() >= self._most_waiting:
            self._lose(1, f"{self._most_waiting:,} entries wait to be written")
        else:
            self._put(_Task(work))

    def _soon(self, work: Callable[[], None]) -> None:
        """Have something done of which nobody hears but the log."""
        result: Future[None] = Future()
        result.add_done_callback(self._tell)
        with suppress(JournalError):  # closed: the next start does it
            self._put(_Task(work, result))

    def _tell(self, done: Future[None]) -> None:
        if error := done.exception():
            log.warning("the journal %s could not be cleared: %s", self.path, error)

    def _wait(self, work: Callable[[], T]) -> T:
        result: Future[T] = Future()
        self._put(_Task(work, result))
        try:
            return result.result(self._patience)
        except TimeoutError:
            reason = "cannot be read at present: its disk does not keep up"
            raise JournalError(self.path, reason) from None

    def _put(self, task: _Task) -> None:
        with self._lock:
            if self._closed:
                raise JournalError(self.path, "is closed")
            self._waiting.put(task)

    def _write(self) -> None:
        """Do what waits, in order, until the journal is closed."""
        tasks: list[_Task | None] = []
        while None not in tasks:
            tasks = self._taken()
            due = [task for task in tasks if task]
            for waited_for, together in groupby(due, lambda task: task.result is not None):
                if waited_for:
                    for task in together:
                        self._do(task)
                else:
                    self._write_together(list(together))
        self._file.close()

    def _taken(self) -> list[_Task | None]:
        """Return all that waits, at least one task: a look at the calendar where nothing comes."""
        try:
            tasks = [self._waiting.get(timeout=_IDLE)]
        except queue.Empty:
            return [_Task(self._file.expire_daily, Future())]
        with suppress(queue.Empty):
            while True:
                tasks.append(self._waiting.get_nowait())
        return tasks

    def _write_together(self, entries: list[_Task]) -> None:
        """Write some entries; one that is wrong by itself does not take the others with it."""
        wrong: list[str] = []
        try:
            with self._file.transaction():
                for entry in entries:
                    try:
                        entry.work()
                    except Exception as error:
                        if isinstance(error.__cause__, sqlite3.Error):
                            raise
                        wrong.append(str(error))
        except Exception as error:  # noqa: BLE001  # whatever it is, the writer goes on
            wrong = [str(error)] * len(entries)
        if wrong:
            self._lose(len(wrong), wrong[0])
            return
        if self._failing:
            self._failing = False
            log.warning("%s is written again; %d entries were lost", self.path, self.lost)

    def _do(self, task: _Task) -> None:
        """Do what somebody waits for, or what only the log hears of."""
        assert task.result is not None  # noqa: S101
        try:
            task.result.set_result(task.work())
        except Exception as error:  # noqa: BLE001  # whatever it is, the writer goes on
            task.result.set_exception(error)

    def _lose(self, entries: int, reason: str) -> None:
        """Count entries that are lost; the first in a row is logged."""
        with self._lock:
            self.lost += entries
            failing, self._failing = self._failing, True
        if not failing:
            log.warning("the journal %s is not written: %s", self.path, reason)


def claim(file: Path) -> FileLock:
    """Keep a journal's file for this process, which sees only some of the servers: it would forget
    those of others. Raises JournalError where another process has it.
    """
    lock = FileLock(file.with_name(f"{file.name}.lock"))
    try:
        lock.acquire(blocking=False)
    except Timeout:
        reason = "is another process's: give each of those with SHARD_IDS its own JOURNAL_FILE"
        raise JournalError(file, reason) from None
    except OSError as error:
        raise JournalError(file, f"cannot be locked ({error.strerror})") from None
    return lock


def open_journal(
    file: Path, days: int, now: Callable[[], datetime.datetime] = utc_now
) -> Journal | None:
    """Open the journal, or begin one; for 0 days, delete it and return None. Raises JournalError as
    ``open_file`` does.
    """
    opened = open_file(file, days, now)
    return Journal(opened) if opened else None
