"""What the tests share: a corpus that is small enough to know by heart."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from bot.retrieval.corpus import read_corpus
from bot.retrieval.index import Index, build_index

# A first example reads word lists and stemmers, and machines differ: no test is about time.
settings.register_profile("untimed", deadline=None, max_examples=40)
settings.load_profile("untimed")

TREATY_FR = """\
---
title: Le traité de Pyongyang
language: fr
date: 2024-11-06
url: https://example.org/traite_(2024)
---
Le traité a été ratifié par le Sénat russe. Il compte vingt-trois articles.

Vladimir Poutine s’était rendu à Pyongyang en juin 2024.
"""

TREATY_EN = """\
The treaty was ratified by the Russian Senate. It has twenty-three articles.

Vladimir Putin had travelled to Pyongyang in June 2024.
"""

LIGHTHOUSE = """\
# The lighthouse of Skerry Point

The keeper of the lighthouse was called Ada Quill. She lit the lamp in 1893.

The lamp burned whale oil.
"""


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
