"""What fuzzing has found, kept; and the fuzzer's targets at work on what they begin with.

``python -m tests.fuzz`` looks for more.
"""

from __future__ import annotations

import contextlib
import functools
import time
from collections.abc import Callable

import pytest

from bot.errors import CorpusError
from tests.fuzz import SLOW, TARGETS

#: Findings by target: inputs that took longer than they may, or raised what is no answer. So far
#: one, and that was a fault of the fuzzer's: a byte that is no UTF-8, as in the names of files.
FOUND = {"markup": [b"\x00+\xdb"]}

#: Tried on every target: what breaks readers most often.
USUAL = [
    b"", b"\0", b"\xff", b"\xef\xbb\xbf", b"---\n", b"---\n---\n", b"<", b"%PDF-", b"PK\x03\x04",
    b"[[question]]\n", b"terms = [", b"\xed\xa0\x80", b"\n" * 3000, b"#" * 3000, b"a\xcc\x81" * 900,
    b"((((" * 900, b"> " * 1500, b"1. " * 1000, b"\xf0\x9f\x98\x80" * 700, b"\xe2\x80\xae" * 900,
    b"0" * 3000, b"a.b." * 700, b"&#0;&#xD800;&#x110000;", b"<p>" * 900, b" \t" * 1500,
    b"/F1 12 Tf (" * 200,
]  # fmt: skip


@functools.cache
def run_of(target: str) -> Callable[[bytes], None]:
    """What a target does with an input; it is built once."""
    return TARGETS[target].build()


@pytest.mark.parametrize("target", TARGETS)
def test_what_was_found(target: str) -> None:
    """What fuzzing begins with, what it found and what breaks readers most is read, or refused by
    one kind of error, and soon.
    """
    run = run_of(target)
    inputs = [*TARGETS[target].seeds(), *USUAL, *FOUND.get(target, ())]
    for data in inputs:
        begun = time.process_time()
        with contextlib.suppress(CorpusError):
            run(data)
        assert time.process_time() - begun < SLOW
