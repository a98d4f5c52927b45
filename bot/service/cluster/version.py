"""One version of a corpus on the cluster: what is said of it as a whole, and its lookups.

A question sees one version from its first request to its last, whatever is written meanwhile. Words
come back from question to question, so those that were looked up are kept, a bounded number.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from bot.answering.asked_units import MOST_DOCUMENTS
from bot.corpus.fragments import Excerpt, Fragment
from bot.corpus.model import Article, CuratedQuestion
from bot.errors import StoreError, UnknownArticle
from bot.index.excerpt import KnownWord, Statistics, TermCount, Word
from bot.index.fuzzy import MIN_SUGGESTION
from bot.service.cluster.client import Client
from bot.service.cluster.documents import (
    CORPUS_ID,
    FORM,
    KINDS,
    article_from,
    article_id,
    count_of,
    fragment_of,
    known_word_of,
    passage_id,
    term_id,
    word_id,
)
from bot.text.glossary import Glossary
from bot.text.tokens import folded_words, latin, ngrams

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

#: Words and terms that are kept of a version, and spellings with the words like them.
_MOST_WORDS = 100_000
_MOST_SPELLINGS = 5_000
#: Bytes of articles that are kept, as the cluster sends them.
_MOST_ARTICLE_BYTES = 32_000_000

#: Words that are fetched for a misspelled one: those that share most n-grams (more than
#: ``fuzzy.MOST_COMPARED``, for equals), and those within two edits behind the same first letter.
_SHARING = 200
_WITHIN_EDITS = 1000
_MOST_EDITS = 2

# Words of a question in which an article's name is sought, and of a name.
_MOST_NAMING = 200
_LONGEST_NAME = 20

# Articles whose names have some digests: one each, but for rare chance.
_MOST_CALLED = 100

_HAS_UNITS = {"term": {"has_units": True}}

# Of what was not looked up yet.
_UNKNOWN = TermCount(-1, -1)
_UNKNOWN_WORD = KnownWord(Word("", ""), None, _UNKNOWN, is_name=False)

_DICE = {"source": "_score / (doc['size'].value + params.size)", "lang": "painless"}


class Kept(dict[_Key, _Value | None]):
    """What was looked up last; what is not there is kept as None. The oldest goes first."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def keep(self, found: Mapping[_Key, _Value | None]) -> None:
        """Keep what was found."""
        self.update(found)
        for key in list(islice(self, max(0, len(self) - self._most))):
            del self[key]


@dataclass(frozen=True)
class Description:
    """What is said of a corpus as a whole."""

    version: str
    articles: int
    passages: int
    sentences: int
    unworded: int  #: passages without a term, in all renderings
    statistics: Statistics
    excerpt: Excerpt  #: of no passage

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Description:
        """Return the description of its document."""
        return cls(
            version=document["version"],
            articles=document["articles"],
            passages=document["passages"],
            sentences=document["sentences"],
            unworded=document["unworded"],
            statistics=Statistics(**document["statistics"]),
            excerpt=Excerpt(
                articles=(),
                glossary=Glossary(tuple(map(tuple, document["glossary"]))),
                questions=tuple(
                    CuratedQuestion(q["question"], tuple(q["accepted"]), tuple(q["sentences"]))
                    for q in document["questions"]
                ),
                stored_version=document["version"],
                whole_languages=tuple(document["languages"]),
                whole_common=frozenset(document["common_languages"]),
                whole_passages=document["passages"],
                whole_sentences=document["sentences"],
            ),
        )


@dataclass
class Version:
    """One version: its indexes, and what was looked up in them."""

    client: Client
    indexes: Mapping[str, str]  #: the name of each kind's
    description: Description
    terms: Kept[str, TermCount] = field(default_factory=lambda: Kept(_MOST_WORDS))
    words: Kept[Word, KnownWord] = field(default_factory=lambda: Kept(_MOST_WORDS))
    alike: Kept[tuple[str, float], tuple[KnownWord, ...]] = field(
        default_factory=lambda: Kept(_MOST_SPELLINGS)
    )
    _articles: OrderedDict[str, tuple[Article, int]] = field(default_factory=OrderedDict)

    async def look_up_terms(self, terms: Iterable[str]) -> dict[str, TermCount]:
        """Return how often some terms stand in the corpus, those that do."""
        known = {term: self.terms.get(term, _UNKNOWN) for term in terms}
        ids = {term_id(term): term for term, count in known.items() if count is _UNKNOWN}
        found = await self.client.get(self.indexes["words"], list(ids))
        new = {term: count_of(found[one]) if one in found else None for one, term in ids.items()}
        self.terms.keep(new)
        return {term: count for term, count in (known | new).items() if count}

    async def look_up_words(self, words: Iterable[Word]) -> dict[Word, KnownWord]:
        """Return what the corpus says of some words."""
        known = {word: self.words.get(word, _UNKNOWN_WORD) for word in words}
        ids = {word_id(word): word for word, one in known.items() if one is _UNKNOWN_WORD}
        fields = "form,language,term,sentences,passages,is_name"
        found = await self.client.get(self.indexes["words"], list(ids), fields)
        new = {
            word: known_word_of(found[one]) if one in found else None for one, word in ids.items()
        }
        self.words.keep(new)
        return {word: one for word, one in (known | new).items() if one}

    async def look_up_spellings(self, spellings: Iterable[tuple[str, float]]) -> list[KnownWord]:
        """Return the words that may be spelled like some words, each with how much at least."""
        wanted = list(dict.fromkeys(spellings))
        missing = [key for key in wanted if key not in self.alike]
        bodies = [_alike_by(query) for word, least in missing for query in _queries(word, least)]
        found = iter(await self.client.search(self.indexes["words"], bodies) if bodies else ())
        new = {
            key: tuple(known_word_of(hit["_source"]) for _ in _queries(*key) for hit in next(found))
            for key in missing
        }
        known = [new[key] if key in new else self.alike.get(key) or () for key in wanted]
        self.alike.keep(new)
        return list({one.word: one for words in known for one in words}.values())

    async def fragments(self, places: Iterable[tuple[str, int, int]]) -> list[Fragment]:
        """Return some passages."""
        ids = {passage_id(*place): place for place in places}
        found = await self.client.get(self.indexes["passages"], list(ids))
        if len(found) < len(ids):
            raise StoreError(self.client.cluster.shown, "lacks passages; write it anew")
        return [fragment_of(document) for document in found.values()]

    async def articles(self, names: Iterable[str]) -> dict[str, Article]:
        """Return some articles as a whole, those that there are."""
        wanted = list(dict.fromkeys(names))
        ids = {article_id(name): name for name in wanted if name not in self._articles}
        found = await self.client.get(self.indexes["articles"], list(ids), "content")
        read = {ids[one]: article_from(found[one]["content"]) for one in found}
        for name, article in read.items():
            size = sum(len(rendering.text) for rendering in article.renderings)
            self._articles[name] = article, size
        kept = {name: self._articles[name][0] for name in wanted if name in self._articles}
        for name in kept:
            self._articles.move_to_end(name)
        while sum(size for _, size in self._articles.values()) > _MOST_ARTICLE_BYTES:
            self._articles.popitem(last=False)
        return kept

    async def names(self, query: Mapping[str, Any], count: int) -> list[str]:
        """Return the names of the first articles that a search finds: best first, then in order."""
        body = {
            "size": count,
            "query": query,
            "sort": [{"_score": "desc"}, {"number": "asc"}],
            "_source": ["name"],
        }
        (hits,) = await self.client.search(self.indexes["articles"], [body])
        return [hit["_source"]["name"] for hit in hits]

    async def page(self, first: int, count: int) -> list[Article]:
        """Return some articles, in the order of their names."""
        there = {"range": {"number": {"gte": first, "lt": first + count}}}
        names = await self.names({"constant_score": {"filter": there}}, count)
        return list((await self.articles(names)).values())

    async def beginning(self, words: Sequence[str], count: int) -> list[tuple[str, str]]:
        """Return names and titles of articles in which each of some words begins a word."""
        query = {"bool": {"filter": [{"prefix": {"spoken": word}} for word in words]}}
        body = {
            "size": count,
            "query": query if words else {"exists": {"field": "number"}},
            "sort": [{"number": "asc"}],
            "_source": ["name", "title"],
        }
        (hits,) = await self.client.search(self.indexes["articles"], [body])
        return [(hit["_source"]["name"], hit["_source"]["title"]) for hit in hits]

    async def places(self, within: str | Collection[str]) -> tuple[str, ...]:
        """Return the articles and folders of some names as the corpus writes them. Raises
        UnknownArticle for one name of none.
        """
        found = [
            await self.place_named(name)
            for name in ([within] if isinstance(within, str) else within)
        ]
        if isinstance(within, str) and not any(found):
            raise UnknownArticle(within, ())
        return tuple(name for name in found if name)

    async def place_named(self, name: str) -> str | None:
        """Return the name of an article or folder as the corpus writes it; None for none."""
        folder = name.strip().strip("/")
        held = await self.names(below("folded_name", [folder.casefold()]), 1)
        if held:
            return held[0][: len(folder)]
        return next(iter(await self.called(name)), None)

    async def called(self, name: str) -> list[str]:
        """Return the name of the article that is called so, where there is one."""
        folded = {"term": {"folded_name": name.strip().casefold()}}
        called = {"term": {"names": " ".join(folded_words(name))}}
        for query, most in ((folded, None), (called, 1)):
            found = await self.names({"constant_score": {"filter": query}}, 2)
            if found and (most is None or len(found) == most):
                return found[:1]
        return []

    async def named(self, digests: Iterable[str]) -> list[str]:
        """Return the names of which some digests are; see ``source_digest``."""
        wanted = list(dict.fromkeys(digests))
        if not wanted:
            return []
        query = {"constant_score": {"filter": {"terms": {"digest": wanted}}}}
        return await self.names(query, _MOST_CALLED)

    async def with_units(self, question: str, within: Sequence[str] | None = None) -> list[str]:
        """Return the articles with units that a question names by their longest names; in order."""
        words = folded_words(question)[:_MOST_NAMING]
        by_length = {
            size: sorted({" ".join(words[n : n + size]) for n in range(len(words) - size + 1)})
            for size in range(1, min(_LONGEST_NAME, len(words)) + 1)
        }
        named = [
            {"constant_score": {"filter": {"terms": {"names": names}}, "boost": size}}
            for size, names in by_length.items()
        ]
        if not named:
            return []
        query = {"bool": {"must": {"dis_max": {"queries": named}}, "filter": _with_units(within)}}
        return await self.names(query, MOST_DOCUMENTS)

    async def first_with_units(self, within: Sequence[str] | None = None) -> list[str]:
        """Return the first articles that have units."""
        return await self.names({"bool": {"filter": _with_units(within)}}, MOST_DOCUMENTS)


def below(field: str, places: Sequence[str]) -> Mapping[str, Any]:
    """Return the search for the articles, and those in folders, of some names."""
    named = [{"term": {field: place}} for place in places]
    held = [{"prefix": {field: f"{place}/"}} for place in places]
    return {"bool": {"should": [*named, *held], "minimum_should_match": 1}}


def is_below(name: str, places: Sequence[str]) -> bool:
    """Whether an article is one of some, or in one of some folders."""
    return any(f"{name}/".startswith(f"{place}/") for place in places)


def _with_units(within: Sequence[str] | None) -> list[Mapping[str, Any]]:
    return [_HAS_UNITS, *([] if within is None else [below("name", within)])]


def _queries(folded: str, least: float) -> list[Mapping[str, Any]]:
    """Return the searches for the words spelled like a folded one; see ``bot.index.fuzzy``."""
    asked, grams = latin(folded), sorted(set(ngrams(folded)))
    sharing = [{"constant_score": {"filter": {"term": {"grams": gram}}}} for gram in grams]
    script = {**_DICE, "params": {"size": len(grams)}}
    queries: list[Mapping[str, Any]] = [
        {
            "size": _SHARING,
            "query": {"script_score": {"query": {"bool": {"should": sharing}}, "script": script}},
        }
    ]
    if least >= MIN_SUGGESTION:
        edits = min(_MOST_EDITS, int((1 - least) * len(asked) / least))
        near = {"value": asked, "fuzziness": edits, "prefix_length": 1, "rewrite": "constant_score"}
        queries.append({"size": _WITHIN_EDITS, "query": {"fuzzy": {"latin": near}}})
    return queries


def _alike_by(query: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**query, "track_total_hits": False, "_source": {"excludes": ["grams", "latin"]}}


class Versions:
    """The versions of a client's alias: that in service is looked for at each question."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._known: Version | None = None

    async def current(self) -> Version:
        """Return the version in service. Raises StoreError where there is none that can be read."""
        name = self._client.cluster.name
        indexes = {
            index.rpartition("-")[2]: index
            for index in await self._client.ask("GET", f"/_alias/{name}")
        }
        if self._known and self._known.indexes == indexes:
            return self._known
        if set(indexes) != set(KINDS):
            raise StoreError(self._client.cluster.shown, f"has an alias {name} of something else")
        document = (await self._client.get(indexes["articles"], [CORPUS_ID])).get(CORPUS_ID)
        if document is None or document["form"] != FORM:
            raise StoreError(
                self._client.cluster.shown,
                "was written by another version of treaty-bot; write it anew with treaty-bot index",
            )
        self._known = Version(self._client, indexes, Description.of(document))
        return self._known
