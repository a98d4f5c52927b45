"""What the admins of a server have set for the place where something is asked."""

from __future__ import annotations

from typing import Any

import discord

from bot.chat.state import StatefulClient, client_of
from bot.service.server_settings import ChannelSettings


def channel_of(place: Any) -> int | None:
    """Return the id of a place's channel: a thread's and a post's is the one that they stand in."""
    return getattr(place, "parent_id", None) or getattr(place, "id", None)


def settings_at(bot: StatefulClient, guild: int | None, place: Any) -> ChannelSettings:
    """Return what is set for a place; nothing in private, and on servers that have not installed
    the bot.
    """
    channel = channel_of(place)
    if guild is None or channel is None or bot.get_guild(guild) is None:
        return ChannelSettings()
    return bot.server_settings.channel(guild, channel)


def sources_at(bot: StatefulClient, guild: int | None, place: Any) -> tuple[str, ...] | None:
    """Return the names of the sources and folders that a place is answered from; None: all."""
    return settings_at(bot, guild, place).sources or None


def sources_of(interaction: discord.Interaction) -> tuple[str, ...] | None:
    """Return the same for where an interaction was made."""
    return sources_at(client_of(interaction), interaction.guild_id, interaction.channel)


def answers_all(bot: StatefulClient, guild: int, place: Any) -> bool:
    """Whether every question of a place is for the bot."""
    chosen = settings_at(bot, guild, place)
    return is_heard(bot, chosen, getattr(place, "id", None), channel_of(place))


def is_heard(bot: StatefulClient, chosen: ChannelSettings, *ids: int | None) -> bool:
    """Whether every question of a place of some ids is for the bot: as its server has chosen, else
    as the operator has.
    """
    if chosen.every_question is not None:
        return chosen.every_question
    return not bot.settings.answer_channel_ids.isdisjoint(ids)
