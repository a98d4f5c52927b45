"""What a corpus folder holds, before anything of it is read: articles' files and others."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from bot.corpus.companions import GLOSSARY_NAME, QUESTIONS_NAME
from bot.corpus.filenames import article_of, check_link, check_name, is_hidden
from bot.errors import CorpusError, Problem, printable
from bot.formats.reader import SUFFIXES

#: Files beside the articles that have a meaning of their own.
COMPANIONS = frozenset({GLOSSARY_NAME, QUESTIONS_NAME})

#: What a server's admins have set, beside its sources.
SETTINGS_NAME = "settings.toml"


@dataclass(frozen=True)
class Group:
    """The files of one article."""

    name: str  #: of the article
    files: dict[str | None, str]  #: paths below the corpus folder, by the language each says


@dataclass
class Listing:
    """The files of a corpus folder and of the folders in it, by their paths below it."""

    files: int = 0  #: how many there are
    groups: dict[str, Group] = field(default_factory=dict)  #: by the article's name, without case
    companions: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)  #: what is of another format
    problems: list[Problem] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)  #: folders that cannot be read


def list_folder(folder: Path, preferred: Collection[str] = ()) -> Listing:
    """Return what a folder holds, without what is hidden.

    Of two files that have one name the one that is ``preferred`` is taken, or else the first.
    Raises CorpusError where the folder itself cannot be read.
    """
    listing = Listing()
    try:
        names = _walk(folder, listing)
    except OSError as error:
        reason = _reason(error)
        if isinstance(error, FileNotFoundError):
            reason = "there is no such folder"
        reason_given = (
            f"{reason}; name the folder of your articles with --corpus or CORPUS_DIR, "
            "or make one with treaty-bot init"
        )
        raise CorpusError([Problem(folder, None, reason_given)]) from error
    listing.files = len(names)
    for name in sorted(names, key=lambda name: (name not in preferred, name)):
        try:
            _enter(folder, name, listing)
        except CorpusError as error:
            listing.problems += error.problems
    return listing


def _walk(folder: Path, listing: Listing) -> list[str]:
    """Return the paths of all files below a folder.

    Raises OSError where it cannot be read itself.
    """
    names: list[str] = []
    seen: set[Path] = set()
    # Links to folders come last, so that what they lead to keeps its own name.
    waiting, links = [""], list[str]()
    while waiting or links:
        inner = waiting.pop() if waiting else links.pop()
        path = folder / inner
        try:
            if inner:
                check_name(path)
                check_link(path, folder)
            found = sorted(path.iterdir(), reverse=True)
        except CorpusError as error:
            listing.problems += error.problems
            continue
        except OSError as error:
            if not inner:
                raise
            reason = f"{_reason(error)}; open it to the bot or remove it"
            listing.problems.append(Problem(path, None, reason))
            listing.closed.append(inner)
            continue
        if (real := path.resolve()) in seen:
            reason = "is a link to a folder that is read already; remove it"
            listing.problems.append(Problem(path, None, reason))
            continue
        seen.add(real)
        for entry in found:
            if is_hidden(entry.name):
                continue
            name = f"{inner}/{entry.name}" if inner else entry.name
            if _is_named_as_a_file(entry) or not entry.is_dir():
                names.append(name)
            else:
                (links if entry.is_symlink() else waiting).append(name)
    return names


def _is_named_as_a_file(path: Path) -> bool:
    """Whether a path is named as what is read; a folder of such a name is an error, since it looks
    as if it were an article.
    """
    return path.suffix.lower() in SUFFIXES or path.name in COMPANIONS


def _enter(folder: Path, name: str, listing: Listing) -> None:
    """Note a file: one of an article's, a companion, or neither. Raises CorpusError for a name
    that is no file's or another's.
    """
    path = folder / name
    if name in COMPANIONS:
        check_link(path, folder)
        listing.companions.append(name)
        return
    if name == SETTINGS_NAME:
        return
    if path.suffix.lower() not in SUFFIXES:
        listing.skipped.append(printable(name))
        return
    check_name(path)
    article, language = article_of(Path(name))
    # Compared without case: Article.md and article.md cannot both exist on every system.
    group = listing.groups.setdefault(article.casefold(), Group(article, {}))
    if other := group.files.get(language):
        reason = f"has the same name as {other}; rename one of the two"
        raise CorpusError([Problem(path, None, reason)])
    group.files[language] = name


def _reason(error: OSError) -> str:
    return f"is not a folder that can be read ({(error.strerror or str(error)).lower()})"
