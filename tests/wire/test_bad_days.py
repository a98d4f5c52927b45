"""Discord's bad days, and that no question is lost or answered twice on them."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest

from bot import connection
from bot.service.library import Library
from tests.wire import payloads
from tests.wire.gateway import RECONNECT
from tests.wire.server import Discord, Fault
from tests.wire.serving import lines, point_at, said, serving, until

KEEPER = "Who was the keeper of the lighthouse?"
ADA = "Ada Quill"
OIL = "What oil did the lamp burn?"

#: A pattern of the requests that carry an answer: to a mention, and to /ask.
SEND = r"POST /channels/\d+/messages"
CALLBACK = r"POST /interactions/.*/callback"


async def assert_answered(server: Discord, *questions: str) -> None:
    """Each question has one answer, the right one."""
    for answer in await server.answered(*questions):
        assert ADA in said(answer)
    for question in questions:
        assert len(server.answers[question]) == 1


@pytest.mark.usefixtures("bot")
async def test_mentions_commands_and_buttons_cross_the_wire(server: Discord) -> None:
    """On a good day a mention, /ask and a click are answered, each once."""
    mention, command = await server.mention(KEEPER), await server.ask(KEEPER)
    await assert_answered(server, mention, command)
    answer = server.answers[mention][0]
    (custom_id,) = re.findall(r"why:en:[A-Za-z0-9_-]{10}(?![A-Za-z0-9_-])", said(answer))
    click = await server.interact(payloads.click(server.guild, 1001, answer, custom_id))
    (why,) = await server.answered(click)
    assert "keeper" in said(why)


async def test_the_commands_are_registered_once(server: Discord, corpus_dir: Path) -> None:
    """A second start finds the commands as they are and registers nothing."""
    for _ in range(2):
        async with serving(server, Library(corpus_dir)):
            pass
    assert sum(n for route, n in server.requests.items() if route.startswith("PUT")) == 1


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("how", ["closed", "cut", "reconnect", "unreachable"])
async def test_a_question_asked_while_the_gateway_was_gone_is_answered(
    server: Discord, how: str
) -> None:
    """The session is resumed, an answer under way arrives, and so do those to questions since."""
    server.faults.append(Fault(SEND, delay=0.2))
    early = await server.mention(KEEPER)
    if how == "reconnect":
        await server.gateway.send(RECONNECT)
    elif how == "cut":
        socket = server.gateway.newest.socket
        assert socket is not None
        assert socket._req is not None
        assert socket._req.transport is not None
        socket._req.transport.abort()
        server.gateway.newest.socket = None
    else:
        server.gateway.open = how != "unreachable"
        await server.gateway.drop()
    gap = [await server.mention(KEEPER, person=1002), await server.mention(KEEPER, person=1003)]
    if how == "unreachable":
        await until(lambda: server.gateway.denial_reason >= 3)
        server.gateway.open = True
    await server.gateway.until("resumed", 1)
    await assert_answered(server, early, *gap)
    assert server.gateway.identified == 1


@pytest.mark.usefixtures("bot")
async def test_a_session_that_is_invalidated_is_begun_anew(server: Discord) -> None:
    """What was asked before and after is answered; the gap is lost, since Discord keeps nothing."""
    before = await server.mention(KEEPER)
    await server.answered(before)
    server.gateway.resumable = False
    await server.gateway.drop()
    lost = await server.mention(KEEPER, person=1002)
    await server.gateway.until("identified", 2)
    after = await server.mention(KEEPER, person=1003)
    await assert_answered(server, before, after)
    assert lost not in server.answers


async def test_a_gateway_that_falls_silent_is_left(server: Discord, corpus_dir: Path) -> None:
    """No frame for longer than the heartbeat's time-out: the bot connects again and resumes."""
    async with serving(server, Library(corpus_dir), heartbeat_timeout=0.6):
        server.gateway.acknowledging = False
        await server.gateway.until("resumed", 1)
        server.gateway.acknowledging = True
        await assert_answered(server, await server.mention(KEEPER))


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("over_all", [False, True])
async def test_rate_limits_delay_answers_and_lose_none(server: Discord, over_all: bool) -> None:
    """After a 429 on every route that answers, and the global one, each question has its answer."""
    mention_fault = Fault(SEND, 2, 429, retry_after=0.1, over_all=over_all)
    command_fault = Fault(CALLBACK, 2, 429, retry_after=0.1, over_all=over_all)
    server.faults += [mention_fault, command_fault]
    asked = [
        *[await server.mention(KEEPER, person=1001 + n) for n in range(3)],
        *[await server.ask(KEEPER, person=1011 + n) for n in range(3)],
    ]
    await assert_answered(server, *asked)
    assert (mention_fault.hit, command_fault.hit) == (2, 2)


@pytest.mark.parametrize("status", [429, 500, 502, 503])
@pytest.mark.parametrize(
    "route",
    ["GET /users/@me", "GET /oauth2", "GET /gateway/bot", "GET /applications", "PUT /applications"],
)
async def test_a_start_on_a_bad_day_succeeds(
    server: Discord, corpus_dir: Path, route: str, status: int
) -> None:
    """Any route that the start needs may fail twice: the bot is connected in the end."""
    fault = Fault(route, 2, status, retry_after=0.05)
    server.faults.append(fault)
    async with serving(server, Library(corpus_dir), ask_shards=True):
        await assert_answered(server, await server.mention(KEEPER))
    assert fault.hit


async def test_a_limit_of_a_channel_is_kept(
    corpus_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More questions than a channel takes at a time are answered later, without one 429."""
    async with Discord(limit=(5, 0.3)) as server:
        point_at(server, monkeypatch)
        async with serving(server, Library(corpus_dir)):
            asked = [await server.mention(KEEPER, person=1001 + n) for n in range(12)]
            await assert_answered(server, *asked)
        assert server.strange == []


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("status", [500, 502, 503])
async def test_an_answer_outlives_errors_of_the_servers(server: Discord, status: int) -> None:
    """A server error twice, then fine: the answers to a mention and to /ask arrive."""
    server.faults += [Fault(SEND, 2, status), Fault(CALLBACK, 2, status)]
    await assert_answered(server, await server.mention(KEEPER), await server.ask(KEEPER))


@pytest.mark.usefixtures("bot")
async def test_a_reply_whose_receipt_is_lost_is_not_shown_twice(server: Discord) -> None:
    """The connection breaks after Discord took the reply: it is sent again under the same nonce."""
    fault = Fault(SEND, 2, cut=True)
    server.faults.append(fault)
    question = await server.mention(KEEPER)
    await assert_answered(server, question)
    await until(lambda: fault.hit == 2)
    await assert_answered(server, question, await server.mention(KEEPER, person=1002))


@pytest.mark.usefixtures("bot")
async def test_a_slow_response_holds_up_nobody_else(server: Discord) -> None:
    """While Discord takes more than three seconds over one reply, others are answered."""
    server.faults += [Fault(SEND, delay=3.2), Fault(CALLBACK, delay=3.2)]
    server.deadline = 4
    slow = [await server.mention(KEEPER), await server.ask(KEEPER, person=1002)]
    await asyncio.sleep(0.05)
    quick = await server.ask(KEEPER, person=1003)
    await assert_answered(server, quick)
    assert not server.answers.keys() & set(slow)
    await assert_answered(server, *slow)


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    ("status", "code"), [(404, 10062), (401, 50027), (400, 40060)], ids=["old", "token", "twice"]
)
async def test_an_interaction_that_expired_is_one_line(
    server: Discord, caplog: pytest.LogCaptureFixture, status: int, code: int
) -> None:
    """Discord takes no answer any more: one line in the log, no trace, and the next is answered."""
    server.faults.append(Fault(CALLBACK, 1, status, {"code": code, "message": "Unknown"}))
    late = await server.ask(KEEPER)
    await assert_answered(server, await server.ask(KEEPER, person=1002))
    await until(lambda: list(lines(caplog, "Discord takes no answer any more")))
    (line,) = lines(caplog, "Discord takes no answer any more")
    assert line.startswith("/ask")
    assert late not in server.answers
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.usefixtures("bot")
async def test_a_server_that_comes_and_goes_is_answered_when_it_is_there(server: Discord) -> None:
    """A server appears, has an outage, comes back, and leaves; the others notice nothing."""
    new = payloads.guild(20_000)
    await server.gateway.dispatch("GUILD_CREATE", new)
    await assert_answered(server, await server.mention(KEEPER, guild=20_000))
    await server.gateway.dispatch("GUILD_DELETE", {"id": "20000", "unavailable": True})
    # Questions that overtake the news of the return.
    await assert_answered(server, await server.mention(KEEPER, person=1002, guild=20_000))
    await server.gateway.dispatch("GUILD_CREATE", new)
    await assert_answered(server, await server.mention(KEEPER, person=1003, guild=20_000))
    await server.gateway.dispatch("GUILD_DELETE", {"id": "20000"})
    # Of a server that the bot is not told of, it answers what is surely for it and nothing else.
    stray = payloads.message(
        20_001, payloads.user(1004), "", guild_id="20000", member=payloads.member()
    )
    await server.gateway.dispatch("MESSAGE_CREATE", stray)
    await assert_answered(server, await server.mention(KEEPER, person=1005))
    assert stray["id"] not in server.answers


@pytest.mark.usefixtures("bot")
async def test_an_answer_may_overtake_the_news_of_its_server(server: Discord) -> None:
    """Right after IDENTIFY a server's name is all that is known: its questions are answered."""
    server.gateway.resumable = False
    server.gateway.guilds[30_000] = {"id": "30000", "unavailable": True}
    await server.gateway.drop()
    await server.gateway.until("identified", 2)
    await assert_answered(server, await server.mention(KEEPER, guild=30_000))


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(("status", "code"), [(403, 50001), (404, 10003)])
async def test_a_bot_that_is_thrown_out_while_answering_serves_the_others(
    server: Discord, caplog: pytest.LogCaptureFixture, status: int, code: int
) -> None:
    """The reply fails with 403 or 404, is not repeated, and the other servers are answered."""
    await server.gateway.dispatch("GUILD_CREATE", payloads.guild(20_000))
    refusal = {"code": code, "message": "Missing Access"}
    fault = Fault("POST /channels/20001/messages", 9, status, refusal, delay=0.1)
    server.faults.append(fault)
    await server.mention(KEEPER, guild=20_000)
    await server.gateway.dispatch("GUILD_DELETE", {"id": "20000"})
    await assert_answered(server, await server.mention(KEEPER, person=1002))
    await until(lambda: list(lines(caplog, "no reply could be sent in channel 20001")))
    assert fault.hit == 1
    assert not [record for record in caplog.records if record.exc_info]


def _strange_events() -> dict[str, tuple[str, dict[str, Any]]]:
    """What Discord may send one day: new fields, types and events, and some it must not send."""
    new = payloads.question(10_000, 1009, KEEPER)
    component = {"type": 99, "id": 1, "whatever": [{"type": 98}]}
    channel = payloads.channel(10_005, 10_000, kind=99)
    return {
        "fields": ("MESSAGE_CREATE", new | {"shiny": {"new": [1]}, "type": 0, "flags": 1 << 40}),
        "message type": ("MESSAGE_CREATE", new | {"type": 250}),
        "component": ("MESSAGE_CREATE", new | {"components": [component]}),
        "embed": ("MESSAGE_CREATE", new | {"embeds": [{"type": "hologram", "shiny": 1}]}),
        "event": ("SHINY_NEW_EVENT", {"id": "1"}),
        "channel type": ("CHANNEL_CREATE", channel),
        "channel": ("MESSAGE_CREATE", new | {"channel_id": "10005"}),
        "interaction type": (
            "INTERACTION_CREATE",
            payloads.ask(10_000, 1009, KEEPER, "1") | {"type": 77},
        ),
        "no author": ("MESSAGE_CREATE", {k: v for k, v in new.items() if k != "author"}),
        "null": ("MESSAGE_CREATE", dict.fromkeys(new)),
        "empty": ("MESSAGE_CREATE", {}),
        "empty interaction": ("INTERACTION_CREATE", {}),
        "empty guild": ("GUILD_CREATE", {}),
        "broken channels": ("GUILD_CREATE", payloads.guild(40_000) | {"channels": [{"type": 0}]}),
    }


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("what", _strange_events())
async def test_what_discord_py_cannot_read_ends_nothing(server: Discord, what: str) -> None:
    """An unknown or broken event is skipped in the same session; the next question is answered."""
    await server.gateway.dispatch(*_strange_events()[what])
    await assert_answered(server, await server.mention(KEEPER))
    assert server.gateway.identified == 1


async def test_a_frame_that_is_no_json_ends_the_connection_and_not_the_bot(
    server: Discord, corpus_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The bot says what happened and connects again."""
    async with serving(server, Library(corpus_dir)):
        assert server.gateway.newest.socket is not None
        await server.gateway.newest.socket.send_str("{")
        await server.gateway.until("identified", 2)
        await assert_answered(server, await server.mention(KEEPER))
    assert len(list(lines(caplog, "not connected to Discord"))) == 1


@pytest.mark.usefixtures("bot")
async def test_one_persons_answers_come_in_order(server: Discord) -> None:
    """The first reply is held up by an error; the person's second waits for it, others do not."""
    server.faults.append(Fault(SEND, 1, 503))
    first = await server.mention(KEEPER)
    second = await server.mention(KEEPER)
    other = await server.mention(KEEPER, person=1002)
    await assert_answered(server, first, second, other)
    assert server.order.index(first) < server.order.index(second)
    assert server.order.index(other) < server.order.index(first)


@pytest.mark.parametrize(
    "error", [OSError("no"), aiohttp.ClientError(), discord.DiscordException()]
)
def test_every_error_has_words(error: Exception) -> None:
    """What is said of a failed connection is one line, never empty."""
    assert connection.describe(error)
    assert "\n" not in connection.describe(error)
