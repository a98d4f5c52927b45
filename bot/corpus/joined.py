"""A server's corpus: the shared articles, and behind them its own."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from bot.corpus.model import Article, Corpus


@dataclass(frozen=True)
class JoinedCorpus(Corpus):
    """The articles of two corpora, as one: what is known of the parts is not worked out again."""

    shared: Corpus = field(default_factory=lambda: Corpus(()))
    own: Corpus = field(default_factory=lambda: Corpus(()))

    @property
    def parts(self) -> tuple[Corpus, ...]:
        """Return the own corpus and the shared one."""
        return self.own, self.shared

    def article(self, name: str) -> Article | None:
        """Return the article of a name, or None."""
        return self.shared.article(name) or self.own.article(name)

    def number_of(self, name: str) -> int | None:
        """Return the number of the article of a name, from 0, or None."""
        number = self.shared.number_of(name)
        if number is None and (number := self.own.number_of(name)) is not None:
            number += len(self.shared.articles)
        return number

    @cached_property
    def language_counts(self) -> Counter[str]:
        """How many renderings there are in each language."""
        return self.shared.language_counts + self.own.language_counts

    @cached_property
    def common_languages(self) -> frozenset[str]:
        """The languages in which every article can be read."""
        if not self.shared.articles or not self.own.articles:
            return self.shared.common_languages | self.own.common_languages
        return self.shared.common_languages & self.own.common_languages

    @cached_property
    def version(self) -> str:
        """Eight hexadecimal digits of what both say."""
        return sha256(f"{self.shared.version} {self.own.version}".encode()).hexdigest()[:8]


def join_corpora(shared: Corpus, own: Corpus) -> JoinedCorpus:
    """Return the shared corpus with a server's own, whose glossary extends the shared one."""
    return JoinedCorpus(
        articles=(*shared.articles, *own.articles),
        skipped=own.skipped,
        problems=own.problems,
        glossary=own.glossary,
        questions=(*own.questions, *shared.questions),
        shared=shared,
        own=own,
    )
