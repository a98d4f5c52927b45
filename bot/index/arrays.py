"""The kinds of arrays that an index is made of, and what is done with them again and again."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int32]
Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]
Bytes: TypeAlias = npt.NDArray[np.uint8]
#: Where each of several ranges begins, and where the last one ends.
Starts: TypeAlias = npt.NDArray[np.int64]

#: Numbers that are worked on at a time, where all at once would need as much memory again.
CHUNK = 1 << 20


def offsets(counts: npt.NDArray[Any]) -> Starts:
    """Where ranges of some lengths begin, one behind the other."""
    return np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))


def group_ids(first: Starts) -> Ints:
    """Return the number of the range that each place lies in."""
    return np.repeat(np.arange(len(first) - 1, dtype=np.int32), np.diff(first))


def counts_of(numbers: Ints, size: int) -> npt.NDArray[np.int64]:
    """How often each number below ``size`` stands there."""
    counts = np.zeros(size, dtype=np.int64)
    for start in range(0, len(numbers), CHUNK):
        counts += np.bincount(numbers[start : start + CHUNK], minlength=size)
    return counts


def counts_within(which: Bools, first: Starts) -> Ints:
    """How many of ``which`` are true in each range."""
    counts = np.zeros(len(first) - 1, dtype=np.int32)
    holds = np.diff(first) > 0  # reduceat knows no range of nothing
    if holds.any():
        counts[holds] = np.add.reduceat(which, first[:-1][holds], dtype=np.int32)
    return counts


def new_ids(which: Bools) -> Ints:
    """Return the new number of each thing when only some are left.

    Of the others, no matter what.
    """
    return (np.cumsum(which) - 1).astype(np.int32)


def expand_ranges(
    starts: npt.NDArray[Any], ends: npt.NDArray[Any]
) -> tuple[npt.NDArray[np.int64], Starts]:
    """Half-open ranges one behind the other, and where each of them begins there (and all end)."""
    first = offsets(ends - starts)
    return np.arange(first[-1]) + np.repeat(starts - first[:-1], np.diff(first)), first


def sort_unique_counts(keys: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], Ints]:
    """Return the distinct keys in ascending order, and how often each stands there; sorts ``keys``
    itself.

    ``np.unique`` has hashed since numpy 2.3, which takes ten times as long for millions of keys.
    """
    keys.sort()
    new = np.ones(len(keys), dtype=bool)
    np.not_equal(keys[1:], keys[:-1], out=new[1:])
    ends = np.append(np.flatnonzero(new).astype(np.int32), np.int32(len(keys)))
    return keys[new], np.diff(ends)
