"""What OpenSearch says to the requests that the bot makes, on loopback, from documents in memory.

Its answers have the form of those that a real cluster gave (``recorded.json``); what it does not
know it refuses.
"""

from __future__ import annotations

import asyncio
import fnmatch
import json
import math
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from aiohttp import web
from rapidfuzz.distance import OSA

Json = dict[str, Any]

K1, B = 0.9, 0.4


class OpenSearch:
    """Indexes, aliases and documents; ``trouble`` may answer a request in their place."""

    def __init__(self) -> None:
        self.indexes: dict[str, dict[str, Json]] = {}
        self.named: dict[str, set[str]] = {}
        self.sequence = 0
        self.requests: list[str] = []
        self.trouble: Callable[[str, str], web.Response | float | None] = lambda *_: None
        self.host = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer a request."""
        body = await request.text()
        self.requests.append(f"{request.method} {request.path}")
        trouble = self.trouble(f"{request.method} {request.path}", body)
        if isinstance(trouble, web.Response):
            return trouble
        if trouble:
            await asyncio.sleep(trouble)
        parts = request.path.strip("/").split("/")
        action = next((p for p in parts if p.startswith("_")), "_index")
        if action == "_aliases":
            status, said = self.swap(body)
        else:
            status, said = getattr(self, action.strip("_"))(request, parts, body)
        return web.json_response(said, status=status)

    def cluster(self, *_: Any) -> tuple[int, Json]:
        """Health."""
        return 200, {"number_of_data_nodes": 3, "status": "green"}

    def index(self, request: web.Request, parts: list[str], _body: str) -> tuple[int, Json]:
        """Make and remove indexes."""
        if request.method == "DELETE":
            self.indexes.pop(parts[0], None)
        else:
            self.indexes[parts[0]] = {}
        return 200, {"acknowledged": True}

    def settings(self, request: web.Request, parts: list[str], _body: str) -> tuple[int, Json]:
        """Name the indexes of a pattern."""
        if request.method == "PUT":
            return 200, {"acknowledged": True}
        return 200, {name: {} for name in self.indexes if fnmatch.fnmatch(name, parts[0])}

    def refresh(self, *_: Any) -> tuple[int, Json]:
        """Do nothing: every document can be found at once."""
        return 200, {}

    flush = refresh

    def alias(self, _request: web.Request, parts: list[str], _body: str) -> tuple[int, Json]:
        """Resolve an alias."""
        held = self.named.get(parts[1])
        if not held:
            return 404, {"error": f"alias [{parts[1]}] missing", "status": 404}
        return 200, {name: {"aliases": {parts[1]: {}}} for name in held}

    def swap(self, body: str) -> tuple[int, Json]:
        """Change aliases in one step."""
        for action in json.loads(body)["actions"]:
            ((kind, what),) = action.items()
            held = self.named.setdefault(what["alias"], set())
            (held.add if kind == "add" else held.discard)(what["index"])
        return 200, {"acknowledged": True}

    def doc(self, request: web.Request, parts: list[str], body: str) -> tuple[int, Json]:
        """Write, read and remove one document."""
        held = self.indexes.setdefault(parts[0], {})
        found = held.get(parts[2])
        if request.method == "GET":
            return (200, found) if found else (404, {"found": False})
        if request.method == "DELETE":
            held.pop(parts[2], None)
            return 200, {"result": "deleted"}
        wanted = request.query.get("if_seq_no")
        if found and (request.query.get("op_type") == "create"):
            return 409, {"error": {"type": "version_conflict_engine_exception"}, "status": 409}
        if wanted is not None and (not found or str(found["_seq_no"]) != wanted):
            return 409, {"error": {"type": "version_conflict_engine_exception"}, "status": 409}
        self.sequence += 1
        held[parts[2]] = {"_seq_no": self.sequence, "_primary_term": 1, "_source": json.loads(body)}
        return 201, {"result": "created"}

    def bulk(self, _request: web.Request, _parts: list[str], body: str) -> tuple[int, Json]:
        """Write documents that are not there."""
        lines, items = body.splitlines(), []
        for action, source in zip(lines[::2], lines[1::2], strict=True):
            where = json.loads(action)["create"]
            held = self.indexes[where["_index"]]
            status = 409 if where["_id"] in held else 201
            held.setdefault(where["_id"], json.loads(source))
            items.append({"create": {**where, "status": status}})
        return 200, {"errors": False, "items": items}

    def mget(self, _request: web.Request, parts: list[str], body: str) -> tuple[int, Json]:
        """Read documents."""
        held = self.indexes[parts[0]]
        return 200, {
            "docs": [
                {"_id": one, "found": one in held, "_source": held.get(one)}
                for one in json.loads(body)["ids"]
            ]
        }

    def msearch(self, _request: web.Request, _parts: list[str], body: str) -> tuple[int, Json]:
        """Search."""
        lines = [json.loads(line) for line in body.splitlines()]
        return 200, {
            "responses": [
                self._searched(self.indexes[head["index"]], search)
                for head, search in zip(lines[::2], lines[1::2], strict=True)
            ]
        }

    def _searched(self, documents: Mapping[str, Json], search: Json) -> Json:
        score = _Scores(documents).of
        found = [(score(search["query"], one), id_, one) for id_, one in documents.items()]
        hits: list[Json] = [
            {"_id": id_, "_score": score, "_source": one} for score, id_, one in found if score > 0
        ]
        hits.sort(key=lambda hit: (-hit["_score"], hit["_source"].get("number", 0)))
        return {
            "timed_out": False,
            "_shards": {"failed": 0},
            "hits": {"hits": hits[: search["size"]]},
        }


class _Scores:
    """The score of a document for a query; 0 where it is not found."""

    def __init__(self, documents: Mapping[str, Json]) -> None:
        self._texts = [one["terms"].split() for one in documents.values() if one.get("terms")]
        self._average = sum(map(len, self._texts)) / max(len(self._texts), 1)

    def of(self, query: Json, document: Json) -> float:
        """Return the score."""
        ((kind, inner),) = query.items()
        return float(getattr(self, f"_{kind}")(inner, document))

    def _term(self, inner: Json, document: Json) -> float:
        ((field, value),) = inner.items()
        if field != "terms":
            held = document.get(field)
            return value in held if isinstance(held, list) else value == held
        term, boost = value["value"], value["boost"]
        words = document.get("terms", "").split()
        count = words.count(term)
        holding = sum(term in text for text in self._texts)
        idf = math.log(1 + (len(self._texts) - holding + 0.5) / (holding + 0.5))
        length = K1 * (1 - B + B * len(words) / self._average)
        return float(boost * idf * count / (count + length)) if count else 0.0

    def _terms(self, inner: Json, document: Json) -> bool:
        ((field, values),) = inner.items()
        held = document.get(field)
        return bool(set(held if isinstance(held, list) else [held]) & set(values))

    def _dis_max(self, inner: Json, document: Json) -> float:
        return max(self.of(query, document) for query in inner["queries"])

    def _constant_score(self, inner: Json, document: Json) -> float:
        return self.of(inner["filter"], document) and inner.get("boost", 1)

    def _bool(self, inner: Json, document: Json) -> float:
        filters = inner.get("filter", [])
        filters = filters if isinstance(filters, list) else [filters]
        if not all(self.of(one, document) for one in filters):
            return 0.0
        if "must" in inner:
            return self.of(inner["must"], document)
        should = inner.get("should")
        return sum(self.of(one, document) for one in should) if should else 1.0

    def _script_score(self, inner: Json, document: Json) -> float:
        score = self.of(inner["query"], document)
        size = document.get("size", 0) + inner["script"]["params"]["size"]
        return score / float(size)

    def _fuzzy(self, inner: Json, document: Json) -> bool:
        wanted, held = inner["latin"], document.get("latin", "")
        if held[:1] != wanted["value"][:1]:
            return False
        return bool(OSA.distance(held, wanted["value"]) <= wanted["fuzziness"])

    def _range(self, inner: Json, document: Json) -> bool:
        ((field, bounds),) = inner.items()
        return field in document and bounds["gte"] <= document[field] < bounds["lt"]

    def _prefix(self, inner: Json, document: Json) -> bool:
        ((field, value),) = inner.items()
        return any(word.startswith(value) for word in document.get(field, "").split())

    def _exists(self, inner: Json, document: Json) -> bool:
        return inner["field"] in document


@contextmanager
def running() -> Iterator[OpenSearch]:
    """Serve on a free port, in a thread of its own."""
    cluster, loop, ready = OpenSearch(), asyncio.new_event_loop(), threading.Event()

    async def serve() -> None:
        application = web.Application(client_max_size=100_000_000)
        application.router.add_route("*", "/{path:.*}", cluster.handle)
        runner = web.AppRunner(application)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        cluster.host = f"http://{host}:{port}"
        ready.set()
        try:
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()

    task = loop.create_task(serve())

    def run() -> None:
        try:
            loop.run_until_complete(task)
        except asyncio.CancelledError:
            loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait()
    try:
        yield cluster
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join()
