"""Votes on answers and the questions that found nothing, where the operator keeps a journal."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.chat.admin import refused
from bot.chat.buttons import StoredButton
from bot.chat.commands import language_of
from bot.chat.markup import cut, one_line
from bot.chat.reply import answer_again, question_of
from bot.chat.state import client_of
from bot.errors import JournalError
from bot.journal import Gap, Journal, Voted, to_csv
from bot.retrieval.citation import Answer
from bot.strings import say

log = logging.getLogger(__name__)

# What the list of gaps shows; the file holds everything.
_LINES_SHOWN = 10
_LINE_ROOM = 70


class VoteButton(
    StoredButton,
    template=r"vote:(?P<way>up|down):(?P<version>[0-9a-f]{8}):(?P<language>[a-z]{2})",
):
    """👍 and 👎 below an answer."""

    def __init__(self, way: str, version: str, language: str) -> None:
        self.way, self.version, self.language = way, version, language
        emoji = "👍" if way == "up" else "👎"
        super().__init__(f"vote:{way}:{version}:{language}", emoji=emoji)

    async def clicked(self, interaction: discord.Interaction) -> None:
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


async def note_gap(journal: Journal | None, answer: Answer, guild: discord.Guild | None) -> None:
    """Note in the journal, if there is one, what a server asked in vain."""
    if journal is None or guild is None or answer.answered:
        return
    try:
        await asyncio.to_thread(journal.gap, answer.question, guild.id)
    except JournalError as error:
        log.warning("a gap could not be noted: %s", error)


def gaps_command(journal: Journal | None) -> app_commands.Command[Any, ..., None]:
    """/gaps, for admins: what their own server asked in vain and voted down."""

    @app_commands.command(
        name=locale_str("gaps"),
        description=locale_str("List what was asked in vain and what was voted down here"),
    )
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def gaps(interaction: discord.Interaction) -> None:
        language = language_of(interaction)
        refusal = refused(interaction, ())
        if refusal or journal is None:
            text = say(refusal or "no_journal", language)
            await interaction.response.send_message(text, ephemeral=True)
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        in_vain = await asyncio.to_thread(journal.gaps, interaction.guild_id)
        downvoted = await asyncio.to_thread(journal.downvoted, interaction.guild_id)
        text = gaps_text(in_vain, downvoted, language)
        if not (in_vain or downvoted):
            await interaction.followup.send(text, ephemeral=True)
            return
        data = io.BytesIO(to_csv(in_vain, downvoted).encode("utf-8-sig"))
        file = discord.File(data, filename="gaps.csv")
        await interaction.followup.send(text, file=file, ephemeral=True)

    return gaps


def gaps_text(gaps: Sequence[Gap], downvoted: Sequence[Voted], language: str) -> str:
    """The first of both lists, within a message's limit."""
    if not (gaps or downvoted):
        return say("no_gaps", language)
    lines = []
    if gaps:
        lines.append(f"**{say('asked_in_vain', language)}**")
        shown = gaps[:_LINES_SHOWN]
        lines += [f"- {_line(gap.question)} × {gap.times}" for gap in shown]
    if downvoted:
        lines.append(f"**{say('voted_down', language)}**")
        worst = downvoted[:_LINES_SHOWN]
        lines += [f"- {_line(vote.question)} 👎 {vote.down} 👍 {vote.up}" for vote in worst]
    return "\n".join(lines)


def _line(question: str) -> str:
    return cut(one_line(question), _LINE_ROOM)


def privacy_command(journal: Journal | None) -> app_commands.Command[Any, ..., None]:
    """/privacy: what is kept of what people ask."""

    @app_commands.command(
        name=locale_str("privacy"),
        description=locale_str("Say what the bot keeps of what is asked"),
    )
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def privacy(interaction: discord.Interaction) -> None:
        language = language_of(interaction)
        text = say("kept", language, days=journal.days) if journal else say("not_kept", language)
        await interaction.response.send_message(text, ephemeral=True)

    return privacy
