"""Where the bot answers: channels in which every question is, their threads, forums."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
import pytest
import simcord

from bot.service.library import Library
from bot.service.server_settings import ChannelSettings
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


HELP = "Hi all, I have been reading for days and I am lost. {} Thanks in advance!"

POSTS = [
    ("Who ratified the treaty?", "I am lost."),
    ("Who ratified the treaty", "Hi all, I have read everything and am lost. Thanks in advance!"),
    ("Help with the treaty", HELP.format("Who ratified the treaty?")),
    ("Who ratified the treaty?", HELP.format("Who ratified it?")),
]


def said_in_post(place: Place, post: simcord.ChannelHandle) -> list[discord.Message]:
    """What the bot has said in a post."""
    return [message for message in post.history() if message.author.id == place.bot_id]


@pytest.fixture
async def forum(place: Place, library: Library) -> simcord.ChannelHandle:
    """A forum where every question is answered, as a server's admins have set it."""
    forum = place.guild.create_forum_channel("help")
    bot = build_bot(library, message_content=True)
    every = ChannelSettings(every_question=True)
    bot.server_settings.change(place.guild.id, forum.id, lambda _: every)
    await place.env.restart_bot(bot)
    return forum


@pytest.mark.parametrize(("title", "text"), POSTS)
async def test_a_post_is_a_question(
    place: Place, forum: simcord.ChannelHandle, title: str, text: str
) -> None:
    """A post's title with its first message is answered in the post, whether or not one of them
    has a question mark.
    """
    post = await place.post(forum, title, text)
    (answer,) = said_in_post(place, post)
    assert RATIFIED in text_of(answer)
    assert answer.reference is not None
    assert answer.reference.message_id == post.id


async def test_what_follows_in_a_post(place: Place, forum: simcord.ChannelHandle) -> None:
    """Further questions in it are answered, chat is not, and a reply to the answer follows up."""
    post = await place.post(forum, "Who ratified the treaty?", "I am lost.")
    (answer,) = said_in_post(place, post)
    assert await place.say("me too", channel=post) == []
    (second,) = await place.say("Who kept the lighthouse?", channel=post)
    assert "Ada Quill" in text_of(second)
    (following,) = await place.say("and when?", channel=post, reply_to=answer)
    assert RATIFIED_EN in text_of(following)


async def test_the_buttons_in_a_post(
    place: Place, forum: simcord.ChannelHandle, library: Library
) -> None:
    """*Why?* explains by title and text, also after a restart."""
    post = await place.post(forum, "The treaty", "Who ratified it?")
    await place.restart(library, message_content=True)
    (answer,) = said_in_post(place, post)
    result = await place.alice.click(answer, label="Why?")
    assert "“ratified” = “ratified”" in text_of(result.response)
    assert "“treaty”" in text_of(result.response)


async def test_posts_elsewhere_are_left_alone(place: Place, forum: simcord.ChannelHandle) -> None:
    """In another forum, and of a bot, a post is for the bot only if it mentions it."""
    other = place.guild.create_forum_channel("chat")
    assert said_in_post(place, await place.post(other, *POSTS[0])) == []
    mentioned = await place.post(other, "Help", f"{place.at_bot} {POSTS[2][1]}")
    assert RATIFIED in text_of(said_in_post(place, mentioned)[0])
    robot = place.guild.add_member(place.env.create_user("robot", bot=True))
    place.alice = robot
    assert said_in_post(place, await place.post(forum, *POSTS[0])) == []


@pytest.mark.simcord(approved_intents=discord.Intents.default())
async def test_posts_whose_text_is_hidden(place: Place, library: Library) -> None:
    """Without Message Content a post is answered by its title, which Discord shows, and one that
    mentions the bot by its text as well.
    """
    forum = place.guild.create_forum_channel("help")
    bot = build_bot(library)
    every = ChannelSettings(every_question=True)
    bot.server_settings.change(place.guild.id, forum.id, lambda _: every)
    await place.env.restart_bot(bot)
    by_title = await place.post(forum, "Who ratified the treaty?", "I am lost.")
    (answer,) = said_in_post(place, by_title)
    assert RATIFIED in text_of(answer)
    assert "“ratified”" in text_of((await place.alice.click(answer, label="Why?")).response)
    hidden = await place.post(forum, "Help, please", "Who ratified the treaty?")
    assert said_in_post(place, hidden) == []
    shown = await place.post(forum, "Help", f"{place.at_bot} {POSTS[2][1]}")
    assert RATIFIED in text_of(said_in_post(place, shown)[0])
