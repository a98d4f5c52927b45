"""A saved web page, read: its main text, and what it says of itself.

trafilatura finds the article among menus, adverts, comments and footers, and its title, author,
date, site and canonical address. Headings are no passages, as in Markdown; no-break spaces are
plain ones, as trafilatura has them.
"""

from __future__ import annotations

import codecs
import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import trafilatura

from bot.formats.document import Block, Document, clean, problem

# What trafilatura's time grows with: pages in use have a tenth of either. On 2 cores, 20,000
# elements take 1 s; 50,000 elements beside each other within one take 136.
_MAX_ELEMENTS = 20_000
_MAX_CHILDREN = 2_000

# Where a page names its encoding (https://html.spec.whatwg.org/#determining-the-character-encoding,
# which looks at 1,024 bytes; saved pages are known to put a comment before it).
_PRESCAN_BYTES = 4096
_CHARSET = re.compile(
    rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})"
    rb"|<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9_.-]{1,40})",
    re.IGNORECASE,
)
# What browsers read under a name that means less elsewhere (https://encoding.spec.whatwg.org).
_AS_BROWSERS = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949",
}  # fmt: skip
_LEGACY = (
    "ascii", "iso", "cp", "koi8", "mac", "gb", "hz", "big5", "shift_jis", "euc", "johab", "tis",
)  # fmt: skip
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"),
          (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip

# Adverts and notices that trafilatura 2.3 takes for text, by the names that sites give them.
_ADVERTS = (
    "ad", "ads", "advert", "adverts", "advertisement", "advertising", "adsbygoogle", "ad-container",
    "ad-slot", "publicite", "sponsored", "cookie-banner", "newsletter", "paywall",
)  # fmt: skip
_ADVERT_PATH = "//*[not(self::html or self::body or self::main or self::article)][{}]".format(
    " or ".join(
        f"contains(concat(' ', normalize-space(@{attribute}), ' '), ' {name} ')"
        for name in _ADVERTS
        for attribute in ("class", "id")
    )
)

# trafilatura's elements that stand on lines of their own; the others are parts of a line.
_BLOCKS = frozenset({"body", "p", "head", "list", "item", "quote", "table", "row", "cell", "code"})

_WEB = re.compile(r"https?://[^\s<>\"]+")
_BLANK_LINE = re.compile(r"\n\s*\n")
_LANGUAGE_TAG = re.compile(r"([a-z]{2})(?:[-_].*)?")


def read_html(path: Path, data: bytes) -> Document:
    """Read a saved page. Raises CorpusError for one that cannot be decoded or holds no article."""
    tree: Any = trafilatura.load_html(_decode(path, data))
    if tree is None:
        raise problem(path, None, "is not a web page; save it again or rename it to end in .txt")
    _refuse_too_many(path, tree)
    language = _language(tree)
    page = _extracted(path, tree)
    paragraphs = tuple(_paragraphs(page.body)) if page is not None else ()
    if not paragraphs:
        raise problem(path, None, "holds no article among its menus; save the article's own page")
    title, author, site = (clean(v or "") for v in (page.title, page.author, page.sitename))
    return Document(
        path,
        paragraphs,
        title=title or None,
        language=language,
        date=_date(page.date),
        url=page.url if page.url and _WEB.fullmatch(page.url) else None,
        note=", ".join(part for part in (author, site) if part) or None,
    )


def _extracted(path: Path, tree: Any) -> Any:
    """The article of a page, as trafilatura's Document; None where it finds none."""
    try:
        return trafilatura.bare_extraction(
            tree,
            include_comments=False,
            include_tables=True,
            prune_xpath=_ADVERT_PATH,
            # A date anywhere in the text is not the article's.
            date_extraction_params={"extensive_search": False, "original_date": True},
            with_metadata=True,
        )
    except Exception as error:  # none is known, but a page may be anything
        raise problem(path, None, "cannot be read; save its text as .txt or .md") from error


def _decode(path: Path, data: bytes) -> str:
    """The page as text: by its byte order mark, as UTF-8, or in the encoding that it names.

    Accents that make UTF-8 are UTF-8, whatever an older line in the page's head says.
    """
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    declared = None if marked else _declared(data)
    tried = [marked or "utf-8", *([declared] if declared else [])]
    if data.isascii():
        tried.reverse()  # such as ISO-2022-JP, which writes Japanese in ASCII
    for encoding in tried:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            line = text.count("\n", 0, text.index("\0")) + 1
            raise problem(path, line, "holds a NUL byte, so it is not a web page; save it again")
        return text.removeprefix("\ufeff")
    names = " or ".join(dict.fromkeys(name.upper() for name in tried))
    raise problem(path, None, f"is not {names} text; save the page as UTF-8")


def _declared(data: bytes) -> str | None:
    """The encoding that a page names in its head; None for none, or for one that cannot be meant.

    UTF-16 cannot: the line that names it was found byte by byte.
    """
    match = _CHARSET.search(data[:_PRESCAN_BYTES])
    try:
        name = codecs.lookup((match[1] or match[2]).decode("ascii")).name if match else ""
    except LookupError:
        return None
    return _AS_BROWSERS.get(name, name) if name.startswith(_LEGACY) else None


def _refuse_too_many(path: Path, tree: Any) -> None:
    """Raise CorpusError for a page of more elements than an article has."""
    for count, element in enumerate(tree.iter(), 1):
        if count > _MAX_ELEMENTS or len(element) > _MAX_CHILDREN:
            most = f"{_MAX_ELEMENTS:,} in all or {_MAX_CHILDREN:,} within one"
            reason = f"has more elements than an article ({most}); save its text as .txt or .md"
            raise problem(path, None, reason)


def _language(tree: Any) -> str | None:
    """The language that the page says it is in, such as ``fr`` of ``fr-FR``."""
    tag = (tree.get("lang") or tree.get("xml:lang") or "").strip().lower()
    match = _LANGUAGE_TAG.fullmatch(tag)
    return match[1] if match else None


def _date(value: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(value) if value else None
    except ValueError:
        return None


def _paragraphs(body: Any) -> Iterator[Block]:
    parts: list[list[str]] = [[]]
    headings: set[int] = set()
    _walk(body, parts, headings)
    for number, part in enumerate(parts):
        if number not in headings:
            for piece in _BLANK_LINE.split("".join(part)):
                if text := " ".join(clean(piece).split(" ")):
                    yield Block(text)


def _walk(element: Any, parts: list[list[str]], headings: set[int]) -> None:
    """Lay an element's text out in parts, one a block; libxml2 nests at most 256 deep."""
    block = element.tag in _BLOCKS
    if block:
        parts.append([])
    if element.tag == "head":
        headings.add(len(parts) - 1)
    parts[-1].append("\n" if element.tag == "lb" else element.text or "")
    for child in element:
        _walk(child, parts, headings)
        parts[-1].append(child.tail or "")
    if block:
        parts.append([])
