"""What the buttons of an answer carry: the sentences that they speak of, whatever was asked."""

from __future__ import annotations

import asyncio
import re
import tempfile
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest
from discord.components import _component_factory
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.citation import Citation
from bot.chat.answers import MOST_FURTHER, AnswerButton, MessageOptions, OldButton, answer_message
from bot.chat.limits import CUSTOM_ID
from bot.chat.questions import asked_question
from bot.chat.references import reference, resolve
from bot.service.library import Library
from bot.strings import place_of
from tests.corpora import LIGHTHOUSE, TREATY_EN, TREATY_FR
from tests.simulated import add_otters, buttons_of, texts_of

ASKED = st.sampled_from(
    ["who", "ratified", "it?", "What", "do", "otters", "eat?", "lamp", "→", "rati\u00adfied", "oil",
     "lamp → oil", "agree\u200bment", "**", "Le", "traité", "…", "\\", "keeper", "lighthouse"]
)  # fmt: skip
QUESTIONS = st.one_of(
    st.text(min_size=1, max_size=1000),
    st.lists(ASKED, min_size=1, max_size=150).map(lambda words: " ".join(words)[:1000]),
)


def written(folder: Path) -> None:
    """The small corpus, and eight sentences that answer the same question."""
    (folder / "treaty.md").write_text(TREATY_FR, encoding="utf-8")
    (folder / "treaty.en.md").write_text(TREATY_EN, encoding="utf-8")
    (folder / "lighthouse.en.md").write_text(LIGHTHOUSE, encoding="utf-8")
    add_otters(folder)


@cache
def before_and_after() -> tuple[Library, Library]:
    """The corpus as it answered, and as another run reads it with a source more."""
    with tempfile.TemporaryDirectory() as name:
        written(Path(name))
        before = Library(Path(name))
        (Path(name) / "aaa.md").write_text("Who ratified the lamp of the otters?", "utf-8")
        return before, Library(Path(name))


def sent(made: dict[str, Any]) -> discord.Message:
    """As much of a message as Discord hands over with a click."""
    components = [_component_factory(data) for data in made["view"].to_components()]
    found = SimpleNamespace(content=made.get("content", ""), components=components, reference=None)
    return cast("discord.Message", found)


def carried(message: discord.Message) -> dict[str, list[str]]:
    """The references of each button of an answer."""
    found = {}
    for button in buttons_of(message):
        assert len(button.custom_id or "") <= CUSTOM_ID
        template = AnswerButton.__discord_ui_compiled_template__
        if match := template.fullmatch(button.custom_id or ""):
            found[match["action"]] = AnswerButton(**match.groupdict()).references
    return found


def is_shown(citation: Citation, lines: list[str], language: str) -> bool:
    """Whether a line says where a sentence stands."""
    place = place_of(citation, language)
    return any(
        line.startswith("-# ") and citation.title in line and place in line for line in lines
    )


def places(citations: list[Citation] | tuple[Citation, ...]) -> list[str]:
    """Addresses, in order."""
    return [citation.address for citation in citations]


@pytest.mark.parametrize("rich", [True, False])
@settings(max_examples=60)
@given(question=QUESTIONS)
def test_every_button_speaks_of_what_is_shown(question: str, *, rich: bool) -> None:
    """For any question, rich and plain, after a restart and a reindex: *Context* and *Why?* name
    the sentences that are shown, and *More* names all others that are worth citing.
    """
    before, after = before_and_after()
    answer = before.answer(question, further=MOST_FURTHER)
    message = sent(answer_message(answer, MessageOptions("en", remover=1, rich=rich, votes=True)))
    lines = "\n".join(texts_of(message)).split("\n")
    found = answer.citations or answer.suggestions
    shown = [one for one in found if is_shown(one, lines, answer.language)]
    named = carried(message)
    for library in (before, after):
        for action, references in named.items():
            cited = resolve(library.corpus, references, answer.language)
            assert cited is not None
            if action == "more":
                assert [*places(shown), *places(cited)] == places((*found, *answer.further))
            else:
                assert places(cited) == places(shown[:1] if action == "context" else shown)
    asked = asyncio.run(asked_question(message))
    assert ("context" in named) == bool(shown)
    assert ("why" in named) == bool(shown and asked)
    assert ("more" in named) == bool(len(found) > len(shown) or answer.further)


def test_a_changed_sentence_is_not_found(corpus_dir: Path) -> None:
    """A reference to a sentence that has changed, moved or gone leads nowhere."""
    library = Library(corpus_dir)
    answer = library.answer("Who kept the lighthouse?")
    citation = (*answer.citations, *answer.suggestions)[0]
    named = reference(citation)
    assert places(resolve(library.corpus, [named], "en") or []) == [citation.address]
    path = corpus_dir / "lighthouse.en.md"
    path.write_text(f"# Lighthouse\n\nFirst this.\n\n{citation.text}\n", encoding="utf-8")
    library.reindex()
    assert resolve(library.corpus, [named], "en") is None
    path.unlink()
    library.reindex()
    assert resolve(library.corpus, [named], "en") is None


@pytest.mark.parametrize(
    "custom_id",
    ["context:0123abcd:en:0", "more:0123abcd:fr:3", "why:0123abcd:en:12", "again:0123abcd:en:0",
     "vote:up:0123abcd:en"],
)  # fmt: skip
def test_buttons_of_earlier_versions_are_known(custom_id: str) -> None:
    """The form that ids had before is still heard, and by no other button."""
    match = OldButton.__discord_ui_compiled_template__.fullmatch(custom_id)
    assert match is not None
    assert OldButton(**match.groupdict()).language in ("en", "fr")
    assert not re.fullmatch(AnswerButton.__discord_ui_compiled_template__, custom_id)
