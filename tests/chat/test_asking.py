"""*Follow up* below the answer of a command, where Discord shows the bot no text of a reply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
import pytest
import simcord

from bot.chat.asking import QUESTION_LIMIT
from bot.chat.memory import RATE_QUESTIONS
from bot.service.library import Library
from tests.simulated import labels_of, question_shown, text_of

if TYPE_CHECKING:
    from tests.simulated import Place, Speak

pytestmark = pytest.mark.simcord(approved_intents=discord.Intents.default())

RATIFIED_EN = "The treaty was ratified by the Russian Senate."
QUESTION = "who ratified it?"


async def opened(
    place: Place, answer: Any, who: simcord.MemberActor | None = None
) -> simcord.InteractionResult:
    """The form that *Follow up* opens."""
    return await (who or place.alice).click(answer, label="Follow up")


def form_of(shown: simcord.InteractionResult) -> dict[str, Any]:
    """A form as Discord shows it."""
    assert shown.modal is not None
    return shown.modal


def field_of(shown: simcord.InteractionResult) -> str:
    """The id of a form's one field."""
    (label,) = form_of(shown)["components"]
    return str(label["component"]["custom_id"])


async def handed_in(
    place: Place, answer: Any, question: str, who: simcord.MemberActor | None = None
) -> simcord.InteractionResult:
    """What a question in the form below an answer is answered with."""
    form = await opened(place, answer, who)
    return await (who or place.alice).submit_modal(form, {field_of(form): question})


async def asked(place: Place, **options: Any) -> Any:
    """The answer to /ask."""
    return (await place.alice.slash(place.channel, "ask", question=QUESTION, **options)).response


async def test_a_follow_up_is_read_with_the_question(place: Place) -> None:
    """It is answered in the channel, with the same buttons, and may be followed up itself."""
    answer = await asked(place)
    result = await handed_in(place, answer, "and when?")
    assert not result.ephemeral
    assert question_shown(result.response) == "who ratified it? → and when?"
    assert RATIFIED_EN in text_of(result.response)
    assert "Follow up" in labels_of(result.response)
    further = await handed_in(place, result.response, "and where?")
    assert question_shown(further.response) == "who ratified it? → and when? → and where?"
    alone = await handed_in(place, answer, "Who kept the lighthouse?")
    assert question_shown(alone.response) == "Who kept the lighthouse?"
    assert "Ada Quill" in text_of(alone.response)


async def test_the_form_is_small(place: Place, speak: Speak) -> None:
    """One field, which names the question before, in the language of who opens it."""
    answer = await asked(place)
    speak("fr")
    form = form_of(await opened(place, answer))
    (label,) = form["components"]
    assert form["title"] == "Poursuivre"
    assert label["description"] == QUESTION
    assert label["component"]["placeholder"] == "et quand ?"
    assert label["component"]["max_length"] == QUESTION_LIMIT


async def test_a_private_answer_is_followed_up_in_private(place: Place) -> None:
    """Nobody else sees the second answer either."""
    result = await handed_in(place, await asked(place, private=True), "and when?")
    assert result.ephemeral
    assert "Remove" not in labels_of(result.response)


async def test_somebody_else_may_follow_up(place: Place, library: Library) -> None:
    """Whoever sees the answer, and after a restart; their answer is theirs to remove."""
    answer = await asked(place)
    await place.restart(library)
    bob = place.member("bob")
    result = await handed_in(place, answer, "and when?", bob)
    assert question_shown(result.response) == "who ratified it? → and when?"
    assert result.response is not None
    refused = await place.alice.click(result.response, label="Remove")
    assert refused.ephemeral


async def test_a_form_has_the_pace_of_questions(place: Place) -> None:
    """Too many are asked to wait; thanks are no question and use nothing up."""
    answer = await asked(place)
    polite = await handed_in(place, answer, "thanks!")
    assert polite.ephemeral
    assert text_of(polite.response).startswith("Ask me a question")
    for _ in range(RATE_QUESTIONS - 1):
        assert not (await handed_in(place, answer, "and when?")).ephemeral
    told = await handed_in(place, answer, "and when?")
    assert told.ephemeral
    assert "asking too quickly" in text_of(told.response)


async def test_a_form_that_outlives_its_time_is_not_heard(place: Place, library: Library) -> None:
    """After a restart, what lay open is handed in to nobody: Discord tells the person so."""
    form = await opened(place, await asked(place))
    await place.restart(library)
    result = await place.alice.submit_modal(form, {field_of(form): "and when?"})
    assert not result.acknowledged


async def test_an_answer_by_reply_needs_no_form(place: Place) -> None:
    """Where a reply is read, there is no button for it."""
    assert "Follow up" not in labels_of(await place.ask(QUESTION))


async def test_a_fault_is_told(place: Place, library: Library) -> None:
    """What goes wrong with a form is logged and said, without its details."""
    answer = await asked(place)
    form = await opened(place, answer)
    library.answer = None  # type: ignore[method-assign, assignment]
    result = await place.alice.submit_modal(form, {field_of(form): "and when?"})
    assert text_of(result.response).startswith("Something went wrong on my side")
    simcord.assert_error(place.env, TypeError)
