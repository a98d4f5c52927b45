"""The real client on a simulated Discord: no network, no token, no mock of the bot's own code."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
import simcord
from simcord.results import to_discord_message

from bot.chat.layout import FOLLOWS
from bot.chat.permissions import Refused
from bot.chat.questions import _followed, question_in, question_of
from bot.client import TreatyBot
from bot.service.journal import Journal
from bot.service.library import Library
from bot.settings import Settings


def build_bot(
    library: Library,
    *admin_guild_ids: int,
    journal: Journal | None = None,
    answer_channel_ids: Collection[int] = (),
    watch_corpus: bool = False,
    message_content: bool = False,
    servers_dir: Path | None = None,
) -> TreatyBot:
    """The client as ``treaty-bot run`` builds it, with one shard."""
    settings = Settings(
        discord_token=None,
        admin_guild_ids=frozenset(admin_guild_ids),
        answer_channel_ids=frozenset(answer_channel_ids),
        watch_corpus=watch_corpus,
        message_content=message_content,
        servers_dir=servers_dir or library.folder.parent / "servers",
    )
    return TreatyBot(library, settings, journal, shard_count=1)


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


def question_shown(message: Any) -> str | None:
    """The question of an answer, at its top or in the message that it replies to."""
    message = getattr(message, "message", message)
    if shown := question_of(message):
        return shown
    if not isinstance(message, discord.Message) or not message.reference:
        return None
    replied = message.reference.resolved or message.reference.cached_message
    if not isinstance(replied, discord.Message) or not question_in(replied):
        return None
    return FOLLOWS.join([*_followed(message), question_in(replied)])


def text_of(message: Any) -> str:
    """What a message of the bot's says below its question, with nothing in bold."""
    texts = texts_of(message)
    found = getattr(message, "message", message)
    if (question_of(found) or _followed(found)) and len(texts) > 1:
        texts = texts[1:]
    return "\n".join(texts).replace("**", "")


def buttons_of(message: Any) -> list[discord.Button]:
    """The buttons of a message of the bot's, from left to right and downwards."""
    waiting = list(getattr(message, "message", message).components)
    found = []
    while waiting:
        component = waiting.pop(0)
        if isinstance(component, discord.Button):
            found.append(component)
        beside = getattr(component, "accessory", None)
        waiting[:0] = [*getattr(component, "children", ()), *([beside] if beside else [])]
    return found


def labels_of(message: Any) -> list[str]:
    """What stands on a message's buttons: a label or an emoji."""
    return [str(button.label or button.emoji) for button in buttons_of(message)]


def add_otters(corpus_dir: Path) -> None:
    """An article of eight sentences that answer the same question equally well."""
    foods = "salmon crab squid herring clam urchin mussel eel".split()
    text = "\n\n".join(f"Otters eat {food} here." for food in foods)
    (corpus_dir / "otters.en.md").write_text(f"# Sea otters\n\n{text}\n", encoding="utf-8")


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
        # Not of ``channel.history``, which makes a message anew of everything that was ever said.
        stored = self.env.backend.messages
        before = set(stored.get(channel.id, ()))
        await self.alice.send(channel, text, reply_to=reply_to)
        new = (stored[channel.id][number] for number in sorted(stored[channel.id].keys() - before))
        return [
            to_discord_message(self.env, message)
            for message in new
            if message.author_id == self.bot_id
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

    async def restart(
        self,
        library: Library,
        *admin_guild_ids: int,
        journal: Journal | None = None,
        answer_channel_ids: Collection[int] = (),
        message_content: bool = False,
    ) -> None:
        """Another bot takes over, with a memory of nothing."""
        bot = build_bot(
            library,
            *admin_guild_ids,
            journal=journal,
            answer_channel_ids=answer_channel_ids,
            message_content=message_content,
        )
        await self.env.restart_bot(bot)

    def member(self, name: str, **permissions: bool) -> simcord.MemberActor:
        """Somebody else on the server, with some permissions beyond everybody's."""
        role = self.guild.create_role(name, permissions=discord.Permissions(**permissions))
        return self.guild.add_member(self.env.create_user(name), roles=[role])

    async def thread(self, parent: simcord.ChannelHandle | None = None) -> simcord.ChannelHandle:
        """A thread, or in a forum a post, that Alice has begun."""
        parent = parent or self.channel
        made = self.env.backend.create_thread(parent.id, "a thread", self.alice.id)
        await self.env.settle()
        return next(thread for thread in parent.threads if thread.id == made.id)

    async def post(
        self, forum: simcord.ChannelHandle, title: str, text: str = ""
    ) -> simcord.ChannelHandle:
        """A post of Alice's in a forum, whose first message has the id of the post."""
        backend = self.env.backend
        made = backend.create_thread(forum.id, title, self.alice.id)
        message = backend.prepare_message(made.id, self.alice.id, text)
        message.id = made.id
        backend.commit_message(message)
        await self.env.settle()
        return next(thread for thread in forum.threads if thread.id == made.id)

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
    env.settle_timeout = 60.0  # what is uploaded is read by a process that has to wait for others
    guild = env.create_guild("Readers", preferred_locale=locale)
    alice = guild.add_member(env.create_user("alice"))
    return Place(env, guild, guild.create_text_channel("general"), alice)


def forgive_refusals(env: simcord.Env) -> None:
    """Count it as no error of the bot's that it has refused somebody a command."""
    unseen = env.errors_since(env._errors_acknowledged)  # reading all would hide more
    if all(isinstance(error, Refused) for error in unseen):
        _ = env.errors


def assert_no_pings(env: simcord.Env) -> None:
    """Every message that the bot sent or tried to send allows no mention at all."""
    for request in env.http_requests:
        body = request.json if isinstance(request.json, dict) else {}
        for message in (body, body.get("data")):
            if not isinstance(message, dict) or "custom_id" in message:  # a form is no message
                continue
            if message.get("content") or message.get("components"):
                allowed = message["allowed_mentions"]
                assert allowed["parse"] == []
                assert not allowed.get("users")
                assert not allowed.get("roles")
                assert not allowed.get("replied_user")


Speak = Callable[[str], None]
