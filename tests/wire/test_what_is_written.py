"""A whole run at its most talkative: no line can be forged and no secret is anywhere afterwards."""

from __future__ import annotations

import base64
import re
import signal
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.wire import payloads
from tests.wire.server import TOKEN, Discord, Fault
from tests.wire.test_start_and_stop import running

#: What would make a second line of one, hide it, turn it, or pass for the bot's own.
HOSTILE = [
    "x\n2026-11-24T12:00:00.000Z CRITICAL bot: forged by a line feed",
    "x\r\n2026-11-24T12:00:00.000Z CRITICAL bot: forged by both",
    "x\x85\u2028\u2029\x0b\x0c2026-11-24T12:00:00.000Z CRITICAL bot: forged by separators",
    "\x1b[2J\x1b]0;title\x07\x9b31mcoloured",
    "\u202egnorw eht\u2066 yaw\u2069 dnuor",
    'a=1 question="closed" guild=1',
]
RECORD = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [A-Z]+ [\w.]+: |    \| ")
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

#: The token, its secret end, and both as they are written elsewhere.
SECRETS = [
    TOKEN,
    TOKEN.rpartition(".")[2],
    f"Bot {TOKEN}",
    quote(TOKEN, safe=""),
    base64.b64encode(TOKEN.encode()).decode(),
    base64.b64encode(TOKEN.split(".")[0].encode()).decode(),
    TOKEN.encode().hex(),
    TOKEN[::-1],
]


def rename(server: Discord, text: str) -> None:
    """Give the server, its channel and everybody else a name."""
    guild: dict[str, Any] = server.gateway.guilds[server.guild]
    guild["name"] = text
    for channel in guild["channels"]:
        channel["name"] = text


def contents(folder: Path) -> dict[str, bytes]:
    """Every file in and below a folder."""
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def test_a_run_at_its_most_talkative(
    server: Discord, corpus_dir: Path, tmp_path: Path
) -> None:
    """At DEBUG and with LOG_QUESTIONS, over questions, names, errors and a lost connection: every
    line of the log is the bot's own, and neither it nor any file holds the bot's token or one of an
    interaction's.
    """
    rename(server, HOSTILE[0])
    files = {"health": tmp_path / "health.json", "journal": tmp_path / "journal.sqlite3"}
    environment = {
        "LOG_LEVEL": "DEBUG",
        "LOG_QUESTIONS": "true",
        "HEALTH_FILE": str(files["health"]),
        "JOURNAL_DAYS": "30",
        "JOURNAL_FILE": str(files["journal"]),
        "CACHE_DIR": str(tmp_path / "cache"),
        "WATCH_CORPUS": "true",
        "PYTHONASYNCIODEBUG": "1",
        "PYTHONFAULTHANDLER": "1",
    }
    async with running(server.base, corpus_dir, server.gateway.url, **environment) as program:
        await program.says("connected as")
        for number, text in enumerate(HOSTILE):
            asked = [
                await server.mention(f"{text}?", person=2000 + number),
                await server.ask(f"{text}?", person=2100 + number),
            ]
            await server.answered(*asked)
        # A name in an event that cannot be read, a refusal that echoes what was sent, a lost line.
        broken = payloads.question(server.guild, 2200, HOSTILE[0])
        await server.gateway.dispatch("MESSAGE_CREATE", broken | {"id": HOSTILE[0]})
        await program.says("was skipped")
        refusal = {"message": f"{HOSTILE[0]} Bot {TOKEN}", "code": 50013}
        server.faults.append(Fault(r"POST /channels/", 1, status=403, body=refusal))
        await server.mention("Who was the keeper of the lighthouse?", person=2300)
        await program.says("no reply could be sent")
        await server.gateway.drop(4000)
        await server.gateway.until("resumed", 1)
        signs = files["health"].read_bytes()  # gone with the bot
        program.process.send_signal(signal.SIGTERM)
        assert program.process.stderr is not None
        rest = await program.process.stderr.read()
        program.lines += rest.decode().split("\n")
        assert await program.process.wait() == 0
    lines = [line for line in program.lines if line]
    assert len(lines) > 50
    for line in lines:
        assert RECORD.match(line), line
        assert not UNPRINTABLE.search(line), line
        assert not re.match(r"\S+ CRITICAL", line), line
    text = "\n".join(lines)
    assert "forged by a line feed" in text  # what was asked for is there, in one line
    kept = contents(tmp_path)
    assert files["journal"].name in kept
    for where, data in {"log": text.encode(), "signs": signs, **kept}.items():
        for secret in SECRETS:
            assert secret.encode() not in data, where
        assert not re.search(rb"token-\d{5}", data), where
