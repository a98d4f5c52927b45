"""Files of TOML as people keep them: comments, order, blank lines."""

from __future__ import annotations

import tomlkit
from tomlkit.exceptions import TOMLKitError

from bot.errors import CorpusFilesError
from bot.service.corpus_files import CorpusFiles


def read(files: CorpusFiles, name: str) -> bytes:
    """Return what a file holds; nothing where there is none. Raises CorpusFilesError."""
    try:
        return (files.folder / name).read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CorpusFilesError("unreadable", name, reason) from error


def parse(name: str, data: bytes) -> tomlkit.TOMLDocument:
    """Return a file to be changed. Raises CorpusFilesError for what is not TOML."""
    try:
        return tomlkit.parse(data.decode("utf-8-sig"))
    except (TOMLKitError, UnicodeDecodeError, RecursionError) as error:
        raise CorpusFilesError("bad_companion", name) from error


def dump(document: tomlkit.TOMLDocument) -> bytes:
    """Return a file as it is written."""
    return tomlkit.dumps(document).encode()
