"""The real client on a simulated Discord: no network, no token, no mock of the bot's own code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord
from simcord import interactions

from bot.chat.client import TreatyBot
from bot.library import Library
from bot.settings import Settings


def build_bot(library: Library, *admin_guild_ids: int) -> TreatyBot:
    """The client as ``treaty-bot run`` builds it, with one shard."""
    settings = Settings(discord_token=None, admin_guild_ids=frozenset(admin_guild_ids))
    return TreatyBot(library, settings, shard_count=1)


@pytest.fixture
def library(corpus_dir: Path) -> Library:
    """The small corpus, indexed."""
    return Library(corpus_dir)


@pytest.fixture
def simcord_bot(library: Library) -> TreatyBot:
    """The bot that ``simcord_env`` starts."""
    return build_bot(library)


def texts_of(message: Any) -> list[str]:
    """Everything that a message of the bot's says, piece by piece."""
    message = getattr(message, "message", message)  # of a command's response
    found = [message.content] if message.content else []
    waiting = list(message.components)
    while waiting:
        component = waiting.pop(0)
        if isinstance(component, discord.TextDisplay):
            found.append(component.content)
        waiting[:0] = getattr(component, "children", ())
    return found


@dataclass
class Place:
    """A server with one channel, where Alice talks to the bot."""

    env: simcord.Env
    guild: simcord.GuildHandle
    channel: simcord.ChannelHandle
    alice: simcord.MemberActor

    @property
    def bot_role(self) -> simcord.RoleHandle:
        """The role that Discord made for the bot, which has its name."""
        assert self.env.bot.user is not None
        return self.guild.roles[self.env.bot.user.name]

    @property
    def bot_id(self) -> int:
        """The bot's own user id."""
        assert self.env.bot.user is not None
        return self.env.bot.user.id

    @property
    def at_bot(self) -> str:
        """The bot's mention, as it is typed."""
        return f"<@{self.bot_id}>"

    async def say(
        self,
        text: str,
        *,
        reply_to: discord.Message | None = None,
        channel: simcord.ChannelHandle | None = None,
    ) -> list[discord.Message]:
        """Alice sends a message; the bot's new messages there."""
        channel = channel or self.channel
        before = {message.id for message in channel.history()}
        await self.alice.send(channel, text, reply_to=reply_to)
        return [
            message
            for message in channel.history()
            if message.author.id == self.bot_id and message.id not in before
        ]

    async def ask(self, question: str, **where: Any) -> discord.Message:
        """Alice mentions the bot with a question; its one answer."""
        (answer,) = await self.say(f"{self.at_bot} {question}", **where)
        return answer

    async def follow_up(self, answer: discord.Message, question: str) -> discord.Message:
        """Alice replies to a message of the bot's; its one answer."""
        (following,) = await self.say(question, reply_to=answer)
        return following

    async def tell(self, user: simcord.UserHandle, text: str) -> list[discord.Message]:
        """A person writes to the bot in private; everything the bot has said there."""
        await user.send_dm(text)
        return [m for m in user.dm_channel.history() if m.author.id == self.bot_id]

    async def restart(self, library: Library, *admin_guild_ids: int) -> None:
        """Another bot takes over, with a memory of nothing."""
        await self.env.restart_bot(build_bot(library, *admin_guild_ids))

    def attempts(self, channel: simcord.ChannelHandle | None = None) -> list[Any]:
        """The bot's requests to send an ordinary message, also those that failed."""
        path = f"/channels/{channel.id}/messages" if channel else "/messages"
        return [
            request
            for request in self.env.http_requests
            if request.method == "POST" and request.path.endswith(path)
        ]

    def restricted(self, **permissions: bool) -> simcord.ChannelHandle:
        """A channel where the bot lacks some permissions."""
        overwrite = discord.PermissionOverwrite(**permissions)
        return self.guild.create_text_channel("restricted", overwrites={self.bot_role: overwrite})


def build_place(env: simcord.Env, locale: str) -> Place:
    """A server whose preferred language is a locale's."""
    guild = env.create_guild("Readers", preferred_locale=locale)
    alice = guild.add_member(env.create_user("alice"))
    return Place(env, guild, guild.create_text_channel("general"), alice)


@pytest.fixture
def place(simcord_env: simcord.Env) -> Iterator[Place]:
    """An English-speaking server. At the end of every test, nothing the bot sent could ping."""
    yield build_place(simcord_env, "en-US")
    assert_no_pings(simcord_env)


@pytest.fixture
def french_place(simcord_env: simcord.Env) -> Iterator[Place]:
    """The same on a French-speaking server."""
    yield build_place(simcord_env, "fr")
    assert_no_pings(simcord_env)


def assert_no_pings(env: simcord.Env) -> None:
    """Every message that the bot sent or tried to send allows no mention at all."""
    for request in env.http_requests:
        body = request.json if isinstance(request.json, dict) else {}
        for message in (body, body.get("data")):
            if isinstance(message, dict) and (message.get("content") or message.get("components")):
                allowed = message["allowed_mentions"]
                assert allowed["parse"] == []
                assert not allowed.get("users")
                assert not allowed.get("roles")
                assert not allowed.get("replied_user")


Speak = Callable[[str], None]


@pytest.fixture
def speak(monkeypatch: pytest.MonkeyPatch) -> Speak:
    """Choose the language of the Discord of whoever uses a command from here on."""
    real = interactions.base_payload

    def choose(locale: str) -> None:
        def patched(*args: Any, **options: Any) -> Any:
            record, payload = real(*args, **options)
            payload["locale"] = locale
            return record, payload

        monkeypatch.setattr(interactions, "base_payload", patched)

    return choose
