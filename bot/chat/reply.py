"""Reading the bot's own messages again: what they answered, and that answer once more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import discord

from bot.chat.markup import unescape
from bot.chat.render import FOLLOWS
from bot.library import Library
from bot.retrieval.citation import Answer


def question_of(message: discord.Message) -> str | None:
    """The question that one of the bot's own messages answers, as ``shown_question`` wrote it."""
    first, _, _ = next(_texts(message.components), message.content).partition("\n")
    if first.startswith("**") and first.endswith("**"):
        return unescape(first[2:-2]) or None
    return None


def _texts(components: Sequence[discord.Component]) -> Iterator[str]:
    for component in components:
        if isinstance(component, discord.TextDisplay):
            yield component.content
        elif isinstance(component, discord.Container):
            yield from _texts(component.children)


def answer_again(library: Library, shown: str, language: str, skip: int = 0) -> Answer:
    """The answer to a question as a message shows it, perhaps with the one that it follows."""
    previous, _, question = shown.rpartition(FOLLOWS)
    return library.answer(
        question, previous=previous or None, fallback_language=language, skip=skip
    )
