"""The log: a record is one line that nobody can forge, and no token stands in it."""

from __future__ import annotations

import copy
import json
import logging
import re
import sys
import threading
import time
from types import TracebackType

from bot.errors import printable

log = logging.getLogger(__name__)

#: What stands where a secret was.
REDACTED = "[redacted]"

# Before each line of a traceback, so that none can be taken for a record, which begins with a year.
_INDENT = "    | "

# Who has an interaction's token can answer in the bot's name for 15 minutes; it is part of the
# addresses that discord.py logs when it is asked to slow down, and of the events it logs at DEBUG.
_INTERACTION_TOKEN = re.compile(
    r"""(/(?:interactions|webhooks)/\d+/|["']token["']: ["'])[\w.%~-]+"""
)

# What needs no quotation marks as a value in logfmt.
_BARE = re.compile(r"[\w.:/+-]+", re.ASCII)


class LineFormatter(logging.Formatter):
    """``2026-11-23T22:40:01.123Z INFO bot.client: message`` in UTC, control characters
    escaped; a traceback follows in indented lines. ``secrets`` are redacted wherever they stand.
    """

    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self, *secrets: str) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self.converter = time.gmtime
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's line, and those of its traceback."""
        record = copy.copy(record)
        record.exc_text = None  # as another handler may have written it
        try:
            text = super().format(record)
        except Exception:  # noqa: BLE001  # logging would print the values, which may be secret
            record.msg, record.args = "a line could not be formatted: %r", (str(record.msg),)
            text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, REDACTED)
        return _INTERACTION_TOKEN.sub(rf"\1{REDACTED}", text)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # the parent's name
        """Everything but the traceback, on one line."""
        return printable(super().formatMessage(record))

    def formatException(  # noqa: N802  # the parent's name
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        """Return the traceback, indented."""
        return _indented(super().formatException(ei))

    def formatStack(self, stack_info: str) -> str:  # noqa: N802  # the parent's name
        """Return the stack where a record was made, indented."""
        return _indented(super().formatStack(stack_info))


def _indented(text: str) -> str:
    return "\n".join(_INDENT + printable(line) for line in text.split("\n"))


def set_up_logging(level: str, token: str, *, questions: bool = False) -> None:
    """Log to standard error from a level on. Crashes of the program or of a thread, errors that
    Python can only mention, and its warnings are logged as well: they may quote what people wrote.

    discord.py's DEBUG lines hold messages in full, so they need ``questions`` besides.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(LineFormatter(token))
    root = logging.getLogger()
    root.setLevel(level)
    root.addHandler(handler)
    if root.level < logging.INFO and not questions:
        logging.getLogger("discord").setLevel(logging.INFO)
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_crash
    threading.excepthook = _log_mishap
    sys.unraisablehook = _log_mishap


def _log_crash(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    log.critical("crashed", exc_info=(kind, error, traceback))


def _log_mishap(mishap: threading.ExceptHookArgs | sys.UnraisableHookArgs) -> None:
    """Log an error in a thread, or in what Python does by itself, such as freeing an object."""
    error = mishap.exc_value or mishap.exc_type()
    log.error("crashed in passing", exc_info=(mishap.exc_type, error, mishap.exc_traceback))


def logfmt(**values: object) -> str:
    """``key=value`` pairs; None is ``-``, and what is more than a word stands as a JSON string."""
    return " ".join(f"{key}={_value(value)}" for key, value in values.items())


def _value(value: object) -> str:
    text = "-" if value is None else str(value)
    if _BARE.fullmatch(text):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    # JSON lets through what some programs take for a line's end, such as U+2028.
    return "".join(char if printable(char) == char else json.dumps(char)[1:-1] for char in quoted)
