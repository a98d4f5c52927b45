"""How questions fare as members type them: ``python -m tests.benchmarks.asked --data DIR``.

Prints, by class, how many questions of ``asked-dev`` are answered right first and sure, right among
the sentences shown, and ranked right; then what is claimed. ``--without`` takes each piece out in
turn and prints what all corpora together lose by it, and what the corpus loses that loses most: a
piece that only one corpus needs was made for it.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from bot.answering import answer, certainty, evidence, query, ranking
from bot.answering.citation import Answer, Citation
from bot.index.build import Index
from bot.service import search
from bot.service.library import Library
from bot.text import asked_words
from bot.text.answer_types import NO_KIND
from tests.benchmarks.ablation import setting
from tests.benchmarks.certainty import holds

#: Classes of questions without an answer: foreign, and near the topic.
NONE, NEAR = "none", "nearnone"

#: By name, what is put in the place of each piece: a module, a name in it, and what has no effect.
PIECES: Mapping[str, Sequence[tuple[ModuleType, str, Any]]] = {
    "the clause that asks": [(answer, "best_question", lambda _: None)],
    "form of the question": [(asked_words, "frame_words", lambda *_: frozenset())],
    "misspelled question words": [(asked_words, "respelled", lambda word, _: word)],
    "thesaurus": [(query, "synonyms_in", lambda *_: [])],
    "synonyms of the lexicon": [(query, "SYNONYM_WEIGHT", 0.0)],
    "irregular verbs": [(query, "forms_of", lambda *_: ())],
    "known words are no typos": [
        (module, "is_known_word", lambda *_: False) for module in (query, asked_words)
    ],
    "values": [(asked_words, "find_values", lambda *_: [])],
    "what stands around": [(evidence, "CONTEXT_WEIGHTS", np.zeros(4))],
    "heading said in full": [(ranking, "HEADING_WEIGHT", 0.0)],
    "answer's type in the order": [
        (ranking, "ANSWER_TYPE_WEIGHT", dict.fromkeys(ranking.ANSWER_TYPE_WEIGHT, 0.0))
    ],
    "answer's type in the certainty": [(certainty, "MEASURED", NO_KIND)],
    "definitions": [(search, "asked_term", lambda _: None)],
    "units": [(search, "asked_units", lambda *_, **__: None)],
    "the word asked about": [(certainty, "MORE_IF_HEADLESS", 0.0)],
    "more if unknown": [(certainty, "MORE_IF_UNKNOWN", 0.0)],
    "least coverage": [(certainty, "LEAST_COVERAGE", 0.0)],
}


@dataclass(frozen=True)
class Outcome:
    """What became of one question."""

    corpus: str
    kind: str
    claimed: bool
    first: bool  #: claimed, and the first sentence is right
    shown: bool  #: right among the sentences that are shown
    ranked: bool  #: the best sentence is right, whatever is shown


def libraries(data: Path) -> dict[str, Index]:
    """Return the index of each corpus of a folder of sets."""
    folders = sorted((data / "asked-dev" / "corpora").iterdir())
    return {folder.name: Library(folder).index for folder in folders}


def outcomes(data: Path, indexes: Mapping[str, Index]) -> Iterator[Outcome]:
    """Ask every question."""
    for corpus, index in indexes.items():
        text = (data / "asked-dev" / "questions" / f"{corpus}.tsv").read_text(encoding="utf-8")
        for line in filter(str.strip, text.splitlines()):
            kind, question, gold, *_ = line.split("\t")
            before, _, question = question.rpartition(" => ")
            yield _outcome(index, corpus, kind, before or None, question, gold)


def _outcome(
    index: Index, corpus: str, kind: str, before: str | None, question: str, gold: str
) -> Outcome:
    accepted = [] if gold == "NONE" else gold.split("||")
    found = search.find(index, question, previous=before)
    told = search.ask(index, question, previous=before)
    best = next(answer._perhaps(index, found), None)
    return Outcome(
        corpus=corpus,
        kind=kind,
        claimed=told.answered,
        first=told.answered and _is_right(told.citations[0], accepted),
        shown=any(_is_right(one, accepted) for one in _shown(told)),
        ranked=_is_right(best, accepted) if best else any(_is_right(one, accepted) for one in told),
    )


def _shown(told: Answer) -> Sequence[Citation]:
    return told.citations or told.suggestions


def _is_right(citation: Citation, accepted: Sequence[str]) -> bool:
    parts = (citation.lead_in, *citation.section, *citation.heads, citation.text, *citation.items)
    around = " ".join((*parts, citation.code))
    return any(
        holds(around if "&&" in one else f"{citation.lead_in} {citation.text}", one)
        for one in accepted
    )


@contextmanager
def without(piece: str) -> Iterator[None]:
    """Answer without a piece."""
    with ExitStack() as stack:
        for module, name, value in PIECES[piece]:
            stack.enter_context(setting(module, name, value))
        yield


def summary(found: Sequence[Outcome]) -> tuple[int, int, int, int, int]:
    """Return how many are right first and sure, right among what is shown, ranked right; foreign
    and near-topic ones claimed.
    """
    asked = [one for one in found if one.kind not in (NONE, NEAR)]
    return (
        sum(one.first for one in asked),
        sum(one.shown for one in asked),
        sum(one.ranked for one in asked),
        sum(one.claimed for one in found if one.kind == NONE),
        sum(one.claimed for one in found if one.kind == NEAR),
    )


def by_class(found: Sequence[Outcome]) -> None:
    """Print the table of classes."""
    print("| class | questions | sure | shown | ranked |\n|---|---|---|---|---|")
    for kind in dict.fromkeys(one.kind for one in found):
        of_kind = [one for one in found if one.kind == kind]
        if kind in (NONE, NEAR):
            print(f"| {kind} | {len(of_kind)} | claimed {sum(o.claimed for o in of_kind)} | | |")
            continue
        first, shown, ranked, *_ = summary(of_kind)
        print(f"| {kind} | {len(of_kind)} | {first} | {shown} | {ranked} |")
    first, shown, ranked, foreign, near = summary(found)
    claimed = sum(one.claimed for one in found)
    print(f"| all | {len(found)} | {first} | {shown} | {ranked} |")
    print(f"\nclaimed {claimed}, right first {first}; foreign {foreign}, near {near}")


def ablation(data: Path, indexes: Mapping[str, Index], whole: Sequence[Outcome]) -> None:
    """Print what is lost without each piece."""
    base, base_of = summary(whole), _sure_by_corpus(whole)
    print("\n| without | sure | shown | ranked | foreign, near claimed | most lost by one corpus |")
    print("|---|---|---|---|---|---|")
    for piece in PIECES:
        with without(piece):
            found = list(outcomes(data, indexes))
        lost = [now - before for now, before in zip(summary(found), base, strict=True)]
        of = _sure_by_corpus(found)
        worst = min(base_of, key=lambda corpus: of[corpus] - base_of[corpus])
        numbers = " | ".join(f"{value:+d}" for value in lost[:3])
        claims = f"{lost[3]:+d}, {lost[4]:+d}"
        print(f"| {piece} | {numbers} | {claims} | {of[worst] - base_of[worst]:+d} {worst} |")


def _sure_by_corpus(found: Sequence[Outcome]) -> Counter[str]:
    return Counter(one.corpus for one in found if one.first)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the sets")
    parser.add_argument("--without", action="store_true", help="take each piece out in turn")
    options = parser.parse_args()
    indexes = libraries(options.data)
    whole = list(outcomes(options.data, indexes))
    by_class(whole)
    if options.without:
        ablation(options.data, indexes, whole)


if __name__ == "__main__":
    main()
