"""What each constant of the ranking is worth: ``python -m tests.benchmarks.ablation --data DIR``.

Each is taken out in turn (set to the value that has no effect) and the two sets asked again. The
figures are what the answers lose by it, in points; a negative loss would be a gain.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from bot.answering import evidence, query, ranking
from tests.benchmarks.quality import Figures, one_article, ours, pool
from tests.benchmarks.question_set import QuestionSet, load_set

SEED = 1
NEUTRAL: tuple[tuple[ModuleType, str, Any], ...] = (
    (evidence, "SENTENCE_K1", 1.5),
    (evidence, "SENTENCE_B", 0.75),
    (ranking, "SIMILAR_WEIGHT", 0),
    (evidence, "SHARPNESS", 1),
    (ranking, "CONTEXT_DECAY", 0),
    (ranking, "ANSWER_TYPE_WEIGHT", dict.fromkeys(ranking.ANSWER_TYPE_WEIGHT, 0.0)),
    (ranking, "STEM_COVERAGE", 1),
    (ranking, "COMMON_COVERAGE", 1),
    (query, "SYNONYM_WEIGHT", 0),
    (query, "MIN_CORRECTION", 2),
)


@contextmanager
def setting(module: ModuleType, name: str, value: object) -> Iterator[None]:
    """A constant at another value."""
    before = getattr(module, name)
    setattr(module, name, value)
    yield
    setattr(module, name, before)


def figures(sets: list[QuestionSet]) -> list[float]:
    """Pool R@1 and R@5 of the first set, one-article R@1 and AUROC of the second, in percent."""
    first, second = pool(sets[0], ours), one_article(sets[1], ours)
    return [*_found(first, 1, 5), *_found(second, 1), 100 * second.auroc()]


def _found(measured: Figures, *depths: int) -> list[float]:
    ranks = np.array(measured.ranks)
    return [100 * float(np.mean((ranks > 0) & (ranks <= depth))) for depth in depths]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the sets")
    parser.add_argument("--sample", type=int, default=3000, help="questions of the larger set")
    options = parser.parse_args()
    large, small = load_set(options.data / "squad-en"), load_set(options.data / "piaf-fr-half")
    chosen = random.Random(SEED).sample(large.questions, options.sample)
    sets = [replace(large, questions=tuple(chosen)), small]
    whole = figures(sets)
    print("| without | squad-en R@1 | R@5 | piaf-fr-half, one article R@1 | AUROC |")
    print("|---|---|---|---|---|")
    print(f"| (all of it) | {' | '.join(f'{value:.1f}' for value in whole)} |")
    for module, name, value in NEUTRAL:
        with setting(module, name, value):
            lost = [now - before for now, before in zip(figures(sets), whole, strict=True)]
        print(f"| {name} | {' | '.join(f'{loss:+.1f}' for loss in lost)} |", flush=True)


if __name__ == "__main__":
    main()
