from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

class BM25:
    corpus_size: int
    avgdl: float
    doc_freqs: list[dict[Any, int]]
    idf: Any
    doc_len: Any
    def __init__(self, corpus: Iterable[Any], tokenizer: None = None) -> None: ...
    def get_scores(self, query: Iterable[Any]) -> npt.NDArray[np.float64]: ...

class BM25Okapi(BM25):
    k1: float
    b: float
    epsilon: float
    average_idf: float
    def __init__(
        self,
        corpus: Any,
        tokenizer: None = None,
        k1: float = 1.5,
        b: float = 0.75,
        epsilon: float = 0.25,
    ) -> None: ...
