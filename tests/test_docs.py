"""The documentation says what the program does: commands, settings, JSON and the test command."""

from __future__ import annotations

import argparse
import re
import shlex
from pathlib import Path
from typing import get_args

import pytest

from bot.__main__ import _parser
from bot.answering.citation import Certainty, MatchType
from bot.service.library import Library
from bot.settings import Settings
from bot.terminal import to_json

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")

#: What stands in blocks of code, without the marks.
CODE = re.findall(r"^```[a-z]*\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def commands() -> list[str]:
    """The commands that the program takes."""
    subparsers = [a for a in _parser()._actions if isinstance(a, argparse._SubParsersAction)]
    return [name for action in subparsers for name in action.choices]


@pytest.mark.parametrize("command", commands())
def test_every_command_is_documented(command: str) -> None:
    """The README shows each command."""
    assert re.search(rf"treaty-bot {command}\b", README)


@pytest.mark.parametrize("setting", [name.upper() for name in Settings.model_fields])
def test_every_setting_is_documented(setting: str) -> None:
    """The README names each setting."""
    assert re.search(rf"\b{setting}\b", README)


def test_every_option_is_documented() -> None:
    """--corpus and --json are in the README."""
    assert "--corpus" in README
    assert "--json" in README


def test_the_readmes_commands_are_commands() -> None:
    """What the README tells people to type is understood by the program."""
    typed = [
        shlex.split(
            line.partition("treaty-bot ")[2].partition(" | ")[0].partition(" < ")[0], comments=True
        )
        for block in CODE
        for line in block.splitlines()
        if re.search(r"(^|[\s/])treaty-bot ", line) and not line.lstrip().startswith("#")
    ]
    assert typed
    for arguments in typed:
        known = arguments[: arguments.index("&&")] if "&&" in arguments else arguments
        _parser().parse_args(known)


def test_continuous_integration_runs_the_readmes_test_command() -> None:
    """The last line of .ci/run stands in the README, character for character, on a line."""
    command = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1]
    assert command in [line for block in CODE for line in block.splitlines()]
    assert command in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "SECURITY.md"])
def test_the_files_and_settings_that_a_document_names_exist(name: str) -> None:
    """A path or a setting in backticks, or linked, is one; those of its examples aside."""
    text = (ROOT / name).read_text(encoding="utf-8")
    assert f"]({name})" in README
    examples = {"bot/formats/rst.py", "tests/formats/test_rst.py"}
    paths = re.findall(r"`((?:bot|tests|docs|deploy)/[\w./-]*)`|\]\(([\w./-]+)\)", text)
    for path in {one or other for one, other in paths} - examples:
        assert (ROOT / path).exists(), path
    for setting in re.findall(r"`([A-Z]+_[A-Z_]+)(?:=\w+)?`", text):
        known = {"LIMITS", *(field.upper() for field in Settings.model_fields)}
        assert setting in known, setting


def test_the_readmes_json_has_the_keys_of_the_programs() -> None:
    """The contract in the README names every key of an answer, of a citation and of what explains
    it, and no other.
    """
    answer = to_json(Library(ROOT / "corpus").answer("who ratified it?"))
    citation = answer["citations"][0]
    _, _, below = README.partition("| Key | Value |\n")
    rows = [row.split("|")[1:3] for row in below.partition("\n\n")[0].splitlines()[1:]]
    keys, values = (re.findall(r"`(\w+)`", " ".join(column)) for column in zip(*rows, strict=True))
    assert keys == list(answer)
    of_citation = {*citation, *citation["why"][0], *get_args(MatchType)}
    assert set(values) == {*of_citation, *get_args(Certainty)}


def test_the_example_of_settings_is_named() -> None:
    """A newcomer is told to copy .env.example to .env."""
    assert ".env.example" in README


def test_no_link_within_the_repository_is_broken() -> None:
    """Every relative link of the README leads to a file."""
    for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", README):
        if "://" not in target:
            assert (ROOT / target).exists(), target


def test_the_commands_of_the_reliability_table_are_there() -> None:
    """Each row names tests or a module that the project has."""
    section = README.partition("## Reliability\n")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")][2:]
    commands = [row.rsplit("`", 2)[1].split() for row in rows]
    assert commands
    for first, *others in commands:
        names = others if first == "pytest" else [f"{first.replace('.', '/')}.py"]
        for name in names:
            assert (ROOT / name).exists(), name


def test_architecture_names_what_is_there() -> None:
    """ARCHITECTURE.md has a heading a package, and each test that it names exists."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    packages = {path.parent.name for path in (ROOT / "bot").glob("*/__init__.py")}
    assert set(re.findall(r"^## bot/(\w+)", text, re.MULTILINE)) == packages
    named = re.findall(r"`(tests/[\w/]+\.py)`", text)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []
