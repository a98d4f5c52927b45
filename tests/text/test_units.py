"""Keys of units: one spelling of each, printed, addressed and read again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.unit_references import unit_references
from bot.text.units import KINDS, UnitKey, parse_address, roman_value

NUMBERS = st.one_of(
    st.integers(1, 9999).map(str),
    st.builds("{}{}".format, st.integers(1, 400), st.sampled_from(["bis", "ter", "a"])),
    st.builds("{}-{}".format, st.integers(1, 999), st.integers(1, 99)),
)
CODES = st.builds("{}{}-{}".format, st.sampled_from("lr"), st.integers(1, 999), st.integers(1, 99))
LABELS = st.one_of(
    st.integers(1, 99).map(str),
    st.sampled_from(["2bis", "3ter", "a", "b", "c", "iv", "xii", "aa", "z", "i"]),
)
NUMBERED = [kind for kind in KINDS if kind.name not in ("preamble", "subsection")]
KEYS = st.one_of(
    st.builds(
        UnitKey,
        st.sampled_from([kind.name for kind in NUMBERED]),
        NUMBERS,
        st.lists(LABELS, max_size=3).map(tuple),
    ),
    st.builds(UnitKey, st.just("article"), CODES, st.lists(LABELS, max_size=2).map(tuple)),
    st.builds(UnitKey, st.sampled_from(["annex", "part", "schedule"]), st.sampled_from("abcdefgh")),
    st.sampled_from([UnitKey("preamble", ""), UnitKey("annex", ""), UnitKey("appendix", "")]),
)
ARTICLES_OF_ANNEXES = st.builds(
    UnitKey,
    st.just("article"),
    NUMBERS,
    st.lists(LABELS, max_size=2).map(tuple),
    st.builds(UnitKey, st.sampled_from(["annex", "protocol", "part"]), st.integers(1, 30).map(str)),
)


def read_whole(name: str) -> UnitKey:
    """The key of a text that is the name of one unit and nothing else."""
    (found,) = unit_references(name)
    assert (found.start, found.end) == (0, len(name))
    return found.key


@given(key=st.one_of(KEYS, ARTICLES_OF_ANNEXES))
def test_a_printed_name_is_read_as_its_key(key: UnitKey) -> None:
    """What the bot prints of a unit can be asked for, in either language."""
    for language in ("en", "fr"):
        assert read_whole(key.printed(language)) == key


@given(key=st.one_of(KEYS, ARTICLES_OF_ANNEXES))
def test_an_address_is_read_as_its_key(key: UnitKey) -> None:
    """The short form names one unit."""
    assert parse_address(key.address) == key


@given(key=KEYS)
def test_capitals_make_no_difference(key: UnitKey) -> None:
    """A heading in capitals names the same unit."""
    assert read_whole(key.whole.printed("en").upper()) == key.whole


@pytest.mark.parametrize(
    ("key", "address", "english", "french"),
    [
        (UnitKey("article", "5", ("2", "a")), "art5.2.a", "Article 5(2)(a)", "article 5, § 2, a"),
        (UnitKey("article", "5bis"), "art5bis", "Article 5 bis", "article 5 bis"),
        (UnitKey("article", "l121-1"), "artl121-1", "Article L. 121-1", "article L. 121-1"),
        (UnitKey("annex", "a"), "annexa", "Annex A", "annexe A"),
        (UnitKey("preamble", ""), "preamble", "Preamble", "préambule"),
        (
            UnitKey("article", "5", ("2",), UnitKey("annex", "2")),
            "annex2.art5.2",
            "Annex 2, Article 5(2)",
            "annexe 2, article 5, § 2",
        ),
        (UnitKey("rule", "2", ("3", "1")), "rule2.3.1", "Rule 2(3)(1)", "règle 2, § 3, 1°"),
    ],
)
def test_a_key_is_printed_and_addressed(
    key: UnitKey, address: str, english: str, french: str
) -> None:
    """The forms that readers see."""
    assert (key.address, key.printed("en"), key.printed("fr")) == (address, english, french)


@pytest.mark.parametrize(
    "address", ["", "5", "5.1", "art", "art5.", "art5..a", "ship5", "art5.art(", "art5.2.art7", "é"]
)
def test_what_is_no_address_of_a_unit(address: str) -> None:
    """Numbers alone are paragraphs of the file, and a unit's number is never left out."""
    assert parse_address(address) is None


@given(value=st.integers(1, 399))
def test_roman_numerals_have_their_value(value: int) -> None:
    """Every numeral that is written by the rules is read, and is the number's only one."""
    tens = [*("", "x", "xx", "xxx", "xl", "l", "lx", "lxx", "lxxx", "xc")]
    ones = [*("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")]
    numeral = "c" * (value // 100) + tens[value // 10 % 10] + ones[value % 10]
    assert roman_value(numeral) == value


@pytest.mark.parametrize("word", ["", "iiii", "vx", "did", "civil", "ic", "mimi"])
def test_what_is_no_roman_numeral(word: str) -> None:
    """Letters in a wrong order are a word."""
    assert roman_value(word) is None


def test_a_key_without_its_points_and_parent() -> None:
    """A paragraph leads to its article, and an article to its number alone."""
    key = UnitKey("article", "5", ("2",), UnitKey("annex", "1"))
    assert key.whole == UnitKey("article", "5", (), UnitKey("annex", "1"))
    assert key.bare == UnitKey("article", "5", ("2",))
    assert key.whole.below("2") == key
