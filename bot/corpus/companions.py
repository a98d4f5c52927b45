"""The corpus's own questions: what its curators want answered, and by which sentences.

``questions.toml`` beside the articles::

    [[question]]
    question = "who ratified it?"
    accepted = ["treaty:1.1", "treaty:2.3"]   # empty: the corpus does not answer it
    sentences = ["...", "..."]   # what stands there: the question is taught, see bot.corpus.taught
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

from bot.corpus.model import CuratedQuestion
from bot.errors import CorpusError, Problem
from bot.text.glossary import Glossary
from bot.text.tokens import folded_words

QUESTIONS_NAME = "questions.toml"
_MOVED = "teach it anew or remove it, for its sentence no longer stands once in the sources; it was"
_EXPECTED_TERMS = 'expected terms = [["North Korea", "Corée du Nord"], ...]'
_EXPECTED = 'expected [[question]] tables with question = "..." and accepted = ["article:1.1"]'


def read_questions(path: Path) -> tuple[CuratedQuestion, ...]:
    """Read the questions. Raises CorpusError for what is wrong."""
    _, data = read_toml(path)
    tables = data.get("question", [])
    if set(data) - {"question"} or not isinstance(tables, list):
        raise CorpusError([Problem(path, None, _EXPECTED)])
    questions: list[CuratedQuestion] = []
    problems: list[Problem] = []
    for table in tables:
        if len(problems) >= MAX_PROBLEMS:
            break
        if not _well_formed(table):
            problems.append(Problem(path, None, f"{_EXPECTED}, not {table!r:.80}"))
            continue
        sentences = tuple(table.get("sentences", ()))
        questions.append(CuratedQuestion(table["question"], tuple(table["accepted"]), sentences))
    if problems:
        raise CorpusError(problems)
    return tuple(questions)


def stale_answers(path: Path, lost: Iterable[tuple[CuratedQuestion, str]]) -> list[Problem]:
    """Return what is wrong with questions whose sentence is not at its address any more."""
    text = ""
    with suppress(OSError, UnicodeDecodeError):  # it was told already
        text = path.read_text(encoding="utf-8-sig")
    problems = []
    for question, address in islice(lost, MAX_PROBLEMS):
        show = f"treaty-bot check --show {address.rpartition(':')[0] or 'ARTICLE'}"
        reason = f'there is no sentence "{address}"; {show} lists those there are'
        if question.sentences:
            reason = f"{question.question!r:.80} teaches nothing: {_MOVED} {address}"
        problems.append(Problem(path, line_of(text, address), reason))
    return problems


def _well_formed(table: object) -> bool:
    return (
        isinstance(table, dict)
        and {"question", "accepted"} <= set(table) <= {"question", "accepted", "sentences"}
        and isinstance(table["question"], str)
        and isinstance(table["accepted"], list)
        and all(isinstance(address, str) for address in table["accepted"])
        and isinstance(sentences := table.get("sentences", []), list)
        and len(sentences) in (0, len(table["accepted"]))
        and all(isinstance(sentence, str) for sentence in sentences)
    )


#: Bytes of the largest file: some 20,000 questions, which tomllib reads in 2 s.
MAX_TOML_BYTES = 2_000_000


#: With so many problems in a file, the others are told when these are fixed.
MAX_PROBLEMS = 100


_LINE = re.compile(r"at line (\d+)")


# Strings and comments, which may be of any length. What is left are the names of keys, which have
# few parts here, and numbers, which have few digits: tomllib's memory grows with the square of the
# parts of a key, and Python does not write numbers of more than 4,300 digits.
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?(?:"""|\Z)|\'\'\'.*?(?:\'\'\'|\Z)'
    r'|"(?:[^"\\\n]|\\[^\n])*+"?|\'[^\'\n]*+\'?|#[^\n]*+',
    re.DOTALL,
)


_MOST_DOTS = 32  # in a line


_OVERLONG = re.compile(r"\w{200}")


def read_toml(path: Path) -> tuple[str, dict[str, Any]]:
    """Return a file's text and what it says. Raises CorpusError where it cannot be read."""
    try:
        if (size := path.stat().st_size) > MAX_TOML_BYTES:
            reason = f"has {size:,} bytes, more than {MAX_TOML_BYTES:,}; remove what is not needed"
            raise CorpusError([Problem(path, None, reason)])
        text = path.read_text(encoding="utf-8-sig")
        _check_overlong(path, text)
        return text, tomllib.loads(text)
    except OSError as error:
        reason = f"cannot be read ({(error.strerror or str(error)).lower()}); fix it or remove it"
        raise CorpusError([Problem(path, None, reason)]) from error
    except UnicodeDecodeError as error:
        reason = "is not UTF-8 text; save the file as UTF-8"
        raise CorpusError([Problem(path, None, reason)]) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place = _LINE.search(str(error))
        line = int(place[1]) if place else text.count("\n") + 1  # "at end of document"
        raise CorpusError([Problem(path, line, f"is not valid TOML: {error}")]) from error


def _check_overlong(path: Path, text: str) -> None:
    """Raise CorpusError for a key or a number longer than any that has a meaning here."""
    bare = _STRING.sub(lambda found: "\n" * found[0].count("\n"), text)
    for number, line in enumerate(bare.split("\n"), 1):
        if line.count(".") > _MOST_DOTS or _OVERLONG.search(line):
            reason = "is not valid TOML: a name or a number is too long"
            raise CorpusError([Problem(path, number, reason)])


def line_of(text: str, written: str) -> int | None:
    """Return the last line that holds a string: where the later of two stands.

    None if none does.
    """
    place = max(text.rfind(f"{mark}{written}{mark}") for mark in "\"'")
    return text.count("\n", 0, place) + 1 if place >= 0 else None


GLOSSARY_NAME = "glossary.toml"


def read_glossary(path: Path) -> Glossary:
    """Read a glossary. Raises CorpusError for what is wrong in it."""
    text, data = read_toml(path)
    terms = data.get("terms", [])
    if not isinstance(terms, list) or set(data) - {"terms"}:
        raise CorpusError([Problem(path, None, _EXPECTED_TERMS)])
    seen: dict[tuple[str, ...], list[str]] = {}
    problems: list[Problem] = []
    for group in terms:
        if len(problems) >= MAX_PROBLEMS:
            break
        if not isinstance(group, list) or not all(isinstance(item, str) for item in group):
            problems.append(
                Problem(path, None, f"{_written(group)} is not a group; {_EXPECTED_TERMS}")
            )
            continue
        if len(group) < 2:  # noqa: PLR2004  # one expression means the same as nothing else
            reason = f"the group {_written(group)} needs two expressions or more"
            problems.append(Problem(path, line_of(text, group[0]) if group else None, reason))
        for item in group:
            words = tuple(folded_words(item))
            if not words:
                reason = f"{_written(item)} holds no word"
                problems.append(Problem(path, line_of(text, item), reason))
            elif seen.setdefault(words, group) is not group:
                reason = f"{_written(item)} stands in two groups; keep one of the two"
                problems.append(Problem(path, line_of(text, item), reason))
    if problems:
        raise CorpusError(problems)
    return Glossary(tuple(tuple(group) for group in terms))


def _written(item: object) -> str:
    """Return what stands in the file, on one line."""
    return json.dumps(item, ensure_ascii=False, default=str)
