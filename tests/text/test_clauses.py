"""The question in a message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.clauses import ASKS, best_question, clauses

MESSAGES = {
    "colon": ("hi all, new here, it may be in the docs: when does the ferry leave? cheers",
              "when does the ferry leave?"),
    "story": ("We came by boat last night. The kids are tired. Where can we sleep?",
              "Where can we sleep?"),
    "but": ("I read the whole charter but who may change it", "but who may change it"),
    "comma": ("sorry if it was asked before, what does a berth cost", "what does a berth cost"),
    "inversion": ("We own a dog. Is it allowed on deck?", "Is it allowed on deck?"),
    "there": ("Nice place! is there a locker for my bag?", "is there a locker for my bag?"),
    "small": ("came by boat last night and love it lol. where can we sleep",
              "where can we sleep"),
    "french": ("Bonjour, je viens d'arriver au port. À qui faut-il payer la taxe ? Merci !",
               "À qui faut-il payer la taxe ?"),
    "in place": ("coucou les gens ! on a un vieux canot, il va où ?",
                 "on a un vieux canot, il va où ?"),
    "est-ce que": ("J'ai un chien. Il est petit. Est-ce que je peux monter avec ?",
                   "Est-ce que je peux monter avec ?"),
    "no mark": ("salut, petite question : cest quoi une bitte", "cest quoi une bitte"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "question"), MESSAGES.values(), ids=MESSAGES.keys())
def test_the_question_is_found_in_the_message(text: str, question: str) -> None:
    """By its beginning and its mark, among greetings, stories and thanks."""
    clause = best_question(text)
    assert clause
    assert text[clause.start : clause.end] == question


@pytest.mark.parametrize(
    "text",
    [
        "Who signed the charter?",
        "Who signed the charter, and when?",
        "Who signed it? And where was it signed?",
        "population of the island",
        "Hello there.",
        "In 1990, who ran the ferry?",
        "After the storm, what was rebuilt?",
        "The leaders signed a charter, which was ratified in May.",
        "Le maire a signé la charte, qui dure un an.",
        "We came by boat. The kids are tired.",
        "",
    ],
)
def test_one_question_alone_or_several_are_asked_whole(text: str) -> None:
    """Nothing is left out where nothing or more than one thing asks."""
    assert best_question(text) is None


def test_what_asks_scores_above_what_tells() -> None:
    """A story in the first person least of all but thanks."""
    text = "I live in town. The pool is open. How much is it? thanks a lot"
    scores = [clause.score for clause in clauses(text)]
    assert scores[2] >= ASKS > scores[1] > scores[0] > scores[3]


@given(
    st.text(max_size=80)
    | st.lists(
        st.sampled_from([", ", "but ", "who ", ": ", "? ", "où ", "i ", "is it ", "- "])
    ).map("".join)
)
def test_clauses_of_any_text_stand_in_it_in_order(text: str) -> None:
    """None overlaps another, and none is empty."""
    end = 0
    for clause in clauses(text):
        assert end <= clause.start < clause.end <= len(text)
        end = clause.end
