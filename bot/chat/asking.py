"""The commands that look something up: /ask, /cite, and *Find sources* on a message."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Choice, locale_str

from bot.chat.commands import language_of
from bot.chat.feedback import note_gap
from bot.chat.markup import clip, cut, length, one_line
from bot.chat.meter import Asked
from bot.chat.render import context_blocks
from bot.chat.state import client_of
from bot.chat.views import Audience, answer_message, layout
from bot.library import Library
from bot.retrieval.analysis import folded_words
from bot.retrieval.citation import Answer, cite
from bot.retrieval.model import Article, Corpus
from bot.retrieval.segment import sentence_spans
from bot.strings import say

# Discord's limits of a list of suggestions, of each one, and of an option's value.
_MOST_CHOICES = 25
_CHOICE_ROOM = 100
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
        if seconds := bot.pace.wait(interaction.user.id):
            text = say("slow_down", language, seconds=math.ceil(seconds))
            await interaction.response.send_message(text, ephemeral=True)
            return
        asked = Asked("ask", interaction.guild_id, interaction.channel_id)
        asked.answer = answer = library.answer(question, fallback_language=language)
        kept = bot.journal is not None and interaction.guild_id is not None and not private
        shown = answer_message(
            answer,
            library.corpus.version,
            Audience(
                language,
                remover=None if private else interaction.user.id,
                votes=kept,
            ),
        )
        async with bot.turns.of(interaction.user.id, _PATIENCE):
            await interaction.response.send_message(**shown, ephemeral=private)
        bot.meter.count(asked)
        if not private:
            await note_gap(bot.journal, answer, interaction.guild)

    @ask.autocomplete("question")
    async def suggest(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        del interaction
        return [Choice(name=text, value=text) for text in suggestions(library.corpus, typed)]

    return ask


def suggestions(corpus: Corpus, typed: str) -> list[str]:
    """The corpus's own questions and titles that hold every word typed so far."""
    titles = (rendering.title for article in corpus.articles for rendering in article.renderings)
    offered = (*(expected.question for expected in corpus.questions), *titles)
    return _matching((clip(one_line(text), _CHOICE_ROOM) for text in offered), typed)


def _matching(offered: Iterable[str], typed: str) -> list[str]:
    """The texts in which every typed word begins a word, as many as Discord takes."""
    wanted = folded_words(typed)
    found = (
        text
        for text in dict.fromkeys(offered)
        if text and all(any(w.startswith(p) for w in folded_words(text)) for p in wanted)
    )
    return list(islice(found, _MOST_CHOICES))


def find_sources_menu(library: Library) -> app_commands.ContextMenu:
    """*Find sources*: what the corpus says about a message, shown to who asks alone."""

    async def find_sources(interaction: discord.Interaction, message: discord.Message) -> None:
        language = language_of(interaction)
        text = one_line(message.content)
        if not text:
            hint = say("no_text", language)
            await interaction.response.send_message(hint, ephemeral=True)
            return
        asked = Asked("sources", interaction.guild_id, interaction.channel_id)
        asked.answer = answer = sources_for(library, text, language)
        shown = answer_message(answer, library.corpus.version, Audience(language))
        await interaction.response.send_message(**shown, ephemeral=True)
        client_of(interaction).meter.count(asked)

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


def cite_command(library: Library) -> Command:
    """/cite address"""

    @app_commands.command(
        name=locale_str("cite"),
        description=locale_str("Show one sentence of the corpus in its passage, by its address"),
    )
    @app_commands.rename(address=locale_str("address"))
    @app_commands.describe(address=locale_str("Article, passage and sentence, as answers show it"))
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def cite_(interaction: discord.Interaction, address: str) -> None:
        language = language_of(interaction)
        citation = cite(library.corpus, address, language)
        if citation is None:
            text = say("no_address", language, address=cut(one_line(address), _CHOICE_ROOM))
            await interaction.response.send_message(text, ephemeral=True)
            return
        await interaction.response.send_message(**layout(context_blocks(citation, language)))

    @cite_.autocomplete("address")
    async def suggest(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        del interaction
        return list(addresses(library.corpus, typed))

    return cite_


def addresses(corpus: Corpus, typed: str) -> Iterator[Choice[str]]:
    """Sentences whose address begins with what was typed, or whose article's name or title has it.

    Until an article is chosen, its first sentence stands for it.
    """
    name, _, place = typed.strip().rpartition(":")
    article = corpus.article(name)
    offered = _in_article(article, place) if article else _in_corpus(corpus, typed)
    return islice(offered, _MOST_CHOICES)


def _in_article(article: Article, place: str) -> Iterator[Choice[str]]:
    """The sentences of an article whose place in it begins with what was typed."""
    for number, passage in enumerate(article.original.passages, 1):
        for count, span in enumerate(passage.sentences, 1):
            address = article.address(number, count)
            if length(address) > _CHOICE_ROOM:  # Discord takes no longer one, even typed by hand
                return
            if f"{number}.{count}".startswith(place):
                text = one_line(span.of(article.original.text))
                yield Choice(name=clip(f"{number}.{count} {text}", _CHOICE_ROOM), value=address)


def _in_corpus(corpus: Corpus, typed: str) -> Iterator[Choice[str]]:
    """The first sentences of the articles whose name or title hold what was typed."""
    for article in corpus.articles:
        address = article.address(1, 1)
        fits = length(address) <= _CHOICE_ROOM
        if fits and _matching([f"{article.name} {article.original.title}"], typed):
            yield Choice(name=address, value=address)
