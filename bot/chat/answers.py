"""Answers as messages with buttons. The buttons survive restarts: all that they need stands in
their custom ids, which name the sentences that they speak of, and in the message, which shows its
question or replies to it.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import discord

from bot.answering.answer import MAX_CITATIONS, explain_citations
from bot.answering.citation import Answer, Citation
from bot.chat.buttons import TEACH, TEACHABLE, Button, PersistentButton
from bot.chat.channels import sources_of
from bot.chat.layout import (
    FOLLOWS,
    LAYOUT,
    PLAIN,
    Block,
    answer_blocks,
    asked_alone,
    context_blocks,
    question_block,
    reply_block,
    shown_question,
    why_text,
)
from bot.chat.limits import CUSTOM_ID, LABEL
from bot.chat.markup import clip, length, one_line
from bot.chat.metrics import QuestionEvent
from bot.chat.permissions import is_curator
from bot.chat.questions import AskedQuestion, asked_question, parts_with_reply
from bot.chat.references import LETTERS, PATTERN, reference, resolve, source_of
from bot.chat.sending import respond
from bot.chat.state import client_of
from bot.chat.tree import language_of
from bot.chat.units import Link, links_of, quotes_of
from bot.errors import JournalError
from bot.index.build import Index
from bot.strings import say
from bot.text.units import parse_address

log = logging.getLogger(__name__)

_COLOUR = discord.Colour(0x3B6EA5)
_COLOUR_OF_SILENCE = discord.Colour(0x8A8F98)


@dataclass(frozen=True, slots=True)
class MessageOptions:
    """For whom and where an answer is shown."""

    locale: str  #: language of the asker's Discord, two letters; the buttons are in it
    remover: int | None = None  #: who may remove it besides moderators; None for a private answer
    rich: bool = True  #: False where the bot may not embed: plain text
    votes: bool = False  #: whether 👍 and 👎 are counted
    replied: bool = False  #: whether it replies to the question, which Discord then shows
    extra: tuple[PersistentButton, ...] = ()  #: further buttons of the first row
    within: tuple[str, ...] | None = None  #: what alone was asked, as the channel is set; None: all


#: How many sentences *More* can name, one page after the other: as many as its custom id holds.
MOST_FURTHER = (CUSTOM_ID - len("more:en:")) // LETTERS


def answer_message(answer: Answer, audience: MessageOptions) -> dict[str, Any]:
    """Return an answer as what ``send`` takes.

    ``answer.further`` are the sentences for *More*: ask for ``MOST_FURTHER`` of them.
    """
    form = LAYOUT if audience.rich else PLAIN
    asked = shown_question(answer, form.question)
    head = reply_block(asked) if audience.replied else question_block(asked)
    blocks = answer_blocks(answer, form, head)
    number = len(blocks) - len(head)
    found = answer.citations or answer.suggestions
    shown = found[:number]
    if audience.within and not found:  # others may hold it: a silence would claim too much
        blocks[-1] = (*blocks[-1], asked_alone(audience.within, answer.language))
    whole = any(citation.last for citation in shown)  # a unit needs no context and no reason
    left = (*found[number:], *answer.further)[:MOST_FURTHER]
    row: list[PersistentButton] = [
        AnswerButton(action, answer.language, references, audience.locale)
        for action, references in (
            ("context", "" if whole else _references(shown[:1])),
            ("more", _references(left)),
            ("why", _references(shown) if asked and not whole else ""),
        )
        if references
    ]
    row += audience.extra
    if audience.remover is not None:
        row.append(RemoveButton(audience.remover, audience.locale))
    rows = [row]
    if audience.votes and answer.answered:
        voted = _references(shown[:1])
        rows.append([VoteButton(way, answer.language, voted) for way in ("up", "down")])
    links = (UnitButton.of(link, audience.locale) for link in links_of(shown))
    rows.append([link for link in links if len(link.custom_id) <= CUSTOM_ID])
    if audience.rich:
        colour = _COLOUR if answer.answered else _COLOUR_OF_SILENCE
        return layout(blocks, rows, colour, heads=len(head))
    view = discord.ui.View(timeout=None)
    for place, items in enumerate(rows):
        for item in items:
            item.item.row = place
            view.add_item(item)
    return {"content": "\n\n".join("\n".join(block) for block in blocks), "view": view}


def _references(citations: Sequence[Citation]) -> str:
    return "".join(map(reference, citations))


def layout(
    blocks: Sequence[Block],
    rows: Sequence[Sequence[PersistentButton | Button]] = (),
    colour: discord.Colour = _COLOUR,
    *,
    heads: int = 1,
) -> dict[str, Any]:
    """Blocks one under the other, ``heads`` of them above, lines between the others, buttons
    below.
    """
    container = discord.ui.Container[Any](accent_colour=colour)
    for number, block in enumerate(blocks):
        if number > heads:
            container.add_item(discord.ui.Separator())
        for piece in block:
            container.add_item(discord.ui.TextDisplay(piece))
    for items in rows:
        if items:
            container.add_item(discord.ui.ActionRow[Any](*items))
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    return {"view": view}


class AnswerButton(
    PersistentButton,
    template=rf"(?P<action>context|more|why):(?P<language>[a-z]{{2}})"
    rf":(?P<references>(?:{PATTERN}){{1,{MOST_FURTHER}}})",
):
    """*Context*, *More* and *Why?* below an answer; each shows to the clicker alone.

    The custom id holds the language of the question and the sentences that the button speaks of.
    """

    def __init__(self, action: str, language: str, references: str, locale: str = "en") -> None:
        self.action, self.language = action, language
        self.references = [
            references[place : place + LETTERS] for place in range(0, len(references), LETTERS)
        ]
        super().__init__(f"{action}:{language}:{references}", say(action, locale))

    async def on_click(self, interaction: discord.Interaction) -> None:
        """Show what was asked for, or that a source has changed."""
        asked = None if self.action == "context" else await asked_question(interaction.message)
        library = await client_of(interaction).library_for(interaction.guild_id)
        index = await library.holding(
            digests=map(source_of, self.references),
            asked=(asked.question, asked.previous) if asked else None,
        )
        cited = await asyncio.to_thread(_looked_up, index, self.references, self.language, asked)
        if cited is not None and self.action == "why" and asked is None:
            await respond(interaction, say("question_gone", language_of(interaction)))
        elif cited is None:
            await respond(interaction, await stale(interaction, self.language))
        elif self.action == "context":
            await respond(interaction, await _context(interaction, cited[0], self.language))
        elif self.action == "why":
            cut_off = asked is not None and asked.cut_off
            await respond(interaction, why_text(cited, self.language, cut_off=cut_off))
        else:
            page = Answer(
                asked.question if asked else "",
                self.language,
                tuple(cited[:MAX_CITATIONS]),
                previous_question=asked.previous if asked else None,
                further=tuple(cited[MAX_CITATIONS:]),
            )
            locale = language_of(interaction)
            await respond(interaction, answer_message(page, MessageOptions(locale)))


async def _context(
    interaction: discord.Interaction, citation: Citation, language: str
) -> dict[str, Any]:
    """Return a sentence in its passage; for who may teach, below the question, with a button that
    teaches it. A question that leans on another one is not taught.
    """
    blocks = context_blocks(citation, language)
    asked = await asked_question(interaction.message) if is_curator(interaction) else None
    if asked is None or asked.previous or asked.cut_off or length(asked.question) > TEACHABLE:
        return layout(blocks)
    label = say("answers_it", language_of(interaction))
    button = Button(label=label, custom_id=f"{TEACH}:{reference(citation)}")
    return layout([*question_block([one_line(asked.question)]), *blocks], [[button]])


def _looked_up(
    index: Index, references: Sequence[str], language: str, asked: AskedQuestion | None
) -> Sequence[Citation] | None:
    """Return the sentences of a button, explained by the question as far as it can be read."""
    cited = resolve(index.corpus, references, language)
    if cited is None or asked is None:
        return cited
    return explain_citations(
        index, cited, asked.question, previous=asked.previous, fallback_language=language
    )


def unit_message(quotes: Sequence[Citation], language: str) -> dict[str, Any]:
    """Return a unit as what ``send`` takes; *More* goes on where it is long."""
    answer = Answer(
        "",
        language,
        tuple(quotes[:MAX_CITATIONS]),
        certainty="sure",
        further=tuple(quotes[MAX_CITATIONS : MAX_CITATIONS + MOST_FURTHER]),
    )
    return answer_message(answer, MessageOptions(language))


class UnitButton(
    PersistentButton,
    template=r"unit:(?P<source>[A-Za-z0-9_-]{5}):(?P<language>[a-z]{2})"
    r":(?P<address>[a-z0-9.-]{1,85})",
):
    """Shows a unit that a quotation refers to, to the clicker alone."""

    def __init__(self, source: str, language: str, address: str, label: str = "-") -> None:
        self.source, self.language, self.address = source, language, address
        super().__init__(f"unit:{source}:{language}:{address}", label)

    @classmethod
    def of(cls, link: Link, locale: str) -> UnitButton:
        """Return the button of a link, named in the language of who sees it."""
        return cls(
            link.source, link.language, link.key.address, clip(link.key.printed(locale), LABEL)
        )

    async def on_click(self, interaction: discord.Interaction) -> None:
        """Show the unit, or that the source has changed."""
        library = await client_of(interaction).library_for(interaction.guild_id)
        index = await library.holding(digests=[self.source])
        locale, key = language_of(interaction), parse_address(self.address)
        quotes = await quotes_of(index.corpus, self.source, key, self.language)
        await respond(interaction, unit_message(quotes, locale) if quotes else say("stale", locale))


async def stale(interaction: discord.Interaction, language: str) -> dict[str, Any] | str:
    """Return that a source has changed since the answer, and an offer to ask again."""
    locale = language_of(interaction)
    parts = await parts_with_reply(interaction.message) if interaction.message else []
    shown = [clip(part, LAYOUT.question) for part in parts]
    if not shown:
        return say("stale", locale)
    blocks = [*question_block(shown), (say("stale", locale),)]
    return layout(blocks, [[AgainButton(language, locale)]], _COLOUR_OF_SILENCE)


class AgainButton(PersistentButton, template=r"again:(?P<language>[a-z]{2})"):
    """*Ask again* asks the message's question anew, for the clicker alone."""

    def __init__(self, language: str, locale: str = "en") -> None:
        self.language = language
        super().__init__(f"again:{language}", say("again", locale))

    async def on_click(self, interaction: discord.Interaction) -> None:
        """Answer the question as far as the message shows it."""
        bot, locale = client_of(interaction), language_of(interaction)
        if seconds := bot.rate_limit.wait(interaction.user.id):
            await respond(interaction, say("slow_down", locale, seconds=math.ceil(seconds)))
            return
        event = QuestionEvent("again", interaction.guild_id, interaction.channel_id)
        asked = await asked_question(interaction.message)
        if asked is None:
            await respond(interaction, say("empty_question", locale))
            return
        library = await bot.library_for(interaction.guild_id)
        event.answer = await asyncio.to_thread(
            library.answer,
            asked.question,
            previous=asked.previous,
            fallback_language=self.language,
            further=MOST_FURTHER,
            within=sources_of(interaction),
        )
        options = MessageOptions(locale, within=sources_of(interaction))
        await respond(interaction, answer_message(event.answer, options))
        bot.metrics.record(event)


class OldButton(
    PersistentButton,
    template=r"(?P<old>(?:context|more|why|again):[0-9a-f]{8}:[a-z]{2}:\d{1,3}"
    r"|vote:(?:up|down):[0-9a-f]{8}:[a-z]{2})",
):
    """A button of an answer that an earlier version of the bot gave: it named no sentence."""

    def __init__(self, old: str) -> None:
        self.language = old.split(":")[3 if old.startswith("vote:") else 2]
        super().__init__(old, "-")

    async def on_click(self, interaction: discord.Interaction) -> None:
        """Offer to ask again."""
        await respond(interaction, await stale(interaction, self.language))


class RemoveButton(PersistentButton, template=r"remove:(?P<asker>\d{1,20})"):
    """*Remove* deletes an answer, for who asked and for moderators."""

    def __init__(self, asker: int | str, locale: str = "en") -> None:
        self.asker = int(asker)
        super().__init__(f"remove:{asker}", say("remove", locale))

    async def on_click(self, interaction: discord.Interaction) -> None:
        """Delete the message, or say who may."""
        if interaction.user.id != self.asker and not interaction.permissions.manage_messages:
            await respond(interaction, say("not_asker", language_of(interaction)))
            return
        await interaction.response.defer()
        with suppress(discord.NotFound):  # somebody else was faster
            await interaction.delete_original_response()


class VoteButton(
    PersistentButton,
    template=rf"vote:(?P<way>up|down):(?P<language>[a-z]{{2}}):(?P<voted>{PATTERN})",
):
    """👍 and 👎 below an answer, on its first sentence."""

    def __init__(self, way: str, language: str, voted: str) -> None:
        self.way, self.language, self.voted = way, language, voted
        emoji = "👍" if way == "up" else "👎"
        super().__init__(f"vote:{way}:{language}:{voted}", emoji=emoji)

    async def on_click(self, interaction: discord.Interaction) -> None:
        """Count the vote and say thanks, to the voter alone."""
        await respond(interaction, say(await self._count(interaction), language_of(interaction)))

    async def _count(self, interaction: discord.Interaction) -> str:
        """Count the vote if there is a journal; what there is to say, as a key of ``say``."""
        bot, message, guild = client_of(interaction), interaction.message, interaction.guild_id
        if bot.journal is None or guild is None or bot.get_guild(guild) is None:
            return "no_journal"
        shown = FOLLOWS.join(await parts_with_reply(message)) if message else ""
        if message is None or not shown:
            return "question_gone"
        if message.flags.ephemeral:  # has no such button, and nothing private is kept
            return "no_journal"
        library = await bot.library_for(guild)
        cited = await asyncio.to_thread(resolve, library.corpus, [self.voted], self.language)
        if cited is None:
            return "stale"
        if change := bot.votes.change(message.id, interaction.user.id, self.way):
            try:
                await asyncio.to_thread(bot.journal.vote, shown, cited[0].address, guild, **change)
            except JournalError as error:
                log.warning("a vote could not be noted: %s", error)
                bot.votes.undo(message.id, interaction.user.id, change)
                return "failed"
        return "voted"


#: What a client must know to take back the buttons of messages sent before it started.
BUTTONS = (AnswerButton, AgainButton, OldButton, RemoveButton, UnitButton, VoteButton)
