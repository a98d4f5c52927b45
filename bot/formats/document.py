"""What one file of the corpus says: its paragraphs and what it tells of itself."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import CorpusError, Problem

#: No text is longer; a book of 1,000 pages is about 3 MB. A saved page carries scripts as well.
MAX_BYTES = 10_000_000

# A line break within a passage is a space to its reader, with the blanks around it. Blanks are
# looked at from their first one on, since a line may be nothing but blanks.
_BREAK = re.compile(
    r"(?<![ \t])[ \t]++[\n\v\f\x85\u2028\u2029][ \t]*+|[\n\v\f\x85\u2028\u2029][ \t]*+"
)
# Control characters, and marks that turn the direction of what follows them: nobody reads them,
# and in a terminal or a message they would change how the text around a quote is shown.
_NOT_TEXT = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A passage before its sentences are known, and where it begins: the line of a text file,
    the page of a PDF.
    """

    line: int | None
    text: str
    page: int | None = None


@dataclass(frozen=True)
class Document:
    """What one file says."""

    path: Path
    paragraphs: tuple[Paragraph, ...]
    title: str | None = None
    language: str | None = None
    date: datetime.date | None = None
    url: str | None = None
    note: str | None = None
    lines: dict[str, int] = field(default_factory=dict, compare=False)  #: of the front matter keys


def clean(text: str) -> str:
    """A text on one line, as it is quoted."""
    if text.isprintable():  # as most is: neither breaks nor what nobody reads
        return text.strip()
    return _NOT_TEXT.sub("", _BREAK.sub(" ", text)).strip()


def problem(path: Path, line: int | None, reason: str) -> CorpusError:
    """What is wrong with one file, to be raised."""
    return CorpusError([Problem(path, line, reason)])
