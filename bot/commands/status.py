"""/status: how the bot is doing, for admins."""

from __future__ import annotations

import importlib.metadata
import math
import os
import sys
from pathlib import Path

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.utils import format_dt

from bot.chat.markup import clip, compose, escape, fitting, one_line
from bot.chat.permissions import curators, nobody_may_change
from bot.chat.reports import render_corpus_error
from bot.chat.sending import respond
from bot.chat.state import StatefulClient, client_of
from bot.chat.tree import language_of
from bot.errors import CorpusError
from bot.service.library import LastLoad, Library
from bot.strings import counted, say

_UNKNOWN = "–"
# The room for the names of files that are wrong, and for each.
_NAMES_ROOM = 300
_NAME_ROOM = 60


@app_commands.command(
    name=locale_str("status"),
    description=locale_str("Say how the bot is doing: corpus, questions, times, memory"),
)
@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
@curators
async def status(interaction: discord.Interaction) -> None:
    """/status, for the managers of a server; shown to the admin alone. What the bot does on all
    servers is for those of the shared sources' servers.
    """
    bot, language, server = client_of(interaction), language_of(interaction), interaction.guild_id
    try:
        library = await bot.edited_by(server)
    except CorpusError as error:
        await respond(interaction, render_corpus_error(error, language))
        return
    whole = bot.is_home(server) or not bot.settings.admin_guild_ids
    trouble = await library.trouble()
    text = status_text(bot, library, language, whole=whole, server=server, trouble=trouble)
    await respond(interaction, text)


def status_text(
    bot: StatefulClient,
    library: Library,
    language: str,
    *,
    whole: bool = True,
    server: int | None = None,
    trouble: str | None = None,
) -> str:
    """Return the whole state, a line a subject, or that of one server's sources alone;
    ``trouble``: why no question is answered now.
    """
    lines = _sources(library, language, trouble)
    if whole:
        lines = [*_bot(bot, language), *lines, *_questions(bot, language)]
    lines.append(say("status_gateway", language, latency=_milliseconds(bot.latency)))
    if nobody_may_change(bot):
        lines.append(say("several_servers", language, server=server))
    return compose(lines, language)


def _bot(bot: StatefulClient, language: str) -> list[str]:
    return [
        say(
            "status_bot",
            language,
            version=_version(),
            since=format_dt(bot.metrics.started, "R"),
            servers=counted(len(bot.guilds), "server", language),
            memory=_megabytes(memory()),
        )
    ]


def _sources(library: Library, language: str, trouble: str | None) -> list[str]:
    """Return what a server is answered from."""
    corpus, own, size = library.corpus, library.kept, library.size
    return [
        say(
            "status_corpus",
            language,
            version=corpus.version,
            articles=counted(size.articles, "article", language),
            passages=counted(size.passages, "passage", language),
            sentences=counted(size.sentences, "sentence", language),
        ),
        *(
            [say("status_own", language, articles=counted(len(own.articles), "article", language))]
            if own is not corpus
            else []
        ),
        *([say("status_store_gone", language)] if trouble else []),
        *_left_out(library, language),
        _reading(library.last_load, language),
        say(f"status_semantic_{'on' if library.is_semantic else 'off'}", language),
    ]


def _questions(bot: StatefulClient, language: str) -> list[str]:
    metrics = bot.metrics
    return [
        say("status_questions", language, answered=metrics.answered, unanswered=metrics.unanswered),
        say(
            "status_times",
            language,
            p50=_milliseconds(metrics.percentile(50)),
            p99=_milliseconds(metrics.percentile(99)),
            times=metrics.times,
        ),
    ]


def _left_out(library: Library, language: str) -> list[str]:
    """Which files are wrong, if some are."""
    problems = library.corpus.problems
    if not problems:
        return []
    names = [
        escape(clip(one_line(name), _NAME_ROOM)) for name in sorted({p.path.name for p in problems})
    ]
    return [say("status_left_out", language, names=fitting(names, _NAMES_ROOM, language))]


def _reading(reading: LastLoad, language: str) -> str:
    """When and how the corpus was last read."""
    key = "ok" if reading.succeeded else "failed"
    return say(
        f"status_read_{'at_start' if reading.at_start else key}",
        language,
        when=format_dt(reading.began, "R"),
        seconds=f"{reading.seconds:.1f}",
    )


def _milliseconds(seconds: float | None) -> str:
    """discord.py's latency is not a number, or infinite, before the first heartbeat's reply."""
    if seconds is None or not math.isfinite(seconds):
        return _UNKNOWN
    return f"{seconds * 1000:.1f} ms"


def _megabytes(size: int | None) -> str:
    return _UNKNOWN if size is None else f"{size / 1_000_000:.0f} MB"


def _version() -> str:
    try:
        return importlib.metadata.version("treaty-bot")
    except importlib.metadata.PackageNotFoundError:  # run from its folder
        return _UNKNOWN


def memory() -> int | None:
    """Bytes of memory that the process holds: resident now on Linux (proc(5), statm), at its most
    on macOS (getrusage(2)), unknown elsewhere.
    """
    if sys.platform == "linux":
        try:
            pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        except (OSError, ValueError, IndexError):
            return None
        return pages * os.sysconf("SC_PAGE_SIZE")
    if sys.platform == "darwin":
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return None
