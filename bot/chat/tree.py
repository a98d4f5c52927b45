"""The commands as Discord knows them: named in English and French, registered when they change."""

from __future__ import annotations

import logging
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.chat.permissions import Refused
from bot.chat.reports import render_corpus_error
from bot.chat.sending import NETWORK_ERRORS, respond
from bot.errors import CorpusError, StoreError, StoreUnchangeable
from bot.strings import FRENCH, say

log = logging.getLogger(__name__)

AnyCommand = app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu


class Translator(app_commands.Translator):
    """Names and descriptions for people whose Discord speaks French."""

    async def translate(
        self,
        string: locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,  # noqa: ARG002  # the parent's signature
    ) -> str | None:
        """Return the French of a command's text, or None for every other language."""
        return FRENCH.get(string.message) if locale is discord.Locale.french else None


class CommandTree(app_commands.CommandTree[discord.Client]):
    """The commands as Discord knows them, and what is said when one of them crashes."""

    async def on_error(
        self, interaction: discord.Interaction, error: app_commands.AppCommandError
    ) -> None:
        """Log a crash and say so to the person, without its details."""
        name = interaction.command.name if interaction.command else "?"
        await report_failure(interaction, f"/{name}", error)

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
        except NETWORK_ERRORS as error:
            # Mentions and direct messages work without, and commands registered earlier still do.
            log.error("commands could not be registered: %s", error)  # noqa: TRY400  # no crash
        else:
            log.info("commands registered")

    async def _payload(self, command: AnyCommand) -> dict[str, Any]:
        """Return a command as it is sent to Discord."""
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
    """Return what two lists of commands must agree in to be the same."""
    return {
        (command["name"], command.get("type", 1)): _set_values(
            {key: command.get(key) for key in _COMPARED}
        )
        for command in commands
    }


def _set_values(value: Any) -> Any:
    """Return a payload without what is not set.

    Discord leaves it out, or gives null, false or [].
    """
    if isinstance(value, dict):
        return {key: _set_values(inner) for key, inner in value.items() if inner}
    if isinstance(value, list):
        return [_set_values(inner) for inner in value]
    return str(value)  # permissions are sent as a number and come back as text


# Discord's codes for an interaction that it takes no answer to any more: older than three seconds,
# a token older than 15 minutes, and one that has been answered.
_OVER = (10062, 50027, 40060)


async def report_failure(interaction: discord.Interaction, name: str, error: Exception) -> None:
    """Tell a person why they may not use a command or a button, or, without the details, that it
    failed, which is logged.
    """
    cause = getattr(error, "original", error)
    if isinstance(cause, Refused):
        text = say(cause.key, language_of(interaction))
    elif isinstance(cause, CorpusError):  # of a server's own folder, which cannot be read
        text = render_corpus_error(cause, language_of(interaction))
    elif isinstance(cause, StoreError):
        fixed = isinstance(cause, StoreUnchangeable)
        if not fixed:
            log.error("%s failed: %s", name, cause)
        text = say("store_unchangeable" if fixed else "store_gone", language_of(interaction))
    elif isinstance(cause, discord.HTTPException) and cause.code in _OVER:
        log.warning("%s: Discord takes no answer any more (%s)", name, cause)
        return
    else:
        log.error("%s failed", name, exc_info=error)
        text = say("failed", language_of(interaction))
    try:
        await respond(interaction, text)
    except NETWORK_ERRORS:
        log.warning("%s: the person could not be told", name)


def language_of(interaction: discord.Interaction) -> str:
    """Return the language of the person's Discord, as two letters."""
    return str(interaction.locale.value).partition("-")[0]
