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
from dataclasses import replace
from functools import cache
from pathlib import Path

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from bot.formats.document import (
    QUESTION_LEVEL,
    Block,
    Document,
    clean,
    clean_code,
    problem,
    row_text,
    title_of,
)
from bot.formats.html_blocks import HtmlBlocks
from bot.formats.inline import (
    labelled_question,
    line_heading,
    lowered,
    question_and_answer,
    raised,
    without_answer_label,
)
from bot.formats.plain import plain_blocks

#: Characters of the largest front matter, some two hundred times what is usual: PyYAML, which is
#: written in Python, reads them in a tenth of a second.
MAX_FRONT_MATTER = 16_000

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
    spaced = _spaced(body, body_start)
    found = _markdown(*spaced) if path.suffix.lower() == ".md" else list(plain_blocks(*spaced))
    heading, blocks = title_of(found, meta.get("title"))
    return Document(
        path,
        tuple(blocks),
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


def _markdown(lines: list[str], numbers: list[int]) -> list[Block]:
    """The blocks of Markdown."""
    return _Markdown(numbers).read(_without_generators_marks(lines))


@cache
def _parser() -> MarkdownIt:
    """The parser; making one takes longer than most articles do."""
    return MarkdownIt("commonmark").enable("table").use(footnote_plugin).use(deflist_plugin)


# What generators of sites write for their own use (GitBook, Hugo, Jekyll, Docusaurus, Sphinx).
_TAG_LINE = re.compile(
    r"\s*(?:\{%[^%]*%\}|\{\{[<%].*[>%]\}\}|\{:[^}]*\}|:[a-z-]{1,30}:(?:\s.*)?)\s*"
)
_TAGS = re.compile(r"\{%[^%\n]{0,300}%\}|\{\{[<%][^}\n]{0,300}[>%]\}\}|\{:[^}\n]{0,300}\}")
# MkDocs: !!! note "Title", with what it holds indented; ??? may be folded.
_ADMONITION = re.compile(r"(\s*)(?:!!!|\?\?\?\+?)\s*[\w-]+(?:\s+[\w-]+)*\s*(?:\"([^\"]*)\")?\s*")
# Docusaurus and VuePress: :::tip Title, and ::: at the end; MyST: ```{note} Title.
_CONTAINER = re.compile(r"\s*:{3,}\s*(?:\{?[\w-]+\}?(?:\[([^\]]*)\]|\s+(.*))?)?\s*")
# GitHub: > [!NOTE] on a line of its own.
_ALERT = re.compile(r"(\s*>\s*)\[![A-Za-z]+\][+-]?\s*(.*)")
_TASK = re.compile(r"\[[ xX]\]\s+")
_INDENT = 4


def _without_generators_marks(lines: list[str]) -> list[str]:
    """The lines, of which those of a site's generator are blank or their title alone."""
    found: list[str] = []
    fence, inside = "", None  # the code fence that is open; the indentation of an admonition
    for line in lines:
        bare = line.strip()
        shown = line
        if fence:
            fence = "" if bare.startswith(fence) and not bare.strip(fence[0]) else fence
        elif bare.startswith(("```", "~~~")):
            fence = bare[:3]
        else:
            if inside is not None and bare and _indent(line) <= inside:
                inside = None
            if admonition := _ADMONITION.fullmatch(line):
                inside = len(admonition[1])
            shown = _without_mark(line)
        if inside is not None and _indent(shown) >= inside + _INDENT:
            shown = shown[:inside] + shown[inside + _INDENT :]
        found.append(shown)
    return found


def _without_mark(line: str) -> str:
    """A line without a generator's mark: its title in bold, what it stands before, or nothing."""
    if admonition := _ADMONITION.fullmatch(line):
        return f"**{admonition[2]}**" if admonition[2] else ""
    if container := _CONTAINER.fullmatch(line):
        title = container[1] or container[2]
        return f"**{title}**" if title else ""
    if alert := _ALERT.fullmatch(line):
        return alert[1] + alert[2]
    if _TAG_LINE.fullmatch(line):
        return ""
    return _TAGS.sub("", line) if "{" in line else line


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


class _Markdown:
    """Makes blocks of Markdown, as CommonMark 0.31 and GitHub's tables define it."""

    def __init__(self, numbers: list[int]) -> None:
        self._numbers = numbers
        self._lists: list[str] = []  #: the kind of each list that is open
        self._item: Block | None = None  #: that the next line begins
        self._cells: list[str] = []
        self._heads: tuple[str, ...] = ()
        self.blocks: list[Block] = []

    def read(self, lines: list[str]) -> list[Block]:
        """Return the blocks of some lines."""
        tokens = _parser().parse("\n".join(lines))
        opener = ""
        for number, token in enumerate(tokens):
            line = self._line(token)
            if token.type == "inline":
                self._inline(token, tokens[number - 1], line)
            elif token.type in ("bullet_list_open", "ordered_list_open"):
                self._lists.append(token.type)
            elif token.type in ("bullet_list_close", "ordered_list_close"):
                self._lists.pop()
            elif token.type == "list_item_open":
                marker = f"{token.info}{token.markup}" if token.info else ""
                self._item = Block("", line, kind="item", level=len(self._lists), marker=marker)
            elif token.type == "list_item_close":
                if self._item and self._item.marker:
                    self._emit(replace(self._item, text=self._item.marker))
                self._item = None
            elif token.type in ("code_block", "fence"):
                self._code(token)
            elif token.type == "html_block":
                self._html(token.content, line)
            elif token.type == "tr_close":
                self._row(line, in_head=opener == "thead_open")
            elif token.type == "dl_close":
                self._emit(Block("", line, kind="heading", level=QUESTION_LEVEL))
            if token.type in ("thead_open", "tbody_open"):
                opener = token.type
        return self.blocks

    def _line(self, token: Token) -> int | None:
        if not token.map:
            return self.blocks[-1].line if self.blocks else None
        return self._numbers[min(token.map[0], len(self._numbers) - 1)]

    def _emit(self, block: Block) -> None:
        self.blocks.append(block)

    def _inline(self, token: Token, opener: Token, line: int | None) -> None:
        text, pictures = _visible(token)
        if opener.type in ("th_open", "td_open"):
            self._cells.append(clean(" ".join(text.split("\n"))))
            return
        if opener.type == "heading_open":
            self._heading(clean(text), int(opener.tag[1:]), line)
        elif opener.type == "dt_open":
            self._heading(clean(text), QUESTION_LEVEL, line)
        elif self._item is not None:
            item, self._item = self._item, None
            text = _TASK.sub("", clean(text), count=1)
            if text:
                marked = f"{item.marker} {text}" if item.marker else text
                self._emit(replace(item, text=marked))
        else:
            self._paragraph(text, token, line)
        for picture in pictures:
            self._emit(Block(picture, line))

    def _heading(self, text: str, level: int, line: int | None) -> None:
        if text:
            asked = labelled_question(text)
            self._emit(Block(asked or text, line, kind="heading", level=level))

    def _paragraph(self, text: str, token: Token, line: int | None) -> None:
        if pair := question_and_answer(text):
            self._heading(clean(pair[0]), QUESTION_LEVEL, line)
            self._emit(Block(clean(pair[1]), line))
            return
        first, rest = _leading_bold(token)
        heading = line_heading(clean(first)) if first else None
        if heading and not self._lists and (not rest or heading.level == QUESTION_LEVEL):
            self._emit(replace(heading, line=line))
            text = rest
        if cleaned := clean(text):
            answer = without_answer_label(cleaned) if self._after_question() else cleaned
            self._emit(Block(answer, line))

    def _after_question(self) -> bool:
        last = self.blocks[-1] if self.blocks else None
        return bool(last and last.kind == "heading" and last.level == QUESTION_LEVEL)

    def _code(self, token: Token) -> None:
        code = clean_code(token.content)
        if not code or not token.map:
            return
        first = token.map[0] + (token.type == "fence")
        line = self._numbers[min(first, len(self._numbers) - 1)]
        if self._item is not None:  # code alone is what the item says
            item, self._item = self._item, None
            self._emit(replace(item, text=f"{item.marker} {clean(token.content)}".strip()))
            return
        self._emit(Block(code, line, kind="code"))

    def _html(self, content: str, line: int | None) -> None:
        """A block of HTML: its text, as a page's."""
        from lxml import etree, html

        try:
            tree = html.fragment_fromstring(content, create_parent="div")
        except (etree.LxmlError, ValueError, AssertionError):
            return
        self.blocks += HtmlBlocks(line=line).read(tree)

    def _row(self, line: int | None, *, in_head: bool) -> None:
        cells, self._cells = tuple(self._cells), []
        if in_head:
            self._heads = cells if any(cells) else ()
        elif text := row_text(cells, self._heads):
            self._emit(Block(text, line, kind="row", cells=cells, heads=self._heads))


def _leading_bold(inline: Token) -> tuple[str, str]:
    """The bold text that fills the first line of a paragraph, and what follows that line; two
    empty texts where it is not all bold.
    """
    depth, first, rest, broken = 0, "", "", False
    for child in inline.children or ():
        if child.type == "strong_open":
            depth += 1
        elif child.type == "strong_close":
            depth -= 1
        elif child.type in ("softbreak", "hardbreak") and not depth:
            rest += "\n" * broken
            broken = True
        elif broken:
            rest += "\n" if child.type in ("softbreak", "hardbreak") else child.content
        elif depth:
            first += " " if child.type in ("softbreak", "hardbreak") else child.content
        elif child.content.strip():
            return "", ""
    return (first, rest) if first else ("", "")


def _visible(inline: Token) -> tuple[str, list[str]]:
    """The text of an inline token without its marks, and what its pictures show in words."""
    parts: list[str] = []
    pictures: list[str] = []
    raising: tuple[str, int] | None = None  # the tag, and where in parts it began
    for child in inline.children or ():
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif child.type == "image":
            alt = clean(child.content)
            if len(alt.split()) > 2:  # noqa: PLR2004  # a word or two are a name, not a text
                pictures.append(alt)
        elif child.type == "html_inline":
            tag = child.content.strip("<>/ ").split(" ")[0].lower()
            if tag == "br":
                parts.append("\n")
            elif tag in ("sup", "sub") and not child.content.startswith("</"):
                raising = tag, len(parts)
            elif raising and tag == raising[0]:
                inner = "".join(parts[raising[1] :])
                parts[raising[1] :] = [(raised if tag == "sup" else lowered)(inner)]
                raising = None
    return "".join(parts), pictures
