"""Votes, gaps and privacy: what is kept where the operator keeps a journal, and what is not."""

from __future__ import annotations

import csv
import datetime
import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import discord
import pytest
import simcord

from bot.chat import memory
from bot.chat.memory import Votes
from bot.client import TreatyBot
from bot.service.journal import Journal, open_journal
from bot.service.library import Library
from bot.strings import say
from tests.simulated import build_place, buttons_of, labels_of, question_shown, text_of, texts_of

if TYPE_CHECKING:
    from tests.simulated import Place, Speak

pytestmark = pytest.mark.simcord(approved_intents=discord.Intents.default())

QUESTION = "who ratified it?"
RATIFIED = "Le traité a été ratifié par le Sénat russe."
VAIN = "Who invented the telescope?"
THANKS = "Thank you, that is noted."
TODAY = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """A journal of 30 days, empty."""
    opened = open_journal(tmp_path / "journal.sqlite3", 30, lambda: TODAY)
    assert opened is not None
    yield opened
    opened.close()


@dataclass
class Kept:
    """A server whose bot keeps a journal."""

    place: Place
    journal: Journal

    @property
    def gaps(self) -> dict[str, int]:
        """How often each question found nothing, as the journal has it."""
        return {gap.question: gap.times for gap in self.journal.gaps(self.place.guild.id)}

    @property
    def votes(self) -> list[tuple[str, str, int, int]]:
        """The votes on what was voted down, as the journal has them."""
        voted = self.journal.downvoted(self.place.guild.id)
        return [(vote.question, vote.address, vote.up, vote.down) for vote in voted]


@pytest.fixture
async def kept(place: Place, library: Library, journal: Journal) -> Kept:
    """The bot with a journal, on an English-speaking server."""
    await place.restart(library, journal=journal)
    return Kept(place, journal)


async def vote(who: simcord.MemberActor, way: str, answer: discord.Message) -> str:
    """Vote on an answer; what the voter is told, always in private."""
    (custom_id,) = (
        button.custom_id
        for button in buttons_of(answer)
        if (button.custom_id or "").startswith(f"vote:{way}:")
    )
    result = await who.click(answer, custom_id=custom_id)
    assert result.ephemeral
    return text_of(result.response)


async def test_votes_are_offered_below_answers(kept: Kept) -> None:
    """Below an answer stand 👍 and 👎, in a row of their own."""
    answer = await kept.place.ask(QUESTION)
    assert labels_of(answer) == ["Context", "Why?", "Remove", "👍", "👎"]
    result = await kept.place.alice.slash(kept.place.channel, "ask", question=QUESTION)
    assert labels_of(result.response)[-2:] == ["👍", "👎"]
    plain = await kept.place.ask(QUESTION, channel=kept.place.restricted(embed_links=False))
    assert labels_of(plain)[-2:] == ["👍", "👎"]


async def test_votes_are_not_offered_without_a_journal(place: Place) -> None:
    """Where nothing is kept, no vote is asked for."""
    assert labels_of(await place.ask(QUESTION)) == ["Context", "Why?", "Remove"]


async def test_votes_are_not_offered_for_silences(kept: Kept) -> None:
    """A silence is a gap already, and there is nothing in it to vote on."""
    silence = await kept.place.ask("Who will ratify the climate protocol of Brazil?")
    assert labels_of(silence) == ["Context", "Why?", "Remove"]


async def test_votes_are_not_offered_in_private(kept: Kept) -> None:
    """Private answers and direct messages are not kept, and so not voted on."""
    alice, channel = kept.place.alice, kept.place.channel
    result = await alice.slash(channel, "ask", question=QUESTION, private=True)
    assert labels_of(result.response) == ["Context", "Why?", "Follow up"]
    (answer,) = await kept.place.tell(alice.user, QUESTION)
    assert labels_of(answer) == ["Context", "Why?", "Remove"]
    result = await alice.user.slash("ask", question=QUESTION)
    assert labels_of(result.response) == ["Context", "Why?", "Follow up", "Remove"]
    asked = await alice.send(channel, QUESTION)
    result = await alice.context_menu(channel, "Find sources", asked)
    assert labels_of(result.response) == ["Context", "Why?"]


async def test_a_vote_counts_once_a_person(kept: Kept) -> None:
    """Everybody has one vote on an answer: a second click on the same thumb changes nothing."""
    bob = kept.place.member("bob")
    answer = await kept.place.ask(QUESTION)
    for _ in range(2):
        assert await vote(kept.place.alice, "down", answer) == THANKS
    assert kept.votes == [(QUESTION, "treaty:1.1", 0, 1)]
    assert await vote(bob, "down", answer) == THANKS
    assert kept.votes == [(QUESTION, "treaty:1.1", 0, 2)]


async def test_a_vote_can_be_changed(kept: Kept) -> None:
    """A click on the other thumb moves the vote."""
    bob = kept.place.member("bob")
    answer = await kept.place.ask(QUESTION)
    await vote(kept.place.alice, "up", answer)
    await vote(bob, "down", answer)
    assert kept.votes == [(QUESTION, "treaty:1.1", 1, 1)]
    await vote(kept.place.alice, "down", answer)
    assert kept.votes == [(QUESTION, "treaty:1.1", 0, 2)]
    await vote(kept.place.alice, "up", answer)
    await vote(bob, "up", answer)
    assert kept.votes == []


async def test_votes_on_two_answers_are_two_votes(kept: Kept) -> None:
    """Who votes on each of two answers to the same question is counted twice."""
    for _ in range(2):
        await vote(kept.place.alice, "down", await kept.place.ask(QUESTION))
    assert kept.votes == [(QUESTION, "treaty:1.1", 0, 2)]


async def test_votes_after_a_restart(kept: Kept, library: Library) -> None:
    """The thumbs of an answer from before a restart count."""
    answer = await kept.place.ask("Qui l’a ratifié ?")
    await kept.place.restart(library, journal=kept.journal)
    assert await vote(kept.place.alice, "down", answer) == THANKS
    assert kept.votes == [("Qui l’a ratifié ?", "treaty:1.1", 0, 1)]


async def test_votes_in_a_thread(kept: Kept) -> None:
    """A vote in a thread is the server's."""
    answer = await kept.place.ask(QUESTION, channel=await kept.place.thread())
    await vote(kept.place.alice, "down", answer)
    assert kept.votes == [(QUESTION, "treaty:1.1", 0, 1)]


async def test_votes_on_what_the_corpus_no_longer_says(
    kept: Kept, library: Library, corpus_dir: Path
) -> None:
    """After its source has changed, an old answer cannot be voted on."""
    answer = await kept.place.ask(QUESTION)
    (corpus_dir / "treaty.en.md").unlink()
    (corpus_dir / "treaty.md").write_text("Something else was ratified.", encoding="utf-8")
    library.reindex()
    told = await vote(kept.place.alice, "down", answer)
    assert told == "The source has changed since this answer was given."
    assert kept.votes == []


@pytest.mark.parametrize(
    ("locale", "told"),
    [
        ("en-US", "No journal is kept here, so there is nothing to note or to show."),
        ("fr", "Aucun journal n’est tenu ici : rien à noter ni à montrer."),
    ],
)
async def test_old_thumbs_without_a_journal(
    kept: Kept, library: Library, speak: Speak, locale: str, told: str
) -> None:
    """Once the journal is switched off, old thumbs say so, in the language of who clicks."""
    speak(locale)
    answer = await kept.place.ask(QUESTION)
    await kept.place.restart(library)
    assert await vote(kept.place.alice, "up", answer) == told


@pytest.mark.parametrize(
    ("status", "code", "tries"), [(403, 50001, 2), (404, 10062, 1), (500, 0, 2)]
)
async def test_discord_refuses_the_thanks(kept: Kept, status: int, code: int, tries: int) -> None:
    """A vote whose thanks Discord refuses counts, and counts once if it is tried again."""
    answer = await kept.place.ask(QUESTION)
    kept.place.env.inject_error(
        "POST", "/interactions/*/callback", status=status, code=code, times=tries
    )
    (custom_id,) = (b.custom_id for b in buttons_of(answer) if str(b.emoji) == "👎")
    assert not (await kept.place.alice.click(answer, custom_id=custom_id)).acknowledged
    assert kept.place.env.errors == []
    assert await vote(kept.place.alice, "down", answer) == THANKS
    assert kept.votes == [(QUESTION, "treaty:1.1", 0, 1)]


def test_few_votes_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who voted how is forgotten after so many votes, so that memory stays bounded."""
    monkeypatch.setattr(memory, "VOTES_REMEMBERED", 3)
    votes = Votes()
    for message in range(10):
        assert votes.change(message, 1, "up") == {"up": 1}
    assert len(votes._votes) == 3
    assert votes.change(9, 1, "down") == {"down": 1, "up": -1}


async def test_gaps_are_noted(kept: Kept) -> None:
    """What a server asks in vain, by mention or by /ask, is noted and counted."""
    await kept.place.ask(VAIN)
    await kept.place.alice.slash(kept.place.channel, "ask", question=VAIN)
    await kept.place.ask(VAIN, channel=await kept.place.thread())
    await kept.place.ask(QUESTION)
    await kept.place.ask("")
    assert kept.gaps == {VAIN: 3}


async def test_private_gaps_are_not_noted(kept: Kept) -> None:
    """Of private questions and direct messages nothing is noted, whatever is clicked below them."""
    alice, channel = kept.place.alice, kept.place.channel
    await alice.slash(channel, "ask", question=VAIN, private=True)
    await alice.user.slash("ask", question=VAIN)
    *_, answer = await kept.place.tell(alice.user, "Who will ratify the protocol of Brazil?")
    await alice.user.click(answer, label="Why?")
    asked = await alice.send(channel, VAIN)
    await alice.context_menu(channel, "Find sources", asked)
    assert kept.gaps == {}
    assert kept.journal.gaps(None) == []
    assert kept.journal.downvoted(None) == []


async def test_who_asked_is_not_kept(kept: Kept) -> None:
    """The journal's file holds no id of a person or channel, not even one that was written out."""
    await kept.place.ask(f"{VAIN} {kept.place.alice.id}")
    await vote(kept.place.alice, "down", await kept.place.ask(QUESTION))
    kept.journal.flush()
    data = kept.journal.path.read_bytes()
    assert VAIN.encode() in data
    for number in (kept.place.alice.id, kept.place.channel.id):
        assert str(number).encode() not in data
        assert number.to_bytes(8) not in data


async def test_a_server_that_removes_the_bot_is_forgotten(kept: Kept) -> None:
    """Nothing of it is left in the file."""
    await kept.place.ask(VAIN)
    assert kept.gaps == {VAIN: 1}
    guild = kept.place.env.bot.get_guild(kept.place.guild.id)
    assert guild is not None
    await guild.leave()
    await kept.place.env.settle()
    assert kept.gaps == {}
    assert VAIN.encode() not in kept.journal.path.read_bytes()


async def test_a_server_that_removed_the_bot_in_its_absence_is_forgotten(
    kept: Kept, library: Library
) -> None:
    """Once it is connected again; the servers that it is on keep what is theirs."""
    await kept.place.ask(VAIN)
    kept.journal.keeps_for = lambda _guild: True
    kept.journal.gap(VAIN, 333)
    await kept.place.restart(library, journal=kept.journal)
    await kept.place.env.settle()
    assert kept.journal.gaps(333) == []
    assert kept.gaps == {VAIN: 1}


async def test_nothing_is_kept_of_a_server_without_the_bot(kept: Kept) -> None:
    """Who has installed the bot for themselves can ask where nobody else has."""
    kept.journal.gap(VAIN, 333)
    kept.journal.vote(VAIN, "treaty:1.1", 333, down=1)
    assert not kept.journal.gaps(333)
    assert not kept.journal.downvoted(333)


async def test_a_broken_journal_loses_no_answer(
    kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    """If a gap cannot be noted, that is logged in one line and the question is answered."""
    kept.journal.close()
    silence = await kept.place.ask(VAIN)
    assert "The sources do not answer this." in text_of(silence)
    (record,) = [r for r in caplog.records if r.levelno >= logging.WARNING]
    assert record.message.startswith("a gap could not be noted")
    assert record.exc_info is None
    result = await kept.place.alice.slash(kept.place.channel, "ask", question=VAIN)
    assert question_shown(result.response) == VAIN


async def test_a_vote_that_cannot_be_noted(
    kept: Kept, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """If a vote cannot be noted, the voter is told so, and may vote again later."""
    answer = await kept.place.ask(QUESTION)
    bob = kept.place.member("bob")
    await vote(bob, "up", answer)
    kept.journal.close()
    assert (await vote(bob, "down", answer)).startswith("Something went wrong")
    told = await vote(kept.place.alice, "down", answer)
    assert told.startswith("Something went wrong on my side")
    assert "a vote could not be noted" in caplog.text
    bot = kept.place.env.bot
    assert isinstance(bot, TreatyBot)
    bot.journal = open_journal(tmp_path / "journal.sqlite3", 30, lambda: TODAY)
    assert bot.journal is not None
    assert await vote(kept.place.alice, "down", answer) == THANKS
    assert await vote(bob, "up", answer) == THANKS
    (voted,) = bot.journal.downvoted(kept.place.guild.id)
    assert (voted.up, voted.down) == (1, 1)
    bot.journal.close()


@pytest.fixture
def admin(place: Place) -> simcord.MemberActor:
    """A member who may manage the server."""
    return place.member("ada", manage_guild=True)


async def gaps(place: Place, who: simcord.MemberActor) -> simcord.ResponseMessage:
    """What /gaps shows, always in private."""
    result = await who.slash(place.channel, "gaps")
    assert result.ephemeral
    assert result.response is not None
    return result.response


async def table(message: simcord.ResponseMessage) -> list[list[str]]:
    """The rows of the file that /gaps attaches."""
    (file,) = message.attachments
    assert file.filename == "gaps.csv"
    return list(csv.reader(io.StringIO((await file.read()).decode("utf-8-sig"))))


async def test_gaps_for_admins(kept: Kept, admin: simcord.MemberActor) -> None:
    """/gaps lists what was asked in vain, the commonest first, and what was voted down, and holds
    all of it as a table.
    """
    await kept.place.ask("Where is *Atlantis*?")
    for _ in range(2):
        await kept.place.ask(VAIN)
    answer = await kept.place.ask(QUESTION)
    await vote(kept.place.alice, "down", answer)
    await vote(admin, "up", answer)
    message = await gaps(kept.place, admin)
    assert "\n".join(texts_of(message)).split("\n") == [
        "**Unanswered questions**",
        f"{VAIN} × 2",
        r"Where is \*Atlantis\*? × 1",
        "**Voted down**",
        f"- {QUESTION} 👎 1 👍 1",
    ]
    assert await table(message) == [
        ["kind", "question", "address", "times", "up", "down", "last"],
        ["gap", VAIN, "", "2", "", "", "2026-01-01"],
        ["gap", "Where is *Atlantis*?", "", "1", "", "", "2026-01-01"],
        ["vote", QUESTION, "treaty:1.1", "", "1", "1", "2026-01-01"],
    ]


async def test_gaps_in_french(kept: Kept, admin: simcord.MemberActor, speak: Speak) -> None:
    """/gaps speaks the language of the admin's Discord."""
    speak("fr")
    assert (
        await gaps(kept.place, admin)
    ).content == "Aucune question n’est restée sans réponse, rien n’a été jugé mauvais."
    kept.journal.gap(VAIN, kept.place.guild.id)
    kept.journal.vote(QUESTION, "treaty:1.1", kept.place.guild.id, down=1)
    lines = "\n".join(texts_of(await gaps(kept.place, admin))).split("\n")
    assert lines[::2] == ["**Questions sans réponse**", "**Jugé mauvais**"]


async def test_no_gaps(kept: Kept, admin: simcord.MemberActor) -> None:
    """Where there is nothing to list, /gaps says so and attaches nothing."""
    message = await gaps(kept.place, admin)
    assert message.content == "No question went unanswered and nothing was voted down."
    assert message.attachments == []


async def test_gaps_of_other_servers_are_invisible(kept: Kept, admin: simcord.MemberActor) -> None:
    """An admin sees what their own server asked, and nobody else's."""
    other = build_place(kept.place.env, "en-US")
    await other.ask(VAIN)
    await vote(other.alice, "down", await other.ask(QUESTION))
    assert (await gaps(kept.place, admin)).content.startswith("No question went unanswered")
    message = await gaps(other, other.member("eve", manage_guild=True))
    assert VAIN in "\n".join(texts_of(message))
    assert len(await table(message)) == 3


async def test_gaps_hidden_from_members(kept: Kept) -> None:
    """Discord does not offer /gaps to members who may not manage the server, nor in private."""
    with pytest.raises(simcord.SetupError, match="default-member-permissions"):
        await kept.place.alice.slash(kept.place.channel, "gaps")
    with pytest.raises(simcord.SetupError, match="context"):
        await kept.place.alice.user.slash("gaps")


@pytest.mark.parametrize(
    ("locale", "refusal"),
    [("en-US", "*Manage Server* permission"), ("fr", "permission *Gérer le serveur*")],
)
async def test_gaps_refused_in_spite_of_an_override(
    kept: Kept, speak: Speak, locale: str, refusal: str
) -> None:
    """A member is refused even where the server's admins have opened the command to them."""
    speak(locale)
    await kept.place.ask(VAIN)
    command = kept.place.env.backend.commands[None]["gaps", 1]
    kept.place.guild.set_command_permissions(int(command["id"]), {kept.place.alice: True})
    message = await gaps(kept.place, kept.place.alice)
    assert refusal in message.content
    assert VAIN not in message.content


async def test_gaps_without_a_journal(place: Place, admin: simcord.MemberActor) -> None:
    """Where nothing is kept, /gaps says so."""
    assert (await gaps(place, admin)).content.startswith("No journal is kept here")


async def test_gaps_of_a_broken_journal(kept: Kept, admin: simcord.MemberActor) -> None:
    """If the journal cannot be read, the admin gets an apology without the host's folders."""
    kept.journal.close()
    message = await gaps(kept.place, admin)
    assert message.content.startswith("Something went wrong on my side")
    simcord.assert_error(kept.place.env, contains="journal.sqlite3")


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en-US", "Questions that found nothing and votes on answers are kept for 30 days: "),
        ("fr", "Les questions restées sans réponse et les votes sont gardés 30 jours : "),
    ],
)
async def test_privacy_with_a_journal(kept: Kept, speak: Speak, locale: str, text: str) -> None:
    """/privacy says what is kept and for how long, in private, in direct messages too."""
    speak(locale)
    result = await kept.place.alice.slash(kept.place.channel, "privacy")
    assert result.ephemeral
    assert text_of(result.response).startswith(text)
    result = await kept.place.alice.user.slash("privacy")
    assert text_of(result.response).startswith(text)


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en-US", "Nothing that you ask is stored."),
        ("fr", "Rien de ce que vous demandez n’est stocké."),
    ],
)
async def test_privacy_without_a_journal(
    place: Place, speak: Speak, locale: str, text: str
) -> None:
    """Where nothing is kept, /privacy says so."""
    speak(locale)
    result = await place.alice.slash(place.channel, "privacy")
    assert result.ephemeral
    told = text_of(result.response)
    assert told == f"{text} {say('kept_if_taught', locale.partition('-')[0])}"
