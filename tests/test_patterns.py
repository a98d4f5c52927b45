"""Regular expressions, and what scans text with them: their time grows as the text does."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import product
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import pytest

import bot
from bot.chat.markup import bold, clip, cut, cut_start, escape, one_line
from bot.errors import CorpusError, printable
from bot.formats.document import clean
from bot.formats.pdf_blocks import blocks_of
from bot.formats.pdf_lines import Line
from bot.formats.reader import read_document
from bot.text.aliases import title_aliases
from bot.text.answer_types import expected_answer_type
from bot.text.clauses import clauses
from bot.text.definitions import definition_question, definitions
from bot.text.filler import courtesy, strip_filler
from bot.text.frames import frame_words
from bot.text.language import detect_language
from bot.text.sentences import sentence_spans
from bot.text.tokens import folded_words, tokens
from bot.text.unit_headings import paragraph_marker, unit_heading
from bot.text.unit_references import bare_number, unit_references
from bot.text.values import find_values

ROOT = Path(__file__).parents[1]
MODULES = [
    importlib.import_module(info.name)
    for info in pkgutil.walk_packages(bot.__path__, "bot.")
    if info.name not in ("bot.__main__", "bot.demo")
] + [importlib.import_module(name) for name in ("bot.__main__", "bot.demo")]

#: Characters of a hostile string for a pattern, and for what scans a text with several of them.
LONG, SCANNED = 24_000, 16_000
#: How many times shorter the string is that it is compared with.
SHORTER = 16
#: Processor seconds after which a search is taken for endless, and under which none is looked at
#: twice: what takes the square of the length takes more.
ENDLESS, QUICK = 1.0, 0.1
#: How many times longer the 16-fold length may take: linear is 16, quadratic 256.
GROWTH = 160

#: How a pattern is used; what is not match or fullmatch looks at every place of a text.
ANCHORED = ("match", "fullmatch")


def patterns_in(value: object, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    """The patterns that a value is or holds."""
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 3:
        if isinstance(value, dict):
            value = [*value.keys(), *value.values()]
        if isinstance(value, (list, tuple, set, frozenset)):
            for item in value:
                yield from patterns_in(item, depth + 1)
        elif isinstance(value, type) and value.__module__.startswith("bot."):
            for item in vars(value).values():
                yield from patterns_in(item, depth + 1)


def methods_of(name: str, value: object) -> set[str]:
    """The methods of a global that the modules that have it call."""
    sources = [Path(str(one.__file__)) for one in MODULES if vars(one).get(name) is value]
    code = "".join(path.read_text(encoding="utf-8") for path in sources)
    return set(re.findall(rf"\b{name}\.(\w+)\(", code)) or {"search"}


Used = tuple[re.Pattern[Any], frozenset[str]]
PATTERNS: dict[str, Used] = {
    f"{module.__name__}.{name}{f'[{number}]' if number else ''}": (
        pattern,
        frozenset(methods_of(name, value) if value is pattern else {"search", "fullmatch"}),
    )
    for module in MODULES
    for name, value in vars(module).items()
    for number, pattern in enumerate(patterns_in(value))
}


def samples(tree: Any, atoms: set[str]) -> str:
    """A text like those that a parsed pattern matches; ``atoms`` gets what it is made of."""
    made = ""
    for kind, value in tree:
        what = str(kind)
        if what in ("LITERAL", "NOT_LITERAL"):
            char = chr(value) if what == "LITERAL" else "x"
            atoms.add(char)
            made += char
        elif what == "IN":
            made += _sample_of_set(value, atoms)
        elif what in ("ANY", "CATEGORY"):
            made += "x"
        elif what in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            part = samples(value[2], atoms)
            atoms.add(part)
            made += part * max(value[0], 1)
        elif what == "SUBPATTERN":
            made += samples(value[-1], atoms)
        elif what == "ATOMIC_GROUP":
            made += samples(value, atoms)
        elif what == "BRANCH":
            parts = [samples(branch, atoms) for branch in value[1]]
            atoms.update(parts[:8])
            made += max(parts, key=len)
        elif what == "ASSERT_NOT":
            samples(value[1], atoms)
    return made


def _sample_of_set(items: Any, atoms: set[str]) -> str:
    chars = []
    for kind, value in items:
        if str(kind) == "LITERAL":
            chars.append(chr(value))
        elif str(kind) == "RANGE":
            chars += [chr(value[0]), chr(value[1])]
        elif str(kind) == "CATEGORY":
            name = str(value)
            chars += [{"DIGIT": "1", "SPACE": " "}.get(name.removeprefix("CATEGORY_"), "a")]
    if str(items[0][0]) == "NEGATE":
        chars = [char for char in "a1 .<" if char not in chars] or ["é"]
    atoms.update(chars[:4])
    return chars[0]


def families(patterns: list[re.Pattern[Any]]) -> Iterator[tuple[str, str, str]]:
    """Hostile strings: a beginning, what is repeated, and an end that nearly fits or does not."""
    atoms: set[str] = {" ", "a", "1", "\n"}
    wholes: set[str] = set()
    for pattern in patterns:
        text = pattern.pattern
        source = text.decode("latin-1") if isinstance(text, bytes) else text
        wholes.add(samples(re._parser.parse(source, pattern.flags & ~re.UNICODE), atoms))  # type: ignore[attr-defined]
    short = sorted((atom for atom in atoms if atom), key=lambda atom: (len(atom), atom))
    short = [*short[:14], *short[14 :: max(1, len(short) // 8)]]
    for atom in short:
        yield "", atom, "\0"
        yield "\0", atom, ""
    for one, other in product(short[:10], repeat=2):
        if one != other:
            yield "", one + other, "\0"
    for whole in sorted(wholes - {""}):
        yield "", whole, "\0"
        yield "", whole[:-1] + " ", ""
        yield "", whole[:-1] or whole, "\0"
        for atom in short:
            yield whole, atom, "\0"
            yield whole[:-1], atom, "\0"


class Endless(Exception):
    """A search was ended."""


def seconds(run: Callable[[], object]) -> float:
    """Processor seconds that something takes; Endless if it takes too many."""

    def end(_: int, __: FrameType | None) -> None:
        raise Endless

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, ENDLESS)
    try:
        start = time.process_time()
        run()
        return time.process_time() - start
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def assert_linear(run: Callable[[str], object], family: tuple[str, str, str], length: int) -> None:
    """What is run on a string of 16 times the length takes not much more than 16 times as long."""
    first, atom, last = family

    def hostile(size: int) -> str:
        return first + atom * (size // len(atom)) + last

    long, short = hostile(length), hostile(length // SHORTER)
    try:
        if (took := seconds(lambda: run(long))) <= QUICK:
            return
        base = min(seconds(lambda: run(short)) for _ in range(3))
        took = min(took, seconds(lambda: run(long)))
    except Endless:
        raise AssertionError(f"more than {ENDLESS} s for {long[:40]!r}…") from None
    assert took <= max(QUICK, GROWTH * base), (
        f"{took:.2f} s for {long[:40]!r}…, {base:.4f} s for a 16th"
    )


def assert_all_linear(run: Callable[[str], object], patterns: list[re.Pattern[Any]]) -> None:
    """No hostile string that is made of the patterns' parts takes more than linear time."""
    for family in families(patterns):
        assert_linear(run, family, LONG)


posix = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="searches cannot be ended")


@posix
@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_takes_linear_time(name: str) -> None:
    """No string made of a pattern's own parts makes a search take the square of its length."""
    pattern, methods = PATTERNS[name]

    def run(text: str) -> None:
        searched = text.encode("latin-1", "replace") if binary else text
        for method in methods & set(ANCHORED):
            getattr(pattern, method)(searched)
        if methods - set(ANCHORED):
            for _ in pattern.finditer(searched):
                pass

    binary = isinstance(pattern.pattern, bytes)
    assert_all_linear(run, [pattern])


def test_the_patterns_are_found() -> None:
    """Patterns of every kind are among those that are tried: plain, in a list, of a button."""
    assert len(PATTERNS) > 40
    for name in (
        "bot.formats.reader._HTML_MARK",
        "bot.text.answer_types._ASKED[1]",
        "bot.chat.answers.RemoveButton",
    ):
        assert name in PATTERNS


def test_a_slow_pattern_would_be_found() -> None:
    """The strings do find patterns that take the square of the length, or all of eternity."""
    for slow in (r"\w+:", r"[ \t]*\n", r"(?:<!--.{0,99}?-->)*<html", r"(a+)+$"):
        pattern = re.compile(slow)
        with pytest.raises(AssertionError):
            assert_all_linear(pattern.search, [pattern])


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_pattern_is_a_constant(module: ModuleType) -> None:
    """A pattern stands where this test finds it: compiled, and outside of functions."""
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    inner = {id(node) for function in functions for node in ast.walk(function)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if isinstance(node.func.value, ast.Name) and node.func.value.id == "re":
            assert node.func.attr in ("compile", "escape"), f"line {node.lineno}"
            assert id(node) not in inner, f"line {node.lineno}"


def read(ending: str, frame: str = "{}") -> Callable[[str], object]:
    """Read a text as a file of an ending, whether it is right or not."""

    def run(text: str) -> None:
        with suppress(CorpusError):
            read_document(Path(f"a{ending}"), frame.format(text).encode("utf-8", "replace"))

    return run


def laid_out(text: str) -> object:
    """A text as the lines of a PDF."""
    pieces = [text[at : at + 20] for at in range(0, len(text), 20)]
    lines = [Line(1, 0.0, -12.0 * n, 10.0, p) for n, p in enumerate(pieces) if p.strip()]
    return blocks_of(lines)


#: What goes over texts from outside.
SCANS: dict[str, Callable[[str], object]] = {
    "words": tokens,
    "folded words": folded_words,
    "sentences": sentence_spans,
    "values": lambda text: [find_values(text, language) for language in ("en", "fr")],
    "clean": clean,
    "language": lambda text: detect_language(folded_words(text)),
    "clauses": clauses,
    "form": lambda text: frame_words(folded_words(text), "en"),
    "courtesy": courtesy,
    "chatter": lambda text: strip_filler(*[folded_words(text)] * 2),
    "kind": lambda text: expected_answer_type(text, folded_words(text)),
    "unit": unit_heading,
    "unit in a heading": lambda text: unit_heading(text, is_heading=True),
    "marker": paragraph_marker,
    "references": unit_references,
    "number of a follow-up": bare_number,
    "definitions": definitions,
    "definition asked for": definition_question,
    "names": lambda text: title_aliases(text, text),
    "lines of a PDF": laid_out,
    "escape": escape,
    "one line": one_line,
    "clip": lambda text: clip(text, 100),
    "cut": lambda text: cut(text, 500),
    "cut at the start": lambda text: cut_start(text, 500),
    "bold": lambda text: bold(text, (), 500),
    "printable": printable,
    "text": read(".txt"),
    "front matter": read(".txt", "---\ntitle: {}\n---\nA."),
    "mark of a page": read(".txt", "<!---->{}"),
}
#: Marks of two classes, which Unicode's decompositions sort, and what else folding takes apart.
MARKS = [("a", "\u0301\u0323", ""), ("", "\u0e38\u0e48", "x"), ("", "ﾞﾟ", ""), ("", "\ufdfa", "")]


@posix
@pytest.mark.parametrize("scan", SCANS)
def test_a_scan_takes_linear_time(scan: str) -> None:
    """Neither do such strings make what goes over texts take the square of their length."""
    every = [pattern for pattern, _ in PATTERNS.values() if isinstance(pattern.pattern, str)]
    atoms: dict[tuple[str, str, str], None] = dict.fromkeys(MARKS)
    for pattern in every:
        atoms |= dict.fromkeys(f for f in families([pattern]) if f[0] == "" and len(f[1]) < 30)
    for family in list(atoms)[:: max(1, len(atoms) // 60)]:
        assert_linear(SCANS[scan], family, SCANNED)
