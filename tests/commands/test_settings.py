"""/settings: what the admins of a server set for its channels, and what that does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import discord
import pytest
import simcord

from bot.chat.memory import RATE_SECONDS
from bot.client import TreatyBot
from bot.corpus.listing import SETTINGS_NAME
from bot.service.library import Library
from bot.service.server_settings import MAX_SOURCES, ChannelSettings
from tests.simulated import Place, Speak, build_bot, buttons_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

APPROVED = discord.Intents.default()
APPROVED.message_content = True
pytestmark = pytest.mark.simcord(approved_intents=APPROVED)

RATIFIED = "Le traité a été ratifié par le Sénat russe."
SILENCE = "The sources do not answer this."
QUESTION = "who ratified it?"
KEEPER = "Who kept the lighthouse?"


@pytest.fixture
def library(corpus_dir: Path) -> Library:
    """The small corpus, with one source more in a folder of a folder."""
    (corpus_dir / "sea" / "deep").mkdir(parents=True)
    text = "# Squid\n\nGiant squid glow at night.\n"
    (corpus_dir / "sea" / "deep" / "squid.en.md").write_text(text, encoding="utf-8")
    return Library(corpus_dir)


@pytest.fixture
def simcord_bot(library: Library) -> TreatyBot:
    """A bot that Discord shows every text."""
    return build_bot(library, message_content=True)


@pytest.fixture
def admin(place: Place) -> simcord.MemberActor:
    """Somebody who may manage the server."""
    return place.member("ada", manage_guild=True)


@pytest.fixture(autouse=True)
def no_errors(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing here may be logged as a crash."""
    yield
    assert not [record for record in caplog.records if record.exc_info]


async def settings(
    admin: simcord.MemberActor,
    place: Place,
    *,
    at: simcord.ChannelHandle | None = None,
    **options: Any,
) -> str:
    """What /settings says, to who gives it alone."""
    result = await admin.slash(at or place.channel, "settings", **options)
    assert result.ephemeral
    last = result.followups[-1] if result.followups else result.response
    return text_of(last)


async def test_nothing_is_set_at_first(place: Place, admin: simcord.MemberActor) -> None:
    """The screen says how the bot answers: where it is mentioned, from everything."""
    shown = await settings(admin, place)
    assert shown.startswith("- everywhere: when I am mentioned, from all sources\n")


async def test_every_question(place: Place, admin: simcord.MemberActor) -> None:
    """Switched on, a question of the channel needs no mention; elsewhere and off, it does."""
    other = place.guild.create_text_channel("other")
    shown = await settings(admin, place, every_question=True)
    assert f"- <#{place.channel.id}>: every question, from all sources" in shown
    assert "- elsewhere: when I am mentioned" in shown
    (answer,) = await place.say(QUESTION)
    assert RATIFIED in text_of(answer)
    (in_thread,) = await place.say(QUESTION, channel=await place.thread())
    assert RATIFIED in text_of(in_thread)
    assert await place.say("who knows, the treaty was ratified") == []
    assert await place.say(QUESTION, channel=other) == []
    await settings(admin, place, every_question=False)
    assert await place.say(QUESTION) == []


async def test_the_operators_choice_is_the_default(
    place: Place, library: Library, admin: simcord.MemberActor
) -> None:
    """ANSWER_CHANNEL_IDS holds until a server's admins set something else for the channel."""
    await place.restart(library, answer_channel_ids={place.channel.id, 7})
    assert "every question (as whoever runs the bot has it)" in await settings(admin, place)
    assert len(await place.say(QUESTION)) == 1
    shown = await settings(admin, place, every_question=False)
    assert f"- <#{place.channel.id}>: when I am mentioned, from all sources" in shown
    assert await place.say(QUESTION) == []


async def test_sources_of_a_channel(place: Place, admin: simcord.MemberActor) -> None:
    """Whichever way a channel with sources of its own is asked, it is answered from them alone."""
    shown = await settings(admin, place, add_source="Lighthouse")
    assert f"- <#{place.channel.id}>: when I am mentioned, from `lighthouse`" in shown
    silence = await place.ask(QUESTION)
    assert text_of(silence).startswith(SILENCE)
    assert text_of(silence).endswith("-# This channel is answered from lighthouse alone.")
    assert SILENCE in text_of(await place.ask(QUESTION, channel=await place.thread()))
    assert "Ada Quill" in text_of(await place.ask(KEEPER))
    for question, told in ((QUESTION, SILENCE), (KEEPER, "Ada Quill")):
        await place.env.advance_time(RATE_SECONDS)
        result = await place.alice.slash(place.channel, "ask", question=question)
        assert told in text_of(result.response)
        message = await place.alice.send(place.channel, question)
        found = await place.alice.context_menu(place.channel, "Find sources", message)
        assert told in text_of(found.response)
    asked = await place.alice.slash(place.channel, "ask", **{"question": QUESTION, "in": "treaty"})
    assert RATIFIED in text_of(asked.response), "what somebody asks for goes before"
    nothing = await place.alice.slash(place.channel, "ask", **{"question": KEEPER, "in": "treaty"})
    assert "This channel" not in text_of(nothing.response)
    other = place.guild.create_text_channel("other")
    assert RATIFIED in text_of(await place.ask(QUESTION, channel=other))


async def test_asking_again_keeps_to_the_sources(
    place: Place, admin: simcord.MemberActor, corpus_dir: Path
) -> None:
    """*Ask again* below an answer whose source has changed asks what the channel is set to."""
    answer = await place.ask(QUESTION)
    await settings(admin, place, add_source="lighthouse")
    for name in ("treaty.md", "treaty.en.md"):
        text = (corpus_dir / name).read_text(encoding="utf-8")
        changed = text.replace("Le ", "Un ").replace("The ", "A ")
        (corpus_dir / name).write_text(changed, encoding="utf-8")
    await place.restart(Library(corpus_dir))
    stale = await place.alice.click(answer, custom_id=str(buttons_of(answer)[0].custom_id))
    assert stale.response is not None
    again = await place.alice.click(stale.response.message, label="Ask again")
    assert SILENCE in text_of(again.response)


async def test_sources_are_added_and_taken_back(place: Place, admin: simcord.MemberActor) -> None:
    """One by one, folders as well; without any left, everything is asked again."""
    for name in ("treaty", "sea/deep/", "SEA", "treaty"):
        await settings(admin, place, add_source=name)
    assert "from `treaty`, `sea/deep`, `sea`" in await settings(admin, place)
    assert "Giant squid" in text_of(await place.ask("What glows at night?"))
    assert SILENCE in text_of(await place.ask(KEEPER))
    for name in ("Treaty", "sea/deep", "sea/"):
        shown = await settings(admin, place, remove_source=name)
    assert "- everywhere: when I am mentioned, from all sources" in shown
    assert "Ada Quill" in text_of(await place.ask(KEEPER))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"add_source": "no such"}, "There is no source `no such`."),
        ({"remove_source": "treaty"}, "is not answered from `treaty` in particular."),
    ],
)
async def test_what_is_not_there_changes_nothing(
    place: Place, admin: simcord.MemberActor, options: dict[str, Any], told: str
) -> None:
    """A source that there is not is refused in a sentence."""
    assert told in await settings(admin, place, every_question=True, **options)
    assert "every question" not in await settings(admin, place)


async def test_another_channel_is_set_from_here(place: Place, admin: simcord.MemberActor) -> None:
    """``channel`` names another channel or forum; in a thread its channel is meant."""
    forum = place.guild.create_forum_channel("help")
    shown = await settings(admin, place, channel=forum, every_question=True)
    assert f"<#{forum.id}>: every question" in shown
    shown = await settings(admin, place, at=await place.thread(), every_question=True)
    assert f"<#{place.channel.id}>: every question" in shown


async def test_suggestions(place: Place, admin: simcord.MemberActor) -> None:
    """Sources and folders are offered to add, what is set to take back; to admins alone."""

    async def offered(option: str, typed: str, who: simcord.MemberActor) -> list[str]:
        found = await who.autocomplete(place.channel, "settings", option, typed)
        return [str(choice["value"]) for choice in found]

    assert await offered("add_source", "sea", admin) == ["sea/deep/squid", "sea", "sea/deep"]
    assert await offered("remove_source", "", admin) == []
    await settings(admin, place, add_source="sea")
    await settings(admin, place, add_source="treaty")
    assert await offered("remove_source", "", admin) == ["sea", "treaty"]
    assert await offered("remove_source", "tr", admin) == ["treaty"]
    place.guild.set_command_permissions(
        int(place.env.backend.commands[None]["settings", 1]["id"]), {place.alice: True}
    )
    assert await offered("add_source", "", place.alice) == []
    assert await offered("remove_source", "", place.alice) == []


async def test_what_is_gone_is_marked(
    place: Place, admin: simcord.MemberActor, corpus_dir: Path
) -> None:
    """A source that is no longer there is named as gone, and nothing takes its place."""
    await settings(admin, place, add_source="sea")
    (corpus_dir / "sea" / "deep" / "squid.en.md").unlink()
    await place.restart(Library(corpus_dir), message_content=True)
    assert "from `sea` (no longer there)" in await settings(admin, place)
    assert SILENCE in text_of(await place.ask(QUESTION))


async def test_a_broken_file_is_told_in_a_sentence(
    place: Place, admin: simcord.MemberActor, corpus_dir: Path
) -> None:
    """Defaults hold, /settings says what is wrong, and no change overwrites the file."""
    file = corpus_dir.parent / "servers" / str(place.guild.id) / SETTINGS_NAME
    await settings(admin, place, every_question=True)
    file.write_text("channel = [", encoding="utf-8")
    shown = await settings(admin, place)
    assert "What was set cannot be read and counts for nothing" in shown
    assert "is not valid TOML" in shown
    assert "settings.toml" in shown
    assert str(corpus_dir.parent) not in shown
    assert await place.say(QUESTION) == []
    told = await settings(admin, place, every_question=True)
    assert told.startswith("`settings.toml` cannot be read, so nothing was changed.")
    assert file.read_text(encoding="utf-8") == "channel = ["


async def test_there_is_a_most(place: Place, admin: simcord.MemberActor) -> None:
    """A channel has a limited number of sources, and one screen holds them and many channels."""
    bot = place.env.bot
    assert isinstance(bot, TreatyBot)
    many = ChannelSettings(sources=tuple(f"{n} {'x' * 70}" for n in range(MAX_SOURCES)))
    for channel in (place.channel.id, *range(1, 30)):
        bot.server_settings.change(place.guild.id, channel, lambda _: many)
    told = await settings(admin, place, add_source="treaty")
    assert told == f"A channel can be answered from at most {MAX_SOURCES} sources and folders."
    shown = await settings(admin, place)
    assert len(shown) <= 4000
    assert "and 15 more" in shown
    assert shown.index(f"<#{place.channel.id}>") < shown.index("<#1>")


async def test_without_message_content(
    place: Place, library: Library, admin: simcord.MemberActor
) -> None:
    """Where Discord hides texts, the screen says what to set."""
    await place.restart(library)
    assert "MESSAGE_CONTENT" not in await settings(admin, place)
    shown = await settings(admin, place, every_question=True)
    assert "whoever runs the bot sets `MESSAGE_CONTENT=true`" in shown
    assert await place.say(QUESTION) == []
    assert RATIFIED in text_of(await place.ask(QUESTION))


async def test_in_french(place: Place, admin: simcord.MemberActor, speak: Speak) -> None:
    """The screen is in the language of who sees it."""
    speak("fr")
    shown = await settings(admin, place, every_question=True, add_source="treaty")
    assert "à toute question, d’après `treaty`" in shown
    assert "- ailleurs\u00a0: quand on me mentionne, d’après toutes les sources" in shown


async def test_each_server_has_its_own(place: Place, admin: simcord.MemberActor) -> None:
    """What one server sets is neither seen nor changed from another."""
    other = place.env.create_guild("Writers")
    there = other.create_text_channel("general")
    ben = other.add_member(
        place.env.create_user("ben"),
        roles=[other.create_role("r", permissions=discord.Permissions(manage_guild=True))],
    )
    await settings(admin, place, every_question=True, add_source="treaty")
    first = await settings(admin, place)
    shown = text_of((await ben.slash(there, "settings")).response)
    assert "treaty" not in shown
    assert "everywhere" in shown
    await ben.slash(there, "settings", every_question=True, add_source="lighthouse")
    assert await settings(admin, place) == first
    await ben.send(there, QUESTION)
    assert SILENCE in text_of(there.last_message)
    assert RATIFIED in text_of((await place.say(QUESTION))[0])
