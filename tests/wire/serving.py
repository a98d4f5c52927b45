"""A Discord on loopback that the real client is connected to, and what is asked of both."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import discord
import pytest
import yarl

from bot import connection
from bot.client import TreatyBot
from bot.service.library import Library
from tests.simulated import build_bot
from tests.wire.payloads import Payload
from tests.wire.server import TOKEN, Discord

#: How much faster than in life discord.py and the bot wait before they try again.
HASTE = 40


class _HastyAsyncio:
    """The module ``asyncio`` as discord.py's HTTP code sees it, with shorter pauses."""

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    @staticmethod
    async def sleep(seconds: float) -> None:
        # The server's own ``retry_after`` is below a second already and is kept.
        await asyncio.sleep(seconds / HASTE if seconds >= 1 else seconds)


async def _at_once(_: object, shard_id: int | None, *, initial: bool = False) -> None:
    """discord.py waits five seconds between two IDENTIFYs."""
    del shard_id, initial


def point_at(server: Discord, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make discord.py talk to a server on loopback."""
    monkeypatch.setattr(discord.http.Route, "BASE", server.base)
    gateway = yarl.URL(server.gateway.url)
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", gateway)


@asynccontextmanager
async def serving(
    server: Discord, library: Library, *, heartbeat_timeout: float = 60, ask_shards: bool = False
) -> AsyncIterator[None]:
    """The bot, connected as ``treaty-bot run`` does it."""

    def build() -> TreatyBot:
        bot = build_bot(library)
        bot._connection.heartbeat_timeout = heartbeat_timeout
        if ask_shards:  # as treaty-bot run does, which then is told the gateway's address too
            bot.shard_count = None  # type: ignore[assignment]
        return bot

    before = server.gateway.identified
    task = asyncio.create_task(connection.serve(build, TOKEN))
    try:
        await server.gateway.until("identified", before + 1)
        yield
    finally:
        task.cancel()
        await asyncio.wait((task,), timeout=20)


async def until(condition: Callable[[], object]) -> None:
    """Wait until something holds, at most twenty seconds."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110  # what is waited for has no event
            await asyncio.sleep(0.01)


def said(answer: Payload) -> str:
    """Everything that an answer says, as JSON text without escapes."""
    return json.dumps([answer.get("content"), answer["components"]], ensure_ascii=False)


def lines(caplog: pytest.LogCaptureFixture, part: str) -> Iterator[str]:
    """The log lines that hold a text."""
    return (record.getMessage() for record in caplog.records if part in record.getMessage())
