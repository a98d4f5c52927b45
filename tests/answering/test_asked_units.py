"""Questions that name a unit of a document, through the whole answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answering.citation import Answer
from bot.service.library import Library

PACT = """---
title: Pact on the Lighthouses of the North
aliases: [PLN]
---

## Article 1 – Purpose

The parties keep the lighthouses of the north.

## Article 2 – Fees

1. Each vessel pays a fee of three crowns.

2. Fishing boats pay nothing.

## Article 3 – Withdrawal

A party may withdraw by a notice of six months.
"""

CODE = "# Harbour code\n\n" + "\n\n".join(
    f"## Article {n}\n\nRule number {n} of the harbour." for n in range(1, 6)
)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """A pact and a code, both of articles."""
    (tmp_path / "pact.md").write_text(PACT, encoding="utf-8")
    (tmp_path / "code.md").write_text(CODE, encoding="utf-8")
    return Library(tmp_path)


def texts(answer: Answer) -> list[str]:
    """What is cited."""
    return [citation.text for citation in answer.citations]


@pytest.mark.parametrize(
    "question",
    ["PLN article 3", "what does art. 3 of the PLN say?", "Que dit l'article 3 du PLN ?"],
)
def test_a_unit_of_a_named_document_is_shown(library: Library, question: str) -> None:
    """Whatever language and form the question has."""
    (text,) = texts(library.answer(question))
    assert "A party may withdraw by a notice of six months." in text


def test_a_paragraph_of_a_unit_is_shown_alone(library: Library) -> None:
    """And nothing of its neighbours."""
    shown = " ".join(texts(library.answer("PLN art 2(2)?")))
    assert "Fishing boats pay nothing." in shown
    assert "crowns" not in shown


def test_a_number_alone_keeps_the_document_of_the_question_before(library: Library) -> None:
    """*And 1?* means an article of the same pact."""
    shown = " ".join(texts(library.answer("and 1?", previous="PLN article 3")))
    assert "The parties keep the lighthouses of the north." in shown


def test_a_unit_that_is_not_there_is_said_to_be_missing(library: Library) -> None:
    """By what the document has instead, never as a word that is not found."""
    answer = library.answer("article 30 of the PLN")
    assert not answer.citations
    assert answer.unknown_words == ()
    assert answer.missing_unit is not None


def test_a_unit_that_only_one_document_has_needs_no_name(library: Library) -> None:
    """The code alone has an article 5."""
    assert "Rule number 5 of the harbour." in texts(library.answer("art. 5?"))[0]


def test_a_count_of_articles_names_no_unit(library: Library) -> None:
    """*How many articles…* is a question like any other."""
    answer = library.answer("Combien d'articles contient le code ?")
    assert answer.missing_unit is None
