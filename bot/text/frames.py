"""The form of a question: words that say what is asked for, not what it is about.

*Say* in *what does it say about …*, *long* in *how long*, *passe* in *que se passe-t-il* are no
content: a text that answers need not hold them. Elsewhere the same words are: *the long night*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rapidfuzz.distance import OSA

# Never content: contractions without their apostrophe and what stands for question words in chats.
_SINGLE = {
    "en": frozenset(
        "whats wats whos wheres whens hows whys thats theres wat wut wich wen hw pls plz thx lol "
        "btw tho u ur r ya gonna wanna gotta dunno im ive id cant dont doesnt didnt isnt arent "
        "wasnt wont shouldnt couldnt max min "
        "stuff thing things something smth sth anything "
        "um umm uh haha hehe ugh yo nah yeah yep nope idk sry kinda tbh imo fyi omg lmao "
        "irl".split()
    ),
    "fr": frozenset(
        "cest quest jai quil quils koi ki kel kelle kels kelles kan kand pk pq pourkoi svp stp mdr "
        "lol jsuis jveux jpeux yatil til estce esce faut max min ca cela quon lon nest "
        "truc trucs machin chose choses peut peux peuvent pouvons pouvez pouvoir doit dois doivent "
        "devons devez euh bah ben hein ptdr bof voila jpp".split()
    ),
}

_MEASURES = (
    "long|much|many|far|fast|big|large|tall|high|deep|wide|heavy|old|often|soon|late|early|quickly|"
    "small|hot|cold|thick|strong|expensive"
)
# Of folded words with a space between. The first group, where there is one, is the form; else all
# that matches is.
_PHRASES = {
    "en": (
        rf"\bhow (?:{_MEASURES})\b",
        r"\b(?:does|do|did|what|whats) (?:\w{1,30} ){0,8}?(say|says|said|state|states)\b",
        r"\b(?:does|do|did|what|whats) (?:\w{1,30} ){0,8}?(mean|means|meant)\b",
        r"\b(?:definition|meaning) of\b",
        r"^(define)\b|\b(definition|meaning)$",
        r"\b(?:tell|remind|show) (?:me|us)(?: about)?\b",
        r"\b(?:do|does|did) (?:i|we|you|one|they|it|he|she) (need|have)(?: to)?\b",
        r"\bwhat (?:will |would |can |could )?(happens?|happened)\b",
        r"\bis it (ok|okay|possible|allowed)\b",
        r"\b(?:is|are|am|be|was|were) (?:\w{1,30} ){0,8}?(allowed|permitted)\b",
        r"\b(?:what|which) (kind|kinds|sort|sorts|type|types) of\b",
        r"\bwhat (?:is|was|s) the (reason|(?:best |right )?way|name)\b",
        r"\b(?:what|which|whats)(?: is| was| s)?(?: the)? (time|date|day|year|month|century)\b",
        r"\bhow (?:much|many) (?:\w{1,30} ){0,8}?(cost|costs)\b",
        r"\b(?:what|which) (people|person|place|thing|things)\b",
        r"\bdifferences? between\b",
        r"\b(?:whats|what (?:is|are)) the (rules?) (?:on|about|for|regarding)\b",
    ),
    "fr": (
        r"\b(?:combien|cb) (?:de|d) (temps)\b",
        r"\b(?:combien|cb) (?:\w{1,30} ){0,4}?(coute|coutent|cout|couter)\b",
        r"\b(?:que|qu|quoi|il|elle|on) (?:\w{1,30} ){0,3}?(dit|disent|disait)\b|\b(dit) quoi\b",
        r"\b(?:que|qu|qui|quoi)(?: est ce que| est ce qui| est ce qu)?(?: il| on| elle)?"
        r" (?:se |s )?(passe|passent|passait|font|fait|faire)\b",
        r"\b(?:ca|cela|que|qu)(?: \w{1,30}){0,4}? (veut dire|veulent dire|signifie|signifient)\b",
        r"\b(veut dire) quoi\b",
        r"\b(?:on|je|j|tu|nous|vous|il|elle|ils|elles) "
        r"(peut|peux|peuvent|pouvons|pouvez|doit|dois)\b",
        r"\b(peut|peux|puis|peuvent|doit|dois) (?:t )?(?:on|je|il|elle|tu|ils|nous|vous)\b",
        r"\b(?:a|ai|as|ont|jai|avons|avez|a t on|ai je) (?:pas |plus )?(?:le )?(droit)\b",
        r"\best il (permis|possible)\b|\bc est (permis|possible)\b",
        r"\bil (faut)\b|\b(faut) il\b|\bque (faut)\b",
        r"\bcomment (?:on |je |tu |nous |vous )?(faire|fait|fais|font)\b",
        r"\b(?:on|je|tu) (fait|fais) (?:quoi|comment)\b",
        r"\bse (trouve|trouvent|situe)\b",
        r"\bcomment s (appelle|appelait|appellent)\b",
        r"\b(?:quel|quelle) (?:est |etait )?(?:la |le |l )?"
        r"(heure|date|jour|annee|raison|nom|mois)\b",
        r"\b(definition) (?:de|d|du)\b",
        r"^(definis|definir|definition)\b|\b(definition|signification)$",
        r"\bdifferences? entre\b",
    ),
}
# Letters of a misspelled word: *wat* may be many things.
_SHORTEST = 4

_FRAMES = {
    language: [re.compile(pattern) for pattern in patterns]
    for language, patterns in _PHRASES.items()
}
_WORD = re.compile(r"\S+")

# What questions are asked with, of four letters or more: these are looked for in misspelled words.
_ASKING = {
    "en": tuple(
        "what when where which whose there their much many does have need long about because "
        "should would could might allowed possible people between difference".split()
    ),
    "fr": tuple(
        "quand quel quelle quels quelles comment combien pourquoi peut doit faut peux puis permis "
        "autorise interdit quelqu parce dois quoi".split()
    ),
}


def respelled(folded: str, language: str) -> str:
    """Return what questions are asked with, *much*, *allowed*, in place of a word that is one typo
    off it; else the word itself.

    Call it for words that are spelled as no known word is.
    """
    near = (word for word in _ASKING.get(language, ()) if OSA.distance(word, folded) == 1)
    return next(near, folded) if len(folded) >= _SHORTEST else folded


def frame_words(folded: Sequence[str], language: str) -> frozenset[int]:
    """Return the places of those words of a question that are only its form; none of a language
    that the tables do not have.

    ``folded`` are the words of the question, stop words too.
    """
    single = _SINGLE.get(language, frozenset())
    places = {place for place, word in enumerate(folded) if word in single}
    line = " ".join(folded)
    starts = {match.start(): place for place, match in enumerate(_WORD.finditer(line))}
    for start, end in _matches(line, language):
        places |= {starts[word.start()] for word in _WORD.finditer(line, start, end)}
    return frozenset(places)


def _matches(line: str, language: str) -> Iterator[tuple[int, int]]:
    for pattern in _FRAMES.get(language, ()):
        for match in pattern.finditer(line):
            group = next((n for n in range(1, pattern.groups + 1) if match[n]), 0)
            yield match.span(group)
