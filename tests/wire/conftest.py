"""The real client, connected to the Discord on loopback over real sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest

from bot import connection
from bot.chat import sending
from bot.client import TreatyBot
from bot.service.library import Library
from tests.wire.server import Discord
from tests.wire.serving import _at_once, _HastyAsyncio, point_at, serving


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten every pause; the bot's code is as it is."""
    for module in (discord.http, discord.webhook.async_, discord.shard):
        monkeypatch.setattr(module, "asyncio", _HastyAsyncio())
    monkeypatch.setattr(discord.backoff.ExponentialBackoff, "delay", lambda _: 0.05)
    monkeypatch.setattr(TreatyBot, "before_identify_hook", _at_once)
    monkeypatch.setattr(connection, "PAUSES", (0.02, 0.04, 0.08))
    monkeypatch.setattr(sending, "_PAUSES", (0.05, 0.1, 0.2))


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Discord]:
    """A Discord with one server. At the end, the bot asked nothing that it does not know."""
    async with Discord() as server:
        point_at(server, monkeypatch)
        yield server
        assert server.strange == []


@pytest.fixture
async def bot(server: Discord, corpus_dir: Path) -> AsyncIterator[None]:
    """The bot on the server, until the end of the test."""
    async with serving(server, Library(corpus_dir)):
        yield
