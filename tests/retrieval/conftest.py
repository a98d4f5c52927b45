"""Indexes of corpora that fit into one line of a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

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
