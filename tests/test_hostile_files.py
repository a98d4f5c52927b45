"""Files built to harm: each is one sentence with its name, in bounded time and memory."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="limits of memory are those of POSIX")

ROOT = Path(__file__).parents[1]

#: Bytes of address space for one reading; the interpreter and its libraries take 200 to 300 MB.
MEMORY = 1_000_000_000
#: Processor seconds after which a reading is taken for endless; each takes about one.
PATIENCE = 30

Build = Callable[[], bytes]


def pdf(*objects: bytes, extra: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1; the first is its catalogue."""
    out = io.BytesIO(b"%PDF-1.7\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, extra))
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
RESOURCES = b"/Resources << /Font << /F1 5 0 R >> /XObject << /X 6 0 R >> >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R %s >>" % RESOURCES


def stream(data: bytes, head: bytes = b"") -> bytes:
    """A stream of plain bytes."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), head, data)


def deflated(data: bytes, head: bytes = b"", times: int = 1) -> bytes:
    """A stream of compressed bytes, compressed so many times over."""
    filters = b"/Filter [%s]" % b" ".join([b"/FlateDecode"] * times)
    for _ in range(times):
        data = zlib.compress(data, 9)
    return stream(data, filters + head)


def page_of(contents: bytes, *others: bytes) -> bytes:
    """A PDF of one page that draws these contents."""
    return pdf(CATALOG, PAGES, PAGE, contents, FONT, *others)


def reference_loop() -> bytes:
    """Pages whose parts are each other."""
    return pdf(
        CATALOG,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>",
    )


def endless_length() -> bytes:
    """A stream whose length is itself."""
    return page_of(b"<< /Length 4 0 R >>\nstream\nBT ET\nendstream")


def table_loop() -> bytes:
    """Tables of contents, each the previous one of the other."""
    whole = page_of(stream(b""))
    start = whole.rindex(b"xref\n", 0, whole.rindex(b"startxref"))
    return whole.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % start)


def many_pages() -> bytes:
    """One page, listed a hundred thousand times."""
    kids = b"3 0 R " * 100_000
    return pdf(CATALOG, b"<< /Type /Pages /Kids [%s] /Count 100000 >>" % kids, PAGE, stream(b""))


def announced_pages() -> bytes:
    """A number of pages beyond counting, of which there is one."""
    return pdf(CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 999999999 >>", PAGE, stream(b""))


def repeated_page() -> bytes:
    """A page full of text, listed 1,500 times."""
    text = b"BT /F1 9 Tf " + b"(aaaa) Tj 1 0 Td " * 5000 + b"ET"
    kids = b"<< /Type /Pages /Kids [%s] /Count 1500 >>" % (b"3 0 R " * 1500)
    return pdf(CATALOG, kids, PAGE, deflated(text), FONT)


def form_tree() -> bytes:
    """Ten levels of drawings, each of which draws the next one ten times."""
    forms = []
    for level in range(10):
        below = b"/Resources << /XObject << /X %d 0 R >> >>" % (7 + level)
        head = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] " + below
        forms.append(stream(b"/X Do " * 10, head))
    return page_of(stream(b"/X Do " * 10), *forms, stream(b"", b"/Type /XObject /Subtype /Form"))


def form_loop() -> bytes:
    """A drawing that draws itself."""
    head = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >>"
    return page_of(stream(b"/X Do"), stream(b"/X Do " * 3, head))


def word(document: bytes = b"", **parts: bytes) -> bytes:
    """A Word file of one text and what belongs to it; ``__`` in a name stands for a slash."""
    kinds = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    files = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
        'package.relationships+xml"/><Override PartName="/word/document.xml" '
        f'ContentType="{kinds}"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        'relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
        "</Relationships>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
        archive.writestr("word/document.xml", document)
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/"), data)
    return out.getvalue()


W = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def body(inner: bytes, before: bytes = b"") -> bytes:
    """A Word text with this in its body."""
    return b'<?xml version="1.0"?>%s<w:document %s><w:body>%s</w:body></w:document>' % (
        before, W, inner,
    )  # fmt: skip


def billion_laughs() -> bytes:
    """Entities that stand for each other ten times over."""
    lines = [b'<!ENTITY a0 "ha">']
    lines += [b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10)]
    doctype = b"<!DOCTYPE d [%s]>" % b"".join(lines)
    return word(body(b"<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>", doctype))


def external_entity() -> bytes:
    """An entity that stands for a file of the machine."""
    doctype = b'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    return word(body(b"<w:p><w:r><w:t>&a;</w:t></w:r></w:p>", doctype))


def lying_sizes() -> bytes:
    """A zip bomb whose parts say that they are small."""
    data = word(body(b" " * 50_000_000))
    size = struct.pack("<I", len(body(b" " * 50_000_000)))
    return data.replace(size, struct.pack("<I", 100))


def many_parts() -> bytes:
    """A zip file of 60,000 empty parts."""
    return word(body(b""), **{f"x{number}": b"" for number in range(60_000)})


def page(inner: str) -> bytes:
    """A web page with this in it."""
    return f"<!DOCTYPE html><html><body><article>{inner}</article></body></html>".encode()


BROKEN_PDF = "is damaged, or built to harm"
BROKEN_WORD = "is damaged, or no Word file"

#: A file's name, how it is built, and what is said of it; nothing where it is read.
HOSTILE: dict[str, tuple[str, Build, str]] = {
    "PDF, loop of pages": ("a.pdf", reference_loop, BROKEN_PDF),
    "PDF, stream of its own length": ("a.pdf", endless_length, BROKEN_PDF),
    "PDF, loop of tables": ("a.pdf", table_loop, "holds no text"),
    "PDF, 100,000 pages": ("a.pdf", many_pages, BROKEN_PDF),
    "PDF, a billion pages announced": ("a.pdf", announced_pages, "holds no text"),
    "PDF, one page 1,500 times": ("a.pdf", repeated_page, BROKEN_PDF),
    "PDF, drawings of drawings": ("a.pdf", form_tree, "holds no text"),
    "PDF, drawing of itself": ("a.pdf", form_loop, "holds no text"),
    "PDF, deep arrays": (
        "a.pdf", lambda: page_of(stream(b"[" * 100_000 + b"]" * 100_000)), BROKEN_PDF,
    ),
    "PDF, deep catalogue": ("a.pdf", lambda: pdf(b"<< /A " * 50_000 + b">>" * 50_000), BROKEN_PDF),
    "PDF, bomb": ("a.pdf", lambda: page_of(deflated(bytes(400_000_000))), BROKEN_PDF),
    "PDF, bomb in a bomb": ("a.pdf", lambda: page_of(deflated(bytes(10**8), times=3)), BROKEN_PDF),
    "PDF, bomb of text": (
        "a.pdf", lambda: page_of(deflated(b"BT /F1 9 Tf " + b"(a) Tj " * 2_000_000)), BROKEN_PDF,
    ),
    "PDF, truncated": ("a.pdf", lambda: repeated_page()[:2000], BROKEN_PDF),
    "PDF, only its mark": ("a.pdf", lambda: b"%PDF-1.7\n", BROKEN_PDF),
    "PDF, NUL bytes": ("a.pdf", lambda: b"%PDF-1.7\n" + bytes(1_000_000), BROKEN_PDF),
    "PDF, marks without end": ("a.pdf", lambda: b"%PDF-1.7\n" + b"1 0 obj " * 500_000, BROKEN_PDF),
    "Word, bomb in a picture": (
        "a.docx", lambda: word(body(b""), word__media__a=bytes(500_000_000)), "unpacks to more",
    ),
    "Word, bomb of text": ("a.docx", lambda: word(body(b" " * 50_000_000)), "unpacks to more"),
    "Word, bomb with false sizes": ("a.docx", lying_sizes, BROKEN_WORD),
    "Word, 60,000 parts": ("a.docx", many_parts, BROKEN_WORD),
    "Word, billion laughs": ("a.docx", billion_laughs, "XML entities"),
    "Word, external entity": ("a.docx", external_entity, "XML entities"),
    "Word, deep tables": (
        "a.docx", lambda: word(body(b"<w:tbl>" * 50_000 + b"</w:tbl>" * 50_000)), BROKEN_WORD,
    ),
    "Word, truncated": (
        "a.docx", lambda: word(body(b"<w:p/>"))[:400], BROKEN_WORD,
    ),
    "Word, only its mark": ("a.docx", lambda: b"PK\x03\x04", BROKEN_WORD),
    "Word, another archive": ("a.docx", lambda: word().replace(b"word/", b"text/"), BROKEN_WORD),
    "Word, not XML": ("a.docx", lambda: word(b"\0" * 1000), BROKEN_WORD),
    "Word, empty": ("a.docx", lambda: word(body(b"<w:p/>")), "holds no text"),
    "page, one line of 5 MB": (
        "a.html", lambda: page("<p>" + "The council ratified it. " * 200_000), "",
    ),
    "page, one word of 5 MB": ("a.html", lambda: page("<p>" + "x" * 5_000_000), ""),
    "page, 100,000 divs": ("a.html", lambda: page("<div>" * 100_000 + "<p>x"), "no article"),
    "page, 100,000 words in bold": (
        "a.html", lambda: page("<p>" + "<b>a</b> " * 100_000), "more elements than an article",
    ),
    "page, 100,000 paragraphs": (
        "a.html", lambda: page("<p>A sentence.</p>" * 100_000), "more elements than an article",
    ),
    "page, 5 MB of <": ("a.html", lambda: page("<" * 5_000_000), ""),
    "page, comments without end": ("a.html", lambda: page("<!-- " * 1_000_000), "no article"),
    "page, attribute without end": (
        "a.html", lambda: page('<p class="' + "x" * 5_000_000), "no article",
    ),
    "page, only a script": (
        "a.html", lambda: page("<script>write('x')</script>"), "no article among its menus",
    ),
    "page, NUL byte": ("a.html", lambda: page("<p>A\0b"), "NUL byte"),
    "page, not as it says": (
        "a.html", lambda: b"<html><meta charset=utf-8><p>caf\xe9", "is not UTF-8 text",
    ),
    "page, truncated within a letter": (
        "a.html", lambda: page("<p>" + "é" * 500)[:200], "is not UTF-8 text",
    ),
}  # fmt: skip

# For each folder that it is told, a child, so that the bot and its readers are imported once.
CHECK = """
import os, resource, sys
from bot.__main__ import main
from bot.formats import docx, html, pdf
from bot.service import library

memory, patience = map(int, sys.argv[1:])
for line in os.fdopen(os.dup(0)):
    folder = line.rstrip("\\n")
    child = os.fork()
    if not child:
        for stream, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(f"{folder}.{name}", os.O_WRONLY | os.O_CREAT, 0o600), stream)
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (patience, patience))
        sys.exit(main(["check", "--corpus", folder]))
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.fixture(scope="module")
def checker() -> Iterator[subprocess.Popen[str]]:
    """A process that checks the folders whose names it reads, and tells the exit codes."""
    with subprocess.Popen(
        [sys.executable, "-c", CHECK, str(MEMORY), str(PATIENCE)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_one_sentence_in_bounded_time_and_memory(
    case: str, tmp_path: Path, checker: subprocess.Popen[str]
) -> None:
    """``check`` ends by itself within its memory, one line naming the file, or reads it."""
    name, build, reason = HOSTILE[case]
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / name).write_bytes(build())
    assert checker.stdin
    assert checker.stdout
    print(folder, file=checker.stdin, flush=True)
    code = int(checker.stdout.readline())
    said, wrong = (folder.with_suffix(f".{kind}").read_text() for kind in ("out", "err"))
    if not reason:
        assert (code, wrong) == (0, "")
        return
    assert (code, said) == (1, "")
    (line,) = wrong.splitlines()
    assert line.startswith(f"treaty-bot: {folder}/{name}:")
    assert reason in line
