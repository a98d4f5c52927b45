"""References to units in questions and in treaties: *art 5(2)*, *l'alinéa 3 de l'article 49*."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from bot.text.aliases import TYPE_WORDS
from bot.text.unit_headings import ordinal_numeral
from bot.text.units import (
    KIND,
    LATIN,
    ORDINALS,
    PARAGRAPH_WORDS,
    PLURAL,
    SINGULAR,
    Piece,
    Pieces,
    UnitKey,
    UnitKind,
)


@dataclass(frozen=True, slots=True)
class UnitReference:
    """A unit that a text names, where it does so, and the document that it names with it."""

    key: UnitKey
    start: int
    end: int
    document: str | None = None  #: words behind *of*: "statutes" of *article 9 of the statutes*


#: Units of a list and of a range at most, and labels behind one number.
_MOST_LISTED, _MOST_IN_RANGE, _MOST_LABELS = 40, 50, 6
#: Letters of the shortest word that a typo is looked for in: of shorter ones too many are words.
_LEAST_LETTERS = 6
_MISTYPED = tuple(
    word
    for word in (*SINGULAR, *PLURAL)
    if len(word) >= _LEAST_LETTERS and KIND["clause"] not in (SINGULAR.get(word), PLURAL.get(word))
)  # not "clause": "cause 3"
#: Words that are none, though they look like one.
_NO_TYPOS = frozenset("annee annees charter charters action actions".split())
#: Typos of more than one letter that are common.
_COMMON_TYPOS = {
    "artical": "article", "articals": "articles", "preambel": "preamble", "annexs": "annexes",
}  # fmt: skip
#: What digits count that stand behind a unit's word by chance: "the article 5 days later".
_COUNTED = frozenset(
    "day days week weeks month months year years hour hours minute minutes times pages percent "
    "euros "
    "jour jours semaine semaines mois an ans annee annees heure heures minutes fois pages".split()
)
_AND = frozenset("and or et ou & und".split())
_RANGE = frozenset("to through thru until a – — -".split())  # à, folded
_OF = frozenset("of de du des d in to from under dans".split())
_THE = frozenset("the le la les l this that said".split())
#: The document that the words themselves stand in.
_THIS = frozenset("this present same said ce cet cette presente ladite dudit it".split())
#: What ends the name of a document: verbs and words that join sentences.
_NO_NAME = (
    frozenset(
        "say says said mean means meant allow allows apply applies about is are was were shall "
        "may must can "
        "does do did which that who where when and or if not only provide provides require "
        "requires on "
        "dit disent prevoit prevoient est sont a ont signifie permet autorise interdit impose "
        "qui que "
        "dont s ne n et ou pour sur si par".split()
    )
    | PARAGRAPH_WORDS
)
#: Before an annex that is none of the document: an annex, to annex.
_NO_ARTICLES = frozenset(
    "an un une any no each to will would could can may might must shall".split()
)
_ADJECTIVES = frozenset("additionnel facultatif".split())
#: What follows Article I rather than what I did.
_BEHIND_ONE = (
    _OF
    | _AND
    | PARAGRAPH_WORDS
    | SINGULAR.keys()
    | frozenset("( – - say says mean means about allow allows apply dit prevoit est".split())
)
_PARAGRAPHS = frozenset(
    "paragraphs paragraphes paras alineas subparagraphs subsections points".split()
)
_MOST_NAME_WORDS = 10
#: Kinds whose numbers in words are references anywhere; "part one" is often none.
_ORDINAL_KINDS = frozenset("article amendment protocol annex chapter recital clause".split())
_COUNTING_KINDS = _ORDINAL_KINDS | {"section", "rule", "principle", "regulation", "schedule"}

#: Words beside a number that leave it the whole question: and 6?, et le 61 ?, what does 2.4 say
_FRAME = frozenset(
    "and or but what about how whats s is in the for it there now then ok okay so also please "
    "pls thanks "
    "thx say says does do dose show me us tell read give see quote bot hey hi no nr number "
    "et ou mais alors le la les l un du de d pour dans quid que qu est ce quoi dit disent contient "
    "il y a t n numero montre montrez donne donnez lis cite citez moi svp stp merci aussi puis "
    "c cest".split()
)
_FRAME_MARKS = frozenset(".?!,;:…’'\"-°\u00a0")
_LONGEST_FOLLOW_UP, _LONGEST_WORD = 16, 20  # pieces, and characters of one with a space
_YEAR = re.compile(r"\d{4}")
#: Letters of the longest abbreviation (subp.), behind which a full stop ends no sentence.
_ABBREVIATION = 4


#: Characters of a text that are read: no message of Discord's is longer.
MOST_READ = 4_000


def unit_references(text: str) -> list[UnitReference]:
    """Return the units that a sentence or a question names, in its order.

    A number without a unit's word counts only where a paragraph's word or points stand behind it
    and it is the whole question (*2.1.d*, *49 al. 3*); its key is of the kind "". A range gives
    each of its units. Prose that counts articles (*23 articles*) names none. The words of both
    languages are read in every text, since members mix them.
    """
    return list(_Reader(text[:MOST_READ]).references())


def bare_number(question: str) -> UnitKey | None:
    """Return the number that is all a follow-up says (*and 6?*, *et le 61 ?*); its kind is "".

    *And paragraph 2?* has no number but the point ("2",).
    """
    found = _bare(question)
    return found[0] if found else None


def _bare(question: str) -> tuple[UnitKey, int, int] | None:
    """Return the number that is all a question says, and where it stands."""
    if len(question) > _LONGEST_FOLLOW_UP * _LONGEST_WORD:
        return None
    reader = _Reader(question)
    pieces = reader.pieces
    if len(pieces) > _LONGEST_FOLLOW_UP:
        return None
    found: tuple[UnitKey, int, int] | None = None
    at = 0
    while at < len(pieces):
        key, after = reader.bare(at)
        if key:
            if found or (pieces.folded(at - 1) in ("in", "en") and _YEAR.fullmatch(key.number)):
                return None
            found = key, pieces.all[at].start, pieces.all[after - 1].end
            at = after
        elif pieces.folded(at) in _FRAME or pieces.text(at) in _FRAME_MARKS:
            at += 1
        else:
            return None
    return found


def _may_name(piece: Piece) -> bool:
    """Whether a piece may stand in a reference that others without it are not."""
    folded = piece.folded
    return (
        piece.text.isdecimal()
        or folded in SINGULAR
        or folded in PLURAL
        or folded in ORDINALS
        or folded in _COMMON_TYPOS
        or folded in PARAGRAPH_WORDS
        or (len(folded) == 1 and folded.isalpha())
        or _ROMAN.fullmatch(folded) is not None
    )


_ROMAN = re.compile(r"[ivxlcdm]+")


class _Reader:
    """Reads the references of one text."""

    def __init__(self, text: str) -> None:
        self.source = text
        self.pieces = Pieces(text)

    def references(self) -> Iterator[UnitReference]:
        """Give every reference, from left to right."""
        if not any(_may_name(piece) for piece in self.pieces.all):  # as most questions
            return
        at, any_found = 0, False
        while at < len(self.pieces):
            found, after = self._at(at)
            yield from found
            any_found = any_found or bool(found)
            at = max(after, at + 1)
        bare = None if any_found else _bare(self.source)
        if bare and bare[0].number and (bare[0].points or not bare[0].number.isdecimal()):
            yield UnitReference(*bare)

    def _at(self, at: int) -> tuple[list[UnitReference], int]:
        """Read the references that begin at a piece."""
        folded = self.pieces.folded(at)
        reads: tuple[Callable[[int], tuple[list[UnitReference], int]], ...] = ()
        if folded in PARAGRAPH_WORDS and folded not in SINGULAR:
            reads = (self._labels_of_unit,)
        elif (
            folded in ORDINALS
            or self.pieces.text(at).isdecimal()
            or folded.startswith(("i", "v", "x"))
        ):
            reads = (
                self._ordinal_labels,
                self._ordinal_unit,
                self._numbered,
                self._label_of_unit,
            )
        elif folded == "(":
            reads = (self._label_of_unit,)
        for read in (*reads, self._named):
            found, after = read(at)
            if found:
                return found, after
        return [], at + 1

    # A unit's word and what stands behind it.

    def _kind(self, at: int) -> tuple[UnitKind, bool] | None:
        """Return the kind that a word names, also with a typo before a number, and if it is "
        "plural.
        """
        folded = self.pieces.folded(at)
        if self.pieces.text(at)[-1:] in "éÉ":  # annexé
            return None
        folded = _COMMON_TYPOS.get(folded, folded)
        if folded in SINGULAR:
            return SINGULAR[folded], False
        if folded in PLURAL:
            return PLURAL[folded], True
        if (
            len(folded) < _LEAST_LETTERS - 1
            or folded in _NO_TYPOS
            or not self.pieces.is_digits(self._behind_dot(at + 1), 3)
        ):
            return None
        for word in _MISTYPED:
            most = 2 if word in ("article", "articles") else 1
            if word[0] == folded[0] and OSA.distance(word, folded, score_cutoff=most) <= most:
                return (SINGULAR[word], False) if word in SINGULAR else (PLURAL[word], True)
        return None

    def _behind_dot(self, at: int) -> int:
        return at + (self.pieces.text(at) == ".")

    def _named(self, at: int) -> tuple[list[UnitReference], int]:
        """Read a unit's word, its numbers, what they are part of, and the document."""
        kind = self._kind(at)
        if not kind:
            return [], at
        refs, after = self._units(at, *kind)
        if not refs:
            return [], at
        refs, after = self._narrower(refs, after)
        return self._finish(refs, after)

    def _finish(self, refs: list[UnitReference], after: int) -> tuple[list[UnitReference], int]:
        """Read what follows: the annex that the units are of, the document, labels behind it."""
        refs, after = self._parent(refs, after)
        document, behind = self._document(after)
        if document:
            labels, after = self._labels(behind, worded=True)
            refs = [
                replace(ref, document=document, key=ref.key.below(*labels),
                        end=self.pieces.all[after - 1].end if labels else ref.end)
                for ref in refs
            ]  # fmt: skip
        return refs, after

    def _units(self, at: int, kind: UnitKind, plural: bool) -> tuple[list[UnitReference], int]:
        """Read a unit's word and its numbers."""
        first = self._behind_dot(at + 1)
        first += self.pieces.folded(first) in _ADJECTIVES and kind.name == "protocol"
        number = None if kind.name == "preamble" else self.pieces.number(first, kind, plural=plural)
        if number and self._is_chance(at, kind, first, number[2]):
            number = None
        if not number:
            if plural or not kind.unnumbered or len(self.pieces.folded(at)) < 5:  # noqa: PLR2004
                return [], at
            if self.pieces.folded(at - 1) in _NO_ARTICLES:
                return [], at
            key, after = UnitKey(kind.name, ""), at + 1
        else:
            key, after = UnitKey(kind.name, number[0], number[1]), number[2]
        labels, after = self._labels(after)
        return self._listed(at, key.below(*labels), after, plural=plural)

    def _is_chance(self, at: int, kind: UnitKind, first: int, after: int) -> bool:
        """Tell whether a number behind a unit's word counts something else."""
        if self.pieces.folded(after) in _COUNTED:
            return True
        singular = self.pieces.folded(at) not in PLURAL
        pronoun = singular and self.pieces.text(first) == "I" and self.pieces.text(at).islower()
        if pronoun and not self.pieces.ends_clause(after):  # the article I read
            return self.pieces.folded(after) not in _BEHIND_ONE
        spelled = len(self.pieces.text(first)) > 1 and self.pieces.folded(first).isalpha()
        small = (
            self.pieces.text(first).islower() and spelled and self.pieces.folded(first) in _SPELLED
        )
        return small and kind.name not in _COUNTING_KINDS and self.pieces.text(at).islower()

    def _labels(self, at: int, *, worded: bool = False) -> tuple[tuple[str, ...], int]:
        """Read the labels behind a number: (2)(a), para 1, § 2, a."""
        labels: list[str] = []
        while len(labels) < _MOST_LABELS:
            label = self._worded_label(at) or (None if worded else self._plain_label(at))
            if not label:
                break
            labels.append(label[0])
            at, worded = label[1], False
        return tuple(labels), at

    def _worded_label(self, at: int) -> tuple[str, int] | None:
        """Read a label with its word: para 1, point (a), deuxième alinéa."""
        at += self.pieces.text(at) == ","
        at += self.pieces.folded(at) in ("the", "le", "la", "l", "au", "a", "in")
        at += self.pieces.text(at) in ("'", "’")
        if self.pieces.folded(at) in ("sub", "sous") and self.pieces.text(at + 1) == "-":
            at += 2
        folded = self.pieces.folded(at)
        if folded in PARAGRAPH_WORDS:
            here = self._behind_dot(at + 1)
            if folded in ("par", "let") and here == at + 1:
                return None  # words of their own
            if word := self._number_word(here):
                return word
            return self.pieces.bracketed_label(here) or self.pieces.plain_label(here)
        return self._ordinal_label(at)

    def _number_word(self, at: int) -> tuple[str, int] | None:
        value = ORDINALS.get(self.pieces.folded(at)) or _SPELLED.get(self.pieces.folded(at))
        return (value, at + 1) if value else None

    def _ordinal_label(self, at: int) -> tuple[str, int] | None:
        """Read first paragraph, 2e alinéa."""
        value, after = self._ordinal(at)
        if not value or self.pieces.folded(after) not in PARAGRAPH_WORDS - {"§", "§§"}:
            return None
        short = len(self.pieces.folded(after)) <= _ABBREVIATION
        return value, self._behind_dot(after + 1) if short else after + 1

    def _ordinal(self, at: int) -> tuple[str | None, int]:
        """Read first, deuxième, 2e, IIe."""
        if value := ORDINALS.get(self.pieces.folded(at)):
            return value, at + 1
        if value := ordinal_numeral(self.pieces.text(at)):
            return value, at + 1
        if self.pieces.joined(at + 1) and (
            value := ordinal_numeral(self.pieces.text(at) + self.pieces.text(at + 1))
        ):
            return value, at + 2
        return None, at

    def _plain_label(self, at: int) -> tuple[str, int] | None:
        """Read a label without a word: (2), a), 1°, and a letter before an end."""
        if label := self.pieces.bracketed_label(at):
            return label
        comma = self.pieces.text(at) == ","
        label = self.pieces.plain_label(at + comma)
        if not label:
            return None
        name, after = label
        if name.isalpha() and self.pieces.text(after) == ")" and self.pieces.joined(after):
            return name, after + 1
        if name.isalpha():
            small = self.pieces.text(at + comma).islower()
            return label if small and self.pieces.ends_clause(after) else None
        if self.pieces.text(after) not in ("°", "º") or not self.pieces.joined(after):
            return None
        latin = self.pieces.folded(after + 1)
        return (name + latin, after + 2) if latin in LATIN else (name, after + 1)

    # Lists and ranges.

    def _listed(
        self, first: int, key: UnitKey, at: int, *, plural: bool
    ) -> tuple[list[UnitReference], int]:
        """Read what a list or a range adds to a first unit."""
        start = self.pieces.all[first].start
        refs = [UnitReference(key, start, self.pieces.all[at - 1].end)]
        words = {self.pieces.folded(n) for n in range(first + 1, at)}
        if key.points and words & _PARAGRAPHS:  # Article 9, paragraphs 1 and 2
            labels, at = self._more_labels([key.points[-1]], at)
            end = self.pieces.all[at - 1].end
            return [
                UnitReference(replace(key, points=(*key.points[:-1], label)), start, end)
                for label in labels
            ], at
        while len(refs) < _MOST_LISTED:
            found = self._next(refs[-1].key, at, plural=plural)
            if not found:
                break
            keys, begin, at = found
            end = self.pieces.all[at - 1].end
            refs += [UnitReference(key, self.pieces.all[begin].start, end) for key in keys]
        return refs, at

    def _next(
        self, last: UnitKey, at: int, *, plural: bool
    ) -> tuple[list[UnitKey], int, int] | None:
        """Read one more unit of a list: and 6, , 7(2), and (b), to 9; where it begins and ends."""
        if not last.number:
            return None
        here, mark = at, self.pieces.folded(at)
        here += mark == ","
        joined = self.pieces.folded(here) in _AND
        here += joined
        if self._is_range(at, last, plural=plural):
            return self._range(last, at + 1)
        if here == at:
            return None
        begin = here
        if joined and last.points and (label := self._closed_label(here)):
            more, after = self._labels(label[1])
            return [replace(last, points=(*last.points[:-1], label[0], *more))], begin, after
        if joined or plural or self._goes_on(here):
            return self._one_more(last, begin, plural=plural)
        return None

    def _one_more(
        self, last: UnitKey, begin: int, *, plural: bool
    ) -> tuple[list[UnitKey], int, int] | None:
        """Read the next number of a list; only digits go on where the word is in the singular."""
        here = begin + (plural and self.pieces.folded(begin) in ("the", "le", "la", "les"))
        if self.pieces.folded(here) in ORDINALS:  # Article 9, and the second paragraph of ...
            return None
        number = self.pieces.number(here, KIND[last.kind], plural=plural)
        if not number or not (plural or self.pieces.text(here).isdecimal()):
            return None
        if self.pieces.folded(number[2]) in _COUNTED:
            return None
        labels, after = self._labels(number[2])
        return [UnitKey(last.kind, number[0], (*number[1], *labels))], begin, after

    def _closed_label(self, at: int) -> tuple[str, int] | None:
        """Read (b), b)."""
        if label := self.pieces.bracketed_label(at):
            return label
        label = self.pieces.plain_label(at)
        closed = label and label[0].isalpha() and self.pieces.text(label[1]) == ")"
        return (label[0], label[1] + 1) if label and closed else None

    def _goes_on(self, at: int) -> bool:
        """Tell whether a list goes on behind a number: 12, 13 and 14."""
        if not self.pieces.is_digits(at, 4):
            return False
        more = self.pieces.text(at + 1) == "," or self.pieces.folded(at + 1) in _AND
        return more and self.pieces.is_digits(at + 2, 4)

    def _is_range(self, at: int, last: UnitKey, *, plural: bool) -> bool:
        """Tell whether to, à or a dash goes on to the last of several units or paragraphs."""
        mark = self.pieces.folded(at)
        if mark not in _RANGE or (mark == "a" and self.pieces.text(at) != "à" and not plural):
            return False
        if not (plural or last.points or mark in "–—-"):
            return False
        label = self.pieces.bracketed_label(at + 1) if last.points else None
        return plural or self.pieces.is_digits(at + 1, 4) or label is not None

    def _range(self, last: UnitKey, at: int) -> tuple[list[UnitKey], int, int] | None:
        """Read the end of a range and give each unit or paragraph up to it."""
        if last.points and (label := self.pieces.bracketed_label(at)):
            ends = _labels_to(last.points[-1], label[0])
            keys = [replace(last, points=(*last.points[:-1], end)) for end in ends]
            return (keys, at, label[1]) if keys else None
        number = self.pieces.number(at, KIND[last.kind])
        if not number:
            return None
        labels, after = self._labels(number[2])
        end = UnitKey(last.kind, number[0], (*number[1], *labels))
        between: list[UnitKey] = []
        if last.number.isdecimal() and end.number.isdecimal() and not last.points:
            low, high = int(last.number), int(end.number)
            if high <= low:
                return None
            if high - low <= _MOST_IN_RANGE:
                between = [UnitKey(last.kind, str(value)) for value in range(low + 1, high)]
        return [*between, end], at, after

    # What holds the unit.

    def _narrower(self, refs: list[UnitReference], at: int) -> tuple[list[UnitReference], int]:
        """Read a unit within the one before: Annex II, Article 5; Article I, Section 8."""
        for _ in range(3):
            outer = refs[0]
            here = at + (self.pieces.text(at) == ",")
            kind = self._kind(here)
            if len(refs) > 1 or outer.key.points or not kind or kind[0].name == "preamble":
                break
            above = KIND[outer.key.kind]
            if not (
                above.level < kind[0].level or (above.name, kind[0].name) == ("article", "section")
            ):
                break
            if above.name == "preamble" or kind[0].unnumbered:
                break
            inner, after = self._units(here, *kind)
            if not inner or not inner[0].key.number:
                break
            if self.pieces.text(here) in ("§", "§§") and above.name == "article":
                break
            refs = [replace(ref, key=replace(ref.key, parent=outer.key)) for ref in inner]
            refs[0] = replace(refs[0], start=outer.start)
            at = after
        return refs, at

    def _linked(self, at: int) -> int | None:
        """Return the piece behind of, of the, de l', to, in; None if there is no such word."""
        if self.pieces.folded(at) not in _OF:
            return None
        at += 1
        at += self.pieces.folded(at) in _THE and self.pieces.folded(at) not in _THIS
        return at + (self.pieces.text(at) in ("'", "’"))

    def _parent(self, refs: list[UnitReference], at: int) -> tuple[list[UnitReference], int]:
        """Read what the units are of: Article 5 of Annex II."""
        here = self._linked(at)
        kind = self._kind(here) if here is not None else None
        if here is None or not kind or kind[1] or refs[0].key.kind == kind[0].name:
            return refs, at
        number = self.pieces.number(self._behind_dot(here + 1), kind[0])
        if not number and not kind[0].unnumbered:
            return refs, at
        after = number[2] if number else here + 1
        parent = UnitKey(kind[0].name, number[0] if number else "")
        end = self.pieces.all[after - 1].end
        kept = []
        for ref in refs:
            top = ref.key.parent
            key = replace(ref.key, parent=replace(top, parent=parent) if top else parent)
            kept.append(replace(ref, key=key, end=max(end, ref.end)))
        return kept, after

    def _document(self, at: int) -> tuple[str | None, int]:
        """Read the name of a document behind the units: of the statutes, du règlement intérieur."""
        here = self._linked(at)
        if here is None or self._kind(here):
            return None, at
        loose = self.pieces.folded(at) not in ("of", "de", "du", "des", "d")
        if self.pieces.folded(here) in _THIS:
            return None, at
        begin = here
        while (
            here < len(self.pieces)
            and here - begin < _MOST_NAME_WORDS
            and self.pieces.folded(here) not in _NO_NAME
            and (
                self.pieces.folded(here)[:1].isalnum() or self.pieces.text(here) in ("-", "'", "’")
            )
        ):
            here += 1
        if here == begin:
            return None, at
        name = self.source[self.pieces.all[begin].start : self.pieces.all[here - 1].end]
        types = any(piece.folded in TYPE_WORDS for piece in self.pieces.all[begin:here])
        return (name, here) if name[0].isupper() or types or not loose else (None, at)

    # A paragraph or point before its unit.

    def _labels_of_unit(self, at: int) -> tuple[list[UnitReference], int]:
        """Read paragraph 2 of Article 9, points (a) and (b) of Article 6(1)."""
        first = self._worded_label(at)
        if not first:
            return [], at
        return self._labels_then_unit(at, *first)

    def _ordinal_labels(self, at: int) -> tuple[list[UnitReference], int]:
        """Read the second paragraph of Article 9."""
        first = self._ordinal_label(at)
        return self._labels_then_unit(at, *first) if first else ([], at)

    def _labels_then_unit(self, at: int, label: str, after: int) -> tuple[list[UnitReference], int]:
        """Read what a label goes on to: more of them, those that hold them, and their unit."""
        labels, after = self._more_labels([label], after)
        above: tuple[str, ...] = ()
        linked = after
        while len(above) < _MOST_LABELS:  # point (a) of paragraph 1 of Article 7
            here = after + (self.pieces.text(after) == ",")
            linked = self._linked(here) or here
            outer = self._worded_label(linked) if linked > after else None
            if not outer:
                break
            above, after = (outer[0], *above), outer[1]
        kind = self._kind(linked)
        if not kind or kind[1]:
            return [], at
        refs, behind = self._units(linked, *kind)
        if not refs:
            return [], at
        start = self.pieces.all[at].start
        head, rest = refs[0], refs[1:]
        named = [UnitReference(head.key.below(*above, one), start, head.end) for one in labels]
        return self._finish([*named, *rest], behind)

    def _more_labels(self, labels: list[str], after: int) -> tuple[list[str], int]:
        """Read the labels that commas and *and* add: paragraphs 1, 2 and 4."""
        while len(labels) < _MOST_LABELS:
            here = after + (self.pieces.text(after) == ",")
            here += self.pieces.folded(here) in _AND
            if here == after:
                break
            more = self.pieces.bracketed_label(here) or self.pieces.plain_label(here)
            if not more:
                break
            labels, after = [*labels, more[0]], more[1]
        return labels, after

    def _label_of_unit(self, at: int) -> tuple[list[UnitReference], int]:
        """Read (2) of Article 9, le 3° de l'article 5, le 3 de l'article 49."""
        label = self.pieces.bracketed_label(at) or self.pieces.plain_label(at)
        if not label:
            return [], at
        after = label[1] + (self.pieces.text(label[1]) in ("°", "º"))
        linked = self._linked(after) if self.pieces.folded(after) in ("of", "de") else None
        if linked is None or not self._kind(linked):
            return [], at
        return self._labels_then_unit(at, label[0], after)

    def _ordinal_unit(self, at: int) -> tuple[list[UnitReference], int]:
        """Read the fifth article, the 14th amendment, le 5e article."""
        value, after = self._ordinal(at)
        kind = SINGULAR.get(self.pieces.folded(after)) if value else None
        if (
            not value
            or not kind
            or kind.name not in _ORDINAL_KINDS
            or self.pieces.is_digits(after + 1, 4)
        ):
            return [], at
        end = self.pieces.all[after].end
        ref = UnitReference(UnitKey(kind.name, value), self.pieces.all[at].start, end)
        return self._finish([ref], after + 1)

    # A number without a word.

    def _numbered(self, at: int) -> tuple[list[UnitReference], int]:
        """Read 31 para 1, 49 al. 3 where nothing but a frame stands before it."""
        if not self.pieces.is_digits(at, 4) or at > _LONGEST_FOLLOW_UP:
            return [], at
        if not all(
            self.pieces.folded(n) in _FRAME or self.pieces.text(n) in _FRAME_MARKS
            for n in range(at)
        ):
            return [], at
        number = self.pieces.number(at, None)
        if not number:
            return [], at
        label = self._worded_label(number[2])
        if not label:
            return [], at
        more, after = self._labels(label[1])
        key = UnitKey("", number[0], (*number[1], label[0], *more))
        ref = UnitReference(key, self.pieces.all[at].start, self.pieces.all[after - 1].end)
        return self._finish([ref], after)

    def bare(self, at: int) -> tuple[UnitKey | None, int]:
        """Read a number without a unit's word, or a paragraph's label with its word alone."""
        folded = self.pieces.folded(at)
        if (folded in PARAGRAPH_WORDS and folded not in SINGULAR) or folded in ORDINALS:
            label = self._worded_label(at)
            if label or folded not in ORDINALS:
                return (UnitKey("", "", (label[0],)), label[1]) if label else (None, at)
        value, after = self._ordinal(at)
        if not self.pieces.text(at).isdecimal() and not value:
            number = self.pieces.number(at, KIND["article"]) if folded in ("l", "r", "lo") else None
        elif value and not self.pieces.text(at).isdecimal():
            number = (value, (), after)
        elif value:
            label = self._ordinal_label(at)
            if label:
                return UnitKey("", "", (label[0],)), label[1]
            number = (value, (), after)
        else:
            number = self.pieces.number(at, None)
        if not number:
            return None, at
        labels, after = self._labels(number[2])
        return UnitKey("", number[0], (*number[1], *labels)), after


_SPELLED = {
    word: str(value)
    for words in (
        "one two three four five six seven eight nine ten eleven twelve",
        "un deux trois quatre cinq six sept huit neuf dix onze douze",
    )
    for value, word in enumerate(words.split(), 1)
}


def _labels_to(first: str, last: str) -> list[str]:
    """Return the labels behind a first one up to a last one: 2, 3 or b, c, d."""
    if first.isdecimal() and last.isdecimal() and int(last) - int(first) <= _MOST_IN_RANGE:
        return [str(value) for value in range(int(first) + 1, int(last) + 1)]
    if len(first) == len(last) == 1 and first.isalpha() and last.isalpha():
        return [chr(code) for code in range(ord(first) + 1, ord(last) + 1)]
    return []
