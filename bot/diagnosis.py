"""What is wrong around the bot, for ``check``: settings, folders and files that it cannot use."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.errors import JournalError, SettingsError, printable
from bot.settings import Settings, require_servers_dir, require_token

#: How alike two names are, of 100, of which one is taken for a misspelling of the other.
_ALIKE = 80

_ASSIGNED = re.compile(r"^[ \t]*(?:export[ \t]+)?(\w+)[ \t]*=", re.MULTILINE)

# Neither empty, nor a comment, nor an assignment whose value, if quoted, is closed on its line.
_UNREADABLE = re.compile(
    r"""(?![ \t]*(?:\#|$))(?!.*=)|(?=[^=\#]*=[ \t]*(["']))(?![^=]*=[ \t]*(["']).*\2)"""
)

_OTHERS = 0o077  # rights on a file of those who do not own it


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and what to do, in a sentence."""

    text: str
    stops_run: bool = False  #: else the bot runs without what it could not use

    def __str__(self) -> str:
        return self.text


def diagnose(settings: Settings, corpus: Path) -> Iterator[Finding]:
    """Yield what ``run`` would fail on or miss, of the settings and of the folders; write nothing.

    What is wrong within the corpus, reading it tells.
    """
    if settings.discord_token is not None:
        try:
            require_token(settings)
        except SettingsError as error:
            yield Finding(str(error), stops_run=True)
    yield from _env_file(settings, Path(".env"))
    if os.access(corpus, os.R_OK) and not os.access(corpus, os.W_OK):
        yield Finding(
            f"{printable(str(corpus))} cannot be written: /corpus add and remove will not work; "
            "make it writable if they should"
        )
    try:
        require_servers_dir(settings, corpus)
    except SettingsError as error:
        yield Finding(str(error), stops_run=True)
    if reason := _unusable(settings.servers_dir, directory=True):
        yield _elsewhere("SERVERS_DIR", settings.servers_dir, reason)
    if reason := _unusable(settings.cache_dir, directory=True):
        yield _elsewhere("CACHE_DIR", settings.cache_dir, reason)
    if settings.health_file and (reason := _unusable(settings.health_file, directory=False)):
        yield _elsewhere("HEALTH_FILE", settings.health_file, reason)
    yield from _journal(settings)


def _journal(settings: Settings) -> Iterator[Finding]:
    """Look at the journal, which ``run`` opens or, where none is kept, deletes."""
    from bot.service.journal_file import look_at

    file = settings.journal_file
    if settings.journal_days and (reason := _unusable(file, directory=False)):
        yield _elsewhere("JOURNAL_FILE", file, reason, stops_run=True)
        return
    try:
        look_at(file)
    except JournalError as error:
        yield Finding(f"JOURNAL_FILE: {error}", stops_run=True)


def _env_file(settings: Settings, file: Path) -> Iterator[Finding]:
    """Look for lines of ``.env`` that set nothing, misspelt names, and a token that everybody may
    read.
    """
    from rapidfuzz import fuzz, process

    if not file.is_file():
        return
    known = [name.upper() for name in Settings.model_fields]
    text = file.read_text(encoding="utf-8-sig")
    for number, line in enumerate(text.splitlines(), 1):
        if _UNREADABLE.match(line):
            yield Finding(
                f".env, line {number}, sets nothing: write NAME=value, and close quotation marks",
                stops_run=True,
            )
    assigned = _ASSIGNED.findall(text)
    for name in assigned:
        near = process.extractOne(name.upper(), known, scorer=fuzz.ratio, score_cutoff=_ALIKE)
        if near and name.upper() != near[0]:
            yield Finding(f".env: {name} is no setting; the closest by name: {near[0]}")
    open_to_others = os.name == "posix" and file.stat().st_mode & _OTHERS
    if settings.discord_token and "DISCORD_TOKEN" in assigned and open_to_others:
        yield Finding(".env holds the token and others may read it; run chmod 600 .env")


def _elsewhere(variable: str, path: Path, reason: str, *, stops_run: bool = False) -> Finding:
    """Say that what a setting names cannot be used."""
    return Finding(
        f"{variable}: {printable(str(path))} {reason}; "
        "name another place, or give the bot's user the right to write there",
        stops_run,
    )


def _unusable(path: Path, *, directory: bool) -> str | None:
    """Return why a folder or file cannot be written or made, or None."""
    try:
        if path.exists():
            if path.is_dir() != directory:
                return "is a file, not a folder" if directory else "is a folder, not a file"
            return None if os.access(path, os.W_OK) else "cannot be written"
    except OSError as error:  # such as a name that is too long
        return f"cannot be used ({(error.strerror or str(error)).lower()})"
    parent = path.parent
    while directory and not parent.exists() and parent != parent.parent:
        parent = parent.parent  # a folder is made with those above it
    if not parent.is_dir():
        return f"cannot be made, because {printable(str(parent))} is no folder"
    return None if os.access(parent, os.W_OK) else "cannot be made, because its folder is read-only"
