"""The corpus's own terms: how they are found in a text, and what is wrong with a file of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.corpus.companions import GLOSSARY_NAME, read_glossary
from bot.corpus.folder import read_corpus
from bot.errors import CorpusError
from bot.index.build import Index
from bot.service.search import ask
from bot.text.glossary import Concept, Glossary
from bot.text.tokens import CONCEPT_MARK, folded_words

SHIPPED = Path(__file__).parents[2] / "corpus" / GLOSSARY_NAME

WORDS = st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map(" ".join)
GROUPS = st.lists(st.lists(WORDS, min_size=1, max_size=3), max_size=4)


def test_an_expression_is_found_as_a_whole() -> None:
    """In any case and accents; all expressions of a group are one and the same form."""
    glossary = Glossary((("Corée du Nord", "North Korea"), ("Corée", "Korea")))
    found = list(glossary.find(folded_words("La CORÉE DU NORD et la Corée; North Korea, Nord")))
    korea, north = f"{CONCEPT_MARK}1", f"{CONCEPT_MARK}0"
    assert found == [Concept(north, 1, 4), Concept(korea, 6, 7), Concept(north, 7, 9)]


@given(GROUPS, st.lists(st.sampled_from("abcd"), max_size=12))
def test_the_longest_expressions_are_found_from_left_to_right(
    groups: list[list[str]], text: list[str]
) -> None:
    """None lies within another, and none is left out that could have been found."""
    glossary = Glossary(tuple(tuple(group) for group in groups))
    expressions = {tuple(item.split()) for group in groups for item in group}
    place = 0
    for concept in [*glossary.find(text), Concept("", len(text), len(text))]:
        for missed in range(place, concept.start):
            assert not any(tuple(text[missed : missed + len(e)]) == e for e in expressions)
        place = concept.end
        if concept.form:
            group = groups[int(concept.form.removeprefix(CONCEPT_MARK))]
            assert " ".join(text[concept.start : concept.end]) in group
            longer = (tuple(text[concept.start : end]) for end in range(place + 1, len(text) + 1))
            assert not expressions.intersection(longer)


def test_the_shipped_glossary_is_read() -> None:
    """Every group of it is found by each of its expressions."""
    glossary = read_glossary(SHIPPED)
    assert glossary.groups
    for number, group in enumerate(glossary.groups):
        for expression in group:
            words = folded_words(expression)
            concept = Concept(f"{CONCEPT_MARK}{number}", 0, len(words))
            assert list(glossary.find(words)) == [concept]


def test_no_glossary_is_an_empty_one(tmp_path: Path) -> None:
    """A corpus needs none; one that is empty, with or without a byte order mark, is fine."""
    (tmp_path / "a.md").write_text("Text.")
    assert read_corpus(tmp_path).glossary == Glossary()
    for content in (b"", b"\xef\xbb\xbfterms = []\n"):
        (tmp_path / GLOSSARY_NAME).write_bytes(content)
        assert read_glossary(tmp_path / GLOSSARY_NAME) == Glossary()


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b'terms = [\n["a" "b"]]', 2, "is not valid TOML: .*line 2"),
        (b"terms = 3", None, "expected terms = "),
        (b'[terms]\na = ["b"]', None, "expected terms = "),
        (b'term = [["a", "b"]]', None, "expected terms = "),
        (b'terms = ["a", "b"]', None, '"a" is not a group; expected terms = '),
        (b'terms = [["a", 3]]', None, r'\["a", 3\] is not a group; expected terms = '),
        (b'terms = [\n["a", "b"],\n["c"]]', 3, "needs two expressions or more"),
        (b"terms = [[]]", None, "needs two expressions or more"),
        (b'terms = [\n["a", "b"],\n["c", "A"]]', 3, '"A" stands in two groups'),
        (b'terms = [["a",\n"?!"]]', 2, r'"\?!" holds no word'),
        (b'terms = [["caf\xe9", "b"]]', None, "is not UTF-8 text"),
    ],
)
def test_a_mistake_is_one_line_that_names_the_place(
    tmp_path: Path, content: bytes, line: int | None, reason: str
) -> None:
    """Each says which file, which line where it can be told, and what to do."""
    path = tmp_path / GLOSSARY_NAME
    path.write_bytes(content)
    with pytest.raises(CorpusError, match=reason) as raised:
        read_glossary(path)
    (problem, *_) = raised.value.problems
    assert len(str(problem).splitlines()) == 1
    assert str(problem).startswith(f"{path}:{line}: " if line else f"{path}: ")


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """A curator mends a file in one go."""
    path = tmp_path / GLOSSARY_NAME
    path.write_text('terms = [\n["a"],\n["b", "!"],\n["c", "b"]]')
    with pytest.raises(CorpusError) as raised:
        read_glossary(path)
    assert [problem.line for problem in raised.value.problems] == [2, 3, 4]


def test_a_glossary_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    """A folder of its name is none."""
    (tmp_path / GLOSSARY_NAME).mkdir()
    with pytest.raises(CorpusError, match="cannot be read"):
        read_glossary(tmp_path / GLOSSARY_NAME)


@pytest.mark.parametrize("asked", ["North Korea", "DPRK", "RPDC", "Corée du Nord"])
def test_a_term_in_a_question_finds_the_others_in_an_article(
    index_of: Callable[..., Index], asked: str
) -> None:
    """Whichever expression of the group is asked, and whichever the article says."""
    group = ("North Korea", "DPRK", "RPDC", "Corée du Nord")
    index = index_of({"fr": "Il neige.\nIl visite la Corée du Nord."}, glossary=[group])
    first, *_ = ask(index, f"what about {asked}?")
    assert first.address == "a0:2.1"
    (span,) = first.matched
    assert span.of(first.text) == "Corée du Nord"
