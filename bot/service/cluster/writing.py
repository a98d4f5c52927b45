"""Writes a corpus to the cluster as a new version, and puts it in service in one step.

The indexes of a version are written beside those in service, which answer until the alias is
swapped. A run that is killed leaves them unfinished; the next one removes what it finds of it. Two
runs at once do not happen: a writer keeps touching a document, and who finds one that is no longer
touched takes its place.
"""

from __future__ import annotations

import asyncio
import datetime
import json
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

from bot.corpus.fragments import fragments_of
from bot.corpus.model import Article, CuratedQuestion
from bot.errors import ReindexRunning, StoreError
from bot.index.tally import Tally
from bot.service.cluster.client import Client
from bot.service.cluster.documents import (
    CORPUS_ID,
    FORM,
    KINDS,
    MAPPINGS,
    SIMILARITY,
    Document,
    article_document,
    article_id,
    passage_document,
    passage_id,
    term_document,
    term_id,
    word_document,
    word_id,
)
from bot.text.glossary import Glossary

#: Versions that are kept beside the one in service, for questions that began on them.
KEPT = 1

#: Sentences that are counted at a time, and bytes of a request.
_BATCH = 50_000
_REQUEST_BYTES = 4_000_000
#: Requests under way at once.
_AT_ONCE = 3
#: Seconds that a request may take, and those between tries of what was refused for now.
_PATIENCE = 120.0
_WAITS = (0.5, 1, 2, 4, 8, 16, 30)
_CREATED = frozenset({200, 201, 409})  # 409: an earlier try has arrived
_BUSY = frozenset({429, 503})
#: Seconds after which a writer that has touched nothing is taken to be gone. It touches its
#: document at every request, and between tries.
_GONE = 60.0

#: Told how many sentences are written.
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Written:
    """What a run wrote."""

    version: str
    articles: int
    passages: int  #: of originals
    sentences: int
    replaced: str | None  #: the version that was in service before


@dataclass
class _About:
    """What is said of the corpus, gathered as its articles come by."""

    glossary: Glossary
    questions: Sequence[CuratedQuestion]
    articles: int = 0
    passages: int = 0
    sentences: int = 0
    unworded: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    common: set[str] | None = None
    said: Any = field(default_factory=sha256)

    def add(self, article: Article) -> None:
        """Count an article."""
        self.articles += 1
        self.passages += len(article.original.passages)
        self.sentences += article.original.sentences
        spoken = {rendering.language for rendering in article.renderings}
        self.languages.update(spoken)
        self.common = spoken if self.common is None else self.common & spoken
        self.said.update(article.digest)

    def version(self) -> str:
        """Return what ``Corpus.version`` says of the same articles."""
        said = self.said.copy()
        said.update(repr(self.glossary.groups).encode())
        return str(said.hexdigest()[:8])

    def document(self, tally: Tally) -> Document:
        """Return the document that describes the corpus."""
        order = sorted(self.languages, key=lambda one: (-self.languages[one], one))
        return {
            "form": FORM,
            "version": self.version(),
            "articles": self.articles,
            "passages": self.passages,
            "sentences": self.sentences,
            "unworded": self.unworded,
            "statistics": asdict(tally.statistics),
            "glossary": self.glossary.groups,
            "questions": [asdict(one) for one in self.questions],
            "languages": order,
            "common_languages": sorted(self.common or ()),
        }


async def write(
    client: Client,
    articles: Iterable[Article],
    glossary: Glossary,
    questions: Sequence[CuratedQuestion] = (),
    progress: Progress = lambda _: None,
) -> Written:
    """Write articles, in the order of their names, as a new version and put it in service. Raises
    StoreError, and ReindexRunning where another run writes; the version in service stays then.
    """
    lock = _Lock(client)
    await lock.take()
    try:
        return await _write(client, articles, _About(glossary, questions), lock, progress)
    finally:
        await lock.release()


async def _write(
    client: Client, articles: Iterable[Article], about: _About, lock: _Lock, progress: Progress
) -> Written:
    before = await _in_service(client)
    await _clean(client, keep=before)
    stamp = f"{datetime.datetime.now(datetime.UTC):%Y%m%d%H%M%S}-{secrets.token_hex(2)}"
    indexes = {kind: f"{client.cluster.name}-{stamp}-{kind}" for kind in KINDS}
    nodes = int((await _ask(client, "GET", "/_cluster/health"))["number_of_data_nodes"])
    try:
        for kind, index in indexes.items():
            await _create(client, index, kind, nodes)
        bulk = _Bulk(client, lock)
        tally = Tally(about.glossary)
        for batch in _batches(articles):
            await _write_articles(bulk, indexes, batch, about, tally)
            progress(about.sentences)
        await _write_words(bulk, indexes["words"], tally)
        await bulk.add(indexes["articles"], CORPUS_ID, about.document(tally))
        await bulk.end()
        await _finish(client, indexes.values(), nodes)
        await _swap(client, indexes.values(), before)
    except BaseException:
        await asyncio.shield(_remove(client, indexes.values()))
        raise
    await _clean(client, keep=[*indexes.values(), *_newest(before)])
    version = about.version()
    return Written(version, about.articles, about.passages, about.sentences, _stamp(before))


async def _write_articles(
    bulk: _Bulk,
    indexes: Mapping[str, str],
    batch: Sequence[Article],
    about: _About,
    tally: Tally,
) -> None:
    terms = iter(await asyncio.to_thread(tally.add, batch))
    for article in batch:
        number = about.articles
        about.add(article)
        for fragment in fragments_of(article):
            held = next(terms)
            about.unworded += not held
            document = passage_document(fragment, held)
            await bulk.add(indexes["passages"], passage_id(*fragment.place), document)
        await bulk.add(
            indexes["articles"], article_id(article.name), article_document(article, number)
        )


async def _write_words(bulk: _Bulk, index: str, tally: Tally) -> None:
    for term, count in tally.terms():
        await bulk.add(index, term_id(term), term_document(count))
    for known in tally.words():
        await bulk.add(index, word_id(known.word), word_document(known))


def _batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    """Yield articles, some at a time."""
    batch: list[Article] = []
    sentences = 0
    for article in articles:
        batch.append(article)
        sentences += sum(rendering.sentences for rendering in article.renderings)
        if sentences >= _BATCH:
            yield batch
            batch, sentences = [], 0
    if batch:
        yield batch


class _Bulk:
    """Documents on their way, some requests at once. What is refused for now is sent again."""

    def __init__(self, client: Client, lock: _Lock) -> None:
        self._client, self._lock = client, lock
        self._lines: list[tuple[str, str]] = []
        self._size = 0
        self._under_way: set[asyncio.Task[None]] = set()

    async def add(self, index: str, id_: str, document: Document) -> None:
        """Write a document, sooner or later. Raises StoreError for an earlier one."""
        action = json.dumps({"create": {"_index": index, "_id": id_}})
        source = json.dumps(document, ensure_ascii=False)
        self._lines.append((action, source))
        self._size += len(action) + len(source)
        if self._size >= _REQUEST_BYTES:
            await self._send()

    async def end(self) -> None:
        """Wait until everything is written."""
        await self._send()
        while self._under_way:
            await self._wait(asyncio.ALL_COMPLETED)

    async def _send(self) -> None:
        lines, self._lines, self._size = self._lines, [], 0
        while len(self._under_way) >= _AT_ONCE:
            await self._wait(asyncio.FIRST_COMPLETED)
        if lines:
            self._under_way.add(asyncio.create_task(self._written(lines)))

    async def _wait(self, until: str) -> None:
        done, self._under_way = await asyncio.wait(self._under_way, return_when=until)
        for task in done:
            task.result()

    async def _written(self, lines: Sequence[tuple[str, str]]) -> None:
        """Send documents until each is written. A whole answer of 200 may hold refusals."""
        for wait in (*_WAITS, None):
            await self._lock.touch()
            lines = await self._refused(lines)
            if not lines:
                return
            if wait is None:
                break
            await asyncio.sleep(wait)
        raise StoreError(
            self._client.cluster.shown, "takes no more documents (429); try again later", busy=True
        )

    async def _refused(self, lines: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Send documents, and return those that are to be sent again."""
        body = "".join(f"{action}\n{source}\n" for action, source in lines)
        try:
            said = await self._client.ask("POST", "/_bulk", body, seconds=_PATIENCE)
        except StoreError as error:
            if error.busy:
                return list(lines)
            raise
        again = []
        for line, item in zip(lines, said["items"], strict=True):
            result = item["create"]
            if result["status"] in _BUSY:
                again.append(line)
            elif result["status"] not in _CREATED:
                kind = result.get("error", {}).get("type", "error")
                raise StoreError(
                    self._client.cluster.shown,
                    f"refuses a document ({result['status']}, {kind}); see its log",
                )
        return again


class _Lock:
    """The document of the one writer, in an index of its own."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._path = f"/{client.cluster.name}-writer/_doc/writer"
        self._id = secrets.token_hex(8)
        self._touched = 0.0

    async def take(self) -> None:
        """Become the writer. Raises ReindexRunning where another run is."""
        held = await self._try("")
        if held is None:
            return
        for _ in range(int(_GONE)):  # somebody writes, or did
            await asyncio.sleep(1)
            now = await self._held()
            if now is None or now != held:
                raise ReindexRunning
        if await self._try(f"?if_seq_no={held[0]}&if_primary_term={held[1]}"):
            raise ReindexRunning

    async def _try(self, condition: str) -> tuple[int, int] | None:
        """Write the document where there is none, or over one that has not changed; return what
        stands there instead.
        """
        path = f"{self._path}{condition or '?op_type=create'}"
        try:
            await _ask(self._client, "PUT", path, {"writer": self._id})
        except StoreError as error:
            if "409" not in error.reason:
                raise
            return await self._held() or (0, 0)
        return None

    async def _held(self) -> tuple[int, int] | None:
        try:
            said = await _ask(self._client, "GET", self._path)
        except StoreError as error:
            if error.missing:
                return None
            raise
        return said["_seq_no"], said["_primary_term"]

    async def touch(self) -> None:
        """Say that the writer is alive, every few seconds."""
        now = asyncio.get_running_loop().time()
        if now - self._touched > _GONE / 12:
            self._touched = now
            await _ask(self._client, "PUT", self._path, {"writer": self._id})

    async def release(self) -> None:
        """Let others write."""
        await _ask(self._client, "DELETE", self._path)


async def _ask(client: Client, method: str, path: str, body: Any = None) -> Any:
    return await client.ask(method, path, body, seconds=_PATIENCE)


async def _create(client: Client, index: str, kind: str, nodes: int) -> None:
    settings: Document = {
        "number_of_shards": max(nodes, 1) if kind != "articles" else 1,
        "number_of_replicas": 0,  # copied once it is written, which is quicker
        "refresh_interval": "-1",
        "translog.durability": "async",
    }
    if kind == "passages":
        settings["similarity"] = SIMILARITY
    body = {"settings": {"index": settings}, "mappings": MAPPINGS[kind]}
    await _ask(client, "PUT", f"/{index}", body)


async def _finish(client: Client, indexes: Iterable[str], nodes: int) -> None:
    """Make what was written durable, searchable and, where there are several nodes, held twice."""
    names = ",".join(indexes)
    settings = {
        "index": {
            "translog.durability": "request",
            "refresh_interval": "1h",
            "number_of_replicas": 1 if nodes > 1 else 0,
            "blocks.write": True,
        }
    }
    await _ask(client, "POST", f"/{names}/_refresh")
    await _ask(client, "POST", f"/{names}/_flush")
    await _ask(client, "PUT", f"/{names}/_settings", settings)
    for _ in range(60):
        path = f"/_cluster/health/{names}?wait_for_status=green&timeout=60s"
        try:
            await _ask(client, "GET", path)
        except StoreError as error:
            if "408" not in error.reason:
                raise
        else:
            return
    raise StoreError(client.cluster.shown, "does not copy the new index; see its health")


async def _in_service(client: Client) -> list[str]:
    """Return the indexes of the version in service."""
    try:
        return sorted(await _ask(client, "GET", f"/_alias/{client.cluster.name}"))
    except StoreError as error:
        if error.missing:
            return []
        raise


async def _swap(client: Client, indexes: Iterable[str], before: Iterable[str]) -> None:
    name = client.cluster.name
    actions = [
        *({"remove": {"index": index, "alias": name}} for index in before),
        *({"add": {"index": index, "alias": name}} for index in indexes),
    ]
    await _ask(client, "POST", "/_aliases", {"actions": actions})


async def _clean(client: Client, keep: Iterable[str]) -> None:
    """Remove every version but some."""
    name = client.cluster.name
    found = await _ask(client, "GET", f"/{name}-*/_settings?expand_wildcards=all")
    ours = [one for one in found if one.rpartition("-")[2] in KINDS]
    await _remove(client, set(ours) - set(keep))


async def _remove(client: Client, indexes: Iterable[str]) -> None:
    for index in sorted(indexes):
        await _ask(client, "DELETE", f"/{index}?ignore_unavailable=true")


def _newest(before: Sequence[str]) -> Sequence[str]:
    """Return those of the earlier indexes that are kept."""
    return before if KEPT else ()


def _stamp(indexes: Sequence[str]) -> str | None:
    return indexes[0].rpartition("-")[0] if indexes else None
