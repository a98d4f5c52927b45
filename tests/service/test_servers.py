"""Tests of bot.service.servers and own_library: what each server is answered from."""

from __future__ import annotations

import asyncio
import gc
import logging
import weakref
from pathlib import Path

import pytest

from bot.errors import CorpusError, CorpusFilesError
from bot.service import own_library
from bot.service.cache import Cache
from bot.service.corpus_files import Change
from bot.service.library import Library
from bot.service.own_library import OwnLibrary
from bot.service.servers import Servers
from bot.service.teaching import lesson_of, teach
from bot.service.transaction import INTENT_NAME
from tests.service.test_vectors import Letters

FERRY = "# The ferry\n\nThe ferry to Lund leaves at nine. It is called Aurora.\n"


@pytest.fixture
def servers(corpus_dir: Path, library: Library) -> Servers:
    """Servers beside the small corpus."""
    return Servers(corpus_dir.parent / "servers", library)


def write(servers: Servers, server: int, **files: str) -> Path:
    """Put files into a server's folder; their names have no ending."""
    folder = servers.folder / str(server)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        ending = "toml" if name in ("glossary", "questions") else "en.md"
        (folder / f"{name}.{ending}").write_text(text, encoding="utf-8")
    return folder


def addresses(library: Library, question: str) -> list[str]:
    """Where what is shown for a question stands."""
    found = library.answer(question)
    return [citation.address for citation in (*found.citations, *found.suggestions)]


async def test_a_server_without_sources_is_answered_from_the_shared_library(
    servers: Servers,
) -> None:
    """It is that library itself, and no folder is made."""
    assert await servers.library(1) is servers.shared
    write(servers, 2)
    (servers.folder / "2" / "settings.toml").touch()
    assert await servers.library(2) is servers.shared
    assert (await servers.own(2)).reindex().skipped == ()
    own = await servers.own(1)
    assert own.reindex().after.articles == 0
    assert own.files.removed() == []
    assert not servers.keeps(1)


async def test_each_server_is_answered_from_the_shared_sources_and_its_own(
    servers: Servers,
) -> None:
    """Nobody sees another's."""
    write(servers, 1, ferry=FERRY)
    write(servers, 2, bakery="# The bakery\n\nThe bakery sells bread on Sundays.\n")
    one, two = await servers.library(1), await servers.library(2)
    for library in (one, two, servers.shared):
        assert "lighthouse:1.1" in addresses(library, "Who was the keeper of the lighthouse?")
    assert addresses(one, "When does the ferry leave?")[0] == "ferry:1.1"
    assert addresses(two, "When does the bakery sell bread?")[0] == "bakery:1.1"
    for library in (two, servers.shared):
        assert not any("ferry" in a for a in addresses(library, "When does the ferry leave?"))
        assert library.corpus.find("ferry:1.1") is None


async def test_a_change_of_the_shared_sources_reaches_every_server(servers: Servers) -> None:
    """The next question is answered from the new index, and nothing holds the old one."""
    write(servers, 1, ferry=FERRY)
    write(servers, 2, ferry=FERRY)
    library = await servers.library(1)
    await servers.library(2)
    old = weakref.ref(servers.shared.index)
    (servers.shared.folder / "otters.en.md").write_text("# Otters\n\nOtters eat urchins.\n")
    servers.shared.reindex()
    assert await servers.library(1) is library
    assert addresses(library, "What do otters eat?") == ["otters:1.1"]
    assert addresses(library, "When does the ferry leave?")[0] == "ferry:1.1"
    await asyncio.gather(*servers._tasks)
    gc.collect()
    assert old() is None


async def test_the_library_asked_for_longest_ago_is_dropped(servers: Servers) -> None:
    """Beyond the memory allowed it is read again, as it lies on the disk then."""
    servers._most_memory = 0
    for server in (1, 2):
        write(servers, server, ferry=FERRY)
    first = await servers.library(1)
    assert await servers.library(1) is first
    await servers.library(2)
    write(servers, 1, ferry=FERRY.replace("nine", "ten"))
    again = await servers.library(1)
    assert again is not first
    article = again.corpus.article("ferry")
    assert article is not None
    assert "leaves at ten" in article.original.text


async def test_many_questions_at_once_read_a_folder_once(servers: Servers) -> None:
    """All of them are answered from one library."""
    write(servers, 1, ferry=FERRY)
    found = await asyncio.gather(*(servers.library(1) for _ in range(20)))
    assert len({id(library) for library in found}) == 1


async def test_what_cannot_be_read_leaves_the_shared_sources(
    servers: Servers, caplog: pytest.LogCaptureFixture
) -> None:
    """The log names it once, and the server is answered from the shared sources alone."""
    folder = write(servers, 1, ferry=FERRY)
    (folder / INTENT_NAME).write_text("no intent", encoding="utf-8")
    for _ in range(3):
        assert await servers.library(1) is servers.shared
    (record,) = [r for r in caplog.records if r.levelno == logging.ERROR]
    assert "server 1 is answered from the shared sources alone" in record.getMessage()
    with pytest.raises(CorpusError):
        await servers.own(1)
    nowhere = await Servers(folder / "ferry.en.md", servers.shared).own(2)
    with pytest.raises(CorpusFilesError, match="unwritable"):
        nowhere.apply(lambda: nowhere.files.remove("ferry"))


async def test_a_wrong_file_is_left_out(servers: Servers) -> None:
    """The others of the server answer, and its problems are its own."""
    folder = write(servers, 1, ferry=FERRY)
    (folder / "bad.en.md").write_bytes(b"\xff\xfe\x00")
    library = await servers.library(1)
    assert addresses(library, "When does the ferry leave?")[0] == "ferry:1.1"
    assert [p.path.name for p in library.corpus.problems] == ["bad.en.md"]
    assert servers.shared.corpus.problems == ()


async def test_the_name_of_a_shared_source_is_taken(servers: Servers) -> None:
    """An address means one sentence: such a file is left out, with what to do."""
    write(servers, 1, ferry=FERRY, Lighthouse="# Mine\n\nThe keeper was somebody else.\n")
    library = await servers.library(1)
    (problem,) = library.corpus.problems
    assert str(problem).endswith("has the name of a shared source; rename it")
    assert "lighthouse:1.1" in addresses(library, "Who was the keeper of the lighthouse?")


async def test_a_server_teaches_what_answers_from_shared_sources(servers: Servers) -> None:
    """What it has taught answers there alone."""
    own = await servers.own(1)
    question = "Any news of Ada?"
    own.apply(lambda: teach(own.files, lesson_of(own.corpus, question, "lighthouse:1.1")))
    library = await servers.library(1)
    assert library is own
    assert addresses(library, question) == ["lighthouse:1.1"]
    assert library.answer(question).certainty == "sure"
    assert servers.shared.answer(question).certainty != "sure"


async def test_a_servers_glossary_is_its_own(servers: Servers) -> None:
    """It extends the shared one, for its sources and its questions."""
    write(servers, 1, ferry=FERRY, glossary='terms = [["Aurora", "the ship"]]')
    library = await servers.library(1)
    assert addresses(library, "What is the ship called?")[0] == "ferry:1.2"
    assert servers.shared.corpus.glossary.groups == ()


async def test_a_server_is_answered_by_meaning_too(servers: Servers, tmp_path: Path) -> None:
    """Once the vectors of its sentences are there, behind those of the shared ones; they are kept
    and follow a change of either.
    """
    shared, encoder = Library(servers.shared.folder, Cache(tmp_path / "cache")), Letters()
    shared.encode(encoder)
    servers = Servers(servers.folder, shared)
    write(servers, 1, ferry=FERRY)
    library = await servers.library(1)
    assert not library.is_semantic
    await asyncio.gather(*servers._tasks)
    meaning = library.meaning
    assert library.is_semantic
    assert meaning is not None
    near = meaning.cosines("The ferry to Lund leaves at nine.")
    assert len(near) == len(library.index.sentence_length)
    assert library.index.sentence_passage[int(near.argmax())] >= len(shared.index.passage_rendering)
    write(servers, 1, ferry=FERRY.replace("nine", "ten"))
    library.reindex()
    assert library.is_semantic
    (shared.folder / "otters.en.md").write_text("# Otters\n\nOtters eat urchins.\n")
    shared.reindex()
    await servers.library(1)
    await asyncio.gather(*servers._tasks)
    assert library.is_semantic
    encoder.encoded.clear()
    again = Servers(servers.folder, shared)
    await again.library(1)
    await asyncio.gather(*again._tasks)
    assert (await again.library(1)).is_semantic
    assert not [text for text in encoder.encoded if text]


async def test_the_last_own_source_may_go(servers: Servers) -> None:
    """The shared ones are left; what was removed can be put back."""
    write(servers, 1, ferry=FERRY)
    own = await servers.own(1)
    report = own.apply(lambda: own.files.remove("ferry"))
    assert report.removed == ("ferry",)
    assert report.after.articles == 0
    assert await servers.library(1) is servers.shared
    (entry,) = own.files.removed()
    own.apply(lambda: own.files.restore(entry))
    assert await servers.library(1) is own


async def test_a_server_has_room_for_so_much(
    servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One file or one byte more is refused, with what was removed counted."""
    own = await servers.own(1)
    monkeypatch.setattr(own_library, "MOST_FILES", 4)

    def put(name: str, size: int) -> Change:
        return own.files.put(name, b"# A\n\n" + size * b"a")

    own.apply(lambda: put("a.md", 10))
    own.apply(lambda: own.files.remove("a"))
    while len([p for p in own.folder.rglob("*") if p.is_file()]) < own_library.MOST_FILES:
        own.apply(lambda: put(f"b{len(own.kept.articles)}.md", 10))
    with pytest.raises(CorpusFilesError) as error:
        own.apply(lambda: put("c.md", 10))
    assert error.value.kind == "server_files"
    monkeypatch.setattr(own_library, "MOST_FILES", 100)
    monkeypatch.setattr(own_library, "MOST_BYTES", 1000)
    with pytest.raises(CorpusFilesError) as error:
        own.apply(lambda: put("c.md", 1000))
    assert error.value.kind == "server_bytes"


async def test_a_taught_sentence_that_a_shared_change_takes_is_told(servers: Servers) -> None:
    """The server's own problems name it after the shared sources have changed."""
    own = await servers.own(1)
    own.apply(lambda: teach(own.files, lesson_of(own.corpus, "Any news of Ada?", "lighthouse:1.1")))
    (servers.shared.folder / "lighthouse.en.md").write_text("# Dark\n\nNothing.\n")
    servers.shared.reindex()
    library = await servers.own(1)
    assert isinstance(library, OwnLibrary)
    assert any("Any news of Ada?" in str(problem) for problem in library.corpus.problems)
