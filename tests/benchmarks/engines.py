"""The engines of the passage search: all take the same tokens and answer the same questions.

Each one is used as its own documentation has it at its fastest, in one thread: BM25 with the bot's
k1 and b where they can be set, the 10 best documents, as numbers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from rank_bm25 import BM25Okapi

from bot.index.bm25 import PASSAGE_B, PASSAGE_K1, PassageIndex

TOP = 10
Documents = list[list[str]]


class Engine(Protocol):
    """What is measured of an engine."""

    def build(self, documents: Documents, folder: Path) -> None:
        """Make documents searchable; an engine that keeps its index in files has a folder."""

    def top(self, question: list[str]) -> list[int]:
        """The numbers of the 10 best documents, best first."""

    def save(self, folder: Path) -> bool:
        """Write the index to a folder, if that is not done yet; whether the engine can."""


class Ours:
    """``PassageIndex``, which takes term numbers: giving the numbers is part of building."""

    def build(self, documents: Documents, folder: Path) -> None:  # noqa: ARG002
        """Number the terms and invert the documents."""
        self.terms: dict[str, int] = {}
        number = self.terms.setdefault
        lengths = [len(tokens) for tokens in documents]
        terms = np.fromiter(
            (number(token, len(self.terms)) for tokens in documents for token in tokens),
            dtype=np.int32,
            count=sum(lengths),
        )
        first = np.concatenate(([0], np.cumsum(lengths, dtype=np.int64)))
        self.index = PassageIndex.build(terms, first, len(self.terms))

    def top(self, question: list[str]) -> list[int]:
        """The best of them, as the bot finds them for a question."""
        asked = [[(self.terms[token], 1.0)] for token in question if token in self.terms]
        found, _ = self.index.search(asked, TOP)
        numbers: list[int] = found.tolist()
        return numbers

    def save(self, folder: Path) -> bool:  # noqa: ARG002
        """The passage index alone is not saved."""
        return False


class Stock:
    """rank-bm25's ``BM25Okapi``; numpy picks the best, since ``get_top_n`` sorts all scores."""

    def build(self, documents: Documents, folder: Path) -> None:  # noqa: ARG002
        """A dictionary a document."""
        self.index = BM25Okapi(documents, k1=PASSAGE_K1, b=PASSAGE_B)

    def top(self, question: list[str]) -> list[int]:
        """Scores of all documents, then the best of them."""
        scores = self.index.get_scores(question)
        best = np.argpartition(-scores, min(TOP, len(scores) - 1))[:TOP]
        found: list[int] = best[np.argsort(-scores[best], kind="stable")].tolist()
        return found

    def save(self, folder: Path) -> bool:  # noqa: ARG002
        """rank-bm25 saves nothing."""
        return False


class Bm25s:
    """bm25s, which takes tokens, with its Lucene formula; compiled before it is measured."""

    def __init__(self, backend: str) -> None:
        import bm25s

        self.index: Any = bm25s.BM25(k1=PASSAGE_K1, b=PASSAGE_B, method="lucene", backend=backend)
        if backend == "numba":
            self.index.compile()
            self.build([["a", "b"], ["b", "c"]] * TOP, Path())
            self.top(["a"])

    def build(self, documents: Documents, folder: Path) -> None:  # noqa: ARG002
        """Scores are worked out for every posting."""
        self.index.index(documents, show_progress=False)

    def top(self, question: list[str]) -> list[int]:
        """Its own ``retrieve``."""
        found: list[int] = self.index.retrieve(
            [question], k=TOP, show_progress=False, return_as="documents"
        )[0].tolist()
        return found

    def save(self, folder: Path) -> bool:
        """The arrays and the vocabulary."""
        self.index.save(folder, show_progress=False)
        return True


class Tantivy:
    """tantivy: frequencies without positions, one writing thread, hence one segment to search."""

    def __init__(self) -> None:
        import tantivy

        self._tantivy: Any = tantivy

    def build(self, documents: Documents, folder: Path) -> None:
        """Tokens joined by spaces, which its whitespace tokenizer cuts again."""
        tantivy = self._tantivy
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("text", tokenizer_name="spaces", index_option="freq")
        self.schema = builder.build()
        index = tantivy.Index(self.schema, path=str(folder))
        spaces = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        index.register_tokenizer("spaces", spaces)
        writer = index.writer(heap_size=500_000_000, num_threads=1)
        for tokens in documents:
            writer.add_document(tantivy.Document(text=" ".join(tokens)))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self.searcher = index.searcher()

    def top(self, question: list[str]) -> list[int]:
        """A disjunction of its terms; not counting the hits lets it skip blocks of postings."""
        tantivy = self._tantivy
        term, should = tantivy.Query.term_query, tantivy.Occur.Should
        clauses = [(should, term(self.schema, "text", token, "freq")) for token in question]
        query = tantivy.Query.boolean_query(clauses)
        hits = self.searcher.search(query, TOP, count=False).hits
        return [place.doc for _, place in hits]

    def save(self, folder: Path) -> bool:  # noqa: ARG002
        """It is in its files already."""
        return True


class Fts5:
    """SQLite's FTS5 without the text, on disk, with neither journal nor waiting for the disk."""

    def build(self, documents: Documents, folder: Path) -> None:
        """Tokens joined by spaces; the segments are merged to one."""
        self.database = open_database(folder / "fts5.sqlite3")
        self.database.execute(
            "CREATE VIRTUAL TABLE documents USING fts5(text, content='', detail=none)"
        )
        rows = ((number, " ".join(tokens)) for number, tokens in enumerate(documents))
        self.database.executemany("INSERT INTO documents(rowid, text) VALUES (?, ?)", rows)
        self.database.execute("INSERT INTO documents(documents) VALUES ('optimize')")
        self.database.commit()

    def top(self, question: list[str]) -> list[int]:
        """A disjunction of its terms by rank, which is FTS5's BM25."""
        found = self.database.execute(
            "SELECT rowid FROM documents WHERE documents MATCH ? ORDER BY rank LIMIT ?",
            (disjunction(question), TOP),
        )
        return [number for (number,) in found]

    def save(self, folder: Path) -> bool:  # noqa: ARG002
        """It is in its file already."""
        return True


def open_database(path: Path) -> sqlite3.Connection:
    """A new database that is written as fast as SQLite can."""
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("PRAGMA synchronous = OFF")
    database.execute("PRAGMA cache_size = -1000000")  # KiB: all of it stays in memory
    return database


def disjunction(words: list[str]) -> str:
    """A query of FTS5 for any of some words."""
    return " OR ".join(f'"{word}"' for word in words)


#: By the name in the tables, ours first.
ENGINES: Mapping[str, Callable[[], Engine]] = {
    "ours": Ours,
    "rank-bm25": Stock,
    "bm25s, numpy": partial(Bm25s, "numpy"),
    "bm25s, numba": partial(Bm25s, "numba"),
    "tantivy": Tantivy,
    "SQLite FTS5": Fts5,
}
