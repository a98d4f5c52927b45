"""/help: how to ask, in one screen, with questions of this corpus as buttons."""

from __future__ import annotations

import asyncio

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.chat.answers import layout
from bot.chat.asking import answer_interaction
from bot.chat.buttons import PersistentButton
from bot.chat.channels import sources_of
from bot.chat.layout import Block
from bot.chat.limits import LABEL
from bot.chat.markup import clip, one_line
from bot.chat.permissions import Refused, check_manager
from bot.chat.questions import AskedQuestion
from bot.chat.sending import respond
from bot.chat.state import client_of
from bot.chat.tree import language_of
from bot.strings import FRENCH, say

#: The commands that have no line of their own: those of every member, and those of admins.
FOR_MEMBERS = ("sources", "cite", "privacy")
FOR_ADMINS = ("settings", "corpus", "teach", "reindex", "gaps", "status")


@app_commands.command(
    name=locale_str("help"), description=locale_str("Say how to ask, with questions to try")
)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
async def help_(interaction: discord.Interaction) -> None:
    """Say how to ask: /help."""
    bot, language = client_of(interaction), language_of(interaction)
    library = await bot.library_for(interaction.guild_id)
    questions = await asyncio.to_thread(library.examples, language, sources_of(interaction))
    user = bot.user
    values = {
        "ask": _command("ask", language),
        "mention": user.mention if user else "",
        "menu": _named("Find sources", language),
        "article": _command("article", language),
    }
    lines = [say(f"help_{key}", language, **values) for key in ("ask", "reply", "menu", "article")]
    blocks: list[Block] = [
        (f"**{say('help', language)}**",),
        ("\n".join(f"- {line}" for line in lines),),
        ("\n".join(f"-# {line}" for line in _commands(interaction, language)),),
    ]
    if questions:
        blocks.append((say("help_try", language),))
    rows = [[ExampleButton(question)] for question in questions]
    await respond(interaction, layout(blocks, rows))


def _commands(interaction: discord.Interaction, language: str) -> list[str]:
    """Return a line that names the other commands, and one for who may manage the server."""
    lines = [_line("help_members", FOR_MEMBERS, language)]
    try:
        check_manager(interaction)
    except Refused:
        return lines
    return [*lines, _line("help_admins", FOR_ADMINS, language)]


def _line(key: str, names: tuple[str, ...], language: str) -> str:
    return say(key, language, commands=" ".join(_command(name, language) for name in names))


def _command(name: str, language: str) -> str:
    return f"`/{_named(name, language)}`"


def _named(name: str, language: str) -> str:
    """Return a command's name as somebody's Discord shows it."""
    return FRENCH[name] if language == "fr" else name


class ExampleButton(PersistentButton, template=r"try:(?P<question>[^\n]{1,90})"):
    """Asks the question that stands on it, for the clicker alone."""

    def __init__(self, question: str) -> None:
        self.question = question
        super().__init__(f"try:{question}", clip(one_line(question), LABEL) or "?")

    async def on_click(self, interaction: discord.Interaction) -> None:
        """Answer it."""
        await answer_interaction(interaction, AskedQuestion(self.question), "help", private=True)
