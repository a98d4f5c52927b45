"""The documents say what the program does: commands, settings, JSON, examples and paths."""

from __future__ import annotations

import argparse
import importlib.util
import re
import shlex
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from discord import app_commands

from bot.__main__ import _parser, main
from bot.answering.citation import Certainty, MatchType
from bot.client import COMMANDS
from bot.service.library import Library
from bot.settings import Settings
from bot.terminal import to_json

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")

#: Every page that a person reads about the bot, by its path from the top of the repository.
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
    if path.name != "CHANGELOG.md"
}
ALL = "\n".join(PAGES.values())

#: Lines in three screens of a page.
THREE_SCREENS = 125

SETTINGS = [name.upper() for name in Settings.model_fields]

#: What an example makes, or what stands for a name of one's own.
MADE_UP = {"bot/formats/rst.py", "tests/formats/test_rst.py"}


def blocks(text: str, language: str = "[a-z]*") -> list[str]:
    """What stands in blocks of code, without the marks."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def shell_lines(text: str) -> list[str]:
    """The commands that a page tells people to type: lines of ``sh`` blocks, and after a ``$``."""
    typed = [line for block in blocks(text, "sh") for line in block.splitlines()]
    typed += re.findall(r"^\$ (.*)$", "\n".join(blocks(text)), re.MULTILINE)
    return [line for line in typed if line.strip() and not line.lstrip().startswith("#")]


def parsers() -> dict[str, argparse.ArgumentParser]:
    """The parser of each command of the program, by its name."""
    found: dict[str, argparse.ArgumentParser] = {}
    for action in _parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            found |= action.choices
    return found


def options() -> set[str]:
    """Every long option of the program and of its commands."""
    return {
        option
        for parser in (_parser(), *parsers().values())
        for action in parser._actions
        for option in action.option_strings
        if option.startswith("--") and option != "--help"
    }


def slash_commands() -> Iterator[tuple[str, str | None]]:
    """The commands on Discord, each with the group that it is in, if any."""
    for command in COMMANDS:
        if isinstance(command, app_commands.Group):
            yield from ((command.name, sub.name) for sub in command.walk_commands())
        else:
            yield command.name, None


@pytest.mark.parametrize("command", parsers())
def test_every_command_is_documented(command: str) -> None:
    """A page shows each command of the program."""
    assert re.search(rf"treaty-bot {command}\b", PAGES["docs/command-line.md"])


@pytest.mark.parametrize("option", sorted(options()))
def test_every_option_is_documented(option: str) -> None:
    """A page names each option of the program."""
    assert re.search(rf"{option}\b", PAGES["docs/command-line.md"])


@pytest.mark.parametrize(("name", "sub"), list(slash_commands()))
def test_every_command_on_discord_is_documented(name: str, sub: str | None) -> None:
    """A page names each command on Discord, a group's on the line of the group."""
    page = PAGES["docs/discord.md"]
    if sub is not None:
        assert re.search(rf"/{name} .*\b{sub}`", page)
    elif name.islower():
        assert re.search(rf"`/{name}\b", page)
    else:
        assert f"*{name}*" in page


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_setting_is_documented(setting: str) -> None:
    """The table of settings has a row for each."""
    assert f"\n| `{setting}` | " in PAGES["docs/discord.md"]


def test_the_readme_is_short_and_leads_to_every_page() -> None:
    """The README fits three screens, and every page is one click away."""
    assert len(README.splitlines()) <= THREE_SCREENS
    for page in PAGES.keys() - {"README.md"}:
        assert f"]({page})" in README, page


def test_the_commands_are_commands() -> None:
    """What pages tell people to type to the program is understood by it."""
    typed = [
        shlex.split(re.split(r" [|<>] | && ", line.partition("treaty-bot ")[2])[0], comments=True)
        for line in shell_lines(ALL)
        if re.search(r"(^|[\s/])treaty-bot ", line)
    ]
    assert typed
    for arguments in typed:
        _parser().parse_args(arguments)


def test_the_modules_and_extras_are_there() -> None:
    """What pages run with ``python -m`` is a module, what they install in brackets an extra."""
    for module in re.findall(r"python3? -m ([\w.]+)", ALL):
        assert importlib.util.find_spec(module) or module == "build", module
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = re.findall(r"(?:treaty-bot|\.)\[(\w+)\]", ALL)
    assert extras
    assert set(extras) <= project["optional-dependencies"].keys()


def transcripts() -> list[tuple[str, str]]:
    """What pages show of a terminal: each line after a ``$``, and what was printed below it."""
    shown = [block for text in PAGES.values() for block in blocks(text, "text")]
    return re.findall(r"^\$ treaty-bot (.*)\n((?:(?!\$).*\n)*)", "\n".join(shown), re.MULTILINE)


@pytest.mark.parametrize(("typed", "printed"), transcripts())
def test_a_terminal_shows_what_the_pages_show(
    typed: str, printed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A transcript is what the program prints, character for character."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("SEMANTIC", "off")
    assert main(shlex.split(typed)) == 0
    assert capsys.readouterr().out == printed


def test_the_examples_of_files_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Front matter, glossary and questions as the page shows them make a corpus without a fault."""
    page = PAGES["docs/sources.md"]
    corpus = tmp_path / "corpus"
    shutil.copytree(ROOT / "corpus", corpus)
    (article,) = corpus.glob("*-nord.md")
    _, _, text = article.read_text(encoding="utf-8").removeprefix("---\n").partition("---\n")
    (front_matter,) = blocks(page, "yaml")
    article.write_text(front_matter + text, encoding="utf-8")
    glossary, questions = blocks(page, "toml")
    (corpus / "glossary.toml").write_text(glossary, encoding="utf-8")
    (corpus / "questions.toml").write_text(questions, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["check"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "1 question" in out
    assert Library(corpus).corpus.articles[0].aliases == ("the partnership treaty",)


def test_continuous_integration_runs_the_readmes_test_command() -> None:
    """The last line of .ci/run stands in the README, character for character, on a line."""
    command = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1]
    assert command in shell_lines(README)
    assert command in shell_lines(PAGES["CONTRIBUTING.md"])


@pytest.mark.parametrize("name", PAGES)
def test_the_files_that_a_page_names_exist(name: str) -> None:
    """Every relative link leads to a file, and to a heading of it where it names one; a path in
    backticks is one; those of examples aside.
    """
    text = PAGES[name]
    for target, heading in re.findall(r"\]\(([^)#\s]*)(?:#([^)]*))?\)", text):
        if "://" not in target:
            path = (ROOT / name).parent / target if target else ROOT / name
            assert path.exists(), target
            assert not heading or heading in anchors(path), heading
    for path in set(re.findall(r"`((?:bot|tests|docs|deploy)/[\w./-]*)`", text)) - MADE_UP:
        assert (ROOT / path).exists(), path


def test_the_examples_of_contributing_name_what_the_modules_have() -> None:
    """In each step of an example, the names that follow a module's stand in that module."""
    steps = re.findall(
        r"^\d\. `(bot/\S+\.py)`: ((?:.*\n(?!\d))*.*)", PAGES["CONTRIBUTING.md"], re.MULTILINE
    )
    named = [(path, name) for path, text in steps for name in re.findall(r"`(_?[A-Za-z_]+)`", text)]
    assert len(named) > 3
    for path, name in named:
        if path not in MADE_UP:
            assert re.search(
                rf"^(?:def )?{name}\b", (ROOT / path).read_text("utf-8"), re.MULTILINE
            ), name


def anchors(page: Path) -> set[str]:
    """What a link to each heading of a page ends with."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}


@pytest.mark.parametrize("name", PAGES)
def test_the_settings_that_a_page_names_exist(name: str) -> None:
    """A name in capitals, in backticks, is a setting; those of the code's constants aside."""
    for setting in re.findall(r"`([A-Z]+_[A-Z_]+)(?:=\w*)?`", PAGES[name]):
        assert setting in SETTINGS, setting


def test_the_documented_json_has_the_keys_of_the_programs() -> None:
    """The contract names every key of an answer, of a citation and of what explains it, and no
    other.
    """
    answer = to_json(Library(ROOT / "corpus").answer("who ratified it?"))
    citation = answer["citations"][0]
    _, _, below = PAGES["docs/command-line.md"].partition("| Key | Value |\n")
    rows = [row.split("|")[1:3] for row in below.partition("\n\n")[0].splitlines()[1:]]
    keys, values = (re.findall(r"`(\w+)`", " ".join(column)) for column in zip(*rows, strict=True))
    assert keys == list(answer)
    of_citation = {*citation, *citation["why"][0], *get_args(MatchType)}
    assert set(values) == {*of_citation, *get_args(Certainty)}


def rows(text: str) -> dict[str, list[str]]:
    """The rows of all tables of a page, each by its first cell; the last of several."""
    cells = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return {first: others for first, *others in cells}


def test_the_figures_are_those_of_the_benchmarks() -> None:
    """Quality and README say what the tables of the benchmarks say."""
    measured = (ROOT / "tests/benchmarks/README.md").read_text(encoding="utf-8")
    said, asked = rows(PAGES["docs/quality.md"]), rows(measured)
    labels = [label for label in said if re.search("^(right|of what|not claimed)", label)]
    assert len(labels) > 3
    assert {label: said[label][0] for label in labels} == {
        label: asked[label][1] for label in labels
    }
    percent = said["of what is claimed, right"][0].removesuffix(" %")
    assert f"{percent} of 100\nare right" in README
    for label in (label for label in said if re.match("(x?squad|piaf)-", label)):
        questions, ours, plain = said[label]
        assert f"| {label}, pool | ours | {questions} | {ours} | " in measured
        assert f"| {label}, pool | plain rank-bm25 | {questions} | {plain} | " in measured


def test_the_commands_of_the_reliability_table_are_there() -> None:
    """Each row names tests or a module that the project has."""
    lines = PAGES["docs/reliability.md"].splitlines()
    rows = [line for line in lines if line.startswith("|")][2:]
    commands = [row.rsplit("`", 2)[1].split() for row in rows]
    assert commands
    for first, *others in commands:
        names = others if first == "pytest" else [f"{first.replace('.', '/')}.py"]
        for name in names:
            assert (ROOT / name).exists(), name


def test_architecture_names_what_is_there() -> None:
    """ARCHITECTURE.md has a heading a package."""
    packages = {path.parent.name for path in (ROOT / "bot").glob("*/__init__.py")}
    named = re.findall(r"^## bot/(\w+)", PAGES["ARCHITECTURE.md"], re.MULTILINE)
    assert set(named) == packages
