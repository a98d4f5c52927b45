"""How good the answers are: ``python -m tests.benchmarks.quality --data DIR``.

Every folder of DIR with ``sentences.jsonl`` and ``questions.jsonl`` is a set. Each is asked through
``bot.answering.answer.find``, the code that answers on Discord, and printed as Markdown with plain
rank-bm25 on ``lower().split()`` beside it in the same run.

*Pool*: all articles of a set are indexed at once. *One article*: each is indexed alone and asked
its own questions and as many of other articles, which it should not answer: AUROC, and the shares
shown (sure or perhaps) and not claimed (sure). Of sets with questions in common, each is asked the
other's.
The English questions on French text are our translations of 200 questions of ``piaf-fr-half``,
made without their passages.
"""

from __future__ import annotations

import argparse
import platform
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from rank_bm25 import BM25Okapi

from bot.answering.certainty import PERHAPS, SURE
from bot.index.build import build_index
from bot.service.search import find
from bot.text.sentences import sentence_spans
from tests.benchmarks.question_set import Question, QuestionSet, load_set, load_texts, with_typo

ENGLISH_QUESTIONS = Path(__file__).parent / "english-questions.jsonl"
SEED = 20241106


@dataclass
class Figures:
    """What was measured of one engine on one set."""

    ranks: list[int] = field(default_factory=list)  #: of the first accepted sentence; 0 for none
    seconds: list[float] = field(default_factory=list)  #: a question
    own: list[float] = field(default_factory=list)  #: confidence in questions that have an answer
    foreign: list[float] = field(default_factory=list)  #: in questions of other articles

    def cells(self) -> list[str]:
        """R@1, R@5, R@10, MRR, AUROC, own shown, foreign not claimed, ms a question."""
        ranks = np.array(self.ranks)
        found = [np.mean((ranks > 0) & (ranks <= k)) for k in (1, 5, 10)]
        reciprocal = np.mean(np.where(ranks > 0, 1 / np.maximum(ranks, 1), 0))
        own, foreign = np.array(self.own), np.array(self.foreign)
        silence = ["–"] * 3
        if len(foreign):
            answered, refused = (
                np.mean(own >= PERHAPS),
                np.mean(foreign < SURE),
            )
            silence = [f"{self.auroc():.4f}"[1:], percent(answered), percent(refused)]
        return [
            *map(percent, (*found, reciprocal)),
            *silence,
            f"{1000 * np.median(self.seconds):.2f}",
        ]

    def auroc(self) -> float:
        """The chance that an own question scores above a foreign one."""
        return auroc(self.own, self.foreign)


def auroc(above: Iterable[float], below: Iterable[float]) -> float:
    """The chance that one of the first scores above one of the second, ties counting half."""
    own, others = list(above), list(below)
    _, inverse, counts = np.unique(
        np.array([*own, *others]), return_inverse=True, return_counts=True
    )
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    won = ranks[: len(own)].sum() - len(own) * (len(own) + 1) / 2
    return float(won / (len(own) * len(others)))


Engine = Callable[[str], tuple[Sequence[int], float]]  # question -> ranked sentences, confidence


def ours(questions: QuestionSet) -> Engine:
    """The bot, over the articles of a set."""
    index = build_index(questions.corpus)
    # An index counts sentences as they are read, and so does a set.
    ids = np.array([sentence.id for sentence in questions.sentences])

    def engine(question: str) -> tuple[Sequence[int], float]:
        found = find(index, question, fallback_language=questions.language)
        return ids[found.ranked.sentences].tolist(), found.confidence

    return engine


def plain(questions: QuestionSet) -> Engine:
    """The naive bot: rank-bm25 over sentences, words split at spaces; its score as confidence."""
    index = BM25Okapi([sentence.text.lower().split() for sentence in questions.sentences])
    ids = np.array([sentence.id for sentence in questions.sentences])

    def engine(question: str) -> tuple[Sequence[int], float]:
        scores = index.get_scores(question.lower().split())
        order = np.argsort(-scores, kind="stable")
        order = order[scores[order] > 0]
        return ids[order].tolist(), float(scores.max(initial=0))

    return engine


def ask(figures: Figures, engine: Engine, questions: Iterable[Question]) -> None:
    """Ask questions that have an answer."""
    for question in questions:
        start = time.perf_counter()
        ranking, confidence = engine(question.text)
        figures.seconds.append(time.perf_counter() - start)
        hits = (place for place, number in enumerate(ranking, 1) if number in question.gold)
        figures.ranks.append(next(hits, 0))
        figures.own.append(confidence)


def pool(questions: QuestionSet, build: Callable[[QuestionSet], Engine]) -> Figures:
    """All articles at once."""
    figures = Figures()
    ask(figures, build(questions), questions.questions)
    return figures


def one_article(questions: QuestionSet, build: Callable[[QuestionSet], Engine]) -> Figures:
    """Each article alone, asked its own questions and as many of others."""
    figures = Figures()
    chance = random.Random(SEED)
    for article in questions.one_article():
        others = [q for q in questions.questions if q.doc != article.sentences[0].doc]
        engine = build(article)
        ask(figures, engine, article.questions)
        foreign = chance.sample(others, min(len(others), len(article.questions)))
        figures.foreign += [engine(question.text)[1] for question in foreign]
    return figures


def percent(share: float | np.floating[Any]) -> str:
    """A share as a percentage."""
    return f"{100 * share:.1f}"


def sentence_splits(path: Path) -> list[str]:
    """Precision and recall of sentence ends on a text of one gold sentence a line."""
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    gold = set(np.cumsum([len(line) + 1 for line in lines[:-1]]) - 1)
    text = " ".join(lines)
    cut = {end for _, end in sentence_spans(text)} - {len(text)}
    ended = {end for end, line in zip(sorted(gold), lines, strict=False) if line[-1] in '.!?…»"”)'}
    right = len(gold & cut)
    return [
        str(len(lines)),
        percent(right / len(cut)),
        percent(right / len(gold)),
        percent(len(ended & cut) / len(ended)),
    ]


@dataclass(frozen=True)
class Wording:
    """A set under the name that the table gives it."""

    label: str
    questions: QuestionSet


def wordings(sets: Sequence[QuestionSet]) -> Iterator[Wording]:
    """Every set as it is, with typos, and asked in other languages."""
    english = load_texts(ENGLISH_QUESTIONS)
    for one in sets:
        yield Wording(one.name, one)
        typos = {question.qid: with_typo(question) for question in one.questions}
        yield Wording(f"{one.name}, one typo a question", one.asked(typos))
        if (translated := one.asked(english)).questions:
            yield Wording(f"{one.name}, asked in English", translated)
        others = {other.language: other for other in sets}  # one wording a language
        for other in others.values():
            texts = {question.qid: question.text for question in other.questions}
            shared = one.asked(texts)
            if other.language != one.language and shared.questions:
                yield Wording(f"{one.name}, asked in {other.language}", shared)


def sampled(questions: QuestionSet, count: int) -> QuestionSet:
    """The set with some of its questions; all of them for a count of 0."""
    if not count or count >= len(questions.questions):
        return questions
    return replace(
        questions, questions=tuple(random.Random(SEED).sample(questions.questions, count))
    )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the sets")
    parser.add_argument("--sets", nargs="*", help="names of sets; all of them if left out")
    parser.add_argument("--sample", type=int, default=0, help="ask only so many questions a set")
    parser.add_argument("--ours", action="store_true", help="leave plain rank-bm25 out")
    options = parser.parse_args()
    folders = sorted(path.parent for path in options.data.glob("*/questions.jsonl"))
    chosen = [load_set(f) for f in folders if not options.sets or f.name in options.sets]
    engines = {"ours": ours} if options.ours else {"ours": ours, "plain rank-bm25": plain}
    print(f"{platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}\n")
    print("| set | engine | questions | R@1 | R@5 | R@10 | MRR | AUROC | own shown", end="")
    print(" | foreign not claimed | ms |\n|---|---|---|---|---|---|---|---|---|---|---|")
    for asked in wordings([sampled(one, options.sample) for one in chosen]):
        for how, measure in (("pool", pool), ("one article", one_article)):
            for name, build in engines.items():
                cells = measure(asked.questions, build).cells()
                if build is plain:
                    cells[5:7] = ["–", "–"]
                count = f"{len(asked.questions.questions):,}"
                row = " | ".join([f"{asked.label}, {how}", name, count, *cells])
                print(f"| {row} |", flush=True)
    print("\n| gold sentences | lines | P | R | R of lines that end in a mark |")
    print("|---|---|---|---|---|")
    for path in sorted((options.data / "sentence-splits").glob("*.txt")):
        print(f"| {path.stem} | {' | '.join(sentence_splits(path))} |")


if __name__ == "__main__":
    main()
