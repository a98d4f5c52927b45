"""Keeps the bot on Discord: connects, connects again, and stops when it is told to.

What discord.py does not outlive is outlived here: a network that is missing at the start, a gateway
that cannot be reached when a session is to be resumed, and a connection that ends for good.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import aiohttp
import discord

from bot.chat.sending import NETWORK_ERRORS
from bot.errors import DiscordError, SettingsError
from bot.settings import INTENT_PAGE, TOKEN_PAGE

log = logging.getLogger(__name__)

#: Seconds before each further try to connect; the last one is repeated.
PAUSES: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)

#: After so many seconds connected, the pauses begin anew.
STEADY_SECONDS = 300.0

#: For how long answers under way may go on when the bot is told to stop, and for how long each half
#: of the farewell may take: 4.5 seconds in all, since Docker and others kill after ten.
ANSWER_SECONDS = 3.5
FAREWELL_SECONDS = 0.5

#: What a connection may fail with.
UNREACHABLE: tuple[type[Exception], ...] = (*NETWORK_ERRORS, discord.GatewayNotFound)

#: For how long a thread may go on once another one wants to. During a reindex an answer waits so
#: long at each of some twenty places where numpy lets go of the interpreter; with Python's own 5 ms
#: it takes a tenth of a second.
SWITCH_SECONDS = 0.0001

# Discord's close codes after which connecting again is of no use:
# https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
_AUTHENTICATION_FAILED = 4004
# Not 4011, too few shards: a new client asks how many there are to be.
_REFUSED = {
    4010: "it refused the shard",
    4012: "it has retired the API version of this discord.py",
    4013: "it does not know the intents",
}

# How discord.py names the tasks that answer messages, commands and buttons.
_ANSWERING = (
    "discord.py: on_message",
    "discord.py: on_raw_message_edit",
    "CommandTree-",
    "discord-ui-",
)


def tune_event_loop() -> None:
    """Keep the event loop from waiting for threads and for searches for garbage, once the corpus is
    loaded: it is no garbage, and to look through a million sentences takes 40 ms.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.freeze()


def run(build: Callable[[], discord.AutoShardedClient], token: str) -> None:
    """Connect and stay until SIGINT or SIGTERM; see ``serve``."""
    tune_event_loop()

    async def stay() -> None:
        await serve(build, token)
        # What a thread still does, such as a long reindex, is not waited for.
        timer = threading.Timer(FAREWELL_SECONDS, os._exit, (0,))
        timer.daemon = True
        timer.start()

    asyncio.run(stay())


async def serve(build: Callable[[], discord.AutoShardedClient], token: str) -> None:
    """Connect and stay until SIGINT or SIGTERM; then let the answers under way finish.

    Whatever ends the connection, another one is made, by a new client. Raises SettingsError for a
    token or an intent that Discord refuses, and DiscordError where trying again is of no use.
    """
    logging.getLogger("discord.shard").addFilter(_one_line)
    stop = asyncio.Event()
    tries = 0
    with _told_by_signals(stop):
        while not stop.is_set():
            start = time.monotonic()
            try:
                await _connect(build(), token, stop)
            except Exception as error:  # whatever it is, a bot that is gone answers nobody
                _raise_if_final(error)
                if time.monotonic() - start > STEADY_SECONDS:
                    tries = 0
                pause = PAUSES[min(tries, len(PAUSES) - 1)]
                tries += 1
                known = isinstance(error, (*UNREACHABLE, discord.ConnectionClosed))
                log.warning(
                    "not connected to Discord (%s); try %d in %.0f s",
                    describe(error),
                    tries + 1,
                    pause,
                    exc_info=None if known else error,
                )
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), pause)


def describe(error: BaseException) -> str:
    """Return what went wrong, in one line: some errors of networks have no text of their own."""
    text = str(error) or str(error.__cause__ or "")
    return " ".join(text.split()) or type(error).__name__


def _raise_if_final(error: Exception) -> None:
    """Raise what a person must fix before another try can succeed."""
    code = error.code if isinstance(error, discord.ConnectionClosed) else None
    if isinstance(error, discord.LoginFailure) or code == _AUTHENTICATION_FAILED:
        reason = f"was refused by Discord: copy it again from {TOKEN_PAGE}"
        raise SettingsError("DISCORD_TOKEN", reason) from None
    if isinstance(error, discord.PrivilegedIntentsRequired):
        reason = (
            "(which ANSWER_CHANNEL_IDS turns on) needs the Message Content intent: switch it on at "
            f"{INTENT_PAGE}, or leave both settings out"
        )
        raise SettingsError("MESSAGE_CONTENT", reason) from None
    if code in _REFUSED:
        raise DiscordError(_REFUSED[code]) from None


async def _connect(client: discord.AutoShardedClient, token: str, stop: asyncio.Event) -> None:
    """One connection, until it ends or the bot is told to stop. Raises what ended it."""
    _wait_for_gateway(client)
    _skip_unreadable(client)
    connection = asyncio.create_task(client.start(token))
    told = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((connection, told), return_when=asyncio.FIRST_COMPLETED)
        if not stop.is_set():
            connection.result()
            return
        await _finish(client)
    finally:
        connection.cancel()
        told.cancel()
        closing = asyncio.create_task(client.close())
        await asyncio.wait((connection, told, closing), timeout=FAREWELL_SECONDS)


async def _finish(client: discord.AutoShardedClient) -> None:
    """Hear nothing more, and let the answers under way finish."""
    farewells = [asyncio.create_task(shard.disconnect()) for shard in client.shards.values()]
    if farewells:
        await asyncio.wait(farewells, timeout=FAREWELL_SECONDS)
    if answers := [task for task in asyncio.all_tasks() if task.get_name().startswith(_ANSWERING)]:
        log.info("stopping; answers under way: %d", len(answers))
        _, unfinished = await asyncio.wait(answers, timeout=ANSWER_SECONDS)
        if unfinished:
            log.warning("answers given up: %d", len(unfinished))


def _wait_for_gateway(client: discord.AutoShardedClient) -> None:
    """Make a client try again where it is while the gateway cannot be reached.

    discord.py would give the session up at the first failure and begin a new one, and what was
    asked in between would never be heard. It still does so after 60 seconds.
    """
    connect = client.http.ws_connect

    async def patiently(url: str, **options: Any) -> aiohttp.ClientWebSocketResponse:
        tries = 0
        while True:
            try:
                return await connect(url, **options)
            except NETWORK_ERRORS as error:
                pause = PAUSES[min(tries, len(PAUSES) - 1)]
                tries += 1
                log.warning("no gateway (%s); try %d in %.0f s", describe(error), tries + 1, pause)
                await asyncio.sleep(pause)

    client.http.ws_connect = patiently  # type: ignore[method-assign]


def _skip_unreadable(client: discord.AutoShardedClient) -> None:
    """Make a client skip, with a line in the log, an event that discord.py cannot read.

    It would end the connection, and with it everybody's answers. Not so the one that makes the
    client ready: without it nobody would be answered, and another try may read it.
    """

    def skipping(name: str, parse: Callable[[Any], None]) -> Callable[[Any], None]:
        def safely(data: Any) -> None:
            try:
                parse(data)
            except Exception as error:  # whatever a payload from outside breaks
                log.error("an event %s was skipped (%r)", name, error)  # noqa: TRY400  # no crash
                log.debug("it failed here", exc_info=error)

        return safely

    parsers = client._connection.parsers  # noqa: SLF001  # discord.py offers nothing public
    parsers.update(
        {name: skipping(name, parse) for name, parse in parsers.items() if name != "READY"}
    )


@contextmanager
def _told_by_signals(stop: asyncio.Event) -> Iterator[None]:
    """Set the event at SIGINT or SIGTERM. A second one does what it did before, which is to end the
    program at once. ``signal`` serves Windows too, where the loop has no handlers of its own.
    """
    loop = asyncio.get_running_loop()
    before: dict[int, Any] = {}

    def told(number: int, _frame: object) -> None:
        loop.call_soon_threadsafe(stop.set)
        signal.signal(number, before[number])

    if threading.current_thread() is threading.main_thread():
        for one in (signal.SIGINT, signal.SIGTERM):
            before[one] = signal.signal(one, told)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _one_line(record: logging.LogRecord) -> bool:
    """Shorten what discord.py logs of a lost connection, which needs no trace of its own code."""
    error = record.exc_info[1] if record.exc_info else None
    if error and isinstance(error, (*UNREACHABLE, discord.ConnectionClosed)):
        record.msg = f"{record.getMessage()} ({describe(error)})"
        record.args = record.exc_info = record.exc_text = None
    return True
