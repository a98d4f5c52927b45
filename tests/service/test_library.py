"""The index in service: what a reindex reports, and that it never gets in the way of answers."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import bot.service.library
from bot.answering.citation import Answer
from bot.answering.regression import QuestionResult
from bot.corpus.model import CuratedQuestion
from bot.errors import CorpusError, CorpusFilesError, ReindexRunning, UnknownArticle
from bot.index.build import Index
from bot.service.corpus_files import CorpusFiles
from bot.service.library import CorpusSize, Library
from bot.service.search import run_questions

QUESTION = "What do cats do?"
SHIPPED = Path(__file__).parents[2] / "corpus"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two small articles."""
    (tmp_path / "cats.md").write_text("Cats sleep all day.")
    (tmp_path / "dogs.md").write_text("Dogs bark. Dogs run in the park.")
    return tmp_path


def test_a_library_answers_from_its_folder(folder: Path) -> None:
    """What is loaded is what is answered from."""
    library = Library(folder)
    assert [article.name for article in library.corpus.articles] == ["cats", "dogs"]
    assert library.corpus is library.index.corpus
    assert library.answer("where do dogs run?").citations[0].text == "Dogs run in the park."


def test_a_library_of_a_bad_folder_is_refused(tmp_path: Path) -> None:
    """There is no bot without articles: the start fails with what is wrong."""
    with pytest.raises(CorpusError, match="holds no article"):
        Library(tmp_path)


def test_a_reindex_reports_what_was_added_removed_and_changed(folder: Path) -> None:
    """Articles by name; the sizes are those of the new index."""
    library = Library(folder)
    (folder / "birds.txt").write_text("Birds sing.\n\nBirds fly.")
    (folder / "cats.md").unlink()
    (folder / "dogs.md").write_text("Dogs bark.")
    (folder / "mice.odt").write_text("x")
    report = library.reindex()
    assert report.added == ("birds",)
    assert report.removed == ("cats",)
    assert report.changed == ("dogs",)
    assert report.before == CorpusSize(2, 2, 3)
    assert report.after == CorpusSize(2, 3, 3)
    assert report.skipped == ("mice.odt",)
    assert report.seconds >= 0
    assert library.answer("who sings?").answered or library.answer("birds sing").answered
    assert not library.answer("do cats sleep?").answered


def test_a_reindex_of_the_same_files_changes_nothing(folder: Path) -> None:
    """New times and spaces at the end of a file are no change of an article."""
    library = Library(folder)
    (folder / "cats.md").write_text("Cats sleep all day.  \n\n")
    os.utime(folder / "dogs.md", (0, 0))
    report = library.reindex()
    assert (report.added, report.removed, report.changed) == ((), (), ())


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cats.md", "---\ntitle: On cats\n---\nCats sleep all day."),
        ("cats.md", "---\ndate: 2024-11-06\n---\nCats sleep all day."),
        ("cats.md", "---\nnote: n\n---\nCats sleep all day."),
        ("cats.fr.md", "Les chats dorment toute la journée."),
    ],
)
def test_a_change_beside_the_text_is_a_change(name: str, content: str, folder: Path) -> None:
    """A new title, date, note or translation makes an article a changed one."""
    library = Library(folder)
    (folder / name).write_text(content)
    assert library.reindex().changed == ("cats",)


def test_the_old_index_serves_while_the_new_one_is_built_one_at_a_time(folder: Path) -> None:
    """During a reindex questions are answered from the old index, and a second one is refused."""
    library = Library(folder)
    old = library.index
    # Reading stops at the folder's listing until the test lets it go on: a folder that waits.
    entered, leave = threading.Event(), threading.Event()

    class SlowFolder(type(folder)):  # type: ignore[misc]
        """A folder whose listing takes until the event."""

        def iterdir(self) -> object:
            entered.set()
            assert leave.wait(30)
            return super().iterdir()

    library.folder = SlowFolder(folder)
    (folder / "birds.md").write_text("Birds sing.")
    done: list[object] = []
    thread = threading.Thread(target=lambda: done.append(library.reindex()))
    thread.start()
    try:
        assert entered.wait(30)
        assert library.index is old
        assert not library.answer("birds sing").answered
        assert library.answer("dogs bark").answered
        with pytest.raises(ReindexRunning, match="running already"):
            library.reindex()
    finally:
        leave.set()
        thread.join(30)
    assert len(done) == 1
    assert library.index is not old
    assert library.answer("birds sing").answered


def test_of_many_reindexes_at_once_each_succeeds_or_is_refused(folder: Path) -> None:
    """Threads that reindex and ask at the same time see whole indexes only."""
    library = Library(folder)
    errors: list[BaseException] = []
    reports = 0
    barrier = threading.Barrier(6)

    def reindex() -> None:
        nonlocal reports
        barrier.wait(30)
        for _ in range(10):
            try:
                library.reindex()
            except ReindexRunning:
                continue
            except BaseException as error:  # noqa: BLE001  # reported below, in the test's thread
                errors.append(error)
            reports += 1

    def ask() -> None:
        barrier.wait(30)
        answers = [library.answer("dogs bark") for _ in range(30)]
        errors.extend(AssertionError("not answered") for answer in answers if not answer.answered)

    threads = [threading.Thread(target=target) for target in (reindex, ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not errors
    assert reports
    assert not library.reindex().changed


def test_a_failed_reindex_does_not_block_the_next(folder: Path) -> None:
    """After a bad file is put right, the corpus is reindexed as if nothing had been."""
    library = Library(folder)
    kept = {path: path.read_bytes() for path in folder.iterdir()}
    for path in kept:
        path.unlink()
    with pytest.raises(CorpusError):
        library.reindex()
    for path, data in kept.items():
        path.write_bytes(data)
    (folder / "birds.md").write_text("Birds sing.")
    assert library.reindex().added == ("birds",)


def test_a_change_is_part_of_the_reindex(folder: Path) -> None:
    """The folder is changed before it is read; the report says where what was removed lies."""
    corpus_files = CorpusFiles(folder)
    library = Library(folder)
    report = library.apply(lambda: corpus_files.put("birds.md", b"Birds sing."))
    assert (report.added, report.removed_at) == (("birds",), None)
    report = library.apply(lambda: corpus_files.remove("birds"))
    assert (report.removed, report.removed_at) == (
        ("birds",),
        corpus_files.removed()[0].removed_at,
    )


def test_a_change_that_cannot_be_indexed_is_undone(folder: Path) -> None:
    """The change is undone, the error told, and the old index stays in service."""
    library = Library(folder)
    old = library.index
    with pytest.raises(CorpusError, match=r"birds\.md: holds no text"):
        library.apply(lambda: CorpusFiles(folder).put("birds.md", b""))
    assert not (folder / "birds.md").exists()
    assert library.index is old
    assert not library.reindex().added


@pytest.mark.parametrize("error", [MemoryError, KeyboardInterrupt, OSError, ValueError])
def test_a_change_is_undone_whatever_goes_wrong(folder: Path, error: type[BaseException]) -> None:
    """Not only for a file that is wrong: nothing that ends the reindex leaves half of it."""

    def fail(_done: int, _of: int) -> None:
        raise error

    library = Library(folder)
    with pytest.raises(error):
        library.apply(lambda: CorpusFiles(folder).put("cats.md", b"Cats purr."), fail)
    assert (folder / "cats.md").read_text() == "Cats sleep all day."
    assert not library.last_load.succeeded
    assert not library.reindex().changed


def test_a_change_that_fails_needs_no_undoing(folder: Path) -> None:
    """Its own error comes through, and the next reindex is not blocked."""
    library = Library(folder)
    with pytest.raises(CorpusFilesError):
        library.apply(lambda: CorpusFiles(folder).put("../birds.md", b""))
    assert not library.reindex().added


def test_nothing_is_changed_while_another_reindex_runs(folder: Path) -> None:
    """The change is refused before it is made."""
    library = Library(folder)
    with library._alone(), pytest.raises(ReindexRunning):
        library.apply(lambda: CorpusFiles(folder).put("birds.md", b"Birds sing."))
    assert not (folder / "birds.md").exists()


def test_an_index_is_complete_before_it_goes_into_service(folder: Path) -> None:
    """Nothing that depends on the corpus's size is left for the first answer to work out."""
    library = Library(folder)
    for _ in range(2):
        for part in (library.index, library.corpus):
            lazy = {n for n, m in vars(type(part)).items() if isinstance(m, cached_property)}
            assert lazy
            assert lazy <= vars(part).keys()
        (folder / "cats.md").write_text("Cats purr.")
        library.reindex()


def test_a_reindex_asks_no_index_the_same_question_twice(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The curated questions' last answers are kept for the next comparison."""
    (folder / "questions.toml").write_text(
        '[[question]]\nquestion = "What do cats do?"\naccepted = ["cats:1.1"]\n'
    )
    library = Library(folder)
    asked: list[int] = []

    def counted(index: Index, questions: Iterable[CuratedQuestion]) -> tuple[QuestionResult, ...]:
        asked.append(len(questions := list(questions)))
        return run_questions(index, questions)

    monkeypatch.setattr(bot.service.library, "run_questions", counted)
    for text, regressed, fixed in (
        ("Cats sleep all day.", (), ()),
        ("Birds sing.\n\nWhat do cats do? Cats do nothing.", (QUESTION,), ()),
        ("Cats sleep all day.", (), (QUESTION,)),
    ):
        (folder / "cats.md").write_text(text)
        report = library.reindex().regression
        assert (report.regressed, report.fixed) == (regressed, fixed)
    assert asked == [1, 1, 1, 1]  # the old and the new index at first, then the new one


WORDS = st.sampled_from(
    [
        *"the who ratified it treaty Corée l' qu’il 2024 23 100 000 3,5 traité Sénat".split(),
        *"and when ? ! . « » a b c è œ İ ß 😀 北京 договор ; ``` ** @everyone".split(),
        *("\u0301", "\u200b", "\x00", "\x1b[1m", "\ufeff", "\u202e", "\n", "\n\n", ""),
    ]
)
QUESTIONS = st.text(max_size=200) | st.lists(WORDS, max_size=25).map(" ".join)


def check_answer(answer: Answer) -> None:
    """Assert that every citation is a slice of its article, and the marks slices of it."""
    cited = [*answer, *([answer.closest] if answer.closest else [])]
    for citation in cited:
        original = citation.article.original
        assert citation.text
        assert citation.text in original.text
        passage = original.passages[citation.passage - 1]
        assert passage.sentences[citation.sentence - 1].of(original.text) == citation.text
        for span in citation.matched:
            assert 0 <= span.start < span.end <= len(citation.text)
        for span in citation.matched_translation:
            assert citation.translation is not None
            assert 0 <= span.start < span.end <= len(citation.translation)
    scores = [citation.score for citation in answer]
    assert scores == sorted(scores, reverse=True)
    assert len(answer.citations) <= 3
    assert len({citation.address for citation in answer}) == len(scores)
    assert answer.answered == bool(scores)
    assert answer.closest is None or not answer.answered


@pytest.fixture(scope="module")
def shipped() -> Library:
    """The corpus that is shipped."""
    return Library(SHIPPED)


@settings(max_examples=100)
@given(question=QUESTIONS, previous=st.none() | QUESTIONS)
def test_any_text_is_a_question_whose_answer_is_cited_verbatim(
    shipped: Library, question: str, previous: str | None
) -> None:
    """No question raises, alone or as a follow-up, and no citation is anything but a quote."""
    answer = shipped.answer(question, previous=previous)
    assert answer.question == question
    check_answer(answer)


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(
    texts=st.lists(
        (st.text(max_size=150) | st.lists(WORDS, max_size=40).map(" ".join)).map(
            lambda text: text.encode("utf-8", "replace")
        ),
        min_size=1,
        max_size=3,
    ),
    endings=st.lists(st.sampled_from([".md", ".txt"]), min_size=3, max_size=3),
    question=QUESTIONS,
)
def test_any_text_as_article_is_cited_verbatim(
    texts: list[bytes], endings: list[str], question: str
) -> None:
    """Whatever the articles and the question, what is cited stands in the article."""
    with tempfile.TemporaryDirectory() as name:
        for number, (text, ending) in enumerate(zip(texts, endings, strict=False)):
            (Path(name) / f"{number}{ending}").write_bytes(text)
        try:
            library = Library(Path(name))
        except CorpusError:
            return
    check_answer(library.answer(question))
    for article in library.corpus.articles:
        check_answer(library.answer(article.original.sentence(1, 1)))


@pytest.mark.parametrize("question", ["x" * 100_000, "treaty " * 20_000, "« " * 50_000, "\x00" * 9])
def test_a_very_long_question_is_answered_all_the_same(shipped: Library, question: str) -> None:
    """No length of a question is too much."""
    check_answer(shipped.answer(question))


ANIMALS = {"cats": "sleep", "dogs": "bark", "sea/otters": "float", "sea/deep/squid": "glow"}


@pytest.fixture(scope="module")
def animals(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """An article an animal, two of them in folders; what each animal does is taught too."""
    folder = tmp_path_factory.mktemp("animals")
    taught = ""
    for name, verb in ANIMALS.items():
        path = folder / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        said = f"All animals {verb} at night."
        path.write_text(f"# {path.stem}\n\n## Article 1\n\n{said}\n", encoding="utf-8")
        taught += f'[[question]]\nquestion = "Taught?"\naccepted = ["{name}:1.1"]\n'
        taught += f'sentences = ["{said}"]\n'
    (folder / "questions.toml").write_text(taught, encoding="utf-8")
    return Library(folder)


def sources_of(answer: Answer) -> set[str]:
    """The names of the sources that an answer shows or keeps for *More*."""
    shown = (*answer.citations, *answer.suggestions, *answer.further)
    return {citation.article.name for citation in shown}


@given(
    names=st.sets(st.sampled_from(sorted(ANIMALS))),
    question=st.sampled_from(
        ["What do animals do at night?", "article 1?", "Taught?", "Which animals glow?", "xyzzy?"]
    ),
)
def test_some_sources_answer_as_if_there_were_no_others(
    animals: Library, names: set[str], question: str
) -> None:
    """Within some sources nothing else is shown, and each of them that answers among all does."""
    answer = animals.answer(question, further=9, within=names)
    assert sources_of(answer) <= names
    everything = animals.answer(question, further=9, within=list(ANIMALS))
    assert everything == animals.answer(question, further=9)
    if question != "article 1?":  # one document's is shown whole, several's as perhaps meant
        assert sources_of(everything) & names <= sources_of(answer)


def test_a_folder_stands_for_its_sources(animals: Library) -> None:
    """The name of a folder means all below it, and what is gone among several names nothing."""
    asked = "What do animals do at night?"
    within = {
        "sea": {"sea/otters", "sea/deep/squid"},
        "SEA/deep/": {"sea/deep/squid"},
        "Sea/Otters": {"sea/otters"},
    }
    for name, found in within.items():
        assert sources_of(animals.answer(asked, further=9, within=name)) == found
        assert sources_of(animals.answer(asked, further=9, within=[name, "gone"])) == found
    assert sources_of(animals.answer(asked, within=["gone"])) == set()
    for name in ("gone", "se", "", "/"):
        with pytest.raises(UnknownArticle):
            animals.answer(asked, within=name)
