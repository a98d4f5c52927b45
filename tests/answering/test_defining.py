"""Questions for a meaning: the defining sentence first."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answering.defining import asked_term
from bot.service.library import Library

TEXT = """# Harbour rules

A vessel that enters the harbour pays the harbour master. The vessel is moored by its crew.

In these rules, "vessel" means every craft that floats.

## Demurrage

What is owed for each day that a berth is held too long.
"""


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("What is a vessel?", "vessel"),
        ("what does demurrage mean", "demurrage"),
        ("c'est quoi une escale ?", "escale"),
        ("define vessel", "vessel"),
    ],
)
def test_the_term_of_a_question_is_found(question: str, term: str) -> None:
    """Without what surrounds it."""
    assert (asked_term(question) or "").casefold() == term


@pytest.mark.parametrize("question", ["Who pays the harbour master?", "When is it moored?", ""])
def test_other_questions_ask_for_no_meaning(question: str) -> None:
    """Those for persons and times."""
    assert asked_term(question) is None


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("What is a vessel?", 'In these rules, "vessel" means every craft that floats.'),
        ("What does demurrage mean?", "What is owed for each day that a berth is held too long."),
    ],
)
def test_the_defining_sentence_comes_first(question: str, first: str, tmp_path: Path) -> None:
    """One that says so, or the first below the term as a heading."""
    (tmp_path / "rules.md").write_text(TEXT, encoding="utf-8")
    answer = Library(tmp_path).answer(question)
    assert answer.citations[0].text == first
