"""The corpus's own questions asked again: which are answered by an accepted sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.answering.answer import answer
from bot.corpus.model import Expected
from bot.index.build import Index


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a question was answered with: the address of the first citation, None for silence."""

    expected: Expected
    first: str | None

    @property
    def right(self) -> bool:
        """Whether the first sentence is an accepted one, or silence where none is accepted."""
        if not self.expected.accepted:
            return self.first is None
        return self.first in self.expected.accepted


def replay(index: Index, questions: Iterable[Expected]) -> tuple[Outcome, ...]:
    """Ask each question of an index."""
    outcomes = []
    for expected in questions:
        citations = answer(index, expected.question).citations
        outcomes.append(Outcome(expected, citations[0].address if citations else None))
    return tuple(outcomes)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change of the corpus did to the answers, by question."""

    asked: int = 0
    right: int = 0
    broken: tuple[str, ...] = ()  #: right before, wrong now
    mended: tuple[str, ...] = ()  #: wrong before, right now
    changed: tuple[str, ...] = ()  #: another sentence first, as right or wrong as before


def effect(before: Iterable[Outcome], after: Iterable[Outcome]) -> Effect:
    """Compare the outcomes of the same questions, asked of an old index and of a new one."""
    pairs = list(zip(before, after, strict=True))
    return Effect(
        asked=len(pairs),
        right=sum(new.right for _, new in pairs),
        broken=tuple(n.expected.question for o, n in pairs if o.right and not n.right),
        mended=tuple(n.expected.question for o, n in pairs if n.right and not o.right),
        changed=tuple(
            n.expected.question for o, n in pairs if o.right == n.right and o.first != n.first
        ),
    )
