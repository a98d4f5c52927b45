"""Taught answers through edits of the sources: a sentence is followed by its text."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import zip_longest

from bot.corpus.model import Corpus, CuratedQuestion


def text_at(corpus: Corpus, address: str) -> str | None:
    """Return the sentence at an address, white space as single blanks; None where there is none."""
    found = corpus.find(address)
    if found is None:
        return None
    article, passage, sentence = found
    return _plain(article.original.sentence(passage, sentence))


def follow(
    corpus: Corpus, questions: Iterable[CuratedQuestion]
) -> tuple[tuple[CuratedQuestion, ...], tuple[tuple[CuratedQuestion, str], ...]]:
    """Return the questions with each taught sentence where it stands now, and what was lost: a
    question and the address where its sentence stood.

    A taught sentence that has changed or gone, or that stands in several places, teaches nothing,
    and a bare address where no sentence is accepts nothing; a question that loses all is left out,
    for one that accepts nothing says that silence is right.
    """
    kept: list[CuratedQuestion] = []
    lost: list[tuple[CuratedQuestion, str]] = []
    for one in questions:
        held = []
        for address, sentence in zip_longest(one.accepted, one.sentences, fillvalue=""):
            place = _place(corpus, address, _plain(sentence)) if one.sentences else address
            if place and corpus.find(place):
                held.append((place, sentence))
            else:
                lost.append((one, address))
        if held:
            accepted, sentences = zip(*held, strict=True)
            kept.append(CuratedQuestion(one.question, accepted, sentences if one.sentences else ()))
        elif not one.accepted:
            kept.append(one)
    return tuple(kept), tuple(lost)


def _place(corpus: Corpus, address: str, sentence: str) -> str | None:
    """Return the address of a sentence: where it stood, else in the same source, else anywhere."""
    if text_at(corpus, address) == sentence:
        return address
    same = corpus.article(address.rpartition(":")[0])
    for articles in ((same,) if same else (), corpus.articles):
        places = [
            article.address(number, place)
            for article in articles
            for number, passage in enumerate(article.original.passages, 1)
            for place, span in enumerate(passage.sentences, 1)
            if _plain(span.of(article.original.text)) == sentence
        ]
        if places:
            return places[0] if len(places) == 1 else None
    return None


def _plain(text: str) -> str:
    return " ".join(text.split())
