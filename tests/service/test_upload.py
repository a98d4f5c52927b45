"""A file that is to be added: its front matter set, within limits."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bot.corpus.folder import read_corpus
from bot.errors import CorpusError
from bot.formats.front_matter import MAX_FRONT_MATTER
from bot.service.upload import with_front_matter


def written(front: str) -> bytes:
    """A text with front matter."""
    return f"---\n{front}---\nOtters swim.\n".encode()


@pytest.mark.parametrize("size", [MAX_FRONT_MATTER, MAX_FRONT_MATTER + 1, 3_000_000])
def test_front_matter_has_a_limit(size: int, tmp_path: Path) -> None:
    """What is above it is refused in one sentence, at once; up to it a title is set and read."""
    front = "a: b\n" * (size // 5 - 1)
    front += f"{'#' * (size - len(front) - 1)}\n"
    assert len(front) == size
    start = time.monotonic()
    titled = with_front_matter(written(front), "title", "Otters")
    assert time.monotonic() - start < 5  # PyYAML takes 20 s for the largest
    (tmp_path / "otters.md").write_bytes(written(front))
    if size > MAX_FRONT_MATTER:
        assert len(titled) < size + 100  # which is refused as well
        with pytest.raises(CorpusError) as caught:
            read_corpus(tmp_path)
        assert str(caught.value) == (
            f"{tmp_path / 'otters.md'}:1: the front matter has {size:,} characters, more than the "
            "32,000 that it may have; move what is text below its closing line of ---"
        )
    else:
        assert read_corpus(tmp_path).articles[0].original.text == "Otters swim."
        assert titled == written(f'title: "Otters"\n{front}')
