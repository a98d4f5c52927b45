"""Irregular forms."""

from __future__ import annotations

import pytest

from bot.text.irregular import forms_of


@pytest.mark.parametrize(
    ("form", "language", "other"),
    [
        ("paid", "en", "pay"),
        ("pay", "en", "paid"),
        ("withdrew", "en", "withdrawn"),
        ("contient", "fr", "contenir"),
        ("nee", "fr", "naitre"),
    ],
)
def test_each_form_gives_the_others(form: str, language: str, other: str) -> None:
    """Of one verb, in both directions."""
    assert other in forms_of(form, language)


@pytest.mark.parametrize(("word", "language"), [("harbour", "en"), ("paid", "fr"), ("", "en")])
def test_other_words_have_none(word: str, language: str) -> None:
    """Regular words, and those of another language."""
    assert forms_of(word, language) == ()
