"""The corpus's own questions: what its curators want answered, and by which sentences.

``questions.toml`` beside the articles::

    [[question]]
    question = "who ratified it?"
    accepted = ["treaty:1.1", "treaty:2.3"]   # empty: the corpus should not answer it
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bot.errors import CorpusError, Problem
from bot.retrieval.model import Expected
from bot.retrieval.toml import MAX_PROBLEMS, line_of, read_toml

QUESTIONS_NAME = "questions.toml"
_EXPECTED = 'expected [[question]] tables with question = "..." and accepted = ["article:1.1"]'


def read_questions(path: Path, exists: Callable[[str], bool]) -> tuple[Expected, ...]:
    """Read the questions; ``exists`` tells whether an address is one of the corpus.

    Raises CorpusError for what is wrong.
    """
    text, data = read_toml(path)
    tables = data.get("question", [])
    if set(data) - {"question"} or not isinstance(tables, list):
        raise CorpusError([Problem(path, None, _EXPECTED)])
    questions: list[Expected] = []
    problems: list[Problem] = []
    for table in tables:
        if len(problems) >= MAX_PROBLEMS:
            break
        if not _well_formed(table):
            problems.append(Problem(path, None, f"{_EXPECTED}, not {table!r:.80}"))
            continue
        for address in table["accepted"]:
            if len(problems) < MAX_PROBLEMS and not exists(address):
                name = address.rpartition(":")[0] or "ARTICLE"
                show = f"treaty-bot check --show {name}"
                reason = f'there is no sentence "{address}"; {show} lists those there are'
                problems.append(Problem(path, line_of(text, address), reason))
        questions.append(Expected(table["question"], tuple(table["accepted"])))
    if problems:
        raise CorpusError(problems)
    return tuple(questions)


def _well_formed(table: object) -> bool:
    return (
        isinstance(table, dict)
        and set(table) == {"question", "accepted"}
        and isinstance(table["question"], str)
        and isinstance(table["accepted"], list)
        and all(isinstance(address, str) for address in table["accepted"])
    )
