"""The commands that change or reveal what a server's members may not: /reindex for admins."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.chat.commands import language_of
from bot.chat.report import render_corpus_error, render_reindexed
from bot.errors import CorpusError, ReindexRunning
from bot.library import Library
from bot.strings import say


def reindex_command(
    library: Library, admin_guild_ids: Collection[int]
) -> app_commands.Command[Any, ..., None]:
    """/reindex, for members who may manage the server, in the admin servers if any are named."""

    @app_commands.command(
        name=locale_str("reindex"),
        description=locale_str("Read the corpus again and answer from what it holds now"),
    )
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def reindex(interaction: discord.Interaction) -> None:
        language = language_of(interaction)
        if refusal := refused(interaction, admin_guild_ids):
            await interaction.response.send_message(say(refusal, language), ephemeral=True)
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        try:
            text = render_reindexed(await asyncio.to_thread(library.reindex), language)
        except ReindexRunning:
            text = say("reindexing", language)
        except CorpusError as error:
            text = render_corpus_error(error, language)
        await interaction.followup.send(text, ephemeral=True)

    return reindex


def refused(interaction: discord.Interaction, admin_guild_ids: Collection[int]) -> str | None:
    """Why a person may not use an admin's command, as a key of ``say``; None if they may.

    Discord's own setting is only a hint: a server's admins can open the command to anyone.
    """
    if interaction.guild_id is None or not interaction.permissions.manage_guild:
        return "not_admin"
    if admin_guild_ids and interaction.guild_id not in admin_guild_ids:
        return "not_admin_guild"
    return None
