"""Two arrays one behind the other, read as one without copying either.

What stands in an index of a hundred thousand sentences is shared by every server; what a server
has of its own stands behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar, cast, overload

import numpy as np
import numpy.typing as npt

_Array = TypeVar("_Array", bound=npt.NDArray[Any])
_Item = TypeVar("_Item")


class _Stacked:
    """An array of two parts. It can be indexed by numbers from 0, slices and integer arrays."""

    def __init__(self, first: npt.NDArray[Any], second: npt.NDArray[Any]) -> None:
        self.first, self.second = first, second
        self._size = len(first)
        self._length = len(first) + len(second)

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, place: Any) -> Any:
        size = self._size
        if isinstance(place, slice):
            start, end, _ = place.indices(self._length)
            if end <= size:
                return self.first[start:end]
            if start >= size:
                return self.second[start - size : end - size]
            return np.concatenate((self.first[start:], self.second[: end - size]))
        if not isinstance(place, np.ndarray):
            return self.first[place] if place < size else self.second[place - size]
        if not size:
            return self.second[place]
        found = self.first.take(place, mode="clip")
        behind = place >= size
        if behind.any():
            found[behind] = self.second[place[behind] - size]
        return found

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[Any]:
        whole = np.concatenate((self.first, self.second))
        return whole.astype(dtype or whole.dtype, copy=False)


class _Patched(_Stacked):
    """The same with other values at some places, which are in ascending order."""

    def __init__(
        self,
        first: npt.NDArray[Any],
        second: npt.NDArray[Any],
        places: npt.NDArray[Any],
        values: npt.NDArray[Any],
    ) -> None:
        super().__init__(first, second)
        self._places, self._values = places, values

    def __getitem__(self, place: Any) -> Any:
        numbers = np.atleast_1d(place)
        found = super().__getitem__(numbers)
        row = np.minimum(np.searchsorted(self._places, numbers), len(self._places) - 1)
        found = np.where(self._places[row] == numbers, self._values[row], found)
        return found if isinstance(place, np.ndarray) else found[0]


def stacked(first: _Array, second: _Array) -> _Array:
    """Return two arrays as one that can be indexed; all else about it is a copy of both."""
    return cast("_Array", _Stacked(first, second))


def patched(
    first: _Array, second: _Array, places: npt.NDArray[Any], values: npt.NDArray[Any]
) -> _Array:
    """Return the same with other values at some places, given in ascending order."""
    return cast("_Array", _Patched(first, second, places, values) if len(places) else
                _Stacked(first, second))  # fmt: skip


class StackedSequence(Sequence[_Item]):
    """Two sequences one behind the other."""

    def __init__(self, first: Sequence[_Item], second: Sequence[_Item]) -> None:
        self._first, self._second = first, second

    def __len__(self) -> int:
        return len(self._first) + len(self._second)

    @overload
    def __getitem__(self, place: int) -> _Item: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[_Item]: ...
    def __getitem__(self, place: int | slice) -> _Item | Sequence[_Item]:
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(len(self)))]
        size = len(self._first)
        return self._first[place] if place < size else self._second[place - size]
