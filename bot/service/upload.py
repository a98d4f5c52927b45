"""A file that somebody wants to add, read as the corpus would read it before anything is kept."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.corpus.companions import GLOSSARY_NAME
from bot.corpus.filenames import article_of, place_in_corpus
from bot.corpus.model import Article, Corpus, CuratedQuestion, Rendering
from bot.errors import CorpusError
from bot.formats.front_matter import MAX_FRONT_MATTER
from bot.service.corpus_files import CorpusFiles, State, check_new_name
from bot.service.reading import read_apart

#: The endings of files that have front matter, and so a place for a title of one's own.
WITH_FRONT_MATTER = (".md", ".txt")

# Room for the two lines around front matter.
_FENCES = 64

_BEGUN = re.compile(r"---[ \t]*\r?(\n|$)")
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
    state: State  #: of the article's files when it was read with them


def name_for(filename: str, language: str | None, corpus: Corpus, corpus_files: CorpusFiles) -> str:
    """Return the name that a file gets, where ``language`` may say in which language it is.

    A translation of an article that exists, and an article of its own, carry the language in their
    names; a new version of an original has the original's form of name. Raises CorpusFilesError for
    what is no name of a file at all, whatever the language.
    """
    name = unicodedata.normalize("NFC", filename)
    check_new_name(name)
    if language is None:
        return name
    article, _ = article_of(Path(name))
    known = next((a for a in corpus.articles if a.name.casefold() == article.casefold()), None)
    new_version = known is not None and known.original.language == language
    tag = "" if new_version and None in corpus_files.files(article) else f".{language}"
    return f"{article}{tag}{Path(name).suffix}"


def with_front_matter(data: bytes, key: str, value: str) -> bytes:
    """Return a text with one key of its front matter set; unchanged where it is broken, which
    reading tells.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data
    end = "\r\n" if "\r\n" in text else "\n"
    line = f"{key}: {json.dumps(value, ensure_ascii=False)}{end}"
    # What is longer is refused by reading, with a sentence that says so.
    match = _FRONT_MATTER.match(text[: MAX_FRONT_MATTER + _FENCES])
    if match is None:
        whole = f"---{end}{line}---{end}{text}"
        return data if _BEGUN.match(text) else whole.encode()
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


def examine(corpus_files: CorpusFiles, name: str, data: bytes) -> Upload:
    """Read a file with the other files of its article, as the corpus would.

    Raises CorpusError for what is wrong with them, CorpusFilesError where they cannot be read.
    """
    place, language = place_in_corpus(Path(name))
    state = corpus_files.state(place)
    files = corpus_files.files(place)
    replaced = (files[language],) if language in files else ()
    siblings = corpus_files.read(n for n in files.values() if n not in replaced)
    corpus = _read({**siblings, name: data}, corpus_files.folder)
    (article,) = corpus.articles
    of_translation = language if None in files else None
    rendering = article.rendering(of_translation) if of_translation else article.original
    return Upload(name, data, article, rendering or article.original, replaced, state)


def examine_all(corpus_files: CorpusFiles, files: Mapping[str, bytes]) -> None:
    """Read some files, each with the other files of its article, as the corpus would.

    Raises CorpusError for what is wrong with them.
    """
    articles = {place_in_corpus(Path(name))[0] for name in files}
    siblings = corpus_files.read(
        n for article in articles for n in corpus_files.files(article).values()
    )
    _read({**siblings, **files}, corpus_files.folder)


def broken_by(corpus: Corpus, upload: Upload) -> tuple[CuratedQuestion, ...]:
    """Return the questions that accept a sentence which the article would no longer have."""
    after = Corpus((upload.article,))
    return tuple(
        expected
        for expected in corpus.questions
        if not expected.sentences  # a taught sentence is followed, or teaches nothing
        and any(
            _names(address, upload.article.name) and after.find(address) is None
            for address in expected.accepted
        )
    )


def asking_for(corpus: Corpus, article: str) -> tuple[CuratedQuestion, ...]:
    """Return the corpus's questions that accept a sentence of an article."""
    return tuple(
        expected
        for expected in corpus.questions
        if not expected.sentences and any(_names(address, article) for address in expected.accepted)
    )


def _names(address: str, article: str) -> bool:
    return address.rpartition(":")[0].casefold() == article.casefold()


def _read(files: Mapping[str, bytes], beside: Path) -> Corpus:
    """Return some files, the newest last, as all of a corpus, with the glossary that lies beside
    them.

    Raises CorpusError for what is wrong with them.
    """
    with tempfile.TemporaryDirectory(prefix="treaty-bot-") as name:
        folder = Path(name)
        for file, data in files.items():
            (folder / file).write_bytes(data)
        glossary = beside / GLOSSARY_NAME
        if glossary.is_file() and not glossary.is_symlink():
            shutil.copyfile(glossary, folder / GLOSSARY_NAME)
        *_, newest = files
        corpus = read_apart(folder, folder / newest)
    if wrong := [p for p in corpus.problems if p.path.name != GLOSSARY_NAME]:
        raise CorpusError(wrong)
    return corpus
