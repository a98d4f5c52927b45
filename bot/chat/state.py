"""What commands and buttons need of the client that they run on."""

from __future__ import annotations

import asyncio
import math
import time
from typing import Any, cast

import discord

from bot.chat.memory import Pending, RateLimit, UserQueue, Votes
from bot.chat.metrics import Metrics
from bot.chat.suggestions import Suggestions
from bot.service.health import HealthStatus, beating
from bot.service.journal import Journal
from bot.service.library import Library
from bot.settings import Settings


class StatefulClient(discord.AutoShardedClient):
    """A client with its library, its journal if one is kept, its settings and its meter."""

    def __init__(
        self,
        library: Library,
        settings: Settings,
        journal: Journal | None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.library = library
        self.settings = settings
        self.journal = journal
        self.suggestions = Suggestions()
        self.one_upload = asyncio.Lock()  #: files are read one by one, to bound the memory
        self.rate_limit = RateLimit()
        self.user_queue = UserQueue()
        self.votes = Votes()
        self.pending = Pending()
        self.metrics = Metrics(log_questions=settings.log_questions)

    async def library_for(self, _guild_id: int | None) -> Library:
        """Return the library that a server is answered from: the shared one."""
        return self.library

    async def edited_by(self, _guild_id: int | None) -> Library:
        """Return the library that a server's admins change: the shared one."""
        return self.library

    async def connect(self, *, reconnect: bool = True) -> None:
        """Be connected until closed, with signs of life for a supervisor. The demo, which plays
        Discord itself, does not come here.
        """
        async with beating(self.settings.health_file, self._health_status):
            await super().connect(reconnect=reconnect)

    def _health_status(self) -> HealthStatus:
        ready = self.is_ready() and not any(shard.is_closed() for shard in self.shards.values())
        latency = self.latency if ready and math.isfinite(self.latency) else None
        return HealthStatus(time.time(), ready, latency, self.library.corpus.version)


def client_of(interaction: discord.Interaction) -> StatefulClient:
    """Return the client that an interaction reached."""
    return cast("StatefulClient", interaction.client)
