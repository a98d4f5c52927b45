"""What the bot answers with: citations, and why each was found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from bot.corpus.model import Article, Corpus, Span

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


MatchType = Literal["word", "translation", "synonym", "spelling", "none"]


@dataclass(frozen=True, slots=True)
class Match:
    """How a cited sentence meets one word of the question.

    ``word``: the same word, another form of it, or a term that the glossary gives for it;
    ``translation`` and ``synonym``: through the lexicon; ``spelling``: a word spelled alike;
    ``none``: not at all.
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
    matched: tuple[Span, ...] = ()  #: matched words, as spans of ``text``
    matched_translation: tuple[Span, ...] = ()  #: the same in ``translation``
    why: tuple[Match, ...] = ()  #: one for each content word of the question

    @property
    def text(self) -> str:
        """The sentence as the original has it."""
        return self.article.original.sentence(self.passage, self.sentence)

    @property
    def page(self) -> int | None:
        """The page on which its passage begins, from 1; None where the file has no pages."""
        return self.article.original.passages[self.passage - 1].page

    @property
    def translation(self) -> str | None:
        """The same sentence in the reader's language, where the article has that rendering."""
        if self.shown == self.article.original.language:
            return None
        rendering = self.article.rendering(self.shown)
        return rendering.sentence(self.passage, self.sentence) if rendering else None

    @property
    def before(self) -> str | None:
        """The sentence before it, in the reader's language, where this one leans on it: it begins
        with a pronoun, or within a quotation that the sentence before has opened.
        """
        if self.sentence == 1:
            return None
        before = self.article.original.sentence(self.passage, self.sentence - 1)
        opened = any(before.count(a) > before.count(b) for a, b in ("«»", "“”"))
        if not (opened or _LEANING.match(self.text)):
            return None
        shown = self.article.rendering(self.shown) or self.article.original
        return shown.sentence(self.passage, self.sentence - 1)

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
class Answer:
    """What the corpus says to a question: citations, best first, or an explained silence."""

    question: str
    language: str  #: of the question, ISO 639-1
    citations: tuple[Citation, ...] = ()
    unknown_words: tuple[str, ...] = ()  #: question words that the corpus does not hold
    closest: Citation | None = None  #: the nearest sentence, which is not an answer
    previous_question: str | None = None  #: the earlier question that a follow-up was read with
    nearest: tuple[tuple[str, tuple[str, ...]], ...] = ()  #: unknown word, words spelled alike
    corpus_languages: tuple[
        str, ...
    ] = ()  #: the corpus's languages, where the question's is none of them
    unknown_names: tuple[str, ...] = ()  #: those of the unknown words that are names or numbers
    more: bool = False  #: whether sentences beyond ``further`` are worth citing
    further: tuple[Citation, ...] = ()  #: what else is worth citing, as many as were asked for
    confidence: float = 0.0  #: how sure the best sentence is; see ``bot.answering.confidence``

    @property
    def answered(self) -> bool:
        """Whether the corpus holds something good enough to quote as an answer."""
        return bool(self.citations)

    def __iter__(self) -> Iterator[Citation]:
        return iter(self.citations)


def cite(corpus: Corpus, address: str, language: str) -> Citation | None:
    """The sentence at an address, for a reader of a language; None where there is none."""
    found = corpus.find(address)
    if found is None:
        return None
    article, passage, sentence = found
    shown = article.rendering(language) or article.original
    return Citation(article, passage, sentence, 0.0, shown.language)
