"""The buttons below an answer. They survive restarts: their whole state is in the message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

import discord

from bot.chat.render import FOLLOWS, question_of, render_embed, render_text, render_why
from bot.retrieval.model import Answer
from bot.strings import say

if TYPE_CHECKING:
    from bot.chat.client import TreatyBot


class WhyButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=r"why:(?P<version>[0-9a-f]{8}):(?P<language>[a-z]{2})",
):
    """*Why?* shows to whoever clicks it, alone, how the question's words meet the citations.

    The custom id holds the version of the corpus that answered and the language of the question;
    the question stands in the message.
    """

    def __init__(self, version: str, language: str) -> None:
        self.version = version
        self.language = language
        super().__init__(
            discord.ui.Button(
                label=say("why", language),
                style=discord.ButtonStyle.secondary,
                custom_id=f"why:{version}:{language}",
            )
        )

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction,  # noqa: ARG003  # the parent's signature
        item: discord.ui.Item[Any],  # noqa: ARG003
        match: re.Match[str],
    ) -> WhyButton:
        """The button of a message that was sent before."""
        return cls(match["version"], match["language"])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Answer the message's question once more and explain the answer."""
        library = cast("TreatyBot", interaction.client).library
        shown = question_of(interaction.message) if interaction.message else None
        if shown is None or library.corpus.version != self.version:
            text = say("stale", self.language)
        else:
            previous, _, question = shown.rpartition(FOLLOWS)
            answer = library.answer(
                question, previous=previous or None, fallback_language=self.language
            )
            text = render_why(answer)
        await interaction.response.send_message(text, ephemeral=True)


def message_of(answer: Answer, version: str, *, embed: bool) -> dict[str, Any]:
    """An answer as what ``send`` takes: an embed or plain text, and the buttons.

    ``version`` is the corpus's.
    """
    shown = {"embed": render_embed(answer)} if embed else {"content": render_text(answer)}
    if not answer.citations and answer.closest is None:
        return shown  # no sentence to explain
    view = discord.ui.View(timeout=None)
    view.add_item(WhyButton(version, answer.language))
    return {**shown, "view": view}
