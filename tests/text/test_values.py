"""Numbers, dates, times and amounts as values."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.text.tokens import folded_words
from bot.text.values import find_values, may_hold_value, value_keys

SAME = {
    "n:23": ["en 23", "en twenty-three", "fr vingt-trois", "fr vingt trois", "en Twenty Three"],
    "n:17": ["fr dix-sept", "en seventeen", "de 17"],
    "n:1918": ["fr mille neuf cent dix-huit", "en 1918"],
    "n:99": ["fr quatre-vingt-dix-neuf", "en ninety-nine", "fr nonante-neuf"],
    "n:20": ["fr vingtaine", "en twenty", "fr vingt"],
    "n:14": ["fr XIV", "en fourteen", "en XIV"],
    "n:0.125": ["en 0.125", "fr 0,125", "fr 0.125"],
    "n:1234.5": ["fr 1 234,5", "en 1,234.5", "fr 1.234,5", "fr 1\u202f234,50"],
    "n:1609": ["en 1,609", "fr 1.609", "fr 1 609", "en 1609"],
    "n:1.609": ["en 1.609", "fr 1,609"],
    "n:2500000": [
        "fr 2,5 millions", "fr 2 500 000", "en 2.5 million", "en 2,500,000", "fr 2.500.000",
        "en two point five million", "fr deux millions cinq cent mille",
    ],
    "n:2000000000": ["fr 2 milliards", "en two billion", "en 2bn"],
    "o:21": ["en 21st", "fr XXIe", "fr vingt et unième", "en twenty-first", "fr 21ème"],
    "o:1": ["en first", "fr premier", "fr première", "fr 1er", "fr Ier"],
    "s:21": [
        "en 21st century", "fr XXIe siècle", "fr vingt et unième siècle", "fr 21e siècle",
        "en twenty-first century",
    ],
    "y:1990": ["en 1990s", "en 1990's"],
    "p:3.5": ["fr 3,50 %", "en 3.5%", "en 3.5 percent"],
    "p:5": ["fr cinq pour cent", "en five per cent", "fr 5\u202f%"],
    "c:12 GBP": [
        "en £12", "en 12 pounds", "en 12 GBP", "en GBP 12", "en £12.00", "en twelve pounds",
    ],
    "c:12 EUR": ["fr 12 €", "fr douze euros", "en €12", "en 12 EUR"],
    "c:2500000 EUR": ["en €2.5m", "fr 2,5 millions d'euros", "fr 2,5 M€", "en 2.5 million euros"],
    "u:2 week": ["en 2 weeks", "fr deux semaines", "en 2-week", "en fortnight"],
    "u:1 year": ["en one year", "fr un an", "en 1 year"],
    "u:20 year": ["fr vingtaine d'années", "en twenty years"],
    "t:20:30": ["fr 20 h 30", "en 8:30 pm", "en 20:30", "en 8.30 p.m.", "fr vingt heures trente"],
    "t:12:00": ["en noon", "fr midi", "en 12:00", "en 12 pm"],
    "t:08:00": ["en eight o'clock", "en 08:00", "en 8 a.m."],
    "d:2024-11-06": [
        "en 6 November 2024", "fr 6 novembre 2024", "en 2024-11-06", "fr 06/11/2024",
        "fr 6.11.2024",
        "en Nov 6, 2024", "en November 6th, 2024", "en 6th of November 2024", "fr 6 nov. 2024",
    ],
    "d:2024-11": ["en November 2024", "fr novembre 2024", "en 2024-11", "fr nov. 2024"],
    "d:--05-01": ["fr 1er mai", "en May 1", "en 1 May", "fr premier mai"],
    "d:2024-12-31": ["en 12/31/2024", "fr 31/12/2024", "en 31/12/24"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("key", "language", "written"),
    [(key, *form.split(" ", 1)) for key, forms in SAME.items() for form in forms],
)
def test_a_value_is_the_same_however_it_is_written(key: str, language: str, written: str) -> None:
    """In digits and words, in both languages, and at the place where it is written."""
    text = f"x {written} y"
    (value,) = find_values(text, language)
    assert value.key == key
    assert text[value.start : value.end].strip(".") == written.strip(".")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("one of them was once here, or not", "en"), ("un homme et une femme", "fr"),
        ("mille six cent", "de"), ("thousands of people", "en"), ("des milliers de gens", "fr"),
        ("version 3.2.0 of S3 and 192.168.0.1", "en"), ("May I? He may march.", "en"),
        ("call 0123456", "en"), ("a MIX, an ID, iv) and I", "en"), ("cent fois", "en"), ("", "fr"),
    ],
)  # fmt: skip
def test_what_is_no_value(text: str, language: str) -> None:
    """A number's word is one in its own language; versions, codes and pronouns are no numbers."""
    assert find_values(text, language) == []


@pytest.mark.parametrize(
    ("text", "language", "keys"),
    [
        ("6 November 2024", "en", ["d:2024-11-06", "d:--11-06", "d:2024-11", "n:2024"]),
        ("mai 2024", "fr", ["d:2024-05", "n:2024"]),
        ("06/11/2024", "en", ["d:2024-11-06", "d:2024-06-11"]),
        ("12 €", "fr", ["c:12 EUR", "n:12"]),
        ("half past eight", "en", ["t:08:30", "t:20:30"]),
        ("it begins at ten and ends late", "en", ["t:10:00", "t:22:00"]),
        ("it floats at ten metres", "en", ["u:10 m", "n:10"]),
        ("20 heures", "fr", ["u:20 hour", "t:20:00", "n:20"]),
        ("1914–18", "en", ["n:1914", "n:1918"]),
        ("version 4.0", "en", ["n:4.0", "n:4"]),
    ],
)
def test_a_value_says_other_things_too(text: str, language: str, keys: list[str]) -> None:
    """A date its month and year, an amount its number; the value itself comes first."""
    assert [key for key, *_ in value_keys(text, language)][: len(keys)][:2] == keys[:2]
    assert set(keys) <= {key for key, *_ in value_keys(text, language)}


@example("ONE€")
@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from("6 12 2024 XIV e twenty one cent d' € $ % h : / . , - may mai pm €".split())
        | st.just(" ")
    ).map("".join)
)
def test_values_of_any_text_stand_in_it_in_order(text: str) -> None:
    """Nothing raises, none overlaps another, and each stands in words that may hold one, but for
    *one* with a sign, such as *one €*: the word is too common to look behind it.
    """
    for language in ("en", "fr", "de"):
        end = 0
        for value in find_values(text, language):
            assert end <= value.start < value.end <= len(text)
            end = value.end
            words = folded_words(text[value.start : value.end])
            assert words in (["one"], ["un"], ["une"]) or any(
                may_hold_value(word, language) for word in words
            )


@given(st.integers(0, 10**9), st.sampled_from(["", ",", " "]))
def test_any_whole_number_is_itself(number: int, mark: str) -> None:
    """However its digits are grouped."""
    (value,) = find_values(f"{number:,}".replace(",", mark), "en")
    assert value.key == f"n:{number}"
