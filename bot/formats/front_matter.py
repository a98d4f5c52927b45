"""What a text file says of itself before its text: YAML between lines of ``---``, or TOML between
lines of ``+++``.

``title``, ``language``, ``date``, ``url``, ``note`` and ``aliases`` have a meaning; other keys may
hold anything.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bot.formats.document import clean, problem

#: Characters of the largest front matter, some two hundred times what is usual: PyYAML, which is
#: written in Python, reads them in a tenth of a second.
MAX_FRONT_MATTER = 32_000

_FENCE = re.compile(r"(?:---|\+\+\+)[ \t]*")
_ENDS = {"-": re.compile(r"(?:---|\.\.\.)[ \t]*"), "+": re.compile(r"\+\+\+[ \t]*")}
# What begins front matter, and no text below a rule: a key, or keys between braces.
_KEY = re.compile(r"(?:[\"']?[\w][\w .-]{0,60}[\"']?\s*:(?:\s|$)|\{)")
_LANGUAGE = re.compile(r"[a-z]{2}")
_WEB = re.compile(r"https?://[^\s<>\"]+")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[Tt ]\s*\d{1,2}:\d{2}.*)?")
_QUOTE = "write one 'key: value' a line, a value with punctuation between quotation marks"
_SCALARS = ("title", "language", "date", "url", "note")
# What tomllib takes time or memory for that grows with the square: long dotted or bare names.
_OVERLONG = re.compile(r"\w{200}")
_MOST_DOTS = 32  # in a line
_TOML_STRING = re.compile(r"\"[^\"\n]*+\"?|'[^'\n]*+'?|#[^\n]*+")
_TOML_LINE = re.compile(r"at line (\d+)")


@dataclass(frozen=True)
class FrontMatter:
    """What a file says of itself, and how many lines that takes."""

    title: str | None = None
    language: str | None = None
    date: datetime.date | None = None
    url: str | None = None
    note: str | None = None
    aliases: tuple[str, ...] = ()
    lines: dict[str, int] = field(default_factory=dict)  #: of each key
    length: int = 0  #: in lines


def read_front_matter(path: Path, lines: list[str]) -> FrontMatter:
    """Return the front matter of a file's lines; one of no length where there is none.

    Raises CorpusError, naming the file and line, for what is wrong in it.
    """
    if not lines or not _FENCE.fullmatch(lines[0]):
        return FrontMatter()
    mark = lines[0][0]
    if mark == "-" and not _begins(lines):
        return FrontMatter()
    end = _end(path, lines, mark)
    read = _yaml if mark == "-" else _toml
    values, lines_of = read(path, lines[1:end])
    scalars = {key: value for key, value in values.items() if isinstance(value, str)}
    given = values.get("aliases", ())
    aliases = tuple(given.split(",")) if isinstance(given, str) else given
    return FrontMatter(
        title=scalars.get("title"),
        language=_language(path, lines_of, scalars.get("language")),
        date=_date(path, lines_of, scalars.get("date")),
        url=_url(path, lines_of, scalars.get("url")),
        note=scalars.get("note"),
        aliases=tuple(dict.fromkeys(alias.strip() for alias in aliases if alias.strip())),
        lines=lines_of,
        length=end + 1,
    )


def _begins(lines: list[str]) -> bool:
    """Whether a first line of ``---`` begins front matter, and is no rule: a key follows, or its
    end.
    """
    following = next((line for line in lines[1:] if not line.startswith("#")), "")
    return bool(_ENDS["-"].fullmatch(following) or _KEY.match(following))


def _end(path: Path, lines: list[str], mark: str) -> int:
    """Return the line that closes the front matter, from 0. Raises CorpusError for none, and for
    more than ``MAX_FRONT_MATTER``.
    """
    closing = _ENDS[mark]
    end = next((i for i, line in enumerate(lines[1:], 1) if closing.fullmatch(line)), None)
    if end is None:
        reason = f"the front matter that begins here has no closing line of {mark * 3}"
        raise problem(path, 1, reason)
    if (size := sum(map(len, lines[1:end])) + end - 1) > MAX_FRONT_MATTER:
        most = f"more than the {MAX_FRONT_MATTER:,} that it may have"
        advice = f"move what is text below its closing line of {mark * 3}"
        raise problem(path, 1, f"the front matter has {size:,} characters, {most}; {advice}")
    return end


_Values = dict[str, str | tuple[str, ...]]


def _yaml(path: Path, lines: list[str]) -> tuple[_Values, dict[str, int]]:
    """Return the values that have a meaning, and the line of each."""
    try:
        # Composed, not loaded: every scalar stays text (no "no" -> False) and keeps its line.
        node = yaml.compose("\n".join(lines), Loader=yaml.BaseLoader)
    except yaml.reader.ReaderError as error:
        line = "\n".join(lines).count("\n", 0, error.position) + 2
        raise problem(path, line, f"broken front matter: {error.reason}; remove them") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = min(mark.line + 2, len(lines) + 2) if mark else 1
        raise problem(path, line, f"broken front matter ({error.problem}); {_QUOTE}") from error
    except (ValueError, OverflowError, RecursionError) as error:  # what PyYAML lets through
        raise problem(path, 1, f"broken front matter; {_QUOTE}") from error
    if node is None:
        return {}, {}
    if not isinstance(node, yaml.MappingNode):
        raise problem(path, 2, "broken front matter: expected lines such as 'title: The title'")
    values: _Values = {}
    lines_of: dict[str, int] = {}
    for key, value in node.value:
        line = key.start_mark.line + 2
        if not isinstance(key, yaml.ScalarNode):
            raise problem(path, line, "broken front matter: a key must be one word")
        if key.value not in (*_SCALARS, "aliases"):
            continue
        if key.value in values:
            raise problem(path, line, f"broken front matter: {key.value} is given twice")
        items = value.value if isinstance(value, yaml.SequenceNode) else [value]
        if not all(isinstance(item, yaml.ScalarNode) for item in items):
            items = []
        texts = tuple(_line(item.value) for item in items)
        values[key.value] = _checked(path, line, key.value, value, texts)
        lines_of[key.value] = line
    return values, lines_of


def _checked(
    path: Path, line: int, key: str, value: object, texts: tuple[str, ...]
) -> str | tuple[str, ...]:
    """Return a key's value. Raises CorpusError where it is not of the kind that the key has."""
    listed = isinstance(value, yaml.SequenceNode | list)
    if key == "aliases" and (texts or listed):
        return texts if listed else texts[0]
    if listed or not texts:
        what = "a list of names" if key == "aliases" else "one line of text"
        raise problem(path, line, f"broken front matter: {key} must be {what}")
    return texts[0]


def _toml(path: Path, lines: list[str]) -> tuple[_Values, dict[str, int]]:
    """Return the same of TOML."""
    for number, line in enumerate(lines, 2):
        bare = _TOML_STRING.sub("", line)
        if bare.count(".") > _MOST_DOTS or _OVERLONG.search(bare):
            raise problem(path, number, "broken front matter: a name or a number is too long")
    try:
        data = tomllib.loads("\n".join(lines))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place = _TOML_LINE.search(str(error))
        line_of = min(int(place[1]) + 1 if place else 1, len(lines) + 2)
        raise problem(path, line_of, f"broken front matter ({error})") from error
    values: _Values = {}
    lines_of: dict[str, int] = {}
    for key in (key for key in (*_SCALARS, "aliases") if key in data):
        value = data[key]
        starts = (n for n, line in enumerate(lines, 2) if line.lstrip().startswith(key))
        lines_of[key] = next(starts, 1)
        items = value if isinstance(value, list) else [value]
        if not all(isinstance(item, str | int | float | datetime.date) for item in items):
            items = []
        texts = tuple(_line(str(item)) for item in items)
        values[key] = _checked(path, lines_of[key], key, value, texts)
    return values, lines_of


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _language(path: Path, lines_of: dict[str, int], value: str | None) -> str | None:
    if not value:
        return None
    if not _LANGUAGE.fullmatch(value.lower()):
        reason = "language must be two letters of ISO 639-1, such as fr or en"
        raise problem(path, lines_of["language"], reason)
    return value.lower()


def _date(path: Path, lines_of: dict[str, int], value: str | None) -> datetime.date | None:
    """Return the day of a date, which may carry a time."""
    if not value:
        return None
    day = _DAY.fullmatch(value)
    try:
        return datetime.date.fromisoformat(day[1] if day else value)
    except ValueError as error:
        raise problem(path, lines_of["date"], "date must be YYYY-MM-DD") from error


def _url(path: Path, lines_of: dict[str, int], value: str | None) -> str | None:
    if value and not _WEB.fullmatch(value):
        raise problem(path, lines_of["url"], "url must begin with https:// or http://")
    return value or None
