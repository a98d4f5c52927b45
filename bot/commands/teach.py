"""/teach: curators say which sentence answers a question, see what was taught, and take it back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import discord
from discord import app_commands
from discord.app_commands import Choice, locale_str

from bot.chat.limits import CHOICE, CHOICES
from bot.chat.markup import clip, compose, cut, one_line
from bot.chat.permissions import curators
from bot.chat.sending import respond
from bot.chat.state import client_of
from bot.chat.tree import language_of
from bot.commands.choices import choices, offer_addresses
from bot.commands.corpus_confirmation import applied, render_files_error
from bot.corpus.taught import text_at
from bot.errors import CorpusFilesError, ReindexRunning, printable
from bot.service.corpus_files import Change
from bot.service.teaching import forget, taught_questions, teach
from bot.strings import say
from bot.text.tokens import folded_words

log = logging.getLogger(__name__)

# A question's characters; longer ones are no questions, and could not be chosen from a list.
_QUESTION = CHOICE

# Characters of a sentence as it is shown.
_SENTENCE_ROOM = 500

teaching = app_commands.Group(
    name=locale_str("teach"),
    description=locale_str("Say which sentence answers a question, or take it back"),
    guild_only=True,
    allowed_contexts=app_commands.AppCommandContext(guild=True),
    default_permissions=discord.Permissions(manage_guild=True),
)


async def _change(interaction: discord.Interaction, make: Callable[[], Change], done: str) -> None:
    """Make a change of what is taught, reindex, and say how that went to the curator alone."""
    language = language_of(interaction)
    await interaction.response.defer(ephemeral=True, thinking=True)
    try:
        report = await applied(interaction, make)
    except ReindexRunning:
        done = say("reindexing", language)
    else:
        if isinstance(report, str):
            done = report
        else:
            log.info("corpus: %d changed what is taught", interaction.user.id)
    await respond(interaction, compose([done], language))


@teaching.command(
    name=locale_str("add"), description=locale_str("Teach which sentence answers a question")
)
@app_commands.rename(question=locale_str("question"), address=locale_str("address"))
@app_commands.describe(
    question=locale_str("The question, in the words that people use"),
    address=locale_str("Source, passage and sentence, such as treaty:1.2; choose from the list"),
)
@curators
async def add(
    interaction: discord.Interaction,
    question: app_commands.Range[str, 1, _QUESTION],
    address: str,
) -> None:
    """/teach add question address"""
    library = await client_of(interaction).edited_by(interaction.guild_id)
    files, corpus = library.files, library.corpus
    done = say(
        "taught",
        language_of(interaction),
        question=one_line(question),
        sentence=cut(one_line(text_at(corpus, address) or ""), _SENTENCE_ROOM),
    )
    await _change(interaction, lambda: teach(files, corpus, question, address), done)


@teaching.command(
    name=locale_str("remove"), description=locale_str("Take back what was taught for a question")
)
@app_commands.rename(question=locale_str("question"))
@app_commands.describe(question=locale_str("The question; choose from the list"))
@curators
async def remove(interaction: discord.Interaction, question: str) -> None:
    """/teach remove question"""
    files = (await client_of(interaction).edited_by(interaction.guild_id)).files
    done = say("untaught", language_of(interaction), question=cut(one_line(question), _QUESTION))
    await _change(interaction, lambda: forget(files, question), done)


@teaching.command(name=locale_str("list"), description=locale_str("List what was taught"))
@curators
async def list_(interaction: discord.Interaction) -> None:
    """/teach list"""
    language = language_of(interaction)
    files = (await client_of(interaction).edited_by(interaction.guild_id)).files
    try:
        taught = await asyncio.to_thread(taught_questions, files)
    except CorpusFilesError as error:
        await respond(interaction, render_files_error(error, language))
        return
    lines = [
        f"- {cut(one_line(question), _QUESTION)} → {cut(one_line(', '.join(places)), _QUESTION)}"
        for question, places in taught
    ]
    await respond(interaction, compose(lines or [say("nothing_taught", language)], language))


@add.autocomplete("address")
@curators
async def _addresses(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    return await offer_addresses(interaction, typed)


@remove.autocomplete("question")
@curators
async def _taught(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    files = (await client_of(interaction).edited_by(interaction.guild_id)).files
    try:
        taught = await asyncio.to_thread(taught_questions, files)
    except CorpusFilesError:
        return []
    wanted = " ".join(folded_words(typed))
    fitting = [q for q, _ in taught if len(q) <= CHOICE and wanted in " ".join(folded_words(q))]
    return choices((clip(printable(q), CHOICE), q) for q in fitting[:CHOICES])
