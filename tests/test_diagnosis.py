"""What ``check`` says of settings, folders and files around the bot."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.__main__ import main
from bot.diagnosis import diagnose
from bot.service.journal_file import FORM, open_file
from bot.settings import Settings, load_settings

TOKEN = "MTIzNA.a.b"  # noqa: S105  # in Discord's form, of no application


@pytest.fixture(autouse=True)
def _clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start in an empty folder without any of the settings in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_what_run_would_miss_is_named(tmp_path: Path) -> None:
    """Each setting that cannot be used is one sentence with what to do; nothing is written."""
    wrong = tmp_path / "file"
    wrong.touch()
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    settings = Settings(
        discord_token=SecretStr("two words"),
        servers_dir=corpus / "servers",
        cache_dir=wrong,
        journal_days=1,
        journal_file=tmp_path,
        health_file=tmp_path / "missing" / "health.json",
    )
    said = [str(finding) for finding in diagnose(settings, corpus)]
    variables = ["DISCORD_TOKEN", "SERVERS_DIR", "CACHE_DIR", "HEALTH_FILE", "JOURNAL_FILE"]
    assert [line.split()[0].rstrip(":") for line in said] == variables
    assert "two words" not in "".join(said)
    assert list(diagnose(Settings(), corpus)) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus", "file"]


def test_a_name_that_is_too_long_is_one_sentence(tmp_path: Path) -> None:
    """What the system refuses to look at is told in its words."""
    (finding,) = diagnose(Settings(cache_dir=tmp_path / ("x" * 300)), tmp_path / "corpus")
    assert "file name too long" in str(finding)


@pytest.mark.parametrize("days", [0, 1])
def test_a_file_that_is_no_journal_is_named_and_left(days: int, tmp_path: Path) -> None:
    """``run`` would refuse it, whether it keeps a journal or deletes one."""
    file = tmp_path / "notes.txt"
    file.write_text("mine", encoding="utf-8")
    settings = Settings(journal_days=days, journal_file=file)
    (finding,) = diagnose(settings, tmp_path / "corpus")
    assert finding.stops_run
    assert "is not a journal of this bot" in str(finding)
    assert file.read_text(encoding="utf-8") == "mine"


def test_a_journal_of_a_newer_version_is_named(tmp_path: Path) -> None:
    """After a downgrade ``check`` says that the journal cannot be read; its own form is fine."""
    file = tmp_path / "journal.sqlite3"
    settings = Settings(journal_days=1, journal_file=file)
    journal = open_file(file, 1)
    assert journal is not None
    journal.close()
    assert list(diagnose(settings, tmp_path / "corpus")) == []
    with sqlite3.connect(file) as db:
        db.execute(f"PRAGMA user_version = {FORM + 1}")
    db.close()
    (finding,) = diagnose(settings, tmp_path / "corpus")
    assert finding.stops_run
    assert "install the newest treaty-bot" in str(finding)


def test_a_line_that_sets_nothing_is_named(tmp_path: Path) -> None:
    """Without an equals sign, or with a quotation mark that is not closed; others are fine."""
    text = """
# a comment
LOG_LEVEL INFO
export LOG_QUESTIONS='no'
SEMANTIC="off
TZ=UTC # it's fine
"""
    Path(".env").write_text(text, encoding="utf-8")
    found = [str(finding) for finding in diagnose(load_settings(), tmp_path / "corpus")]
    assert [line.split(" sets nothing")[0] for line in found] == [".env, line 3,", ".env, line 5,"]


def test_a_misspelt_name_in_the_env_file_is_named(tmp_path: Path) -> None:
    """A name that is nearly a setting's is told; names of other programs are not."""
    Path(".env").write_text("# LOG_LEVLE=x\nJOURNAL_DAY=3\nTZ=UTC\nlog_level=INFO\n")
    (finding,) = diagnose(load_settings(), tmp_path / "corpus")
    assert str(finding) == ".env: JOURNAL_DAY is no setting; the closest by name: JOURNAL_DAYS"


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps rights in another way")
def test_a_token_that_everybody_may_read_is_told(tmp_path: Path) -> None:
    """A ``.env`` with a token is for its owner alone."""
    env = Path(".env")
    env.write_text(f"DISCORD_TOKEN={TOKEN}\n", encoding="utf-8")
    env.chmod(0o644)
    (finding,) = diagnose(load_settings(), tmp_path / "corpus")
    assert "chmod 600 .env" in str(finding)
    assert TOKEN not in str(finding)
    env.chmod(0o600)
    assert list(diagnose(load_settings(), tmp_path / "corpus")) == []


def test_check_tells_all_and_fails_where_run_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Findings come before what is wrong with the corpus; ``run`` starts without a cache."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.md").write_text("One sentence.", encoding="utf-8")
    (tmp_path / "file").touch()
    monkeypatch.setenv("CACHE_DIR", "file")
    assert main(["check"]) == 0
    monkeypatch.setenv("JOURNAL_FILE", "corpus/a.md")
    assert main(["check"]) == 1
    monkeypatch.setenv("CORPUS_DIR", "missing")
    capsys.readouterr()
    assert main(["check"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert [line.split()[1].rstrip(":") for line in said] == [
        "CACHE_DIR",
        "JOURNAL_FILE",
        "missing",
    ]
