"""The question of a message: as somebody wrote it, and as the bot's answer shows it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import discord

from bot.chat.layout import ABOVE, FOLLOWS, carried_over
from bot.chat.markup import length, one_line, unescape
from bot.chat.sending import NETWORK_ERRORS

# Mentions of members, roles, channels and everybody, and custom emoji: none is part of a question.
_MENTION = re.compile(r"<(?:@[!&]?|#)\d{1,20}>|<a?:\w{1,32}:\d{1,20}>|@(?:everyone|here)\b")
_CUT = "…"
# Behind these what follows is a clause of its own.
_ENDS = ("?", "!", ".", "…", ":")
# The shortest that a part of a shown question is cut to: a third of the room of a plain message.
_SHORTEST_CUT = 60
# Seconds that a click waits for the question that was replied to; Discord waits three for it.
_PATIENCE = 1.0


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as far as it can be read, what it follows, and whether it is cut off."""

    question: str
    previous: str | None = None
    cut_off: bool = False


def question_in(message: discord.Message) -> str:
    """Return the text of a message without mentions; of a forum's post, behind its title."""
    text = _MENTION.sub(" ", message.content).strip()
    title = title_of(message)
    if title is None or not text:
        return title or text
    return f"{title} {text}" if title.endswith(_ENDS) else f"{title} – {text}"


def title_of(message: discord.Message) -> str | None:
    """Return the title of the forum's post that a message begins; None for other messages.

    Such a message has the id of its thread:
    https://discordpy.readthedocs.io/en/stable/api.html#discord.Thread.starter_message
    """
    post = message.channel
    if not isinstance(post, discord.Thread) or message.id != post.id:
        return None
    return post.name.strip() if isinstance(post.parent, discord.ForumChannel) else None


def said_in(message: discord.Message) -> str:
    """Return all that a message says: its own text, what it forwards, and what embeds show."""
    texts: list[str] = []
    parts: list[discord.Message | discord.MessageSnapshot] = [message, *message.message_snapshots]
    for part in parts:
        texts.append(part.content)
        texts += _texts(part.components)
        for embed in part.embeds:
            texts += [embed.title or "", embed.description or ""]
            texts += [f"{field.name}: {field.value}" for field in embed.fields]
    said = "\n".join(dict.fromkeys(text for text in texts if text.strip()))
    return _MENTION.sub(" ", said).strip()


def parts_of(message: discord.Message) -> list[str]:
    """Return the question that a message of the bot's answers, behind those that it follows."""
    first, _, _ = next(_texts(message.components), message.content).partition("\n")
    if len(first) > len("****") and first.startswith("**") and first.endswith("**"):
        return [unescape(part) for part in first[2:-2].split(f"**{FOLLOWS}**")]
    return []


async def parts_with_reply(message: discord.Message) -> list[str]:
    """Return the same, with the question that the message replies to where it does not show it
    itself.
    """
    if shown := parts_of(message):
        return shown
    replied = await replied_to(message)
    if replied is None or _changed_since(replied, message):
        return []
    asked = one_line(question_in(replied))
    return [*_followed(message), asked] if asked else []


def _changed_since(replied: discord.Message, message: discord.Message) -> bool:
    """Whether a question was edited after it was answered."""
    answered_at = message.edited_at or message.created_at
    return replied.edited_at is not None and replied.edited_at > answered_at


def _followed(message: discord.Message) -> list[str]:
    """Return the questions that the one which a message replies to follows."""
    first, _, _ = next(_texts(message.components), message.content).partition("\n")
    start, end = "-# **", f"**{FOLLOWS}{ABOVE}"
    if not (first.startswith(start) and first.endswith(end)):
        return []
    inner = first[len(start) : -len(end)]
    return [unescape(part) for part in inner.split(f"**{FOLLOWS}**")]


def question_of(message: discord.Message) -> str | None:
    """Return the same on one line, as people read it."""
    return FOLLOWS.join(parts_of(message)) or None


async def asked_question(message: discord.Message | None) -> AskedQuestion | None:
    """Return the question that a message of the bot's answers, in full where the message shows it
    so or replies to it; None where it shows none.
    """
    parts = await parts_with_reply(message) if message else []
    if message is None or not parts:
        return None
    question, previous = parts[-1], carried_over(parts[:-1]) or None
    earlier_cut = any(map(_is_cut, parts[:-1]))
    if not _is_cut(question):
        return AskedQuestion(question, previous, earlier_cut)
    replied = await replied_to(message)
    full = one_line(question_in(replied)) if replied else ""
    if full.startswith(question.removesuffix(_CUT)):
        return AskedQuestion(full, previous, earlier_cut)
    return AskedQuestion(question.removesuffix(_CUT), previous, cut_off=True)


async def replied_to(message: discord.Message) -> discord.Message | None:
    """Return the message that another one replies to, where Discord hands it over in time."""
    reference = message.reference
    if reference is None or reference.message_id is None:
        return None
    replied = reference.resolved
    if replied is None:
        try:
            async with asyncio.timeout(_PATIENCE):
                replied = await message.channel.fetch_message(reference.message_id)
        except NETWORK_ERRORS:
            return None
    return replied if isinstance(replied, discord.Message) else None


def _is_cut(part: str) -> bool:
    return part.endswith(_CUT) and length(part) >= _SHORTEST_CUT


def _texts(components: Sequence[discord.Component]) -> Iterator[str]:
    for component in components:
        if isinstance(component, discord.TextDisplay):
            yield component.content
        elif isinstance(component, discord.Container):
            yield from _texts(component.children)
