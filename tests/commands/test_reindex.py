"""/reindex: who may, what it reports, and what is answered meanwhile."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import discord
import pytest
import simcord

import bot.commands.reindex
import bot.service.library
from bot.corpus.model import Corpus
from bot.index.build import Index, build_index
from bot.service.library import Library
from tests.simulated import texts_of

if TYPE_CHECKING:
    from tests.simulated import Place, Speak

pytestmark = pytest.mark.simcord(approved_intents=discord.Intents.default())

#: Longer than anything here takes; waiting as long as this is a failure.
SECONDS = 20


@pytest.fixture
def admin(place: Place) -> simcord.MemberActor:
    """A member who may manage the server."""
    permissions = discord.Permissions(manage_guild=True)
    role = place.guild.create_role("keepers", permissions=permissions)
    return place.guild.add_member(place.env.create_user("ada"), roles=[role])


async def reindex(place: Place, who: simcord.MemberActor) -> str:
    """What the bot replies to a member's /reindex, always to that member alone."""
    result = await who.slash(place.channel, "reindex")
    assert result.response is not None
    assert result.ephemeral
    return result.response.content


async def ask(place: Place, question: str) -> str:
    """What the bot answers."""
    return "\n".join(texts_of(await place.ask(question)))


def edit_corpus(folder: Path) -> None:
    """Change one article, remove one, and add one."""
    for path in folder.glob("treaty.*"):
        path.unlink()
    path = folder / "lighthouse.en.md"
    path.write_text(path.read_text(encoding="utf-8").replace("Ada Quill", "Tom Reed"))
    (folder / "otters.en.txt").write_text("Sea otters hold hands. They sleep afloat.")
    (folder / "notes.odt").write_bytes(b"PK")


async def test_report(place: Place, admin: simcord.MemberActor, corpus_dir: Path) -> None:
    """The report counts what there is and names what was added, removed, changed and not read."""
    edit_corpus(corpus_dir)
    first, *rest = (await reindex(place, admin)).split("\n")
    assert first.startswith("Reindexed in ")
    assert first.endswith(" s: 2 sources, 3 passages, 5 sentences.")
    assert rest == [
        "Before: 2 sources, 4 passages, 6 sentences.",
        "Added: otters",
        "Removed: treaty",
        "Changed: lighthouse",
        "Not read (not a format of sources): notes.odt",
    ]
    assert "Tom Reed" in await ask(place, "Who kept the lighthouse?")
    assert "hands" in await ask(place, "What do otters hold?")


async def test_report_in_french(
    place: Place, admin: simcord.MemberActor, speak: Speak, corpus_dir: Path
) -> None:
    """The report is in the language of the admin's Discord."""
    speak("fr")
    edit_corpus(corpus_dir)
    report = await reindex(place, admin)
    assert "2 sources, 3 passages, 5 phrases." in report
    assert "\nAvant : 2 sources, 4 passages, 6 phrases.\n" in report
    assert "\nAjoutés : otters\nRetirés : treaty\nModifiés : lighthouse\n" in report


async def test_nothing_changed(place: Place, admin: simcord.MemberActor) -> None:
    """Where no file has changed, the report says so."""
    assert (await reindex(place, admin)).endswith("\nNothing has changed.")


async def test_hidden_from_members(place: Place) -> None:
    """Discord does not offer /reindex to members who may not manage the server."""
    with pytest.raises(simcord.SetupError, match="default-member-permissions"):
        await place.alice.slash(place.channel, "reindex")
    assert "reindex" not in place.alice.available_commands(place.channel)


@pytest.mark.parametrize(
    ("locale", "refusal"),
    [("en-US", "*Manage Server* permission"), ("fr", "permission *Gérer le serveur*")],
)
async def test_refused_in_spite_of_an_override(
    place: Place, speak: Speak, corpus_dir: Path, locale: str, refusal: str
) -> None:
    """A member is refused even where the server's admins have opened the command to them."""
    speak(locale)
    edit_corpus(corpus_dir)
    command = place.env.backend.commands[None]["reindex", 1]
    place.guild.set_command_permissions(int(command["id"]), {place.alice: True})
    assert refusal in await reindex(place, place.alice)
    assert "Ada Quill" in await ask(place, "Who kept the lighthouse?")


async def test_elsewhere_the_shared_sources_are_not_read_again(
    place: Place, admin: simcord.MemberActor, library: Library, corpus_dir: Path
) -> None:
    """Where ADMIN_GUILD_IDS names servers, the admins of others reindex their own sources."""
    edit_corpus(corpus_dir)
    await place.restart(library, place.guild.id + 1)
    assert "0 sources" in await reindex(place, admin)
    assert "Ada Quill" in await ask(place, "Who kept the lighthouse?")
    await place.restart(library, place.guild.id + 1, place.guild.id)
    assert (await reindex(place, admin)).startswith("Reindexed")


async def test_refused_in_direct_messages(place: Place) -> None:
    """In a direct message Discord does not offer /reindex, and the bot would refuse it."""
    with pytest.raises(simcord.SetupError, match="context"):
        await place.alice.user.slash("reindex")
    place.env.backend.commands[None]["reindex", 1]["contexts"] = [0, 1]
    result = await place.alice.user.slash("reindex")
    assert result.response is not None
    assert "Only members with the *Manage Server* permission" in result.response.content


@pytest.mark.parametrize(
    ("locale", "opening"),
    [
        ("en-US", "Left out, or answered from as before: 1 wrong"),
        ("fr", "Écartés, ou lus comme avant : 1 défectueux"),
    ],
)
async def test_broken_corpus(
    place: Place,
    admin: simcord.MemberActor,
    speak: Speak,
    corpus_dir: Path,
    locale: str,
    opening: str,
) -> None:
    """A bad file is named with its line, without the host's folders; the others are read."""
    speak(locale)
    edit_corpus(corpus_dir)
    (corpus_dir / "broken*.md").write_bytes(b"One line.\nBad: \xff\n")
    *_, told, problem = (await reindex(place, admin)).split("\n")
    assert told == opening
    assert problem.startswith(r"- broken\*.md\:2\: is not UTF-8")
    assert corpus_dir.name + "/" not in problem
    assert "Tom Reed" in await ask(place, "Who kept the lighthouse?")


def remove_good(folder: Path) -> None:
    """Remove the files of a corpus that are not broken."""
    for path in folder.glob("[!*]*"):
        path.unlink()


async def test_many_broken_files(
    place: Place, admin: simcord.MemberActor, corpus_dir: Path
) -> None:
    """However much is wrong, the message is short enough to be sent and counts the rest."""
    for number in range(30):
        (corpus_dir / f"{'*' * 100}{number:02}.md").write_bytes(b"\xff")
    text = await reindex(place, admin)
    assert len(text) <= 2000
    assert text.endswith("\nand 27 more")
    remove_good(corpus_dir)
    text = await reindex(place, admin)
    assert len(text) <= 2000
    assert text.startswith("The old index stays in service. What is wrong:\n")
    assert text.endswith("\nand 20 more")


@pytest.mark.parametrize(("locale", "nothing"), [("en-US", "(nothing here)"), ("fr", "(rien ici)")])
async def test_misaligned_translation(
    place: Place,
    admin: simcord.MemberActor,
    speak: Speak,
    corpus_dir: Path,
    locale: str,
    nothing: str,
) -> None:
    """A translation that does not line up is quoted below its original, numbers first, escaped."""
    speak(locale)
    english = corpus_dir / "treaty.en.md"
    passages = english.read_text(encoding="utf-8").split("\n\n")
    english.write_text("It was_ratified_ by the Russian Senate.\n\n" + passages[1])
    text = await reindex(place, admin)
    problem, names, *rows = text[text.index("\n- ") + 1 :].split("\n")
    assert "passage 1 has 1 sentence where treaty.md" in problem
    assert names == "**treaty.md, passage 1** ↔ **treaty.en.md, passage 1**"
    assert all(row.startswith("> ") for row in rows)
    assert any(row.endswith("**1** It was\\_ratified\\_ by the Russian Senate.") for row in rows)
    assert any("≠ **2** Il compte vingt-trois articles." in row for row in rows)
    english.write_text(passages[1])
    assert nothing in await reindex(place, admin)
    english.write_text("\n\n".join("* _ ~ | `" * 60 for _ in range(30)))
    assert len(await reindex(place, admin)) <= 2000


async def test_one_at_a_time(
    place: Place,
    admin: simcord.MemberActor,
    library: Library,
    corpus_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While a reindex runs a second one is refused, and the old index answers."""
    begun, go_on = threading.Event(), threading.Event()

    def build_when_told(corpus: Corpus, base: Index | None) -> Index:
        begun.set()
        assert go_on.wait(SECONDS)
        return build_index(corpus, base)

    monkeypatch.setattr(bot.service.library, "build_index", build_when_told)
    edit_corpus(corpus_dir)
    running = threading.Thread(target=library.reindex)
    running.start()
    try:
        assert begun.wait(SECONDS)
        assert (await reindex(place, admin)).startswith("A reindex is running already")
        assert "Ada Quill" in await ask(place, "Who kept the lighthouse?")
    finally:
        go_on.set()
        running.join(SECONDS)
    assert "Tom Reed" in await ask(place, "Who kept the lighthouse?")
    assert (await reindex(place, admin)).startswith("Reindexed")


async def test_runs_beside_the_event_loop(
    place: Place, admin: simcord.MemberActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reindex runs in a thread of its own, so that the bot goes on hearing meanwhile."""
    threads: list[Any] = []

    def build_and_tell(corpus: Corpus, base: Index | None) -> Index:
        threads.append(threading.current_thread())
        return build_index(corpus, base)

    monkeypatch.setattr(bot.service.library, "build_index", build_and_tell)
    await reindex(place, admin)
    (thread,) = threads
    assert thread is not threading.main_thread()


async def test_progress(
    place: Place,
    admin: simcord.MemberActor,
    corpus_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A reindex that takes long says how many files it has looked at, then how it ended."""
    monkeypatch.setattr(bot.commands.reindex, "PROGRESS_SECONDS", 0.0)
    edit_corpus(corpus_dir)
    assert (await reindex(place, admin)).startswith("Reindexed")
    *shown, report = [
        str(request.json["content"])
        for request in place.env.http_requests
        if request.json and "/messages/@original" in request.path
    ]
    assert shown == [f"Reading: {number} of 3 files…" for number in (1, 2, 3)]
    assert report.startswith("Reindexed")


async def test_crash(
    place: Place,
    admin: simcord.MemberActor,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A fault of the bot's own while reindexing ends the wait with an apology, and the next reindex
    works.
    """

    def fail(corpus: Corpus, _base: Index | None) -> Index:
        raise MemoryError(f"secret: {len(corpus.articles)}")

    with monkeypatch.context() as patch:
        patch.setattr(bot.service.library, "build_index", fail)
        assert (await reindex(place, admin)).startswith("Something went wrong on my side")
    assert "secret" in caplog.text
    simcord.assert_error(place.env, MemoryError, contains="secret")
    assert (await reindex(place, admin)).startswith("Reindexed")
