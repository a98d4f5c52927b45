"""The corpus's own questions asked again: which are answered by an accepted sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.corpus.model import CuratedQuestion


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """What a question was answered with: the address of the first citation, None for silence."""

    expected: CuratedQuestion
    first: str | None

    @property
    def right(self) -> bool:
        """Whether the first sentence is an accepted one, or silence where none is accepted."""
        if not self.expected.accepted:
            return self.first is None
        return self.first in self.expected.accepted


@dataclass(frozen=True, slots=True)
class RegressionReport:
    """What a change of the corpus did to the answers, by question."""

    asked: int = 0
    right: int = 0
    regressed: tuple[str, ...] = ()  #: right before, wrong now
    fixed: tuple[str, ...] = ()  #: wrong before, right now
    changed: tuple[str, ...] = ()  #: another sentence first, as right or wrong as before
    taught: int | None = None  #: right with what was taught; None where nothing was


def regression(
    before: Iterable[QuestionResult], after: Iterable[QuestionResult]
) -> RegressionReport:
    """Compare the outcomes of the same questions, asked of an old index and of a new one."""
    pairs = list(zip(before, after, strict=True))
    return RegressionReport(
        asked=len(pairs),
        right=sum(new.right for _, new in pairs),
        regressed=tuple(n.expected.question for o, n in pairs if o.right and not n.right),
        fixed=tuple(n.expected.question for o, n in pairs if n.right and not o.right),
        changed=tuple(
            n.expected.question for o, n in pairs if o.right == n.right and o.first != n.first
        ),
    )
