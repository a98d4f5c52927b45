"""Indexes kept on disk, so that a restart loads what has not changed instead of building it again.

An entry is a folder: one ``.npy`` file an array, which are mapped into memory and read as they are
needed, and a manifest with their checksums. It is written beside and renamed into place, so that it
is whole or not there. An entry of another version of the code, a damaged one and one of anything
else are left alone and the index is built again. The checksums tell damage, not malice: who may
write the cache may write the corpus as well.
"""

from __future__ import annotations

import gc
import json
import logging
import shutil
import tempfile
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.corpus.folder import FolderState
from bot.index.build import Index
from bot.index.serialization import Snapshot, dump, load

log = logging.getLogger(__name__)

_MANIFEST = "manifest.json"
_UNFINISHED = ".unfinished-"

#: Seconds after which nobody is writing an entry any more.
_ABANDONED = 3600

#: What makes a difference to what is read and indexed, beside our own code.
_LIBRARIES = ("numpy", "pypdf", "PyStemmer", "python-docx", "trafilatura")


class Cache:
    """Saved indexes of the folders of one machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load(self, corpus: Path) -> tuple[FolderState, Index] | None:
        """The newest whole entry of a corpus's folder that this code has written, or None."""
        for entry in self._entries(corpus):
            try:
                with _no_collection():
                    return load(_read(entry))
            except (OSError, LookupError, TypeError, ValueError) as error:
                log.warning("the cache %s is not used: %s", entry, error)
        return None

    def save(self, corpus: Path, reading: FolderState, index: Index) -> None:
        """Keep an index in place of older ones of the same folder. A cache that cannot be written
        is a warning in the log, nothing more.
        """
        try:
            self._save(corpus, dump(reading, index))
        except OSError as error:
            log.warning("the cache %s cannot be written: %s", self.folder, error.strerror or error)

    def _save(self, corpus: Path, stored: Snapshot) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        older = [*self._entries(corpus), *self._abandoned()]
        beside = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=self.folder))
        try:
            _write(beside, stored)
            name = f"{_key(corpus)}-{beside.name.removeprefix(_UNFINISHED)}"
            beside.rename(self.folder / name)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
        for entry in older:
            shutil.rmtree(entry, ignore_errors=True)  # Windows keeps what is mapped: next time

    def _entries(self, corpus: Path) -> list[Path]:
        """The entries of a corpus's folder, the newest first."""
        found = self.folder.glob(f"{_key(corpus)}-*")
        return sorted(found, key=lambda entry: entry.stat().st_mtime_ns, reverse=True)

    def _abandoned(self) -> Iterator[Path]:
        """What runs that were killed have left unfinished."""
        for entry in self.folder.glob(f"{_UNFINISHED}*"):
            if time.time() - entry.stat().st_mtime > _ABANDONED:
                yield entry


@contextmanager
def _no_collection() -> Iterator[None]:
    """Without looking for garbage: in what is loaded is none, neither now nor later, and to look
    would take as long again.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if enabled:
            gc.enable()


def _key(corpus: Path) -> str:
    """What the entries of a corpus's folder are named by."""
    return sha256(str(corpus.absolute()).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def code_version() -> str:
    """The version of everything that a stored index depends on but the corpus."""
    from importlib.metadata import version  # slow to import, and not needed without an entry

    digest = sha256(unicodedata.unidata_version.encode())
    for library in _LIBRARIES:
        digest.update(f"{library} {version(library)}".encode())
    for path in sorted(Path(__file__).parents[1].rglob("*")):
        if path.suffix in (".py", ".tsv", ".txt"):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _write(folder: Path, stored: Snapshot) -> None:
    """Write an entry, its manifest last."""
    for name, array in stored.arrays.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)
    manifest = {
        "code": code_version(),
        "arrays": {name: _checksum(array) for name, array in stored.arrays.items()},
        "meta": stored.meta,
    }
    text = json.dumps(manifest, ensure_ascii=False)
    digest = sha256(text.encode()).hexdigest()
    (folder / _MANIFEST).write_text(f"{digest}\n{text}", encoding="utf-8")


def _read(folder: Path) -> Snapshot:
    """Read an entry. Raises OSError, LookupError, TypeError or ValueError for one that is not to be
    trusted.
    """
    digest, _, text = (folder / _MANIFEST).read_text(encoding="utf-8").partition("\n")
    if sha256(text.encode()).hexdigest() != digest:
        raise ValueError("its manifest is damaged")
    manifest = json.loads(text)
    if manifest["code"] != code_version():
        raise ValueError("it is of another version")
    arrays = dict(_arrays(folder, manifest["arrays"]))
    return Snapshot(manifest["meta"], arrays)


def _arrays(
    folder: Path, checksums: dict[str, list[int]]
) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    for name, checksum in checksums.items():
        array = np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
        if _checksum(array) != checksum:
            raise ValueError(f"{name}.npy is damaged")
        yield name, array.view(np.ndarray)


def _checksum(array: npt.NDArray[Any]) -> list[int]:
    """Bytes, and the sum of them as 64-bit words: as fast as memory is, where a CRC of a million
    sentences would take longer than all the rest of loading them.
    """
    data = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
    whole = len(data) // 8 * 8
    rest = int.from_bytes(data[whole:].tobytes(), "little")
    return [len(data), int(np.add.reduce(data[:whole].view(np.uint64))) + rest]
