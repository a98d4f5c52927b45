"""What a page declares of itself: when it was published and who wrote it.

Only what is written down for machines counts, in the order in which sites mean it: ``<meta>``,
JSON-LD, ``<time>`` and ``rel=author`` beside the article's text, the page's address. A date in a
sentence or an infobox is of something else.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from typing import Any

from bot.formats.document import clean

# The names of Open Graph, Dublin Core, schema.org, Highwire and older ones, in lower case.
_DATES = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished",
    "citation_publication_date", "citation_date", "dc.date.issued", "dcterms.issued",
    "dcterms.date", "dcterms.created", "dc.date", "dc.date.created", "publication_date", "pubdate",
    "publishdate", "publish-date", "publish_date", "parsely-pub-date", "sailthru.date", "date",
)  # fmt: skip
_AUTHORS = (
    "author", "article:author", "og:article:author", "dc.creator", "dcterms.creator",
    "citation_author", "parsely-author", "byl",
)  # fmt: skip
_DATE = re.compile(r"\s*(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?!\d)")
_IN_ADDRESS = re.compile(r"/(\d{4})[-/](\d{2})[-/](\d{2})(?=[-/_]|$)")
# A line with the date and the author's name is no longer; a sentence is.
_LONGEST_BYLINE = 120
_LONGEST_NAME = 120
_MOST_JSON = 500_000  # characters; pages in use have a tenth
_MOST_NODES = 2_000
_MOST_AUTHORS = 3


def declared_date(tree: Any, article: Any, url: str | None) -> datetime.date | None:
    """Return when a page was published, as it says itself."""
    metas = _metas(tree)
    for name in _DATES:
        if name in metas and (date := _date(metas[name][0])):
            return date
    for node in _json(tree):
        if isinstance(value := node.get("datePublished"), str) and (date := _date(value)):
            return date
    for element in article.iter("time"):
        if _stands_alone(element) and (date := _date(element.get("datetime") or "")):
            return date
    found = _IN_ADDRESS.search(url or "")
    return _date("-".join(found.groups())) if found else None


def declared_author(tree: Any, article: Any) -> str:
    """Return who wrote a page, as it says itself; "" where it does not."""
    metas = _metas(tree)
    for name in _AUTHORS:
        names = [value for value in metas.get(name, ()) if not value.startswith("http")]
        if names:
            return _joined(names)
    for node in _json(tree):
        if names := list(_names(node.get("author"))):
            return _joined(names)
    marked = "[@rel='author' or @itemprop='author']"
    found = [clean("".join(e.itertext())) for e in article.xpath(f".//*{marked}")[:_MOST_AUTHORS]]
    return _joined([" ".join(name.split()) for name in found if name])


def _joined(names: list[str]) -> str:
    """Up to three names, each once."""
    return ", ".join(list(dict.fromkeys(names))[:_MOST_AUTHORS])[:_LONGEST_NAME]


def _metas(tree: Any) -> dict[str, list[str]]:
    """Return the values of the page's ``<meta>``, by their names."""
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        key = element.get("property") or element.get("name") or element.get("itemprop") or ""
        if value := clean(element.get("content") or ""):
            found.setdefault(key.strip().lower(), []).append(value)
    return found


def _json(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of the page's JSON-LD, the outer ones first."""
    for script in tree.iter("script"):
        if (script.get("type") or "").lower() != "application/ld+json":
            continue
        text = script.text or ""
        if len(text) > _MOST_JSON:
            continue
        try:
            waiting = [json.loads(text, strict=False)]
        except (ValueError, RecursionError):
            continue
        seen = 0
        while waiting and seen < _MOST_NODES:
            node, seen = waiting.pop(0), seen + 1
            if isinstance(node, list):
                waiting += node
            elif isinstance(node, dict):
                yield node
                waiting += [node[key] for key in ("@graph", "mainEntity") if key in node]


def _names(author: object) -> Iterator[str]:
    """Yield the names in an author of JSON-LD: a text, an object with a name, or several."""
    if isinstance(author, str) and not author.startswith("http"):
        yield " ".join(clean(author).split())
    elif isinstance(author, dict):
        yield from _names(author.get("name"))
    elif isinstance(author, list):
        for one in author[:_MOST_AUTHORS]:
            if not isinstance(one, list):
                yield from _names(one)


def _stands_alone(element: Any) -> bool:
    """Whether a ``<time>`` stands in a line of its own or a byline, not in a sentence or a cell."""
    around = element.getparent()
    while around is not None and around.tag in ("span", "a", "small", "em", "i", "b", "strong"):
        around = around.getparent()
    if around is None or around.tag in ("td", "th", "li", "dd"):
        return around is None
    text = " ".join("".join(around.itertext()).split())
    return around.tag != "p" or (len(text) <= _LONGEST_BYLINE and not text.endswith("."))


def _date(text: str) -> datetime.date | None:
    found = _DATE.match(text)
    try:
        return datetime.date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
