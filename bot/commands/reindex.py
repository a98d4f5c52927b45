"""/reindex, for admins."""

from __future__ import annotations

import asyncio
import contextlib
import time

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.chat.markup import compose
from bot.chat.permissions import curators, nobody_may_change
from bot.chat.reports import render_corpus_error, render_reindexed
from bot.chat.sending import NETWORK_ERRORS
from bot.chat.state import client_of
from bot.chat.tree import language_of
from bot.corpus.folder import Progress
from bot.errors import CorpusError, ReindexRunning
from bot.strings import say

#: A reindex says how far it is when it has read for so many seconds, and so often from there on.
PROGRESS_SECONDS = 2.0


@app_commands.command(
    name=locale_str("reindex"),
    description=locale_str("Read the corpus again and answer from what it holds now"),
)
@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
@curators
async def reindex(interaction: discord.Interaction) -> None:
    """/reindex, for the managers of a server: of its own sources, or of the shared ones."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    text = await reindexed(interaction)
    await interaction.edit_original_response(content=text)


async def reindexed(interaction: discord.Interaction) -> str:
    """Read again what the server's admins change; what there is to say of it."""
    language = language_of(interaction)
    try:
        library = await client_of(interaction).edited_by(interaction.guild_id)
        report = await asyncio.to_thread(library.reindex, progress_of(interaction))
    except ReindexRunning:
        return say("reindexing", language)
    except CorpusError as error:
        return render_corpus_error(error, language)
    told = render_reindexed(report, language)
    if nobody_may_change(client_of(interaction)):
        named = say("several_servers", language, server=interaction.guild_id)
        told = compose([told, named], language)
    return told


def progress_of(interaction: discord.Interaction) -> Progress:
    """Tells in the response, which has been deferred, how far a reindex is that takes long."""
    language, loop, told = language_of(interaction), asyncio.get_running_loop(), time.monotonic()

    async def tell(done: int, total: int) -> None:
        with contextlib.suppress(*NETWORK_ERRORS):  # the report at the end is what counts
            text = say("reindex_progress", language, done=done, total=total)
            await interaction.edit_original_response(content=text)

    def progress(done: int, total: int) -> None:
        nonlocal told
        if time.monotonic() - told >= PROGRESS_SECONDS:
            asyncio.run_coroutine_threadsafe(tell(done, total), loop).result()
            told = time.monotonic()

    return progress
