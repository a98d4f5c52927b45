"""What is offered while somebody types an option, from the lists of the corpus in service."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import discord
from discord.app_commands import Choice

from bot.chat.limits import CHOICE
from bot.chat.state import client_of
from bot.chat.suggestions import (
    Lists,
    Offer,
    addresses,
    addresses_in,
    first_addresses,
    named,
)
from bot.text.tokens import folded_words


def choices(offers: Iterable[Offer]) -> list[Choice[str]]:
    """Return offers as Discord takes them."""
    return [Choice(name=name, value=value) for name, value in offers]


async def lists_of(interaction: discord.Interaction) -> Lists:
    """Return the lists of the corpus in service."""
    bot = client_of(interaction)
    library = await bot.library_for(interaction.guild_id)
    return await bot.suggestions.of(library.corpus)


async def offer_sources(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Offer sources by their titles."""
    library = await client_of(interaction).library_for(interaction.guild_id)
    found = await library.beginning(folded_words(typed[:CHOICE]))
    if found is not None:
        return choices(named(found))
    return choices((await lists_of(interaction)).sources.beginning(typed))


async def offer_questions(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Offer the corpus's own questions and its titles."""
    return choices((await lists_of(interaction)).questions.beginning(typed))


async def offer_addresses(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Offer sentences by their addresses."""
    library = await client_of(interaction).library_for(interaction.guild_id)
    found = await library.beginning(folded_words(typed[:CHOICE]))
    if found is None:
        lists = await lists_of(interaction)
        return choices(await asyncio.to_thread(addresses, lists, typed))
    name, _, place = typed.strip().rpartition(":")
    article = (await library.holding(names=[name])).corpus.article(name) if name else None
    return choices(addresses_in(article, place) if article else first_addresses(found))
