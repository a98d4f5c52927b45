"""The slash commands: /ask for everybody, /reindex for admins; named in English and French."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.chat.markup import one_line
from bot.chat.render import render_corpus_error, render_reindexed
from bot.chat.views import message_of
from bot.errors import CorpusError, ReindexRunning
from bot.library import Library
from bot.strings import say

log = logging.getLogger(__name__)

AnyCommand = app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu

#: Names and descriptions in French, by their English.
FRENCH = {
    "ask": "demander",
    "Ask the corpus a question; the answer is quoted and cited": (
        "Poser une question au corpus ; la réponse est citée mot pour mot"
    ),
    "question": "question",
    "What you want to know, in English or French": (
        "Ce que vous voulez savoir, en français ou en anglais"
    ),
    "private": "privé",
    "Show the answer to you alone": "Ne montrer la réponse qu’à vous",
    "reindex": "réindexer",
    "Read the corpus again and answer from what it holds now": (
        "Relire le corpus et répondre d’après ce qu’il contient maintenant"
    ),
}


class Translator(app_commands.Translator):
    """Names and descriptions for people whose Discord speaks French."""

    async def translate(
        self,
        string: locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,  # noqa: ARG002  # the parent's signature
    ) -> str | None:
        """The French of a command's text, or None for every other language."""
        return FRENCH.get(string.message) if locale is discord.Locale.french else None


class CommandTree(app_commands.CommandTree[discord.Client]):
    """The commands as Discord knows them, and what is said when one of them crashes."""

    async def on_error(
        self, interaction: discord.Interaction, error: app_commands.AppCommandError
    ) -> None:
        """Log a crash and say so to the person, without its details."""
        name = interaction.command.name if interaction.command else "?"
        log.error("/%s failed", name, exc_info=error)
        text = say("failed", _language(interaction))
        try:
            if interaction.response.is_done():
                await interaction.followup.send(text, ephemeral=True)
            else:
                await interaction.response.send_message(text, ephemeral=True)
        except discord.HTTPException:
            log.warning("/%s: the person could not be told", name)

    async def sync_if_changed(self) -> None:
        """Register the commands unless Discord has them as they are.

        Discord allows 200 new commands a day, so a bot that restarts often should not repeat them.
        """
        wanted = [await self._payload(command) for command in self.get_commands()]
        client = self.client
        route = discord.http.Route(
            "GET", "/applications/{application_id}/commands", application_id=client.application_id
        )
        try:
            registered = await client.http.request(route, params={"with_localizations": "true"})
            if _essence(wanted) == _essence(registered):
                log.info("commands are registered already")
                return
            await self.sync()
        except discord.HTTPException as error:
            # Mentions and direct messages work without, and commands registered earlier still do.
            log.error("commands could not be registered: %s", error)  # noqa: TRY400  # no crash
        else:
            log.info("commands registered")

    async def _payload(self, command: AnyCommand) -> dict[str, Any]:
        """A command as it is sent to Discord."""
        if self.translator is None:
            return dict(command.to_dict(self))
        return dict(await command.get_translated_payload(self, self.translator))


# What a command is to its users. Left out are ids, versions, what Discord fills in by itself, and
# dm_permission, which contexts has replaced.
_COMPARED = (
    "name",
    "type",
    "description",
    "options",
    "default_member_permissions",
    "contexts",
    "nsfw",
    "name_localizations",
    "description_localizations",
)


def _essence(commands: list[dict[str, Any]]) -> dict[tuple[str, int], Any]:
    """What two lists of commands must agree in to be the same."""
    return {
        (command["name"], command.get("type", 1)): _set_values(
            {key: command.get(key) for key in _COMPARED}
        )
        for command in commands
    }


def _set_values(value: Any) -> Any:
    """A payload without what is not set: Discord leaves it out, or gives null, false or []."""
    if isinstance(value, dict):
        return {key: _set_values(inner) for key, inner in value.items() if inner}
    if isinstance(value, list):
        return [_set_values(inner) for inner in value]
    return str(value)  # permissions are sent as a number and come back as text


def _language(interaction: discord.Interaction) -> str:
    """The language of the person's Discord, as two letters."""
    return str(interaction.locale.value).partition("-")[0]


def ask_command(library: Library) -> app_commands.Command[Any, ..., None]:
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
    async def ask(interaction: discord.Interaction, question: str, private: bool = False) -> None:
        if not one_line(question):
            hint = say("empty_question", _language(interaction))
            await interaction.response.send_message(hint, ephemeral=True)
            return
        answer = library.answer(question, fallback_language=_language(interaction))
        shown = message_of(answer, library.corpus.version, embed=True)
        await interaction.response.send_message(**shown, ephemeral=private)

    return ask


def reindex_command(
    library: Library, admin_guild_ids: Collection[int]
) -> app_commands.Command[Any, ..., None]:
    """/reindex, for members who may manage the server, in the admin servers if any are named."""

    @app_commands.command(
        name=locale_str("reindex"),
        description=locale_str("Read the corpus again and answer from what it holds now"),
    )
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def reindex(interaction: discord.Interaction) -> None:
        language = _language(interaction)
        if refusal := _refusal(interaction, admin_guild_ids):
            await interaction.response.send_message(say(refusal, language), ephemeral=True)
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        try:
            text = render_reindexed(await asyncio.to_thread(library.reindex), language)
        except ReindexRunning:
            text = say("reindexing", language)
        except CorpusError as error:
            text = render_corpus_error(error, language)
        await interaction.followup.send(text, ephemeral=True)

    return reindex


def _refusal(interaction: discord.Interaction, admin_guild_ids: Collection[int]) -> str | None:
    """Why a person may not reindex, as a key of ``say``; None if they may.

    Discord's own setting is only a hint: a server's admins can open the command to anyone.
    """
    if interaction.guild_id is None or not interaction.permissions.manage_guild:
        return "not_admin"
    if admin_guild_ids and interaction.guild_id not in admin_guild_ids:
        return "not_admin_guild"
    return None
