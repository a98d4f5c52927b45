"""Rule-based sentence segmentation of one paragraph, with the same rules for every language.

Every run of terminators (. ! ? …) is a candidate boundary.  It takes in the closing quotes,
brackets and reference marks behind it, and ends a sentence if something that can begin one
follows after white space.  Only a lone full stop is ambiguous: the word before it may be an
abbreviation.  In doubt the text stays whole, since a quotation cut in the middle is worse than
a long one.  Semicolons and colons never end a sentence, but on a line of its own the marker of an
item (1. (a) iv)) begins one.  A short quotation that stands within a sentence is not cut.

The scan is linear: possessive quantifiers, and a window of fixed size before each full stop.
"""

import re
from collections.abc import Iterator


def _words(listing: str) -> frozenset[str]:
    return frozenset(listing.split())


_TERMINATOR = re.compile(r"[.!?…]+")

# What still belongs to the sentence: closing quotes and brackets, also after a space (a straight
# quote only if a space follows too, as it might be an opening one), and reference marks such as
# "end.[12][note 3]", "end. [4]–[6]" and "end. [...]".
_TRAILER = re.compile(
    r"""(?: ["”“’'»«›)\]] | \s» | \s"(?!\S)
          | [–,-]?\[[^\[\]]{1,24}\] | \s\[(?:\d{1,4}|…|\.{3})\] )*+""",
    re.VERBOSE,
)

# The beginning of a sentence: its first word, behind opening quotes, brackets and dashes.
_OPENING = re.compile(r"""\s[\s"“„‘'’«»‹(\[¿¡•—–-]*+(\w+)""")

_LONG_WORD = 5  # letters; abbreviations are shorter
_WINDOW = 24  # characters looked at before a full stop, longer than any abbreviation
_LONGEST_NUMBER = 9  # digits of a list item's number in Markdown
_LAST_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]++$")

# A letter on its own or in an acronym ("J.-P.", "d'A.", "U.S.", "p."), not "it's." or "20 °C.".
_INITIAL = re.compile(r"""(?<![^\s.("“«\[–-])[^\W\d_]$|['’][A-ZÀ-Þ]$""")

# Abbreviations followed by what they introduce: titles, "see", "about" (any case, except MM).
_NEVER_FINAL = _words(
    "MM al approx apr av capt cf col dr drs ed eds env gen gov gén hon lt messrs mgr mlle mlles "
    "mme mmes mr mrs ms mt op pp pr prof prés rep rev sen sgt st ste vgl viz vs éd"
)

# Of these the form with a capital: ranks, offices, courts, codes and places before a name.
_BEFORE_NAME = _words(
    "Acad Adj Adm Amb App Asst Assoc Atty Ave Bd Bldg Blvd Brig Bro Bros Cap Cass Cdr Cdt Cie Civ "
    "Cllr Cne Cmdr Cmdt Com Comdr Comm Comp Cons Const Conv Cpl Crim Dep Dept Dist Div Est Exec "
    "Fed Fr Ft Gal Hwy Insp Inst Int Inf Jud Jur Lcl Leg Lieut Ltd Maj Min Mons Msgr Mun Nat Ord "
    "Pkwy Pl Preb Pres Proc Prov Préf Pt Pte Pvt Rec Rect Reg Res Rgt Rt Sec Serg Soc Sq Stat Sup "
    "Supp Supt Treas Trib Univ Vve"
)

# Abbreviations if a number follows ("art. 5", "No. 7", "Sept. 11"), ordinary words otherwise:
# parts of laws and books, documents and their numbers, months.
_BEFORE_NUMBER = _words(
    "amend ann annex appx apt art artt arts bk bks bull ca cap cass ch chap chaps chs civ cl cls "
    "coll com comm comp cons consid const cor corr crim déc décr dec decl dept dir disp doc docs "
    "éq eq eqs ex exh exs ext fasc fig figs fol fols gg inst it jur let lett lib lig lim lit ln "
    "loc lp ms n nn no nos nr nrs num obs ord para paras par pars pg pgs phr pl pos prec prop "
    "prot pt pts rec recs réf réfs ref refs reg regs règl rept req res résol resol rm ser sec "
    "secs sect sects soc subpara subparas subsec subsecs sub subdiv suppl sched scheds tabl tel "
    "tél tit ss stat th trad univ v ver vers vol vols vv jan feb mar apr jun jul aug sep sept oct "
    "nov dec janv févr fév avr juil déc"
)
# What a number or the sign of a document looks like: 12, IV, KX-2020-17, B/12, R. 33, L.121-1.
_NUMBER = re.compile(
    r"[A-ZÀ-Þ]{0,8}[-/]?\d|(?!I\b)[IVXLCDM]+\b(?!['’])|[A-ZÀ-Þ]{1,3}\.[ \u00a0\u202f]?\d"
    r"|[A-Z]{1,8}[-/][\w/-]{0,16}\d|[a-z]\)"
)


# Like initials, these may close a sentence, but as often stand before a name.
_MAY_BE_FINAL = _words(
    "cie cit co concl corp esq ex ff ibid id inc jr llc ltd obs plc seq sq sqq sr suiv"
)

# Words that are capitalised only because they begin a sentence.
_STARTERS = _words(
    "An And As At But For From He His If In It On She That The There These They This We When You "
    "Ce Ces Cette Dans Depuis Elle Elles En Et Il Ils Mais Nous Pour Selon Un Une"
)

# A full stop also makes an ordinal of a number, as in the German date "1. Mai".
_DAY = re.compile(r"(?<!\d)\d\d?$")
_GERMAN_MONTHS = _words(
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"
)


# The marker of an item of a list, alone: 1 12.3 a iv (b, before its full stop or bracket.
_ONLY_MARKER = re.compile(
    r"\s*+[\[(]?(?:§ ?)?(?:\d{1,9}(?:\.\d{1,3}){0,4}|[^\W\d_]|[ivxIVX]{1,6})\s*+$"
)
# The same where it begins an item: 1. (a) a) iv) 2°.
_ITEM = re.compile(
    r"[\s\"“„‘«—–-]*+(?:\((?:\d{1,3}|[a-zA-Z]|[ivx]{1,6})\)"
    r"|(?:\d{1,3}(?:\.\d{1,3}){0,4}[.)]|\d{1,2}°[.)]?|(?:[a-z]|[ivx]{1,6})[.)])(?=\s\D))"
)
# A number in the middle of a sentence that is the marker of an item: "agreed: 1. to …; 2. to …".
_INNER_MARKER = re.compile(
    r"[:;,][\s(]{1,3}(?:(?:and|or|et|ou)\s)?(?:\d{1,3}|[^\W\d_]|[ivxIVX]{1,6})$"
)
# On a line of its own, behind the end of another item.
_ITEM_LINE = re.compile(
    r"(?<=[;:,.])(?:[ ](?:and|or|et|ou)\b,?)?[ \t]{0,8}\n[ \t]{0,8}"
    r"(?=(?:\((?:\d{1,3}|[a-zA-Z]|[ivx]{1,6})\)|(?:\d{1,3}|[a-z]|[ivx]{1,6})[.)]|[*•–—-])\s)"
)
# A vowel, or nothing but what people hum: Mm, Hmm, Shh.
_SOUND = re.compile(r"[aeiouyàâäéèêëîïôöùûüœæ]|^[hmsz]++$", re.IGNORECASE)
_ABBREVIATION = re.compile(r"([^\W\d_]{1,8})\.")

# A quotation in one sentence; a longer one is cut as any text is.
_QUOTED = re.compile(
    r"""«[^«»]{1,160}»|“[^“”]{1,160}”|„[^„“”]{1,160}[“”]|(?<![^\s(])"(?=\S)[^"]{1,160}(?<=\S)"(?!\w)"""
)


_QUOTE = re.compile(r"[«“„\"]")
_GOES_ON = re.compile(r"[,;]?\s{1,2}[^\W\d_A-ZÀ-Þ]|[,;]")
_NOWHERE = (1 << 62, 1 << 62)  # behind every text


def _ends_sentence(before: str, following: str, rest: str) -> bool:
    """Tell whether the full stop between some text and the next word ends a sentence.

    ``rest`` is what follows, from that word on.
    """
    last = _LAST_WORD.search(before)
    if last is None:
        if _DAY.search(before) and (following in _GERMAN_MONTHS or following[0].islower()):
            return False
        return not _INNER_MARKER.search(before)
    word = last.group()
    folded = word.lower()
    if word in _NEVER_FINAL or folded in _NEVER_FINAL:
        return False
    if _INITIAL.search(before):  # "m" for "p.m.", the one small letter that may be final
        return following in _STARTERS and (word.isupper() or word == "m")
    if folded in _MAY_BE_FINAL or word in _BEFORE_NAME or _has_no_vowel(word):
        return following in _STARTERS
    # Some sentences and list items begin in lower case; a short word might be an abbreviation.
    may_begin = not following[0].islower() or (len(word) >= _LONG_WORD and word.islower())
    return may_begin and not (folded in _BEFORE_NUMBER and _is_reference(folded, rest))


def _is_reference(folded: str, rest: str) -> bool:
    """Whether a number follows an abbreviation, or another one: Reg. No. 5."""
    shortened = _ABBREVIATION.match(rest)
    other = shortened[1].lower() if shortened else folded
    return bool(_NUMBER.match(rest)) or (other != folded and other in _BEFORE_NUMBER)


def _quotations(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the quotations that stand within a sentence: words of it come before or go
    on behind.
    """
    for match in _QUOTED.finditer(text):
        before = text[max(0, match.start() - 2) : match.start()].rstrip()
        if (before and before[-1] not in '.!?…»”"') or _GOES_ON.match(text, match.end()):
            yield match.span()


def _is_whole(text: str, start: int, mark: re.Match[str]) -> bool:
    """Whether the words between a sentence's start and a mark end one, if an item comes next."""
    last = _LAST_WORD.search(text[max(start, mark.start() - _WINDOW) : mark.start()])
    if mark.group() != "." or last is None:
        return True
    word = last.group().lower()
    known = _BEFORE_NUMBER | _NEVER_FINAL | _MAY_BE_FINAL
    return len(word) > 1 and word not in known and last.group() not in _BEFORE_NAME


def _has_no_vowel(word: str) -> bool:
    """Whether a word cannot be one: Blvd, Sgt; but DVD and PHP are, and km is a unit."""
    return len(word) > 1 and word.istitle() and not _SOUND.search(word)


def _sentence_ends(text: str) -> list[int]:
    """Return the offsets at which a sentence ends and another one follows."""
    ends = [0]
    end = 0
    quotations = _quotations(text) if _QUOTE.search(text) else iter(())
    quoted = next(quotations, _NOWHERE)
    for mark in _TERMINATOR.finditer(text):
        if mark.start() < end:  # in a reference mark already passed
            continue
        start = ends[-1]
        if mark.start() - start < _WINDOW and _ONLY_MARKER.match(text[start : mark.start()]):
            continue  # the number of a list item or a section belongs to what follows
        trailer = _TRAILER.match(text, mark.end())
        end = trailer.end() if trailer else mark.end()
        opening = _OPENING.match(text, end)
        if opening is None:
            continue
        while quoted[1] <= mark.start():
            quoted = next(quotations, _NOWHERE)
        if quoted[0] < mark.start() and end < quoted[1]:
            continue
        following = opening[1]
        first = opening.start(1)
        if mark.group() == "." and (end == mark.end() or text[mark.end()].isspace()):
            before = text[max(start, mark.start() - _WINDOW) : mark.start()]
            is_boundary = _ends_sentence(before, following, text[first : first + _WINDOW])
        else:
            is_boundary = not following[0].islower()
        if is_boundary or (_ITEM.match(text, end) and _is_whole(text, start, mark)):
            ends.append(end)
    return ends[1:]


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return the half-open character spans of the sentences of one paragraph, in order."""
    spans = []
    start = 0
    lines = (match.end() for match in _ITEM_LINE.finditer(text)) if "\n" in text else ()
    for end in sorted({*_sentence_ends(text), *lines, len(text)}):
        sentence = text[start:end]
        if stripped := sentence.strip():
            first = start + sentence.index(stripped[0])
            spans.append((first, first + len(stripped)))
        start = end
    return spans
