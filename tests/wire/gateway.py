"""The gateway of the Discord on loopback: sessions that outlive their connections.

https://discord.com/developers/docs/events/gateway. Frames are plain JSON: Discord compresses the
transport when asked to, and discord.py reads uncompressed text all the same.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.wire.payloads import BOT, BOT_USER, Payload

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT = 0, 1, 2, 6, 7
INVALID_SESSION, HELLO, HEARTBEAT_ACK = 9, 10, 11


@dataclass
class Session:
    """What one IDENTIFY began: the events since the last one that the client has acknowledged."""

    socket: web.WebSocketResponse | None
    seq: int = 0
    kept: deque[Payload] = field(default_factory=deque)

    async def dispatch(self, event: str, data: Payload) -> None:
        """Send an event, or keep it until the session is resumed."""
        self.seq += 1
        frame = {"op": DISPATCH, "t": event, "s": self.seq, "d": data}
        self.kept.append(frame)
        if self.socket is not None and not self.socket.closed:
            await self.socket.send_json(frame)

    def acknowledge(self, seq: int | None) -> None:
        """Forget what the client has received."""
        while self.kept and seq is not None and self.kept[0]["s"] <= seq:
            self.kept.popleft()


class Gateway:
    """Every session of the bot, and how regularly its heart beats."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.url = ""
        self.interval = 0.25  #: seconds between heartbeats that HELLO asks for
        self.guilds: dict[int, Payload] = {}
        self.sessions: dict[str, Session] = {}
        self.identified = 0
        self.resumed = 0
        self.denial_reason = 0  #: connections turned away with 503
        self.resumable = True
        self.open = True
        self.close_at_identify: int | None = None
        self.beats = 0
        self.latest_beat = 0.0  #: the longest that a heartbeat was late, in seconds
        self.strange: list[str] = []  #: what the bot sent that this gateway does not know
        self.acknowledging = True
        self._numbers = itertools.count(1)
        self._changed = asyncio.Condition()

    async def dispatch(self, event: str, data: Payload) -> None:
        """Send an event to the newest session."""
        await self.newest.dispatch(event, data)

    @property
    def newest(self) -> Session:
        """The session that counts."""
        return next(reversed(self.sessions.values()))

    async def drop(self, code: int = 4000) -> None:
        """Close every connection; the sessions stay."""
        for session in self.sessions.values():
            socket, session.socket = session.socket, None
            if socket is not None and not socket.closed:
                await socket.close(code=code)

    async def send(self, op: int, data: Any = None) -> None:
        """Send a frame that is no event."""
        if self.newest.socket is not None:
            await self.newest.socket.send_json({"op": op, "d": data, "s": None, "t": None})

    async def until(self, count: str, number: int) -> None:
        """Wait until there were so many of ``identified`` or ``resumed``."""
        async with asyncio.timeout(20), self._changed:
            await self._changed.wait_for(lambda: getattr(self, count) >= number)

    async def _count(self, what: str) -> None:
        async with self._changed:
            setattr(self, what, getattr(self, what) + 1)
            self._changed.notify_all()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection of the bot's, from HELLO to its close."""
        if not self.open:
            self.denial_reason += 1
            return web.Response(status=503)
        socket = web.WebSocketResponse(timeout=1)
        await socket.prepare(request)
        interval = self.interval
        await socket.send_json({"op": HELLO, "d": {"heartbeat_interval": interval * 1000}})
        session: Session | None = None
        last_beat = time.monotonic()
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                break
            frame = message.json()
            match frame["op"]:
                case 1:  # HEARTBEAT
                    now = time.monotonic()
                    self.beats += 1
                    self.latest_beat = max(self.latest_beat, now - last_beat - interval)
                    last_beat = now
                    if session is not None:
                        session.acknowledge(frame["d"])
                    if self.acknowledging:
                        await socket.send_json({"op": HEARTBEAT_ACK})
                case 2:  # IDENTIFY
                    session = await self._identify(socket, frame["d"])
                case 6:  # RESUME
                    session = await self._resume(socket, frame["d"])
                case other:
                    self.strange.append(f"gateway op {other}: {frame}")
        if session is not None and session.socket is socket:
            session.socket = None
        return socket

    async def _identify(self, socket: web.WebSocketResponse, data: Payload) -> Session | None:
        if data["token"] != self.token or self.close_at_identify is not None:
            await socket.close(code=self.close_at_identify or 4004)
            return None
        number = f"session-{next(self._numbers)}"
        session = self.sessions[number] = Session(socket)
        await session.dispatch(
            "READY",
            {
                "v": 10,
                "user": BOT_USER,
                "guilds": [{"id": str(one), "unavailable": True} for one in self.guilds],
                "session_id": number,
                "resume_gateway_url": self.url,
                "shard": data["shard"],
                "application": {"id": str(BOT), "flags": 0},
            },
        )
        for guild in self.guilds.values():
            await session.dispatch("GUILD_CREATE", guild)
        await self._count("identified")
        return session

    async def _resume(self, socket: web.WebSocketResponse, data: Payload) -> Session | None:
        session = self.sessions.get(data["session_id"])
        if session is None or not self.resumable or data["token"] != self.token:
            await socket.send_json({"op": INVALID_SESSION, "d": False})
            return None
        session.acknowledge(data["seq"])
        session.socket = socket
        for frame in session.kept:
            await socket.send_json(frame)
        await session.dispatch("RESUMED", {})
        await self._count("resumed")
        return session
