"""Which words are spelled right."""

from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.known_words import is_known_word
from bot.text.tokens import fold


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("allowed", "en"), ("last", "en"), ("least", "en"), ("another", "en"), ("breach", "en"),
        ("breaches", "en"), ("who", "en"), ("quitter", "fr"), ("actuel", "fr"), ("loyers", "fr"),
        ("securite", "fr"), ("bateaux", "fr"), ("quand", "fr"),
    ],
)  # fmt: skip
def test_a_common_word_is_known(word: str, language: str) -> None:
    """In its own language, inflected or not."""
    assert is_known_word(word, language)


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("wich", "en"), ("allowd", "en"), ("recieve", "en"), ("beleive", "en"), ("loyé", "fr"),
        ("quiter", "fr"), ("interdi", "fr"), ("allowed", "fr"), ("allowed", "xx"), ("", "en"),
    ],
)  # fmt: skip
def test_a_typo_is_not(word: str, language: str) -> None:
    """Nor is a word of another language, or of one without a list."""
    assert not is_known_word(fold(word), language)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_lists_are_folded_and_small(language: str) -> None:
    """Each line but the notice is one folded word, none twice; a list has at most 150 kB."""
    text = files("bot.text").joinpath(f"words.{language}.txt").read_text(encoding="utf-8")
    words = [line for line in text.splitlines() if not line.startswith("#")]
    assert words == list(dict.fromkeys(fold(word) for word in words))
    assert all(word.isalpha() for word in words)
    assert len(text.encode()) <= 150_000


@given(st.text(max_size=20), st.sampled_from(["en", "fr", "de", ""]))
def test_any_word_is_known_or_not(word: str, language: str) -> None:
    """Nothing raises."""
    assert is_known_word(word, language) in (True, False)
