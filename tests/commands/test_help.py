"""/help: one screen that says how to ask, with questions that the corpus answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
import pytest

from bot.chat.memory import RATE_QUESTIONS
from bot.client import COMMANDS
from bot.service.library import Library
from bot.service.server_settings import ChannelSettings
from bot.strings import FRENCH
from tests.simulated import buttons_of, labels_of, question_shown, text_of, texts_of

if TYPE_CHECKING:
    from tests.simulated import Place, Speak

pytestmark = pytest.mark.simcord(approved_intents=discord.Intents.default())


@pytest.mark.parametrize("locale", ["en-US", "fr"])
async def test_every_command_is_named(place: Place, speak: Speak, locale: str) -> None:
    """An admin reads the names of all commands as Discord shows them; a member those for members,
    in private and within one screen.
    """
    speak(locale)
    admin = place.member("ada", manage_guild=True)
    for who in (admin, place.alice):
        result = await who.slash(place.channel, "help")
        assert result.ephemeral
        said = text_of(result.response)
        assert len("\n".join(texts_of(result.response))) < 1200
        for command in COMMANDS:
            name = FRENCH[command.name] if locale == "fr" else command.name
            of_admins = command.default_permissions is not None
            shown = f"/{name}`" in said or f"*{name}*" in said or command.name == "help"
            assert shown == (not of_admins or who is admin), command.name


async def test_its_questions_are_answered(place: Place, library: Library) -> None:
    """A button asks what stands on it, for the clicker alone, also after a restart."""
    shown = (await place.alice.slash(place.channel, "help")).response
    assert shown is not None
    labels = labels_of(shown)
    assert labels == list(library.examples("en"))
    assert labels
    await place.restart(library)
    for button in buttons_of(shown):
        result = await place.alice.click(shown, custom_id=button.custom_id)
        assert result.ephemeral
        assert question_shown(result.response) == button.label
        assert "Follow up" in labels_of(result.response)


async def test_a_button_has_the_pace_of_questions(place: Place) -> None:
    """Who clicks too fast is asked to wait."""
    shown = (await place.alice.slash(place.channel, "help")).response
    assert shown is not None
    custom_id = buttons_of(shown)[0].custom_id
    for _ in range(RATE_QUESTIONS):
        await place.alice.click(shown, custom_id=custom_id)
    told = await place.alice.click(shown, custom_id=custom_id)
    assert "asking too quickly" in text_of(told.response)


async def test_its_questions_are_of_the_channels_sources(place: Place, library: Library) -> None:
    """In a channel with sources of its own, they are asked of these."""
    chosen = ChannelSettings(sources=("lighthouse",))
    bot = place.env.bot
    bot.server_settings.change(  # type: ignore[attr-defined]
        place.guild.id, place.channel.id, lambda _: chosen
    )
    shown = (await place.alice.slash(place.channel, "help")).response
    assert labels_of(shown) == list(library.examples("en", ["lighthouse"]))
    assert labels_of(shown) != list(library.examples("en"))


async def test_in_private(place: Place) -> None:
    """It works in a direct message, without the commands of admins."""
    result = await place.alice.user.slash("help")
    assert "Ask with `/ask`" in text_of(result.response)
    assert "/reindex" not in text_of(result.response)
