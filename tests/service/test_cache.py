"""Indexes kept on disk: loaded as they were, or not at all."""

from __future__ import annotations

import json
import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

import bot.service.cache
import bot.service.library
from bot.corpus.model import Corpus
from bot.index.build import Index, build_index
from bot.service.cache import Cache
from bot.service.library import Library
from bot.terminal import to_json

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


def test_every_damage_is_noticed(
    corpus_dir: Path, tmp_path: Path, built: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    """Whichever file is cut short, changed in one bit or gone, the index is built again."""
    folder = tmp_path / "cache"
    cache = Cache(folder)
    expected = answers(Library(corpus_dir, cache))
    names = sorted(path.name for path in entry(folder).iterdir())
    assert len(names) > 20
    for name in names:
        for damage in ("cut", "bit", "gone"):
            path = entry(folder) / name
            data = bytearray(path.read_bytes())
            if damage == "gone":
                path.unlink()
            else:
                data[-1] ^= 1
                path.write_bytes(data if damage == "bit" else data[:-1])
            built.clear()
            caplog.clear()
            library = Library(corpus_dir, cache)
            assert built == [0], (name, damage)
            assert "is not used" in caplog.text
            assert answers(library) == expected


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


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
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
