"""The settings: where they come from, what is refused, and that the token stays secret."""

from __future__ import annotations

import io
import logging
import os
import re
import traceback
from pathlib import Path

import pytest
from dotenv import dotenv_values
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.errors import SettingsError
from bot.settings import Settings, load_settings, require_servers_dir, require_token

EXAMPLE = Path(__file__).parents[1] / ".env.example"
TOKEN = "not.a-real.token-0123456789"  # noqa: S105


@pytest.fixture(autouse=True)
def _clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start in an empty folder without any of the settings in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(name, raising=False)


def wrong(variable: str, value: str, monkeypatch: pytest.MonkeyPatch) -> SettingsError:
    """The error that a wrong value raises; one line that begins with the variable."""
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as raised:
        load_settings()
    assert raised.value.variable == variable
    assert str(raised.value).startswith(f"{variable} ")
    assert len(str(raised.value).splitlines()) == 1
    return raised.value


def test_the_example_file_holds_every_setting_with_a_comment_and_its_default() -> None:
    """Copying .env.example to .env changes nothing, and every line of it is explained."""
    blocks = EXAMPLE.read_text(encoding="utf-8").strip().split("\n\n")
    documented = []
    for block in blocks[1:]:
        *comments, assignment = block.splitlines()
        assert comments
        assert all(line.startswith("# ") for line in comments)
        documented.append(assignment.partition("=")[0])
    assert documented == [name.upper() for name in Settings.model_fields]
    assert list(dotenv_values(EXAMPLE)) == documented
    Path(".env").write_bytes(EXAMPLE.read_bytes())
    assert load_settings() == Settings.model_construct()


def test_every_setting_is_described() -> None:
    """Every field says what it is in a sentence."""
    for field in Settings.model_fields.values():
        assert field.description
        assert field.description.endswith(".")


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """A value in the environment is taken, the file's otherwise."""
    Path(".env").write_text("CORPUS_DIR=from-file\nLOG_LEVEL=ERROR\n")
    monkeypatch.setenv("CORPUS_DIR", "from-environment")
    settings = load_settings()
    assert settings.corpus_dir == Path("from-environment")
    assert settings.log_level == "ERROR"


def test_an_empty_value_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that is set to nothing is as if it were not set."""
    for name in Settings.model_fields:
        monkeypatch.setenv(name.upper(), "")
    assert load_settings() == Settings.model_construct()


def test_the_file_may_begin_with_a_byte_order_mark() -> None:
    """A .env saved by Windows' Notepad loses no setting."""
    Path(".env").write_bytes(b"\xef\xbb\xbfLOG_LEVEL=ERROR\r\nCORPUS_DIR=x\r\n")
    settings = load_settings()
    assert (settings.log_level, settings.corpus_dir) == ("ERROR", Path("x"))


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_a_file_in_a_wrong_encoding_is_one_line(encoding: str) -> None:
    """A .env that is not UTF-8 says so, and does not show what is in it."""
    Path(".env").write_bytes(f"CORPUS_DIR=é\nDISCORD_TOKEN={TOKEN}\n".encode(encoding))
    with pytest.raises(SettingsError) as raised:
        load_settings()
    assert str(raised.value) == ".env is not UTF-8 text; save the file as UTF-8"
    assert TOKEN not in told(raised.value)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_file_without_permission_is_one_line(tmp_path: Path) -> None:
    """A .env that may not be read says so."""
    Path(".env").write_text("LOG_LEVEL=ERROR\n")
    Path(".env").chmod(0)
    tmp_path.chmod(0o755)
    is_root = os.geteuid() == 0
    try:
        if is_root:  # who may read everything, so become nobody
            os.seteuid(65534)
        with pytest.raises(SettingsError, match=r"^\.env cannot be read \(permission denied\)"):
            load_settings()
    finally:
        if is_root:
            os.seteuid(0)


@pytest.mark.parametrize(
    ("value", "ids"),
    [("1", {1}), (" 1, 2 ,", {1, 2}), ("1,1", {1}), (",", set()), ("9" * 20, {10**20 - 1})],
)
def test_server_ids_are_numbers_separated_by_commas(
    value: str, ids: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Spaces and a trailing comma do no harm."""
    monkeypatch.setenv("ADMIN_GUILD_IDS", value)
    assert load_settings().admin_guild_ids == ids


@pytest.mark.parametrize("value", ["x", "1 2", "-1", "1.5", "[1]", "1;2", "١", "²", "9" * 5000])
def test_wrong_server_ids_are_one_line(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is no list of numbers says what to write instead."""
    error = wrong("ADMIN_GUILD_IDS", value, monkeypatch)
    assert str(error).endswith("must be ids (numbers), separated by commas")


@pytest.mark.parametrize(
    ("value", "on"), [("true", True), (" ON ", True), ("1", True), ("no", False), ("False", False)]
)
def test_a_switch_may_be_written_in_several_ways(
    value: str, on: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On and off, yes and no do as well; what is neither says what to write."""
    monkeypatch.setenv("WATCH_CORPUS", value)
    assert load_settings().watch_corpus is on
    error = wrong("WATCH_CORPUS", "perhaps", monkeypatch)
    assert str(error) == "WATCH_CORPUS must be true or false"


def test_channels_where_all_is_answered_need_every_text() -> None:
    """ANSWER_CHANNEL_IDS turns MESSAGE_CONTENT on, which is off by default."""
    assert not load_settings().reads_messages
    Path(".env").write_text("ANSWER_CHANNEL_IDS=1\n")
    assert load_settings().reads_messages
    Path(".env").write_text("MESSAGE_CONTENT=yes\n")
    assert load_settings().reads_messages


def test_a_log_level_may_be_written_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """``debug`` is DEBUG."""
    monkeypatch.setenv("LOG_LEVEL", " debug ")
    assert load_settings().log_level == "DEBUG"


@pytest.mark.parametrize("value", ["loud", "10", "TRACE"])
def test_a_wrong_log_level_is_one_line(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is no level names the levels there are."""
    error = wrong("LOG_LEVEL", value, monkeypatch)
    assert str(error) == "LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR"


@pytest.mark.parametrize(
    ("value", "reason"),
    [("soon", "a whole number"), ("-1", "0 or more"), ("4000", "3650 or less"), ("9" * 5000, "a")],
)
def test_a_wrong_number_is_one_line(
    value: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is no number of days, or too many, says what to write."""
    assert f"JOURNAL_DAYS must be {reason}" in str(wrong("JOURNAL_DAYS", value, monkeypatch))


def test_all_wrong_settings_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each wrong variable is a line of its own, so that nobody mends one after the other."""
    monkeypatch.setenv("WATCH_CORPUS", "perhaps")
    monkeypatch.setenv("JOURNAL_DAYS", "-1")
    monkeypatch.setenv("LOG_LEVEL", "loud")
    with pytest.raises(SettingsError) as raised:
        load_settings()
    lines = str(raised.value).split("\n")
    assert [line.split()[0] for line in lines] == ["WATCH_CORPUS", "JOURNAL_DAYS", "LOG_LEVEL"]


def test_a_corpus_dir_that_is_no_path_is_one_line() -> None:
    """A NUL character cannot be in a path; it can come from the file only."""
    Path(".env").write_bytes(b'CORPUS_DIR="a\0b"\n')
    with pytest.raises(SettingsError, match=r"^CORPUS_DIR must be a path$"):
        load_settings()


@pytest.mark.parametrize("inside", [".", "servers", "../corpus/servers"])
def test_servers_inside_the_corpus_are_refused(inside: str, tmp_path: Path) -> None:
    """What a server keeps for itself is not laid where everybody is answered from."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    with pytest.raises(SettingsError, match=r"^SERVERS_DIR lies inside .* name a folder beside"):
        require_servers_dir(Settings(servers_dir=folder / inside), folder)
    beside = Settings(servers_dir=tmp_path / "corpus-of-servers")
    assert require_servers_dir(beside, folder) == beside.servers_dir


def failing_variable() -> str | None:
    """The variable that load_settings names in its error, if it raises one."""
    try:
        load_settings()
    except SettingsError as error:
        return error.variable
    return None


@given(
    st.sampled_from(sorted(Settings.model_fields)), st.text(st.characters(exclude_characters="\0"))
)
def test_any_value_gives_settings_or_a_settings_error(name: str, value: str) -> None:
    """Whatever stands in a variable, the settings are read or the variable is named."""
    encodable = value.encode("utf-8", "replace").decode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(name.upper(), encodable)
        assert failing_variable() in (None, name.upper())


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda t: t.encode("utf-8", "replace")))
def test_any_file_gives_settings_or_a_settings_error(content: bytes) -> None:
    """Whatever stands in .env, there is no other error."""
    Path(".env").write_bytes(content)
    known = {".env", *(name.upper() for name in Settings.model_fields)}
    assert failing_variable() in (None, *known)


def test_settings_are_frozen() -> None:
    """Nothing changes a setting after the start."""
    with pytest.raises(ValidationError):
        load_settings().corpus_dir = Path("elsewhere")


def test_a_missing_token_says_where_to_get_one_and_where_to_put_it() -> None:
    """One sentence sends a newcomer to the right page and file."""
    for token in ("", "   "):
        Path(".env").write_text(f'DISCORD_TOKEN="{token}"\n')
        with pytest.raises(SettingsError) as raised:
            require_token(load_settings())
        assert str(raised.value) == (
            "DISCORD_TOKEN is missing: copy the token from "
            "https://discord.com/developers/applications (your application, Bot, Reset Token) "
            "into the file .env as DISCORD_TOKEN=..."
        )


@pytest.mark.parametrize("token", [f"Bot {TOKEN}", f"{TOKEN}é", f'"{TOKEN}\n{TOKEN}"'])
def test_what_cannot_be_a_token_is_refused_without_showing_it(token: str) -> None:
    """Spaces and accents would fail within a library, whose error might show the token."""
    Path(".env").write_text(f"DISCORD_TOKEN={token}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"^DISCORD_TOKEN is not a token") as raised:
        require_token(load_settings())
    assert TOKEN not in told(raised.value)


def test_the_token_is_handed_out_without_the_spaces_around_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A token copied with a line break works."""
    monkeypatch.setenv("DISCORD_TOKEN", f" {TOKEN}\n")
    assert require_token(load_settings()) == TOKEN


def told(error: BaseException) -> str:
    """All that an error can tell: its text, its data and its traceback with every cause."""
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in chain:
        chain.append(link)
        link = link.__context__ or link.__cause__
    data = "".join(f"{e!r} {e} {e.args} {vars(e)}" for e in chain)
    return data + "".join(traceback.format_exception(error))


def test_the_token_is_in_no_repr_text_dump_or_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """However the settings are printed or logged, the token is not in it."""
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    settings = load_settings()
    stream = io.StringIO()
    record = "%s %r %s"
    logger = logging.getLogger("test_settings")
    logger.addHandler(logging.StreamHandler(stream))
    logger.critical(record, settings, settings, vars(settings))
    assert "SecretStr" in stream.getvalue()
    shown = [
        stream.getvalue(),
        str(settings.model_dump()),
        settings.model_dump_json(),
        f"{settings} {settings!r} {settings.discord_token}",
        str(list(settings)),
    ]
    assert not re.search(re.escape(TOKEN[:12]), " ".join(shown))


@pytest.mark.parametrize("variable", ["ADMIN_GUILD_IDS", "LOG_LEVEL"])
def test_the_token_is_in_no_error(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not where another variable is wrong, nor where the token was pasted into it."""
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    assert TOKEN not in told(wrong(variable, "wrong", monkeypatch))
    assert TOKEN not in told(wrong(variable, TOKEN, monkeypatch))


def test_dotenv_does_not_log_a_line_that_it_cannot_parse(caplog: pytest.LogCaptureFixture) -> None:
    """A broken line of .env is not shown, since it may be the one with the token."""
    Path(".env").write_text(f"DISCORD_TOKEN='{TOKEN}\n=\n")
    load_settings()
    assert TOKEN not in caplog.text


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("EMBEDDED", "embedded"),
        (" https://a.example:9200/ , https://b:9200", "https://a.example:9200,https://b:9200"),
        ("http://127.0.0.1:9200", "http://127.0.0.1:9200"),
    ],
)
def test_addresses_of_a_cluster(given: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One address or several, with spaces and strokes at their ends."""
    monkeypatch.setenv("PASSAGE_STORE", given)
    assert load_settings().passage_store == expected


@pytest.mark.parametrize(
    ("variable", "settings"),
    [
        ("PASSAGE_STORE", {"PASSAGE_STORE": "search.example"}),
        ("PASSAGE_STORE", {"PASSAGE_STORE": "https://me:secret@search.example"}),
        ("PASSAGE_STORE", {"PASSAGE_STORE": ","}),
        (
            "PASSAGE_STORE_PASSWORD",
            {"PASSAGE_STORE": "http://search:9200", "PASSAGE_STORE_PASSWORD": "secret"},
        ),
        ("PASSAGE_INDEX", {"PASSAGE_INDEX": "Of Mine"}),
        ("SHARD_IDS", {"SHARD_IDS": "one"}),
        ("SHARD_COUNT", {"SHARD_IDS": "0,2", "SHARD_COUNT": "2"}),
        ("SHARD_COUNT", {"SHARD_IDS": "0"}),
    ],
)
def test_what_does_not_go_together(
    variable: str, settings: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong address, a password in the open, a shard beyond their number: one sentence."""
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as raised:
        load_settings()
    assert str(raised.value).startswith(f"{variable} ")
    assert "secret" not in str(raised.value)
