"""The small TOML files beside the articles, with errors that name the line."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from bot.errors import CorpusError, Problem

#: Bytes of the largest file: some 20,000 questions, which tomllib reads in 2 s.
MAX_TOML_BYTES = 2_000_000

#: With so many problems in a file, the others are told when these are mended.
MAX_PROBLEMS = 100

_LINE = re.compile(r"at line (\d+)")

# Strings and comments, which may be of any length. What is left are the names of keys, which have
# few parts here, and numbers, which have few digits: tomllib's memory grows with the square of the
# parts of a key, and Python does not write numbers of more than 4,300 digits.
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?(?:"""|\Z)|\'\'\'.*?(?:\'\'\'|\Z)'
    r'|"(?:[^"\\\n]|\\[^\n])*+"?|\'[^\'\n]*+\'?|#[^\n]*+',
    re.DOTALL,
)
_MOST_DOTS = 32  # in a line
_OVERLONG = re.compile(r"\w{200}")


def read_toml(path: Path) -> tuple[str, dict[str, Any]]:
    """A file's text and what it says. Raises CorpusError where it cannot be read."""
    try:
        if (size := path.stat().st_size) > MAX_TOML_BYTES:
            reason = f"has {size:,} bytes, more than {MAX_TOML_BYTES:,}; remove what is not needed"
            raise CorpusError([Problem(path, None, reason)])
        text = path.read_text(encoding="utf-8-sig")
        _refuse_overlong(path, text)
        return text, tomllib.loads(text)
    except OSError as error:
        reason = f"cannot be read ({(error.strerror or str(error)).lower()}); mend it or remove it"
        raise CorpusError([Problem(path, None, reason)]) from error
    except UnicodeDecodeError as error:
        reason = "is not UTF-8 text; save the file as UTF-8"
        raise CorpusError([Problem(path, None, reason)]) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place = _LINE.search(str(error))
        line = int(place[1]) if place else text.count("\n") + 1  # "at end of document"
        raise CorpusError([Problem(path, line, f"is not valid TOML: {error}")]) from error


def _refuse_overlong(path: Path, text: str) -> None:
    """Raise CorpusError for a key or a number longer than any that has a meaning here."""
    bare = _STRING.sub(lambda found: "\n" * found[0].count("\n"), text)
    for number, line in enumerate(bare.split("\n"), 1):
        if line.count(".") > _MOST_DOTS or _OVERLONG.search(line):
            reason = "is not valid TOML: a name or a number is too long"
            raise CorpusError([Problem(path, number, reason)])


def line_of(text: str, written: str) -> int | None:
    """The last line that holds a string: where the later of two stands; None if none does."""
    place = max(text.rfind(f"{mark}{written}{mark}") for mark in "\"'")
    return text.count("\n", 0, place) + 1 if place >= 0 else None
