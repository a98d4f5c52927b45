"""/corpus: admins add, remove, fetch and restore sources, with a preview before anything changes.

Discord's own setting of who may is only a hint: everything here is for ``curators``.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable, Iterable

import discord
from discord import app_commands
from discord.app_commands import Choice, locale_str

from bot.chat.limits import CHOICE, CHOICES, FILES
from bot.chat.markup import clip
from bot.chat.memory import Proposal
from bot.chat.permissions import curators
from bot.chat.reports import render_problems
from bot.chat.sending import NETWORK_ERRORS, respond
from bot.chat.state import client_of
from bot.chat.tree import language_of
from bot.commands.choices import choices
from bot.commands.corpus_confirmation import (
    MessageKwargs,
    explained,
    make,
    name_shown,
    names_shown,
    response,
)
from bot.commands.corpus_preview import preview_removal, preview_upload
from bot.corpus.companions import QUESTIONS_NAME
from bot.errors import CorpusError, CorpusFilesError, ReindexRunning, printable
from bot.service.corpus_files import Change, CorpusFiles
from bot.service.library import Library
from bot.service.upload import examine_all
from bot.strings import say

# A title longer than this is a mistake; answers cut it earlier.
_TITLE_LIMIT = 300


corpus = app_commands.Group(
    name=locale_str("corpus"),
    description=locale_str("Add, remove and fetch the sources that the bot answers from"),
    guild_only=True,
    allowed_contexts=app_commands.AppCommandContext(guild=True),
    default_permissions=discord.Permissions(manage_guild=True),
)


async def _told(
    interaction: discord.Interaction, work: Callable[[Library], Awaitable[MessageKwargs]]
) -> None:
    """Reply to an admin alone with what some work on the sources that they change comes to."""
    language = language_of(interaction)
    await interaction.response.defer(ephemeral=True, thinking=True)
    try:
        said = await work(await client_of(interaction).edited_by(interaction.guild_id))
    except ReindexRunning:
        said = response(say("reindexing", language))
    except CorpusFilesError as error:
        said = response(explained(interaction, error))
    except CorpusError as error:
        said = response(render_problems(error, say("upload_refused", language), language))
    if said:
        await respond(interaction, said)


@corpus.command(
    name=locale_str("add"),
    description=locale_str(
        "Add a source or a translation, or replace one; you see it before it is kept"
    ),
)
@app_commands.rename(
    file=locale_str("file"), title=locale_str("title"), language=locale_str("language")
)
@app_commands.describe(
    file=locale_str(
        "The source: .md, .txt, .html, .pdf or .docx; NAME.en.md is a translation of NAME"
    ),
    title=locale_str("Its title, for a .md or .txt file"),
    language=locale_str("Its language in two letters, such as fr or en"),
)
@curators
async def add(
    interaction: discord.Interaction,
    file: discord.Attachment,
    title: app_commands.Range[str, 1, _TITLE_LIMIT] | None = None,
    language: str | None = None,
) -> None:
    """/corpus add file [title] [language]"""

    async def work(library: Library) -> MessageKwargs:
        async with client_of(interaction).one_upload:
            return await preview_upload(interaction, library, (file, title, language))

    await _told(interaction, work)


@corpus.command(
    name=locale_str("remove"),
    description=locale_str("Remove a source or a translation; it can be put back"),
)
@app_commands.rename(article=locale_str("article"))
@app_commands.describe(
    article=locale_str("The source’s name, or NAME.en for its English translation")
)
@curators
async def remove(interaction: discord.Interaction, article: str) -> None:
    """/corpus remove source"""
    await _told(interaction, lambda library: preview_removal(interaction, library, article))


@corpus.command(
    name=locale_str("get"),
    description=locale_str("Send you the files of a source as they are kept"),
)
@app_commands.rename(article=locale_str("article"))
@app_commands.describe(
    article=locale_str("The source’s name, or NAME.en for its English translation")
)
@curators
async def get(interaction: discord.Interaction, article: str) -> None:
    """/corpus get source"""
    await _told(interaction, lambda library: send_files(interaction, library.files, article))


@corpus.command(
    name=locale_str("restore"),
    description=locale_str("Put back what was removed or replaced"),
)
@app_commands.rename(entry=locale_str("entry"))
@app_commands.describe(entry=locale_str("What to put back, by the time of its removal"))
@curators
async def restore(interaction: discord.Interaction, entry: str) -> None:
    """/corpus restore entry"""
    await _told(interaction, lambda library: put_back(interaction, library, entry))


@remove.autocomplete("article")
@get.autocomplete("article")
@curators
async def _names(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    bot = client_of(interaction)
    try:
        library = await bot.edited_by(interaction.guild_id)
    except CorpusError:
        return []
    return _choices((await bot.suggestions.of(library.kept)).names.holding(typed))


@restore.autocomplete("entry")
@curators
async def _entries(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
    wanted = typed.strip().casefold()
    try:
        library = await client_of(interaction).edited_by(interaction.guild_id)
        removed = await asyncio.to_thread(library.files.removed)
    except (CorpusError, CorpusFilesError):
        return []
    # /teach takes back what was taught.
    sources = (entry for entry in removed if entry.names != (QUESTIONS_NAME,))
    offered = ((printable(str(entry)), entry.removed_at) for entry in sources)
    return _choices([one for one in offered if wanted in one[0].casefold()][:CHOICES])


async def send_files(
    interaction: discord.Interaction, corpus_files: CorpusFiles, typed: str
) -> MessageKwargs:
    """Return an article's files, byte for byte; those too large to send are named."""
    language = language_of(interaction)
    files = await asyncio.to_thread(
        lambda: corpus_files.read(corpus_files.files_of(*corpus_files.find(typed)))
    )
    limit = interaction.filesize_limit
    fitting_files = {n: data for n, data in files.items() if len(data) <= limit}
    text = []
    if large := [n for n in files if n not in fitting_files]:
        size = limit // 2**20
        text.append(say("too_large_to_send", language, size=size, files=names_shown(large)))
    try:
        for batch in _batches(fitting_files, limit):
            shown = say("sent", language, files=names_shown(list(batch)))
            sent = [discord.File(io.BytesIO(data), n) for n, data in batch.items()]
            await respond(interaction, {"content": shown, "files": sent})
    except NETWORK_ERRORS:
        text.append(say("not_sent", language))
    return response("\n".join(text)) if text else {}


async def put_back(interaction: discord.Interaction, library: Library, typed: str) -> MessageKwargs:
    """Put what was removed back, and what the reindex says."""
    corpus_files = library.files
    entry = await asyncio.to_thread(corpus_files.entry, typed)

    def restored() -> Change:
        examine_all(corpus_files, corpus_files.read_removed(entry))
        return corpus_files.restore(entry)

    proposal = Proposal(
        interaction.user.id, "restored", ", ".join(entry.names), restored, folder=library.folder
    )
    return response(await make(interaction, proposal))


def _batches(files: dict[str, bytes], limit: int) -> list[dict[str, bytes]]:
    """Return the files of each message: together no larger than one may be, and not too many."""
    batches: list[dict[str, bytes]] = []
    for name, data in files.items():
        last = batches[-1] if batches else {}
        size = sum(map(len, last.values())) + len(data)
        if not batches or len(last) == FILES or size > limit:
            batches.append({})
        batches[-1][name] = data
    return batches


def _choices(offers: Iterable[tuple[str, str]]) -> list[Choice[str]]:
    """Suggestions of names as they are shown."""
    return choices((clip(name_shown(name), CHOICE), value) for name, value in offers)
