"""Sets of questions with accepted sentences, read from folders that the project does not ship."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

from bot.corpus.model import Article, Corpus
from bot.text.language import detect_language
from bot.text.tokens import folded_words
from tests.corpora import rendering_of


@dataclass(frozen=True)
class Question:
    """A question, the ids of its accepted sentences, and the article that it was asked of."""

    qid: str
    text: str
    gold: frozenset[int]
    doc: int


@dataclass(frozen=True)
class Sentence:
    """A sentence; ``paragraph`` counts within its article, ``doc``."""

    id: int
    doc: int
    title: str
    paragraph: int
    text: str


@dataclass(frozen=True)
class QuestionSet:
    """Articles cut into sentences, in reading order, and questions on them."""

    name: str
    sentences: tuple[Sentence, ...]
    questions: tuple[Question, ...]

    @cached_property
    def language(self) -> str:
        """The language of the articles."""
        text = " ".join(sentence.text for sentence in self.sentences[:500])
        return detect_language(folded_words(text)) or "en"

    @cached_property
    def corpus(self) -> Corpus:
        """The articles as the bot would have read them; its n-th sentence is our n-th."""
        return Corpus(tuple(self._articles()))

    def _articles(self) -> Iterator[Article]:
        for doc, of_doc in groupby(self.sentences, key=lambda sentence: sentence.doc):
            sentences = list(of_doc)
            passages = []
            for _, of_passage in groupby(sentences, key=lambda sentence: sentence.paragraph):
                texts = [sentence.text for sentence in of_passage]
                ends = [sum(len(t) + 1 for t in texts[: i + 1]) - 1 for i in range(len(texts))]
                spans = [(end - len(text), end) for text, end in zip(texts, ends, strict=True)]
                passages.append((1, " ".join(texts), spans))
            rendering = rendering_of(self.language, sentences[0].title, passages)
            yield Article(f"{doc:05}", rendering)

    def one_article(self) -> Iterator[QuestionSet]:
        """Each article alone, with its own questions."""
        for doc, of_doc in groupby(self.sentences, key=lambda sentence: sentence.doc):
            questions = tuple(question for question in self.questions if question.doc == doc)
            yield QuestionSet(f"{self.name}/{doc}", tuple(of_doc), questions)

    def asked(self, texts: dict[str, str]) -> QuestionSet:
        """The same articles with other wordings of some questions, by qid; the rest is left out."""
        kept = (q for q in self.questions if q.qid in texts)
        return replace(self, questions=tuple(replace(q, text=texts[q.qid]) for q in kept))


def load_set(folder: Path) -> QuestionSet:
    """Read a folder. A line of ``sentences.jsonl`` holds id, doc, title, para and text, in reading
    order; one of ``questions.jsonl`` qid, question, gold (ids) and docs (the first is taken).
    """
    return QuestionSet(
        folder.name,
        tuple(
            Sentence(row["id"], row["doc"], row["title"], row["para"], row["text"])
            for row in _rows(folder / "sentences.jsonl")
        ),
        tuple(
            Question(str(row["qid"]), row["question"], frozenset(row["gold"]), row["docs"][0])
            for row in _rows(folder / "questions.jsonl")
        ),
    )


def load_texts(path: Path) -> dict[str, str]:
    """Wordings of questions by qid."""
    return {row["qid"]: row["question"] for row in _rows(path)}


def _rows(path: Path) -> Iterable[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def with_typo(question: Question) -> str:
    """The question with one typo: in a word of 4 letters or more, two neighbouring letters swapped,
    one dropped, doubled or replaced.
    """
    chance = random.Random(question.qid)
    words = question.text.split(" ")
    long = [i for i, word in enumerate(words) if sum(map(str.isalpha, word)) >= 4]
    if not long:
        return question.text
    chosen = chance.choice(long)
    word = words[chosen]
    place = chance.choice([i for i in range(len(word) - 1) if word[i : i + 2].isalpha()] or [0])
    head, one, two, tail = word[:place], word[place], word[place + 1], word[place + 2 :]
    other = chance.choice("abcdefghijklmnopqrstuvwxyz")
    typos = [two + one, two, one + one + two, other + two]
    words[chosen] = head + chance.choice(typos) + tail
    return " ".join(words)
