"""The commands as Discord knows them: registered when they changed, named in two languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
import pytest

from bot.service.library import Library
from tests.simulated import texts_of

if TYPE_CHECKING:
    from tests.simulated import Place

pytestmark = pytest.mark.simcord(approved_intents=discord.Intents.default())


COMMANDS = [
    "Find sources", "article", "ask", "cite", "corpus", "gaps", "help", "privacy", "reindex",
    "settings", "sources", "status", "teach",
]  # fmt: skip


def registered(place: Place) -> dict[str, Any]:
    """The commands by their names, as Discord keeps them."""
    return {name: command for (name, _), command in place.env.backend.commands[None].items()}


def registrations(place: Place) -> int:
    """How many times the bot has sent its commands."""
    return sum(
        request.method == "PUT" and request.path.endswith("/commands")
        for request in place.env.http_requests
    )


async def test_registered(place: Place) -> None:
    """/ask works in servers and direct messages, /reindex and /corpus in servers for those who
    manage them.
    """
    commands = registered(place)
    assert sorted(commands) == COMMANDS
    assert commands["ask"]["contexts"] == [0, 1]
    assert commands["ask"]["default_member_permissions"] is None
    assert [o["name"] for o in commands["ask"]["options"]] == ["question", "in", "private"]
    assert [o["required"] for o in commands["ask"]["options"]] == [True, False, False]
    for name in ("reindex", "corpus"):
        assert commands[name]["contexts"] == [0]
        assert int(commands[name]["default_member_permissions"]) == (
            discord.Permissions(manage_guild=True).value
        )
    subcommands = [option["name"] for option in commands["corpus"]["options"]]
    assert subcommands == ["add", "remove", "get", "restore"]


async def test_localised(place: Place) -> None:
    """Every name and description has its French, within the 32 and 100 characters allowed."""
    commands = registered(place)
    assert commands["ask"]["name_localizations"] == {"fr": "demander"}
    assert commands["reindex"]["name_localizations"] == {"fr": "réindexer"}
    assert [o["name_localizations"]["fr"] for o in commands["ask"]["options"]] == [
        "question",
        "dans",
        "privé",
    ]
    assert commands.pop("Find sources")["name_localizations"] == {"fr": "Trouver des sources"}
    items = list(commands.values())
    for item in items:  # subcommands and their options are appended as they are met
        items += item.get("options") or []
        french = item["name_localizations"]["fr"]
        assert french == french.lower()
        assert max(len(item["name"]), len(french)) <= 32
        descriptions = item["description"], item["description_localizations"]["fr"]
        assert descriptions[0] != descriptions[1]
        assert max(map(len, descriptions)) <= 100


async def test_registered_once(place: Place, library: Library) -> None:
    """A bot that starts again with the same commands does not register them again."""
    assert registrations(place) == 1
    await place.restart(library)
    assert registrations(place) == 1


async def test_defaults_are_no_change(place: Place, library: Library) -> None:
    """What Discord adds or leaves out by itself is no reason to register again."""
    commands = registered(place)
    commands["ask"].update(integration_types=[0], dm_permission=None, version="7", nsfw=None)
    commands["ask"]["options"][2].pop("required")
    commands["ask"]["options"][2]["autocomplete"] = False
    commands["reindex"].pop("options", None)
    commands["reindex"]["default_member_permissions"] = "32"
    await place.restart(library)
    assert registrations(place) == 1


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("ask", {"description": "Old words"}),
        ("ask", {"contexts": [0]}),
        ("ask", {"options": []}),
        ("ask", {"name_localizations": {"de": "fragen"}}),
        ("reindex", {"default_member_permissions": "8"}),
        ("reindex", {"options": [{"type": 3, "name": "folder", "description": "Of old"}]}),
    ],
)
async def test_changed(place: Place, library: Library, name: str, change: dict[str, Any]) -> None:
    """Commands that differ in anything people see or may do are registered again."""
    registered(place)[name].update(change)
    await place.restart(library)
    assert registrations(place) == 2


async def test_option_limits_changed(place: Place, library: Library) -> None:
    """A limit that Discord still has on an option, and the bot no longer, is a change."""
    registered(place)["ask"]["options"][0]["max_length"] = 10
    await place.restart(library)
    assert registrations(place) == 2


async def test_command_gone(place: Place, library: Library) -> None:
    """A command that the bot no longer has is taken off Discord."""
    old = {**registered(place)["ask"], "name": "old", "id": "1"}
    place.env.backend.commands[None]["old", 1] = old
    await place.restart(library)
    assert sorted(registered(place)) == COMMANDS


async def test_registration_fails(
    place: Place, library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    """If Discord takes no commands just now, that is logged and mentions are answered."""
    place.env.inject_error("GET", "/applications/*/commands", status=500)
    await place.restart(library)
    assert "commands could not be registered: 500" in caplog.text
    assert "Ada Quill" in "\n".join(texts_of(await place.ask("Who kept the lighthouse?")))
