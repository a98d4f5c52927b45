"""The word that a question asks about by its form: *grade* in *what grade is it*, *votes* in *how
many votes*, *profondeur* in *quelle est la profondeur du lac*.

A sentence without it, or another word for it, may be near the topic and answers something else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.text.language import is_stop_word

# What ends the words behind *what* and *how many*: a verb, a pronoun, a preposition.
_ENDS_EN = frozenset(
    "is are was were be been do does did has have had can could may might must shall should will "
    "would need needs get gets got come comes go goes make makes happen happens count counts "
    "i you we they he she it one there this that these those a an the my your our their his her "
    "of on in for at to from by with about per as and or if when where who whom which than until "
    "before after during between left".split()
)
_ENDS_FR = frozenset(
    "est sont etait etaient a ont avait avaient faut peut peuvent doit doivent fait font y en on "
    "je tu il elle nous vous ils elles le la les l un une des du de d au aux a dans sur pour par "
    "avec sans chez et ou si que qu qui dont se s ne n".split()
)
# Each ends before the words that are looked at; of folded words with a space between and behind.
_ENGLISH = re.compile(
    r"how (?:many|much) |(?:what|which|whats|wats|wat)(?: is| are| was| were| s)?(?: the| a| an)? "
)
_FRENCH = re.compile(
    r"(?:combien|cb) (?:de |d )?|quel(?:le)?s?(?: est| sont| etait| etaient)?(?: le| la| les| l)? "
)


def head_word(folded: Sequence[str], language: str) -> int | None:
    """Return the place of the head of what a question asks for; None where its form tells none.

    In English the last of the words behind *what* or *how many*, in French the first.
    """
    if language == "en":
        return _head(folded, _ENGLISH, _ENDS_EN, last=True, language=language)
    if language == "fr":
        return _head(folded, _FRENCH, _ENDS_FR, last=False, language=language)
    return None


def _head(
    folded: Sequence[str], asking: re.Pattern[str], ends: frozenset[str], *, last: bool,
    language: str,
) -> int | None:  # fmt: skip
    line = " ".join((*folded, ""))
    start = 0
    for place in range(len(folded)):
        if match := asking.match(line, start):
            first = place + match[0].count(" ")
            return _last_or_first(folded, first, ends, last=last, language=language)
        start += len(folded[place]) + 1
    return None


def _last_or_first(
    folded: Sequence[str], first: int, ends: frozenset[str], *, last: bool, language: str
) -> int | None:
    found = None
    for place in range(first, len(folded)):
        if folded[place] in ends:
            break
        if not is_stop_word(folded[place], language):
            found = place
            if not last:
                break
    return found
