"""Lines of a paragraph as one text: hyphens that only end a line are undone, others are kept."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_LAST_PIECE = re.compile(r"(?<![^\W\d_])([^\W\d_]++)[-\u2010\u00ad]$")
# What a line is joined to as printed; an address is cut at its strokes.
_LAST_HYPHEN = re.compile(r"(?:\w[-\u2010\u2011\u2013\u2014]|@|(?:://|www\.)\S{0,90}/)$")
# How much of what is joined is looked at where the next line is: more than any word.
_SEEN = 100  # characters
_FIRST_WORD = re.compile(r"[^\W\d_]+")
# Of words that are written with a hyphen: what stands behind it (a-t-il, celui-ci, lui-même, c'est-
# à-dire) and before it (vingt-trois, well-known).
_BEHIND = frozenset(
    "t il elle on ils elles je tu nous vous moi toi lui leur y en ce ci là le la les même mêmes "
    "dire être on up out off".split()
)
_BEFORE = frozenset(
    "vingt trente quarante cinquante soixante quatre dix twenty thirty forty fifty sixty seventy "
    "eighty ninety well self non ex mi demi semi vice lui eux moi soi peut là ci au".split()
)
_SHORTEST_PART = 4


def joined(texts: Sequence[str], words: Counter[str]) -> str:
    """Lines as one text, without the hyphens that only end a line."""
    parts, end = [texts[0]], texts[0]
    for text in texts[1:]:
        last, first = _LAST_PIECE.search(end), _FIRST_WORD.match(text)
        cut, between = end.endswith("\u00ad"), ""
        if last and first and first[0][0].islower():
            cut = cut or not _keeps_hyphen(last[1].lower(), first[0].lower(), words)
        elif not (cut or _LAST_HYPHEN.search(end) or is_initial(end, text)):
            between = " "
        if cut:
            parts[-1], end = parts[-1][:-1], end[:-1]
        parts.append(between + text)
        end = (end + between + text)[-_SEEN:]
    return "".join(parts)


def is_initial(above: str, text: str) -> bool:
    """Whether a letter on its own is the large first one of the word that follows it."""
    return len(above) == 1 and above.isupper() and above not in "AÀÔIOY" and text[0].islower()


def _keeps_hyphen(before: str, behind: str, words: Counter[str]) -> bool:
    """Whether a word cut at a line's end has a hyphen of its own, as the rest of the text writes
    it, or as its parts say.
    """
    if words[before + behind]:
        return False
    if words[f"{before}-{behind}"] or behind in _BEHIND or before in _BEFORE or len(before) == 1:
        return True
    shortest = min(len(before), len(behind))
    return shortest >= _SHORTEST_PART and bool(words[before] and words[behind])
