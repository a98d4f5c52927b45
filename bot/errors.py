"""Everything the bot can say no to, as one small tree.

::

    TreatyBotError
    ├── SettingsError    settings are missing or wrong (variable, of the first)
    ├── CorpusError      files that cannot be read as articles (problems)
    ├── UnknownArticle   no article has the name that was asked for (name)
    ├── ReindexRunning   a reindex was asked for while another one runs
    ├── CorpusFilesError       the corpus folder cannot be changed that way (kind, name, detail)
    ├── JournalError     the journal cannot be opened, read or written (path, reason)
    ├── StoreError       the cluster of passages cannot be asked or written (address, reason)
    ├── DiscordError     Discord turns the bot away for good
    ├── DemoError        the demo cannot be shown
    └── InitError        the folder that init is to make is in the way

``str(error)`` is what a user reads: one sentence a line, no traceback.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

# Line breaks, control characters, marks that turn the direction of text, and what Python makes of
# a file name that is not UTF-8: none can stand in one line of a terminal or a message.
_UNPRINTABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def printable(name: str) -> str:
    """Return a file's name on one line, unprintable characters as Python would write them."""
    return _UNPRINTABLE.sub(lambda found: ascii(found[0])[1:-1], name)


class TreatyBotError(Exception):
    """The root: catch this where an error is shown to a person."""


class SettingsError(TreatyBotError):
    """A setting is missing or has a wrong value; several may, each on a line of its own.

    ``variable`` is its name in the environment, which ``reason`` continues; ``others`` are further
    ones. The values are never kept: they may be secrets.
    """

    def __init__(self, variable: str, reason: str, *others: tuple[str, str]) -> None:
        told = ((variable, reason), *others)
        super().__init__("\n".join(f"{name} {wrong}" for name, wrong in told))
        self.variable = variable


Numbered = tuple[tuple[str, str], ...]  #: each text behind its number, such as "2" or "¶ 2"


@dataclass(frozen=True, slots=True)
class Row:
    """What belongs together in an original and its translation; one side may lack it."""

    left: Numbered
    right: Numbered

    @property
    def level(self) -> bool:
        """Whether one stands beside one."""
        return len(self.left) == len(self.right) == 1


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two passages, or two runs of passages, that do not line up."""

    left: str  #: what stands on the left, such as "a.md, passage 2": the original
    right: str
    rows: tuple[Row, ...]  #: none where others of the same file are shown already


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in one file: where it is and what to do about it."""

    path: Path
    line: int | None  #: from 1; None where the file as a whole is meant
    reason: str
    pair: SideBySide | None = field(default=None, compare=False)  #: where a translation drifts

    def __str__(self) -> str:
        where = printable(str(self.path))
        return (
            f"{where}: {self.reason}"
            if self.line is None
            else f"{where}:{self.line}: {self.reason}"
        )


class CorpusError(TreatyBotError):
    """The corpus cannot be read; ``problems`` holds every problem found, in file order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (str(p.path), p.line or 0)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UnknownArticle(TreatyBotError):
    """The corpus has no article of a ``name``; the names spelled most alike are told with it."""

    def __init__(self, name: str, closest: Iterable[str]) -> None:
        known = ", ".join(printable(one) for one in closest)
        told = (
            f"the closest by name: {known}" if known else "treaty-bot check lists those there are"
        )
        super().__init__(f"there is no article {printable(name)}; {told}")
        self.name = name


class ReindexRunning(TreatyBotError):
    """A reindex is running already; the second one is refused, not queued."""

    def __init__(self) -> None:
        super().__init__("A reindex is running already; try again when it has ended.")


class CorpusFilesError(TreatyBotError):
    """The corpus folder cannot be changed or read that way; nothing in it was changed.

    ``kind`` names the reason in a word or two, for whoever says it in another language; ``detail``
    is the name, limit or cause that belongs to it.
    """

    def __init__(self, kind: str, name: str, detail: str = "") -> None:
        more = f" ({printable(detail)})" if detail else ""
        super().__init__(f"{printable(name)}: {kind.replace('_', ' ')}{more}")
        self.kind = kind
        self.name = name
        self.detail = detail


class JournalError(TreatyBotError):
    """The journal cannot be opened, read, written or deleted; ``reason`` continues its ``path``."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{printable(str(path))} {reason}")
        self.path = path
        self.reason = reason


class StoreError(TreatyBotError):
    """The cluster that keeps the passages cannot be asked or written now; ``reason`` continues its
    address. ``busy``: it may be asked again in a moment; ``missing``: nothing was written yet.
    """

    def __init__(
        self, address: str, reason: str, *, busy: bool = False, missing: bool = False
    ) -> None:
        super().__init__(f"the passage store {printable(address)} {reason}")
        self.reason = reason
        self.busy = busy
        self.missing = missing


class StoreUnchangeable(StoreError):
    """What the cluster keeps is not changed from Discord."""


class DiscordError(TreatyBotError):
    """Discord turns the bot away, for another reason than its token, and would do so again."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Discord turns the bot away ({reason}); install the newest treaty-bot")


class DemoError(TreatyBotError):
    """The demo cannot be shown: a package is not installed, or its port is taken."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the demo cannot start: {reason}")


class InitError(TreatyBotError):
    """``treaty-bot init`` would have to overwrite something, or lacks the example."""
