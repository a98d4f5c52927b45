"""A folder of files, read as articles: one file an article, its translations beside it.

What has been read before is read again only where a file has changed. A file that is wrong does not
silence the others. ``glossary.toml`` holds the corpus's own terms, ``questions.toml`` its own
questions. The files of a folder within are articles too, ``folder/NAME``. Hidden files and folders
and files with other endings are not read; the last are reported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from stat import S_ISLNK

from bot.corpus.article import build_article
from bot.corpus.companions import (
    GLOSSARY_NAME,
    QUESTIONS_NAME,
    read_glossary,
    read_questions,
    stale_answers,
)
from bot.corpus.filenames import check_link
from bot.corpus.joined import join_corpora
from bot.corpus.listing import Group, Listing, list_folder
from bot.corpus.model import Article, Corpus
from bot.corpus.taught import follow
from bot.errors import CorpusError, Problem
from bot.formats.document import Document
from bot.formats.reader import SUFFIXES, read_bytes, read_document

# Added to what is wrong with a file that is answered from nevertheless.
_KEPT = "until then it is answered from as it was before"

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
    files: Mapping[str, FileStamp] = field(default_factory=dict)  #: by path below the folder
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  #: by article, its files


def read_corpus(folder: Path) -> Corpus:
    """Read every article of a folder; see ``scan``."""
    return scan(folder).corpus


@dataclass
class _Reading:
    """What came of the files of one article."""

    article: Article | None = None
    used: tuple[str, ...] = ()  #: the files that it was read from, in order
    files: dict[str, FileStamp] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def scan(
    folder: Path,
    before: FolderState | None = None,
    *,
    now: int = 0,
    keeps: bool = False,
    shared: Corpus | None = None,
    progress: Progress = lambda *_: None,
) -> FolderState:
    """Read every article of a folder and of the folders in it, those whose files have not changed
    since ``before`` from there: they are the same objects. ``now`` is the time in nanoseconds
    since 1970; without it no file's times are trusted, and each content is compared.

    A file that is wrong is left out, and its article with it if it is the original;
    ``Corpus.problems`` says why. An article that was read from it before stays as it was, if this
    ``keeps`` what was good. Raises CorpusError with every problem where no article is left.

    ``shared``: the corpus that a server's own stands beside. Then there may be no article,
    questions may name shared articles too, the glossary extends the shared one, and what has the
    name of a shared article is left out, since an address means one sentence.
    """
    before = before or FolderState(Corpus(()))
    listing = list_folder(folder, before.files if keeps else ())
    reader = _Reader(folder, before, now, keeps, shared)
    looked_at = listing.files - sum(len(group.files) for group in listing.groups.values())
    readings: list[_Reading] = []
    progress(looked_at, listing.files)
    for group in listing.groups.values():
        readings.append(reader.read(group))
        looked_at += len(group.files)
        progress(looked_at, listing.files)
    if keeps:
        readings += reader.closed(listing)
    return _assemble(reader, listing, readings)


def _assemble(reader: _Reader, listing: Listing, readings: Sequence[_Reading]) -> FolderState:
    """Put articles and companions together. Raises CorpusError where there is no article."""
    problems = [*listing.problems, *(p for reading in readings for p in reading.problems)]
    read = {reading.article.name: reading for reading in readings if reading.article}
    if reader.shared:
        problems += reader.taken(read)
    elif not read:
        endings = f"{', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}"
        reason = f"holds no article; put a {endings} file into it"
        raise CorpusError(problems or [Problem(reader.folder, None, reason)])
    articles = tuple(a for name in sorted(read) if (a := read[name].article))
    corpus = reader.companions(Corpus(articles, tuple(listing.skipped)), listing, problems)
    files = {name: stamp for reading in readings for name, stamp in reading.files.items()}
    groups = {name: reading.used for name, reading in read.items()}
    if corpus == reader.before.corpus:  # which knows its version already
        corpus = reader.before.corpus
    return FolderState(corpus, files, groups)


@dataclass
class _Reader:
    """Reads the articles of a folder, on from what is known of it."""

    folder: Path
    before: FolderState
    moment: int
    keeps: bool
    shared: Corpus | None

    def read(self, group: Group) -> _Reading:
        """Return one article: that of before, if none of its files has changed; that of before
        too, where one of its files has turned bad; else what the sound ones say.
        """
        reading = _Reading(used=tuple(sorted(group.files.values())))
        documents = self._diff(group, reading)
        earlier = self.before.corpus.article(group.name)
        bad = {str(problem.path) for problem in reading.problems}
        sound = {
            key: name for key, name in group.files.items() if str(self.folder / name) not in bad
        }
        reading.used = tuple(sorted(sound.values()))
        if earlier and not documents and self.before.groups.get(group.name) == reading.used:
            reading.article = earlier
        elif sound and (None in sound or None not in group.files):
            # Translations of an original that is wrong are not looked at.
            self._build(group.name, sound, documents, reading)
        else:
            reading.used = ()
        return self._kept(group, earlier, reading) or reading

    def _diff(self, group: Group, reading: _Reading) -> dict[str | None, Document]:
        """Return what those files say that have changed, by language."""
        documents = {}
        for language, name in group.files.items():
            try:
                reading.files[name], document = self._look(name)
            except CorpusError as error:
                reading.problems += error.problems
            else:
                if document:
                    documents[language] = document
        return documents

    def _look(self, name: str) -> tuple[FileStamp, Document | None]:
        """Return a file's stamp, and what it says; None where it has still the same content."""
        path, known = self.folder / name, self.before.files.get(name)
        stat_key = _stat_key(path)
        if known and known.stat_key is not None and known.stat_key == stat_key:
            return known, None
        if stat_key is None:
            check_link(path, self.folder)
        content = read_bytes(path)
        digest = sha256(content).digest()
        settled = stat_key is not None and max(stat_key[1:3]) + _UNSETTLED < self.moment
        same = known is not None and known.digest == digest
        document = None if same else read_document(path, content)
        return FileStamp(stat_key if settled else None, digest), document

    def _build(
        self,
        name: str,
        sound: Mapping[str | None, str],
        documents: Mapping[str | None, Document],
        reading: _Reading,
    ) -> None:
        """Put an article together from its sound files."""
        try:
            group = {
                key: documents.get(key) or read_document(self.folder / sound[key])
                for key in sorted(sound, key=lambda language: sound[language])
            }
            reading.article, wrong = build_article(name, group)
        except CorpusError as error:
            reading.problems += error.problems
            reading.used = ()
        else:
            reading.problems += wrong
            left_out = {str(problem.path) for problem in wrong}
            reading.used = tuple(n for n in reading.used if str(self.folder / n) not in left_out)

    def _kept(self, group: Group, earlier: Article | None, reading: _Reading) -> _Reading | None:
        """Return the last good reading, where one of the files that it was read from is wrong by
        now.
        """
        used = self.before.groups.get(group.name, ())
        lost = set(used) - set(reading.used)
        if not (self.keeps and earlier and lost and lost <= set(group.files.values())):
            return None
        stamps = {name: self.before.files[name] for name in used if name in self.before.files}
        problems = [
            replace(problem, reason=f"{problem.reason}; {_KEPT}") for problem in reading.problems
        ]
        return _Reading(earlier, used, stamps, problems)

    def closed(self, listing: Listing) -> list[_Reading]:
        """Return the last good readings of what lies in folders that cannot be read by now."""
        articles = {article.name: article for article in self.before.corpus.articles}
        return [
            _Reading(articles[name], used, {n: self.before.files[n] for n in used})
            for name, used in self.before.groups.items()
            if any(file.startswith(f"{inner}/") for inner in listing.closed for file in used)
            and name.casefold() not in listing.groups
        ]

    def taken(self, read: dict[str, _Reading]) -> Iterator[Problem]:
        """Take out the articles whose names shared ones have; yield a problem for each."""
        shared = self.shared.names if self.shared else ()
        for name in [name for name in read if name.casefold() in shared]:
            path = self.folder / read.pop(name).used[0]
            yield Problem(path, None, "has the name of a shared source; rename it")

    def companions(self, corpus: Corpus, listing: Listing, problems: list[Problem]) -> Corpus:
        """Return the corpus with its glossary and its questions, and with all that is wrong in it.
        Those that are wrong are left out, or stay as they were.
        """
        before = self.before.corpus if self.keeps else Corpus(())
        glossary, questions = Corpus(()).glossary, corpus.questions
        known = join_corpora(self.shared, corpus) if self.shared else corpus
        if GLOSSARY_NAME in listing.companions:
            try:
                glossary = read_glossary(self.folder / GLOSSARY_NAME)
            except CorpusError as error:
                problems += error.problems
                glossary = before.glossary
        if QUESTIONS_NAME in listing.companions:
            path = self.folder / QUESTIONS_NAME
            try:
                questions = read_questions(path)
            except CorpusError as error:
                problems += error.problems
                questions = before.questions
            questions, lost = follow(known, questions)
            problems += stale_answers(path, lost)
        if self.shared:
            glossary = self.shared.glossary.extended(glossary)
        told = tuple(sorted(problems, key=lambda p: (str(p.path), p.line or 0)))
        return replace(corpus, glossary=glossary, questions=questions, problems=told)


def _stat_key(path: Path) -> StatKey | None:
    """Return what tells that a file has changed; None for a link, and for what cannot be looked at,
    which reading will tell.
    """
    try:
        stat = path.lstat()
    except OSError:
        return None
    if S_ISLNK(stat.st_mode):
        return None
    return stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino & _INODE_BITS
