"""The corpus's own names and terms: expressions that mean the same, whatever their language.

``glossary.toml`` beside the articles holds one list, ``terms``, of groups of expressions::

    terms = [
      ["Corée du Nord", "North Korea", "RPDC", "DPRK"],
    ]

An expression of several words is looked for as a whole. In texts and questions alike, every
expression of a group counts as one and the same word.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import CorpusError, Problem
from bot.retrieval.analysis import CONCEPT_MARK, folded_words
from bot.retrieval.toml import MAX_PROBLEMS, line_of, read_toml

GLOSSARY_NAME = "glossary.toml"
_EXPECTED = 'expected terms = [["North Korea", "Corée du Nord"], ...]'


@dataclass(frozen=True, slots=True)
class Concept:
    """A group of the glossary, found at words ``start`` to ``end`` (not included) of a text."""

    form: str  #: stands for all of the group's expressions in the index
    start: int
    end: int


@dataclass(frozen=True)
class Glossary:
    """Groups of expressions that mean the same."""

    groups: tuple[tuple[str, ...], ...] = ()
    _by_first: dict[str, list[tuple[tuple[str, ...], str]]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        for number, group in enumerate(self.groups):
            for expression in group:
                words = tuple(folded_words(expression))
                self._by_first.setdefault(words[0], []).append((words, f"{CONCEPT_MARK}{number}"))
        for expressions in self._by_first.values():
            expressions.sort(key=lambda item: -len(item[0]))  # the longest is tried first

    @property
    def first_words(self) -> Collection[str]:
        """The words that an expression begins with."""
        return self._by_first.keys()

    def find(self, folded: Sequence[str]) -> Iterator[Concept]:
        """The expressions in a text's folded words, from left to right, none within another."""
        place = 0
        while place < len(folded):
            for words, form in self._by_first.get(folded[place], ()):
                end = place + len(words)
                if tuple(folded[place:end]) == words:
                    yield Concept(form, place, end)
                    place = end - 1
                    break
            place += 1


def read_glossary(path: Path) -> Glossary:
    """Read a glossary. Raises CorpusError for what is wrong in it."""
    text, data = read_toml(path)
    terms = data.get("terms", [])
    if not isinstance(terms, list) or set(data) - {"terms"}:
        raise CorpusError([Problem(path, None, _EXPECTED)])
    seen: dict[tuple[str, ...], list[str]] = {}
    problems: list[Problem] = []
    for group in terms:
        if len(problems) >= MAX_PROBLEMS:
            break
        if not isinstance(group, list) or not all(isinstance(item, str) for item in group):
            problems.append(Problem(path, None, f"{_written(group)} is not a group; {_EXPECTED}"))
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
    """What stands in the file, on one line."""
    return json.dumps(item, ensure_ascii=False, default=str)
