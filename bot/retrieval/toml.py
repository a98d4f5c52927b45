"""The small TOML files beside the articles, with errors that name the line."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from bot.errors import CorpusError, Problem

_LINE = re.compile(r"at line (\d+)")


def read_toml(path: Path) -> tuple[str, dict[str, Any]]:
    """A file's text and what it says. Raises CorpusError where it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
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


def line_of(text: str, written: str) -> int | None:
    """The last line that holds a string: where the later of two stands; None if none does."""
    place = max(text.rfind(f"{mark}{written}{mark}") for mark in "\"'")
    return text.count("\n", 0, place) + 1 if place >= 0 else None
