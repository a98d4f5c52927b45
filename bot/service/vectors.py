"""The vectors of an index in service: kept on disk, made for what is new alone."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.index.build import Index
from bot.index.vectors import Vectors, digest_of, texts_of
from bot.service.encoder import Encoder

log = logging.getLogger(__name__)

#: Told after each batch: how many sentences have been encoded, and how many there are to encode.
Progress = Callable[[int, int], None]

# New sentences from which on the vectors are kept on disk: they took a second.
_WORTH_KEEPING = 500
# Sentences that are encoded between two calls of progress.
_BATCH = 256
# Questions whose vectors are kept: who asks again, and every button, asks the same.
_QUESTIONS = 256


class VectorStore:
    """Makes and keeps the vectors of one corpus's sentences."""

    def __init__(self, encoder: Encoder, cache: Path | None = None, name: str = "corpus") -> None:
        self._encoder = encoder
        self._least = _WORTH_KEEPING
        self._path = self._path_of(cache, name) if cache else None
        self.of_question = lru_cache(maxsize=_QUESTIONS)(self._of_question)

    def beside(self, name: str) -> VectorStore:
        """Return a store for another corpus, with the same encoder and in the same folder. However
        small, it is kept: a server's own is let go and made again.
        """
        store = VectorStore(self._encoder, self._path.parent if self._path else None, name)
        store._least = 1  # of our own class
        return store

    def _path_of(self, cache: Path, name: str) -> Path:
        key = sha256(f"{self._encoder.name} {name}".encode("utf-8", "surrogatepass")).hexdigest()
        return cache / f"vectors-{key[:16]}.npy"

    def _of_question(self, question: str) -> npt.NDArray[np.float32]:
        found: npt.NDArray[np.float32] = self._encoder.encode([question])[0]
        return found

    def build(
        self, index: Index, known: Vectors | None = None, progress: Progress | None = None
    ) -> Vectors:
        """Return the vectors of an index; a text that is known, or kept on disk, is not encoded
        again. Takes milliseconds a new sentence: call it off the event loop.
        """
        texts = list(texts_of(index))
        digests = np.array([digest_of(text) for text in texts], dtype=np.uint64)
        known = known or self._load()
        row_of = {int(d): row for row, d in enumerate(known.digests)} if known else {}
        new = {digest: text for digest, text in zip(digests.tolist(), texts, strict=True)
               if digest not in row_of}  # fmt: skip
        width = self._encoder.encode([""]).shape[1]
        parts = [known.matrix if known else np.zeros((0, width), np.float16)]
        missing = list(new.values())
        for start in range(0, len(missing), _BATCH):
            found = self._encoder.encode(missing[start : start + _BATCH])
            parts.append(found.astype(np.float16))
            if progress:
                progress(min(start + _BATCH, len(missing)), len(missing))
        row_of |= {digest: len(row_of) + number for number, digest in enumerate(new)}
        rows = np.array([row_of[digest] for digest in digests.tolist()], dtype=np.int64)
        vectors = Vectors(np.concatenate(parts)[rows].reshape(-1, width), digests)
        if len(new) >= self._least:
            self._save(vectors)
        return vectors

    def _load(self) -> Vectors | None:
        """Return what was kept; None for nothing, and for what is damaged, which is made anew."""
        if self._path is None:
            return None
        try:
            held = np.load(self._path, mmap_mode="r", allow_pickle=False)
            digests = held[:, :4].copy().view(np.uint64).reshape(-1)
            matrix, checked = held[:, 8:], held[:, 4:8].copy().view(np.uint64).reshape(-1)
            whole = held.dtype == np.float16 and np.array_equal(checked, _checks(matrix))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, IndexError, TypeError, EOFError, OverflowError) as error:
            log.warning("the vectors in %s are not used: %s", self._path, error)
            return None
        if not whole:
            log.warning("the vectors in %s are damaged and made anew", self._path)
        return Vectors(matrix, digests) if whole else None

    def _save(self, vectors: Vectors) -> None:
        """Keep vectors; where that cannot be, a warning in the log, nothing more.

        One file, so that it is whole or not there: a row is the text's digest, a checksum of the
        vector, the vector.
        """
        if self._path is None:
            return
        heads = np.stack([vectors.digests, _checks(vectors.matrix)], axis=1).view(np.float16)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle, beside = tempfile.mkstemp(dir=self._path.parent, prefix=".unfinished-")
            with os.fdopen(handle, "wb") as file:
                np.save(file, np.concatenate([heads, vectors.matrix], axis=1), allow_pickle=False)
            Path(beside).replace(self._path)
        except OSError as error:
            log.warning("the vectors cannot be kept in %s: %s", self._path.parent, error)


def _checks(matrix: npt.NDArray[np.float16]) -> npt.NDArray[np.uint64]:
    """Return a checksum of each row that sees order.

    Its numbers times their places, modulo 2^64.
    """
    weights = np.arange(1, matrix.shape[1] + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    sums = np.zeros(len(matrix), np.uint64)
    for start in range(0, len(matrix), 4096):
        bits = np.ascontiguousarray(matrix[start : start + 4096]).view(np.uint16).astype(np.uint64)
        sums[start : start + 4096] = (bits * weights).sum(axis=1, dtype=np.uint64)
    return sums
