"""Short memory: who asks too fast, whose question may still be edited, and who voted how.

All of it is kept in memory alone, and bounded.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from weakref import WeakValueDictionary

import discord

from bot.service.corpus_files import Change

#: Questions that one person may ask within RATE_SECONDS.
RATE_QUESTIONS = 5
RATE_SECONDS = 20.0

#: For how long a question may be edited to be answered anew, and how many are remembered.
EDIT_SECONDS = 300.0
EDITS_REMEMBERED = 500

#: How many votes are remembered, so that a person's second vote on a message changes the first.
#: Kept in memory alone, since the journal knows no people.
VOTES_REMEMBERED = 10_000


class RateLimit:
    """How fast each person asks; forgotten when they have been quiet for a while."""

    def __init__(self) -> None:
        self._asked: OrderedDict[int, deque[float]] = OrderedDict()
        self._told: set[int] = set()

    def wait(self, person: int) -> float:
        """Seconds until this person may ask again; 0: now, and the question counts."""
        now = time.monotonic()
        self._forget(now)
        asked = self._asked.setdefault(person, deque())
        while asked and now - asked[0] >= RATE_SECONDS:
            asked.popleft()
        if len(asked) >= RATE_QUESTIONS:
            return RATE_SECONDS - (now - asked[0])
        asked.append(now)
        self._asked.move_to_end(person)
        self._told.discard(person)
        return 0.0

    def first_refusal(self, person: int) -> bool:
        """Whether this person has not yet been told to wait since they last could ask."""
        first = person not in self._told
        self._told.add(person)
        return first

    def _forget(self, now: float) -> None:
        while self._asked:
            person, asked = next(iter(self._asked.items()))
            if asked and now - asked[-1] < RATE_SECONDS:
                return
            del self._asked[person]
            self._told.discard(person)


class UserQueue:
    """Each person's questions are answered one after the other, in the order they were asked."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def of(self, person: int, patience: float | None = None) -> AsyncIterator[None]:
        """Wait for this person's earlier answers, at most ``patience`` seconds if it is given."""
        lock = self._locks.get(person) or asyncio.Lock()
        self._locks[person] = lock
        held = False
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                held = await lock.acquire()
        try:
            yield
        finally:
            if held:
                lock.release()


class EditableAnswers:
    """The replies to the last questions, to be answered anew once if their question is edited."""

    def __init__(self) -> None:
        self._replies: OrderedDict[int, tuple[str, discord.Message, float]] = OrderedDict()
        #: questions whose reply is on its way: their text, and what they were edited to meanwhile
        self._expected: dict[int, tuple[str, discord.Message | None]] = {}

    def expect(self, question: discord.Message) -> None:
        """Note that a reply is on its way."""
        self._expected[question.id] = (question.content, None)

    def forget(self, question: discord.Message) -> None:
        """Expect no reply any more."""
        self._expected.pop(question.id, None)

    def remember(self, question: discord.Message, reply: discord.Message) -> discord.Message | None:
        """Note what a message was answered with; the message as edited meanwhile, if it was."""
        asked, edited = self._expected.pop(question.id, (question.content, None))
        if edited is not None and edited.content != asked:
            return edited
        self._replies[question.id] = (asked, reply, time.monotonic())
        while len(self._replies) > EDITS_REMEMBERED:
            self._replies.popitem(last=False)
        return None

    def take(self, question: discord.Message) -> discord.Message | None:
        """Return the reply to a message whose text has changed; each is given once, and not for
        long.
        """
        if expected := self._expected.get(question.id):
            self._expected[question.id] = (expected[0], question)
            return None
        found = self._replies.get(question.id)
        if found is None or found[0] == question.content:
            return None
        del self._replies[question.id]
        _, reply, when = found
        return reply if time.monotonic() - when < EDIT_SECONDS else None


class Votes:
    """Who voted how on which message, as long as the bot runs."""

    def __init__(self) -> None:
        self._votes: OrderedDict[tuple[int, int], str] = OrderedDict()

    def change(self, message: int, person: int, way: str) -> dict[str, int]:
        """Return what a vote changes in the counts: nothing for the same vote again."""
        before = self._votes.pop((message, person), None)
        self._votes[message, person] = way
        while len(self._votes) > VOTES_REMEMBERED:
            self._votes.popitem(last=False)
        return {} if before == way else {way: 1, **({before: -1} if before else {})}

    def undo(self, message: int, person: int, change: dict[str, int]) -> None:
        """Take back a change that could not be counted."""
        self._votes.pop((message, person), None)
        for way in (way for way, by in change.items() if by < 0):
            self._votes[message, person] = way


#: For how long a preview may be agreed to. Discord lets a reply be edited for fifteen minutes
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
    done: str  #: what it does, as the log says it: added, removed, restored, taught
    what: str  #: names of files, separated by commas
    make: Callable[[], Change]  #: raises CorpusFilesError or CorpusError with nothing changed
    size: int = 0  #: bytes that it holds in memory
    folder: Path = field(kw_only=True)  #: of the sources that it changes


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
        """Return the proposal of a token, while it waits."""
        self._forget()
        found = self._waiting.get(token)
        return found[1] if found else None

    def take(self, token: str) -> Proposal | None:
        """Return the same, once: nobody else gets it."""
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
