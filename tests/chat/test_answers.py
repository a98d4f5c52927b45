"""The buttons below an answer."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING

import discord
import pytest
import simcord

import bot.chat.answers
from bot.service.library import Library
from tests.simulated import add_otters, labels_of, question_shown, text_of, texts_of

if TYPE_CHECKING:
    from tests.simulated import Place, Speak

pytestmark = pytest.mark.simcord(approved_intents=discord.Intents.default())

RATIFIED = "Le traité a été ratifié par le Sénat russe."
RATIFIED_EN = "The treaty was ratified by the Russian Senate."
OTTERS = "What do otters eat?"
BRAZIL = "Who will ratify the climate protocol of Brazil?"


def said(result: simcord.InteractionResult) -> str:
    """What a click was answered with."""
    return "\n".join(texts_of(result.response))


def is_there(answer: discord.Message, channel: simcord.ChannelHandle) -> bool:
    """Whether a message still stands in its channel."""
    return answer.id in {message.id for message in channel.history()}


async def test_why_tells_the_clicker_alone_how_each_word_was_met(place: Place) -> None:
    """*Why?* names every content word of the question: what it met, and how."""
    answer = await place.ask("who ratified it in Brazil?")
    result = await place.alice.click(answer, label="Why?")
    assert result.ephemeral
    text = said(result)
    assert "**¶ 1, sentence 1**" in text
    assert "“ratified” = “ratified”, the same word" in text
    assert "“Brazil”: not in it" in text


async def test_why_speaks_the_language_of_the_question(place: Place) -> None:
    """What it says is in French below an answer to a French question, as the answer is."""
    answer = await place.ask("Qui l’a ratifié ?")
    result = await place.alice.click(answer, label="Why?")
    assert "«\u00a0ratifié\u00a0» = «\u00a0ratifié\u00a0», le même mot" in said(result)


async def test_why_explains_the_closest_sentence_of_a_silence(place: Place) -> None:
    """A silence that shows a sentence can be asked why, one that shows none has no button."""
    silence = await place.ask("Who will ratify the climate protocol of Brazil?")
    assert silence.components
    result = await place.alice.click(silence, label="Why?")
    assert "“climate”: not in it" in said(result)
    with pytest.raises(simcord.SetupError):
        await place.alice.click(await place.ask("xyzzy"), label="Why?")


async def test_why_follows_a_follow_up(place: Place) -> None:
    """The words that a follow-up carried over are explained as well."""
    answer = await place.ask("who ratified it?")
    following = await place.follow_up(answer, "and when?")
    result = await place.alice.click(following, label="Why?")
    assert "“ratified” = “ratified”" in said(result)


async def test_why_survives_a_restart(place: Place, library: Library) -> None:
    """A button of an answer from before a restart works."""
    answer = await place.ask("who ratified it?")
    await place.restart(library)
    result = await place.alice.click(answer, label="Why?")
    assert "the same word" in said(result)


async def test_why_outlives_a_change_of_another_source(
    place: Place, library: Library, corpus_dir: Path
) -> None:
    """A new source changes nothing in what the buttons of an old answer speak of."""
    answer = await place.ask("who ratified it?")
    (corpus_dir / "another.md").write_text("Something else was ratified.", encoding="utf-8")
    library.reindex()
    result = await place.alice.click(answer, label="Why?")
    assert "“ratified” = “ratified”" in said(result)


async def test_why_is_honest_about_a_changed_source(
    place: Place, library: Library, corpus_dir: Path
) -> None:
    """Once its source has changed, an old answer is not explained by what that says now."""
    answer = await place.ask("who ratified it?")
    (corpus_dir / "treaty.en.md").unlink()
    (corpus_dir / "treaty.md").write_text("Something else was ratified.", encoding="utf-8")
    library.reindex()
    result = await place.alice.click(answer, label="Why?")
    assert result.ephemeral
    assert "The source has changed" in said(result)


@pytest.fixture
def otters(corpus_dir: Path, library: Library) -> Library:
    """A library with a question that has eight equally good answers."""
    add_otters(corpus_dir)
    library.reindex()
    return library


def context_shown(result: simcord.InteractionResult) -> list[str]:
    """What *Context* shows above the line that says where it stands."""
    assert result.ephemeral
    return texts_of(result.response)[:-1]


async def test_context_shows_the_passage_with_its_sentence_marked(place: Place) -> None:
    """*Context* shows the clicker alone the whole passage, the sentence in bold, both in the
    original and in translation, and where it stands.
    """
    answer = await place.ask("who ratified it?")
    result = await place.alice.click(answer, label="Context")
    assert context_shown(result) == [
        f"> **{RATIFIED_EN}** It has twenty-three articles.",
        f"-# Original (French)\n> **{RATIFIED}** Il compte vingt-trois articles.",
    ]
    assert texts_of(result.response)[-1].endswith(" · ¶ 1, sentence 1")
    bob = place.member("bob")
    assert len(place.channel.history(viewer=place.alice)) == 3
    assert len(place.channel.history(viewer=bob)) == 2


async def test_context_marks_a_sentence_in_the_middle(place: Place) -> None:
    """What comes before the sentence is shown as well."""
    answer = await place.ask("What did she do with the lamp in 1893?")
    result = await place.alice.click(answer, label="Context")
    assert context_shown(result) == [
        "> The keeper of the lighthouse was called Ada Quill. **She lit the lamp in 1893.**"
    ]


async def test_context_of_a_french_answer(french_place: Place) -> None:
    """Where Discord is French the button is *Contexte*; the French original stands alone."""
    place = french_place
    answer = await place.ask("Qui l’a ratifié ?")
    assert labels_of(answer) == ["Contexte", "Pourquoi ?", "Retirer"]
    result = await place.alice.click(answer, label="Contexte")
    assert context_shown(result) == [f"> **{RATIFIED}** Il compte vingt-trois articles."]
    assert "6 novembre 2024 · ¶ 1, phrase 1" in said(result)


async def test_context_of_the_closest_sentence_of_a_silence(place: Place) -> None:
    """Below a silence, *Context* shows the passage of the closest sentence."""
    silence = await place.ask(BRAZIL)
    assert labels_of(silence) == ["Context", "Why?", "Remove"]
    result = await place.alice.click(silence, label="Context")
    assert f"> **{RATIFIED}** Il" in said(result)


async def test_a_silence_without_a_sentence_can_only_be_removed(place: Place) -> None:
    """Where there is nothing to show, no button offers to show it."""
    assert labels_of(await place.ask("xyzzy")) == ["Remove"]


async def test_more_only_where_there_is_more(place: Place, otters: Library) -> None:
    """*More* stands below an answer only if further sentences are worth citing."""
    assert otters.corpus.article("otters")
    assert labels_of(await place.ask("who ratified it?")) == ["Context", "Why?", "Remove"]
    assert labels_of(await place.ask(OTTERS)) == ["Context", "More", "Why?", "Remove"]


@pytest.mark.usefixtures("otters")
async def test_more_goes_on_where_the_answer_ended(place: Place) -> None:
    """*More* shows the clicker alone the next citations, and its own *More* those after, until
    there are none; no sentence comes twice.
    """
    answer = await place.ask(OTTERS)
    pages = [text_of(answer)]
    message: discord.Message | simcord.ResponseMessage | None = answer
    while "More" in labels_of(message):
        assert message is not None
        result = await place.alice.click(message, label="More")
        assert result.ephemeral
        message = result.response
        assert question_shown(message) == OTTERS
        assert "Remove" not in labels_of(message)
        pages.append(text_of(message))
    cited = [re.findall(r"¶ (\d), sentence 1", page) for page in pages]
    assert [len(numbers) for numbers in cited] == [3, 3, 2]
    assert sorted("".join(map("".join, cited))) == [*"12345678"]


@pytest.mark.usefixtures("otters")
async def test_buttons_below_more_keep_their_place(place: Place) -> None:
    """*Context* and *Why?* below further citations speak of those, not of the first ones."""
    answer = await place.ask(OTTERS)
    further = (await place.alice.click(answer, label="More")).response
    assert further is not None
    first = re.findall(r"¶ (\d), sentence 1", text_of(further))[0]
    context = await place.alice.click(further, label="Context")
    assert f"¶ {first}, sentence 1" in said(context)
    why = await place.alice.click(further, label="Why?")
    assert f"**¶ {first}, sentence 1**" in said(why)


async def test_buttons_survive_a_restart(place: Place, otters: Library) -> None:
    """Every button of an answer from before a restart does what it says."""
    answer = await place.ask(OTTERS)
    await place.restart(otters)
    assert "> **Otters eat" in said(await place.alice.click(answer, label="Context"))
    further = await place.alice.click(answer, label="More")
    assert "¶ 4, sentence 1" in said(further)
    await place.restart(otters)
    assert further.response is not None
    last = await place.alice.click(further.response, label="More")
    assert "¶ 7, sentence 1" in said(last)
    await place.alice.click(answer, label="Remove")
    assert not is_there(answer, place.channel)


async def test_buttons_in_a_thread(place: Place, otters: Library) -> None:
    """Buttons work in a thread, also after a restart."""
    thread = await place.thread()
    answer = await place.ask(OTTERS, channel=thread)
    await place.restart(otters)
    assert "> **Otters eat" in said(await place.alice.click(answer, label="Context"))
    assert "¶ 4, sentence 1" in said(await place.alice.click(answer, label="More"))
    assert "the same word" in said(await place.alice.click(answer, label="Why?"))
    await place.alice.click(answer, label="Remove")
    assert not is_there(answer, thread)


async def test_buttons_of_a_plain_answer(place: Place, otters: Library) -> None:
    """Where the bot may not embed, the answer has the same buttons, and they work."""
    channel = place.restricted(embed_links=False)
    answer = await place.ask(OTTERS, channel=channel)
    assert answer.content
    assert labels_of(answer) == ["Context", "More", "Why?", "Remove"]
    await place.restart(otters)
    assert "> **Otters eat" in said(await place.alice.click(answer, label="Context"))
    assert "¶ 4, sentence 1" in said(await place.alice.click(answer, label="More"))
    assert "the same word" in said(await place.alice.click(answer, label="Why?"))
    await place.alice.click(answer, label="Remove")
    assert not is_there(answer, channel)


@pytest.mark.usefixtures("otters")
async def test_buttons_in_a_direct_message(place: Place) -> None:
    """Buttons work in a direct message with the bot."""
    user = place.alice.user
    (answer,) = await place.tell(user, OTTERS)
    assert "> **Otters eat" in said(await user.click(answer, label="Context"))
    assert "¶ 4, sentence 1" in said(await user.click(answer, label="More"))
    await user.click(answer, label="Remove")
    assert not is_there(answer, user.dm_channel)


@pytest.mark.usefixtures("otters")
async def test_buttons_of_a_command_answer(place: Place) -> None:
    """The answer to /ask has the same buttons and *Follow up*; a private one has no *Remove*."""
    result = await place.alice.slash(place.channel, "ask", question=OTTERS)
    assert labels_of(result.response) == ["Context", "More", "Why?", "Follow up", "Remove"]
    result = await place.alice.slash(place.channel, "ask", question=OTTERS, private=True)
    assert labels_of(result.response) == ["Context", "More", "Why?", "Follow up"]
    assert result.response is not None
    further = await place.alice.click(result.response, label="More")
    assert further.ephemeral
    assert "¶ 4, sentence 1" in said(further)


@pytest.mark.usefixtures("otters")
@pytest.mark.parametrize("label", ["Context", "More", "Why?"])
async def test_stale_button_offers_to_ask_again(
    place: Place, library: Library, corpus_dir: Path, label: str
) -> None:
    """After the corpus has changed, a button says so to the clicker alone and offers to ask again,
    which answers from the new corpus, also after a restart.
    """
    answer = await place.ask(OTTERS)
    path = corpus_dir / "otters.en.md"
    path.write_text("# Sea otters\n\nOtters eat abalone now.\n", encoding="utf-8")
    library.reindex()
    stale = await place.alice.click(answer, label=label)
    assert stale.ephemeral
    assert text_of(stale.response) == "The source has changed since this answer was given."
    assert question_shown(stale.response) == OTTERS
    assert labels_of(stale.response) == ["Ask again"]
    await place.restart(library)
    assert stale.response is not None
    again = await place.alice.click(stale.response, label="Ask again")
    assert again.ephemeral
    assert "Otters eat abalone now." in text_of(again.response)
    assert labels_of(again.response) == ["Context", "Why?"]
    assert again.response is not None
    context = await place.alice.click(again.response, label="Context")
    assert "abalone" in said(context)


async def test_stale_button_in_french(
    french_place: Place, speak: Speak, library: Library, corpus_dir: Path
) -> None:
    """To who clicks in a French Discord, the offer to ask again is French."""
    speak("fr")
    place = french_place
    answer = await place.ask("Qui l’a ratifié ?")
    text = f"Paris le sait.\n\n{RATIFIED}\n"
    (corpus_dir / "treaty.en.md").unlink()
    (corpus_dir / "treaty.md").write_text(text, encoding="utf-8")
    library.reindex()
    stale = await place.alice.click(answer, label="Contexte")
    assert text_of(stale.response) == "La source a changé depuis cette réponse."
    assert stale.response is not None
    again = await place.alice.click(stale.response, label="Redemander")
    assert RATIFIED in text_of(again.response)


async def test_a_reindex_that_changes_nothing_leaves_buttons_fresh(
    place: Place, library: Library
) -> None:
    """The version in a button is that of the content: reading the same again spoils no button."""
    answer = await place.ask("who ratified it?")
    library.reindex()
    await place.restart(Library(library.folder))
    assert RATIFIED in said(await place.alice.click(answer, label="Context"))


async def test_remove_by_the_asker(place: Place) -> None:
    """Who asked may remove the answer; the question stays."""
    answer = await place.ask("who ratified it?")
    result = await place.alice.click(answer, label="Remove")
    assert result.acknowledged
    assert not is_there(answer, place.channel)
    assert len(place.channel.history()) == 1


@pytest.mark.parametrize(
    ("locale", "refusal"),
    [
        ("en-US", "Only who asked and moderators may remove an answer."),
        ("fr", "Seuls l’auteur de la question et les modérateurs peuvent la retirer."),
    ],
)
async def test_remove_refused(
    place: Place, library: Library, speak: Speak, locale: str, refusal: str
) -> None:
    """Another member is refused, in private and in the language of their Discord."""
    bob = place.member("bob")
    answer = await place.ask("who ratified it?")
    await place.restart(library)
    speak(locale)
    result = await bob.click(answer, label="Remove")
    assert result.ephemeral
    assert said(result) == refusal
    assert is_there(answer, place.channel)


async def test_remove_by_a_moderator(place: Place, library: Library) -> None:
    """A member who may manage messages may remove anybody's answer."""
    moderator = place.member("mo", manage_messages=True)
    answer = await place.ask("who ratified it?")
    await place.restart(library)
    await moderator.click(answer, label="Remove")
    assert not is_there(answer, place.channel)


async def test_remove_a_command_answer(place: Place) -> None:
    """The public answer to /ask is removed by the same rules."""
    bob = place.member("bob")
    await place.alice.slash(place.channel, "ask", question="who ratified it?")
    answer = place.channel.last_message
    assert answer is not None
    assert "Only who asked" in said(await bob.click(answer, label="Remove"))
    await place.alice.click(answer, label="Remove")
    assert not is_there(answer, place.channel)


async def test_remove_what_is_gone(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    """An answer that somebody else removed a moment before is no error."""
    answer = await place.ask("who ratified it?")
    place.env.inject_error("DELETE", "/webhooks/*/*/messages/@original", status=404, code=10008)
    assert (await place.alice.click(answer, label="Remove")).acknowledged
    assert place.env.errors == []
    assert [r for r in caplog.records if r.levelno >= logging.WARNING] == []


#: Discord's code for an interaction that was not answered in three seconds.
TOO_LATE = 10062
STATUSES = [(403, 50001), (404, TOO_LATE), (500, 0)]


@pytest.mark.usefixtures("otters")
@pytest.mark.parametrize(("status", "code"), STATUSES)
@pytest.mark.parametrize("label", ["Context", "More", "Why?", "Remove"])
async def test_discord_refuses_what_a_button_says(
    place: Place, status: int, code: int, label: str
) -> None:
    """A click that Discord lets expire or refuses breaks nothing: the next one works."""
    answer = await place.ask(OTTERS)
    times = 1 if code == TOO_LATE else 2  # the second is the apology
    place.env.inject_error(
        "POST", "/interactions/*/callback", status=status, code=code, times=times
    )
    assert not (await place.alice.click(answer, label=label)).acknowledged
    assert place.env.errors == []
    assert is_there(answer, place.channel)
    assert (await place.alice.click(answer, label=label)).acknowledged


@pytest.mark.parametrize(("status", "code"), [(403, 50013), (500, 0)])
async def test_discord_refuses_to_remove(place: Place, status: int, code: int) -> None:
    """An answer that Discord does not delete stays, and may be removed later."""
    answer = await place.ask("who ratified it?")
    place.env.inject_error("DELETE", "/webhooks/*/*/messages/@original", status=status, code=code)
    await place.alice.click(answer, label="Remove")
    assert is_there(answer, place.channel)
    await place.alice.click(answer, label="Remove")
    assert not is_there(answer, place.channel)


async def test_buttons_of_an_answer_whose_question_is_gone(place: Place) -> None:
    """A button needs nothing but the answer: the question may have been deleted."""
    answer = await place.ask("who ratified it?")
    await place.alice.delete(place.channel.history()[0])
    assert RATIFIED in said(await place.alice.click(answer, label="Context"))


async def test_crash_in_a_button(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash in a button tells the person so, in private and without its details."""
    answer = await place.ask("who ratified it?")

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("/srv/secret/path")

    monkeypatch.setattr(bot.chat.answers, "resolve", fail)
    result = await place.alice.click(answer, label="Why?")
    assert result.ephemeral
    assert said(result).startswith("Something went wrong on my side")


async def test_a_reply_does_not_repeat_its_question(place: Place) -> None:
    """Discord shows the question above a reply, which names only what it follows; /ask, which
    replies to nothing, names the question.
    """
    answer = await place.ask("who ratified it?")
    assert texts_of(answer)[0].startswith("> ")
    following = await place.follow_up(answer, "and when?")
    assert texts_of(following)[0] == "-# **who ratified it?** → …"
    asked = await place.alice.slash(place.channel, "ask", question="who ratified it?")
    assert texts_of(asked.response)[0] == "**who ratified it?**"


@pytest.mark.parametrize("gone", [True, False])
async def test_why_speaks_of_no_other_question(place: Place, *, gone: bool) -> None:
    """Where the question was removed, or edited long after its answer, *Why?* says so in place of
    an explanation by another question; *Context* needs none.
    """
    answer = await place.ask("who ratified it?")
    question = [m for m in place.channel.history() if m.author.id == place.alice.id][-1]
    await place.env.advance_time(3600)
    if gone:
        await place.alice.delete(question)
    else:
        await place.alice.edit(question, f"{place.at_bot} What oil burned?")
    assert "The question has changed or gone" in said(await place.alice.click(answer, label="Why?"))
    assert RATIFIED_EN in said(await place.alice.click(answer, label="Context")).replace("**", "")
