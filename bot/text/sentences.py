"""Rule-based sentence segmentation of one paragraph, with the same rules for every language.

Every run of terminators (. ! ? …) is a candidate boundary.  It takes in the closing quotes,
brackets and reference marks behind it, and ends a sentence if something that can begin one
follows after white space.  Only a lone full stop is ambiguous: the word before it may be an
abbreviation.  In doubt the text stays whole, since a quotation cut in the middle is worse than
a long one.  Semicolons and colons never end a sentence.

The scan is linear: possessive quantifiers, and a window of fixed size before each full stop.
"""

import re


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
    "MM al approx apr av capt cf col dr drs ed eds env gen gov hon lt messrs mgr mlle mlles mme "
    "mmes mr mrs ms mt op pp pr prof rep rev sen sgt st ste viz vs éd"
)

# Abbreviations if a number follows ("art. 5", "No. 7", "Sept. 11"), ordinary words otherwise.
_BEFORE_NUMBER = _words(
    "art ca ch chap fig no nos nr sec vol vols jan feb mar apr jun jul aug sep sept oct nov dec "
    "janv févr fév avr juil déc"
)
_NUMBER = re.compile(r"\d|(?!I$)[IVXLCDM]+$")

# Like initials, these may close a sentence, but as often stand before a name.
_MAY_BE_FINAL = _words("co corp inc jr ltd sr")

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


def _ends_sentence(before: str, following: str) -> bool:
    """Tell whether the full stop between some text and the next word ends a sentence."""
    last = _LAST_WORD.search(before)
    if last is None:
        return not (_DAY.search(before) and following in _GERMAN_MONTHS)
    word = last.group()
    folded = word.lower()
    if word in _NEVER_FINAL or folded in _NEVER_FINAL:
        return False
    if _INITIAL.search(before):  # "m" for "p.m.", the one small letter that may be final
        return following in _STARTERS and (word.isupper() or word == "m")
    if folded in _MAY_BE_FINAL:
        return following in _STARTERS
    if folded in _BEFORE_NUMBER and _NUMBER.match(following):
        return False
    # Some sentences and list items begin in lower case; a short word might be an abbreviation.
    return not following[0].islower() or (len(word) >= _LONG_WORD and word.islower())


def _sentence_ends(text: str) -> list[int]:
    """Return the offsets at which a sentence ends and another one follows."""
    ends = [0]
    end = 0
    for mark in _TERMINATOR.finditer(text):
        if mark.start() < end:  # in a reference mark already passed
            continue
        if mark.start() <= _LONGEST_NUMBER and text[: mark.start()].isdigit():
            continue  # the number of a list item or a section belongs to what follows
        trailer = _TRAILER.match(text, mark.end())
        end = trailer.end() if trailer else mark.end()
        opening = _OPENING.match(text, end)
        if opening is None:
            continue
        following = opening[1]
        if mark.group() == "." and end == mark.end():
            before = text[max(ends[-1], mark.start() - _WINDOW) : mark.start()]
            is_boundary = _ends_sentence(before, following)
        else:
            is_boundary = not following[0].islower()
        if is_boundary:
            ends.append(end)
    return ends[1:]


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return the half-open character spans of the sentences of one paragraph, in order."""
    spans = []
    start = 0
    for end in [*_sentence_ends(text), len(text)]:
        sentence = text[start:end]
        if stripped := sentence.strip():
            first = start + sentence.index(stripped[0])
            spans.append((first, first + len(stripped)))
        start = end
    return spans
