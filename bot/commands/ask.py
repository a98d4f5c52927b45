"""The commands that look something up: /ask, and *Find sources* on a message."""

from __future__ import annotations

import asyncio
import math
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.answering.citation import Answer
from bot.chat.answers import MOST_FURTHER, MessageOptions, answer_message
from bot.chat.channels import sources_of
from bot.chat.limits import CHOICE
from bot.chat.markup import cut, one_line
from bot.chat.metrics import QuestionEvent, note_gap
from bot.chat.questions import answered, said_in
from bot.chat.sending import respond
from bot.chat.state import StatefulClient, client_of
from bot.chat.tree import language_of
from bot.commands.choices import offer_questions, offer_sources
from bot.errors import UnknownArticle
from bot.service.library import Library
from bot.strings import say
from bot.text.sentences import sentence_spans

_QUESTION_LIMIT = 1000

# Seconds that an answer waits for the same person's earlier ones; Discord waits three for it.
_PATIENCE = 1.0

# Of a message that sources are sought for: how many of its sentences are asked one by one.
_SENTENCES_ASKED = 10
# Characters of it, its embeds' and what it forwards that are read: those of the longest message.
_MESSAGE_READ = 4000


@app_commands.command(
    name=locale_str("ask"),
    description=locale_str("Ask the corpus a question; the answer is quoted and cited"),
)
@app_commands.rename(
    question=locale_str("question"), within=locale_str("in"), private=locale_str("private")
)
@app_commands.describe(
    question=locale_str("What you want to know, in English or French"),
    within=locale_str("The only source to answer from; choose from the list"),
    private=locale_str("Show the answer to you alone"),
)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
async def ask(
    interaction: discord.Interaction,
    question: app_commands.Range[str, 1, _QUESTION_LIMIT],
    within: str | None = None,
    private: bool = False,
) -> None:
    """/ask question [in] [private]"""
    language, bot = language_of(interaction), client_of(interaction)
    if not one_line(question):
        await respond(interaction, say("empty_question", language))
        return
    if refusal := _too_fast(bot, interaction, language):
        await respond(interaction, refusal)
        return
    asked = QuestionEvent("ask", interaction.guild_id, interaction.channel_id)
    # A server that has not installed the bot sees no journal, so none is kept of it.
    guild = bot.get_guild(interaction.guild_id) if interaction.guild_id else None
    async with bot.user_queue.of(interaction.user.id, _PATIENCE):
        try:
            asked.answer = answer = await answered(
                await bot.library_for(interaction.guild_id),
                question,
                fallback_language=language,
                further=MOST_FURTHER,
                within=within or sources_of(interaction),
            )
        except UnknownArticle:
            name = cut(one_line(within or ""), CHOICE)
            await respond(interaction, say("files_no_article", language, name=name))
            return
        shown = answer_message(
            answer,
            MessageOptions(
                language,
                remover=None if private else interaction.user.id,
                votes=bot.journal is not None and guild is not None and not private,
            ),
        )
        await respond(interaction, shown, ephemeral=private)
    bot.metrics.record(asked)
    if not private:
        await note_gap(bot.journal, answer, guild)


ask.autocomplete("question")(offer_questions)
ask.autocomplete("within")(offer_sources)


@app_commands.context_menu(name=locale_str("Find sources"))
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
async def find_sources(interaction: discord.Interaction, message: discord.Message) -> None:
    """*Find sources*: what the corpus says about a message, shown to who asks alone."""
    language, bot = language_of(interaction), client_of(interaction)
    text = one_line(said_in(message)[:_MESSAGE_READ])
    if not text:
        await respond(interaction, say("no_text", language))
        return
    if refusal := _too_fast(bot, interaction, language):
        await respond(interaction, refusal)
        return
    asked = QuestionEvent("sources", interaction.guild_id, interaction.channel_id)
    library = await bot.library_for(interaction.guild_id)
    asked.answer = answer = await asyncio.to_thread(
        sources_for, library, text, language, sources_of(interaction)
    )
    await respond(interaction, answer_message(answer, MessageOptions(language)))
    bot.metrics.record(asked)


def _too_fast(bot: StatefulClient, interaction: discord.Interaction, language: str) -> str | None:
    """Return what somebody is told who has to wait; None for everybody else, and the question
    counts.
    """
    seconds = bot.rate_limit.wait(interaction.user.id)
    return say("slow_down", language, seconds=math.ceil(seconds)) if seconds else None


def sources_for(
    library: Library, text: str, language: str, within: tuple[str, ...] | None = None
) -> Answer:
    """Return what answers a text, or else the first of its sentences that the corpus answers."""
    options: dict[str, Any] = {
        "fallback_language": language, "further": MOST_FURTHER, "within": within
    }  # fmt: skip
    whole = library.answer(text, **options)
    if whole.answered:
        return whole
    for start, end in sentence_spans(text)[:_SENTENCES_ASKED]:
        part = library.answer(text[start:end], **options)
        if part.answered:
            return part
    return whole
