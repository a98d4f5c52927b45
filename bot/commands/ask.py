"""The commands that look something up: /ask, /cite, and *Find sources* on a message."""

from __future__ import annotations

import math
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Choice, locale_str

from bot.answering.citation import Answer
from bot.chat.answers import MessageOptions, answer_message
from bot.chat.markup import one_line
from bot.chat.metrics import QuestionEvent, note_gap
from bot.chat.state import client_of
from bot.chat.tree import language_of
from bot.commands.choices import suggestions
from bot.service.library import Library
from bot.strings import say
from bot.text.sentences import sentence_spans

_QUESTION_LIMIT = 1000

# Seconds that an answer waits for the same person's earlier ones; Discord waits three for it.
_PATIENCE = 1.0

# Of a message that sources are sought for: how many of its sentences are asked one by one.
_SENTENCES_ASKED = 10

Command = app_commands.Command[Any, ..., None]


def ask_command(library: Library) -> Command:
    """/ask question [private]"""

    @app_commands.command(
        name=locale_str("ask"),
        description=locale_str("Ask the corpus a question; the answer is quoted and cited"),
    )
    @app_commands.rename(question=locale_str("question"), private=locale_str("private"))
    @app_commands.describe(
        question=locale_str("What you want to know, in English or French"),
        private=locale_str("Show the answer to you alone"),
    )
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def ask(
        interaction: discord.Interaction,
        question: app_commands.Range[str, 1, _QUESTION_LIMIT],
        private: bool = False,
    ) -> None:
        language = language_of(interaction)
        if not one_line(question):
            hint = say("empty_question", language)
            await interaction.response.send_message(hint, ephemeral=True)
            return
        bot = client_of(interaction)
        if seconds := bot.rate_limit.wait(interaction.user.id):
            text = say("slow_down", language, seconds=math.ceil(seconds))
            await interaction.response.send_message(text, ephemeral=True)
            return
        asked = QuestionEvent("ask", interaction.guild_id, interaction.channel_id)
        asked.answer = answer = library.answer(question, fallback_language=language)
        kept = bot.journal is not None and interaction.guild_id is not None and not private
        shown = answer_message(
            answer,
            library.corpus.version,
            MessageOptions(
                language,
                remover=None if private else interaction.user.id,
                votes=kept,
            ),
        )
        async with bot.user_queue.of(interaction.user.id, _PATIENCE):
            await interaction.response.send_message(**shown, ephemeral=private)
        bot.metrics.record(asked)
        if not private:
            await note_gap(bot.journal, answer, interaction.guild)

    @ask.autocomplete("question")
    async def suggest(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        del interaction
        return [Choice(name=text, value=text) for text in suggestions(library.corpus, typed)]

    return ask


def find_sources_menu(library: Library) -> app_commands.ContextMenu:
    """*Find sources*: what the corpus says about a message, shown to who asks alone."""

    async def find_sources(interaction: discord.Interaction, message: discord.Message) -> None:
        language = language_of(interaction)
        text = one_line(message.content)
        if not text:
            hint = say("no_text", language)
            await interaction.response.send_message(hint, ephemeral=True)
            return
        asked = QuestionEvent("sources", interaction.guild_id, interaction.channel_id)
        asked.answer = answer = sources_for(library, text, language)
        shown = answer_message(answer, library.corpus.version, MessageOptions(language))
        await interaction.response.send_message(**shown, ephemeral=True)
        client_of(interaction).metrics.record(asked)

    menu = app_commands.ContextMenu(name=locale_str("Find sources"), callback=find_sources)
    return app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)(menu)


def sources_for(library: Library, text: str, language: str) -> Answer:
    """What answers a text, or else the first of its sentences that the corpus can speak to."""
    whole = library.answer(text, fallback_language=language)
    if whole.answered:
        return whole
    for start, end in sentence_spans(text)[:_SENTENCES_ASKED]:
        part = library.answer(text[start:end], fallback_language=language)
        if part.answered:
            return part
    return whole
