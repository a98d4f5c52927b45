"""Each way of asking on Discord, and each way in which it may go wrong."""

from __future__ import annotations

import logging
from collections.abc import Collection
from typing import TYPE_CHECKING

import discord
import pytest
import simcord
from simcord.backend.models import AllowedMentions
from simcord.enums import MessageType

from bot.answering.citation import Answer
from bot.chat.memory import RATE_QUESTIONS
from bot.service.library import Library
from tests.simulated import question_shown, text_of, texts_of

if TYPE_CHECKING:
    from tests.simulated import Place, Speak

pytestmark = pytest.mark.simcord(approved_intents=discord.Intents.default())

RATIFIED = "Le traité a été ratifié par le Sénat russe."
HINT = "Ask me a question about the sources; `/help` shows how."
RATIFIED_EN = "The treaty was ratified by the Russian Senate."


async def test_slash_answer(place: Place) -> None:
    """/ask quotes the translation, below it the original, and says where the sentence stands."""
    result = await place.alice.slash(place.channel, "ask", question="who ratified it?")
    assert not result.ephemeral
    assert question_shown(result.response) == "who ratified it?"
    assert texts_of(result.response)[:4] == [
        "**who ratified it?**",
        f"> {RATIFIED_EN.replace('ratified', '**ratified**')}",
        f"-# Original (French)\n> {RATIFIED.replace('ratifié', '**ratifié**')}",
        "-# [Le traité de Pyongyang](<https://example.org/traite_%282024%29"
        "#:~:text=Le%20trait%C3%A9%20a%20%C3%A9t%C3%A9,par%20le%20S%C3%A9nat%20russe.>)"
        " · 6 November 2024 · ¶ 1, sentence 1",
    ]


async def test_slash_private(place: Place) -> None:
    """/ask private:True shows the answer to the person who asked and to nobody else."""
    result = await place.alice.slash(
        place.channel, "ask", question="who ratified it?", private=True
    )
    assert result.ephemeral
    assert RATIFIED in text_of(result.response)
    bob = place.guild.add_member(place.env.create_user("bob"))
    assert len(place.channel.history(viewer=place.alice)) == 1
    assert place.channel.history(viewer=bob) == []


async def test_slash_in_direct_message(place: Place) -> None:
    """/ask works in a direct message with the bot."""
    result = await place.alice.user.slash("ask", question="who ratified it?")
    assert RATIFIED in text_of(result.response)


async def test_slash_replies_in_the_language_of_the_question(place: Place, speak: Speak) -> None:
    """A French question is answered in French, with the original alone, whatever the locale."""
    speak("en-US")
    result = await place.alice.slash(place.channel, "ask", question="Qui l’a ratifié ?")
    text = text_of(result.response)
    assert f"> {RATIFIED}\n-# [" in text
    assert "6 novembre 2024 · ¶ 1, phrase 1" in text


@pytest.mark.parametrize(
    ("locale", "silence"),
    [
        ("fr", "Les sources n’y répondent pas."),
        ("en-GB", "The sources do not answer this."),
        ("de", "The sources do not answer this."),
    ],
)
async def test_slash_falls_back_on_the_persons_locale(
    place: Place, speak: Speak, locale: str, silence: str
) -> None:
    """A question that shows no language is answered in that of the person's Discord."""
    speak(locale)
    result = await place.alice.slash(place.channel, "ask", question="???")
    assert silence in text_of(result.response)


async def test_slash_without_a_question(place: Place, speak: Speak) -> None:
    """/ask with nothing but invisible characters explains itself, to that person alone."""
    speak("fr")
    result = await place.alice.slash(place.channel, "ask", question="\u200b \u2060")
    assert result.ephemeral
    assert text_of(result.response).startswith("Posez-moi une question")


async def test_mention(place: Place) -> None:
    """A message that mentions the bot is answered with a reply to it."""
    answer = await place.ask("who ratified it?")
    assert RATIFIED in text_of(answer)
    assert question_shown(answer) == "who ratified it?"
    assert answer.reference is not None
    assert answer.reference.message_id == place.channel.history()[0].id


@pytest.mark.parametrize("text", ["who ratified it, {bot}?", "<@!{id}> who ratified it?"])
async def test_mention_anywhere(place: Place, text: str) -> None:
    """The mention may stand anywhere and in either of its spellings."""
    (answer,) = await place.say(text.format(bot=place.at_bot, id=place.bot_id))
    assert RATIFIED in text_of(answer)


async def test_mention_with_other_mentions(place: Place) -> None:
    """Other mentions beside the bot's, everybody's too, are no part of the question."""
    text = f"@everyone {place.at_bot} <@&1> <#2> <a:wave:3> who @here ratified it?"
    (answer,) = await place.say(text)
    assert RATIFIED in text_of(answer)
    assert "everyone" not in (question_shown(answer) or "")
    assert "here" not in (question_shown(answer) or "")


async def test_mention_without_a_question(place: Place) -> None:
    """A bare mention gets a hint at how to ask."""
    answer = await place.ask("")
    assert text_of(answer) == HINT


@pytest.mark.parametrize("said", ["thanks!", "Thank you so much!", "ok, merci !"])
async def test_thanks_are_left_alone(place: Place, said: str) -> None:
    """Thanks to an answer are not looked up, answered or counted, and do not use up the pace."""
    answer = await place.ask("who ratified it?")
    for _ in range(RATE_QUESTIONS):
        assert await place.say(said, reply_to=answer) == []
        assert await place.say(f"{place.at_bot} {said}") == []
    following = await place.follow_up(answer, "thanks, but when?")
    assert RATIFIED_EN in text_of(following)
    assert question_shown(following) == "who ratified it? → thanks, but when?"
    metrics = place.env.bot.metrics  # type: ignore[attr-defined]
    assert metrics.answered + metrics.unanswered == 2


async def test_a_greeting_gets_the_hint(place: Place) -> None:
    """Who greets the bot is told how to ask, a few times; it uses up nothing of the pace."""
    said = [await place.say(f"{place.at_bot} hello!") for _ in range(RATE_QUESTIONS + 1)]
    assert [len(replies) for replies in said] == [1] * RATE_QUESTIONS + [0]
    assert text_of(said[0][0]) == HINT
    assert RATIFIED in text_of(await place.ask("who ratified it?"))


async def test_matched_words_are_bold(place: Place) -> None:
    """The words of the question stand out in the sentence that answers it."""
    answer = await place.ask("When did she light the lamp?")
    assert "**lamp**" in "\n".join(texts_of(answer))


async def test_hint_in_the_language_of_the_server(french_place: Place) -> None:
    """Where a message shows no language, the bot speaks that of the server."""
    assert text_of(await french_place.ask("")).startswith("Posez-moi une question")
    assert "Les sources n’y répondent pas." in text_of(await french_place.ask("???"))


async def test_role_mention(place: Place) -> None:
    """Discord hides a message that mentions only the bot's role; the bot says what to do."""
    guild = place.env.bot.get_guild(place.guild.id)
    assert guild is not None
    role = guild.get_role(place.bot_role.id)
    assert role is not None
    role.tags = discord.RoleTags({"bot_id": str(place.bot_id)})  # which simcord leaves out
    (answer,) = await place.say(f"{place.bot_role.mention} who ratified it?")
    assert text_of(answer) == (
        f"Discord does not show me that text. Write {place.at_bot} and your question."
    )


async def test_reply_to_a_command_answer(place: Place) -> None:
    """Discord hides replies to a command's answer; with a mention they are follow-ups all the
    same.
    """
    await place.alice.slash(place.channel, "ask", question="who ratified it?")
    answer = place.channel.last_message
    assert answer is not None
    hint = await place.follow_up(answer, "and when?")
    assert text_of(hint).startswith("Discord does not show me that text.")
    following = await place.follow_up(answer, f"{place.at_bot} and when?")
    assert question_shown(following) == "who ratified it? → and when?"


async def test_direct_message(place: Place) -> None:
    """A direct message needs no mention."""
    (answer,) = await place.tell(place.alice.user, "who ratified it?")
    assert RATIFIED in text_of(answer)


async def test_empty_direct_message(place: Place) -> None:
    """A direct message with nothing to read in it gets the hint."""
    (answer,) = await place.tell(place.alice.user, "<:wave:123>")
    assert text_of(answer).startswith("Ask me a question")


async def test_direct_follow_up(place: Place) -> None:
    """A reply in a direct message is a follow-up too."""
    user = place.alice.user
    (answer,) = await place.tell(user, "who ratified it?")
    reference = {"channel_id": str(user.dm_channel.id), "message_id": str(answer.id)}
    await user.send_dm("and when?", reference=reference)
    following = user.dm_channel.last_message
    assert question_shown(following) == "who ratified it? → and when?"


async def test_follow_up(place: Place) -> None:
    """A reply to an answer is read together with the question before it, and says so."""
    answer = await place.ask("who ratified it?")
    following = await place.follow_up(answer, "and when?")
    assert question_shown(following) == "who ratified it? → and when?"
    assert RATIFIED_EN in text_of(following)


async def test_follow_up_that_stands_alone(place: Place) -> None:
    """A reply with a whole question of its own carries nothing over."""
    answer = await place.ask("who ratified it?")
    following = await place.follow_up(answer, "Who kept the lighthouse?")
    assert question_shown(following) == "Who kept the lighthouse?"
    assert "Ada Quill" in text_of(following)


async def test_follow_up_after_restart(place: Place, library: Library) -> None:
    """A follow-up works after a restart: the question stands in the answer itself."""
    answer = await place.ask("who ratified it?")
    await place.restart(library)
    following = await place.follow_up(answer, "and when?")
    assert question_shown(following) == "who ratified it? → and when?"


async def test_follow_up_chain_is_bounded(place: Place) -> None:
    """A chain of follow-ups keeps its beginning and its last two steps, however long it gets."""
    answer = await place.ask("who ratified it?")
    for question in ("and when?", "and where?", "and why?"):
        answer = await place.follow_up(answer, question)
        assert RATIFIED_EN in text_of(answer)
    assert question_shown(answer) == "who ratified it? → and where? → and why?"


async def test_follow_up_of_a_plain_answer(place: Place) -> None:
    """A follow-up works on a plain-text answer, also when its question is full of Markdown."""
    channel = place.restricted(embed_links=False)
    answer = await place.ask(r"who *ratified* the_trea_ty \ \_ ?", channel=channel)
    (following,) = await place.say("and when?", reply_to=answer, channel=channel)
    first, _, _ = following.content.partition("\n")
    assert first == r"-# **who \*ratified\* the\_trea\_ty \\ \\\_ ?** → …"


async def test_reply_without_ping(place: Place) -> None:
    """A reply that does not ping the bot is not meant for it."""
    answer = await place.ask("who ratified it?")
    place.env.backend.create_message(
        place.channel.id,
        place.alice.id,
        "and when?",
        allowed_mentions=AllowedMentions(replied_user=False),
        reference={"channel_id": str(place.channel.id), "message_id": str(answer.id)},
    )
    await place.env.settle()
    assert len(place.attempts()) == 1


async def test_reply_to_somebody_else(place: Place) -> None:
    """A mention in a reply to an ordinary message is a question of its own."""
    other = await place.alice.send(place.channel, "Who kept the lighthouse?")
    answer = await place.ask("and when?", reply_to=other)
    assert question_shown(answer) == "and when?"
    answer = await place.ask("who ratified it?", reply_to=other)
    assert RATIFIED in text_of(answer)


async def test_reply_to_a_hint(place: Place) -> None:
    """A reply to a message of the bot's that answers nothing is a question of its own."""
    hint = await place.ask("")
    answer = await place.follow_up(hint, "who ratified it?")
    assert question_shown(answer) == "who ratified it?"


async def test_reply_to_a_deleted_answer(place: Place) -> None:
    """A follow-up whose answer is gone is read alone."""
    answer = await place.ask("who ratified it?")
    place.env.inject_error("GET", "/channels/*/messages/*", status=404, code=10008)
    place.env.backend.delete_message(place.channel.id, answer.id)
    place.env.backend.create_message(
        place.channel.id,
        place.alice.id,
        f"{place.at_bot} who ratified it?",
        reference={"channel_id": str(place.channel.id), "message_id": str(answer.id)},
    )
    await place.env.settle()
    assert question_shown(place.channel.last_message) == "who ratified it?"


async def test_not_addressed(place: Place) -> None:
    """Messages that do not address the bot are left alone."""
    bob = place.guild.add_member(place.env.create_user("bob"))
    other = await place.alice.send(place.channel, "who ratified it?")
    assert await place.say(f"{bob.mention} @everyone who ratified it?") == []
    assert await place.say("no idea", reply_to=other) == []
    place.guild.create_system_message(place.channel, MessageType.NEW_MEMBER, author=place.alice)
    assert place.attempts() == []


async def test_other_bots(place: Place) -> None:
    """Other bots and webhooks are never answered, so that two bots cannot talk for ever."""
    robot = place.guild.add_member(place.env.create_user("robot", bot=True))
    await robot.send(place.channel, f"{place.at_bot} who ratified it?")
    webhook = place.guild.create_webhook(place.channel)
    await webhook.send(f"{place.at_bot} who ratified it?")
    assert place.attempts() == []


async def test_without_embed_links(place: Place) -> None:
    """Where the bot may not embed, the same answer comes as plain text."""
    channel = place.restricted(embed_links=False)
    answer = await place.ask("who ratified it?", channel=channel)
    assert answer.content.replace("**", "").startswith(
        f"> {RATIFIED_EN}\n-# Original (French)\n> {RATIFIED}\n-# "
    )


@pytest.mark.parametrize("missing", ["send_messages", "read_message_history", "view_channel"])
async def test_without_permission_to_answer(
    place: Place, caplog: pytest.LogCaptureFixture, missing: str
) -> None:
    """Where the bot cannot reply it does not try: failed requests add up to a ban."""
    channel = place.restricted(**{missing: False})
    assert await place.say(f"{place.at_bot} who ratified it?", channel=channel) == []
    assert place.attempts(channel) == []
    assert f"no permission to answer in channel {channel.id}" in caplog.text


async def test_thread(place: Place) -> None:
    """A question in a thread is answered in the thread."""
    thread = await place.thread()
    answer = await place.ask("who ratified it?", channel=thread)
    assert RATIFIED in text_of(answer)
    assert answer.channel.id == thread.id


async def test_thread_without_permission(place: Place) -> None:
    """In threads, it is the permission for threads that counts."""
    channel = place.restricted(send_messages_in_threads=False)
    thread = await place.thread(channel)
    assert await place.say(f"{place.at_bot} who ratified it?", channel=thread) == []
    assert place.attempts(thread) == []


async def test_question_deleted_meanwhile(place: Place, library: Library) -> None:
    """A question that is gone when the answer comes is answered all the same."""

    class Slow(Library):
        def answer(
            self,
            question: str,
            *,
            previous: str | None = None,
            fallback_language: str = "en",
            further: int = 0,
            within: str | Collection[str] | None = None,
        ) -> Answer:
            (message,) = place.channel.history()
            place.env.backend.delete_message(place.channel.id, message.id)
            return super().answer(
                question,
                previous=previous,
                fallback_language=fallback_language,
                further=further,
                within=within,
            )

    await place.restart(Slow(library.folder))
    answer = await place.ask("who ratified it?")
    assert RATIFIED in text_of(answer)
    (attempt,) = place.attempts()
    assert attempt.json["message_reference"]["fail_if_not_exists"] is False


@pytest.mark.parametrize(("status", "code"), [(403, 50013), (404, 10003), (500, 0)])
async def test_discord_refuses_the_reply(
    place: Place, caplog: pytest.LogCaptureFixture, status: int, code: int
) -> None:
    """A reply that Discord refuses is logged in one line, and the next question is answered."""
    place.env.inject_error("POST", "/channels/*/messages", status=status, code=code)
    assert await place.say(f"{place.at_bot} who ratified it?") == []
    (record,) = [r for r in caplog.records if r.levelno >= logging.WARNING]
    assert record.name == "bot.client"
    assert f"no reply could be sent in channel {place.channel.id}: {status}" in record.message
    assert record.exc_info is None
    assert RATIFIED in text_of(await place.ask("who ratified it?"))


class BrokenLibrary(Library):
    """A library with a fault, to show what people see of one."""

    def answer(
        self,
        question: str,  # noqa: ARG002  # the parent's signature
        *,
        previous: str | None = None,  # noqa: ARG002
        fallback_language: str = "en",  # noqa: ARG002
        further: int = 0,  # noqa: ARG002
        within: str | Collection[str] | None = None,  # noqa: ARG002
    ) -> Answer:
        """Fail with a detail that is nobody's business."""
        raise RuntimeError("/srv/secret/path")


async def test_crash_while_answering(
    place: Place, library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    """A fault of the bot's own is logged in full; the person is told without its details."""
    await place.restart(BrokenLibrary(library.folder))
    answer = await place.ask("who ratified it?")
    assert answer.content.startswith("Something went wrong on my side")
    assert "secret" not in answer.content
    assert "/srv/secret/path" in caplog.text


async def test_crash_in_a_command(place: Place, library: Library, speak: Speak) -> None:
    """A crash in a command tells the person so, in private and without its details."""
    await place.restart(BrokenLibrary(library.folder))
    speak("fr")
    result = await place.alice.slash(place.channel, "ask", question="who ratified it?")
    assert result.ephemeral
    assert text_of(result.response).startswith("Une erreur s’est produite de mon côté")
    assert "secret" not in text_of(result.response)
    simcord.assert_error(place.env, RuntimeError, contains="secret")


async def test_command_answer_refused(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    """Where Discord takes neither the answer nor the apology, both are logged."""
    place.env.inject_error("POST", "/interactions/*/callback", status=403, code=50013, times=None)
    result = await place.alice.slash(place.channel, "ask", question="who ratified it?")
    assert not result.acknowledged
    assert "/ask failed" in caplog.text
    assert "the person could not be told" in caplog.text
    simcord.assert_error(place.env, discord.Forbidden)


async def test_command_answer_too_late(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    """Where the time for an answer is over, the log says so in one line, without an apology."""
    place.env.inject_error("POST", "/interactions/*/callback", status=404, code=10062, times=None)
    result = await place.alice.slash(place.channel, "ask", question="who ratified it?")
    assert not result.acknowledged
    [record] = caplog.records
    assert record.getMessage().startswith("/ask: Discord takes no answer any more (404")
    assert not record.exc_info
    simcord.assert_error(place.env, discord.NotFound)


async def test_intents(place: Place) -> None:
    """The bot asks for no privileged intent."""
    intents = place.env.bot.intents
    assert not any((intents.message_content, intents.members, intents.presences))
    assert intents.value == discord.Intents(guilds=True, messages=True).value
