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
from bot.service.server_settings import SettingsFiles
from bot.service.servers import Servers
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
        self.library = library  #: of the shared sources
        self.servers = Servers(settings.servers_dir, library)
        self.settings = settings
        self.journal = journal
        self.server_settings = SettingsFiles(settings.servers_dir)
        self.suggestions = Suggestions()
        self.one_upload = asyncio.Lock()  #: files are read one by one, to bound the memory
        self.rate_limit = RateLimit()
        self.user_queue = UserQueue()
        self.votes = Votes()
        self.pending = Pending()
        self.metrics = Metrics(log_questions=settings.log_questions)

    async def library_for(self, guild_id: int | None) -> Library:
        """Return what is answered from on a server: the shared sources and its own. In private and
        on servers that have not installed the bot, the shared ones alone.
        """
        if guild_id is None or self.get_guild(guild_id) is None or not self.library.in_memory:
            return self.library
        return await self.servers.library(guild_id)

    async def edited_by(self, guild_id: int | None) -> Library:
        """Return the library that a server's admins change: the shared one from its home servers,
        else the server's own. Raises CorpusError where that cannot be read.
        """
        if guild_id is None or self.is_home(guild_id) or not self.library.in_memory:
            return self.library
        return await self.servers.own(guild_id)

    def is_home(self, guild_id: int | None) -> bool:
        """Whether the shared sources are changed from a server: one of those named, or with none
        named the only one that the bot is on.
        """
        named = self.settings.admin_guild_ids
        return guild_id in named if named else len(self.guilds) <= 1

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
