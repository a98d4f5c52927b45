"""The numbers that a sentence holds, in digits or in English or French words, to be compared.

A number may be read in several ways: *1990s* is 1990 or 90, *8 p.m.* is 8 or 20, *3.500* is 3500 or
three and a half. Two sentences agree on a number if they share one of its readings. Ordinals, and
numbers that languages often write without one (*both*, *a*, *dozens*), are never missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from bot.text.tokens import fold

_UNITS = {
    word: value
    for names in (
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen",
        "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze "
        "seize",
    )
    for value, word in enumerate(names.split())
} | {"une": 1}
_TENS = {
    word: 10 * value
    for names in (
        "twenty thirty forty fifty sixty seventy eighty ninety",
        "vingt trente quarante cinquante soixante septante huitante nonante",
    )
    for value, word in enumerate(names.split(), 2)
} | {"vingts": 20}
_HUNDREDS = frozenset("hundred cent cents".split())
_SCALES = {
    "en": {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12},
    "fr": {"mille": 10**3, "million": 10**6, "milliard": 10**9, "billion": 10**12},
}

#: The languages whose number words are read.
LANGUAGES = frozenset(_SCALES)

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
_JOINT = re.compile(r"[ \u00a0\u202f-]|(?:[ -](?:and|et)[ -])")
_AND = frozenset(("and", "et"))
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
    """The numbers of a text; those in words only of ``LANGUAGES``."""
    found: list[Numeral] = []
    run: list[re.Match[str]] = []
    for token in chain(_TOKEN.finditer(text), (None,)):
        if token and run and token["word"] in _AND:
            continue
        joined = token and run and _JOINT.fullmatch(text, run[-1].end(), token.start())
        if token and token["word"] and _is_number(fold(token["word"]), language):
            if not joined:
                found += _of_run(text, run, language)
                run = []
            run.append(token)
            continue
        found += _of_run(text, run, language)
        run = []
        if token and token["digits"]:
            run = [token]
    return found


def _is_number(folded: str, language: str) -> bool:
    known = folded in _UNITS or folded in _TENS or folded in _HUNDREDS or folded in _ABOUT
    return language in LANGUAGES and (known or _scale(folded, language) is not None)


def _scale(folded: str, language: str) -> int | None:
    scales = _SCALES.get(language, {})
    return scales.get(folded) or scales.get(folded.removesuffix("s"))


def _of_run(text: str, run: list[re.Match[str]], language: str) -> Iterator[Numeral]:
    """The numbers of a run of tokens that stand together: digits, words, or digits and words."""
    while run:
        first, taken = run[0], 1
        if first["digits"]:
            readings = _readings(text, first)
            while taken < len(run) and (scale := _scale(fold(run[taken]["word"]), language)):
                readings = {reading * scale for reading in readings}
                taken += 1
            size = max(readings)
            loose = bool(first["ordinal"] or first["digits"] == "1")  # 1 million is a million
            if language not in LANGUAGES:
                readings = {reading * scale for reading in readings for scale in _ANY_SCALE}
        else:
            value, taken = _in_words([fold(token["word"]) for token in run], language)
            size, readings, loose = (
                value,
                {value},
                taken == 1 and _is_about(fold(first["word"]), language),
            )
        written = text[first.start() : run[taken - 1].end()]
        spelled = not first["digits"] or bool(first["decade"])
        yield Numeral(written, frozenset(readings), size, spelled, loose)
        run = run[taken:]


def _is_about(folded: str, language: str) -> bool:
    """Whether a word alone is no exact number: hundreds, millions, une vingtaine."""
    return folded in _ABOUT or folded in _HUNDREDS or _scale(folded, language) is not None


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


def _in_words(words: list[str], language: str) -> tuple[float, int]:
    """The value of the first number of some words, and how many of them it takes."""
    total = current = 0
    for taken, word in enumerate(words):
        scale = _scale(word, language)
        last = current % 100
        if scale and (not total or scale < _lowest(total)):
            total, current = total + max(current, 1) * scale, 0
        elif word in _HUNDREDS and current < 100:  # noqa: PLR2004
            current = max(current, 1) * 100
        elif word in ("vingt", "vingts") and last == 4:  # noqa: PLR2004  # quatre-vingts
            current += 76
        elif word in _TENS and not last:
            current += _TENS[word]
        elif word in _UNITS and (
            not last or (last % 10 == 0 and last >= 20 and _UNITS[word] < _room(last))  # noqa: PLR2004
        ):
            current += _UNITS[word]
        elif not taken:
            return float(_ABOUT.get(word, 0)), 1
        else:
            return float(total + current), taken
    return float(total + current), len(words)


def _lowest(total: int) -> int:
    """The scale of the last part of a number: of two million, a million."""
    return next(scale for scale in reversed(_ANY_SCALE) if total % scale == 0)


def _room(tens: int) -> int:
    """What may be added to a multiple of ten: soixante-dix-neuf, quatre-vingt-dix-neuf."""
    return 20 if tens in (60, 80) else 10


def disagreement(
    original: str, language: str, translation: str, other: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The numbers of an original that its translation lacks, and the reverse, as written."""
    ours, theirs = numerals(original, language), numerals(translation, other)
    both = {language, other} <= LANGUAGES
    return tuple(_lacking(ours, theirs, both=both)), tuple(_lacking(theirs, ours, both=both))


def _lacking(found: Iterable[Numeral], others: Iterable[Numeral], *, both: bool) -> Iterator[str]:
    """The exact numbers that are not among those of the other side."""
    accepted = frozenset[float]().union(*(other.readings for other in others))
    for one in found:
        least = _BOTH if both and not one.spelled else _FEW
        needed = not one.loose and one.size > least and (both or not one.spelled)
        if needed and accepted.isdisjoint(one.readings):
            yield one.text
