"""What a curator teaches: changes of questions.toml that keep its comments and order."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import tomlkit

from bot.answering.citation import Answer
from bot.answering.regression import RegressionReport, regression
from bot.corpus.companions import QUESTIONS_NAME
from bot.corpus.model import Corpus, CuratedQuestion
from bot.corpus.taught import text_at
from bot.errors import CorpusFilesError
from bot.index.build import Index, build_index
from bot.service.companion_files import dump, parse, read
from bot.service.corpus_files import Change, CorpusFiles
from bot.service.search import ask, run_questions
from bot.text.tokens import folded_words

_Table = MutableMapping[str, Any]


def lesson_of(corpus: Corpus, question: str, address: str | None) -> CuratedQuestion:
    """Return that the sentence at an address answers a question; without one, that none does.

    Raises CorpusFilesError where the question holds no word, or the address no sentence.
    """
    question = " ".join(question.split())
    if not folded_words(question):
        raise CorpusFilesError("no_words", question)
    if address is None:
        return CuratedQuestion(question)
    sentence = text_at(corpus, address := address.strip())
    if sentence is None:
        raise CorpusFilesError("no_sentence", address)
    return CuratedQuestion(question, (address,), (sentence,))


def teach(files: CorpusFiles, lesson: CuratedQuestion) -> Change:
    """Keep what was taught beside what was taught before for the question; that nothing answers it
    takes the place of that. Raises CorpusFilesError, with nothing changed, where questions.toml
    cannot be changed.
    """
    words = folded_words(lesson.question)

    def rewritten(data: bytes) -> bytes:
        document = _parse(data)
        same = [table for table in _taught(document) if folded_words(table["question"]) == words]
        if not same:
            begun = tomlkit.table()
            begun.update({"question": lesson.question, "accepted": list(lesson.accepted)})
            if lesson.sentences:
                begun["sentences"] = list(lesson.sentences)
            if "question" not in document:
                document["question"] = tomlkit.aot()
            document["question"].append(begun)
        elif lesson.accepted:
            _add(same[0], lesson)
        else:
            for table in same:
                table["accepted"] = []
                table.pop("sentences", None)
        return dump(document)

    return files.rewrite(QUESTIONS_NAME, rewritten)


def _add(table: _Table, lesson: CuratedQuestion) -> None:
    """Add the sentence of a lesson, or its text where the address is there already."""
    if not table["accepted"]:
        table["sentences"] = []
    for address, sentence in zip(lesson.accepted, lesson.sentences, strict=True):
        if address in table["accepted"]:
            table["sentences"][list(table["accepted"]).index(address)] = sentence
        else:
            table["accepted"].append(address)
            table["sentences"].append(sentence)


def forget(files: CorpusFiles, question: str) -> Change:
    """Take back what was taught for a question; questions that only test stay.

    Raises CorpusFilesError, with nothing changed, where nothing was taught for it.
    """
    words = folded_words(question)

    def rewritten(data: bytes) -> bytes:
        document = _parse(data)
        tables = document.get("question", [])
        places = [
            place
            for place, table in enumerate(tables)
            if _teaches(table) and folded_words(table["question"]) == words
        ]
        if not places:
            raise CorpusFilesError("not_taught", question)
        for place in reversed(places):
            del tables[place]
        if not tables:
            del document["question"]
        return dump(document)

    return files.rewrite(QUESTIONS_NAME, rewritten)


def taught_questions(files: CorpusFiles) -> list[tuple[str, tuple[str, ...]]]:
    """Return each taught question with its addresses, as the file has them, even where the
    sentence is gone. Raises CorpusFilesError where the file cannot be read.
    """
    document = _parse(read(files, QUESTIONS_NAME))
    return [(str(t["question"]), tuple(map(str, t["accepted"]))) for t in _taught(document)]


@dataclass(frozen=True, slots=True)
class Effect:
    """What teaching something would change."""

    now: Answer  #: to the question, as long as it is not taught
    others: RegressionReport  #: on the corpus's other questions


def effect_of(index: Index, lesson: CuratedQuestion) -> Effect:
    """Return what teaching something would change: the corpus's other questions are asked twice."""
    corpus, words = index.corpus, folded_words(lesson.question)
    others = [one for one in corpus.questions if folded_words(one.question) != words]
    after = build_index(replace(corpus, questions=(*others, lesson)), index)
    return Effect(ask(index, lesson.question), compared(index, after, others))


def compared(before: Index, after: Index, questions: Sequence[CuratedQuestion]) -> RegressionReport:
    """Ask some questions of two indexes, with what each was taught."""
    return regression(
        run_questions(before, questions, taught=True), run_questions(after, questions, taught=True)
    )


def _taught(document: tomlkit.TOMLDocument) -> Iterator[_Table]:
    return (table for table in document.get("question", []) if _teaches(table))


def _teaches(table: _Table) -> bool:
    return bool(table.get("sentences")) or not table["accepted"]


def _parse(data: bytes) -> tomlkit.TOMLDocument:
    """Raise CorpusFilesError for what is not TOML, or not a file of questions."""
    document = parse(QUESTIONS_NAME, data)
    tables = document.get("question", [])
    if not isinstance(tables, list) or not all(
        isinstance(table, MutableMapping)
        and isinstance(table.get("question"), str)
        and isinstance(table.get("accepted"), list)
        and isinstance(table.get("sentences", []), list)
        and len(table.get("sentences", [])) in (0, len(table["accepted"]))
        for table in tables
    ):
        raise CorpusFilesError("bad_companion", QUESTIONS_NAME)
    return document
