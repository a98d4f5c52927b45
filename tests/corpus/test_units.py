"""Units of a document: articles, annexes, paragraphs, and what only looks like them."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.corpus.folder import read_corpus
from bot.corpus.model import Rendering

BODY = "The parties shall keep the lighthouse in good repair."


def read(folder: Path, text: str, name: str = "a.md") -> Rendering:
    """The original of a document of one file."""
    (folder / name).write_text(text, encoding="utf-8")
    return read_corpus(folder).articles[0].original


def names(rendering: Rendering) -> list[tuple[str, str]]:
    """Kind and number of each unit that is no paragraph or point."""
    return [(unit.key.kind, unit.key.number) for unit in rendering.units if not unit.key.points]


STYLES = [
    ["## Article {}", "Article {}", "ARTICLE {}", "Art. {}. –", "### Article {} – Fees"],
    ["## Section {}", "## § {}", "## Clause {}", "## Rule {}"],
]


@pytest.mark.parametrize("style", [style for row in STYLES for style in row])
def test_numbers_that_run_on_are_units(style: str, tmp_path: Path) -> None:
    """However the heading is written."""
    text = "# A pact\n\n" + "\n\n".join(f"{style.format(n)}\n\n{BODY}" for n in range(1, 5))
    assert [number for _, number in names(read(tmp_path, text))] == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    "text",
    [
        "# Shopping\n\n1. Milk\n2. Eggs\n3. A loaf of bread",
        "# News\n\nThe senate discussed Article 5 of the pact. Article 7 was left out.",
        "# Versions\n\n| Version | Date |\n|---|---|\n| 1 | May |\n| 2 | June |",
    ],
    ids=["list", "prose", "table"],
)
def test_what_only_looks_like_units_is_none(text: str, tmp_path: Path) -> None:
    """A numbered list, articles in running prose, a table of versions."""
    assert names(read(tmp_path, text)) == []


def test_numbers_start_anew_in_an_annex(tmp_path: Path) -> None:
    """Its articles are not those of the main part."""
    text = (
        "# A pact\n\n"
        + "\n\n".join(f"## Article {n}\n\n{BODY}" for n in (1, 2, 3))
        + "\n\n# Annex A\n\n"
        + "\n\n".join(f"## Article {n}\n\n{BODY}" for n in (1, 2))
    )
    keys = [unit.key for unit in read(tmp_path, text).units]
    assert len(keys) == len(set(keys))
    assert len([key for key in keys if key.kind == "article" and key.number == "1"]) == 2


@given(count=st.integers(2, 12))
def test_every_passage_below_a_units_heading_is_in_it(count: int) -> None:
    """And in no other."""
    with tempfile.TemporaryDirectory() as folder:
        text = "# A pact\n\n" + "\n\n".join(
            f"## Article {n}\n\nThe party number {n} pays." for n in range(1, count + 1)
        )
        rendering = read(Path(folder), text)
    held = [
        (passage.unit, passage.span.of(rendering.text))
        for passage in rendering.passages
        if passage.unit
    ]
    assert held == [(n, f"The party number {n} pays.") for n in range(1, count + 1)]
