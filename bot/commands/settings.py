"""/settings: how the bot answers in each channel of a server, for those who manage it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Choice, locale_str

from bot.chat.answers import layout
from bot.chat.channels import channel_of, is_heard
from bot.chat.limits import CHOICE, CHOICES
from bot.chat.markup import clip, cut, fitting, one_line
from bot.chat.permissions import managers
from bot.chat.sending import respond
from bot.chat.state import StatefulClient, client_of
from bot.chat.tree import language_of
from bot.commands.choices import choices, offer_sources
from bot.commands.corpus_confirmation import name_shown, render_files_error
from bot.errors import CorpusFilesError, Problem, printable
from bot.service.library import Library
from bot.service.server_settings import MAX_SOURCES, ChannelSettings
from bot.strings import say

log = logging.getLogger(__name__)

# Channels that one screen shows, and the room for the sources of each.
_CHANNELS_SHOWN = 15
_SOURCES_ROOM = 150
_NAME_ROOM = 60
_PROBLEM_ROOM = 300
_MOST_TYPED = 300

Settable = discord.TextChannel | discord.ForumChannel | discord.VoiceChannel | discord.StageChannel


class _Refused(Exception):  # no fault: what a person is told
    """A change that cannot be made; its text says why."""


@app_commands.command(
    name=locale_str("settings"),
    description=locale_str("See or set how the bot answers in each channel"),
)
@app_commands.rename(
    channel=locale_str("channel"),
    every_question=locale_str("every_question"),
    add_source=locale_str("add_source"),
    remove_source=locale_str("remove_source"),
)
@app_commands.describe(
    channel=locale_str("The channel or forum; without it, this one"),
    every_question=locale_str("Answer every question there without a mention"),
    add_source=locale_str("A source or folder to answer from there; without any, all"),
    remove_source=locale_str("A source or folder no longer to answer from there"),
)
@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
@managers
async def settings_(
    interaction: discord.Interaction,
    channel: Settable | None = None,
    every_question: bool | None = None,
    add_source: app_commands.Range[str, 1, _MOST_TYPED] | None = None,
    remove_source: app_commands.Range[str, 1, _MOST_TYPED] | None = None,
) -> None:
    """See or set: /settings [channel] [every_question] [add_source] [remove_source]."""
    bot, language = client_of(interaction), language_of(interaction)
    library = await bot.library_for(interaction.guild_id)
    guild, place = interaction.guild_id, channel_of(channel or interaction.channel)
    assert guild is not None and place is not None  # noqa: S101, PT018  # as the check has seen

    named = None if add_source is None else await library.place_named(add_source)

    def changed(before: ChannelSettings) -> ChannelSettings:
        after = before
        if every_question is not None:
            after = replace(after, every_question=every_question)
        if add_source is not None:
            after = _added(after, named, add_source, language)
        if remove_source is not None:
            after = _removed(after, remove_source, language)
        return after

    if (every_question, add_source, remove_source) != (None, None, None):
        await interaction.response.defer(ephemeral=True, thinking=True)
        try:
            await asyncio.to_thread(bot.server_settings.change, guild, place, changed)
        except _Refused as refused:
            await respond(interaction, str(refused))
            return
        except CorpusFilesError as error:
            await respond(interaction, render_files_error(error, language))
            return
        log.info("settings: %d changed those of channel %d", interaction.user.id, place)
    await respond(interaction, await screen(bot, library, guild, place, language))


def _added(before: ChannelSettings, name: str | None, typed: str, language: str) -> ChannelSettings:
    """Return the settings with a source or folder more; ``name`` is what the typed one is."""
    if name is None:
        told = cut(one_line(typed), CHOICE)
        raise _Refused(say("files_no_article", language, name=told))
    if name in before.sources:
        return before
    if len(before.sources) >= MAX_SOURCES:
        raise _Refused(say("settings_most", language, most=MAX_SOURCES))
    return replace(before, sources=(*before.sources, name))


def _removed(before: ChannelSettings, typed: str, language: str) -> ChannelSettings:
    """Return the settings without a source or folder."""
    unwanted = typed.strip().strip("/").casefold()
    left = tuple(name for name in before.sources if name.casefold() != unwanted)
    if left == before.sources:
        raise _Refused(say("settings_not_one", language, name=name_shown(typed)))
    return replace(before, sources=left)


async def screen(
    bot: StatefulClient, library: Library, guild: int, first: int, language: str
) -> dict[str, Any]:
    """Return all that a server has set as what ``send`` takes, one channel ``first``; ``library``
    is what the server is answered from.
    """
    found = bot.server_settings.of(guild)
    held = bot.get_guild(guild)
    by_default = [  # where the operator has every question answered
        channel
        for channel in sorted(bot.settings.answer_channel_ids)
        if held and held.get_channel(channel)
    ]
    channels = dict.fromkeys(by_default, ChannelSettings()) | dict(found.channels)
    shown = sorted(channels, key=lambda channel: channel != first)[:_CHANNELS_SHOWN]
    names = dict.fromkeys(name for channel in shown for name in channels[channel].sources)
    there = [name for name in names if await library.place_named(name) is not None]
    return Screen(bot, channels, shown, frozenset(there), language).message(found.problem)


@dataclass(frozen=True, slots=True)
class Screen:
    """All that a server has set, for a reader of a language."""

    bot: StatefulClient
    channels: Mapping[int, ChannelSettings]
    shown: Sequence[int]  #: the channels that there is room for
    there: frozenset[str]  #: those of their sources and folders that there are
    language: str

    def message(self, problem: Problem | None) -> dict[str, Any]:
        """Return it as what ``send`` takes, with what is wrong with the file."""
        channels = self.channels
        lines = [
            f"- <#{channel}>: {self._line(channel, channels[channel])}" for channel in self.shown
        ]
        if (hidden := len(channels) - len(self.shown)) > 0:
            lines.append(self._say("and_more", count=hidden))
        where = self._say("settings_elsewhere" if lines else "settings_everywhere")
        lines.append(f"- {where}{self._say('colon')} {self._line(0, ChannelSettings())}")
        blocks = [(f"**{self._say('settings')}**",), ("\n".join(lines),)]
        if problem:
            blocks.append((self._problem(problem),))
        hears_all = any(is_heard(self.bot, one, channel) for channel, one in channels.items())
        hints = [self._say("settings_how")]
        if hears_all and not self.bot.intents.message_content:
            hints.append(self._say("settings_unread"))
        blocks.append(("\n".join(f"-# {hint}" for hint in hints),))
        return layout(blocks)

    def _say(self, key: str, **values: object) -> str:
        return say(key, self.language, **values)

    def _line(self, channel: int, one: ChannelSettings) -> str:
        """Say what holds for a channel: when it is answered, and from what."""
        heard = is_heard(self.bot, one, channel)
        when = self._say("settings_every" if heard else "settings_mentioned")
        if heard and one.every_question is None:
            when = self._say("settings_by_default", what=when)
        names = fitting([*map(self._name, one.sources)], _SOURCES_ROOM, self.language)
        return self._say("settings_from", when=when, names=names or self._say("settings_all"))

    def _name(self, name: str) -> str:
        """Return a source or folder that is answered from, as it is or no longer is."""
        shown = f"`{clip(name_shown(name), _NAME_ROOM)}`"
        return shown if name in self.there else self._say("settings_gone", name=shown)

    def _problem(self, problem: Problem) -> str:
        """Say why what was set counts for nothing, without the host's folders."""
        told = str(replace(problem, path=Path(problem.path.name)))
        return self._say("settings_wrong", problem=cut(one_line(told), _PROBLEM_ROOM))


@settings_.autocomplete("add_source")
@managers
async def _sources(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    return await offer_sources(interaction, typed)


@settings_.autocomplete("remove_source")
@managers
async def _chosen(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    """Offer what the channel that is chosen so far is answered from."""
    chosen = getattr(interaction.namespace, "channel", None) or interaction.channel
    chosen_so_far = client_of(interaction).server_settings.channel(
        interaction.guild_id or 0, channel_of(chosen) or 0
    )
    wanted = typed.strip().casefold()
    fitting_ = (name for name in chosen_so_far.sources if wanted in name.casefold())
    offers = ((clip(printable(name), CHOICE), name) for name in fitting_ if len(name) <= CHOICE)
    return choices(islice(offers, CHOICES))
