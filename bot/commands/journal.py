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

from bot.chat.markup import cut, one_line
from bot.chat.permissions import denial_reason
from bot.chat.tree import language_of
from bot.service.journal import Journal
from bot.service.journal_file import Gap, Voted, to_csv
from bot.strings import say

log = logging.getLogger(__name__)

# What the list of gaps shows; the file holds everything.
_LINES_SHOWN = 10
_LINE_ROOM = 70


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
        refusal = denial_reason(interaction, ())
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
