"""What a curator teaches: changes of questions.toml that keep its comments and order."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from bot.corpus.companions import QUESTIONS_NAME
from bot.corpus.model import Corpus
from bot.corpus.taught import text_at
from bot.errors import CorpusFilesError
from bot.service.corpus_files import Change, CorpusFiles
from bot.text.tokens import folded_words

_Table = MutableMapping[str, Any]


def teach(files: CorpusFiles, corpus: Corpus, question: str, address: str) -> Change:
    """Keep that the sentence at an address answers a question, beside what was taught before.

    Raises CorpusFilesError, with nothing changed, where the question holds no word, the address
    no sentence, or questions.toml cannot be changed.
    """
    question, address = " ".join(question.split()), address.strip()
    sentence = text_at(corpus, address)
    if sentence is None:
        raise CorpusFilesError("no_sentence", address)
    words = folded_words(question)
    if not words:
        raise CorpusFilesError("no_words", question)

    def rewritten(data: bytes) -> bytes:
        document = _parse(data)
        for table in _taught(document):
            if folded_words(table["question"]) == words:
                if address in table["accepted"]:
                    place = list(table["accepted"]).index(address)
                    table["sentences"][place] = sentence
                else:
                    table["accepted"].append(address)
                    table["sentences"].append(sentence)
                return _dump(document)
        table = tomlkit.table()
        table.update({"question": question, "accepted": [address], "sentences": [sentence]})
        if "question" not in document:
            document["question"] = tomlkit.aot()
        document["question"].append(table)
        return _dump(document)

    return files.rewrite(QUESTIONS_NAME, rewritten)


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
            if table.get("sentences") and folded_words(table["question"]) == words
        ]
        if not places:
            raise CorpusFilesError("not_taught", question)
        for place in reversed(places):
            del tables[place]
        if not tables:
            del document["question"]
        return _dump(document)

    return files.rewrite(QUESTIONS_NAME, rewritten)


def taught_questions(files: CorpusFiles) -> list[tuple[str, tuple[str, ...]]]:
    """Return each taught question with its addresses, as the file has them, even where the
    sentence is gone. Raises CorpusFilesError where the file cannot be read.
    """
    path = files.folder / QUESTIONS_NAME
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CorpusFilesError("unreadable", QUESTIONS_NAME, reason) from error
    return [(str(t["question"]), tuple(map(str, t["accepted"]))) for t in _taught(_parse(data))]


def _taught(document: tomlkit.TOMLDocument) -> Iterator[_Table]:
    return (table for table in document.get("question", []) if table.get("sentences"))


def _parse(data: bytes) -> tomlkit.TOMLDocument:
    """Raise CorpusFilesError for what is not TOML, or not a file of questions."""
    try:
        document = tomlkit.parse(data.decode("utf-8-sig"))
    except (TOMLKitError, UnicodeDecodeError, RecursionError) as error:
        raise CorpusFilesError("bad_questions", QUESTIONS_NAME) from error
    tables = document.get("question", [])
    if not isinstance(tables, list) or not all(
        isinstance(table, MutableMapping)
        and isinstance(table.get("question"), str)
        and isinstance(table.get("accepted"), list)
        and isinstance(table.get("sentences", []), list)
        and len(table.get("sentences", [])) in (0, len(table["accepted"]))
        for table in tables
    ):
        raise CorpusFilesError("bad_questions", QUESTIONS_NAME)
    return document


def _dump(document: tomlkit.TOMLDocument) -> bytes:
    return tomlkit.dumps(document).encode()
