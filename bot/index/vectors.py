"""The vectors of every sentence of an index, and how near each is to that of a question."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from bot.index.build import Index

# Rows that are multiplied at a time: 16 MB of float32.
_BLOCK = 8192


@dataclass(frozen=True)
class Vectors:
    """S vectors of unit length, a sentence each, in the order of the index; half precision, whose
    rounding moves a cosine by less than 0.001.
    """

    matrix: npt.NDArray[np.float16]
    digests: npt.NDArray[np.uint64]  #: S: of the text that each one is of

    def cosines(self, question: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Return how near each sentence is to a question's vector, -1 to 1."""
        found = np.empty(len(self.matrix), np.float32)
        for start in range(0, len(self.matrix), _BLOCK):
            block = self.matrix[start : start + _BLOCK].astype(np.float32)
            found[start : start + _BLOCK] = block @ question
        return found


@dataclass(frozen=True)
class StackedVectors:
    """The vectors of the shared sentences, and behind them those of a server's own."""

    shared: Vectors
    own: Vectors

    def cosines(self, question: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Return how near each sentence is to a question's vector, -1 to 1."""
        return np.concatenate((self.shared.cosines(question), self.own.cosines(question)))


def texts_of(index: Index) -> Iterator[str]:
    """Yield the text of every sentence, below its heading and what leads in to it.

    Without the heading six fewer of 85 paraphrases and synonyms of asked-dev are shown right.
    """
    for _, rendering in index.renderings:
        text = rendering.text
        for passage in rendering.passages:
            above = [*rendering.headings(passage)[-1:], rendering.lead_in(passage)]
            before = "".join(f"{part} " for part in above if part)
            for span in passage.sentences:
                yield f"{before}{span.of(text)}"


def digest_of(text: str) -> int:
    """Return 64 bits that tell a text from others."""
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big")
