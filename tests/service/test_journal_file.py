"""The journal's file: what it counts, what it never keeps, and what becomes of it."""

from __future__ import annotations

import contextlib
import csv
import datetime
import io
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import JournalError, TreatyBotError
from bot.service.journal_file import (
    APPLICATION_ID,
    FORM,
    MAX_QUESTION,
    Gap,
    JournalFile,
    Voted,
    open_file,
    to_csv,
)

ROOT = Path(__file__).parents[2]
FIRST = datetime.date(2026, 1, 1)
HERE, ELSEWHERE = 111, 222


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.day = FIRST

    def __call__(self) -> datetime.datetime:
        """A minute before midnight, the worst time to count days at."""
        return datetime.datetime.combine(self.day, datetime.time(23, 59), datetime.UTC)

    def pass_days(self, days: int) -> None:
        """Let days go by."""
        self.day += datetime.timedelta(days)


@contextlib.contextmanager
def opened(file: Path, days: int = 30, clock: Clock | None = None) -> Iterator[JournalFile]:
    """An open journal, closed at the end."""
    journal = open_file(file, days, clock or Clock())
    assert journal is not None
    try:
        journal._db.execute("PRAGMA synchronous = OFF")  # no test cuts the power
        yield journal
    finally:
        journal.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a journal may be begun."""
    return tmp_path / "journal.sqlite3"


@pytest.fixture
def clock() -> Clock:
    """The journal's clock."""
    return Clock()


@pytest.fixture
def journal(file: Path, clock: Clock) -> Iterator[JournalFile]:
    """A new journal of 30 days."""
    with opened(file, 30, clock) as new:
        yield new


# Counting


def test_the_same_question_is_counted_not_repeated(journal: JournalFile, clock: Clock) -> None:
    """Case, accents and punctuation make no new question; the first wording and last day stay."""
    journal.gap("Qui a ratifié le traité ?", HERE)
    clock.pass_days(1)
    journal.gap("qui a ratifie  le TRAITÉ", HERE)
    journal.gap("Who won?", HERE)
    tomorrow = FIRST + datetime.timedelta(1)
    assert journal.gaps(HERE) == [
        Gap("Qui a ratifié le traité ?", 2, tomorrow),
        Gap("Who won?", 1, tomorrow),
    ]


def test_questions_without_words_are_told_apart(journal: JournalFile) -> None:
    """Signs fold to nothing and are compared as they are; nothing at all is not kept."""
    for question in ("???", "🤷", "🤷", "", " \n"):
        journal.gap(question, HERE)
    assert [(gap.question, gap.times) for gap in journal.gaps(HERE)] == [("🤷", 2), ("???", 1)]


def test_a_vote_can_be_changed_and_taken_back(journal: JournalFile) -> None:
    """The counts follow the changes, and an answer whose votes are all taken back is gone."""
    journal.vote("Who?", "treaty:1.1", HERE, up=1)
    journal.vote("who", "treaty:1.1", HERE, down=1)
    journal.vote("WHO", "treaty:1.1", HERE, up=-1, down=1)
    assert journal.downvoted(HERE) == [Voted("Who?", "treaty:1.1", 0, 2, FIRST)]
    journal.vote("Who?", "treaty:1.1", HERE, down=-2)
    assert journal.downvoted(HERE) == []
    assert rows(journal.path) == 0


def test_the_worst_answers_come_first(journal: JournalFile) -> None:
    """Ordered by votes down less votes up; answers that nobody voted down are not listed."""
    for address, up, down in (("a:1.1", 3, 1), ("b:1.1", 0, 2), ("c:1.1", 5, 0), ("d:1.1", 2, 4)):
        journal.vote("Who?", address, HERE, up=up, down=down)
    assert [voted.address for voted in journal.downvoted(HERE)] == ["d:1.1", "b:1.1", "a:1.1"]


OPERATIONS = st.one_of(
    st.tuples(st.just("gap"), st.sampled_from(["a", "A!", "b"]), st.sampled_from([None, 1, 2])),
    st.tuples(
        st.just("vote"),
        st.sampled_from(["a", "A!", "b"]),
        st.sampled_from([None, 1, 2]),
        st.integers(-1, 1),
        st.integers(-1, 1),
    ),
    st.tuples(st.just("forget"), st.sampled_from([None, 1, 2])),
    st.tuples(st.just("wait"), st.integers(1, 3)),
    st.tuples(st.just("restart")),
)


@given(st.lists(OPERATIONS, max_size=25), st.integers(1, 4))
@settings(max_examples=40, deadline=None)
def test_a_journal_is_two_tables_of_counts(operations: list[tuple[object, ...]], days: int) -> None:
    """Whatever is written in whatever order, the lists are what two dictionaries would hold."""
    gaps: dict[tuple[object, str], tuple[int, datetime.date]] = {}
    votes: dict[tuple[object, str], tuple[int, int, datetime.date]] = {}
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        file = Path(folder, "j")
        journal = stack.enter_context(opened(file, days, clock))
        for operation in operations:
            match operation:
                case ("gap", str(question), guild):
                    key = (guild, question.strip("!").lower())
                    journal.gap(question, guild)  # type: ignore[arg-type]
                    gaps[key] = (gaps.get(key, (0,))[0] + 1, clock.day)
                case ("vote", str(question), guild, int(up), int(down)):
                    key = (guild, question.strip("!").lower())
                    journal.vote(question, "x:1.1", guild, up=up, down=down)  # type: ignore[arg-type]
                    had = votes.pop(key, (0, 0, clock.day))
                    now = (max(0, had[0] + up), max(0, had[1] + down), clock.day)
                    if now[0] or now[1]:
                        votes[key] = now
                case ("forget", guild):
                    journal.forget(guild)  # type: ignore[arg-type]
                    gaps = {key: entry for key, entry in gaps.items() if key[0] != guild}
                    votes = {key: vote for key, vote in votes.items() if key[0] != guild}
                case ("wait", int(passed)):
                    clock.pass_days(passed)
                    oldest = clock.day - datetime.timedelta(days)
                    gaps = {key: entry for key, entry in gaps.items() if entry[1] > oldest}
                    votes = {key: vote for key, vote in votes.items() if vote[2] > oldest}
                case _:
                    journal.close()
                    journal = stack.enter_context(opened(file, days, clock))
        for guild_id in (None, 1, 2):
            assert {
                (g.question.strip("!").lower(), g.times, g.last) for g in journal.gaps(guild_id)
            } == {(key[1], *entry) for key, entry in gaps.items() if key[0] == guild_id}
            assert {
                (v.question.strip("!").lower(), v.up, v.down, v.last)
                for v in journal.downvoted(guild_id)
            } == {(key[1], *vote) for key, vote in votes.items() if key[0] == guild_id and vote[1]}


# Privacy


def test_no_column_could_hold_a_person(journal: JournalFile) -> None:
    """The tables have a server, a question, an address, counts and a day: all that is kept."""
    assert schema(journal.path) == {
        "gap": ["guild", "folded", "question", "times", "last"],
        "vote": ["guild", "folded", "address", "question", "up", "down", "last"],
    }


def test_an_entry_holds_a_day_and_no_time(journal: JournalFile) -> None:
    """What is written is a date, so that nobody can be found by when they asked."""
    journal.gap("Who?", HERE)
    journal.vote("Who?", "treaty:1.1", HERE, down=1)
    with contextlib.closing(sqlite3.connect(journal.path)) as db:
        assert db.execute("SELECT last FROM gap UNION ALL SELECT last FROM vote").fetchall() == [
            ("2026-01-01",),
            ("2026-01-01",),
        ]


def test_ids_in_a_question_are_struck_out(journal: JournalFile) -> None:
    """A mention holds a person's id; years and amounts stay."""
    journal.gap("Did <@123456789012345678> sign in 2024 for 1000000000?", HERE)
    journal.vote("Did <@!123456789012345678> sign?", "treaty:1.1", HERE, down=1)
    assert journal.gaps(HERE)[0].question == "Did <@…> sign in 2024 for 1000000000?"
    assert journal.downvoted(HERE)[0].question == "Did <@!…> sign?"
    assert b"123456789012345678" not in journal.path.read_bytes()


@given(st.text(st.characters(exclude_categories=[]), max_size=2 * MAX_QUESTION))
@settings(max_examples=50, deadline=None)
def test_any_text_is_kept_on_one_short_line(question: str) -> None:
    """Half characters, control characters and long texts neither fail nor break the list."""
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder, "j")) as journal:
        journal.gap(question, HERE)
        journal.gap(question, HERE)
        for gap in journal.gaps(HERE):
            assert gap.times == 2
            assert 0 < len(gap.question) <= MAX_QUESTION
            assert len(gap.question.splitlines()) == 1
        assert bool(journal.gaps(HERE)) == bool(question.split())


def test_a_server_sees_only_its_own_entries(journal: JournalFile) -> None:
    """Another server's and direct messages' entries are invisible, and counted apart."""
    for guild_id in (HERE, HERE, ELSEWHERE, None):
        journal.gap("Who?", guild_id)
        journal.vote("Who?", "treaty:1.1", guild_id, down=1)
    assert [gap.times for gap in journal.gaps(HERE)] == [2]
    assert [gap.times for gap in journal.gaps(ELSEWHERE)] == [1]
    assert [gap.times for gap in journal.gaps(None)] == [1]
    assert [voted.down for voted in journal.downvoted(HERE)] == [2]
    assert [voted.down for voted in journal.downvoted(None)] == [1]
    assert journal.gaps(333) == []
    assert journal.downvoted(333) == []


def test_what_is_forgotten_is_not_in_the_file(journal: JournalFile) -> None:
    """Not a copy is left where rows moved; the other servers' entries stay."""
    for number in range(300):
        for guild_id, name in ((HERE, "alpha"), (ELSEWHERE, "bravo"), (None, "carol")):
            journal.gap(f"{name}{number * 7919 % 1000} " * (number % 30 + 1), guild_id)
            journal.vote(f"{name}{number} why", "treaty:1.1", guild_id, down=1)
    assert b"alpha" in journal.path.read_bytes()
    journal.forget(HERE)
    kept = journal.path.read_bytes()
    assert b"alpha" not in kept
    assert b"carol" in kept
    assert (journal.gaps(HERE), journal.downvoted(HERE)) == ([], [])
    assert len(journal.gaps(ELSEWHERE)) == len(journal.downvoted(ELSEWHERE)) == 300
    journal.forget(None)
    assert b"carol" not in journal.path.read_bytes()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_other_accounts_cannot_read_the_file(journal: JournalFile) -> None:
    """The file is begun for its owner alone."""
    assert journal.path.stat().st_mode & 0o077 == 0


# Expiry


def test_entries_last_for_their_days(journal: JournalFile, clock: Clock) -> None:
    """They are there until the day before the last, and then gone from the list and the file."""
    journal.gap("Forgotten?", HERE)
    journal.vote("Forgotten?", "treaty:1.1", HERE, down=1)
    journal.gap("Asked again?", HERE)
    clock.pass_days(29)
    assert len(journal.gaps(HERE)) == 2
    assert len(journal.downvoted(HERE)) == 1
    journal.gap("Asked again?", HERE)
    clock.pass_days(1)
    assert [gap.question for gap in journal.gaps(HERE)] == ["Asked again?"]
    assert journal.downvoted(HERE) == []
    assert b"Forgotten" not in journal.path.read_bytes()


def test_writing_deletes_the_old_once_a_day(journal: JournalFile, clock: Clock) -> None:
    """A bot that is never restarted nor looked at keeps its promise too."""
    journal.gap("Who?", HERE)
    clock.pass_days(30)
    journal.gap("Why?", ELSEWHERE)
    assert rows(journal.path) == 1


def test_a_silent_bot_can_be_told_to_expire(journal: JournalFile, clock: Clock) -> None:
    """Where nothing is asked for days, ``expire`` deletes what is too old."""
    journal.gap("Who?", HERE)
    clock.pass_days(30)
    journal.expire()
    assert rows(journal.path) == 0


def test_opening_deletes_the_old(file: Path, clock: Clock) -> None:
    """A shorter time takes effect at the next start."""
    with opened(file, 30, clock) as journal:
        journal.gap("Who?", HERE)
    clock.pass_days(2)
    with opened(file, 2, clock):
        assert rows(file) == 0


# The file


def test_a_restart_keeps_the_entries(file: Path) -> None:
    """What was counted goes on being counted."""
    for _ in range(3):
        with opened(file) as journal:
            journal.gap("Who?", HERE)
            journal.vote("Why?", "treaty:1.1", None, up=1, down=1)
    with opened(file) as journal:
        assert journal.gaps(HERE) == [Gap("Who?", 3, FIRST)]
        assert journal.downvoted(None) == [Voted("Why?", "treaty:1.1", 3, 3, FIRST)]


def test_no_days_delete_the_journal(file: Path) -> None:
    """Nothing of it is left, companions included; a second time changes nothing."""
    with opened(file) as journal:
        journal.gap("Who?", HERE)
    for suffix in ("-journal", "-wal", "-shm"):
        Path(f"{file}{suffix}").write_bytes(b"left by a crash")
    neighbour = file.with_name("journal.sqlite3.txt")
    neighbour.write_text("kept")
    assert open_file(file, 0) is None
    assert open_file(file, 0) is None
    assert list(file.parent.iterdir()) == [neighbour]


def test_no_days_begin_no_journal(file: Path) -> None:
    """Without the setting no file appears, and its folder need not exist."""
    assert open_file(file, 0) is None
    assert open_file(file.parent / "absent" / "journal.sqlite3", 0) is None
    assert list(file.parent.iterdir()) == []


def test_no_days_delete_what_a_link_leads_to(file: Path) -> None:
    """A link's removal alone would leave the questions where it led."""
    real = file.with_name("real")
    with opened(real) as journal:
        journal.gap("Who?", HERE)
    file.symlink_to(real)
    assert open_file(file, 0) is None
    assert not real.exists()


def foreign_database(file: Path, application_id: int) -> None:
    """Somebody else's SQLite file."""
    with contextlib.closing(sqlite3.connect(file)) as db:
        db.execute(f"PRAGMA application_id = {application_id}")
        db.execute("CREATE TABLE gap (question TEXT)")
        db.commit()


@pytest.mark.parametrize("days", [0, 30])
@pytest.mark.parametrize("kind", ["text", "short", "long", "database", "marked database"])
def test_a_foreign_file_is_reported_and_left_alone(kind: str, days: int, file: Path) -> None:
    """Neither opened nor deleted, whether the journal is on or off."""
    match kind:
        case "text":
            file.write_text("my thesis")
        case "short":
            file.write_bytes(b"SQLite format 3\0")
        case "long":
            file.write_bytes(bytes(68) + APPLICATION_ID.to_bytes(4) + bytes(8000))
        case "database":
            foreign_database(file, 0)
        case _:
            foreign_database(file, 0x0F055112)  # Fossil's
    before = (file.read_bytes(), file.stat().st_mtime_ns)
    with pytest.raises(JournalError, match="is not a journal of this bot") as caught:
        open_file(file, days)
    assert caught.value.path == file
    assert str(caught.value) == f"{file} {caught.value.reason}"
    assert isinstance(caught.value, TreatyBotError)
    assert (file.read_bytes(), file.stat().st_mtime_ns) == before
    assert list(file.parent.iterdir()) == [file]


def test_an_empty_file_may_become_a_journal(file: Path) -> None:
    """It is nobody's, or what a process left that was killed at the start; off, it stays."""
    file.touch()
    assert open_file(file, 0) is None
    assert file.read_bytes() == b""
    with opened(file) as journal:
        journal.gap("Who?", HERE)
    with opened(file) as journal:
        assert len(journal.gaps(HERE)) == 1


@pytest.mark.parametrize("days", [0, 30])
def test_a_folder_is_no_journal(days: int, tmp_path: Path) -> None:
    """Nor is anything else that is not a file."""
    (tmp_path / "kept").touch()
    with pytest.raises(JournalError, match="is not a journal"):
        open_file(tmp_path, days)
    assert (tmp_path / "kept").exists()


def test_a_place_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    """In one sentence, with the path and the system's reason."""
    file = tmp_path / "absent" / "journal.sqlite3"
    with pytest.raises(JournalError) as caught:
        open_file(file, 30)
    assert str(caught.value) == f"{file} cannot be used (no such file or directory)"


def written(file: Path) -> bytes:
    """The bytes of a journal of several pages."""
    with opened(file) as journal, journal.transaction() as today:
        for number in range(150):
            question = f"question {number} " + "x" * 100
            values = (HERE, question, question, 1, today)
            journal._db.execute("INSERT INTO gap VALUES (?, ?, ?, ?, ?)", values)
    return file.read_bytes()


@pytest.mark.parametrize("keep", [72, 100, 2000, 4096, 20000])
def test_a_cut_journal_is_reported_and_left_as_it_is(keep: int, file: Path) -> None:
    """A damaged journal is neither used nor begun anew over what could be saved of it."""
    damaged = written(file)[:keep]
    file.write_bytes(damaged)
    with pytest.raises(JournalError, match=r"is damaged|cannot be used \("):
        open_file(file, 30, Clock())
    assert file.read_bytes() == damaged


def test_rows_out_of_order_are_damage(file: Path) -> None:
    """What SQLite would read without a word, and count wrongly, is found at opening."""
    damaged = written(file).replace(b"question 44 ", b"question 99 ")
    file.write_bytes(damaged)
    with pytest.raises(JournalError, match="is damaged: move it away"):
        open_file(file, 30, Clock())
    assert file.read_bytes() == damaged


def test_a_damaged_journal_can_be_turned_off(file: Path) -> None:
    """Off means that nothing is left, whatever state the file is in."""
    file.write_bytes(written(file)[:2000])
    assert open_file(file, 0) is None
    assert not file.exists()


def test_a_file_of_a_newer_form_is_refused_in_a_sentence(file: Path) -> None:
    """What a later version has written is neither read as ours nor changed."""
    with opened(file) as journal:
        journal._db.execute("PRAGMA user_version = 2")
    newer = file.read_bytes()
    with pytest.raises(JournalError, match=r"has form 2, .* up to 1: install the newest"):
        open_file(file, 30, Clock())
    assert file.read_bytes() == newer


def test_a_file_from_before_forms_were_numbered_is_migrated(file: Path) -> None:
    """Its entries stay, and it carries the number from then on."""
    with opened(file) as journal:
        journal.gap("Who?", HERE)
        journal._db.execute("PRAGMA user_version = 0")
    with opened(file) as journal:
        assert [gap.question for gap in journal.gaps(HERE)] == ["Who?"]
        assert journal._db.execute("PRAGMA user_version").fetchone() == (FORM,)


@pytest.mark.parametrize(
    "change", ["DROP TABLE vote", "ALTER TABLE gap RENAME COLUMN last TO seen"]
)
def test_a_file_without_our_tables_is_refused(change: str, file: Path) -> None:
    """It would fail at every entry: that is said at the start instead."""
    with opened(file) as journal:
        journal._db.execute(change)
    with pytest.raises(JournalError, match="no such"):
        open_file(file, 30, Clock())


def test_the_entries_of_other_servers_are_forgotten(journal: JournalFile) -> None:
    """Those of the servers that are named stay, and those of direct messages."""
    for guild_id in (HERE, ELSEWHERE, None):
        journal.gap("Who?", guild_id)
        journal.vote("Who?", "treaty:1.1", guild_id, down=1)
    journal.forget_others([HERE, 333])
    held = {guild_id: len(journal.gaps(guild_id)) for guild_id in (HERE, ELSEWHERE, None)}
    assert held == {HERE: 1, ELSEWHERE: 0, None: 1}
    assert rows(journal.path) == 4


def test_a_transaction_is_kept_as_a_whole_or_not_at_all(journal: JournalFile) -> None:
    """What is written within one goes when it fails."""

    def broken_off() -> None:
        with journal.transaction():
            journal.gap("Who?", HERE)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken_off()
    assert journal.gaps(HERE) == []


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_damage_anywhere_is_a_journal_error_at_worst(data: st.DataObject) -> None:
    """Overwritten bytes raise no other error, at opening or later."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "j")
        content = bytearray(written(file))
        for _ in range(data.draw(st.integers(1, 4))):
            start = data.draw(st.integers(0, len(content) - 1))
            patch = data.draw(st.binary(min_size=1, max_size=64))
            content[start : start + len(patch)] = patch
        file.write_bytes(content)
        with contextlib.suppress(JournalError):
            journal = open_file(file, 30, Clock())
            assert journal is not None
            with contextlib.closing(journal):
                journal.gap("Who?", HERE)
                journal.gaps(HERE)
                journal.downvoted(HERE)
                journal.forget(HERE)


def test_a_closed_journal_says_so(file: Path) -> None:
    """A vote that comes after the end is an error of the tree; closing twice is none."""
    with opened(file) as journal:
        journal.close()
        with pytest.raises(JournalError, match="closed"):
            journal.gap("Who?", HERE)


WRITES_UNTIL_KILLED = """
import itertools, sys
from pathlib import Path
from bot.service.journal_file import open_file
journal = open_file(Path(sys.argv[1]), 30)
for number in itertools.count(int(sys.argv[2])):
    journal.gap(f"question {number}", 1)
    print(number, flush=True)
"""

DIES_IN_THE_MIDDLE = """
import os, sys
from pathlib import Path
from bot.service.journal_file import open_file
journal = open_file(Path(sys.argv[1]), 30)
journal.gap("kept", 1)
journal._db.execute("PRAGMA cache_size = 1")  # so that unfinished pages reach the file
with journal.transaction() as today:
    for number in range(2000):
        journal._db.execute("INSERT INTO gap VALUES (1, ?, 'half', 1, ?)", (str(number), today))
    os._exit(9)
"""


def test_a_killed_process_loses_at_most_the_entry_it_was_writing(file: Path) -> None:
    """After every kill the file is sound and holds all that was reported as written."""
    reported = -1
    for kill in range(5):
        command = [sys.executable, "-c", WRITES_UNTIL_KILLED, str(file), str(reported + 1)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
            assert process.stdout is not None
            for _ in range(20 + 7 * kill):
                reported = int(process.stdout.readline())
            process.kill()
            for line in process.stdout:
                reported = int(line)
        with opened(file) as journal:
            assert integrity(file) == "ok"
            held = {int(gap.question.split()[1]) for gap in journal.gaps(1)}
            assert set(range(reported + 1)) <= held <= set(range(reported + 2))


def test_half_an_entry_is_taken_back(file: Path) -> None:
    """A process that ends between two pages leaves no trace of what it had begun."""
    ended = subprocess.run(
        [sys.executable, "-c", DIES_IN_THE_MIDDLE, str(file)], cwd=ROOT, check=False
    )
    assert ended.returncode == 9
    assert Path(f"{file}-journal").exists()
    journal = open_file(file, 30)
    assert journal is not None
    assert [gap.question for gap in journal.gaps(1)] == ["kept"]
    assert integrity(file) == "ok"
    journal.close()


# The table


def test_the_table_holds_both_lists() -> None:
    """One row an entry, with a column for everything in either list."""
    text = to_csv([Gap("Who, when?", 3, FIRST)], [Voted('Is it "so"?', "treaty:1.1", 1, 2, FIRST)])
    assert text == (
        "kind,question,address,times,up,down,last\r\n"
        'gap,"Who, when?",,3,,,2026-01-01\r\n'
        'vote,"Is it ""so""?",treaty:1.1,,1,2,2026-01-01\r\n'
    )


@given(
    st.from_regex(r"\A[=+\-@\t\r\n]?[^\x00\ud800-\udfff]{0,20}\Z"),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=10),
)
def test_no_cell_is_a_formula(question: str, address: str) -> None:
    """A spreadsheet finds nothing to run, and a quote before a cell is all that is added."""
    text = to_csv([Gap(question, 1, FIRST)], [Voted(question, address, 0, 1, FIRST)])
    table = list(csv.reader(io.StringIO(text, newline="")))
    assert [len(row) for row in table] == [7, 7, 7]
    for row in table:
        for cell in row:
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert table[1][1] in (question, f"'{question}")
    assert table[2][1:3] in (
        [q, a] for q in (question, f"'{question}") for a in (address, f"'{address}")
    )


# Looking into the file


def schema(file: Path) -> dict[str, list[str]]:
    """The columns of every table in a file."""
    with contextlib.closing(sqlite3.connect(file)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_schema ORDER BY name")]
        return {
            table: [
                name for (name,) in db.execute("SELECT name FROM pragma_table_info(?)", (table,))
            ]
            for table in tables
        }


def rows(file: Path) -> int:
    """How many entries a file holds, shown or not."""
    with contextlib.closing(sqlite3.connect(file)) as db:
        found = db.execute("SELECT (SELECT count(*) FROM gap) + (SELECT count(*) FROM vote)")
        return int(found.fetchone()[0])


def integrity(file: Path) -> str:
    """What SQLite says of a file as a whole."""
    with contextlib.closing(sqlite3.connect(file)) as db:
        return str(db.execute("PRAGMA integrity_check").fetchone()[0])


@pytest.mark.parametrize("work", ["forget", "forget_others", "expire", "gaps", "downvoted"])
def test_whatever_a_journal_cannot_do_is_one_kind_of_error(work: str, tmp_path: Path) -> None:
    """A table that is gone, as one of many things that may be wrong, is told with the file."""
    file = tmp_path / "journal.sqlite3"
    with opened(file) as journal:
        journal._db.executescript("DROP TABLE gap; DROP TABLE vote;")
        arguments = {"expire": [], "forget_others": [[HERE]]}.get(work, [HERE])
        with pytest.raises(JournalError, match=r"cannot be used \(no such table") as caught:
            getattr(journal, work)(*arguments)
        assert str(caught.value).startswith(str(file))
