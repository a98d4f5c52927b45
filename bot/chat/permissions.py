"""DOC."""

from __future__ import annotations

from collections.abc import Collection

import discord


def denial_reason(interaction: discord.Interaction, admin_guild_ids: Collection[int]) -> str | None:
    """Why a person may not use an admin's command, as a key of ``say``; None if they may.

    Discord's own setting is only a hint: a server's admins can open the command to anyone.
    """
    if interaction.guild_id is None or not interaction.permissions.manage_guild:
        return "not_admin"
    if interaction.client.get_guild(interaction.guild_id) is None:
        # Who has installed the bot for themselves alone brings it along, as a server's admin too.
        return "not_admin_guild"
    if admin_guild_ids and interaction.guild_id not in admin_guild_ids:
        return "not_admin_guild"
    return None
