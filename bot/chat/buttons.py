"""Buttons that survive restarts: whatever they need stands in their custom id and their message."""

from __future__ import annotations

import re
from typing import Any, Self

import discord

from bot.chat.tree import report_failure

Button = discord.ui.Button[Any]

#: Begins the custom id of a button that teaches, a sentence's reference behind it: answers carry
#: it, and the commands know what it does.
TEACH = "teach"

#: Characters of a question that can be taught: as many as the journal keeps of one.
TEACHABLE = 300


def turns(page: int, last: int) -> list[tuple[int, str]]:
    """Return the pages beside one of several, from 0, each with the key of its button's label."""
    beside = (page - 1, "previous"), (page + 1, "next")
    return [(there, label) for there, label in beside if 0 <= there <= last]


class PersistentButton(discord.ui.DynamicItem[Button], template=r"(?!)"):
    """A button made from its custom id: the groups of the template are the constructor's arguments.

    A client must know each class before it is clicked, see ``Client.add_dynamic_items``.
    """

    def __init__(self, custom_id: str, label: str | None = None, emoji: str | None = None) -> None:
        grey = discord.ButtonStyle.secondary
        super().__init__(
            discord.ui.Button(label=label, emoji=emoji, style=grey, custom_id=custom_id)
        )

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction,  # noqa: ARG003  # the parent's signature
        item: discord.ui.Item[Any],  # noqa: ARG003
        match: re.Match[str],
    ) -> Self:
        """Return the button of a message that was sent before, perhaps by an earlier run."""
        return cls(**match.groupdict())

    async def callback(self, interaction: discord.Interaction) -> None:
        """Do what the button is for; if that fails, log it and say so."""
        try:
            await self.on_click(interaction)
        except Exception as error:  # noqa: BLE001  # as for commands, whatever went wrong
            await report_failure(interaction, type(self).__name__, error)

    async def on_click(self, interaction: discord.Interaction) -> None:
        """Do what the button is for."""
        raise NotImplementedError
