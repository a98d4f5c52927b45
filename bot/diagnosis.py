"""What is wrong around the bot, for ``check``: folders and files that it could not use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from bot.errors import SettingsError, printable
from bot.settings import Settings, require_servers_dir, require_token


def diagnose(settings: Settings, folder: Path) -> Iterator[str]:
    """Yield a sentence for each thing that ``run`` would miss, with what to do; write nothing."""
    if settings.discord_token is not None:
        try:
            require_token(settings)
        except SettingsError as error:
            yield str(error)
    if reason := _unusable(folder, directory=True):
        yield (
            f"{printable(str(folder))} {reason}: /corpus add and remove will not work; "
            "make it writable if they should"
        )
    try:
        require_servers_dir(settings, folder)
    except SettingsError as error:
        yield str(error)
    files = [("SERVERS_DIR", settings.servers_dir, True), ("CACHE_DIR", settings.cache_dir, True)]
    if settings.journal_days:
        files.append(("JOURNAL_FILE", settings.journal_file, False))
    if settings.health_file is not None:
        files.append(("HEALTH_FILE", settings.health_file, False))
    for variable, path, directory in files:
        if reason := _unusable(path, directory=directory):
            yield (
                f"{variable}: {printable(str(path))} {reason}; "
                "name another place, or give the bot's user the right to write there"
            )


def _unusable(path: Path, *, directory: bool) -> str | None:
    """Return why a folder or file cannot be written or made, or None."""
    if path.exists():
        if path.is_dir() != directory:
            return "is a folder, not a file" if path.is_dir() else "is a file, not a folder"
        return None if os.access(path, os.W_OK) else "cannot be written"
    parent = path.parent
    while directory and not parent.exists() and parent != parent.parent:
        parent = parent.parent  # a folder is made with those above it
    if not parent.is_dir():
        return f"cannot be made, because {printable(str(parent))} is no folder"
    return None if os.access(parent, os.W_OK) else "cannot be made, because its folder is read-only"
