"""A question made ready for the index: one slot a content word, each with its ways to match."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.answering.citation import MatchType
from bot.answering.filler import strip_filler
from bot.index.build import Index
from bot.index.fuzzy import MIN_SUGGESTION, Suggestion, suggest
from bot.index.vocabulary import NO_TERM
from bot.text.answer_types import AnswerType, expected_answer_type
from bot.text.frames import frame_words, respelled
from bot.text.head_words import head_word
from bot.text.irregular import forms_of
from bot.text.known_words import is_known_word, rarity
from bot.text.language import content_form, is_stop_word, question_language
from bot.text.lexicon import LANGUAGES as LEXICON_LANGUAGES
from bot.text.lexicon import is_common, is_listed, synonyms, translations
from bot.text.thesaurus import Synonyms, synonyms_in
from bot.text.tokens import CONCEPT_MARK, Token, fold, latin, stem, tokens
from bot.text.values import VALUE_MARK, WEAKER_WEIGHT, Value, find_values

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

#: Languages that write every noun with a capital.
_CAPITAL_NOUNS = frozenset({"de"})

# Characters of a currency's sign before a number: EUR and a space.
_LONGEST_SIGN = 4

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
    found = tokens(question)
    folded = [word.folded for word in found]
    spoken = dict.fromkeys((*index.corpus.languages, *LEXICON_LANGUAGES))
    language = question_language(_unnamed(folded, index), spoken, fallback_language, is_listed)
    asked = _with_acronyms(question, strip_filler(found, folded), language)
    asked = [_respelled(word, language, index) for word in asked]
    form = frame_words([word.folded for word in asked], language)
    terms: dict[str, QueryTerm] = {}
    content = {place for place in range(len(asked)) if place not in form}
    for places in (content, form):  # where nothing else is asked, the form is
        for query_term in _query_terms(question, asked, language, index, places):
            terms.setdefault(query_term.folded, query_term)
        if terms:
            break
    head = head_word([word.folded for word in asked], language)
    return Query(
        question=question,
        language=language,
        terms=tuple(terms.values()),
        answer_type=expected_answer_type(
            question, [word.folded for word in asked if not _in_identifier(question, word)]
        ),
        tokens=frozenset((*folded, *terms)),
        head=None if head is None else asked[head].folded,
    )


def _unnamed(folded: list[str], index: Index) -> list[str]:
    """Return the words outside the glossary's terms.

    The *Un* of *Kim Jong Un* is no French word.
    """
    left: list[str] = list(folded)
    for concept in index.corpus.glossary.find(folded):
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


def _respelled(word: Token, language: str, index: Index) -> Token:
    """Return a word that is misspelled, unless the corpus spells it so, as what it is a typo of
    among those that questions are asked with.
    """
    if is_known_word(word.folded, language):
        return word
    if stem(word.folded, language) in index.vocabulary.terms:
        return word
    return replace(word, folded=respelled(word.folded, language))


def _in_identifier(question: str, word: Token) -> bool:
    """Whether a word is a part of a name such as *notify.when*, which asks for no time."""
    return bool(
        _JOINED.match(question, word.end) or _JOINED.match(question, max(0, word.start - 2))
    )


# What joins the parts of a name in a program.
_JOINED = re.compile(r"(?<=\w)[._](?=\w)|\w[._](?=\w)")

# Behind these a capital only begins a sentence.
_ENDS = frozenset(".!?:…")


def _query_terms(
    question: str, found: Sequence[Token], language: str, index: Index, places: Collection[int]
) -> Iterator[QueryTerm]:
    """Yield a slot for each term of the glossary, each value and each other content word at some
    places of the words.
    """
    named = _named(question, found, language)
    folded = [fold(word.folded) for word in found]
    concepts = {c.start: c for c in index.corpus.glossary.find(folded)}
    values = {value.start: value for value in find_values(question, language)}
    meant = _synonyms_at(folded, language)
    end = 0  # of the last term of the glossary or value
    for place, word in enumerate(found):
        if concept := concepts.get(place):
            end = concept.end
            terms = index.concept_terms(concept.form)
            expansions = tuple(Expansion(term, "word", weight) for term, weight in terms)
            written = question[word.start : found[end - 1].end]
            yield QueryTerm(written, concept.form, expansions, {concept.form: 1.0})
        elif place >= end and (value := _value_at(word, values)):
            end = next((n for n, other in enumerate(found) if other.start >= value.end), len(found))
            yield _value_term(question[value.start : value.end], value, language, index)
        elif place >= end and place in places and not is_stop_word(word.folded, language):
            written = question[word.start : word.end]
            query_term = _query_term(written, word.folded, language, index, meant.get(place))
            yield replace(query_term, named=word.start in named)


def _synonyms_at(folded: Sequence[str], language: str) -> dict[int, Synonyms]:
    """Return what else the thesaurus has, by the first content word of each expression."""
    found: dict[int, Synonyms] = {}
    base = [next(iter(forms_of(word, language)), word) for word in folded]
    for one in synonyms_in(base, language):
        content = (n for n in range(one.start, one.end) if not is_stop_word(folded[n], language))
        found[next(content, one.start)] = one
    return found


def _value_at(word: Token, values: Mapping[int, Value]) -> Value | None:
    """Return the value that begins with a word, or with a sign before it."""
    places = range(word.start, max(-1, word.start - _LONGEST_SIGN - 1), -1)
    found = next((values[place] for place in places if place in values), None)
    return found if found and found.end >= word.end else None


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


def _named(question: str, found: Sequence[Token], language: str) -> set[int]:
    """Where the words stand that are written like a name, within the question, or like a number."""
    capitals = language not in _CAPITAL_NOUNS and not question.isupper()
    written = [question[word.start] for word in found]
    return {
        word.start
        for place, (word, first) in enumerate(zip(found, written, strict=True))
        if first.isdigit() or (capitals and place > 0 and first.isupper())
    }


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
    for other in dict.fromkeys((language, *index.corpus.languages)):
        for spelling in dict.fromkeys((folded, latin(folded))):
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
    if any(map(str.isdigit, folded)):
        return []  # another number is another thing, not a typo
    spoken = language in index.corpus.languages
    if spoken and is_known_word(folded, language):
        return []  # spelled right, and not in the corpus
    return suggest(index, folded, MIN_SUGGESTION if spoken else MIN_COGNATE)


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
