"""What each server has set: kept whole, read when it changes, never mixed with another's."""

from __future__ import annotations

import logging
import tempfile
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.corpus.listing import SETTINGS_NAME
from bot.errors import CorpusFilesError
from bot.service.server_settings import (
    MAX_BYTES,
    ChannelSettings,
    ServerSettings,
    SettingsFiles,
)

ON = ChannelSettings(every_question=True, sources=("rules", "sea/otters"))
OFF = ChannelSettings(every_question=False)

Step = tuple[int, int, ChannelSettings]  # of a server, for a channel


@pytest.fixture
def files(tmp_path: Path) -> SettingsFiles:
    """The settings of all servers, none of which has set anything."""
    return SettingsFiles(tmp_path / "servers")


def written(files: SettingsFiles, text: str, server: int = 1) -> ServerSettings:
    """What a server has set by a file of some text."""
    path = files.folder / str(server) / SETTINGS_NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return files.of(server)


def test_nothing_is_set_at_first(files: SettingsFiles) -> None:
    """Without a folder or a file all is as the operator has it, and none is made."""
    assert files.of(1) == ServerSettings()
    assert files.channel(1, 2) == ChannelSettings(None, ())
    assert not files.folder.exists()


def test_what_is_set_is_kept(files: SettingsFiles) -> None:
    """A change is read at once, and by another run; back to the default, nothing of it is left."""
    files.change(1, 2, lambda _: ON)
    files.change(1, 3, lambda _: OFF)
    for one in (files, SettingsFiles(files.folder)):
        assert one.of(1).channels == {2: ON, 3: OFF}
        assert one.of(2) == ServerSettings()
    files.change(1, 2, lambda before: ChannelSettings(before.every_question))
    assert files.channel(1, 2) == ChannelSettings(every_question=True)
    files.change(1, 2, lambda _: ChannelSettings())
    assert files.of(1).channels == {3: OFF}


def test_what_an_operator_wrote_stays(files: SettingsFiles) -> None:
    """Comments, order and other channels stay as they are."""
    text = "# of the club\n\n[channel.9] # help\nsources = ['a'] # one\n\n[channel.4]\n"
    assert written(files, text).channels[9] == ChannelSettings(sources=("a",))
    files.change(1, 5, lambda _: ON)
    kept = (files.folder / "1" / SETTINGS_NAME).read_text(encoding="utf-8")
    assert kept.startswith(text)
    assert files.channel(1, 5) == ON


@pytest.mark.parametrize(
    "text", ["channel = {}\n", "channel = {9 = {every_question = true}}\n", "[channel]\n9 = {}\n"]
)
def test_tables_within_a_line_are_tables_too(files: SettingsFiles, text: str) -> None:
    """However TOML lets a file be written, it can be changed, and says the same of the others."""
    before = dict(written(files, text).channels)
    files.change(1, 5, lambda _: OFF)
    assert files.of(1).problem is None
    assert files.of(1).channels == before | {5: OFF}
    files.change(1, 5, lambda _: ChannelSettings())
    assert files.of(1).channels == before


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("channel = [", "settings.toml:1: is not valid TOML"),
        ("channel = 1", "expected [channel.ID] tables"),
        ("other = 1", "expected [channel.ID] tables"),
        ("[channel.general]", "expected [channel.ID] tables"),
        ("[channel.1]\nevery_question = 1", "expected [channel.ID] tables"),
        ("[channel.1]\nsources = [1]", "expected [channel.ID] tables"),
        ("[channel.1]\nsources = 'a'", "expected [channel.ID] tables"),
        ("[channel.1]\nanswer = true", "expected [channel.ID] tables"),
        ("#" * (MAX_BYTES + 1), "bytes, more than 200,000"),
    ],
)
def test_a_file_that_is_wrong_counts_for_nothing(
    files: SettingsFiles, caplog: pytest.LogCaptureFixture, text: str, told: str
) -> None:
    """One sentence says what is wrong, defaults hold, and no change makes it worse."""
    caplog.set_level(logging.WARNING)
    found = written(files, text)
    assert files.of(1) is found
    assert found.channels == {}
    assert told in str(found.problem)
    assert len(caplog.records) == 1
    with pytest.raises(CorpusFilesError) as refused:
        files.change(1, 2, lambda _: ON)
    assert refused.value.kind == "bad_settings"
    assert (files.folder / "1" / SETTINGS_NAME).read_text() == text
    assert written(files, "[channel.2]\n").problem is None


def test_a_link_to_elsewhere_is_not_followed(files: SettingsFiles) -> None:
    """One server's file cannot be a link to another's."""
    files.change(1, 2, lambda _: ON)
    (files.folder / "3").mkdir()
    (files.folder / "3" / SETTINGS_NAME).symlink_to(files.folder / "1" / SETTINGS_NAME)
    assert files.of(3).channels == {}
    with pytest.raises(CorpusFilesError):
        files.change(3, 2, lambda _: ChannelSettings())
    assert files.channel(1, 2) == ON


def test_a_disk_that_refuses_changes_nothing(files: SettingsFiles) -> None:
    """Where the folder cannot be written, the error says so."""
    files.folder.write_text("no folder")
    with pytest.raises(CorpusFilesError) as refused:
        files.change(1, 2, lambda _: ON)
    assert refused.value.kind == "unwritable"


def test_there_is_a_limit(files: SettingsFiles) -> None:
    """A file that would be too large to be read is not written."""
    with pytest.raises(CorpusFilesError) as refused:
        files.change(1, 2, lambda _: ChannelSettings(sources=("a" * MAX_BYTES,)))
    assert refused.value.kind == "settings_full"
    assert files.of(1) == ServerSettings()


SETTINGS = st.builds(
    ChannelSettings,
    st.none() | st.booleans(),
    st.lists(st.text(st.characters(codec="utf-8"), max_size=5), max_size=2).map(tuple),
)


def _set(settings: ChannelSettings, _before: ChannelSettings) -> ChannelSettings:
    return settings


@given(st.lists(st.tuples(st.integers(1, 2), st.integers(1, 3), SETTINGS), max_size=5))
def test_no_server_sees_or_changes_anothers(
    changes: list[Step],
) -> None:
    """Whatever two servers set in whatever order, each reads what it set itself."""
    expected: dict[int, dict[int, ChannelSettings]] = {1: {}, 2: {}}
    with tempfile.TemporaryDirectory() as name:
        files = SettingsFiles(Path(name))
        for server, channel, settings in changes:
            other = 3 - server
            path = Path(name) / str(other) / SETTINGS_NAME
            before = path.read_bytes() if path.exists() else None
            files.change(server, channel, partial(_set, settings))
            expected[server][channel] = settings
            assert (path.read_bytes() if path.exists() else None) == before
        for server, channels in expected.items():
            for one in (files, SettingsFiles(Path(name))):
                assert one.of(server).problem is None
                for channel in (1, 2, 3):
                    wanted = channels.get(channel, ChannelSettings())
                    assert one.channel(server, channel) == wanted
