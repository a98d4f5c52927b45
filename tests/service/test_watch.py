"""The corpus folder, watched with the real watchfiles on a real folder."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

import bot.service.watch
from bot.corpus.folder import Progress
from bot.errors import ReindexRunning
from bot.service.library import Library, ReindexReport
from bot.service.watch import watch

#: Longer than anything here takes on a busy machine; waiting as long as this is a failure.
SECONDS = 30.0


class CountingLibrary(Library):
    """A library that counts how often it has been reindexed, whatever came of it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.reindexes = 0
        self.threads: set[threading.Thread] = set()

    def reindex(self, progress: Progress | None = None) -> ReindexReport:
        """Reindex as ever."""
        self.threads.add(threading.current_thread())
        try:
            return super().reindex(progress)
        finally:
            self.reindexes += 1


@pytest.fixture(autouse=True)
def _short_glances(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first look at the folder comes after a glance."""
    monkeypatch.setattr(bot.service.watch, "GLANCE", 200)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A corpus of one article."""
    corpus = tmp_path / "corpus"
    write_corpus(corpus)
    return corpus


def write_corpus(folder: Path) -> None:
    """Make a folder of one article."""
    folder.mkdir()
    (folder / "cats.md").write_text("Cats sleep.")


async def until(condition: Callable[[], object]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(SECONDS):
        while not condition():  # noqa: ASYNC110  # what is waited for tells of nothing
            await asyncio.sleep(0.02)


@asynccontextmanager
async def watching(folder: Path) -> AsyncIterator[CountingLibrary]:
    """A library whose folder is watched; the first look is over."""
    library = CountingLibrary(folder)
    task = asyncio.create_task(watch(library))
    try:
        await until(lambda: library.reindexes)
        library.reindexes = 0
        yield library
    finally:
        task.cancel()
        await asyncio.wait((task,), timeout=SECONDS)
        assert task.cancelled()


def names(library: Library) -> list[str]:
    """The articles that are answered from."""
    return [article.name for article in library.corpus.articles]


async def settled(library: CountingLibrary, folder: Path) -> int:
    """How many reindexes there were, once a last change has been seen."""
    (folder / "zz-last.md").write_text("The last one.")
    await until(lambda: "zz-last" in names(library))
    return library.reindexes


async def test_a_new_file_is_picked_up(folder: Path) -> None:
    """An article that is written is answered from soon after, read beside the event loop."""
    async with watching(folder) as library:
        (folder / "dogs.md").write_text("Dogs bark.")
        await until(lambda: names(library) == ["cats", "dogs"])
        assert threading.main_thread() not in library.threads


async def test_a_change_before_the_watching_is_not_lost(folder: Path) -> None:
    """What was written between the loading and the watching is picked up as well."""
    library = Library(folder)
    (folder / "dogs.md").write_text("Dogs bark.")
    task = asyncio.create_task(watch(library))
    await until(lambda: names(library) == ["cats", "dogs"])
    task.cancel()
    await asyncio.wait((task,), timeout=SECONDS)


async def test_a_burst_is_one_reindex(folder: Path) -> None:
    """Two hundred files written at once are one reindex, or two if the machine was slow."""
    async with watching(folder) as library:
        for number in range(200):
            (folder / f"n{number:03}.md").write_text(f"Number {number}.")
        await until(lambda: len(names(library)) == 201)
        assert library.reindexes <= 3


async def test_a_file_that_is_written_in_pieces_is_waited_for(folder: Path) -> None:
    """A fifth of a second between two pieces, as of a slow copy, is no end of a burst."""
    async with watching(folder) as library:
        for number in range(8):
            (folder / "dogs.md").write_text("Dogs bark. " * (number + 1))
            await asyncio.sleep(0.2)
        assert library.reindexes <= 1  # not eight
        await until(lambda: names(library) == ["cats", "dogs"])


async def test_a_file_renamed_into_place_and_one_removed(folder: Path) -> None:
    """A file that comes by a rename, as a careful writer's does, and one that goes are seen."""
    async with watching(folder) as library:
        (folder / ".dogs.md.tmp").write_text("Dogs bark.")
        (folder / ".dogs.md.tmp").replace(folder / "dogs.md")
        await until(lambda: names(library) == ["cats", "dogs"])
        (folder / "cats.md").unlink()
        await until(lambda: names(library) == ["dogs"])


async def test_the_glossary_is_watched(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A change of the corpus's own terms is picked up and told, though no article changed."""
    caplog.set_level(logging.INFO)
    async with watching(folder) as library:
        (folder / "glossary.toml").write_text('terms = [["cat", "felis"]]')
        await until(lambda: library.corpus.glossary.groups)
        await until(lambda: "reindexed in" in caplog.text)


async def test_a_half_written_file_is_left_out_until_it_is_complete(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A file without its end is logged in a line, once; one that was good stays as it was; the
    completed files are picked up.
    """
    async with watching(folder) as library:
        (folder / "dogs.md").write_text("---\ntitle: Dogs\n")
        (folder / "cats.md").write_text("---\ntitle: Cats\n")
        await until(lambda: caplog.text.count("left out: ") >= 2)
        assert names(library) == ["cats"]
        assert library.answer("cats sleep?").answered
        dogs, cats = sorted(
            (r.getMessage() for r in caplog.records if r.levelname == "ERROR"), reverse=True
        )
        assert "dogs.md:1: the front matter" in dogs
        assert cats.endswith("until then it is answered from as it was before")
        for name, text in (("dogs", "Dogs bark."), ("cats", "Cats purr.")):
            with (folder / f"{name}.md").open("a") as file:
                file.write(f"---\n{text}")
        await until(lambda: names(library) == ["cats", "dogs"] and not library.corpus.problems)
        assert library.answer("cats purr?").answered
    assert all(record.exc_info is None for record in caplog.records)


async def test_folders_within_are_watched(folder: Path) -> None:
    """A file in a folder, a folder that is renamed, and one that goes, are picked up."""
    async with watching(folder) as library:
        (folder / "pets").mkdir()
        (folder / "pets" / "dogs.md").write_text("Dogs bark.")
        await until(lambda: names(library) == ["cats", "pets/dogs"])
        (folder / "pets").rename(folder / "beasts")
        await until(lambda: names(library) == ["beasts/dogs", "cats"])
        shutil.rmtree(folder / "beasts")
        await until(lambda: names(library) == ["cats"])


async def test_what_is_not_read_does_not_trigger(folder: Path) -> None:
    """Hidden files and folders, editors' temporary files and other formats are no change."""
    (folder / ".removed").mkdir()
    async with watching(folder) as library:
        for name in (".hidden.md", ".cats.md.swp", "cats.md~", "#cats.md#", "4913",
                     "picture.jpg", "cats.md.part", ".removed/old.md"):  # fmt: skip
            (folder / name).write_text("x")
        (folder / ".git").mkdir()
        await asyncio.sleep(bot.service.watch.QUIET / 1000 * 3)
        assert library.reindexes == 0
        assert await settled(library, folder) == 1


async def test_a_reindex_that_changes_nothing_is_not_told(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A file written again as it was, as after /reindex, logs nothing at INFO; DEBUG tells what
    triggered.
    """
    caplog.set_level(logging.DEBUG, "bot")
    async with watching(folder) as library:
        caplog.clear()
        os.utime(folder / "cats.md", (0, 0))
        await until(lambda: library.reindexes)
        await until(lambda: "0 changed" in caplog.text)
        assert {record.levelname for record in caplog.records} == {"DEBUG"}
        assert "reindexing: cats.md" in caplog.text
        assert await settled(library, folder) == 2
        await until(lambda: "1 added" in caplog.text)
        (record,) = (r for r in caplog.records if "1 added" in r.getMessage())
        assert record.levelname == "INFO"


async def test_another_reindex_is_waited_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """While /reindex runs a change is not lost: it is read afterwards."""
    monkeypatch.setattr(bot.service.watch, "PAUSE", 0.05)
    async with watching(folder) as library:
        assert library._building.acquire(timeout=SECONDS)
        try:
            (folder / "dogs.md").write_text("Dogs bark.")
            await until(lambda: library.reindexes >= 2)
            with pytest.raises(ReindexRunning):
                Library.reindex(library)
            assert names(library) == ["cats"]
        finally:
            library._building.release()
        await until(lambda: names(library) == ["cats", "dogs"])
    assert "ERROR" not in {record.levelname for record in caplog.records}


@pytest.mark.parametrize("way", ["moved", "removed", "replaced"])
async def test_a_folder_that_vanishes_is_watched_again(
    way: str, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A folder that is moved or removed is told once, the old index answers meanwhile, and what the
    folder holds when it is back is picked up, as are later changes.
    """
    monkeypatch.setattr(bot.service.watch, "PAUSE", 0.05)
    caplog.set_level(logging.INFO)
    aside = folder.with_name("aside")
    async with watching(folder) as library:
        index = library.index
        if way == "removed":
            shutil.rmtree(folder)
        else:
            shutil.move(folder, aside)
        if way != "replaced":
            await until(lambda: "cannot be watched" in caplog.text)
            await asyncio.sleep(0.5)
            assert caplog.text.count("cannot be watched") == 1
            assert library.index is index
        other = folder.with_name("other")
        write_corpus(other)
        shutil.move(other, folder)
        (folder / "dogs.md").write_text("Dogs bark.")
        await until(lambda: names(library) == ["cats", "dogs"])
        (folder / "birds.md").write_text("Birds sing.")
        await until(lambda: names(library) == ["birds", "cats", "dogs"])
    assert caplog.text.count("is there again") == (way != "replaced")


async def test_a_fault_of_the_bots_own_does_not_end_the_watching(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An error that nobody expected is logged, and the next change is picked up."""

    def fail(_: object) -> object:
        raise MemoryError

    async with watching(folder) as library:
        with monkeypatch.context() as patch:
            patch.setattr("bot.service.library.build_index", fail)
            (folder / "dogs.md").write_text("Dogs bark.")
            await until(lambda: "could not be reindexed" in caplog.text)
        (folder / "birds.md").write_text("Birds sing.")
        await until(lambda: names(library) == ["birds", "cats", "dogs"])


def mounted_version(folder: Path, name: str, text: str) -> None:
    """A version of a mounted volume: a hidden folder, to which a link is turned in one step."""
    (folder / name).mkdir()
    (folder / name / "cats.md").write_text(text)
    (folder / "..next").symlink_to(name)
    (folder / "..next").replace(folder / "..data")


async def test_a_mounted_volume_that_is_updated_is_picked_up(tmp_path: Path) -> None:
    """Its articles are links through one that is turned to another folder; the old one is gone."""
    folder = tmp_path / "mounted"
    folder.mkdir()
    mounted_version(folder, "..1", "Cats sleep.")
    (folder / "cats.md").symlink_to("..data/cats.md")
    async with watching(folder) as library:
        mounted_version(folder, "..2", "Cats purr.")
        shutil.rmtree(folder / "..1")
        await until(lambda: "purr" in library.corpus.articles[0].original.text)
        mounted_version(folder, "..3", "Cats hunt.")
        await until(lambda: "hunt" in library.corpus.articles[0].original.text)


async def test_what_a_link_leads_to_is_picked_up(folder: Path) -> None:
    """Written in place, replaced, or gone and back: the link itself does not change."""
    (folder / "drafts").mkdir()
    target = folder / "drafts" / "dogs.md"
    target.write_text("Dogs bark.")
    (folder / "dogs.md").symlink_to("drafts/dogs.md")

    def text(library: Library) -> str:
        return library.corpus.articles[1].original.text

    async with watching(folder) as library:
        target.write_text("Dogs run.")
        await until(lambda: "run" in text(library))
        target.with_name("new").write_text("Dogs dig.")
        target.with_name("new").replace(target)
        await until(lambda: "dig" in text(library))
        target.rename(folder / "drafts" / "away")
        await asyncio.sleep(0.5)
        (folder / "drafts" / "away").write_text("Dogs jump.")
        (folder / "drafts" / "away").rename(target)
        await until(lambda: "jump" in text(library))


async def test_links_that_lead_where_they_did_cause_no_reindex(folder: Path) -> None:
    """Looking costs no reading."""
    (folder / "drafts").mkdir()
    (folder / "drafts" / "dogs.md").write_text("Dogs bark.")
    (folder / "dogs.md").symlink_to("drafts/dogs.md")
    async with watching(folder) as library:
        await asyncio.sleep(1)  # five glances
        assert library.reindexes == 0
