"""Signs of life: what ``treaty-bot health`` says of them, and the real client giving them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import discord
import pytest
import yarl
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

import bot.service.health
from bot.__main__ import main
from bot.client import TreatyBot
from bot.service.health import STALE_SECONDS, HealthStatus, beating, check, notify, write
from bot.service.library import Library
from bot.settings import Settings

#: Longer than anything here takes; waiting as long as this is a failure.
SECONDS = 20.0

WELL = HealthStatus(1000.0, ready=True, latency=0.045, corpus="0123abcd")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a health file may be."""
    return tmp_path / "health.json"


def test_well(path: Path) -> None:
    """A fresh sign of a connected bot is good, and says how fresh, how fast and on which corpus."""
    write(path, WELL)
    assert check(path, 1003.0) == (
        True,
        "connected to Discord 3 s ago, latency 45 ms, corpus 0123abcd",
    )


@pytest.mark.parametrize("age", [STALE_SECONDS + 1, 86_400, -STALE_SECONDS - 1])
def test_stale(path: Path, age: float) -> None:
    """An old sign, or one from the future, tells of a bot that hangs or was killed."""
    write(path, WELL)
    well, why = check(path, WELL.time + age)
    assert not well
    assert why.endswith(
        f"health.json was last written {age:.0f} s ago: the bot hangs or was killed"
    )


def test_not_connected(path: Path) -> None:
    """A bot that lives but has lost Discord is not well."""
    write(path, HealthStatus(1000.0, ready=False, latency=None, corpus="0123abcd"))
    assert check(path, 1000.0) == (False, "the bot runs, but is not connected to Discord")


def test_no_file(path: Path) -> None:
    """Without a file nothing runs, or it runs with another setting."""
    well, why = check(path, 0.0)
    assert not well
    assert why.startswith("there is no ")
    assert check(path.parent, 0.0)[0] is False


@given(st.binary() | st.recursive(st.none() | st.floats() | st.text(), st.lists).map(
    lambda value: json.dumps({"time": value, "ready": value, "latency": value, "corpus": value})
    .encode()
))  # fmt: skip
def test_anything_else_is_no_sign_of_life(tmp_path_factory: Any, content: bytes) -> None:
    """Whatever stands in the file, the verdict is one line; nonsense is never a good one."""
    path = tmp_path_factory.getbasetemp() / "nonsense.json"
    path.write_bytes(content)
    well, why = check(path, 1e18)
    assert not well
    assert len(why.splitlines()) == 1


def test_the_command(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """``treaty-bot health`` needs no token and no corpus; it prints a sentence and exits 0 or 1."""
    monkeypatch.chdir(path.parent)
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    monkeypatch.setenv("HEALTH_FILE", str(path))
    assert main(["health"]) == 1
    assert capsys.readouterr().out.startswith("unhealthy: there is no ")
    write(path, HealthStatus(time.time(), ready=True, latency=None, corpus="0123abcd"))
    assert main(["health"]) == 0
    assert capsys.readouterr().out.startswith("healthy: connected to Discord ")
    monkeypatch.setenv("HEALTH_FILE", "")
    assert main(["health"]) == 1
    assert capsys.readouterr().err.startswith("treaty-bot: HEALTH_FILE is not set: ")


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A socket in systemd's place; the function gives what it was told so far."""
    if not hasattr(socket, "AF_UNIX"):
        pytest.skip("Windows has neither systemd nor its sockets")
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind(address)
        receiver.setblocking(False)  # noqa: FBT003
        monkeypatch.setenv("NOTIFY_SOCKET", address)
        told: list[str] = []

        def read() -> list[str]:
            with contextlib.suppress(BlockingIOError):
                while True:
                    told.append(receiver.recv(4096).decode())
            return told

        yield read


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has abstract addresses")
def test_notify_in_the_abstract_namespace(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address that begins with @ is one of Linux's abstract ones."""
    name = f"treaty-bot-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind(f"\0{name}")
        receiver.settimeout(SECONDS)
        monkeypatch.setenv("NOTIFY_SOCKET", f"@{name}")
        notify("READY=1")
        assert receiver.recv(4096) == b"READY=1"


def test_notify_harms_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without systemd, or where it does not listen, nothing happens."""
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    notify("READY=1")
    for nobody in ("/nowhere/at/all", "@", "vsock:2:1234", "x" * 500):
        monkeypatch.setenv("NOTIFY_SOCKET", nobody)
        notify("READY=1")


@pytest.mark.skipif(os.name == "nt", reason="Windows lets only administrators make links")
@pytest.mark.parametrize("name", ["health.json", "health.json.new"])
def test_no_link_is_followed(name: str, path: Path) -> None:
    """In a folder that others may write, a link in the file's place leads to no harm elsewhere."""
    other = path.with_name("other")
    other.write_text("precious")
    (path.parent / name).symlink_to(other)
    assert not check(path, WELL.time)[0]
    write(path, WELL)
    assert other.read_text() == "precious"
    assert not path.is_symlink()
    assert check(path, WELL.time)[0]


@pytest.mark.skipif(os.name == "nt", reason="Windows lets only administrators make links")
def test_a_sign_of_life_behind_a_link_is_none(path: Path) -> None:
    """Somebody else's file does not tell that this bot is well."""
    other = path.with_name("other")
    write(other, WELL)
    path.symlink_to(other)
    assert check(path, WELL.time) == (
        False,
        f"{path} cannot be read (too many levels of symbolic links)",
    )


async def until(holds: Callable[[], object]) -> None:
    """Wait until something holds; fails if it does not."""
    async with asyncio.timeout(SECONDS):
        while not holds():  # noqa: ASYNC110  # files and sockets give no events
            await asyncio.sleep(0.01)


async def test_a_file_that_cannot_be_written_is_told_once(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The bot goes on without its file; the log says so once, and the file comes when it can."""
    monkeypatch.setattr(bot.service.health, "BEAT_SECONDS", 0.01)
    beats = 0

    def look() -> HealthStatus:
        nonlocal beats
        beats += 1
        return WELL

    missing = path.parent / "folder" / "health.json"
    async with beating(missing, look):
        await until(lambda: beats > 3)
        assert caplog.text.count("cannot be written") == 1
        missing.parent.mkdir()
        await until(missing.exists)
    assert not missing.exists()
    assert list(missing.parent.iterdir()) == []


_USER = {"id": "1", "username": "bot", "discriminator": "0", "avatar": None}


class Gateway:
    """As much of Discord as a bot needs to be connected to it, on this machine."""

    def __init__(self) -> None:
        self.sockets: list[web.WebSocketResponse] = []
        self.gateway_url = ""
        self.away = False

    async def http(self, request: web.Request) -> web.Response:
        """The bot's application with its user, its commands, and where the gateway is."""
        answer: Any = {"name": "bot", "description": "", "icon": None, "verify_key": "", **_USER}
        answer |= {"bot_public": True, "bot_require_code_grant": False, "owner": _USER}
        if request.path.endswith("/commands"):
            answer = []
        elif request.path.endswith("/gateway/bot"):
            limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
            answer = {"url": self.gateway_url, "shards": 1, "session_start_limit": limit}
        # discord.py reads JSON of exactly this type alone.
        return web.Response(
            body=json.dumps(answer).encode(), headers={"Content-Type": "application/json"}
        )

    async def gateway(self, request: web.Request) -> web.WebSocketResponse:
        """HELLO, READY after IDENTIFY, and a reply to each heartbeat."""
        if self.away:
            raise web.HTTPServiceUnavailable
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        self.sockets.append(ws)
        await ws.send_json({"op": 10, "d": {"heartbeat_interval": 200}})
        async for message in ws:
            payload = json.loads(message.data)
            if payload["op"] == 1:
                await ws.send_json({"op": 11})
            elif payload["op"] in (2, 6):
                ready = {
                    "user": _USER,
                    "guilds": [],
                    "session_id": "s",
                    "shard": [0, 1],
                    "resume_gateway_url": self.gateway_url,
                    "application": {"id": "1", "flags": 0},
                }
                await ws.send_json({"op": 0, "t": "READY", "s": 1, "d": ready})
        return ws


@pytest.fixture
async def gateway(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Gateway]:
    """Discord's addresses lead to this machine."""
    here = Gateway()
    application = web.Application()
    application.router.add_get("/ws{rest:/?}", here.gateway)
    application.router.add_route("*", "/{path:.*}", here.http)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    here.gateway_url = f"ws://{host}:{port}/ws"
    monkeypatch.setattr(discord.http.Route, "BASE", f"http://{host}:{port}")
    gateway = yarl.URL(here.gateway_url)
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", gateway)
    yield here
    for ws in here.sockets:
        await ws.close()
    await runner.cleanup()


async def test_the_client_gives_signs_of_life(
    path: Path,
    corpus_dir: Path,
    gateway: Gateway,
    systemd: Callable[[], list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """From its connection on the bot is well, in the file and to systemd; it is not while Discord
    is away; at its end the file is gone and systemd knows that it stops.
    """
    monkeypatch.setattr(bot.service.health, "BEAT_SECONDS", 0.02)
    settings = Settings(discord_token=None, health_file=path)
    library = Library(corpus_dir)
    client = TreatyBot(library, settings, guild_ready_timeout=0.1)
    async with asyncio.TaskGroup() as tasks, client:
        tasks.create_task(client.start("not.a.token"))
        await until(lambda: "READY=1\nWATCHDOG=1" in systemd())
        assert systemd()[0] == "WATCHDOG=1"  # not ready at once
        await until(lambda: check(path, time.time())[0])
        assert check(path, time.time())[1].endswith(f"corpus {library.corpus.version}")
        gateway.away = True
        await gateway.sockets[0].close(code=4000)
        await until(lambda: "not connected" in check(path, time.time())[1])
        alive = len(systemd())
        gateway.away = False
        await until(lambda: len(systemd()) > alive and check(path, time.time())[0])
    assert check(path, time.time())[1].startswith("there is no ")
    assert systemd()[-1] == "STOPPING=1"
