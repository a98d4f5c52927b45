"""The corpus folder as something that is written to: put, remove, restore, read back.

Nothing is lost: what is removed or replaced moves into the hidden folder ``.removed``, its name
behind the date and time (UTC). Files of one removal share their time and go back together. Nothing
is half done, even under ``kill -9``: see ``bot.service.transaction``. Nothing outside of the folder
is written, and no symbolic link is followed out of it.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from bot.corpus.filenames import article_of, check_link, check_name, place_in_corpus
from bot.errors import CorpusError, CorpusFilesError
from bot.formats.reader import LIMITS, SUFFIXES
from bot.service.transaction import (
    REMOVED_NAME,
    Rename,
    clear_new,
    commit,
    locked,
    reverse,
    write_new,
)

#: Files of the corpus and of what was removed, together: above what is planned for (10,000
#: articles), a folder that only grows is a mistake, and listing it stays a matter of milliseconds.
MAX_FILES = 20_000

#: Characters of a file's name. With passage and sentence, or with the time of its removal, it fits
#: the 100 that Discord allows a suggestion; addresses are shown in one line.
MAX_NAME = 75
# Bytes of a file's name on every usual disk, less those of the time of its removal.
_MAX_NAME_BYTES = 255 - 23

# What Windows allows in no name, see https://learn.microsoft.com/windows/win32/fileio/naming-a-file.
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*]')
# Letters and marks that are shown as nothing: fillers, blank, joiner, variation selectors, tags.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)

_STAMP_FORMAT = "%Y%m%d-%H%M%S-%f"
_REMOVED = re.compile(r"(\d{8}-\d{6}-\d{6})-(.+)", re.DOTALL)


#: Of a file: its inode, its size in bytes, and when it was written, in nanoseconds.
FileKey = tuple[int, int, int]

#: Of an article's files, by name, as they were at one moment.
State = tuple[tuple[str, FileKey | None], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What was done to the folder, so that it can be undone."""

    renames: tuple[Rename, ...]
    removed_at: str | None = None  #: of what went to ``.removed``, if something did
    #: of each file that was moved, a digest: what is other since is somebody else's
    digests: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Removed:
    """One removal: its time, which also names it, and the names of its files as they were."""

    removed_at: str
    names: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.removed_at} {', '.join(self.names)}"


class CorpusFiles:
    """The articles' files in one folder. Every method raises CorpusFilesError, with nothing
    changed, where it says no or the disk does, and CorpusError for an intent that cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def check_room(self, name: str, size: int) -> None:
        """Raise CorpusFilesError where no further file of so many bytes is taken."""
        del size
        if len(self._names()) + len(self._removed_names()) >= MAX_FILES:
            raise CorpusFilesError("too_many_files", name, f"{MAX_FILES:,}")

    def files(self, article: str) -> dict[str | None, str]:
        """Return the files of an article, by the language in their names.

        None where there is none.
        """
        wanted = unicodedata.normalize("NFC", article).casefold()
        return {
            language: name
            for name in self._names()
            for folded, language in [place_in_corpus(Path(name))]
            if folded == wanted
        }

    def find(self, typed: str) -> tuple[str, str | None]:
        """Return the article that is meant by a name, and the language if one translation, NAME.en,
        is.
        """
        files = self.files(typed)
        language = None
        if not files:
            name, language = article_of(Path(f"{typed}.md"))
            files = self.files(name)
            if language not in files or Path(typed).name != typed:
                raise CorpusFilesError("no_article", typed)
        whole = None if None not in files else language
        return article_of(Path(next(iter(files.values()))))[0], whole

    def files_of(self, article: str, language: str | None = None) -> list[str]:
        """Return the names of an article's files, or of its one translation's."""
        files = self.files(article)
        names = list(files.values()) if language is None else [files.get(language, "")]
        if not any(names):
            raise CorpusFilesError("no_article", f"{article}.{language}" if language else article)
        return names

    def read(self, names: Iterable[str]) -> dict[str, bytes]:
        """Return some files of the folder, byte for byte, by their names."""
        known = set(self._names())
        for name in (names := list(names)):
            if name not in known:
                raise CorpusFilesError("no_article", name)
        return {name: self._bytes(name) for name in names}

    def state(self, article: str) -> State:
        """Tells one state of an article's files from another: any change of them changes it."""
        return tuple((name, self._file_key(name)) for name in self.files(article).values())

    def put(self, name: str, data: bytes, expected: State | None = None) -> Change:
        """Put a file into its place; what has the place before goes to ``.removed``. Refused where
        the article's files have not the ``expected`` state any more.
        """
        check_new_name(name)
        if len(data) > (limit := LIMITS[Path(name).suffix.lower()]):
            raise CorpusFilesError("too_large", name, f"{limit:,}")
        with self._changing(name):
            place = place_in_corpus(Path(name))
            self._check_state(name, place[0], expected)
            replaced = [old for old in self._names() if place_in_corpus(Path(old)) == place]
            self.check_room(name, len(data))
            removed_at = self._stamp() if replaced else None
            renames = self._away(replaced, removed_at) if removed_at else []
            renames.append((write_new(self.folder, data), name))
            return self._made(renames, removed_at)

    def rewrite(self, name: str, rewritten: Callable[[bytes], bytes]) -> Change:
        """Put what is made of a companion file's content, empty where there is none, into its
        place; the old file goes to ``.removed``.
        """
        with self._changing(name):
            path = self.folder / name
            there = os.path.lexists(path)
            check_link(path, self.folder)
            data = rewritten(path.read_bytes() if there else b"")
            self.check_room(name, len(data))
            removed_at = self._stamp() if there else None
            renames = self._away([name] if removed_at else [], removed_at or "")
            renames.append((write_new(self.folder, data), name))
            return self._made(renames, removed_at)

    def remove(
        self, article: str, language: str | None = None, expected: State | None = None
    ) -> Change:
        """Move an article with its translations, or one translation, to ``.removed``. Refused where
        its files have not the ``expected`` state any more.
        """
        with self._changing(article):
            self._check_state(article, article, expected)
            names = self.files_of(article, language)
            if len(names) == len(self.files(article)):
                self.refuse_last(article)
            removed_at = self._stamp()
            return self._made(self._away(names, removed_at), removed_at)

    def refuse_last(self, article: str) -> None:
        """Raise CorpusFilesError if there is no other article."""
        if len({place_in_corpus(Path(name))[0] for name in self._names()}) == 1:
            raise CorpusFilesError("last_article", article)

    def removed(self) -> list[Removed]:
        """Return what was removed and replaced, the latest first."""
        entries: dict[str, list[str]] = {}
        for file in sorted(self._removed_names(), reverse=True):
            if match := _REMOVED.fullmatch(file):
                entries.setdefault(match[1], []).append(match[2])
        return [Removed(removed_at, tuple(sorted(names))) for removed_at, names in entries.items()]

    def entry(self, typed: str) -> Removed:
        """Return the removal whose time a text begins with."""
        removed_at = typed.strip().partition(" ")[0]
        for entry in self.removed():
            if entry.removed_at == removed_at:
                return entry
        raise CorpusFilesError("no_entry", typed)

    def read_removed(self, entry: Removed) -> dict[str, bytes]:
        """Return the files of a removal, byte for byte, by their names."""
        return {name: self._bytes(_removed(entry.removed_at, name)) for name in entry.names}

    def restore(self, entry: Removed) -> Change:
        """Put what was removed back, all of its files; refused where a place is taken."""
        with self._changing(entry.names[0]):
            taken = {place_in_corpus(Path(name)): name for name in self._names()}
            for name in self.entry(entry.removed_at).names:
                if name.startswith(".") or Path(name).suffix.lower() not in SUFFIXES:
                    raise CorpusFilesError("bad_name", name)
                if other := taken.get(place_in_corpus(Path(name))):
                    raise CorpusFilesError("place_taken", name, other)
            return self._made([(_removed(entry.removed_at, name), name) for name in entry.names])

    def undo(self, change: Change) -> None:
        """Bring the folder back to what it was before a change, but for what somebody has written
        since: a file that is not the one that was added stays, and so does one in the place of what
        was removed, which then stays among the removed.
        """
        with self._changing(change.renames[-1][1]):
            if renames := self._undoing(change):
                commit(self.folder, renames)
            clear_new(self.folder)

    def _made(self, renames: list[Rename], removed_at: str | None = None) -> Change:
        """Make some renames; what was done. The folder is locked by the caller."""
        digests = tuple(self._digest(source) for source, _ in renames)
        commit(self.folder, renames)
        return Change(tuple(renames), removed_at, digests)

    def _digest(self, name: str) -> str:
        """Return a digest of a file's content, or where a link leads; empty for what is neither."""
        path = self.folder / name
        try:
            if path.is_symlink():
                return str(path.readlink())
            return sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        except OSError:
            return ""

    def _file_key(self, name: str) -> FileKey | None:
        """Tells a file from one written in its place; None where there is none."""
        try:
            found = (self.folder / name).lstat()
        except OSError:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns

    def _undoing(self, change: Change) -> list[Rename]:
        """Return the renames of a change that can be undone without touching what is somebody
        else's.
        """
        renames: list[Rename] = []
        taken = {place_in_corpus(Path(name)) for name in self._names()}
        moved = zip(reverse(change.renames), reversed(change.digests), strict=True)
        for (source, target), digest in moved:
            place = None if target.startswith(".") else _place(target)
            there = not _is_article(target) and os.path.lexists(self.folder / target)
            kept = there and not any(target == freed for freed, _ in renames)
            if kept or place in taken or self._digest(source) != digest:
                continue
            renames.append((source, target))
            taken.discard(_place(source))
        return renames

    def _check_state(self, name: str, article: str, expected: State | None) -> None:
        """Raise CorpusFilesError where an article's files are not as they were looked at."""
        if expected is not None and self.state(article) != expected:
            raise CorpusFilesError("stale", name)

    @contextlib.contextmanager
    def _changing(self, name: str) -> Iterator[None]:
        """Hold the folder locked and tidy, with the disk's refusals told as ours."""
        try:
            with locked(self.folder):
                clear_new(self.folder)
                try:
                    yield
                except (OSError, CorpusFilesError):
                    with contextlib.suppress(OSError):
                        clear_new(self.folder)
                    raise
        except OSError as error:
            raise CorpusFilesError(
                "unwritable", name, (error.strerror or str(error)).lower()
            ) from error

    def _names(self) -> list[str]:
        """List the names of the articles' files. Raises CorpusFilesError where it cannot."""
        try:
            found = [path.name for path in self.folder.iterdir()]
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise CorpusFilesError("unreadable", self.folder.name, reason) from error
        return sorted(
            name
            for name in found
            if not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES
        )

    def _removed_names(self) -> list[str]:
        """Return what lies in ``.removed``, unless that is a link to elsewhere."""
        removed = self.folder / REMOVED_NAME
        try:
            return [] if removed.is_symlink() else [path.name for path in removed.iterdir()]
        except FileNotFoundError:
            return []
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise CorpusFilesError("unreadable", REMOVED_NAME, reason) from error

    def _bytes(self, name: str) -> bytes:
        path = self.folder / name
        try:
            check_link(path, self.folder)
            if path.is_file() and path.stat().st_size <= LIMITS[path.suffix.lower()]:
                return path.read_bytes()
            reason = "no regular file, or too large"
        except CorpusError as error:
            reason = error.problems[0].reason
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
        raise CorpusFilesError("unreadable", path.name, reason)

    def _stamp(self) -> str:
        """Return the time, or the first microsecond after it that names no removal yet."""
        used = {entry.removed_at for entry in self.removed()}
        now = datetime.datetime.now(datetime.UTC)
        while (removed_at := now.strftime(_STAMP_FORMAT)) in used:
            now += datetime.timedelta(microseconds=1)
        return removed_at

    @staticmethod
    def _away(names: list[str], removed_at: str) -> list[Rename]:
        return [(name, _removed(removed_at, name)) for name in names]


def _is_article(name: str) -> bool:
    """Whether a file's name is that of an article, not of a companion such as questions.toml."""
    return Path(name).suffix.lower() in SUFFIXES


def _place(name: str) -> tuple[str, str | None]:
    """Return what a file is to the corpus; a companion is only itself."""
    return place_in_corpus(Path(name)) if _is_article(name) else (f"/{name}", None)


def _removed(removed_at: str, name: str) -> str:
    """Where a removed file lies."""
    return f"{REMOVED_NAME}/{removed_at}-{name}"


def check_new_name(name: str) -> None:
    """Raise CorpusFilesError for what cannot be the name of a new article's file."""
    path = Path(name)
    if path.suffix.lower() not in SUFFIXES:
        raise CorpusFilesError("bad_ending", name, ", ".join(SUFFIXES))
    try:
        check_name(path)
    except CorpusError as error:
        raise CorpusFilesError("bad_name", name) from error
    if (
        name.startswith(".")
        or _NOT_IN_NAMES.search(name)
        or not name.isprintable()
        or _INVISIBLE.search(name)
        or unicodedata.normalize("NFC", name) != name
        or path.stem != path.stem.strip(" .")
        or not article_of(path)[0].strip(" .")
    ):
        raise CorpusFilesError("bad_name", name)
    if len(name) > MAX_NAME or len(name.encode()) > _MAX_NAME_BYTES:
        raise CorpusFilesError("long_name", name, str(MAX_NAME))
