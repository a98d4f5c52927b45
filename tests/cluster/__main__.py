"""Start three nodes and ask them what ``checks`` asks: ``python -m tests.cluster --data DIR``."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path

from tests.benchmarks.question_set import load_set
from tests.cluster.checks import a_node_dies, a_run_is_killed, same_answers, versions_change
from tests.cluster.nodes import Nodes


def main() -> None:
    """Print a line a check."""
    parser = argparse.ArgumentParser(prog="python -m tests.cluster", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the sets of questions")
    parser.add_argument("--most", type=int, default=1_000_000, help="questions of each set")
    parser.add_argument("--heap", default="4g", help="memory of the nodes together")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Nodes(Path(folder), options.heap) as nodes:
        for compared in same_answers(nodes, options.data, options.most):
            print(compared, flush=True)
        count = min(options.most, 2_000)
        print(a_node_dies(nodes, options.data, count), flush=True)
        print(versions_change(nodes, options.data, count), flush=True)
        corpus = load_set(options.data / "squad-en").corpus
        print(asyncio.run(a_run_is_killed(nodes, corpus)), flush=True)


if __name__ == "__main__":
    main()
