"""What the bot answers with: citations, and why each was found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

import numpy as np

from bot.corpus.model import Article, Corpus, Passage, Passages, Span
from bot.text.units import UnitKey

#: How many items are shown with what leads in to them.
MOST_ITEMS = 10

# Of each end of a sentence, in a link to it.
_FRAGMENT_WORDS = 4
# Characters of each end of a sentence in which these words are sought.
_FRAGMENT_ENDS = 500

# Words that stand for something said before: he, it, this one; il, elle, ce dernier.
_LEANING = re.compile(
    r"(?:[«“\"]\s*)?(?:he|she|it|they|this|these|those|the latter|his|her|their|its|"
    r"il|elle|ils|elles|ce|cela|ceci|celui|celle|ceux|celles|cette|ces|son|sa|ses|leur|leurs)\b",
    re.IGNORECASE,
)


#: *sure* is cited as an answer; *perhaps* is shown without a claim; of *none* nothing is shown.
Certainty = Literal["sure", "perhaps", "none"]

MatchType = Literal["word", "translation", "synonym", "spelling", "meaning", "taught", "none"]


@dataclass(frozen=True, slots=True)
class Match:
    """How a cited sentence meets one word of the question.

    ``word``: the same word, another form of it, or a term that the glossary gives for it;
    ``translation`` and ``synonym``: through the lexicon; ``spelling``: a word spelled alike;
    ``meaning``: the sentence as a whole is near in meaning, though no word found it;
    ``taught``: a curator says that it answers the question; ``none``: not at all.
    """

    word: str  #: as it was asked
    found: str  #: as it stands in the sentence or its translation; empty for none
    type: MatchType
    weight: float  #: how telling the word is (idf) times how well it is met; 0 for none


@dataclass(frozen=True, slots=True)
class Citation:
    """One sentence of the corpus as an answer: where it stands and what in it matched."""

    article: Article
    passage: int  #: from 1
    sentence: int  #: from 1
    score: float
    shown: str  #: the language in which a reader of the question sees it
    last: int = 0  #: of several passages that are cited as one, the number of the last; else 0
    matched: tuple[Span, ...] = ()  #: matched words, as spans of ``text``
    matched_translation: tuple[Span, ...] = ()  #: the same in ``translation``
    why: tuple[Match, ...] = ()  #: one for each content word of the question

    @property
    def text(self) -> str:
        """The sentence as the original has it, or the passages."""
        original = self.article.original
        if self.last:
            first, last = original.passages[self.passage - 1], original.passages[self.last - 1]
            return original.text[first.span.start : last.span.end]
        return original.sentence(self.passage, self.sentence)

    @property
    def unit(self) -> str | None:
        """Return the unit that it stands in: *Article 5(2)*; None where it stands in none."""
        unit = self.article.original.unit_of(self._passage)
        if unit is None:
            return None
        return (unit.key.whole if self.last else unit.key).printed(self.shown)

    @property
    def _passage(self) -> Passage:
        return self.article.original.passages[self.passage - 1]

    @property
    def section(self) -> tuple[str, ...]:
        """Return the headings that it stands below, outermost first."""
        return self.article.original.headings(self._passage)

    @property
    def lead_in(self) -> str:
        """Return what leads in to it, where it is an item: *Il est interdit :*; "" for none."""
        return "" if self.last else self.article.original.lead_in(self._passage)

    @property
    def heads(self) -> tuple[str, ...]:
        """Return the heads of the columns, where it is a row of a table."""
        table = self._passage.table
        return self.article.original.tables[table - 1].heads if table else ()

    @property
    def code(self) -> str:
        """Return the lines of code that belong to its passage; "" for none."""
        code = self._passage.code
        return code.of(self.article.original.text) if code else ""

    @property
    def items(self) -> tuple[str, ...]:
        """Return the first sentence of each item that it leads in to, where it does with a colon
        at the end of its passage.
        """
        original, passage = self.article.original, self._passage
        if self.last or not self.text.endswith(":") or self.sentence != len(passage.sentences):
            return ()
        leads = original.passages.places[self.passage :, Passages.LEAD]
        found = np.flatnonzero(leads == self.passage)[:MOST_ITEMS] + self.passage + 1
        return tuple(original.sentence(int(number), 1) for number in found)

    @property
    def page(self) -> int | None:
        """The page on which its passage begins, from 1; None where the file has no pages."""
        return self.article.original.passages[self.passage - 1].page

    @property
    def translation(self) -> str | None:
        """The same sentence in the reader's language, where the article has that rendering."""
        if not self.last:
            return self.article.translated(self.shown, self.passage, self.sentence)
        rendering = self.article.rendering(self.shown)
        unit = self.article.original.unit_of(self._passage)
        if rendering is None or rendering is self.article.original or unit is None:
            return None
        numbers = rendering.passages_of(unit.key.whole)
        if not numbers:
            return None
        first, last = (rendering.passages[number - 1] for number in (numbers[0], numbers[-1]))
        return rendering.text[first.span.start : last.span.end]

    @property
    def before(self) -> str | None:
        """The sentence before it, in the reader's language, where this one leans on it: it begins
        with a pronoun, or within a quotation that the sentence before has opened.
        """
        if self.sentence == 1 or self.last:
            return None
        before = self.article.original.sentence(self.passage, self.sentence - 1)
        opened = any(before.count(a) > before.count(b) for a, b in ("«»", "“”"))
        if not (opened or _LEANING.match(self.text)):
            return None
        return self.article.translated(self.shown, self.passage, self.sentence - 1) or before

    @property
    def inexact_matches(self) -> tuple[Match, ...]:
        """The question words that were not met as such: through the lexicon or spelled alike."""
        return tuple(m for m in self.why if m.type in ("translation", "synonym", "spelling"))

    @property
    def title(self) -> str:
        """The original's title."""
        return self.article.original.title

    @property
    def address(self) -> str:
        """Its address in the corpus; see ``Article.address``."""
        return self.article.address(self.passage, self.sentence)

    @property
    def url(self) -> str | None:
        """The article's address on the web, with a text fragment that leads to the sentence.

        https://wicg.github.io/scroll-to-text-fragment/: the first and last words, percent-encoded.
        """
        if self.article.url is None:
            return None
        text = self.text
        if len(text) > 2 * _FRAGMENT_ENDS:
            text = f"{text[:_FRAGMENT_ENDS]} {text[-_FRAGMENT_ENDS:]}"
        words = text.split()
        ends = [words] if len(words) <= 2 * _FRAGMENT_WORDS else [
            words[:_FRAGMENT_WORDS], words[-_FRAGMENT_WORDS:]
        ]  # fmt: skip
        fragment = ",".join(
            quote(" ".join(part), safe="", errors="replace").replace("-", "%2D") for part in ends
        )
        page, mark, anchor = self.article.url.partition("#")
        return f"{page}#{anchor if mark else ''}:~:text={fragment}"


@dataclass(frozen=True, slots=True)
class MissingUnit:
    """A unit that a question names and a document lacks, with the first and the last it has."""

    title: str  #: of the document
    key: UnitKey
    first: UnitKey
    last: UnitKey


@dataclass(frozen=True, slots=True)
class Answer:
    """What the corpus says to a question: citations, best first, or an explained silence."""

    question: str
    language: str  #: of the question, ISO 639-1
    citations: tuple[Citation, ...] = ()
    unknown_words: tuple[str, ...] = ()  #: question words that the corpus does not hold
    suggestions: tuple[Citation, ...] = ()  #: sentences that perhaps answer it, best first
    certainty: Certainty = "none"
    previous_question: str | None = None  #: the earlier question that a follow-up was read with
    nearest: tuple[tuple[str, tuple[str, ...]], ...] = ()  #: unknown word, words spelled alike
    corpus_languages: tuple[
        str, ...
    ] = ()  #: the corpus's languages, where the question's is none of them
    unknown_names: tuple[str, ...] = ()  #: those of the unknown words that are names or numbers
    missing_unit: MissingUnit | None = None  #: what the question names and no source has
    more: bool = False  #: whether sentences beyond ``further`` are worth citing
    further: tuple[Citation, ...] = ()  #: what else is worth citing, as many as were asked for
    confidence: float = 0.0  #: how sure the best sentence is; see ``bot.answering.certainty``
    taught: bool = False  #: whether a curator has said what answers it, or that nothing does

    @property
    def answered(self) -> bool:
        """Whether the corpus holds something good enough to quote as an answer."""
        return bool(self.citations)

    @property
    def missing_words(self) -> tuple[str, ...]:
        """Return the unknown words that are worth a warning: beside an answer names and numbers,
        since it may be about something else; any where it meets less than half of the question.
        """
        why = self.citations[0].why if self.citations else ()
        meets_half = 2 * sum(match.type != "none" for match in why) >= len(why) > 0
        return self.unknown_names if meets_half else self.unknown_words

    @property
    def closest(self) -> Citation | None:
        """Return the first of the sentences that perhaps answer it."""
        return next(iter(self.suggestions), None)

    def __iter__(self) -> Iterator[Citation]:
        return iter(self.citations)


def cite(corpus: Corpus, address: str, language: str) -> Citation | None:
    """Return the sentence at an address, for a reader of a language; None where there is none."""
    found = corpus.find(address)
    if found is None:
        return None
    article, passage, sentence = found
    shown = article.rendering(language) or article.original
    return Citation(article, passage, sentence, 0.0, shown.language)
