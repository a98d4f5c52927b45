"""The index in service: loaded once, replaced as a whole, never patched.

Questions are answered from the index that stands while a new one is being built. If the new one
cannot be built, the old one stays.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import ReindexRunning
from bot.moves import recover
from bot.retrieval.answer import answer
from bot.retrieval.citation import Answer
from bot.retrieval.corpus import read_corpus
from bot.retrieval.index import Index, build_index
from bot.retrieval.model import Corpus
from bot.retrieval.replay import Effect, effect, replay


@dataclass(frozen=True, slots=True)
class Reindexed:
    """What a reindex changed. Articles are named as their files are; ``seconds`` of wall time."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    articles: int
    passages: int
    sentences: int
    seconds: float
    skipped: tuple[str, ...] = ()
    effect: Effect = field(default_factory=Effect)  #: on the answers to the corpus's own questions


class Library:
    """The articles of one folder and the index that answers from them.

    Loading happens in the constructor, which raises CorpusError as ``read_corpus`` does.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._building = threading.Lock()
        self._index = _load(folder)

    @property
    def corpus(self) -> Corpus:
        """The articles that are answered from."""
        return self.index.corpus

    @property
    def index(self) -> Index:
        """The index in service."""
        return self._index

    def answer(
        self,
        question: str,
        *,
        previous: str | None = None,
        fallback_language: str = "en",
        skip: int = 0,
    ) -> Answer:
        """Answer a question from the index in service; see ``bot.retrieval.answer``."""
        return answer(
            self._index,
            question,
            previous=previous,
            fallback_language=fallback_language,
            skip=skip,
        )

    def reindex(self, change: Callable[[], Callable[[], None]] | None = None) -> Reindexed:
        """Read the folder again and put the new index in place of the old one.

        ``change`` alters the folder first, while no other reindex can, and returns what undoes
        that, which is called where the folder cannot be indexed then.

        Raises CorpusError if a file is wrong and ReindexRunning if another reindex is under way;
        the old index stays in service in both cases. Takes as long as reading does: call it off
        the event loop.
        """
        if not self._building.acquire(blocking=False):
            raise ReindexRunning
        try:
            start = time.perf_counter()
            before = self._index
            undo = change() if change else None
            try:
                after = _load(self.folder)
                questions = after.corpus.questions
                done = effect(replay(before, questions), replay(after, questions))
            except BaseException:
                if undo:
                    undo()
                raise
            self._index = after
            return _difference(before.corpus, after.corpus, time.perf_counter() - start, done)
        finally:
            self._building.release()


def _load(folder: Path) -> Index:
    """Read and index a folder, once the change that a killed run began in it is done. Its version
    is worked out here too, off the event loop in a reindex, since every answer carries it.
    """
    recover(folder)
    index = build_index(read_corpus(folder))
    _ = index.corpus.version
    return index


def _difference(before: Corpus, after: Corpus, seconds: float, done: Effect) -> Reindexed:
    old = {article.name: article for article in before.articles}
    new = {article.name: article for article in after.articles}
    return Reindexed(
        added=tuple(name for name in new if name not in old),
        removed=tuple(name for name in old if name not in new),
        changed=tuple(name for name in new if name in old and new[name] != old[name]),
        articles=len(after.articles),
        passages=after.passages,
        sentences=after.sentences,
        seconds=seconds,
        skipped=after.skipped,
        effect=done,
    )
