"""Plain text and Markdown, read: front matter and passages.

A file is UTF-8 text or Markdown. It may begin with front matter, YAML between two lines of ``---``,
with ``title``, ``language``, ``date``, ``url`` and ``note``; other keys are left alone. Blank lines
separate passages; in Markdown, list items, table cells and blocks of code are passages too, while
pictures and raw HTML are left out. In a file without any blank line, a line that ends like a
sentence ends its passage, so that text with one paragraph a line is read as its author meant it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.formats.document import Document, Paragraph, clean, problem

#: Characters of the largest front matter, some four hundred times what is usual: PyYAML, which is
#: written in Python, reads them in a quarter of a second.
MAX_FRONT_MATTER = 32_000

_FENCE = re.compile(r"---[ \t]*")
_END = re.compile(r"(?:---|\.\.\.)[ \t]*")
_ENDS_LIKE_A_SENTENCE = re.compile(r"[.!?…][\s\"'”’»)\]]*$|[»”\"]\s*$")
_LANGUAGE = re.compile(r"[a-z]{2}")
_WEB = re.compile(r"https?://[^\s<>\"]+")
_QUOTE = "write one 'key: value' a line, a value with punctuation between quotation marks"


def read_text(path: Path, data: bytes) -> Document:
    """Read a .md or .txt file. Raises CorpusError, naming the file and line, for what is wrong."""
    lines = _decode(path, data).split("\n")
    meta, lines_of, body_start = _front_matter(path, lines)
    body = lines[body_start:]
    parse = _markdown if path.suffix.lower() == ".md" else _plain
    paragraphs: list[Paragraph] = []
    heading: str | None = None
    for line, text, is_heading in parse(*_spaced(body, body_start)):
        cleaned = clean(text)
        if not cleaned:
            continue
        if is_heading:
            heading = heading or cleaned
        else:
            paragraphs.append(Paragraph(line, cleaned))
    return Document(
        path,
        tuple(paragraphs),
        title=meta.get("title") or heading,
        language=_language(path, lines_of, meta.get("language")),
        date=_date(path, lines_of, meta.get("date")),
        url=_url(path, lines_of, meta.get("url")),
        note=meta.get("note"),
        lines=lines_of,
    )


def _decode(path: Path, data: bytes) -> str:
    data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The codec counts from behind a byte order mark.
        start = error.start + len(data) - len(error.object)
        line = data.count(b"\n", 0, start) + 1
        raise problem(path, line, "is not UTF-8 text; save the file as UTF-8") from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise problem(path, line, "holds a NUL byte, so it is not text; save the file as UTF-8")
    return text


def _front_matter(path: Path, lines: list[str]) -> tuple[dict[str, str], dict[str, int], int]:
    """The keys and values, the line of each key, and how many lines the front matter takes."""
    if not lines or not _FENCE.fullmatch(lines[0]):
        return {}, {}, 0
    end = _front_matter_end(path, lines)
    try:
        # Composed, not loaded: every scalar stays text (no "no" -> False) and keeps its line.
        node = yaml.compose("\n".join(lines[1:end]), Loader=yaml.BaseLoader)
    except yaml.reader.ReaderError as error:
        line = "\n".join(lines[1:end]).count("\n", 0, error.position) + 2
        raise problem(path, line, f"broken front matter: {error.reason}; remove them") from error
    except yaml.MarkedYAMLError as error:
        line = min(error.problem_mark.line + 2, end + 1) if error.problem_mark else 1
        raise problem(path, line, f"broken front matter ({error.problem}); {_QUOTE}") from error
    except (ValueError, OverflowError, RecursionError) as error:  # what PyYAML lets through
        raise problem(path, 1, f"broken front matter; {_QUOTE}") from error
    if node is None:
        return {}, {}, end + 1
    if not isinstance(node, yaml.MappingNode):
        raise problem(path, 2, "broken front matter: expected lines such as 'title: The title'")
    meta: dict[str, str] = {}
    lines_of: dict[str, int] = {}
    for key, value in node.value:
        line = key.start_mark.line + 2
        if not isinstance(key, yaml.ScalarNode):
            raise problem(path, line, "broken front matter: a key must be one word")
        if key.value not in ("title", "language", "date", "url", "note"):
            continue
        if not isinstance(value, yaml.ScalarNode):
            raise problem(path, line, f"broken front matter: {key.value} must be one line of text")
        if key.value in meta:
            raise problem(path, line, f"broken front matter: {key.value} is given twice")
        lines_of[key.value] = line
        meta[key.value] = " ".join(clean(value.value).split())
    return meta, lines_of, end + 1


def _front_matter_end(path: Path, lines: list[str]) -> int:
    """The line that closes the front matter, from 0. Raises CorpusError for none, and for more than
    ``MAX_FRONT_MATTER``.
    """
    end = next((i for i, line in enumerate(lines[1:], 1) if _END.fullmatch(line)), None)
    if end is None:
        raise problem(path, 1, "the front matter that begins here has no closing line of ---")
    if (size := sum(map(len, lines[1:end])) + end - 1) > MAX_FRONT_MATTER:
        most = f"more than the {MAX_FRONT_MATTER:,} that it may have"
        mend = "move what is text below its closing line of ---"
        raise problem(path, 1, f"the front matter has {size:,} characters, {most}; {mend}")
    return end


def _language(path: Path, lines_of: dict[str, int], value: str | None) -> str | None:
    if not value:
        return None
    if not _LANGUAGE.fullmatch(value.lower()):
        reason = "language must be two letters of ISO 639-1, such as fr or en"
        raise problem(path, lines_of["language"], reason)
    return value.lower()


def _date(path: Path, lines_of: dict[str, int], value: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(value) if value else None
    except ValueError as error:
        raise problem(path, lines_of["date"], "date must be YYYY-MM-DD") from error


def _url(path: Path, lines_of: dict[str, int], value: str | None) -> str | None:
    if value and not _WEB.fullmatch(value):
        raise problem(path, lines_of["url"], "url must begin with https:// or http://")
    return value or None


def _spaced(body: list[str], offset: int) -> tuple[list[str], list[int]]:
    """The body's lines with blank lines between passages, and the line number of each."""
    numbered = [(offset + i, line) for i, line in enumerate(body, 1)]
    while numbered and not numbered[-1][1].strip():
        numbered.pop()
    while numbered and not numbered[0][1].strip():
        numbered.pop(0)
    if all(line.strip() for _, line in numbered):
        spaced: list[tuple[int, str]] = []
        for number, line in numbered:
            spaced.append((number, line))
            if _ENDS_LIKE_A_SENTENCE.search(line):
                spaced.append((number, ""))
        numbered = spaced
    return [line for _, line in numbered], [number for number, _ in numbered]


def _plain(lines: list[str], numbers: list[int]) -> Iterator[tuple[int, str, bool]]:
    """Passages of plain text: (line, text, False)."""
    block: list[str] = []
    first = 0
    for number, line in [*zip(numbers, lines, strict=True), (0, "")]:
        if line.strip():
            first = first if block else number
            block.append(line)
        elif block:
            yield first, "\n".join(block), False
            block = []


@cache
def _parser() -> MarkdownIt:
    """The parser; making one takes longer than most articles do."""
    return MarkdownIt("commonmark").enable("table")


def _markdown(lines: list[str], numbers: list[int]) -> Iterator[tuple[int, str, bool]]:
    """Passages of Markdown as a reader sees them: (line, text, whether it is a heading)."""
    tokens = _parser().parse("\n".join(lines))
    opener = marker = ""
    marked = 0
    for token in tokens:
        if token.type == "list_item_open" and token.info:
            marker += f"{token.info}{token.markup} "  # a reader sees it, and it may be a year
            marked = token.map[0] if token.map else 0
        elif token.type == "list_item_close":
            if marker:
                yield numbers[marked], marker.strip(), False
            marker = ""
        if token.type == "inline" and token.map:
            yield numbers[token.map[0]], marker + _visible(token), opener == "heading_open"
            marker = ""
        elif token.type in ("code_block", "fence") and token.map:
            first = token.map[0] + (token.type == "fence")
            yield numbers[min(first, len(numbers) - 1)], token.content, False
        opener = token.type


def _visible(inline: Token) -> str:
    """The text of an inline token without its marks; pictures and raw HTML are left out."""
    parts: list[str] = []
    for child in inline.children or ():
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
    return "".join(parts)
