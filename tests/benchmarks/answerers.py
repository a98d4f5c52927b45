"""The engines of whole answers: from a reader's question to 10 passages with what matched in them.

Ours reads the folder of articles; the others take the same passages as text, one document each. All
leave the bot's stop words out and stem, where they can.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from rank_bm25 import BM25Okapi

from bot.corpus.folder import read_corpus
from bot.index.build import build_index
from bot.service.search import ask
from bot.text.language import STOP_WORDS
from bot.text.tokens import folded_words
from tests.benchmarks.corpora import read_lines
from tests.benchmarks.engines import TOP, Bm25s, disjunction, open_database


class Answerer(Protocol):
    """What is measured of an engine that answers from text."""

    def build(self, collection: Path, folder: Path) -> None:
        """From text to searchable; an engine that keeps its index in files has a folder."""

    def answer(self, question: str) -> object:
        """What a reader would be shown."""


class Ours:
    """The bot: files read and cut into sentences, then indexed; answers with cited sentences."""

    def build(self, collection: Path, folder: Path) -> None:  # noqa: ARG002
        """Read the articles and index them."""
        self.index = build_index(read_corpus(collection / "articles"))

    def answer(self, question: str) -> object:
        """Analysis, passage search, sentence ranking, highlighting."""
        return ask(self.index, question)


class Tantivy:
    """tantivy: its English stemmer, stored text, positions, and its snippet generator."""

    def __init__(self) -> None:
        import tantivy

        self._tantivy: Any = tantivy

    def build(self, collection: Path, folder: Path) -> None:
        """One document a passage, one writing thread."""
        tantivy = self._tantivy
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("text", stored=True, tokenizer_name="english")
        self.schema = builder.build()
        self.index = tantivy.Index(self.schema, path=str(folder))
        analyzer = (
            tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
            .filter(tantivy.Filter.lowercase())
            .filter(tantivy.Filter.custom_stopword(sorted(STOP_WORDS["en"])))
            .filter(tantivy.Filter.stemmer("english"))
        )
        self.index.register_tokenizer("english", analyzer.build())
        writer = self.index.writer(heap_size=500_000_000, num_threads=1)
        with (collection / "passages.txt").open(encoding="utf-8") as lines:
            for line in lines:
                writer.add_document(tantivy.Document(text=line))
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()

    def answer(self, question: str) -> object:
        """The 10 best passages, each with its snippet."""
        query, _ = self.index.parse_query_lenient(question, ["text"])
        hits = self.searcher.search(query, TOP, count=False).hits
        generator = self._tantivy.SnippetGenerator.create(self.searcher, query, self.schema, "text")
        found = [self.searcher.doc(address) for _, address in hits]
        return [generator.snippet_from_doc(document).to_html() for document in found]


class Fts5:
    """SQLite's FTS5 with its Porter stemmer and ``snippet()``."""

    def build(self, collection: Path, folder: Path) -> None:
        """One row a passage."""
        self.database = open_database(folder / "fts5.sqlite3")
        self.database.execute(
            "CREATE VIRTUAL TABLE passages USING fts5(text, tokenize='porter unicode61')"
        )
        with (collection / "passages.txt").open(encoding="utf-8") as lines:
            self.database.executemany(
                "INSERT INTO passages(text) VALUES (?)", ((line,) for line in lines)
            )
        self.database.execute("INSERT INTO passages(passages) VALUES ('optimize')")
        self.database.commit()

    def answer(self, question: str) -> object:
        """The 10 best passages, each with its snippet; stop words are not asked for."""
        words = [word for word in folded_words(question) if word not in STOP_WORDS["en"]]
        return self.database.execute(
            "SELECT snippet(passages, 0, '<b>', '</b>', '…', 30) FROM passages "
            "WHERE passages MATCH ? ORDER BY rank LIMIT ?",
            (disjunction(words), TOP),
        ).fetchall()


class TokensReady:
    """An engine without analysis of its own: tokens are cut before it is measured; no answers."""

    def __init__(self, index: Callable[[list[list[str]]], object]) -> None:
        self._index = index

    def read(self, collection: Path) -> None:
        """Tokens of every passage; equal ones are one object."""
        seen: dict[str, str] = {}
        stop = STOP_WORDS["en"]
        self._tokens = [
            [seen.setdefault(word, word) for word in folded_words(line) if word not in stop]
            for line in read_lines(collection / "passages.txt")
        ]

    def build(self, collection: Path, folder: Path) -> None:  # noqa: ARG002
        """From tokens to searchable."""
        self._built = self._index(self._tokens)

    def answer(self, question: str) -> object:
        """There is nothing to compare."""
        raise NotImplementedError


def _bm25s(backend: str) -> Answerer:
    engine = Bm25s(backend)
    return TokensReady(lambda tokens: engine.build(tokens, Path()))


#: By the name in the tables, ours first.
ANSWERERS: Mapping[str, Callable[[], Answerer]] = {
    "ours": Ours,
    "tantivy": Tantivy,
    "SQLite FTS5": Fts5,
    "rank-bm25, tokens ready": lambda: TokensReady(BM25Okapi),
    "bm25s numpy, tokens ready": lambda: _bm25s("numpy"),
    "bm25s numba, tokens ready": lambda: _bm25s("numba"),
}
