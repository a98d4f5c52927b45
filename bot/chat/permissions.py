"""Who may change sources and see what is for admins: one check for commands and buttons.

Discord's own setting is only a hint: a server's admins can open a command to anyone.
"""

from __future__ import annotations

import discord
from discord import app_commands

from bot.chat.state import StatefulClient


class Refused(app_commands.CheckFailure):
    """Somebody may not do something; ``key`` says why, as a key of ``say``."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def check_manager(interaction: discord.Interaction) -> bool:
    """Let who may manage a server that has installed the bot; raise Refused for everybody else."""
    if interaction.guild_id is None or not interaction.permissions.manage_guild:
        raise Refused("not_admin")
    if interaction.client.get_guild(interaction.guild_id) is None:
        # Who has installed the bot for themselves alone brings it along, as a server's admin too.
        raise Refused("not_admin_guild")
    return True


#: For commands, and for what completes their options.
managers = app_commands.check(check_manager)
#: For what changes sources: those of the manager's server, see ``StatefulClient.edited_by``.
check_curator, curators = check_manager, managers


def is_curator(interaction: discord.Interaction) -> bool:
    """Whether somebody may change the corpus, of whom nothing is refused if not."""
    try:
        return check_curator(interaction)
    except Refused:
        return False


def nobody_may_change(bot: StatefulClient) -> bool:
    """Whether the bot is on several servers and none of them is named as the shared sources'. A
    process that serves some of the shards does not know of the other servers.
    """
    several = len(bot.guilds) > 1 or bool(bot.settings.shard_ids)
    return not bot.settings.admin_guild_ids and several
