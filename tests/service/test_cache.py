"""Indexes kept on disk: loaded as they were, or not at all."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import shutil
import tempfile
import threading
import time
import tomllib
import zlib
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import bot.service.cache
import bot.service.library
from bot.corpus.folder import scan
from bot.corpus.model import Corpus
from bot.index.build import Index, build_index
from bot.index.serialization import dump, load
from bot.service.cache import _READERS, Cache, code_version
from bot.service.library import Library
from bot.terminal import to_json
from tests.corpora import TREATY_EN, TREATY_FR

PACKAGE = Path(bot.service.cache.__file__).parents[1]
SHIPPED = Path(__file__).parents[2] / "corpus"
QUESTIONS = (
    "who ratified it?",
    "combien d’articles contient-il ?",
    "When did Putin visit Pyongyang?",
    "what is the populatoin?",
    "",
)


@pytest.fixture(autouse=True)
def keep_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also what takes no time to build."""
    monkeypatch.setattr(bot.service.library, "WORTH_KEEPING", 0.0)


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many articles each index was built on from."""
    bases: list[int] = []

    def counted(corpus: Corpus, base: Index | None) -> Index:
        bases.append(len(base.corpus.articles) if base else 0)
        return build_index(corpus, base)

    monkeypatch.setattr(bot.service.library, "build_index", counted)
    return bases


def answers(library: Library) -> list[object]:
    """What a library says to every question."""
    return [to_json(library.answer(question)) for question in QUESTIONS]


def entry(folder: Path) -> Path:
    """The only entry of a cache."""
    (found,) = folder.iterdir()
    return found


@pytest.mark.parametrize("folder", ["shipped", "small"])
def test_what_is_loaded_answers_as_what_was_built(
    folder: str, corpus_dir: Path, tmp_path: Path, built: list[int]
) -> None:
    """The same articles, the same version and the same answers, without reading a file again."""
    path = SHIPPED if folder == "shipped" else corpus_dir
    cache = Cache(tmp_path / "cache")
    first, second = Library(path, cache), Library(path, cache)
    assert built == [0, len(first.corpus.articles)]
    assert second.corpus == first.corpus
    assert second.corpus.version == first.corpus.version == Library(path).corpus.version
    assert answers(second) == answers(first)


def test_what_changed_since_is_read(corpus_dir: Path, tmp_path: Path) -> None:
    """A file that was changed, added or removed while the bot was down is found at the start."""
    cache = Cache(tmp_path / "cache")
    Library(corpus_dir, cache)
    (corpus_dir / "otters.md").write_text("Otters hold hands.")
    (corpus_dir / "lighthouse.en.md").write_text("Tom Reed kept the lighthouse.")
    library = Library(corpus_dir, cache)
    assert [article.name for article in library.corpus.articles] == [
        "lighthouse",
        "otters",
        "treaty",
    ]
    assert "Tom Reed" in library.answer("who kept the lighthouse?").citations[0].text
    assert answers(library) == answers(Library(corpus_dir))
    for path in corpus_dir.glob("treaty.*"):
        path.unlink()
    assert not Library(corpus_dir, cache).answer("who ratified it?").answered
    assert len(list((tmp_path / "cache").iterdir())) == 1


#: What chooses in a test by properties.
Draw = Callable[[st.SearchStrategy[Any]], Any]


class Kept(NamedTuple):
    """A corpus, a whole entry of it, and what is answered from it."""

    corpus: Path
    entry: Path
    answers: list[object]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A small corpus whose index was kept."""
    place = tmp_path_factory.mktemp("kept")
    corpus = place / "corpus"
    corpus.mkdir()
    (corpus / "treaty.md").write_text(TREATY_FR, encoding="utf-8")
    (corpus / "treaty.en.md").write_text(TREATY_EN, encoding="utf-8")
    library = Library(corpus)
    Cache(place / "cache").save(corpus, library._reading, library.index)
    return Kept(corpus, entry(place / "cache"), answers(library))


def cut(data: bytes, draw: Draw) -> bytes:
    """Leave some bytes out at the end, at the start or between."""
    start = draw(st.integers(0, len(data) - 1))
    end = draw(st.sampled_from([len(data), start + 1, min(start + 64, len(data))]))
    return data[:start] + data[end:]


def empty(_data: bytes, _draw: Draw) -> bytes:
    """Leave nothing, as a loss of power does."""
    return b""


def flip(data: bytes, draw: Draw) -> bytes:
    """Change one bit."""
    at = draw(st.integers(0, len(data) - 1))
    return data[:at] + bytes([data[at] ^ 1 << draw(st.integers(0, 7))]) + data[at + 1 :]


def swap(data: bytes, draw: Draw) -> bytes:
    """Exchange two parts of the same length."""
    length = draw(st.sampled_from([1, 2, 4, 8, 16, 64]))
    assume(len(data) >= 2 * length)
    first = draw(st.integers(0, len(data) - 2 * length))
    second = draw(st.integers(first + length, len(data) - length))
    one, other = data[first : first + length], data[second : second + length]
    between = data[first + length : second]
    return data[:first] + other + between + one + data[second + length :]


def grow(data: bytes, draw: Draw) -> bytes:
    """Put something in anywhere."""
    at = draw(st.integers(0, len(data)))
    more: bytes = draw(st.binary(min_size=1, max_size=64))
    return data[:at] + more + data[at:]


def overwrite(data: bytes, draw: Draw) -> bytes:
    """Put something in place of a part."""
    at = draw(st.integers(0, len(data) - 1))
    patch: bytes = draw(st.binary(min_size=1, max_size=64))
    return data[:at] + patch + data[at + len(patch) :]


#: Windows has no pipes among its files.
PIPE = ["pipe"] if hasattr(os, "mkfifo") else []


@given(st.data())
@settings(max_examples=40)
def test_no_damage_is_believed_or_stops_a_start(kept: Kept, data: st.DataObject) -> None:
    """Whatever is done to any file of an entry, it is not used, and the answers are the same."""
    with tempfile.TemporaryDirectory() as place:
        damaged = Path(place) / kept.entry.name
        shutil.copytree(kept.entry, damaged)
        manifest = st.just(damaged / "manifest.json")
        path = data.draw(manifest | st.sampled_from(sorted(damaged.glob("*.npy"))))
        content = path.read_bytes()
        damage = data.draw(st.sampled_from([cut, empty, flip, swap, grow, overwrite, None]))
        if damage is None:
            other = data.draw(st.sampled_from(["gone", "folder", "link", *PIPE, "file of another"]))
            path.unlink()
            if other == "folder":
                path.mkdir()
            elif other == "link":
                path.symlink_to(path.name)
            elif other == "pipe":
                os.mkfifo(path)
            elif other == "file of another":
                shutil.copyfile(data.draw(st.sampled_from(sorted(damaged.iterdir()))), path)
                assume(path.read_bytes() != content)
        else:
            changed = damage(content, data.draw)
            assume(changed != content)
            path.write_bytes(changed)
        cache = Cache(Path(place))
        assert cache.load(kept.corpus) is None
        assert answers(Library(kept.corpus, cache)) == kept.answers


@pytest.mark.parametrize("taken", ["entry", "cache"])
@pytest.mark.parametrize("after", [1, 5, 20])
def test_an_entry_that_goes_while_it_is_read_is_no_error(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: str, after: int
) -> None:
    """Another bot on the same cache, or somebody who deletes it, stops no start."""
    shutil.copytree(kept.entry, tmp_path / "cache" / kept.entry.name)
    checked = 0

    def crc32(data: bytes) -> int:
        nonlocal checked
        checked += 1
        if checked == after:
            gone = tmp_path / "cache"
            shutil.rmtree(gone / kept.entry.name if taken == "entry" else gone)
        return zlib.crc32(data)

    monkeypatch.setattr(bot.service.cache, "zlib", SimpleNamespace(crc32=crc32))
    assert answers(Library(kept.corpus, Cache(tmp_path / "cache"))) == kept.answers
    assert checked >= after


def test_two_bots_share_a_cache(kept: Kept, tmp_path: Path) -> None:
    """One starts while the other saves, again and again: none is stopped by the other."""
    cache, library = Cache(tmp_path), Library(kept.corpus)
    failures: list[BaseException] = []
    until = time.monotonic() + 2

    def work(step: Callable[[], object]) -> None:
        try:
            while time.monotonic() < until:
                step()
        except BaseException as error:  # noqa: BLE001  # told by the test
            failures.append(error)

    steps = [
        lambda: cache.save(kept.corpus, library._reading, library.index),
        lambda: cache.save(kept.corpus, library._reading, library.index),
        lambda: cache.load(kept.corpus),
        lambda: cache._entries(kept.corpus),
    ]
    threads = [threading.Thread(target=work, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert cache.load(kept.corpus) is not None


def test_the_newest_entry_comes_first(kept: Kept, tmp_path: Path) -> None:
    """Where another bot's older one could not be removed, it is not preferred."""
    key, _, _ = kept.entry.name.partition("-")
    for name, seconds in (("a", 2000), ("c", 3000), ("b", 1000)):
        (tmp_path / f"{key}-{name}").mkdir()
        os.utime(tmp_path / f"{key}-{name}", (seconds, seconds))
    found = [path.name[-1] for path in Cache(tmp_path)._entries(kept.corpus)]
    assert found == ["c", "a", "b"]


def test_what_a_killed_run_left_goes_after_an_hour(kept: Kept, tmp_path: Path) -> None:
    """Not before: another bot may be writing it."""
    for name, hours in (("old", 2), ("new", 0.5)):
        (tmp_path / f".unfinished-{name}").mkdir()
        then = time.time() - hours * 3600
        os.utime(tmp_path / f".unfinished-{name}", (then, then))
    library = Library(kept.corpus)
    Cache(tmp_path).save(kept.corpus, library._reading, library.index)
    assert [path.name for path in tmp_path.glob(".*")] == [".unfinished-new"]


# What an entry depends on


def test_every_file_of_the_package_counts(tmp_path: Path) -> None:
    """A change of any module or word list, such as the lexicon, makes old entries invalid."""
    package = tmp_path / "bot"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    whole = code_version(package)
    assert whole == code_version()
    files = [path for path in sorted(package.rglob("*")) if path.is_file()]
    assert {".py", ".tsv"} <= {path.suffix for path in files}
    of_kinds = {(path.parent, path.suffix): path for path in files}.values()
    for path in of_kinds:
        before = path.read_bytes()
        path.write_bytes(before + b" ")
        assert code_version(package) != whole, path
        path.write_bytes(before)
    files[0].rename(files[0].with_name("renamed"))
    assert code_version(package) != whole


@pytest.mark.parametrize(
    "library",
    ["htmldate", "jusText", "lxml", "markdown-it-py", "numpy", "pypdf", "PyStemmer", "PyYAML"],
)
def test_a_library_that_reads_counts(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A newer one may read the same file otherwise, also one that another one brings."""
    real, before = importlib.metadata.version, code_version()
    monkeypatch.setattr(
        importlib.metadata,
        "version",
        lambda name: "999" if name.lower() == library.lower() else real(name),
    )
    assert code_version() != before


#: Of the dependencies, those that have no part in what is read and indexed.
NOT_READING = {
    "aiohttp", "discord.py", "filelock", "pydantic", "pydantic-settings", "rapidfuzz", "rich",
    "tomlkit", "watchfiles",
}  # fmt: skip


def test_no_dependency_is_forgotten() -> None:
    """Each one either counts or has no part in reading."""
    pyproject = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))
    needed = {re.split(r"[^\w.-]", one)[0] for one in pyproject["project"]["dependencies"]}
    assert needed - NOT_READING == set(_READERS)


def test_another_version_of_the_code_builds_anew(
    corpus_dir: Path, tmp_path: Path, built: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What other code has stored is not trusted to mean the same."""
    cache = Cache(tmp_path / "cache")
    Library(corpus_dir, cache)
    monkeypatch.setattr(bot.service.cache, "code_version", lambda: "another")
    Library(corpus_dir, cache)
    Library(corpus_dir, cache)
    assert built == [0, 0, 2]


def test_a_pickle_is_never_loaded(corpus_dir: Path, tmp_path: Path, built: list[int]) -> None:
    """An array that would execute code is refused before anything of it is read."""
    cache = Cache(tmp_path / "cache")
    Library(corpus_dir, cache)
    folder = entry(tmp_path / "cache")
    (folder / "spellings.npy").write_bytes(
        b"\x93NUMPY\x01\x00v\x00{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"
        + b" " * 57
        + b"\ncos\nsystem\n(S'touch pwned'\ntR."
    )
    Library(corpus_dir, cache)
    assert built == [0, 0]
    assert not Path("pwned").exists()


def test_a_manifest_of_something_else_is_not_used(
    corpus_dir: Path, tmp_path: Path, built: list[int]
) -> None:
    """A whole manifest that says other things than ours is no entry."""
    cache = Cache(tmp_path / "cache")
    Library(corpus_dir, cache)
    metas: list[Any] = [
        {},
        [],
        {"code": bot.service.cache.code_version()},
        {"code": 1, "arrays": 2, "meta": 3},
    ]
    for meta in metas:
        text = json.dumps(meta)
        digest = sha256(text.encode()).hexdigest()
        (entry(tmp_path / "cache") / "manifest.json").write_text(f"{digest}\n{text}")
        Library(corpus_dir, cache)
    assert built == [0] * 5


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root and Windows may write everywhere"
)
def test_a_folder_that_cannot_be_written_is_a_warning(
    corpus_dir: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The bot runs without a cache, and says in one line that it does."""
    tmp_path.chmod(0o500)
    assert Library(corpus_dir, Cache(tmp_path / "cache")).answer("who ratified it?").answered
    assert "cannot be written: Permission denied" in caplog.text


def test_a_file_in_place_of_the_folder_is_a_warning(
    corpus_dir: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither does a cache that is no folder keep the bot from answering."""
    (tmp_path / "cache").write_text("x")
    assert Library(corpus_dir, Cache(tmp_path / "cache")).answer("who ratified it?").answered
    assert "cannot be written" in caplog.text


def test_two_corpora_share_a_cache(corpus_dir: Path, tmp_path: Path, built: list[int]) -> None:
    """Each folder has its own entry, and keeps it when the other one is saved."""
    cache = Cache(tmp_path / "cache")
    for _ in range(2):
        Library(corpus_dir, cache)
        Library(SHIPPED, cache)
    assert built == [0, 0, 2, 1]


def test_a_unit_that_is_only_a_number_comes_back(tmp_path: Path) -> None:
    """An address names no kind of unit then, and the units behind it keep their numbers."""
    (tmp_path / "rules.en.md").write_text(
        "# Rules\n\n## 1. Chat\n\nBe kind.\n\n## 2. Land\n\n2.1 Stay on it.\n\n2.2 Go.\n"
    )
    reading = scan(tmp_path)
    _, index = load(dump(reading, build_index(reading.corpus)))
    units = reading.corpus.articles[0].original.units
    assert units
    assert index.corpus.articles[0].original.units == units
