"""What is asked beside what was taught: the same question again, or one that is near to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, product

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.answering.evidence import term_weight
from bot.answering.query import MIN_CORRECTION, Query, QueryTerm
from bot.corpus.lessons import Form, Lesson, calm, form_of, is_spelling
from bot.index.arrays import Floats
from bot.index.build import Index
from bot.index.fuzzy import SHORTEST
from bot.text.asked_words import asked_words
from bot.text.clauses import best_question
from bot.text.known_words import is_known_word
from bot.text.tokens import CONCEPT_MARK, folded_words, stem

#: A taught question that shares less of its words, or of those asked, is another one. With 0, 1 of
#: 481 questions of asked-dev loses its sentence to what was taught for the others; with 0.5, 1 of
#: 59 paraphrases of what was taught is not shown it.
LEAST_SHARED = 0.35

# A clause of a message is what it asks only if it is about so many words.
_LEAST_WORDS = 2
# Of the words spelled like one, and of the ways to read the typos of a question, so many are tried.
_MOST_NEAR = 8
_MOST_WAYS = 32


def asked_again(index: Index, question: str, fallback_language: str = "en") -> Lesson | None:
    """Return what was taught for a question, up to small words, filler, case, accents and typos; a
    message around it is filler too.
    """
    lessons = index.corpus.lessons
    if not lessons:
        return None
    if same := lessons.by_words.get(tuple(folded_words(question))):
        return same
    clause = best_question(question)
    texts = [question, *([question[clause.start : clause.end]] if clause else [])]
    for place, text in enumerate(texts):
        corpus = index.corpus
        asked = asked_words(calm(text), corpus.glossary, corpus.languages, fallback_language)
        form = form_of(asked)
        if place and len(form.words) < _LEAST_WORDS:
            continue
        for meant in _meant(index, form, asked.language):
            if same := lessons.by_form.get(meant):
                return same
    return None


def _meant(index: Index, form: Form, language: str) -> Iterator[Form]:
    """Yield a form, and the same with the words of taught questions in place of typos, or that are
    typos of its words; none of these where it shares no word with any.
    """
    yield form
    taught = index.corpus.lessons.words
    if any(word in taught for word in form.words):
        ways = (
            dict.fromkeys((word, _respelled(index, word, language) or word)) for word in form.words
        )
        for words in islice(product(*ways), 1, _MOST_WAYS):
            yield replace(form, words=words)


def _respelled(index: Index, word: str, language: str) -> str | None:
    """Return the word of the taught questions that an unknown word is a typo of, or that is a typo
    of a known one; None for none. A number is never a typo.
    """
    spellings = index.corpus.lessons.spellings
    if len(word) < SHORTEST or not is_spelling(word):
        return None
    near = process.extract(
        word,
        spellings,
        scorer=OSA.normalized_similarity,
        score_cutoff=MIN_CORRECTION,
        limit=_MOST_NEAR,
    )
    known = _is_word(index, word, language)
    others = (other for other, _, _ in near if other != word)
    return next((o for o in others if not (known and _is_word(index, o, language))), None)


def _is_word(index: Index, word: str, language: str) -> bool:
    """Whether the corpus or the language has a word."""
    return is_known_word(word, language) or any(
        stem(word, other) in index.vocabulary.terms
        for other in dict.fromkeys((language, *index.corpus.languages))
    )


@dataclass(frozen=True, slots=True)
class Near:
    """A taught question that shares words with one that is asked. Q words of that."""

    lesson: Lesson
    held: Floats  #: Q: how well it holds each word, 0 to 1
    found: dict[int, str]  #: by the number of a word that it holds, its own word
    said: float  #: the share of its own words that are asked, 0 to 1
    shared: float  #: the same, or the share that it holds of what is asked, whichever is less


def near_lessons(index: Index, query: Query) -> list[Near]:
    """Return the taught questions with an answer that share enough with one that is asked."""
    lessons = index.corpus.lessons
    if not lessons.by_key:
        return []
    met: dict[int, tuple[Lesson, dict[int, tuple[float, str]]]] = {}
    for number, term in enumerate(query.terms):
        for key, weight in _keys_of(index, query, term):
            for lesson in lessons.by_key[key]:
                _, held = met.setdefault(id(lesson), (lesson, {}))
                if number not in held or held[number][0] < weight:
                    held[number] = weight, key
    idf = np.array([term_weight(index, term) for term in query.terms])
    near = (_near(lesson, held, idf) for lesson, held in met.values())
    return [one for one in near if one.shared >= LEAST_SHARED]


def _near(lesson: Lesson, met: dict[int, tuple[float, str]], idf: Floats) -> Near:
    held = np.zeros(len(idf))
    said: dict[str, float] = {}
    for number, (weight, key) in met.items():
        held[number] = weight
        said[key] = max(weight, said.get(key, 0.0))
    found = {number: lesson.keys[key] for number, (_, key) in met.items()}
    of_lesson = sum(said.values()) / len(lesson.keys)
    of_asked = float(idf @ held) / (float(idf.sum()) or 1.0)
    return Near(lesson, held, found, of_lesson, min(of_lesson, of_asked))


def _keys_of(index: Index, query: Query, term: QueryTerm) -> Iterator[tuple[str, float]]:
    """Yield the stems of taught questions' words that a word meets, and how well: itself, by what
    it expands to, or as a typo.
    """
    lessons, own = index.corpus.lessons, term.folded
    if not own.startswith(CONCEPT_MARK):
        own = stem(own, query.language)
    if own in lessons.by_key:
        yield own, 1.0
    numbers = index.vocabulary.terms
    weights = {expansion.term: expansion.weight for expansion in term.expansions}
    for key in lessons.by_key if weights else ():
        if key != own and (weight := weights.get(numbers.get(key, -1))):
            yield key, weight
    if own not in lessons.by_key:
        respelled = _respelled(index, term.folded, query.language)
        if respelled and (key := lessons.words[respelled]) in lessons.by_key:
            yield key, MIN_CORRECTION


def sentences_of(index: Index, lesson: Lesson) -> list[int]:
    """Return the numbers in the index of the sentences that answer a taught question."""
    corpus, forward = index.corpus, index.forward
    numbers = []
    for address in lesson.addresses:
        found = corpus.find(address)
        number = corpus.number_of(found[0].name) if found else None
        if found and number is not None:
            _, passage, sentence = found
            rendering = int(forward.article_renderings[number])
            first = int(forward.rendering_passages[rendering]) + passage - 1
            numbers.append(int(forward.passage_sentences[first]) + sentence - 1)
    return numbers
