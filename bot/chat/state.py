"""What commands and buttons need of the client that they run on."""

from __future__ import annotations

from typing import Any, cast

import discord

from bot.chat.manners import Pace, Turns, Votes
from bot.journal import Journal
from bot.library import Library


class StatefulClient(discord.AutoShardedClient):
    """A client with its library, its journal if one is kept, and its manners."""

    def __init__(self, library: Library, journal: Journal | None, **options: Any) -> None:
        super().__init__(**options)
        self.library = library
        self.journal = journal
        self.pace = Pace()
        self.turns = Turns()
        self.votes = Votes()


def client_of(interaction: discord.Interaction) -> StatefulClient:
    """The client that an interaction reached."""
    return cast("StatefulClient", interaction.client)
