"""The words around a question that are not part of it: *hey bot, can you please tell me…*

A greeting or a request is taken off. A word that may as well be what is asked about (*well, pardon,
question, all*) is taken off only where a question begins behind it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from bot.text.clauses import QUESTION_START

# On folded words with a space behind each. Each alternative begins with a plain word and repeats
# nothing, so matching takes linear time.
_GREETED = (
    "bot|the bot|treaty bot|treatybot|everyone|everybody|all|guys|folks|there|"
    "tout le monde|a tous|les gens"
)
_GREETING = (
    "(?:hey|hi|hello|hiya|good (?:morning|afternoon|evening)|bonjour|bonsoir|coucou)"
    f"(?: (?:{_GREETED}))?|"
    "eh bien|please|pls|s il (?:te|vous) plait|svp|stp|merci d avance|"
    "(?:thanks|thank you|merci)(?: bot)?|"
    "treaty bot|treatybot|excuse me|excusez moi"
)
_PERHAPS = (
    "yo|dear|salut|slt|ok|okay|so|alors|well|um|euh|the bot|bot|everyone|all|tout le monde|a tous|"
    "sorry|pardon|question"
)
_REQUEST = (
    "(?:can|could|would|will) (?:you|someone|anyone|anybody)(?: please| kindly)? "
    "(?:tell|explain to|say to|remind|inform) (?:me|us)|"
    "(?:tell|remind) (?:me|us)|do you (?:happen to )?know|does (?:anyone|anybody|someone) know|"
    "i (?:would like|d like|want|wanted|need) to (?:know|ask(?: you)?)|"
    "i (?:was |am |m )?(?:wonder|wondering|curious)(?: about)?|"
    "i have (?:a|one) question|(?:just )?(?:a )?quick question|"
    "(?:est ce que )?(?:tu|vous) (?:peux|pouvez|pourrais|pourriez|sais|savez)(?: me| m| nous)?"
    "(?: dire| expliquer| rappeler)?|"
    "(?:peux|pouvez|pourrais|pourriez) (?:tu|vous)(?: me| m| nous)?(?: dire| expliquer| rappeler)?|"
    "(?:dis|dites|explique|expliquez|rappelle|rappelez) (?:moi|nous)|(?:sais|savez) (?:tu|vous)|"
    "(?:quelqu un|qqn) (?:sait|peut(?: me)? dire)|"
    "je (?:voudrais|veux|souhaite|souhaiterais|me demande|(?:aimerais|aimerai))(?: bien)?"
    "(?: savoir| demander)?|j aimerais(?: bien)?(?: savoir)?|j ai une question|"
    "une (?:petite )?question"
)
_BEFORE = re.compile(rf"(?:(?P<sure>{_GREETING}|{_REQUEST})|{_PERHAPS}) (?:(?:if|whether|si) )?")
_QUESTION = re.compile(rf"{QUESTION_START}\b")
_AFTER = re.compile(
    r" (?:please|pls|thanks|thank you|thx|merci(?: d avance)?|svp|stp|s il (?:te|vous) plait|"
    r"(?:please|pls|thanks|thank you|thx|merci|svp|stp) bot|if you know|"
    r"do you know|you know|si tu sais|si vous savez)$"
)

_T = TypeVar("_T")


def strip_filler(items: Sequence[_T], folded: Sequence[str]) -> Sequence[_T]:
    """Return the items whose folded words are the question itself; all of them where nothing else
    is left.

    ``items`` and ``folded`` run side by side.
    """
    line = "".join(f"{word} " for word in folded)
    start = place = 0
    while match := _BEFORE.match(line, place):
        place = match.end()
        if match["sure"] or _QUESTION.match(line, place):
            start = place
    rest = line[start:].rstrip()
    while match := _AFTER.search(f" {rest}"):
        rest = f" {rest}"[: match.start()].strip()
    first = line[:start].count(" ")
    kept = items[first : first + len(rest.split())]
    return kept or items
