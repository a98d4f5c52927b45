"""The journal's file: questions that found nothing and answers that were voted on, without people.

A server and a day are all that is kept beside the words of a question: no person, no channel, no
time. Long numbers are struck out of questions, since an id is one. Counted are days in UTC; what
was last seen ``days`` days ago is gone, so that nothing is kept for longer.

The file is SQLite's with a rollback journal: a killed process loses at most the transaction that
it was writing. It carries a version of its form: an older one is migrated when it is opened, a
newer one is refused. After a deletion the file is written anew, since secure_delete alone leaves
copies behind where rows had moved.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.errors import JournalError
from bot.text.tokens import folded_words

#: How much of a question is kept, in characters.
MAX_QUESTION = 300

#: What marks a SQLite file as a journal of this bot.
APPLICATION_ID = int.from_bytes(b"TrBJ")

#: Where that mark stands in a file: https://www.sqlite.org/fileformat.html#the_database_header.
#: Read there, since opening a file with SQLite may already change it.
_MAGIC, _MARK = b"SQLite format 3\0", slice(68, 72)
_FORM = slice(60, 64)  # of ``user_version``, in the same header

#: The version of the tables' form, kept in the file as SQLite's ``user_version``. What changes the
#: tables raises it by one and adds a row to ``_MIGRATIONS``.
FORM = 1

#: What brings a file of form n, its place here, to form n + 1. The files of form 0 were written
#: before there was a number, and have the tables of form 1.
_MIGRATIONS: tuple[tuple[str, ...], ...] = ((),)

#: Discord's ids have 17 digits or more; no number in a question has.
_ID = re.compile(r"\d{15,}")

#: A spreadsheet takes a cell that begins so for a formula:
#: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

# ``guild`` is 0 in direct messages, since a null is never the same as another one.
_TABLES = (
    """CREATE TABLE gap (
        guild INTEGER NOT NULL, folded TEXT NOT NULL, question TEXT NOT NULL,
        times INTEGER NOT NULL, last TEXT NOT NULL,
        PRIMARY KEY (guild, folded)) WITHOUT ROWID""",
    """CREATE TABLE vote (
        guild INTEGER NOT NULL, folded TEXT NOT NULL, address TEXT NOT NULL, question TEXT NOT NULL,
        up INTEGER NOT NULL, down INTEGER NOT NULL, last TEXT NOT NULL,
        PRIMARY KEY (guild, folded, address)) WITHOUT ROWID""",
)
_DELETE_OLD = ("DELETE FROM gap WHERE last <= ?", "DELETE FROM vote WHERE last <= ?")
# Fails where a table or a column is missing.
_LOOKS = (
    "SELECT guild, folded, question, times, last FROM gap LIMIT 0",
    "SELECT guild, folded, address, question, up, down, last FROM vote LIMIT 0",
)
_DELETE_GUILD = ("DELETE FROM gap WHERE guild = ?", "DELETE FROM vote WHERE guild = ?")


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that found nothing, as it was first asked."""

    question: str
    times: int
    last: datetime.date


@dataclass(frozen=True, slots=True)
class Voted:
    """The votes on what a question was answered with; ``address`` is its first citation's."""

    question: str
    address: str
    up: int
    down: int
    last: datetime.date


def utc_now() -> datetime.datetime:
    """Return the time in UTC."""
    return datetime.datetime.now(datetime.UTC)


class JournalFile:
    """An open file of a journal; made by ``open_file``. One thread at a time may call it.

    Every method raises JournalError if the file cannot be read or written.
    """

    def __init__(
        self, db: sqlite3.Connection, path: Path, days: int, now: Callable[[], datetime.datetime]
    ) -> None:
        self.path = path
        self.days = days
        self._db = db
        self._now = now
        self._expired: datetime.date | None = None  # the day of the last time

    def gap(self, question: str, guild_id: int | None) -> None:
        """Count a question that found nothing; one without text is not kept."""
        kept, folded = _kept(question)
        if kept:
            with self.transaction() as today:
                self._db.execute(
                    "INSERT INTO gap VALUES (?, ?, ?, 1, ?)"
                    " ON CONFLICT (guild, folded) DO UPDATE"
                    " SET times = times + 1, last = excluded.last",
                    (guild_id or 0, folded, kept, today),
                )

    def vote(
        self, question: str, address: str, guild_id: int | None, *, up: int = 0, down: int = 0
    ) -> None:
        """Change an answer's votes: ``up=1`` for a new vote, ``up=-1, down=1`` for a changed one.

        No count falls below zero, and an answer whose votes were all taken back is not kept.
        """
        kept, folded = _kept(question)
        with self.transaction() as today:
            values = {
                "guild": guild_id or 0, "folded": folded, "address": address, "question": kept,
                "up": up, "down": down, "today": today,
            }  # fmt: skip
            self._db.execute(
                "INSERT INTO vote VALUES"
                " (:guild, :folded, :address, :question, max(0, :up), max(0, :down), :today)"
                " ON CONFLICT (guild, folded, address) DO UPDATE"
                " SET up = max(0, up + :up), down = max(0, down + :down), last = :today",
                values,
            )
            self._db.execute(
                "DELETE FROM vote WHERE guild = :guild AND folded = :folded"
                " AND address = :address AND up = 0 AND down = 0",
                values,
            )

    def gaps(self, guild_id: int | None) -> list[Gap]:
        """Return a server's questions that found nothing, the commonest first."""
        with self.transaction():
            rows = self._db.execute(
                "SELECT question, times, last FROM gap WHERE guild = ?"
                " ORDER BY times DESC, last DESC, question",
                (guild_id or 0,),
            )
            return [Gap(text, n, datetime.date.fromisoformat(last)) for text, n, last in rows]

    def downvoted(self, guild_id: int | None) -> list[Voted]:
        """Return a server's answers that somebody voted down, the worst first."""
        with self.transaction():
            rows = self._db.execute(
                "SELECT question, address, up, down, last FROM vote WHERE guild = ? AND down > 0"
                " ORDER BY down - up DESC, down DESC, last DESC, question, address",
                (guild_id or 0,),
            )
            return [
                Voted(text, address, up, down, datetime.date.fromisoformat(last))
                for text, address, up, down, last in rows
            ]

    def forget(self, guild_id: int | None) -> None:
        """Delete all entries of a server."""
        with _explained(self.path):
            self._delete(_DELETE_GUILD, [guild_id or 0])

    def forget_others(self, guild_ids: Collection[int]) -> None:
        """Delete the entries of every server but some; those of direct messages stay."""
        with _explained(self.path):
            held = self._db.execute("SELECT guild FROM gap UNION SELECT guild FROM vote")
            if others := [guild for (guild,) in held if guild and guild not in guild_ids]:
                self._delete(_DELETE_GUILD, others)

    def expire(self) -> None:
        """Delete what is too old. Opening, and the first use on a new day, do it too."""
        with _explained(self.path):
            today = self._now().date()
            self._delete(_DELETE_OLD, [(today - datetime.timedelta(self.days)).isoformat()])
            self._expired = today

    def expire_daily(self) -> None:
        """Delete what is too old, unless that was done today."""
        if self._expired != self._now().date():
            self.expire()

    def close(self) -> None:
        """Close the file; nothing can be read or written afterwards."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[str]:
        """Keep all of what is done within or nothing; gives the day. One within another is a part
        of it.
        """
        with _explained(self.path):
            if self._db.in_transaction:
                yield self._now().date().isoformat()
                return
            self.expire_daily()
            self._db.execute("BEGIN IMMEDIATE")
            with self._db:
                yield self._now().date().isoformat()

    def _delete(self, statements: tuple[str, ...], values: Iterable[object]) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        with self._db:
            for value in values:
                for statement in statements:
                    self._db.execute(statement, (value,))
        self._db.execute("VACUUM")


def open_file(
    file: Path, days: int, now: Callable[[], datetime.datetime] = utc_now
) -> JournalFile | None:
    """Open a journal's file, or begin one; for 0 days, delete it and return None.

    Raises JournalError for a file that is damaged, out of reach, of a newer form or not a journal
    of this bot; such a file is left as it is.
    """
    with _explained(file):
        begun = _is_journal(file)
        path = file.resolve()  # SQLite keeps its own files beside the one that a link leads to
        if days == 0:
            # The file itself comes last: while it stands, a deletion that was cut short is resumed.
            for suffix in ("-journal", "-wal", "-shm", "") if begun else ():
                path.with_name(path.name + suffix).unlink(missing_ok=True)
            return None
        if not begun:
            path.touch(mode=0o600)  # questions are for the bot's eyes
        db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            _prepare(db, file)
            journal = JournalFile(db, file, days, now)
            journal.expire()
        except BaseException:
            db.close()
            raise
    return journal


def look_at(file: Path) -> None:
    """Change nothing; raise JournalError for a file that ``open_file`` would refuse at once."""
    with _explained(file):
        if _is_journal(file):
            with file.open("rb") as opened:
                _require_known(int.from_bytes(opened.read(_FORM.stop)[_FORM]), file)


def to_csv(gaps: Iterable[Gap], downvoted: Iterable[Voted]) -> str:
    """Both lists as one table, safe to open in a spreadsheet."""
    rows: list[tuple[object, ...]] = [
        ("kind", "question", "address", "times", "up", "down", "last"),
        *(("gap", gap.question, "", gap.times, "", "", gap.last) for gap in gaps),
        *(("vote", v.question, v.address, "", v.up, v.down, v.last) for v in downvoted),
    ]
    text = io.StringIO()
    csv.writer(text).writerows([_cell(str(value)) for value in row] for row in rows)
    return text.getvalue()


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _kept(question: str) -> tuple[str, str]:
    """Return what is kept of a question, and what makes another one the same."""
    text = _ID.sub("…", " ".join(question.split())).encode(errors="replace").decode()
    text = text[:MAX_QUESTION].rstrip()
    return text, " ".join(folded_words(text)) or text


def _is_journal(file: Path) -> bool:
    """Whether a journal was begun there. Raises JournalError if something else stands there."""
    try:
        size = file.stat().st_size
    except FileNotFoundError:
        return False
    if file.is_file():  # a pipe would be waited for
        with file.open("rb") as opened:
            head = opened.read(_MARK.stop)
        if size == 0:
            return False
        if head.startswith(_MAGIC) and int.from_bytes(head[_MARK]) == APPLICATION_ID:
            return True
    raise JournalError(file, "is not a journal of this bot; it was left alone: name another file")


def _prepare(db: sqlite3.Connection, file: Path) -> None:
    """Set up the connection, check the file and begin the tables of a new one."""
    db.execute("PRAGMA secure_delete = ON")
    db.execute("PRAGMA temp_store = MEMORY")  # the copy that VACUUM makes
    db.execute("BEGIN IMMEDIATE")
    with db:
        if not db.execute("PRAGMA schema_version").fetchone()[0]:
            for statement in _TABLES:
                db.execute(statement)
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute(f"PRAGMA user_version = {FORM}")
        if db.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
            raise JournalError(file, "is damaged: move it away, and a new one is begun")
        _migrate(db, file)
        for statement in _LOOKS:
            db.execute(statement)


def _migrate(db: sqlite3.Connection, file: Path) -> None:
    """Bring the tables to the form of this version. Raises JournalError for a newer form."""
    form = db.execute("PRAGMA user_version").fetchone()[0]
    _require_known(form, file)
    for statements in _MIGRATIONS[form:]:
        for statement in statements:
            db.execute(statement)
    if form < FORM:
        db.execute(f"PRAGMA user_version = {FORM}")


def _require_known(form: int, file: Path) -> None:
    """Raise JournalError for tables of a newer form than this program knows."""
    if not 0 <= form <= FORM:
        raise JournalError(
            file,
            f"has form {form}, and this treaty-bot knows forms up to {FORM}: install the newest "
            "treaty-bot, or name another file in JOURNAL_FILE",
        )


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Raise what goes wrong with a file as a JournalError."""
    try:
        yield
    except (sqlite3.Error, ValueError) as error:  # locked, read-only, malformed; not a date
        raise JournalError(path, f"cannot be used ({error})") from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise JournalError(path, f"cannot be used ({reason})") from error
