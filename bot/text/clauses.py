"""The clauses of a message, and how much each looks like a question.

People tell a story, greet and thank around what they ask. The message is cut at its sentences, and
within them at colons, dashes, semicolons, and before a question word behind a comma or *but*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.text.sentences import sentence_spans
from bot.text.tokens import folded_words

#: A clause of this score asks something: it begins like a question, or ends in the mark of one.
ASKS = 1.0

_BEGINS, _MARK, _WITHIN = 1.5, 1.0, 0.75
_STORY, _CHATTER = -0.75, -2.0

_WH = (
    "who|whom|whose|what|when|where|why|how|which|whos|whats|wheres|whens|hows|whys|wen|wich|wat|"
    "until when|since when|at what|in what|in which|on which|for how|to whom|from when|how come"
)
_QU = (
    "qui|que|quoi|quand|comment|pourquoi|combien|quel|quelle|quels|quelles|lequel|laquelle|cb|"
    "est ce|esce|estce|qu|quest|a quel|a quelle|a qui|de quoi|en quelle|en quel|depuis quand|"
    "jusqu a quand|jusqu quand|dans quel|dans quelle|pour quel|pour quelle|par qui|ki|koi|"
    "c est (?:quoi|quand|combien|qui|ou|quel|quelle)|cest (?:quoi|koi|quand|combien|qui|ou)|"
    "y a t il|ya t il|ya til|y a til|peut on|puis je|faut il|doit on|a t on|ai je|sait on|ou est|"
    "ou sont|ou se|ou peut|ou puis|ou on|ou je|ou trouver|d ou|on peut|est il|est elle|sont ils"
)
_SUBJECT = (
    "i|we|you|they|he|she|it|one|there|this|that|these|those|the|a|an|my|our|your|his|her|their|"
    "any|anyone|anybody|someone|somebody|people|members|all"
)
_AUXILIARY = (
    "is|are|was|were|do|does|did|can|could|may|might|must|should|shall|will|would|has|have|had|am"
)
#: How a question begins, on folded words with a space between.
QUESTION_START = rf"(?:{_WH}|{_QU}|(?:{_AUXILIARY}) (?:{_SUBJECT}))"
_LEAD = (
    "and|but|so|or|then|now|well|ok|okay|also|anyway|um|umm|uh|like|just|et|mais|donc|alors|bon|"
    "du coup|euh|bah|ben|voila|sinon"
)
_START = re.compile(rf"(?:(?:{_LEAD}) ){{0,3}}{QUESTION_START}\b")
# Without a question mark these begin a relative clause: …, which was signed; …, qui dure un an.
_RELATIVE = re.compile(
    r"(?:which|who|whom|whose|where|when|in which|to whom|qui|que|qu|quand|par qui|d ou|ou se|"
    rf"ou on)\b(?! (?:{_AUXILIARY}) (?:{_SUBJECT})\b)"
)
# French inverts verb and pronoun behind the subject too: le maire a-t-il …; and asks at the end.
_INSIDE = re.compile(
    r"\b(?:t (?:il|elle|on)|ont ils|sont ils|peut on|quand|combien|comment|pourquoi|quel(?:le)?s?|"
    r"quoi|how (?:many|much|long)|what|when|where|why)\b|\b(?:ou (?:pas|non)|or (?:not|no))$"
)
# Only with its accent is it no *or*.
_WHERE = re.compile(r"\boù\b", re.IGNORECASE)
_TELLS = re.compile(r"(?:i|we|im|ive|my|our|je|j|nous|on|mon|ma|mes|notre|nos)\b")
_POLITE = re.compile(
    r"(?:hey|hi|hello|hiya|yo|heya|dear|good (?:morning|evening|afternoon)|thanks|thank you|thx|"
    r"cheers|please|sorry|bonjour|bonsoir|salut|slt|coucou|merci|bonne|cordialement|svp|help)\b"
)
_ASIDE = re.compile(rf"(?:(?:{_LEAD}) ){{0,2}}(?:{_POLITE.pattern})|.*\b{_TELLS.pattern}")
_MOST_POLITE = 4  # words of a greeting or thanks

# Where a sentence may be cut: behind some marks, and before what may begin a question.
_CUT = re.compile(
    r"[:;\n]\s{1,9}|\s[–—-]{1,2}\s|\.{2,9}\s|…\s|[)!?]\s"
    r"|(?<=[a-z]{3})\.\s{1,9}(?-i:(?=[^\W\d_A-Z]))|,\s(?=[^\W\d_])|\s(?=(?:but|so|mais|donc|du\scoup)\s)",
    re.IGNORECASE,
)
_SURE_CUT = re.compile(r"[:;\n!?–—…-]|\.\.|\.\s")


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a message at ``text[start:end]``."""

    start: int
    end: int
    score: float  #: how much it looks like a question; see ``ASKS``


def clauses(text: str) -> list[Clause]:
    """Return the clauses of a message in their order, which cover all that it says."""
    found = []
    for start, end in sentence_spans(text):
        spans = list(_parts(text, start, end))
        found += [Clause(*span, _score(text, *span)) for span in spans]
    return found


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of a sentence: a comma or *but* parts only what goes on like a question."""
    begin = start
    marked = "?" in text[start:end]
    for cut in _CUT.finditer(text, start, end):
        following = text[cut.end() : min(end, cut.end() + _LOOKED_AT)]
        if begin < cut.start() and (
            _SURE_CUT.search(cut[0])
            or (_begins(following, marked=marked) and _is_aside(text[begin : begin + _LOOKED_AT]))
        ):
            mark = cut[0].strip()
            yield begin, cut.start() + (len(mark) if mark in (")", "!", "?") else 0)
            begin = cut.end()
    if begin < end:
        yield begin, end


_LOOKED_AT = 60  # characters: enough for any beginning


def _is_aside(text: str) -> bool:
    """Whether a text begins like a story or a greeting, not like *in 1990,* of the question."""
    return _ASIDE.match(" ".join(folded_words(text))) is not None


def _begins(text: str, *, marked: bool) -> bool:
    """Whether a text begins like a question; ``marked``: its sentence has a question mark."""
    line = " ".join(folded_words(text))
    return bool(_START.match(line)) and (marked or not _RELATIVE.match(line))


def _score(text: str, start: int, end: int) -> float:
    written = text[start:end]
    words = folded_words(written)
    line = " ".join(words)
    if not words or (_POLITE.match(line) and len(words) <= _MOST_POLITE and "?" not in written):
        return _CHATTER
    score = 0.0
    if written.rstrip(" )\"'»”").endswith("?"):
        score += _MARK
    if _START.match(line):
        score += _BEGINS
    elif _INSIDE.search(line) or _WHERE.search(written):
        score += _WITHIN
    elif _TELLS.match(line):
        score += _STORY
    return score


def best_question(text: str) -> Clause | None:
    """Return the one clause of a message that asks; None if none or more than one does, or if there
    is no other.
    """
    found = clauses(text)
    asking = [clause for clause in found if clause.score >= ASKS]
    return asking[0] if len(asking) == 1 and len(found) > 1 else None
