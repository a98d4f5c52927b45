"""Which language a text is in, by a vote of its commonest words.

The same small lists are what the analyzer leaves out of an index. They are kept short on purpose:
a large stop list costs 2 to 4 points of R@1, because it removes words that people ask with.
Elided forms (l', d', qu') stand here as single letters, since words are cut at apostrophes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from bot.text.tokens import Token, fold

_COMMONEST = {
    "en": (
        "a an the of in on at to for from by with and or but as is are was were be been being am "
        "do does did done has have had having what which who whom whose when where why how it its "
        "this that these those there he she they his her their him them i you we my your our us "
        "me not no if than then so can could would will shall should may might must into about "
        "s t ll re ve d m many much don didn doesn isn wasn"
    ),
    "fr": (
        "le la les l un une des du de d au aux a en dans par pour sur avec sans et ou ce cet cette "
        "ces c qui que qu quoi quel quelle quels quelles dont est sont etait etaient ete etre fut "
        "furent sera ont ai as avait avaient avoir eu ne pas n il elle ils elles on se s son sa "
        "ses leur leurs je j tu nous vous me m te t lui y comment pourquoi quand combien lequel "
        "laquelle si mais donc car mon ma mes ton ta tes notre votre jusqu lorsqu entre cb ya"
    ),
    "es": (
        "el la los las un una unos unas de del al a en por para con sin y o que quien quienes cual "
        "cuales cuando donde como cuanto cuantos cuanta cuantas es son era eran fue fueron ser ha "
        "han habia se su sus lo le les no mas este esta estos estas ese esa eso pero si"
    ),
    "de": (
        "der die das den dem des ein eine einer eines einem einen und oder in im an am auf aus bei "
        "mit nach von vom zu zum zur fur uber ist sind war waren wird werden wurde wurden hat "
        "haben hatte wer was wann wo wie warum welche welcher welches welchem "
        "welchen wem wen viele nicht es er sie ihr sich als auch dass"
    ),
    "it": (
        "il lo la i gli le l un uno una di del della dei delle dello degli a al alla ai alle in "
        "nel nella nei con per su da dal dalla e o che chi quale quali quando dove come perche "
        "quanto quanti quante quanta cosa si no non era erano fu furono ha hanno sono suo sua suoi"
    ),
    "ru": (
        "и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по ее мне "
        "было вот от меня о из ему кто где когда почему сколько какой какая какое какие каком был "
        "была были быть это этот эта эти для или их при чем чего кого кому до под"
    ),
}

STOP_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(fold(word) for word in words.split())
    for language, words in _COMMONEST.items()
}


def is_stop_word(folded: str, language: str) -> bool:
    """Whether a folded word is too common in its language to be looked for."""
    return folded in STOP_WORDS.get(language, ())


# Names and other words that only a capital tells from a stop word.
_NAMES = {"en": frozenset({"May", "Will"})}


def content_form(surface: str, language: str) -> str:
    """Return a word folded; as it is written where capitals tell an acronym or a name from the stop
    word that it is spelled like: US, WHO, IT, May.
    """
    folded = fold(surface)
    if not surface[:1].isupper():
        return folded
    acronym = len(folded) > 1 and surface.isupper() and surface.isalpha()
    named = acronym or surface in _NAMES.get(language, ())
    return surface if named and is_stop_word(folded, language) else folded


def content_tokens(text: str, found: Iterable[Token], language: str) -> list[Token]:
    """Return the words of a text that are no stop words, as an index has them."""
    kept = []
    for word in found:
        if not is_stop_word(word.folded, language):
            kept.append(word)
        elif text[word.start].isupper():
            form = content_form(text[word.start : word.end], language)
            if not is_stop_word(form, language):
                kept.append(Token(form, word.start, word.end))
    return kept


def detect_language(words: Iterable[str], among: Iterable[str] = STOP_WORDS) -> str | None:
    """Return the language (ISO 639-1) whose commonest words occur most often, or None without a
    vote.

    ``words`` are folded. Of languages with as many votes the first of ``among`` wins.
    """
    seen = list(words)
    votes = {lang: sum(is_stop_word(word, lang) for word in seen) for lang in among}
    best = max(votes, key=lambda lang: votes[lang], default=None)
    return best if best and votes[best] else None


#: How many words of it a language needs that neither the corpus nor the asker speaks: one may be a
#: name (*Kim, der große*) or a loan (*per diem*).
_MIN_FOREIGN = 2


def question_language(
    words: Iterable[str],
    spoken: Collection[str],
    fallback: str,
    is_known: Callable[[str, str], bool],
) -> str:
    """Return the language of a question: the vote of its stop words among those that are ``spoken``
    and the fallback; another one only if it explains more of the words, folded, than these do.

    ``is_known`` tells whether a word is common in a language. A word in another script than Latin
    is no loan: one is enough.
    """
    seen = [word for word in words if word]
    near = [fallback, *(language for language in spoken if language != fallback)]
    best = detect_language(seen, near) or fallback
    far = [language for language in STOP_WORDS if language not in near]
    foreign = detect_language(seen, far)
    if foreign is None:
        return best
    votes = [word for word in seen if is_stop_word(word, foreign)]
    known = sum(is_stop_word(word, best) or is_known(word, best) for word in seen)
    enough = len(votes) >= _MIN_FOREIGN or any(not word.isascii() for word in votes)
    return foreign if enough and len(votes) > known else best
