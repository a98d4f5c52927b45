"""A change of the corpus that was proposed: the buttons below its preview, and its making."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import discord

from bot.chat.buttons import PersistentButton
from bot.chat.markup import clip, compose
from bot.chat.memory import PENDING_SECONDS, Proposal
from bot.chat.permissions import Refused, check_curator, nobody_may_change
from bot.chat.reports import render_problems, render_reindexed, render_taught
from bot.chat.sending import respond
from bot.chat.state import client_of
from bot.chat.tree import language_of
from bot.commands.reindex import progress_of
from bot.corpus.folder import Progress
from bot.errors import CorpusError, CorpusFilesError, ReindexRunning, printable
from bot.service.corpus_files import Change
from bot.service.library import ReindexReport
from bot.strings import say
from bot.text.tokens import folded_words

log = logging.getLogger(__name__)

_NAME_ROOM = 100

#: What is said on Discord, as what ``send`` takes.
MessageKwargs = dict[str, Any]


def name_shown(name: str) -> str:
    """Return a file's name, as it can stand between marks of code."""
    return clip(printable(name).replace("`", "ˋ"), _NAME_ROOM)


def names_shown(names: tuple[str, ...] | list[str]) -> str:
    """Names of files as code; as many as a message has room for."""
    shown = ", ".join(f"`{name_shown(name)}`" for name in names[:8])
    return f"{shown}, …" if len(names) > 8 else shown  # noqa: PLR2004


def render_files_error(error: CorpusFilesError, language: str) -> str:
    """Why the folder cannot be changed that way."""
    name, detail = name_shown(error.name), name_shown(error.detail)
    return say(f"files_{error.kind}", language, name=name, detail=detail)


def explained(interaction: discord.Interaction, error: CorpusFilesError) -> str:
    """Return the same; where a shared source is meant, who may change that."""
    bot, language = client_of(interaction), language_of(interaction)
    if error.kind not in ("no_article", "not_taught") or bot.is_home(interaction.guild_id):
        return render_files_error(error, language)
    if error.kind == "no_article" and error.name.casefold() not in bot.library.corpus.names:
        return render_files_error(error, language)
    taught = bot.library.corpus.lessons.by_words
    if error.kind == "not_taught" and tuple(folded_words(error.name)) not in taught:
        return render_files_error(error, language)
    text = say("shared_source", language, name=name_shown(error.name))
    if nobody_may_change(bot):
        text += " " + say("several_servers", language, server=interaction.guild_id)
    return text


def buttons(token: str, agree: str, language: str) -> discord.ui.View:
    """*Add*, *Replace*, *Remove* or *Teach*, and *Cancel*."""
    view = discord.ui.View(timeout=None)
    view.add_item(ConfirmButton(token, agree, language))
    view.add_item(CancelButton(token, language))
    return view


async def make(interaction: discord.Interaction, proposal: Proposal) -> str:
    """Make a change and reindex, and return how that went; see ``applied``."""
    language = language_of(interaction)
    report = await applied(interaction, proposal.make, progress_of(interaction))
    if isinstance(report, str):
        return report
    who = interaction.user.id
    log.info("corpus: %d %s %s", who, proposal.done, printable(proposal.what))
    if proposal.done == "taught":
        return render_taught(report, language)
    text = render_reindexed(report, language)
    if report.removed_at:
        text += "\n" + say("put_away", language, entry=report.removed_at)
    return compose([text], language)


async def applied(
    interaction: discord.Interaction, change: Callable[[], Change], progress: Progress | None = None
) -> ReindexReport | str:
    """Make a change and reindex; return what that did, or what speaks against it: then the folder
    is what it was.

    Raises ReindexRunning, with nothing changed, if another reindex is under way.
    """
    language = language_of(interaction)
    try:
        library = await client_of(interaction).edited_by(interaction.guild_id)
        return await asyncio.to_thread(library.apply, change, progress)
    except CorpusError as error:
        return render_problems(error, say("undone", language), language)
    except CorpusFilesError as error:
        return explained(interaction, error)


class _Decision(PersistentButton, template=r"(?!)"):
    """A button below a preview. Everybody but an admin who was shown it is refused."""

    def __init__(self, token: str, custom_id: str, label: str) -> None:
        self.token = token
        super().__init__(custom_id, label)

    async def on_click(self, interaction: discord.Interaction) -> None:
        """Take the proposal, or say why there is none."""
        bot = client_of(interaction)
        language = language_of(interaction)
        check_curator(interaction)
        waiting = bot.pending.find(self.token)
        if waiting and waiting.person != interaction.user.id:
            raise Refused("not_yours")
        # The sources that it is about may not be this server's to change, or not any more.
        here = (await bot.edited_by(interaction.guild_id)).folder if waiting else None
        proposal = bot.pending.take(self.token) if waiting and waiting.folder == here else None
        if proposal is None:
            text = say("no_longer_pending", language, minutes=int(PENDING_SECONDS // 60))
            await respond(interaction, text)
            return
        await self.decide(interaction, proposal)

    async def decide(self, interaction: discord.Interaction, proposal: Proposal) -> None:
        """Do what the click means."""
        raise NotImplementedError


class ConfirmButton(
    _Decision, template=r"corpus:(?P<token>[0-9a-f]{16}):(?P<label>add|replace|remove|teach)"
):
    """Makes the change that was previewed."""

    def __init__(self, token: str, label: str, language: str = "en") -> None:
        super().__init__(token, f"corpus:{token}:{label}", say(label, language))
        colour = discord.ButtonStyle.danger if label == "remove" else discord.ButtonStyle.success
        self.item.style = colour

    async def decide(self, interaction: discord.Interaction, proposal: Proposal) -> None:
        """Make the change; the preview stays open while another reindex runs."""
        await interaction.response.defer()
        try:
            text = await make(interaction, proposal)
        except ReindexRunning:
            client_of(interaction).pending.give_back(self.token, proposal)
            text = say("reindexing", language_of(interaction))
            await respond(interaction, text)
            return
        await interaction.edit_original_response(content=text, view=None)


class CancelButton(_Decision, template=r"corpus:(?P<token>[0-9a-f]{16}):cancel"):
    """Forgets a proposal."""

    def __init__(self, token: str, language: str = "en") -> None:
        super().__init__(token, f"corpus:{token}:cancel", say("cancel", language))

    async def decide(self, interaction: discord.Interaction, proposal: Proposal) -> None:
        """Say that nothing was changed."""
        del proposal
        text = say("cancelled", language_of(interaction))
        await interaction.response.edit_message(content=text, view=None)


def response(text: str, view: discord.ui.View | None = None) -> MessageKwargs:
    """Return a text and its buttons, if any, as what ``send`` takes."""
    content = compose([text], "en")
    return {"content": content, "view": view} if view else {"content": content}
