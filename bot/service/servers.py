"""The libraries of servers: made when they are asked for, kept while there is room.

A server without sources of its own costs nothing: it is answered from the shared library itself.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import OrderedDict
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from bot.errors import CorpusError
from bot.index.build import Index
from bot.index.joined import Base
from bot.service.library import Library
from bot.service.own_library import OwnLibrary
from bot.service.search import Meaning

log = logging.getLogger(__name__)

#: Bytes that the libraries of servers take together, beyond which those that were not asked for
#: longest are dropped, to be read again when they are.
MOST_MEMORY = 256_000_000

# What a library takes: so many bytes by itself, and so many for each character of its texts, by
# tests.benchmarks.servers.
_BYTES_EACH = 300_000
_BYTES_A_CHARACTER = 14


class Servers:
    """What each server is answered from, and what its admins change. Lives on the event loop."""

    def __init__(self, folder: Path, shared: Library, most_memory: int = MOST_MEMORY) -> None:
        self.folder, self.shared = folder, shared
        self._most_memory = most_memory
        self._held: OrderedDict[int, OwnLibrary] = OrderedDict()
        self._failed: dict[int, Index] = {}  # by server, what was shared when it could not be read
        self._locks: dict[int, asyncio.Lock] = {}
        self._base: Base | None = None
        self._basing = threading.Lock()
        self._following = False  # whether those that are held are brought up to date
        self._encoding: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()  # which nobody else holds

    async def library(self, server: int) -> Library:
        """Return what a server is answered from: the shared articles and its own, or the shared
        library where it has none, or where its own cannot be read, which the log tells.
        """
        held = self._held.get(server)
        if held is None or not self._is_current(held):
            if held is None and not self.keeps(server):
                return self.shared
            if self._failed.get(server) is self.shared.index:
                return self.shared
            try:
                held = await self.own(server)
            except CorpusError as error:
                self._told(server, str(error))
                return self.shared
            except Exception:
                log.exception("the sources of server %d cannot be read", server)
                self._failed[server] = self.shared.index
                return self.shared
        self._held.move_to_end(server)
        self._encode(server, held)
        return self.shared if held.is_empty else held

    async def own(self, server: int) -> OwnLibrary:
        """Return the library of a server's own folder, which is made with the first change.

        Raises CorpusError where the folder cannot be read.
        """
        async with self._locks.setdefault(server, asyncio.Lock()):
            held = self._held.get(server)
            if held is None or not self._is_current(held):
                held = await asyncio.to_thread(self._made, server, held)
                self._held[server] = held
                self._failed.pop(server, None)
                self._make_room()
                self._follow()
            self._held.move_to_end(server)
        return held

    def keeps(self, server: int) -> bool:
        """Whether a server has a folder of its own."""
        return self._folder(server).is_dir()

    def forget(self, server: int) -> None:
        """Let go of the library of a server that has removed the bot; its folder stays."""
        self._held.pop(server, None)
        self._failed.pop(server, None)

    def _folder(self, server: int) -> Path:
        return self.folder / str(server)

    def _told(self, server: int, why: str) -> None:
        log.error("server %d is answered from the shared sources alone: %s", server, why)
        self._failed[server] = self.shared.index

    def _is_current(self, held: OwnLibrary) -> bool:
        return held.base.index is self.shared.index

    def _made(self, server: int, held: OwnLibrary | None) -> OwnLibrary:
        """Return a server's library behind the shared index in service; takes as long as reading
        does what has changed.
        """
        with self._basing:
            index = self.shared.index
            if self._base is None or self._base.index is not index:
                self._base = Base(index)
            base = self._base
        if held is not None:
            held.rebase(base)
            return held
        return OwnLibrary(self._folder(server), base)

    def _make_room(self) -> None:
        """Drop the libraries that were not asked for longest, but for those that are being read."""
        size = sum(map(_size, self._held.values()))
        for server, held in list(self._held.items())[:-1]:
            if size <= self._most_memory:
                return
            if not held.is_busy:
                size -= _size(self._held.pop(server))

    def _follow(self) -> None:
        """Let every library that is held follow the shared index, whose earlier one would else
        stay in memory.
        """
        behind = [server for server, held in self._held.items() if not self._is_current(held)]
        if behind and not self._following:
            self._following = True
            self._start(self._followed(behind))

    async def _followed(self, servers: list[int]) -> None:
        try:
            for server in servers:
                if server in self._held:
                    await self._follow_one(server)
        finally:
            self._following = False

    async def _follow_one(self, server: int) -> None:
        try:
            await self.own(server)
        except Exception as error:  # noqa: BLE001  # told when the server asks
            log.debug("the sources of server %d were let go: %s", server, error)
            self._held.pop(server, None)

    def _encode(self, server: int, held: OwnLibrary) -> None:
        """Let a library order by meaning too, as soon as the vectors of its sentences are there."""
        meaning = self.shared.meaning
        if meaning is None or held.meaning is not None or server in self._encoding:
            return
        self._encoding.add(server)
        self._start(self._encoded(server, held, meaning))

    async def _encoded(self, server: int, held: OwnLibrary, meaning: Meaning) -> None:
        try:
            await asyncio.to_thread(held.encode_behind, meaning)
        except Exception:  # it is not tried again
            log.exception("the sources of server %d are found by words alone", server)
        else:
            self._encoding.discard(server)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _size(library: OwnLibrary) -> int:
    """About how many bytes of memory a library takes by itself."""
    return _BYTES_EACH + _BYTES_A_CHARACTER * library.characters
