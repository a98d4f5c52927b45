"""Numbers in digits and words, compared between languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.numbers import disagreement, numerals

AGREED = ((), ())


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("3,5", "fr", 3.5), ("3.5", "en", 3.5), ("100 000", "fr", 1e5), ("100,000", "en", 1e5),
        ("1\u202f234\u202f567", "fr", 1234567), ("1.234.567", "de", 1234567),
        ("vingt-trois", "fr", 23), ("twenty-three", "en", 23), ("vingt et un", "fr", 21),
        ("soixante et onze", "fr", 71), ("soixante-dix-neuf", "fr", 79),
        ("quatre-vingts", "fr", 80), ("quatre-vingt-dix-neuf", "fr", 99), ("nonante", "fr", 90),
        ("deux cent mille", "fr", 2e5), ("two hundred and thirty-four thousand", "en", 234e3),
        ("trois millions cinq cent mille", "fr", 35e5), ("mille neuf cents", "fr", 1900),
        ("2.5 billion", "en", 25e8), ("2,5 milliards", "fr", 25e8), ("one hundred", "en", 100),
    ],
)  # fmt: skip
def test_a_number_has_its_value(text: str, language: str, value: float) -> None:
    """However it is written, a number is one number of that value."""
    (found,) = numerals(f"about {text}.", language)
    assert value in found.readings


ENGLISH_TENS = "twenty thirty forty fifty sixty".split()
FRENCH_TENS = "vingt trente quarante cinquante soixante".split()
ENGLISH_UNITS = "two three four five six seven eight nine".split()
FRENCH_UNITS = "deux trois quatre cinq six sept huit neuf".split()


@given(tens=st.integers(0, 4), unit=st.integers(0, 7), hundreds=st.integers(0, 7))
def test_words_and_digits_agree(tens: int, unit: int, hundreds: int) -> None:
    """The words of both languages and the digits are the same number, and no other."""
    value = 100 * (hundreds + 2) + 10 * (tens + 2) + unit + 2
    english = f"{ENGLISH_UNITS[hundreds]} hundred and {ENGLISH_TENS[tens]}-{ENGLISH_UNITS[unit]}"
    french = f"{FRENCH_UNITS[hundreds]} cent {FRENCH_TENS[tens]}-{FRENCH_UNITS[unit]}"
    assert disagreement(french, "fr", english, "en") == AGREED
    assert disagreement(str(value), "fr", english, "en") == AGREED
    assert disagreement(french, "fr", str(value + 1), "en") == ((french,), (str(value + 1),))


@given(value=st.integers(1000, 999_999_999))
def test_the_grouping_of_digits_is_no_difference(value: int) -> None:
    """1,234,567 is 1 234 567 and 1.234.567."""
    english = f"{value:,}"
    for mark in " .\u00a0\u202f":
        assert disagreement(english.replace(",", mark), "fr", english, "en") == AGREED


@pytest.mark.parametrize(
    ("french", "english"),
    [
        ("le 1er mai 2024", "May 1, 2024"), ("au XXe siècle", "in the 20th century"),
        ("les années 90", "the 1990s"), ("à 20 h 30", "at 8:30 p.m."),
        ("de 1914 à 1918", "1914–18"),
        ("les deux pays", "both countries"), ("quinze jours", "a fortnight"),
        ("un million", "1 million"), ("une vingtaine d'années", "about twenty years"),
        ("le 2e article", "the second article"), ("5 %", "five percent"), ("un neuf", "a new one"),
        ("Des milliers, des centaines", "Thousands, hundreds"), ("1 500 000", "1.5 million"),
    ],
)  # fmt: skip
def test_dates_ordinals_and_round_numbers_are_no_alarm(french: str, english: str) -> None:
    """What translators write in another way is not told."""
    assert disagreement(french, "fr", english, "en") == AGREED


@pytest.mark.parametrize(
    ("french", "english", "told"),
    [
        ("en juin 2024", "in June 2023", (("2024",), ("2023",))),
        ("23 articles", "articles", (("23",), ())),
        ("vingt-trois articles", "twenty-four articles", (("vingt-trois",), ("twenty-four",))),
        ("5 millions", "5 billion", (("5 millions",), ("5 billion",))),
        ("3 articles", "4 articles", (("3",), ("4",))),
        ("3,5 %", "35%", (("3,5",), ("35",))),
    ],
)
def test_other_numbers_are_told_as_they_are_written(
    french: str, english: str, told: tuple[tuple[str, ...], tuple[str, ...]]
) -> None:
    """What one side has and the other lacks, each in its own words."""
    assert disagreement(french, "fr", english, "en") == told


def test_a_language_without_number_words_is_compared_by_digits() -> None:
    """Millions and small numbers are no alarm where words are not read; other digits are."""
    assert disagreement("37 million people", "en", "37 Millionen Menschen", "de") == AGREED
    assert disagreement("7 of twenty-four", "en", "sieben von vierundzwanzig", "de") == AGREED
    assert disagreement("in 1991", "en", "в 2000 году", "ru") == (("1991",), ("2000",))


@given(text=st.text(max_size=80), other=st.text(max_size=80))
def test_any_text_can_be_compared(text: str, other: str) -> None:
    """No text raises, and every text agrees with itself."""
    disagreement(text, "fr", other, "en")
    for language in ("fr", "en", "de"):
        assert disagreement(text, language, text, language) == AGREED
