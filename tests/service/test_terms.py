"""Names and terms that are taught: kept in glossary.toml as its curator wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import CorpusFilesError
from bot.service.corpus_files import CorpusFiles
from bot.service.library import Library
from bot.service.terms import effect_of_tie, terms, tie, tied, untie

GLOSSARY = """# ours
terms = [
  ["sea otter", "Enhydra"],   # the one at sea

  [
    "urchin", "oursin",  # food
  ],
]
"""


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """A library of one source, with a glossary and a question."""
    (tmp_path / "otters.md").write_text("# Otters\n\nThe sea otter eats the urchin.\n\nIt naps.\n")
    (tmp_path / "glossary.toml").write_text(GLOSSARY)
    (tmp_path / "questions.toml").write_text(
        '[[question]]\nquestion = "Where is the echinoid?"\naccepted = ["otters:1.1"]'
    )
    return Library(tmp_path)


def test_a_term_joins_its_group_and_leaves_it(library: Library) -> None:
    """Comments and blank lines stay; a group that would be left with one term goes."""
    files, path = CorpusFiles(library.folder), library.folder / "glossary.toml"
    library.apply(lambda: tie(files, "Lutra", "SEA otter"))
    assert path.read_text() == GLOSSARY.replace('"Enhydra"]', '"Enhydra", "Lutra"]')
    library.apply(lambda: tie(files, "nap", "doze"))
    assert terms(files)[-1] == ("doze", "nap")
    for term in ("lutra", "doze"):
        library.apply(lambda term=term: untie(files, term))  # type: ignore[misc]
    assert path.read_text() == GLOSSARY


def test_a_glossary_is_begun(library: Library) -> None:
    """Where there is none."""
    (library.folder / "glossary.toml").unlink()
    library.apply(lambda: tie(CorpusFiles(library.folder), "Lutra", "sea otter"))
    assert library.corpus.glossary.groups == (("sea otter", "Lutra"),)


@pytest.mark.parametrize(
    ("term", "other", "kind"),
    [
        ("?!", "otter", "no_words"),
        ("otter", "…", "no_words"),
        ("OURSIN", "otter", "tied_already"),
        ("Otter", "otter", "tied_already"),
    ],
)
def test_what_cannot_be_tied_is_refused(library: Library, term: str, other: str, kind: str) -> None:
    """In one sentence that says why, and nothing is changed."""
    with pytest.raises(CorpusFilesError) as refused:
        tie(CorpusFiles(library.folder), term, other)
    assert refused.value.kind == kind
    assert (library.folder / "glossary.toml").read_text() == GLOSSARY


def test_a_file_that_is_no_glossary_is_left_alone(library: Library) -> None:
    """Whether it is no TOML, or another one; a term that is not there is not taken out."""
    files = CorpusFiles(library.folder)
    with pytest.raises(CorpusFilesError) as refused:
        untie(files, "nap")
    assert refused.value.kind == "not_taught"
    for text in ("terms = [", "terms = 3", "terms = [[]]", "terms = [[1]]"):
        (library.folder / "glossary.toml").write_text(text)
        with pytest.raises(CorpusFilesError) as refused:
            tie(files, "nap", "doze")
        assert refused.value.kind == "bad_companion"
        assert (library.folder / "glossary.toml").read_text() == text


def test_the_effect_is_told_before(library: Library) -> None:
    """The corpus's questions are asked with the term and without."""
    group = tied(library.corpus.glossary.groups, "echinoid", "urchin")
    effect = effect_of_tie(library.index, group)
    assert effect.asked == 1
    assert (effect.fixed, effect.regressed) == (("Where is the echinoid?",), ())
