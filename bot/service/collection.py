"""Loading without looking for garbage, which in a corpus of any size stops everybody."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collection(worth: float = 0.0) -> Iterator[None]:
    """Do not look for garbage while something is loaded, nor in it later, if it took ``worth``
    seconds or more.

    There is none in what is loaded, and to look through ten thousand sources holds up every thread
    for a tenth of a second, again and again. What is replaced goes when nothing refers to it.
    """
    enabled, start = gc.isenabled(), time.perf_counter()
    gc.disable()
    try:
        yield
    finally:
        if time.perf_counter() - start >= worth:
            gc.freeze()
        if enabled:
            gc.enable()
