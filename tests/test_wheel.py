"""The wheel, as a stranger gets it: built, installed elsewhere, and asked in an empty folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from bot.settings import Settings

ROOT = Path(__file__).parents[1]

#: What a wheel is built of.
SOURCES = ("bot", "corpus", "LICENSE", "README.md", "pyproject.toml", "setup.py")


def test_the_wheel_answers_in_an_empty_folder(tmp_path: Path) -> None:
    """The wheel holds the program with all its data and the example, byte for byte, and its command
    starts.
    """
    source, installed, empty = (tmp_path / name for name in ("source", "installed", "empty"))
    for folder in (source, empty):
        folder.mkdir()
    for name in SOURCES:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, source / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, source / name)
    build = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
    subprocess.run(
        [sys.executable, "-c", build, str(tmp_path)], cwd=source, capture_output=True, check=True
    )
    (wheel,) = tmp_path.glob("*.whl")
    install = ["install", "-q", "--no-deps", "--no-index", "--target", str(installed), str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", *install], capture_output=True, check=True)
    for path in (ROOT / "corpus").iterdir():
        if path.is_file():
            assert (installed / "bot" / "example" / path.name).read_bytes() == path.read_bytes()

    settings = {name.upper() for name in Settings.model_fields}
    environment = {key: value for key, value in os.environ.items() if key not in settings}
    environment |= {"PYTHONPATH": str(installed), "PYTHONIOENCODING": "utf-8"}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        program = installed / "bin" / ("treaty-bot.exe" if os.name == "nt" else "treaty-bot")
        return subprocess.run(
            [program, *arguments],
            cwd=empty,
            capture_output=True,
            check=True,
            encoding="utf-8",
            env=environment,
        )

    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert run("--version").stdout == f"treaty-bot {version}\n"
    answered = run("ask", "who ratified it?")
    assert "Le traité, déjà signé" in answered.stdout
    assert "example" in answered.stderr
