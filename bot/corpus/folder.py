"""A folder of files, read as articles: one file an article, its translations beside it.

What has been read before is read again only where a file has changed. ``glossary.toml`` holds the
corpus's own terms, ``questions.toml`` its own questions. Hidden files, folders and files with other
endings are not read; the last two are reported. A folder or a link that has an article's name is an
error, since it looks as if it were read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from stat import S_ISLNK
from typing import ParamSpec, TypeVar

from bot.corpus.article import build_article
from bot.corpus.companions import GLOSSARY_NAME, QUESTIONS_NAME, read_glossary, read_questions
from bot.corpus.filenames import (
    article_of,
    check_link,
    check_name,
    is_hidden,
    place_in_corpus,
)
from bot.corpus.model import Article, Corpus
from bot.errors import CorpusError, Problem, printable
from bot.formats.document import Document
from bot.formats.reader import SUFFIXES, read_bytes, read_document
from bot.text.glossary import Glossary

#: Files beside the articles that have a meaning of their own.
_COMPANIONS = frozenset({GLOSSARY_NAME, QUESTIONS_NAME})


_P = ParamSpec("_P")
_T = TypeVar("_T")
_Files = dict[str | None, str]  # names of an article's, by the language that each says


#: A file that was changed less than this many nanoseconds before it was read may be changed again
#: without a new time: FAT counts in 2 seconds, and nothing that is still in use is coarser.
_UNSETTLED = 2_000_000_000

# Of an inode's number, which has up to 128 on Windows, what an array of the cache can hold.
_INODE_BITS = (1 << 63) - 1

#: Told after each article: how many files have been looked at, and how many there are.
Progress = Callable[[int, int], None]


#: Of a file: its size in bytes, when its content and its metadata changed, in nanoseconds as the
#: file system has them, and its inode.
StatKey = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class FileStamp:
    """A file as it was read, to tell later whether it has changed."""

    stat_key: StatKey | None  #: None where a change might not show in them, as of a link's target
    digest: bytes  #: of the content, SHA-256


@dataclass(frozen=True)
class FolderState:
    """A folder as it was read: its articles, and the files that they were read from."""

    corpus: Corpus
    files: Mapping[str, FileStamp] = field(default_factory=dict)  #: by file name
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  #: names by article


def read_corpus(folder: Path) -> Corpus:
    """Read every article of a folder; see ``scan``."""
    return scan(folder).corpus


def scan(
    folder: Path,
    before: FolderState | None = None,
    *,
    now: int = 0,
    progress: Progress | None = None,
) -> FolderState:
    """Read every article of a folder, those whose files have not changed since ``before`` from
    there: they are the same objects. ``now`` is the time in nanoseconds since 1970; without it
    no file's times are trusted, and each content is compared.

    Raises CorpusError with every problem found: a file that cannot be read, two articles of one
    name, a translation that does not line up, a folder without articles.
    """
    return _Folder(folder, before or FolderState(Corpus(())), now).read(
        progress or (lambda *_: None)
    )


class _Folder:
    """A folder while it is read."""

    def __init__(self, folder: Path, before: FolderState, now: int) -> None:
        self.folder, self.before, self.moment = folder, before, now
        self.problems: list[Problem] = []
        self.wrong: set[tuple[str, str | None]] = set()  # the places of files with problems
        self.skipped: list[str] = []
        self.companions: dict[str, Path] = {}
        self.files: dict[str, FileStamp] = {}  # of those that are as they were, and those read
        self.groups: dict[str, tuple[str, _Files]] = {}

    def read(self, progress: Progress) -> FolderState:
        """The folder's articles and its companions. Raises CorpusError as ``scan`` does."""
        entries = _entries(self.folder)
        for name, path in entries.items():
            self._guarded(self._enter, name, path)
        articles = self._articles(progress, len(entries))
        glossary = None
        if GLOSSARY_NAME in self.companions:
            glossary = self._guarded(read_glossary, self.companions[GLOSSARY_NAME])
        if not self.problems and not articles:
            endings = f"{', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}"
            reason = f"holds no article; put a {endings} file into it"
            self.problems.append(Problem(self.folder, None, reason))
        if self.problems:
            raise CorpusError(self.problems)
        corpus = Corpus(tuple(articles), tuple(self.skipped), glossary or Glossary())
        if QUESTIONS_NAME in self.companions:
            path = self.companions[QUESTIONS_NAME]
            questions = read_questions(path, lambda one: corpus.find(one) is not None)
            corpus = replace(corpus, questions=questions)
        if corpus == self.before.corpus:  # which knows its version already
            corpus = self.before.corpus
        groups = {name: tuple(group.values()) for name, group in self.groups.values()}
        return FolderState(corpus, self.files, groups)

    def _guarded(self, step: Callable[_P, _T], *values: _P.args, **named: _P.kwargs) -> _T | None:
        """What a step makes of a file; what is wrong with it is kept for the end."""
        try:
            return step(*values, **named)
        except CorpusError as error:
            self.problems.extend(error.problems)
            self.wrong.update(place_in_corpus(problem.path) for problem in error.problems)
            return None

    def _enter(self, file_name: str, path: Path) -> None:
        """Note an entry: one of an article's files, a companion, or neither."""
        known = self.before.files.get(file_name)
        if known is None and path.suffix.lower() not in SUFFIXES and file_name not in _COMPANIONS:
            self.skipped.append(printable(file_name))
            return
        if known is None:
            check_name(path)
        elif known.stat_key is not None and known.stat_key == _stat_key(path):
            self.files[file_name] = known
        if file_name in _COMPANIONS:
            check_link(path, self.folder)
            self.companions[file_name] = path
            return
        name, language = article_of(path)
        # Compared without case: Article.md and article.md cannot both exist on every system.
        _, group = self.groups.setdefault(name.casefold(), (name, {}))
        if other := group.get(language):
            reason = f"has the same name as {other}; rename one of the two"
            raise CorpusError([Problem(path, None, reason)])
        group[language] = file_name

    def _articles(self, progress: Progress, entries: int) -> list[Article]:
        """The articles of all groups of files, by name."""
        articles: list[Article | None] = []
        looked_at = entries - sum(len(group) for _, group in self.groups.values())
        progress(looked_at, entries)
        for place, (name, group) in self.groups.items():
            articles.append(self._guarded(self._article, place, name, group))
            looked_at += len(group)
            progress(looked_at, entries)
        return sorted((article for article in articles if article), key=lambda a: a.name)

    def _article(self, place: str, name: str, group: _Files) -> Article | None:
        """The article of one group of files: that of before, if none of them has changed."""
        changed = {
            key: self._guarded(self._read, file_name)
            for key, file_name in group.items()
            if file_name not in self.files
        }
        if not any(changed.values()) and self.before.groups.get(name) == tuple(group.values()):
            return self.before.corpus.article(name)
        right = {key: file_name for key, file_name in group.items() if file_name in self.files}
        if not right or (None not in right and (place, None) in self.wrong):
            return None  # translations of a file that is wrong itself are not looked at
        return build_article(
            name,
            {key: changed.get(key) or read_document(self.folder / right[key]) for key in right},
        )

    def _read(self, file_name: str) -> Document | None:
        """What a file says; None where it has still the same content."""
        path, known = self.folder / file_name, self.before.files.get(file_name)
        stat_key = _stat_key(path)
        if stat_key is None:
            check_link(path, self.folder)
        content = read_bytes(path)
        digest = sha256(content).digest()
        settled = stat_key is not None and max(stat_key[1:3]) + _UNSETTLED < self.moment
        document = None
        if known is None or known.digest != digest:
            document = read_document(path, content)
        self.files[file_name] = FileStamp(stat_key if settled else None, digest)
        return document


def _stat_key(path: Path) -> StatKey | None:
    """What tells that a file has changed; None for a link, and for what cannot be looked at, which
    reading will tell.
    """
    try:
        stat = path.lstat()
    except OSError:
        return None
    if S_ISLNK(stat.st_mode):
        return None
    return stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino & _INODE_BITS


def _entries(folder: Path) -> dict[str, Path]:
    """What a folder holds, by name, without what is hidden."""
    try:
        found = {path.name: path for path in folder.iterdir()}
    except OSError as error:
        reason = f"is not a folder that can be read ({(error.strerror or str(error)).lower()})"
        if isinstance(error, FileNotFoundError):
            reason = "there is no such folder"
        mend = f"{reason}; name the folder of your articles with --corpus or CORPUS_DIR"
        raise CorpusError([Problem(folder, None, mend)]) from error
    return {name: found[name] for name in sorted(found) if not is_hidden(name)}
