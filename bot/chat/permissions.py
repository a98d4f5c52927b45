"""Who may change the corpus and see what is for admins: one check for commands and buttons.

Discord's own setting is only a hint: a server's admins can open a command to anyone.
"""

from __future__ import annotations

import discord
from discord import app_commands

from bot.chat.state import StatefulClient, client_of


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


def check_reader(interaction: discord.Interaction) -> bool:
    """Let the managers of a server that the corpus is kept by; raise Refused for everybody else.

    With none named, that is every server.
    """
    check_manager(interaction)
    named = client_of(interaction).settings.admin_guild_ids
    if named and interaction.guild_id not in named:
        raise Refused("not_admin_guild")
    return True


def check_curator(interaction: discord.Interaction) -> bool:
    """Let who may change the corpus; raise Refused for everybody else.

    With no server named, the only one that the bot is on.
    """
    check_reader(interaction)
    if nobody_may_change(client_of(interaction)):
        raise Refused("several_servers")
    return True


def is_curator(interaction: discord.Interaction) -> bool:
    """Whether somebody may change the corpus, of whom nothing is refused if not."""
    try:
        return check_curator(interaction)
    except Refused:
        return False


def nobody_may_change(bot: StatefulClient) -> bool:
    """Whether the bot is on several servers and none of them is named as the corpus's."""
    return not bot.settings.admin_guild_ids and len(bot.guilds) > 1


#: For commands, and for what completes their options.
managers = app_commands.check(check_manager)
readers = app_commands.check(check_reader)
curators = app_commands.check(check_curator)
