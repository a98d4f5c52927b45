"""The corpus's own questions, asked again."""

from __future__ import annotations

from collections.abc import Callable

from bot.answering.regression import QuestionResult, RegressionReport, regression
from bot.corpus.model import CuratedQuestion
from bot.index.build import Index
from bot.service.search import run_questions

WHO, COLOUR = (
    CuratedQuestion("Who lit the lamp?", ("en:1.1",)),
    CuratedQuestion("What colour is Mars?"),
)


def test_outcomes_are_what_the_bot_answers(index_of: Callable[..., Index]) -> None:
    """A question is right with an accepted sentence first, or with silence where none is."""
    index = index_of({"en": "Ada lit the lamp. The whale was blue."})
    name = index.corpus.articles[0].name
    lit = CuratedQuestion("Who lit the lamp?", (f"{name}:1.1",))
    wrong = CuratedQuestion("Who lit the lamp?", (f"{name}:1.2",))
    outcomes = run_questions(index, (lit, wrong, COLOUR))
    assert [outcome.right for outcome in outcomes] == [True, False, True]
    assert [outcome.first for outcome in outcomes] == [f"{name}:1.1", f"{name}:1.1", None]


def test_the_effect_names_what_broke_was_mended_or_changed() -> None:
    """Each question stands in one list at most, and not at all where nothing changed."""
    who, two = WHO.question, CuratedQuestion("Who is two?", ("a:1.1", "a:2.1"))
    right, wrong = QuestionResult(WHO, "en:1.1"), QuestionResult(WHO, "en:1.2")
    assert regression([right], [right]) == RegressionReport(1, 1)
    assert regression([right], [wrong]) == RegressionReport(1, 0, regressed=(who,))
    assert regression([wrong], [right]) == RegressionReport(1, 1, fixed=(who,))
    assert regression([wrong], [QuestionResult(WHO, None)]) == RegressionReport(
        1, 0, changed=(who,)
    )
    moved = regression([QuestionResult(two, "a:1.1")], [QuestionResult(two, "a:2.1")])
    assert moved == RegressionReport(1, 1, changed=(two.question,))


def test_the_shipped_questions_are_answered_right(shipped_index: Index) -> None:
    """Every question that the shipped corpus offers has its accepted sentence first."""
    assert shipped_index.corpus.questions
    assert [
        o for o in run_questions(shipped_index, shipped_index.corpus.questions) if not o.right
    ] == []
