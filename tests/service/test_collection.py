"""Garbage is not looked for while much is loaded, nor in what was loaded."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from bot.service.collection import without_collection


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    """Leave the collector as it was."""
    yield
    gc.enable()
    gc.unfreeze()


@pytest.mark.parametrize(("worth", "frozen"), [(0.0, True), (60.0, False)])
def test_what_took_long_to_load_is_not_looked_through_later(worth: float, *, frozen: bool) -> None:
    """Its objects are put aside; those of a moment stay with the others."""
    gc.unfreeze()
    with without_collection(worth):
        assert not gc.isenabled()
        loaded = [[] for _ in range(1000)]  # type: ignore[var-annotated]
    assert gc.isenabled()
    assert (gc.get_freeze_count() >= len(loaded)) == frozen


def test_an_error_ends_it_too() -> None:
    """The collector is on again whatever happens, unless it was off before."""
    with pytest.raises(ValueError, match="wrong"), without_collection():
        raise ValueError("wrong")
    assert gc.isenabled()
    gc.disable()
    with without_collection():
        pass
    assert not gc.isenabled()
