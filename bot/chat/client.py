"""The bot on Discord: hears questions, answers them, and reindexes for admins.

No privileged intent: Discord hands over the text of messages that mention the bot, of direct
messages and of replies that ping it, and that is all it needs.
"""

from __future__ import annotations

import logging
import re
from typing import Any

import discord

from bot.chat.admin import reindex_command
from bot.chat.asking import (
    PageButton,
    ask_command,
    cite_command,
    find_sources_menu,
    sources_command,
)
from bot.chat.commands import CommandTree, Translator
from bot.chat.render import carried_over, question_of
from bot.chat.views import BUTTONS, answer_message
from bot.library import Library
from bot.settings import Settings
from bot.strings import say

log = logging.getLogger(__name__)

# Mentions of members, roles, channels and everybody, and custom emoji: none is part of a question.
_MENTION = re.compile(r"<(?:@[!&]?|#)\d{1,20}>|<a?:\w{1,32}:\d{1,20}>|@(?:everyone|here)\b")


class TreatyBot(discord.AutoShardedClient):
    """The real client: connect it with ``start`` or ``run``."""

    def __init__(self, library: Library, settings: Settings, **options: Any) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            **options,
        )
        self.library = library
        self.settings = settings
        self.tree = CommandTree(self)
        for command in (ask_command, cite_command, sources_command, find_sources_menu):
            self.tree.add_command(command(library))
        self.tree.add_command(reindex_command(library, settings.admin_guild_ids))

    async def setup_hook(self) -> None:
        """Take back the buttons of old answers, and register the commands if they have changed."""
        self.add_dynamic_items(*BUTTONS, PageButton)
        await self.tree.set_translator(Translator())
        await self.tree.sync_if_changed()

    async def on_ready(self) -> None:
        """Say in the log that the bot answers."""
        log.info("connected as %s, on %d servers", self.user, len(self.guilds))

    async def on_message(self, message: discord.Message) -> None:
        """Answer a direct message, a mention, or a reply to one of the bot's messages."""
        if message.author.bot or message.is_system() or not self._addressed(message):
            return
        if not _may_answer(message):
            log.warning("no permission to answer in channel %d", message.channel.id)
            return
        try:
            response = await self._response(message)
        except Exception:
            log.exception("a question in channel %d could not be answered", message.channel.id)
            response = {"content": say("failed", _language_of_guild(message))}
        try:
            await _reply(message, response)
        except (discord.HTTPException, OSError) as error:
            log.warning("no reply could be sent in channel %d: %s", message.channel.id, error)

    def _addressed(self, message: discord.Message) -> bool:
        """Whether a message is meant for the bot: by its name, its role, a reply or in private."""
        if message.guild is None or self.user in message.mentions:
            return True
        return message.guild.self_role in message.role_mentions

    async def _response(self, message: discord.Message) -> dict[str, Any]:
        """What there is to say to a message, as ``send`` takes it."""
        question = _MENTION.sub(" ", message.content).strip()
        if not question:
            return {"content": self._hint(message)}
        answer = self.library.answer(
            question,
            previous=await self._previous_question(message),
            fallback_language=_language_of_guild(message),
        )
        return answer_message(
            answer,
            self.library.corpus.version,
            asker=message.author.id,
            rich=_permissions(message).embed_links,
        )

    def _hint(self, message: discord.Message) -> str:
        """How to ask, for a message without a question.

        In a server, Discord hides the text of messages that mention only the bot's role, and of
        replies to the answer of a command, so their authors did ask something.
        """
        language = _language_of_guild(message)
        if message.content or message.guild is None or self.user is None:
            return say("empty_question", language)
        return say("unreadable", language, mention=self.user.mention)

    async def _previous_question(self, message: discord.Message) -> str | None:
        """The question of the bot's message that this one replies to, if it does."""
        reference = message.reference
        if reference is None or reference.message_id is None:
            return None
        replied = reference.resolved
        if replied is None:
            try:
                replied = await message.channel.fetch_message(reference.message_id)
            except discord.HTTPException:
                return None
        if isinstance(replied, discord.Message) and replied.author == self.user:
            question = question_of(replied)
            return carried_over(question) if question else None
        return None


def _permissions(message: discord.Message) -> discord.Permissions:
    """What the bot may do where a message stands."""
    if message.guild is None:
        return discord.Permissions.all()
    return message.channel.permissions_for(message.guild.me)


def _may_answer(message: discord.Message) -> bool:
    """Whether a reply can be sent: a request known to fail counts towards a ban of the address."""
    permissions = _permissions(message)
    in_thread = isinstance(message.channel, discord.Thread)
    may_send = permissions.send_messages_in_threads if in_thread else permissions.send_messages
    return permissions.view_channel and may_send and permissions.read_message_history


def _language_of_guild(message: discord.Message) -> str:
    """The language of a server, for what does not show its own."""
    locale = message.guild.preferred_locale if message.guild else discord.Locale.american_english
    return str(locale.value).partition("-")[0]


async def _reply(message: discord.Message, response: dict[str, Any]) -> None:
    """Reply without a ping; where the question is gone by now, send the answer all the same."""
    reference = message.to_reference(fail_if_not_exists=False)
    await message.channel.send(**response, reference=reference, mention_author=False)
