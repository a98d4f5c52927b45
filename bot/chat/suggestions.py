"""What people are offered as they type: lists that are prepared once for each corpus.

A keystroke looks through prepared text, so that it takes a millisecond or two at ten thousand
sources.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import PurePosixPath

from bot.chat.limits import CHOICE, CHOICES
from bot.chat.markup import clip, length, one_line
from bot.corpus.model import Article, Corpus
from bot.text.tokens import folded_words

# Corpora whose lists are kept: the shared one, and those of servers where somebody types.
_LISTS_KEPT = 100

Offer = tuple[str, str]  #: what is shown, and the value behind it


@dataclass(frozen=True, slots=True)
class Prepared:
    """Offers, each with the text in which words are sought that somebody types."""

    offers: tuple[tuple[str, Offer], ...]
    others: tuple[tuple[str, Offer], ...] = ()  #: offered behind them: what all servers share

    def before(self, other: Prepared) -> Prepared:
        """Return these offers, and others behind them."""
        return Prepared(self.offers, other.offers)

    def beginning(self, typed: str) -> list[Offer]:
        """Those in which every typed word begins a word, as many as Discord takes."""
        wanted = [f" {word}" for word in folded_words(typed[:CHOICE])]
        return self._first(wanted)

    def holding(self, typed: str) -> list[Offer]:
        """Those that hold what was typed, as many as Discord takes."""
        return self._first([typed.strip().casefold()])

    def _first(self, wanted: list[str]) -> list[Offer]:
        longest = max(wanted, key=len, default="")
        found = (
            offer
            for text, offer in chain(self.offers, self.others)
            if longest in text and all(part in text for part in wanted)
        )
        return list(islice(found, CHOICES))


@dataclass(frozen=True, slots=True)
class Lists:
    """All lists of one corpus."""

    corpus: Corpus
    questions: Prepared  #: its own questions and its titles
    addresses: Prepared  #: of the first sentence of each source
    sources: Prepared  #: its sources by title and its folders, the value behind each its name
    names: Prepared  #: of its sources, each followed by its translations, NAME.en

    def before(self, other: Lists, corpus: Corpus) -> Lists:
        """Return the lists of a corpus of two parts: these offers, and the other's behind them."""
        return Lists(
            corpus,
            self.questions.before(other.questions),
            self.addresses.before(other.addresses),
            self.sources.before(other.sources),
            self.names.before(other.names),
        )


class Suggestions:
    """The lists of corpora in service, made off the event loop when one is asked for first; those
    that all servers share are made once.
    """

    def __init__(self) -> None:
        self._lists: OrderedDict[int, Lists] = OrderedDict()  # by the id of the corpus, in each
        self._making = asyncio.Lock()

    async def of(self, corpus: Corpus) -> Lists:
        """Return the lists of a corpus, a server's own before the shared ones."""
        first, *others = [await self._of(part) for part in corpus.parts]
        for other in others:
            first = first.before(other, corpus)
        return first

    async def _of(self, corpus: Corpus) -> Lists:
        if id(corpus) not in self._lists:
            async with self._making:
                if id(corpus) not in self._lists:
                    self._lists[id(corpus)] = await asyncio.to_thread(prepare, corpus)
        self._lists.move_to_end(id(corpus))
        while len(self._lists) > _LISTS_KEPT:
            self._lists.popitem(last=False)
        return self._lists[id(corpus)]


def prepare(corpus: Corpus) -> Lists:
    """Make the lists of a corpus."""
    titles = (rendering.title for article in corpus.articles for rendering in article.renderings)
    asked = (expected.question for expected in corpus.questions)
    shown = (clip(one_line(text), CHOICE) for text in chain(asked, titles))
    return Lists(
        corpus,
        Prepared(tuple((_words(text), (text, text)) for text in dict.fromkeys(shown) if text)),
        Prepared(
            tuple(
                (_words(f"{article.name} {article.original.title}"), (address, address))
                for article in corpus.articles
                if length(address := article.address(1, 1)) <= CHOICE
            )
        ),
        Prepared((*_sources(corpus), *_folders(corpus))),
        Prepared(tuple((name.casefold(), (name, name)) for name in _names(corpus))),
    )


def _sources(corpus: Corpus) -> Iterator[tuple[str, Offer]]:
    for article in corpus.articles:
        title = one_line(article.original.title) or article.name
        if length(article.name) <= CHOICE:
            yield _words(f"{article.name} {title}"), (clip(title, CHOICE), article.name)


def _folders(corpus: Corpus) -> Iterator[tuple[str, Offer]]:
    """Yield the folders of a corpus, each shown with a stroke behind it."""
    folders = {
        str(folder)
        for article in corpus.articles
        for folder in PurePosixPath(article.name).parents[:-1]
    }
    for folder in sorted(folders):
        if length(folder) < CHOICE:
            yield _words(folder), (f"{folder}/", folder)


def _words(text: str) -> str:
    """Return a text's words, each behind a space: a typed word begins one of them."""
    return "".join(f" {word}" for word in folded_words(one_line(text)[: 10 * CHOICE]))


def _names(corpus: Corpus) -> Iterable[str]:
    for article in corpus.articles:
        names = (article.name, *(f"{article.name}.{r.language}" for r in article.translations))
        yield from (name for name in names if length(name) <= CHOICE)


def addresses(lists: Lists, typed: str) -> list[Offer]:
    """Sentences whose address begins with what was typed, or whose source's name or title has it.

    Until a source is chosen, its first sentence stands for it.
    """
    name, _, place = typed.strip().rpartition(":")
    article = lists.corpus.article(name)
    if article is None:
        return lists.addresses.beginning(typed)
    return addresses_in(article, place)


def named(found: Iterable[tuple[str, str]]) -> list[Offer]:
    """Return articles, each with its name and title, as what is offered."""
    return [
        (clip(one_line(title) or name, CHOICE), name)
        for name, title in found
        if length(name) <= CHOICE
    ]


def first_addresses(found: Iterable[tuple[str, str]]) -> list[Offer]:
    """Return the addresses of the first sentences of articles, as what is offered."""
    offers = (f"{name}:1.1" for name, _ in found)
    return [(address, address) for address in offers if length(address) <= CHOICE]


def addresses_in(article: Article, place: str) -> list[Offer]:
    """Return the sentences of a source whose place in it begins with what was typed."""
    return list(islice(_in_article(article, place), CHOICES))


def _in_article(article: Article, place: str) -> Iterator[Offer]:
    """Yield the sentences of a source whose place in it begins with what was typed."""
    original = article.original
    passage, dot, _ = place.partition(".")
    if place and not (passage.isascii() and passage.isdigit() and passage[0] != "0"):
        return
    for number in _beginning(passage, len(original.passages), exact=bool(dot)):
        for count, span in enumerate(original.passages[number - 1].sentences, 1):
            address = article.address(number, count)
            if length(address) > CHOICE:  # Discord takes no longer one, even typed by hand
                return
            if f"{number}.{count}".startswith(place):
                text = one_line(span.of(original.text))
                yield clip(f"{number}.{count} {text}", CHOICE), address


def _beginning(digits: str, most: int, *, exact: bool) -> Iterator[int]:
    """Yield the numbers from 1 to a most whose digits begin with some, in order."""
    if not digits:
        yield from range(1, most + 1)
        return
    first, last = int(digits), int(digits)
    while first <= most:
        yield from range(first, min(last, most) + 1)
        if exact:
            return
        first, last = 10 * first, 10 * last + 9
