"""What a line is by its looks, in formats that have no styles: heading, item, pair or columns.

The rules are our own, after how such files are typed: lines of 80 characters at most, one heading,
item or rank a line, columns set apart by tabs or by two spaces or more.
"""

from __future__ import annotations

import re

# A typed line has 80 characters at most; a heading of more than twelve words is a sentence.
_HEADING_CHARACTERS = 80
_HEADING_WORDS = 12
# The words of a rank or a name in a list of them.
_NAME_WORDS = 4

_MARKER = re.compile(r"(\d{1,3}[.)]|\((?:\d{1,3}|[ivxlc]{1,6}|[a-z])\)|(?:[ivxlc]{1,6}|[a-z])\))\s")
# The number of a clause, which has others within it: 2.1, 2.1.3. A figure has no capital behind it.
_CLAUSE = re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,3}\.?)\s{1,9}(?=[A-ZÀ-Þ\"“«(])")
_BULLET = re.compile(r"[-*•–]\s")
_PAIR = re.compile(r"[^:–—=]{1,60}?(?::| [-–—=])\s+\S")
_KEY = re.compile(r"[A-ZÀ-Þ][\w /-]{0,30}:\s+\S")
_GAP = re.compile(r"\t+| {2,}")
# Q: Q1: Question : F: but Q. and A. alone, since a list may have an item F.
_QUESTION = re.compile(
    r"(?:(?:Q|F|Question|Frage)[ \xa0]?\d{0,3}[ \xa0]?:|Q(?:uestion)?[ \xa0]?\d{0,3}[.)])\s*",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    r"(?:(?:A|R|Answer|Réponse|Antwort)[ \xa0]?\d{0,3}[ \xa0]?:|A(?:nswer)?[ \xa0]?\d{0,3}[.)])\s*",
    re.IGNORECASE,
)
_ENDS_IN_A_MARK = (".", ",", ";", ":", "!", "?", "…", "»", "”", '"')
_JOINED = re.compile(r"(?:\w[-‐‑–—]|@)$")


def marker(line: str) -> tuple[str, str] | None:
    """Return the number ("" of a bullet) and the rest of a line that begins an item, else None."""
    if found := _MARKER.match(line):
        return found[1], line[found.end() :].strip()
    if found := _BULLET.match(line):
        return "", line[found.end() :].strip()
    return None


def item(line: str) -> tuple[str, str] | None:
    """Return the same of a line that begins an item or a numbered clause: 2.1 *The fee …*."""
    if found := _CLAUSE.match(line):
        return found[1], line[found.end() :].strip()
    return marker(line)


def is_heading_line(line: str, below: str) -> bool:
    """Return whether a line of its own is a heading of the text ``below`` it.

    It is short, begins with a capital or digit and ends without a mark; below it is a sentence or
    an item, since one short line above another is a list of names, or verse.
    """
    if not below or not is_short(line):
        return False
    return marker(below) is not None or not is_short(below)


def is_short(line: str) -> bool:
    """Return whether a line could be a heading by its length, first letter and end."""
    return (
        0 < len(line) <= _HEADING_CHARACTERS
        and len(line.split()) <= _HEADING_WORDS
        and (line[0].isupper() or line[0].isdigit())
        and not line.endswith(_ENDS_IN_A_MARK)
    )


def is_name(line: str) -> bool:
    """Return whether a line could be one of a list of ranks or names."""
    return is_short(line) and len(line.split()) <= _NAME_WORDS


def is_pair(line: str) -> bool:
    """Return whether a line is a key or a command with what it means."""
    return _PAIR.match(line) is not None


def is_key(line: str) -> bool:
    """Return whether a line begins with a key and a colon: ``Version: 1.21``."""
    return _KEY.match(line) is not None


def columns(line: str) -> list[str]:
    """Return a line's cells, which stand a tab or two spaces or more apart."""
    return [cell.strip() for cell in _GAP.split(line.strip())]


def after_question(line: str) -> str | None:
    """Return what follows ``Q:``, ``Question :`` or ``F:``; None of another line."""
    return line[found.end() :] if (found := _QUESTION.match(line)) else None


def after_answer(line: str) -> str | None:
    """Return what follows ``A:``, ``Réponse :`` or ``R:``; None of another line."""
    return line[found.end() :] if (found := _ANSWER.match(line)) else None


def join(lines: list[str]) -> str:
    """Return hard-wrapped lines as one; what ends in a dash or ``@`` is joined as printed."""
    parts: list[str] = []
    for line in lines:
        if parts and not _JOINED.search(parts[-1][-2:]):
            parts.append(" ")
        parts.append(line.strip())
    return "".join(parts)
