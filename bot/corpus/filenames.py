"""DOC."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from bot.errors import CorpusError, Problem, printable

_TRANSLATION = re.compile(r"(.+)\.([A-Za-z]{2})")


def article_of(path: Path) -> tuple[str, str | None]:
    """The article that a file belongs to, and the language that its name says, if it does."""
    stem = unicodedata.normalize("NFC", path.stem)
    match = _TRANSLATION.fullmatch(stem)
    return (match[1], match[2].lower()) if match else (stem, None)


def place_in_corpus(path: Path) -> tuple[str, str | None]:
    """The same without case: two files of one place cannot be told apart on every system."""
    name, language = article_of(path)
    return name.casefold(), language


# https://learn.microsoft.com/windows/win32/fileio/naming-a-file: with any ending.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\s*\..*", re.IGNORECASE)


def is_hidden(name: str) -> bool:
    """Whether a file is nobody's to read: hidden, or what Word leaves beside an open document."""
    return name.startswith((".", "~$"))


def check_name(path: Path) -> None:
    """Raise CorpusError for a file whose name cannot be shown, or opened on every system."""
    if printable(path.name) != path.name or not path.stem.strip():
        reason = "has a name of characters that cannot be shown; rename it"
        raise CorpusError([Problem(path, None, reason)])
    if _DEVICE.fullmatch(path.name):
        reason = "has the name of a device, which Windows cannot open; rename it"
        raise CorpusError([Problem(path, None, reason)])


def check_link(path: Path, folder: Path) -> None:
    """Raise CorpusError for a symbolic link that leads out of the folder or nowhere."""
    try:
        if not path.is_symlink():
            return
        target = path.resolve(strict=True)
    except PermissionError:
        return  # what cannot be reached cannot be read either, which reading will tell
    except (OSError, RuntimeError) as error:
        raise CorpusError([Problem(path, None, "is a broken link; remove it")]) from error
    if not target.is_relative_to(folder.resolve()):
        reason = "is a link out of the corpus folder; copy the file into it instead"
        raise CorpusError([Problem(path, None, reason)])
