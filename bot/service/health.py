"""Signs of life for a supervisor: a small file, and systemd's notifications."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import socket
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.errors import printable

log = logging.getLogger(__name__)

#: Seconds between two signs of life. systemd.service(5) wants at least two in a WatchdogSec.
BEAT_SECONDS = 2.0

#: A sign older than this many seconds tells that the bot hangs or was killed.
STALE_SECONDS = 30.0


# Windows lets only administrators make links.
_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


@dataclass(frozen=True, slots=True)
class HealthStatus:
    """How the bot is at one moment."""

    time: float  #: seconds since 1970
    ready: bool  #: whether every shard is connected to Discord
    latency: float | None  #: seconds until Discord's gateway replies; None before it first did
    corpus: str  #: the version of the corpus in service


def check(path: Path, now: float) -> tuple[bool, str]:
    """Whether the bot that keeps a health file is well, and why in a sentence.

    ``now`` is in seconds since 1970.
    """
    name = printable(str(path))
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | _NO_LINK), "rb") as file:
            pulse = HealthStatus(**json.loads(file.read()))
        age = now - pulse.time
        latency = "unknown" if pulse.latency is None else f"{pulse.latency * 1000:.0f} ms"
    except FileNotFoundError:
        return False, f"there is no {name}: the bot is not running, or has another HEALTH_FILE"
    except OSError as error:
        return False, f"{name} cannot be read ({(error.strerror or str(error)).lower()})"
    except (ValueError, TypeError):
        return False, f"{name} is no health file: name one that treaty-bot run keeps"
    if not -STALE_SECONDS <= age <= STALE_SECONDS:
        return False, f"{name} was last written {age:.0f} s ago: the bot hangs or was killed"
    if not pulse.ready:
        return False, "the bot runs, but is not connected to Discord"
    return True, f"connected to Discord {age:.0f} s ago, latency {latency}, corpus {pulse.corpus}"


@contextlib.asynccontextmanager
async def beating(path: Path | None, look: Callable[[], HealthStatus]) -> AsyncIterator[None]:
    """Give signs of life while the event loop runs; at the end the file is removed.

    Without a file and without systemd there is nothing to do.
    """
    if path is None and "NOTIFY_SOCKET" not in os.environ:
        yield
        return
    task = asyncio.create_task(_beat(path, look))
    try:
        yield
    finally:
        notify("STOPPING=1")
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        if path is not None:
            _remove(path)


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


async def _beat(path: Path | None, look: Callable[[], HealthStatus]) -> None:
    """One sign after the other, for ever.

    systemd's watchdog is told of the loop alone, since the bot itself reconnects to Discord. That
    it is ready is said every time: systemd minds only the first, and one that gets lost is no harm.
    """
    writable = True
    while True:
        pulse = look()
        notify("READY=1\nWATCHDOG=1" if pulse.ready else "WATCHDOG=1")
        try:
            if path is not None:
                write(path, pulse)
                writable = True
        except OSError as error:
            if writable:  # said once, not every time
                log.warning("the health file %s cannot be written: %s", path, error)
            writable = False
        await asyncio.sleep(BEAT_SECONDS)


def write(path: Path, pulse: HealthStatus) -> None:
    """Replace the file as a whole, so that nobody reads half of it. No link is followed, which
    somebody else may have put there: it is replaced. Raises OSError.

    Not in a thread: one that was still at it when the bot stops would bring the file back.
    """
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK, 0o666)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(json.dumps(asdict(pulse)) + "\n")
    new.replace(path)


def notify(state: str) -> None:
    """Tell systemd a state, sd_notify(3); nothing where it did not start the bot."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):  # of Linux's abstract namespace
        address = "\0" + address[1:]
    # What systemd does not hear, it acts upon itself.
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.sendto(state.encode(), socket.MSG_DONTWAIT, address)


def health(path: Path) -> int:
    """Print how the bot is; 0 if it is well, else 1."""
    well, why = check(path, time.time())
    print(f"{'healthy' if well else 'unhealthy'}: {why}")
    return 0 if well else 1
