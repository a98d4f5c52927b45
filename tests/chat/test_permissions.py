"""Who may not change the corpus or read what is for admins cannot, whatever they send.

The commands and the buttons are taken from the client itself: whoever adds one finds it tried here,
and has to say above that it is for everybody if it is.
"""

from __future__ import annotations

import importlib
import logging
import pkgutil
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import discord
import pytest
import simcord
from discord import AppCommandOptionType, AppCommandType, app_commands
from hypothesis import given, settings
from hypothesis import strategies as st
from simcord import actors, interactions

import bot.chat
from bot.chat.asking import FollowUpForm
from bot.chat.buttons import PersistentButton
from bot.chat.memory import PENDING_SECONDS
from bot.client import TreatyBot
from bot.commands.corpus_confirmation import CancelButton, ConfirmButton
from bot.service.corpus_files import CorpusFiles
from bot.service.journal import Journal
from bot.service.library import Library
from bot.service.server_settings import ChannelSettings
from bot.service.teaching import lesson_of, teach
from bot.strings import say
from tests.simulated import Place, build_bot, buttons_of

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

pytestmark = pytest.mark.simcord(approved_intents=discord.Intents.default())

Leaf = app_commands.Command[Any, ..., Any] | app_commands.ContextMenu

#: For everybody, on purpose: they change nothing and show what every question may show.
FOR_ALL = {"article", "ask", "cite", "help", "sources", "privacy", "Find sources"}

OTTERS = b"# Sea otters\n\nOtters hold hands. They sleep afloat.\n"
REFUSALS = {say(key, "en") for key in ("not_admin", "not_admin_guild", "not_yours")}


def _leaves() -> dict[str, Leaf]:
    """Every command that can be given, by its full name."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.md").write_text("One.", encoding="utf-8")
        tree = build_bot(Library(Path(folder))).tree
    kinds = (AppCommandType.chat_input, AppCommandType.message, AppCommandType.user)
    found = [command for kind in kinds for command in tree.walk_commands(type=kind)]
    return {c.qualified_name: c for c in found if not isinstance(c, app_commands.Group)}


def _subclasses(kind: type[Any]) -> Iterator[type[Any]]:
    for one in kind.__subclasses__():
        yield one
        yield from _subclasses(one)


for _module in pkgutil.iter_modules(bot.chat.__path__, "bot.chat."):
    importlib.import_module(_module.name)

LEAVES = _leaves()
OF_ADMINS = sorted(LEAVES.keys() - FOR_ALL)
BUTTONS = [
    kind
    for kind in _subclasses(PersistentButton)
    if kind.__discord_ui_compiled_template__.pattern != "(?!)"
]


def forged_ids(kind: type[PersistentButton], number: int) -> list[str]:
    """Ids that a button's class takes for its own and that were never given out, always the same
    ones.
    """
    found: dict[str, None] = {}
    pattern: SearchStrategy[str] = st.from_regex(
        kind.__discord_ui_compiled_template__, fullmatch=True
    )

    @settings(max_examples=number, derandomize=True, database=None)
    @given(pattern)
    def collect(text: str) -> None:
        found[text] = None

    collect()
    return list(found)


@dataclass
class Guarded:
    """A server whose corpus and journal nobody may change, and what they hold."""

    place: Place
    library: Library
    journal: Journal
    home: Path
    entry: str  #: what /corpus restore could put back
    admin: simcord.MemberActor = field(init=False)

    def __post_init__(self) -> None:
        self.admin = self.place.member("ada", manage_guild=True)

    def shared(self) -> dict[str, Any]:
        """The same without what the server keeps for itself."""
        state = self.state()
        files = {n: kept for n, kept in state["files"].items() if not n.startswith("servers")}
        return {**state, "files": files}

    def state(self) -> dict[str, Any]:
        """Files, index and journal."""
        files = {
            str(path.relative_to(self.home)): path.read_bytes() if path.is_file() else None
            for path in sorted(self.home.rglob("*"))
            if not path.name.startswith("journal")
        }
        guilds = (None, self.place.guild.id)
        return {
            "files": files,
            "corpus": id(self.library.corpus),
            "read": self.library.last_load,
            "gaps": [self.journal.gaps(guild) for guild in guilds],
            "votes": [self.journal.downvoted(guild) for guild in guilds],
        }

    @property
    def bot(self) -> TreatyBot:
        """The client."""
        assert isinstance(self.place.env.bot, TreatyBot)
        return self.place.env.bot

    def arguments(self, command: app_commands.Command[Any, ..., Any]) -> dict[str, Any]:
        """What an admin could give a command; with these it does change or show something."""
        known = {
            "file": ("otters.md", OTTERS),
            "article": "treaty",
            "entry": self.entry,
            "question": "Who?",
            "address": "treaty:1.1",
            "source": "treaty",
            "term": "pact",
            "means": "traité",
        }
        return {p.name: known[p.name] for p in command.parameters if p.required}

    async def give(
        self, name: str, who: simcord.MemberActor | simcord.UserHandle
    ) -> simcord.InteractionResult:
        """Give a command, where it would change or show something."""
        command = LEAVES[name]
        if isinstance(command, app_commands.ContextMenu):
            channel = self.place.channel
            asked = await self.place.alice.send(channel, "Who ratified the treaty?")
            target = asked if command.type is AppCommandType.message else self.place.alice
            assert isinstance(who, simcord.MemberActor)
            result = await who.context_menu(channel, name, target)
        elif isinstance(who, simcord.UserHandle):
            result = await who.slash(name, **self.arguments(command))
        else:
            result = await who.slash(self.place.channel, name, **self.arguments(command))
        assert isinstance(result, simcord.InteractionResult)
        return result

    def open_to(self, who: simcord.MemberActor, name: str) -> None:
        """As when a server's admins open a command to a member in Discord's own settings."""
        root = name if name in LEAVES and " " not in name else name.split(maxsplit=1)[0]
        kinds = self.place.env.backend.commands[None]
        spec = next(spec for (called, _), spec in kinds.items() if called in (name, root))
        self.place.guild.set_command_permissions(int(spec["id"]), {who: True})
        spec["contexts"] = [0, 1, 2]  # as if Discord let it through everywhere


@pytest.fixture
def library(corpus_dir: Path) -> Library:
    """The small corpus, from which a translation was removed, and a question taught."""
    files = CorpusFiles(corpus_dir)
    files.remove("treaty", "en")
    library = Library(corpus_dir)
    lesson = lesson_of(library.corpus, "Who signed it?", "treaty:1.1")
    library.apply(lambda: teach(files, lesson))
    return library


@pytest.fixture
def simcord_bot(library: Library, journal: Journal) -> TreatyBot:
    """The bot with a journal."""
    return build_bot(library, journal=journal)


@pytest.fixture
def guarded(place: Place, library: Library, journal: Journal, corpus_dir: Path) -> Guarded:
    """A server whose bot has something to restore, a channel that is set to one source, and a gap
    and a vote in its journal.
    """
    assert isinstance(place.env.bot, TreatyBot)
    chosen = ChannelSettings(sources=("treaty",))
    place.env.bot.server_settings.change(place.guild.id, place.channel.id, lambda _: chosen)
    journal.gap("Who was secret?", place.guild.id)
    journal.vote("Who was bad?", "treaty:1.1", place.guild.id, down=1)
    (entry,) = CorpusFiles(corpus_dir).removed()
    return Guarded(place, library, journal, corpus_dir.parent, entry.removed_at)


@pytest.fixture(autouse=True)
def no_crash(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing that is tried here may be logged as a crash."""
    yield
    assert not [r for r in caplog.records if r.levelno >= logging.ERROR or r.exc_info]


def assert_refused(result: simcord.InteractionResult) -> None:
    """The person was told in one sentence, and nobody else was told anything."""
    assert result.response is not None
    assert result.response.ephemeral
    assert result.response.content in REFUSALS
    assert result.response.attachments == []
    assert result.followups == []


# ---------------------------------------------------------------- commands

Change = Callable[[dict[str, Any]], None]


def forge(monkeypatch: pytest.MonkeyPatch, change: Change) -> None:
    """Change every interaction on its way to the bot."""
    real = interactions.base_payload

    def forged(*args: Any, **options: Any) -> Any:
        record, payload = real(*args, **options)
        change(payload)
        return record, payload

    monkeypatch.setattr(interactions, "base_payload", forged)


def as_group_message(payload: dict[str, Any]) -> None:
    """As from a private group whose member has installed the app for themselves."""
    payload["context"] = 2
    payload["channel"]["type"] = 3
    payload["authorizing_integration_owners"] = {"1": payload["user"]["id"]}


def as_user_install(payload: dict[str, Any]) -> None:
    """As from a server of one's own where the app is installed for the person, not the server."""
    payload["guild_id"] = "999"
    payload["authorizing_integration_owners"] = {"1": payload["member"]["user"]["id"]}


async def _by_member(guarded: Guarded, name: str, _: pytest.MonkeyPatch) -> Any:
    return await guarded.give(name, guarded.place.alice)


async def _by_manager_of_less(guarded: Guarded, name: str, _: pytest.MonkeyPatch) -> Any:
    """Every permission but Manage Server (and Administrator, which holds it)."""
    everything = {flag for flag, _ in discord.Permissions.all()} - {"manage_guild", "administrator"}
    moderator = guarded.place.member("mod", **dict.fromkeys(everything, True))
    guarded.open_to(moderator, name)
    return await guarded.give(name, moderator)


async def _in_private(guarded: Guarded, name: str, _: pytest.MonkeyPatch) -> Any:
    return await guarded.give(name, guarded.admin.user)


async def _in_group(guarded: Guarded, name: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    forge(monkeypatch, as_group_message)
    return await guarded.give(name, guarded.admin.user)


async def _installed_for_oneself(
    guarded: Guarded, name: str, monkeypatch: pytest.MonkeyPatch
) -> Any:
    forge(monkeypatch, as_user_install)
    return await guarded.give(name, guarded.admin)


WAYS = {
    "member": _by_member,
    "moderator": _by_manager_of_less,
    "private": _in_private,
    "group": _in_group,
    "user-install": _installed_for_oneself,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", OF_ADMINS)
async def test_an_admins_command_is_refused(
    name: str, way: str, guarded: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is no admin of the right server gets one sentence in private, and nothing happens."""
    guarded.open_to(guarded.place.alice, name)
    before = guarded.state()
    result = await WAYS[way](guarded, name, monkeypatch)
    assert_refused(result)
    assert guarded.state() == before


@pytest.mark.parametrize("name", OF_ADMINS)
@pytest.mark.parametrize("named", [True, False])
async def test_elsewhere_an_admin_changes_their_own_sources_alone(
    name: str, guarded: Guarded, *, named: bool
) -> None:
    """Whether another server is named as the shared sources' or none of two: no file of theirs is
    changed, sent or read again.
    """
    place, before = guarded.place, guarded.shared()
    if named:
        await place.restart(guarded.library, place.guild.id + 1, journal=guarded.journal)
    else:
        place.env.create_guild("Another")
    result = await guarded.give(name, guarded.admin)
    said = [message for message in (result.response, *result.followups) if message]
    assert result.ephemeral
    assert all("treaty" not in file.filename for one in said for file in one.attachments)
    assert all("Who signed it?" not in one.content for one in said)
    for one in said:
        if buttons := buttons_of(one):
            await guarded.admin.click(one, label=buttons[0].label)
    assert guarded.shared() == before


@pytest.mark.parametrize("name", OF_ADMINS)
async def test_an_admin_is_not_refused(name: str, guarded: Guarded) -> None:
    """With the same arguments an admin does get through: the trials above try something."""
    result = await guarded.give(name, guarded.admin)
    assert result.ephemeral
    said = [message.content for message in (result.response, *result.followups) if message]
    assert said
    assert not REFUSALS & set(said)


@pytest.mark.parametrize("name", sorted(FOR_ALL))
async def test_what_is_for_everybody_changes_nothing(name: str, guarded: Guarded) -> None:
    """Neither files nor index change by a command that every member may give."""
    before = guarded.state()
    result = await guarded.give(name, guarded.place.alice)
    assert result.response is not None
    assert {**guarded.state(), "gaps": 0} == {**before, "gaps": 0}


def test_discord_is_told_who_may() -> None:
    """Discord offers an admin's command to those who may manage the server, there alone."""
    for name, command in LEAVES.items():
        root = command
        while isinstance(root, app_commands.Command) and root.parent is not None:
            root = root.parent  # type: ignore[assignment]
        assert (root.default_permissions is not None) == (name in OF_ADMINS)
        if name in OF_ADMINS:
            assert root.default_permissions == discord.Permissions(manage_guild=True)
            assert root.guild_only


SUGGESTING = [
    (name, option.name)
    for name, command in LEAVES.items()
    if name in OF_ADMINS and isinstance(command, app_commands.Command)
    for option in command.parameters
    if option.autocomplete
]


@pytest.mark.parametrize("way", ["member", "private", "group", "user-install"])
@pytest.mark.parametrize(("name", "option"), SUGGESTING)
async def test_an_admins_suggestions_are_refused(
    name: str, option: str, way: str, guarded: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who may not give a command is not told what could be given to it."""
    place, admin = guarded.place, guarded.admin
    guarded.open_to(place.alice, name)
    assert await admin.autocomplete(place.channel, name, option, "")
    change = {"group": as_group_message, "user-install": as_user_install}.get(way)
    if change:
        forge(monkeypatch, change)
    if way in ("private", "group"):
        assert await admin.user.autocomplete(name, option, "") == []
    else:
        who = place.alice if way == "member" else admin
        assert await who.autocomplete(place.channel, name, option, "") == []


# ---------------------------------------------------------------- buttons


def test_every_button_is_known() -> None:
    """Whatever can be clicked or filled in is a stored button, but for the form below an answer to
    /ask, which shows what every question may; another kind is to be tried here.
    """
    others = (discord.ui.Modal, discord.ui.View, discord.ui.LayoutView, discord.ui.Item)
    ours = [
        kind
        for other in others
        for kind in _subclasses(other)
        if kind.__module__.startswith("bot.") and not issubclass(kind, PersistentButton)
    ]
    assert ours == [FollowUpForm]


async def test_the_client_takes_back_every_button(guarded: Guarded) -> None:
    """The buttons that are tried here are those that the client listens to."""
    known = guarded.bot._connection._view_store._dynamic_items.values()
    assert set(known) == set(BUTTONS)


PREVIEWS: dict[str, tuple[str, dict[str, Any]]] = {
    "Add": ("corpus add", {"file": ("otters.md", OTTERS)}),
    "Replace": ("corpus add", {"file": ("lighthouse.en.md", OTTERS)}),
    "Remove": ("corpus remove", {"article": "lighthouse"}),
    "Cancel": ("corpus remove", {"article": "lighthouse"}),
    "Teach": ("teach add", {"question": "Why?", "address": "lighthouse:1.1"}),
}


async def preview(guarded: Guarded, label: str) -> Any:
    """A preview with a button, as its admin sees it, and that anybody could reach."""
    command, options = PREVIEWS[label]
    result = await guarded.admin.slash(guarded.place.channel, command, **options)
    (message,) = [m for m in (result.response, *result.followups) if m and m.components]
    stored = guarded.place.env.backend.get_message(guarded.place.channel.id, message.id)
    stored.flags &= ~64  # Discord shows it to the admin alone; this is as if it did not
    return message


def demote(guarded: Guarded) -> None:
    """Take the permission away from the admin."""
    place = guarded.place
    role = place.guild.roles["ada"]
    place.env.backend.remove_member_role(place.guild.id, guarded.admin.id, role.id)


def test_every_decision_is_tried() -> None:
    """Each button of a preview is among those that are clicked below."""
    pattern = ConfirmButton.__discord_ui_compiled_template__.pattern
    labels = re.findall(r"\w+", pattern.rpartition("<label>")[2])
    assert {say(label, "en") for label in (*labels, "cancel")} == set(PREVIEWS)


@pytest.mark.parametrize("label", PREVIEWS)
@pytest.mark.parametrize(
    "who", ["member", "moderator", "another admin", "demoted", "elsewhere", "user-install"]
)
async def test_a_preview_is_decided_by_its_admin(
    who: str, label: str, guarded: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody else decides, nor the admin once they are none; the preview stays open for its own."""
    place, clicker = guarded.place, guarded.admin
    message = await preview(guarded, label)
    before = guarded.shared()
    if who == "member":
        clicker = place.alice
    elif who == "moderator":
        clicker = place.member("mod", manage_messages=True, manage_channels=True, manage_roles=True)
    elif who == "another admin":
        clicker = place.member("bob", manage_guild=True)
    elif who == "demoted":
        demote(guarded)
    elif who == "elsewhere":
        named = {"admin_guild_ids": {1}}
        guarded.bot.settings = guarded.bot.settings.model_copy(update=named)
    with monkeypatch.context() as patch:
        if who == "user-install":
            forge(patch, as_user_install)
        result = await clicker.click(message, label=label)
    if who == "elsewhere":  # it was about sources that are not this server's to change any more
        assert result.response is not None
        assert result.response.content == say("no_longer_pending", "en", minutes=10)
    else:
        assert_refused(result)
    assert guarded.shared() == before
    labels = [button.label for button in buttons_of(message.message)]
    assert label in labels
    if who not in ("demoted", "elsewhere"):
        await guarded.admin.click(message, label=label)
        assert buttons_of(message.message) == []


@pytest.mark.parametrize("label", PREVIEWS)
@pytest.mark.parametrize("what", ["used", "old", "restarted", "changed"])
async def test_a_stale_decision_does_nothing(what: str, label: str, guarded: Guarded) -> None:
    """A click that is repeated, comes late, or after a restart or a change of the article."""
    place, admin = guarded.place, guarded.admin
    message = await preview(guarded, label)
    components = list(message.message.components)
    stored = place.env.backend.get_message(place.channel.id, message.id)
    raw = [dict(row) for row in stored.components]
    if what == "used":
        await admin.click(message, label=label)
        stored.components = raw  # as a phone that has not heard of it
        assert [str(c) for c in message.message.components] == [str(c) for c in components]
    elif what == "old":
        await place.env.advance_time(PENDING_SECONDS + 1)
    elif what == "restarted":
        await place.restart(guarded.library, journal=guarded.journal)
    else:
        for name in ("otters.md", "lighthouse.en.md"):
            (guarded.library.folder / name).write_bytes(b"# Now\n\nSomething else.\n")
    before = guarded.state()
    result = await admin.click(message, label=label)
    after = guarded.state()
    # A preview that is cancelled or no longer true leaves the corpus as it is.
    assert {**after, "read": 0} == {**before, "read": 0}
    if what == "changed":
        wanted = "cancelled" if label == "Cancel" else "have changed since this was shown"
        assert wanted in message.content.lower()
    else:
        assert result.response is not None
        assert result.response.ephemeral
        gone = say("no_longer_pending", "en", minutes=10)
        assert result.response.content == gone


async def click_forged(
    guarded: Guarded, who: simcord.MemberActor, custom_id: str, *, shown: bool
) -> simcord.InteractionResult:
    """A click on a button of an id of one's own making, which the message has (``shown``) or not.

    Discord lets nobody click what a message does not have.
    """
    place = guarded.place
    message = await preview(guarded, "Remove")
    stored = place.env.backend.get_message(place.channel.id, message.id)
    if shown:
        stored.components[0]["components"][0]["custom_id"] = custom_id
        return await who.click(message, custom_id=custom_id)
    data = {"custom_id": custom_id, "component_type": 2}
    return await actors._component_interaction(who, stored, data)


@pytest.mark.parametrize("shown", [True, False])
@pytest.mark.parametrize("kind", BUTTONS, ids=lambda kind: kind.__name__)
async def test_a_forged_id_does_nothing(
    kind: type[PersistentButton], guarded: Guarded, *, shown: bool
) -> None:
    """Of ids that fit a button and were never given out, none changes anything, for an admin or
    for a member; what a message does not have is not even heard.
    """
    ids = forged_ids(kind, 6)
    assert len(ids) == len({*ids}) > 3
    place = guarded.place
    before = guarded.state()
    for number, custom_id in enumerate(ids):
        who = guarded.admin if number % 2 else place.alice
        result = await click_forged(guarded, who, custom_id, shown=shown)
        assert guarded.state() == before
        if not shown:
            assert not result.acknowledged
        elif kind in (ConfirmButton, CancelButton) and who is place.alice:
            assert_refused(result)
        else:
            assert result.acknowledged


#: What fits no button: other people's, SQL, paths, too long, and nearly right.
HOSTILE_IDS = [
    "corpus:' OR 1=1; DROP TABLE gap; --:add",
    "corpus:../../../etc/passwd:add",
    "corpus:0123456789abcdef:add\n",
    "corpus:0123456789abcdef:ADD",
    " corpus:0123456789abcdef:add",
    "corpus:0123456789abcdef:restore",
    "corpus::cancel",
    "vote:down:00000000:EN",
    "sources:-1:en:next",
    "sources:999999:en:next",
    "remove:",
    "remove:0x1",
    "a" * 100,
    "😀" * 50,
    "",
]


@pytest.mark.parametrize("custom_id", HOSTILE_IDS)
async def test_what_fits_no_button_is_not_heard(custom_id: str, guarded: Guarded) -> None:
    """An id that no button has is passed over, even where the message would have it."""
    before = guarded.state()
    result = await click_forged(guarded, guarded.admin, custom_id, shown=bool(custom_id))
    assert not result.acknowledged
    assert guarded.state() == before


async def test_nobody_removes_an_answer_by_a_forged_id(guarded: Guarded) -> None:
    """An id with one's own number in it, on somebody else's answer, deletes nothing."""
    place = guarded.place
    answer = await place.ask("Who ratified the treaty?")
    mallory = place.member("mallory")
    stored = place.env.backend.get_message(place.channel.id, answer.id)
    for custom_id in (f"remove:{mallory.id}", f"remove:{place.bot_id}"):
        data = {"custom_id": custom_id, "component_type": 2}
        result = await actors._component_interaction(mallory, stored, data)
        assert not result.acknowledged
    assert answer.id in {message.id for message in place.channel.history()}


async def test_no_private_question_is_noted_by_a_forged_vote(guarded: Guarded) -> None:
    """A vote that somebody hangs below a private answer or a direct message is not counted."""
    place, before = guarded.place, guarded.state()
    vote = f"vote:down:{guarded.library.corpus.version}:en"
    question = {"question": "Who ratified the treaty?"}
    private = await place.alice.slash(place.channel, "ask", **question, private=True)
    direct = await place.alice.user.slash("ask", **question)
    for result, who in ((private, place.alice), (direct, place.alice.user)):
        assert result.response is not None
        message = result.response
        stored = place.env.backend.get_message(message.channel_id, message.id)
        rows = [c for c in stored.components[0]["components"] if c["type"] == 1]
        rows[0]["components"][0]["custom_id"] = vote
        await who.click(message, custom_id=vote)
        assert guarded.state() == before


def test_what_is_needed_is_known() -> None:
    """An option of a command has a kind that is tried here: text, a switch, a file or a channel."""
    kinds = {
        option.type
        for command in LEAVES.values()
        if isinstance(command, app_commands.Command)
        for option in command.parameters
    }
    tried = AppCommandOptionType
    assert kinds <= {tried.string, tried.boolean, tried.attachment, tried.channel}
