"""/teach and the buttons that lead to it: what a member asks in vain is known later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
import pytest
import simcord

from bot.service.journal import Journal
from bot.service.library import Library
from bot.strings import say
from tests.simulated import buttons_of, labels_of, text_of, texts_of

if TYPE_CHECKING:
    from tests.simulated import Place

pytestmark = pytest.mark.simcord(approved_intents=discord.Intents.default())

QUESTION = "Is my toaster happy?"
THIS_ONE, NOTHING = say("answers_it", "en"), say("answers_not", "en")


def shown(result: simcord.InteractionResult) -> str:
    """Return everything that somebody alone is shown."""
    assert result.ephemeral
    messages = [m for m in (result.response, *result.followups) if m]
    return "\n".join(text for message in messages for text in texts_of(message))


async def told(place: Place, who: simcord.MemberActor, command: str, **options: Any) -> str:
    """Return what the bot says to somebody alone."""
    return shown(await who.slash(place.channel, f"teach {command}", **options))


async def agreed(who: simcord.MemberActor, result: simcord.InteractionResult) -> str:
    """Click *Teach* below a preview; what stands there then."""
    (message,) = [m for m in (result.response, *result.followups) if m and m.components]
    await who.click(message, label="Teach")
    return str(message.content)


async def taught(place: Place, who: simcord.MemberActor, **options: Any) -> str:
    """Give /teach add and agree."""
    return await agreed(who, await who.slash(place.channel, "teach add", **options))


@pytest.fixture
def admin(place: Place) -> simcord.MemberActor:
    """Somebody who may change the corpus."""
    return place.member("ada", manage_guild=True)


async def test_a_curator_teaches_and_takes_back(place: Place, admin: simcord.MemberActor) -> None:
    """A member asks in vain, is answered once it is taught, and no more when it is taken back."""
    before = text_of(await place.ask(QUESTION))
    assert "Nothing was taught" in await told(place, admin, "list")
    options = {"question": QUESTION, "address": "lighthouse:1.1"}
    previewed = await admin.slash(place.channel, "teach add", **options)
    sentence = shown(previewed).split("> ")[1].partition("\n")[0]
    assert sentence not in before
    assert say("none_so_far", "en") in shown(previewed)
    assert say("nothing_else", "en") in shown(previewed)
    assert sentence not in text_of(await place.ask(QUESTION))
    assert (await agreed(admin, previewed)).startswith("Taught.")
    assert sentence in text_of(await place.ask("is MY toaster really... happy?!"))
    assert f"{QUESTION} → lighthouse" in await told(place, admin, "list")
    assert "Taken back" in await told(place, admin, "remove", question=QUESTION)
    assert sentence not in text_of(await place.ask(QUESTION))
    assert "Nothing was taught for" in await told(place, admin, "remove", question=QUESTION)


async def test_the_whole_way(
    place: Place, library: Library, journal: Journal, admin: simcord.MemberActor
) -> None:
    """A member asks in vain; /gaps leads to the sentences to choose from; asked in other words it
    is shown, asked again it is sure, after a restart too; and it is no gap any more.
    """
    await place.restart(library, journal=journal)
    await place.ask("Where do the keepers of the lamp slumber?")
    listed = await admin.slash(place.channel, "gaps")
    assert "slumber" in shown(listed)
    (message,) = [m for m in (listed.response, *listed.followups) if m and m.components]
    offered = await admin.click(message, label="Teach")
    (choice,) = [m for m in (offered.response, *offered.followups) if m and m.components]
    assert labels_of(choice)[-1] == NOTHING
    button = buttons_of(choice)[0]
    assert button.label == THIS_ONE
    sentence = texts_of(choice)[2].partition("> ")[2].replace("**", "")
    previewed = await admin.click(choice, custom_id=button.custom_id)
    assert (await agreed(admin, previewed)).startswith("Taught.")
    await place.restart(library, journal=journal)
    again = text_of(await place.ask("where do keepers of this lamp slumber"))
    assert sentence in again
    assert "Not sure" not in again
    near = text_of(await place.ask("a slumber place for the keepers?"))
    assert "Not sure" in near
    assert sentence in near
    left = shown(await admin.slash(place.channel, "gaps"))
    assert "a slumber place" in left
    assert "Where do the keepers" not in left


async def test_silence_is_taught(
    place: Place, library: Library, journal: Journal, admin: simcord.MemberActor
) -> None:
    """Without an address, or by *Nothing answers it*: it is silent, and no gap."""
    await place.restart(library, journal=journal)
    question = "Who ratified the treaty?"
    assert "Taught." in await taught(place, admin, question=question)
    assert text_of(await place.ask("who ratified this treaty")) == say("not_in_corpus", "en")
    assert "No question went" in shown(await admin.slash(place.channel, "gaps"))
    assert f"{question} → no answer" in await told(place, admin, "list")


async def test_the_context_of_a_curator_teaches(place: Place, admin: simcord.MemberActor) -> None:
    """Who may teach finds *This one answers it* there, nobody else; what leans on another question
    is not taught.
    """
    answer = await place.ask("who ratified it?")
    context = next(b.custom_id for b in buttons_of(answer) if b.label == "Context")
    member = await place.alice.click(answer, custom_id=context)
    assert labels_of(member.response) == []
    curator = await admin.click(answer, custom_id=context)
    assert curator.response is not None
    assert labels_of(curator.response) == [THIS_ONE]
    previewed = await admin.click(curator.response, label=THIS_ONE)
    assert "*who ratified it?*, asked again" in shown(previewed)
    following = await place.follow_up(answer, "and when?")
    context = next(b.custom_id for b in buttons_of(following) if b.label == "Context")
    assert labels_of((await admin.click(following, custom_id=context)).response) == []


async def test_a_term_is_taught(place: Place, admin: simcord.MemberActor) -> None:
    """It finds what the sources call otherwise; it is taken back as questions are."""
    question = "Who ratified the Foobar?"
    before = text_of(await place.ask(question))
    options = {"term": "Foobar", "means": "traité"}
    previewed = await admin.slash(place.channel, "teach term", **options)
    assert "traité = Foobar" in shown(previewed)
    assert (await agreed(admin, previewed)).startswith("Taught.")
    assert text_of(await place.ask(question)) != before
    assert "already" in await told(place, admin, "term", **options)
    assert "traité = Foobar" in await told(place, admin, "list")
    offered = await admin.autocomplete(place.channel, "teach remove", "question", "foo")
    assert [choice["value"] for choice in offered] == ["Foobar"]
    assert "Taken back" in await told(place, admin, "remove", question="Foobar")
    assert text_of(await place.ask(question)) == before


async def test_what_teaches_nothing_any_more_stands_in_gaps(
    place: Place, library: Library, journal: Journal, admin: simcord.MemberActor
) -> None:
    """When its sentence has gone: with the question and the address."""
    await place.restart(library, journal=journal)
    await taught(place, admin, question=QUESTION, address="lighthouse:1.1")
    (library.folder / "lighthouse.en.md").write_text("# Now\n\nAll is changed.\n", "utf-8")
    library.reindex()
    lost = shown(await admin.slash(place.channel, "gaps"))
    assert say("lost_answers", "en") in lost
    assert "lighthouse\\:1.1" in lost
    assert "toaster" in lost


async def test_an_address_that_is_none_is_refused(place: Place, admin: simcord.MemberActor) -> None:
    """Nothing is kept."""
    said = await told(place, admin, "add", question=QUESTION, address="nowhere:1.1")
    assert "no sentence" in said
    assert "Nothing was taught" in await told(place, admin, "list")


async def test_nobody_else_may(place: Place) -> None:
    """A member is refused, even where Discord's own setting lets them."""
    member = place.member("bob")
    command = place.env.backend.commands[None]["teach", 1]
    place.guild.set_command_permissions(int(command["id"]), {member: True})
    for name, options in (
        ("list", {}),
        ("add", {"question": QUESTION, "address": "lighthouse:1.1"}),
        ("remove", {"question": QUESTION}),
    ):
        said = await told(place, member, name, **options)
        assert "aught" not in said
