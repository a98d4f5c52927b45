"""What adding a file or removing an article would do, shown before it is done."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import discord

from bot.chat.markup import clip, cut, escape, fitting, one_line
from bot.chat.memory import Proposal
from bot.chat.reports import render_remarks
from bot.chat.sending import NETWORK_ERRORS
from bot.chat.state import client_of
from bot.chat.tree import language_of
from bot.commands.corpus_confirmation import (
    MessageKwargs,
    buttons,
    name_shown,
    names_shown,
    response,
)
from bot.corpus.model import Article, CuratedQuestion
from bot.errors import CorpusFilesError
from bot.formats.reader import LIMITS
from bot.service.corpus_files import Change, CorpusFiles, State, check_new_name
from bot.service.library import Library
from bot.service.upload import (
    WITH_FRONT_MATTER,
    Upload,
    asking_for,
    broken_by,
    examine,
    name_for,
    with_front_matter,
)
from bot.strings import counted, format_date, language_names, say

# How many sentences a preview quotes, and the room for each, for a title and for a name.
_SENTENCES_SHOWN = 3
_SENTENCE_ROOM = 250
_TITLE_ROOM = 150
_NAME_ROOM = 100
# Room for the questions that a message names, and for each.
_QUESTIONS_ROOM = 600
_QUESTION_ROOM = 120

_LANGUAGE = re.compile(r"[a-z]{2}")


async def preview_upload(
    interaction: discord.Interaction,
    library: Library,
    given: tuple[discord.Attachment, str | None, str | None],
) -> MessageKwargs:
    """Return what a file would be in the corpus, with a button to keep it.

    Raises CorpusFilesError for its name or size, CorpusError for what is wrong in it.
    """
    file, title, tongue = given
    corpus_files = library.files
    language = language_of(interaction)
    if tongue is not None and not _LANGUAGE.fullmatch(tongue := tongue.strip().lower()):
        return response(say("upload_no_language", language))
    called = _original_name(file)
    name = await asyncio.to_thread(name_for, called, tongue, library.kept, corpus_files)
    check_new_name(name)
    _check_size(name, file.size)
    try:
        data = await file.read()
    except NETWORK_ERRORS:
        return response(say("upload_failed", language))
    _check_size(name, len(data))
    if title and Path(name).suffix.lower() in WITH_FRONT_MATTER:
        data = await asyncio.to_thread(with_front_matter, data, "title", one_line(title))
    upload = await asyncio.to_thread(examine, corpus_files, name, data)
    if upload.article.name.casefold() in _names_beside(library):
        raise CorpusFilesError("name_of_shared", upload.article.name)
    drift = [remark for remark in upload.article.remarks if remark.pair]
    texts = [render_upload(upload, language), *render_remarks("drift", drift, language)]
    if title and upload.rendering.title != one_line(title):
        texts.append(say("upload_no_title", language, ending=Path(name).suffix))
    if regressed := broken_by(library.kept, upload):
        texts.append(_asked_for(regressed, upload.article.name, language))
        return response("\n".join(texts))

    def added() -> Change:
        return corpus_files.put(upload.name, upload.data, upload.state)

    proposal = Proposal(
        interaction.user.id, "added", name, added, size=len(data), folder=library.folder
    )
    token = client_of(interaction).pending.keep(proposal)
    view = buttons(token, "replace" if upload.replaced else "add", language)
    return response("\n".join(texts), view)


async def preview_removal(
    interaction: discord.Interaction, library: Library, typed: str
) -> MessageKwargs:
    """Show what a removal takes away, with a button to do it. Raises CorpusFilesError."""
    language = language_of(interaction)
    corpus_files, corpus = library.files, library.kept
    name, translation, names, state = await asyncio.to_thread(_looked_up, corpus_files, typed)
    asked = () if translation else asking_for(corpus, name)
    if asked:
        return response(_asked_for(asked, name, language))

    def removed() -> Change:
        return corpus_files.remove(name, translation, state)

    proposal = Proposal(
        interaction.user.id, "removed", ", ".join(names), removed, folder=library.folder
    )
    token = client_of(interaction).pending.keep(proposal)
    text = render_removal(corpus.article(name), names, translation, language)
    return response(text, buttons(token, "remove", language))


def _names_beside(library: Library) -> frozenset[str]:
    """Return the names of the shared articles beside a server's own, without case."""
    parts = library.corpus.parts
    return parts[-1].names if len(parts) > 1 else frozenset()


def render_upload(upload: Upload, language: str) -> str:
    """Return what a file would be in the corpus."""
    rendering, article = upload.rendering, upload.article
    of_translation = rendering is not article.original
    parts = [
        *([format_date(article.date, language)] if article.date else []),
        language_names([rendering.language], language),
        counted(len(rendering.passages), "passage", language),
        counted(rendering.sentences, "sentence", language),
    ]
    kind = "upload_translation" if of_translation else "upload_new"
    lines = [f"**{cut(one_line(rendering.title), _TITLE_ROOM)}**", " · ".join(parts)]
    if of_translation or not upload.replaced:
        title = cut(one_line(article.original.title), _TITLE_ROOM)
        lines.append(say(kind, language, article=title, file=name_shown(upload.name)))
    if upload.replaced:
        lines.append(say("upload_replaces", language, files=names_shown(upload.replaced)))
    # Of a file of ten megabytes, only the passages that are shown are made.
    spans = (span for passage in rendering.passages for span in passage.sentences)
    lines += [
        f"> {cut(one_line(span.of(rendering.text)), _SENTENCE_ROOM)}"
        for span in islice(spans, _SENTENCES_SHOWN)
    ]
    return "\n".join(lines)


def render_removal(
    article: Article | None, names: tuple[str, ...], translation: str | None, language: str
) -> str:
    """Return what a removal takes away."""
    title = article.original.title if article else names[0]
    key = "removal_of_translation" if translation else "removal"
    shown = cut(one_line(title), _TITLE_ROOM)
    return say(key, language, title=shown, files=names_shown(names))


def _looked_up(
    corpus_files: CorpusFiles, typed: str
) -> tuple[str, str | None, tuple[str, ...], State]:
    """Return the article, its translation if one is meant, its files' names, and their state."""
    name, translation = corpus_files.find(typed)
    if translation is None:
        corpus_files.refuse_last(name)
    return (
        name,
        translation,
        tuple(corpus_files.files_of(name, translation)),
        corpus_files.state(name),
    )


def _original_name(file: discord.Attachment) -> str:
    """Return the name that a file has for its sender. Discord writes it in ASCII, and what it was
    in the title, without its ending (https://github.com/discord/discord-api-docs/pull/6945).
    """
    ending = Path(file.filename).suffix
    return f"{file.title.removesuffix(ending)}{ending}" if file.title else file.filename


def _check_size(name: str, size: int) -> None:
    """Raise CorpusFilesError for a file that is larger than its format may be."""
    if size > (limit := LIMITS[Path(name).suffix.lower()]):
        raise CorpusFilesError("too_large", name, f"{limit:,}")


def _asked_for(questions: Sequence[CuratedQuestion], name: str, language: str) -> str:
    """Why an article that questions.toml counts on cannot go."""
    texts = [escape(clip(one_line(asked.question), _QUESTION_ROOM)) for asked in questions]
    shown = fitting(texts, _QUESTIONS_ROOM, language)
    return say("asked_for", language, name=cut(one_line(name), _NAME_ROOM), questions=shown)
