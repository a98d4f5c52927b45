"""Names of the units of a treaty, a statute or rules: *Article 5(2)(a)*, *annexe II*, *§ 12*.

A unit has one key, however it is written: *Article II*, *art. 2* and *Article two* are the same.
The kinds and their words stand in one table, with their sources; what reads headings
(``bot.text.unit_headings``) and references (``bot.text.unit_references``) looks them up there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.text.tokens import fold


@dataclass(frozen=True, slots=True)
class UnitKind:
    """A kind of unit: how it is called, printed and addressed."""

    name: str
    short: str  #: in an address
    english: str
    french: str
    words: str  #: one of it, folded: the words of both languages and their abbreviations
    plural: str
    level: int  #: what has a lower level may hold it
    lettered: bool = False  #: Annex A, Part B
    unnumbered: bool = False  #: may be the only one of its document


# The words are those of the rules by which treaties and laws are drafted: the Interinstitutional
# Style Guide of the EU (1.2: article, title, chapter, section, annex, recital, protocol), the
# Guide de légistique of France (3.2, 3.3: livre, titre, chapitre, section, article, annexe),
# British drafting guidance (part, chapter, section, schedule, rule, regulation), and American
# constitutions (amendment). The short forms are those of OASIS, Akoma Ntoso Naming Convention
# 1.0 (art, sec, chp, cl), where it has one.
KINDS = tuple(
    UnitKind(*row)
    for row in (
        # The parts of most treaties and French codes; "artikel" is what Germans type.
        ("article", "art", "Article", "article", "article art artikel", "articles arts", 6),
        # Acts in English; German and Nordic laws and the statutes of clubs count by §.
        ("section", "sec", "Section", "section", "section sect sec §", "sections secs §§", 5, True),
        ("subsection", "subsec", "Subsection", "sous-section", "", "", 5, True),
        ("chapter", "chp", "Chapter", "chapitre", "chapter chapitre chap ch", "chapters chapitres",
         4, True),
        ("part", "part", "Part", "partie", "part partie", "parts parties", 2, True),
        ("title", "title", "Title", "titre", "title titre tit", "titles titres", 3, True),
        # French codes.
        ("book", "book", "Book", "livre", "book livre", "books livres", 1),
        ("annex", "annex", "Annex", "annexe", "annex annexe anex anexe", "annexes", 0, True, True),
        # British acts and the tariffs of the WTO.
        ("schedule", "sched", "Schedule", "barème", "schedule sched sch bareme",
         "schedules baremes",
         0, True),
        ("appendix", "app", "Appendix", "appendice", "appendix appendice",
         "appendices appendixes", 0, True, True),
        ("protocol", "prot", "Protocol", "protocole", "protocol protocole prot",
         "protocols protocoles", 0, True),
        ("recital", "rec", "Recital", "considérant", "recital considerant rec",
         "recitals considerants", 6),
        # Contracts and leases.
        ("clause", "cl", "Clause", "clause", "clause cl", "clauses", 6),
        # Rules of procedure and of clubs; maritime conventions count by rules and regulations.
        ("rule", "rule", "Rule", "règle", "rule regle", "rules regles", 6),
        ("regulation", "reg", "Regulation", "prescription", "regulation reg prescription",
         "regulations prescriptions", 6),
        # Declarations of the United Nations.
        ("principle", "princ", "Principle", "principe", "principle principe",
         "principles principes", 6),
        ("amendment", "amend", "Amendment", "amendement", "amendment amendement",
         "amendments amendements", 2),
        ("preamble", "preamble", "Preamble", "préambule", "preamble preambule", "", 9, False, True),
    )
)  # fmt: skip

KIND = {kind.name: kind for kind in KINDS}
#: The kind that a folded word names, in the singular and in the plural.
SINGULAR = {word: kind for kind in KINDS for word in kind.words.split()}
PLURAL = {word: kind for kind in KINDS for word in kind.plural.split()}

#: Words before the label of a paragraph or point: EU Style Guide 2.7 (paragraph, point, indent),
#: Swiss and French practice (alinéa, lettre, chiffre).
PARAGRAPH_WORDS = frozenset(
    "abs paragraph paragraphs paragraphe paragraphes para paras par parag alinea alineas al "
    "subparagraph "
    "subparagraphs subsection subsections point points pt letter lettre let lit litera item § "
    "§§".split()
)

#: Latin numerals of inserted articles (Guide de légistique 3.3.3).
LATIN = "bis ter quater quinquies sexies septies octies nonies decies".split()

_ROMAN = re.compile(r"(?=[mdclxvi])m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


def roman_value(lower: str) -> int | None:
    """Return the value of a Roman numeral in lower case; None if it is none."""
    if not _ROMAN.fullmatch(lower):
        return None
    values = [_ROMAN_VALUES[char] for char in lower]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-value if value < following else value for value, following in pairs)


def _number_words() -> tuple[dict[str, str], dict[str, str]]:
    """Return the cardinals and the ordinals up to 99, as folded words with spaces."""
    ones = "one two three four five six seven eight nine".split()
    teens = (
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
    )
    tens = "twenty thirty forty fifty sixty seventy eighty ninety".split()
    english = [*ones, *teens]
    for ten in tens:
        english += [ten, *(f"{ten} {one}" for one in ones)]
    uns = "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
    french = [*uns.split(), "dix sept", "dix huit", "dix neuf"]
    for ten in "vingt trente quarante cinquante".split():
        french += [ten, f"{ten} et un", *(f"{ten} {one}" for one in french[1:9])]
    french += ["soixante", "soixante et un", *(f"soixante {one}" for one in french[1:10])]
    french += ["soixante et onze", *(f"soixante {one}" for one in french[11:19])]
    french += ["quatre vingt", *(f"quatre vingt {one}" for one in french[:19])]
    irregular = {"one": "first", "two": "second", "three": "third", "five": "fifth",
                 "eight": "eighth", "nine": "ninth", "twelve": "twelfth"}  # fmt: skip
    cardinals, ordinals = {}, {"premier": "1", "premiere": "1", "second": "2", "seconde": "2"}
    for value, word in enumerate(english, 1):
        cardinals[word] = str(value)
        head, _, last = word.rpartition(" ")
        stem = irregular.get(last) or f"{last[:-1]}ie" * last.endswith("y") or last
        ordinal = stem if last in irregular else f"{stem}th"
        ordinals[f"{head} {ordinal}".strip()] = str(value)
    for value, word in enumerate(french, 1):
        cardinals[word] = str(value)
        stem = {"q": "cinqu", "f": word[:-1] + "v"}.get(word[-1:], word.removesuffix("e"))
        stem = f"{word}u" if word.endswith("cinq") else stem
        ordinals[f"{stem}ieme"] = str(value)
    return cardinals | {"quatre vingts": "80", "unique": "1"}, ordinals


CARDINALS, ORDINALS = _number_words()
#: Words of the longest number: quatre-vingt-dix-neuf.
MOST_NUMBER_WORDS = 4

_CANONICAL = re.compile(
    rf"(?:(?P<code>lo|"
    rf"[lrda])(?=\d))?(?P<digits>\d+(?:-\d+)*)(?P<letter>[a-z]?)(?P<latin>{'|'.join(LATIN)})?"
    r"|[a-z]\d*"
)
_LABEL = re.compile(rf"(\d+)([a-z]?)({'|'.join(LATIN)})?|[a-z]{{1,5}}")


@dataclass(frozen=True, slots=True)
class UnitKey:
    """Which unit is meant, in one spelling.

    ``number`` is "2" for II, *second* and *two*, "5bis", "68-1", "l121-1", "a" of Annex A, "" for
    the preamble and an annex without number. ``kind`` is "" where only a number was said.
    """

    kind: str
    number: str
    points: tuple[str, ...] = ()  #: the labels below: ("2", "a") of Article 5(2)(a)
    parent: UnitKey | None = None  #: where numbers start anew: the annex, the part

    @property
    def whole(self) -> UnitKey:
        """Return the unit without the points below it: Article 5 of Article 5(2)."""
        return replace(self, points=())

    @property
    def bare(self) -> UnitKey:
        """Return the key without what the unit stands in."""
        return replace(self, parent=None)

    def below(self, *labels: str) -> UnitKey:
        """Return the key of a paragraph or point of this unit."""
        return replace(self, points=(*self.points, *labels))

    @property
    def address(self) -> str:
        """Return the short form of an address: art5.2.a, annex2.art5, preamble."""
        short = KIND[self.kind].short if self.kind else ""
        above = f"{self.parent.address}." if self.parent else ""
        return f"{above}{'.'.join((short + self.number, *self.points))}"

    def printed(self, language: str) -> str:
        """Return the name for a reader: *Article 5(2)(a)*, in French *article 5, § 2, a*."""
        french = language == "fr"
        above = f"{self.parent.printed(language)}, " if self.parent else ""
        name = ""
        if self.kind:
            name = KIND[self.kind].french if french else KIND[self.kind].english
        unit = f"{name} {printed_number(self.number, of_code=self.kind == 'article')}".strip()
        if not french:
            return f"{above}{unit}{''.join(f'({label})' for label in self.points)}"
        return f"{above}{unit}{''.join(_french_labels(self.points))}"


def _french_labels(labels: Sequence[str]) -> list[str]:
    """Return the labels as French legal writing has them: § of a paragraph, 1° of a point."""
    printed = []
    for depth, label in enumerate(labels):
        match = _LABEL.fullmatch(label)
        if not match or not match[1]:
            printed.append(f", {label}")
        elif depth:
            printed.append(f", {match[1]}{match[2]}° {match[3] or ''}".rstrip())
        else:
            printed.append(f", § {printed_number(label)}")
    return printed


def printed_number(number: str, *, of_code: bool = False) -> str:
    """Return a canonical number as it is printed: 5 bis, A, and L. 121-1 of a French code."""
    match = _CANONICAL.fullmatch(number)
    if not match or not match["digits"] or (match["code"] and not of_code):
        return number.upper()
    code = f"{match['code'].upper()}. " if match["code"] else ""
    latin = f" {match['latin']}" if match["latin"] else ""
    return f"{code}{match['digits']}{match['letter']}{latin}"


_SHORT = {kind.short: kind.name for kind in KINDS}
_ADDRESS_PART = re.compile(
    rf"({'|'.join(sorted(_SHORT, key=len, reverse=True))})?([a-z0-9-]{{0,20}})"
)


def parse_address(address: str) -> UnitKey | None:
    """Return the key of a short address such as ``art5.2.a``; None if it is none."""
    key: UnitKey | None = None
    for part in address.strip().lower().split("."):
        match = _ADDRESS_PART.fullmatch(part)
        if not match:
            return None
        if match[1]:
            kind, number = KIND[_SHORT[match[1]]], match[2]
            if number and not _CANONICAL.fullmatch(number):
                return None
            if (not number and not kind.unnumbered) or (key and key.points):
                return None
            key = UnitKey(kind.name, number, (), key)
        elif key and _LABEL.fullmatch(part):
            key = key.below(part)
        else:
            return None
    return key


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, a run of digits or a mark of a text, folded, with its place."""

    folded: str
    text: str
    start: int
    end: int


_PIECE = re.compile(r"[^\W\d_]+|\d+|§§?|\S")


def pieces_of(text: str) -> list[Piece]:
    """Return the words, runs of digits and marks of a text."""
    return [Piece(fold(m[0]), m[0], *m.span()) for m in _PIECE.finditer(text)]


#: A run of pieces in which a number or a label was read, and the piece behind it.
Number = tuple[str, tuple[str, ...], int]

#: Digits of the longest number of a unit and of a label.
_NUMBER_DIGITS, _LABEL_DIGITS = 4, 3
#: Hyphens in the number of an inserted article (L. 121-1-2), letters of a Roman label (xviii).
_MOST_HYPHENS, _LABEL_LETTERS = 3, 5
_NUMBER_SIGNS = frozenset("no nos nr n num number numero № #".split())
_ENGLISH_ORDINALS = frozenset("st nd rd th".split())
_FRENCH_FIRST = frozenset("er re ere".split())
#: Numbers of the French codes: law, organic law, decrees (Guide de légistique 3.3.1).
_CODES = frozenset("l lo r d a".split())
_ENDS = frozenset('.,;:?!)]»”"')


_BEHIND_SMALL = PARAGRAPH_WORDS | frozenset("( of de du to and et say says dit about mean".split())


class Pieces:
    """The pieces of a text, read from a place on; each method looks a bounded way ahead."""

    def __init__(self, text: str) -> None:
        self.all = pieces_of(text)

    def __len__(self) -> int:
        return len(self.all)

    def folded(self, at: int) -> str:
        """Return the folded piece at a place, "" behind the end."""
        return self.all[at].folded if 0 <= at < len(self.all) else ""

    def text(self, at: int) -> str:
        """Return the piece at a place as it is written, "" behind the end."""
        return self.all[at].text if 0 <= at < len(self.all) else ""

    def is_digits(self, at: int, most: int) -> bool:
        """Tell whether a piece is a number of few digits, and not zero."""
        text = self.text(at)
        return text.isdecimal() and len(text) <= most and int(text) > 0

    def joined(self, at: int) -> bool:
        """Tell whether a piece stands directly behind the one before it."""
        return 0 < at < len(self.all) and self.all[at - 1].end == self.all[at].start

    def ends_clause(self, at: int) -> bool:
        """Tell whether the text or a clause ends before a place."""
        return at >= len(self.all) or self.text(at) in _ENDS

    def number(self, at: int, kind: UnitKind | None, *, plural: bool = False) -> Number | None:
        """Read the number of a unit; points that dots join to it are read as well (2.1.d)."""
        at = self._behind_number_sign(at)
        code = self._code(at) if kind and kind.name == "article" else None
        if code:
            prefix, at = code
            number, after = self._inserted(prefix + str(int(self.text(at))), at + 1, plural=False)
            return number, (), after
        if self.is_digits(at, _NUMBER_DIGITS):
            number, after = str(int(self.text(at))), at + 1
            suffix = self.folded(after) if self.joined(after) else ""
            if suffix in _ENGLISH_ORDINALS or (number == "1" and suffix in _FRENCH_FIRST):
                after += 1
        elif found := self._roman(at) or self._words(at) or self._letter(at, kind):
            number, after = found
        else:
            return None
        number, after = self._inserted(number, after, plural=plural)
        points, after = self._dotted(after)
        behind = self.text(after)
        note = behind.isdigit() and not behind.isdecimal()  # Article 5²
        if self.joined(after) and not note and (behind[:1].isalnum() or behind in "/%€$"):
            return None
        return number, points, after

    def _behind_number_sign(self, at: int) -> int:
        if self.folded(at) not in _NUMBER_SIGNS:
            return at
        after = at + 2 if self.text(at + 1) in (".", "°", "º") else at + 1
        return after if self.is_digits(after, _NUMBER_DIGITS) or self._roman(after) else at

    def _code(self, at: int) -> tuple[str, int] | None:
        """Read the letter of a code's article: L. 121-1; where the digits are."""
        prefix, after = self.folded(at), at + 1
        if prefix == "l" and self.text(at + 1) == "." and self.folded(at + 2) == "o":
            prefix, after = "lo", at + 3
        if prefix not in _CODES or (prefix in "da" and self.text(at).islower()):
            return None
        while self.text(after) in (".", "*") and after < at + 6:
            after += 1
        return (prefix, after) if self.is_digits(after, _NUMBER_DIGITS) else None

    def _roman(self, at: int) -> tuple[str, int] | None:
        """Read a Roman numeral; one letter other than I, V and X is a letter (Annex C)."""
        text = self.text(at)
        lower = text.lower()
        if self.folded(at) in ("ier", "ire", "iere") and text[0] in "Ii":
            return "1", at + 1
        value = roman_value(lower)
        if value is None or (len(text) == 1 and lower not in "ivx"):
            return None
        if text.islower() and (
            set(lower) - set("ivxl") or (lower == "i" and not self._is_behind_one(at + 1))
        ):
            return None  # "article I read" in lower case
        return (str(value), at + 1) if text.isupper() or text.islower() else None

    def _is_behind_one(self, at: int) -> bool:
        """Tell whether what follows a small i may follow the number one: annex i, part b."""
        return (
            self.ends_clause(at) or self.folded(at) in SINGULAR or self.folded(at) in _BEHIND_SMALL
        )

    def _words(self, at: int) -> tuple[str, int] | None:
        """Read a number in words, the longest that fits."""
        words: list[str] = []
        best: tuple[str, int] | None = None
        here = at
        while len(words) < MOST_NUMBER_WORDS and self.folded(here).isalpha():
            words.append(self.folded(here))
            here += 1
            value = CARDINALS.get(" ".join(words)) or ORDINALS.get(" ".join(words))
            best = (value, here) if value else best
            here += self.text(here) == "-"
        return best

    def _letter(self, at: int, kind: UnitKind | None) -> tuple[str, int] | None:
        """Read the letter of an annex or a part: A, and in lower case only before an end."""
        text, after = self.text(at), at + 1
        if (
            not kind
            or not kind.lettered
            or len(text) != 1
            or not (text.isascii() and text.isalpha())
        ):
            return None
        if self.joined(after) and self.is_digits(after, 2):
            return f"{text.lower()}{int(self.text(after))}", after + 1
        if self.joined(after) and self.text(after) in ("'", "’"):
            return None
        return (text.lower(), after) if text.isupper() or self.ends_clause(after) else None

    def _inserted(self, number: str, at: int, *, plural: bool) -> tuple[str, int]:
        """Read what makes a number of an inserted unit: 68-1, 12a, 5 bis."""
        value = int(number) if number.isdecimal() else 0
        hyphens = 0
        while self.is_hyphen(at) and hyphens < _MOST_HYPHENS:
            if not self.is_digits(at + 1, _NUMBER_DIGITS):
                break
            if plural and not hyphens and int(self.text(at + 1)) > value:
                return number, at  # Articles 5-7
            number, at, hyphens = f"{number}-{int(self.text(at + 1))}", at + 2, hyphens + 1
        letter = at + (self.text(at) == "-" and self.joined(at))
        text = self.text(letter)
        if (
            self.joined(letter)
            and len(text) == 1
            and text.isascii()
            and text.isalpha()
            and number[-1:].isdigit()
        ):
            number, at = number + text.lower(), letter + 1
        if text.isupper() and letter == at and self._is_apart(at) and number[-1:].isdigit():
            number, at = number + text.lower(), at + 1  # article 16 A
        latin = at + (self.text(at) == "-" and self.joined(at))
        if self.folded(latin) in LATIN:
            number, at = number + self.folded(latin), latin + 1
        return number, at

    def _is_apart(self, at: int) -> bool:
        """Tell whether a single letter, which is no numeral, stands before an end."""
        text = self.text(at)
        letter = len(text) == 1 and text.isascii() and text not in "IVX"
        return letter and not self.joined(at) and self.ends_clause(at + 1)

    def is_hyphen(self, at: int) -> bool:
        """Tell whether a hyphen joins two pieces."""
        return self.text(at) == "-" and self.joined(at) and self.joined(at + 1)

    def _dotted(self, at: int) -> tuple[tuple[str, ...], int]:
        """Read labels that dots join to a number: .1.d"""
        points: list[str] = []
        while (
            len(points) < 4  # noqa: PLR2004
            and self.text(at) == "."
            and self.joined(at)
            and self.joined(at + 1)
            and (label := self.plain_label(at + 1, dotted=True))
        ):
            points.append(label[0])
            at = label[1]
        return tuple(points), at

    def plain_label(self, at: int, *, dotted: bool = False) -> tuple[str, int] | None:
        """Read the label of a paragraph or point without its brackets: 2, 2 bis, a, iv, aa."""
        if self.is_digits(at, _LABEL_DIGITS):
            label, after = str(int(self.text(at))), at + 1
            text = self.text(after)
            if self.joined(after) and len(text) == 1 and text.isascii() and text.isalpha():
                label, after = label + text.lower(), after + 1
            if self.folded(after) in LATIN and (not dotted or self.joined(after)):
                label, after = label + self.folded(after), after + 1
            return label, after
        label = self.text(at).lower()
        return (label, at + 1) if is_letter_label(label) else None

    def bracketed_label(self, at: int) -> tuple[str, int] | None:
        """Read a label in brackets: (2), (a), (iv)."""
        if self.text(at) != "(":
            return None
        label = self.plain_label(at + 1)
        return (label[0], label[1] + 1) if label and self.text(label[1]) == ")" else None


def is_letter_label(lower: str) -> bool:
    """Tell whether letters are the label of a point: a, aa, iv."""
    if not lower.isascii() or not lower.isalpha():
        return False
    doubled = len(lower) == 2 and lower[0] == lower[1]  # noqa: PLR2004
    small = not set(lower) - set("ivxlc")
    return (
        len(lower) == 1
        or doubled
        or (small and len(lower) <= _LABEL_LETTERS and roman_value(lower) is not None)
    )
