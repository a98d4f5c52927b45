"""What is sent in spite of the network, of Discord's refusals and of its limits."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import aiohttp
import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot.client
from bot import connection
from bot.chat.limits import CONTENT
from bot.chat.markup import compose, fitting, length
from bot.chat.questions import replied_to
from bot.chat.sending import NETWORK_ERRORS, patiently
from bot.service.library import Library
from tests.simulated import build_bot, labels_of, question_shown, text_of

if TYPE_CHECKING:
    from tests.simulated import Place

pytestmark = pytest.mark.simcord(approved_intents=discord.Intents.default())

KEEPER = "Who kept the lighthouse?"
BROKEN = [
    aiohttp.ServerDisconnectedError(),
    aiohttp.ClientPayloadError(),
    ConnectionResetError(),
    TimeoutError(),
]


@pytest.mark.parametrize("error", BROKEN)
async def test_a_broken_connection_is_tried_again(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever breaks below Discord is of one family, and what was to be sent is sent."""
    monkeypatch.setattr("bot.chat.sending._PAUSES", (0.0, 0.0))
    failures = [error, error]

    async def send() -> str:
        if failures:
            raise failures.pop()
        return "sent"

    assert isinstance(error, NETWORK_ERRORS)
    assert await patiently(send) == "sent"


@pytest.mark.parametrize("error", BROKEN)
async def test_the_earlier_question_cannot_be_fetched(error: Exception) -> None:
    """A follow-up whose earlier question the network withholds is read by itself."""

    async def broken(_: int) -> None:
        raise error

    message = SimpleNamespace(
        reference=SimpleNamespace(message_id=1, resolved=None),
        channel=SimpleNamespace(fetch_message=broken),
    )
    assert await replied_to(cast("discord.Message", message)) is None


async def test_a_refused_layout_goes_out_as_text(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where Discord takes no layout, the answer comes as plain text with buttons that work."""
    real = discord.abc.Messageable.send

    async def refusing(self: Any, content: str | None = None, **options: Any) -> Any:
        if isinstance(options.get("view"), discord.ui.LayoutView):
            response = cast("Any", SimpleNamespace(status=400, reason="Bad Request"))
            raise discord.HTTPException(response, {"code": 50035, "message": "Invalid Form Body"})
        return await real(self, content, **options)

    monkeypatch.setattr(discord.abc.Messageable, "send", refusing)
    answer = await place.ask(KEEPER)
    assert question_shown(answer) == KEEPER
    assert "Ada Quill" in answer.content
    assert labels_of(answer) == ["Context", "Why?", "Remove"]
    result = await place.alice.click(answer, label="Context")
    assert "Ada Quill" in text_of(result.response)


async def test_an_edit_while_the_reply_is_on_its_way(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A question that is edited before its reply is there is answered anew as well."""
    real = bot.client._reply

    async def slowly(message: discord.Message, response: dict[str, Any]) -> discord.Message:
        edit = {"content": f"{place.at_bot} {KEEPER}"}
        place.env.backend.edit_message(place.channel.id, message.id, edit)
        await asyncio.sleep(0.2)
        return await real(message, response)

    monkeypatch.setattr(bot.client, "_reply", slowly)
    await place.say(f"{place.at_bot} what oil burned?")
    await place.env.settle()
    assert question_shown(place.channel.last_message) == KEEPER


def test_an_unreadable_ready_ends_the_connection(library: Library) -> None:
    """An event that cannot be read is skipped, but not the one without which nobody is answered."""
    client = build_bot(library)
    connection._skip_unreadable(client)
    client._connection.parsers["MESSAGE_CREATE"]({"id": None})
    with pytest.raises(KeyError):
        client._connection.parsers["READY"]({"user": None})


def test_too_few_shards_are_no_end() -> None:
    """Close code 4011 is tried again: a new client asks how many shards there are to be."""
    error = discord.ConnectionClosed.__new__(discord.ConnectionClosed)
    error.code, error.reason, error.shard_id = 4011, "", 0
    connection._raise_if_final(error)


LINES = st.lists(
    st.text(max_size=400) | st.text("_*😀a \n", max_size=3000), min_size=1, max_size=60
)


@given(LINES, st.sampled_from(["en", "fr"]))
def test_whatever_is_composed_fits(lines: list[str], language: str) -> None:
    """Any lines make a text that Discord takes; those that fit are there to the letter."""
    text = compose(lines, language)
    assert length(text) <= CONTENT
    whole = "\n".join(lines)
    if length(whole) <= CONTENT:
        assert text == whole


@given(st.lists(st.text(max_size=60), min_size=1, max_size=200), st.integers(60, 900))
def test_fitting_counts_all(parts: list[str], room: int) -> None:
    """What is listed takes no more room than there is, but for how many more there are."""
    assert length(fitting(parts, room, "en")) <= room + len(", and 200 more") + 60


async def test_on_several_servers_nobody_changes_the_corpus(place: Place) -> None:
    """With no server named, the admins of one server change the shared sources as long as it is the
    only one; then their own alone, and they are told which line names theirs.
    """
    admin = place.member("ada", manage_guild=True)
    alone = await admin.slash(place.channel, "reindex")
    assert alone.response is not None
    assert "2 sources" in alone.response.content
    place.env.create_guild("Another")
    line = f"`ADMIN_GUILD_IDS={place.guild.id}`"
    own = await admin.slash(place.channel, "reindex")
    assert own.response is not None
    assert "0 sources" in own.response.content
    assert line in own.response.content
    refused = await admin.slash(place.channel, "corpus remove", article="treaty")
    assert refused.response is not None
    assert "belongs to the sources that all servers share" in refused.response.content
    assert line in refused.response.content
    status = await admin.slash(place.channel, "status")
    assert status.response is not None
    assert line in status.response.content
