"""/status: who may, and whether what it says is so."""

from __future__ import annotations

import re
import shutil
import sys
import time
from typing import TYPE_CHECKING

import discord
import pytest
import simcord

from bot.commands.status import memory
from bot.errors import CorpusError
from bot.service.library import Library

if TYPE_CHECKING:
    from pathlib import Path

    from tests.simulated import Place, Speak

pytestmark = pytest.mark.simcord(approved_intents=discord.Intents.default())


@pytest.fixture
def admin(place: Place) -> simcord.MemberActor:
    """A member who may manage the server."""
    return place.member("ada", manage_guild=True)


async def status(place: Place, who: simcord.MemberActor) -> str:
    """What the bot replies to a member's /status, always to that member alone."""
    result = await who.slash(place.channel, "status")
    assert result.response is not None
    assert result.ephemeral
    return result.response.content


async def test_status(place: Place, admin: simcord.MemberActor, library: Library) -> None:
    """It says since when, on how many servers, on which corpus, and how much was answered."""
    start = int(time.time())
    await place.ask("When did she light the lamp?")
    await place.ask("Who ratified the treaty?")
    await place.ask("What is the capital of Brazil?")
    text = await status(place, admin)
    running, corpus, read, meaning, questions, times, gateway = text.split("\n")
    match = re.match(r"\*\*treaty-bot (.+)\*\*, since <t:(\d+):R>, on 1 server; ", running)
    assert match
    assert re.fullmatch(r"\d+\.\d+\.\d+|–", match[1])
    assert abs(int(match[2]) - start) < 60
    assert corpus == f"Corpus {library.corpus.version}: 2 sources, 4 passages, 6 sentences"
    assert re.fullmatch(r"Read <t:\d+:R> in \d+\.\d s, at the start", read)
    assert meaning == "Ordered by words alone"
    assert questions == "Questions: 2 answered, 1 not"
    found = re.fullmatch(
        r"Times to answer: half within (.+) ms, 99 of 100 within (.+) ms \(last 3\)", times
    )
    assert found
    assert 0 < float(found[1]) <= float(found[2])
    assert gateway.startswith("Discord’s gateway replies within ")


async def test_status_in_french(place: Place, admin: simcord.MemberActor, speak: Speak) -> None:
    """To an admin whose Discord speaks French it is in French; before the first question there are
    no times.
    """
    speak("fr")
    text = await status(place, admin)
    assert ", sur 1 serveur ; mémoire " in text
    assert "2 sources, 4 passages, 6 phrases\nLu <t:" in text
    assert "\nQuestions : 0 avec réponse, 0 sans\n" in text
    assert "\nDélais : la moitié en –, 99 sur 100 en – (0 dernières)\n" in text


async def test_last_reindex(
    place: Place, admin: simcord.MemberActor, library: Library, corpus_dir: Path
) -> None:
    """A reindex takes the place of the start, one that failed too; the corpus is the one that
    answers.
    """
    (corpus_dir / "otters.en.txt").write_text("Sea otters hold hands.")
    await admin.slash(place.channel, "reindex")
    text = await status(place, admin)
    assert re.search(r"^Reindexed <t:\d+:R> in \d+\.\d s$", text, re.MULTILINE)
    assert "3 sources" in text
    version = library.corpus.version
    shutil.rmtree(corpus_dir)
    with pytest.raises(CorpusError):
        library.reindex()
    text = await status(place, admin)
    assert re.search(
        r"^Reindex failed <t:\d+:R>, after \d+\.\d s; the old index answers$", text, re.MULTILINE
    )
    assert f"Corpus {version}: 3 sources" in text


async def test_names_what_is_left_out(
    place: Place, admin: simcord.MemberActor, corpus_dir: Path
) -> None:
    """A file that is wrong is named until it is right again."""
    broken = corpus_dir / "broken.md"
    broken.write_bytes(b"\xff")
    await admin.slash(place.channel, "reindex")
    assert "left out or as before (`/reindex` says why): broken.md\n" in await status(place, admin)
    broken.write_text("Whole again.")
    await admin.slash(place.channel, "reindex")
    assert "broken" not in await status(place, admin)


async def test_hidden_from_members(place: Place) -> None:
    """Discord does not offer /status to members who may not manage the server."""
    with pytest.raises(simcord.SetupError, match="default-member-permissions"):
        await place.alice.slash(place.channel, "status")


@pytest.mark.parametrize(
    ("locale", "refusal"),
    [("en-US", "*Manage Server* permission"), ("fr", "permission *Gérer le serveur*")],
)
async def test_refused_in_spite_of_an_override(
    place: Place, speak: Speak, locale: str, refusal: str
) -> None:
    """A member learns nothing even where the server's admins have opened the command to them."""
    speak(locale)
    command = place.env.backend.commands[None]["status", 1]
    place.guild.set_command_permissions(int(command["id"]), {place.alice: True})
    text = await status(place, place.alice)
    assert refusal in text
    assert "treaty-bot" not in text


async def test_elsewhere_of_the_servers_own_sources_alone(
    place: Place, admin: simcord.MemberActor, library: Library
) -> None:
    """Where ADMIN_GUILD_IDS names servers, the admins of others learn nothing of what is asked
    elsewhere, nor of the machine.
    """
    await place.restart(library, place.guild.id + 1)
    text = await status(place, admin)
    assert "0 sources of this server’s own" in text
    for line in ("treaty-bot", "memory", "Questions", "Times"):
        assert line not in text


@pytest.mark.skipif(sys.platform != "linux", reason="reads Linux's /proc")
def test_memory() -> None:
    """The memory is between a bare Python's and the most that the process ever held."""
    resource = pytest.importorskip("resource")
    held = memory()
    assert held is not None
    assert 10_000_000 < held <= resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 * 1.1
