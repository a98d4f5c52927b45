"""What was taught: asked again it is sure, near to it it comes nearer, and it claims no more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answering.citation import Answer
from bot.corpus.folder import read_corpus
from bot.corpus.model import CuratedQuestion
from bot.index.build import Index, build_index
from bot.service.search import ask, run_questions

SOURCE = """# The hall

Bands may rehearse in the cellar until ten.

Bring your own cables.

Animals stay outside.

The hall opens at noon.
"""
MUSIC = "Where can I practise the trumpet in the building?"
PETS = "on peut amener un chien ?"
YEARS = "What did 12 visitors say in 1990?"
UNKNOWN = "Is there a sauna?"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """A hall, and what was taught of it: three answers and a silence."""
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "hall.md").write_text(SOURCE, encoding="utf-8")
    corpus = read_corpus(folder)
    taught = (
        CuratedQuestion(MUSIC, ("hall:1.1",), ("Bands may rehearse in the cellar until ten.",)),
        CuratedQuestion(PETS, ("hall:3.1",), ("Animals stay outside.",)),
        CuratedQuestion(YEARS, ("hall:2.1",), ("Bring your own cables.",)),
        CuratedQuestion(UNKNOWN),
    )
    return build_index(replace(corpus, questions=taught))


def found(answer: Answer) -> list[str]:
    """Return what is shown, claimed or not."""
    return [citation.address for citation in answer.citations or answer.suggestions]


@pytest.mark.parametrize(
    ("question", "address"),
    [
        ("where can I practise the trumpet in the building", "hall:1.1"),
        ("WHERE MAY WE PRACTISE A TRUMPET IN THIS BUILDING", "hall:1.1"),
        ("hey bot, where can i practise trumpets in your building please?", "hall:1.1"),
        ("where can I REALLY practise MY trumpet in the building?", "hall:1.1"),
        ("where can i practise the trumpett in the buildnig?", "hall:1.1"),
        ("Hello! I moved in. Where can I practise the trumpet in the building?", "hall:1.1"),
        ("Peut-on amener son chien ?", "hall:3.1"),
        ("est-ce qu’on peut amener un CHIEN", "hall:3.1"),
        ("what did twelve visitors say in 1990?", "hall:2.1"),
    ],
)  # fmt: skip
def test_it_is_sure_up_to_small_words_and_typos(index: Index, question: str, address: str) -> None:
    """As taught, whatever the small words, the case, the accents, the typos and the chatter."""
    answer = ask(index, question)
    assert (answer.certainty, found(answer), answer.taught) == ("sure", [address], True)


@pytest.mark.parametrize(
    "question",
    [
        "when can I practise the trumpet in the building?",
        "why can I not practise the trumpet in the building?",
        "where can I not practise the trumpet in the building?",
        "where could I practise the trumpet from the building?",
        "where did I practise the trumpet in the building?",
        "where can I practise the violin in the building?",
        "where can I practise in the building?",
        "where can the US practise the trumpet in the building?",
        "what did 13 visitors say in 1990?",
        "what did 12 visitors say in 1991?",
        "quand peut-on amener un chien ?",
        "on peut amener un chat ?",
        "who is there in the sauna?",
    ],
)
def test_another_question_is_not_claimed(index: Index, question: str) -> None:
    """Another word of asking, a negation, a number, a known word: the question is another one."""
    answer = ask(index, question)
    assert not answer.taught
    assert answer.answered == ask(index, question, taught=False).answered


@pytest.mark.parametrize(
    "question", ["trumpet practise rooms?", "a place to practise the trumpet", "practise trumpet?"]
)
def test_a_paraphrase_comes_nearer_and_no_more(index: Index, question: str) -> None:
    """What no word found is perhaps the answer, and says that a curator's words led there."""
    assert "hall:1.1" not in found(ask(index, question, taught=False))
    answer = ask(index, question)
    assert answer.certainty == "perhaps"
    assert found(answer)[0] == "hall:1.1"
    why = {match.word: (match.type, match.found) for match in answer.suggestions[0].why}
    assert why["trumpet"] == ("taught", "trumpet")


def test_a_taught_silence_is_silent(index: Index) -> None:
    """Nothing is shown for it, not even what is perhaps an answer."""
    answer = ask(index, "is there any SAUNA?")
    assert answer.taught
    assert (answer.certainty, found(answer)) == ("none", [])
    assert ask(index, "When does the sauna open?").certainty == "perhaps"


def test_a_follow_up_is_not_what_was_taught(index: Index) -> None:
    """A question that leans on the one before means something else than its words."""
    corpus = replace(
        index.corpus, questions=(CuratedQuestion("and when?", ("hall:2.1",), ("Bring.",)),)
    )
    taught = replace(index, corpus=corpus)
    assert ask(taught, "and when?").taught
    assert not ask(taught, "and when?", previous="What opens at noon?").taught


def test_the_replay_leaves_it_out(index: Index) -> None:
    """Unless it is asked for."""
    questions = index.corpus.questions
    assert not any(result.right for result in run_questions(index, questions[:3]))
    assert all(result.right for result in run_questions(index, questions, taught=True))
