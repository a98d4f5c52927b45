"""Plain text and Markdown, read: front matter and passages.

Markdown is what CommonMark and GitHub's tables define; HTML within is read as a page's. In a file
without any blank line, a line that ends like a sentence ends its passage, so that text with one
paragraph a line is read as its author meant it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

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
from bot.formats.front_matter import read_front_matter
from bot.formats.generators import without_marks
from bot.formats.html_blocks import EMBEDDED, STRUCK, HtmlBlocks
from bot.formats.inline import (
    answer_text,
    labelled_question,
    line_heading,
    lowered,
    question_alone,
    question_and_answer,
    raised,
)
from bot.formats.plain import plain_blocks

_ENDS_LIKE_A_SENTENCE = re.compile(r"[.!?…][\s\"'”’»)\]]*$|[»”\"]\s*$")


def read_text(path: Path, data: bytes) -> Document:
    """Read a .md or .txt file. Raises CorpusError, naming the file and line, for what is wrong."""
    written = _decode(path, data).split("\n")
    meta = read_front_matter(path, written)
    body = written[meta.length :]
    spaced = _spaced(body, meta.length)
    remarks: list[tuple[int | None, str]] = []
    if path.suffix.lower() == ".md":
        lines, numbers = without_marks(*spaced)
        reader = _Markdown(numbers)
        found = reader.read(lines)
        remarks = reader.remarks
    else:
        found = list(plain_blocks(*spaced))
    heading, blocks = title_of(found, meta.title)
    return Document(
        path,
        tuple(blocks),
        title=meta.title or heading,
        language=meta.language,
        date=meta.date,
        url=meta.url,
        note=meta.note,
        aliases=meta.aliases,
        remarks=tuple(remarks),
        lines=meta.lines,
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


def _spaced(body: list[str], offset: int) -> tuple[list[str], list[int]]:
    """Return the body's lines with blank lines between passages, and the line number of each."""
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


@cache
def _parser() -> MarkdownIt:
    """Return the parser; making one takes longer than most articles do."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return parser.use(footnote_plugin).use(deflist_plugin)


_OPENS = re.compile(r"<(?:details|dl)\b", re.IGNORECASE)
_CLOSES = re.compile(r"</(?:details|dl)\b", re.IGNORECASE)
_TAG = re.compile(r"<(\w+)")
_TASK = re.compile(r"\[[ xX]\]\s+")
# Pandoc, kramdown, Docusaurus: ## Heading {#name .class}.
_ATTRIBUTES = re.compile(r"\s{0,9}\{[#.:][^{}\n]{0,200}\}$")


class _Markdown:
    """Makes blocks of Markdown, as CommonMark 0.31 and GitHub's tables define it."""

    def __init__(self, numbers: list[int]) -> None:
        self._numbers = numbers
        self._lists: list[str] = []  #: the kind of each list that is open
        self._item: Block | None = None  #: that the next line begins
        self._cells: list[str] = []
        self._row_line: int | None = None
        self._heads: tuple[str, ...] = ()
        self.blocks: list[Block] = []
        self.remarks: list[tuple[int | None, str]] = []

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
                self._item_opens(token, line)
            elif token.type == "list_item_close":
                if self._item and self._item.marker:
                    self._emit(replace(self._item, text=self._item.marker))
                self._item = None
            elif token.type in ("code_block", "fence"):
                self._code(token)
            elif token.type == "html_block":
                self._html(token.content, line)
            elif token.type == "tr_close":
                self._row(in_head=opener == "thead_open")
            elif token.type in ("dl_close", "footnote_block_open"):  # what follows is in no section
                level = QUESTION_LEVEL if token.type == "dl_close" else 1
                self._emit(Block("", line, kind="heading", level=level))
            if token.type in ("thead_open", "tbody_open"):
                opener = token.type
        return self.blocks

    def _item_opens(self, token: Token, line: int | None) -> None:
        marker = f"{token.info}{token.markup}" if token.info else ""
        if self._item and self._item.marker:  # "1. 2. Fees": an item that begins with one
            marker = f"{self._item.marker} {marker}".strip()
        self._item = Block("", line, kind="item", level=len(self._lists), marker=marker)

    def _line(self, token: Token) -> int | None:
        if not token.map:
            return self.blocks[-1].line if self.blocks else None
        return self._numbers[min(token.map[0], len(self._numbers) - 1)]

    def _emit(self, block: Block) -> None:
        self.blocks.append(block)

    def _inline(self, token: Token, opener: Token, line: int | None) -> None:
        text, pictures = _visible(token)
        for child in token.children or ():
            if child.type == "s_open" or (child.type == "html_inline" and _tag_of(child) in STRUCK):
                self.remarks.append((line, "text that is struck out is not read"))
            tag = _TAG.match(child.content) if child.type == "html_inline" else None
            if tag and (what := EMBEDDED.get(tag[1].lower())):
                self.remarks.append((line, f"an embedded {what} is not read"))
        if opener.type in ("th_open", "td_open"):
            self._row_line = line
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
        if text := _ATTRIBUTES.sub("", text):
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
            if asked := question_alone(cleaned):
                self._emit(replace(asked, line=line))
            else:
                answer = answer_text(self.blocks, cleaned)
                self._emit(Block(answer, line, level=len(self._lists)))

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
        """Read a block of HTML: its text, as a page's."""
        from lxml import etree, html

        try:
            tree = html.fragment_fromstring(content, create_parent="div")
        except (etree.LxmlError, ValueError, AssertionError):
            return
        reader = HtmlBlocks(line=line)
        found = reader.read(tree)
        self.remarks += reader.remarks
        left = len(_OPENS.findall(content)) - len(_CLOSES.findall(content))
        if left > 0 and found and not found[-1].text:  # what it opens goes on below
            found.pop()
        elif left < 0:
            found.append(Block("", line, kind="heading", level=QUESTION_LEVEL))
        self.blocks += found

    def _row(self, *, in_head: bool) -> None:
        cells, self._cells = tuple(self._cells), []
        if in_head:
            self._heads = cells if any(cells) else ()
        elif text := row_text(cells, self._heads):
            block = Block(text, self._row_line, kind="row", cells=cells, heads=self._heads)
            self._emit(block)


def _leading_bold(inline: Token) -> tuple[str, str]:
    """Return the bold text that fills the first line of a paragraph, and what follows that line;
    two empty texts where it is not all bold.
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
    """Return the text of an inline token without its marks, and what its pictures show in words."""
    parts: list[str] = []
    pictures: list[str] = []
    raising: tuple[str, int] | None = None  # the tag, and where in parts it began
    for child in _without_struck(inline.children or []):
        if child.type in ("text", "code_inline"):
            doubled = child.type == "text" and parts and parts[-1].endswith(" ")
            parts.append(child.content.lstrip(" ") if doubled else child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif child.type == "image":
            alt = clean(child.content)
            if len(alt.split()) > 2:  # noqa: PLR2004  # a word or two are a name, not a text
                pictures.append(alt)
        elif child.type == "html_inline":
            tag = _tag_of(child)
            if tag == "br":
                parts.append("\n")
            elif tag in ("sup", "sub"):
                raising = tag, len(parts)
            elif raising and tag == f"/{raising[0]}":
                inner = "".join(parts[raising[1] :])
                before = "".join(parts[: raising[1]])
                raise_it = raising[0] == "sup"
                parts[raising[1] :] = [raised(inner, before) if raise_it else lowered(inner)]
                raising = None
    return "".join(parts), pictures


def _tag_of(child: Token) -> str:
    """Return the name of a tag within a line, ``/name`` of one that ends an element."""
    return child.content.strip("<>").strip().rstrip("/").split(" ")[0].lower()


def _without_struck(children: list[Token]) -> list[Token]:
    """Return the parts of a line but those that are struck out: ``~~old~~``, ``<del>old</del>``."""
    kept: list[Token] = []
    until = ""
    for number, child in enumerate(children):
        tag = _tag_of(child) if child.type == "html_inline" else child.type
        if until:
            until = "" if tag == until else until
        elif tag == "s_open":
            until = "s_close"
        elif tag in STRUCK and any(one.content.lower() == f"</{tag}>" for one in children[number:]):
            until = f"/{tag}"
        else:
            kept.append(child)
    return kept
