"""``treaty-bot run`` as a program: how it starts without a network, and how it stops."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.settings import Settings
from tests.wire.server import TOKEN, Discord, Fault
from tests.wire.serving import said

ROOT = Path(__file__).parents[2]
KEEPER = "Who was the keeper of the lighthouse?"
ANSWERS = r"POST /(channels|interactions)/"

#: Seconds from the signal to the end of the program that are promised.
FAREWELL = 5


@dataclass
class Program:
    """The running program and what it has logged so far."""

    process: asyncio.subprocess.Process
    lines: list[str] = field(default_factory=list)

    async def says(self, pattern: str, times: int = 1) -> list[str]:
        """Wait until so many lines hold a pattern; those lines."""
        assert self.process.stderr is not None
        async with asyncio.timeout(20):
            while len(found := [line for line in self.lines if re.search(pattern, line)]) < times:
                line = await self.process.stderr.readline()
                assert line, f"the program has ended; it said {self.lines}"
                self.lines.append(line.decode().rstrip())
        return found

    async def ends(self) -> int:
        """Wait for the program's end; its exit code."""
        assert self.process.stderr is not None
        async with asyncio.timeout(20):
            rest = await self.process.stderr.read()
            self.lines += rest.decode().splitlines()
            code = await self.process.wait()
        assert "Traceback" not in "\n".join(self.lines)
        assert TOKEN not in "\n".join(self.lines)
        return code


@asynccontextmanager
async def running(
    api: str, corpus: Path, gateway: str = "ws://127.0.0.1:9", **environment: str
) -> AsyncIterator[Program]:
    """The program, killed at the end if it has not ended by itself."""
    names = {name.upper() for name in Settings.model_fields}
    kept = {name: value for name, value in os.environ.items() if name.upper() not in names}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.wire.launch", api, gateway, str(corpus)),
        stderr=asyncio.subprocess.PIPE,
        cwd=corpus.parent,
        env=kept
        | {"PYTHONPATH": str(ROOT), "SEMANTIC": "off", "DISCORD_TOKEN": TOKEN}
        | environment,
    )
    try:
        yield Program(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def free_port() -> int:
    """A port on loopback on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


@pytest.mark.parametrize(
    ("fault", "number"),
    [("name", signal.SIGTERM), ("refused", signal.SIGINT), ("tls", signal.SIGTERM)],
)
async def test_without_a_network_the_bot_waits_and_says_so(
    server: Discord, corpus_dir: Path, fault: str, number: signal.Signals
) -> None:
    """One line a try with a growing pause, no trace, no end; a signal stops it at once."""
    api = {
        "name": "http://discord.invalid",
        "refused": f"http://127.0.0.1:{free_port()}",
        "tls": server.base.replace("http", "https"),
    }[fault]
    async with running(api, corpus_dir) as program:
        tries = await program.says("not connected to Discord", 3)
        assert [re.findall(r"; try (\d+) in", line) for line in tries] == [["2"], ["3"], ["4"]]
        program.process.send_signal(number)
        start = time.monotonic()
        assert await program.ends() == 0
        assert time.monotonic() - start < FAREWELL


async def test_the_bot_answers_as_soon_as_the_network_is_there(corpus_dir: Path) -> None:
    """Neither the API nor the gateway is there at first; then both, and a question is answered."""
    port = free_port()
    api, gateway = f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{port}/gateway"
    async with running(api, corpus_dir, gateway) as program:
        await program.says("not connected to Discord")
        async with Discord(port=port) as server:
            server.gateway.open = False
            await program.says("no gateway", 2)
            server.gateway.open = True
            await server.gateway.until("identified", 1)
            (answer,) = await server.answered(await server.mention(KEEPER))
            assert "Ada Quill" in said(answer)
            program.process.terminate()
            assert await program.ends() == 0
        assert server.strange == []


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (4004, "DISCORD_TOKEN was refused by Discord: copy it again"),
        (4013, "Discord turns the bot away (it does not know the intents)"),
        (4014, "MESSAGE_CONTENT (which ANSWER_CHANNEL_IDS turns on) needs the Message Content"),
    ],
)
async def test_what_a_person_must_mend_is_one_sentence(
    server: Discord, corpus_dir: Path, code: int, sentence: str
) -> None:
    """Exit code 1 and no further try where the gateway will refuse every one."""
    server.gateway.close_at_identify = code
    async with running(server.base, corpus_dir, server.gateway.url) as program:
        assert await program.ends() == 1
        assert program.lines[-1].startswith(f"treaty-bot: {sentence}")
        assert len([line for line in program.lines if line.startswith("treaty-bot:")]) == 1
    assert server.requests["GET /users/@me"] == 1


async def test_a_wrong_token_is_tried_once(server: Discord, corpus_dir: Path) -> None:
    """A token that the API refuses: one sentence, exit code 1, one request."""
    wrong = "wr.on.g"
    async with running(server.base, corpus_dir, server.gateway.url, DISCORD_TOKEN=wrong) as program:
        assert await program.ends() == 1
        assert program.lines[-1].startswith("treaty-bot: DISCORD_TOKEN was refused by Discord")
        assert wrong not in "\n".join(program.lines)
    assert server.refusals == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_answers_under_way_finish_at_a_signal(
    server: Discord, corpus_dir: Path, number: signal.Signals
) -> None:
    """Every question that was heard is answered once; exit code 0 within five seconds."""
    fault = Fault(ANSWERS, 4, delay=0.7)
    server.faults.append(fault)
    async with running(server.base, corpus_dir, server.gateway.url) as program:
        await server.gateway.until("identified", 1)
        asked = [
            await server.mention(KEEPER, person=1001),
            await server.mention(KEEPER, person=1001),
        ]
        asked += [await server.ask(KEEPER, person=1002)]
        await server.served(2)
        program.process.send_signal(number)
        start = time.monotonic()
        assert await program.ends() == 0
        assert time.monotonic() - start < FAREWELL
    for question in asked:
        assert len(server.answers[question]) == 1


async def test_answers_that_hang_are_given_up(server: Discord, corpus_dir: Path) -> None:
    """A reply that Discord never takes holds the end up for less than five seconds."""
    server.faults.append(Fault(ANSWERS, 9, delay=60))
    async with running(server.base, corpus_dir, server.gateway.url) as program:
        await server.gateway.until("identified", 1)
        await server.mention(KEEPER)
        await server.served(1)
        program.process.terminate()
        start = time.monotonic()
        assert await program.ends() == 0
        assert time.monotonic() - start < FAREWELL
        assert [line for line in program.lines if "answers given up: 1" in line]


async def test_a_second_signal_ends_the_bot_at_once(server: Discord, corpus_dir: Path) -> None:
    """Ctrl-C twice does not wait for answers."""
    server.faults.append(Fault(ANSWERS, 9, delay=60))
    async with running(server.base, corpus_dir, server.gateway.url) as program:
        await server.gateway.until("identified", 1)
        await server.mention(KEEPER)
        await server.served(1)
        program.process.send_signal(signal.SIGINT)
        await program.says("stopping; answers under way: 1")
        program.process.send_signal(signal.SIGINT)
        assert await program.ends() == 130
        assert not [line for line in program.lines if "given up" in line]
