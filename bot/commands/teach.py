"""/teach: curators say which sentence answers a question, see what was taught, and take it back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator

import discord
from discord import app_commands
from discord.app_commands import Choice, locale_str

from bot.chat.limits import CHOICE, CHOICES
from bot.chat.markup import clip, compose, cut, one_line
from bot.chat.permissions import curators
from bot.chat.sending import respond
from bot.chat.tree import language_of
from bot.commands.choices import choices, offer_addresses
from bot.commands.corpus_confirmation import applied, render_files_error
from bot.commands.teach_preview import edited_files, preview_lesson, preview_term, told
from bot.errors import CorpusFilesError, ReindexRunning, printable
from bot.service.corpus_files import Change, CorpusFiles
from bot.service.teaching import forget, taught_questions
from bot.service.terms import terms, untie
from bot.strings import say
from bot.text.tokens import folded_words

log = logging.getLogger(__name__)

# A question's characters, so that it can be chosen from a list; and those of a name or term.
_QUESTION = CHOICE
_TERM = 60

teaching = app_commands.Group(
    name=locale_str("teach"),
    description=locale_str("Say which sentence answers a question, or take it back"),
    guild_only=True,
    allowed_contexts=app_commands.AppCommandContext(guild=True),
    default_permissions=discord.Permissions(manage_guild=True),
)


@teaching.command(
    name=locale_str("add"),
    description=locale_str("Teach which sentence answers a question; you see it before it is kept"),
)
@app_commands.rename(question=locale_str("question"), address=locale_str("address"))
@app_commands.describe(
    question=locale_str("The question, in the words that people use"),
    address=locale_str(
        "Source, passage and sentence, such as treaty:1.2; leave it out if nothing answers"
    ),
)
@curators
async def add(
    interaction: discord.Interaction,
    question: app_commands.Range[str, 1, _QUESTION],
    address: str | None = None,
) -> None:
    """/teach add question [address]"""
    await interaction.response.defer(ephemeral=True, thinking=True)
    await told(interaction, preview_lesson(interaction, question, address))


@teaching.command(
    name=locale_str("term"),
    description=locale_str("Teach a name or term that means the same as one of the sources"),
)
@app_commands.rename(term=locale_str("term"), means=locale_str("means"))
@app_commands.describe(
    term=locale_str("The name or term, as people write it"),
    means=locale_str("What the sources call it"),
)
@curators
async def add_term(
    interaction: discord.Interaction,
    term: app_commands.Range[str, 1, _TERM],
    means: app_commands.Range[str, 1, _TERM],
) -> None:
    """/teach term term means"""
    await interaction.response.defer(ephemeral=True, thinking=True)
    await told(interaction, preview_term(interaction, term, means))


@teaching.command(
    name=locale_str("remove"),
    description=locale_str("Take back what was taught for a question, or a term"),
)
@app_commands.rename(question=locale_str("question"))
@app_commands.describe(question=locale_str("The question or term; choose from the list"))
@curators
async def remove(interaction: discord.Interaction, question: str) -> None:
    """/teach remove question"""
    language = language_of(interaction)
    files = await edited_files(interaction)
    await interaction.response.defer(ephemeral=True, thinking=True)
    try:
        report = await applied(interaction, lambda: _taken_back(files, question))
    except ReindexRunning:
        report = say("reindexing", language)
    if not isinstance(report, str):
        log.info("corpus: %d took back what was taught", interaction.user.id)
        report = say("untaught", language, question=cut(one_line(question), _QUESTION))
    await respond(interaction, compose([report], language))


def _taken_back(files: CorpusFiles, chosen: str) -> Change:
    """Take back a question, or else a term, as it was chosen from the list."""
    taught = (question for question, _ in taught_questions(files))
    question = next((one for one in taught if _offered(one) == chosen), chosen)
    try:
        return forget(files, question)
    except CorpusFilesError as error:
        if error.kind != "not_taught":
            raise
        return untie(files, chosen)


def _offered(text: str) -> str:
    return clip(printable(text), CHOICE)


@teaching.command(name=locale_str("list"), description=locale_str("List what was taught"))
@curators
async def list_(interaction: discord.Interaction) -> None:
    """/teach list"""
    language = language_of(interaction)
    files = await edited_files(interaction)
    try:
        lines = await asyncio.to_thread(lambda: list(_listed(files, language)))
    except CorpusFilesError as error:
        await respond(interaction, render_files_error(error, language))
        return
    await respond(interaction, compose(lines or [say("nothing_taught", language)], language))


def _listed(files: CorpusFiles, language: str) -> Iterator[str]:
    """Yield a line for each taught question and each group of terms."""
    for question, places in taught_questions(files):
        answer = ", ".join(places) or say("no_answer", language)
        yield f"- {cut(one_line(question), _QUESTION)} → {cut(one_line(answer), _QUESTION)}"
    for group in terms(files):
        yield f"- {cut(one_line(' = '.join(group)), _QUESTION)}"


@add.autocomplete("address")
@curators
async def _addresses(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    return await offer_addresses(interaction, typed)


@remove.autocomplete("question")
@curators
async def _taught(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    files = await edited_files(interaction)

    def held() -> list[str]:
        questions = [question for question, _ in taught_questions(files)]
        return [*questions, *(term for group in terms(files) for term in group)]

    try:
        offered = await asyncio.to_thread(held)
    except CorpusFilesError:
        return []
    wanted = " ".join(folded_words(typed))
    fitting = [_offered(one) for one in offered if wanted in " ".join(folded_words(one))]
    return choices((one, one) for one in fitting[:CHOICES])
