"""DOC."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import discord
from discord import app_commands
from discord.app_commands import Choice, locale_str

from bot.answering.citation import cite
from bot.chat.answers import layout
from bot.chat.layout import context_blocks
from bot.chat.markup import clip, cut, length, one_line
from bot.chat.tree import language_of
from bot.commands.ask import Command
from bot.commands.choices import CHOICE_ROOM, MOST_CHOICES, matching
from bot.corpus.model import Article, Corpus
from bot.service.library import Library
from bot.strings import say


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
            text = say("no_address", language, address=cut(one_line(address), CHOICE_ROOM))
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
    return islice(offered, MOST_CHOICES)


def _in_article(article: Article, place: str) -> Iterator[Choice[str]]:
    """The sentences of an article whose place in it begins with what was typed."""
    for number, passage in enumerate(article.original.passages, 1):
        for count, span in enumerate(passage.sentences, 1):
            address = article.address(number, count)
            if length(address) > CHOICE_ROOM:  # Discord takes no longer one, even typed by hand
                return
            if f"{number}.{count}".startswith(place):
                text = one_line(span.of(article.original.text))
                yield Choice(name=clip(f"{number}.{count} {text}", CHOICE_ROOM), value=address)


def _in_corpus(corpus: Corpus, typed: str) -> Iterator[Choice[str]]:
    """The first sentences of the articles whose name or title hold what was typed."""
    for article in corpus.articles:
        address = article.address(1, 1)
        fits = length(address) <= CHOICE_ROOM
        if fits and matching([f"{article.name} {article.original.title}"], typed):
            yield Choice(name=address, value=address)
