"""What a curator might look at again in a corpus that can be read: warnings, no errors.

A sentence whose translation is far too long or short, or has other numbers; articles that repeat
each other; a language that the text contradicts. Each costs time in proportion to the corpus.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from bot.corpus.alignment import deviation
from bot.corpus.model import Article, Corpus, Rendering
from bot.text.language import STOP_WORDS, detect_language
from bot.text.numbers import disagreement
from bot.text.tokens import folded_words

#: Standard deviations (Gale and Church's delta) that a translation's length may be off. Of the
#: 2,715 sentences of XQuAD that stand alike in English and German, Spanish or Russian ten are
#: further off, half of which do say something else; of halved translations two in three are.
FAR_OFF = 2.5

#: The share of an article's shingles that another one must hold to repeat it. Shingles and this
#: measure, containment: A. Broder, "On the Resemblance and Containment of Documents", 1997,
#: https://doi.org/10.1109/SEQUEN.1997.666900. No two articles of SQuAD or PIAF share a hundredth.
REPEATED = 0.5

# Words of a shingle: fewer are shared by chance.
_SHINGLE = 5

# How much of a text is read for its language, in characters; how many of its common words there
# must be in another language, and how many times those of its own.
_READ = 1500
_VOTES = 10
_CLEARLY = 2
# The share of common words in a text of a language, at least; what has it needs no other look.
_USUAL = 0.2

# Multiplies a shingle's hash: the odd number nearest to 2^64 divided by the golden ratio (Knuth,
# The Art of Computer Programming, vol. 3, section 6.4).
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class LintWarning:
    """Something odd: where, what, and what to do about it."""

    article: str  #: its name
    place: str  #: the address of a sentence, or the article's name; a translation's language
    what: str
    advice: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}; {self.advice}"


def lint(corpus: Corpus) -> Iterator[LintWarning]:
    """Everything odd in a corpus, article by article."""
    ratios = _ratios(corpus)
    repeated = dict(_repeated(corpus))
    for number, article in enumerate(corpus.articles):
        for rendering in article.renderings:
            yield from _languages(article, rendering)
        for translation in article.translations:
            pair = article.original.language, translation.language
            yield from _sentences(article, translation, ratios[pair])
        if number in repeated:
            other, share = repeated[number]
            yield LintWarning(
                article.name,
                article.name,
                f"{share:.0%} of it stands in {corpus.articles[other].name} as well",
                "keep one of the two, or its answers come twice",
            )


def _ratios(corpus: Corpus) -> dict[tuple[str, str], float]:
    """How much longer translations are than originals, by languages."""
    lengths: dict[tuple[str, str], tuple[int, int]] = {}
    for article in corpus.articles:
        for translation in article.translations:
            pair = article.original.language, translation.language
            ours, theirs = lengths.get(pair, (0, 0))
            lengths[pair] = ours + len(article.original.text), theirs + len(translation.text)
    return {pair: theirs / ours for pair, (ours, theirs) in lengths.items()}


def _sentences(article: Article, translation: Rendering, ratio: float) -> Iterator[LintWarning]:
    """Sentences whose length or numbers the translation does not keep."""
    original = article.original
    for number, passage in enumerate(original.passages, 1):
        for place, span in enumerate(passage.sentences, 1):
            ours, theirs = span.of(original.text), translation.sentence(number, place)
            where = f"{article.address(number, place)} ({translation.language})"
            if abs(deviation(len(ours), len(theirs), ratio)) > FAR_OFF:
                what = f"has {len(theirs)} characters where the original has {len(ours)}"
                advice = "see whether the two say the same"
                yield LintWarning(article.name, where, what, advice)
            lost, new = disagreement(ours, original.language, theirs, translation.language)
            if lost or new:
                parts = [f"lacks {', '.join(lost)} of the original"] if lost else []
                parts += [f"has {', '.join(new)}, which the original has not"] if new else []
                yield LintWarning(article.name, where, " and ".join(parts), "see which is right")


def _languages(article: Article, rendering: Rendering) -> Iterator[LintWarning]:
    """A language that the commonest words contradict; told only of languages that are known."""
    if rendering.language not in STOP_WORDS:
        return
    words = folded_words(rendering.text[:_READ])
    own = _votes(words, rendering.language)
    if own > _USUAL * len(words):
        return
    found = detect_language(words) or rendering.language
    votes = _votes(words, found)
    if votes >= max(_VOTES, _CLEARLY * own):
        place = f"{article.name} ({rendering.language})"
        what = f"its words look like {found}, not {rendering.language}"
        yield LintWarning(article.name, place, what, "correct the language in the file or its name")


def _votes(words: list[str], language: str) -> int:
    return sum(map(STOP_WORDS[language].__contains__, words))


def _repeated(corpus: Corpus) -> Iterator[tuple[int, tuple[int, float]]]:
    """Articles that mostly stand in another one: the number of each, and that of the other with the
    share. Of two that repeat each other only the shorter or, of equals, the later is told.

    Each shingle pairs an article with the first and the last one before it that hold it too; the
    share is counted exactly for the partner with which an article has most such shingles.
    """
    hashes = _Hashes()
    shingles = [_shingles(article.original.text, hashes) for article in corpus.articles]
    partners = _partners(shingles)
    for number, other in partners:
        few, many = sorted((number, other), key=lambda n: (len(shingles[n]), -n))
        shared = len(np.intersect1d(shingles[few], shingles[many], assume_unique=True))
        share = shared / len(shingles[few])
        if share >= REPEATED:
            yield few, (many, share)


class _Hashes(dict[str, int]):
    """The hash of each distinct word, worked out once; the same in every run."""

    def __missing__(self, word: str) -> int:
        found = self[word] = crc32(word.encode("utf-8", "replace"))
        return found


def _shingles(text: str, hashes_of: _Hashes) -> NDArray[np.uint64]:
    """Hashes of every run of words, each once, sorted; of all words where they are fewer."""
    words = text.casefold().split()
    hashes = np.fromiter(map(hashes_of.__getitem__, words), np.uint64, len(words))
    size = min(_SHINGLE, len(words))
    mixed = np.zeros(len(words) - size + 1, np.uint64)
    for place in range(size):
        mixed = (mixed ^ hashes[place : place + len(mixed)]) * _SPREAD
        mixed ^= mixed >> np.uint64(32)
    return np.unique(mixed)


def _partners(shingles: list[NDArray[np.uint64]]) -> list[tuple[int, int]]:
    """Of each article that shares shingles with an earlier one, that with which it shares most."""
    if not shingles:
        return []
    hashes = np.concatenate(shingles)
    holders = np.repeat(np.arange(len(shingles)), [len(one) for one in shingles])
    order = np.argsort(hashes, kind="stable")  # so that holders stand in order too
    hashes, holders = hashes[order], holders[order]
    same = hashes[1:] == hashes[:-1]
    starts = np.flatnonzero(np.concatenate(([True], ~same)))
    first = np.repeat(holders[starts], np.diff([*starts, len(hashes)]))
    later = np.flatnonzero(same) + 1
    beyond = later[holders[later - 1] != first[later]]
    pairs = np.concatenate(
        (
            holders[later] * len(shingles) + first[later],
            holders[beyond] * len(shingles) + holders[beyond - 1],
        )
    )
    found, counts = np.unique(pairs, return_counts=True)
    best: dict[int, tuple[int, int]] = {}
    for pair, count in zip(found.tolist(), counts.tolist(), strict=True):
        number, other = divmod(pair, len(shingles))
        if count > best.get(number, (0, 0))[0]:
            best[number] = count, other
    return [(number, other) for number, (_, other) in best.items()]
