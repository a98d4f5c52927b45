"""The bot on Discord: hears questions, answers them, and reindexes for admins.

No privileged intent is needed: Discord hands over the text of messages that mention the bot, of
direct messages and of replies that ping it. With ``MESSAGE_CONTENT`` it hands over every text.
"""

from __future__ import annotations

import asyncio
import logging
import math
import re
from collections.abc import Sequence
from typing import Any

import discord

from bot.answering.citation import Answer
from bot.chat.answers import BUTTONS, MOST_FURTHER, MessageOptions, answer_message, layout
from bot.chat.asking import FollowUpButton
from bot.chat.channels import answers_all, sources_at
from bot.chat.layout import carried_over
from bot.chat.markup import compose, cut, one_line
from bot.chat.memory import EditableAnswers, RateLimit
from bot.chat.metrics import QuestionEvent, asked_in, note_gap
from bot.chat.permissions import nobody_may_change
from bot.chat.questions import parts_with_reply, question_in, replied_to, title_of
from bot.chat.sending import NETWORK_ERRORS, patiently, sent_or_plain
from bot.chat.state import StatefulClient
from bot.chat.tree import AnyCommand, CommandTree, Translator
from bot.commands.article import TreeButton, article
from bot.commands.ask import ask, find_sources
from bot.commands.cite import cite_
from bot.commands.corpus import corpus
from bot.commands.corpus_confirmation import CancelButton, ConfirmButton
from bot.commands.help import ExampleButton, help_
from bot.commands.journal import GapButton, gaps, privacy
from bot.commands.reindex import reindex
from bot.commands.settings import settings_
from bot.commands.sources import PageButton, sources
from bot.commands.status import status
from bot.commands.teach import teaching
from bot.commands.teach_preview import TeachButton
from bot.errors import StoreError
from bot.service.journal import Journal
from bot.service.library import Library
from bot.service.watch import watch
from bot.settings import Settings
from bot.strings import say
from bot.text.filler import Courtesy, courtesy

log = logging.getLogger(__name__)

# What holds a question mark without asking anything.
_ADDRESS = re.compile(r"\b\w++://\S+")

# What an edit may fail with: the last two where discord.py finds that it fits no message.
EDIT_ERRORS: tuple[type[Exception], ...] = (*NETWORK_ERRORS, ValueError, TypeError)

COMMANDS: tuple[AnyCommand, ...] = (
    help_,
    ask,
    article,
    cite_,
    sources,
    find_sources,
    reindex,
    corpus,
    status,
    teaching,
    settings_,
    gaps,
    privacy,
)


class TreatyBot(StatefulClient):
    """The real client: connect it with ``start`` or ``run``."""

    def __init__(
        self, library: Library, settings: Settings, journal: Journal | None = None, **options: Any
    ) -> None:
        super().__init__(
            library,
            settings,
            journal,
            intents=discord.Intents(
                guilds=True,
                guild_messages=True,
                dm_messages=True,
                message_content=settings.reads_messages,
            ),
            allowed_mentions=discord.AllowedMentions.none(),
            **_shards(settings) | options,
        )
        if journal:
            journal.keeps_for = lambda guild_id: self.get_guild(guild_id) is not None
        self._editable = EditableAnswers()
        self._greeted = RateLimit()
        self._watching: asyncio.Task[None] | None = None
        self._reported: set[int] = set()  # channels whose missing permissions were told
        self.tree = CommandTree(self)
        for command in COMMANDS:
            self.tree.add_command(command)

    async def setup_hook(self) -> None:
        """Take back the buttons of old answers, and register the commands if they have changed."""
        self.add_dynamic_items(*BUTTONS, FollowUpButton, ExampleButton, PageButton, TreeButton)
        self.add_dynamic_items(ConfirmButton, CancelButton, GapButton, TeachButton)
        await self.tree.set_translator(Translator())
        if not self.settings.shard_ids or 0 in self.settings.shard_ids:  # one process does
            await self.tree.sync_if_changed()
        if trouble := await self.library.trouble():
            log.error("%s", trouble)
        if self.settings.watch_corpus:
            self._watching = asyncio.create_task(watch(self.library), name="watch the corpus")

    async def close(self) -> None:
        """Disconnect, and watch the corpus no longer."""
        if self._watching:
            self._watching.cancel()
            await asyncio.wait((self._watching,))
        await super().close()

    async def on_ready(self) -> None:
        """Say in the log that the bot answers; forget servers that removed it in the meantime."""
        log.info("connected as %s, on %d servers", self.user, len(self.guilds))
        self._warn_of_several()
        if self.journal:
            self.journal.forget_others([guild.id for guild in self.guilds])

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Say in the log who may change the shared sources from here on."""
        log.info("joined server %d, the %d.", guild.id, len(self.guilds))
        self._warn_of_several()

    def _warn_of_several(self) -> None:
        if nobody_may_change(self):
            log.warning(
                "on several servers, and none is named as the shared sources': their admins change "
                "their own alone; to name one write ADMIN_GUILD_IDS and its id into .env: %s",
                ", ".join(f"ADMIN_GUILD_IDS={guild.id}" for guild in self.guilds[:3]),
            )

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget what the journal keeps of a server that has removed the bot; what its admins have
        added stays on the disk, and answers nobody.
        """
        self.servers.forget(guild.id)
        if self.journal:
            self.journal.forget(guild.id)

    async def on_message(self, message: discord.Message) -> None:
        """Answer a direct message, a mention, a reply to one of the bot's messages, or a question
        in a channel where every one is answered.
        """
        if message.author.bot or message.is_system() or not self._addressed(message):
            return
        if missing := _missing_permissions(message):
            log.warning("no permission to answer in channel %d", message.channel.id)
            await self._report(message, missing)
            return
        asked = asked_in(message)
        if polite := courtesy(question_in(message)):
            await self._greet(message, polite, asked)
            return
        seconds = self.rate_limit.wait(message.author.id)
        if seconds and not self.rate_limit.first_refusal(message.author.id):
            return
        try:
            async with self.user_queue.of(message.author.id):
                if seconds:
                    text = say("slow_down", _language_of_guild(message), seconds=math.ceil(seconds))
                    await _reply(message, {"content": text})
                else:
                    await self._answer(message, asked)
        except NETWORK_ERRORS as error:
            log.warning("no reply could be sent in channel %d: %s", message.channel.id, error)

    async def _greet(
        self, message: discord.Message, polite: Courtesy, asked: QuestionEvent
    ) -> None:
        """Tell who greets the bot how to ask; nothing to thanks, nor to what is said to others.

        Politeness has no place in the pace of questions, and one of its own.
        """
        if polite == "thanks" or asked.way == "channel" or self._greeted.wait(message.author.id):
            return
        try:
            await _reply(message, {"content": say("empty_question", _language_of_guild(message))})
        except NETWORK_ERRORS as error:
            log.warning("no greeting could be sent in channel %d: %s", message.channel.id, error)

    async def _answer(self, message: discord.Message, asked: QuestionEvent) -> None:
        """Reply to a question; anew, if it was edited while the reply was on its way."""
        self._editable.expect(message)
        try:
            reply = await _reply(message, await self._safe_response(message, asked))
        except BaseException:
            self._editable.forget(message)
            raise
        await self._record(asked, message)
        if edited := self._editable.remember(message, reply):
            await self._answer_anew(edited, reply)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Answer a question anew, once, if it is edited soon after it was asked."""
        if not question_in(payload.message):
            return
        if reply := self._editable.take(payload.message):
            await self._answer_anew(payload.message, reply)

    async def _answer_anew(self, message: discord.Message, reply: discord.Message) -> None:
        """Put the answer to an edited question in place of the one before."""
        asked = asked_in(message, edited=True)
        response = await self._safe_response(message, asked)
        if not reply.content and "view" not in response:
            response = layout([(response["content"],)])  # a layout stays one for ever

        async def edit(options: dict[str, Any]) -> discord.Message:
            without_text = {"content": None} if reply.content else {}
            # An edit without text of its own would else go out without the client's setting.
            changed = {**without_text, **options, "allowed_mentions": self.allowed_mentions}
            return await patiently(lambda: reply.edit(**changed))

        try:
            await sent_or_plain(edit, response)
            await self._record(asked, message)
        except EDIT_ERRORS as error:
            log.warning("an answer could not be edited in channel %d: %s", reply.channel.id, error)

    async def _record(self, asked: QuestionEvent, message: discord.Message) -> None:
        """Count a question whose answer Discord has taken, and note it if it found nothing."""
        self.metrics.record(asked)
        if asked.answer:
            await note_gap(self.journal, asked.answer, message.guild)

    async def _safe_response(
        self, message: discord.Message, asked: QuestionEvent
    ) -> dict[str, Any]:
        """Return what there is to say to a message, or that something went wrong."""
        try:
            return await self._response(message, asked)
        except StoreError as error:
            asked.answer = None
            log.error("a question in channel %d is not answered: %s", message.channel.id, error)  # noqa: TRY400
            return {"content": say("store_gone", _language_of_guild(message))}
        except Exception:
            asked.answer = None
            log.exception("a question in channel %d could not be answered", message.channel.id)
            return {"content": say("failed", _language_of_guild(message))}

    async def _report(self, message: discord.Message, missing: Sequence[str]) -> None:
        """Tell a server's owner, once a channel, why the bot does not answer there."""
        guild = message.guild
        # A thread's permissions are those of its channel: a forum is told of once, not every post.
        place = getattr(message.channel, "parent_id", None) or message.channel.id
        if guild is None or guild.owner_id is None or place in self._reported:
            return
        self._reported.add(place)
        text = say(
            "cannot_answer",
            _language_of_guild(message),
            channel=cut(one_line(str(message.channel)), 100),
            guild=cut(one_line(guild.name), 100),
            missing=", ".join(missing),
        )
        try:
            owner = self.get_user(guild.owner_id) or await self.fetch_user(guild.owner_id)
            await owner.send(compose([text], "en"))
        except NETWORK_ERRORS as error:
            log.warning("the owner of server %d could not be told: %s", guild.id, error)

    def _addressed(self, message: discord.Message) -> bool:
        """Whether a message is meant for the bot: by its name, its role, a reply, in private, or as
        a question, or a forum's post, where all are answered.
        """
        if isinstance(message.channel, discord.DMChannel) or self.user in message.mentions:
            return True
        if message.guild is None:  # a server that Discord has not told of yet
            return False
        if message.guild.self_role in message.role_mentions:
            return True
        if title_of(message) is not None and answers_all(self, message.guild.id, message.channel):
            return True
        if message.reference or not answers_all(self, message.guild.id, message.channel):
            return False  # what members reply to each other is not for the bot
        return "?" in _ADDRESS.sub(" ", message.content)

    async def _response(self, message: discord.Message, asked: QuestionEvent) -> dict[str, Any]:
        """Return what there is to say to a message, as ``send`` takes it."""
        question = question_in(message)
        if not question:
            return {"content": self._hint(message)}
        asked.answer = answer = await self._answered(message, question, asked.guild)
        return answer_message(
            answer,
            MessageOptions(
                _language_of_guild(message) if message.guild else answer.language,
                remover=message.author.id,
                rich=_permissions(message).embed_links,
                votes=self.journal is not None and message.guild is not None,
                replied=True,
                within=sources_at(self, asked.guild, message.channel),
            ),
        )

    async def _answered(self, message: discord.Message, question: str, guild: int | None) -> Answer:
        """Answer a question; where that of a forum's post finds nothing, by its title alone."""
        options: dict[str, Any] = {
            "previous": await self._previous_question(message),
            "fallback_language": _language_of_guild(message),
            "further": MOST_FURTHER,
            "within": sources_at(self, guild, message.channel),
        }
        library = await self.library_for(guild)
        answer = await library.answered(question, **options)
        title = title_of(message)
        if title and title != question and not answer.answered:
            by_title = await library.answered(title, **options)
            return by_title if by_title.answered else answer
        return answer

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
        """Return the question of the bot's message that this one replies to, if it does."""
        replied = await replied_to(message)
        if replied is None or replied.author != self.user:
            return None
        return carried_over(await parts_with_reply(replied)) or None


def _permissions(message: discord.Message) -> discord.Permissions:
    """Return what the bot may do where a message stands: everything, as far as it knows, where
    Discord has not told of the server, of the bot in it, or of the channel.
    """
    if (
        message.guild is None
        or message.guild.unavailable
        or message.guild.me is None
        or isinstance(message.channel, discord.PartialMessageable)
    ):
        return discord.Permissions.all()
    return message.channel.permissions_for(message.guild.me)


def _missing_permissions(message: discord.Message) -> list[str]:
    """Return what a reply needs and the bot lacks: a request known to fail counts towards a ban."""
    permissions = _permissions(message)
    in_thread = isinstance(message.channel, discord.Thread)
    needed = {
        "View Channel": permissions.view_channel,
        "Send Messages in Threads": permissions.send_messages_in_threads or not in_thread,
        "Send Messages": permissions.send_messages or in_thread,
        "Read Message History": permissions.read_message_history,
    }
    return [name for name, granted in needed.items() if not granted]


def _shards(settings: Settings) -> dict[str, Any]:
    """Return which shards this process serves, as discord.py takes it."""
    shards: dict[str, Any] = {}
    if settings.shard_count is not None:
        shards["shard_count"] = settings.shard_count
    if settings.shard_ids:
        shards["shard_ids"] = list(settings.shard_ids)
    return shards


def _language_of_guild(message: discord.Message) -> str:
    """Return the language of a server, for what does not show its own."""
    locale = message.guild.preferred_locale if message.guild else discord.Locale.american_english
    return str(locale.value).partition("-")[0]


async def _reply(message: discord.Message, response: dict[str, Any]) -> discord.Message:
    """Reply without a ping; where the question is gone by now, send the answer all the same.

    A failure of Discord's servers or of the network is tried again. The nonce tells Discord that it
    is the same reply, so that one which did arrive is not shown twice.
    """
    reference = message.to_reference(fail_if_not_exists=False)
    response |= {"reference": reference, "mention_author": False, "nonce": message.id}
    return await sent_or_plain(
        lambda options: patiently(lambda: message.channel.send(**options)), response
    )
