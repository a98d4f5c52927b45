"""The buttons below an answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import discord
import pytest
import simcord

from bot.library import Library
from tests.chat.conftest import texts_of

if TYPE_CHECKING:
    from tests.chat.conftest import Place

pytestmark = pytest.mark.simcord(approved_intents=discord.Intents.default())


def said(result: simcord.InteractionResult) -> str:
    """What a click was answered with."""
    return "\n".join(texts_of(result.response))


async def test_why_tells_the_clicker_alone_how_each_word_was_met(place: Place) -> None:
    """*Why?* names every content word of the question: what it met, how and with which weight."""
    answer = await place.ask("who ratified it in Brazil?")
    result = await place.alice.click(answer, label="Why?")
    assert result.ephemeral
    text = said(result)
    assert "**¶ 1, sentence 1**" in text
    assert "ratified → **ratified** · the same word" in text
    assert "Brazil · not in it" in text


async def test_why_speaks_the_language_of_the_question(place: Place) -> None:
    """The button and what it says are in French below an answer to a French question."""
    answer = await place.ask("Qui l’a ratifié ?")
    result = await place.alice.click(answer, label="Pourquoi ?")
    assert "ratifié → **ratifié** · le même mot" in said(result)


async def test_why_explains_the_closest_sentence_of_a_silence(place: Place) -> None:
    """A silence that shows a sentence can be asked why, one that shows none has no button."""
    silence = await place.ask("Who will ratify the climate protocol of Brazil?")
    assert silence.components
    result = await place.alice.click(silence, label="Why?")
    assert "climate · not in it" in said(result)
    with pytest.raises(simcord.SetupError):
        await place.alice.click(await place.ask("xyzzy"), label="Why?")


async def test_why_follows_a_follow_up(place: Place) -> None:
    """The words that a follow-up carried over are explained as well."""
    answer = await place.ask("who ratified it?")
    following = await place.follow_up(answer, "and when?")
    result = await place.alice.click(following, label="Why?")
    assert "ratified → **ratified**" in said(result)


async def test_why_survives_a_restart(place: Place, library: Library) -> None:
    """A button of an answer from before a restart works."""
    answer = await place.ask("who ratified it?")
    await place.restart(library)
    result = await place.alice.click(answer, label="Why?")
    assert "the same word" in said(result)


async def test_why_is_honest_about_a_changed_corpus(
    place: Place, library: Library, corpus_dir: Path
) -> None:
    """Once the corpus has changed, an old answer is not explained by what the corpus says now."""
    answer = await place.ask("who ratified it?")
    (corpus_dir / "another.md").write_text("Something else was ratified.", encoding="utf-8")
    library.reindex()
    result = await place.alice.click(answer, label="Why?")
    assert result.ephemeral
    assert "The corpus has changed" in said(result)
