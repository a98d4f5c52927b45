"""A question made ready for the index: one slot a content word, each with its ways to match."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.answering.citation import How
from bot.answering.filler import without_chatter
from bot.index.build import Index
from bot.index.fuzzy import LEAST_NEAR, Near, nearest_words
from bot.index.vocabulary import NO_TERM
from bot.text.answer_types import Kind, kind_asked
from bot.text.language import detect_language, is_stop_word
from bot.text.lexicon import is_common, synonyms, translations
from bot.text.tokens import CONCEPT_MARK, Word, latin, stem, words

#: How much a match through a translation counts beside one of the word itself. Without translations
#: the MRR of English questions on piaf-fr-half is 44, with them 60.
TRANSLATION_WEIGHT = 0.8

#: The same of a match through another word of the same language that has the same translation.
#: Without it 0.2 points of R@1 less on squad-en, 0.4 on piaf-fr-half.
SYNONYM_WEIGHT = 0.25

#: How alike the corpus's word must be to one that it does not hold, to be taken for what was meant:
#: one typo in a word of 5 letters, two in one of 10. With 0.85, R@1 of squad-en with typos in all
#: questions is 1.0 points less.
LEAST_CORRECTION = 0.8

#: The same in a language that the corpus does not speak: there it is a cognate or a name. With 0.8,
#: R@1 of Spanish questions on xquad-en is 6.4 points less.
LEAST_COGNATE = 0.5

#: Languages that write every noun with a capital.
_CAPITAL_NOUNS = frozenset({"de"})

#: How much the words of the earlier question count in a follow-up, beside its own.
CARRIED_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Way:
    """One term by which a question word may match, and how much such a match counts (0 to 1)."""

    term: int
    how: How = "word"
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Slot:
    """A content word of the question. A sentence scores its best way, never their sum."""

    word: str  #: as it was asked; several words where they are one term of the glossary
    folded: str
    ways: tuple[Way, ...]
    spellings: Mapping[str, float]  #: folded words that a sentence's words are compared with
    nearest: tuple[str, ...] = ()  #: for a word that the corpus does not hold, those it does
    weight: float = 1.0
    common: bool = False  #: whether it is one of the commonest words of its language
    named: bool = False  #: whether it was written like a name or a number

    @property
    def in_glossary(self) -> bool:
        """Whether it is one of the corpus's own names and terms."""
        return self.folded.startswith(CONCEPT_MARK)

    @property
    def known(self) -> bool:
        """Whether the corpus holds the word, a translation of it or its term in the glossary."""
        return any(way.how in ("word", "translation") for way in self.ways)


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the ranking sees it."""

    question: str
    language: str  #: ISO 639-1
    slots: tuple[Slot, ...]
    asks: Kind
    words: frozenset[str]  #: all folded words, stop words too

    def following(self, previous: Query) -> Query:
        """A follow-up together with the question that it follows."""
        own = {slot.folded for slot in self.slots}
        carried = (s for s in previous.slots if s.folded not in own)
        weight = CARRIED_WEIGHT if self.slots else 1.0
        return replace(
            self,
            slots=(*self.slots, *(replace(slot, weight=weight * slot.weight) for slot in carried)),
            asks=self.asks or previous.asks,
            words=self.words | previous.words,
        )


def read_question(question: str, index: Index, fallback_language: str = "en") -> Query:
    """Analyse a question. Its language is the vote of its stop words, else the fallback."""
    found = words(question)
    folded = [word.folded for word in found]
    language = detect_language(_unnamed(folded, index)) or fallback_language
    asked = without_chatter(found, folded)
    slots: dict[str, Slot] = {}
    for slot in _slots(question, asked, language, index):
        slots.setdefault(slot.folded, slot)
    return Query(
        question=question,
        language=language,
        slots=tuple(slots.values()),
        asks=kind_asked(question, [word.folded for word in asked]),
        words=frozenset(folded),
    )


def _unnamed(folded: list[str], index: Index) -> list[str]:
    """The words outside the glossary's terms: the *Un* of *Kim Jong Un* is no French word."""
    left: list[str] = list(folded)
    for concept in index.corpus.glossary.find(folded):
        left[concept.start : concept.end] = [""] * (concept.end - concept.start)
    return left


def _slots(question: str, found: Sequence[Word], language: str, index: Index) -> Iterator[Slot]:
    """A slot for each term of the glossary and each other content word."""
    named = _named(question, found, language)
    concepts = {c.start: c for c in index.corpus.glossary.find([word.folded for word in found])}
    end = 0  # of the last term of the glossary
    for place, word in enumerate(found):
        if concept := concepts.get(place):
            end = concept.end
            term = index.vocabulary.terms.get(concept.form)
            ways = () if term is None else (Way(term),)
            written = question[word.start : found[end - 1].end]
            yield Slot(written, concept.form, ways, {concept.form: 1.0})
        elif place >= end and not is_stop_word(word.folded, language):
            slot = _slot(question[word.start : word.end], word.folded, language, index)
            yield replace(slot, named=word.start in named)


def _named(question: str, found: Sequence[Word], language: str) -> set[int]:
    """Where the words stand that are written like a name, within the question, or like a number."""
    capitals = language not in _CAPITAL_NOUNS and not question.isupper()
    written = [question[word.start] for word in found]
    return {
        word.start
        for place, (word, first) in enumerate(zip(found, written, strict=True))
        if first.isdigit() or (capitals and place > 0 and first.isupper())
    }


def _slot(word: str, folded: str, language: str, index: Index) -> Slot:
    """The word's own stem in each language of the corpus, its translations and its synonyms.

    A word of which the corpus holds none of these matches the nearest words that it does hold.
    """
    ways: dict[int, Way] = {}
    spellings = {folded: 1.0}
    # Where every article can be read in the language, that says it better than translated words.
    translated = language not in index.corpus.common_languages
    for other in dict.fromkeys((language, *index.corpus.languages)):
        for spelling in dict.fromkeys((folded, latin(folded))):
            term = index.vocabulary.terms.get(stem(spelling, other), NO_TERM)
            ways[term] = Way(term)
        for translation in translations(folded, language, other) if translated else ():
            term = index.vocabulary.terms.get(stem(translation, other), NO_TERM)
            ways.setdefault(term, Way(term, "translation", TRANSLATION_WEIGHT))
            spellings.setdefault(translation, TRANSLATION_WEIGHT)
    for synonym in synonyms(folded, language):
        term = index.vocabulary.terms.get(stem(synonym, language), NO_TERM)
        ways.setdefault(term, Way(term, "synonym", SYNONYM_WEIGHT))
    ways.pop(NO_TERM, None)
    near = _near(folded, language, index) if not ways else []
    return Slot(
        word,
        folded,
        tuple(ways.values() or _corrections(near, language, index)),
        spellings,
        nearest=tuple(dict.fromkeys(one.word for one in near if one.alike >= LEAST_NEAR)),
        common=is_common(folded, language),
    )


def _near(folded: str, language: str, index: Index) -> list[Near]:
    """The corpus's words nearest to one that it does not hold; in a strange language, cognates."""
    spoken = language in index.corpus.languages
    return nearest_words(index, folded, LEAST_NEAR if spoken else LEAST_COGNATE)


def _corrections(near: Sequence[Near], language: str, index: Index) -> list[Way]:
    """Ways through the nearest words that are near enough, and their terms of the glossary."""
    least = LEAST_CORRECTION if language in index.corpus.languages else LEAST_COGNATE
    ways: dict[int, Way] = {}
    for one in near:
        if one.alike >= least:
            for term in (*one.terms, *_concept_terms(one.word, index)):
                ways.setdefault(term, Way(term, "spelling", one.alike))
    return list(ways.values())


def _concept_terms(word: str, index: Index) -> list[int]:
    """The terms of the glossary that a word is, by itself, an expression of."""
    found = (
        index.vocabulary.terms.get(concept.form) for concept in index.corpus.glossary.find([word])
    )
    return [term for term in found if term is not None]


#: Words that tie a question to the one before it, where they begin it. *Où* is not *ou*.
_CONNECTIVE = re.compile(
    r"\W*(?:and|or|but|so|then|(?:what|how) about|et|ou|mais|alors|donc|quid)\b", re.IGNORECASE
)
#: With more content words of its own, a question stands alone whatever it begins with.
_MOST_OWN_WORDS = 1


def is_elliptical(query: Query) -> bool:
    """Whether a question leans on the one before it: *and when?*, *why?*, *et l'énergie ?*."""
    if not query.words:
        return False
    own = len(query.slots)
    return not own or (own <= _MOST_OWN_WORDS and bool(_CONNECTIVE.match(query.question)))
