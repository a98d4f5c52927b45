"""/cite: one sentence in its passage, by its address."""

from __future__ import annotations

import unicodedata

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.answering.citation import cite
from bot.chat.answers import layout
from bot.chat.layout import context_blocks
from bot.chat.limits import CHOICE
from bot.chat.markup import cut, one_line
from bot.chat.sending import respond
from bot.chat.state import client_of
from bot.chat.tree import language_of
from bot.commands.choices import offer_addresses
from bot.strings import say


@app_commands.command(
    name=locale_str("cite"),
    description=locale_str("Show one sentence of the corpus in its passage, by its address"),
)
@app_commands.rename(address=locale_str("address"))
@app_commands.describe(
    address=locale_str("Source, passage and sentence, such as treaty:1.2; choose from the list")
)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
async def cite_(interaction: discord.Interaction, address: str) -> None:
    """/cite address"""
    language = language_of(interaction)
    library = await client_of(interaction).library_for(interaction.guild_id)
    name = unicodedata.normalize("NFC", address.strip()).rpartition(":")[0]
    citation = cite((await library.holding(names=[name])).corpus, address, language)
    if citation is None:
        text = say("no_address", language, address=cut(one_line(address), CHOICE))
        await respond(interaction, text)
        return
    shown = layout(context_blocks(citation, language))
    await respond(interaction, shown, ephemeral=False)


cite_.autocomplete("address")(offer_addresses)
