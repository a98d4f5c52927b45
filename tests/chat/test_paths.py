"""No name, address or link leads out of the corpus folder: what Python opens, lists, renames and
removes is watched while every name is tried on every command that takes one.
"""

from __future__ import annotations

import logging
import mimetypes
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import discord
import pytest
import simcord

from bot.__main__ import main
from bot.answering.citation import cite
from bot.service.corpus_files import CorpusFiles
from bot.service.library import Library
from bot.service.transaction import LOCK_NAME, REMOVED_NAME
from tests.simulated import buttons_of

if TYPE_CHECKING:
    from tests.simulated import Place

pytestmark = pytest.mark.simcord(approved_intents=discord.Intents.default())

SECRET = "The password is swordfish."  # noqa: S105

#: Without an ending; "{out}" is the folder around the corpus, where secret.md lies.
NAMES = [
    "../secret", "..\\secret", "../../etc/passwd", "./../secret", "../corpus/treaty",
    "treaty/../../secret", "{out}/secret", "/etc/passwd", "//etc/passwd", "C:\\x",
    "\\\\server\\share\\x", "C:x", "file:///etc/passwd", "~/x", "~root/x", "$HOME/x",
    "%2e%2e%2fsecret", "..%2fsecret", "%00", "secret\0", "..\0/secret",
    "CON", "NUL", "nul.fr", "COM1", "LPT¹", "aux .en", "PRN", "CLOCK$", "conin$",
    "..\u2215secret", "..\u2044secret", "..\uff0fsecret", "..\u29f8secret",
    "\uff0e\uff0e/secret", "\u2024\u2024/secret", "..\uff3csecret", "\u202e../secret",
    "..", ".", "...", "....//secret",
    "-rf", "x" * 255, "x" * 300, "é" * 128, "😀" * 64, "x/" * 100, " ", "\t", "\n../secret", "*",
    "?", "[a-z]*", "treaty:../secret", "treaty\n", ".removed", ".intent", ".new-0123456789abcdef",
    "link", "linked/secret",
]  # fmt: skip


#: https://docs.python.org/3/library/audit_events.html: what follows a link, what changes a name.
FOLLOWING = {"open", "os.listdir", "os.scandir", "os.truncate", "os.chmod", "shutil.copyfile"}
NAMING = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "shutil.move"}


class Watch:
    """The paths that Python touches, as long as it watches."""

    def __init__(self) -> None:
        self.touched: set[str] = set()
        self.watching = False
        sys.addaudithook(self._heard)  # for good: Python takes none back

    def _heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.watching and event in FOLLOWING | NAMING:
            for path in arguments[:2]:
                if isinstance(path, str | os.PathLike) and not re.fullmatch(
                    "[rwabx+tU]*", str(path)
                ):
                    place = Path(path)
                    itself = place.parent.resolve() / place.name  # a link, not what it leads to
                    self.touched.add(os.path.realpath(place) if event in FOLLOWING else str(itself))

    def strangers(self, *homes: Path) -> list[str]:
        """What was touched in none of some folders, nor in Python and the programs it needs."""
        trusted = [*homes, Path(sys.prefix), Path(sys.base_prefix), Path(__file__).parents[2]]
        inside = tuple(f"{os.path.realpath(home)}{os.sep}" for home in trusted)
        return sorted(p for p in self.touched if not f"{p}{os.sep}".startswith(inside))


WATCH = Watch()


def names(folder: Path) -> set[str]:
    """What lies in a folder, but for the lock."""
    return {path.name for path in folder.iterdir()} - {LOCK_NAME}


@pytest.fixture
def around(corpus_dir: Path) -> Path:
    """The folder around the corpus, with a secret; links in the corpus lead to both."""
    out = corpus_dir.parent
    (out / "secret.md").write_text(SECRET, encoding="utf-8")
    (corpus_dir / "note.toml").symlink_to(out / "secret.md")
    return out


@pytest.fixture
def watched(
    around: Path, corpus_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], None]]:
    """Watch; what is yielded looks at what was touched so far, and so does the end."""
    temporary = around / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    secret = (around / "secret.md").read_bytes()

    def look() -> None:
        WATCH.watching = False
        assert WATCH.strangers(corpus_dir, temporary) == []
        assert (around / "secret.md").read_bytes() == secret
        assert names(around) == {"corpus", "secret.md", "temporary"}
        assert list(temporary.iterdir()) == []
        WATCH.watching = True

    mimetypes.init()  # reads files of the machine's; simcord needs them
    WATCH.touched.clear()
    WATCH.watching = True
    yield look
    look()
    WATCH.watching = False


@pytest.fixture(autouse=True)
def no_crash(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing that is tried here may be logged as a crash."""
    yield
    assert not [r for r in caplog.records if r.levelno >= logging.ERROR or r.exc_info]


def hostile(around: Path) -> list[str]:
    """The names, with the real folder in those that need it."""
    return [name.replace("{out}", str(around)) for name in NAMES]


def test_the_watch_sees(tmp_path: Path, corpus_dir: Path) -> None:
    """What is opened, listed and renamed elsewhere is noticed, also through a link."""
    (tmp_path / "a").write_text("x", encoding="utf-8")
    (corpus_dir / "a").symlink_to(tmp_path / "a")
    WATCH.touched.clear()
    WATCH.watching = True
    (corpus_dir / "a").read_bytes()
    list(tmp_path.iterdir())
    (tmp_path / "a").rename(tmp_path / "b")
    WATCH.watching = False
    assert WATCH.strangers(corpus_dir) == [str(tmp_path), str(tmp_path / "a"), str(tmp_path / "b")]


def said(result: simcord.InteractionResult) -> str:
    """All that somebody was told, to them alone; no file is ever sent."""
    messages = [m for m in (result.response, *result.followups) if m]
    assert all(message.ephemeral for message in messages)
    assert not any(message.attachments for message in messages)
    text = "\n".join(message.content for message in messages)
    assert "swordfish" not in text
    return text


async def test_names_of_articles(
    place: Place, around: Path, watched: Callable[[], None], corpus_dir: Path
) -> None:
    """/corpus get, remove and restore, and /cite, find nothing by any of them."""
    admin = place.member("ada", manage_guild=True)
    before = names(corpus_dir)
    for name in hostile(around):
        got = await admin.slash(place.channel, "corpus get", article=name)
        assert said(got).startswith("There is no source")
        gone = await admin.slash(place.channel, "corpus remove", article=f"{name}.en")
        assert said(gone).startswith("There is no source")
        back = await admin.slash(place.channel, "corpus restore", entry=name)
        assert said(back).startswith("Nothing was removed as")
        cited = await admin.slash(place.channel, "cite", address=f"{name}:1.1")
        assert said(cited).startswith("There is no sentence")
        watched()
    assert names(corpus_dir) == before


async def test_names_of_files(
    place: Place, around: Path, watched: Callable[[], None], corpus_dir: Path
) -> None:
    """/corpus add refuses them, or keeps a file of exactly that name in the corpus folder."""
    admin = place.member("ada", manage_guild=True)
    kept = 0
    for number, name in enumerate(hostile(around)):
        before = names(corpus_dir)
        options = {"language": "en"} if number % 3 == 0 else {}
        file = (f"{name}.md", b"Otters swim.")
        result = await admin.slash(place.channel, "corpus add", file=file, **options)
        text = said(result)
        assert result.response is not None
        if buttons_of(result.response.message):
            await admin.click(result.response, label="Add")
            (new,) = names(corpus_dir) - before
            assert new in (f"{name}.md", f"{name}.en.md", f"{name.removesuffix('.fr')}.en.md")
            kept += 1
        else:
            assert len(text.split("\n")) <= 2
            assert names(corpus_dir) == before
        watched()
    assert 0 < kept < 20  # look-alikes of a slash are letters like others


def test_names_on_the_command_line(
    around: Path, watched: Callable[[], None], library: Library,
    corpus_dir: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """``check --show`` and an address say in one line that there is no such article."""
    monkeypatch.chdir(corpus_dir)
    monkeypatch.setenv("CORPUS_DIR", str(corpus_dir))
    monkeypatch.setenv("SERVERS_DIR", str(corpus_dir.parent / "servers"))
    for number, name in enumerate(hostile(around)):
        assert cite(library.corpus, f"{name}:1.1", "en") is None
        assert library.corpus.article(name) is None
        if number % 4 == 0:
            assert main(["check", f"--show={name}"]) == 1
            out, error = capsys.readouterr()
            assert not out
            assert len(error.splitlines()) == 1
            assert "there is no article" in error
    watched()


def test_names_of_files_that_are_there(
    around: Path, watched: Callable[[], None], corpus_dir: Path
) -> None:
    """Not even where somebody has put files of hostile names into the folder does one lead out."""
    corpus_files = CorpusFiles(corpus_dir)
    (corpus_dir / REMOVED_NAME).mkdir()
    for number, name in enumerate(hostile(around)):
        file = f"20260101-000000-{number:06}-{name}.md"
        if "/" not in file and "\0" not in file and len(file.encode()) < 256:
            (corpus_dir / REMOVED_NAME / file).write_text("Otters swim.", encoding="utf-8")
    entries = corpus_files.removed()
    assert len(entries) > 30
    for entry in entries:
        corpus_files.read_removed(entry)
        watched()


@pytest.mark.parametrize("what", ["file", "folder", "dangling", "loop", "device"])
@pytest.mark.usefixtures("watched")
async def test_links(
    what: str, place: Place, around: Path, library: Library, corpus_dir: Path,
) -> None:  # fmt: skip
    """A link in the corpus to anything outside is neither sent, read nor followed by a change; a
    reindex names it.
    """
    WATCH.watching = False
    target = {
        "file": around / "secret.md",
        "folder": around,
        "dangling": around / "gone.md",
        "loop": corpus_dir / "linked.md",
        "device": Path("/dev/zero"),
    }[what]
    (corpus_dir / "linked.md").symlink_to(target)
    WATCH.watching = True
    admin = place.member("ada", manage_guild=True)
    got = await admin.slash(place.channel, "corpus get", article="linked")
    assert said(got).startswith("`linked.md` cannot be read")
    assert "linked.md" in said(await admin.slash(place.channel, "reindex"))
    upload = ("linked.de.md", b"Otter schwimmen.")
    added = await admin.slash(place.channel, "corpus add", file=upload)
    assert "linked.md" in said(added)
    gone = await admin.slash(place.channel, "corpus remove", article="linked")
    assert gone.response is not None
    await admin.click(gone.response, label="Remove")
    assert "linked.md" not in names(corpus_dir)
    assert {name[23:] for name in names(corpus_dir / REMOVED_NAME)} == {"linked.md"}
    (entry,) = CorpusFiles(corpus_dir).removed()
    back = await admin.slash(place.channel, "corpus restore", entry=entry.removed_at)
    assert "linked.md" in said(back)
    assert "linked.md" not in names(corpus_dir)
    assert library.corpus.article("linked") is None


@pytest.mark.parametrize("name", ["glossary.toml", "questions.toml"])
async def test_linked_companions(
    name: str, place: Place, around: Path, watched: Callable[[], None], corpus_dir: Path
) -> None:
    """Neither does the glossary or the questions lead out of the folder."""
    WATCH.watching = False
    (corpus_dir / name).symlink_to(around / "secret.md")
    WATCH.watching = True
    admin = place.member("ada", manage_guild=True)
    assert name in said(await admin.slash(place.channel, "reindex"))
    file = ("otters.md", b"Otters swim.")
    said(await admin.slash(place.channel, "corpus add", file=file))
    watched()


@pytest.mark.parametrize("label", ["Replace", "Remove"])
@pytest.mark.usefixtures("watched")
async def test_a_link_swapped_in_after_the_look(
    label: str, place: Place, around: Path, corpus_dir: Path
) -> None:
    """A file that becomes a link between preview and click is noticed; the change is refused."""
    admin = place.member("ada", manage_guild=True)
    if label == "Remove":
        result = await admin.slash(place.channel, "corpus remove", article="lighthouse")
    else:
        file = ("lighthouse.en.md", b"The lamp is dark.")
        result = await admin.slash(place.channel, "corpus add", file=file)
    WATCH.watching = False
    (corpus_dir / "lighthouse.en.md").unlink()
    (corpus_dir / "lighthouse.en.md").symlink_to(around / "secret.md")
    WATCH.watching = True
    assert result.response is not None
    await admin.click(result.response, label=label)
    assert "have changed since this was shown" in result.response.content
    assert (corpus_dir / "lighthouse.en.md").is_symlink()
