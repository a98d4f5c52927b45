"""A question that a command or a form asks, and the form below such an answer.

Discord shows the bot no text of a reply to the answer of a command, so *Follow up* stands below it.
"""

from __future__ import annotations

import math

import discord

from bot.chat.answers import MOST_FURTHER, MessageOptions, answer_message
from bot.chat.buttons import PersistentButton
from bot.chat.channels import sources_of
from bot.chat.layout import carried_over
from bot.chat.limits import CHOICE
from bot.chat.markup import clip, cut, one_line
from bot.chat.metrics import Entry, QuestionEvent, note_gap
from bot.chat.questions import AskedQuestion, parts_with_reply
from bot.chat.sending import respond
from bot.chat.state import client_of
from bot.chat.tree import language_of, report_failure
from bot.errors import UnknownArticle
from bot.strings import say
from bot.text.filler import courtesy

#: Characters of a question that a command or a form takes.
QUESTION_LIMIT = 1000

# Seconds that an answer waits for the same person's earlier ones; Discord waits three for it.
_PATIENCE = 1.0

# Seconds that a form may lie open: as long as Discord takes an answer to one that was handed in.
_FORM_SECONDS = 900.0

# Characters of what a form shows in an empty field, by Discord's limit.
_PLACEHOLDER = 100


def too_fast(interaction: discord.Interaction) -> str | None:
    """Return what somebody is told who has to wait; None for everybody else, and the question
    counts.
    """
    seconds = client_of(interaction).rate_limit.wait(interaction.user.id)
    language = language_of(interaction)
    return say("slow_down", language, seconds=math.ceil(seconds)) if seconds else None


async def answer_interaction(
    interaction: discord.Interaction,
    question: AskedQuestion,
    way: Entry,
    *,
    fallback_language: str | None = None,
    within: str | None = None,
    private: bool = False,
) -> None:
    """Answer a question where it was asked, or to who asks alone; ``within``: the only source."""
    language, bot = language_of(interaction), client_of(interaction)
    if not one_line(question.question) or courtesy(question.question):
        await respond(interaction, say("empty_question", language))
        return
    if refusal := too_fast(interaction):
        await respond(interaction, refusal)
        return
    asked = QuestionEvent(way, interaction.guild_id, interaction.channel_id)
    # A server that has not installed the bot sees no journal, so none is kept of it.
    guild = bot.get_guild(interaction.guild_id) if interaction.guild_id else None
    async with bot.user_queue.of(interaction.user.id, _PATIENCE):
        try:
            library = await bot.library_for(interaction.guild_id)
            asked.answer = answer = await library.answered(
                question.question,
                previous=question.previous,
                fallback_language=fallback_language or language,
                further=MOST_FURTHER,
                within=within or sources_of(interaction),
            )
        except UnknownArticle:
            name = cut(one_line(within or ""), CHOICE)
            await respond(interaction, say("files_no_article", language, name=name))
            return
        shown = answer_message(
            answer,
            MessageOptions(
                language,
                remover=None if private else interaction.user.id,
                votes=bot.journal is not None and guild is not None and not private,
                extra=(FollowUpButton(answer.language, language),),
                within=None if within else sources_of(interaction),
            ),
        )
        await respond(interaction, shown, ephemeral=private)
    bot.metrics.record(asked)
    if not private:
        await note_gap(bot.journal, answer, guild)


class FollowUpButton(PersistentButton, template=r"follow:(?P<language>[a-z]{2})"):
    """*Follow up* opens a form for a question that is read with the one of the message."""

    def __init__(self, language: str, locale: str = "en") -> None:
        self.language = language
        super().__init__(f"follow:{language}", say("follow_up", locale))

    async def on_click(self, interaction: discord.Interaction) -> None:
        """Open the form, or say that the question is gone."""
        message, locale = interaction.message, language_of(interaction)
        parts = await parts_with_reply(message) if message else []
        if message is None or not parts:
            await respond(interaction, say("question_gone", locale))
            return
        form = FollowUpForm(parts, self.language, locale, private=message.flags.ephemeral)
        await interaction.response.send_modal(form)


class FollowUpForm(discord.ui.Modal):
    """A field for one question. What is handed in after a restart is lost, and Discord says so."""

    def __init__(self, parts: list[str], language: str, locale: str, *, private: bool) -> None:
        super().__init__(title=say("follow_up", locale), timeout=_FORM_SECONDS)
        self.previous, self.language, self.private = carried_over(parts), language, private
        self.field: discord.ui.TextInput[FollowUpForm] = discord.ui.TextInput(
            placeholder=clip(say("follow_up_example", locale), _PLACEHOLDER),
            max_length=QUESTION_LIMIT,
        )
        label = clip(one_line(parts[-1]), _PLACEHOLDER)
        self.add_item(
            discord.ui.Label(
                text=say("follow_up_question", locale), description=label, component=self.field
            )
        )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Answer it where the first answer stands, to everybody or to the same person alone."""
        await answer_interaction(
            interaction,
            AskedQuestion(self.field.value, self.previous),
            "follow_up",
            fallback_language=self.language,
            private=self.private,
        )

    async def on_error(  # type: ignore[override]  # as discord.py's own form has it
        self, interaction: discord.Interaction, error: Exception
    ) -> None:
        """Log what went wrong and say so."""
        await report_failure(interaction, type(self).__name__, error)
