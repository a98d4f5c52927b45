"""One article, put together from its files: the original and the translations beside it.

``NAME.md`` (or .txt, .html, .htm, .pdf, .docx) is an article; ``NAME.en.md`` (or the others) is its
English rendering, aligned with it passage by passage and sentence by sentence. ``NAME.fr.md`` on
its own is an article in French.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from bot.corpus.alignment import misaligned, pair
from bot.corpus.filenames import article_of
from bot.corpus.model import Article, Rendering, build_rendering
from bot.corpus.structure import structure_of
from bot.corpus.units import assign_units
from bot.errors import CorpusError, Problem
from bot.formats.document import Document
from bot.text.language import detect_language
from bot.text.tokens import folded_words

_BETWEEN_WORDS = re.compile(r"[-_\s]+")


def build_article(
    name: str, group: dict[str | None, Document]
) -> tuple[Article, tuple[Problem, ...]]:
    """Return the article of one group of files, by the language in each one's name, and why some
    translations are left out of it.

    Raises CorpusError where there is no original, or where that is wrong.
    """
    if None not in group and len(group) > 1:
        names = ", ".join(sorted(document.path.name for document in group.values()))
        first = next(iter(group.values())).path
        reason = f"the original of {names} is missing; rename the original to {name}{first.suffix}"
        raise CorpusError([Problem(first, None, reason)])
    key = None if None in group else next(iter(group))
    source = group.pop(key)
    original = _rendering(source, key)
    problems: list[Problem] = []
    remarks = _unread(source)
    translations: list[Rendering] = []
    for language, document in group.items():
        try:
            rendering = _rendering(document, language)
        except CorpusError as error:
            problems += error.problems
            continue
        if rendering.language == original.language:
            reason = (
                f"is in {rendering.language}, the language of {source.path.name} itself; "
                "correct the language or remove the file"
            )
            problems.append(Problem(document.path, document.lines.get("language"), reason))
            continue
        remarks += _unread(document)
        drift = misaligned(document.path, rendering, source.path, original)
        remarks += drift
        pairs = pair(original, rendering) if drift else None
        translations.append(replace(rendering, pairs=pairs))
    article = Article(
        name=name,
        original=original,
        translations=tuple(translations),
        date=source.date,
        url=source.url,
        note=source.note,
        aliases=source.aliases,
        remarks=tuple(remarks),
    )
    return article, tuple(problems)


def _unread(document: Document) -> list[Problem]:
    """Return what a file holds that was not read."""
    return [Problem(document.path, line, what) for line, what in document.remarks]


def _rendering(document: Document, named: str | None) -> Rendering:
    """Return the text of one file; its language is what its name or front matter says, or is
    detected.
    """
    if named and document.language and named != document.language:
        line = document.lines.get("language")
        reason = f"language is {document.language}, but the file's name says {named}; correct one"
        raise CorpusError([Problem(document.path, line, reason)])
    text = "\n".join(block.text for block in document.blocks)
    language = named or document.language or detect_language(folded_words(text)) or "en"
    title = document.title or _title(document.path)
    found = structure_of(document.blocks)
    units, drafts = assign_units(found.sections, found.drafts)
    return build_rendering(language, title, drafts, found.sections, found.tables, units)


def _title(path: Path) -> str:
    name, _ = article_of(Path(path.name))
    return " ".join(_BETWEEN_WORDS.split(name)).strip() or name
