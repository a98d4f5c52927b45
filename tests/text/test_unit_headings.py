"""Lines that begin a unit, and lines that only look so; markers; numbers that run on."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.text.unit_headings import (
    UnitHeading,
    continues,
    missing_and_double,
    paragraph_marker,
    run_on,
    unit_heading,
)
from bot.text.units import LATIN, UnitKey, parse_address


@pytest.mark.parametrize(
    ("line", "address", "title"),
    [
        ("Article 5", "art5", None), ("ARTICLE II", "art2", None), ("§ 12", "sec12", None),
        ("Art. 6. – The Pilots", "art6", "The Pilots"), ("Section 3: Fees", "sec3", "Fees"),
        ("Article premier", "art1", None), ("Article 1er", "art1", None),
        ("Article 2 – Fees", "art2", "Fees"), ("Article 2 Fees", "art2", "Fees"),
        ("Chapter IV. General provisions", "chp4", "General provisions"),
        ("Annexe II", "annex2", None), ("Annex B – Forms", "annexb", "Forms"),
        ("Annex. Tolls of the canal", "annex", "Tolls of the canal"), ("ANNEX", "annex", None),
        ("ANNEX TO THE QUAY PACT", "annex", "TO THE QUAY PACT"), ("Recital 26", "rec26", None),
        ("Rule 7.", "rule7", None), ("Rule 2.3 Sails", "rule2.3", "Sails"),
        ("PREAMBLE", "preamble", None), ("Préambule", "preamble", None), ("Clause 4", "cl4", None),
        ("TITRE Ier", "title1", None), ("Titre III : Du vote", "title3", "Du vote"),
        ("CHAPITRE PREMIER", "chp1", None), ("PREMIÈRE PARTIE", "part1", None),
        ("IIe partie", "part2", None), ("Second Protocol", "prot2", None),
        ("Part One: Aims", "part1", "Aims"), ("Sous-section 2 : Des quais", "subsec2", "Des quais"),
        ("Article 68-1", "art68-1", None), ("Article 5 bis", "art5bis", None),
        ("Article L. 121-1", "artl121-1", None), ("Article 11 (1)", "art11.1", None),
        ("Article 12a Tolls", "art12a", "Tolls"),
        ("Article 7 (Lighthouses)", "art7", "Lighthouses"),
        ("###Article 1", "art1", None), ("**Article 4**", "art4", None),
        ("Règle n° 7", "rule7", None), ("Article twenty-three", "art23", None),
        ("Article 10\nBuoys", "art10", "Buoys"),
        ("Article 5[1]", "art5", None), ("Article 5²", "art5", None),
        ("Article 9 [Repealed]", "art9", "Repealed"),
        ("Article 5: who may moor", "art5", "who may moor"),
    ],
)  # fmt: skip
def test_a_line_names_a_unit(line: str, address: str, title: str | None) -> None:
    """A unit's name alone, or with a title behind it, is a heading."""
    found = unit_heading(line)
    assert found
    assert (found.key, found.title, found.text_start) == (parse_address(address), title, None)


@pytest.mark.parametrize(
    ("line", "address", "text"),
    [
        ("Art. 6. – The pilots shall vote.", "art6", "The pilots shall vote."),
        ("Article 3. Every member pays.", "art3", "Every member pays."),
        ("§ 4 Members may bring guests.", "sec4", "Members may bring guests."),
        ("ARTICLE 2. Le quai est public.", "art2", "Le quai est public."),
        ("Art. L. 121-1. – Le port décide.", "artl121-1", "Le port décide."),
        ("Article 5. (1) Each ship pays.", "art5", "(1) Each ship pays."),
        ("Article 5 “Quay” means a place.", "art5", "“Quay” means a place."),
        ("**Article 4.** Members vote.", "art4", "Members vote."),
        ("Preamble. We, the pilots, agree.", "preamble", "We, the pilots, agree."),
        ("Section 1. Short title.— This Act is the Quay Act.", "sec1", "This Act is the Quay Act."),
        ("Article 10\nBuoys\nEach buoy is red.", "art10", "Each buoy is red."),
    ],
)
def test_a_paragraph_begins_with_a_unit(line: str, address: str, text: str) -> None:
    """Run in, the text proper begins behind the name and a title."""
    found = unit_heading(line)
    assert found
    assert found.key == parse_address(address)
    assert line[found.text_start :].rstrip("*") == text


@pytest.mark.parametrize(
    "line",
    [
        "Article 5 of the pact says so.", "Article 5\nof the pact says so.",
        "Article 5 says no", "Articles 5 and 6 apply.",
        "Article 5, as amended, applies.", "Article 5?", "Article I read was good.",
        "Part I think is wrong", "The article 5 is old.", "Annex means the annex.",
        "Le texte annexé 5", "Article", "Title: news", "Version 2", "1. Flour", "5 eggs",
        "Section 12 March 2020", "Article 5 Tolls .......... 12", "Chapter 3\t17",
        "Particle 5", "Partial 3", "2024 Article", "Article 5/6", "Regulation (EU) 2016/679",
    ],
)  # fmt: skip
def test_a_line_that_only_looks_so_is_none(line: str) -> None:
    """Prose about a unit, a table of contents, and lists begin no unit."""
    assert unit_heading(line) is None


def test_a_document_says_what_is_a_heading() -> None:
    """A heading's end mark makes no sentence of its title."""
    annex = unit_heading("Annexe I à la charte des quais", is_heading=True)
    assert annex == UnitHeading(UnitKey("annex", "1"), "Annexe I", "à la charte des quais")
    assert unit_heading("Article 5 of the pact", is_heading=True) is None
    heading = unit_heading("Chapter IV. General provisions.", is_heading=True)
    assert heading == UnitHeading(UnitKey("chapter", "4"), "Chapter IV", "General provisions")


def test_a_number_in_brackets_is_a_recital_only_among_recitals() -> None:
    """(26) begins a recital where the caller says so, and a paragraph elsewhere."""
    line = "(26) Whereas quays are scarce,"
    found = unit_heading(line, among_recitals=True)
    assert found
    assert (found.key, line[found.text_start :]) == (
        UnitKey("recital", "26"),
        "Whereas quays are scarce,",
    )
    assert unit_heading(line) is None


@given(
    title=st.text(st.characters(categories=["Lu", "Ll", "Zs"]), max_size=40), n=st.integers(1, 999)
)
def test_where_the_text_begins_is_in_the_line(title: str, n: int) -> None:
    """Whatever stands behind the number, the label is verbatim and the text a part of the line."""
    assume(len(title.strip()) > 1)  # Article 16 A.
    assume(title.split(maxsplit=1)[0].lower() not in LATIN)  # Article 16 bis
    for mark in ("", ".", " –", ":"):
        line = f"Article {n}{mark} {title}."
        found = unit_heading(line)
        if found:
            assert found.label in line
            assert found.key == UnitKey("article", str(n))
            assert found.text_start is None or 0 < found.text_start < len(line)


@pytest.mark.parametrize(
    ("text", "label", "level", "rest"),
    [
        ("1. Each", "1", "number", "Each"), ("(1) each", "1", "number", "each"),
        ("2) each", "2", "number", "each"), ("(a) each", "a", "letter", "each"),
        ("a) each", "a", "letter", "each"), ("a. each", "a", "letter", "each"),
        ("i) each", "i", "roman", "each"), ("(iv) each", "iv", "roman", "each"),
        ("1° each", "1", "number", "each"), ("2° bis each", "2bis", "number", "each"),
        ("2.1 Each", "2.1", "number", "Each"), ("2.1. each", "2.1", "number", "each"),
        ("2 bis. Each", "2bis", "number", "Each"), ("1.Each", "1", "number", "Each"),
        ("3 – Each", "3", "number", "Each"), ("(aa) each", "aa", "letter", "each"),
        ("(c) each", "c", "letter", "each"), ("1.", "1", "number", ""),
    ],
)  # fmt: skip
def test_a_paragraph_has_a_marker(text: str, label: str, level: str, rest: str) -> None:
    """The label, its level, and where the text begins."""
    found = paragraph_marker(text)
    assert found
    assert (found.label, found.level, text[found.text_start :]) == (label, level, rest)
    assert not found.weak


@pytest.mark.parametrize(
    "text",
    ["", "12", "2.1 million ships", "3 - 5 ships", "2024. was", "(see below) it", "(c) 2020 Quay",
     "Each (a) ship", "(did) it", "e.g. ships", "i.e. ships"],
)  # fmt: skip
def test_what_is_no_marker(text: str) -> None:
    """Quantities, years, remarks and abbreviations mark no paragraph."""
    assert paragraph_marker(text) is None


def test_an_initial_is_a_weak_marker() -> None:
    """A. may be a name's; a neighbour decides."""
    found = paragraph_marker("A. Quayle wrote it.")
    assert found
    assert found.weak


@pytest.mark.parametrize(
    ("previous", "label"),
    [(None, "1"), (None, "a"), (None, "i"), ("1", "2"), ("9", "10"), ("2", "2bis"),
    ("2bis", "2ter"),
     ("2bis", "3"), ("12", "12a"), ("12a", "12b"), ("a", "b"), ("h", "i"), ("i", "j"), ("i", "ii"),
     ("iv", "v"), ("u", "v"), ("v", "vi"), ("z", "aa"), ("aa", "bb"), ("2.1", "2.2"), ("2", "2.1")],
)  # fmt: skip
def test_labels_go_on(previous: str | None, label: str) -> None:
    """A number, letter or numeral comes right after its predecessor."""
    assert continues(previous, label)


@pytest.mark.parametrize(
    ("previous", "label"),
    [(None, "2"), (None, "b"), ("1", "3"), ("2", "1"), ("a", "c"), ("h", "ii"), ("iv", "w"),
     ("1", "a"), ("2.1", "3.2"), ("2bis", "2bis"), ("5", "5")],
)  # fmt: skip
def test_labels_do_not_go_on(previous: str | None, label: str) -> None:
    """What leaves one out, goes back or changes its kind does not follow."""
    assert not continues(previous, label)


@pytest.mark.parametrize(
    "numbers",
    ["1 2 3", "1 2 2bis 3", "1 2 3 1 2", "1 3 7", "240 241 250", "5", "1 1bis 2", "l121-1 l121-2",
     "a b c", "68 68-1 68-2 69"],
)  # fmt: skip
def test_units_run_on(numbers: str) -> None:
    """Articles grow, also with gaps, inserted ones, in an excerpt, and anew in each part."""
    assert run_on(numbers.split())


@pytest.mark.parametrize("numbers", ["", "4711 815 12", "9 3 7 2 5", "2024 2023 2022"])
def test_numbers_that_are_no_units_do_not(numbers: str) -> None:
    """Numbers of spare parts go up and down, versions go down."""
    assert not run_on(numbers.split())


def test_numbers_without_a_word_must_run_on_strictly() -> None:
    """A list's numbers are units only from the first on, and without a gap."""
    assert run_on(["1", "2", "3"], named=False)
    for numbers in (["1"], ["2", "3"], ["1", "3"], []):
        assert not run_on(numbers, named=False)


def test_missing_and_double_numbers_are_told() -> None:
    """A gap is told by its first and last number, within each parent; 5 bis stands for 5."""
    annex = UnitKey("annex", "1")
    keys = [
        *(UnitKey("article", number) for number in ("1", "2", "4bis", "9", "9")),
        *(UnitKey("article", number, (), annex) for number in ("1", "2")),
        UnitKey("article", "9", ("1",)),
        UnitKey("preamble", ""),
    ]
    gaps = missing_and_double(keys)
    assert gaps.missing == (
        (UnitKey("article", "3"), UnitKey("article", "3")),
        (UnitKey("article", "5"), UnitKey("article", "8")),
    )
    assert gaps.double == (UnitKey("article", "9"),)


@given(count=st.integers(1, 60), first=st.integers(1, 900))
def test_an_excerpt_lacks_nothing(count: int, first: int) -> None:
    """Numbers in a row have no gap, wherever they begin."""
    keys = [UnitKey("article", str(first + n)) for n in range(count)]
    assert missing_and_double(keys).missing == ()
    assert run_on([key.number for key in keys])
