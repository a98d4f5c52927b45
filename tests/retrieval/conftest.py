"""Indexes of corpora that fit into one line of a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from bot.retrieval.glossary import Glossary
from bot.retrieval.index import Index, build_index
from bot.retrieval.model import Article, Corpus, Rendering, build_rendering
from bot.retrieval.segment import sentence_spans


def _rendering(language: str, text: str) -> Rendering:
    passages = ((1, line, sentence_spans(line)) for line in text.split("\n"))
    return build_rendering(language, "", passages)


def _index_of(*articles: Mapping[str, str], glossary: Sequence[tuple[str, ...]] = ()) -> Index:
    read = []
    for number, texts in enumerate(articles):
        original, *translations = (_rendering(*item) for item in texts.items())
        read.append(Article(f"a{number}", original, tuple(translations)))
    return build_index(Corpus(tuple(read), glossary=Glossary(tuple(glossary))))


@pytest.fixture(scope="session")
def index_of() -> Callable[..., Index]:
    """Indexes articles without titles, each given as its texts by language, the original first; a
    line of a text is a passage.
    """
    return _index_of


def assert_same_arrays(one: Any, other: Any) -> None:
    """Assert that two objects of one dataclass of arrays are equal, array for array."""
    for field in fields(one):
        left, right = getattr(one, field.name), getattr(other, field.name)
        assert left.dtype == right.dtype, field.name
        np.testing.assert_array_equal(left, right, err_msg=field.name)
