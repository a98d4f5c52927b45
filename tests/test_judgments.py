"""The shipped corpus against questions that were judged by reading it: ``judgments.toml``."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from bot.index.build import Index
from bot.service.search import ask

JUDGED: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parent / "judgments.toml").read_text(encoding="utf-8")
)
ANSWERABLE = [entry for entry in JUDGED["judgment"] if entry["accepted"]]
UNANSWERABLE = [entry["question"] for entry in JUDGED["judgment"] if not entry["accepted"]]

#: Of the questions that words reach, at least this share has an accepted sentence first.
LEAST_RIGHT = 0.96

#: Of the 18 paraphrases, as many as this. The floor only rises.
LEAST_PARAPHRASES = 3


def first(index: Index, question: str) -> str | None:
    """Passage and sentence of what is shown first, sure or perhaps."""
    found = ask(index, question)
    shown = found.citations or found.suggestions
    return shown[0].address.split(":")[1] if shown else None


def wrong(index: Index, entries: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    """The questions without an accepted sentence first, and what came first."""
    answers = [(entry, first(index, entry["question"])) for entry in entries]
    return [(entry["question"], got) for entry, got in answers if got not in entry["accepted"]]


def test_the_judgments_are_of_the_shipped_corpus(shipped_index: Index) -> None:
    """Every accepted address exists, no question is judged twice, and there are enough of them."""
    (article,) = shipped_index.corpus.articles
    entries = [*JUDGED["judgment"], *JUDGED["paraphrase"]]
    for address in (address for entry in entries for address in entry["accepted"]):
        passage, sentence = map(int, address.split("."))
        assert article.original.sentence(passage, sentence)
    assert len({entry["question"] for entry in entries}) == len(entries)
    assert len(ANSWERABLE) + len(JUDGED["paraphrase"]) >= 80
    assert len(UNANSWERABLE) >= 24


def test_questions_that_words_reach_are_answered(shipped_index: Index) -> None:
    """Nearly all of them have an accepted sentence first."""
    failures = wrong(shipped_index, ANSWERABLE)
    assert len(failures) <= (1 - LEAST_RIGHT) * len(ANSWERABLE), failures


@pytest.mark.parametrize("question", UNANSWERABLE)
def test_what_the_article_does_not_answer_is_refused(shipped_index: Index, question: str) -> None:
    """Small talk, other subjects, and what the article leaves open: nothing is claimed."""
    assert not ask(shipped_index, question).answered


def test_paraphrases_are_answered_as_often_as_ever(shipped_index: Index) -> None:
    """Questions in other words than the article's are the hard ones; none may get lost again."""
    failures = wrong(shipped_index, JUDGED["paraphrase"])
    assert len(JUDGED["paraphrase"]) - len(failures) >= LEAST_PARAPHRASES, failures
