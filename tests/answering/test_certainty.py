"""How sure the bot must be: confidence in the best sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.answering.certainty import SURE
from bot.index.build import Index, build_index
from bot.service.search import find
from bot.text.glossary import Glossary
from bot.text.language import is_stop_word
from bot.text.tokens import tokens

#: Spelled like no word of any language.
UNKNOWN = "zqxjkvw"


def test_certainty_does_not_rise_with_an_unknown_word(shipped_index: Index) -> None:
    """Each sentence of the corpus is asked word for word, then with a word that nothing holds in
    place of its first content word.
    """
    for _, rendering in shipped_index.renderings:
        for start, end in rendering.passages.spans.tolist():
            text = rendering.text[start:end]
            content = [w for w in tokens(text) if not is_stop_word(w.folded, rendering.language)]
            replaced = f"{text[: content[0].start]}{UNKNOWN}{text[content[0].end :]}"
            sure = find(shipped_index, text).confidence
            assert find(shipped_index, replaced).confidence <= sure, text


@pytest.mark.parametrize("question", ["", "???", "what is it?", UNKNOWN, f"who is {UNKNOWN}?"])
def test_nothing_found_is_no_confidence(shipped_index: Index, question: str) -> None:
    """Without a sentence there is nothing to be sure of."""
    found = find(shipped_index, question)
    assert not len(found.ranked.sentences)
    assert found.confidence == 0
    assert found.confidence < SURE


@pytest.mark.parametrize(
    "question", ["Did Zembla ratify the treaty?", "When did Zembla visit Pyongyang?"]
)
def test_a_glossary_name_that_no_source_holds_is_not_found(
    shipped_index: Index, question: str
) -> None:
    """Writing it into the glossary makes no question about it surer."""
    corpus = shipped_index.corpus
    groups = (*corpus.glossary.groups, ("Zemble", "Zembla"))
    named = build_index(replace(corpus, glossary=Glossary(groups)))
    assert find(shipped_index, question).confidence < SURE
    assert find(named, question).confidence < SURE


def test_a_number_beside_a_price_is_an_amount(index_of: Callable[..., Index]) -> None:
    """In whatever is paid with; a price without a number, or a number without a price, is none."""
    index = index_of({"en": "Price of the bath: four shells.\nThe bath is four miles off."})
    assert find(index, "What is the price of the bath?").confidence >= SURE
    for text in ("Price of the bath: ask us.", "The bath is four miles off."):
        index = index_of({"en": text})
        assert find(index, "What is the price of the bath?").confidence < SURE


def test_a_passage_without_what_is_asked_about_is_less_sure(
    index_of: Callable[..., Index],
) -> None:
    """The word that the question's form asks about counts more than any other that is missing."""
    index = index_of({"en": "Weaver's Regret is the hardest line on the northern wall."})
    lacking_head = find(index, "what grade is the hardest line on the northern wall")
    lacking_other = find(index, "who climbed the hardest line on the northern wall")
    assert lacking_head.confidence < SURE <= lacking_other.confidence
