"""Indexes kept on disk, so that a restart loads what has not changed instead of building it again.

An entry is a folder: one ``.npy`` file an array, and a manifest with the sizes and checksums of the
files. It is written beside and renamed into place, so that it is whole or not there. An entry of
another version of the code, a damaged one and one of anything else are left alone and the index is
built again. What was checked is what is used: the files are read, not mapped into memory, since a
mapped file that is cut short later ends the program. The checksums tell damage, not malice: who may
write the cache may write the corpus as well.
"""

from __future__ import annotations

import io
import json
import logging
import re
import shutil
import sys
import tempfile
import time
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.corpus.folder import FolderState
from bot.index.build import Index
from bot.index.serialization import Snapshot, dump, load
from bot.service.collection import without_collection

log = logging.getLogger(__name__)

_MANIFEST = "manifest.json"
_UNFINISHED = ".unfinished-"

# Bytes that hold the header of an array's file: it says no more than kind and shape.
_HEADER = 4096

#: Seconds after which nobody is writing an entry any more.
_ABANDONED = 3600

#: The libraries that read, split and stem what is indexed; what they need in turn counts as well.
_READERS = (
    "lxml",
    "lxml_html_clean",
    "markdown-it-py",
    "mdit-py-plugins",
    "numpy",
    "pypdf",
    "PyStemmer",
    "python-docx",
    "PyYAML",
    "rank-bm25",
    "trafilatura",
    "text2num",
)

_PACKAGE = Path(__file__).parents[1]

_REQUIRED_NAME = re.compile(r"[\w.-]+")


class Cache:
    """Saved indexes of the folders of one machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load(self, corpus: Path) -> tuple[FolderState, Index] | None:
        """Return the newest whole entry of a folder that this code has written, or None."""
        for entry in self._entries(corpus):
            try:
                with without_collection():
                    return load(_read(entry))
            except Exception as error:  # noqa: BLE001  # no damage may keep the bot from starting
                log.warning("the cache %s is not used: %s", entry, error or type(error).__name__)
        return None

    def save(self, corpus: Path, reading: FolderState, index: Index) -> None:
        """Keep an index in place of older ones of the same folder. A cache that cannot be written
        is a warning in the log, nothing more.
        """
        try:
            self._save(corpus, dump(reading, index))
        except Exception as error:  # noqa: BLE001  # the bot answers without a cache as well
            reason = getattr(error, "strerror", None) or error
            log.warning("the cache %s cannot be written: %s", self.folder, reason)

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
        """Return the entries of a corpus's folder, the newest first."""
        return sorted(self._found(f"{_key(corpus)}-*"), key=_modified, reverse=True)

    def _abandoned(self) -> Iterator[Path]:
        """Yield what runs that were killed have left unfinished."""
        for entry in self._found(f"{_UNFINISHED}*"):
            if 0 < _modified(entry) < time.time() - _ABANDONED:
                yield entry

    def _found(self, pattern: str) -> list[Path]:
        """Return what the cache holds under some names; nothing where it cannot be looked at."""
        try:
            return list(self.folder.glob(pattern))
        except OSError:
            return []


def _modified(entry: Path) -> float:
    """When an entry was written, in seconds since 1970; 0 if another bot has just removed it."""
    try:
        return entry.stat().st_mtime
    except OSError:
        return 0.0


def _key(corpus: Path) -> str:
    """Return what the entries of a corpus's folder are named by."""
    return sha256(str(corpus.absolute()).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def code_version(package: Path = _PACKAGE) -> str:
    """Return the version of everything that a stored index depends on but the corpus: Python, every
    file of our own package, the lexicon among them, and the libraries that read.
    """
    digest = sha256(f"{sys.version} {unicodedata.unidata_version}".encode())
    for library, version in _versions(_READERS).items():
        digest.update(f"{library} {version}\n".encode())
    for path in sorted(package.rglob("*")):
        if path.is_file() and path.parent.name != "__pycache__":
            digest.update(f"{path.relative_to(package).as_posix()}\n".encode())
            digest.update(sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _versions(libraries: Iterable[str]) -> dict[str, str | None]:
    """Return the installed version of some libraries and of all that they need; None of what is not
    installed, as on another system.
    """
    from importlib import metadata  # slow to import, and not needed without an entry

    found: dict[str, str | None] = {}
    waiting = list(libraries)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            found[name] = metadata.version(name)
            needed = metadata.requires(name) or ()
        except metadata.PackageNotFoundError:
            found[name] = None
            continue
        waiting += [
            match[0].lower()
            for requirement in needed
            if "extra" not in requirement.partition(";")[2]
            and (match := _REQUIRED_NAME.match(requirement))
        ]
    return dict(sorted(found.items()))


def _write(folder: Path, stored: Snapshot) -> None:
    """Write an entry, its manifest last."""
    files: dict[str, tuple[int, int]] = {}
    for name, array in stored.arrays.items():
        path = folder / f"{name}.npy"
        np.save(path, array, allow_pickle=False)
        data = path.read_bytes()
        files[name] = len(data), zlib.crc32(data)
    manifest = {"code": code_version(), "arrays": files, "meta": stored.meta}
    text = json.dumps(manifest, ensure_ascii=False)
    digest = sha256(text.encode()).hexdigest()
    (folder / _MANIFEST).write_text(f"{digest}\n{text}", encoding="utf-8")


def _read(folder: Path) -> Snapshot:
    """Read an entry. Raises an error of any kind for one that is not to be trusted."""
    if not (folder / _MANIFEST).is_file():  # a pipe would be waited for
        raise ValueError("it has no manifest")
    digest, _, text = (folder / _MANIFEST).read_bytes().partition(b"\n")
    if sha256(text).hexdigest().encode() != digest:
        raise ValueError("its manifest is damaged")
    manifest = json.loads(text)
    if manifest["code"] != code_version():
        raise ValueError("it is of another version")
    arrays = {
        name: _array(folder / f"{name}.npy", size, checksum)
        for name, (size, checksum) in manifest["arrays"].items()
    }
    return Snapshot(manifest["meta"], arrays)


def _array(path: Path, size: int, checksum: int) -> npt.NDArray[Any]:
    """Read an array. A CRC sees every change of up to 32 bits in a row and the order of the bytes;
    that of a 200 MB index takes 30 ms where the processor helps, 200 ms where it does not.
    """
    if not path.is_file() or path.stat().st_size != size:
        raise ValueError(f"{path.name} has another size")
    data = path.read_bytes()
    if len(data) != size or zlib.crc32(data) != checksum:
        raise ValueError(f"{path.name} is damaged")
    head = io.BytesIO(data[:_HEADER])
    np.lib.format.read_magic(head)
    shape, in_columns, kind = np.lib.format.read_array_header_1_0(head)
    array = np.frombuffer(data, kind, offset=head.tell())
    return array.reshape(shape, order="F" if in_columns else "C")
