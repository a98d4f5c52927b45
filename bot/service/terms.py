"""Names and terms that a curator says mean the same: changes of glossary.toml."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import tomlkit

from bot.answering.regression import RegressionReport
from bot.corpus.companions import GLOSSARY_NAME
from bot.errors import CorpusFilesError
from bot.index.build import Index, build_index
from bot.service.companion_files import dump, parse, read
from bot.service.corpus_files import Change, CorpusFiles
from bot.service.teaching import compared
from bot.text.glossary import Glossary
from bot.text.tokens import folded_words

Group = tuple[str, ...]


def tied(groups: tuple[Group, ...], term: str, other: str) -> Group:
    """Return the group of a term once it means the same as another, at its end.

    Raises CorpusFilesError where one of the two holds no word, or the term has a meaning already.
    """
    term, other = " ".join(term.split()), " ".join(other.split())
    for text in (term, other):
        if not folded_words(text):
            raise CorpusFilesError("no_words", text)
    own = next((group for group in groups if _holds(group, term)), None)
    if own or folded_words(term) == folded_words(other):
        raise CorpusFilesError("tied_already", term, (own or (other,))[0])
    joined = next((group for group in groups if _holds(group, other)), (other,))
    return (*joined, term)


def tie(files: CorpusFiles, term: str, other: str) -> Change:
    """Keep that a term means the same as another. Raises CorpusFilesError, with nothing changed, as
    ``tied`` does, and where glossary.toml cannot be changed.
    """

    def rewritten(data: bytes) -> bytes:
        document, groups = _parsed(data)
        *before, added = tied(_as_tuples(groups), term, other)
        place = next((n for n, group in enumerate(groups) if _holds(group, before[0])), None)
        if place is not None:
            groups[place].append(added)
        else:
            groups.append([*before, added])
        return dump(document)

    return files.rewrite(GLOSSARY_NAME, rewritten)


def effect_of_tie(index: Index, group: Group) -> RegressionReport:
    """Return what it would change if a group meant the same: the corpus is indexed anew, and its
    questions are asked twice.
    """
    corpus = index.corpus
    others = (one for one in corpus.glossary.groups if not set(one) & set(group))
    after = build_index(replace(corpus, glossary=Glossary((*others, group))))
    return compared(index, after, corpus.questions)


def untie(files: CorpusFiles, term: str) -> Change:
    """Take a term out of its group, and a group that would be left with one out of the glossary.

    Raises CorpusFilesError, with nothing changed, where no group has it.
    """

    def rewritten(data: bytes) -> bytes:
        document, groups = _parsed(data)
        place = next((n for n, group in enumerate(groups) if _holds(group, term)), None)
        if place is None:
            raise CorpusFilesError("not_taught", term)
        group, words = groups[place], folded_words(term)
        for number in reversed(range(len(group))):
            if folded_words(group[number]) == words:
                del group[number]
        if len(group) <= 1:
            del groups[place]
        return dump(document)

    return files.rewrite(GLOSSARY_NAME, rewritten)


def terms(files: CorpusFiles) -> tuple[Group, ...]:
    """Return the groups of the glossary, as the file has them. Raises CorpusFilesError."""
    return _as_tuples(_parsed(read(files, GLOSSARY_NAME))[1])


def _as_tuples(groups: Any) -> tuple[Group, ...]:
    return tuple(tuple(map(str, group)) for group in groups)


def _holds(group: Any, term: str) -> bool:
    words = folded_words(term)
    return any(folded_words(item) == words for item in group)


def _parsed(data: bytes) -> tuple[tomlkit.TOMLDocument, Any]:
    """Return the document and its groups. Raises CorpusFilesError for what is no glossary."""
    document = parse(GLOSSARY_NAME, data)
    if "terms" not in document:
        document["terms"] = tomlkit.array()
    groups = document["terms"]
    if not isinstance(groups, list) or not all(
        isinstance(group, list) and group and all(isinstance(item, str) for item in group)
        for group in groups
    ):
        raise CorpusFilesError("bad_companion", GLOSSARY_NAME)
    return document, groups
