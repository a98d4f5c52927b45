"""What teaching something would change, shown before it is kept; and the sentences to choose from.

The buttons carry a sentence by its reference; the question stands in their message.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import discord

from bot.answering.citation import Citation, cite
from bot.answering.regression import RegressionReport
from bot.chat.buttons import TEACH, TEACHABLE, PersistentButton
from bot.chat.layout import question_block, suggestion_block
from bot.chat.markup import cut, one_line
from bot.chat.memory import Proposal
from bot.chat.permissions import check_curator
from bot.chat.questions import asked_question
from bot.chat.references import PATTERN, reference, resolve
from bot.chat.reports import render_effect
from bot.chat.sending import respond
from bot.chat.state import client_of
from bot.chat.tree import language_of
from bot.commands.corpus_confirmation import MessageKwargs, buttons, render_files_error, response
from bot.corpus.companions import GLOSSARY_NAME, QUESTIONS_NAME
from bot.corpus.model import CuratedQuestion
from bot.corpus.taught import text_at
from bot.errors import CorpusFilesError
from bot.service.corpus_files import Change, CorpusFiles
from bot.service.library import Library
from bot.service.teaching import Effect, effect_of, lesson_of, teach
from bot.service.terms import effect_of_tie, terms, tie, tied
from bot.strings import place_of, say

# Characters of a sentence and of a title as they are shown.
_SENTENCE_ROOM = 500
_TITLE_ROOM = 150
# How many sentences are offered for a question that found nothing.
_OFFERED = 5
# In place of a reference, where nothing answers.
_NOTHING = "none"


async def edited_files(interaction: discord.Interaction) -> CorpusFiles:
    """Return the files that who interacts may change."""
    return (await client_of(interaction).edited_by(interaction.guild_id)).files


async def _answering(interaction: discord.Interaction) -> Library:
    """Return what is answered from. Raises StoreUnchangeable where nothing can be taught."""
    library = await client_of(interaction).library_for(interaction.guild_id)
    library.check_changeable()
    return library


async def preview_lesson(
    interaction: discord.Interaction, question: str, address: str | None
) -> MessageKwargs:
    """Return what teaching an answer would change, with a button to keep it; without an address,
    that nothing answers. Raises CorpusFilesError for what cannot be taught.
    """
    library, language = await _answering(interaction), language_of(interaction)
    lesson = lesson_of(library.corpus, question, address)
    effect = await asyncio.to_thread(effect_of, library.index, lesson)
    files = await edited_files(interaction)
    article = "" if address is None else address.rpartition(":")[0]
    state = await asyncio.to_thread(files.state, article)

    def taught() -> Change:
        same = all(
            text_at(library.corpus, place) == sentence
            for place, sentence in zip(lesson.accepted, lesson.sentences, strict=True)
        )
        if not same or files.state(article) != state:
            raise CorpusFilesError("stale", article)
        return teach(files, lesson)

    lines = _render(library, lesson, effect, language)
    return _proposed(interaction, files.folder / QUESTIONS_NAME, taught, lines)


async def preview_term(interaction: discord.Interaction, term: str, other: str) -> MessageKwargs:
    """Return what it would change if a term meant the same as another, with a button to keep it.
    Raises CorpusFilesError where it cannot be kept.
    """
    library, language = await _answering(interaction), language_of(interaction)
    files = await edited_files(interaction)
    group = tied(await asyncio.to_thread(terms, files), term, other)
    effect = await asyncio.to_thread(effect_of_tie, library.index, group)
    same = " = ".join(cut(one_line(text), _TITLE_ROOM) for text in group)
    lines = [say("term_preview", language, terms=same), *_others(effect, language)]
    return _proposed(
        interaction, files.folder / GLOSSARY_NAME, lambda: tie(files, term, other), lines
    )


def _proposed(
    interaction: discord.Interaction, file: Path, change: Callable[[], Change], lines: list[str]
) -> MessageKwargs:
    proposal = Proposal(interaction.user.id, "taught", file.name, change, folder=file.parent)
    token = client_of(interaction).pending.keep(proposal)
    return response("\n".join(lines), buttons(token, "teach", language_of(interaction)))


def _render(library: Library, lesson: CuratedQuestion, effect: Effect, language: str) -> list[str]:
    """Return what would be taught, what is said so far, and what else it would change."""
    question = cut(one_line(lesson.question), TEACHABLE)
    lines = [say("silence_preview", language, question=question)]
    for address in lesson.accepted:
        found = cite(library.corpus, address, language)
        lines = [say("lesson_preview", language, question=question)]
        lines += _quoted(found, language) if found else []
    now = effect.now
    first = next(iter((*now.citations, *now.suggestions)), None)
    kind = "taught" if now.taught and first else now.certainty
    if first and first.address in lesson.accepted:
        lines.append(say(f"{kind}_same", language))
    else:
        lines.append(say(f"{kind}_so_far", language))
        lines += _quoted(first, language) if first else []
    return lines + _others(effect.others, language)


def _quoted(citation: Citation, language: str) -> list[str]:
    title = cut(one_line(citation.title), _TITLE_ROOM)
    return [
        f"> {cut(one_line(citation.translation or citation.text), _SENTENCE_ROOM)}",
        "",  # or some clients take what follows for a part of the quotation
        f"-# {title} · {place_of(citation, language)}",
    ]


def _others(effect: RegressionReport, language: str) -> list[str]:
    return render_effect(effect, language) or [say("nothing_else", language)]


async def offer(interaction: discord.Interaction, question: str) -> None:
    """Show somebody who may teach the sentences nearest to a question, to choose from."""
    library, language = await _answering(interaction), language_of(interaction)
    near = await asyncio.to_thread(library.nearest, question, _OFFERED, fallback_language=language)
    container = discord.ui.Container[Any](discord.ui.TextDisplay(*question_block([question])[0]))
    lead = say("choose_answer" if near else "none_near", language)
    container.add_item(discord.ui.TextDisplay(lead))
    for citation in near:
        texts = suggestion_block(citation, language)
        button = TeachButton(reference(citation), language)
        container.add_item(discord.ui.Section[Any](*texts, accessory=button))
    container.add_item(discord.ui.TextDisplay(f"-# {say('choose_another', language)}"))
    container.add_item(discord.ui.ActionRow[Any](TeachButton(_NOTHING, language)))
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    await respond(interaction, {"view": view})


async def told(interaction: discord.Interaction, preview: Awaitable[MessageKwargs]) -> None:
    """Reply with a preview, or with why there is none. The response has been deferred."""
    try:
        said = await preview
    except CorpusFilesError as error:
        said = response(render_files_error(error, language_of(interaction)))
    await respond(interaction, said)


class TeachButton(PersistentButton, template=rf"{TEACH}:(?P<answer>{PATTERN}|{_NOTHING})"):
    """Teaches, beside a sentence, that this one answers, or that nothing does; for who may."""

    def __init__(self, answer: str, language: str = "en") -> None:
        self.answer = answer
        label = say("answers_not" if answer == _NOTHING else "answers_it", language)
        super().__init__(f"{TEACH}:{answer}", label)

    async def on_click(self, interaction: discord.Interaction) -> None:
        """Show what teaching it would change, with a button to keep it."""
        check_curator(interaction)
        language, corpus = language_of(interaction), (await _answering(interaction)).corpus
        asked = await asked_question(interaction.message)
        if asked is None or asked.previous or asked.cut_off:
            await respond(interaction, say("question_gone", language))
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        address = None
        if self.answer != _NOTHING:
            cited = await asyncio.to_thread(resolve, corpus, [self.answer], language)
            if cited is None:
                await respond(interaction, say("stale", language))
                return
            address = cited[0].address
        await told(interaction, preview_lesson(interaction, asked.question, address))
