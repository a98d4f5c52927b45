"""Where the bot answers: channels in which every question is, their threads, forums."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
import pytest

from bot.service.library import Library
from tests.simulated import build_bot, text_of

if TYPE_CHECKING:
    from tests.simulated import Place

APPROVED = discord.Intents.default()
APPROVED.message_content = True
pytestmark = pytest.mark.simcord(approved_intents=APPROVED)

RATIFIED = "Le traité a été ratifié par le Sénat russe."
RATIFIED_EN = "The treaty was ratified by the Russian Senate."
QUESTION = "who ratified it?"


@pytest.fixture
async def open_place(place: Place, library: Library) -> Place:
    """A server whose first channel is one where every question is answered."""
    await place.restart(library, answer_channel_ids={place.channel.id})
    return place


async def test_every_question_is_answered(open_place: Place) -> None:
    """In a channel of ANSWER_CHANNEL_IDS, a question needs no mention."""
    (answer,) = await open_place.say(QUESTION)
    assert RATIFIED in text_of(answer)
    (silence,) = await open_place.say("xyzzy?")
    assert "The sources do not answer this." in text_of(silence)


async def test_chat_is_left_alone(open_place: Place) -> None:
    """What asks nothing is not answered there, unless it mentions the bot."""
    assert await open_place.say("who knows, the treaty was ratified") == []
    (answer,) = await open_place.say(f"{open_place.at_bot} who ratified it")
    assert RATIFIED in text_of(answer)


async def test_bots_are_left_alone(open_place: Place) -> None:
    """Another bot's question is not answered there either."""
    robot = open_place.guild.add_member(open_place.env.create_user("robot", bot=True))
    await robot.send(open_place.channel, QUESTION)
    assert open_place.attempts() == []


async def test_not_elsewhere(open_place: Place) -> None:
    """In every other channel a question is for the bot only if it mentions it."""
    other = open_place.guild.create_text_channel("other")
    assert await open_place.say(QUESTION, channel=other) == []
    thread = await open_place.thread(other)
    assert await open_place.say(QUESTION, channel=thread) == []
    assert RATIFIED in text_of(await open_place.ask(QUESTION, channel=other))


async def test_in_threads_too(open_place: Place) -> None:
    """The threads of such a channel belong to it."""
    (answer,) = await open_place.say(QUESTION, channel=await open_place.thread())
    assert RATIFIED in text_of(answer)


async def test_in_a_forum(place: Place, library: Library) -> None:
    """Where a forum is named, every question in its posts is answered."""
    forum = place.guild.create_forum_channel("help")
    await place.restart(library, answer_channel_ids={forum.id})
    (answer,) = await place.say(QUESTION, channel=await place.thread(forum))
    assert RATIFIED in text_of(answer)


@pytest.mark.simcord(approved_intents=discord.Intents.default())
async def test_mention_in_a_forum(place: Place) -> None:
    """A mention in a forum's post is answered in that post, and so is the follow-up."""
    post = await place.thread(place.guild.create_forum_channel("help"))
    answer = await place.ask(QUESTION, channel=post)
    assert RATIFIED in text_of(answer)
    assert answer.channel.id == post.id
    (following,) = await place.say("and when?", channel=post, reply_to=answer)
    assert RATIFIED_EN in text_of(following)


@pytest.mark.simcord(approved_intents=discord.Intents.default())
async def test_intent_only_where_it_is_needed(place: Place, library: Library) -> None:
    """The message-content intent is asked for only with MESSAGE_CONTENT or ANSWER_CHANNEL_IDS;
    where Discord's portal has not got it, the bot is turned away.
    """
    assert not build_bot(library).intents.message_content
    assert build_bot(library, message_content=True).intents.message_content
    wanted = build_bot(library, answer_channel_ids={1}).intents
    assert wanted.message_content
    assert not wanted.members
    assert not wanted.presences
    with pytest.raises(discord.PrivilegedIntentsRequired):
        await place.restart(library, answer_channel_ids={place.channel.id})


async def test_without_permission(open_place: Place, library: Library) -> None:
    """Where the bot may not write, it does not try there either."""
    channel = open_place.restricted(send_messages=False)
    await open_place.restart(library, answer_channel_ids={channel.id})
    assert await open_place.say(QUESTION, channel=channel) == []
    assert open_place.attempts(channel) == []
