"""The client with WATCH_CORPUS: the watching begins with the login and ends with the client.

Not on simcord, which waits for every task of the bot to end or to rest, as this one never does: the
client logs in at a small server on this machine.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import discord
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

import bot.service.watch
from bot.service.library import Library
from tests.simulated import build_bot

#: Longer than anything here takes; waiting as long as this is a failure.
SECONDS = 30

USER = {"id": "1", "username": "treaty-bot", "discriminator": "0", "avatar": None, "bot": True}
APPLICATION: dict[str, Any] = {
    "id": "1", "name": "treaty-bot", "description": "", "icon": None, "bot_public": True,
    "bot_require_code_grant": False, "verify_key": "", "flags": 0, "owner": USER, "team": None,
}  # fmt: skip


async def _discord(request: web.Request) -> web.Response:
    """What Discord answers to a bot that logs in and registers its commands."""
    found: Any = APPLICATION if "applications" in request.path else USER
    if request.path.endswith("/commands"):
        found = []
    return web.Response(body=json.dumps(found).encode(), content_type="application/json")


@pytest.fixture
async def _login(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """A Discord that one can log in to, and no more."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", _discord)
    async with TestServer(app) as server:
        monkeypatch.setattr(discord.http.Route, "BASE", str(server.make_url("")).rstrip("/"))
        yield


def watchers() -> list[str]:
    """The tasks that watch a folder."""
    return [task.get_name() for task in asyncio.all_tasks() if "watch" in task.get_name()]


@pytest.mark.usefixtures("_login")
@pytest.mark.parametrize("on", [True, False])
async def test_the_bot_watches_if_it_is_told_to(
    on: bool, library: Library, corpus_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the setting a new file is answered from without /reindex, and nothing is left running
    when the client has closed; without it nothing is watched.
    """
    monkeypatch.setattr(bot.service.watch, "GLANCE", 200)
    client = build_bot(library, watch_corpus=on)
    async with client:
        await client.login("a.b.c")
        assert watchers() == ["watch the corpus"] * on
        (corpus_dir / "otters.md").write_text("Sea otters hold hands.")
        async with asyncio.timeout(SECONDS):
            while on and not library.answer("What do otters hold?").answered:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    assert watchers() == []
    assert library.answer("What do otters hold?").answered == on
