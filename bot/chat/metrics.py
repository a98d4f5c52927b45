"""What the bot has answered since it started: counts and times, without questions or people."""

from __future__ import annotations

import asyncio
import datetime
import logging
import math
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Literal

import discord

from bot.answering.citation import Answer
from bot.errors import JournalError
from bot.logs import logfmt
from bot.service.journal import Journal

log = logging.getLogger(__name__)

Entry = Literal[
    "ask", "mention", "reply", "dm", "channel", "edited", "sources", "again", "follow_up", "help"
]

#: Of how many questions the times are kept, the last ones.
TIMES_KEPT = 1000


@dataclass(slots=True)
class QuestionEvent:
    """A question on its way: how and where it was asked, and the answer when there is one."""

    way: Entry
    guild: int | None
    channel: int | None
    answer: Answer | None = None
    began: float = field(default_factory=time.perf_counter)


class Metrics:
    """Counts what was answered and writes a line a question into the log."""

    def __init__(self, *, log_questions: bool = False) -> None:
        self._log_questions = log_questions
        self._seconds: deque[float] = deque(maxlen=TIMES_KEPT)
        self.started = datetime.datetime.now(datetime.UTC)
        self.answered = 0  #: questions with at least one citation
        self.unanswered = 0  #: questions answered with a silence

    def record(self, asked: QuestionEvent) -> None:
        """Count a question when Discord has taken its answer; nothing where there was none to give,
        such as to a greeting without a question.
        """
        if asked.answer is None:
            return
        seconds = time.perf_counter() - asked.began
        self._seconds.append(seconds)
        if asked.answer.answered:
            self.answered += 1
        else:
            self.unanswered += 1
        log.info("answered %s", self._line(asked, asked.answer, seconds))

    def _line(self, asked: QuestionEvent, answer: Answer, seconds: float) -> str:
        return logfmt(
            way=asked.way,
            guild=asked.guild,
            channel=asked.channel if asked.guild else None,  # a private one is a person's
            ms=f"{seconds * 1000:.1f}",
            citations=len(answer.citations),
            confidence=f"{answer.confidence:.2f}",
            language=answer.language,
            **({"question": answer.question} if self._log_questions else {}),
        )

    @property
    def times(self) -> int:
        """How many questions the percentiles are of."""
        return len(self._seconds)

    def percentile(self, percent: float) -> float | None:
        """Return the nearest-rank percentile of the times in seconds, from hearing a question to
        Discord's having its answer; None before the first.
        """
        if not self._seconds:
            return None
        rank = math.ceil(percent / 100 * len(self._seconds))
        return sorted(self._seconds)[max(rank, 1) - 1]


def asked_in(message: discord.Message, *, edited: bool = False) -> QuestionEvent:
    """Return the question that a message for the bot asks."""
    guild = message.guild.id if message.guild else None
    return QuestionEvent("edited" if edited else _way_of(message), guild, message.channel.id)


def _way_of(message: discord.Message) -> Entry:
    if message.guild is None:
        return "dm"
    if message.reference:
        return "reply"
    me, role = message.guild.me, message.guild.self_role
    return "mention" if me in message.mentions or role in message.role_mentions else "channel"


async def note_gap(journal: Journal | None, answer: Answer, guild: discord.Guild | None) -> None:
    """Note in the journal, if there is one, what a server asked in vain."""
    if journal is None or guild is None or guild.me is None:
        return
    if answer.answered or answer.taught:  # that nothing answers it may be what was taught
        return
    try:
        await asyncio.to_thread(journal.gap, answer.question, guild.id)
    except JournalError as error:
        log.warning("a gap could not be noted: %s", error)
