"""A server's own sources, answered from beside the shared ones."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from bot.corpus.folder import FolderState, Progress, scan
from bot.corpus.model import Corpus
from bot.errors import CorpusFilesError
from bot.index.build import Index, build_index
from bot.index.joined import Base, JoinedIndex, join
from bot.index.vectors import StackedVectors, Vectors
from bot.service.corpus_files import Change, CorpusFiles
from bot.service.library import Library, ReindexReport, nobody
from bot.service.search import Meaning

#: Files of one server, with those that were removed; and their bytes. Both bound what somebody
#: whom the operator does not know may fill the disk and the memory with.
MOST_FILES = 200
MOST_BYTES = 10_000_000


class OwnFiles(CorpusFiles):
    """The files of one server's folder, which has room for so many and so much."""

    def check_room(self, name: str, size: int) -> None:
        """Raise CorpusFilesError where no further file of so many bytes is taken."""
        held = [path for path in self.folder.rglob("*") if path.is_file()]
        if len(held) >= MOST_FILES:
            raise CorpusFilesError("server_files", name, f"{MOST_FILES:,}")
        if size + sum(path.stat().st_size for path in held) > MOST_BYTES:
            raise CorpusFilesError("server_bytes", name, f"{MOST_BYTES // 1_000_000:,}")

    def _names(self) -> list[str]:
        """List the names of the articles' files: none where there is no folder yet."""
        return super()._names() if self.folder.is_dir() else []

    def refuse_last(self, article: str) -> None:
        """Let the last article go: the shared ones are left."""


class OwnLibrary(Library):
    """The shared articles with those of a server's folder behind them.

    The constructor raises CorpusError as ``scan`` does.
    """

    def __init__(self, folder: Path, base: Base) -> None:
        self.base = base
        super().__init__(folder)

    @property
    def files(self) -> OwnFiles:
        """The folder, as something that is written to."""
        return OwnFiles(self.folder)

    @property
    def is_empty(self) -> bool:
        """Whether the server has nothing of its own to answer from or with."""
        own, shared = self.kept, self.base.index.corpus
        return not (own.articles or own.questions) and own.glossary == shared.glossary

    @property
    def characters(self) -> int:
        """How many characters its own sources have, in every language."""
        return sum(len(r.text) for article in self.kept.articles for r in article.renderings)

    @property
    def is_busy(self) -> bool:
        """Whether the folder is being read or changed."""
        return self._building.locked()

    def apply(self, make: Callable[[], Change], progress: Progress | None = None) -> ReindexReport:
        """Change the folder, which is made for it where there is none, and reindex."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise CorpusFilesError("unwritable", self.folder.name, reason) from error
        return super().apply(make, progress)

    def rebase(self, base: Base) -> None:
        """Answer from another shared index, with what has been read of the own folder."""
        with self._building:
            self.base = base
            known = self._reading, self._index
            self._reading, self._index = self._load(known, nobody, keeps=True)

    def encode_behind(self, shared: Meaning) -> None:
        """Order answers by meaning too, with the vectors of the shared sentences; makes those of
        the own ones, which takes milliseconds a sentence: call it off the event loop.
        """
        index = self._index
        if not isinstance(index, JoinedIndex) or not isinstance(shared.vectors, Vectors):
            return
        store = self._vectors or shared.store.beside(str(self.folder.absolute()))
        own = store.build(index.own, self._own_vectors())
        self._vectors = store
        self._meaning = index, Meaning(shared.store, StackedVectors(shared.vectors, own))

    def _own_vectors(self) -> Vectors | None:
        held = self._meaning[1].vectors if self._meaning else None
        return held.own if isinstance(held, StackedVectors) else None

    def _encode(self, progress: Progress | None = None) -> None:
        """Make the vectors of what is new, where there are any of the shared sentences."""
        del progress
        held = self._meaning
        if held and isinstance(held[1].vectors, StackedVectors):
            self.encode_behind(Meaning(held[1].store, held[1].vectors.shared))

    def _scanned(self, old: FolderState | None, progress: Progress, *, keeps: bool) -> FolderState:
        """Read the folder, which need not be there, beside the shared sources."""
        shared = self.base.index.corpus
        if not self.folder.is_dir():
            return FolderState(Corpus((), glossary=shared.glossary))
        return scan(
            self.folder, old, now=time.time_ns(), keeps=keeps, shared=shared, progress=progress
        )

    def _indexed(self, corpus: Corpus, base: Index | None) -> Index:
        """Index what was read, behind the shared index."""
        own = build_index(corpus, base.own if isinstance(base, JoinedIndex) else None)
        return join(self.base, own)
