"""/corpus: admins add, remove, fetch and restore articles, each after a look; nobody else can."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import discord
import pytest
import simcord

import bot.service.library
from bot.chat.memory import PENDING_BYTES, PENDING_CHANGES, PENDING_SECONDS, Pending, Proposal
from bot.chat.reports import render_problems
from bot.client import TreatyBot
from bot.corpus.model import Corpus
from bot.errors import CorpusError, Problem
from bot.index.build import Index, build_index
from bot.service.corpus_files import Change, CorpusFiles
from bot.service.library import Library
from tests.corpora import LIGHTHOUSE, TREATY_EN, TREATY_FR
from tests.simulated import buttons_of, labels_of, texts_of

if TYPE_CHECKING:
    from tests.simulated import Place, Speak

pytestmark = pytest.mark.simcord(approved_intents=discord.Intents.default())

OTTERS = b"# Sea otters\n\nOtters hold hands. They sleep afloat.\n\nOtters eat urchins.\n"
#: Longer than anything here takes; waiting as long as this is a failure.
SECONDS = 20


@pytest.fixture
def admin(place: Place) -> simcord.MemberActor:
    """A member who may manage the server."""
    return place.member("ada", manage_guild=True)


def contents(folder: Path) -> dict[str, bytes]:
    """The corpus's files, and what was removed without the times, but for the lock."""
    found = {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}
    found.pop(".lock", None)
    removed = folder / ".removed"
    if removed.is_dir():
        found |= {f".removed/{p.name[23:]}": p.read_bytes() for p in removed.iterdir()}
    return found


@pytest.fixture
def before(corpus_dir: Path) -> dict[str, bytes]:
    """What the folder holds at first."""
    return contents(corpus_dir)


class Reply:
    """What the bot replied to somebody alone."""

    def __init__(self, result: simcord.InteractionResult) -> None:
        assert result.response is not None
        assert result.ephemeral
        self.message = result.response
        self.followups = [message.content for message in result.followups]

    @property
    def text(self) -> str:
        """The reply as it stands now."""
        assert len(self.message.content) <= 2000
        return self.message.content

    @property
    def labels(self) -> list[str]:
        """What stands on its buttons."""
        return labels_of(self.message)


async def corpus(place: Place, who: simcord.MemberActor, command: str, **options: Any) -> Reply:
    """The bot's reply to /corpus."""
    return Reply(await who.slash(place.channel, f"corpus {command}", **options))


async def add(
    place: Place, who: simcord.MemberActor, name: str, data: bytes, **options: str
) -> Reply:
    """The bot's reply to /corpus add."""
    return await corpus(place, who, "add", file=(name, data), **options)


async def click(who: simcord.MemberActor, reply: Reply, label: str) -> str:
    """What is said after a click: the message as it is then, or what is said besides."""
    result = await who.click(reply.message, label=label)
    if result.followups:
        return result.followups[-1].content
    if result.response is not None and result.response.id != reply.message.id:
        assert result.ephemeral
        return result.response.content
    return reply.text


async def ask(place: Place, question: str) -> str:
    """What the bot answers."""
    return "\n".join(texts_of(await place.ask(question)))


def client_of(place: Place) -> TreatyBot:
    """The bot itself."""
    assert isinstance(place.env.bot, TreatyBot)
    return place.env.bot


def allow_everybody(place: Place, who: simcord.MemberActor) -> None:
    """As when the server's admins open /corpus to a member in Discord's own settings."""
    command = place.env.backend.commands[None]["corpus", 1]
    place.guild.set_command_permissions(int(command["id"]), {who: True})


# ---------------------------------------------------------------- add


async def test_a_new_article_is_shown_then_kept_then_answered_from(
    place: Place, admin: simcord.MemberActor, corpus_dir: Path, before: dict[str, bytes]
) -> None:
    """The preview says what the file is and keeps nothing; *Add* keeps it and reindexes."""
    reply = await add(place, admin, "otters.md", OTTERS)
    assert reply.text.split("\n") == [
        "**Sea otters**",
        "English · 2 passages · 3 sentences",
        "A new source, `otters.md`.",
        "> Otters hold hands.",
        "> They sleep afloat.",
        "> Otters eat urchins.",
    ]
    assert reply.labels == ["Add", "Cancel"]
    assert contents(corpus_dir) == before
    report = await click(admin, reply, "Add")
    assert report.startswith("Reindexed in ")
    assert "\nAdded: otters" in report
    assert reply.text == report
    assert reply.labels == []
    assert contents(corpus_dir) == {**before, "otters.md": OTTERS}
    assert "hands" in await ask(place, "What do otters hold?")


async def test_in_french(
    place: Place, admin: simcord.MemberActor, speak: Speak, corpus_dir: Path
) -> None:
    """Preview, buttons and report are in the language of the admin's Discord."""
    speak("fr")
    reply = await add(place, admin, "otters.md", OTTERS)
    assert "anglais · 2 passages · 3 phrases\nUne nouvelle source, `otters.md`." in reply.text
    assert reply.labels == ["Ajouter", "Annuler"]
    assert (await click(admin, reply, "Ajouter")).startswith("Réindexé en ")
    assert (corpus_dir / "otters.md").exists()


async def test_a_replaced_file_is_kept(
    place: Place, admin: simcord.MemberActor, corpus_dir: Path, before: dict[str, bytes]
) -> None:
    """The preview names what goes; the report names the entry that brings it back."""
    new = TREATY_FR.replace("vingt-trois", "trente").encode()
    reply = await add(place, admin, "treaty.md", new)
    assert "6 November 2024 · French · 2 passages · 3 sentences" in reply.text
    assert "\nIt replaces `treaty.md`, which can be put back" in reply.text
    assert reply.labels == ["Replace", "Cancel"]
    report = await click(admin, reply, "Replace")
    assert "\nChanged: treaty" in report
    (entry,) = CorpusFiles(corpus_dir).removed()
    assert f"`/corpus restore entry:{entry.removed_at}`" in report
    away = {".removed/treaty.md": before["treaty.md"]}
    assert contents(corpus_dir) == {**before, "treaty.md": new, **away}


async def test_a_translation(place: Place, admin: simcord.MemberActor, corpus_dir: Path) -> None:
    """NAME.xx.md is shown as a translation of NAME, and so is NAME.md with a language."""
    german = "Der Vertrag wurde ratifiziert. Er hat Artikel.\n\nPutin war in Pjöngjang."
    for name, options in (("treaty.de.md", {}), ("treaty.md", {"language": "DE"})):
        reply = await add(place, admin, name, german.encode(), **options)
        shown = reply.text.split("\n")
        assert "A translation of *Le traité de Pyongyang*, `treaty.de.md`." in shown
        assert "6 November 2024 · German · 2 passages · 3 sentences" in shown
        assert "> Der Vertrag wurde ratifiziert." in shown
        assert reply.labels == ["Add", "Cancel"]
    assert "\nChanged: treaty" in await click(admin, reply, "Add")
    assert (corpus_dir / "treaty.de.md").read_text() == german


async def test_a_translation_that_does_not_line_up(
    place: Place, admin: simcord.MemberActor
) -> None:
    """The passage is named with both counts below what would be added."""
    reply = await add(place, admin, "treaty.de.md", b"Der Vertrag.\n\nPutin war in Pjoengjang.")
    lines = reply.text.split("\n")
    where = lines.index("Translations differ from their originals in 1 places:")
    assert lines[where + 1].startswith(
        r"- treaty.de.md\:1\: passage 1 has 1 sentence where treaty.md\:7 has 2; "
    )
    assert reply.labels == ["Add", "Cancel"]


async def test_many_problems_fit_a_message(place: Place, admin: simcord.MemberActor) -> None:
    """Some of them are shown, and the others are counted."""
    french = "\n\n".join(f"Phrase {n}. Et une autre." for n in range(60))
    await click(admin, await add(place, admin, "long.fr.md", french.encode()), "Add")
    # An original beside it makes it a translation.
    english = "\n\n".join(f"Sentence {n}." for n in range(60))
    reply = await add(place, admin, "long.md", english.encode(), language="fr")
    assert reply.labels == ["Replace", "Cancel"]  # a new version of it
    reply = await add(place, admin, "long.md", english.encode())
    assert len(reply.text) <= 2000
    assert "\nTranslations differ from their originals in 60 places:\n- " in reply.text
    assert "\nand 57 more" in reply.text


@pytest.mark.parametrize(
    ("name", "options", "kept"),
    [
        ("otters.md", {"language": "en"}, "otters.en.md"),  # an article of its own
        ("lighthouse.md", {"language": "en"}, "lighthouse.en.md"),  # a new version of one
        ("treaty.md", {"language": "fr"}, "treaty.md"),  # a new version of the original
        ("otters.fr.md", {"language": "en"}, "otters.en.md"),  # what is said outright counts
        ("Sea otters.txt", {}, "Sea otters.txt"),
    ],
)
async def test_the_language_in_the_name(
    name: str, options: dict[str, str], kept: str,
    place: Place, admin: simcord.MemberActor, corpus_dir: Path,
) -> None:  # fmt: skip
    """The option says which language the file's name gets, if any; what is there is replaced."""
    before = contents(corpus_dir)
    data = TREATY_FR.encode() + b"\n" if name.startswith("treaty") else OTTERS
    reply = await add(place, admin, name, data, **options)
    await click(admin, reply, "Replace" if kept in before else "Add")
    away = {f".removed/{kept}": before[kept]} if kept in before else {}
    assert contents(corpus_dir) == {**before, **away, kept: data}


async def test_no_language(place: Place, admin: simcord.MemberActor) -> None:
    """What is no language is refused in one sentence."""
    for language in ("english", "e1", "../", "e"):
        reply = await add(place, admin, "otters.md", OTTERS, language=language)
        assert reply.text == "A language is two letters of ISO 639-1, such as `fr` or `en`."


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Otters swim.", "Sea otters: a “life” & more"),
        ("---\ntitle: Old\ndate: 2024-11-06\n---\nOtters swim.", "# 1 'x' \\ \"y\" 😀"),
        ("---\ndate: 2024-11-06\ntitle: >\n  Old\n  one\n---\nOtters swim.", "- no"),
        ("---\r\ndate: 2024-11-06\r\n---\r\nOtters swim.", "Sea otters: a “life” & more"),
        ("\ufeff---\n---\nOtters swim.", "# 1 'x' \\ \"y\" 😀"),
        ("---\n# nothing\n...\nOtters swim.", "- no"),
        ("# Old\n\nOtters swim.\n\n---\n\nOtters dive.", "# 1 'x' \\ \"y\" 😀"),
    ],
)
async def test_a_title(
    text: str, title: str, place: Place, admin: simcord.MemberActor, library: Library
) -> None:
    """A title goes into the front matter of a text, whatever is there, and nothing else changes."""
    reply = await add(place, admin, "otters.md", text.encode(), title=title)
    await click(admin, reply, "Add")
    article = library.corpus.article("otters")
    assert article is not None
    assert article.original.title == title
    assert article.original.text.startswith("Otters swim.")
    assert ("2024" in text) == (article.date is not None)


async def test_a_title_without_a_place(place: Place, admin: simcord.MemberActor) -> None:
    """Other formats keep the title of their own, and one sentence says so."""
    page = b"<html><body><article><h1>Otters</h1><p>Otters swim in the sea.</p></article></body>"
    reply = await add(place, admin, "otters.html", page, title="Mine")
    assert "This .html file has no place for a title of yours; it keeps its own." in reply.text
    assert reply.labels == ["Add", "Cancel"]
    text = b"---\n{title: Theirs, note: x}\n---\nOtters swim."
    reply = await add(place, admin, "otters.md", text, title="Mine")
    assert reply.text.startswith("**Theirs**\n")
    assert "This .md file has no place for a title of yours; it keeps its own." in reply.text


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"Bad: \xff", "is not UTF-8 text"),
        (b"---\na: [\n---\nOtters swim.", "broken front matter"),
        (b"---\ndate: 2024-11-06\nOtters swim.", "has no closing line of ---"),
        (b"---\ntitle: a\ntitle: b\n---\nOtters swim.", "title is given twice"),
    ],
)
async def test_a_title_for_a_broken_file(
    data: bytes, sentence: str, place: Place, admin: simcord.MemberActor
) -> None:
    """What is wrong in the file is told as it is without a title."""
    for options in ({}, {"title": "Mine"}):
        reply = await add(place, admin, "otters.md", data, **options)
        assert sentence in reply.text
        assert reply.labels == []


async def test_a_broken_glossary(
    place: Place, admin: simcord.MemberActor, corpus_dir: Path
) -> None:
    """It does not hinder an article from being added; the report names it."""
    (corpus_dir / "glossary.toml").write_text("terms = 1")
    reply = await add(place, admin, "otters.md", OTTERS)
    assert reply.labels == ["Add", "Cancel"]
    assert r"- glossary.toml\:" in await click(admin, reply, "Add")


@pytest.mark.parametrize("reason", ["*long* " * 1000, "side by side\n" + "1 | one | une\n" * 5])
async def test_a_long_problem_fits_a_message(reason: str) -> None:
    """A reason of several lines keeps them; one that no message has room for is cut."""
    text = render_problems(CorpusError([Problem(Path("/home/x.md"), 3, reason)]), "No:", "en")
    assert len(text) <= 2000
    assert text.startswith("No:\n- x.md\\:3\\: ")
    assert text.count("\n") == 1 + reason.rstrip().count("\n")


async def test_the_name_before_discord_rewrote_it(
    place: Place, admin: simcord.MemberActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Discord keeps names in ASCII and the real one as title; it is the real one that counts."""
    store = place.env.backend.cdn.store_attachment

    def as_discord_does(*args: Any) -> Any:
        return {**store(*args), "filename": "Ete_2024.md", "title": "E\u0301té 2024"}

    monkeypatch.setattr(place.env.backend.cdn, "store_attachment", as_discord_does)
    reply = await add(place, admin, "x.md", OTTERS)
    assert "`Été 2024.md`" in reply.text


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("../otters.md", OTTERS, "`../otters.md` cannot be a file’s name here"),
        ("nul.md", OTTERS, "`nul.md` cannot be a file’s name here"),
        (".hidden.md", OTTERS, "`.hidden.md` cannot be a file’s name here"),
        ("x\u202e.md", OTTERS, r"`x\u202e.md` cannot be a file’s name here"),
        ("x" * 200 + ".md", OTTERS, "is too long a name; the longest has 75 characters."),
        ("glossary.toml", b"terms = []", "`glossary.toml` does not end like a source: .md, .txt"),
        ("otters.exe", b"MZ", "`otters.exe` does not end like a source: .md, .txt"),
        ("otters.md", b"x" * 10_000_001, "`otters.md` is larger than such a file may be, 10,0"),
        ("otters.md", b"%PDF-1.7 x", r"- otters.md\: is a PDF; rename it to end in .pdf"),
        ("otters.pdf", b"Otters swim.", r"- otters.pdf\: is no PDF; save or download it again"),
        ("otters.docx", b"PK\x03\x04", r"- otters.docx\: "),
        ("otters.md", b"Bad: \xff", r"- otters.md\:1\: is not UTF-8 text"),
        ("otters.md", b"", r"- otters.md\: holds no text"),
        ("otters.md", b"---\ndate: soon\n---\nx", r"- otters.md\:2\: date must be YYYY-MM-DD"),
        ("treaty.fr.md", TREATY_FR.encode(), "is in fr, the language of treaty.md itself"),
    ],
)  # fmt: skip
async def test_what_is_refused(
    name: str, data: bytes, sentence: str,
    place: Place, admin: simcord.MemberActor, corpus_dir: Path,
) -> None:  # fmt: skip
    """What cannot be an article is refused in one sentence, without buttons; nothing is kept."""
    before = contents(corpus_dir)
    reply = await add(place, admin, name, data)
    assert sentence in reply.text
    assert reply.labels == []
    assert len(reply.text.split("\n")) <= 2
    assert str(corpus_dir.parent) not in reply.text
    assert "treaty-bot-" not in reply.text
    assert contents(corpus_dir) == before
    assert [path.name for path in corpus_dir.parent.iterdir()] == ["corpus"]


async def test_a_large_file_is_not_downloaded(
    place: Place, admin: simcord.MemberActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Discord says is too large is refused before; what lies about its size, after."""
    cdn = place.env.backend.cdn
    store, get = cdn.store_attachment, cdn.get
    downloads: list[str] = []

    def counted(url: str) -> Any:
        downloads.append(url)
        return get(url)

    monkeypatch.setattr(cdn, "get", counted)
    for size, downloaded in ((10_000_001, 0), (5, 1)):
        monkeypatch.setattr(
            cdn, "store_attachment", lambda *args, size=size: {**store(*args), "size": size}
        )
        reply = await add(place, admin, "otters.md", b"x " * 5_000_001)
        assert "is larger than such a file may be" in reply.text
        assert len(downloads) == downloaded


async def test_a_file_that_discord_does_not_hand_over(
    place: Place, admin: simcord.MemberActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The admin is asked to try again."""
    monkeypatch.setattr(place.env.backend.cdn, "get", lambda url: None)  # noqa: ARG005
    reply = await add(place, admin, "otters.md", OTTERS)
    assert reply.text == "Discord did not hand over the file; please try again."


async def test_what_questions_toml_counts_on_stays(
    place: Place, admin: simcord.MemberActor, library: Library, corpus_dir: Path
) -> None:
    """A version or a removal that takes accepted sentences away names the questions."""
    (corpus_dir / "questions.toml").write_text(
        '[[question]]\nquestion = "What *oil*?"\naccepted = ["lighthouse:2.1"]\n'
    )
    library.reindex()
    before = contents(corpus_dir)
    for reply in (
        await add(place, admin, "lighthouse.en.md", b"The lamp burned whale oil."),
        await corpus(place, admin, "remove", article="lighthouse"),
    ):
        assert "`questions.toml` accepts sentences of lighthouse that would be gone" in reply.text
        assert reply.text.endswith(r"Change these questions first: What \*oil\*?")
        assert reply.labels == []
    longer = LIGHTHOUSE + "\nThe lamp is dark now.\n"
    reply = await add(place, admin, "lighthouse.en.md", longer.encode())
    assert "1 of the corpus’s 1 questions" in await click(admin, reply, "Replace")
    assert contents(corpus_dir).keys() - before.keys() == {".removed/lighthouse.en.md"}


# ---------------------------------------------------------------- the click


async def test_cancel(
    place: Place, admin: simcord.MemberActor, corpus_dir: Path, before: dict[str, bytes]
) -> None:
    """*Cancel* forgets the file; no button stays."""
    reply = await add(place, admin, "otters.md", OTTERS)
    assert await click(admin, reply, "Cancel") == "Cancelled; nothing was changed."
    assert reply.labels == []
    assert contents(corpus_dir) == before


async def test_uploads_are_taken_one_by_one(
    place: Place, admin: simcord.MemberActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the bot holds a file in memory, no other one is fetched; then the next one may be."""
    lock, held = client_of(place).one_upload, []
    real = discord.Attachment.read

    async def read(self: discord.Attachment, **options: Any) -> bytes:
        held.append(lock.locked())
        return await real(self, **options)

    monkeypatch.setattr(discord.Attachment, "read", read)
    for _ in range(2):
        await add(place, admin, "otters.md", b"\0")
    assert held == [True, True]
    assert not lock.locked()


@pytest.mark.parametrize("what", ["used", "old", "restarted"])
async def test_a_click_that_comes_too_late(
    what: str, place: Place, admin: simcord.MemberActor, library: Library, corpus_dir: Path
) -> None:
    """A second click, a click after a while and one after a restart do nothing and say so."""
    reply = await add(place, admin, "treaty.md", TREATY_FR.encode())
    if what == "used":
        token = str(buttons_of(reply.message)[0].custom_id).split(":")[1]
        client_of(place).pending.take(token)  # as a click that was a moment faster
    elif what == "old":
        await place.env.advance_time(PENDING_SECONDS + 1)
    else:
        await place.restart(library)
    before = contents(corpus_dir)
    said = await click(admin, reply, "Replace")
    assert said.startswith("This preview has been used, is over 10 minutes old, or was shown")
    assert contents(corpus_dir) == before


async def test_a_preview_that_is_no_longer_true(
    place: Place, admin: simcord.MemberActor, corpus_dir: Path
) -> None:
    """Where another admin was faster with the same article, the second one looks again."""
    bob = place.member("bob", manage_guild=True)
    first = await add(place, admin, "otters.md", OTTERS)
    second = await add(place, bob, "otters.md", OTTERS + b"\nThey dive.\n")
    gone = await corpus(place, admin, "remove", article="treaty")
    assert (await click(bob, second, "Add")).startswith("Reindexed")
    said = await click(admin, first, "Add")
    assert said == (
        "The files of `otters.md` have changed since this was shown. Give the command again."
    )
    (corpus_dir / "treaty.de.md").write_text("Eins. Zwei.\n\nDrei.")
    assert (await click(admin, gone, "Remove")).startswith("The files of `treaty` have changed")
    assert (corpus_dir / "otters.md").read_bytes() == OTTERS + b"\nThey dive.\n"
    assert CorpusFiles(corpus_dir).removed() == []


async def test_other_articles_do_not_disturb(
    place: Place, admin: simcord.MemberActor, corpus_dir: Path
) -> None:
    """Two admins add two articles at the same time."""
    bob = place.member("bob", manage_guild=True)
    first = await add(place, admin, "otters.md", OTTERS)
    second = await add(place, bob, "seals.md", b"Seals bark.")
    assert "\nAdded: seals" in await click(bob, second, "Add")
    assert "\nAdded: otters" in await click(admin, first, "Add")
    assert {"otters.md", "seals.md"} <= contents(corpus_dir).keys()


async def test_a_broken_file_elsewhere_hinders_no_change(
    place: Place, admin: simcord.MemberActor, corpus_dir: Path
) -> None:
    """A change of an article is made, and the report names the other file that is wrong."""
    reply = await add(place, admin, "treaty.md", TREATY_FR.replace("Il compte", "Là").encode())
    (corpus_dir / "broken.md").write_bytes(b"\xff")
    said = await click(admin, reply, "Replace")
    assert "\nChanged: treaty\n" in said
    assert "\n- broken.md\\:1\\: is not UTF-8" in said


async def test_a_crash_while_indexing_undoes_the_change(
    place: Place, admin: simcord.MemberActor, corpus_dir: Path, before: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """A fault of the bot's own leaves the folder as it was, too."""

    def fail(corpus: Corpus, _base: Index | None) -> Index:
        raise MemoryError(f"secret: {len(corpus.articles)}")

    reply = await add(place, admin, "treaty.md", TREATY_FR.encode())
    with monkeypatch.context() as patch:
        patch.setattr(bot.service.library, "build_index", fail)
        assert (await click(admin, reply, "Replace")).startswith("Something went wrong on my side")
    assert "secret" in caplog.text
    assert contents(corpus_dir) == before


async def test_while_another_reindex_runs(
    place: Place, admin: simcord.MemberActor, library: Library, corpus_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """One sentence, nothing changed; the preview stays open and can be agreed to afterwards."""
    CorpusFiles(corpus_dir).remove("treaty", "en")
    (entry,) = CorpusFiles(corpus_dir).removed()
    before = contents(corpus_dir)
    begun, go_on = threading.Event(), threading.Event()

    def build_when_told(corpus: Corpus, base: Index | None) -> Index:
        begun.set()
        assert go_on.wait(SECONDS)
        return build_index(corpus, base)

    reply = await add(place, admin, "otters.md", OTTERS)
    monkeypatch.setattr(bot.service.library, "build_index", build_when_told)
    running = threading.Thread(target=library.reindex)
    running.start()
    try:
        assert begun.wait(SECONDS)
        assert (await click(admin, reply, "Add")).startswith("A reindex is running already")
        restored = await corpus(place, admin, "restore", entry=entry.removed_at)
        assert restored.text.startswith("A reindex is running already")
        assert contents(corpus_dir) == before
    finally:
        go_on.set()
        running.join(SECONDS)
    assert (await click(admin, reply, "Add")).startswith("Reindexed")
    assert (corpus_dir / "otters.md").read_bytes() == OTTERS


async def test_a_full_disk(
    place: Place, admin: simcord.MemberActor, corpus_dir: Path, before: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """What the disk refuses is told in one sentence; everything is as it was."""

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    reply = await add(place, admin, "otters.md", OTTERS)
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", refuse)
        said = await click(admin, reply, "Add")
    assert said == (
        "`otters.md`: the corpus folder cannot be changed (no space left on device). "
        "Tell whoever runs the bot."
    )
    assert contents(corpus_dir) == before


# ---------------------------------------------------------------- remove, restore, get


async def test_remove_and_restore(
    place: Place, admin: simcord.MemberActor, corpus_dir: Path, before: dict[str, bytes]
) -> None:
    """What goes is named first; afterwards it is no longer answered from, and it can come back."""
    reply = await corpus(place, admin, "remove", article="treaty")
    assert reply.text == (
        "*Le traité de Pyongyang* goes, with `treaty.en.md`, `treaty.md`. It can be put back "
        "with `/corpus restore`."
    )
    assert reply.labels == ["Remove", "Cancel"]
    assert contents(corpus_dir) == before
    report = await click(admin, reply, "Remove")
    assert "\nRemoved: treaty\n" in report
    (entry,) = CorpusFiles(corpus_dir).removed()
    assert report.endswith(f"`/corpus restore entry:{entry.removed_at}`")
    assert "Senate" not in await ask(place, "Who ratified the treaty?")
    (choice,) = await admin.autocomplete(place.channel, "corpus restore", "entry", "TREATY.md")
    assert choice == {
        "name": f"{entry.removed_at} treaty.en.md, treaty.md",
        "value": entry.removed_at,
    }
    restored = await corpus(place, admin, "restore", entry=choice["value"])
    assert "\nAdded: treaty" in restored.text
    assert contents(corpus_dir) == before
    assert "Senate" in await ask(place, "Who ratified the treaty?")
    again = await corpus(place, admin, "restore", entry=entry.removed_at)
    assert again.text.startswith(f"Nothing was removed as `{entry.removed_at}`.")


async def test_remove_a_translation(
    place: Place, admin: simcord.MemberActor, corpus_dir: Path
) -> None:
    """NAME.en goes, NAME stays."""
    reply = await corpus(place, admin, "remove", article="treaty.en")
    assert reply.text.startswith("The translation `treaty.en.md` of *Le traité de Pyongyang* goes;")
    assert "\nChanged: treaty\n" in await click(admin, reply, "Remove")
    assert set(CorpusFiles(corpus_dir).files("treaty")) == {None}


async def test_the_last_article(place: Place, admin: simcord.MemberActor) -> None:
    """The last article is not removed."""
    await click(admin, await corpus(place, admin, "remove", article="treaty"), "Remove")
    reply = await corpus(place, admin, "remove", article="lighthouse")
    assert reply.text == (
        "`lighthouse` is the last source, and the bot needs one. Add another before."
    )
    assert reply.labels == []


async def test_a_place_that_is_taken(
    place: Place, admin: simcord.MemberActor, corpus_dir: Path
) -> None:
    """What was replaced is not put back over what is there, nor where it does not line up."""
    reply = await add(place, admin, "treaty.md", TREATY_FR.encode() + b"\n")
    await click(admin, reply, "Replace")
    (entry,) = CorpusFiles(corpus_dir).removed()
    before = contents(corpus_dir)
    said = await corpus(place, admin, "restore", entry=entry.removed_at)
    assert said.text == (
        "`treaty.md` cannot be put back, since `treaty.md` has its place. Remove that first."
    )
    assert contents(corpus_dir) == before


async def test_what_no_longer_fits_is_not_restored(
    place: Place, admin: simcord.MemberActor, corpus_dir: Path
) -> None:
    """A translation that is wrong beside the new version is told why, and stays away."""
    await click(admin, await corpus(place, admin, "remove", article="treaty.en"), "Remove")
    reply = await add(place, admin, "treaty.md", b"---\nlanguage: en\n---\nThe treaty.")
    await click(admin, reply, "Replace")
    entry = CorpusFiles(corpus_dir).removed()[-1]
    before = contents(corpus_dir)
    said = await corpus(place, admin, "restore", entry=entry.removed_at)
    assert "is in en, the language of treaty.md itself" in said.text
    assert contents(corpus_dir) == before


@pytest.mark.parametrize("command", ["remove", "get"])
@pytest.mark.parametrize("name", ["*nothing*", "../corpus/treaty", "treaty.xx", ".removed", "\0"])
async def test_unknown_articles(
    name: str, command: str, place: Place, admin: simcord.MemberActor
) -> None:
    """What is not there is said, escaped."""
    reply = await corpus(place, admin, command, article=name)
    assert reply.text.startswith("There is no source ")
    assert reply.text.endswith("Choose from the list as you type.")
    assert "*nothing*" not in reply.text.replace("`*nothing*`", "")


async def test_get(place: Place, admin: simcord.MemberActor, corpus_dir: Path) -> None:
    """Every file of an article comes back byte for byte, to the admin alone."""
    data = TREATY_FR.encode().replace(b"\n", b"\r\n")
    (corpus_dir / "treaty.md").write_bytes(data)
    result = await admin.slash(place.channel, "corpus get", article="treaty")
    reply = Reply(result)
    files = {a.filename: await a.read() for a in reply.message.attachments}
    assert files == {"treaty.md": data, "treaty.en.md": TREATY_EN.encode()}
    assert result.followups == [] or all(m.ephemeral for m in result.followups)
    one = await corpus(place, admin, "get", article="treaty.en")
    assert [a.filename for a in one.message.attachments] == ["treaty.en.md"]


async def test_get_what_is_too_large(
    place: Place, admin: simcord.MemberActor, corpus_dir: Path
) -> None:
    """A file above what Discord lets the bot send is named; the others are sent."""
    with (corpus_dir / "treaty.fr.pdf").open("wb") as file:
        file.truncate(26 * 2**20)
    result = await admin.slash(place.channel, "corpus get", article="treaty")
    texts = [m.content for m in (result.response, *result.followups) if m]
    assert "Larger than the 25 MB that Discord lets me send here: `treaty.fr.pdf`." in texts
    sent = [a.filename for m in (result.response, *result.followups) if m for a in m.attachments]
    assert sorted(sent) == ["treaty.en.md", "treaty.md"]


async def test_get_where_discord_refuses(place: Place, admin: simcord.MemberActor) -> None:
    """Where Discord does not take the files, the admin is told."""
    place.env.inject_error("POST", "/webhooks/*", status=413)
    reply = await corpus(place, admin, "get", article="treaty")
    assert reply.text.startswith("Discord did not take the files")


async def test_suggestions(place: Place, admin: simcord.MemberActor, corpus_dir: Path) -> None:
    """Articles and translations whose name holds what was typed, no more than Discord takes."""

    async def offered(typed: str) -> list[str]:
        choices = await admin.autocomplete(place.channel, "corpus get", "article", typed)
        assert all(choice["name"] == choice["value"] for choice in choices)
        return [choice["value"] for choice in choices]

    assert await offered("") == ["lighthouse", "treaty", "treaty.en"]
    assert await offered(" TREAT") == ["treaty", "treaty.en"]
    assert await offered("zebra") == []
    corpus_files = CorpusFiles(corpus_dir)
    for number in range(30):
        corpus_files.put("treaty.md", b"%d" % number)
    choices = await admin.autocomplete(place.channel, "corpus restore", "entry", "")
    assert [choice["value"] for choice in choices] == [
        e.removed_at for e in corpus_files.removed()[:25]
    ]


async def test_the_log_names_who_and_what_and_nothing_else(
    place: Place, admin: simcord.MemberActor, caplog: pytest.LogCaptureFixture
) -> None:
    """One line for each change, with the person's id and the file, never what it says."""
    with caplog.at_level(logging.INFO, logger="bot"):
        await click(admin, await add(place, admin, "otters.md", OTTERS), "Add")
        reply = await corpus(place, admin, "remove", article="otters")
        await click(admin, reply, "Remove")
        entry = reply.text.rpartition(":")[2].strip("`")
        await corpus(place, admin, "restore", entry=entry)
    lines = [r.getMessage() for r in caplog.records if r.getMessage().startswith("corpus:")]
    assert lines == [
        f"corpus: {admin.id} {verb} otters.md" for verb in ("added", "removed", "restored")
    ]
    assert "hands" not in caplog.text


# ---------------------------------------------------------------- who may

COMMANDS: list[tuple[str, dict[str, Any]]] = [
    ("add", {"file": ("otters.md", OTTERS)}),
    ("remove", {"article": "treaty"}),
    ("get", {"article": "treaty"}),
    ("restore", {"entry": "20260101-000000-000000"}),
]


@pytest.mark.parametrize(("command", "options"), COMMANDS)
async def test_members_are_refused_in_spite_of_an_override(
    command: str, options: dict[str, Any],
    place: Place, speak: Speak, corpus_dir: Path, before: dict[str, bytes],
) -> None:  # fmt: skip
    """Discord hides every subcommand; where a server's admins open it, the bot refuses."""
    with pytest.raises(simcord.SetupError, match="default-member-permissions"):
        await corpus(place, place.alice, command, **options)
    allow_everybody(place, place.alice)
    reply = await corpus(place, place.alice, command, **options)
    assert reply.text == "Only members with the *Manage Server* permission may do that."
    assert reply.labels == []
    assert reply.message.attachments == []
    speak("fr")
    reply = await corpus(place, place.alice, command, **options)
    assert "permission *Gérer le serveur*" in reply.text
    assert contents(corpus_dir) == before


@pytest.mark.parametrize(("command", "options"), COMMANDS)
async def test_admins_of_other_servers_change_their_own_alone(
    command: str, options: dict[str, Any],
    place: Place, admin: simcord.MemberActor, library: Library, corpus_dir: Path,
) -> None:  # fmt: skip
    """Where ADMIN_GUILD_IDS names servers, no shared file is sent or moved from others."""
    before = contents(corpus_dir)
    await place.restart(library, place.guild.id + 1)
    reply = await corpus(place, admin, command, **options)
    if reply.labels:
        await admin.click(reply.message, label=reply.labels[0])
    assert contents(corpus_dir) == before
    assert reply.message.attachments == []


@pytest.mark.parametrize(("command", "options"), COMMANDS)
async def test_not_in_direct_messages(command: str, options: dict[str, Any], place: Place) -> None:
    """Discord offers none of it in a direct message, and the bot would refuse it."""
    with pytest.raises(simcord.SetupError, match="context"):
        await place.alice.user.slash(f"corpus {command}", **options)
    place.env.backend.commands[None]["corpus", 1]["contexts"] = [0, 1]
    result = await place.alice.user.slash(f"corpus {command}", **options)
    assert result.response is not None
    assert result.response.content.startswith("Only members with the *Manage Server* permission")


@pytest.mark.parametrize(
    ("command", "option"), [("remove", "article"), ("get", "article"), ("restore", "entry")]
)
async def test_suggestions_are_for_admins(
    command: str, option: str, place: Place, library: Library, admin: simcord.MemberActor,
    corpus_dir: Path,
) -> None:  # fmt: skip
    """Who may not use a command learns nothing from its suggestions."""
    CorpusFiles(corpus_dir).remove("treaty", "en")
    arguments = (place.channel, f"corpus {command}", option, "")
    assert await admin.autocomplete(*arguments)
    allow_everybody(place, place.alice)
    assert await place.alice.autocomplete(*arguments) == []
    await place.restart(library, place.guild.id + 1)
    assert await admin.autocomplete(*arguments) == []


@pytest.mark.parametrize("label", ["Add", "Remove", "Cancel"])
@pytest.mark.parametrize("who", ["another admin", "demoted", "elsewhere"])
async def test_buttons_are_for_who_was_shown_them(
    who: str, label: str, place: Place, admin: simcord.MemberActor,
    corpus_dir: Path,
) -> None:  # fmt: skip
    """Neither another admin nor somebody who is no longer one decides; the preview stays open."""
    before = contents(corpus_dir)
    if label == "Remove":
        reply = await corpus(place, admin, "remove", article="treaty")
    else:
        reply = await add(place, admin, "otters.md", OTTERS)
    clicker, wanted = admin, "Only members with the *Manage Server*"
    if who == "another admin":
        # Discord shows the preview to nobody else; this is as if it did.
        clicker, wanted = place.member("bob", manage_guild=True), "Only who was shown this preview"
        stored = place.env.backend.get_message(place.channel.id, reply.message.id)
        stored.flags &= ~64
    elif who == "demoted":
        role = place.guild.roles["ada"]
        place.env.backend.remove_member_role(place.guild.id, admin.id, role.id)
    else:
        bot = client_of(place)
        bot.settings = bot.settings.model_copy(update={"admin_guild_ids": {1}})
        wanted = "This preview has been used"
    result = await clicker.click(reply.message, label=label)
    assert result.response is not None
    assert result.response.content.startswith(wanted)
    assert contents(corpus_dir) == before
    assert reply.labels == [reply.labels[0], "Cancel"]


# ---------------------------------------------------------------- what waits


def proposal(size: int = 0) -> Proposal:
    """A proposal that does nothing."""
    return Proposal(1, "added", "x.md", lambda: Change(()), size, folder=Path())


async def test_few_previews_wait_and_hold_little() -> None:
    """The oldest give way, by number and by what they hold in memory."""
    pending = Pending()
    tokens = [pending.keep(proposal()) for _ in range(PENDING_CHANGES + 3)]
    assert [pending.find(token) is None for token in tokens] == [True] * 3 + [
        False
    ] * PENDING_CHANGES
    large = [pending.keep(proposal(PENDING_BYTES // 2)) for _ in range(3)]
    assert [pending.find(token) is None for token in large] == [True, False, False]
    assert pending.take(large[2]) is not None
    assert pending.take(large[2]) is None
