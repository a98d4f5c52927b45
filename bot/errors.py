"""Everything the bot can say no to, as one small tree.

::

    TreatyBotError
    ├── SettingsError    a setting is missing or wrong (variable)
    ├── CorpusError      files that cannot be read as articles (problems)
    └── ReindexRunning   a reindex was asked for while another one runs

``str(error)`` is what a user reads: one sentence a line, no traceback.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


class TreatyBotError(Exception):
    """The root: catch this where an error is shown to a person."""


class SettingsError(TreatyBotError):
    """A setting is missing or has a wrong value.

    ``variable`` is its name in the environment. The value is never kept: it may be a secret.
    """

    def __init__(self, variable: str, reason: str) -> None:
        super().__init__(f"{variable}: {reason}")
        self.variable = variable


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in one file: where it is and what to do about it."""

    path: Path
    line: int | None  #: from 1; None where the file as a whole is meant
    reason: str

    def __str__(self) -> str:
        where = str(self.path) if self.line is None else f"{self.path}:{self.line}"
        return f"{where}: {self.reason}"


class CorpusError(TreatyBotError):
    """The corpus cannot be read; ``problems`` holds every problem found, in file order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (str(p.path), p.line or 0)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ReindexRunning(TreatyBotError):
    """A reindex is running already; the second one is refused, not queued."""

    def __init__(self) -> None:
        super().__init__("A reindex is running already; try again when it has ended.")
