"""The demo: the real bot in a simulated Discord, on a page that only this machine can open."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import webbrowser
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from bot import demo
from bot.__main__ import main
from bot.errors import DemoError
from bot.service.library import Library
from bot.settings import Settings

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpus"


@dataclass
class Page:
    """The page as a browser sees it."""

    address: str
    token: str
    client: aiohttp.ClientSession
    state: dict[str, Any] = field(default_factory=dict)

    async def call(self, path: str, body: Any = None) -> dict[str, Any]:
        """What the page's server answers to a request that carries the token."""
        headers = {"X-Simcord-Capability": self.token}
        if self.state:
            headers["X-Simcord-Context"] = self.state["context"]["id"]
        method = "GET" if body is None else "POST"
        async with self.client.request(
            method, self.address + path, json=body, headers=headers
        ) as response:
            assert response.status == 200, await response.text()
            return dict(await response.json())

    async def read(self) -> list[dict[str, Any]]:
        """The messages, oldest first."""
        self.state = (
            await self.call("api/state") if self.state else await self.call("api/pages", {})
        )
        return [self.state["messages"][identity] for identity in self.state["timeline"]]

    async def type(self, text: str) -> dict[str, Any]:
        """Send a message; the last one on the page afterwards."""
        done = await self.call(
            "api/action",
            {
                "kind": "send_message",
                "content": text,
                "protocol_version": self.state["protocolVersion"],
                "published_revision": self.state["publishedRevision"],
                "generation": self.state["context"]["generation"],
                "bot_generation": self.state["botGeneration"],
                "sequence": 1,
                "request_id": "typed",
            },
        )
        assert done["settlement"] == "settled", done
        return (await self.read())[-1]


@pytest.fixture(scope="module")
def shipped() -> Library:
    """The corpus that is shipped."""
    return Library(CORPUS)


@pytest.fixture
async def page(
    shipped: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Page]:
    """The demo's page, opened."""
    monkeypatch.setattr(demo, "CLOCK_STEP", 0.01)
    announced: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    settings = Settings(discord_token=None, journal_file=tmp_path / "journal.sqlite3")
    running = asyncio.create_task(
        demo.show(shipped, settings, port=0, announce=announced.set_result)
    )
    ends: set[asyncio.Future[Any]] = {announced, running}
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    address, _, token = announced.result().partition("#")
    async with aiohttp.ClientSession() as client:
        yield Page(address, token, client)
    running.cancel()
    await asyncio.wait({running})


def text_of(message: dict[str, Any]) -> str:
    """All there is to read in a message, whatever it is made of."""
    return json.dumps(message, ensure_ascii=False)


async def test_a_first_answer_is_there(page: Page) -> None:
    """The server, the channel with its topic in two languages, a question and its answer."""
    question, answer = await page.read()
    assert "who ratified it?" in question["content"]
    assert answer["author"]["name"] == "treaty-bot"
    assert "par le Sénat russe ce mercredi" in text_of(answer)
    assert "Type “@treaty-bot " in page.state["channel"]["topic"]
    assert "Écrivez « @treaty-bot " in page.state["channel"]["topic"]


async def test_a_typed_question_is_answered(page: Page) -> None:
    """@treaty-bot, as one types it, is the bot's mention."""
    await page.read()
    answer = await page.type("@Treaty-Bot combien d'articles contient le traité ?")
    assert answer["author"]["name"] == "treaty-bot"
    assert "vingt-trois" in text_of(answer)


async def test_the_page_is_for_this_machine_and_its_token(page: Page) -> None:
    """Another address of this machine is refused, as is a request without or with a wrong token."""
    parts = urlsplit(page.address)
    assert parts.hostname == "127.0.0.1"
    assert parts.port is not None
    with pytest.raises(OSError, match=r".*"):
        socket.create_connection(("127.0.0.2", parts.port), timeout=1).close()
    for headers in ({}, {"X-Simcord-Capability": "guessed"}):
        async with page.client.post(
            f"{page.address}api/pages", json={}, headers=headers
        ) as response:
            assert response.status == 401
    async with page.client.get(page.address, headers={"Host": "example.org"}) as response:
        assert response.status == 403


async def test_the_clock_of_the_demo_runs(page: Page) -> None:
    """Messages have the time at which they are sent."""
    first, _ = await page.read()
    await asyncio.sleep(0.1)
    last = await page.type("@treaty-bot when?")
    at = datetime.fromisoformat(last["timestamp"])
    assert at > datetime.fromisoformat(first["timestamp"])
    assert abs(datetime.now(UTC) - at) < timedelta(seconds=30)


async def test_the_journal_of_the_real_bot_is_left_alone(shipped: Library, tmp_path: Path) -> None:
    """What the settings say about servers, the journal and a supervisor is not for the demo."""
    journal, health = tmp_path / "journal.sqlite3", tmp_path / "health.json"
    journal.write_bytes(b"not touched")
    settings = Settings(
        discord_token=None,
        journal_file=journal,
        health_file=health,
        admin_guild_ids=frozenset({1}),
        journal_days=7,
        servers_dir=tmp_path / "servers",
    )
    async with demo.connected(shipped, settings) as env:
        visitor, channel = await demo.open_server(env)
        assert channel.guild is not None
        await visitor.slash(channel, "settings", every_question=True)
        await visitor.send(channel, "who ratified it?")
        assert len(channel.history()) == 2
        assert not settings.servers_dir.exists()
        assert not health.exists()
    assert journal.read_bytes() == b"not touched"


async def test_a_port_that_is_taken_is_one_sentence(shipped: Library) -> None:
    """The demo names the port and the option for another."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(DemoError, match=rf"^the demo cannot start: .* port {port}; .*--port$"):
            await demo.show(shipped, Settings(), port=port, announce=print)


class _Browser(webbrowser.BaseBrowser):
    """A browser that only notes what it is asked to open."""

    def __init__(self) -> None:
        super().__init__("noting")
        self.opened = asyncio.Event()
        self.loop = asyncio.get_running_loop()

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:  # noqa: ARG002
        self.loop.call_soon_threadsafe(self.opened.set)
        return True


async def test_a_browser_with_windows_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """One of the terminal would take it over, and none at all is no error."""
    browser = _Browser()
    monkeypatch.setattr(webbrowser, "get", lambda: browser)
    demo.open_browser("http://127.0.0.1/")
    await asyncio.wait_for(browser.opened.wait(), 10)
    browser.opened.clear()
    monkeypatch.setattr(webbrowser.GenericBrowser, "open", browser.open)
    monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.GenericBrowser("w3m"))
    demo.open_browser("http://127.0.0.1/")

    def no_browser() -> webbrowser.BaseBrowser:
        raise webbrowser.Error

    monkeypatch.setattr(webbrowser, "get", no_browser)
    demo.open_browser("http://127.0.0.1/")
    await asyncio.sleep(0.05)
    assert not browser.opened.is_set()


@pytest.mark.parametrize("package", ["simcord", "regex"])
def test_without_the_extra_it_says_what_to_install(
    package: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence, exit code 1, and no traceback; neither a corpus nor a token is asked for."""
    monkeypatch.setitem(sys.modules, package, None)
    assert main(["demo", "--corpus", "gone"]) == 1
    said = f"treaty-bot: the demo cannot start: {package} is not installed; "
    command = (
        "run pip install 'treaty-bot[demo]', or in a clone pip install -c constraints.txt "
        "-e '.[demo]'\n"
    )
    assert capsys.readouterr() == ("", said + command)


@pytest.mark.parametrize("port", ["65536", "-1", "http", "٣x"])
def test_a_port_is_a_number(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Anything else is wrong usage."""
    with pytest.raises(SystemExit) as raised:
        main(["demo", f"--port={port}"])
    assert raised.value.code == 2
    assert f"{port!r} is no number from 0 to 65535" in capsys.readouterr().err


# A shell starts what runs in the background with SIGINT ignored, and children take that over.
HEARS_CTRL_C = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from bot.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal for Ctrl-C to a child")
def test_ctrl_c_ends_the_program(tmp_path: Path) -> None:
    """It prints where the page is, and goes without a word at Ctrl-C."""
    with subprocess.Popen(
        [sys.executable, "-c", HEARS_CTRL_C, "demo", "--no-browser", "--corpus", str(CORPUS)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline().startswith("The demo is at http://127.0.0.1:")
        process.send_signal(signal.SIGINT)
        assert process.wait(30) in (0, 130)
        assert process.stdout.read() == "Ctrl-C ends it.\n"
        assert process.stderr.read() == ""
