"""An index and the articles it was built from as plain arrays and JSON, and back.

What is kept is what takes long to work out; no code is stored, and nothing is executed on the way
back (no pickle). Where it is kept is for ``bot.service.cache`` to say.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from itertools import count, pairwise
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from bot.corpus.folder import FileStamp, FolderState
from bot.corpus.model import (
    Article,
    Corpus,
    CuratedQuestion,
    Passages,
    Rendering,
    Section,
    Table,
    Unit,
)
from bot.errors import Problem
from bot.index.bm25 import PassageIndex
from bot.index.build import Index
from bot.index.forward import ForwardIndex
from bot.index.ngrams import NgramIndex
from bot.index.vocabulary import Vocabulary
from bot.text.glossary import Glossary
from bot.text.units import UnitKey

#: Of a file whose times are not to be trusted; no file has a size below 0.
_NO_TIMES = (-1, 0, 0, 0)

_NO_PAIRS = np.zeros(0, np.int32)

Arrays: TypeAlias = Mapping[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class Snapshot:
    """A reading of a folder and the index of it, in a form that can be written to files."""

    meta: dict[str, Any]  #: what JSON can hold
    arrays: dict[str, npt.NDArray[Any]]


def dump(reading: FolderState, index: Index) -> Snapshot:
    """Return the stored form of an index and of the reading that it was built from."""
    corpus, vocabulary = reading.corpus, index.vocabulary
    renderings = [rendering for article in corpus.articles for rendering in article.renderings]
    texts = [rendering.text.encode() for rendering in renderings]
    states = reading.files.values()
    arrays: dict[str, npt.NDArray[Any]] = {
        "texts": _bytes(texts),
        "text_first": np.cumsum([0, *map(len, texts)], dtype=np.int64),
        "places": _rows([rendering.passages.places for rendering in renderings], Passages.COLUMNS),
        "pairs": np.concatenate([_NO_PAIRS, *(_pairs(rendering) for rendering in renderings)]),
        "spans": _rows([rendering.passages.spans for rendering in renderings], 2),
        "word_answer_types": index.word_answer_types,
        "sentence_length": index.sentence_length,
        "document_frequency": index.document_frequency,
        "spellings": _joined(vocabulary.surface_forms),
        "normalized_forms": _joined(vocabulary.normalized_forms),
        "terms": _joined(vocabulary.terms),
        "file_times": np.array([s.stat_key or _NO_TIMES for s in states], np.int64).reshape(-1, 4),
        "file_digests": _bytes(state.digest for state in states),
    }
    parts: dict[str, Any] = {"layout": index.forward, "ngrams": index.ngrams}
    for prefix, part in parts.items():
        arrays |= {f"{prefix}.{field.name}": getattr(part, field.name) for field in fields(part)}
    arrays |= {
        f"vocabulary.{name}": array
        for name, array in vars(vocabulary).items()
        if isinstance(array, np.ndarray)
    }
    passages = index.passages
    arrays |= {
        "passages.indptr": passages.indptr,
        "passages.indices": passages.indices,
        "passages.data": passages.data,
        "passages.lengths": passages.doc_len,
    }
    meta = {
        "articles": [article_row(article) for article in corpus.articles],
        "version": corpus.version,
        "skipped": corpus.skipped,
        "problems": [[str(p.path), p.line, p.reason] for p in corpus.problems],
        "glossary": corpus.glossary.groups,
        "questions": [asdict(expected) for expected in corpus.questions],
        "files": list(reading.files),
        "groups": reading.groups,
        "languages": vocabulary.languages,
    }
    return Snapshot(meta, arrays)


def load(stored: Snapshot) -> tuple[FolderState, Index]:
    """Return what was stored. Raises LookupError, TypeError or ValueError where it does not fit
    together, which a stored form that is whole never does.
    """
    meta, arrays = stored.meta, stored.arrays
    forward = ForwardIndex(**_of(arrays, "layout"))
    corpus = Corpus(
        articles=tuple(_articles(meta["articles"], arrays, forward)),
        skipped=tuple(meta["skipped"]),
        problems=tuple(Problem(Path(path), line, why) for path, line, why in meta["problems"]),
        glossary=Glossary(tuple(map(tuple, meta["glossary"]))),
        questions=tuple(
            CuratedQuestion(q["question"], tuple(q["accepted"]), tuple(q.get("sentences", ())))
            for q in meta["questions"]
        ),
        stored_version=meta["version"],
    )
    of_vocabulary: dict[str, Any] = _of(arrays, "vocabulary")
    vocabulary = Vocabulary(
        languages=tuple(meta["languages"]),
        surface_forms=_strings(arrays["spellings"]),
        normalized_forms=_strings(arrays["normalized_forms"]),
        terms=dict(zip(_strings(arrays["terms"]), count(), strict=False)),
        **of_vocabulary,
    )
    passages: dict[str, Any] = _of(arrays, "passages")
    index = Index(
        corpus=corpus,
        forward=forward,
        vocabulary=vocabulary,
        passages=PassageIndex(**passages),
        ngrams=NgramIndex(**_of(arrays, "ngrams")),
        word_answer_types=arrays["word_answer_types"],
        sentence_length=arrays["sentence_length"],
        document_frequency=arrays["document_frequency"],
    )
    groups = {name: tuple(names) for name, names in meta["groups"].items()}
    return FolderState(corpus, _files(meta["files"], arrays), groups), index


def _files(names: Sequence[str], arrays: Arrays) -> dict[str, FileStamp]:
    digests, size = arrays["file_digests"].tobytes(), sha256().digest_size
    stat_key = map(tuple, arrays["file_times"].tolist())
    states = (
        FileStamp(None if found == _NO_TIMES else found, digests[start : start + size])
        for found, start in zip(stat_key, count(0, size), strict=False)
    )
    return dict(zip(names, states, strict=True))


def article_row(article: Article) -> dict[str, Any]:
    """Return what JSON can hold of an article, but for its texts and numbers."""
    date = article.date.isoformat() if article.date else None
    return {
        "name": article.name,
        "date": date,
        "url": article.url,
        "note": article.note,
        "aliases": article.aliases,
        "remarks": [[str(r.path), r.line, r.reason] for r in article.remarks],
        "renderings": [
            {
                "language": rendering.language,
                "title": rendering.title,
                "sections": [[section.heading, section.parent] for section in rendering.sections],
                "tables": [[table.heads, table.caption] for table in rendering.tables],
                "units": [[_key_row(unit.key), unit.title] for unit in rendering.units],
                "paired": rendering.pairs is not None,
            }
            for rendering in article.renderings
        ],
    }


def _pairs(rendering: Rendering) -> npt.NDArray[np.int32]:
    """Return the pairs of a rendering, of one that has none as many places."""
    return np.zeros(rendering.sentences, np.int32) if rendering.pairs is None else rendering.pairs


def _articles(
    rows: Sequence[Mapping[str, Any]], arrays: Arrays, forward: ForwardIndex
) -> Iterator[Article]:
    parts = _parts(arrays, forward)
    for row in rows:
        yield article_of(row, [next(parts) for _ in row["renderings"]])


Part = tuple[str, Passages, npt.NDArray[np.int32]]  #: a rendering's text, passages and pairs


def article_of(row: Mapping[str, Any], parts: Iterable[Part]) -> Article:
    """Return the article of a row, see ``article_row``, and of its renderings' parts."""
    original, *translations = (
        _rendering(one, *part) for one, part in zip(row["renderings"], parts, strict=True)
    )
    return Article(
        name=row["name"],
        original=original,
        translations=tuple(translations),
        date=datetime.date.fromisoformat(row["date"]) if row["date"] else None,
        url=row["url"],
        note=row["note"],
        aliases=tuple(row["aliases"]),
        remarks=tuple(Problem(Path(path), line, why) for path, line, why in row["remarks"]),
    )


def _rendering(
    row: Mapping[str, Any], text: str, passages: Passages, pairs: npt.NDArray[np.int32]
) -> Rendering:
    return Rendering(
        language=row["language"],
        title=row["title"],
        text=text,
        passages=passages,
        sections=tuple(Section(heading, parent) for heading, parent in row["sections"]),
        tables=tuple(Table(tuple(heads), caption) for heads, caption in row["tables"]),
        units=tuple(Unit(_key_of(key), title) for key, title in row["units"]),
        pairs=pairs if row["paired"] else None,
    )


def _key_row(key: UnitKey) -> list[Any]:
    """Return a unit's key; an address would not do, for it is read as one of a kind only."""
    return [key.kind, key.number, key.points, key.parent and _key_row(key.parent)]


def _key_of(row: Sequence[Any]) -> UnitKey:
    kind, number, points, parent = row
    return UnitKey(kind, number, tuple(points), _key_of(parent) if parent else None)


def _parts(arrays: Arrays, forward: ForwardIndex) -> Iterator[Part]:
    """Yield the text, the passages and the pairs of each rendering."""
    texts, places, spans = arrays["texts"].data, arrays["places"], arrays["spans"]
    pairs = arrays["pairs"]
    of_texts = pairwise(arrays["text_first"].tolist())
    of_passages = pairwise(forward.rendering_passages.tolist())
    of_spans = pairwise(forward.passage_sentences[forward.rendering_passages].tolist())
    for (a, b), (c, d), (e, f) in zip(of_texts, of_passages, of_spans, strict=True):
        yield str(texts[a:b], "utf-8"), Passages(places[c:d], spans[e:f]), pairs[e:f]


def _of(arrays: Arrays, prefix: str) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of one part, by the names that they have there."""
    start = f"{prefix}."
    return {n.removeprefix(start): array for n, array in arrays.items() if n.startswith(start)}


def _rows(parts: Sequence[npt.NDArray[np.int32]], width: int) -> npt.NDArray[np.int32]:
    return np.concatenate([np.zeros((0, width), np.int32), *parts])


def _bytes(parts: Iterable[bytes]) -> npt.NDArray[np.uint8]:
    return np.frombuffer(b"".join(parts), dtype=np.uint8)


def _joined(strings: Iterable[str]) -> npt.NDArray[np.uint8]:
    """Strings, none of which holds a line break, each with one behind it."""
    return _bytes([f"{string}\n".encode() for string in strings])


def _strings(concatenate: npt.NDArray[np.uint8]) -> tuple[str, ...]:
    return tuple(str(concatenate.data, "utf-8").split("\n")[:-1])
