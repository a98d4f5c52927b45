"""Corpora that are small enough to know by heart, and indexes that fit into one line of a test."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from bot.corpus.model import Article, Corpus, Draft, Rendering, build_rendering
from bot.index.build import Index, build_index
from bot.text.glossary import Glossary
from bot.text.sentences import sentence_spans

TREATY_FR = """\
---
title: Le traité de Pyongyang
language: fr
date: 2024-11-06
url: https://example.org/traite_(2024)
---
Le traité a été ratifié par le Sénat russe. Il compte vingt-trois articles.

Vladimir Poutine s’était rendu à Pyongyang en juin 2024.
"""


TREATY_EN = """\
The treaty was ratified by the Russian Senate. It has twenty-three articles.

Vladimir Putin had travelled to Pyongyang in June 2024.
"""


LIGHTHOUSE = """\
# The lighthouse of Skerry Point

The keeper of the lighthouse was called Ada Quill. She lit the lamp in 1893.

The lamp burned whale oil.
"""


def _rendering(language: str, text: str) -> Rendering:
    passages = ((1, line, sentence_spans(line)) for line in text.split("\n"))
    return rendering_of(language, "", passages)


def rendering_of(
    language: str,
    title: str,
    passages: Iterable[tuple[int | None, str, Iterable[tuple[int, int]]]],
) -> Rendering:
    """Build a rendering of paragraphs, each its line, its text and its sentences' spans."""
    drafts = (Draft(text, tuple(spans), line) for line, text, spans in passages)
    return build_rendering(language, title, drafts)


def index_of(*articles: Mapping[str, str], glossary: Sequence[tuple[str, ...]] = ()) -> Index:
    """Index articles without titles, each given as its texts by language, the original first; a
    line of a text is a passage.
    """
    read = []
    for number, texts in enumerate(articles):
        original, *translations = (_rendering(*item) for item in texts.items())
        read.append(Article(f"a{number}", original, tuple(translations)))
    return build_index(Corpus(tuple(read), glossary=Glossary(tuple(glossary))))


def assert_same_arrays(one: Any, other: Any) -> None:
    """Assert that two objects of one dataclass of arrays are equal, array for array."""
    for field in fields(one):
        left, right = getattr(one, field.name), getattr(other, field.name)
        assert left.dtype == right.dtype, field.name
        np.testing.assert_array_equal(left, right, err_msg=field.name)
