"""``treaty-bot run`` on another Discord: ``python -m tests.wire.launch API GATEWAY CORPUS``."""

from __future__ import annotations

import signal
import sys

import discord
import yarl

from bot import connection
from bot.__main__ import main

#: Short pauses between the tries to connect, in seconds; they grow as the real ones do.
PAUSES = (0.1, 0.2, 0.3)

if __name__ == "__main__":
    # A shell starts what runs in the background with SIGINT ignored, and children take that over.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    api, gateway, corpus = sys.argv[1:]
    discord.http.Route.BASE = api
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
    connection.PAUSES = PAUSES
    sys.exit(main(["run", "--corpus", corpus]))
