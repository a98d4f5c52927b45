"""The command line, as a program where it matters and within this process elsewhere."""

from __future__ import annotations

import http.server
import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.settings import Settings

ROOT = Path(__file__).parents[1]
CORPUS = str(ROOT / "corpus")
TOKEN = "not.a-real.token-0123456789"  # noqa: S105

#: The questions that have an answer in the shipped article, and how its sentence begins.
ANSWERED = {
    "who ratified it?": "Le traité, déjà signé",
    "Who signed the treaty?": "",
    "When did Putin visit Pyongyang?": "Vladimir Poutine s’était rendu à Pyongyang en juin 2024",
    "How many articles does it contain?": "L’accord inclut vingt-trois articles",
    "Qui l'a ratifié ?": "",
    "Combien d'articles contient le traité ?": "L’accord inclut vingt-trois articles",
}
UNANSWERED = ("What is the capital of Brazil?", "hello", "???", "")


@pytest.fixture(autouse=True)
def _clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start in an empty folder without any of the settings in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields.keys() - {"semantic"}:  # off, by the fixture for all
        monkeypatch.delenv(name.upper(), raising=False)


def program(
    *arguments: str, stdin: bytes = b"", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run the command line as a program."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
    )


def ask_lines(
    stdin: bytes, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> list[str]:
    """The lines that ``ask --json`` prints for what comes in on standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
    assert main(["ask", "--json", "--corpus", CORPUS]) == 0
    # Not splitlines, which also splits at characters that may stand within a JSON string.
    *lines, rest = capsys.readouterr().out.split("\n")
    assert rest == ""
    return lines


@pytest.mark.parametrize("question", ANSWERED)
def test_ask_answers_with_a_quote(question: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The right sentence comes first, with title, date and passage, in words and in JSON."""
    assert main(["ask", question, "--corpus", CORPUS]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.startswith("1. ")
    assert f"«\u00a0{ANSWERED[question]}" in out
    assert "Le Sénat russe ratifie le traité" in out
    assert "2024 · ¶ " in out
    assert main(["ask", "--json", question, "--corpus", CORPUS]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["question"] == question
    assert found["citations"][0]["text"].startswith(ANSWERED[question])


@pytest.mark.parametrize("question", UNANSWERED)
def test_ask_says_what_it_cannot_answer(question: str, capsys: pytest.CaptureFixture[str]) -> None:
    """No answer is no error: the exit code is 0 and the sentence honest."""
    assert main(["ask", question, "--corpus", CORPUS]) == 0
    said = capsys.readouterr().out
    assert said.startswith(("The sources do not answer this.", "Not found in the sources: "))


def test_a_question_may_be_several_words(capsys: pytest.CaptureFixture[str]) -> None:
    """Quotation marks around a question are not needed."""
    assert main(["ask", "--json", "--corpus", CORPUS, "who", "ratified", "it?"]) == 0
    assert json.loads(capsys.readouterr().out)["question"] == "who ratified it?"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--corpus", "articles", "ask", "do cats sleep?"],
        ["ask", "--corpus", "articles", "do cats sleep?"],
        ["ask", "do cats sleep?", "--corpus=articles"],
        ["--corpus", "elsewhere", "ask", "do cats sleep?", "--corpus", "articles"],
        ["--corpus", "articles", "check"],
        ["check", "--corpus", "articles"],
    ],
)
def test_the_corpus_may_be_named_before_and_after_the_command(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """--corpus goes wherever one puts it; the last one counts."""
    Path("articles").mkdir()
    Path("articles/cats.md").write_text("Cats sleep.")
    assert main(arguments) == 0
    assert "cats" in capsys.readouterr().out.lower()


def test_the_corpus_comes_from_the_settings(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """CORPUS_DIR names the folder; without it, it is ./corpus."""
    assert main(["check"]) == 1
    assert capsys.readouterr().err.startswith("treaty-bot: corpus: there is no such folder;")
    monkeypatch.setenv("CORPUS_DIR", CORPUS)
    assert main(["check"]) == 0
    out = capsys.readouterr().out
    assert "1 article, 8 passages, 22 sentences. No problems.\n" in out
    assert out.endswith("8 questions of questions.toml, 8 answered right.\n")


def test_a_wrong_setting_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The variable is named, by every command."""
    monkeypatch.setenv("LOG_LEVEL", "loud")
    for command in ("ask", "check", "run"):
        assert main([command]) == 1
        expected = "treaty-bot: LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR\n"
        assert capsys.readouterr() == ("", expected)


@pytest.mark.parametrize("arguments", [[], ["run"], ["run", "--corpus", "gone"]])
def test_a_start_without_a_token_says_where_to_get_one(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence, exit code 1, and no traceback."""
    assert main(arguments) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("treaty-bot: DISCORD_TOKEN is missing: copy the token from https://")
    assert err.endswith(" into the file .env as DISCORD_TOKEN=...\n")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments", [["--loud"], ["ask", "--loud"], ["dance"], ["check", "x"], ["ask", "--corpus"]]
)
def test_wrong_usage_shows_the_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """An unknown option or command ends with code 2 and says which."""
    with pytest.raises(SystemExit) as raised:
        main(arguments)
    assert raised.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("usage: treaty-bot")
    assert "error: " in err


def test_standard_input_is_one_question_a_line_in_order(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Blank lines, CRLF, a byte order mark, bad UTF-8 and very long lines: one object each."""
    long = "treaty " * 857 + "x"
    assert len(long) == 6000
    stdin = b"\n".join(
        [
            b"\xef\xbb\xbfwho ratified it?\r",
            b"",
            b"   ",
            "Combien d'articles contient le traité ?\r".encode(),
            b"bad \xff bytes",
            long.encode(),
            b"a\x00b\x1b[31m\x0b\x0c\xe2\x80\xa8c",
            b"last, without a line break",
        ]
    )
    lines = ask_lines(stdin, monkeypatch, capsys)
    found = [json.loads(line) for line in lines]
    assert [answer["question"] for answer in found] == [
        "who ratified it?",
        "",
        "   ",
        "Combien d'articles contient le traité ?",
        "bad \ufffd bytes",
        long,
        "a\x00b\x1b[31m\x0b\x0c\u2028c",
        "last, without a line break",
    ]
    assert [answer["answered"] for answer in found[:5]] == [True, False, False, True, False]


def test_no_question_is_no_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Empty standard input prints nothing."""
    assert ask_lines(b"", monkeypatch, capsys) == []


def test_json_lines_as_a_program() -> None:
    """A pipe gets UTF-8 whatever the locale, and the accents as they are."""
    done = program(
        "ask", "--json", "--corpus", CORPUS,
        stdin="qui l’a ratifié ?\nhello\n".encode(),
        env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    first, second = done.stdout.decode("utf-8").splitlines()
    assert json.loads(first)["question"] == "qui l’a ratifié ?"
    assert "traité" in first
    assert json.loads(second)["answered"] is False


def test_an_argument_that_is_not_utf_8_is_answered() -> None:
    """Bytes from another encoding on the command line do no harm."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", "ask", "--json", "--corpus", CORPUS, b"ratifi\xe9"],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["question"] == "ratifi?"


def test_answers_come_as_the_questions_do() -> None:
    """Each answer is written when its question is read, so that a program can talk to the bot."""
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "ask", "--json", "--corpus", CORPUS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:
        assert process.stdin
        assert process.stdout
        for question in ("who ratified it?", "hello"):
            process.stdin.write(f"{question}\n".encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["question"] == question
        process.stdin.close()
        assert process.wait(30) == 0


@pytest.mark.parametrize("arguments", [["ask", "--json"], ["ask"], ["check"]])
def test_a_closed_pipe_is_no_error_message(arguments: list[str]) -> None:
    """When the reader goes, as head does, the program ends without a word."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as output:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments, "--corpus", CORPUS],
            input=b"who ratified it?\n" * 3,
            stdout=output,
            stderr=subprocess.PIPE,
            check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("arguments", [["ask", "hello"], ["check"]])
def test_a_full_disk_is_one_line(arguments: list[str]) -> None:
    """Output that cannot be written is said once."""
    with Path("/dev/full").open("wb") as output:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments, "--corpus", CORPUS],
            stdout=output,
            stderr=subprocess.PIPE,
            check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    assert (done.returncode, done.stderr) == (1, b"treaty-bot: No space left on device\n")


def imported(*arguments: str) -> set[str]:
    """The packages that are loaded when a command has run."""
    code = (
        "import sys, bot.__main__\n"
        "code = bot.__main__.main(sys.argv[1:])\n"
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)\n"
        "sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments, "--corpus", CORPUS],
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    return set(done.stderr.split())


def test_ask_stays_light() -> None:
    """Asking at the command line loads neither discord nor what draws tables or tests."""
    heavy = {"discord", "aiohttp", "rich", "hypothesis", "pytest", "simcord"}
    loaded = imported("ask", "who ratified it?")
    assert "bot" in loaded
    assert not heavy & loaded
    assert not (heavy - {"rich"}) & imported("check")


def test_nothing_happens_at_import() -> None:
    """Importing the command line reads no settings and loads no library."""
    code = "import sys, bot.__main__; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "LOG_LEVEL": "wrong"},
    )
    loaded = set(done.stdout.split())
    assert not {"bot.settings", "bot.service.library", "discord", "numpy", "pydantic"} & loaded


class _Refusal(http.server.BaseHTTPRequestHandler):
    """A Discord that knows no token."""

    def do_GET(self) -> None:
        body = b'{"message": "401: Unauthorized", "code": 0}'
        self.send_response(401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def refusing() -> Iterator[str]:
    """The address of a server that refuses every token."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Refusal) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def run_against(address: str) -> subprocess.CompletedProcess[str]:
    """``treaty-bot run`` with its loudest log, against another address than Discord's."""
    code = (
        "import sys, discord, bot.__main__\n"
        f"discord.http.Route.BASE = {address!r}\n"
        "sys.exit(bot.__main__.main(sys.argv[1:]))"
    )
    return subprocess.run(
        [sys.executable, "-c", code, "run", "--corpus", CORPUS],
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "DISCORD_TOKEN": TOKEN,
            "LOG_LEVEL": "DEBUG",
            "LOG_QUESTIONS": "true",
        },
    )


def test_a_token_that_discord_refuses_is_one_line_and_never_shown(refusing: str) -> None:
    """A wrong token says which setting to mend; not even the loudest log shows it."""
    done = run_against(refusing)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith("treaty-bot: DISCORD_TOKEN was refused by Discord: copy it again from")
    assert "logging in" in done.stderr
    assert TOKEN not in done.stdout + done.stderr


def test_the_installed_command_is_this_one() -> None:
    """``treaty-bot`` in the environment's bin runs the same program."""
    command = Path(sys.executable).with_name("treaty-bot")
    if not command.exists():
        pytest.skip("the project is not installed in this environment")
    done = subprocess.run([command, "--help"], capture_output=True, check=True, text=True)
    assert done.stdout.startswith("usage: treaty-bot [-h] [--corpus DIR] [--version] COMMAND ...")
