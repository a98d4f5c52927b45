"""/teach: who may change the corpus teaches an answer, lists what was taught, and takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
import pytest
import simcord

from tests.simulated import texts_of

if TYPE_CHECKING:
    from tests.simulated import Place

pytestmark = pytest.mark.simcord(approved_intents=discord.Intents.default())

QUESTION = "Is my toaster happy?"


async def told(place: Place, who: simcord.MemberActor, command: str, **options: Any) -> str:
    """Return what the bot says to somebody alone."""
    result = await who.slash(place.channel, f"teach {command}", **options)
    assert result.response is not None
    assert result.ephemeral
    return result.response.content


async def test_a_curator_teaches_and_takes_back(place: Place) -> None:
    """A member asks in vain, is answered once it is taught, and no more when it is taken back."""
    admin = place.member("ada", manage_guild=True)
    before = "\n".join(texts_of(await place.ask(QUESTION)))
    assert "Nothing was taught" in await told(place, admin, "list")
    said = await told(place, admin, "add", question=QUESTION, address="lighthouse:1.1")
    assert said.startswith("Taught.")
    sentence = said.partition("answered by: ")[2]
    assert sentence
    assert sentence not in before
    assert sentence in "\n".join(texts_of(await place.ask(QUESTION)))
    assert f"{QUESTION} → lighthouse" in await told(place, admin, "list")
    assert "Taken back" in await told(place, admin, "remove", question=QUESTION)
    assert sentence not in "\n".join(texts_of(await place.ask(QUESTION)))
    assert "Nothing was taught for" in await told(place, admin, "remove", question=QUESTION)


async def test_an_address_that_is_none_is_refused(place: Place) -> None:
    """Nothing is kept."""
    admin = place.member("ada", manage_guild=True)
    said = await told(place, admin, "add", question=QUESTION, address="nowhere:1.1")
    assert "no sentence" in said
    assert "Nothing was taught" in await told(place, admin, "list")


async def test_nobody_else_may(place: Place) -> None:
    """A member is refused, even where Discord's own setting lets them."""
    member = place.member("bob")
    command = place.env.backend.commands[None]["teach", 1]
    place.guild.set_command_permissions(int(command["id"]), {member: True})
    for name, options in (
        ("list", {}),
        ("add", {"question": QUESTION, "address": "lighthouse:1.1"}),
        ("remove", {"question": QUESTION}),
    ):
        said = await told(place, member, name, **options)
        assert "aught" not in said
