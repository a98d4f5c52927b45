"""Collections to measure speed on: a Zipfian one of any size, and a real one.

A collection is a folder: ``articles/`` as the bot reads them, ``passages.txt`` with the text of one
passage a line, ``documents.txt`` with the tokens of one sentence a line, and the same questions
twice: ``asked.txt`` as a reader writes them, ``questions.txt`` as tokens. Every engine reads these.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.text.language import is_stop_word
from bot.text.tokens import folded_words, stem
from tests.benchmarks.question_set import QuestionSet, load_set

SEED = 20241106
QUESTIONS = 300
PASSAGES_AN_ARTICLE = 8

#: Heaps' law, V = K N^B, as measured on a year of Reuters news (RCV1): Manning, Raghavan and
#: Schütze, Introduction to Information Retrieval, 5.1.1.
HEAPS_K, HEAPS_B = 44, 0.49

#: Zipf's law with Mandelbrot's offset, p ~ 1 / (rank + OFFSET), over content words alone: the
#: commonest stands in a tenth of the sentences, as *said* does in news.
OFFSET = 10

#: Running words of a sentence: the median and the spread of a log-normal, cut at both ends. News
#: text has about 22 on average.
MEDIAN_LENGTH, SPREAD, SHORTEST, LONGEST = 20, 0.45, 4, 60

#: Nearly half of English running text is on a short stop list.
STOP_SHARE = 0.45
_STOP_WORDS = "the of and to in a is that for it as was with be by on not he his but at".split()

_ASKED_WITH = ("Who", "What", "When did", "Where was", "How many", "Why did", "Which")


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage's sentences, as text and as tokens."""

    sentences: tuple[str, ...]
    tokens: tuple[tuple[str, ...], ...]


def write_zipfian(
    folder: Path,
    sentences: int,
    seed: int = SEED,
    passages_an_article: int = PASSAGES_AN_ARTICLE,
) -> None:
    """Write a collection of so many sentences; the same for the same seed."""
    generator = np.random.default_rng(seed)
    questions = [
        question_of(generator, tokens) for tokens in question_tokens(generator, sentences, seed)
    ]
    _write(folder, zipfian_passages(sentences, seed), questions, passages_an_article)


def write_real(folder: Path, data: Path) -> str:
    """Write the largest set of a folder of sets as a collection; returns its name."""
    largest = max(data.glob("*/questions.jsonl"), key=lambda path: path.stat().st_size)
    real = load_set(largest.parent)
    asked = random.Random(SEED).sample(real.questions, min(QUESTIONS, len(real.questions)))
    texts = [(question.text, _tokens(question.text, real.language)) for question in asked]
    sort_unique_counts = [(text, list(dict.fromkeys(tokens))) for text, tokens in texts if tokens]
    _write(folder, _real_passages(real), sort_unique_counts)
    return real.name


def read_lines(path: Path) -> list[str]:
    """The lines of one of a collection's files."""
    return path.read_text(encoding="utf-8").splitlines()


def read_documents(folder: Path) -> list[list[str]]:
    """The tokens of every sentence; equal tokens are one object, as a tokenizer would keep them."""
    seen: dict[str, str] = {}
    with (folder / "documents.txt").open(encoding="utf-8") as lines:
        return [[seen.setdefault(token, token) for token in line.split()] for line in lines]


def _write(
    folder: Path,
    passages: Iterable[Passage],
    questions: Sequence[tuple[str, Sequence[str]]],
    passages_an_article: int = PASSAGES_AN_ARTICLE,
) -> None:
    articles = folder / "articles"
    articles.mkdir(parents=True)
    with (
        (folder / "passages.txt").open("w", encoding="utf-8") as texts,
        (folder / "documents.txt").open("w", encoding="utf-8") as documents,
    ):
        for number, article in enumerate(_batches(passages, passages_an_article)):
            paragraphs = [" ".join(passage.sentences) for passage in article]
            texts.writelines(f"{paragraph}\n" for paragraph in paragraphs)
            documents.writelines(f"{' '.join(t)}\n" for p in article for t in p.tokens)
            path = articles / f"article-{number:06}.en.md"
            path.write_text("\n\n".join((f"# Article {number}", *paragraphs)), encoding="utf-8")
    (folder / "asked.txt").write_text("\n".join(text for text, _ in questions), encoding="utf-8")
    lines = "\n".join(" ".join(tokens) for _, tokens in questions)
    (folder / "questions.txt").write_text(lines, encoding="utf-8")


def _batches(passages: Iterable[Passage], size: int) -> Iterator[list[Passage]]:
    left = iter(passages)
    while batch := list(islice(left, size)):
        yield batch


def _real_passages(real: QuestionSet) -> Iterator[Passage]:
    for _, of_passage in groupby(real.sentences, key=lambda one: (one.doc, one.paragraph)):
        sentences = tuple(sentence.text for sentence in of_passage)
        yield Passage(sentences, tuple(_tokens(text, real.language) for text in sentences))


def _tokens(text: str, language: str) -> tuple[str, ...]:
    """A text's content words, folded and stemmed."""
    folded = [word for word in folded_words(text) if not is_stop_word(word, language)]
    return tuple(stem(word, language) for word in folded)


def zipfian_passages(sentences: int, seed: int) -> Iterator[Passage]:
    """Passages of one to five sentences, drawn some thousand sentences at a time."""
    generator = np.random.default_rng(seed)
    words, chances = _vocabulary(sentences)
    made: list[tuple[str, tuple[str, ...]]] = []
    left = sentences
    while left or made:
        if left and len(made) < 5:
            count = min(left, 5_000)
            made += _sentences(generator, count, words, chances)
            left -= count
        size = int(generator.integers(1, 6))
        taken, made = made[:size], made[size:]
        yield Passage(tuple(text for text, _ in taken), tuple(tokens for _, tokens in taken))


def _vocabulary(sentences: int) -> tuple[list[str], npt.NDArray[np.float64]]:
    """The content words of a collection, the commonest first, and their cumulated chances."""
    tokens = sentences * MEDIAN_LENGTH * (1 - STOP_SHARE)
    size = int(HEAPS_K * tokens**HEAPS_B)
    chances = np.cumsum(1 / (np.arange(size) + 1 + OFFSET))
    return [_word(rank) for rank in range(1, size + 1)], chances / chances[-1]


def _word(rank: int) -> str:
    """A word for a rank, the shorter the commoner: every 40th a number, every 12th a name."""
    if rank % 40 == 0:
        return str(1000 + rank)
    syllables, left = "", rank
    while left:
        left, place = divmod(left, 60)
        syllables += "bdfgjklmnprstvz"[place % 15] + "aiou"[place // 15]
    word = f"{syllables}k"  # no English suffix, so that no stemmer makes two words one
    return word.capitalize() if rank % 12 == 0 else word


def _sentences(
    generator: np.random.Generator, count: int, words: list[str], chances: npt.NDArray[np.float64]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Sentences with their tokens."""
    lengths = generator.lognormal(np.log(MEDIAN_LENGTH), SPREAD, count)
    lengths = lengths.clip(SHORTEST, LONGEST).astype(int)
    total = int(lengths.sum())
    ranks = np.searchsorted(chances, generator.random(total)).tolist()
    stops = np.where(
        generator.random(total) < STOP_SHARE, generator.integers(len(_STOP_WORDS), size=total), -1
    ).tolist()
    start = 0
    for length in lengths.tolist():
        places = range(start, start + length)
        start += length
        content = [words[ranks[place]] for place in places if stops[place] < 0]
        running = [words[ranks[p]] if stops[p] < 0 else _STOP_WORDS[stops[p]] for p in places]
        running[0] = running[0][:1].upper() + running[0][1:]
        yield f"{' '.join(running)}.", tuple(word.lower() for word in content)


def question_tokens(
    generator: np.random.Generator, sentences: int, seed: int, count: int = QUESTIONS
) -> Iterator[list[str]]:
    """2 to 8 distinct words of a sentence each: chosen as they stand in text, they are of all
    frequencies, as many of the hundred commonest words as of the next thousand.
    """
    sampled = [
        tokens
        for passage in islice(zipfian_passages(sentences, seed), 2 * count)
        for tokens in passage.tokens
        if len(set(tokens)) >= 2
    ]
    for place in generator.choice(len(sampled), count, replace=len(sampled) < count):
        sort_unique_counts = list(dict.fromkeys(sampled[int(place)]))
        size = min(len(sort_unique_counts), int(generator.integers(2, 9)))
        yield [str(word) for word in generator.choice(sort_unique_counts, size, replace=False)]


def question_of(generator: np.random.Generator, tokens: list[str]) -> tuple[str, list[str]]:
    """A question of some tokens as a reader writes it."""
    start = _ASKED_WITH[int(generator.integers(len(_ASKED_WITH)))]
    return f"{start} the {' '.join(tokens)}?", tokens
