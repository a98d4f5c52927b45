"""The journal as the bot uses it: nobody waits for its disk, and what is lost is counted."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import JournalError
from bot.service.journal import Journal, open_journal
from bot.service.journal_file import Gap, Voted, open_file

HERE, ELSEWHERE = 111, 222


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a journal may be begun."""
    return tmp_path / "journal.sqlite3"


@pytest.fixture
def journal(file: Path) -> Iterator[Journal]:
    """A new journal of 30 days."""
    opened = open_journal(file, 30)
    assert opened is not None
    yield opened
    opened.close()


@contextlib.contextmanager
def locked(file: Path) -> Iterator[None]:
    """Another program holds the file's lock meanwhile, and SQLite waits for it."""
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


def test_what_is_read_comes_after_what_was_noted(journal: Journal) -> None:
    """An admin's list holds the question of a moment ago."""
    journal.gap("Who?", HERE)
    journal.vote("Why?", "treaty:1.1", HERE, down=1)
    assert [gap.question for gap in journal.gaps(HERE)] == ["Who?"]
    assert [voted.question for voted in journal.downvoted(HERE)] == ["Why?"]


def test_threads_lose_nothing(journal: Journal) -> None:
    """Every count of eight threads at once arrives, on one row and on many."""

    def write(thread: int) -> None:
        for number in range(25):
            journal.gap("Who?", HERE)
            journal.gap(f"thread {thread} question {number}", ELSEWHERE)
            journal.vote("Who?", "treaty:1.1", HERE, up=number % 2, down=1)
            journal.gaps(HERE)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert journal.gaps(HERE) == [Gap("Who?", 200, journal.gaps(HERE)[0].last)]
    assert len(journal.gaps(ELSEWHERE)) == 200
    assert journal.downvoted(HERE) == [
        Voted("Who?", "treaty:1.1", 96, 200, journal.gaps(HERE)[0].last)
    ]


def test_nobody_waits_for_a_locked_disk(journal: Journal, file: Path) -> None:
    """A hundred people note a hundred things at once while another program holds the file."""
    with locked(file):
        start = time.monotonic()
        for number in range(100):
            journal.gap(f"question {number}", HERE)
            journal.vote("Who?", "treaty:1.1", HERE, down=1)
        journal.forget(ELSEWHERE)
        assert time.monotonic() - start < 1  # SQLite alone would wait five seconds for each
    journal.flush()
    assert len(journal.gaps(HERE)) == 100
    assert journal.lost == 0


def test_what_the_disk_refuses_is_counted_and_logged_once(
    journal: Journal, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The log says when it begins and when it is over, with how many were lost."""
    journal._file._db.execute("PRAGMA busy_timeout = 0")
    caplog.set_level(logging.WARNING)
    with locked(file):
        for _ in range(3):
            journal.gap("Who?", HERE)
            journal.flush()
    assert journal.lost == 3
    assert caplog.text.count("is not written: ") == 1
    journal.gap("Why?", HERE)
    assert [gap.question for gap in journal.gaps(HERE)] == ["Why?"]
    assert "is written again; 3 entries were lost" in caplog.text


def test_the_queue_is_bounded(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Where the disk stands still, the newest entries are lost, and memory does not grow."""
    opened = open_file(file, 30)
    assert opened is not None
    small = Journal(opened, most_waiting=5)
    with contextlib.closing(small):
        with locked(file):
            small.gap("first", HERE)
            while small._waiting.qsize():  # until the writer waits for the lock with it
                time.sleep(0.001)
            for number in range(20):
                small.gap(f"question {number}", HERE)
            assert (small._waiting.qsize(), small.lost) == (5, 15)
            assert "5 entries wait to be written" in caplog.text
        assert len(small.gaps(HERE)) == 6


def test_one_wrong_entry_takes_no_other_with_it(journal: Journal, file: Path) -> None:
    """Of what is written together, only what cannot be kept is lost."""
    with locked(file):
        journal.gap("Who?", HERE)
        journal.gap("Where?", 2**70)  # no number of SQLite's
        journal.gap("Why?", HERE)
    assert {gap.question for gap in journal.gaps(HERE)} == {"Who?", "Why?"}
    assert journal.lost == 1


def test_a_reader_is_told_that_the_disk_is_slow(file: Path) -> None:
    """Nobody waits for ever."""
    opened = open_file(file, 30)
    assert opened is not None
    with (
        contextlib.closing(Journal(opened, patience=0.2)) as journal,
        locked(file),
        pytest.raises(JournalError, match="its disk does not keep up"),
    ):
        journal.gaps(HERE)


def test_nothing_is_kept_of_a_server_without_the_bot(journal: Journal) -> None:
    """Somebody who installed the bot for themselves uses it on a server that did not."""
    journal.keeps_for = {HERE}.__contains__
    for guild_id in (HERE, ELSEWHERE):
        journal.gap("Who?", guild_id)
        journal.vote("Who?", "treaty:1.1", guild_id, down=1)
    assert len(journal.gaps(HERE)) == len(journal.downvoted(HERE)) == 1
    assert not journal.gaps(ELSEWHERE)
    assert not journal.downvoted(ELSEWHERE)


def test_a_server_that_removed_the_bot_is_forgotten(journal: Journal, file: Path) -> None:
    """Not a word of it is left in the file, also if the bot was away when it was removed."""
    for guild_id, word in ((HERE, "alpha"), (ELSEWHERE, "bravo"), (333, "carol")):
        journal.gap(f"{word}?", guild_id)
    journal.forget(HERE)
    journal.flush()
    assert b"alpha" not in file.read_bytes()
    journal.forget_others([333])
    journal.flush()
    assert b"bravo" not in file.read_bytes()
    assert [gap.question for gap in journal.gaps(333)] == ["carol?"]


def test_closing_writes_what_waits(file: Path) -> None:
    """A restart loses nothing, and a closed journal says so."""
    journal = open_journal(file, 30)
    assert journal is not None
    for number in range(200):
        journal.gap(f"question {number}", HERE)
    journal.close()
    journal.close()
    with pytest.raises(JournalError, match="closed"):
        journal.gap("Who?", HERE)
    with pytest.raises(JournalError, match="closed"):
        journal.gaps(HERE)
    journal.forget(HERE)  # is for the next start to do
    again = open_journal(file, 30)
    assert again is not None
    assert len(again.gaps(HERE)) == 200
    again.close()


def test_a_vote_is_what_it_says(journal: Journal) -> None:
    """One up is not one down."""
    journal.vote("Who?", "treaty:1.1", HERE, up=1)
    assert journal.downvoted(HERE) == []
    journal.vote("Who?", "treaty:1.1", HERE, down=1)
    (voted,) = journal.downvoted(HERE)
    assert (voted.up, voted.down) == (1, 1)


def test_closing_does_not_wait_for_ever(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Where the disk stands still, the log says that the last entries may be lost; else not."""
    for hangs in (False, True):
        opened = open_file(file, 30)
        assert opened is not None
        journal = Journal(opened, patience=0.2)
        caplog.clear()
        with locked(file) if hangs else contextlib.nullcontext():
            journal.gap("Who?", HERE)
            journal.close()
        assert ("could not be written in time" in caplog.text) == hangs
        journal._writer.join(30)


def test_no_days_keep_no_journal(file: Path) -> None:
    """There is none, and no thread."""
    before = threading.active_count()
    assert open_journal(file, 0) is None
    assert threading.active_count() == before
