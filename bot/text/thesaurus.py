"""Words of one language that mean the same, or nearly: *leave*, *quit*, *withdraw from*.

``thesaurus.en.txt`` and ``thesaurus.fr.txt`` are our own, a group a line: true synonyms first,
then, behind a semicolon, words that are merely near. Members have one to three words. A group is
found in a question by any of its members; what it gives are its members of one content word, since
an index holds words one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from bot.text.language import is_stop_word
from bot.text.tokens import folded_words, stem

#: The languages that have a thesaurus.
LANGUAGES = ("en", "fr")

#: Words of a member, at most.
LONGEST_MEMBER = 3

Stems = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Words for what stands at words ``start`` to ``end`` (not included) of a text."""

    start: int
    end: int
    true: tuple[str, ...]  #: folded, interchangeable
    near: tuple[str, ...]  #: folded, merely near


@dataclass(frozen=True, slots=True)
class _Group:
    true: tuple[str, ...]
    near: tuple[str, ...]


@lru_cache(maxsize=len(LANGUAGES))
def _table(language: str) -> Mapping[Stems, Sequence[tuple[_Group, bool]]]:
    """Return the groups of each member, by its stems, and whether it is a true synonym there."""
    table: dict[Stems, list[tuple[_Group, bool]]] = {}
    text = files("bot.text").joinpath(f"thesaurus.{language}.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        tiers = [
            [folded_words(member) for member in tier.split(", ")] for tier in line.split(" ; ")
        ]
        true, near = (*tiers, [])[:2]
        group = _Group(*(tuple(_content(tier, language)) for tier in (true, near)))
        for tier, is_true in ((true, True), (near, False)):
            for member in tier:
                key = tuple(stem(word, language) for word in member)
                if key:
                    table.setdefault(key, []).append((group, is_true))
    return table


def _content(tier: Sequence[Sequence[str]], language: str) -> Iterator[str]:
    """Yield the content words of those members that have but one."""
    for member in tier:
        content = [word for word in member if not is_stop_word(word, language)]
        if len(content) == 1 and len(member) <= 2:  # noqa: PLR2004  # "sign up", not "give it back"
            yield content[0]


def synonyms_in(folded: Sequence[str], language: str) -> Iterator[Synonyms]:
    """Find the members of groups in a text's folded words, from left to right, the longest first.

    Of a word that is merely near in its group, all others are near.
    """
    if language not in LANGUAGES:
        return
    table = _table(language)
    stems = [stem(word, language) for word in folded]
    place = 0
    while place < len(folded):
        for length in range(min(LONGEST_MEMBER, len(folded) - place), 0, -1):
            found = table.get(tuple(stems[place : place + length]))
            if found:
                yield _synonyms(place, place + length, folded[place], found)
                place += length - 1
                break
        place += 1


def _synonyms(start: int, end: int, word: str, found: Sequence[tuple[_Group, bool]]) -> Synonyms:
    true: dict[str, None] = {}
    near: dict[str, None] = {}
    for group, is_true in found:
        (true if is_true else near).update(dict.fromkeys(group.true))
        near.update(dict.fromkeys(group.near))
    true.pop(word, None)
    return Synonyms(start, end, tuple(true), tuple(w for w in near if w not in true and w != word))
