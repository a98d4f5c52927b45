"""Every check of the project: ``python -m tests``. Stops at the first that fails."""

from __future__ import annotations

import subprocess
import sys

CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
)
#: Takes half a minute of one core, so it runs beside the tests; told only where it finds something,
#: so that the last line is that of the tests.
TYPES = ("mypy",)
TESTS = (
    "pytest",
    "-n",
    "auto",
    "--cov",
    "--cov-report=term-missing:skip-covered",
    "--cov-fail-under=95",
)


def main() -> int:
    """Run the checks; the exit code of the first that fails, else 0."""
    for check in CHECKS:
        if code := subprocess.run(_command(check), check=False).returncode:
            return code
    with subprocess.Popen(_command(TYPES), stdout=subprocess.PIPE, text=True) as types:
        tested = subprocess.run(_command(TESTS), check=False).returncode
        found = types.communicate()[0]
    if types.returncode:
        print(found, end="", flush=True)
    return tested or types.returncode


def _command(check: tuple[str, ...]) -> list[str]:
    print(f"$ {' '.join(check)}", flush=True)
    return [sys.executable, "-m", *check]


if __name__ == "__main__":
    sys.exit(main())
