"""A Word file (.docx), read: headings, paragraphs, items with their numbers, rows, notes.

Left out, as a reader of the text leaves them out: headers, footers, comments, tables of contents,
what was deleted or hidden. The file's own dates say when it was made, not when the article was
published.
"""

from __future__ import annotations

import contextlib
import io
import posixpath
import re
import struct
import zipfile
from pathlib import Path, PurePosixPath

import docx

from bot.formats.document import Document, clean, problem, title_of
from bot.formats.docx_blocks import WordBlocks
from bot.formats.inline import with_unit_headings

# Bytes once unpacked: of all parts (most are pictures), and of those of XML. A novel's text is
# 5 MB of XML.
_MAX_UNPACKED = 100_000_000
_MAX_XML = 20_000_000

# Bytes of the list of parts: 60 or so for each, of which a Word file has fewer than 1,000.
_MAX_DIRECTORY = 200_000

# The end of a zip file: mark, then, 12 bytes in, the size of its directory (APPNOTE 4.3.16).
_END_MARK = b"PK\x05\x06"
_DIRECTORY_SIZE_AT = 12
_LOCKED = 1  # the first bit of a part's flags

#: The endings of parts that are read as XML.
_XML = (".xml", ".rels")

_BROKEN = "is damaged, or no Word file; open it in Word and save it as .docx again"

_RELATION = re.compile(rb"<Relationship\b[^>]*?(?:/>|>\s*</Relationship>)")
_TARGET = re.compile(r"""Target=["']([^"']*)["']""")
# The namespace of Strict Open XML (ISO/IEC 29500-1, transitional files have another).
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
# Files of Word that hold the same under another name: templates, and those with macros, which are
# not looked at.
_ALSO_WORD = re.compile(
    rb"application/vnd\.(?:openxmlformats-officedocument\.wordprocessingml\.template"
    rb"|ms-word\.(?:document|template)\.macroEnabled(?:Template)?)\.main\+xml"
)
_WORD = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TYPES = "[Content_Types].xml"


def read_word(path: Path, data: bytes) -> Document:
    """Read a Word file. Raises CorpusError for one that is damaged, locked or a bomb."""
    _refuse_bombs(path, data)
    try:
        word = docx.Document(io.BytesIO(_sound(data)))
        reader = WordBlocks(word)
        reader.read(word.element.body)
        given = clean(word.core_properties.title)
    except Exception as error:  # python-docx raises whatever a broken part leads to
        raise problem(path, None, _reason(data)) from error
    blocks = [*with_unit_headings(reader.blocks), *reader.notes()]
    title, blocks = title_of(blocks, reader.title or None)
    return Document(
        path,
        tuple(blocks),
        title=reader.title or title or given or None,
        remarks=tuple((None, what) for what in reader.remarks),
    )


def _sound(data: bytes) -> bytes:
    """Return the file as python-docx opens it: an ordinary document, without relations to missing
    parts, which Word opens all the same.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        fixed: dict[str, bytes] = {}
        for name in names:
            if name.endswith(".rels"):
                content = archive.read(name)
                if (kept := _without_dangling(name, content, names)) != content:
                    fixed[name] = kept
            elif name == _TYPES:
                content = archive.read(name)
                if (typed := _ALSO_WORD.sub(_WORD, content)) != content:
                    fixed[name] = typed
        if not fixed:
            return data
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as copy:
            for name in archive.namelist():
                copy.writestr(name, fixed.get(name) or archive.read(name))
    return out.getvalue()


def _without_dangling(name: str, content: bytes, names: set[str]) -> bytes:
    """Relations (ECMA-376, part 2, 6.5) without those whose target is missing."""
    folder = PurePosixPath(name).parent.parent

    def kept(match: re.Match[bytes]) -> bytes:
        relation = match[0].decode("utf-8", "replace")
        target = _TARGET.search(relation)
        if target is None or "External" in relation:
            return match[0]
        found = (
            target[1].removeprefix("/")
            if target[1].startswith("/")
            else posixpath.normpath(str(folder / target[1]))
        )
        return match[0] if found in names else b""

    return _RELATION.sub(kept, content)


def _reason(data: bytes) -> str:
    """Why a file cannot be read."""
    with contextlib.suppress(Exception), zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        if "word/document.xml" not in names and any(n.startswith(("xl/", "ppt/")) for n in names):
            return "is an Excel or PowerPoint file; save its text as .docx"
        if _STRICT in archive.read("word/document.xml")[:4000]:
            return "is in the format Strict Open XML; save it as an ordinary Word document (.docx)"
    return _BROKEN


def _refuse_bombs(path: Path, data: bytes) -> None:
    """Raise CorpusError for a zip file that would unpack to more than a Word file has in it."""
    try:
        (directory,) = struct.unpack_from("<I", data, data.rindex(_END_MARK) + _DIRECTORY_SIZE_AT)
        reason: str | None = _BROKEN
        if directory <= _MAX_DIRECTORY:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                reason = _danger(archive)
    except Exception as error:  # zipfile and zlib raise a dozen kinds for what is broken
        raise problem(path, None, _BROKEN) from error
    if reason:
        raise problem(path, None, reason)


def _danger(archive: zipfile.ZipFile) -> str | None:
    """Why an archive should not be unpacked; None if it may be."""
    parts = archive.infolist()
    texts = [part for part in parts if part.filename.lower().endswith(_XML)]
    unpacked = sum(part.file_size for part in parts)
    if unpacked > _MAX_UNPACKED or sum(part.file_size for part in texts) > _MAX_XML:
        most = f"{_MAX_UNPACKED:,} bytes, {_MAX_XML:,} without pictures"
        return f"unpacks to more than a Word file has ({most}); split it"
    if any(part.flag_bits & _LOCKED for part in parts):
        return "is locked with a password; save it without one"
    # zipfile unpacks no more than the size that a part declares, which was looked at above.
    if any(b"<!DOCTYPE" in archive.read(part) for part in texts):
        return "defines XML entities, which no Word file does; do not trust it"
    return None
