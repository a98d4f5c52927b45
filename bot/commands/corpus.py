"""/corpus: admins add, remove, fetch and restore articles, with a preview before anything changes.

Discord's own setting of who may is only a hint: everything here asks ``denial_reason`` first.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable, Collection, Iterable

import discord
from discord import app_commands
from discord.app_commands import Choice, locale_str

from bot.chat.markup import clip, length
from bot.chat.memory import Proposal
from bot.chat.permissions import denial_reason
from bot.chat.reports import render_problems
from bot.chat.tree import language_of
from bot.commands.choices import CHOICE_ROOM, MOST_CHOICES
from bot.commands.corpus_confirmation import (
    MessageKwargs,
    make,
    name_shown,
    names_shown,
    render_shelf_error,
    response,
)
from bot.commands.corpus_preview import preview_removal, preview_upload
from bot.corpus.model import Corpus
from bot.errors import CorpusError, CorpusFilesError, ReindexRunning, printable
from bot.service.corpus_files import Change, CorpusFiles
from bot.service.library import Library
from bot.service.upload import examine_all
from bot.strings import say

# Discord's limits of a list of suggestions, of each one, and of the files of a message.


_MOST_FILES = 10
# A title longer than this is a mistake; answers cut it earlier.
_TITLE_LIMIT = 300


def corpus_commands(library: Library, admin_guild_ids: Collection[int]) -> app_commands.Group:
    """/corpus add, remove, get and restore."""
    group = app_commands.Group(
        name=locale_str("corpus"),
        description=locale_str("Add, remove and fetch the articles that the bot answers from"),
        guild_only=True,
        allowed_contexts=app_commands.AppCommandContext(guild=True),
        default_permissions=discord.Permissions(manage_guild=True),
    )
    corpus_files = CorpusFiles(library.folder)
    one_upload = asyncio.Lock()  # files from outside are read one by one, to bound the memory

    async def told(
        interaction: discord.Interaction, work: Callable[[], Awaitable[MessageKwargs]]
    ) -> None:
        """Reply to an admin alone with what some work comes to; refuse everybody else."""
        language = language_of(interaction)
        if refusal := denial_reason(interaction, admin_guild_ids):
            await interaction.response.send_message(say(refusal, language), ephemeral=True)
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        try:
            said = await work()
        except ReindexRunning:
            said = response(say("reindexing", language))
        except CorpusFilesError as error:
            said = response(render_shelf_error(error, language))
        except CorpusError as error:
            said = response(render_problems(error, say("upload_refused", language), language))
        if said:
            await interaction.followup.send(**said, ephemeral=True)

    @group.command(
        name=locale_str("add"),
        description=locale_str(
            "Add an article or a translation, or replace one; you see it before it is kept"
        ),
    )
    @app_commands.rename(
        file=locale_str("file"), title=locale_str("title"), language=locale_str("language")
    )
    @app_commands.describe(
        file=locale_str(
            "The article: .md, .txt, .html, .pdf or .docx; NAME.en.md is a translation of NAME"
        ),
        title=locale_str("Its title, for a .md or .txt file"),
        language=locale_str("Its language in two letters, such as fr or en"),
    )
    async def add(
        interaction: discord.Interaction,
        file: discord.Attachment,
        title: app_commands.Range[str, 1, _TITLE_LIMIT] | None = None,
        language: str | None = None,
    ) -> None:
        async def work() -> MessageKwargs:
            async with one_upload:
                given = file, title, language
                return await preview_upload(interaction, library, corpus_files, given)

        await told(interaction, work)

    @group.command(
        name=locale_str("remove"),
        description=locale_str("Remove an article or a translation; it can be put back"),
    )
    @app_commands.rename(article=locale_str("article"))
    @app_commands.describe(
        article=locale_str("The article’s name, or NAME.en for its English translation")
    )
    async def remove(interaction: discord.Interaction, article: str) -> None:
        await told(
            interaction, lambda: preview_removal(interaction, library.corpus, corpus_files, article)
        )

    @group.command(
        name=locale_str("get"),
        description=locale_str("Send you the files of an article as they are kept"),
    )
    @app_commands.rename(article=locale_str("article"))
    @app_commands.describe(
        article=locale_str("The article’s name, or NAME.en for its English translation")
    )
    async def get(interaction: discord.Interaction, article: str) -> None:
        await told(interaction, lambda: send_files(interaction, corpus_files, article))

    @group.command(
        name=locale_str("restore"),
        description=locale_str("Put back what was removed or replaced"),
    )
    @app_commands.rename(entry=locale_str("entry"))
    @app_commands.describe(entry=locale_str("What to put back, by the time of its removal"))
    async def restore(interaction: discord.Interaction, entry: str) -> None:
        await told(interaction, lambda: put_back(interaction, corpus_files, entry))

    @remove.autocomplete("article")
    @get.autocomplete("article")
    async def articles(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        if denial_reason(interaction, admin_guild_ids):
            return []
        return _choices(((name, name) for name in _names(library.corpus)), typed)

    @restore.autocomplete("entry")
    async def entries(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        if denial_reason(interaction, admin_guild_ids):
            return []
        try:
            removed = await asyncio.to_thread(corpus_files.removed)
        except CorpusFilesError:
            return []
        return _choices(((printable(str(entry)), entry.removed_at) for entry in removed), typed)

    return group


async def send_files(
    interaction: discord.Interaction, corpus_files: CorpusFiles, typed: str
) -> MessageKwargs:
    """An article's files, byte for byte; those too large to send are named."""
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
            await interaction.followup.send(shown, files=sent, ephemeral=True)
    except discord.HTTPException:
        text.append(say("not_sent", language))
    return response("\n".join(text)) if text else {}


async def put_back(
    interaction: discord.Interaction, corpus_files: CorpusFiles, typed: str
) -> MessageKwargs:
    """Put what was removed back, and what the reindex says."""
    entry = await asyncio.to_thread(corpus_files.entry, typed)

    def restored() -> Change:
        examine_all(corpus_files, corpus_files.read_removed(entry))
        return corpus_files.restore(entry)

    proposal = Proposal(interaction.user.id, "restored", ", ".join(entry.names), restored)
    return response(await make(interaction, proposal))


def _batches(files: dict[str, bytes], limit: int) -> list[dict[str, bytes]]:
    """The files of each message: together no larger than one may be, and not too many."""
    batches: list[dict[str, bytes]] = []
    for name, data in files.items():
        last = batches[-1] if batches else {}
        size = sum(map(len, last.values())) + len(data)
        if not batches or len(last) == _MOST_FILES or size > limit:
            batches.append({})
        batches[-1][name] = data
    return batches


def _names(corpus: Corpus) -> Iterable[str]:
    """The articles by name, each followed by its translations, NAME.en."""
    for article in corpus.articles:
        yield article.name
        yield from (f"{article.name}.{r.language}" for r in article.translations)


def _choices(offered: Iterable[tuple[str, str]], typed: str) -> list[Choice[str]]:
    """Those suggestions that hold what was typed, as many as Discord takes."""
    wanted = typed.strip().casefold()
    found = [
        Choice(name=clip(name_shown(name), CHOICE_ROOM), value=value)
        for name, value in offered
        if wanted in name.casefold() and length(value) <= CHOICE_ROOM
    ]
    return found[:MOST_CHOICES]
