"""A question made ready for the index: one slot a content word, each with its ways to match."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.answering.citation import MatchType
from bot.index.build import Index
from bot.index.fuzzy import MIN_SUGGESTION, Suggestion, suggest
from bot.index.vocabulary import NO_TERM
from bot.text.answer_types import AnswerType
from bot.text.asked_words import AskedWord, asked_words
from bot.text.head_words import head_word
from bot.text.irregular import forms_of
from bot.text.known_words import is_known_word, rarity
from bot.text.language import is_stop_word
from bot.text.lexicon import is_common, synonyms, translations
from bot.text.thesaurus import Synonyms, synonyms_in
from bot.text.tokens import CONCEPT_MARK, fold, latin, stem, tokens
from bot.text.values import VALUE_MARK, WEAKER_WEIGHT, Value

#: How much a match through a translation counts beside one of the word itself. Without translations
#: the MRR of English questions on piaf-fr-half is 44, with them 60.
TRANSLATION_WEIGHT = 0.8

#: The same of a match through another word of the same language that has the same translation.
#: Without it 0.2 points of R@1 less on squad-en, 0.4 on piaf-fr-half.
SYNONYM_WEIGHT = 0.25

#: The same of another form of an irregular verb.
FORM_WEIGHT = 0.9

#: The same of a true synonym, and of a word that is merely near, by the thesaurus.
TRUE_SYNONYM_WEIGHT = 0.5
NEAR_SYNONYM_WEIGHT = 0.3

#: How alike the corpus's word must be to one that it does not hold, to be taken for what was meant:
#: one typo in a word of 5 letters, two in one of 10. With 0.85, R@1 of squad-en with typos in all
#: questions is 1.0 points less.
MIN_CORRECTION = 0.75

#: The same in a language that the corpus does not speak: there it is a cognate or a name. With 0.8,
#: R@1 of Spanish questions on xquad-en is 6.4 points less.
MIN_COGNATE = 0.5

#: How much the words of the earlier question count in a follow-up, beside its own.
CARRIED_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Expansion:
    """One term by which a question word may match, and how much such a match counts (0 to 1)."""

    term: int
    type: MatchType = "word"
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A content word of the question. A sentence scores its best way, never their sum."""

    word: str  #: as it was asked; several words where they are one term of the glossary or value
    folded: str
    expansions: tuple[Expansion, ...]
    spellings: Mapping[str, float]  #: folded words that a sentence's words are compared with
    nearest: tuple[str, ...] = ()  #: for a word that the corpus does not hold, those it does
    weight: float = 1.0
    common: bool = False  #: whether it is one of the commonest words of its language
    named: bool = False  #: whether it was written like a name or a number
    rarity: float = 1.0  #: how rare it is in its language, 0 to 1

    @property
    def in_glossary(self) -> bool:
        """Whether it is one of the corpus's own names and terms."""
        return self.folded.startswith(CONCEPT_MARK) and not self.folded.startswith(VALUE_MARK)

    @property
    def known(self) -> bool:
        """Whether the corpus holds the word, a translation of it or its term in the glossary."""
        return any(expansion.type in ("word", "translation") for expansion in self.expansions)

    @property
    def has_true_synonym(self) -> bool:
        """Whether the corpus holds a true synonym of the word."""
        return any(
            expansion.type == "synonym" and expansion.weight >= TRUE_SYNONYM_WEIGHT
            for expansion in self.expansions
        )


def certainty_of_words(terms: Iterable[QueryTerm]) -> list[float]:
    """Return how surely the corpus holds each question word, 0 to 1: a likely typo of one that it
    holds nearly so.
    """
    return [
        1.0
        if term.known
        else max(
            (
                one.weight
                for one in term.expansions
                if one.type == "spelling" and one.weight >= MIN_CORRECTION
            ),
            default=0.0,
        )
        for term in terms
    ]


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the ranking sees it."""

    question: str
    language: str  #: ISO 639-1
    terms: tuple[QueryTerm, ...]
    answer_type: AnswerType
    tokens: frozenset[str]  #: all folded words, stop words too
    head: str | None = None  #: of ``terms``, the word that its form asks about; see head_words

    def following(self, previous: Query) -> Query:
        """Return a follow-up together with the question that it follows."""
        own = {query_term.folded for query_term in self.terms}
        carried = (s for s in previous.terms if s.folded not in own)
        weight = CARRIED_WEIGHT if self.terms else 1.0
        return replace(
            self,
            terms=(
                *self.terms,
                *(replace(query_term, weight=weight * query_term.weight) for query_term in carried),
            ),
            answer_type=self.answer_type or previous.answer_type,
            tokens=self.tokens | previous.tokens,
        )


def parse_question(question: str, index: Index, fallback_language: str = "en") -> Query:
    """Analyse a question. Its language is the vote of its stop words, else the fallback."""
    held = index.vocabulary.terms
    asked = asked_words(
        question,
        index.corpus.glossary,
        index.corpus.languages,
        fallback_language,
        is_held=lambda word, language: stem(word, language) in held,
    )
    meant = _synonyms_at([fold(word) for word in asked.stripped], asked.language)
    head = head_word(asked.stripped, asked.language)
    terms = tuple(_term_of(word, asked.language, index, meant) for word in asked.words)
    return Query(
        question=question,
        language=asked.language,
        terms=terms,
        answer_type=asked.answer_type,
        tokens=frozenset((*asked.every, *(term.folded for term in terms))),
        head=None if head is None else asked.stripped[head],
    )


def _term_of(
    word: AskedWord, language: str, index: Index, meant: Mapping[int, Synonyms]
) -> QueryTerm:
    """Return the slot of a word, of a term of the glossary or of a value."""
    if word.is_term:
        terms = index.concept_terms(word.folded)
        expansions = tuple(Expansion(term, "word", weight) for term, weight in terms)
        return QueryTerm(word.written, word.folded, expansions, {word.folded: 1.0})
    if word.value:
        return _value_term(word.written, word.value, language, index)
    query_term = _query_term(word.written, word.folded, language, index, meant.get(word.start))
    return replace(query_term, named=word.named)


def _synonyms_at(folded: Sequence[str], language: str) -> dict[int, Synonyms]:
    """Return what else the thesaurus has, by the first content word of each expression."""
    found: dict[int, Synonyms] = {}
    base = [next(iter(forms_of(word, language)), word) for word in folded]
    for one in synonyms_in(base, language):
        content = (n for n in range(one.start, one.end) if not is_stop_word(folded[n], language))
        found[next(content, one.start)] = one
    return found


def _value_term(word: str, value: Value, language: str, index: Index) -> QueryTerm:
    """Return a number, date or amount: it matches by value, its parts match less, and it is no
    typo.
    """
    expansions: dict[int, Expansion] = {}
    # That the corpus holds 12 says that it may hold 12 euros; 2024 is not yet a day of it.
    part: MatchType = "synonym" if value.kind in ("date", "time") else "word"
    terms = index.vocabulary.terms
    if (term := terms.get(f"{VALUE_MARK}{value.key}")) is not None:
        expansions[term] = Expansion(term)
    for key in value.weaker:
        if (term := terms.get(f"{VALUE_MARK}{key}")) is not None:
            expansions.setdefault(term, Expansion(term, part, WEAKER_WEIGHT))
    if value.kind == "date":
        for other in dict.fromkeys((language, *index.corpus.languages)):
            for token in tokens(word):
                term = terms.get(stem(token.folded, other), NO_TERM)
                if term != NO_TERM and not token.folded[0].isdigit():
                    expansions.setdefault(term, Expansion(term, "synonym", WEAKER_WEIGHT))
    form = f"{VALUE_MARK}{value.key}"
    named = value.kind in ("date", "time") or any(map(str.isdigit, word))
    return QueryTerm(word, form, tuple(expansions.values()), {form: 1.0}, named=named)


def _query_term(
    word: str, folded: str, language: str, index: Index, meant: Synonyms | None
) -> QueryTerm:
    """Return the word's own stem in each language of the corpus, its translations and its synonyms.

    A word of which the corpus holds none of these matches the nearest words that it does hold.
    """
    expansions: dict[int, Expansion] = {}
    spellings = {folded: 1.0}
    # Where every article can be read in the language, that says it better than translated words.
    translated = language not in index.corpus.common_languages
    written = dict.fromkeys((folded, latin(folded)))
    for other in dict.fromkeys((language, *index.corpus.languages)):
        for spelling in written:
            term = index.vocabulary.terms.get(stem(spelling, other), NO_TERM)
            expansions[term] = Expansion(term)
        for translation in translations(folded, language, other) if translated else ():
            term = index.vocabulary.terms.get(stem(translation, other), NO_TERM)
            expansions.setdefault(term, Expansion(term, "translation", TRANSLATION_WEIGHT))
            spellings.setdefault(translation, TRANSLATION_WEIGHT)
    for form in forms_of(folded, language):
        term = index.vocabulary.terms.get(stem(form, language), NO_TERM)
        expansions.setdefault(term, Expansion(term, "word", FORM_WEIGHT))
    if meant:
        for tier, weight in ((meant.true, TRUE_SYNONYM_WEIGHT), (meant.near, NEAR_SYNONYM_WEIGHT)):
            for synonym in tier:
                for term in _terms_of(synonym, language, index, translated=translated):
                    expansions.setdefault(term, Expansion(term, "synonym", weight))
    for synonym in synonyms(folded, language):
        term = index.vocabulary.terms.get(stem(synonym, language), NO_TERM)
        expansions.setdefault(term, Expansion(term, "synonym", SYNONYM_WEIGHT))
    expansions.pop(NO_TERM, None)
    near = _near(folded, language, index) if not expansions else []
    return QueryTerm(
        word,
        folded,
        tuple(expansions.values() or _corrections(near, language, index)),
        spellings,
        nearest=tuple(dict.fromkeys(one.word for one in near if one.similarity >= MIN_SUGGESTION)),
        common=is_common(folded, language),
        rarity=rarity(folded, language),
    )


def _terms_of(synonym: str, language: str, index: Index, *, translated: bool) -> Iterator[int]:
    """Yield the terms that the corpus has of a synonym, in all its forms, and of a translation."""
    for form in dict.fromkeys((synonym, *forms_of(synonym, language))):
        yield index.vocabulary.terms.get(stem(form, language), NO_TERM)
    for other in index.corpus.languages if translated else ():
        for translation in translations(synonym, language, other)[:1]:
            yield index.vocabulary.terms.get(stem(translation, other), NO_TERM)


def _near(folded: str, language: str, index: Index) -> list[Suggestion]:
    """Return the corpus's words nearest to one that it does not hold; in a strange language,
    cognates.
    """
    if not may_be_misspelled(folded, language, index):
        return []
    spoken = language in index.corpus.languages
    return suggest(index, folded, MIN_SUGGESTION if spoken else MIN_COGNATE)


def may_be_misspelled(folded: str, language: str, index: Index) -> bool:
    """Whether a word that the corpus does not hold may be meant for one that it does."""
    if any(map(str.isdigit, folded)):
        return False  # another number is another thing, not a typo
    # What is spelled right, in a language of the corpus, is not in the corpus.
    return not (language in index.corpus.languages and is_known_word(folded, language))


def _corrections(near: Sequence[Suggestion], language: str, index: Index) -> list[Expansion]:
    """Ways through the nearest words that are near enough, and their terms of the glossary."""
    least = MIN_CORRECTION if language in index.corpus.languages else MIN_COGNATE
    expansions: dict[int, Expansion] = {}
    for one in near:
        if one.similarity >= least:
            for term in (*one.terms, *_concept_terms(one.word, index)):
                expansions.setdefault(term, Expansion(term, "spelling", one.similarity))
    return list(expansions.values())


def _concept_terms(word: str, index: Index) -> list[int]:
    """Return the terms of the glossary that a word is, by itself, an expression of."""
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
    if not query.tokens:
        return False
    own = len(query.terms)
    return not own or (own <= _MOST_OWN_WORDS and bool(_CONNECTIVE.match(query.question)))
