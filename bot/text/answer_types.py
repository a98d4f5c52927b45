"""What kind of thing a question asks for, and which words of a text are of that kind.

*When?* wants a date, *how many?* a number, *who?* and *where?* a name, *why?* a cause. A sentence
that holds what is asked for is likelier to answer, whatever else it shares with the question.
"""

from __future__ import annotations

import re
from enum import IntFlag


class AnswerType(IntFlag):
    """Kinds of words, as bits, so that one byte a word holds them all."""

    DATE = 1  #: a year, month, day or century
    NUMBER = 2  #: a quantity in digits or words
    NAME = 4  #: written with a capital where the grammar does not ask for one
    CAUSE = 8  #: because, in order to, parce que, ...


NO_KIND = AnswerType(0)

_DATE_WORDS = frozenset(
    "january february march april june july august september october november december monday "
    "tuesday wednesday thursday friday saturday sunday century year yesterday today tomorrow "
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre lundi "
    "mardi mercredi jeudi vendredi samedi dimanche siecle annee hier demain".split()
)
_NUMBER_WORDS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety "
    "hundred thousand million billion trillion dozen half third quarter twice double "
    "deux trois quatre cinq sept huit neuf dix onze douze treize quatorze quinze seize vingt "
    "trente quarante cinquante soixante cent cents mille million millions milliard milliards "
    "douzaine dizaine centaine moitie tiers quart".split()
)
_CAUSE_WORDS = frozenset(
    "because cause caused causes due since reason reasons therefore thus order purpose result "
    "parce car afin raison raisons cause causes grace puisque donc but pourquoi".split()
)
_YEAR = re.compile(r"1[0-9]{3}|20[0-9]{2}")


def answer_types_of(folded: str) -> AnswerType:
    """The kinds that a folded word shows by itself; whether it is a name shows only in a text."""
    kind = NO_KIND
    if folded[:1].isdigit():
        kind |= AnswerType.NUMBER
        if _YEAR.fullmatch(folded):
            kind |= AnswerType.DATE
    if folded in _NUMBER_WORDS:
        kind |= AnswerType.NUMBER
    if folded in _DATE_WORDS:
        kind |= AnswerType.DATE
    if folded in _CAUSE_WORDS:
        kind |= AnswerType.CAUSE
    return kind


_THING = r"(?:was the |is the |est la |est le |etait la |etait le |fut la |fut le )?"
# Tried in this order on the folded words of the question; the first that is found decides.
_QUESTIONS = (
    (
        AnswerType.DATE,
        rf"when|quand|(?:what|which) {_THING}(?:year|date|day|month|century|decade)s?"
        rf"|quel(?:le)?s? {_THING}(?:annee|date|epoque|periode|jour|mois|siecle|decennie)s?",
    ),
    (
        AnswerType.NUMBER,
        r"how (?:many|much|old|long|tall|far|large|big|high|fast|wide|deep|often)|combien|cb"
        rf"|what {_THING}(?:percentage|percent|number|portion|fraction|population|proportion)"
        rf"|quel(?:le)?s? {_THING}(?:nombre|pourcentage|taille|hauteur|longueur|superficie"
        r"|distance|population|proportion|part|age|duree)",
    ),
    (AnswerType.CAUSE, rf"why|pourquoi|what {_THING}(?:reason|cause|caused)|quelle {_THING}raison"),
    (
        AnswerType.NAME,
        r"who|whom|whose|where|qui|d ou"
        rf"|(?:what|which) {_THING}(?:person|man|woman|king|city|country|place|state|town|region)"
        rf"|quel(?:le)?s? {_THING}(?:ville|pays|region|lieu|endroit|roi|reine|personne)",
    ),
)
_ASKED = [(kind, re.compile(rf"\b(?:{pattern})\b")) for kind, pattern in _QUESTIONS]
_OU = re.compile(r"^où\b|\bd'?où\b|\boù\s*\?*$|\boù (?:est|sont|se|a|ont|était|fut)\b")
_QU_EST_CE_QUI = re.compile(r"\bqu est ce qui\b")


def expected_answer_type(question: str, folded: list[str]) -> AnswerType:
    """The kind that a question asks for (no kind for *what?*); ``folded`` are its words."""
    line = " ".join(folded)
    for kind, pattern in _ASKED:
        if pattern.search(line):
            if kind is AnswerType.NAME and _QU_EST_CE_QUI.search(line):
                return NO_KIND
            return kind
    # Accents tell où (where) from ou (or).
    return AnswerType.NAME if _OU.search(question.lower()) else NO_KIND
