"""/article: a unit of a document as it stands, or the tree of its units."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Choice, locale_str

from bot.answering.asked_units import document_named
from bot.chat.answers import layout, unit_message
from bot.chat.buttons import PersistentButton, turns
from bot.chat.limits import CHOICE, CHOICES
from bot.chat.markup import clip, cut, length, one_line
from bot.chat.references import articles_of
from bot.chat.sending import respond
from bot.chat.state import client_of
from bot.chat.tree import language_of
from bot.chat.units import last_page, tree_lines, unit_line, unit_quotes
from bot.commands.choices import choices, offer_sources
from bot.corpus.filenames import source_digest
from bot.corpus.model import Article
from bot.corpus.units import whole_units
from bot.index.build import Index
from bot.strings import say
from bot.text.tokens import folded_words
from bot.text.unit_references import bare_number, unit_references
from bot.text.units import UnitKey, parse_address

_TITLE_ROOM = 200


@app_commands.command(
    name=locale_str("article"),
    description=locale_str("Show an article or section of a source, or the list of them"),
)
@app_commands.rename(source=locale_str("source"), unit=locale_str("unit"))
@app_commands.describe(
    source=locale_str("The source; choose from the list"),
    unit=locale_str("Its number or title, such as 5 or Annex II; without it you see the list"),
)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
async def article(interaction: discord.Interaction, source: str, unit: str | None = None) -> None:
    """/article source [unit]"""
    bot, language = client_of(interaction), language_of(interaction)
    library = await bot.library_for(interaction.guild_id)
    index = await library.holding(called=source)
    number = await asyncio.to_thread(document_named, index, source)
    if number is None:
        name = cut(one_line(source), CHOICE)
        await respond(interaction, say("files_no_article", language, name=name))
        return
    found = index.corpus.articles[number]
    if unit is None or not found.original.units:
        await respond(interaction, tree_page(found, 0, language), ephemeral=False)
        return
    keys = await asyncio.to_thread(keys_meant, found, unit)
    for key in keys:
        if quotes := await asyncio.to_thread(unit_quotes, found, key, language):
            await respond(interaction, unit_message(quotes, language), ephemeral=False)
            return
    title = cut(one_line(found.original.title), _TITLE_ROOM)
    await respond(
        interaction,
        say("no_unit", language, title=title, unit=cut(one_line(unit), CHOICE)),
    )


def keys_meant(article: Article, typed: str) -> list[UnitKey]:
    """Return the units that somebody may mean: by address, by name, by number alone, by title."""
    keys = [parse_address(typed)] if "." in typed or typed.isascii() else []
    keys += [reference.key for reference in unit_references(typed)]
    if number := bare_number(typed):
        kinds = dict.fromkeys(unit.key.kind for unit in article.original.units)
        # An article is what most people mean by a number.
        ordered = sorted(kinds, key=lambda kind: kind not in ("article", "section", ""))
        keys += [UnitKey(kind, number.number, number.points) for kind in ordered]
    wanted = folded_words(typed)
    keys += [
        unit.key
        for unit in whole_units(article.original.units)
        if unit.title and wanted and folded_words(unit.title) == wanted
    ]
    return [key for key in keys if key]


def tree_page(article: Article, page: int, language: str) -> dict[str, Any]:
    """One page of the units of a document, with buttons to the next and the one before."""
    title = cut(one_line(article.original.title) or one_line(article.name), _TITLE_ROOM)
    last = last_page(article)
    page = max(0, min(page, last))
    lines = tree_lines(article, page, language)
    if not lines:
        return layout([(f"**{title}**",), (say("no_units", language),)])
    row = [
        TreeButton(source_digest(article.name), there, language, label)
        for there, label in turns(page, last)
    ]
    return layout([(f"**{title}**",), ("\n".join(lines),)], [row])


class TreeButton(
    PersistentButton,
    template=r"units:(?P<source>[A-Za-z0-9_-]{5}):(?P<page>\d{1,5}):(?P<language>[a-z]{2})"
    r":(?P<label>previous|next)",
):
    """Turns a page of the units of a document."""

    def __init__(self, source: str, page: int | str, language: str, label: str) -> None:
        self.source, self.page, self.language = source, int(page), language
        super().__init__(f"units:{source}:{page}:{language}:{label}", say(label, language))

    async def on_click(self, interaction: discord.Interaction) -> None:
        """Show the page in place of the one before."""
        library = await client_of(interaction).library_for(interaction.guild_id)
        index = await library.holding(digests=[self.source])
        found = await asyncio.to_thread(lambda: next(articles_of(index.corpus, self.source), None))
        if found is None:
            await respond(interaction, say("stale", language_of(interaction)))
            return
        await interaction.response.edit_message(**tree_page(found, self.page, self.language))


article.autocomplete("source")(offer_sources)


@article.autocomplete("unit")
async def _units(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    bot, language = client_of(interaction), language_of(interaction)
    source = str(interaction.namespace.source or "")
    library = await bot.library_for(interaction.guild_id)
    index = await library.holding(called=source)
    offers = await asyncio.to_thread(_offers, index, source, typed, language)
    return choices(offers)


def _offers(index: Index, source: str, typed: str, language: str) -> list[tuple[str, str]]:
    """Units whose number or title has every word that was typed."""
    number = document_named(index, source)
    if number is None:
        return []
    wanted = folded_words(typed[:CHOICE])
    offers: list[tuple[str, str]] = []
    for unit in whole_units(index.corpus.articles[number].original.units):
        line, address = unit_line(unit, language), unit.key.address
        words = folded_words(line)
        met = all(any(word.startswith(part) for word in words) for part in wanted)
        if (met or address.startswith(typed.strip().lower())) and length(address) <= CHOICE:
            offers.append((clip(line, CHOICE), address))
            if len(offers) == CHOICES:
                break
    return offers
