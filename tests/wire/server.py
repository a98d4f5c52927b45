"""A small Discord on loopback: the routes that the bot uses, over real sockets, and its bad days.

What it does not know it answers with 404 and notes in ``strange``, which fails the test.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Self

from aiohttp import web

from tests.wire import payloads
from tests.wire.gateway import Gateway
from tests.wire.payloads import BOT, BOT_USER, Payload

TOKEN = "not.a-real.token-0123456789"  # noqa: S105

#: Seconds for which Discord waits for the first response to an interaction.
INTERACTION_SECONDS = 3.0

_JSON = dict[str, Any] | list[Any] | None


class Refused(Exception):
    """A response that is an error, as Discord words them."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"code": code, "message": message}


def _json(data: _JSON, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """A response as Discord sends it: discord.py reads no JSON of another content type."""
    if data is None:
        return web.Response(status=204, headers=headers)
    headers = {"Content-Type": "application/json"} | (headers or {})
    return web.Response(body=json.dumps(data).encode(), status=status, headers=headers)


@dataclass
class Fault:
    """What goes wrong with the next requests whose ``METHOD /path`` a pattern finds."""

    pattern: str
    times: int = 1
    status: int | None = None  #: None: the request is served as usual, if only later
    body: Payload | None = None
    retry_after: float | None = None  #: with 429
    over_all: bool = False  #: a 429 of the global limit
    delay: float = 0.0
    cut: bool = False  #: the connection is closed after the request was served, without a response
    hit: int = 0

    def response(self) -> web.Response | None:
        """The error, if it is one."""
        if self.status is None:
            return None
        headers = {"Via": "1.1 google"}
        body = self.body or {"code": 0, "message": f"error {self.status}"}
        if self.status == 429:
            body = {"message": "You are being rate limited.", "retry_after": self.retry_after}
            body["global"] = self.over_all
            scope = "global" if self.over_all else "user"
            headers |= {"X-RateLimit-Scope": scope, "Retry-After": "1"}
        return _json(body, self.status, headers)


class Discord:
    """The server: use it as a context, and its ``ask`` and ``mention`` as the people."""

    def __init__(
        self, guilds: int = 1, limit: tuple[int, float] = (1000, 1.0), port: int = 0
    ) -> None:
        self.port = port
        self.gateway = Gateway(TOKEN)
        self.gateway.guilds = {
            n: payloads.guild(n) for n in range(10_000, 10_000 + 10 * guilds, 10)
        }
        self.limit = limit  #: messages that a channel takes in so many seconds
        self.faults: list[Fault] = []
        self.strange = self.gateway.strange
        self.requests: Counter[str] = Counter()  #: by method and route
        self.refusals = 0  #: requests with a wrong token
        self.commands: list[Payload] = []
        self.messages: dict[str, Payload] = {}
        self.questions: dict[str, Payload] = {}
        self.deadline = INTERACTION_SECONDS
        #: What each question was answered with, by its id: sent messages and responses.
        self.answers: defaultdict[str, list[Payload]] = defaultdict(list)
        self.order: list[str] = []  #: the ids of questions as they were answered
        self.slowest = 0.0  #: seconds from an interaction to the bot's response
        self._asked: dict[str, float] = {}  # interactions by token
        self._nonces: dict[tuple[str, str], Payload] = {}
        self._windows: dict[str, tuple[float, int]] = {}
        self._answered = asyncio.Condition()
        self._routes = [(re.compile(pattern), serve) for pattern, serve in self._table()]

    # Discord's side: what the tests do.

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=2**20)
        app.router.add_get("/gateway", self.gateway.serve)
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.address = self._runner.addresses[0][:2]
        self.base = "http://{}:{}".format(*self.address)
        self.gateway.url = "ws://{}:{}/gateway".format(*self.address)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.gateway.drop(1001)
        await self._runner.cleanup()

    @property
    def guild(self) -> int:
        """The id of the first server."""
        return next(iter(self.gateway.guilds))

    async def mention(self, text: str, person: int = 1001, guild: int | None = None) -> str:
        """Somebody mentions the bot; the message's id."""
        message = payloads.question(guild or self.guild, person, text)
        self.questions[str(message["id"])] = message
        await self.gateway.dispatch("MESSAGE_CREATE", message)
        return str(message["id"])

    async def ask(self, text: str, person: int = 1001, guild: int | None = None) -> str:
        """Somebody uses /ask; the interaction's id."""
        command = next(one["id"] for one in self.commands if one["name"] == "ask")
        return await self.interact(payloads.ask(guild or self.guild, person, text, command))

    async def interact(self, interaction: Payload) -> str:
        """Somebody uses a command or a button; the interaction's id."""
        self._asked[interaction["token"]] = time.monotonic()
        await self.gateway.dispatch("INTERACTION_CREATE", interaction)
        return str(interaction["id"])

    async def answered(self, *questions: str, seconds: float = 20) -> list[Payload]:
        """Wait until each question has an answer; the first answer to each."""
        async with asyncio.timeout(seconds), self._answered:
            await self._answered.wait_for(lambda: all(q in self.answers for q in questions))
        return [self.answers[question][0] for question in questions]

    async def served(self, hits: int) -> None:
        """Wait until faults have struck so often."""
        async with asyncio.timeout(20):
            while sum(fault.hit for fault in self.faults) < hits:  # noqa: ASYNC110  # a plain number
                await asyncio.sleep(0.01)

    def forget(self) -> None:
        """Forget what was asked and said, as a long load must."""
        for kept in (self.answers, self.order, self.messages, self._asked, self._nonces):
            kept.clear()

    # The bot's side: what it requests.

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        line = f"{request.method} {request.path}"
        fault = next(
            (f for f in self.faults if f.hit < f.times and re.search(f.pattern, line)), None
        )
        if fault:
            fault.hit += 1
            await asyncio.sleep(fault.delay)
            if response := fault.response():
                return response
        response = await self._respond(request, line)
        if fault and fault.cut and request.transport:
            request.transport.close()
        return response

    async def _respond(self, request: web.Request, line: str) -> web.Response:
        signed = "/interactions/" in line or "/webhooks/" in line  # by the token in the path
        if not signed and request.headers.get("Authorization") != f"Bot {TOKEN}":
            self.refusals += 1
            return _json({"code": 0, "message": "401: Unauthorized"}, 401)
        for pattern, serve in self._routes:
            if found := pattern.fullmatch(line):
                self.requests[pattern.pattern] += 1
                body = await request.json() if request.can_read_body else {}
                try:
                    headers = self._spend(found[1]) if serve == self._send else {}
                    return _json(await serve(body, *found.groups()), headers=headers)
                except Refused as error:
                    return _json(error.body, error.status)
        self.strange.append(f"{line}: {await request.text()}")
        return _json({"code": 0, "message": "404: Not Found"}, 404)

    def _spend(self, channel: str) -> dict[str, str]:
        """The headers of a channel's rate limit, one message of which is spent."""
        most, seconds = self.limit
        now = time.monotonic()
        start, spent = self._windows.get(channel, (now, 0))
        if now - start >= seconds:
            start, spent = now, 0
        self._windows[channel] = start, spent + 1
        if spent >= most:
            self.strange.append(f"channel {channel}: {spent + 1} messages within {seconds} s")
        return {
            "X-RateLimit-Limit": str(most),
            "X-RateLimit-Remaining": str(max(0, most - spent - 1)),
            "X-RateLimit-Reset-After": f"{start + seconds - now:.3f}",
            "X-RateLimit-Reset": f"{time.time() + start + seconds - now:.3f}",
            "X-RateLimit-Bucket": "messages",
        }

    def _table(self) -> list[tuple[str, Callable[..., Awaitable[_JSON]]]]:
        return [
            (r"GET /users/@me", self._me),
            (r"GET /gateway/bot", self._gateway_bot),
            (r"GET /oauth2/applications/@me", self._application),
            (r"GET /applications/\d+/commands", self._registered),
            (r"PUT /applications/\d+/commands", self._register),
            (r"POST /channels/(\d+)/messages", self._send),
            (r"GET /channels/\d+/messages/(\d+)", self._fetch),
            (r"PATCH /channels/\d+/messages/(\d+)", self._edit),
            (r"POST /interactions/(\d+)/([\w-]+)/callback", self._callback),
            (r"POST /webhooks/\d+/([\w-]+)", self._follow_up),
            (r"DELETE /webhooks/\d+/([\w-]+)/messages/@original", self._delete_original),
        ]

    async def _me(self, _: Payload) -> _JSON:
        return BOT_USER

    async def _gateway_bot(self, _: Payload) -> _JSON:
        limits = {"total": 1000, "remaining": 999, "reset_after": 1000, "max_concurrency": 1}
        return {"url": self.gateway.url, "shards": 1, "session_start_limit": limits}

    async def _application(self, _: Payload) -> _JSON:
        return payloads.application()

    async def _registered(self, _: Payload) -> _JSON:
        return self.commands

    async def _register(self, commands: Any) -> _JSON:
        known = {"application_id": str(BOT), "version": "1"}
        self.commands = [
            {"description": ""} | one | known | {"id": payloads.snowflake()} for one in commands
        ]
        return self.commands

    async def _send(self, body: Payload, channel: str) -> _JSON:
        again = self._nonces.get((channel, body["nonce"])) if body.get("enforce_nonce") else None
        if again is not None:
            return again
        question = str(body.get("message_reference", {}).get("message_id"))  # sent as a number
        message = self._message(channel, body)
        if question in self.questions:
            asked = self.questions[question]
            place = {"message_id": question, "channel_id": asked["channel_id"]}
            message |= {"message_reference": {"type": 0, **place}, "referenced_message": asked}
        self._nonces[channel, body["nonce"]] = message
        await self._note(question, message)
        return message

    async def _fetch(self, _: Payload, number: str) -> _JSON:
        if number not in self.messages:
            raise Refused(404, 10008, "Unknown Message")
        return self.messages[number]

    async def _edit(self, body: Payload, number: str) -> _JSON:
        self.messages[number] |= {
            key: body[key] for key in ("content", "components") if key in body
        }
        return self.messages[number]

    async def _callback(self, body: Payload, number: str, token: str) -> _JSON:
        asked = self._asked.get(token)
        if number in self.answers:
            raise Refused(400, 40060, "Interaction has already been acknowledged.")
        if asked is None or time.monotonic() - asked > self.deadline:
            raise Refused(404, 10062, "Unknown interaction")
        self.slowest = max(self.slowest, time.monotonic() - asked)
        kind = body["type"]
        answer: Payload = {"interaction": {"id": number, "type": 2}}
        if kind == 4:  # a message
            message = self._message("1", body["data"])
            answer["resource"] = {"type": kind, "message": message}
            await self._note(number, message)
        else:  # deferred (5, 6), or suggestions (8)
            await self._note(number, {"type": kind, "data": body.get("data")})
        return answer

    async def _follow_up(self, body: Payload, token: str) -> _JSON:
        message = self._message("1", body)
        await self._note(f"follow-up {token}", message)
        return message

    async def _delete_original(self, _: Payload, token: str) -> _JSON:
        await self._note(f"deleted {token}", {})
        return None

    def _message(self, channel: str, body: Payload) -> Payload:
        """A message of the bot's, as Discord returns it."""
        shown = {
            key: body[key] for key in ("content", "components", "flags", "nonce") if key in body
        }
        message = payloads.message(channel, BOT_USER, **shown)
        self.messages[message["id"]] = message
        return message

    async def _note(self, question: str, answer: Payload) -> None:
        async with self._answered:
            self.answers[question].append(answer)
            self.order.append(question)
            self._answered.notify_all()
