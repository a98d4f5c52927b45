"""The table of dependencies is that of ``pyproject.toml``; its licences are the packages' own."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NAME = canonicalize_name(PROJECT["name"])
TABLE = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")

#: name, reason, licence, version
ROWS = re.findall(r"^\| ([\w.-]+) \| ([^|]+) \| ([^|]+) \| (\S+) \|$", TABLE, re.MULTILINE)

PINS = {
    canonicalize_name(requirement.name): next(iter(requirement.specifier)).version
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for requirement in [Requirement(line)]
}


def required() -> list[str]:
    """What each list of the project needs, in its order; the project itself aside."""
    lists = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    names = [Requirement(one).name for each in lists for one in each]
    return [name for name in names if canonicalize_name(name) != NAME]


def licence_of(package: str) -> str:
    """Everything that an installed package states of its licence."""
    try:
        metadata = importlib.metadata.metadata(package)
    except importlib.metadata.PackageNotFoundError:
        pytest.skip(f"{package} is not for this Python")
    stated = [metadata[key][:100] for key in ("License-Expression", "License") if key in metadata]
    classified = [c for c in metadata.get_all("Classifier") or () if c.startswith("License")]
    return "\n".join([*stated, *classified])


def test_the_table_is_complete() -> None:
    """Every dependency has a whole row, in the order of pyproject.toml, and there are no others."""
    assert [row[0] for row in ROWS] == required()
    assert len(ROWS) == len(re.findall(r"^\| (?!Package)", TABLE, re.MULTILINE))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_the_licence_is_the_packages_own(row: tuple[str, ...]) -> None:
    """The table names the licences that the installed package states, and they are not the GPL."""
    name, _, licences, _ = row
    stated = licence_of(name)
    assert "GPL" not in stated
    for licence in licences.split(", "):
        assert re.search(rf"\b{licence}", stated), stated


@pytest.mark.parametrize("package", sorted(PINS))
def test_no_package_is_under_the_gpl_alone(package: str) -> None:
    """What the dependencies need in turn is not under the GPL, or under another licence as well."""
    stated = licence_of(package)
    assert stated.strip()
    if "GPL" in stated or "General Public" in stated:
        assert re.search(r"\b(MPL|Mozilla|MIT|BSD|Apache)", stated), stated


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_the_pin_is_no_newer_than_the_last_release(row: tuple[str, ...]) -> None:
    """Every dependency is pinned, to the release that the table names or an older one."""
    name, _, _, version = row
    assert Version(PINS[canonicalize_name(name)]) <= Version(version)


def test_the_table_holds_no_date() -> None:
    """A date is wrong the day after."""
    rows = "\n".join(line for line in TABLE.splitlines() if line.startswith("|"))
    assert not re.search(r"\b(19|20)\d\d\b(?!\.\d)", rows)
