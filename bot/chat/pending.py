"""Changes of the corpus that were previewed and wait for a click; kept in memory alone."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from bot.shelf import Change

#: For how long a preview may be agreed to. Discord lets a reply be mended for fifteen minutes
#: (https://discord.com/developers/docs/interactions/receiving-and-responding); five of them are
#: left for the reindex.
PENDING_SECONDS = 600.0
#: How many previews wait, and the bytes of their files together: two of the largest PDFs. The
#: oldest give way.
PENDING_CHANGES = 16
PENDING_BYTES = 100_000_000


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that one person was shown."""

    person: int
    done: str  #: what it does, as the log says it: added, removed, restored
    what: str  #: names of files, separated by commas
    make: Callable[[], Change]  #: raises ShelfError or CorpusError with nothing changed
    size: int = 0  #: bytes that it holds in memory


class Pending:
    """The proposals that wait, by the token that their buttons carry."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, tuple[float, Proposal]] = OrderedDict()

    def keep(self, proposal: Proposal) -> str:
        """Let a proposal wait; its token."""
        token = secrets.token_hex(8)
        self.give_back(token, proposal)
        return token

    def find(self, token: str) -> Proposal | None:
        """The proposal of a token, while it waits."""
        self._forget()
        found = self._waiting.get(token)
        return found[1] if found else None

    def take(self, token: str) -> Proposal | None:
        """The same, once: nobody else gets it."""
        found = self.find(token)
        self._waiting.pop(token, None)
        return found

    def give_back(self, token: str, proposal: Proposal) -> None:
        """Let a proposal that was taken wait again."""
        self._waiting[token] = (time.monotonic(), proposal)
        self._forget()

    def _forget(self) -> None:
        old = time.monotonic() - PENDING_SECONDS
        while self._waiting:
            (since, _) = next(iter(self._waiting.values()))
            size = sum(proposal.size for _, proposal in self._waiting.values())
            crowded = len(self._waiting) > PENDING_CHANGES or size > PENDING_BYTES
            if since > old and not crowded:
                return
            self._waiting.popitem(last=False)
