"""What the tests share: a corpus that is small enough to know by heart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import simcord
from hypothesis import settings
from simcord import interactions

from bot.client import TreatyBot
from bot.corpus.folder import read_corpus
from bot.index.build import Index, build_index
from bot.service.journal import Journal, open_journal
from bot.service.library import Library
from tests import corpora
from tests.corpora import LIGHTHOUSE, TREATY_EN, TREATY_FR
from tests.simulated import Place, Speak, assert_no_pings, build_bot, build_place, forgive_refusals

# A first example reads word lists and stemmers, and machines differ: no test is about time.
settings.register_profile("untimed", deadline=None, max_examples=20)
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def _by_words_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests mean the same whether or not the extra semantic is installed."""
    monkeypatch.setenv("SEMANTIC", "off")


@pytest.fixture
def corpus_dir(tmp_path: Path) -> Path:
    """A folder with a French article, its English rendering, and an English article."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "treaty.md").write_text(TREATY_FR, encoding="utf-8")
    (folder / "treaty.en.md").write_text(TREATY_EN, encoding="utf-8")
    (folder / "lighthouse.en.md").write_text(LIGHTHOUSE, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def shipped_index() -> Index:
    """The corpus that is shipped, indexed."""
    return build_index(read_corpus(Path(__file__).parents[1] / "corpus"))


@pytest.fixture(scope="session")
def index_of() -> Callable[..., Index]:
    """Indexes articles without titles, each given as its texts by language, the original first; a
    line of a text is a passage.
    """
    return corpora.index_of


@pytest.fixture
def library(corpus_dir: Path) -> Library:
    """The small corpus, indexed."""
    return Library(corpus_dir)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """A journal of 30 days, empty."""
    opened = open_journal(tmp_path / "journal.sqlite3", 30)
    assert opened is not None
    yield opened
    opened.close()


@pytest.fixture
def simcord_bot(library: Library) -> TreatyBot:
    """The bot that ``simcord_env`` starts."""
    return build_bot(library)


@pytest.fixture
def place(simcord_env: simcord.Env) -> Iterator[Place]:
    """An English-speaking server. At the end of every test, nothing the bot sent could ping."""
    yield build_place(simcord_env, "en-US")
    assert_no_pings(simcord_env)
    forgive_refusals(simcord_env)


@pytest.fixture
def french_place(simcord_env: simcord.Env) -> Iterator[Place]:
    """The same on a French-speaking server."""
    yield build_place(simcord_env, "fr")
    assert_no_pings(simcord_env)
    forgive_refusals(simcord_env)


@pytest.fixture
def speak(monkeypatch: pytest.MonkeyPatch) -> Speak:
    """Choose the language of the Discord of whoever uses a command from here on."""
    real = interactions.base_payload

    def choose(locale: str) -> None:
        def patched(*args: Any, **options: Any) -> Any:
            record, payload = real(*args, **options)
            payload["locale"] = locale
            return record, payload

        monkeypatch.setattr(interactions, "base_payload", patched)

    return choose
