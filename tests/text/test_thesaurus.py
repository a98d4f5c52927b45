"""The thesaurus: what it gives, and what is wrong with its data."""

from __future__ import annotations

from importlib.resources import files

import pytest

from bot.text.thesaurus import LANGUAGES, LONGEST_MEMBER, synonyms_in
from bot.text.tokens import folded_words


def given(text: str, language: str) -> tuple[set[str], set[str]]:
    """All true synonyms and all near words for a text."""
    found = list(synonyms_in(folded_words(text), language))
    return {w for one in found for w in one.true}, {w for one in found for w in one.near}


@pytest.mark.parametrize(
    ("text", "language", "other"),
    [
        ("refund", "en", "reimburse"),
        ("money back", "en", "refund"),
        ("withdraw", "en", "leave"),
        ("résilier", "fr", "annuler"),
    ],
)
def test_other_words_for_the_same_thing_are_given(text: str, language: str, other: str) -> None:
    """In one word or several."""
    true, near = given(text, language)
    assert other in true | near


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_group_is_of_one_member_or_has_a_member_too_long(language: str) -> None:
    """A line that gives nothing is an error of its data."""
    text = files("bot.text").joinpath(f"thesaurus.{language}.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            members = [member for tier in line.split(" ; ") for member in tier.split(", ")]
            assert len(set(members)) > 1, line
            assert all(1 <= len(folded_words(member)) <= LONGEST_MEMBER for member in members), line


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_of_no_group_has_no_synonyms(language: str) -> None:
    """A name is only itself."""
    assert given("Zzyzx", language) == (set(), set())
