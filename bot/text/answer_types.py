"""What kind of thing a question asks for, and which words of a text are of that kind.

*When?* wants a date, *how many?* a number, *how long?* a duration, *how deep?* a length, *how much
is it?* an amount, *who?* and *where?* a name, *why?* a cause, *can I?* what is allowed, *what is a
…?* a definition. A sentence that holds what is asked for is likelier to answer, whatever else it
shares with it.
"""

from __future__ import annotations

import re
from enum import IntFlag

from bot.text.values import VALUE_MARK


class AnswerType(IntFlag):
    """Kinds of words, as bits, so that one small number a word holds them all."""

    DATE = 1  #: a year, month, day or century
    NUMBER = 2  #: a quantity in digits or words
    NAME = 4  #: written with a capital where the grammar does not ask for one
    CAUSE = 8  #: because, in order to, parce que, ...
    DURATION = 16  #: so many hours, days, years
    AMOUNT = 32  #: of money
    PERMISSION = 64  #: may, must, forbidden, interdit, ...
    DEFINITION = 128  #: means, is called, désigne, ...
    LENGTH = 256  #: so many metres, miles
    PRICE = (
        512  #: price, fee, tarif, ...: a number beside it is an amount, in whatever is paid with
    )


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
_DURATION_WORDS = frozenset(
    "second seconds minute minutes hour hours day days week weeks fortnight month months year "
    "years decade decades seconde secondes heure heures jour jours semaine semaines mois an ans "
    "annee annees quinzaine decennie decennies indefinitely permanent".split()
)
_AMOUNT_WORDS = frozenset(
    "euro euros dollar dollars pound pounds franc francs crown crowns couronne couronnes florin "
    "florins kroner krone yen rouble roubles ruble rubles won cent cents centimes pence penny "
    "eur usd gbp chf free gratuit gratuite gratuits gratuites gratuitement".split()
)
_PRICE_WORDS = frozenset(
    "price prices cost costs fee fees fare fares fine charge charges rent prix tarif tarifs cout "
    "coute coutent montant loyer amende".split()
)
_PERMISSION_WORDS = frozenset(
    "may must shall allowed permitted authorised authorized forbidden prohibited banned cannot "
    "can required mandatory compulsory illegal unlawful refused permission peut peuvent doit "
    "doivent permis permise autorise autorisee autorises autorisees interdit interdite "
    "interdits interdites defendu defendue obligatoire obligatoires droit refuse refuses "
    "refusee refusees proscrit".split()
)
_DEFINITION_WORDS = frozenset(
    "means meaning defined definition denotes designates called known refers designe designent "
    "signifie signifient appelle appelee appelles entend definit defini definie".split()
)
_LENGTH_WORDS = frozenset(
    "km kilometre kilometres kilometer kilometers metre metres meter meters cm centimetre "
    "centimetres centimeter centimeters mm millimetre millimetres millimeter millimeters mile "
    "miles foot feet ft inch inches yard yards fathom fathoms pied pieds pouce pouces lieue "
    "lieues".split()
)
_OF_WORDS = (
    (AnswerType.DURATION, _DURATION_WORDS),
    (AnswerType.AMOUNT, _AMOUNT_WORDS),
    (AnswerType.PERMISSION, _PERMISSION_WORDS),
    (AnswerType.DEFINITION, _DEFINITION_WORDS),
    (AnswerType.LENGTH, _LENGTH_WORDS),
    (AnswerType.PRICE, _PRICE_WORDS),
)
# Those of the forms that stand for values, by the first letter of their key.
_OF_VALUES = {
    "n": AnswerType.NUMBER, "p": AnswerType.NUMBER, "u": AnswerType.NUMBER,
    "c": AnswerType.AMOUNT | AnswerType.NUMBER, "d": AnswerType.DATE, "t": AnswerType.DATE,
    "s": AnswerType.DATE, "y": AnswerType.DATE,
}  # fmt: skip
_OF_UNITS = (
    (AnswerType.DURATION, re.compile(r" (?:second|minute|hour|day|week|month|year)$")),
    (AnswerType.LENGTH, re.compile(r" (?:km|m|cm|mm|mile)$")),
)
_YEAR = re.compile(r"1[0-9]{3}|20[0-9]{2}")


def answer_types_of(folded: str) -> AnswerType:
    """Return the kinds that a folded word shows by itself; whether it is a name shows only in a
    text.

    A value's form shows that of the value.
    """
    if folded.startswith(VALUE_MARK):
        kind = _OF_VALUES.get(folded[len(VALUE_MARK)], NO_KIND)
        for of_unit, unit in _OF_UNITS:
            if unit.search(folded):
                kind |= of_unit
        return kind
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
    for of_words, words in _OF_WORDS:
        if folded in words:
            kind |= of_words
    return kind


_THING = r"(?:was the |is the |est la |est le |etait la |etait le |fut la |fut le )?"
# Tried in this order on the folded words of the question; the first that is found decides.
_QUESTIONS = (
    (
        AnswerType.LENGTH,
        r"how (?:tall|deep|wide|thick)|(?:how many|combien de) (?:km|kilomet|met|mile)\w{0,5}"
        r"|quelle (?:est (?:la |l )|etait (?:la |l ))?"
        r"(?:longueur|hauteur|profondeur|largeur|distance|epaisseur)",
    ),
    (AnswerType.LENGTH | AnswerType.DURATION, r"how far|how long (?:is|are|was|were) the"),
    (
        AnswerType.DURATION,
        r"how long|(?:combien|cb) (?:de|d) temps"
        r"|quelle (?:est la |etait la )?duree",
    ),
    (
        AnswerType.AMOUNT,
        r"how much (?:is|are|was|were|do|does|did|will|would|should) (?:\w{1,30} ){0,8}?"
        r"(?:cost|costs|pay|owe|charge)|how much (?:is|are) (?:a|an|the|it|that)"
        r"|what (?:is |s |are )?(?:the )?(?:price|cost|fee|fine|rent|charge)s?"
        r"|(?:combien|cb) (?:\w{1,30} ){0,3}?cout\w{1,4}|cout\w{1,4} combien|c ?est (?:combien|cb)"
        r"|quel(?:le)?s? (?:est |sont |etait )?(?:le |la |les |l )?"
        r"(?:prix|tarif|cout|montant|loyer|amende)s?",
    ),
    (
        AnswerType.DATE,
        rf"when|whens|wen|what time|a quelle heure|quand"
        rf"|(?:what|which) {_THING}(?:year|date|day|month|century|decade)s?"
        rf"|quel(?:le)?s? {_THING}(?:annee|date|epoque|periode|jour|mois|siecle|decennie)s?",
    ),
    (
        AnswerType.NUMBER,
        r"how (?:many|much|old|large|big|high|fast|often)|combien|cb"
        rf"|what {_THING}(?:percentage|percent|number|portion|fraction|population|proportion)"
        rf"|quel(?:le)?s? {_THING}(?:nombre|pourcentage|taille|superficie|population|proportion"
        r"|part|age)|(?:the )?(?:max|min)",
    ),
    (AnswerType.CAUSE, rf"why|pourquoi|what {_THING}(?:reason|cause|caused)|quelle {_THING}raison"),
    (
        AnswerType.NAME,
        r"who|whom|whose|whos|where|wheres|qui|ki|d ou"
        rf"|(?:what|which) {_THING}(?:person|man|woman|king|city|country|place|state|town|region)"
        rf"|quel(?:le)?s? {_THING}(?:ville|pays|region|lieu|endroit|roi|reine|personne)",
    ),
)
_ASKED = [(kind, re.compile(rf"\b(?:{pattern})\b")) for kind, pattern in _QUESTIONS]
_OU = re.compile(r"^où\b|\bd'?où\b|\boù\s*\?*$|\boù (?:est|sont|se|a|ont|était|fut)\b")
# Of a question that asks for none of these.
_LAST = (
    (
        AnswerType.DEFINITION,
        r"^(?:what|whats|wat) (?:is |are |s )?(?:a|an)\b|\bmeans?$"
        r"|\bwhat do(?:es)? (?:\w{1,30} ){1,6}?mean\b|\b(?:definition|meaning) (?:of|de|du|d)\b"
        r"|\bc ?est (?:quoi|koi)\b|\bqu est ce (?:que c est|qu une?)\b"
        r"|\b(?:veut|veulent) dire\b|\bsignifient?\b",
    ),
    (
        AnswerType.PERMISSION,
        r"^(?:can|may|must) (?:i|we|you|one|they|anyone|people|members|visitors)\b|\bis it ok\b"
        r"|\b(?:allowed|permitted|forbidden|prohibited|banned)\b|\b(?:peut|doit) on\b"
        r"|\bpuis je\b|\bon peut\b|\bje peux\b|\bdroit (?:de|d|a)\b"
        r"|\b(?:interdit|permis|autorise)e?s?\b",
    ),
)
_ASKED_LAST = [(kind, re.compile(pattern)) for kind, pattern in _LAST]
_QU_EST_CE_QUI = re.compile(r"\bqu est ce qui\b")


def expected_answer_type(question: str, folded: list[str]) -> AnswerType:
    """Return the kind that a question asks for (no kind for *what?*); ``folded`` are its words."""
    line = " ".join(folded)
    for kind, pattern in _ASKED:
        if pattern.search(line):
            if kind is AnswerType.NAME and _QU_EST_CE_QUI.search(line):
                return NO_KIND
            return kind
    # Accents tell où (where) from ou (or).
    if _OU.search(question.lower()):
        return AnswerType.NAME
    return next((kind for kind, pattern in _ASKED_LAST if pattern.search(line)), NO_KIND)
