"""The corpus's own questions, asked again."""

from __future__ import annotations

from collections.abc import Callable

from bot.answering.regression import Effect, Outcome, effect, replay
from bot.corpus.model import Expected
from bot.index.build import Index

WHO, COLOUR = Expected("Who lit the lamp?", ("en:1.1",)), Expected("What colour is Mars?")


def test_outcomes_are_what_the_bot_answers(index_of: Callable[..., Index]) -> None:
    """A question is right with an accepted sentence first, or with silence where none is."""
    index = index_of({"en": "Ada lit the lamp. The whale was blue."})
    name = index.corpus.articles[0].name
    lit = Expected("Who lit the lamp?", (f"{name}:1.1",))
    wrong = Expected("Who lit the lamp?", (f"{name}:1.2",))
    outcomes = replay(index, (lit, wrong, COLOUR))
    assert [outcome.right for outcome in outcomes] == [True, False, True]
    assert [outcome.first for outcome in outcomes] == [f"{name}:1.1", f"{name}:1.1", None]


def test_the_effect_names_what_broke_was_mended_or_changed() -> None:
    """Each question stands in one list at most, and not at all where nothing changed."""
    who, two = WHO.question, Expected("Who is two?", ("a:1.1", "a:2.1"))
    right, wrong = Outcome(WHO, "en:1.1"), Outcome(WHO, "en:1.2")
    assert effect([right], [right]) == Effect(1, 1)
    assert effect([right], [wrong]) == Effect(1, 0, broken=(who,))
    assert effect([wrong], [right]) == Effect(1, 1, mended=(who,))
    assert effect([wrong], [Outcome(WHO, None)]) == Effect(1, 0, changed=(who,))
    moved = effect([Outcome(two, "a:1.1")], [Outcome(two, "a:2.1")])
    assert moved == Effect(1, 1, changed=(two.question,))


def test_the_shipped_questions_are_answered_right(shipped_index: Index) -> None:
    """Every question that the shipped corpus offers has its accepted sentence first."""
    assert shipped_index.corpus.questions
    assert [o for o in replay(shipped_index, shipped_index.corpus.questions) if not o.right] == []
