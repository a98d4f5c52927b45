"""Three OpenSearch nodes in one JVM on loopback, from Maven's artifacts; for ``mvn``, ``java``."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

HERE = Path(__file__).parent
FIRST_PORT = 19_201
COUNT = 3


class Nodes:
    """A running cluster, whose nodes can be stopped and started."""

    def __init__(self, folder: Path, heap: str = "4g") -> None:
        """Start the nodes in a folder; takes half a minute. Raises RuntimeError, with their log."""
        programs = {name: shutil.which(name) for name in ("mvn", "java")}
        if missing := [name for name, path in programs.items() if path is None]:
            raise RuntimeError(f"{' and '.join(missing)} must be installed")
        folder.mkdir(parents=True, exist_ok=True)
        classpath = (folder / "classpath.txt").absolute()
        resolve = ["-q", "-B", "-f", str(HERE / "pom.xml"), "dependency:build-classpath"]
        subprocess.run(
            [str(programs["mvn"]), *resolve, f"-Dmdep.outputFile={classpath}"], check=True
        )
        self._log = (folder / "nodes.log").open("w", encoding="utf-8")
        self._process = subprocess.Popen(
            [
                str(programs["java"]),
                *(f"-Xmx{heap}", "-cp", classpath.read_text(encoding="utf-8")),
                *(str(HERE / "Nodes.java"), str(folder / "data"), str(FIRST_PORT), str(COUNT)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        self._until("ready")

    @property
    def hosts(self) -> tuple[str, ...]:
        """The addresses of the nodes."""
        return tuple(f"http://127.0.0.1:{FIRST_PORT + number}" for number in range(COUNT))

    def stop(self, number: int) -> None:
        """Take a node away; they are counted from 0."""
        self._say(f"stop {number}", "stopped")

    def start(self, number: int) -> None:
        """Let a node come back."""
        self._say(f"start {number}", "started")

    def _say(self, command: str, until: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()
        self._until(until)

    def _until(self, word: str) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            if line.strip().endswith(word):
                return
        raise RuntimeError(f"the nodes ended; see {self._log.name}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait()
        self._log.close()
