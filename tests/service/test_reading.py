"""Files from outside are read in a process of their own, within limits of time and memory."""

from __future__ import annotations

import logging
import os
import pickle
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from bot.corpus.folder import read_corpus
from bot.errors import CorpusError
from bot.service import reading
from bot.service.corpus_files import CorpusFiles
from bot.service.reading import read_apart
from bot.service.upload import examine

ROOT = Path(__file__).parents[2]


def test_what_is_read_apart_is_what_is_read(corpus_dir: Path) -> None:
    """The corpus comes back as it would be read here."""
    assert read_apart(corpus_dir, corpus_dir / "treaty.md") == read_corpus(corpus_dir)


def test_what_is_wrong_comes_back(corpus_dir: Path) -> None:
    """With its file and line, and the rows where a translation drifts."""
    (corpus_dir / "otters.md").write_text("---\ndate: soon\n---\nOtters swim.")
    (corpus_dir / "treaty.en.md").write_text("The treaty.")
    expected = read_corpus(corpus_dir)
    found = read_apart(corpus_dir, corpus_dir / "otters.md")
    assert found.problems == expected.problems
    assert len(found.problems) == 1
    remarks = [article.remarks for article in expected.articles]
    assert [article.remarks for article in found.articles] == remarks
    assert any(remark.pair for told in remarks for remark in told)


def test_a_file_that_takes_too_long_is_refused(corpus_dir: Path) -> None:
    """The process is ended, and the sentence names the file."""
    path = corpus_dir / "otters.md"
    start = time.monotonic()
    with pytest.raises(CorpusError) as caught:
        read_apart(corpus_dir, path, seconds=0.01)
    assert str(caught.value) == f"{path}: takes longer than 0 s to read; split it"
    assert time.monotonic() - start < 20


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much memory is used")
def test_a_file_that_needs_too_much_memory_is_refused(corpus_dir: Path) -> None:
    """The bot's own memory does not grow, and the sentence names the file."""
    import resource

    path = corpus_dir / "otters.md"
    path.write_text("Otters swim.\n\n" * 200_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(CorpusError) as caught:
        read_apart(corpus_dir, path, megabytes=30)
    assert str(caught.value) == f"{path}: needs more than 30 MB of memory to be read; split it"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # KB


def test_a_reader_that_is_ended_or_crashes_is_told(
    corpus_dir: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The person reads one sentence, the operator what there is to know."""
    path = corpus_dir / "treaty.md"
    for output, sentence, logged in (
        (b"", "its reader was ended", "ended with status -9"),
        (pickle.dumps("Traceback: boom"), "its reader crashed", "boom"),
    ):
        done = subprocess.CompletedProcess([], -9, output)
        monkeypatch.setattr(subprocess, "run", lambda *_, _done=done, **__: _done)
        with pytest.raises(CorpusError, match=sentence) as caught:
            read_apart(corpus_dir, path)
        assert len(str(caught.value).splitlines()) == 1
        assert logged in caplog.text


def test_one_reader_at_a_time(corpus_dir: Path) -> None:
    """Many uploads at once need the memory of one."""
    done: list[object] = []
    waiting = threading.Thread(
        target=lambda: done.append(read_apart(corpus_dir, corpus_dir / "treaty.md"))
    )
    with reading._one:
        waiting.start()
        waiting.join(1)
        assert not done
    waiting.join(60)
    assert len(done) == 1


def test_the_reader_is_not_told_the_token(
    corpus_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A parser of foreign files has no use for it."""
    told: dict[str, str] = {}

    def run(*_: object, env: dict[str, str], **__: object) -> subprocess.CompletedProcess[bytes]:
        told.update(env)
        return subprocess.CompletedProcess([], 0, pickle.dumps(read_corpus(corpus_dir)))

    monkeypatch.setenv("DISCORD_TOKEN", "s3cret")
    monkeypatch.setattr(subprocess, "run", run)
    read_apart(corpus_dir, corpus_dir / "treaty.md")
    assert "PATH" in told
    assert "s3cret" not in told.values()


def test_what_a_library_prints_is_no_answer(corpus_dir: Path) -> None:
    """The answer has the process's output for itself."""
    script = (
        "import sys, bot.service.reading as reading\n"
        "real = reading._read\n"
        "def loud(*args):\n"
        "    print('loud', flush=True); print('loud', file=sys.stderr, flush=True)\n"
        "    return real(*args)\n"
        "reading._read = loud\n"
        "reading.main(sys.argv[1:])\n"
    )
    command = [sys.executable, "-c", script, str(corpus_dir), "500"]
    done = subprocess.run(command, capture_output=True, cwd=ROOT, check=True)
    assert pickle.loads(done.stdout) == read_corpus(corpus_dir)  # noqa: S301  # written above
    assert done.stderr == b""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows tells no peak of memory")
@pytest.mark.parametrize("front", [True, False])
def test_examining_an_upload_needs_little_memory_of_the_bots(front: bool, corpus_dir: Path) -> None:
    """Under ten times the text and 50 MB, be it front matter or many short paragraphs."""
    import resource

    text = b"a: b\n" * 600_000 if front else b"Otters eat.\n\n" * 50_000
    data = b"---\n" + text + b"---\nOtters swim." if front else text
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.monotonic()
    if front:
        with pytest.raises(CorpusError, match=r"the front matter has 3,000,000 characters, more"):
            examine(CorpusFiles(corpus_dir), "otters.en.md", data)
        assert time.monotonic() - start < 20  # 20 s of YAML before
    else:
        upload = examine(CorpusFiles(corpus_dir), "otters.en.md", data)
        assert len(upload.rendering.passages) == 50_000
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown * 1000 < 10 * len(data) + 50_000_000


def test_nothing_is_logged_of_a_file_that_is_well(
    corpus_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Reading apart is silent."""
    caplog.set_level(logging.DEBUG, logger="bot")
    read_apart(corpus_dir, corpus_dir / "treaty.md")
    assert not caplog.records
