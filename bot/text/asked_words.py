"""The words of a question that say what it is about: terms of the glossary, values, content words.

Small words, filler and words of the question's form are not among them, unless there is nothing
else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.text.answer_types import AnswerType, expected_answer_type
from bot.text.filler import strip_filler
from bot.text.frames import frame_words, respelled
from bot.text.glossary import Glossary
from bot.text.known_words import is_known_word
from bot.text.language import content_form, is_stop_word, question_language
from bot.text.lexicon import LANGUAGES as LEXICON_LANGUAGES
from bot.text.lexicon import is_listed
from bot.text.tokens import Token, fold, tokens
from bot.text.values import VALUE_MARK, Value, find_values

#: Languages that write every noun with a capital.
_CAPITAL_NOUNS = frozenset({"de"})

# Characters of a currency's sign before a number: EUR and a space.
_LONGEST_SIGN = 4

# What joins the parts of a name in a program.
_JOINED = re.compile(r"(?<=\w)[._](?=\w)|\w[._](?=\w)")

# Behind these a capital only begins a sentence.
_ENDS = frozenset(".!?:…")


@dataclass(frozen=True, slots=True)
class AskedWord:
    """A content word of a question, or several that are one term of the glossary or one value."""

    written: str
    folded: str  #: the form that stands for it in an index, of a term or a value
    start: int  #: of its first word among those that are ``stripped``
    end: int  #: behind its last
    is_term: bool = False  #: whether it is of the glossary
    value: Value | None = None
    named: bool = False  #: whether it was written like a name or a number


@dataclass(frozen=True, slots=True)
class AskedWords:
    """A question as its words."""

    language: str  #: ISO 639-1
    words: tuple[AskedWord, ...]  #: those that it is about, in order, each once
    answer_type: AnswerType
    every: tuple[str, ...]  #: all of its words, folded
    stripped: tuple[str, ...]  #: the same without filler, and with acronyms as they are written


def asked_words(
    question: str,
    glossary: Glossary,
    spoken: Iterable[str],
    fallback_language: str = "en",
    is_held: Callable[[str, str], bool] = lambda _word, _language: False,
) -> AskedWords:
    """Read a question. Its language is the vote of its stop words among those that are ``spoken``
    and those of the lexicon, else the fallback. A word that is misspelled, unless ``is_held`` says
    that the sources spell it so in a language, is what it is a typo of among those that questions
    are asked with.
    """
    found = tokens(question)
    folded = [word.folded for word in found]
    among = dict.fromkeys((*spoken, *LEXICON_LANGUAGES))
    language = question_language(_unnamed(folded, glossary), among, fallback_language, is_listed)
    asked = _with_acronyms(question, strip_filler(found, folded), language)
    asked = [_respelled(word, language, is_held) for word in asked]
    stripped = [word.folded for word in asked]
    form = frame_words(stripped, language)
    words: dict[str, AskedWord] = {}
    content = {place for place in range(len(asked)) if place not in form}
    for places in (content, form):  # where nothing else is asked, the form is
        for word in _words(question, asked, language, glossary, places):
            words.setdefault(word.folded, word)
        if words:
            break
    answer_type = expected_answer_type(
        question, [word.folded for word in asked if not _in_identifier(question, word)]
    )
    return AskedWords(language, tuple(words.values()), answer_type, tuple(folded), tuple(stripped))


def _unnamed(folded: list[str], glossary: Glossary) -> list[str]:
    """Return the words outside the glossary's terms.

    The *Un* of *Kim Jong Un* is no French word.
    """
    left: list[str] = list(folded)
    for concept in glossary.find(folded):
        left[concept.start : concept.end] = [""] * (concept.end - concept.start)
    return left


def _with_acronyms(question: str, found: Sequence[Token], language: str) -> list[Token]:
    """Return the words, with acronyms and names within a question as they are written: US, May."""
    if question.isupper():
        return list(found)
    return [
        replace(word, folded=content_form(question[word.start : word.end], language))
        if place and question[: word.start].rstrip()[-1:] not in _ENDS
        else word
        for place, word in enumerate(found)
    ]


def _respelled(word: Token, language: str, is_held: Callable[[str, str], bool]) -> Token:
    if is_known_word(word.folded, language) or is_held(word.folded, language):
        return word
    return replace(word, folded=respelled(word.folded, language))


def _in_identifier(question: str, word: Token) -> bool:
    """Whether a word is a part of a name such as *notify.when*, which asks for no time."""
    return bool(
        _JOINED.match(question, word.end) or _JOINED.match(question, max(0, word.start - 2))
    )


def _words(
    question: str,
    found: Sequence[Token],
    language: str,
    glossary: Glossary,
    places: Collection[int],
) -> Iterator[AskedWord]:
    """Yield each term of the glossary, each value and each other content word at some places of
    the words.
    """
    named = _named(question, found, language)
    folded = [fold(word.folded) for word in found]
    concepts = {c.start: c for c in glossary.find(folded)}
    values = {value.start: value for value in find_values(question, language)}
    end = 0  # of the last term of the glossary or value
    for place, word in enumerate(found):
        if concept := concepts.get(place):
            end = concept.end
            written = question[word.start : found[end - 1].end]
            yield AskedWord(written, concept.form, place, end, is_term=True)
        elif place >= end and (value := _value_at(word, values)):
            end = next((n for n, other in enumerate(found) if other.start >= value.end), len(found))
            form = f"{VALUE_MARK}{value.key}"
            yield AskedWord(question[value.start : value.end], form, place, end, value=value)
        elif place >= end and place in places and not is_stop_word(word.folded, language):
            written = question[word.start : word.end]
            yield AskedWord(written, word.folded, place, place + 1, named=word.start in named)


def _value_at(word: Token, values: Mapping[int, Value]) -> Value | None:
    """Return the value that begins with a word, or with a sign before it."""
    places = range(word.start, max(-1, word.start - _LONGEST_SIGN - 1), -1)
    found = next((values[place] for place in places if place in values), None)
    return found if found and found.end >= word.end else None


def _named(question: str, found: Sequence[Token], language: str) -> set[int]:
    """Where the words stand that are written like a name, within the question, or like a number."""
    capitals = language not in _CAPITAL_NOUNS and not question.isupper()
    written = [question[word.start] for word in found]
    return {
        word.start
        for place, (word, first) in enumerate(zip(found, written, strict=True))
        if first.isdigit() or (capitals and place > 0 and first.isupper())
    }
