"""Questions to try: of the corpus, for its reader, and each surely answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.service.examples import EXAMPLES
from bot.service.library import Library

CODE = """---
title: Harbour code
language: en
---

## Article 1

In this code, "vessel" means any boat that floats.

## Article 2

No vessel may anchor in the fairway.
"""


def library_of(folder: Path, **files: str) -> Library:
    """A corpus of some files."""
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return Library(folder)


@pytest.mark.parametrize("language", ["en", "fr", "de"])
@pytest.mark.parametrize("folder", ["corpus", "tests/golden"])
def test_every_example_is_answered(folder: str, language: str) -> None:
    """What somebody is told to try works."""
    library = Library(Path(__file__).parents[2] / folder)
    shown = library.examples(language)
    assert len(shown) == EXAMPLES
    assert all(library.answer(question, fallback_language=language).answered for question in shown)
    assert library.examples(language) is shown


def test_they_are_the_curators_own(corpus_dir: Path) -> None:
    """Those of questions.toml come first, in the reader's language, if they are answered."""
    questions = ("Who ratified the treaty?", "Who was xyzzy?", "Qui a ratifié le traité ?")
    text = "".join(
        f'[[question]]\nquestion = "{question}"\naccepted = ["treaty:1.1"]\n'
        for question in questions
    )
    library = library_of(corpus_dir, questions__toml=text)
    assert library.examples("en")[0] == "Who ratified the treaty?"
    assert library.examples("fr")[0] == "Qui a ratifié le traité ?"
    assert "Who was xyzzy?" not in library.examples("en")


def test_they_are_made_of_terms_units_and_titles(tmp_path: Path) -> None:
    """Without questions.toml they are made of what the sources define, number and are called."""
    library = library_of(tmp_path, code__md=CODE)
    assert library.examples("en") == ("What does vessel mean?", "Article 1?", "Harbour code?")
    assert library.examples("fr")[:2] == ("Que signifie vessel ?", "Article 1 ?")


def test_they_keep_to_the_sources_of_a_channel(tmp_path: Path) -> None:
    """Of several sources, a unit names its own, and no other source is asked."""
    library = library_of(
        tmp_path, code__md=CODE, river__md=CODE.replace("Harbour", "River").replace("boat", "raft")
    )
    assert "Article 1 of Harbour code?" in library.examples("en")
    assert library.examples("en", ["river"])[1:] == ("Article 1?", "River code?")
    assert library.examples("en", ["gone"]) == ()
