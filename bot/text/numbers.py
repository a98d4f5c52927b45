"""The numbers that a sentence holds, in digits or in English or French words, to be compared.

A number may be read in several ways: *1990s* is 1990 or 90, *8 p.m.* is 8 or 20, *3.500* is 3500 or
three and a half. Two sentences agree on a number if they share one of its readings. Ordinals, and
numbers that languages often write without one (*both*, *a*, *dozens*), are never missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.text.tokens import fold
from bot.text.values import spelled_number

#: The languages whose number words are read.
LANGUAGES = frozenset(("en", "fr"))

_SCALES = {
    "en": {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12},
    "fr": {"mille": 10**3, "million": 10**6, "milliard": 10**9, "billion": 10**12},
}

# In another language any of these may stand behind the digits.
_ANY_SCALE = (1, 10**3, 10**6, 10**9, 10**12)

# About so many: some languages have a word for it, others write the number.
_ABOUT = {
    "dizaine": 10, "decade": 10, "decennie": 10, "dozen": 12, "douzaine": 12, "quinze": 15,
    "quinzaine": 15, "fortnight": 15, "vingtaine": 20, "trentaine": 30, "quarantaine": 40,
    "cinquantaine": 50, "soixantaine": 60, "centaine": 100, "century": 100, "siecle": 100,
}  # fmt: skip

# Up to here a word is as often no number (neuf is new) or translated by none.
_FEW = 12
_BOTH = 2

_TOKEN = re.compile(
    r"(?P<digits>\d{1,3}(?:[ .,'’\u00a0\u202f\u2009]\d{3})+(?!\d)|\d+(?:[.,]\d+)?)"
    r"(?P<ordinal>(?:st|nd|rd|th|e|er|re|ère|ème|nde?|-[а-я]{1,3})\b|(?<!\d\d\d)\.(?=\s\w))?"
    r"(?P<decade>['’]?s\b)?"
    r"(?P<evening>(?=(?::\d\d)?[ \u00a0\u202f]?p\.? ?m\b))?"
    r"|(?P<word>[^\W\d_]+)"
)
_SEPARATOR = re.compile(r"[ .,'’\u00a0\u202f\u2009]")
_NEXT = re.compile(r"[ \u00a0\u202f-]([^\W\d_]+)")
_RANGE = re.compile(r"[-–—/]")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as it is written, and what it may mean."""

    text: str
    readings: frozenset[float]
    size: float
    spelled: bool = False  #: in words, as decades are in some languages
    loose: bool = False  #: an ordinal, or about so many


def numerals(text: str, language: str) -> list[Numeral]:
    """Return the numbers of a text; those in words only of ``LANGUAGES``."""
    found: list[Numeral] = []
    place = 0
    while token := _TOKEN.search(text, place):
        numeral, place = (
            _in_digits(text, token, language)
            if token["digits"]
            else _in_words(text, token, language)
        )
        if numeral:
            found.append(numeral)
    return found


def _in_digits(text: str, token: re.Match[str], language: str) -> tuple[Numeral, int]:
    """Return a number in digits with the scales behind it, and where it ends."""
    readings, end = _readings(text, token), token.end()
    while (word := _NEXT.match(text, end)) and (scale := _scale(fold(word[1]), language)):
        readings, end = {reading * scale for reading in readings}, word.end()
    size = max(readings)
    loose = bool(token["ordinal"] or token["digits"] == "1")  # 1 million is a million
    if language not in LANGUAGES:
        readings = {reading * scale for reading in readings for scale in _ANY_SCALE}
    written = text[token.start() : end]
    return Numeral(written, frozenset(readings), size, bool(token["decade"]), loose), end


def _in_words(text: str, token: re.Match[str], language: str) -> tuple[Numeral | None, int]:
    """Return a number in words, and where it ends."""
    folded = fold(token["word"])
    about = _ABOUT.get(folded) if language in LANGUAGES else None
    spelled = spelled_number(text, token.start(), language)
    if spelled:
        value, end = float(spelled.value), spelled.end
    elif about:
        value, end = float(about), token.end()
    else:
        return None, token.end()
    written = text[token.start() : end]
    alone = end == token.end()
    loose = bool(spelled and spelled.ordinal) or (
        alone and (about is not None or _is_round(folded, language))
    )
    return Numeral(written, frozenset((value,)), value, spelled=True, loose=loose), end


def _scale(folded: str, language: str) -> int | None:
    scales = _SCALES.get(language, {})
    return scales.get(folded) or scales.get(folded.removesuffix("s"))


def _is_round(folded: str, language: str) -> bool:
    """Whether a word alone is no exact number: hundreds, millions."""
    return folded in _HUNDREDS or _scale(folded, language) is not None


_HUNDREDS = frozenset("hundred hundreds cent cents".split())


def _readings(text: str, token: re.Match[str]) -> set[float]:
    digits = token["digits"]
    parts = _SEPARATOR.split(digits)
    readings = {float(".".join(parts))} if len(parts) <= 2 else set()  # noqa: PLR2004  # 3,5
    if len(parts) > 1 and all(len(part) == 3 for part in parts[1:]):  # noqa: PLR2004  # 3,500
        readings |= {float("".join(parts)), *map(float, parts)}
    before = text[max(0, token.start() - 5) : token.start()]
    if token["evening"] is not None:
        readings |= {reading + 12 for reading in readings}
    if token["decade"] and len(digits) == 4:  # noqa: PLR2004
        readings.add(float(digits[2:]))
    if len(digits) == 2:  # noqa: PLR2004  # of a year: '98, 1914-18
        if before.endswith(("'", "’")):
            readings |= {1900 + float(digits), 2000 + float(digits)}
        elif _RANGE.fullmatch(before[4:]) and before[:4].isdecimal():
            readings.add(float(before[:2] + digits))
    return readings


def disagreement(
    original: str, language: str, translation: str, other: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the numbers of an original that its translation lacks, and the reverse, as written."""
    ours, theirs = numerals(original, language), numerals(translation, other)
    both = {language, other} <= LANGUAGES
    return tuple(_lacking(ours, theirs, both=both)), tuple(_lacking(theirs, ours, both=both))


def _lacking(found: Iterable[Numeral], others: Iterable[Numeral], *, both: bool) -> Iterator[str]:
    """Yield the exact numbers that are not among those of the other side."""
    accepted = frozenset[float]().union(*(other.readings for other in others))
    for one in found:
        least = _BOTH if both and not one.spelled else _FEW
        needed = not one.loose and one.size > least and (both or not one.spelled)
        if needed and accepted.isdisjoint(one.readings):
            yield one.text
