"""The names of a document: its title, the names in brackets behind it, its initials."""

from __future__ import annotations

import re

from bot.text.tokens import fold

#: What kind of document a title names, in both languages, longest first.
DOCUMENT_TYPES = tuple(
    sorted(
        (
            "treaty|convention|agreement|protocol|covenant|pact|accord|charter|constitution|"
            "statutes|"
            "statute|declaration|code of conduct|code|act|law|regulations|regulation|directive|"
            "by-laws|"
            "bylaws|rules of procedure|house rules|rules|handbook|contract|lease|"
            "traité|accord|protocole|pacte|charte|statuts|statut|déclaration|loi|règlement "
            "intérieur|"
            "règlement|ordonnance|contrat|bail"
        ).split("|"),
        key=len,
        reverse=True,
    )
)
_TYPES = {fold(name.replace("-", " ")): name for name in reversed(DOCUMENT_TYPES)}
TYPE_WORDS = frozenset(word for name in _TYPES for word in name.split())

_LAST_BRACKETS = re.compile(r"(?:\s\([^()\n]{2,200}\)){1,4}$")
# Acts of the EU: Regulation (EU) 2016/679, Directive 95/46/EC.
_NUMBERED = re.compile(r"(?<![\w/])\d{2,4}/\d{1,4}(?:/[A-Z]{2,3})?(?![\w/])")
_NO_NAMES = frozenset("EU UE EC CE EEC CEE EURATOM ECSC CECA CFSP PESC".split())
_BRACKETED = re.compile(r"\(([^()\n]{2,200})\)")
# EU Style Guide 2.5: "hereinafter referred to as ..."; French acts: ci-après dénommé(e).
_HEREINAFTER = re.compile(
    r"^(?:hereinafter|hereafter|herein|also|or|in short|short|known as|ci-après|ci-dessous|dit|"
    r"dite|"
    r"ou|en abrégé|called|referred to|dénommée?|appelée?|désignée?|as|the|le|la|[,:\s])+",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“«„]\s{0,2}([^\"“”«»„\n]{2,120})[\"”»]")
_NAMED = re.compile(
    r"(?:hereinafter|hereafter|ci-après)(?: referred to| called| known| dénommée?| appelée?| "
    r"désignée?)?"
    r"(?: as| sous le nom de| par)?[ :,]{0,3}(?:the |le |la |"
    r"l['’])?[\"“«„]?\s?([^\"“”«»„\n(),;.:]{2,80})",
    re.IGNORECASE,
)
# Short titles of acts: "This Act may be cited as the Harbour Act 1998."
_CITED = re.compile(r"may be cited as (?:the )?[\"“]?([^\"“”\n(),;.:]{3,80})", re.IGNORECASE)
_ACRONYM = re.compile(r"[A-Z][A-Za-z]{0,3}[A-Z](?:[A-Z0-9-]{0,6}[A-Z0-9])?|(?:[A-Z]\.){2,7}")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
# What only says between whom or on what a treaty is; the name ends before it.
_SCOPE = re.compile(
    r"\s(?:between|among|concluded|done|signed|adopted|entre|conclu|conclue|signé|signée|fait|"
    r"faite|"
    r"adopté|adoptée|of \d|du \d|de \d)\b"
)
_SMALL = frozenset(
    "a an and as at between by concerning de des du et for from in la le les l d of on or sur "
    "the to "
    "with au aux en entre pour par dans relatif relative relating against among".split()
)
#: Letters of the shortest and the longest acronym that is made of a title.
_ACRONYM_LETTERS = range(2, 8)


def title_aliases(title: str, first_paragraph: str | None = None) -> list[str]:
    """Return the names of a document, the likeliest first, each once.

    They are the title, without and with its brackets; what stands in the brackets; the title up to
    *between*, and without *the*; its initials, if its words have capitals and no brackets give
    others; and the name that the first paragraph
    gives it (*hereinafter "the Harbour Treaty"*).
    """
    whole = " ".join(title.split())
    plain = _LAST_BRACKETS.sub("", whole) or whole
    names = [plain]
    for inner in _BRACKETED.findall(whole):
        names += _in_brackets(inner)
    names += _NUMBERED.findall(plain)
    scope = _SCOPE.search(plain)
    if scope and len(plain[: scope.start()].split()) > 1:
        names.append(plain[: scope.start()].rstrip(" ,"))
        plain = names[-1]
    if (bare := _without_article(plain)) != plain:
        names.append(bare)
    acronym = _initials(plain)
    if acronym and not any(_ACRONYM.fullmatch(name) for name in names):
        names.append(acronym)
    if first_paragraph:
        names += _given(first_paragraph)
    kept: dict[str, str] = {}
    for name in names:
        kept.setdefault(fold(name), name)
    return list(kept.values())


def document_type(title: str) -> str | None:
    """Return what a reader calls a document for short: *treaty*, *statuts*, *règlement intérieur*.

    Several documents share such a name, so it is no alias; it chooses where it fits one alone.
    """
    words = [fold(word.replace("’", "'")) for word in _WORD.findall(title.replace("-", " "))]
    for start in range(len(words)):
        for length in (3, 2, 1):
            name = _TYPES.get(" ".join(words[start : start + length]))
            if name:
                return name
    return None


def _in_brackets(inner: str) -> list[str]:
    """Return the names in one pair of brackets: (NPT), (hereinafter "the Convention")."""
    quoted = _QUOTED.findall(inner)
    if quoted:
        return [name for one in quoted if (name := _without_article(one))]
    rest = _HEREINAFTER.sub("", inner).strip()
    names = []
    for part in _alternatives(rest):
        if part.upper() in _NO_NAMES:
            continue
        words = _WORD.findall(part)
        large = sum(word[0].isupper() for word in words if fold(word) not in _SMALL)
        named = words and large * 2 >= len([word for word in words if fold(word) not in _SMALL])
        if (
            _ACRONYM.fullmatch(part)
            or (rest != inner.strip() and words)
            or (named and part[0].isupper())
        ):
            names.append(part)
    return names


def _alternatives(text: str) -> list[str]:
    """Return what commas, semicolons, slashes, *or* and *ou* divide."""
    return [part for part in (one.strip(" \"“”«»'’") for one in _OR.split(text)) if part]


_OR = re.compile(r"[,;/]| or | ou ")


def _without_article(name: str) -> str:
    return _ARTICLE.sub("", name.strip()).strip()


_ARTICLE = re.compile(r"^(?:the |le |la |les |l['’])", re.IGNORECASE)


def _initials(title: str) -> str | None:
    """Return the initials of a title's large words, if most of its words are large."""
    words = [word for word in _WORD.findall(title.replace("-", " ")) if fold(word) not in _SMALL]
    large = [word for word in words if word[0].isupper()]
    if len(large) * 4 < len(words) * 3 or any(word[0].isdigit() for word in words):
        return None
    initials = "".join(fold(word)[0] for word in large).upper()
    return initials if len(initials) in _ACRONYM_LETTERS else None


def _given(paragraph: str) -> list[str]:
    """Return the names of the document in its first paragraph; the Parties are none."""
    found = [match[1] for pattern in (_NAMED, _CITED) for match in pattern.finditer(paragraph)]
    names = []
    for one in found:
        name = _without_article(one).strip()
        words = [fold(word) for word in _WORD.findall(name)]
        if _ACRONYM.fullmatch(name) or (len(words) > 1 and TYPE_WORDS & set(words)):
            names.append(name)
    return names
