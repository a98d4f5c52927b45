"""The word list that is shipped, and what is looked up in it."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.lexicon import has_lexicon, is_common, synonyms, translations
from bot.text.tokens import fold, stem

LINES = files("bot.text").joinpath("english-french.tsv").read_text("utf-8").splitlines()
ENTRIES = [(english, french.split(", ")) for english, french in (li.split("\t") for li in LINES)]
FRENCH = sorted({word for _, words in ENTRIES for word in words})


def test_every_line_is_an_english_word_a_tab_and_french_words() -> None:
    """In small letters, without spaces at the edges or an entry that says a word twice."""
    word = r"[^\W\d_A-Z]+(?:[-'][^\W\d_A-Z]+)*"
    for line in LINES:
        assert re.fullmatch(rf"[a-z]+(?:-[a-z]+)*\t{word}(?:, {word})*", line), line
    for english, words in ENTRIES:
        assert len(set(words)) == len(words), english


def test_no_word_has_two_entries() -> None:
    """Each English word stands once; the list is of the size that pays."""
    assert len({english for english, _ in ENTRIES}) == len(ENTRIES)
    assert 2_000 <= len(ENTRIES) <= 5_000


def test_words_are_looked_up_from_either_side() -> None:
    """What the list gives for a word leads back to it."""
    for english, words in ENTRIES:
        for word in words:
            assert fold(word) in translations(fold(english), "en", "fr")
            assert fold(english) in translations(fold(word), "fr", "en")


@pytest.mark.parametrize(
    ("word", "source", "target", "found"),
    [
        ("war", "en", "fr", "guerre"),
        ("wars", "en", "fr", "guerre"),
        ("guerre", "fr", "en", "war"),
        ("guerres", "fr", "en", "war"),
        ("academie", "fr", "en", "academy"),
    ],
)
def test_any_form_of_a_word_is_looked_up(word: str, source: str, target: str, found: str) -> None:
    """A plural finds what its singular does; words come folded and go folded."""
    assert found in translations(word, source, target)


@given(st.text(max_size=12), st.sampled_from(["en", "fr", "de", "xx", ""]))
def test_other_languages_have_no_lexicon(word: str, other: str) -> None:
    """There is nothing to look up in or into a language without a list, or in a language itself."""
    for pair in ((other, "de"), ("de", other), (other, other)):
        assert not has_lexicon(*pair)
        assert translations(word, *pair) == ()
    if other not in ("en", "fr"):
        assert synonyms(word, other) == ()
        assert not is_common(word, other)


def test_english_and_french_have_a_lexicon_both_ways() -> None:
    """It is one list, read from both sides."""
    assert has_lexicon("en", "fr")
    assert has_lexicon("fr", "en")


def test_the_words_of_the_list_are_common() -> None:
    """In any form, in their own language."""
    assert all(is_common(fold(english), "en") for english, _ in ENTRIES)
    assert all(is_common(fold(word), "fr") for word in FRENCH)
    assert is_common("wars", "en")
    assert not is_common("guerre", "en")
    assert not is_common("plenipotentiary", "en")


def test_synonyms_share_a_translation_and_are_other_words() -> None:
    """No word is a synonym of itself in another form; each has the word's first translation."""
    words = [(fold(english), "en", "fr") for english, _ in ENTRIES]
    words += [(fold(word), "fr", "en") for word in FRENCH]
    met = 0
    for word, language, other in words:
        for synonym in synonyms(word, language):
            assert stem(synonym, language) != stem(word, language)
            first = translations(word, language, other)[0]
            forms = {stem(form, other) for form in translations(synonym, language, other)}
            assert stem(first, other) in forms, (word, synonym)
            met += 1
    assert met > 1_000
    assert "warfare" in synonyms("war", "en")
    assert synonyms("xyzzy", "en") == ()
