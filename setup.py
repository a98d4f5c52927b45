"""Puts the example corpus into the wheel, as bot/example; all else stands in pyproject.toml."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithExample(build_py):
    """Build the packages, and copy corpus/ beside them."""

    def run(self) -> None:
        """Copy the example, unless it was deleted, or the checkout itself is installed."""
        super().run()
        if not self.editable_mode and Path("corpus").is_dir():
            self.copy_tree("corpus", str(Path(self.build_lib) / "bot" / "example"))


setup(cmdclass={"build_py": BuildWithExample})
