"""The command line: ``treaty-bot run``, ``ask``, ``check``, ``demo``, ``init``, ``health``.

Everything is built here and passed in; nothing happens at import. Only ``run`` needs a token;
``ask`` and ``check`` do not import discord.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import importlib.metadata
import json
import logging
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import (
    CorpusError,
    DemoError,
    Problem,
    ReindexRunning,
    SettingsError,
    TreatyBotError,
    UnknownArticle,
)

if TYPE_CHECKING:
    from bot.service.cluster.client import Cluster
    from bot.service.library import Library
    from bot.settings import Settings

#: What the demo imports beyond the bot's own needs: the extra ``demo`` of pyproject.toml.
_DEMO_PACKAGES = ("simcord", "linkify_it", "regex", "PIL")

_LAST_PORT = 65_535

# Sentences that "ask" waits to have encoded: a few seconds.
_ENCODED_AT_ONCE = 2_000

# Names of articles that are proposed for one that does not exist.
_CLOSEST = 3

#: Columns that an answer is wrapped to on a terminal, however wide: longer lines are hard to read.
_WIDTH = 80

#: Libraries that would tell on standard error how they fixed a file, or whom they asked.
_TALKATIVE = ("pypdf", "trafilatura", "htmldate", "courlan", "justext", "opensearch")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code: 0, 1 for an error, 2 for wrong usage."""
    options = _parser().parse_args(arguments)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        return _run(options)
    except TreatyBotError as error:
        for line in str(error).split("\n"):
            print(f"treaty-bot: {line}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of our output has gone, such as head
        _drop_output()
        return 1
    except OSError as error:  # such as a full disk behind a redirection
        _drop_output()
        print(f"treaty-bot: {error.strerror or error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _drop_output() -> None:
    """Throw away what is still to be written, so that Python does not try again at its exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--corpus",
        type=Path,
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="folder of the articles (default: the setting CORPUS_DIR, which is corpus)",
    )
    parser = argparse.ArgumentParser(
        prog="treaty-bot",
        description="Answers questions with the best-matching sentences of a corpus of articles.",
        parents=[shared],
    )
    parser.add_argument("--version", action="version", version=f"treaty-bot {_version()}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("run", parents=[shared], help="connect to Discord (the default)")
    ask = commands.add_parser(
        "ask", parents=[shared], help="answer a question here; no token is needed"
    )
    ask.add_argument(
        "question",
        nargs="*",
        help="without one, questions are read from standard input, one a line",
    )
    ask.add_argument(
        "--in",
        dest="within",
        metavar="SOURCE",
        help="ask one source alone, by its name, its title or another of its names",
    )
    ask.add_argument(
        "--previous", metavar="QUESTION", help="the question before, which a follow-up leans on"
    )
    ask.add_argument("--json", action="store_true", help="print one JSON object a question")
    check = commands.add_parser(
        "check", parents=[shared], help="read the corpus and show what is in it, or what is wrong"
    )
    check.add_argument(
        "--show", metavar="ARTICLE", help="print what was read of one article, sentence by sentence"
    )
    demo = commands.add_parser(
        "demo", parents=[shared], help="try the bot in a simulated Discord in the browser"
    )
    demo.add_argument(
        "--port",
        type=_port,
        metavar="N",
        default=0,
        help="port of the page (default: any free one)",
    )
    demo.add_argument(
        "--no-browser", action="store_true", help="print the page's address without opening it"
    )
    init = commands.add_parser(
        "init", help="make a folder with .env and corpus/ for a bot of your own"
    )
    init.add_argument("folder", nargs="?", type=Path, metavar="DIR", default=Path())
    init.add_argument("--example", action="store_true", help="copy the example into corpus/")
    index = commands.add_parser(
        "index",
        parents=[shared],
        help="write the articles to the cluster that PASSAGE_STORE names, and answer from there",
    )
    index.add_argument("--json", action="store_true", help="print one JSON object")
    commands.add_parser("health", help="say whether the bot that runs here is connected to Discord")
    return parser


def _version() -> str:
    """Return the version that is installed; a folder that was only copied has none."""
    try:
        return importlib.metadata.version("treaty-bot")
    except importlib.metadata.PackageNotFoundError:
        return "(not installed)"


def _port(text: str) -> int:
    """Return a port's number, or 0 for any that is free."""
    if not text.isdecimal() or int(text) > _LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 to {_LAST_PORT}")
    return int(text)


def _run(options: argparse.Namespace) -> int:
    from bot.settings import load_settings, require_health_file

    if options.command == "init":
        from bot.first_run import init

        init(options.folder, example=options.example)
        return 0
    settings = load_settings()
    if options.command == "health":
        from bot.service.health import health

        return health(require_health_file(settings))
    if options.command == "demo":
        _require_demo_packages()
    with contextlib.ExitStack() as stack:
        return _run_on(_folder(options, settings, stack), options, settings)


def _folder(options: argparse.Namespace, settings: Settings, stack: contextlib.ExitStack) -> Path:
    """Return the folder of the articles; for ``ask`` and ``demo`` the example where there is none.

    The demo gets a copy of the example, which lasts as long as the stack: it may be changed there.
    """
    from bot.first_run import corpus_or_example

    folder: Path | None = getattr(options, "corpus", None)
    if folder is not None or options.command not in ("ask", "demo"):
        return folder or settings.corpus_dir
    folder, is_example = corpus_or_example(settings)
    if is_example:
        print(
            "treaty-bot: there is no folder corpus here, so the example that comes with the bot "
            "is used; treaty-bot init makes a folder of your own",
            file=sys.stderr,
        )
    if not is_example or options.command != "demo":
        return folder
    copy = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
    return Path(shutil.copytree(folder, copy / "corpus"))


def _run_on(folder: Path, options: argparse.Namespace, settings: Settings) -> int:
    """Run a command that needs the articles of a folder."""
    if options.command == "index":
        return _index(folder, settings, as_json=options.json)
    if options.command == "ask":
        with contextlib.closing(_store(folder, settings)) as library:
            _tell_problems(library)
            _encode(library, settings, most=_ENCODED_AT_ONCE)
            return _ask(library, options)
    if options.command == "check":
        from bot.diagnosis import diagnose

        findings = list(diagnose(settings, folder))
        for finding in findings:
            print(f"treaty-bot: {finding}", file=sys.stderr)
        library = _library(folder, settings)
        _tell_problems(library)
        shown = _check(library) if options.show is None else _show(library, options.show)
        return 1 if library.corpus.problems or any(f.stops_run for f in findings) else shown
    if options.command == "demo":
        library = _library(folder, settings)
        _tell_problems(library)
        return _demo(library, settings, options.port, browser=not options.no_browser)
    from bot.settings import require_servers_dir, require_token

    token = require_token(settings)
    require_servers_dir(settings, folder)
    with contextlib.closing(_store(folder, settings)) as library:
        threading.Thread(target=_encode, args=(library, settings), daemon=True).start()
        return _connect(library, settings, token)


def _encode(library: Library, settings: Settings, most: int | None = None) -> None:
    """Order answers by meaning as well, where the extra is installed and wanted.

    ``most``: sentences of the largest corpus that is worth waiting for.
    """
    from bot.service.encoder import is_installed, load_encoder

    if settings.semantic == "off" or not is_installed():
        return
    if most is not None and library.corpus.sentences > most:
        return
    if encoder := load_encoder():
        library.encode(encoder)


def _store(folder: Path, settings: Settings) -> Library:
    """Return the library of the passage store that is chosen."""
    from bot.settings import EMBEDDED

    if settings.passage_store == EMBEDDED:
        return _library(folder, settings)
    cluster = _cluster(settings)
    from bot.service.cluster.library import ClusterLibrary

    return ClusterLibrary(cluster, folder)


def _cluster(settings: Settings) -> Cluster:
    """Return where the cluster is. Raises SettingsError where none is named, and where the extra
    ``cluster`` is not installed.
    """
    from bot.settings import EMBEDDED

    if settings.passage_store == EMBEDDED:
        reason = "is embedded: there is no cluster to write to; name its addresses"
        raise SettingsError("PASSAGE_STORE", reason)
    try:
        from bot.service.cluster.client import Cluster
    except ImportError:
        reason = "names a cluster, for which pip install 'treaty-bot[cluster]' is needed"
        raise SettingsError("PASSAGE_STORE", reason) from None
    return Cluster(
        hosts=tuple(settings.passage_store.split(",")),
        name=settings.passage_index,
        user=settings.passage_store_user,
        password=settings.passage_store_password,
        authority=settings.passage_store_ca_file,
    )


def _index(folder: Path, settings: Settings, *, as_json: bool) -> int:
    """Write the articles to the cluster, and say what was written."""
    cluster = _cluster(settings)
    from bot.service.cluster.indexing import index_folder
    from bot.terminal import reading_bar

    said: dict[str, Any] = {}
    try:
        if as_json or not sys.stderr.isatty():
            written, corpus = index_folder(cluster, folder, lambda *_: None)
        else:
            with reading_bar(time.monotonic()) as progress:
                written, corpus = index_folder(cluster, folder, progress)
    except (CorpusError, ReindexRunning) as error:
        if not as_json:
            raise
        if isinstance(error, ReindexRunning):
            said["running"] = True
        said["problems"] = _rows(getattr(error, "problems", ()))
        print(json.dumps(said, ensure_ascii=False))
        return 1
    if as_json:
        said = {**asdict(written), "problems": _rows(corpus.problems)}
        print(json.dumps(said, ensure_ascii=False))
        return 0
    for problem in corpus.problems:
        print(f"treaty-bot: left out: {problem}", file=sys.stderr)
    print(
        f"version {written.version} is in service: {written.articles:,} articles, "
        f"{written.sentences:,} sentences"
    )
    return 0


def _rows(problems: Iterable[Problem]) -> list[tuple[str, int | None, str]]:
    """Return problems as JSON takes them."""
    return [(str(problem.path), problem.line, problem.reason) for problem in problems]


def _library(folder: Path, settings: Settings) -> Library:
    """Return the library of a folder, with a bar on a terminal where reading it takes long."""
    from bot.service.cache import Cache
    from bot.service.library import Library

    cache = Cache(settings.cache_dir)
    if not sys.stderr.isatty():
        return Library(folder, cache)
    from bot.terminal import reading_bar

    with reading_bar(time.monotonic()) as progress:
        return Library(folder, cache, progress)


def _tell_problems(library: Library) -> None:
    """Say which files are left out and why, where errors go."""
    for problem in library.corpus.problems:
        print(f"treaty-bot: left out: {problem}", file=sys.stderr, flush=True)


def _ask(library: Library, options: argparse.Namespace) -> int:
    from bot.terminal import render_answer, to_json

    words, as_json, previous = options.question, options.json, options.previous
    talking = not words and sys.stdin.isatty()  # lines of a file are independent of each other
    for number, question in enumerate(_questions(words)):
        answer = library.answer(question, previous=previous, within=options.within)
        if talking:
            previous = question if answer.previous_question is None else f"{previous} {question}"
        if not words and not as_json:  # read from standard input: which answer is to which question
            if number:
                print()
            print(f"> {question}")
        if as_json:
            print(json.dumps(to_json(answer), ensure_ascii=False), flush=True)
        else:
            terminal = sys.stdout.isatty()
            width = min(_WIDTH, shutil.get_terminal_size().columns) if terminal else None
            print(render_answer(answer, colour=terminal, width=width), flush=True)
    return 0


def _questions(words: Sequence[str]) -> Iterable[str]:
    """Yield the question given on the command line, or those on standard input, one a line.

    An empty line is a question too, so that the answers stay level with the lines.
    """
    if words:
        # An argument that is not valid UTF-8 holds lone surrogates, which cannot be printed.
        yield " ".join(words).encode("utf-8", "replace").decode()
        return
    if sys.stdin.isatty():
        print("One question a line; Ctrl-D ends.", file=sys.stderr)
    for line in sys.stdin:
        yield line.removesuffix("\n").removeprefix("\ufeff")


def _check(library: Library) -> int:
    from bot.corpus.lint import lint
    from bot.service.search import run_questions
    from bot.terminal import print_corpus, print_misaligned, print_remarks, print_replay

    print_corpus(library.corpus)
    remarks = [remark for article in library.corpus.articles for remark in article.remarks]
    print_remarks([*remarks, *lint(library.corpus)])
    print_misaligned(remarks)
    index, questions = library.index, library.corpus.questions
    taught = run_questions(index, questions, taught=True) if library.corpus.lessons else None
    right = None if taught is None else sum(result.right for result in taught)
    print_replay(run_questions(index, questions), right)
    return 0


def _show(library: Library, name: str) -> int:
    """Raise UnknownArticle where there is none of the name."""
    from bot.terminal import show_article

    article = library.corpus.article(name)
    if article is None:
        raise UnknownArticle(name, _closest(name, [a.name for a in library.corpus.articles]))
    print(show_article(article))
    return 0


def _closest(name: str, names: Sequence[str]) -> list[str]:
    """Return the names spelled most like a name, the nearest first."""
    from rapidfuzz import fuzz, process

    found = process.extract(
        name, names, scorer=fuzz.WRatio, processor=str.casefold, limit=_CLOSEST, score_cutoff=50
    )
    return [str(near) for near, _, _ in found]


def _require_demo_packages() -> None:
    """Raise DemoError, saying what to install, unless the extra ``demo`` is installed."""
    for package in _DEMO_PACKAGES:
        try:
            importlib.import_module(package)
        except ImportError:
            raise DemoError(
                f"{package} is not installed; run pip install 'treaty-bot[demo]', or in a clone "
                "pip install -c constraints.txt -e '.[demo]'"
            ) from None


def _demo(library: Library, settings: Settings, port: int, *, browser: bool) -> int:
    from bot import demo

    demo.run(library, settings, port=port, browser=browser)
    return 0


def _connect(library: Library, settings: Settings, token: str) -> int:
    import discord

    from bot.client import TreatyBot
    from bot.connection import run
    from bot.logs import set_up_logging
    from bot.service.journal import claim, open_journal

    # The bot does not speak, so the libraries for voice are not missed.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    set_up_logging(settings.log_level, token, questions=settings.log_questions)
    for problem in library.corpus.problems:
        logging.getLogger(__name__).error("left out: %s", problem)
    alone = settings.shard_ids and settings.journal_days
    with claim(settings.journal_file) if alone else contextlib.nullcontext():
        journal = open_journal(settings.journal_file, settings.journal_days)
        try:
            run(lambda: TreatyBot(library, settings, journal), token)
        finally:
            if journal:
                journal.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
