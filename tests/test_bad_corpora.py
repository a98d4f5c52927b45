"""What is wrong in a corpus is said in one line with the file, by every way to read it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.corpus.folder import read_corpus
from bot.errors import CorpusError, Problem
from bot.service.library import Library

pytestmark = pytest.mark.skipif(os.name != "posix", reason="about POSIX names and rights")

Spoil = Callable[[Path], None]

SHIPPED = Path(__file__).parents[1] / "corpus"
NOBODY = 65534


def texts(**files: str | bytes) -> Spoil:
    """Write files; ``__`` in a name stands for a dot."""

    def spoil(folder: Path) -> None:
        for name, content in files.items():
            data = content if isinstance(content, bytes) else content.encode()
            (folder / name.replace("__", ".")).write_bytes(data)

    return spoil


def front_matter(*lines: str) -> Spoil:
    """Write bad.md with these lines as its front matter."""
    return texts(bad__md="\n".join(["---", *lines, "---", "A sentence.", ""]))


def translated(original: str, translation: str) -> Spoil:
    """Write t.md and its translation t.en.md."""
    return texts(t__md=f"---\nlanguage: fr\n---\n{original}", t__en__md=translation)


def link(name: str, target: str) -> Spoil:
    """Make a symbolic link."""
    return lambda folder: (folder / name).symlink_to(target)


def link_out(folder: Path) -> None:
    """Link to a file beside the folder."""
    (folder.parent / "secret.md").write_text("A secret.")
    (folder / "bad.md").symlink_to("../secret.md")


def too_large(name: str) -> Spoil:
    """Make a sparse file of 300 MB."""

    def spoil(folder: Path) -> None:
        with (folder / name).open("wb") as file:
            file.truncate(300_000_000)

    return spoil


def decomposed_twin(folder: Path) -> None:
    """Name two files é, once in one character and once in two."""
    for name in ("\u00e9.md", "e\u0301.md"):
        (folder / name).write_text("A sentence.")
    if len(list(folder.glob("*.md"))) < 3:
        pytest.skip("this file system takes the two names for one")


def case_twin(folder: Path) -> None:
    """Name two files alike but for case."""
    texts(Bad__md="One.", bad__md="Two.")(folder)
    if len(list(folder.glob("*.md"))) < 3:
        pytest.skip("this file system takes the two names for one")


def named(name: str) -> Spoil:
    """Write an article into a file of this name."""

    def spoil(folder: Path) -> None:
        try:
            (folder / name).write_text("A sentence.")
        except OSError:
            pytest.skip("this file system does not take the name")

    return spoil


ALIAS_BOMB = (
    'a: &a ["x", "x", "x", "x", "x", "x", "x", "x", "x"]',
    *(f"{b}: &{b} [{', '.join([f'*{chr(ord(b) - 1)}'] * 9)}]" for b in "bcdefghi"),
    "title: *i",
)  # fmt: skip

#: What is done to a folder with one good article, and how the one line begins and goes on.
BAD: dict[str, tuple[Spoil, str, str]] = {
    "empty file": (texts(bad__md=""), "bad.md: ", "holds no text"),
    "only white space": (texts(bad__txt=" \n\ufeff\n\t"), "bad.txt: ", "holds no text"),
    "only front matter": (texts(bad__md="---\ntitle: a\n---\n"), "bad.md: ", "holds no text"),
    "only a heading": (texts(bad__md="# Title\n"), "bad.md: ", "holds no text"),
    "Latin-1": (texts(bad__txt="One.\nTrois é.".encode("latin-1")), "bad.txt:2: ", "UTF-8"),
    "Latin-1 behind a byte order mark": (
        texts(bad__txt=b"\xef\xbb\xbf\n\xe9\nx"), "bad.txt:2: ", "UTF-8",
    ),
    "UTF-16": (texts(bad__txt="One.".encode("utf-16")), "bad.txt:1: ", "UTF-8"),
    "NUL byte": (texts(bad__md=b"One.\r\nTwo\0."), "bad.md:2: ", "NUL byte"),
    "unclosed front matter": (texts(bad__md="---\ntitle: a\n\nText."), "bad.md:1: ", "no closing"),
    "not YAML": (front_matter("language: fr", "title: [a"), "bad.md:3: ", "front matter"),
    "colon in a value": (front_matter("title: Paris : fin"), "bad.md:2: ", "quotation marks"),
    "tab": (front_matter("note: x", "\ttitle: a"), "bad.md:3: ", "front matter"),
    "control character": (front_matter("note: x", "title: \x1b[1m"), "bad.md:3: ", "characters"),
    "deep nesting": (front_matter("a: " + "[" * 1000), "bad.md:1: ", "front matter"),
    "no such character": (front_matter('title: "\\UFFFFFFFF"'), "bad.md:1: ", "front matter"),
    "a list as a key": (front_matter("a: b", "[a, b]: c"), "bad.md:3: ", "one word"),
    "not TOML": (texts(bad__md="+++\na = 1\ntitle = x\n+++\nText."), "bad.md:3: ", "front matter"),
    "unclosed TOML": (texts(bad__md='+++\ntitle = "x"\n\nText.'), "bad.md:1: ", "line of +++"),
    "a mapping as an alias": (front_matter("aliases: {a: b}"), "bad.md:2: ", "a list of names"),
    "a list as title": (front_matter("title: [a, b]"), "bad.md:2: ", "title must be one line"),
    "alias bomb": (front_matter(*ALIAS_BOMB), "bad.md:11: ", "title must be one line"),
    "key given twice": (front_matter("title: a", "title: b"), "bad.md:3: ", "given twice"),
    "bad date": (front_matter("date: 6 novembre 2024"), "bad.md:2: ", "YYYY-MM-DD"),
    "no such day": (front_matter("date: 2024-02-30"), "bad.md:2: ", "YYYY-MM-DD"),
    "bad language": (front_matter("title: a", "language: French"), "bad.md:3: ", "two letters"),
    "bad url": (front_matter("url: javascript:alert(1)"), "bad.md:2: ", "https://"),
    "two translations alone": (
        texts(t__en__md="One.", t__es__md="Uno."), "t.en.md: ", "rename the original to t.md",
    ),
    "translation of a bad original": (
        texts(t__md="", t__en__md="One.", t__es__md="Uno."), "t.md: ", "holds no text",
    ),
    "translation into the same language": (
        texts(t__md="---\nlanguage: en\n---\nOne.", t__en__md="One."), "t.en.md: ", "is in en",
    ),
    "tag against front matter": (
        translated("Un.", "---\nlanguage: es\n---\nOne."), "t.en.md:2: ", "name says en",
    ),
    "one name, two endings": (texts(a__md="One.", a__txt="Two."), "a.txt: ", "same name as a.md"),
    "one name, two cases": (case_twin, "bad.md: ", "same name as Bad.md"),
    "one name, two normal forms": (decomposed_twin, "\u00e9.md: ", "same name as e\u0301.md"),
    "translation twice": (
        texts(t__md="---\nlanguage: fr\n---\nUn.", t__en__md="One.", t__EN__txt="One."),
        "t.en.md: ", "same name as t.EN.txt",
    ),
    "line break in a name": (named("a\nb.md"), "a\\nb.md: ", "rename it"),
    "white space as a name": (named(" .md"), " .md: ", "rename it"),
    "name in Latin-1": (named(os.fsdecode(b"trait\xe9.md")), "trait\\udce9.md: ", "rename it"),
    "link out of the folder": (link_out, "bad.md: ", "link out of the corpus folder"),
    "link to a device": (link("bad.md", "/dev/zero"), "bad.md: ", "link out of the corpus folder"),
    "broken link": (link("bad.md", "gone.md"), "bad.md: ", "broken link"),
    "link to itself": (link("bad.md", "bad.md"), "bad.md: ", "broken link"),
    "link to the folder": (link("bad.md", "."), "bad.md: ", "not a regular file"),
    "folder": (lambda folder: (folder / "bad.md").mkdir(), "bad.md: ", "not a regular file"),
    "FIFO": (lambda folder: os.mkfifo(folder / "bad.md"), "bad.md: ", "not a regular file"),
    "too large": (too_large("bad.md"), "bad.md: ", "has 300,000,000 bytes, more than the 10,"),
    "too large a page": (too_large("bad.html"), "bad.html: ", "10,000,000 of the largest .html"),
    "too large a PDF": (too_large("bad.pdf"), "bad.pdf: ", "50,000,000 of the largest .pdf"),
    "too large a Word file": (too_large("bad.docx"), "bad.docx: ", "20,000,000 of the largest"),
    "PDF as text": (texts(bad__md=b"%PDF-1.7\n"), "bad.md: ", "rename it to end in .pdf"),
    "page as text": (
        texts(bad__txt="\n<!-- saved -->\n<!DOCTYPE HTML>\n<p>A."), "bad.txt: ", "end in .html",
    ),
    "page as PDF": (texts(bad__pdf="<html>Not found"), "bad.pdf: ", "rename it to end in .html"),
    "text as PDF": (texts(bad__pdf="A sentence."), "bad.pdf: ", "is no PDF; save or download"),
    "text as Word": (texts(bad__docx="A sentence."), "bad.docx: ", "is no Word file"),
    "archive as text": (texts(bad__md=b"PK\x03\x04"), "bad.md: ", "rename it to end in .docx"),
    "old Word file": (
        texts(bad__docx=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "bad.docx: ", "without a password",
    ),
    "empty PDF": (texts(bad__pdf=""), "bad.pdf: ", "holds no text"),
    "empty page": (texts(bad__html=" "), "bad.html: ", "holds no text"),
    "empty Word file": (texts(bad__docx=""), "bad.docx: ", "holds no text"),
    "NUL bytes": (texts(bad__pdf=bytes(100)), "bad.pdf: ", "holds no text"),
    "device": (named("con.md"), "con.md: ", "name of a device"),
    "device with a tag": (named("LPT1.en.pdf"), "LPT1.en.pdf: ", "name of a device"),
    "one name, two formats": (
        texts(a__html="<html><p>One.", a__txt="Two."), "a.txt: ", "same name as a.html",
    ),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A corpus of one good article."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "good.md").write_text("A good sentence.")
    return corpus


#: Translations that do not fit their originals, and what a warning says of them.
DRIFTING: dict[str, tuple[Spoil, str, str]] = {
    "missing sentence": (
        translated("Un. Deux.\n\nTrois. Quatre.", "One. Two.\n\nThree."),
        "t.en.md:3: ", "passage 2 has 1 sentence where t.md:6 has 2",
    ),
    "missing passage": (
        translated("Un.\n\nDeux.", "One. Two."), "t.en.md: ", "has 1 passage where t.md has 2",
    ),
    "a page": (
        texts(
            t__html="<html lang=fr><body><article><p>Un. Deux.</p></article>",
            t__en__html="<html lang=en><body><article><p>One.</p></article>",
        ),
        "t.en.html: ", "passage 1 has 1 sentence where t.html has 2",
    ),
}  # fmt: skip


def lines_of_check(folder: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What ``treaty-bot check`` says on standard error, having failed."""
    assert main(["check", "--corpus", str(folder)]) == 1
    return capsys.readouterr().err.splitlines()


def one_line(error: CorpusError) -> str:
    """The only line of an error."""
    (line,) = str(error).splitlines()
    return line


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_one_line_with_its_name_and_silences_no_other(
    case: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line names file, line and what to do, in read_corpus, check, ask and reindex alike."""
    library = Library(folder)
    spoil, start, reason = BAD[case]
    spoil(folder)

    (problem,) = read_corpus(folder).problems
    (line,) = str(problem).splitlines()
    assert line.startswith(f"{folder}/{start}")
    assert reason in line

    assert lines_of_check(folder, capsys) == [f"treaty-bot: left out: {line}"]
    assert main(["ask", "--corpus", str(folder), "good sentence"]) == 0
    out, err = capsys.readouterr()
    assert "A good sentence." in out
    assert err == f"treaty-bot: left out: {line}\n"

    assert library.reindex().problems == (problem,)
    assert library.answer("good sentence").answered


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_alone_is_one_line(case: str, folder: Path) -> None:
    """Where no article is left, the corpus is refused for what is wrong."""
    spoil, start, reason = BAD[case]
    (folder / "good.md").unlink()
    spoil(folder)
    try:
        (problem,) = read_corpus(folder).problems
    except CorpusError as error:
        (problem,) = error.problems
    assert str(problem).startswith(f"{folder}/{start}")
    assert reason in str(problem)


@pytest.mark.parametrize("case", DRIFTING)
def test_a_translation_that_does_not_line_up_is_a_warning_side_by_side(
    case: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The article stands with its translation as far as the two can be paired, and check says
    where they differ, without failing.
    """
    spoil, start, reason = DRIFTING[case]
    spoil(folder)
    assert main(["check", "--corpus", str(folder)]) == 0
    out, err = capsys.readouterr()
    (warning,) = [line for line in out.splitlines() if line.startswith("Warning: ")]
    assert warning.startswith(f"Warning: {folder}/{start}")
    assert reason in warning
    assert "Deux." in err or "Quatre." in err
    article = read_corpus(folder).article("t")
    assert article is not None
    assert [rendering.language for rendering in article.renderings] == ["fr", "en"]


@pytest.mark.parametrize(
    ("prepare", "reason"),
    [
        (
            lambda folder: folder.mkdir(),
            "holds no article; put a .md, .txt, .html, .htm, .pdf or .docx file",
        ),
        (lambda _: None, "there is no such folder; name the folder of your articles"),
        (lambda folder: folder.write_text("x"), "is not a folder that can be read (not a dir"),
        (lambda folder: folder.symlink_to(folder), "is not a folder that can be read"),
    ],
    ids=["empty", "none", "file", "loop"],
)
def test_a_bad_folder_is_one_line_with_its_name(
    prepare: Spoil, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder without articles, or none at all, says so in one line and how to name another."""
    folder = tmp_path / "corpus"
    prepare(folder)
    (line,) = lines_of_check(folder, capsys)
    assert line.startswith(f"treaty-bot: {folder}: {reason}")


def test_a_folder_whose_name_is_too_long_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Even a folder that the system refuses to look for is one line."""
    (line,) = lines_of_check(Path("x" * 300), capsys)
    assert "is not a folder that can be read (file name too long)" in line


def test_a_folder_that_goes_away_spares_the_old_index(folder: Path) -> None:
    """A reindex of a folder that is gone or empty by now leaves the old index in service."""
    library = Library(folder)
    (folder / "good.md").unlink()
    with pytest.raises(CorpusError, match="holds no article"):
        library.reindex()
    folder.rmdir()
    with pytest.raises(CorpusError, match="no such folder"):
        library.reindex()
    assert library.answer("good sentence").answered


def test_every_problem_is_reported_at_once_in_the_order_of_files_and_lines(folder: Path) -> None:
    """A curator with several bad files learns of all of them in one go."""
    texts(b__md="", c__txt=b"\xff", a__md="---\ntitle: a\n")(folder)
    translated("Un. Deux.\n\nUn. Deux.", "One.\n\nOne.")(folder)
    corpus = read_corpus(folder)
    assert [(p.path.name, p.line) for p in corpus.problems] == [
        ("a.md", 1), ("b.md", None), ("c.txt", 1),
    ]  # fmt: skip
    remarks = [(r.path.name, r.line) for article in corpus.articles for r in article.remarks]
    assert remarks == [("t.en.md", 1), ("t.en.md", 3)]


def test_a_problem_stays_on_one_line_whatever_the_path() -> None:
    """Line breaks, escapes and direction marks in a path are written out, not printed."""
    path = Path("a\nb\x1b[31m\u202e\u2028\udcff") / "é ü.md"
    shown = "a\\nb\\x1b[31m\\u202e\\u2028\\udcff/é ü.md"
    assert str(Problem(path, 3, "is bad")) == f"{shown}:3: is bad"


@contextmanager
def as_nobody() -> Iterator[None]:
    """Run as a user without rights where the tests run as root, which may read everything."""
    if os.geteuid():
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def public_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A corpus that other users can reach: from the folder that it lies in, whoever may enter those
    around.
    """
    tmp_path.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    corpus = Path("corpus")
    corpus.mkdir(mode=0o755)
    (corpus / "good.md").write_text("A good sentence.")
    (corpus / "good.md").chmod(0o644)
    yield corpus
    corpus.chmod(0o755)


def test_a_file_without_permission_is_one_line(public_folder: Path) -> None:
    """A file that may not be read is named, and the old index stays in service."""
    library = Library(public_folder)
    bad = public_folder / "bad.md"
    bad.write_text("Closed.")
    bad.chmod(0)
    with as_nobody():
        (problem,) = library.reindex().problems
    assert str(problem) == f"{bad}: cannot be read (permission denied); fix it or remove it"
    assert library.answer("good sentence").answered


@pytest.mark.parametrize("mode", [0o000, 0o444, 0o111])
def test_a_folder_without_permission_is_one_line(public_folder: Path, mode: int) -> None:
    """A folder that may not be listed, or whose files may not be opened, is named."""
    public_folder.chmod(mode)
    with as_nobody(), pytest.raises(CorpusError) as raised:
        read_corpus(public_folder)
    assert one_line(raised.value).startswith(str(public_folder))
    assert "permission denied" in str(raised.value)


def test_check_as_a_user_without_rights_prints_a_line_a_problem(public_folder: Path) -> None:
    """The command line of a user who may not read a file ends with code 1 and names it."""
    bad = public_folder / "bad.md"
    bad.write_text("Closed.")
    bad.chmod(0)
    # Run once before: what is imported late may lie where nobody reaches it.
    code = (
        "import contextlib, io, os, sys, bot.__main__\n"
        "said = io.StringIO()\n"
        "with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):\n"
        "    os.mkdir('empty')\n"
        "    bot.__main__.main(['check', '--corpus', 'empty'])\n"
        f"    bot.__main__.main(['check', '--corpus', {str(SHIPPED)!r}])\n"
        f"os.geteuid() or os.setuid({NOBODY})\n"
        "sys.exit(bot.__main__.main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "check", "--corpus", "corpus"],
        env={**os.environ, "PYTHONPATH": str(SHIPPED.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    reason = "cannot be read (permission denied); fix it or remove it"
    lines = done.stderr.splitlines()
    assert f"treaty-bot: left out: corpus/bad.md: {reason}" in lines
    assert all(line.startswith("treaty-bot: ") for line in lines)
