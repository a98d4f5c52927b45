"""The first minutes: ``init``, and the example where there is no corpus."""

from __future__ import annotations

import base64
import contextlib
import http.server
import io
import os
import re
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import first_run
from bot.__main__ import main
from bot.errors import InitError, SettingsError
from bot.settings import Settings, load_settings

#: A token in Discord's form, of no application: its first part is the id 1234.
TOKEN = base64.urlsafe_b64encode(b"1234").decode().rstrip("=") + ".a.b"


@pytest.fixture(autouse=True)
def _clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start in an empty folder without any of the settings in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields.keys() - {"semantic"}:  # off, by the fixture for all
        monkeypatch.delenv(name.upper(), raising=False)


def type_in(monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    """Let a line wait on standard input, which is no terminal."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(line))


def test_init_makes_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The token goes into a file that its owner alone reads, and is not printed."""
    type_in(monkeypatch, f"{TOKEN}\n")
    first_run.init(tmp_path / "new", example=False, probe=lambda _: True)
    env = tmp_path / "new" / ".env"
    assert f"DISCORD_TOKEN={TOKEN}\n" in env.read_text(encoding="utf-8")
    if os.name == "posix":
        assert stat.S_IMODE(env.stat().st_mode) == 0o600
    assert list((tmp_path / "new" / "corpus").iterdir()) == []
    out = capsys.readouterr().out
    assert TOKEN not in out
    assert first_run.invitation(1234) in out


def test_the_env_file_holds_every_setting_with_its_meaning(monkeypatch: pytest.MonkeyPatch) -> None:
    """What init writes changes nothing but the token, and says what can be changed."""
    monkeypatch.delenv("SEMANTIC", raising=False)  # which is set for all tests
    text = first_run.env_file(TOKEN)
    Path(".env").write_text(text, encoding="utf-8")
    assert load_settings() == Settings.model_construct(discord_token=SecretStr(TOKEN))
    blocks = text.split("\n\n")[1:]
    assert [block.splitlines()[-1].partition("=")[0].lower() for block in blocks] == [
        *Settings.model_fields
    ]
    assert all(block.startswith("# ") for block in blocks)


def test_an_unreachable_discord_is_no_obstacle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Offline the token is kept unchecked, and a sentence says so."""
    type_in(monkeypatch, f"{TOKEN}\n")
    first_run.init(tmp_path / "new", example=False, probe=lambda _: None)
    assert "cannot be asked now" in capsys.readouterr().out
    assert (tmp_path / "new" / ".env").exists()


@pytest.mark.parametrize("typed", [TOKEN, "two words"])
def test_a_wrong_token_leaves_nothing(
    typed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token that Discord refuses, or that is none, is told without quoting it."""
    type_in(monkeypatch, f"{typed}\n")
    with pytest.raises(SettingsError) as caught:
        first_run.init(tmp_path / "new", example=False, probe=lambda _: False)
    assert typed not in str(caught.value)
    assert not (tmp_path / "new").exists()


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has pseudo-terminals")
def test_the_token_is_not_shown_as_it_is_typed(tmp_path: Path) -> None:
    """On a terminal, what is typed as the token is not echoed."""
    import pty

    keyboard, terminal = pty.openpty()
    command = [sys.executable, "-m", "bot", "init", str(tmp_path / "new")]
    with subprocess.Popen(
        command, stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True
    ) as program:
        os.close(terminal)
        shown = b""
        while b"Token: " not in shown:
            shown += os.read(keyboard, 1000)
        os.write(keyboard, b"two words\n")
        with contextlib.suppress(OSError):  # the end, as Linux tells it
            while more := os.read(keyboard, 1000):
                shown += more
    os.close(keyboard)
    assert program.returncode == 1
    assert b"DISCORD_TOKEN is not a token" in shown
    assert b"two words" not in shown


class _Discord(http.server.BaseHTTPRequestHandler):
    """Takes the one token ``good``, and has an outage for ``outage``."""

    def do_GET(self) -> None:
        """Answer as ``GET /users/@me`` does, but for the body."""
        statuses = {"Bot good": 200, "Bot outage": 503}
        self.send_response(statuses.get(self.headers["Authorization"], 401))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


def test_discord_is_asked_whether_it_takes_the_token() -> None:
    """Yes, no, or neither where Discord has an outage or cannot be reached."""
    with http.server.HTTPServer(("127.0.0.1", 0), _Discord) as server:
        threading.Thread(target=server.serve_forever).start()
        address = f"http://127.0.0.1:{server.server_port}/"
        tokens = ("good", "bad", "outage")
        assert [first_run.ask_discord(one, address) for one in tokens] == [True, False, None]
        server.shutdown()
    assert first_run.ask_discord("good", address) is None


@pytest.mark.parametrize("name", [".env", "corpus"])
def test_init_overwrites_nothing(name: str, tmp_path: Path) -> None:
    """What exists is named and left as it is."""
    (tmp_path / name).write_text("mine", encoding="utf-8")
    with pytest.raises(InitError, match=re.escape(name)):
        first_run.init(tmp_path, example=True)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text(encoding="utf-8") == "mine"


def test_init_check_and_ask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The folder with the example, and a token to come, passes ``check`` and answers."""
    type_in(monkeypatch, "\n")
    assert main(["init", "new", "--example"]) == 0
    monkeypatch.chdir(tmp_path / "new")
    capsys.readouterr()
    assert main(["check"]) == 0
    assert capsys.readouterr().err == ""
    assert main(["ask", "who ratified it?"]) == 0
    assert "Le traité, déjà signé" in capsys.readouterr().out


def test_the_example_answers_where_there_is_no_corpus(capsys: pytest.CaptureFixture[str]) -> None:
    """In an empty folder the example answers, and one line says that it is the example."""
    assert main(["ask", "who ratified it?"]) == 0
    out, err = capsys.readouterr()
    assert "Le traité, déjà signé" in out
    assert err.count("\n") == 1
    assert "example" in err


@pytest.mark.parametrize("named", [True, False])
def test_the_example_never_stands_in_for_a_folder_of_ones_own(
    named: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder that is named or there is used even if it is missing or empty."""
    if named:
        monkeypatch.setenv("CORPUS_DIR", "elsewhere")
    else:
        (tmp_path / "corpus").mkdir()
    assert main(["ask", "who ratified it?"]) == 1
    assert "Le traité" not in capsys.readouterr().out


@pytest.mark.parametrize("command", ["run", "check"])
def test_run_and_check_never_use_the_example(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Members are not answered from an article that nobody put there."""
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    assert main([command]) == 1
    assert "corpus" in capsys.readouterr().err


def test_the_invitation_asks_for_the_permissions_that_are_used() -> None:
    """The bits are those that the client looks at before it replies, by discord.py's names."""
    import discord

    client = Path(first_run.__file__).with_name("client.py").read_text(encoding="utf-8")
    used = set(re.findall(r"ermissions(?:\(\w+\))?\.(\w+)", client)) - {"all"}
    assert len(used) == len(first_run.PERMISSIONS)
    needed = discord.Permissions(**dict.fromkeys(used, True))
    assert f"permissions={needed.value}" in first_run.invitation(1234)
    assert "scope=bot+applications.commands" in first_run.invitation(1234)


@pytest.mark.parametrize(
    ("token", "application"), [(TOKEN, 1234), ("", None), ("é", None), ("abc.d.e", None)]
)
def test_a_token_names_its_application(token: str, application: int | None) -> None:
    """The id is read of the token; what is no token has none."""
    assert first_run.application_of(token) == application


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """``--version`` prints the name and the version."""
    with pytest.raises(SystemExit) as done:
        main(["--version"])
    assert done.value.code == 0
    assert re.match(r"treaty-bot \S", capsys.readouterr().out)
