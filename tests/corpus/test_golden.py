"""Golden readings: a real-looking document of each format, and what ``check --show`` says of it.

The files NAME.shown were read by eye once, against the documents beside them. When a reader
changes, look at what else they say, and write them anew::

    python -m bot check --corpus tests/golden --show NAME > tests/golden/NAME.shown
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.corpus.folder import read_corpus
from bot.corpus.model import Article, PassageKind
from bot.terminal import show_article

GOLDEN = Path(__file__).parents[1] / "golden"
ARTICLES = {article.name: article for article in read_corpus(GOLDEN).articles}
TEXTS = {path.stem: path for path in GOLDEN.iterdir() if path.suffix in (".md", ".txt", ".html")}


@pytest.mark.parametrize("name", ARTICLES)
def test_a_document_is_read_as_it_was(name: str) -> None:
    """Sections, lead-ins, rows, numbers and words."""
    expected = (GOLDEN / f"{name}.shown").read_text(encoding="utf-8")
    assert show_article(ARTICLES[name]) + "\n" == expected


@pytest.mark.parametrize("name", ARTICLES)
def test_every_quotation_stands_in_what_is_shown(name: str) -> None:
    """Word for word."""
    said = show_article(ARTICLES[name])
    for sentence in sentences(ARTICLES[name]):
        assert sentence in said


def sentences(article: Article) -> list[str]:
    """All that can be quoted of an article, but for rows."""
    original = article.original
    return [
        span.of(original.text)
        for passage in original.passages
        if passage.kind != PassageKind.ROW
        for span in passage.sentences
    ]


def bare(text: str) -> str:
    """A text without white space, tags and marks, raised digits on the line."""
    text = re.sub(r"<img[^>]*alt=\"([^\"]*)\"[^>]*>", r"\1", text)
    text = re.sub(r"<[^>]*>|\[\^\d\]|&nbsp;|[\s*`|#>\[\]\u00a0]", "", text)
    return text.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789"))


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_every_quotation_stands_in_the_file(name: str) -> None:
    """Up to white space and marks; the numbers of an HTML list are the browser's."""
    written = bare(TEXTS[name].read_text(encoding="utf-8"))
    for sentence in sentences(ARTICLES[name]):
        if TEXTS[name].suffix == ".html":
            sentence = re.sub(r"^\w\. ", "", sentence)  # noqa: PLW2901
        assert bare(sentence) in written
    for passage in ARTICLES[name].original.passages:
        if passage.kind == PassageKind.ROW:
            text = passage.span.of(ARTICLES[name].original.text)
            for cell in text.split(" · "):
                assert bare(cell.partition(": ")[2]) in written
