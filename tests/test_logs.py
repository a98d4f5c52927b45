"""The log: one record is one line, nobody can forge one, and no token stands in it."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.logs import REDACTED, LineFormatter, logfmt

ROOT = Path(__file__).parents[1]
TOKEN = "not.a-real.token-0123456789"  # noqa: S105

#: How every record begins; nothing else does.
RECORD = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [A-Z]+ ")

#: Text with what forges lines, hides or turns them in it more often than chance would.
NASTY = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\r\n\t\v\f\x00\x1b\x7f\x85\x9b\u2028\u2029\u202e\u2066"),
        st.sampled_from(["\ud800", "\udcff"]),  # of a file's name that is not UTF-8
    )
)


def written(
    message: str, *args: object, error: BaseException | None = None, name: str = "bot"
) -> str:
    """What a record is written as."""
    raised = None
    if error is not None:
        try:
            raise error  # noqa: TRY301
        except BaseException:  # noqa: BLE001
            raised = sys.exc_info()
    record = logging.LogRecord(name, logging.WARNING, __file__, 1, message, args, raised)
    return LineFormatter(TOKEN).format(record)


def assert_one_record(text: str) -> None:
    """A text has one line that begins as a record does, the first, and nothing unprintable."""
    first, *further = text.split("\n")
    assert RECORD.match(first)
    for line in further:
        assert line.startswith("    | ")
    for line in (first, *further):
        assert len(line.splitlines()) == 1
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", line)


@given(NASTY, NASTY)
def test_a_record_is_one_line(name: str, text: str) -> None:
    """Whatever people name servers, channels and files, and whatever they write, it is one line."""
    assert_one_record(written("guild %s said %r and %s", name, text, text))
    assert_one_record(written(text.replace("%", ""), name=name))
    assert "\n" not in written("%s", text)


@given(NASTY, NASTY)
def test_nor_can_an_exception_forge_one(text: str, cause: str) -> None:
    """The messages of exceptions, also of those behind them, begin no line of the log."""
    error = ValueError(f"{text}\n2026-11-23T22:40:01.123Z INFO bot: forged")
    error.__cause__ = OSError(cause)
    error.add_note(text)
    assert_one_record(written("failed", error=error))


@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1))
def test_ordinary_text_is_logged_as_it_is(text: str) -> None:
    """Letters of every script stand in the log as they were written."""
    assert text in written("%s", text)


@given(NASTY, NASTY)
def test_the_token_is_redacted(before: str, after: str) -> None:
    """Wherever the token would stand, in a message, a value or a traceback, it does not."""
    around = f"{before}{TOKEN}{after}"
    for text in (
        written("%s", around),
        written("%r", {"Authorization": f"Bot {around}"}),
        written("failed", error=ValueError(around)),
        written("%d", around),
        written("not a number", name=around),
    ):
        assert TOKEN not in text
        assert REDACTED in text or "a line could not be formatted" in text


def test_the_token_of_an_interaction_is_redacted() -> None:
    """discord.py logs addresses when it has to wait; who reads them cannot answer in our name."""
    secret = "aW50ZXJhY3Rpb246MTIz-_.x"  # noqa: S105
    for path in (
        f"interactions/123/{secret}/callback",
        f"webhooks/123/{secret}/messages/@original",
    ):
        text = written("We are being rate limited. POST https://discord.com/api/v10/%s", path)
        assert secret not in text
        assert path.replace(secret, REDACTED) in text


def test_another_handler_does_not_spoil_a_traceback() -> None:
    """What another handler has made of a record's traceback is not taken over."""
    try:
        raise ValueError("\n2026-11-23T22:40:01.123Z INFO bot: forged")  # noqa: TRY301
    except ValueError:
        record = logging.LogRecord("bot", 40, __file__, 1, "failed", (), sys.exc_info())
    logging.Formatter().format(record)
    assert_one_record(LineFormatter().format(record))


def test_a_line_that_cannot_be_formatted_is_said_to_be_so() -> None:
    """A wrong logging call costs neither the line nor the program, and shows no values."""
    text = written("%d questions from %s", "secret")
    assert_one_record(text)
    assert "a line could not be formatted: '%d questions from %s'" in text
    assert "secret" not in text


@given(st.text())
def test_any_text_is_a_value(text: str) -> None:
    """A value in a line comes back as it was: bare if it is a word, else as a JSON string."""
    line = logfmt(a=1, question=text, z="end")
    match = re.fullmatch(r"a=1 question=(.*) z=end", line)
    assert match
    assert_one_record(written("%s", line))
    if match[1].startswith('"'):
        assert json.loads(match[1]) == text
    else:
        assume(match[1] != "-")
        assert match[1] == text


def run(code: str) -> list[str]:
    """The log of a program that logs at DEBUG."""
    done = subprocess.run(
        [sys.executable, "-c", f"import logging, bot.logs\n{code}"],
        capture_output=True,
        check=False,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TOKEN": TOKEN},
    )
    assert TOKEN not in done.stdout + done.stderr
    return done.stderr.splitlines()


def test_a_crash_is_logged_as_everything_is() -> None:
    """An error that nobody foresaw is in the log with its traceback, without the token."""
    lines = run(
        f"bot.logs.set_up_logging('INFO', {TOKEN!r})\nraise ValueError({TOKEN!r} + '\\nforged')"
    )
    assert_one_record("\n".join(lines))
    assert lines[0].endswith(" CRITICAL bot.logs: crashed")
    assert lines[-2:] == [f"    | ValueError: {REDACTED}", "    | forged"]


@pytest.mark.parametrize(("questions", "heard"), [(False, 1), (True, 2)])
def test_messages_are_logged_only_if_asked_for(questions: bool, heard: int) -> None:
    """At DEBUG discord.py logs messages in full; without LOG_QUESTIONS it is not heard so far."""
    lines = run(
        f"bot.logs.set_up_logging('DEBUG', 'x', questions={questions})\n"
        "logging.getLogger('discord.gateway').debug('a message in full')\n"
        "logging.getLogger('bot').debug('something of our own')"
    )
    assert len(lines) == heard
    assert lines[-1].endswith(" DEBUG bot: something of our own")
