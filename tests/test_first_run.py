"""The first minutes: ``init``, the example where there is no corpus, and what ``check`` says."""

from __future__ import annotations

import base64
import http.server
import io
import os
import re
import stat
import sys
import threading
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import first_run
from bot.__main__ import main
from bot.diagnosis import diagnose
from bot.errors import InitError, SettingsError
from bot.settings import Settings

#: A token in Discord's form, of no application: its first part is the id 1234.
TOKEN = base64.urlsafe_b64encode(b"1234").decode().rstrip("=") + ".a.b"


@pytest.fixture(autouse=True)
def _clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start in an empty folder without any of the settings in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
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
    """The bits are those that discord.py knows by these names."""
    import discord

    needed = discord.Permissions(
        view_channel=True,
        send_messages=True,
        embed_links=True,
        read_message_history=True,
        send_messages_in_threads=True,
    )
    assert f"permissions={needed.value}" in first_run.invitation(1234)
    assert "scope=bot+applications.commands" in first_run.invitation(1234)


@pytest.mark.parametrize(
    ("token", "application"), [(TOKEN, 1234), ("", None), ("é", None), ("abc.d.e", None)]
)
def test_a_token_names_its_application(token: str, application: int | None) -> None:
    """The id is read of the token; what is no token has none."""
    assert first_run.application_of(token) == application


def test_check_names_what_run_would_miss(tmp_path: Path) -> None:
    """Each setting that cannot be used is one sentence with what to do."""
    wrong = tmp_path / "file"
    wrong.touch()
    folder = tmp_path / "corpus"
    folder.mkdir()
    settings = Settings(
        discord_token=SecretStr("two words"),
        servers_dir=folder / "servers",
        cache_dir=wrong,
        journal_days=1,
        journal_file=tmp_path,
        health_file=tmp_path / "missing" / "health.json",
    )
    said = list(diagnose(settings, folder))
    variables = ["DISCORD_TOKEN", "SERVERS_DIR", "CACHE_DIR", "JOURNAL_FILE", "HEALTH_FILE"]
    assert [line.split()[0].rstrip(":") for line in said] == variables
    assert "two words" not in "".join(said)
    assert list(diagnose(Settings(), folder)) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus", "file"]


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """``--version`` prints the name and the version."""
    with pytest.raises(SystemExit) as done:
        main(["--version"])
    assert done.value.code == 0
    assert re.match(r"treaty-bot \S", capsys.readouterr().out)
