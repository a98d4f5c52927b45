"""Every check of the project, in turn: ``python -m tests``. Stops at the first that fails."""

from __future__ import annotations

import subprocess
import sys

CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    (
        "pytest",
        "-n",
        "auto",
        "--cov",
        "--cov-report=term-missing:skip-covered",
        "--cov-fail-under=95",
    ),
)


def main() -> int:
    """Run the checks; the exit code of the first that fails, else 0."""
    for check in CHECKS:
        print(f"$ {' '.join(check)}", flush=True)
        done = subprocess.run([sys.executable, "-m", *check], check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
