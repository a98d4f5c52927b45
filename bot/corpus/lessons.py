"""What was taught, prepared: the questions as they are compared with what is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.text.answer_types import AnswerType, expected_answer_type
from bot.text.asked_words import AskedWords, asked_words
from bot.text.glossary import Glossary
from bot.text.language import is_stop_word
from bot.text.tokens import CONCEPT_MARK, fold, folded_words, stem

# Small words that turn a question into another one, by what they say; the others may change.
_TELLING = {
    "en": {
        "not": "not no nor never without t don didn doesn isn wasn aren weren couldn wouldn "
        "shouldn hasn haven hadn mustn dont cant doesnt didnt isnt arent wasnt wont shouldnt "
        "couldnt",
        "past": "was were did had didn wasn weren hadn didnt wasnt",
        "who": "who whom whose whos",
        "where": "where wheres",
        "when": "when whens wen",
        "why": "why whys",
        "how": "how hows hw",
        "from": "from",
    },
    "fr": {
        "not": "ne n pas sans non jamais",
        "past": "etait etaient fut furent avait avaient",
        "who": "qui ki",
        "where": "ou",
        "when": "quand kan kand",
        "why": "pourquoi pk pq pourkoi",
        "how": "comment",
    },
}
# Small words beside those that no index holds.
_SMALL = frozenset("any some really actually vraiment".split())
# Small words in capitals are stressed; these are no small words then.
_ACRONYMS = frozenset({"US", "IT", "WHO"})
_WORD = re.compile(r"[^\W\d_]+")
_SAYS = {
    language: {mark: frozenset(words.split()) for mark, words in marks.items()}
    for language, marks in _TELLING.items()
}
# Letters: *bus* is no plural.
_SHORTEST_PLURAL = 4
# Stands for what a question is about, where only its form is looked at.
_ANYTHING = "x"


@dataclass(frozen=True, slots=True)
class Form:
    """What two questions share that ask the same, up to small words, case and accents."""

    words: tuple[str, ...]  #: what it is about, in order: folded words, terms and values
    asks: AnswerType
    telling: frozenset[str]  #: what its small words say that another question would not


def calm(question: str) -> str:
    """Return a question with the small words that are stressed by capitals in small letters."""
    return question if question.isupper() else _WORD.sub(_calmed, question)


def _calmed(found: re.Match[str]) -> str:
    word, folded = found[0], fold(found[0])
    small = any(is_stop_word(folded, language) for language in _TELLING)
    return word.lower() if word.isupper() and small and word not in _ACRONYMS else word


def form_of(asked: AskedWords) -> Form:
    """Return the form of a question. One that has no other words is its small words."""
    marks = _SAYS.get(asked.language)
    small = _SMALL.union(*(marks or {}).values())
    about = [word for word in asked.words if word.folded not in small]
    form = list(asked.stripped)
    for word in reversed(about):
        form[word.start : word.end] = [_ANYTHING]
    telling = frozenset(
        form if marks is None else (mark for mark, of in marks.items() if not of.isdisjoint(form))
    )
    words = tuple(_singular(word.folded, asked.language) for word in about)
    return Form(words or asked.stripped, expected_answer_type("", form), telling)


def _singular(word: str, language: str) -> str:
    """Return a word without the s of a plural."""
    short = word.removesuffix("s")
    plural = len(word) >= _SHORTEST_PLURAL and not short.endswith("s")
    return short if plural and stem(short, language) == stem(word, language) else word


@dataclass(frozen=True, slots=True)
class Lesson:
    """A taught question, and the addresses of the sentences that answer it."""

    addresses: tuple[str, ...]  #: none: the corpus does not answer it
    form: Form
    keys: Mapping[str, str]  #: stems of its words, by which a paraphrase is told, and the words


@dataclass(frozen=True, slots=True)
class Lessons:
    """All that was taught of a corpus."""

    by_words: Mapping[tuple[str, ...], Lesson]  #: by every word of the question, folded
    by_form: Mapping[Form, Lesson]
    by_key: Mapping[str, tuple[Lesson, ...]]  #: those with an answer, by stems of their words
    words: Mapping[str, str]  #: the words of all of them, each with its stem
    spellings: tuple[str, ...]  #: those that may be misspelled

    def __bool__(self) -> bool:
        return bool(self.by_words)


def prepare(
    taught: Iterable[tuple[str, tuple[str, ...]]], glossary: Glossary, spoken: Iterable[str]
) -> Lessons:
    """Prepare questions with their addresses; the same question twice has the answers of both."""
    together: dict[tuple[str, ...], tuple[AskedWords, dict[str, None]]] = {}
    languages = tuple(spoken)
    for question, addresses in taught:
        if every := tuple(folded_words(question)):
            asked = asked_words(calm(question), glossary, languages)
            _, held = together.setdefault(every, (asked, {}))
            held |= dict.fromkeys(addresses)
    by_words: dict[tuple[str, ...], Lesson] = {}
    by_form: dict[Form, Lesson] = {}
    by_key: dict[str, list[Lesson]] = {}
    words: dict[str, str] = {}
    for every, (asked, held) in together.items():
        form = form_of(asked)
        keys = {_key(word.folded, asked.language): word.written for word in asked.words}
        lesson = Lesson(tuple(held), form, keys)
        by_words[every] = lesson
        by_form.setdefault(form, lesson)
        words |= {word: _key(word, asked.language) for word in form.words}
        for key in lesson.keys if held else ():
            by_key.setdefault(key, []).append(lesson)
    spellings = tuple(filter(is_spelling, words))
    of_keys = {key: tuple(of) for key, of in by_key.items()}
    return Lessons(by_words, by_form, of_keys, words, spellings)


def is_spelling(word: str) -> bool:
    """Whether a word is one of letters, not a number, a value or a term."""
    return not word.startswith(CONCEPT_MARK) and not any(map(str.isdigit, word))


def _key(word: str, language: str) -> str:
    return word if word.startswith(CONCEPT_MARK) else stem(word, language)
