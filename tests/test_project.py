"""The project's own files agree: versions, Pythons, checks, and no address of a registry."""

from __future__ import annotations

import datetime
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.__main__ import CHECKS, TESTS, TYPES

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
GITHUB = ROOT / ".github"
WORKFLOWS = sorted(GITHUB.glob("workflows/*.yml"))

#: Where packages are downloaded from: whoever installs chooses that, no file of the project.
REGISTRY = re.compile(
    r"\b(?:files\.pythonhosted|pypi|test\.pypi|registry\.npmjs|proxy\.golang|crates)\.(?:org|io)\b"
)


def workflow(name: str) -> dict[str, Any]:
    """The jobs of a workflow."""
    text = (GITHUB / "workflows" / name).read_text(encoding="utf-8")
    jobs: dict[str, Any] = yaml.safe_load(text)["jobs"]
    return jobs


def test_the_newest_release_of_the_changelog_is_the_version() -> None:
    """Below what is not released yet, the first heading is this version and a date."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    unreleased, newest, *_ = re.findall(r"^## (.*)$", changelog, re.MULTILINE)
    assert unreleased == "[Unreleased]"
    version, date = newest.split(" - ")
    assert version == f"[{PROJECT['version']}]"
    assert datetime.date.fromisoformat(date)


def test_continuous_integration_runs_every_python_that_is_promised() -> None:
    """Classifiers, oldest Python and workflow name the same versions, on three systems."""
    matrix = workflow("ci.yml")["checks"]["strategy"]["matrix"]
    classified = re.findall(r":: Python :: (3\.\d+)", "\n".join(PROJECT["classifiers"]))
    assert matrix["python"] == classified
    assert PROJECT["requires-python"] == f">={classified[0]}"
    assert [name.partition("-")[0] for name in matrix["os"]] == ["ubuntu", "macos", "windows"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_what_a_workflow_runs_is_pinned(path: Path) -> None:
    """Each action is named by a commit, or the line above says why not."""
    lines = path.read_text(encoding="utf-8").splitlines()
    used = [(number, line) for number, line in enumerate(lines) if "uses:" in line]
    assert used
    for number, line in used:
        pinned = re.search(r"@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line)
        assert pinned or lines[number - 1].lstrip().startswith("# "), line


def test_a_release_is_checked_and_published_without_a_password() -> None:
    """Build, ``twine check``, ``check-wheel-contents``; only the last job may ask for a token."""
    build, publish = workflow("release.yml").values()
    commands = "\n".join(step.get("run", "") for step in build["steps"])
    for command in ("python -m build", "twine check --strict", "check-wheel-contents dist/"):
        assert command in commands
    assert build["permissions"] == {"contents": "read"}
    assert publish["permissions"] == {"id-token": "write"}
    assert publish["steps"][-1]["with"] == {"attestations": True}


def test_the_forms_ask_for_what_is_needed() -> None:
    """A bug has version, command and log line; a wrong answer the question and the address."""
    needed = {"bug": {"version", "command", "log"}, "wrong-answer": {"question", "address"}}
    for name, ids in needed.items():
        text = (GITHUB / "ISSUE_TEMPLATE" / f"{name}.yml").read_text(encoding="utf-8")
        required = {
            field["id"]
            for field in yaml.safe_load(text)["body"]
            if field.get("validations", {}).get("required")
        }
        assert required >= ids


def test_the_hooks_of_git_are_the_checks() -> None:
    """``.pre-commit-config.yaml`` runs what ``python -m tests`` runs, in the same order."""
    text = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    hooks = [hook["entry"] for repo in yaml.safe_load(text)["repos"] for hook in repo["hooks"]]
    assert hooks == [f"python -m {' '.join(check)}" for check in (*CHECKS, TYPES, TESTS)]


def test_no_file_names_a_registry() -> None:
    """Packages come from wherever whoever installs has set up."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a clone")
    done = subprocess.run(
        [git, "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    for name in done.stdout.rstrip("\0").split("\0"):
        path = ROOT / name
        if path.suffix in (".md", ".toml", ".yml", ".yaml", ".txt", ".cfg", ".py", ""):
            found = REGISTRY.search(path.read_text(encoding="utf-8", errors="replace"))
            assert found is None, (name, found)
