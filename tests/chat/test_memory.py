"""The bot's manners: its patience, fixed questions, and what it tells who can help."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

import discord
import pytest

from bot.chat import memory
from bot.chat.memory import EDIT_SECONDS, RATE_QUESTIONS, RATE_SECONDS, EditableAnswers, RateLimit
from bot.service.library import Library
from tests.simulated import labels_of, question_shown, text_of, texts_of

if TYPE_CHECKING:
    import simcord

    from tests.simulated import Place, Speak

pytestmark = pytest.mark.simcord(approved_intents=discord.Intents.default())

RATIFIED = "Le traité a été ratifié par le Sénat russe."
QUESTION = "who ratified it?"
TOO_FAST = "You're asking too quickly. Please ask again in {} s."


async def ask_until_tired(place: Place) -> None:
    """As many questions as one person may ask at once."""
    for _ in range(RATE_QUESTIONS):
        assert RATIFIED in text_of(await place.ask(QUESTION))


async def test_who_asks_fast_is_told_once(place: Place) -> None:
    """The sixth question within 20 seconds is answered with the time to wait, further ones not."""
    await ask_until_tired(place)
    assert text_of(await place.ask(QUESTION)) == TOO_FAST.format(20)
    await place.env.advance_time(7)
    assert await place.say(f"{place.at_bot} {QUESTION}") == []


async def test_the_wait_is_counted_down(place: Place) -> None:
    """The seconds named are those that are left, rounded up."""
    await ask_until_tired(place)
    await place.env.advance_time(7.5)
    assert text_of(await place.ask(QUESTION)) == TOO_FAST.format(13)


async def test_who_has_waited_may_ask_again(place: Place) -> None:
    """After the time named, questions are answered, and who asks fast again is told again."""
    await ask_until_tired(place)
    await place.ask(QUESTION)
    await place.env.advance_time(RATE_SECONDS)
    await ask_until_tired(place)
    assert text_of(await place.ask(QUESTION)) == TOO_FAST.format(20)


async def test_slow_askers_are_never_told(place: Place) -> None:
    """Who asks every four seconds may go on for ever."""
    for _ in range(3 * RATE_QUESTIONS):
        assert RATIFIED in text_of(await place.ask(QUESTION))
        await place.env.advance_time(RATE_SECONDS / RATE_QUESTIONS)


async def test_others_need_not_wait(place: Place) -> None:
    """One person's haste delays nobody else."""
    await ask_until_tired(place)
    bob = place.member("bob")
    result = await bob.slash(place.channel, "ask", question=QUESTION)
    assert RATIFIED in text_of(result.response)
    await bob.send(place.channel, f"{place.at_bot} {QUESTION}")
    assert RATIFIED in text_of(place.channel.last_message)


@pytest.mark.parametrize(
    ("locale", "told"),
    [("en-US", TOO_FAST), ("fr", "Vous posez vos questions trop vite. Réessayez dans {} s, svp.")],
)
async def test_commands_keep_pace_too(place: Place, speak: Speak, locale: str, told: str) -> None:
    """/ask counts with mentions, and says every time, in private, how long to wait."""
    speak(locale)
    await ask_until_tired(place)
    for seconds in (20, 10):
        result = await place.alice.slash(place.channel, "ask", question=QUESTION)
        assert result.ephemeral
        assert text_of(result.response) == told.format(seconds)
        await place.env.advance_time(10)
    result = await place.alice.slash(place.channel, "ask", question=QUESTION)
    assert RATIFIED in text_of(result.response)


async def test_told_in_the_language_of_the_server(french_place: Place) -> None:
    """Who asks fast by mention is told in the server's language."""
    await ask_until_tired(french_place)
    told = text_of(await french_place.ask(QUESTION))
    assert told == "Vous posez vos questions trop vite. Réessayez dans 20 s, svp."


def test_the_quiet_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is remembered for longer than the pace looks back."""
    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    rate_limit = RateLimit()
    for person in range(1000):
        for _ in range(RATE_QUESTIONS):
            assert rate_limit.wait(person) == 0
        assert rate_limit.wait(person) == RATE_SECONDS
        assert rate_limit.first_refusal(person)
        now += 1
    assert len(rate_limit._asked) <= RATE_SECONDS
    assert len(rate_limit._told) <= RATE_SECONDS


async def question_of_alice(place: Place, text: str = QUESTION) -> discord.Message:
    """A question of Alice's that has been answered."""
    await place.ask(text)
    return [m for m in place.channel.history() if m.author.id == place.alice.id][-1]


def answers(place: Place) -> list[str | None]:
    """The questions that the bot's messages in the channel answer."""
    messages = [m for m in place.channel.history() if m.author.id == place.bot_id]
    return [
        question_shown(m) if "→" in text or m.content else KEEPER if "Ada" in text else QUESTION
        for m in messages
        for text in ["\n".join(texts_of(m))]
    ]


KEEPER = "Who kept the lighthouse?"


@pytest.mark.parametrize("embed_links", [True, False])
async def test_a_mended_question_is_answered_anew(place: Place, *, embed_links: bool) -> None:
    """The answer to an edited question takes the place of the one before, buttons and all."""
    channel = place.restricted(embed_links=embed_links)
    answer = await place.ask("who ratfd", channel=channel)
    question = channel.history()[0]
    await place.env.advance_time(EDIT_SECONDS - 1)
    await place.alice.edit(question, f"{place.at_bot} {KEEPER}")
    _, fixed = channel.history()
    assert fixed.id == answer.id
    assert question_shown(fixed) == KEEPER
    assert "Ada Quill" in text_of(fixed)
    assert bool(fixed.content) != embed_links
    assert labels_of(fixed) == ["Context", "Why?", "Remove"]
    result = await place.alice.click(fixed, label="Context")
    assert "Ada Quill" in text_of(result.response)


async def test_only_the_first_edit_counts(place: Place) -> None:
    """A question is answered anew once; later edits change nothing."""
    question = await question_of_alice(place)
    await place.alice.edit(question, f"{place.at_bot} {KEEPER}")
    await place.alice.edit(question, f"{place.at_bot} What oil burned?")
    assert answers(place) == [KEEPER]


async def test_a_link_preview_is_no_edit(place: Place) -> None:
    """An update that leaves the words alone, as a link preview does, uses up nothing."""
    question = await question_of_alice(place)
    preview = {"embeds": [{"type": "rich", "title": "A preview"}]}
    place.env.backend.edit_message(place.channel.id, question.id, preview)
    await place.env.settle()
    edits = [r for r in place.env.http_requests if r.method == "PATCH"]
    assert edits == []
    await place.alice.edit(question, f"{place.at_bot} {KEEPER}")
    assert answers(place) == [KEEPER]


async def test_late_edits_are_left_alone(place: Place) -> None:
    """Five minutes after the answer, an edit changes nothing."""
    question = await question_of_alice(place)
    await place.env.advance_time(EDIT_SECONDS)
    await place.alice.edit(question, f"{place.at_bot} {KEEPER}")
    assert answers(place) == [QUESTION]


async def test_edits_of_what_was_not_answered(place: Place, library: Library) -> None:
    """An edit makes no question of a message that was none, nor of one before a restart."""
    message = await place.alice.send(place.channel, "hello")
    await place.alice.edit(message, f"{place.at_bot} {KEEPER}")
    assert answers(place) == []
    question = await question_of_alice(place)
    await place.restart(library)
    await place.alice.edit(question, f"{place.at_bot} {KEEPER}")
    assert answers(place) == [QUESTION]


async def test_a_mended_follow_up_still_follows(place: Place) -> None:
    """An edited follow-up is read with the question that it replied to."""
    answer = await place.ask(QUESTION)
    await place.follow_up(answer, f"{place.at_bot} and where?")
    question = place.channel.history()[-2]
    await place.alice.edit(question, f"{place.at_bot} and when?")
    assert answers(place) == [QUESTION, f"{QUESTION} → and when?"]


async def test_a_mended_direct_message(place: Place) -> None:
    """A question in a direct message may be fixed too."""
    user = place.alice.user
    question = await user.send_dm(QUESTION)
    await user.edit(question, KEEPER)
    assert question_shown(user.dm_channel.last_message) == KEEPER


async def test_a_question_edited_away(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    """A question whose edit leaves nothing to answer keeps its answer."""
    question = await question_of_alice(place)
    await place.alice.edit(question, place.at_bot)
    assert answers(place) == [QUESTION]
    assert [r for r in caplog.records if r.levelno >= logging.WARNING] == []


async def test_the_hint_to_an_empty_message_is_mended(place: Place) -> None:
    """Who mentions the bot alone and then adds the question is answered in place of the hint."""
    question = await question_of_alice(place, "")
    await place.alice.edit(question, f"{place.at_bot} {KEEPER}")
    assert answers(place) == [KEEPER]
    assert place.channel.last_message is not None
    assert not place.channel.last_message.content


@pytest.mark.parametrize(("status", "code"), [(403, 50013), (404, 10008), (500, 0)])
async def test_discord_refuses_to_mend(
    place: Place, caplog: pytest.LogCaptureFixture, status: int, code: int
) -> None:
    """An answer that cannot be fixed, as one that was removed, is logged in one line."""
    question = await question_of_alice(place)
    times = 9 if status == 500 else 1
    place.env.inject_error("PATCH", "/channels/*/messages/*", status=status, code=code, times=times)
    await place.alice.edit(question, f"{place.at_bot} {KEEPER}")
    record = [r for r in caplog.records if r.levelno >= logging.WARNING][-1]
    assert "an answer could not be edited" in record.message
    assert record.exc_info is None
    assert answers(place) == [QUESTION]


async def test_few_answers_are_remembered(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the last questions can be fixed, so that memory stays bounded."""
    monkeypatch.setattr(memory, "EDITS_REMEMBERED", 2)
    question = await question_of_alice(place)
    recent = EditableAnswers()
    for number in range(5):
        question.id = number
        recent.remember(question, question)
    question.content = "other words"
    found = []
    for number in range(5):
        question.id = number
        found.append(recent.take(question) is not None)
    assert found == [False, False, False, True, True]


def told(owner: simcord.UserHandle) -> list[str]:
    """What the bot has told a server's owner in private."""
    return [text_of(message) for message in owner.dm_channel.history()]


@pytest.mark.parametrize(
    ("permission", "name"),
    [
        ("send_messages", "Send Messages"),
        ("read_message_history", "Read Message History"),
        ("view_channel", "View Channel"),
    ],
)
async def test_the_owner_is_told_once(place: Place, permission: str, name: str) -> None:
    """Who owns the server is told in private, once a channel, which permission the bot lacks."""
    channel = place.restricted(**{permission: False})
    for _ in range(3):
        await place.say(f"{place.at_bot} {QUESTION}", channel=channel)
    (text,) = told(place.guild.owner)
    assert text.startswith(
        "I was asked something in restricted on Readers, but cannot reply there."
    )
    assert name in text.partition("Missing permissions: ")[2]
    await place.say(f"{place.at_bot} {QUESTION}", channel=place.restricted(send_messages=False))
    assert len(told(place.guild.owner)) == 2


async def test_the_owner_is_told_in_french(french_place: Place) -> None:
    """The owner of a French-speaking server is told in French."""
    channel = french_place.restricted(send_messages=False)
    await french_place.say(f"{french_place.at_bot} {QUESTION}", channel=channel)
    (text,) = told(french_place.guild.owner)
    assert text.startswith("On m’a posé une question dans restricted sur Readers")


async def test_the_owner_is_told_once_of_all_threads(place: Place) -> None:
    """A channel whose threads are closed to the bot is one matter, however many threads it has."""
    channel = place.restricted(send_messages_in_threads=False)
    for _ in range(3):
        await place.say(f"{place.at_bot} {QUESTION}", channel=await place.thread(channel))
    (text,) = told(place.guild.owner)
    assert text.endswith("Missing permissions: Send Messages in Threads.")


@pytest.mark.parametrize(("status", "code"), [(403, 50007), (404, 10013), (500, 0)])
async def test_the_owner_cannot_be_told(
    place: Place, caplog: pytest.LogCaptureFixture, status: int, code: int
) -> None:
    """An owner who takes no direct messages is logged and left in peace; questions elsewhere are
    answered.
    """
    channel = place.restricted(send_messages=False)
    place.env.inject_error("*", "/users/*", status=status, code=code, times=None)
    place.env.inject_error("POST", "/channels/*/messages", status=status, code=code)
    await place.say(f"{place.at_bot} {QUESTION}", channel=channel)
    assert f"the owner of server {place.guild.id} could not be told" in caplog.text
    place.env.backend.faults.clear()
    assert RATIFIED in text_of(await place.ask(QUESTION))
