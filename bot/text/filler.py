"""The words around a question that are not part of it: *hey bot, can you please tell me…*

A greeting or a request is taken off. A word that may as well be what is asked about (*well, pardon,
question, all*) is taken off only where a question begins behind it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, TypeVar

from bot.text.clauses import QUESTION_START
from bot.text.tokens import folded_words

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

# What is said alone, without asking anything. What has other meanings too is no remark where a
# question mark follows: *cool?* may be a word of the sources.
_HELLO = (
    f"{_GREETING}|yo|salut|slt|heya|morning|how are you|how s it going|what s up|whats up|"
    "help(?: me)?|aide(?: moi)?|a l aide|nice to meet you|(?:comment )?ca va|"
    "comment (?:allez vous|vas tu)|enchante"
)
_THANKS = "thanks|thank you|thank u|thankyou|thx|ty|tysm|tyvm|cheers|merci|mercis|mci"
_REMARK = (
    "ok|okay|k|great|perfect|awesome|amazing|nice(?: one)?|cool|good (?:bot|job|night|day)|"
    "well done|got it|i see|understood|bye|goodbye|see you|have a (?:nice|good|great) day|"
    "you re welcome|no problem|np|super|parfait|genial|d accord|compris|bravo|bien vu|"
    "bonne (?:journee|soiree|nuit)|au revoir|a bientot|a plus|de rien|je vois|bien recu"
)
_AROUND = (
    "so|very|much|a (?:lot|bunch|ton|million)|again|many|for|that s|that|this|the|your|all|help|"
    "helping|answering|answer|answers|reply|info|you|everyone|everybody|guys|folks|mate|man|bot|"
    "treaty|treatybot|in advance|really|it s|it|helps|helped|was|is|helpful|"
    "beaucoup|bien|infiniment|encore|mille fois|tres|pour|la|ta|votre|ton|l|cette|reponse|"
    "reponses|aide|d avance|a (?:tous|toi|vous)|tout le monde|le bot|tout|c est|vraiment|utile"
)
_SAID = re.compile(
    rf"(?:(?P<thanks>{_THANKS})|(?P<hello>{_HELLO})|(?P<remark>{_REMARK})|{_AROUND}) "
)

#: What asks nothing: thanks, praise or a farewell; or a greeting, whose author may want to ask.
Courtesy = Literal["thanks", "greeting"]

_T = TypeVar("_T")


def courtesy(text: str) -> Courtesy | None:
    """Return what a message says that holds nothing but politeness; None for every other."""
    asks = "?" in text
    line = "".join(f"{word} " for word in folded_words(text))
    said: set[str | None] = set()
    place = 0
    while place < len(line):
        match = _SAID.match(line, place)
        if match is None or (asks and match["remark"]):
            return None
        said.add(match.lastgroup)
        place = match.end()
    if not line:  # such as an emoji
        return "thanks" if text.strip() and not asks else None
    if said & {"thanks", "remark"}:
        return "thanks"
    return "greeting" if "hello" in said else None


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
