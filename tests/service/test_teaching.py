"""What is taught: cited in the question's words, followed through edits, taken back, never more."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.corpus.model import CuratedQuestion
from bot.errors import CorpusFilesError
from bot.service.corpus_files import CorpusFiles
from bot.service.library import Library
from bot.service.search import run_questions
from bot.service.teaching import effect_of, forget, lesson_of, taught_questions, teach

QUESTION = "Is my toaster happy?"
SOURCE = "# Otters\n\nOtters hold hands. They sleep afloat.\n\nOtters eat urchins.\n"
COMMENTED = """# ours

[[question]]
question = "What do otters eat?"   # often asked
accepted = ["otters:2.1"]
"""


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """A library of one source and one curated question."""
    (tmp_path / "otters.md").write_text(SOURCE)
    (tmp_path / "questions.toml").write_text(COMMENTED)
    return Library(tmp_path)


def taught(library: Library, question: str = QUESTION, address: str = "otters:1.2") -> None:
    """Teach an answer."""
    files = CorpusFiles(library.folder)
    library.apply(lambda: teach(files, lesson_of(library.corpus, question, address)))


def addresses(library: Library, question: str = QUESTION) -> list[str]:
    """Return what is cited for a question."""
    return [citation.address for citation in library.answer(question).citations]


def test_a_taught_question_is_sure_and_says_why(library: Library) -> None:
    """Whatever its words, case and accents: it cites the sentence as it stands, as taught."""
    assert not library.answer(QUESTION).answered
    taught(library)
    answer = library.answer("is my TOASTER happy")
    assert answer.certainty == "sure"
    assert [citation.text for citation in answer] == ["They sleep afloat."]
    assert [match.type for match in answer.citations[0].why][-1] == "taught"
    assert not library.answer("Is my kettle happy?").answered
    assert addresses(Library(library.folder)) == ["otters:1.2"]


def test_the_file_stays_the_curators(library: Library) -> None:
    """Comments stay; what is taken back leaves the file as it was."""
    path = library.folder / "questions.toml"
    taught(library)
    assert path.read_text().startswith(COMMENTED)
    assert taught_questions(CorpusFiles(library.folder)) == [(QUESTION, ("otters:1.2",))]
    library.apply(lambda: forget(CorpusFiles(library.folder), "is my toaster HAPPY"))
    assert path.read_text().strip() == COMMENTED.strip()
    assert not library.answer(QUESTION).answered


def test_a_sentence_that_moves_is_followed(library: Library) -> None:
    """It is cited where it stands now, also from what was taught before the edit."""
    taught(library)
    (library.folder / "otters.md").write_text(SOURCE.replace("# Otters\n", "# Otters\n\nNew.\n"))
    assert not library.reindex().problems
    assert addresses(library) == ["otters:2.2"]


def test_a_sentence_that_changes_teaches_nothing(library: Library) -> None:
    """And the reindex says so; teaching and taking back still work."""
    taught(library)
    (library.folder / "otters.md").write_text(SOURCE.replace("sleep afloat", "never sleep"))
    (problem,) = library.reindex().problems
    assert "teaches nothing" in problem.reason
    assert not library.answer(QUESTION).answered
    taught(library, "Who holds hands?", "otters:1.1")
    library.apply(lambda: forget(CorpusFiles(library.folder), QUESTION))
    assert not library.corpus.problems


def test_replay_stays_a_test(library: Library) -> None:
    """The curators' questions are asked again without what was taught."""
    taught(library)
    outcomes = {one.expected.question: one.first for one in run_questions(
        library.index, library.corpus.questions
    )}  # fmt: skip
    assert outcomes[QUESTION] is None
    assert outcomes["What do otters eat?"] == "otters:2.1"


def test_refusals_change_nothing(library: Library) -> None:
    """No sentence, no word, nothing taught, a file that cannot be read."""
    files, before = CorpusFiles(library.folder), (library.folder / "questions.toml").read_bytes()
    for question, address, kind in (
        (QUESTION, "otters:9.9", "no_sentence"),
        ("?!", "otters:1.1", "no_words"),
    ):
        with pytest.raises(CorpusFilesError) as refused:
            lesson_of(library.corpus, question, address)
        assert refused.value.kind == kind
    with pytest.raises(CorpusFilesError) as refused:
        forget(files, "What do otters eat?")
    assert refused.value.kind == "not_taught"
    assert (library.folder / "questions.toml").read_bytes() == before
    (library.folder / "questions.toml").write_text("[[question")
    with pytest.raises(CorpusFilesError) as refused:
        teach(files, lesson_of(library.corpus, QUESTION, "otters:1.1"))
    assert refused.value.kind == "bad_companion"


def test_a_change_is_undone(library: Library) -> None:
    """What teaching did to the folder is taken back by the same means as any change."""
    files, path = CorpusFiles(library.folder), library.folder / "questions.toml"
    change = teach(files, lesson_of(library.corpus, QUESTION, "otters:1.1"))
    files.undo(change)
    assert path.read_text() == COMMENTED


def test_silence_takes_the_place_of_an_answer_and_gives_it_back(library: Library) -> None:
    """Under one entry of the file, whose comments stay."""
    taught(library)
    files, path = CorpusFiles(library.folder), library.folder / "questions.toml"
    library.apply(lambda: teach(files, lesson_of(library.corpus, QUESTION, None)))
    assert path.read_text().startswith(COMMENTED)
    assert path.read_text().count(QUESTION) == 1
    assert taught_questions(files) == [(QUESTION, ())]
    assert not library.answer(QUESTION).answered
    taught(library, address="otters:2.1")
    assert path.read_text().count(QUESTION) == 1
    assert addresses(library) == ["otters:2.1"]


def test_the_effect_on_other_questions_is_told_before(library: Library) -> None:
    """A question that it would break is named, and nothing is kept."""
    before = (library.folder / "questions.toml").read_bytes()
    lesson = lesson_of(library.corpus, "what do Otters eat", "otters:1.2")
    assert effect_of(library.index, lesson).others.asked == 0  # the question itself
    lesson = lesson_of(library.corpus, "what do the otters eat, please?", "otters:1.2")
    effect = effect_of(library.index, lesson)
    assert effect.others.regressed == ("What do otters eat?",)
    assert [citation.address for citation in effect.now] == ["otters:2.1"]
    assert (library.folder / "questions.toml").read_bytes() == before


STEPS = st.sampled_from(
    ["teach", "silence", "forget", "edit", "move", "away", "remove", "back", "reindex", "restart"]
)
AGAIN = (QUESTION, "is your TOASTER so hapy?", "Hello! I came today. Is my toaster happy?")
OTHERS = ("Why is my toaster not happy?", "Is the kettle happy?", "a happy toaster", "toaster?")


@given(steps=st.lists(STEPS, max_size=8), data=st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_nothing_is_claimed_that_was_not_taught(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str], data: st.DataObject
) -> None:
    """In any order of teaching, edits, moves, removals, reindexes and restarts: what is claimed was
    taught for the question, and stands in the sources.
    """
    folder = tmp_path_factory.mktemp("corpus")
    source, other = folder / "otters.md", folder / "seals.md"
    source.write_text(SOURCE)
    other.write_text("Seals bark.\n")
    said = set[str]()
    library = Library(folder)
    for step in steps:
        if step == "teach":
            library.reindex()
            article = data.draw(st.sampled_from(library.corpus.articles))
            passage = data.draw(st.integers(1, len(article.original.passages)))
            said.add(article.original.sentence(passage, 1))
            taught(library, QUESTION, article.address(passage, 1))
        elif step == "silence":
            lesson = CuratedQuestion(QUESTION)
            library.apply(lambda lesson=lesson: teach(CorpusFiles(folder), lesson))  # type: ignore[misc]
            said.clear()
        elif step == "forget" and taught_questions(CorpusFiles(folder)):
            library.apply(lambda: forget(CorpusFiles(folder), QUESTION))
            said.clear()
        elif step == "edit" and source.exists():
            source.write_text(source.read_text().replace("Otters", "Most otters", 2))
        elif step == "move" and source.exists():
            source.write_text(source.read_text().replace("\n\n", "\n\nNew here.\n\n", 1))
        elif step == "away" and source.exists():
            other.write_text(f"{source.read_text()}\n\nSeals bark.\n")
            source.write_text("# Otters\n\nThey have moved.\n")
        elif step == "remove":
            source.unlink(missing_ok=True)
        elif step == "back":
            source.write_text(SOURCE)
            other.write_text("Seals bark.\n")
        elif step == "reindex":
            library.reindex()
        else:
            library = Library(folder)
        texts = " ".join(article.original.text for article in library.corpus.articles)
        for question in AGAIN:
            claimed = {citation.text for citation in library.answer(question).citations}
            assert claimed <= said
            assert all(text in texts for text in claimed)
        assert not any(library.answer(question).answered for question in OTHERS)
