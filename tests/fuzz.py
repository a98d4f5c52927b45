"""Fuzzing, for a bounded time: ``python -m tests.fuzz --seconds 600 [TARGET]``.

Needs atheris (``pip install atheris``, Apache-2.0), which looks for inputs that reach new lines of
the readers and the analyzer. Whatever is raised but CorpusError, takes 5 s or 1 GB is a finding:
its input is kept in the folder that is printed. What was found stands in tests/test_fuzzed.py.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import io
import json
import subprocess
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from bot.errors import CorpusError

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "tests" / "formats" / "data"
CORPUS = ROOT / "corpus"

#: Processor seconds, and bytes of memory, from which on an input is a finding.
SLOW = 5.0
LARGE = 1_000_000_000

Run = Callable[[bytes], None]


@dataclass(frozen=True)
class Target:
    """What is fuzzed: it is built once in a process of its own, and begins with some inputs."""

    build: Callable[[], Run]
    seeds: Callable[[], Iterator[bytes]]
    longest: int = 4096  #: bytes of an input


def _files(folder: Path, *endings: str) -> Callable[[], Iterator[bytes]]:
    return lambda: (p.read_bytes() for p in sorted(folder.iterdir()) if p.suffix in endings)


def _texts() -> Iterator[bytes]:
    yield from _files(CORPUS, ".md")()
    yield b'---\ntitle: "A: b"\nlanguage: fr\ndate: 2024-11-06\nurl: https://a.b/c\n---\n# T\n\n- a'
    yield b"1. one\n2. two\n\n> q\n\n| a | b |\n|---|---|\n| c | [d](e) |"
    yield b"```\ncode\n```\n<b>x</b>"
    yield "« Il a dit : “Non.” » M. Dupont [12], 3,5 % ; art. 5… J.-P. 1. Mai".encode()


def _pages() -> Iterator[bytes]:
    yield (
        '<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>T | J</title>'
        '<meta property="article:published_time" content="2024-11-06"></head><body><nav>n</nav>'
        "<article><h1>T</h1><p>Le Sénat a <b>voté</b> le traité. Il compte 23 articles.<br>Oui.</p>"
        "<ul><li>un</li></ul><table><tr><td>a</td></tr></table></article></body></html>"
    ).encode()


def _drawings() -> Iterator[bytes]:
    yield b"BT /F1 12 Tf 72 720 Td (The council rati-) Tj 0 -14 Td (fied it.) Tj ET"
    yield b"q 1 0 0 1 0 0 cm BT /F1 9 Tf [(a) -250 (b)] TJ T* <0041> ' ET Q"


def _word_bodies() -> Iterator[bytes]:
    for name in SAMPLES.glob("*.docx"):
        with zipfile.ZipFile(name) as archive:
            yield archive.read("word/document.xml")


def _questions() -> Iterator[bytes]:
    for text in (
        "who ratified it?",
        "Quand Poutine a-t-il visité Pyongyang ?\0et où ?",
        "DPRK 3,5",
    ):
        yield text.encode()


def _reading(name: str, wrap: Callable[[bytes], bytes] = bytes) -> Callable[[], Run]:
    """Read a file of a name; its sentences are spans of its text, in order."""

    def build() -> Run:
        from bot.corpus.article import build_article
        from bot.formats.reader import read_document

        path = Path(name)

        def run(data: bytes) -> None:
            article, _ = build_article("a", {None: read_document(path, wrap(data))})
            original = article.original
            for passage in original.passages:
                place = passage.span.start
                for sentence in passage.sentences:
                    assert place <= sentence.start < sentence.end <= passage.span.end
                    assert sentence.of(original.text).strip() == sentence.of(original.text)
                    place = sentence.end

        return run

    return build


def _decoded(data: bytes) -> str:
    """Text; what is no UTF-8 becomes lone surrogates, as in Python's arguments and file names."""
    return data.decode("utf-8", "surrogateescape")


def _pdf_page(data: bytes) -> bytes:
    from tests.test_hostile_files import page_of, stream

    return page_of(stream(data))


def _word(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(SAMPLES / "libreoffice.docx") as good, zipfile.ZipFile(out, "w") as made:
        for name in good.namelist():
            made.writestr(name, data if name == "word/document.xml" else good.read(name))
    return out.getvalue()


def _companion(reader: str) -> Callable[[], Run]:
    """Read glossary.toml or questions.toml, which lie on a disk."""

    def build() -> Run:
        from bot.corpus.companions import read_glossary, read_questions

        path = Path(tempfile.mkdtemp()) / "a.toml"

        def run(data: bytes) -> None:
            path.write_bytes(data)
            if reader == "glossary":
                list(read_glossary(path).find(["corée", "du", "nord"]))
            else:
                read_questions(path)

        return run

    return build


def _analysis() -> Run:
    from bot.formats.document import clean
    from bot.text.language import detect_language
    from bot.text.sentences import sentence_spans
    from bot.text.tokens import folded_words, ngrams, stem, tokens

    def run(data: bytes) -> None:
        text = _decoded(data)
        found = tokens(text)
        assert [word.folded for word in found] == folded_words(text)
        for word in found:
            assert ngrams(word.folded)
            stem(word.folded, "fr")
        detect_language(folded_words(text))
        spans = sentence_spans(clean(text))
        assert spans == sorted(spans)
        assert clean(clean(text)) == clean(text)

    return run


def _markup() -> Run:
    from bot.chat.markup import (
        bold,
        clip,
        cut,
        cut_start,
        escape,
        length,
        link_target,
        one_line,
        unescape,
    )
    from bot.corpus.model import Span

    def run(data: bytes) -> None:
        limit, start = 20 + (data[0] if data else 0), data[1] if data[1:] else 0
        text = _decoded(data[2:])
        assert unescape(escape(text)) == text
        for made in (
            cut(text, limit + 80),
            cut_start(text, limit + 80),
            bold(text, (Span(start % 50, start % 50 + 5),), limit + 80),
        ):
            assert length(made) <= limit + 80
            assert "\n" not in made
            made.encode()
        assert length(clip(one_line(text), limit)) <= limit
        link_target(text, limit)

    return run


def _answering(index: Any, question: str, previous: str) -> None:
    """Ask, and show the answer in every way."""
    from bot.chat.layout import LAYOUT, PLAIN, answer_blocks, size_of, why_text
    from bot.service.search import ask
    from bot.terminal import render_answer, to_json

    found = ask(index, question, previous=previous or None)
    for citation in found:
        assert citation.text in citation.article.original.text
    for form in (LAYOUT, PLAIN):
        assert size_of(answer_blocks(found, form, ())) <= form.limit - form.question
    assert len(why_text(found, found.language)) <= PLAIN.limit
    json.dumps(to_json(found))
    render_answer(found, colour=True)


def _answer() -> Run:
    from bot.corpus.folder import read_corpus
    from bot.index.build import build_index

    index = build_index(read_corpus(CORPUS))

    def run(data: bytes) -> None:
        text = _decoded(data)
        question, _, previous = text.partition("\0")
        _answering(index, question, previous)

    return run


def _article() -> Run:
    """An article of the input's first part, asked its second."""
    from bot.corpus.article import build_article
    from bot.corpus.model import Corpus
    from bot.formats.reader import read_document
    from bot.index.build import build_index

    def run(data: bytes) -> None:
        text, _, question = data.partition(b"\0")
        article, _ = build_article("a", {None: read_document(Path("a.txt"), text)})
        _answering(build_index(Corpus((article,))), _decoded(question), "")

    return run


def _title() -> Run:
    """The input's first part, given as a title to the file that is the second."""
    from bot.chat.markup import one_line
    from bot.formats.reader import read_document
    from bot.service.upload import with_front_matter

    path = Path("a.md")

    def run(data: bytes) -> None:
        first, _, text = data.partition(b"\0")
        title = one_line(first.decode("utf-8", "replace"))
        made = with_front_matter(text, "title", title)
        if not title or made == text:
            return
        before = read_document(path, text)  # else there is no telling what is right
        after = read_document(path, made)
        assert after.title == title
        assert [p.text for p in after.blocks] == [p.text for p in before.blocks]
        assert (after.date, after.url, after.note) == (before.date, before.url, before.note)

    return run


def _titled_texts() -> Iterator[bytes]:
    for text in _texts():
        yield b'A: "b" # c\0' + text[:400]


def _asked_texts() -> Iterator[bytes]:
    for text in _texts():
        yield text[:400] + b"\0who ratified it?"


TARGETS = {
    "markdown": Target(_reading("a.md"), _texts),
    "text": Target(_reading("a.txt"), _texts),
    "html": Target(_reading("a.html"), _pages),
    "pdf": Target(_reading("a.pdf"), _files(SAMPLES, ".pdf"), 50_000),
    "pdf-page": Target(_reading("a.pdf", _pdf_page), _drawings),
    "docx": Target(_reading("a.docx"), _files(SAMPLES, ".docx"), 10_000),
    "docx-body": Target(_reading("a.docx", _word), _word_bodies, 20_000),
    "glossary": Target(_companion("glossary"), _files(CORPUS, ".toml")),
    "questions": Target(_companion("questions"), _files(CORPUS, ".toml")),
    "title": Target(_title, _titled_texts, 1000),
    "analysis": Target(_analysis, _texts),
    "markup": Target(_markup, _texts, 2000),
    "answer": Target(_answer, _questions, 1000),
    "article": Target(_article, _asked_texts, 2000),
}


class Watch:
    """Runs inputs, and keeps those that are findings and the counts."""

    def __init__(self, run: Run, folder: Path) -> None:
        self.run, self.folder = run, folder
        self.executions = 0
        self.found: dict[str, str] = {}
        self._told = 0.0
        self._most = self._memory()

    def __call__(self, data: bytes) -> None:
        """Run one input."""
        start = time.process_time()
        try:
            self.run(data)
        except CorpusError:
            pass
        except Exception as error:  # noqa: BLE001  # whatever it is, it is a finding
            frame = traceback.extract_tb(error.__traceback__)[-1]
            self._keep(
                f"{type(error).__name__} in {Path(frame.filename).name}:{frame.lineno}", data
            )
        if (took := time.process_time() - start) > SLOW:
            self._keep(f"slower than {SLOW:.0f} s", data)
        if (memory := self._memory()) - self._most > LARGE:
            self._keep("memory", data)
        self._most = max(self._most, memory)
        self.executions += 1
        if took > 1 or time.monotonic() - self._told > 1:
            self._told = time.monotonic()
            state = {"executions": self.executions, "found": self.found}
            (self.folder / "state.json").write_text(json.dumps(state), encoding="utf-8")

    @staticmethod
    def _memory() -> int:
        import resource  # which Windows lacks; the tests import this module there, too

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

    def _keep(self, what: str, data: bytes) -> None:
        """Keep the smallest input of each kind of finding."""
        path = self.folder / f"{sha256(what.encode()).hexdigest()[:8]}.finding"
        if what not in self.found or len(data) < path.stat().st_size:
            path.write_bytes(data)
        self.found[what] = path.name


def _fuzz(name: str, seconds: int, folder: Path) -> None:
    """Fuzz one target in this process, which libFuzzer ends."""
    atheris = importlib.import_module("atheris")
    target = TARGETS[name]
    with atheris.instrument_imports():
        run = target.build()
        for seed in target.seeds():  # what is imported at the first reading is instrumented too
            with contextlib.suppress(CorpusError):
                run(seed)
        watch = Watch(run, folder)
    seeds = folder / "seeds"
    seeds.mkdir(exist_ok=True)
    for number, seed in enumerate(target.seeds()):
        (seeds / str(number)).write_bytes(seed)
    options = {
        "max_total_time": seconds, "max_len": target.longest, "timeout": 30,
        "rss_limit_mb": 2 * LARGE // 10**6, "artifact_prefix": f"{folder}/", "verbosity": 0,
    }  # fmt: skip
    atheris.Setup([sys.argv[0], *(f"-{k}={v}" for k, v in options.items()), str(seeds)], watch)
    atheris.Fuzz()


def main() -> int:
    """Fuzz the targets one after the other; 1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("targets", nargs="*", choices=[[], *TARGETS], metavar="TARGET")
    parser.add_argument("--seconds", type=int, default=600, help="for each target")
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.folder:
        _fuzz(options.targets[0], options.seconds, options.folder)
        return 0
    if importlib.util.find_spec("atheris") is None:
        parser.error("atheris is not installed; run .venv/bin/pip install atheris")
    findings = 0
    for name in options.targets or TARGETS:
        folder = Path(tempfile.mkdtemp(prefix=f"fuzz-{name}-"))
        command = ["-m", "tests.fuzz", name, "--seconds", str(options.seconds), "--folder"]
        start = time.monotonic()
        with (folder / "log").open("wb") as log:
            subprocess.run(
                [sys.executable, *command, str(folder)],
                stdout=log, stderr=log, cwd=ROOT, check=False,
            )  # fmt: skip
        state = json.loads((folder / "state.json").read_text(encoding="utf-8"))
        crashed = [p.name for kind in ("crash", "timeout", "oom") for p in folder.glob(f"{kind}-*")]
        findings += len(state["found"]) + len(crashed)
        took = time.monotonic() - start
        told = [*state["found"].items(), *crashed]
        print(f"{name}: {state['executions']:,} in {took:.0f} s; {told or 'nothing'}; {folder}")
    return bool(findings)


if __name__ == "__main__":
    sys.exit(main())
