"""The corpus's own names and terms: expressions that mean the same, whatever their language.

``glossary.toml`` beside the articles holds one list, ``terms``, of groups of expressions::

    terms = [
      ["Corée du Nord", "North Korea", "RPDC", "DPRK"],
    ]

An expression of several words is looked for as a whole. In texts and questions alike, every
expression of a group counts as one and the same word.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from bot.text.tokens import CONCEPT_MARK, folded_words

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

    def extended(self, own: Glossary) -> Glossary:
        """Return the groups with those of another glossary: behind them, or in the group of the
        first expression that both have.
        """
        if not own.groups:
            return self
        groups = [list(group) for group in self.groups]
        place_of = {
            tuple(folded_words(expression)): place
            for place, group in enumerate(groups)
            for expression in group
        }
        for group in own.groups:
            keys = [tuple(folded_words(expression)) for expression in group]
            place = next((place_of[key] for key in keys if key in place_of), len(groups))
            if place == len(groups):
                groups.append([])
            groups[place] += [e for key, e in zip(keys, group, strict=True) if key not in place_of]
        return Glossary(tuple(map(tuple, groups)))

    def expressions(self, form: str) -> tuple[str, ...]:
        """Return the expressions that a concept's form stands for."""
        return self.groups[int(form.removeprefix(CONCEPT_MARK))]

    @property
    def first_words(self) -> Collection[str]:
        """The words that an expression begins with."""
        return self._by_first.keys()

    def find(self, folded: Sequence[str]) -> list[Concept]:
        """Return the expressions in a text's folded words, from left to right, none within
        another.
        """
        found: list[Concept] = []
        place = 0
        while place < len(folded):
            for words, form in self._by_first.get(folded[place], ()):
                end = place + len(words)
                if tuple(folded[place:end]) == words:
                    found.append(Concept(form, place, end))
                    place = end - 1
                    break
            place += 1
        return found
