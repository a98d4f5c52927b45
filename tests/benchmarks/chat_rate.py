"""Answers a second through the real discord.py client, in simcord's simulated Discord.

The same questions go to the bot and to clients that answer with a constant, in rounds by turns. One
constant is a line of text; the other is the bot's own answer, laid out once and sent as it is: it
tells what the bot does for a question from what sending an answer's layout costs discord.py and
simcord.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import discord
import simcord

from bot.chat.answers import MessageOptions, answer_message
from bot.chat.memory import RATE_QUESTIONS
from bot.client import TreatyBot
from bot.service.library import Library
from bot.settings import Settings

ROUNDS = 7
MEMBERS = 12
QUESTIONS = ("Who ratified it?", "When did Putin visit Pyongyang?", "Qui a ratifié le traité ?")

INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)


class ConstantClient(discord.AutoShardedClient):
    """Answers every message of a person with the same."""

    def __init__(self, response: dict[str, Any]) -> None:
        allowed = discord.AllowedMentions.none()
        super().__init__(intents=INTENTS, allowed_mentions=allowed, shard_count=1)
        self._response = response

    async def on_message(self, message: discord.Message) -> None:
        """Reply without a ping, as the bot does."""
        if not message.author.bot:
            reference = message.to_reference(fail_if_not_exists=False)
            await message.channel.send(**self._response, reference=reference, mention_author=False)


def measure_chat(articles: Path, rounds: int = ROUNDS) -> dict[str, float]:
    """Median answers a second of each constant client and of the bot."""
    library = Library(articles)
    answer = library.answer(QUESTIONS[0])
    laid_out = answer_message(answer, MessageOptions("en", remover=1))
    clients: dict[str, Callable[[], discord.AutoShardedClient]] = {
        "a constant text": lambda: ConstantClient({"content": "It was ratified."}),
        "a constant answer in the bot's layout": lambda: ConstantClient(laid_out),
        "treaty-bot": lambda: TreatyBot(library, Settings(discord_token=None), shard_count=1),
    }
    rates: dict[str, list[float]] = {name: [] for name in clients}
    for round_ in range(rounds + 1):
        for name, client in clients.items():
            rate = asyncio.run(_rate(client()))
            if round_:  # the first warms up
                rates[name].append(rate)
    return {name: statistics.median(of_client) for name, of_client in rates.items()}


async def _rate(client: discord.AutoShardedClient) -> float:
    """Answers a second to members who each ask as often as the bot lets them."""
    async with simcord.run(client) as env:
        guild = env.create_guild("Readers")
        members = [guild.add_member(env.create_user(f"m{number}")) for number in range(MEMBERS)]
        channel = guild.create_text_channel("general")
        assert env.bot.user is not None
        mention = f"<@{env.bot.user.id}>"
        start = time.perf_counter()
        for place in range(RATE_QUESTIONS):
            for member in members:
                await member.send(channel, f"{mention} {QUESTIONS[place % len(QUESTIONS)]}")
        seconds = time.perf_counter() - start
        answers = sum(message.author.id == env.bot.user.id for message in channel.history())
    assert answers == RATE_QUESTIONS * MEMBERS, answers
    return answers / seconds
