"""questions.toml, read."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.corpus.companions import QUESTIONS_NAME
from bot.corpus.folder import read_corpus
from bot.corpus.model import CuratedQuestion


def read(folder: Path, content: str) -> tuple[CuratedQuestion, ...]:
    """The questions of a corpus of one article, a.md, with one sentence."""
    (folder / "a.md").write_text("Ada lit the lamp.", encoding="utf-8")
    (folder / QUESTIONS_NAME).write_text(content, encoding="utf-8")
    return read_corpus(folder).questions


def test_questions_are_read_in_order(tmp_path: Path) -> None:
    """Each with the addresses of its accepted sentences; none for what should not be answered."""
    tables = '[[question]]\nquestion = "Who?"\naccepted = ["a:1.1"]\n'
    tables += '[[question]]\nquestion = "What?"\naccepted = []\n'
    assert read(tmp_path, tables) == (CuratedQuestion("Who?", ("a:1.1",)), CuratedQuestion("What?"))
    assert read(tmp_path, "") == ()


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ('[[question]]\nquestion = "Who?"\naccepted = ["a:1.2"]', 3, 'no sentence "a:1.2"'),
        ('[[question]]\nquestion = "Who?"\naccepted = ["b:1.1"]', 3, 'no sentence "b:1.1"'),
        ('[[question]]\nquestion = "Who?"', None, "expected"),
        ("[[question]]\nquestion = 3\naccepted = []", None, "expected"),
        ('[[question]]\nquestion = "Who?"\naccepted = "a:1.1"', None, "expected"),
        ("[[questions]]", None, "expected"),
        ("question = 1", None, "expected"),
        ("[[question", 1, "is not valid TOML"),
    ],
)
def test_a_mistake_is_one_line(tmp_path: Path, content: str, line: int | None, reason: str) -> None:
    """It names the file and, where it can be told, the line; the articles are read."""
    assert read(tmp_path, content) == ()
    (problem,) = read_corpus(tmp_path).problems
    assert problem.path.name == QUESTIONS_NAME
    assert problem.line == line
    assert reason in problem.reason
    assert len(str(problem).splitlines()) == 1


def test_a_stale_address_costs_its_question_alone(tmp_path: Path) -> None:
    """The others are asked; one that loses its only sentence does not turn into silence."""
    tables = '[[question]]\nquestion = "Who?"\naccepted = ["a:1.1", "a:9.9"]\n'
    tables += '[[question]]\nquestion = "What?"\naccepted = ["a:9.9"]\n'
    assert read(tmp_path, tables) == (CuratedQuestion("Who?", ("a:1.1",)),)
    problems = read_corpus(tmp_path).problems
    assert [problem.reason.partition(";")[0] for problem in problems] == [
        'there is no sentence "a:9.9"'
    ] * 2
