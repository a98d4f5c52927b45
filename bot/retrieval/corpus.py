"""A folder of files, read as articles: one file an article, its translations beside it.

``NAME.md`` (or .txt, .html, .htm, .pdf, .docx) is an article; ``NAME.en.md`` (or the others) is its
English rendering, aligned with it passage by passage and sentence by sentence. ``NAME.fr.md`` on
its own is an article in French. ``glossary.toml`` holds the corpus's own terms, ``questions.toml``
its own questions. Hidden files, folders and files with other endings are not read; the last two are
reported.
A folder or a link that has an article's name is an error, since it looks as if it were read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bot.errors import CorpusError, Problem, printable
from bot.retrieval.analysis import folded_words
from bot.retrieval.citation import cite
from bot.retrieval.document import Document
from bot.retrieval.glossary import GLOSSARY_NAME, Glossary, read_glossary
from bot.retrieval.language import detect_language
from bot.retrieval.model import Article, Corpus, Passage, Rendering, build_rendering
from bot.retrieval.questions import QUESTIONS_NAME, read_questions
from bot.retrieval.reader import SUFFIXES, read_document
from bot.retrieval.segment import sentence_spans

#: Files beside the articles that have a meaning of their own.
_COMPANIONS = frozenset({GLOSSARY_NAME, QUESTIONS_NAME})

# https://learn.microsoft.com/windows/win32/fileio/naming-a-file: with any ending.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\s*\..*", re.IGNORECASE)

_TRANSLATION = re.compile(r"(.+)\.([A-Za-z]{2})")


def read_corpus(folder: Path) -> Corpus:
    """Read every article of a folder.

    Raises CorpusError with every problem found: a file that cannot be read, two articles of one
    name, a translation that does not line up, a folder without articles.
    """
    problems: list[Problem] = []
    skipped: list[str] = []
    documents: list[Document] = []
    terms = Glossary()
    expected: Path | None = None
    for path in _entries(folder):
        if path.suffix.lower() not in SUFFIXES and path.name not in _COMPANIONS:
            skipped.append(printable(path.name))
            continue
        try:
            refuse_bad_name(path)
            refuse_link_out(path, folder)
            if path.name == GLOSSARY_NAME:
                terms = read_glossary(path)
            elif path.name == QUESTIONS_NAME:
                expected = path
            else:
                documents.append(read_document(path))
        except CorpusError as error:
            problems.extend(error.problems)
    articles: list[Article] = []
    unread = {place_in_corpus(problem.path) for problem in problems}
    for name, group in _by_name(documents, problems):
        if None not in group and (name.casefold(), None) in unread:
            continue  # translations of a file that is wrong itself
        try:
            articles.append(_article(name, group))
        except CorpusError as error:
            problems.extend(error.problems)
    if not problems and not articles:
        endings = f"{', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}"
        problems.append(Problem(folder, None, f"holds no article; put a {endings} file into it"))
    if problems:
        raise CorpusError(problems)
    corpus = Corpus(tuple(sorted(articles, key=lambda a: a.name)), tuple(skipped), terms)
    if expected is None:
        return corpus
    questions = read_questions(expected, lambda address: cite(corpus, address, "") is not None)
    return replace(corpus, questions=questions)


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        reason = f"is not a folder that can be read ({(error.strerror or str(error)).lower()})"
        if isinstance(error, FileNotFoundError):
            reason = "there is no such folder"
        mend = f"{reason}; name the folder of your articles with --corpus or CORPUS_DIR"
        raise CorpusError([Problem(folder, None, mend)]) from error


def refuse_bad_name(path: Path) -> None:
    """Raise CorpusError for a file whose name cannot be shown, or opened on every system."""
    if printable(path.name) != path.name or not path.stem.strip():
        reason = "has a name of characters that cannot be shown; rename it"
        raise CorpusError([Problem(path, None, reason)])
    if _DEVICE.fullmatch(path.name):
        reason = "has the name of a device, which Windows cannot open; rename it"
        raise CorpusError([Problem(path, None, reason)])


def refuse_link_out(path: Path, folder: Path) -> None:
    """Raise CorpusError for a symbolic link that leads out of the folder or nowhere."""
    try:
        if not path.is_symlink():
            return
        target = path.resolve(strict=True)
    except PermissionError:
        return  # what cannot be reached cannot be read either, which reading will tell
    except (OSError, RuntimeError) as error:
        raise CorpusError([Problem(path, None, "is a broken link; remove it")]) from error
    if not target.is_relative_to(folder.resolve()):
        reason = "is a link out of the corpus folder; copy the file into it instead"
        raise CorpusError([Problem(path, None, reason)])


_Group = dict[str | None, Document]  # by the language in the file's name; None: no language


def place_in_corpus(path: Path) -> tuple[str, str | None]:
    """The same without case: two files of one place cannot be told apart on every system."""
    name, language = article_of(path)
    return name.casefold(), language


def article_of(path: Path) -> tuple[str, str | None]:
    """The article that a file belongs to, and the language that its name says."""
    stem = unicodedata.normalize("NFC", path.stem)
    match = _TRANSLATION.fullmatch(stem)
    return (match[1], match[2].lower()) if match else (stem, None)


def _by_name(documents: list[Document], problems: list[Problem]) -> Iterator[tuple[str, _Group]]:
    """The documents of each article. Two files for one place go to ``problems``."""
    groups: dict[str, tuple[str, _Group]] = {}
    for document in documents:
        name, language = article_of(document.path)
        # Compared without case: Article.md and article.md cannot both exist on every system.
        _, group = groups.setdefault(name.casefold(), (name, {}))
        if other := group.get(language):
            reason = f"has the same name as {other.path.name}; rename one of the two"
            problems.append(Problem(document.path, None, reason))
        else:
            group[language] = document
    yield from groups.values()


def _article(name: str, group: _Group) -> Article:
    """The article of one group of files. Raises CorpusError if its translations do not fit."""
    if None not in group and len(group) > 1:
        names = ", ".join(sorted(document.path.name for document in group.values()))
        first = next(iter(group.values())).path
        reason = f"the original of {names} is missing; rename the original to {name}{first.suffix}"
        raise CorpusError([Problem(first, None, reason)])
    key = None if None in group else next(iter(group))
    source = group.pop(key)
    original = _rendering(source, key)
    problems: list[Problem] = []
    translations: list[Rendering] = []
    for language, document in group.items():
        rendering = _rendering(document, language)
        translations.append(rendering)
        if rendering.language == original.language:
            reason = (
                f"is in {rendering.language}, the language of {source.path.name} itself; "
                "correct the language or remove the file"
            )
            problems.append(Problem(document.path, document.lines.get("language"), reason))
        else:
            problems.extend(_misaligned(document, rendering, source, original))
    if problems:
        raise CorpusError(problems)
    return Article(name, original, tuple(translations), source.date, source.url, source.note)


def _rendering(document: Document, named: str | None) -> Rendering:
    """The text of one file; its language is what its name or front matter says, or is detected."""
    if named and document.language and named != document.language:
        line = document.lines.get("language")
        reason = f"language is {document.language}, but the file's name says {named}; correct one"
        raise CorpusError([Problem(document.path, line, reason)])
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    language = named or document.language or detect_language(folded_words(text)) or "en"
    title = document.title or _title(document.path)
    passages = ((p.line, p.text, sentence_spans(p.text)) for p in document.paragraphs)
    return build_rendering(language, title, passages, (p.page for p in document.paragraphs))


def _title(path: Path) -> str:
    name, _ = article_of(path)
    return " ".join(re.split(r"[-_\s]+", name)).strip() or name


def _misaligned(
    document: Document, rendering: Rendering, source: Document, original: Rendering
) -> list[Problem]:
    """Where a translation does not have the passages and sentences of its original."""
    theirs, ours = len(rendering.passages), len(original.passages)
    if theirs != ours:
        reason = (
            f"has {theirs} passage{'s' * (theirs != 1)} where {source.path.name} has {ours}; "
            "align the two"
        )
        return [Problem(document.path, None, reason)]
    problems = []
    for number, (theirs_p, ours_p) in enumerate(
        zip(rendering.passages, original.passages, strict=True), 1
    ):
        theirs, ours = len(theirs_p.sentences), len(ours_p.sentences)
        if theirs != ours:
            line = "" if ours_p.line is None else f":{ours_p.line}"
            reason = (
                f"passage {number}{_on(theirs_p)} has {theirs} sentence{'s' * (theirs != 1)} where "
                f"{source.path.name}{line}{_on(ours_p)} has {ours}; align the two"
            )
            problems.append(Problem(document.path, theirs_p.line, reason))
    return problems


def _on(passage: Passage) -> str:
    """The page of a passage, as it is added to its number."""
    return f" (p. {passage.page})" if passage.page else ""
