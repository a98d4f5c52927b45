"""The corpus folder as it is written to: nothing lost, nothing half done, nothing outside."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.corpus.filenames import place_in_corpus
from bot.corpus.folder import read_corpus
from bot.errors import CorpusError, CorpusFilesError
from bot.formats.reader import LIMITS
from bot.service.corpus_files import MAX_NAME, Change, CorpusFiles, check_new_name
from bot.service.library import Library
from bot.service.transaction import INTENT_NAME, LOCK_NAME, REMOVED_NAME, commit, locked, recover
from tests.corpora import LIGHTHOUSE, TREATY_EN, TREATY_FR

ROOT = Path(__file__).parents[2]
LINUX = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills need os.fork")


@pytest.fixture
def corpus_files(corpus_dir: Path) -> CorpusFiles:
    """The small corpus: treaty.md, treaty.en.md, lighthouse.en.md."""
    return CorpusFiles(corpus_dir)


def contents(folder: Path) -> dict[str, bytes]:
    """Everything in a folder and below it, by its path there, but for the lock."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != LOCK_NAME
    }


def names(folder: Path) -> set[str]:
    """What lies in a folder itself."""
    return {path.name for path in folder.iterdir()} - {LOCK_NAME}


def refusal(kind: str) -> Any:
    """A refusal of a kind, of which ``str`` is one line."""
    return pytest.raises(
        CorpusFilesError, match=rf"\A[^\n]*: {kind.replace('_', ' ')}( \([^\n]*\))?\Z"
    )


# ---------------------------------------------------------------- put, remove, restore


def test_a_new_file_lies_in_the_folder(corpus_files: CorpusFiles) -> None:
    """What is put is there, byte for byte, and nothing else has changed."""
    before = contents(corpus_files.folder)
    corpus_files.put("otters.md", b"Otters\r\n\xff swim.")
    assert contents(corpus_files.folder) == {**before, "otters.md": b"Otters\r\n\xff swim."}


@pytest.mark.parametrize("name", ["treaty.md", "TREATY.md", "treaty.pdf", "treaty.txt"])
def test_what_has_the_place_goes_to_the_removed(name: str, corpus_files: CorpusFiles) -> None:
    """A file of the same place, in any format and case, is replaced and kept."""
    change = corpus_files.put(name, b"new")
    assert corpus_files.files("treaty") == {None: name, "en": "treaty.en.md"}
    (entry,) = corpus_files.removed()
    assert entry.removed_at == change.removed_at
    assert corpus_files.read_removed(entry) == {"treaty.md": TREATY_FR.encode()}


def test_an_article_goes_with_its_translations_and_comes_back(corpus_files: CorpusFiles) -> None:
    """A removal and its restoration leave the folder as it was."""
    before = contents(corpus_files.folder)
    change = corpus_files.remove("treaty")
    assert set(corpus_files.files("lighthouse").values()) == {"lighthouse.en.md"}
    assert corpus_files.files("treaty") == {}
    (entry,) = corpus_files.removed()
    assert entry.removed_at == change.removed_at
    assert entry.names == ("treaty.en.md", "treaty.md")
    corpus_files.restore(corpus_files.entry(f"{entry.removed_at} treaty.md"))
    assert contents(corpus_files.folder) == before
    assert corpus_files.removed() == []


def test_one_translation_goes_alone(corpus_files: CorpusFiles) -> None:
    """The article stays; the translation is kept."""
    corpus_files.remove("treaty", "en")
    assert corpus_files.files("treaty") == {None: "treaty.md"}
    (entry,) = corpus_files.removed()
    assert corpus_files.read_removed(entry) == {"treaty.en.md": TREATY_EN.encode()}


@pytest.mark.parametrize("work", ["put", "remove"])
def test_a_change_can_be_undone(work: str, corpus_files: CorpusFiles) -> None:
    """Undoing brings back every file and leaves nothing among the removed."""
    before = contents(corpus_files.folder)
    corpus_files.undo(
        corpus_files.put("treaty.md", b"x") if work == "put" else corpus_files.remove("treaty")
    )
    assert contents(corpus_files.folder) == before


def test_removals_of_the_same_moment_have_times_of_their_own(corpus_files: CorpusFiles) -> None:
    """However fast the same file is replaced, each version is kept; the latest is listed first."""
    for number in range(30):
        corpus_files.put("treaty.md", b"%d" % number)
    entries = corpus_files.removed()
    assert len({entry.removed_at for entry in entries}) == 30
    kept = [corpus_files.read_removed(entry)["treaty.md"] for entry in entries]
    assert kept == [b"%d" % number for number in range(28, -1, -1)] + [TREATY_FR.encode()]


def test_what_is_there_is_never_replaced_by_what_is_put_back(corpus_files: CorpusFiles) -> None:
    """A place that is taken, be it in another case or format, is told with who has it."""
    corpus_files.put("treaty.md", b"second")
    (entry,) = corpus_files.removed()
    before = contents(corpus_files.folder)
    with refusal("place_taken") as caught:
        corpus_files.restore(entry)
    assert caught.value.detail == "treaty.md"
    assert contents(corpus_files.folder) == before


def test_the_last_article_stays(corpus_files: CorpusFiles) -> None:
    """Without an article there would be no bot, whereas a translation may go."""
    corpus_files.remove("lighthouse")
    with refusal("last_article"):
        corpus_files.remove("treaty")
    corpus_files.remove("treaty", "en")
    with refusal("last_article"):
        corpus_files.remove("treaty")
    assert corpus_files.files("treaty") == {None: "treaty.md"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("treaty", ("treaty", None)),
        ("TREATY", ("treaty", None)),
        ("treaty.en", ("treaty", "en")),
        ("lighthouse", ("lighthouse", None)),
        ("lighthouse.en", ("lighthouse", None)),  # an article of its own
    ],
)
def test_articles_and_translations_are_found(
    typed: str, meant: tuple[str, str | None], corpus_files: CorpusFiles
) -> None:
    """NAME is an article, NAME.en its English translation."""
    assert corpus_files.find(typed) == meant


@pytest.mark.parametrize("typed", ["", ".", "..", "treaty.md", "treaty.fr", "../treaty", "x", "\0"])
def test_what_is_not_there_is_not_found(typed: str, corpus_files: CorpusFiles) -> None:
    """Nothing but articles can be named, whatever is typed."""
    with refusal("no_article"):
        corpus_files.find(typed)
    with refusal("no_article"):
        corpus_files.remove(typed)
    with refusal("no_article"):
        corpus_files.read([f"../{typed}"])
    with refusal("no_entry"):
        corpus_files.entry(typed)


def test_a_file_is_read_back_byte_for_byte(corpus_files: CorpusFiles) -> None:
    """What comes back is what was put."""
    data = bytes(range(256)) * 100
    corpus_files.put("otters.pdf", data)
    assert corpus_files.read(corpus_files.files_of("otters")) == {"otters.pdf": data}


NAMES = st.sampled_from(["a.md", "a.en.md", "a.FR.txt", "A.pdf", "b.md", "b.de.md", "c.en.md"])
STEPS = st.lists(
    st.tuples(st.just("put"), NAMES)
    | st.tuples(
        st.sampled_from(["remove", "undo"]), st.sampled_from(["a", "b", "c", "a.en", "b.de"])
    )
    | st.tuples(st.just("restore"), st.integers(0, 5).map(str)),
    max_size=15,
)


@settings(max_examples=100)
@given(steps=STEPS)
def test_no_sequence_of_changes_loses_anything_or_leaves_the_folder(
    steps: list[tuple[str, str]],
) -> None:
    """After any changes every content ever put, unless its putting was undone, lies in the folder
    once; each refusal changes nothing; nothing lies beside the folder.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "corpus"
        folder.mkdir()
        (folder / "z.md").write_bytes(b"z")
        corpus_files = CorpusFiles(folder)
        put = Counter([b"z"])
        for number, (verb, what) in enumerate(steps):
            before = contents(folder)
            try:
                if verb == "put":
                    corpus_files.put(what, b"%d" % number)
                    put[b"%d" % number] += 1
                elif verb == "restore":
                    entries = corpus_files.removed()
                    corpus_files.restore(
                        entries[int(what) % len(entries)] if entries else corpus_files.entry(what)
                    )
                else:
                    change = corpus_files.remove(*corpus_files.find(what))
                    if verb == "undo":
                        corpus_files.undo(change)
                        assert contents(folder) == before
            except CorpusFilesError:
                assert contents(folder) == before
            assert Counter(contents(folder).values()) == put
            places = [n.casefold() for n in contents(folder) if not n.startswith(".")]
            assert len(set(places)) == len(places)
        assert names(Path(name)) == {"corpus"}


# ---------------------------------------------------------------- names and limits


@pytest.mark.parametrize(
    "name",
    [
        "../x.md", "..\\x.md", "/etc/x.md", "a/b.md", "C:x.md", "x:1.md", "nul.md", "CON .en.md",
        "com1.txt", "lpt¹.md", ".md.md", ".x.md", "..md", "...en.md", " .md", " x.md", "x .md",
        "x..md", "x\0.md", "x\n.md", "x\x1b[1m.md", "x\u202e.md", "x\u200b.md", "x\u2028.md",
        "x\u3164.md", "x\ufe0f.md", "x\u00ad.md", "x\udcff.md", "e\u0301.md", "what?.md", "x|y.md",
        "<x>.md", '"x".md', "x*.md", "\u2800.md",
    ],
)  # fmt: skip
def test_hostile_names_are_refused(name: str, corpus_files: CorpusFiles) -> None:
    """Paths, devices, hidden, invisible and undecomposed names are refused in one sentence."""
    before = contents(corpus_files.folder.parent)
    with refusal("bad_name"):
        corpus_files.put(name, b"x")
    assert contents(corpus_files.folder.parent) == before


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "x",
        "x.",
        "x.exe",
        "x.md.exe",
        ".md",
        "x.md/",
        "glossary.toml",
        "QUESTIONS.TOML",
    ],
)
def test_other_endings_are_refused(name: str, corpus_files: CorpusFiles) -> None:
    """Only articles may be put, not the glossary and not the questions."""
    before = contents(corpus_files.folder.parent)
    with pytest.raises(CorpusFilesError):
        corpus_files.put(name, b"x")
    assert contents(corpus_files.folder.parent) == before


@pytest.mark.parametrize(
    "name", ["x" * MAX_NAME + ".md", "界" * (MAX_NAME - 2) + ".md", "😀" * 70 + ".md"]
)
def test_long_names_are_refused(name: str, corpus_files: CorpusFiles) -> None:
    """A name is short enough to be removed, in characters and in bytes."""
    with refusal("long_name"):
        corpus_files.put(name, b"x")


@pytest.mark.parametrize(
    "name", ["é.md", "Le traité (1).fr.PDF", "北京.md", "ok-1_2.v3.docx", "x" * 72 + ".md"]
)
def test_usual_names_go_all_the_way(name: str, corpus_files: CorpusFiles) -> None:
    """Names of any script are put, removed and restored."""
    corpus_files.put(name, b"x")
    corpus_files.remove(*corpus_files.find(name.rpartition(".")[0].removesuffix(".fr")))
    corpus_files.restore(corpus_files.removed()[0])
    assert (corpus_files.folder / name).read_bytes() == b"x"


@settings(max_examples=100)
@given(stem=st.text(max_size=90), ending=st.sampled_from([".md", ".PDF", ".en.txt", ""]))
def test_any_name_is_refused_or_lies_in_the_folder(stem: str, ending: str) -> None:
    """Whatever the name, one file of exactly that name appears in the folder, or nothing does."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "corpus"
        folder.mkdir()
        try:
            CorpusFiles(folder).put(stem + ending, b"x")
        except CorpusFilesError:
            assert names(folder) == set()
        else:
            assert names(folder) - {REMOVED_NAME} == {stem + ending}
        assert names(Path(name)) == {"corpus"}


def test_a_name_that_is_put_can_be_read_as_an_article(corpus_files: CorpusFiles) -> None:
    """What the folder takes, the corpus reads: its check of names is the stricter one."""
    for name in ("Été 2024, n° 1 & co.md", "l’accord.en.txt", "a'b+c=d.md"):
        check_new_name(name)
        corpus_files.put(name, b"Otters swim.")
    assert len(read_corpus(corpus_files.folder).articles) == 5


@pytest.mark.parametrize("suffix", [".md", ".docx"])
def test_too_large_a_file_is_refused(suffix: str, corpus_files: CorpusFiles) -> None:
    """The limit is the reader's, by format."""
    corpus_files.put(f"x{suffix}", bytes(LIMITS[suffix]))
    with refusal("too_large"):
        corpus_files.put(f"y{suffix}", bytes(LIMITS[suffix] + 1))
    assert corpus_files.files("y") == {}


def test_too_many_files_are_refused(
    corpus_files: CorpusFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was removed counts too, since it takes up the disk as well."""
    monkeypatch.setattr("bot.service.corpus_files.MAX_FILES", 4)
    corpus_files.put("treaty.md", b"x")
    with refusal("too_many_files"):
        corpus_files.put("otters.md", b"x")


# ---------------------------------------------------------------- links, disks, other programs


def test_links_out_of_the_folder_are_not_followed(
    corpus_files: CorpusFiles, tmp_path: Path
) -> None:
    """A link is not read through; what replaces it does not touch what it leads to."""
    secret = tmp_path / "secret.md"
    secret.write_bytes(b"secret")
    (corpus_files.folder / "otters.md").symlink_to(secret)
    with refusal("unreadable"):
        corpus_files.read(["otters.md"])
    corpus_files.put("otters.md", b"mine")
    assert secret.read_bytes() == b"secret"
    assert corpus_files.read(["otters.md"]) == {"otters.md": b"mine"}
    with refusal("unreadable"):
        corpus_files.read_removed(corpus_files.removed()[0])


def test_a_link_in_place_of_the_removed_is_not_followed(
    corpus_files: CorpusFiles, tmp_path: Path
) -> None:
    """Nothing is moved out of the folder, nor is anything listed or restored from outside."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "20260101-000000-000000-evil.md").write_bytes(b"evil")
    (corpus_files.folder / REMOVED_NAME).symlink_to(elsewhere)
    before = contents(tmp_path)
    assert corpus_files.removed() == []
    with refusal("unwritable"):
        corpus_files.remove("treaty")
    with refusal("unwritable"):
        corpus_files.put("treaty.md", b"x")
    assert contents(tmp_path) == before


def test_what_somebody_else_puts_among_the_removed_harms_nothing(corpus_files: CorpusFiles) -> None:
    """Other files there are not listed; hidden and foreign ones are not put back."""
    removed = corpus_files.folder / REMOVED_NAME
    removed.mkdir()
    (removed / "note.txt").write_bytes(b"x")
    for number, name in enumerate((".env", "x.exe", "glossary.toml")):
        (removed / f"20260101-000000-00000{number}-{name}").write_bytes(b"x")
    assert len(corpus_files.removed()) == 3
    for entry in corpus_files.removed():
        with refusal("bad_name"):
            corpus_files.restore(entry)


@pytest.mark.parametrize("call", ["replace", "fsync", "open", "mkdir"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_disk_that_refuses_changes_nothing(
    call: str, code: int, corpus_files: CorpusFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever call the disk refuses first, it is told in one sentence and all is as it was."""
    before = contents(corpus_files.folder)
    real = getattr(os, call)
    left = 0

    def refuse(*args: Any, **options: Any) -> Any:
        nonlocal left
        left -= 1
        if left == 0:
            raise OSError(code, os.strerror(code))
        return real(*args, **options)

    refusals = 0
    for number in range(24):
        left = number // 2 + 1
        with contextlib.suppress(FileNotFoundError):
            (corpus_files.folder / REMOVED_NAME).rmdir()
        with monkeypatch.context() as patch:
            patch.setattr(os, call, refuse)
            try:
                change = (
                    corpus_files.remove("treaty")
                    if number % 2
                    else corpus_files.put("treaty.md", b"x")
                )
            except CorpusFilesError as error:
                told = str(error)
            else:
                told = ""
        if not told:
            corpus_files.undo(change)
        else:
            refusals += 1
            cause = os.strerror(code).lower()
            assert told in {f"treaty{end}: unwritable ({cause})" for end in ("", ".md")}
        assert contents(corpus_files.folder) == before
    assert refusals


@pytest.mark.skipif(sys.platform == "win32", reason="limits of processes are those of POSIX")
def test_a_full_disk_keeps_nothing_half(corpus_files: CorpusFiles) -> None:
    """Where a file may grow no further, the sentence says so and no part of it stays."""
    before = contents(corpus_files.folder)
    script = (
        "import resource, sys; from pathlib import Path\n"
        "from bot.service.corpus_files import CorpusFiles\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "CorpusFiles(Path(sys.argv[1])).put('treaty.md', bytes(200_000))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(corpus_files.folder)],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.stderr.splitlines()[-1].endswith(
        "CorpusFilesError: treaty.md: unwritable (file too large)"
    )
    assert contents(corpus_files.folder) == before


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    """Every method says so in one sentence."""
    corpus_files = CorpusFiles(tmp_path / "gone")
    for work in (
        lambda: corpus_files.put("x.md", b"x"),
        lambda: corpus_files.remove("x"),
        lambda: corpus_files.find("x"),
    ):
        with pytest.raises(CorpusFilesError):
            work()
    assert corpus_files.removed() == []


def test_many_hands_at_once_lose_nothing(corpus_files: CorpusFiles) -> None:
    """Threads that change the same places at the same time wait for one another."""
    errors: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for turn in range(8):
                corpus_files.put("treaty.md", b"%d.%d" % (number, turn))
        except BaseException as error:  # noqa: BLE001  # looked at below, in the test's thread
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not errors
    kept = Counter(contents(corpus_files.folder).values())
    wanted = Counter(b"%d.%d" % (number, turn) for number in range(6) for turn in range(8))
    rest = [TREATY_FR.encode(), TREATY_EN.encode(), LIGHTHOUSE.encode()]
    assert kept == wanted + Counter(rest)


HOLDS_THE_FOLDER = """
import sys
from pathlib import Path
from bot.service.transaction import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextlib.contextmanager
def held_by_a_thread(folder: Path) -> Iterator[None]:
    """Another thread of this process changes the folder meanwhile."""
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with locked(folder):
            held.set()
            done.wait(60)

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(60)
    try:
        yield
    finally:
        done.set()
        thread.join(60)


@contextlib.contextmanager
def held_by_a_program(folder: Path) -> Iterator[None]:
    """Another bot on the same folder changes it meanwhile."""
    command = [sys.executable, "-c", HOLDS_THE_FOLDER, str(folder)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, cwd=ROOT) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == b"held\n"
        yield
        program.communicate()


@pytest.mark.parametrize("held", [held_by_a_thread, held_by_a_program])
def test_a_change_waits_for_another_one(
    held: Callable[[Path], contextlib.AbstractContextManager[None]], corpus_files: CorpusFiles
) -> None:
    """Whoever makes it; where that takes too long, the sentence says what the trouble is."""
    done: list[Change] = []
    waiting = threading.Thread(target=lambda: done.append(corpus_files.put("otters.md", b"x")))
    with held(corpus_files.folder):
        waiting.start()
        waiting.join(0.3)
        assert not done
        assert not (corpus_files.folder / "otters.md").exists()
        with (
            pytest.raises(BlockingIOError, match="another program is changing the folder"),
            locked(corpus_files.folder, seconds=0.1),
        ):
            pass
    waiting.join(60)
    assert len(done) == 1


# ---------------------------------------------------------------- somebody else's changes


@pytest.mark.parametrize("ending", ["md", "txt"])
def test_undoing_an_addition_leaves_what_was_written_since(
    ending: str, corpus_files: CorpusFiles
) -> None:
    """An operator who corrects a file just when it is taken back keeps the correction."""
    folder = corpus_files.folder
    change = corpus_files.put("otters.md", b"Otters swim.")
    if ending == "txt":
        (folder / "otters.md").unlink()
    (folder / f"otters.{ending}").write_bytes(b"Otters dive!")
    before = contents(folder)
    corpus_files.undo(change)
    assert contents(folder) == before


@pytest.mark.parametrize("name", ["treaty.md", "treaty.txt", "Treaty.md"])
@pytest.mark.parametrize("work", ["put", "remove", "restore"])
def test_undoing_never_deletes_or_replaces_what_was_written_since(
    work: str, name: str, corpus_files: CorpusFiles
) -> None:
    """The operator's file stays where it is, and what it stands in the way of stays removed."""
    folder = corpus_files.folder
    if work == "restore":
        corpus_files.remove("treaty")
        change = corpus_files.restore(corpus_files.removed()[0])
    else:
        change = (
            corpus_files.put("treaty.md", b"new")
            if work == "put"
            else corpus_files.remove("treaty")
        )
    (folder / "treaty.md").unlink(missing_ok=True)
    (folder / name).write_bytes(b"the operator's")
    corpus_files.undo(change)
    found = contents(folder)
    assert found[name] == b"the operator's"
    places = [place_in_corpus(Path(n)) for n in names(folder) if not n.startswith(".")]
    assert len(places) == len(set(places))
    if work != "restore":  # which an operator has deleted otherwise
        assert TREATY_FR.encode() in found.values()
    assert TREATY_EN.encode() in found.values()


def test_a_file_that_was_looked_at_is_not_replaced_once_it_has_changed(
    corpus_files: CorpusFiles,
) -> None:
    """Written in place, put in its place, renamed or gone: whatever differs from the preview."""
    path = corpus_files.folder / "treaty.md"

    def rewritten() -> None:
        path.write_bytes(path.read_bytes().replace(b"russe", b"suisse"))

    def same_size_later() -> None:
        stat = path.stat()
        path.write_bytes(path.read_bytes()[::-1])
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1_000_000))

    def another_of_the_same_time_and_size() -> None:
        stat, other = path.stat(), path.with_name("other")
        other.write_bytes(path.read_bytes()[::-1])
        os.utime(other, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        other.replace(path)

    def renamed() -> None:
        path.rename(path.with_suffix(".txt"))

    def one_more() -> None:
        (corpus_files.folder / "treaty.de.md").write_bytes(b"Der Vertrag.")

    for change in (
        rewritten, same_size_later, another_of_the_same_time_and_size, renamed, one_more,
    ):  # fmt: skip
        looked_at = corpus_files.state("treaty")
        assert looked_at == corpus_files.state("treaty")
        change()
        before = contents(corpus_files.folder)
        with refusal("stale"):
            corpus_files.put("treaty.md", b"x", looked_at)
        with refusal("stale"):
            corpus_files.remove("treaty", None, looked_at)
        assert contents(corpus_files.folder) == before
    corpus_files.put("treaty.md", b"x", corpus_files.state("treaty"))
    corpus_files.remove("treaty", None, corpus_files.state("treaty"))


def test_the_state_is_looked_at_while_the_folder_is_held(corpus_files: CorpusFiles) -> None:
    """What another one changes just before a change is made is seen by it."""
    looked_at = corpus_files.state("treaty")
    errors: list[CorpusFilesError] = []

    def put() -> None:
        try:
            corpus_files.put("treaty.md", b"x", looked_at)
        except CorpusFilesError as error:
            errors.append(error)

    waiting = threading.Thread(target=put)
    with held_by_a_thread(corpus_files.folder):
        waiting.start()
        waiting.join(0.2)
        (corpus_files.folder / "treaty.md").write_bytes(b"the other's")
    waiting.join(60)
    assert [error.kind for error in errors] == ["stale"]


# ---------------------------------------------------------------- what a killed run leaves


def leave_intent(folder: Path, renames: object) -> None:
    """As a run that is killed just after it wrote down what it would do."""
    (folder / INTENT_NAME).write_text(json.dumps(renames))


def test_a_change_that_was_begun_is_finished_before_the_corpus_is_read(
    corpus_files: CorpusFiles,
) -> None:
    """The constructor and a reindex of the library both read the new state."""
    library = Library(corpus_files.folder)
    (corpus_files.folder / REMOVED_NAME).mkdir()
    leave_intent(
        corpus_files.folder,
        [["lighthouse.en.md", f"{REMOVED_NAME}/20260101-000000-000000-lighthouse.en.md"]],
    )
    assert library.reindex().removed == ("lighthouse",)
    (entry,) = corpus_files.removed()
    leave_intent(
        corpus_files.folder,
        [[f"{REMOVED_NAME}/{entry.removed_at}-lighthouse.en.md", "lighthouse.en.md"]],
    )
    assert len(Library(corpus_files.folder).corpus.articles) == 2
    assert not (corpus_files.folder / INTENT_NAME).exists()


@pytest.mark.parametrize(
    "renames",
    [
        [("treaty.md", "lighthouse.en.md")],
        [("treaty.md", "x.md"), ("treaty.en.md", "lighthouse.en.md")],
        [("treaty.md", "lighthouse.en.md"), ("lighthouse.en.md", "x.md")],
    ],
)
def test_no_rename_replaces_a_file(
    renames: list[tuple[str, str]], corpus_files: CorpusFiles
) -> None:
    """Where a target is taken when its turn comes, none of the renames is made."""
    before = contents(corpus_files.folder)
    with locked(corpus_files.folder), pytest.raises(FileExistsError):
        commit(corpus_files.folder, renames)
    assert contents(corpus_files.folder) == before


def test_finishing_twice_changes_nothing(corpus_files: CorpusFiles) -> None:
    """What was done already is not done again, though every name is in use once more."""
    renames = corpus_files.put("treaty.md", b"new").renames
    before = contents(corpus_files.folder)
    for _ in range(2):
        leave_intent(corpus_files.folder, renames)
        recover(corpus_files.folder)
        assert contents(corpus_files.folder) == before


@pytest.mark.parametrize(
    "content",
    [
        "", "{", "[]", "{}", "[1]", '[["a.md"]]', '[["a.md", 1]]', '[["../a.md", "b.md"]]',
        '[["treaty.md", "/tmp/x"]]', '[["treaty.md", "a/b.md"]]', '[["treaty.md", ".."]]',
        '[["treaty.md", ".removed/../../x"]]', '[["treaty.md", ".removed/.."]]',
        '[["treaty.md", "x\\u0000"]]',
    ],
)  # fmt: skip
def test_an_intent_of_somebody_elses_is_not_followed(
    content: str, corpus_files: CorpusFiles
) -> None:
    """A list that leads out of the folder, or is none, is named and moves nothing."""
    before = contents(corpus_files.folder.parent)
    (corpus_files.folder / INTENT_NAME).write_text(content)
    with pytest.raises(CorpusError, match=r"\.intent\.json: is no list of renames .*; remove it$"):
        Library(corpus_files.folder)
    (corpus_files.folder / INTENT_NAME).unlink()
    assert contents(corpus_files.folder.parent) == before


def test_a_folder_without_an_intent_is_not_touched(
    corpus_files: CorpusFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A corpus on a read-only disk works: no call that writes is made."""

    def refuse(*args: object, **options: object) -> None:
        raise AssertionError(args, options)

    with monkeypatch.context() as patch:
        for call in ("replace", "rename", "unlink", "mkdir", "fsync"):
            patch.setattr(os, call, refuse)
        assert len(Library(corpus_files.folder).reindex().changed) == 0


def test_what_cannot_be_finished_is_told(
    corpus_files: CorpusFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change that stands on a disk that is read-only by now names the folder's trouble."""
    leave_intent(corpus_files.folder, [["lighthouse.en.md", "light.en.md"]])

    def refuse(*_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", refuse)
        patch.setattr(os, "rename", refuse)
        with pytest.raises(CorpusError, match=r"cannot be finished .*; make the folder writable"):
            Library(corpus_files.folder)
    assert Library(corpus_files.folder).corpus.article("light") is not None


def test_content_left_on_its_way_goes_with_the_next_change(corpus_files: CorpusFiles) -> None:
    """It is no part of the corpus, and the next change tidies it up."""
    (corpus_files.folder / ".new-0123456789abcdef").write_bytes(b"half")
    (corpus_files.folder / ".new-year").write_bytes(b"mine")
    assert Library(corpus_files.folder).corpus.skipped == ()
    corpus_files.put("otters.md", b"Otters swim.")
    assert {n for n in names(corpus_files.folder) if n.startswith(".new")} == {".new-year"}


@LINUX
def test_killed_at_any_moment_the_folder_is_old_or_new() -> None:
    """Of dozens of changes killed with SIGKILL at every step and at random moments, none is half
    done once the folder is recovered.
    """
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.kills", "--times", "64"],
        capture_output=True, text=True, cwd=ROOT, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    killed, _, old, new, neither = map(int, done.stdout.splitlines()[-1].split()[1:])
    assert killed == 64
    assert min(old, new) > 0
    assert neither == 0
