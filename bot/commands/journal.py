"""Votes on answers and the questions that found nothing, where the operator keeps a journal."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.answering.lessons import asked_again
from bot.chat.buttons import PersistentButton
from bot.chat.limits import CONTENT
from bot.chat.markup import compose, cut, one_line
from bot.chat.permissions import check_curator, is_curator, managers
from bot.chat.sending import respond
from bot.chat.state import client_of
from bot.chat.tree import language_of
from bot.commands.teach_preview import offer
from bot.corpus.companions import QUESTIONS_NAME
from bot.corpus.filenames import source_digest
from bot.errors import Problem
from bot.service.journal_file import Gap, Voted, to_csv
from bot.strings import say

# What the list of gaps shows; the file holds everything.
_LINES_SHOWN = 10
_LINE_ROOM = 70
_GAP_ROOM = 150  # beside a button
_REASON_ROOM = 170
_TABLE = "gaps.csv"


@app_commands.command(
    name=locale_str("gaps"),
    description=locale_str("List what found no answer and what was voted down here"),
)
@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
@managers
async def gaps(interaction: discord.Interaction) -> None:
    """/gaps, for the managers of any server: what found no answer there and was voted down."""
    bot, language = client_of(interaction), language_of(interaction)
    if bot.journal is None:
        await respond(interaction, say("no_journal", language))
        return
    await interaction.response.defer(ephemeral=True, thinking=True)
    guild = interaction.guild_id
    library = await bot.library_for(guild)
    index = library.index if library.in_memory else None  # which tells what was taught since
    found = await asyncio.to_thread(bot.journal.gaps, guild)
    unanswered = await asyncio.to_thread(
        lambda: [gap for gap in found if index is None or not asked_again(index, gap.question)]
    )
    downvoted = await asyncio.to_thread(bot.journal.downvoted, guild)
    lost = [one for one in library.corpus.problems if one.path.name == QUESTIONS_NAME]
    if unanswered and is_curator(interaction):
        said = gaps_layout(unanswered, downvoted, language, lost)
    else:
        said = {"content": gaps_text(unanswered, downvoted, language, lost)}
    if unanswered or downvoted:
        data = io.BytesIO(to_csv(unanswered, downvoted).encode("utf-8-sig"))
        said["file"] = discord.File(data, filename=_TABLE)
    await respond(interaction, said)


def _others(downvoted: Sequence[Voted], lost: Sequence[Problem], language: str) -> list[str]:
    """Return what was voted down, and what was taught and teaches nothing any more."""
    lines = []
    if downvoted:
        lines.append(f"**{say('voted_down', language)}**")
        worst = downvoted[:_LINES_SHOWN]
        lines += [f"- {_line(vote.question)} 👎 {vote.down} 👍 {vote.up}" for vote in worst]
    if lost:
        lines.append(f"**{say('lost_answers', language)}**")
        lines += [f"- {cut(one_line(one.reason), _REASON_ROOM)}" for one in lost[:_LINES_SHOWN]]
    return lines


def gaps_text(
    gaps: Sequence[Gap], downvoted: Sequence[Voted], language: str, lost: Sequence[Problem] = ()
) -> str:
    """Return the first of each list, within a message's limit."""
    others = _others(downvoted, lost, language)
    if not (gaps or others):
        return say("no_gaps", language)
    lines = [f"**{say('unanswered_questions', language)}**"] if gaps else []
    lines += [f"- {_line(gap.question)} × {gap.times}" for gap in gaps[:_LINES_SHOWN]]
    return compose([*lines, *others], language)


def gaps_layout(
    gaps: Sequence[Gap], downvoted: Sequence[Voted], language: str, lost: Sequence[Problem] = ()
) -> dict[str, Any]:
    """Return the same with a button beside each question, for who may teach what answers it."""
    head = f"**{say('unanswered_questions', language)}**"
    container = discord.ui.Container[Any](discord.ui.TextDisplay(head))
    for gap in gaps[:_LINES_SHOWN]:
        text = f"{_line(gap.question, _GAP_ROOM)} × {gap.times}"
        button = GapButton(source_digest(gap.question), language)
        container.add_item(discord.ui.Section[Any](text, accessory=button))
    if others := _others(downvoted, lost, language):
        room = CONTENT - _GAP_ROOM
        container.add_item(discord.ui.TextDisplay(compose(others, language, room)))
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    view.add_item(discord.ui.File[Any](f"attachment://{_TABLE}"))
    return {"view": view}


def _line(question: str, room: int = _LINE_ROOM) -> str:
    return cut(one_line(question), room)


class GapButton(PersistentButton, template=r"gap:(?P<digest>[A-Za-z0-9_-]{5})"):
    """*Teach* beside an unanswered question, which the journal holds."""

    def __init__(self, digest: str, language: str = "en") -> None:
        self.digest = digest
        super().__init__(f"gap:{digest}", say("teach", language))

    async def on_click(self, interaction: discord.Interaction) -> None:
        """Offer the sentences nearest to the question."""
        check_curator(interaction)
        journal = client_of(interaction).journal
        found = await asyncio.to_thread(journal.gaps, interaction.guild_id) if journal else []
        asked = next((gap for gap in found if source_digest(gap.question) == self.digest), None)
        if asked is None:
            await respond(interaction, say("gap_gone", language_of(interaction)))
        else:
            await offer(interaction, asked.question)


@app_commands.command(
    name=locale_str("privacy"),
    description=locale_str("Say what the bot keeps of what is asked"),
)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
async def privacy(interaction: discord.Interaction) -> None:
    """/privacy: what is kept of what people ask."""
    language, bot = language_of(interaction), client_of(interaction)
    journal, server = bot.journal, interaction.guild_id
    text = say("kept", language, days=journal.days) if journal else say("not_kept", language)
    text += f" {say('kept_if_taught', language)}"
    if server is not None and bot.get_guild(server) is not None and bot.servers.keeps(server):
        folder = f"{bot.settings.servers_dir.name}/{server}"
        text += "\n" + say("kept_here", language, folder=folder)
    await respond(interaction, text)
