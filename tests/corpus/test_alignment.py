"""A translation beside its original: where the two drift apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.corpus.alignment import align, deviation, misaligned
from bot.corpus.folder import read_corpus
from bot.corpus.model import Rendering
from bot.errors import Problem
from bot.text.sentences import sentence_spans
from tests.corpora import rendering_of

SHIPPED = Path(__file__).parents[2] / "corpus"

TEXTS = st.lists(st.text("abc A1. é", max_size=60), max_size=12)


def sides() -> tuple[list[str], list[str]]:
    """Every sentence of the shipped article, in French and in English."""
    (article,) = read_corpus(SHIPPED).articles
    (english,) = article.translations
    return tuple(  # type: ignore[return-value]
        [s.of(r.text) for p in r.passages for s in p.sentences] for r in (article.original, english)
    )


FRENCH, ENGLISH = sides()


def rendering(language: str, *passages: str) -> Rendering:
    """A rendering of some passages, a line each."""
    texts = ((line, text, sentence_spans(text)) for line, text in enumerate(passages, 1))
    return rendering_of(language, "", texts)


def problems(french: list[str], english: list[str]) -> list[Problem]:
    """What is told of a translation whose passages are these."""
    return misaligned(
        Path("t.en.md"), rendering("en", *english), Path("t.md"), rendering("fr", *french)
    )


@given(left=TEXTS, right=TEXTS)
def test_every_text_has_its_place_once(left: list[str], right: list[str]) -> None:
    """Whatever the texts, the beads are of the known kinds and use up both sides in order."""
    beads = align(left, right)
    assert set(beads) <= {(1, 1), (1, 0), (0, 1), (2, 1), (1, 2)}
    assert sum(ours for ours, _ in beads) == len(left)
    assert sum(theirs for _, theirs in beads) == len(right)


@given(original=st.integers(1, 2000), translation=st.integers(1, 2000))
def test_the_deviation_leans_to_neither_side(original: int, translation: int) -> None:
    """Exchanging the two turns its sign; equal lengths deviate by nothing."""
    assert deviation(original, translation) == -deviation(translation, original)
    assert deviation(original, original) == 0


def test_the_deviation_is_that_of_the_paper() -> None:
    """Gale and Church: sqrt(6.8 * mean length) characters are one standard deviation."""
    assert deviation(100, 100 + 26) == pytest.approx(26 / (113 * 6.8) ** 0.5)
    assert deviation(0, 0) == 0


def test_a_true_translation_is_level() -> None:
    """The shipped article's sentences stand one beside one."""
    assert align(FRENCH, ENGLISH) == [(1, 1)] * len(FRENCH)


def covered(beads: list[tuple[int, int]]) -> tuple[set[int], set[int]]:
    """The places, from 0, on both sides of what does not stand one beside one."""
    i = j = 0
    left: set[int] = set()
    right: set[int] = set()
    for ours, theirs in beads:
        if (ours, theirs) != (1, 1):
            left |= set(range(i, i + ours))
            right |= set(range(j, j + theirs))
        i, j = i + ours, j + theirs
    return left, right


@pytest.mark.parametrize("place", range(len(FRENCH)))
def test_a_sentence_left_out_is_found(place: int) -> None:
    """Whichever sentence the translation lacks, on either side, the drift is told there or at most
    two sentences away, and all others stand one beside one.
    """
    short = ENGLISH[:place] + ENGLISH[place + 1 :]
    left, _ = covered(align(FRENCH, short))
    assert min(abs(found - place) for found in left) <= 2
    assert len(left) <= 2
    _, right = covered(align(short, FRENCH))
    assert min(abs(found - place) for found in right) <= 2
    assert len(right) <= 2


def test_a_long_text_drifts_where_it_drifts() -> None:
    """Far into a text that is read piece by piece, the first drift is still found; a text of any
    length takes bounded time.
    """
    many = [f"{n} {text}" for n in range(10) for text in FRENCH]
    other = [f"{n} {text}" for n in range(10) for text in ENGLISH]
    del other[150]
    beads = align(many, other)
    assert next(n for n, bead in enumerate(beads) if bead != (1, 1)) == 150
    align(["One."] * 30_000, ["Un."] * 15_000)


def test_sentences_that_differ_stand_side_by_side() -> None:
    """The problem names file, line and passage, and holds both sides' sentences, numbered."""
    (problem,) = problems(
        ["Bon.", "Un accord a été signé en 2024. Il pleuvait."],
        ["Good.", "An agreement was signed in 2024. It was raining. Nobody came."],
    )
    assert str(problem) == (
        "t.en.md:2: passage 2 has 3 sentences where t.md:2 has 2; align the two"
    )
    assert problem.pair is not None
    assert (problem.pair.left, problem.pair.right) == ("t.md, passage 2", "t.en.md, passage 2")
    left = [text for row in problem.pair.rows for text in row.left]
    right = [text for row in problem.pair.rows for text in row.right]
    assert left == [("1", "Un accord a été signé en 2024."), ("2", "Il pleuvait.")]
    assert [number for number, _ in right] == ["1", "2", "3"]
    assert not all(row.level for row in problem.pair.rows)


@pytest.mark.parametrize(
    ("french", "english", "told"),
    [
        (FRENCH[:6], ENGLISH[:2] + ENGLISH[3:6], "passage 3 of t.md seems to be missing here"),
        (FRENCH[:3] + FRENCH[4:6], ENGLISH[:6], "passage 4 seems to be missing in t.md"),
        (
            FRENCH[:6],
            [*ENGLISH[:2], " ".join(ENGLISH[2:4]), *ENGLISH[4:6]],
            "passages 3 and 4 of t.md seem to be passage 3 here",
        ),
        (
            [*FRENCH[:2], " ".join(FRENCH[2:4]), *FRENCH[4:6]],
            ENGLISH[:6],
            "passage 3 of t.md seems to be passages 3 and 4 here",
        ),
    ],
)
def test_passages_that_differ_are_told_where(
    french: list[str], english: list[str], told: str
) -> None:
    """One line says where the numbers of passages drift apart, with what stands around it."""
    (problem,) = problems(french, english)
    assert told in str(problem)
    assert str(problem).endswith("; align the two")
    assert problem.pair is not None
    assert [row.level for row in problem.pair.rows] == [True, False, True]


def test_only_the_first_passages_are_shown() -> None:
    """Of a file with many misaligned passages each is told, and the first few are shown."""
    found = problems(["Un. Deux."] * 20, ["One."] * 20)
    assert len(found) == 20
    assert [bool(problem.pair and problem.pair.rows) for problem in found] == [True] * 3 + [
        False
    ] * 17


def test_what_is_shown_is_short() -> None:
    """Passages of a thousand sentences and sentences of thousands of letters stay readable."""
    (problem,) = problems(["Un. " * 1500 + "x" * 9999], ["One. " * 1000])
    assert problem.pair is not None
    assert len(problem.pair.rows) <= 8
    assert all(len(text) <= 300 for row in problem.pair.rows for _, text in row.left + row.right)
