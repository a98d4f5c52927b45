"""The vectors of a corpus: made once a text, kept on disk, made anew where damaged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest

from bot.corpus.folder import read_corpus
from bot.index.build import Index, build_index
from bot.service.encoder import Matrix
from bot.service.library import Library
from bot.service.vectors import VectorStore


class Letters:
    """An encoder without a model: how often each group of letters occurs, to unit length."""

    name = "letters 1"

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> Matrix:
        """One row a text."""
        self.encoded += texts
        matrix = np.ones((len(texts), 16), np.float32)
        for row, text in enumerate(texts):
            for place in range(len(text) - 2):
                matrix[row, crc32(text[place : place + 3].encode()) % 16] += 1
        return np.asarray(matrix / np.linalg.norm(matrix, axis=1, keepdims=True), np.float32)


def index_of(folder: Path, sentences: int) -> Index:
    """An index of so many sentences, and more."""
    text = "\n\n".join(f"Keeper number {n} lit the lamp." for n in range(sentences))
    (folder / "a.md").write_text(text, encoding="utf-8")
    return build_index(read_corpus(folder))


def test_each_sentence_has_the_vector_of_its_text(tmp_path: Path) -> None:
    """Within what half precision rounds."""
    encoder = Letters()
    vectors = VectorStore(encoder).build(index_of(tmp_path, 5))
    expected = encoder.encode([f"Keeper number {n} lit the lamp." for n in range(5)])
    assert np.allclose(vectors.matrix.astype(np.float32), expected, atol=1e-3)


def test_only_what_is_new_is_encoded(tmp_path: Path) -> None:
    """On top of the vectors of the index before."""
    encoder = Letters()
    store = VectorStore(encoder)
    before = store.build(index_of(tmp_path, 5))
    encoder.encoded.clear()
    store.build(index_of(tmp_path, 6), before)
    assert [text for text in encoder.encoded if text] == ["Keeper number 5 lit the lamp."]


@pytest.mark.parametrize("damage", [b"", b"\x93NUMPY", None])
def test_what_is_kept_is_used_unless_it_is_damaged(damage: bytes | None, tmp_path: Path) -> None:
    """A file cut short or with other numbers in it is made anew, and nothing fails."""
    (tmp_path / "corpus").mkdir()
    index = index_of(tmp_path / "corpus", 600)
    first = VectorStore(Letters(), tmp_path / "cache").build(index)
    (kept,) = (tmp_path / "cache").iterdir()
    if damage is not None:
        kept.write_bytes(damage)
    again = Letters()
    vectors = VectorStore(again, tmp_path / "cache").build(index)
    assert bool([text for text in again.encoded if text]) == (damage is not None)
    assert np.array_equal(vectors.matrix, first.matrix)


def test_words_alone_make_an_answer_sure(tmp_path: Path) -> None:
    """Whatever is near, what no word of the question leads to is never claimed."""
    (tmp_path / "a.md").write_text("The harbour closes at ten.", encoding="utf-8")
    (tmp_path / "b.md").write_text("Otters hold hands in their sleep.", encoding="utf-8")
    with_meaning = Library(tmp_path)
    with_meaning.encode(Letters())
    assert with_meaning.is_semantic
    assert not with_meaning.answer("Who won the football championship?").answered
    assert (
        with_meaning.answer("Do otters hold hands in their sleep?").citations[0].article.name == "b"
    )


@pytest.mark.parametrize("names", [["a"], ["b"], [], ["a", "b"]])
def test_what_is_near_elsewhere_is_not_shown(tmp_path: Path, names: list[str]) -> None:
    """Within some sources, meaning brings nothing in from the others."""
    (tmp_path / "a.md").write_text("The harbour closes at ten.", encoding="utf-8")
    (tmp_path / "b.md").write_text("Otters hold hands in their sleep.", encoding="utf-8")
    with_meaning = Library(tmp_path)
    with_meaning.encode(Letters())
    for question in ("When does the harbour close?", "Do otters sleep?", "abcdefgh"):
        answer = with_meaning.answer(question, further=9, within=names)
        shown = (*answer.citations, *answer.suggestions, *answer.further)
        assert {citation.article.name for citation in shown} <= set(names)
