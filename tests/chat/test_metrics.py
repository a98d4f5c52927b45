"""The meter: a line in the log for each question, however it was asked, and counts."""

from __future__ import annotations

import logging
import statistics
from typing import TYPE_CHECKING, Any

import discord
import pytest
import simcord
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.certainty import SURE
from bot.answering.citation import Answer
from bot.chat.metrics import TIMES_KEPT, Metrics, QuestionEvent
from bot.client import TreatyBot
from bot.service.journal import Journal
from bot.service.library import Library
from bot.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.simulated import Place

pytestmark = pytest.mark.simcord(approved_intents=discord.Intents.all())

QUESTION = "Who was the keeper of the lighthouse?"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Any:
    """What has been logged of questions so far, as one dictionary a line."""
    caplog.set_level(logging.INFO)

    def read() -> list[dict[str, str]]:
        found = [r.getMessage() for r in caplog.records if r.name == "bot.chat.metrics"]
        assert all(line.startswith("answered ") for line in found)
        return [dict(pair.split("=", 1) for pair in line.split()[1:]) for line in found]

    return read


def meter_of(place: Place) -> Metrics:
    """The meter of the bot that is connected."""
    bot = place.env.bot
    assert isinstance(bot, TreatyBot)
    return bot.metrics


async def test_every_way_of_asking_is_one_line(place: Place, library: Library, lines: Any) -> None:
    """A question by mention, reply, command, in private, in a channel, by the menu or by an edit is
    one line, which says the way, where, how long it took and how it was answered.
    """
    await place.restart(library, answer_channel_ids=[place.channel.id])
    answer = await place.ask(QUESTION)
    await place.follow_up(answer, "when did she light the lamp?")
    await place.alice.slash(place.channel, "ask", question=QUESTION)
    await place.tell(place.alice.user, QUESTION)
    bob = place.member("bob")
    await bob.send(place.channel, QUESTION)
    message = await bob.send(place.channel, "The treaty was ratified by the Senate")
    await bob.context_menu(place.channel, "Find sources", message)
    asked = await bob.send(place.channel, f"{place.at_bot} who ratified the traety?")
    await bob.edit(asked, f"{place.at_bot} who ratified the treaty?")
    found = lines()
    assert [line["way"] for line in found] == [
        "mention", "reply", "ask", "dm", "channel", "sources", "mention", "edited",
    ]  # fmt: skip
    for line in found:
        assert list(line) == [
            "way", "guild", "channel", "ms", "citations", "confidence", "language",
        ]  # fmt: skip
        private = line["way"] == "dm"
        assert line["guild"] == ("-" if private else str(place.guild.id))
        assert line["channel"] == ("-" if private else str(place.channel.id))
        assert float(line["ms"]) >= 0
        assert int(line["citations"]) >= 1
        assert float(line["confidence"]) >= SURE - 0.01  # written with two digits
        assert line["language"] == "en"


async def test_asking_again_is_a_line(
    place: Place, lines: Any, library: Library, corpus_dir: Path
) -> None:
    """*Ask again* below a stale answer is a question; *Why?* and *Context* are none."""
    answer = await place.ask(QUESTION)
    await place.alice.click(answer, label="Why?")
    await place.alice.click(answer, label="Context")
    text = "# The lighthouse\n\nThe lighthouse had no keeper.\n"
    (corpus_dir / "lighthouse.en.md").write_text(text, encoding="utf-8")
    library.reindex()
    stale = await place.alice.click(answer, label="Why?")
    assert [line["way"] for line in lines()] == ["mention"]
    assert stale.response is not None
    await place.alice.click(stale.response, label="Ask again")
    assert [line["way"] for line in lines()] == ["mention", "again"]


async def test_what_is_no_question_is_no_line(place: Place, lines: Any) -> None:
    """A mention without a question and being asked to wait are not counted."""
    await place.say(place.at_bot)
    for _ in range(7):
        await place.say(f"{place.at_bot} {QUESTION}")
    assert len(lines()) == 4  # the mention alone counted towards the pace of five
    assert meter_of(place).answered == 4


async def test_a_silence_is_counted_as_one(place: Place, lines: Any) -> None:
    """A question that the corpus does not answer has no citations and counts as unanswered."""
    await place.ask("What is the capital of Brazil?")
    (line,) = lines()
    assert line["citations"] == "0"
    metrics = meter_of(place)
    assert (metrics.answered, metrics.unanswered, metrics.times) == (0, 1, 1)


async def test_an_answer_that_was_not_taken_is_not_counted(place: Place, lines: Any) -> None:
    """Where Discord does not take the answer, nobody was answered."""
    place.env.inject_error("POST", "/channels/*/messages", status=500)
    await place.say(f"{place.at_bot} {QUESTION}")
    assert lines() == []


async def test_no_question_and_no_person_is_logged(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    """At any level, the bot's own log holds neither what was asked nor who asked or where in
    private.
    """
    caplog.set_level(logging.DEBUG, logger="bot")
    await place.ask("Who kept the lighthouse, dear xylophone?")
    await place.tell(place.alice.user, "Who kept the lighthouse, dear xylophone?")
    logged = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("bot"))
    assert "xylophone" not in logged
    assert str(place.alice.id) not in logged
    assert str(place.alice.user.dm_channel.id) not in logged
    assert "alice" not in logged


async def test_questions_are_logged_if_asked_for(
    simcord_env: simcord.Env, place: Place, library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    """With LOG_QUESTIONS the text stands at the end of the line, quoted."""
    caplog.set_level(logging.INFO)
    settings = Settings(discord_token=None, log_questions=True)
    journal: Journal | None = None
    await simcord_env.restart_bot(TreatyBot(library, settings, journal, shard_count=1))
    await place.ask('who kept the "lighthouse"?\nanswered way=forged')
    (line,) = [r.getMessage() for r in caplog.records if r.name == "bot.chat.metrics"]
    assert line.endswith(r' question="who kept the \"lighthouse\"?\nanswered way=forged"')


@given(st.lists(st.floats(0, 60), min_size=1, max_size=50))
def test_percentiles(seconds: list[float]) -> None:
    """The median is the lower middle time, the hundredth percentile the longest."""
    metrics = Metrics()
    metrics._seconds.extend(seconds)
    assert metrics.percentile(50) == statistics.median_low(seconds)
    assert metrics.percentile(100) == max(seconds)
    assert metrics.percentile(0) == min(seconds)


def test_the_meter_stays_small() -> None:
    """Only the last times are kept, however many questions there are; counts go on."""
    metrics = Metrics()
    assert metrics.percentile(50) is None
    for _ in range(TIMES_KEPT + 5):
        metrics.record(QuestionEvent("ask", 1, 2, Answer("?", "en")))
    assert (metrics.times, metrics.unanswered) == (TIMES_KEPT, TIMES_KEPT + 5)
