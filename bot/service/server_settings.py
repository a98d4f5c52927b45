"""What a server's admins set, in ``settings.toml`` of the server's folder.

::

    [channel.1234567890]
    every_question = true      # answer every question here without a mention
    sources = ["rules", "sea"] # names of sources and folders that this channel is answered from

What is left out is as the bot's operator has it. A file that is wrong counts as if it were not
there until it is right again. The folder of one server is never looked into for another.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import InlineTable

from bot.corpus.companions import read_toml
from bot.corpus.filenames import check_link
from bot.corpus.listing import SETTINGS_NAME
from bot.errors import CorpusError, CorpusFilesError, Problem
from bot.service.companion_files import dump, parse
from bot.service.transaction import clear_new, locked, sync, write_new

log = logging.getLogger(__name__)

#: Bytes of the largest file, which takes a tenth of a second to read: some 2,000 channels.
MAX_BYTES = 200_000

#: Sources and folders that one channel may be answered from, as many as a screen shows.
MAX_SOURCES = 20

_EXPECTED = (
    "expected [channel.ID] tables with every_question = true or false and "
    'sources = ["NAME", ...], and nothing else'
)
_ID = re.compile(r"[0-9]{1,20}")

_Stamp = tuple[int, int, int] | None  # inode, bytes, when it was written; None: no file


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """What is set for one channel and its threads or posts."""

    every_question: bool | None = None  #: None: as the operator has it
    sources: tuple[str, ...] = ()  #: names of sources and folders; none: all are asked


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """What one server has set, by the channel's id."""

    channels: Mapping[int, ChannelSettings] = field(default_factory=dict)
    problem: Problem | None = None  #: why the file counts for nothing


class SettingsFiles:
    """The settings of every server, each read when its file has changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder  #: holds a folder a server, named by its id
        self._known: dict[int, tuple[_Stamp, ServerSettings]] = {}

    def of(self, server: int) -> ServerSettings:
        """Return what a server has set."""
        path = self._path(server)
        stamp = _stamp_of(path)
        known = self._known.get(server)
        if known is None or known[0] != stamp:
            known = self._known[server] = stamp, _read(path) if stamp else ServerSettings()
        return known[1]

    def channel(self, server: int, channel: int) -> ChannelSettings:
        """Return what a server has set for a channel."""
        return self.of(server).channels.get(channel) or ChannelSettings()

    def change(
        self, server: int, channel: int, changed: Callable[[ChannelSettings], ChannelSettings]
    ) -> None:
        """Change what is set for a channel; the file is written whole or not at all.

        Raises CorpusFilesError, with nothing changed, where the file is wrong or would be too
        large, or the disk refuses.
        """
        path = self._path(server)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with locked(path.parent):
                clear_new(path.parent)
                data = _rewritten(path, str(channel), changed)
                new = path.parent / write_new(path.parent, data)
                new.replace(path)
                sync(path.parent)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise CorpusFilesError("unwritable", SETTINGS_NAME, reason) from error
        except CorpusError as error:
            raise CorpusFilesError("bad_settings", SETTINGS_NAME) from error

    def _path(self, server: int) -> Path:
        return self.folder / str(server) / SETTINGS_NAME


def _stamp_of(path: Path) -> _Stamp:
    """Tell one state of a file from another."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _read(path: Path) -> ServerSettings:
    try:
        return ServerSettings(_settings_in(path)[1])
    except CorpusError as error:
        log.warning("settings that cannot be read count for nothing: %s", error.problems[0])
        return ServerSettings(problem=error.problems[0])


def _settings_in(path: Path) -> tuple[str, dict[int, ChannelSettings]]:
    """Return a file's text and what it sets; nothing where there is none. Raises CorpusError."""
    check_link(path, path.parent)
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return "", {}
    if size > MAX_BYTES:
        raise _problem(path, f"has {size:,} bytes, more than {MAX_BYTES:,}")
    text, data = read_toml(path)
    channels = data.get("channel", {})
    if set(data) - {"channel"} or not isinstance(channels, dict):
        raise _problem(path, _EXPECTED)
    if not all(_ID.fullmatch(name) and _well_formed(table) for name, table in channels.items()):
        raise _problem(path, _EXPECTED)
    return text, {
        int(name): ChannelSettings(table.get("every_question"), tuple(table.get("sources", ())))
        for name, table in channels.items()
    }


def _problem(path: Path, reason: str) -> CorpusError:
    return CorpusError([Problem(path, None, reason)])


def _well_formed(table: object) -> bool:
    return (
        isinstance(table, dict)
        and set(table) <= {"every_question", "sources"}
        and isinstance(table.get("every_question", True), bool)
        and isinstance(sources := table.get("sources", []), list)
        and all(isinstance(source, str) for source in sources)
    )


def _rewritten(
    path: Path, channel: str, changed: Callable[[ChannelSettings], ChannelSettings]
) -> bytes:
    """Return the file with a channel's settings changed; its comments and order stay."""
    text, held = _settings_in(path)
    after = changed(held.get(int(channel), ChannelSettings()))
    document = parse(SETTINGS_NAME, text.encode())
    channels: Any = document.setdefault("channel", tomlkit.table(is_super_table=True))
    inline = isinstance(channels, InlineTable)  # which takes tables of its own kind alone
    table: Any = channels.setdefault(channel, tomlkit.inline_table() if inline else tomlkit.table())
    for name, value in (("every_question", after.every_question), ("sources", after.sources)):
        if value is None or value == ():
            table.pop(name, None)
        else:
            table[name] = list(value) if isinstance(value, tuple) else value
    if not table:
        del channels[channel]
    data = dump(document)
    if len(data) > MAX_BYTES:
        raise CorpusFilesError("settings_full", SETTINGS_NAME, f"{MAX_BYTES:,}")
    return data
