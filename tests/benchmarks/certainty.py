"""Fit how certain an answer is: ``python -m tests.benchmarks.certainty --data DIR``.

The examples are the first sentences found for questions whose answers are known: those of
``asked-dev`` and ``paraphrase-dev`` with their near-topic questions without an answer, and a sample
of every other set, asked of its own article and of a foreign one. Printed are the coefficients for
``bot.answering.certainty``, and how they fare with one corpus left out at a time: what is claimed,
how much of it is right, and a table of reliability, share right by probability.
"""

from __future__ import annotations

import argparse
import random
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.answering.certainty import COEFFICIENTS, PERHAPS, SURE, features
from bot.index.build import Index, build_index
from bot.service.library import Library
from bot.service.search import find
from tests.benchmarks.quality import auroc
from tests.benchmarks.question_set import load_set

ROOT = Path(__file__).parents[2]

Floats = npt.NDArray[np.float64]

#: Sentences of each question that are examples.
PLACES = 3
#: Questions of each encyclopaedic set, own and foreign each.
SAMPLE = 150
#: The variance of a coefficient's prior (ridge regression).
PRIOR = 25.0
SEED = 20241106


@dataclass(frozen=True)
class Example:
    """One sentence found for a question."""

    group: str  #: the corpus, which is left out as a whole
    kind: str
    place: int  #: from 0, in the ranking
    right: bool
    values: tuple[float, ...]


def examples(data: Path) -> Iterator[Example]:
    """Every example of a folder of sets."""
    for tsv in sorted((data / "asked-dev" / "questions").glob("*.tsv")):
        yield from _of_corpus(data / "asked-dev" / "corpora" / tsv.stem, tsv, f"asked/{tsv.stem}")
    for tsv in sorted((data / "paraphrase-dev").glob("*.tsv")):
        yield from _of_corpus(tsv.with_suffix(""), tsv, f"paraphrase/{tsv.stem}")
    yield from _of_judgments()
    for folder in sorted(path.parent for path in data.glob("*/questions.jsonl")):
        yield from _of_set(folder)


def _of_corpus(corpus: Path, tsv: Path, group: str) -> Iterator[Example]:
    index = Library(corpus).index
    for line in tsv.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        kind, question, gold, *_ = line.split("\t")
        if kind == "followup":
            continue
        accepted = [] if gold == "NONE" else gold.split("||")
        right = partial(_holds_any, accepted)
        yield from _examples(index, question, group, kind, right)


def _of_judgments() -> Iterator[Example]:
    """The project's own judgments on the article that is shipped."""
    index = Library(ROOT / "corpus").index
    judged = tomllib.loads((ROOT / "tests" / "judgments.toml").read_text(encoding="utf-8"))
    for entry in (*judged["judgment"], *judged["paraphrase"]):
        kind = "judged" if entry["accepted"] else "refused"
        right = partial(_is_at, entry["accepted"])
        yield from _examples(index, entry["question"], "judgments", kind, right)


def _of_set(folder: Path) -> Iterator[Example]:
    chance = random.Random(SEED)
    questions = load_set(folder)
    articles = {one.sentences[0].doc: one for one in questions.one_article()}
    indexes: dict[int, Index] = {}
    for question in chance.sample(questions.questions, min(SAMPLE, len(questions.questions))):
        for doc in (question.doc, chance.choice([doc for doc in articles if doc != question.doc])):
            if doc not in indexes:
                indexes[doc] = build_index(articles[doc].corpus)
            texts = {s.id: s.text for s in questions.sentences if s.doc == doc}
            accepted = [texts[number] for number in question.gold if number in texts]
            kind = "own" if doc == question.doc else "foreign"
            right = partial(_holds_any, accepted)
            yield from _examples(indexes[doc], question.text, folder.name, kind, right)


def _examples(
    index: Index, question: str, group: str, kind: str, right: Callable[[str, str], bool]
) -> Iterator[Example]:
    found = find(index, question)
    shown = _shown(index, found.ranked.sentences[:PLACES].tolist())
    for place, (text, address) in enumerate(shown):
        values = features(index, found.query, found.ranked, place)
        told = tuple(values[name] for name in COEFFICIENTS)
        yield Example(group, kind, place, right(text, address), told)


def _holds_any(accepted: Sequence[str], text: str, _: str) -> bool:
    return any(holds(text, one) for one in accepted)


def _is_at(accepted: Sequence[str], _: str, address: str) -> bool:
    return address in accepted


def _shown(index: Index, sentences: Sequence[int]) -> Iterator[tuple[str, str]]:
    """The text of sentences, each with what leads in to it, and its place, passage.sentence."""
    for sentence in sentences:
        passage = int(index.sentence_passage[sentence])
        number = int(index.passage_rendering[passage])
        _, rendering = index.renderings[number]
        first = int(index.forward.rendering_passages[number])
        held = rendering.passages[passage - first]
        within = sentence - int(index.forward.passage_sentences[passage])
        text = f"{rendering.lead_in(held)} {held.sentences[within].of(rendering.text)}"
        yield text, f"{passage - first + 1}.{within + 1}"


def holds(text: str, accepted: str) -> bool:
    """Whether a text holds each part of what is accepted, however it is typed."""
    return all(_plain(part) in _plain(text) for part in accepted.split("&&"))


def _plain(text: str) -> str:
    """A text with one kind of apostrophe, quotation mark, dash and space, without case."""
    text = re.sub(r"[’‘ʼ`´*\\]", "'", unicodedata.normalize("NFKC", text)).replace("'", "")
    return re.sub(r"\s+", " ", re.sub(r"[–—‑−]", "-", text)).strip().casefold()


def fit(rows: Sequence[Example]) -> Floats:
    """Return the coefficients that make the examples most likely, by Newton's method."""
    x = np.array([row.values for row in rows])
    y = np.array([row.right for row in rows], dtype=float)
    weight = _weights(rows)
    beta = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ beta))
        gradient = x.T @ (weight * (y - p)) - beta / PRIOR
        hessian = (x.T * (weight * p * (1 - p))) @ x + np.eye(len(beta)) / PRIOR
        step = np.linalg.solve(hessian, gradient)
        beta += step
        if np.abs(step).max() < 1e-8:
            break
    return beta


def _weights(rows: Sequence[Example]) -> Floats:
    """People's questions count most; an encyclopaedic set counts as much as a corpus of theirs."""
    return np.array([0.3 if row.kind in ("own", "foreign") else 1.0 for row in rows])


def odds(beta: Floats, rows: Sequence[Example]) -> Floats:
    """Return the probability of each example."""
    return np.asarray(1 / (1 + np.exp(-np.array([row.values for row in rows]) @ beta)))


def left_out(rows: Sequence[Example]) -> Floats:
    """Return the probability of each example by the coefficients of all other corpora."""
    found = np.zeros(len(rows))
    for group in sorted({row.group for row in rows}):
        rest = [row for row in rows if row.group != group]
        places = [number for number, row in enumerate(rows) if row.group == group]
        found[places] = odds(fit(rest), [rows[number] for number in places])
    return found


def report(rows: Sequence[Example], probability: Floats, sure: float, perhaps: float) -> None:
    """Print what is claimed at two bars, and the reliability of the probabilities."""
    first = np.array([row.place == 0 for row in rows])
    right = np.array([row.right for row in rows])
    people = np.array([row.group.startswith("asked") for row in rows])
    claimed = first & people & (probability >= sure)
    print(f"asked-dev: claimed {claimed.sum()}, right {(claimed & right).sum()}")
    for kind in ("none", "nearnone", "NONE", "judged", "refused", "own", "foreign"):
        of_kind = first & np.array([row.kind == kind for row in rows])
        shares = [f"{(of_kind & (probability >= bar)).sum()}" for bar in (sure, perhaps)]
        print(f"{kind}: {of_kind.sum()}, sure {shares[0]}, sure or perhaps {shares[1]}")
    print("\n| probability | sentences | right |\n|---|---|---|")
    for low in np.arange(0, 1, 0.1):
        within = (probability >= low) & (probability < low + 0.1)
        share = right[within].mean() if within.any() else 0
        print(f"| {low:.1f} to {low + 0.1:.1f} | {within.sum()} | {share:.2f} |")


def ablation(rows: Sequence[Example], sure: float) -> None:
    """Print what the model loses without each feature, one corpus left out at a time."""
    first = np.array([row.place == 0 for row in rows])
    right = np.array([row.right for row in rows])
    people = first & np.array([row.group.startswith("asked") for row in rows])
    near = people & np.array([row.kind == "nearnone" for row in rows])
    print("\n| without | AUROC, people's questions | right at the bar | near claimed |")
    print("|---|---|---|---|")
    for name in ("(all of it)", *COEFFICIENTS):
        kept = [place for place, one in enumerate(COEFFICIENTS) if one != name]
        fewer = [replace(row, values=tuple(row.values[place] for place in kept)) for row in rows]
        probability = left_out(fewer)
        claimed = people & (probability >= sure)
        ranks = auroc(probability[people & right], probability[people & ~right])
        print(f"| {name} | {ranks:.4f} | {(claimed & right).sum()} | {(claimed & near).sum()} |")


def main() -> None:
    """Print the coefficients and the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the sets")
    parser.add_argument("--sure", type=float, default=SURE)
    parser.add_argument("--perhaps", type=float, default=PERHAPS)
    parser.add_argument("--without", action="store_true", help="take each feature out in turn")
    options = parser.parse_args()
    rows = list(examples(options.data))
    for name, value in zip(COEFFICIENTS, fit(rows), strict=True):
        print(f'    "{name}": {value:.2f},')
    report(rows, left_out(rows), options.sure, options.perhaps)
    if options.without:
        ablation(rows, options.sure)


if __name__ == "__main__":
    main()
