"""A file that somebody wants to add, read as the corpus would read it before anything is kept."""

from __future__ import annotations

import json
import re
import tempfile
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import yaml

from bot.errors import CorpusError, Problem
from bot.retrieval.citation import cite
from bot.retrieval.corpus import article_of, place_in_corpus, read_corpus
from bot.retrieval.glossary import GLOSSARY_NAME
from bot.retrieval.model import Article, Corpus, Expected, Rendering
from bot.shelf import Shelf

#: The endings of files that have front matter, and so a place for a title of one's own.
WITH_FRONT_MATTER = (".md", ".txt")

_FRONT_MATTER = re.compile(
    r"---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*\r?$", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Upload:
    """What would be added, and what the corpus would make of it."""

    name: str  #: of the file
    data: bytes
    article: Article
    rendering: Rendering  #: of the file: the article's original or one of its translations
    replaced: tuple[str, ...]  #: names of files that would go to ``.removed``
    basis: str  #: of what it was read with; when that has changed, it has to be read again


def name_for(filename: str, language: str | None, corpus: Corpus) -> str:
    """The name that a file gets, where ``language`` may say in which language it is.

    A translation of an article that exists and an article of its own carry the language in their
    names; a new version of an article has the article's own form of name.
    """
    name = unicodedata.normalize("NFC", filename)
    if language is None:
        return name
    article, _ = article_of(Path(name))
    original = next(
        (a.original for a in corpus.articles if a.name.casefold() == article.casefold()), None
    )
    tag = "" if original and original.language == language else f".{language}"
    return f"{article}{tag}{Path(name).suffix}"


def with_front_matter(data: bytes, key: str, value: str) -> bytes:
    """A text with one key of its front matter set; unchanged where it is broken, which reading
    tells.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data
    end = "\r\n" if "\r\n" in text else "\n"
    line = f"{key}: {json.dumps(value, ensure_ascii=False)}{end}"
    match = _FRONT_MATTER.match(text)
    if match is None:
        whole = f"---{end}{line}---{end}{text}"
        return text.encode() if re.match(r"---[ \t]*\r?(\n|$)", text) else whole.encode()
    try:
        node = yaml.compose(match[1], Loader=yaml.BaseLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return data
    start = match.start(1)
    if isinstance(node, yaml.MappingNode):
        if node.flow_style:
            return data
        for found, old in node.value:
            if found.value == key:
                first, last = start + found.start_mark.index, start + old.end_mark.index
                rest = text[last:]
                kept = rest if rest.startswith(("\r", "\n", " ", "#")) else f"{end}{rest}"
                return (text[:first] + line.rstrip() + kept).encode()
    return (text[:start] + line + text[start:]).encode()


def examine(shelf: Shelf, name: str, data: bytes) -> Upload:
    """Read a file with the other files of its article, as the corpus would.

    Raises CorpusError for what is wrong with them, ShelfError where they cannot be read.
    """
    place, language = place_in_corpus(Path(name))
    files = shelf.files(place)
    replaced = (files[language],) if language in files else ()
    siblings = {n: shelf.read(place, tag)[n] for tag, n in files.items() if n not in replaced}
    corpus = _read({**siblings, name: data, **_glossary(shelf.folder)})
    article = corpus.articles[0]
    alone = language is not None and None not in files and not siblings
    rendering = article.rendering(language) if language and not alone else article.original
    return Upload(name, data, article, rendering or article.original, replaced, basis(shelf, name))


def examine_all(shelf: Shelf, files: dict[str, bytes]) -> None:
    """Read some files, each article of theirs with its other files, as the corpus would.

    Raises CorpusError for what is wrong with them.
    """
    whole = dict(files)
    for name in files:
        for sibling in shelf.files(place_in_corpus(Path(name))[0]).values():
            article, language = article_of(Path(sibling))
            whole |= {n: d for n, d in shelf.read(article, language).items() if n == sibling}
    _read(whole)


def basis(shelf: Shelf, name: str) -> str:
    """Tells one state from another of what a file is read with: its article's files, the glossary."""
    place, _ = place_in_corpus(Path(name))
    files = shelf.read(place) if shelf.files(place) else {}
    content = [*sorted(files.items()), *_glossary(shelf.folder).items()]
    return sha256(repr([(n, sha256(d).digest()) for n, d in content]).encode()).hexdigest()


def broken_by(corpus: Corpus, upload: Upload) -> tuple[Expected, ...]:
    """The corpus's questions that accept a sentence of the article which it would no longer have."""
    after = Corpus((upload.article,))
    return tuple(
        expected
        for expected in corpus.questions
        if any(
            _names(address, upload.article.name) and cite(after, address, "") is None
            for address in expected.accepted
        )
    )


def asking_for(corpus: Corpus, article: str) -> tuple[Expected, ...]:
    """The corpus's questions that accept a sentence of an article."""
    return tuple(
        expected
        for expected in corpus.questions
        if any(_names(address, article) for address in expected.accepted)
    )


def _names(address: str, article: str) -> bool:
    return address.rpartition(":")[0].casefold() == article.casefold()


def _glossary(folder: Path) -> dict[str, bytes]:
    path = folder / GLOSSARY_NAME
    try:
        return {path.name: path.read_bytes()} if path.is_file() and not path.is_symlink() else {}
    except OSError as error:
        reason = f"cannot be read ({(error.strerror or str(error)).lower()})"
        raise CorpusError([Problem(path, None, reason)]) from error


def _read(files: dict[str, bytes]) -> Corpus:
    """Some files as the only ones of a corpus. Raises CorpusError for what is wrong with them."""
    with tempfile.TemporaryDirectory(prefix="treaty-bot-") as folder:
        for name, data in files.items():
            (Path(folder) / name).write_bytes(data)
        return read_corpus(Path(folder))
