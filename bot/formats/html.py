"""A saved web page, read: its main text, and what it says of itself.

trafilatura finds the article among menus, adverts, comments and footers, and its title, author,
site and canonical address.
"""

from __future__ import annotations

import codecs
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import trafilatura

from bot.formats.document import Block, Document, clean, problem, title_of
from bot.formats.html_blocks import HtmlBlocks
from bot.formats.html_metadata import declared_author, declared_date
from bot.formats.inline import with_unit_headings

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

# Elements and names of what stands around articles (https://html.spec.whatwg.org/#sections, the
# landmarks of WAI-ARIA, and the names that content management systems give).
_FURNITURE = frozenset({"nav", "aside", "footer", "form", "dialog"})
_FURNITURE_ROLES = frozenset({"navigation", "complementary", "contentinfo", "search", "banner"})
_FURNITURE_NAMES = re.compile(
    r"\b(?:comment|disqus|related|share|sharing|social|breadcrumb|menu|nav|navbar|cookie|newsletter"
    r"|sidebar|promo|banner|footer|subscribe|pagination|pager|toc|skip|advert|ads?|publicite|sponsor)",
    re.IGNORECASE,
)
#: The share of what was extracted that the element of the article holds.
_MOST_HELD = 0.9
# Characters by which an element is looked for in the text that was extracted.
_COMPARED = 80
_MANY_LINKS = 3
_MOST_LINKED = 0.8

_WEB = re.compile(r"https?://[^\s<>\"]+")
# What stands in a page's title where its publisher forgot it, as on EUR-Lex.
_FILE_NAME = re.compile(r"\S+\.(?:xml|x?html?|docx?|pdf|txt)", re.IGNORECASE)
_LANGUAGE_TAG = re.compile(r"([a-z]{2})(?:[-_].*)?")


def read_html(path: Path, data: bytes) -> Document:
    """Read a saved page. Raises CorpusError for one that cannot be decoded or holds no article."""
    tree: Any = trafilatura.load_html(_decode(path, data))
    if tree is None:
        raise problem(path, None, "is not a web page; save it again or rename it to end in .txt")
    _refuse_too_many(path, tree)
    language = _language(tree)
    whole = deepcopy(tree)  # trafilatura takes the tree apart
    page = _extracted(path, tree)
    article = _holder(whole, page.body) if page is not None else None
    blocks, remarks = _blocks(article, page.body) if page is not None else ([], [])
    if not any(block.text for block in blocks):
        raise problem(path, None, "holds no article among its menus; save the article's own page")
    title, site = (clean(value or "") for value in (page.title, page.sitename))
    if _FILE_NAME.fullmatch(title):
        title = ""
    url = page.url if page.url and _WEB.fullmatch(page.url) else None
    around = _around(article)
    author = declared_author(whole, around)
    heading, blocks = title_of(blocks, title or None)
    return Document(
        path,
        tuple(blocks),
        title=title or heading,
        language=language,
        date=declared_date(whole, around, url),
        url=url,
        remarks=tuple(remarks),
        note=", ".join(part for part in (author, site) if part) or None,
    )


def _extracted(path: Path, tree: Any) -> Any:
    """Return the article of a page, as trafilatura's Document; None where it finds none."""
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
    """Return the page as text: by its byte order mark, as UTF-8, or in the encoding that it names.

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
    """Return the encoding that a page names in its head; None for none, or for one that cannot be
    meant.

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
    """Return the language that the page says it is in, such as ``fr`` of ``fr-FR``."""
    tag = (tree.get("lang") or tree.get("xml:lang") or "").strip().lower()
    match = _LANGUAGE_TAG.fullmatch(tag)
    return match[1] if match else None


def _blocks(article: Any, extracted: Any) -> tuple[list[Block], list[tuple[int | None, str]]]:
    """Return the blocks of the part of a page that holds the article, and what is not read of it.

    What trafilatura takes for the article tells where it stands; it loses cells and lists, so the
    page's own elements are read there, without those that it left out as a whole.
    """
    whole = _squeezed("".join(extracted.itertext()))
    reader = HtmlBlocks(lambda element: _is_furniture(element, whole))
    return with_unit_headings(reader.read(article)), reader.remarks


def _around(article: Any) -> Any:
    """Return the element that holds an article with its head, where a page has one."""
    marked = article.xpath("ancestor-or-self::article | ancestor-or-self::main")
    return marked[-1] if marked else article


def _holder(root: Any, extracted: Any) -> Any:
    """Return the smallest element that holds most of the texts that were extracted."""
    known = {_squeezed(text) for text in extracted.itertext()} - {""}
    held: dict[Any, int] = {}
    total = 0
    for element in root.iter():
        if isinstance(element.tag, str) and element.tag not in ("script", "style"):
            own = (element.text, *(child.tail for child in element))
            count = sum(len(text) for text in map(_squeezed, filter(None, own)) if text in known)
            total += count
            for around in (element, *element.iterancestors()) if count else ():
                held[around] = held.get(around, 0) + count
    most = [element for element, count in held.items() if count >= _MOST_HELD * total]
    return min(most, key=held.__getitem__, default=root) if total else root


def _is_furniture(element: Any, whole: str) -> bool:
    """Whether an element is no part of the article: what is named or marked so, and nowhere in the
    text that was extracted.
    """
    if element.tag == "aside" and not any(True for _ in element.iter("a")):
        return False  # a note: what leads elsewhere has links
    if element.tag in _FURNITURE or element.get("role") in _FURNITURE_ROLES:
        marked = True
    else:
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        marked = bool(names.strip() and _FURNITURE_NAMES.search(names))
        if not marked and element.tag in ("ul", "ol", "div", "p"):
            marked = _is_links(element)
    return marked and _squeezed("".join(element.itertext()))[:_COMPARED] not in whole


def _is_links(element: Any) -> bool:
    """Whether an element is nothing but links, three or more."""
    links = [link for link in element.iter("a") if link.get("href")]
    if len(links) < _MANY_LINKS:
        return False
    linked = sum(len(_squeezed("".join(link.itertext()))) for link in links)
    return linked >= _MOST_LINKED * len(_squeezed("".join(element.itertext())))


def _squeezed(text: str) -> str:
    """Return a text without its blanks, which trafilatura changes."""
    return "".join(text.split())
