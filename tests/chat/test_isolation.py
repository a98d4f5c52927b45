"""Two servers beside shared sources: whatever is done in one, the other sees no byte of it."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import discord
import pytest
import simcord
from simcord import actors

from bot.client import TreatyBot
from bot.corpus.listing import SETTINGS_NAME
from bot.service.journal import Journal
from bot.service.library import Library
from bot.service.teaching import lesson_of, teach
from bot.strings import say
from tests.simulated import Place, build_bot, build_place, buttons_of, forgive_refusals, text_of

pytestmark = pytest.mark.simcord(approved_intents=discord.Intents.default())

#: Words that stand in nothing but one server's sources, questions and gaps.
SECRETS = ("quokka", "axolotl")
#: What both servers ask: only a server's own source answers it, and with its secret.
QUESTION = "Who sleeps in the hidden room?"


@pytest.fixture
def simcord_bot(library: Library, journal: Journal) -> TreatyBot:
    """A bot that keeps a journal; nobody's server is home."""
    return build_bot(library, journal=journal)


@dataclass
class Side:
    """One of two servers, with what was done there."""

    place: Place
    secret: str
    other: str
    admin: simcord.MemberActor = field(init=False)
    answers: list[discord.Message] = field(default_factory=list)
    made: int = 0

    def __post_init__(self) -> None:
        self.admin = self.place.member("ada", manage_guild=True)

    @property
    def bot(self) -> TreatyBot:
        """The client."""
        assert isinstance(self.place.env.bot, TreatyBot)
        return self.place.env.bot

    def somebody(self) -> simcord.MemberActor:
        """A member who has asked nothing yet, so that nobody has to wait."""
        self.made += 1
        return self.place.member(f"member{self.made}")

    # What is done; each returns the results whose files are looked into.

    async def add(self, _: random.Random) -> Any:
        """A source of the server's own, as /corpus add keeps it."""
        self.made += 1
        title = f"# The {self.secret} house {self.made}"
        text = f"{title}\n\nThe {self.secret} sleeps in the hidden room."
        own = await self.bot.edited_by(self.place.guild.id)
        name = f"{self.secret}{self.made}.en.md"
        own.apply(lambda: own.files.put(name, text.encode()))

    async def remove(self, chance: random.Random) -> Any:
        """One of the server's sources is removed, or removal is cancelled."""
        channel = self.place.channel
        offered = await self.admin.autocomplete(channel, "corpus remove", "article", "")
        if offered:
            name = chance.choice(offered)["value"]
            result = await self.admin.slash(channel, "corpus remove", article=name)
            (message,) = [m for m in (result.response, *result.followups) if m and m.components]
            await self.admin.click(message, label=chance.choice(["Remove", "Cancel"]))
        await self.admin.autocomplete(channel, "corpus restore", "entry", "")

    async def teach(self, _: random.Random) -> Any:
        """A question is taught, with a shared sentence."""
        own = await self.bot.edited_by(self.place.guild.id)
        question = f"What does the {self.secret} say?"
        own.apply(lambda: teach(own.files, lesson_of(own.corpus, question, "lighthouse:1.1")))
        await self.admin.slash(self.place.channel, "teach list")
        await self.admin.autocomplete(self.place.channel, "teach remove", "question", "")

    async def ask(self, chance: random.Random) -> Any:
        """A question, by mention or by command."""
        question = chance.choice([QUESTION, f"Where does the {self.secret} sleep?", "Zyx wvu?"])
        if chance.random() < 0.5:
            before = {message.id for message in self.place.channel.history()}
            await self.somebody().send(self.place.channel, f"{self.place.at_bot} {question}")
            self.answers += [
                message
                for message in self.place.channel.history()
                if message.id not in before and message.author.id == self.place.bot_id
            ]
            return None
        result = await self.somebody().slash(self.place.channel, "ask", question=question)
        assert result.response is not None
        self.answers.append(result.response.message)
        return result

    async def look(self, chance: random.Random) -> Any:
        """What anybody can see: lists, offers, a source."""
        channel, member = self.place.channel, self.somebody()
        for command, option in (
            ("ask", "question"), ("ask", "in"), ("cite", "address"), ("article", "source"),
            ("teach add", "address"),
        ):  # fmt: skip
            await self.admin.autocomplete(channel, command, option, chance.choice(["", "h", "the"]))
        await member.slash(channel, "sources")
        await member.slash(channel, "privacy")
        target = await self.place.alice.send(channel, "Somebody sleeps in the hidden room.")
        return await member.context_menu(channel, "Find sources", target)

    async def manage(self, _: random.Random) -> Any:
        """What a manager can see, the gaps' file among it."""
        channel = self.place.channel
        await self.admin.slash(channel, "status")
        await self.admin.slash(channel, "reindex")
        return await self.admin.slash(channel, "gaps")

    async def choose(self, chance: random.Random) -> Any:
        """The channel is set to one of the sources, and /settings and /help are looked at."""
        channel = self.place.channel
        offered = await self.admin.autocomplete(channel, "settings", "add_source", "")
        name = chance.choice(offered)["value"]
        await self.admin.slash(channel, "settings", add_source=name, every_question=True)
        await self.somebody().slash(channel, "help")
        if chance.random() < 0.5:
            await self.choose_all()
        return await self.admin.slash(channel, "settings")

    async def choose_all(self) -> None:
        """What the channel is set to is taken back."""
        channel = self.place.channel
        for offer in await self.admin.autocomplete(channel, "settings", "remove_source", ""):
            await self.admin.slash(channel, "settings", remove_source=offer["value"])

    @property
    def settings(self) -> bytes | None:
        """The file of what is set."""
        path = self.bot.servers.folder / str(self.place.guild.id) / SETTINGS_NAME
        return path.read_bytes() if path.exists() else None

    async def click(self, chance: random.Random) -> Any:
        """Any button of any answer."""
        if self.answers:
            answer = chance.choice(self.answers)
            names = [str(one.custom_id) for one in buttons_of(answer)]
            names = [name for name in names if not name.startswith("remove")]
            if names:
                await self.somebody().click(answer, custom_id=chance.choice(names))

    async def forge(self, custom_id: str) -> Any:
        """A click on a button of the other server's answer, hung below one of this server's."""
        target = await self.place.ask("Who ratified the treaty?")
        stored = self.place.env.backend.get_message(self.place.channel.id, target.id)
        rows = [c for c in stored.components[0]["components"] if c["type"] == 1]
        rows[0]["components"][0]["custom_id"] = custom_id
        data = {"custom_id": custom_id, "component_type": 2}
        return await actors._component_interaction(self.somebody(), stored, data)


@pytest.fixture
async def sides(simcord_env: simcord.Env) -> AsyncIterator[tuple[Side, Side]]:
    """Two servers, each with its secret."""
    places = build_place(simcord_env, "en-US"), build_place(simcord_env, "en-US")
    one, two = SECRETS
    yield Side(places[0], one, two), Side(places[1], two, one)
    forgive_refusals(simcord_env)


async def said_by(result: Any) -> str:
    """The files that a result holds, as text."""
    if not isinstance(result, simcord.InteractionResult):
        return ""
    said = [message for message in (result.response, *result.followups) if message]
    files = [await file.read() for one in said for file in one.attachments]
    return b"\n".join(files).decode("utf-8", "replace")


@pytest.mark.parametrize("seed", range(3))
async def test_no_byte_of_one_server_is_seen_in_the_other(
    seed: int, sides: tuple[Side, Side]
) -> None:
    """Whatever admins and members of both do in whatever order, and if they click on buttons of
    the other server's answers.
    """
    chance = random.Random(seed)
    env = sides[0].place.env
    for side in sides:
        await side.add(chance)
    for _ in range(14):
        side = chance.choice(sides)
        others = sides[1] if side is sides[0] else sides[0]
        before, kept = len(env.http_requests), others.settings
        if others.answers and chance.random() < 0.2:
            ids = [str(one.custom_id) for one in buttons_of(chance.choice(others.answers))]
            result = await side.forge(chance.choice(ids))
        else:
            acts = [side.add, side.remove, side.teach, side.ask, side.ask, side.look, side.manage,
                    side.choose, side.click]  # fmt: skip
            result = await chance.choice(acts)(chance)
        sent = json.dumps([request.json for request in env.http_requests[before:]], default=str)
        assert side.other not in (sent + await said_by(result)).lower()
        assert others.settings == kept
    for side in sides:  # and both have been answered from their own
        await side.add(chance)
        await side.choose_all()
        assert side.secret in text_of(await side.place.ask(QUESTION)).lower()
        before = len(env.http_requests)
        await side.place.tell(env.create_user("private"), QUESTION)
        sent = json.dumps([request.json for request in env.http_requests[before:]], default=str)
        assert not any(secret in sent.lower() for secret in SECRETS)


async def test_a_removed_server_is_forgotten_and_its_folder_stays(
    sides: tuple[Side, Side], library: Library
) -> None:
    """/privacy has said so there, and nowhere else; nobody is answered from the folder."""
    one, _ = sides
    await one.add(random.Random(0))
    await one.place.ask(QUESTION)
    told = [await side.somebody().slash(side.place.channel, "privacy") for side in sides]
    here, there = (result.response.content for result in told if result.response)
    assert f"`servers/{one.place.guild.id}`" in here
    assert "folder" not in there
    server = one.place.guild.id
    guild = one.bot.get_guild(server)
    assert guild is not None
    one.bot._connection._remove_guild(guild)  # as discord.py does before it tells
    await one.bot.on_guild_remove(guild)
    assert await one.bot.library_for(server) is library
    assert (one.bot.servers.folder / str(server) / f"{one.secret}1.en.md").exists()


async def test_an_address_of_another_server_is_none(sides: tuple[Side, Side]) -> None:
    """To cite it, to open its source or to teach it comes to the same as what never was."""
    one, two = sides
    await one.add(random.Random(0))
    name = f"{one.secret}{one.made}"
    channel, member = two.place.channel, two.somebody()
    cited = await member.slash(channel, "cite", address=f"{name}:1.1")
    assert cited.response is not None
    assert cited.response.content.replace("\\", "") == say(
        "no_address", "en", address=f"{name}:1.1"
    )
    shown = await member.slash(channel, "article", source=name)
    assert shown.response is not None
    assert shown.response.content == say("files_no_article", "en", name=name)
    asked = await member.slash(channel, "ask", **{"question": QUESTION, "in": name})
    assert asked.response is not None
    assert asked.response.content == say("files_no_article", "en", name=name)
    taught = await two.admin.slash(channel, "teach add", question="Who?", address=f"{name}:1.1")
    assert taught.response is not None
    assert "no sentence" in taught.response.content
    sent = await two.admin.slash(channel, "corpus get", article=name)
    assert sent.response is not None
    assert sent.response.content == say("files_no_article", "en", name=name)


async def test_a_preview_of_another_server_is_not_decided_here(sides: tuple[Side, Side]) -> None:
    """Not even by the same person, who manages both."""
    one, two = sides
    await one.add(random.Random(0))
    result = await one.admin.slash(
        one.place.channel, "corpus remove", article=f"{one.secret}{one.made}"
    )
    (message,) = [m for m in (result.response, *result.followups) if m and m.components]
    (remove, _) = buttons_of(message)
    role = two.place.guild.create_role("both", permissions=discord.Permissions(manage_guild=True))
    same = two.place.guild.add_member(one.admin.user, roles=[role])
    target = await two.place.ask("Who ratified the treaty?")
    stored = two.place.env.backend.get_message(two.place.channel.id, target.id)
    rows = [c for c in stored.components[0]["components"] if c["type"] == 1]
    rows[0]["components"][0]["custom_id"] = remove.custom_id
    data = {"custom_id": remove.custom_id, "component_type": 2}
    refused = await actors._component_interaction(same, stored, data)
    assert refused.response is not None
    assert refused.response.content == say("no_longer_pending", "en", minutes=10)
    await one.admin.click(message, label="Remove")
    own = await one.bot.edited_by(one.place.guild.id)
    assert own.kept.articles == ()


async def test_who_brings_the_bot_along_sees_the_shared_sources_alone(
    sides: tuple[Side, Side], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that has not added the bot is answered as in private, whatever its folder holds."""
    one, _ = sides
    await one.add(random.Random(0))
    with monkeypatch.context() as patch:
        patch.setattr(one.bot, "get_guild", lambda _: None)
        result = await one.somebody().slash(one.place.channel, "ask", question=QUESTION)
        assert result.response is not None
        assert one.secret not in text_of(result.response).lower()
    assert one.secret in text_of(await one.place.ask(QUESTION)).lower()


async def test_a_server_adds_a_source_of_its_own(sides: tuple[Side, Side]) -> None:
    """The whole way: a file, its preview, *Add*, an answer; a shared name is refused."""
    one, two = sides
    channel = one.place.channel
    data = b"# Ferries\n\nThe ferry to Lund leaves at nine.\n"
    result = await one.admin.slash(channel, "corpus add", file=("ferry.en.md", data))
    (message,) = [m for m in (result.response, *result.followups) if m and m.components]
    await one.admin.click(message, label="Add")
    assert (one.bot.servers.folder / str(one.place.guild.id) / "ferry.en.md").read_bytes() == data
    assert "leaves at nine" in text_of(await one.place.ask("When does the ferry leave?"))
    assert "leaves at nine" not in text_of(await two.place.ask("When does the ferry leave?"))
    taken = await two.admin.slash(two.place.channel, "corpus add", file=("Lighthouse.en.md", data))
    assert taken.response is not None
    assert "all servers share" in taken.response.content
