"""How sure the bot must be: confidence in the best sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.certainty import SURE
from bot.index.build import Index
from bot.service.search import find
from bot.text.language import is_stop_word
from bot.text.tokens import tokens

#: Spelled like no word of any language.
UNKNOWN = "zqxjkvw"


@given(st.data())
def test_confidence_falls_with_every_unknown_word(
    shipped_index: Index, data: st.DataObject
) -> None:
    """A sentence of the corpus is asked word for word, then with a word that nothing holds."""
    _, rendering = data.draw(st.sampled_from(shipped_index.renderings))
    spans = [span for passage in rendering.passages for span in passage.sentences]
    text = data.draw(st.sampled_from(spans)).of(rendering.text)
    content = [w for w in tokens(text) if not is_stop_word(w.folded, rendering.language)]
    word = data.draw(st.sampled_from(content))
    sure = find(shipped_index, text).confidence
    assert sure >= SURE
    replaced = f"{text[: word.start]}{UNKNOWN}{text[word.end :]}"
    assert find(shipped_index, replaced).confidence < sure


@pytest.mark.parametrize("question", ["", "???", "what is it?", UNKNOWN, f"who is {UNKNOWN}?"])
def test_nothing_found_is_no_confidence(shipped_index: Index, question: str) -> None:
    """Without a sentence there is nothing to be sure of."""
    found = find(shipped_index, question)
    assert not len(found.ranked.sentences)
    assert found.confidence == 0
    assert found.confidence < SURE
