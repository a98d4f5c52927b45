"""The words around a question that are not part of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.filler import courtesy, strip_filler
from bot.text.tokens import folded_words

POLITE = [
    "hey", "good morning", "bonjour", "ok so", "treaty bot", "can you please tell me",
    "I was wondering if", "quick question:", "could someone explain to us", "s'il te plaît",
    "pourriez-vous me dire", "je voudrais savoir si", "dis-moi", "j'ai une question",
]  # fmt: skip
THANKS = [
    "please",
    "thanks",
    "thank you",
    "thx",
    "merci d'avance",
    "svp",
    "if you know",
    "thanks bot",
]
QUESTIONS = ["who ratified it?", "when did Putin go?", "qui l'a ratifié ?", "combien d'articles ?"]


def kept(text: str) -> list[str]:
    """The folded words of a text that are left."""
    tokens = folded_words(text)
    return list(strip_filler(tokens, tokens))


@given(
    st.lists(st.sampled_from(POLITE), max_size=4),
    st.sampled_from(QUESTIONS),
    st.lists(st.sampled_from(THANKS), max_size=3),
)
def test_politeness_leaves_the_question_as_it_is(
    before: list[str], question: str, after: list[str]
) -> None:
    """However much of it stands before and after, in English or French."""
    assert kept(" ".join([*before, question, *after])) == folded_words(question)


@pytest.mark.parametrize(
    "text",
    [*POLITE, *THANKS, "hello", "thanks", "bonjour tout le monde", "hey bot, can you tell me?", ""],
)
def test_all_is_kept_where_nothing_else_is_left(text: str) -> None:
    """A greeting alone is what was said."""
    assert kept(text) == folded_words(text)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("well, who saw it?", "who saw it"),
        ("sorry, so where is it?", "where is it"),
        ("question: can I fish here?", "can i fish here"),
        ("hey guys, population of the island", "population of the island"),
        ("pardon, où est le port ?", "ou est le port"),
    ],
)
def test_an_ambiguous_word_goes_where_a_question_begins_behind_it(text: str, question: str) -> None:
    """Else it may be what is asked about."""
    assert " ".join(kept(text)) == question


@pytest.mark.parametrize(
    "question",
    [
        "Who said hello?",
        "Does the treaty please anyone?",
        "highest tower",
        "What did he tell me?",
        "sorrow and joy",
        "Le bottin est où ?",
        "What is a bot?",
        "Pardon of the mayor?",
        "Well drilling at sea",
        "Question of the north",
        "All ships at sea?",
        "So, all bots?",
        "Salut nazi: who saw it?",
    ],
)
def test_a_question_keeps_its_own_words(question: str) -> None:
    """The same words within a question, or the beginnings of others, are no chatter."""
    assert kept(question) == folded_words(question)


@given(
    st.lists(
        st.sampled_from(" ".join([*POLITE, *THANKS, *QUESTIONS]).split()).map(
            lambda word: folded_words(word)[0] if folded_words(word) else "x"
        )
        | st.from_regex(r"\w{1,6}", fullmatch=True),
        max_size=20,
    )
)
def test_what_is_left_is_a_part_of_any_words(tokens: list[str]) -> None:
    """Whatever the words, what is left stands together in them; only of no word is nothing left."""
    places = list(strip_filler(range(len(tokens)), tokens))
    assert places == list(range(len(tokens)))[places[0] : places[-1] + 1] if places else not tokens


@pytest.mark.parametrize(
    "text",
    [
        "thanks!", "Thank you so much!", "merci beaucoup !", "ok, thanks",
        "Thanks a lot for your help",
        "great, thank you!", "Merci pour ta réponse", "good bot", "ok", "👍", "cool", "thx bot 🙏",
        "bye!", "perfect, that's very helpful", "hi, thanks!", "thank you everyone", "de rien",
    ],
)  # fmt: skip
def test_thanks_ask_nothing(text: str) -> None:
    """Thanks, praise and farewells in English or French."""
    assert courtesy(text) == "thanks"


@pytest.mark.parametrize(
    "text",
    ["hi", "Hello!", "hello?", "hey everyone", "Bonjour à tous", "good morning bot",
     "salut, ça va ?", "hi, how are you?", "help", "Help, please!"],
)  # fmt: skip
def test_greetings_ask_nothing(text: str) -> None:
    """Greetings in English or French."""
    assert courtesy(text) == "greeting"


@pytest.mark.parametrize(
    "text",
    [
        "thanks, but when?", "and when?", "merci, et qui ?", "cool?", "ok?", "the answer", "all",
        "?",
        "", "is it?", "hi, who are you?", "thanks to whom?", "the treaty", "très",
    ],
)  # fmt: skip
def test_what_asks_is_no_courtesy(text: str) -> None:
    """A question behind thanks, a word that may be one of the sources', and nothing at all."""
    assert courtesy(text) is None


@given(st.lists(st.sampled_from([*POLITE, *THANKS]), max_size=3), st.sampled_from(QUESTIONS))
def test_politeness_around_a_question_is_no_courtesy(polite: list[str], question: str) -> None:
    """Whatever stands around it."""
    assert courtesy(" ".join([*polite, question, *polite])) is None
