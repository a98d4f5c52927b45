"""What the bot itself says."""

from __future__ import annotations

import string
from pathlib import Path

from bot import strings
from tests.texts import lines

GOLDEN = Path(__file__).parent / "texts.golden"


def test_every_text_is_the_one_that_was_read() -> None:
    """A text changes with the file that shows all of them; see ``tests/texts.py``."""
    assert "\n".join(lines()) + "\n" == GOLDEN.read_text(encoding="utf-8")


def test_both_languages_have_every_text_with_the_same_places() -> None:
    """What is filled in is filled in in both."""
    english, french = strings._STRINGS["en"], strings._STRINGS["fr"]
    assert english.keys() == french.keys()
    for key, text in english.items():
        assert _places(text) == _places(french[key]), key


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
