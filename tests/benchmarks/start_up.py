"""How long the bot takes to start, each time in a new process, in turn with its yardstick."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROUNDS = 15

# The first look-up of an address, or the first connection, ends the process: that is as far as
# "run" comes without the network. Python tells it of both: docs.python.org/3/library/audit_events.
_RUN = """
import os, sys
sys.addaudithook(lambda event, _: event in ("socket.getaddrinfo", "socket.connect") and os._exit(0))
from bot.__main__ import main
main(["run"])
"""

# What the script "treaty-bot" does.
_ASK = """
import sys
from bot.__main__ import main
sys.exit(main(["ask", "who ratified it?"]))
"""

#: What is started, by the name in the table; the first is the yardstick.
COMMANDS: Mapping[str, Sequence[str]] = {
    'python -c "import numpy, pydantic_settings"': ("-c", "import numpy, pydantic_settings"),
    'treaty-bot ask "who ratified it?"': ("-c", _ASK),
    "treaty-bot run, until its first network call": ("-c", _RUN),
    'python -c "import discord"': ("-c", "import discord"),
}


def measure_start_up(rounds: int = ROUNDS) -> dict[str, float]:
    """Median seconds from start to end of each command."""
    environment = {**os.environ, "DISCORD_TOKEN": "not.a.token", "JOURNAL_DAYS": "0"}
    seconds: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for round_ in range(rounds + 1):
        for name, arguments in COMMANDS.items():
            start = time.perf_counter()
            subprocess.run(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=environment,
                check=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            if round_:  # the first fills the disk's cache
                seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(of_command) for name, of_command in seconds.items()}
