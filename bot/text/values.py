"""The numbers, dates, times and amounts of a text as values, however they are written.

23, *twenty-three* and *vingt-trois* are one number; 6 November 2024, *6 novembre 2024* and
2024-11-06 are one day. Each value has a key, which is the same in every language, so that values
are compared by equality; a date or an amount also has weaker keys: its month, its bare number.

Number words are read by text2num, in their own language only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import text_to_num

from bot.text.tokens import CONCEPT_MARK, fold

Kind = Literal[
    "number", "ordinal", "century", "decade", "percent", "money", "quantity", "time", "date"
]

#: Begins the form that stands in an index for a value; no word and no group of the glossary does.
VALUE_MARK = f"{CONCEPT_MARK}="

#: How much a match through a weaker key counts beside one of the value itself.
WEAKER_WEIGHT = 0.5

_LETTER: dict[Kind, str] = {
    "number": "n", "ordinal": "o", "century": "s", "decade": "y", "percent": "p", "money": "c",
    "quantity": "u", "time": "t", "date": "d",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    """A value at ``text[start:end]``; two are equal in meaning if their keys are."""

    kind: Kind
    value: str  #: 23; 2024-11-06, 2024-11, --11-06 (ISO 8601); 20:30; 12 GBP; 2 week
    start: int
    end: int
    weaker: tuple[str, ...] = ()  #: keys of what it says among other things

    @property
    def key(self) -> str:
        """What it is compared by."""
        return f"{_LETTER[self.kind]}:{self.value}"


_SPACE = r"[ \u00a0\u202f\u2009]"

_MONTHS = {
    "en": (
        r"jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?\.?|july?\.?"
        r"|aug(?:ust|\.)?|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?"
    ),
    "fr": (
        r"janv(?:ier|\.)?|f[ée]vr?(?:ier|\.)?|mars|avr(?:il|\.)?|mai|juin|juil(?:let|\.)?|ao[ûu]t"
        r"|sept(?:embre|\.)|oct(?:obre|\.)?|nov(?:embre|\.)?|d[ée]c(?:embre|\.)?"
    ),
}
_MONTH_STARTS = {
    "jan": 1, "fev": 2, "feb": 2, "mar": 3, "avr": 4, "apr": 4, "mai": 5, "may": 5, "juin": 6,
    "jun": 6, "juil": 7, "jul": 7, "aou": 8, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip

_GROUPS = (
    rf"\d{{1,3}}(?:(?:{_SPACE}|['’])\d{{3}}){{1,5}}(?!\d)(?:[.,]\d{{1,9}})?"
    r"|[1-9]\d{0,2}(?:,\d{3}){1,5}(?!\d)(?:\.\d{1,9})?|[1-9]\d{0,2}(?:\.\d{3}){1,5}(?!\d)(?:,\d{1,9})?"
    r"|\d{1,15}(?:[.,]\d{1,9})?"
)


def _scan(language: str) -> str:
    """Return a pattern of what a value may begin with, the likeliest reading first."""
    month = _MONTHS.get(language, r"(?!)")
    day = r"\d{1,2}(?:st|nd|rd|th|er|e)?"
    year = r"[12]\d{3}(?![\d.,]\d)(?!\w)"
    of = rf"(?:{_SPACE}(?:of|de){_SPACE}|{_SPACE}|-)"
    first = r"(?P<first>premier)|" if language == "fr" else r"(?P<first>(?!))|"
    month_first = (
        rf"|(?P<month2>{month})\b\.?{_SPACE}(?P<day2>{day})(?![\w:]|[.,]\d)"
        rf"(?:,?{_SPACE}(?P<year2>{year}))?"
        if language == "en"
        else r"|(?P<month2>(?!))(?P<day2>)(?P<year2>)"
    )
    return (
        r"(?<![\w])(?<!\d[.,])(?:"
        r"(?P<iso>(?P<y>[12]\d{3})-(?P<m>0[1-9]|1[0-2])(?:-(?P<d>[0-3]\d))?(?![\d-]))(?!\w(?<!T))"
        r"|(?P<parts>\d{1,2}(?P<sep>[/.])\d{1,2}(?P=sep)(?:[12]\d{3}|\d{2}))(?![\w/]|[.,]\d)"
        rf"|(?:{first}(?P<day>{day})){of}(?P<month>{month})(?![^\W\d])"
        rf"(?:(?:{of}|,{_SPACE})(?P<year>{year}))?"
        rf"{month_first}"
        rf"|(?P<month3>{month})(?![^\W\d])(?:{of}|,{_SPACE})(?P<year3>{year})"
        rf"|(?P<hour>\d{{1,2}}){_SPACE}?[hH]{_SPACE}?(?P<minute>[0-5]\d)(?:{_SPACE}?min)?(?!\w)"
        rf"|(?P<hour2>\d{{1,2}}):(?P<minute2>[0-5]\d)(?::[0-5]\d)?(?![\d:])"
        rf"(?:{_SPACE}?(?P<half2>[ap])\.?{_SPACE}?m\b)?"
        rf"|(?P<hour3>\d{{1,2}})(?:\.(?P<minute3>[0-5]\d))?{_SPACE}?(?P<half3>[ap])\.?{_SPACE}?m\b"
        r"|(?P<roman>[IVX]{1,7})(?P<nth>er|re|ère|e|ème|eme|nd|nde)?(?![\w'’.])"
        rf"|(?!0\d)(?P<digits>{_GROUPS})(?![.,]?\d)"
        r"|(?P<version>\d{1,9}(?:\.\d{1,9}){0,8})"
        r"|(?P<word>[^\W\d_]{2,14})(?!\w)"
        r")"
    )


_ROMAN = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})")
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10}

# What may follow a number.
_NTH = {
    "en": re.compile(r"(?:st|nd|rd|th)\b"),
    "fr": re.compile(r"(?:er|ère|re|ème|eme|ième|e|nde?)s?\b"),
}
_DECADE = re.compile(r"['’]?s\b")
_SCALES = {
    "thousand": 3, "thousands": 3, "million": 6, "millions": 6, "mn": 6, "bn": 9, "trillion": 12,
    "k": 3, "mille": 3, "milliard": 9, "milliards": 9, "md": 9, "mds": 9, "mio": 6,
}  # fmt: skip
_BILLION = {"en": 9, "fr": 12}
_SCALE = re.compile(
    rf"{_SPACE}?(thousand|millions?|billions?|trillions?|milliards?|mille|mio|mn|bn|mds?|k|M)"
    r"(?![^\W_])",
    re.IGNORECASE,
)
_JOINT = rf"(?:{_SPACE}(?:de|of){_SPACE}|{_SPACE}d['’]|[- \u00a0\u202f\u2009])?"
_PERCENT = re.compile(rf"{_SPACE}?(?:%|percent\b|per{_SPACE}cent\b|pct\b|pour{_SPACE}?cents?\b)")
_CURRENCIES = {
    "€": "EUR", "euro": "EUR", "euros": "EUR", "eur": "EUR", "£": "GBP", "pound": "GBP",
    "pounds": "GBP", "gbp": "GBP", "quid": "GBP", "livres sterling": "GBP", "livre sterling": "GBP",
    "$": "USD", "us$": "USD", "dollar": "USD", "dollars": "USD", "usd": "USD", "bucks": "USD",
    "¥": "JPY", "yen": "JPY", "yens": "JPY", "jpy": "JPY", "franc": "CHF", "francs": "CHF",
    "chf": "CHF", "₽": "RUB", "rub": "RUB", "rouble": "RUB", "roubles": "RUB", "ruble": "RUB",
    "rubles": "RUB", "won": "KRW", "krw": "KRW", "yuan": "CNY", "yuans": "CNY", "cny": "CNY",
}  # fmt: skip
_UNITS = {
    word: unit
    for unit, words in {
        "second": "second seconds sec secs seconde secondes s",
        "minute": "minute minutes min mins mn",
        "hour": "hour hours hr hrs h heure heures",
        "day": "day days jour jours",
        "week": "week weeks wk wks semaine semaines",
        "month": "month months mois",
        "year": "year years yr yrs an ans annee annees",
        "km": "km kilometre kilometres kilometer kilometers kms",
        "m": "m metre metres meter meters",
        "cm": "cm centimetre centimetres centimeter centimeters",
        "mm": "mm millimetre millimetres millimeter millimeters",
        "mile": "mile miles",
        "kg": "kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes",
        "g": "g gram grams gramme grammes",
        "l": "l litre litres liter liters",
        "kb": "kb ko", "mb": "mb mo", "gb": "gb go", "tb": "tb to",
    }.items()
    for word in words.split()
}  # fmt: skip
_AFTER = re.compile(
    rf"{_JOINT}(?:(?P<sign>[€£$¥₽])|(?P<century>century|centuries|si[èe]cles?)\b"
    rf"|(?P<word>livres?{_SPACE}sterling|[^\W\d_]{{1,12}})(?![\w]))",
    re.IGNORECASE,
)
_SIGN_BEFORE = re.compile(
    rf"(?<!\d)(?<!\d[ \u00a0\u202f])(?:US\$|[€£$¥₽]|\b(?:EUR|GBP|USD|CHF|JPY|RUB)){_SPACE}?$"
)
_CLOCK_BEFORE = re.compile(r"\b(half past|quarter past|quarter to) $", re.IGNORECASE)
# *At ten and not before*, but no *at ten metres*.
_AT_BEFORE = re.compile(r"\bat $", re.IGNORECASE)
_AT_AFTER = re.compile(
    r"(?= (?:and|or|to|until|till|on|every|in the)\b|[.,;!?)](?!\d)|$)", re.IGNORECASE
)
_CLOCK_AFTER = re.compile(
    rf"{_SPACE}(?:o['’]clock\b(?:{_SPACE}(?P<part>am|pm))?|(?P<half>[ap])\.?m\b)", re.IGNORECASE
)
_HEURE_AFTER = re.compile(
    rf"{_SPACE}(?:(?P<demie>et demie?)|(?P<quart>et quart)|(?P<moins>moins le quart)"
    r"|(?P<minutes>[0-5]\d|quinze|trente|quarante-cinq))(?!\w)",
    re.IGNORECASE,
)
_DU_SOIR = re.compile(rf"{_SPACE}(?:du soir|de l['’]apr[èe]s-midi)\b", re.IGNORECASE)
_MINUTES = {"quinze": 15, "trente": 30, "quarante-cinq": 45}

_LONGEST_RUN = 12  # words of a number
_NEXT_WORD = re.compile(
    rf"(?:[- \u00a0\u202f\u2009](?:and|et)[- \u00a0\u202f\u2009]|{_SPACE}|-)([^\W\d_]{{2,14}})"
)
_PIECES = re.compile(r"\w+|\W")

_CARDINALS = {
    "en": (
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty thirty forty fourty fifty sixty "
        "seventy eighty ninety hundred thousand million billion trillion"
    ),
    "fr": (
        "zero un une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze "
        "quinze seize vingt vingts trente quarante cinquante soixante septante huitante octante "
        "nonante cent cents mille million millions milliard milliards"
    ),
}
_ORDINALS = {
    "en": (
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
        "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth "
        "thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth hundredth thousandth"
    ),
    "fr": (
        "premier premiere premiers premieres second seconde deuxieme troisieme quatrieme cinquieme "
        "sixieme septieme huitieme neuvieme dixieme onzieme douzieme treizieme quatorzieme "
        "quinzieme seizieme vingtieme unieme trentieme quarantieme cinquantieme soixantieme "
        "centieme millieme"
    ),
}
# Those that text2num does not read without accents or does not know, as value and kind.
_OWN: dict[str, dict[str, tuple[Kind, str]]] = {
    "en": {
        "first": ("ordinal", "1"), "second": ("ordinal", "2"), "third": ("ordinal", "3"),
        "dozen": ("number", "12"), "noon": ("time", "12:00"), "midday": ("time", "12:00"),
        "midnight": ("time", "00:00"), "fortnight": ("quantity", "2 week"),
        "decade": ("quantity", "10 year"),
    },
    "fr": {
        "premier": ("ordinal", "1"), "premiere": ("ordinal", "1"), "second": ("ordinal", "2"),
        "dizaine": ("number", "10"), "douzaine": ("number", "12"), "quinzaine": ("number", "15"),
        "vingtaine": ("number", "20"), "trentaine": ("number", "30"),
        "quarantaine": ("number", "40"), "cinquantaine": ("number", "50"),
        "soixantaine": ("number", "60"), "centaine": ("number", "100"),
        "millier": ("number", "1000"),
        "midi": ("time", "12:00"), "minuit": ("time", "00:00"),
        "decennie": ("quantity", "10 year"),
    },
}  # fmt: skip
# Alone these are more often no number than one.
_NEVER_ALONE = frozenset(
    "one un une hundred thousand million billion trillion cents millions".split()
)
_POINT = frozenset(("point", "virgule"))
_ACCENTS = {"zero": "zéro", "unieme": "unième"}

_CARDINAL_WORDS = {language: frozenset(words.split()) for language, words in _CARDINALS.items()}
_ORDINAL_WORDS = {language: frozenset(words.split()) for language, words in _ORDINALS.items()}


def _accented(word: str) -> str:
    """Return a number word as text2num knows it."""
    folded = fold(word) if word.isalpha() else word
    if folded.endswith("ieme"):
        return f"{folded[:-4]}ième"
    return _ACCENTS.get(folded, folded) if word.isalpha() else word


_ALL_WORDS = {
    language: frozenset(
        form
        for word in (*_CARDINAL_WORDS[language], *_ORDINAL_WORDS[language], *_OWN[language])
        for form in (word, _accented(word))
    )
    | {"zéro", "première", "premières", "décennie"}
    for language in _OWN
}
# With what a value may begin beside digits.
_STARTS = {
    language: _ALL_WORDS[language] | frozenset(months.split())
    for language, months in {
        "en": (
            "january february march april may june july august september october november december "
            "jan feb mar apr jun jul aug sep sept oct nov dec"
        ),
        "fr": (
            "janvier février fevrier mars avril mai juin juillet août aout septembre octobre "
            "novembre décembre decembre janv févr fevr fév fev avr juil oct nov déc dec"
        ),
    }.items()
}
_PIECE = re.compile(r"[^\W\d_]+|\d+")
_WORDS = re.compile(r"[^\W\d_]+")
# As a folded word: only such a word may be a number in Roman digits.
_ROMAN_WORD = re.compile(r"[ivx]{2,7}(?:er|ere|re|e|eme)?|[ivx](?:er|ere|re|e|eme)")


# *One* and *un* are too common to look behind each; what they count in a value is not.
_TELLING = {
    language: (words - {"one", "un", "une"}) | set(counted.split())
    for (language, words), counted in zip(
        _ALL_WORDS.items(),
        (
            "second minute hour day week month year euro dollar pound franc percent cent "
            "kilometre kilometer metre meter mile litre liter gram yen rouble ruble kilo km",
            "seconde minute heure jour semaine mois an annee euro dollar livre franc cents "
            "kilometre metre litre gramme kilo yen rouble km",
        ),
        strict=True,
    )
}


def may_hold_value(folded: str, language: str) -> bool:
    """Whether a folded word shows that there may be a value: few sentences have such a word."""
    return (
        any(map(str.isdigit, folded))
        or folded in _TELLING.get(language, ())
        or _ROMAN_WORD.fullmatch(folded) is not None
    )


_PATTERNS = {language: re.compile(_scan(language), re.IGNORECASE) for language in ("en", "fr", "")}


@dataclass(frozen=True, slots=True)
class _Number:
    """A bare number, before it is known what it counts."""

    value: Decimal
    start: int
    end: int
    ordinal: bool = False
    digits: bool = True
    alone: bool = True  #: whether it is a number without a unit


class _Piece(text_to_num.Token):
    """A word, or what stands between two, for text2num."""

    def __init__(self, text: str) -> None:
        self._text = text

    def text(self) -> str:
        """Return the piece."""
        return self._text


def find_values(text: str, language: str) -> list[Value]:
    """Return the values of a text, from left to right, none within another."""
    return list(_values(text, language))


def value_keys(text: str, language: str) -> list[tuple[str, float, int, int]]:
    """Key, weight, start and end of each value of a text and of what it says among other things."""
    found = []
    for value in find_values(text, language):
        found.append((value.key, 1.0, value.start, value.end))
        found += [(key, WEAKER_WEIGHT, value.start, value.end) for key in value.weaker]
    return found


def _values(text: str, language: str) -> Iterator[Value]:
    pattern = _PATTERNS.get(language, _PATTERNS[""])
    words = _STARTS.get(language, frozenset())
    place = 0
    for piece in _PIECE.finditer(text):
        start, written = piece.start(), piece[0]
        if start < place or not (
            written[0].isdecimal() or written.lower() in words or written[0] in "IVX"
        ):
            continue
        match = pattern.match(text, start)
        if match is None:
            continue
        value = _read(text, match, language)
        if value is not None:
            yield value
        place = value.end if value else place if match["word"] else match.end()


def _read(text: str, match: re.Match[str], language: str) -> Value | None:
    """Return the value that begins where a pattern matched, if there is one."""
    if match["word"]:
        return _in_words(text, match, language)
    if match["digits"]:
        digits = _decimal(match["digits"], language)
        return _counted(text, _Number(digits, *match.span("digits")), language)
    for name, read in _READERS.items():
        if match[name]:
            return read(match, language) or _fallback(text, match, language)
    return None


def _fallback(text: str, match: re.Match[str], language: str) -> Value | None:
    """Return the number at the beginning of what looked like a date or a time and is none."""
    digits = _LEADING.match(text, match.start())
    if digits is None:
        return None
    return _counted(text, _Number(Decimal(digits[0]), *digits.span()), language)


_LEADING = re.compile(r"[1-9]\d{0,14}(?![\d.,]\d)")


def _decimal(digits: str, language: str) -> Decimal:
    """Return a number of digits.

    In English a comma parts groups of three, elsewhere a point does.
    """
    digits = _BETWEEN.sub("", digits)
    comma, point = digits.count(","), digits.count(".")
    if comma and point:
        groups, decimal = (",", ".") if digits.index(",") < digits.index(".") else (".", ",")
    elif comma + point > 1:
        groups, decimal = (",", ".") if comma else (".", ",")
    else:
        grouped = "," if language == "en" else "."
        three = digits[-4:-3] == grouped and not digits.startswith("0")
        groups, decimal = (
            (grouped, "") if three and len(digits) <= 7 else ("", "," if comma else ".")
        )
    if groups:
        digits = digits.replace(groups, "")
    return Decimal(digits.replace(decimal, ".") if decimal else digits)


_BETWEEN = re.compile(r"[ \u00a0\u202f\u2009'’]")


def _plain(number: Decimal) -> str:
    """Return the shortest digits of a number."""
    digits = f"{number:f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _date(year: int | None, month: int, day: int | None) -> tuple[str, tuple[str, ...]] | None:
    """Return a date in ISO 8601, and the keys of its parts; None where there is no such day."""
    if not 1 <= month <= 12 or (day is not None and not 1 <= day <= 31):
        return None
    if year is None:
        return f"--{month:02}-{day:02}", ()
    if day is None:
        return f"{year}-{month:02}", (f"n:{year}",)
    parts = (f"d:--{month:02}-{day:02}", f"d:{year}-{month:02}", f"n:{year}")
    return f"{year}-{month:02}-{day:02}", parts


def _month(written: str) -> int:
    folded = fold(written)
    return _MONTH_STARTS.get(folded[:4]) or _MONTH_STARTS[folded[:3]]


def _iso(match: re.Match[str], _: str) -> Value | None:
    return _of_date(
        match, _date(int(match["y"]), int(match["m"]), int(match["d"]) if match["d"] else None)
    )


def _of_date(match: re.Match[str], date: tuple[str, tuple[str, ...]] | None) -> Value | None:
    return Value("date", date[0], *match.span(), date[1]) if date else None


def _in_parts(match: re.Match[str], language: str) -> Value | None:
    """06/11/2024: the day first, but where only the other order is a date."""
    one, other, year = map(int, match["parts"].split(match["sep"]))
    if year < 100:
        year += 2000 if year < 70 else 1900
    day_first, month_first = _date(year, other, one), _date(year, one, other)
    if language != "en" or match["sep"] == "." or not month_first:
        return _of_date(match, day_first)
    if not day_first:
        return _of_date(match, month_first)
    weaker = tuple(dict.fromkeys((f"d:{month_first[0]}", *day_first[1], *month_first[1])))
    return Value("date", day_first[0], *match.span(), weaker)


def _named_month(match: re.Match[str], _: str) -> Value | None:
    for number in ("", "2", "3"):
        if month := match[f"month{number}"]:
            written_year = match[f"year{number}"]
            written_day = None if number == "3" else match[f"day{number}"]
            day = int(_DIGITS.match(written_day)[0]) if written_day else None  # type: ignore[index]
            if match["first"]:
                day = 1
            return _of_date(
                match, _date(int(written_year) if written_year else None, _month(month), day)
            )
    return None


_DIGITS = re.compile(r"\d+")


def _clock(match: re.Match[str], language: str) -> Value | None:
    number = next(number for number in ("", "2", "3") if match[f"hour{number}"])
    half = match[f"half{number}"] if number else None
    return _time(
        int(match[f"hour{number}"]),
        int(match[f"minute{number}"] or 0),
        *match.span(),
        half=half,
        twelve=language == "en" and number == "2" and not match["hour2"].startswith("0"),
    )


def _time(
    hour: int, minute: int, start: int, end: int, *, half: str | None = None, twelve: bool = False
) -> Value | None:
    """Return a time of day; ``twelve``: without *a.m.* or *p.m.* it may be meant of either half."""
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    if hour > 24:
        return None
    weaker = (f"t:{hour + 12:02}:{minute:02}",) if twelve and not half and 1 <= hour < 12 else ()
    return Value("time", f"{hour % 24:02}:{minute:02}", start, end, weaker)


def _roman(match: re.Match[str], _: str) -> Value | None:
    """Return a number in Roman digits: XXIe, Ier; without an ending of two letters or more."""
    digits = match["roman"]
    if (
        not digits.isupper()
        or not _ROMAN.fullmatch(digits)
        or (len(digits) < 2 and not match["nth"])
    ):
        return None
    values = [_ROMAN_DIGITS[digit] for digit in digits]
    pairs = zip(values, [*values[1:], 0], strict=True)
    number = sum(-one if one < following else one for one, following in pairs)
    kind: Kind = "number"
    end = match.end()
    if match["nth"]:
        kind = "ordinal"
    if century := _CENTURY.match(match.string, end):
        kind, end = "century", century.end()
    return Value(kind, str(number), match.start(), end)


_CENTURY = re.compile(rf"{_SPACE}?(?:century|si[èe]cles?)\b", re.IGNORECASE)

_READERS: dict[str, Callable[[re.Match[str], str], Value | None]] = {
    "iso": _iso, "parts": _in_parts, "month": _named_month, "month2": _named_month,
    "month3": _named_month, "hour": _clock, "hour2": _clock, "hour3": _clock, "roman": _roman,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spelled:
    """A number in words, as text2num reads it, from where it was looked for to ``end``."""

    value: Decimal
    end: int
    ordinal: bool


def spelled_number(text: str, start: int, language: str) -> Spelled | None:
    """Return the number whose words begin at a place of a text, if one does."""
    cardinals = _CARDINAL_WORDS.get(language, frozenset())
    ordinals = _ORDINAL_WORDS.get(language, frozenset())
    first = _WORDS.match(text, start)
    if first is None or ((folded := fold(first[0])) not in cardinals and folded not in ordinals):
        return None
    end, count = first.end(), 1
    while (
        count < _LONGEST_RUN
        and (following := _NEXT_WORD.match(text, end))
        and ((word := fold(following[1])) in cardinals or word in ordinals or word in _POINT)
    ):
        end, count = following.end(), count + 1
    pieces = _PIECES.findall(text[start:end])
    found = text_to_num.find_numbers([_Piece(_accented(one)) for one in pieces], language, 0)
    if not found or found[0].start:
        return None
    end = start + sum(map(len, pieces[: found[0].end]))
    return Spelled(Decimal(str(found[0].value)), end, found[0].is_ordinal)


def _in_words(text: str, match: re.Match[str], language: str) -> Value | None:
    """Return the value that begins with a word."""
    start, folded = match.start(), fold(match["word"])
    spelled = spelled_number(text, start, language)
    if spelled is None or (spelled.end == match.end() and folded in _OWN[language]):
        return _own(text, match, folded, language)
    alone = fold(text[start : spelled.end]) not in _NEVER_ALONE
    number = _Number(spelled.value, start, spelled.end, spelled.ordinal, digits=False, alone=alone)
    return _counted(text, number, language)


def _own(text: str, match: re.Match[str], folded: str, language: str) -> Value | None:
    """Return a value of one word that text2num does not read."""
    known = _OWN.get(language, {}).get(folded)
    if known is None:
        return None
    kind, value = known
    if kind in ("number", "ordinal"):
        number = _Number(Decimal(value), *match.span(), ordinal=kind == "ordinal", digits=False)
        return _counted(text, number, language)
    weaker = (f"n:{value.split()[0]}",) if kind == "quantity" else ()
    return Value(kind, value, *match.span(), weaker)


def _counted(text: str, number: _Number, language: str) -> Value | None:
    """Return a number with what it counts: its scale, unit, currency, or the clock."""
    value, start, end = number.value, number.start, number.end
    if number.digits and not number.ordinal:
        nth = _NTH.get(language)
        if nth and value == value.to_integral_value() and (match := nth.match(text, end)):
            return _ordinal(text, value, start, match.end())
        if value >= 1000 and value % 10 == 0 and (match := _DECADE.match(text, end)):
            return Value("decade", _plain(value), start, match.end(), (f"n:{_plain(value)}",))
    if number.ordinal:
        return _ordinal(text, value, start, end)
    sign = _SIGN_BEFORE.search(text, max(0, start - 4), start)
    if scale := _SCALE.match(text, end):
        word = scale[1].lower().removesuffix("s") if scale[1].lower() != "mds" else "md"
        exponent = _BILLION.get(language, 9) if word == "billion" else _SCALES.get(word)
        after = _AFTER.match(text, scale.end())
        if scale[1] in ("M", "m") and (sign or (after and after["sign"])):
            exponent = 6
        elif word == "m":
            exponent = None
        if exponent:
            value, end = value * 10**exponent, scale.end()
            number = _Number(value, start, end, digits=number.digits)
    return _with_unit(text, number, sign, language)


def _ordinal(text: str, value: Decimal, start: int, end: int) -> Value:
    if century := _CENTURY.match(text, end):
        return Value("century", _plain(value), start, century.end(), (f"o:{_plain(value)}",))
    return Value("ordinal", _plain(value), start, end)


def _with_unit(
    text: str, number: _Number, sign: re.Match[str] | None, language: str
) -> Value | None:
    """Return a number with its unit, or alone."""
    digits, start, end = _plain(number.value), number.start, number.end
    bare = (f"n:{digits}",)
    if match := _PERCENT.match(text, end):
        return Value("percent", digits, start, match.end(), bare)
    if sign:
        currency = _CURRENCIES[sign[0].strip().lower().strip("\u00a0\u202f\u2009")]
        return Value("money", f"{digits} {currency}", sign.start(), end, bare)
    if number.value == number.value.to_integral_value() and (clock := _on_the_clock(text, number)):
        return clock
    after = _AFTER.match(text, end)
    word = fold(after["sign"] or after["word"] or "") if after else ""
    if after and (code := _CURRENCIES.get(word)):
        return Value("money", f"{digits} {code}", start, after.end(), bare)
    if after and (unit := _UNITS.get(word)):
        return _quantity(text, number, unit, after.end(), language)
    return _bare(text, number)


def _bare(text: str, number: _Number) -> Value | None:
    """Return a number that counts nothing that is known; the second year of 1914-18 in full."""
    digits, start, end = _plain(number.value), number.start, number.end
    if not number.alone or (number.digits and _GLUED.match(text, end)):
        return None
    if len(digits) == 2 and (first := _RANGE_BEFORE.search(text, max(0, start - 5), start)):
        digits = first[1] + digits  # 1914-18
    if _RELEASE.fullmatch(text, start, end):
        return Value("number", text[start:end], start, end, (f"n:{digits}",))
    return Value("number", digits, start, end)


_RANGE_BEFORE = re.compile(r"(?<!\d)([12]\d)\d\d[-–—/]$")
#: A release, 4.0, is more than the number 4.
_RELEASE = re.compile(r"\d{1,3}\.0")
_GLUED = re.compile(r"[^\W\d]|/\w")


def _quantity(text: str, number: _Number, unit: str, end: int, language: str) -> Value | None:
    """So many of a unit; in French an hour is one of the clock as well."""
    digits = _plain(number.value)
    weaker = [f"n:{digits}"]
    if unit == "hour" and language == "fr" and digits.isdecimal() and number.value <= 24:
        hour, minute = int(digits), 0
        if _DU_SOIR.match(text, end) and hour < 12:
            return _time(hour, 0, number.start, end, half="p")
        if match := _HEURE_AFTER.match(text, end):
            minute = 30 if match["demie"] else 15 if match["quart"] else 45 if match["moins"] else 0
            if match["minutes"]:
                minute = _MINUTES.get(match["minutes"].lower()) or int(match["minutes"])
            return _time((hour - bool(match["moins"])) % 24, minute, number.start, match.end())
        weaker.insert(0, f"t:{hour % 24:02}:00")
    return Value("quantity", f"{digits} {unit}", number.start, end, tuple(weaker))


def _on_the_clock(text: str, number: _Number) -> Value | None:
    """Half past eight, eight o'clock, eight p.m."""
    hour = int(number.value)
    before = _CLOCK_BEFORE.search(text, max(0, number.start - 14), number.start)
    after = _CLOCK_AFTER.match(text, number.end)
    alone = _AT_BEFORE.search(text, max(0, number.start - 4), number.start)
    if alone and 0 < hour <= 12 and not (before or after) and _AT_AFTER.match(text, number.end):
        return _time(hour, 0, number.start, number.end, twelve=True)
    if hour > 12 or not (before or after):
        return None
    minute, end, start = 0, number.end, number.start
    half = None
    if after:
        end = after.end()
        half = after["half"] or (after["part"] or "")[:1]
    if before:
        start = before.start()
        words = before[1].lower()
        minute = 30 if words.startswith("half") else 15 if words.endswith("past") else 45
        hour = hour - 1 or 12 if words.endswith("to") else hour
    return _time(hour, minute, start, end, half=half, twelve=True)
