"""What a network or Discord fails with, as one family, and sending that outlives it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import aiohttp
import discord

from bot.chat.markup import compose

log = logging.getLogger(__name__)

#: Whatever speaks to Discord may fail with these. ``OSError`` covers names that are not found,
#: refused connections and TLS.
NETWORK_ERRORS: tuple[type[Exception], ...] = (
    discord.HTTPException,
    aiohttp.ClientError,
    asyncio.TimeoutError,
    OSError,
)

# Seconds before something is sent again that Discord's servers or the network have failed.
_PAUSES = (1.0, 3.0, 6.0)
# "Invalid Form Body": https://discord.com/developers/docs/topics/opcodes-and-status-codes
_INVALID_FORM = 50035

Sent = TypeVar("Sent")


async def patiently(send: Callable[[], Awaitable[Sent]]) -> Sent:
    """Send, and again where Discord's servers or the network fail; raise the last failure, and at
    once what Discord refuses.
    """
    for pause in _PAUSES:
        try:
            return await send()
        except NETWORK_ERRORS as error:
            refused = isinstance(error, discord.HTTPException)
            if refused and not isinstance(error, discord.DiscordServerError):
                raise
            log.warning("sent again in %.0f s: %s", pause, error)
            await asyncio.sleep(pause)
    return await send()


async def sent_or_plain(
    send: Callable[[dict[str, Any]], Awaitable[Sent]], response: dict[str, Any]
) -> Sent:
    """Send a response; as plain text with the same buttons where Discord refuses its layout."""
    try:
        return await send(response)
    except discord.HTTPException as error:
        layout = isinstance(response.get("view"), discord.ui.LayoutView)
        if error.code != _INVALID_FORM or not layout:
            raise
        log.warning("a layout was refused and goes out as plain text: %s", error)
        return await send(as_plain(response))


def as_plain(response: dict[str, Any]) -> dict[str, Any]:
    """Return a layout as the text of a message, as far as it fits, with the same buttons."""
    texts: list[str] = []
    view = discord.ui.View(timeout=None)
    for item in response["view"].walk_children():
        if isinstance(item, discord.ui.TextDisplay):
            texts.append(item.content)
        elif isinstance(item, discord.ui.Button | discord.ui.DynamicItem):
            button = item.item if isinstance(item, discord.ui.DynamicItem) else item
            button.row = None
            view.add_item(item)
    return {**response, "content": compose(texts, "en"), "view": view}


async def respond(
    interaction: discord.Interaction, response: dict[str, Any] | str, *, ephemeral: bool = True
) -> None:
    """Answer an interaction, by a follow-up where it has been answered or deferred already."""
    made = {"content": response} if isinstance(response, str) else response
    made = {key: value for key, value in made.items() if value is not None}
    if made.get("content"):
        made["content"] = compose([made["content"]], "en")

    async def send(options: dict[str, Any]) -> None:
        if interaction.response.is_done():
            await interaction.followup.send(**options, ephemeral=ephemeral)
        else:
            await interaction.response.send_message(**options, ephemeral=ephemeral)

    await sent_or_plain(send, made)
