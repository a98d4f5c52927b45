"""``treaty-bot demo``: the real bot in a simulated Discord, on a page of the local browser.

simcord plays Discord: no token, no account, and nothing leaves this machine. Only the command
``demo`` imports this module, since simcord changes parts of discord.py and of the clock.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import tempfile
import threading
import webbrowser
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import discord
import simcord

from bot.client import TreatyBot
from bot.errors import DemoError
from bot.service.journal import Journal
from bot.service.library import Library
from bot.settings import Settings

NAME = "treaty-bot"

#: What a visitor reads above the messages; the page does not complete an @ by itself.
TOPIC = (
    f"Type “@{NAME} who ratified it?”, or / for the commands. "
    f"— Écrivez « @{NAME} qui l’a ratifié ? », ou / pour les commandes."
)
FIRST_QUESTION = f"@{NAME} who ratified it?"

#: Seconds between two settings of the simulated clock, which does not run by itself.
CLOCK_STEP = 1.0

#: Seconds within which the bot has to finish with a message or a button.
PATIENCE = 60.0

_AT_BOT = re.compile(rf"@{NAME}\b", re.IGNORECASE)


def run(library: Library, settings: Settings, *, port: int, browser: bool) -> None:
    """Show the demo until the visitor ends it, on the page or with Ctrl-C."""

    def announce(url: str) -> None:
        print(f"The demo is at {url}\nCtrl-C ends it.", flush=True)
        if browser:
            open_browser(url)

    asyncio.run(show(library, settings, port=port, announce=announce))


async def show(
    library: Library, settings: Settings, *, port: int, announce: Callable[[str], None]
) -> None:
    """Serve the page on this machine alone, say where, and wait for its end."""
    async with connected(library, settings) as env:
        _set_clock(env)
        visitor, channel = await open_server(env)
        await visitor.send(channel, FIRST_QUESTION)
        clock = asyncio.create_task(_keep_time(env))
        try:
            async with env.preview(
                channel, viewers=[visitor], layout="channel", port=port
            ) as preview:
                announce(preview.url)
                await preview.wait_closed()
        except simcord.SetupError as error:
            raise DemoError(f"{error}; choose another port with --port") from None
        finally:
            clock.cancel()


@contextlib.asynccontextmanager
async def connected(
    library: Library, settings: Settings, journal: Journal | None = None
) -> AsyncIterator[simcord.Env]:
    """Connect the bot to a simulated Discord, without the ids of real servers. What the visitor
    sets goes with the demo.
    """
    # The bot does not speak, so the libraries for voice are not missed.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    with tempfile.TemporaryDirectory() as servers:
        own = settings.model_copy(
            update={
                "discord_token": None,
                "admin_guild_ids": frozenset(),
                "message_content": True,
                "answer_channel_ids": frozenset(),
                "servers_dir": Path(servers),
                "watch_corpus": False,  # simcord waits for every task, and this one has no end
            }
        )
        bot = TreatyBot(library, own, journal, shard_count=1)
        async with simcord.run(bot, check_errors=False, settle_timeout=PATIENCE) as env:
            yield env


async def open_server(env: simcord.Env) -> tuple[Visitor, simcord.ChannelHandle]:
    """Return a server with one channel, and the person at the keyboard, who owns it and may
    reindex.
    """
    await _user_of(env).edit(username=NAME)
    user = env.create_user("you")
    guild = env.create_guild(f"{NAME} demo", owner=user)
    channel = guild.create_text_channel("questions", topic=TOPIC)
    return Visitor(env, guild, user), channel


class Visitor(simcord.MemberActor):
    """The person at the keyboard: what they type as @treaty-bot is the bot's mention."""

    async def send(
        self, channel: simcord.ChannelHandle, content: str = "", **options: Any
    ) -> discord.Message:
        """Send a message, as Discord would after the completion of the name."""
        mentioning = _AT_BOT.sub(_user_of(self._env).mention, content)
        return await super().send(channel, mentioning, **options)


def _user_of(env: simcord.Env) -> discord.ClientUser:
    """Return the bot's own user, which it has as soon as it is connected."""
    return cast("discord.ClientUser", env.bot.user)


def _set_clock(env: simcord.Env) -> None:
    """Bring the simulated clock to the present.

    Not with ``env.advance_time``: during it simcord refuses the visitor's actions, and the page
    does not get over a refusal.
    """
    behind = (datetime.now(UTC) - env.now()).total_seconds()
    env.backend.advance_clock(max(0.0, behind))


async def _keep_time(env: simcord.Env) -> None:
    """Let the simulated clock run."""
    while True:
        await asyncio.sleep(CLOCK_STEP)
        _set_clock(env)


def open_browser(url: str) -> None:
    """Open a page, if this machine has a browser with windows; a slow start holds nothing up."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return
    # The browsers of exactly this class are those of the terminal, which would take it over.
    if type(browser) is not webbrowser.GenericBrowser:
        threading.Thread(target=browser.open, args=(url,), daemon=True).start()
