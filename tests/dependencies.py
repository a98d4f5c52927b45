"""The table of dependencies: versions and licences as the installed packages state them.

``python -m tests.dependencies`` writes these two columns of ``docs/dependencies.md`` anew; purpose
and size are written by hand. Rows of packages that are not installed here, or not at the version of
``constraints.txt``, stay as they are.
"""

from __future__ import annotations

import importlib.metadata
import re
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "dependencies.md"

#: The version that each package is pinned to, by its canonical name.
PINS = {
    canonicalize_name(requirement.name): next(iter(requirement.specifier)).version
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for requirement in [Requirement(line)]
}

#: A row: the package, what it is for, its size in MB, its version and its licence.
ROW = re.compile(r"^\| ([\w.-]+) \| ([^|]+) \| ([<\d][^|]*) \| (\S+) \| ([^|]+) \|$", re.MULTILINE)

#: Characters of the longest name of a licence; a longer text is the licence itself.
LONGEST = 60


def licence_of(package: str) -> str:
    """What an installed package states: an expression, a short text, or else its classifiers."""
    metadata = importlib.metadata.metadata(package)
    for stated in (metadata.get_all(key) for key in ("License-Expression", "License")):
        if stated and len(stated[0]) <= LONGEST:
            return str(stated[0])
    classified = [c for c in metadata.get_all("Classifier") or () if c.startswith("License")]
    return ", ".join(one.rpartition(" :: ")[2] for one in classified)


def is_as_pinned(package: str) -> bool:
    """Whether a package is installed at the version of ``constraints.txt``."""
    try:
        return importlib.metadata.version(package) == PINS[canonicalize_name(package)]
    except importlib.metadata.PackageNotFoundError:
        return False


def current(row: re.Match[str]) -> str:
    """A row as it should be by what is installed."""
    package, purpose, size, _, _ = row.groups()
    if not is_as_pinned(package):
        return row[0]
    version = PINS[canonicalize_name(package)]
    return f"| {package} | {purpose} | {size} | {version} | {licence_of(package)} |"


def main() -> None:
    """Write the table anew."""
    PAGE.write_text(ROW.sub(current, PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
