"""The token is where it has to be and nowhere else: not in what describes the settings or the bot,
not in an error or a crash report, however it comes about.
"""

from __future__ import annotations

import os
import pprint
import re
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.logs import REDACTED
from bot.service.library import Library
from bot.settings import Settings, load_settings, require_token
from tests.simulated import build_bot
from tests.test_logs import RECORD

ROOT = Path(__file__).parents[1]
TOKEN = "MTA1NzQ0Mzk4MDgwMDAwMQ.GxYzAb.s3cr3t-end_of-the_token-0123456789ab"  # noqa: S105
END = TOKEN.rpartition(".")[2]


def assert_nothing(text: str) -> None:
    """Neither the token nor its secret end stands in a text."""
    assert text
    assert TOKEN not in text
    assert END not in text


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A token in the environment, as the program gets it."""
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    monkeypatch.chdir(tmp_path)


def test_no_description_holds_it(library: Library) -> None:
    """Neither the settings nor the bot with them say it, in any way that Python writes values."""
    settings = load_settings()
    assert require_token(settings) == TOKEN
    bot = build_bot(library)
    bot.settings = settings
    for value in (settings, settings.discord_token, bot, vars(bot), [settings], library):
        for text in (repr(value), str(value), f"{value}", pprint.pformat(value)):
            assert_nothing(text)
    for text in (settings.model_dump_json(), repr(settings.model_dump()), repr(vars(settings))):
        assert_nothing(text)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """One article."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.md").write_text("One sentence.", encoding="utf-8")
    return Library(folder)


#: Settings that any text will do for.
ANYTHING = ("discord_token", "cache_dir", "passage_store_user")


@pytest.mark.parametrize(
    "variable",
    [name.upper() for name in Settings.model_fields if name not in ANYTHING],
)
def test_no_error_of_the_settings_quotes_it(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pasted into the wrong setting it is not quoted, not even by a report with local variables."""
    wrong = f"{TOKEN}\0" if variable.endswith(("_DIR", "_FILE")) else TOKEN
    values = {**os.environ, variable: wrong}
    monkeypatch.setattr(os, "environ", values)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    error = caught.value
    for text in (str(error), repr(error), repr(vars(error)), "".join(_report(error))):
        assert_nothing(text)
    assert variable in str(error)


def _report(error: BaseException) -> list[str]:
    """A crash report of our own code's frames with their local variables, and all its causes."""
    assert error.__cause__ is None
    assert error.__context__ is None
    report = traceback.TracebackException.from_exception(error, capture_locals=True)
    frames = [frame for frame in report.stack if "/bot/" in frame.filename]
    assert frames
    return [f"{frame.name} {frame.locals}" for frame in frames]


@pytest.mark.parametrize("token", [f"{TOKEN} ", f"Bot {TOKEN}", f"{TOKEN}é", f'"{TOKEN}\u200b"'])
def test_a_wrong_token_is_not_quoted(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is nearly a token is not shown either."""
    monkeypatch.setattr(os, "environ", {**os.environ, "DISCORD_TOKEN": token})
    settings = load_settings()
    try:
        assert require_token(settings) == TOKEN
    except SettingsError as error:
        assert_nothing(f"{error} {error!r}")


CRASHES = {
    "a crash": "raise ValueError(f'Bot {token}\\n2026-11-24T12:00:00.000Z INFO bot: forged')",
    "a thread": (
        "import threading\n"
        "def run():\n    raise ValueError(f'Bot {token}\\n2026-11-24T12:00:00.000Z INFO bot: x')\n"
        "thread = threading.Thread(target=run)\nthread.start()\nthread.join()"
    ),
    "freeing an object": (
        "class Broken:\n"
        "    def __del__(self):\n"
        "        raise ValueError(f'Bot {token}\\n2026-11-24T12:00:00.000Z INFO bot: x')\n"
        "Broken()"
    ),
    "a warning": (
        "import warnings\nwarnings.warn(f'Bot {token}\\n2026-11-24T12:00:00.000Z INFO bot: x')"
    ),
    "a task nobody awaits": (
        "import asyncio\n"
        "async def fail():\n    raise ValueError(f'Bot {token}\\n2026-11-24T12:00:00.000Z I: x')\n"
        "async def run():\n"
        "    task = asyncio.create_task(fail(), name=token)\n    await asyncio.sleep(0)\n"
        "    await asyncio.sleep(0)\n    del task\n"
        "asyncio.run(run(), debug=True)"
    ),
    "local variables": (
        "import logging, traceback\n"
        "def fail(secret):\n    raise ValueError('no')\n"
        "try:\n    fail(token)\n"
        "except ValueError as error:\n"
        "    report = traceback.TracebackException.from_exception(error, capture_locals=True)\n"
        "    logging.getLogger('x').error('%s', ''.join(report.format()))"
    ),
    "the headers of a request": (
        "import aiohttp, logging, multidict, yarl\n"
        "headers = multidict.CIMultiDict(Authorization=f'Bot {token}')\n"
        "proxy = multidict.CIMultiDictProxy(headers)\n"
        "info = aiohttp.RequestInfo(yarl.URL('https://x.y'), 'GET', proxy)\n"
        "error = aiohttp.ClientResponseError(info, ())\n"
        "logging.getLogger('x').error('%r', error, exc_info=error)"
    ),
}


@pytest.mark.parametrize("what", CRASHES)
def test_no_crash_report_holds_it(what: str) -> None:
    """Whatever crashes where, it is logged line by line, redacted, and forges no line."""
    code = (
        "import os, bot.logs\ntoken = os.environ['DISCORD_TOKEN']\n"
        f"bot.logs.set_up_logging('DEBUG', token, questions=True)\n{CRASHES[what]}"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, check=False, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert_nothing(done.stdout + done.stderr)
    assert REDACTED in done.stderr
    for line in done.stderr.splitlines():
        assert RECORD.match(line) or line.startswith("    | ")
        assert not re.match(r"\S+ INFO bot: ", line)
