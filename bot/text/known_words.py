"""Words that are spelled right, so that nobody takes them for typos of other words.

``words.en.txt`` and ``words.fr.txt`` hold the commonest words of each language, folded, one a line;
where they come from stands at their top.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from bot.text.language import is_stop_word
from bot.text.lexicon import words_of

_LISTED = ("en", "fr")
_SHORTEST_PLURAL = 5  # letters: *this* is no plural


@lru_cache(maxsize=4)
def _words(language: str) -> frozenset[str]:
    if language not in _LISTED:
        return frozenset()
    text = files("bot.text").joinpath(f"words.{language}.txt").read_text(encoding="utf-8")
    listed = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(listed) | words_of(language)


def is_known_word(folded: str, language: str) -> bool:
    """Whether a folded word, or that of which it is the plural, is a common word of a language."""
    words = _words(language)
    if folded in words or is_stop_word(folded, language):
        return True
    if len(folded) < _SHORTEST_PLURAL:
        return False
    return any(folded.removesuffix(ending) in words for ending in ("s", "es", "x"))
