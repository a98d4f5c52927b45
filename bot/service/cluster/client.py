"""Requests to an OpenSearch cluster, and in one sentence why one cannot be answered.

Every question has a deadline. What a shard does not say is an error, never a silence.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from opensearchpy import AsyncOpenSearch
from opensearchpy.exceptions import (
    ConnectionError as Unreachable,
)
from opensearchpy.exceptions import (
    OpenSearchException,
    SerializationError,
    TransportError,
)
from pydantic import SecretStr

from bot.errors import StoreError

_Result = TypeVar("_Result")

Body: TypeAlias = Mapping[str, Any] | Sequence[Mapping[str, Any]] | str | None

#: Seconds that a question may take on the cluster, and what share of them a request may: one that
#: goes to a node that does not answer is sent to another one.
PATIENCE = 2.0
_REQUEST = 0.4
_TRIES = 2

#: Seconds after which a question is tried again that the cluster was too busy for.
_AGAIN = 0.15

_NOT_FOUND = 404
_UNAVAILABLE = 503
_BUSY = frozenset({429, 502, _UNAVAILABLE})
_REASONS = {
    401: "refuses the user; see PASSAGE_STORE_USER and PASSAGE_STORE_PASSWORD",
    403: "forbids it to the user of PASSAGE_STORE_USER, or is read-only; see its log",
    _NOT_FOUND: "holds no index {name}; write it with treaty-bot index",
    429: "has too much to do (429); try again later",
    _UNAVAILABLE: "has lost a part of the index (503); see its health",
}


@dataclass(frozen=True)
class Cluster:
    """Where a cluster is, and how to be let in."""

    hosts: tuple[str, ...]
    name: str  #: of the alias
    user: str | None = None
    password: SecretStr | None = None
    authority: Path | None = None  #: certificates that its own are checked with
    patience: float = PATIENCE  #: seconds that a question may take

    @property
    def shown(self) -> str:
        """Return the addresses, for a message."""
        return ", ".join(self.hosts)


class Client:
    """The requests; made once in a process, on its event loop."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        secret = cluster.password.get_secret_value() if cluster.password else ""
        context: dict[str, Any] = {}
        if any(host.startswith("https:") for host in cluster.hosts):
            context["ssl_context"] = ssl.create_default_context(cafile=cluster.authority)
        self._search = AsyncOpenSearch(
            hosts=list(cluster.hosts),
            http_auth=(cluster.user, secret) if cluster.user else None,
            http_compress=True,
            max_retries=_TRIES,
            retry_on_timeout=True,
            retry_on_status=(502, 503, 504),
            timeout=_REQUEST * cluster.patience,
            **context,
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._search.close()

    async def persistently(self, work: Callable[[], Awaitable[_Result]]) -> _Result:
        """Return what comes of some requests; do them again while the cluster is busy or a shard is
        moving from a lost node to another one. Raises StoreError when its patience ends.
        """
        patience = self.cluster.patience
        failed = StoreError(self.cluster.shown, f"does not answer within {patience:g} seconds")
        try:
            async with asyncio.timeout(patience):
                while True:
                    try:
                        return await work()
                    except StoreError as error:
                        if not error.busy:
                            raise
                        failed = error
                    await asyncio.sleep(_AGAIN)
        except TimeoutError:
            raise failed from None

    async def ask(
        self,
        method: str,
        path: str,
        body: Body = None,
        *,
        seconds: float | None = None,
    ) -> Any:
        """Return what the cluster answers to a request. Raises StoreError."""
        params = {} if seconds is None else {"request_timeout": seconds}
        try:
            said = await self._search.transport.perform_request(
                method, path, params=params, body=body
            )
        except (OpenSearchException, OSError) as error:
            raise self._wrong(error) from None
        if not isinstance(said, dict):
            raise self._wrong(SerializationError("no object"))
        return said

    def _wrong(self, error: Exception) -> StoreError:
        """Return what is wrong, in one sentence."""
        where, name = self.cluster.shown, self.cluster.name
        status = error.status_code if isinstance(error, TransportError) else None
        if isinstance(error, Unreachable):
            reason = "cannot be reached; see that it runs and that the address is right"
        elif isinstance(error, SerializationError):
            reason = "answers what is not OpenSearch's JSON; see that the address is right"
        elif status in _REASONS:
            reason = _REASONS[status].format(name=name)
        else:
            kind = getattr(error, "error", None) or type(error).__name__
            reason = f"answers with an error ({status or '-'}, {kind})"
        return StoreError(where, reason, busy=status in _BUSY, missing=status == _NOT_FOUND)

    async def search(self, index: str, bodies: Sequence[Mapping[str, Any]]) -> list[Any]:
        """Return the hits of some searches on one index, with global frequencies. Raises StoreError
        where a shard does not answer.
        """
        head = json.dumps(
            {
                "index": index,
                "search_type": "dfs_query_then_fetch",
                "allow_partial_search_results": False,
            }
        )
        lines = [line for body in bodies for line in (head, json.dumps(body))]
        said = await self.ask("POST", "/_msearch", "\n".join([*lines, ""]))
        found = []
        for one in said["responses"]:
            if "error" in one:
                self._raise(one["status"], one["error"].get("type", "error"))
            if one["timed_out"] or one["_shards"]["failed"]:
                self._raise(_UNAVAILABLE, "partial results")
            found.append(one["hits"]["hits"])
        return found

    async def get(
        self, index: str, ids: Sequence[str], fields: str = ""
    ) -> dict[str, Mapping[str, Any]]:
        """Return the documents of some ids, those that there are. Raises StoreError where a shard
        does not answer.
        """
        if not ids:
            return {}
        path = f"/{index}/_mget?realtime=false"
        if fields:
            path += f"&_source_includes={fields}"
        said = await self.ask("POST", path, {"ids": list(ids)})
        found = {}
        for one in said["docs"]:
            if "error" in one:
                self._raise(_UNAVAILABLE, one["error"].get("type", "error"))
            if one.get("found"):
                found[one["_id"]] = one["_source"]
        return found

    def _raise(self, status: int, kind: str) -> None:
        raise self._wrong(TransportError(status, kind))
