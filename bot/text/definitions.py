"""Sentences that define a term, and questions that ask what a term means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from bot.text.tokens import Token, tokens
from bot.text.unit_references import unit_references


@dataclass(frozen=True, slots=True)
class Definition:
    """A term that a sentence defines, without its article and quotes, and where it stands."""

    term: str
    start: int
    end: int
    weak: bool = False  #: only seems to define: X is a Y


_MARKS = "\"”»“″'’"
_OPEN, _CLOSE = '"“«„‟″', '"”»“″'
# Double quotes, and the single ones of British and EU drafting, which are apostrophes elsewhere.
_TERM = (
    rf"[{_OPEN}]\s?([^{_OPEN}{_CLOSE}\n]{{1,80}}?)\s?[{_CLOSE}]"
    r"|(?<!\w)['‘]([^\W\d][^'‘’\n]{0,60})['’](?!\w)"
)

# The defining verbs of drafting guides: UK Drafting Guidance 4.1 ("means", "includes", "has the
# meaning given"), EU Joint Practical Guide 14 ("for the purposes of ... means"; "aux fins de",
# "on entend par"), Guide de légistique 3.5 ("désigne", "s'entend de").
_MEANS = (
    r"(?:also |together |each |hereinafter |shall |is to |are to |doit |doivent )?(?:"
    r"means?|refers? to|denotes?|designates?|signif(?:y|ies)|stands? for|includes?|comprises?|"
    r"(?:is|are|be) (?:hereby )?(?:defined as|understood (?:as|to (?:mean|be))|taken to mean|meant|"
    r"short for|"
    r"an? (?:abbreviation|acronym) (?:of|for)|used to mean|one (?:which|that|who))|"
    r"(?:has|have|bears?) the (?:same |following )?meaning|"
    r"désigne(?:nt)?|signifie(?:nt)?|veu(?:t|lent) dire|recouvr(?:e|ent)|vis(?:e|ent)|"
    r"(?:s['’]entend(?:ent)?|est entendue?|sont entendue?s|se comprend|est comprise?) (?:de|du|"
    r"des|d['’]|"
    r"comme|par|au sens|ici)|"
    r"(?:est|sont) (?:définie?s?|considérée?s?|réputée?s?) (?:comme|par)|"
    r"a (?:le sens|la signification)|ont le sens|(?:est|sont) l['’]abréviation)"
)
_AFTER_QUOTES = re.compile(
    rf"\s?(?:\([^()\n]{{1,80}}\))?\s?(?:,[^,\n{_OPEN}]{{1,90}},|(?:of|de|du|des)\s[^,;.\n{_OPEN}]{{1,60}}?)?\s{{1,3}}{_MEANS}(?!\w)"
    r"|\s?[:=]\s|\s[–—-]\s|,\s(?=(?:tout|un|une|any|an?)\s)|\s?\((?:short|abbreviated|abrév)",
    re.IGNORECASE,
)
_BETWEEN_QUOTES = re.compile(
    r"\s?(?:,|or|and|et|ou|/|\(|\(?(?:or|ou))\s?(?:the term |le terme )?", re.IGNORECASE
)
_QUOTED = re.compile(_TERM)
_ON_ENTEND = re.compile(
    r"(?:on (?:entend|désigne) (?:par|sous le nom de)|(?<!\w)par|we (?:mean|understand) by|"
    r"hereinafter"
    r"(?: referred to as| called)?|(?<!\w)ci-après(?: dénommée?s?| appelée?s?| désignée?s?)?|"
    r"(?:is|are) (?:called|"
    r"known as)|known as|on appelle|(?:est|sont) (?:appelée?s?|dénommée?s?))[\s,:]{1,3}(?:the |"
    r"le |la |les |l['’]|an? |une? )?$",
    re.IGNORECASE,
)
_WINDOW = 60

# A term without quotes: a few words, not beginning with what begins no name.
_DETERMINER = (
    r"(?:(?:(?:the|le|l['’]) ?(?:term|word|expression|phrase|terme|mot)s?"
    r"|the|le|la|les|l['’]|an?|any|every|une?|des|tout|toute)(?: |(?<=['’])))?"
)
_NO_TERM = frozenset(
    "nobody everyone everybody someone anyone personne quiconque "
    "this that these those it they he she we you i which what who there here all no not as by "
    "for from in of on to with under if when where while whenever such both some each nothing "
    "everything if so ce cet cette ces cela ceci ca il elle ils elles on nous vous je qui que quoi "
    "dont ou si quand dans par pour sur avec sans sous de du en et mais or and but tout rien "
    "chacun aucun aucune means off out upon note nb example exemple attention warning tip remark "
    "remarque important question answer reponse q r a the le la les un une".split()
)
_WORDS = r"([^\W\d][\w'’/.-]{0,40}(?: [\w'’/-]{1,40}){0,5}?)"
_LEAD = r"[\s*_•–—-]{0,6}(?:\(?[\w.]{1,5}[).°]\s{1,3})?(?:[^,\n]{3,90}, )?"
# A sentence that begins with its term: what follows it, if that is weak, and the letters of which
# one stands in every such sentence, which are sooner looked for than the pattern.
_PLAIN = tuple(
    (
        re.compile(
            r"\A" + _LEAD + _DETERMINER + _WORDS + r"[*_]{0,2}(?: \([^()\n]{1,60}\))?" + verb,
            re.IGNORECASE,
        ),
        weak,
        tuple(hints.split("|")),
    )
    for verb, weak, hints in (
        (
            r" (?:shall )?(?:means?, |means? (?=(?:an?|any|the|every|each|all|one|"
            r"those|that part|persons?|anyone|anything|someone)\b)|"
            r"refers? to |denotes? |stands? for |"
            r"(?:is|are) (?:hereby )?(?:defined as|short for|one (?:which|that|who)|"
            r"understood (?:as|to mean)) |(?:has|have) the (?:same |following )?meaning )",
            False,
            "mean|refer|denote|stand|defined|short|one",
        ),
        (
            r" (?:désigne(?:nt)? |signifie(?:nt)? |"
            r"s['’]entend(?:ent)? (?:de |du |des |d['’]|comme |par )|"
            r"(?:est|sont) définie?s? comme )",
            False,
            "désigne|signifie|entend|défini",
        ),
        (
            r",? \((?:short for|abbreviat(?:ion of|ed from)|abréviation de|abrégé de) ",
            False,
            "(short|(abbr|(abré",
        ),
        (
            r"(?: ?:| [–—-]) "
            r"(?=(?:an?|any|every|each|une?|tout|toutes?|tous|ensemble|personne) )",
            False,
            ": |– |— |- ",
        ),
        (r" ?: (?=(?:the|le|la|les|that|those|what|ce|celui|celle) |l['’])", True, ": "),
        (r" means? | veu(?:t|lent) dire ", True, " mean| dire "),
        (
            r" (?:is|was|are) "
            r"(?=(?:an?|one of|any|the name|the term|those|people|persons|anyone) )",
            True,
            " is a| is one | is the | was a| are ",
        ),
        (
            r" (?:est|était|sont) "
            r"(?=(?:une?|des|le nom|toute?|les|ceux|celles) |l['’]ensemble)",
            True,
            " est | était | sont ",
        ),
    )
)
_CALLED = re.compile(
    r"(?:on appelle(?: c(?:et|ette|es?) [\w-]{1,30})?|on nomme|par|by|(?:is|are|be) (?:called|"
    r"known as|termed|referred to as|considered(?: as| to be)?)|"
    r"on entend par|est (?:appelée?|dénommée?|considérée? comme)|sont (?:appelée?s|dénommée?s|"
    r"considérée?s comme)) "
    r"(?:an?|the|une?|des|les?|la|l['’])? ?([^\W\d][\w'’-]{1,40}(?: "
    r"[\w'’-]{2,40}){0,3})(?=[,.;: ]|$)",
    re.IGNORECASE,
)
_CALLED_HINTS = "appel|nomm|called|known as|termed|referred|consid|entend|is meant".split("|")
_ENTEND_OF = re.compile(r"par|by|on entend par", re.IGNORECASE)
_CUT = re.compile(
    r" (?:and|or|et|ou|off|out|as|when|where|which|that|who|if|by|in|for|because|toute?|une?|"
    r"qui|que|si|quand|any|"
    r"an?|the|le|la|les|comme)(?: |$)"
)
_ON_ENTEND_NEAR = re.compile(r"on entend|is meant|we mean|is understood", re.IGNORECASE)


def definitions(sentence: str) -> list[Definition]:
    """Return the terms that a sentence defines, in its order.

    Terms in quotes before a defining verb or a colon, or behind *on entend par*, are certain, and
    so are *X means a ...* and *X: any ...*; *X is a ...* and *X: the ...* are weak. English and
    French are read in every text.
    """
    quoted = any(mark in sentence for mark in _MARKS)
    found = (list(_quoted(sentence)) if quoted else []) or list(_plain(sentence))
    return sorted(found, key=lambda definition: definition.start)


def _quoted(sentence: str) -> Iterator[Definition]:
    """Give the terms in quotes that are defined."""
    waiting: list[re.Match[str]] = []
    for match in _QUOTED.finditer(sentence):
        joined = waiting and _BETWEEN_QUOTES.fullmatch(sentence, waiting[-1].end(), match.start())
        waiting = [*waiting, match] if joined else [match]
        before = _ON_ENTEND.search(sentence[max(0, match.start() - _WINDOW) : match.start()])
        after = _AFTER_QUOTES.match(sentence, match.end())
        if after and sentence[match.end() : after.end()].strip() in (":", "=", "–", "—", "-", ","):
            # A colon behind a quotation in running text introduces nothing.
            after = after if before or _begins(sentence, waiting[0].start()) else None
        weak = not before and not after and _IS.match(sentence, match.end()) is not None
        if before or after or weak:
            yield from (_without_article(one, weak=weak) for one in waiting)
            waiting = []


def _without_article(quoted: re.Match[str], *, weak: bool) -> Definition:
    """Return the definition of a quoted term; "the Parties" are Parties."""
    group = quoted.lastindex or 0
    article = _ARTICLE.match(quoted[group])
    start, end = quoted.start(group) + (article.end() if article else 0), quoted.end(group)
    return Definition(quoted.string[start:end], start, end, weak)


_ARTICLE = re.compile(r"(?:the |an? |une? |les? |la |l['’])(?=\w)", re.IGNORECASE)
# A "quay" is any place.
_IS = re.compile(
    r" (?:is|are|est|sont) (?:an?|any|the|those|une?|des|les?|la|l['’]|toute?|ceux|celles)(?!\w)"
)
_BEGINNING = re.compile(
    r"[\s*_•–—-]{0,6}(?:\(?[\w.]{1,5}[).°]?\s{1,3})?(?:the term |le terme |l['’]expression |the "
    r"expression )?$",
    re.IGNORECASE,
)


def _begins(sentence: str, at: int) -> bool:
    """Tell whether nothing but a marker goes before a place."""
    return at < _WINDOW and _BEGINNING.match(sentence[:at]) is not None


def _plain(sentence: str) -> Iterator[Definition]:
    """Give the term without quotes with which a sentence begins, or which it calls something."""
    small = sentence.lower()
    for pattern, weak, hints in _PLAIN:
        match = pattern.match(sentence) if any(hint in small for hint in hints) else None
        if match and _is_term(match[1]):
            yield Definition(match[1], match.start(1), match.end(1), weak)
            return
    if not any(hint in small for hint in _CALLED_HINTS):
        return
    for match in _CALLED.finditer(sentence):
        cut = _CUT.search(match[1])
        term = match[1][: cut.start()] if cut else match[1]
        if _ENTEND_OF.match(match[0]) and not _ON_ENTEND_NEAR.search(sentence):
            continue
        if _is_term(term):
            sure = match[0].lower().startswith("on entend")
            yield Definition(term, match.start(1), match.start(1) + len(term), weak=not sure)


def _is_term(words: str) -> bool:
    """Tell whether words can name something: no pronoun, no preposition at the beginning."""
    found = tokens(words)
    return (
        bool(found)
        and found[0].folded not in _NO_TERM
        and not any(word.folded in _INNER_NO_TERM for word in found)
    )


_INNER_NO_TERM = frozenset(
    "which who that if when qui que dont shall must may is are est sont".split()
)


# Questions, on their folded words with a space behind each.
_DET = r"(?:(?P<det>an?|the|une?|des|les?|la|l|du|de la|d|ce que (?:c est|sont)(?: que)?|any) )?"
_CALLED_TERM = (
    r"(?:(?:(?:the|le|la|l|du|de l|d) ?)?"
    r"(?:term|word|expression|phrase|acronym|abbreviation|terme|mot|notion|concept)s? "
    r"(?:of |de |d )?)?"
)
_ADVERB = r"(?:exactly |actually |even |really |please |au juste |exactement |the hell |on earth )?"
_WHAT = r"(?:what|wat|waht|wht|whta|wot|whats|wats|wots)"
_TERM_WORDS = r"(?P<term>(?:\S{1,40} ){1,8}?)"
_ANY_WORDS = r"(?P<term>(?:\S{1,40} ){1,8})"

# Frames that ask for nothing but a meaning: the term may hold anything.
_SURE_FRAMES = tuple(
    re.compile(r"(?<!\S)(?:" + pattern + ")")
    for pattern in (
        rf"{_WHAT} (?:do|does|did) (?:\S{{1,40}} ){{1,3}}?(?:mean|understand) by "
        rf"{_CALLED_TERM}{_DET}{_ANY_WORDS}",
        rf"{_WHAT} (?:does|do|dose|dos|did|doe|is|are) {_ADVERB}{_CALLED_TERM}{_DET}{_TERM_WORDS}"
        r"(?:actually |really |even |exactly )?"
        r"(?:means?|men|maen|meen|meaning|meant|stands? (?:for|4)|refers? to|denote|"
        r"signify) (?=$|(?:in|to|for|under|by|here|exactly|please|pls|then|actually|bot|and) )",
        rf"{_WHAT} (?:is |are |s )?{_ADVERB}(?:meant|ment|understood|implied) (?:by|with) "
        rf"{_CALLED_TERM}{_DET}{_ANY_WORDS}",
        rf"(?:{_WHAT} (?:is |s |are )?|give me |give |quel(?:le)? est |c est quoi |cest quoi |"
        r"c quoi |c koi |donne moi |donne )?(?:the |a |its |la |une |le |me )?(?:legal |exact )?"
        r"(?:definitions?|def|meanings?|sens|signification) (?:(?:of|du|de|des|d|for) )?"
        rf"{_CALLED_TERM}{_DET}{_ANY_WORDS}",
        rf"(?:define|definir|definis|definissez|def|defini) {_CALLED_TERM}{_DET}{_ANY_WORDS}",
        rf"(?:what s|whats) (?:considered|regarded as|classed as|seen as) {_DET}{_ANY_WORDS}",
        rf"(?:{_WHAT}|who|which \S{{1,40}}|qu est ce qui|qui|quoi) {_ADVERB}"
        r"(?:counts?|qualif(?:y|ies)|is considered(?: to be)?|are considered|is regarded|is seen|"
        r"is classed|is defined|compte|est considere|est defini|est vu|peut etre considere) "
        rf"(?:as |comme )?{_DET}{_ANY_WORDS}",
        r"(?:comment|how) (?:est|sont|is|are|do you|definissez vous|definit on|definir) "
        rf"(?:definie?s? |defined? )?{_DET}(?P<term>(?:\S{{1,40}} ){{1,6}}?)"
        r"(?:definie?s? |defined? )",
        r"(?:how|comment) (?:\S{1,40} ){0,4}?(?:define|definit|definissent|definir) "
        rf"(?:il |elle |on |t il |t elle |t on )?{_CALLED_TERM}{_DET}{_ANY_WORDS}",
        rf"{_CALLED_TERM}{_DET}{_TERM_WORDS}(?:est|sont) (?:definie?s? )comment ",
        r"(?:qu est ce qu |qu est ce que |que |qu )?"
        r"(?:on entend|faut il entendre|doit on entendre|comprend on|faut il comprendre) par "
        rf"{_CALLED_TERM}{_DET}{_ANY_WORDS}",
        r"(?:qu|que|quoi) "
        r"(?:entend on|entendez vous|entends tu|entend t on|on entend|est entendu) par "
        rf"{_CALLED_TERM}{_DET}{_ANY_WORDS}",
        r"(?:que|qu est ce que|quoi) "
        r"(?:veut dire|veulent dire|veu dire|signifie|signifient|designe|designent|recouvre) "
        rf"{_CALLED_TERM}{_DET}{_ANY_WORDS}",
        r"(?:qu|que) (?:est ce qu |est ce que )?"
        r"(?:appelle t on|on appelle|appelez vous|appelle on) "
        rf"{_CALLED_TERM}{_DET}{_ANY_WORDS}",
        r"(?:ca |sa )?(?:veut dire|veu dire|signifie) quoi "
        rf"{_CALLED_TERM}{_DET}{_ANY_WORDS}",
        rf"{_CALLED_TERM}{_DET}{_TERM_WORDS}(?:ca |sa )?(?:veut dire|veu dire|signifie) quoi ",
        rf"{_CALLED_TERM}{_DET}{_TERM_WORDS}(?:means what|meaning what|meaning|definition|def|"
        r"signification|kesako|quesako|kezako) $",
        rf"{_CALLED_TERM}{_DET}{_TERM_WORDS}(?:c est quoi|cest quoi|c quoi|c koi|ces quoi) "
        r"(?:exactement |au juste )?$",
    )
)
# Frames that may ask for anything: "what is" the fee, the population of, allowed.
_OPEN_FRAMES = tuple(
    re.compile(r"(?<!\S)(?:" + pattern + ")")
    for pattern in (
        r"(?:what is|what s|whats|wats|wots|wat is|waht is|wht is|whta is|what are|what re|"
        r"what were|what was|wat are|what r|what (?:exactly|actually) (?:is|are)) "
        rf"{_ADVERB}{_DET}{_ANY_WORDS}",
        r"(?:c est quoi|cest quoi|c quoi|ces quoi|c koi|c est koi|kesako|quesako|kezako|keskece|"
        rf"keske c est) (?:que )?{_ADVERB}{_DET}{_ANY_WORDS}",
        r"(?:qu est ce que?|quest ce que?|kest ce que?|qu est ce qu|qu est ce|qu est) "
        rf"(?:c est (?:que? )?)?{_DET}{_ANY_WORDS}",
        rf"{_WHAT} {_DET}(?P<term>(?:\S{{1,40}} ){{1,4}}?)(?:is|are|means?|ment) $",
        r"(?:explain|explique|expliquez|explique moi|explain to me) "
        rf"{_CALLED_TERM}(?:what (?:an?|the) )?{_DET}{_ANY_WORDS}",
    )
)
_BEFORE = re.compile(
    r"(?:(?:hi|hey|hello|yo|bot|ok|okay|so|um|and|but|well|please|pls|sorry|question|quick|just|"
    r"now|also|there|all|guys|folks|everyone|tell me|can you|could you|can someone|can anyone|"
    r"do you know|i wonder|tell|me|salut|bonjour|coucou|alors|et|mais|euh|dis|dites|svp|stp|"
    r"peux tu|pouvez vous|tu peux|me dire|moi|"
    r"(?:in|under|dans|selon) (?:the|this|les?|la|l|cet?|cette) (?:\S{1,40} ){1,4}?"
    r"(?=what|define|c est|cest|qu)) ?)"
)
_BEHIND = re.compile(
    r" (?:here|ici|exactly|please|pls|plz|again|then|though|anyway|actually|now|svp|stp|merci|"
    r"thanks|thx|exactement|au juste|"
    r"deja|mean|bot|"
    r"(?:in|under|within|according to|per|as per|by|for the purposes? of) (?:the|this|that|our|"
    r"its) .*|"
    r"(?:in|under|according to) (?:articles?|section|part|rule|treaty|law|legal|context) .*|"
    r"in (?:law|legal terms|context|general|english|french|plain english|simple terms)|"
    r"(?:dans|selon|d apres|suivant) (?:le|la|les|l|ce|cet|cette|notre|nos) .*|au sens (?:du|de|"
    r"des|d) .*|"
    r"en (?:droit|francais|general|gros))$"
)
#: Words behind which a term with a definite article is no term: "the population of ...".
_LINKS = frozenset(
    "of for in at on to between from by per under with about during when if that which who "
    "whose before "
    "after into pour du des dans sur entre par sous avec sans qui que dont quand si lors au "
    "aux".split()
)
#: What no term begins with, or holds: "what is not covered", "what is ash made of".
_BEGINS_NO_TERM = frozenset(
    "if not it this that there here these those he she they we you i my your his her our their "
    "its up new next wrong going happening left due done made paid sold kept open closed "
    "forbidden allowed best worst je j tu nous vous ils elles faut happens being like so too "
    "more less most least right true false correct in on at to by for from of meant ment about "
    "with under mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs qui que ce cela "
    "ca il elle interdit permis prevu fait pas plus autorise obligatoire quoi and or et ou "
    "difference differences another other some any one two three examples example highest "
    "largest biggest smallest weakest strongest longest oldest latest fastest nearest lowest "
    "earliest newest cheapest greatest first second third last main".split()
)
_HOLDS_NO_TERM = frozenset(
    "made used for is are was does do did can could should shall may must will would has have "
    "had allowed supposed s est sont peut doit a ont fait sert faut called named known seen "
    "built located often also commonly previously currently usually sometimes originally that "
    "which abbreviated compared another something someone between because".split()
)
#: Values that a definite article before asks for, not their meaning.
_VALUES = frozenset(
    "price cost fee fees fine fines limit limits deadline date time address name number age "
    "size population "
    "amount rate maximum max minimum min purpose aim goal reason difference punishment penalty "
    "password "
    "phone email capital rule rules cause effect length height weight budget total average "
    "percentage plan "
    "status link url point problem issue default answer best weather temperature "
    "prix cout tarif tarifs limite limites delai date heure heures adresse nom numero age "
    "taille population montant "
    "taux but objet objectif raison difference sanction sanctions amende mot telephone capitale "
    "regle regles "
    "cause duree longueur poids total moyenne plan lien probleme horaires horaire loyer procedure "
    "peine".split()
)
_DEFINITE = frozenset(("the", "le", "la", "les", "l", "du"))
_OPEN_TERM_WORDS = 5
_PRONOUNS = frozenset("it this that these they he she you i we ca cela il elle".split())
#: Words of frames in which a typo is looked for: long ones alone are no other word then.
_LONG_FRAME_WORDS = tuple(
    "definition definitions meaning signifie signification considered define defined "
    "definir".split()
)
_FRAME_WORDS = frozenset(_LONG_FRAME_WORDS) | frozenset(
    "considere defini definie definis definies definit meanings refine refined designe "
    "designent".split()
)
_LEAST_LETTERS, _LONG_LETTERS = 6, 8
_CLAUSE = re.compile(r"(?:[^.!?;\n]|\.(?=\w))+")
_CLOSING = re.compile(rf"[{_CLOSE}]")
_LONGEST_CLAUSE = 300
_LONGEST_QUESTION = 2_000  # of a message on Discord


def definition_question(question: str) -> tuple[int, int] | None:
    """Return the span of the term whose meaning a question asks for; None if it asks for none.

    *Define*, *what does X mean*, *qu'entend-on par* ask for a meaning whatever X is. *What is* and
    *c'est quoi* do so only before a term: behind a definite article it has no complement (*the
    population of ...*, *la limite pour ...*) and does not ask for a value (*the fee*); without
    one it is short and no participle (*what is allowed*, *what's measured daily*). A unit
    (*what is Article 5*) is no term.
    """
    for clause in _CLAUSE.finditer(question, 0, _LONGEST_QUESTION):
        words = tokens(clause[0][:_LONGEST_CLAUSE])
        comma = clause[0].rfind(",", 0, _LONGEST_CLAUSE) if "," in clause[0] else len(clause[0])
        found = _asked(words) or _asked([word for word in words if word.start > comma])
        if not found:
            continue
        start, end = clause.start() + found[0].start, clause.start() + found[-1].end
        opened = question[max(0, start - 2) : start].strip()[-1:]
        closed = _CLOSING.search(question, start, end) if opened and opened in _OPEN else None
        if closed:
            end = start + len(question[start : closed.start()].rstrip())
        if not unit_references(question[start:end]):
            return start, end
    return None


def _asked(words: list[Token]) -> list[Token] | None:
    """Return the words of the term that one clause asks for."""
    line = "".join(f"{_mended(word.folded)} " for word in words)
    starts = [0]
    while (match := _BEFORE.match(line, starts[-1])) and match.end() > starts[-1]:
        if line[match.end() - 1] != " ":
            break
        starts.append(match.end())
    within = [found.start() for found in _WHAT_WITHIN.finditer(line)]
    for start in (*within[:_MOST_WITHIN], *reversed(starts)):
        for frames, sure in ((_SURE_FRAMES, True), (_OPEN_FRAMES, False)):
            for frame in frames:
                found = frame.match(line, start)
                term = found and _term_of(found, line, words, sure=sure)
                if term:
                    return term
    return None


# Explain what a quay is; I do not know what quay means.
_WHAT_WITHIN = re.compile(
    r"(?:(?<=explain )|(?<=know )|(?<=tell me )|(?<=to me )|(?<=understand )|(?<=sure ))"
    r"what (?=(?:\S{1,40} ){1,5}?(?:is|are|means?) $)"
)
_MOST_WITHIN = 2


def _mended(folded: str) -> str:
    """Return a long word of a frame for its misspelling: defintion, meanning."""
    if len(folded) < _LEAST_LETTERS or folded in _FRAME_WORDS:
        return folded
    for word in _LONG_FRAME_WORDS:
        most = 2 if len(word) > _LONG_LETTERS else 1
        if word[0] == folded[0] and OSA.distance(word, folded, score_cutoff=most) <= most:
            return word
    return folded


def _term_of(
    found: re.Match[str], line: str, words: list[Token], *, sure: bool
) -> list[Token] | None:
    """Return the term of a matched frame, without what stands behind it, if it is one."""
    first = line[: found.start("term")].count(" ")
    term = found["term"]
    while behind := _BEHIND.search(f" {term.strip()}"):
        term = f" {term.strip()}"[: behind.start()].strip()
    folded = term.split()
    if not folded or folded[0].isdigit():
        return None
    if not sure and not _is_asked_term(found["det"], folded):
        return None
    if sure and (folded[0] in _PRONOUNS or "what" in folded or "quoi" in folded):
        return None
    return words[first : first + len(folded)]


def _is_asked_term(determiner: str | None, folded: list[str]) -> bool:
    """Tell whether *what is* before some words asks for their meaning."""
    if folded[0] in _BEGINS_NO_TERM or len(folded) > _OPEN_TERM_WORDS:
        return False
    if any(word in _HOLDS_NO_TERM for word in folded):
        return False
    definite = determiner in _DEFINITE
    if definite and (any(word in _LINKS for word in folded) or _is_value(determiner, folded)):
        return False
    if folded[-1].endswith("ed") and not folded[-1].endswith("eed"):
        return False
    if not determiner and (
        folded[0].endswith(("ed", "ee")) or any(word in _LINKS - {"of"} for word in folded)
    ):
        return False
    return determiner is None or definite or folded[-1] not in _LINKS


def _is_value(determiner: str | None, folded: list[str]) -> bool:
    """Tell whether a definite term is a value: the maximum fine, le montant, le nom de famille."""
    if determiner == "the":
        return folded[-1] in _VALUES
    return folded[0] in _VALUES and (len(folded) == 1 or folded[1] in ("de", "d"))
