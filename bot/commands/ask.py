"""The commands that look something up: /ask, and *Find sources* on a message."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.answering.citation import Answer
from bot.chat.answers import MOST_FURTHER, MessageOptions, answer_message
from bot.chat.asking import QUESTION_LIMIT, answer_interaction, too_fast
from bot.chat.channels import sources_of
from bot.chat.markup import one_line
from bot.chat.metrics import QuestionEvent
from bot.chat.questions import AskedQuestion, said_in
from bot.chat.sending import respond
from bot.chat.state import client_of
from bot.chat.tree import language_of
from bot.commands.choices import offer_questions, offer_sources
from bot.service.library import Library
from bot.strings import say
from bot.text.sentences import sentence_spans

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
    question: app_commands.Range[str, 1, QUESTION_LIMIT],
    within: str | None = None,
    private: bool = False,
) -> None:
    """/ask question [in] [private]"""
    asked = AskedQuestion(question)
    await answer_interaction(interaction, asked, "ask", within=within, private=private)


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
    if refusal := too_fast(interaction):
        await respond(interaction, refusal)
        return
    asked = QuestionEvent("sources", interaction.guild_id, interaction.channel_id)
    library, within = await bot.library_for(interaction.guild_id), sources_of(interaction)
    asked.answer = answer = await asyncio.to_thread(sources_for, library, text, language, within)
    await respond(interaction, answer_message(answer, MessageOptions(language, within=within)))
    bot.metrics.record(asked)


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
