"""Answers as messages with buttons. The buttons survive restarts: all that they need stands in
their custom ids and in the message, whose first text is the question.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import discord

from bot.answering.answer import MAX_CITATIONS
from bot.answering.citation import Answer
from bot.chat.buttons import PersistentButton
from bot.chat.layout import (
    FOLLOWS,
    LAYOUT,
    PLAIN,
    Block,
    answer_blocks,
    context_blocks,
    question_block,
    why_text,
)
from bot.chat.markup import unescape
from bot.chat.metrics import QuestionEvent
from bot.chat.state import client_of
from bot.chat.tree import language_of
from bot.errors import JournalError
from bot.service.library import Library
from bot.strings import say

log = logging.getLogger(__name__)

_COLOUR = discord.Colour(0x3B6EA5)
_COLOUR_OF_SILENCE = discord.Colour(0x8A8F98)


@dataclass(frozen=True, slots=True)
class MessageOptions:
    """For whom and where an answer is shown."""

    locale: str  #: language of the asker's Discord, two letters; the buttons are in it
    remover: int | None = None  #: who may remove it besides moderators; None for a private answer
    rich: bool = True  #: False where the bot may not embed: plain text
    votes: bool = False  #: whether 👍 and 👎 are counted


def answer_message(
    answer: Answer, version: str, audience: MessageOptions, *, skip: int = 0
) -> dict[str, Any]:
    """An answer as what ``send`` takes.

    ``version`` is the corpus's; ``skip`` says how many citations were shown before.
    """
    locale = audience.locale
    row: list[PersistentButton] = [
        AnswerButton(action, version, answer.language, skip, locale) for action in _actions(answer)
    ]
    if audience.remover is not None:
        row.append(RemoveButton(audience.remover, locale))
    rows = [row]
    if audience.votes and answer.answered:
        rows.append([VoteButton(way, version, answer.language) for way in ("up", "down")])
    colour = _COLOUR if answer.answered else _COLOUR_OF_SILENCE
    if audience.rich:
        return layout(answer_blocks(answer, LAYOUT), rows, colour)
    view = discord.ui.View(timeout=None)
    for number, items in enumerate(rows):
        for item in items:
            item.item.row = number
            view.add_item(item)
    blocks = answer_blocks(answer, PLAIN)
    text = "\n\n".join("\n".join(block) for block in blocks)
    return {"content": text, "view": view}


def _actions(answer: Answer) -> list[str]:
    """The buttons that have something to show."""
    if answer.citations:
        return ["context", *(["more"] if answer.more else []), "why"]
    return ["context", "why"] if answer.closest else []


def layout(
    blocks: Sequence[Block],
    rows: Sequence[Sequence[PersistentButton]] = (),
    colour: discord.Colour = _COLOUR,
) -> dict[str, Any]:
    """Blocks one under the other, the question above, lines between the others, buttons below."""
    container = discord.ui.Container[Any](accent_colour=colour)
    for number, block in enumerate(blocks):
        if number > 1:
            container.add_item(discord.ui.Separator())
        for piece in block:
            container.add_item(discord.ui.TextDisplay(piece))
    for items in rows:
        if items:
            container.add_item(discord.ui.ActionRow[Any](*items))
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    return {"view": view}


class AnswerButton(
    PersistentButton,
    template=r"(?P<action>context|more|why|again):(?P<version>[0-9a-f]{8}):(?P<language>[a-z]{2})"
    r":(?P<skip>\d{1,3})",
):
    """*Context*, *More*, *Why?* and *Ask again* below an answer; each shows to the clicker alone.

    The custom id holds the version of the corpus that answered, the language of the question, and
    how many citations came before those of the message.
    """

    def __init__(
        self, action: str, version: str, language: str, skip: int | str, locale: str = "en"
    ) -> None:
        self.action, self.version, self.language, self.skip = action, version, language, int(skip)
        super().__init__(f"{action}:{version}:{language}:{skip}", say(action, locale))

    async def on_click(self, interaction: discord.Interaction) -> None:
        """Read the message's question once more and show what was asked for."""
        library = client_of(interaction).library
        current, locale = library.corpus.version, language_of(interaction)
        shown = question_of(interaction.message) if interaction.message else None
        if shown is None or (current != self.version and self.action != "again"):
            stale = self._stale(shown, current, locale)
            await interaction.response.send_message(**stale, ephemeral=True)
            return
        skip = self.skip + (MAX_CITATIONS if self.action == "more" else 0)
        asked = QuestionEvent("again", interaction.guild_id, interaction.channel_id)
        answer = answer_again(library, shown, self.language, skip)
        answered = self._shown(answer, current, locale)
        await interaction.response.send_message(**answered, ephemeral=True)
        if self.action == "again":  # the others show more of an answer that was counted
            asked.answer = answer
            client_of(interaction).metrics.record(asked)

    def _shown(self, answer: Answer, version: str, locale: str) -> dict[str, Any]:
        """What a click shows of the answer to the message's question."""
        if self.action == "why":
            return {"content": why_text(answer)}
        cited = answer.citations[0] if answer.citations else answer.closest
        if self.action == "context" and cited:
            return layout(context_blocks(cited, answer.language))
        if self.action == "more":
            return answer_message(
                answer, version, MessageOptions(locale), skip=self.skip + MAX_CITATIONS
            )
        return answer_message(answer, version, MessageOptions(locale))

    def _stale(self, shown: str | None, version: str, locale: str) -> dict[str, Any]:
        """That the corpus has changed since the answer, and an offer to ask again."""
        text = say("stale", locale)
        if shown is None:
            return {"content": text}
        again = AnswerButton("again", version, self.language, 0, locale)
        return layout([*question_block(shown), (text,)], [[again]], _COLOUR_OF_SILENCE)


class RemoveButton(PersistentButton, template=r"remove:(?P<asker>\d{1,20})"):
    """*Remove* deletes an answer, for who asked and for moderators."""

    def __init__(self, asker: int | str, locale: str = "en") -> None:
        self.asker = int(asker)
        super().__init__(f"remove:{asker}", say("remove", locale))

    async def on_click(self, interaction: discord.Interaction) -> None:
        """Delete the message, or say who may."""
        if interaction.user.id != self.asker and not interaction.permissions.manage_messages:
            text = say("not_asker", language_of(interaction))
            await interaction.response.send_message(text, ephemeral=True)
            return
        await interaction.response.defer()
        with suppress(discord.NotFound):  # somebody else was faster
            await interaction.delete_original_response()


class VoteButton(
    PersistentButton,
    template=r"vote:(?P<way>up|down):(?P<version>[0-9a-f]{8}):(?P<language>[a-z]{2})",
):
    """👍 and 👎 below an answer."""

    def __init__(self, way: str, version: str, language: str) -> None:
        self.way, self.version, self.language = way, version, language
        emoji = "👍" if way == "up" else "👎"
        super().__init__(f"vote:{way}:{version}:{language}", emoji=emoji)

    async def on_click(self, interaction: discord.Interaction) -> None:
        """Count the vote and say thanks, to the voter alone."""
        text = say(await self._count(interaction), language_of(interaction))
        await interaction.response.send_message(text, ephemeral=True)

    async def _count(self, interaction: discord.Interaction) -> str:
        """Count the vote if there is a journal; what there is to say, as a key of ``say``."""
        bot = client_of(interaction)
        shown = question_of(interaction.message) if interaction.message else None
        message = interaction.message
        if bot.journal is None or interaction.guild_id is None:
            return "no_journal"
        if message is None or shown is None or self.version != bot.library.corpus.version:
            return "stale"
        if message.flags.ephemeral:  # has no such button, and nothing private is kept
            return "no_journal"
        answer = answer_again(bot.library, shown, self.language)
        change = bot.votes.change(message.id, interaction.user.id, self.way)
        if answer.citations and change:
            address, guild = answer.citations[0].address, interaction.guild_id
            try:
                await asyncio.to_thread(bot.journal.vote, shown, address, guild, **change)
            except JournalError as error:
                log.warning("a vote could not be noted: %s", error)
                bot.votes.undo(message.id, interaction.user.id, change)
                return "failed"
        return "voted"


def question_of(message: discord.Message) -> str | None:
    """The question that one of the bot's own messages answers, as ``shown_question`` wrote it."""
    first, _, _ = next(_texts(message.components), message.content).partition("\n")
    if first.startswith("**") and first.endswith("**"):
        return unescape(first[2:-2]) or None
    return None


def _texts(components: Sequence[discord.Component]) -> Iterator[str]:
    for component in components:
        if isinstance(component, discord.TextDisplay):
            yield component.content
        elif isinstance(component, discord.Container):
            yield from _texts(component.children)


def answer_again(library: Library, shown: str, language: str, skip: int = 0) -> Answer:
    """The answer to a question as a message shows it, perhaps with the one that it follows."""
    previous, _, question = shown.rpartition(FOLLOWS)
    return library.answer(
        question, previous=previous or None, fallback_language=language, skip=skip
    )


#: What a client must know to take back the buttons of messages sent before it started.
BUTTONS = (AnswerButton, RemoveButton, VoteButton)
