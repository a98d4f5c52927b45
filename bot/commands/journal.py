"""Votes on answers and the questions that found nothing, where the operator keeps a journal."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.chat.markup import compose, cut, one_line
from bot.chat.permissions import managers
from bot.chat.sending import respond
from bot.chat.state import client_of
from bot.chat.tree import language_of
from bot.service.journal_file import Gap, Voted, to_csv
from bot.strings import say

# What the list of gaps shows; the file holds everything.
_LINES_SHOWN = 10
_LINE_ROOM = 70


@app_commands.command(
    name=locale_str("gaps"),
    description=locale_str("List what found no answer and what was voted down here"),
)
@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
@managers
async def gaps(interaction: discord.Interaction) -> None:
    """/gaps, for the managers of any server: what found no answer there and was voted down."""
    language, journal = language_of(interaction), client_of(interaction).journal
    if journal is None:
        await respond(interaction, say("no_journal", language))
        return
    await interaction.response.defer(ephemeral=True, thinking=True)
    unanswered = await asyncio.to_thread(journal.gaps, interaction.guild_id)
    downvoted = await asyncio.to_thread(journal.downvoted, interaction.guild_id)
    said: dict[str, Any] = {"content": gaps_text(unanswered, downvoted, language)}
    if unanswered or downvoted:
        data = io.BytesIO(to_csv(unanswered, downvoted).encode("utf-8-sig"))
        said["file"] = discord.File(data, filename="gaps.csv")
    await respond(interaction, said)


def gaps_text(gaps: Sequence[Gap], downvoted: Sequence[Voted], language: str) -> str:
    """Return the first of both lists, within a message's limit."""
    if not (gaps or downvoted):
        return say("no_gaps", language)
    lines = []
    if gaps:
        lines.append(f"**{say('unanswered_questions', language)}**")
        shown = gaps[:_LINES_SHOWN]
        lines += [f"- {_line(gap.question)} × {gap.times}" for gap in shown]
    if downvoted:
        lines.append(f"**{say('voted_down', language)}**")
        worst = downvoted[:_LINES_SHOWN]
        lines += [f"- {_line(vote.question)} 👎 {vote.down} 👍 {vote.up}" for vote in worst]
    return compose(lines, language)


def _line(question: str) -> str:
    return cut(one_line(question), _LINE_ROOM)


@app_commands.command(
    name=locale_str("privacy"),
    description=locale_str("Say what the bot keeps of what is asked"),
)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
async def privacy(interaction: discord.Interaction) -> None:
    """/privacy: what is kept of what people ask."""
    language, bot = language_of(interaction), client_of(interaction)
    journal, server = bot.journal, interaction.guild_id
    text = say("kept", language, days=journal.days) if journal else say("not_kept", language)
    if server is not None and bot.get_guild(server) is not None and bot.servers.keeps(server):
        folder = f"{bot.settings.servers_dir.name}/{server}"
        text += "\n" + say("kept_here", language, folder=folder)
    await respond(interaction, text)
