"""The words of an index by their letters: which share character n-grams, which an initial.

N-grams are held as 64-bit codes: two different ones have the same code once in 2**64 pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.index.arrays import (
    Bools,
    Floats,
    Ints,
    expand_ranges,
    new_ids,
    offsets,
    sort_unique_counts,
)
from bot.text.tokens import CONCEPT_MARK, NGRAM_SIZE, latin, ngrams

# An n-gram's code is its characters as the digits of a number in this base, modulo 2**64. Odd, so
# that no character is lost; 2**64 over the golden ratio (Knuth, TAOCP 3, 6.4).
_BASE = 0x9E3779B97F4A7C15
_MODULUS = 1 << 64

# Of a share of letters that is worked out by floating point.
_ROUNDING = 1e-9

_NONE: Ints = np.zeros(0, np.int32)

Codes = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class NgramIndex:
    """W words and their N distinct n-grams."""

    codes: Codes  #: N: in ascending order
    word_first: npt.NDArray[np.int64]  #: W + 1: where each word's n-grams begin in ``grams``
    grams: Ints  #: numbers of the n-grams of all words, each word's distinct
    gram_first: npt.NDArray[np.int64]  #: N + 1: where those of each n-gram begin in ``words``
    words: Ints  #: the words that hold each n-gram
    lengths: Ints  #: W: letters of the word
    initials: npt.NDArray[np.uint32]  #: code point of each word's first letter in Latin script
    letters: npt.NDArray[np.uint32]  #: W: which letters the word has, see ``letters_of``

    def numbers(self, word: str) -> npt.NDArray[np.int64]:
        """Return the numbers of those n-grams of a folded word that some word of the index has."""
        wanted = codes_of(word)
        place = np.searchsorted(self.codes, wanted)
        held = place < len(self.codes)
        held[held] = self.codes[place[held]] == wanted[held]
        found: npt.NDArray[np.int64] = place[held]
        return found

    def sharing(self, word: str) -> tuple[Ints, Ints, Ints]:
        """Return the words that share any n-gram with a folded word, how many each one shares, and
        how many it has.
        """
        numbers = self.numbers(word).tolist()
        held = [self.words[self.gram_first[n] : self.gram_first[n + 1]] for n in numbers]
        if not held:
            return _NONE, _NONE, _NONE
        words, shared = np.unique(np.concatenate(held), return_counts=True)
        return words, shared.astype(np.int32), self._sizes(words)

    def shared_with(self, spellings: Sequence[str], words: Ints) -> tuple[Floats, Ints]:
        """Return how many n-grams each of some words shares with each of some folded spellings,
        words by spellings, and how many it has. ``words`` are numbers in ascending order.
        """
        places, first = expand_ranges(self.word_first[words], self.word_first[words + 1])
        known = [self.numbers(spelling) for spelling in spellings]
        # Which n-gram of the index is in which spelling; of the words' n-grams few are in any.
        wanted, row = np.unique(np.concatenate(known), return_inverse=True)
        spelled = np.zeros((len(wanted) + 1, len(spellings)))
        spelled[row + 1, np.repeat(np.arange(len(known)), [len(one) for one in known])] = 1
        rows = np.zeros(len(self.codes), dtype=np.int32)
        rows[wanted] = np.arange(1, len(wanted) + 1)
        row_of = rows[self.grams[places]]
        met = np.flatnonzero(row_of)
        shared = np.zeros((len(words), len(spellings)))
        np.add.at(shared, np.searchsorted(first, met, side="right") - 1, spelled[row_of[met]])
        return shared, np.diff(first).astype(np.int32)

    def beginning_alike(self, word: str, least: float) -> Ints:
        """Return the words that begin with the same letter as one in Latin script, are as long as
        can be so much alike, and have no more letters of their own than there are edits.
        """
        length = len(word)
        fitting = (self.initials == ord(word[0])) & (self.lengths * least <= length)
        words = np.flatnonzero(fitting & (self.lengths >= least * length))
        edits = (1 - least) * np.maximum(self.lengths[words], length) + _ROUNDING
        ours, theirs = np.uint32(letters_of(f"_{word}_")), self.letters[words]
        own = np.maximum(np.bitwise_count(theirs & ~ours), np.bitwise_count(ours & ~theirs))
        near: Ints = words[own <= edits].astype(np.int32)
        return near

    def _sizes(self, words: Ints) -> Ints:
        """Return how many n-grams each of some words has."""
        sizes: Ints = (self.word_first[words + 1] - self.word_first[words]).astype(np.int32)
        return sizes

    def only(self, which: Bools) -> NgramIndex:
        """Return some of the words, and their n-grams."""
        if which.all():
            return self
        held = which[self.words]
        first = offsets(held)[self.gram_first]
        used = np.diff(first) > 0
        grams = self.grams[np.repeat(which, np.diff(self.word_first))]
        return NgramIndex(
            codes=self.codes[used],
            word_first=offsets(np.diff(self.word_first)[which]),
            grams=new_ids(used)[grams],
            gram_first=np.append(first[:-1][used], first[-1]),
            words=new_ids(which)[self.words[held]],
            lengths=self.lengths[which],
            initials=self.initials[which],
            letters=self.letters[which],
        )

    def followed_by(self, more: NgramIndex) -> NgramIndex:
        """Return the words, and more of them behind the last."""
        codes = np.unique(np.concatenate((self.codes, more.codes)))
        number, number_of_more = (np.searchsorted(codes, part.codes) for part in (self, more))
        counts = np.zeros(len(codes), dtype=np.int64)
        counts[number] += np.diff(self.gram_first)
        counts[number_of_more] += np.diff(more.gram_first)
        ends = self.gram_first[np.searchsorted(self.codes, more.codes, side="right")]
        return NgramIndex(
            codes=codes,
            word_first=np.append(self.word_first[:-1], more.word_first + self.word_first[-1]),
            grams=np.concatenate((number[self.grams], number_of_more[more.grams])).astype(np.int32),
            gram_first=offsets(counts),
            words=np.insert(
                self.words,
                np.repeat(ends, np.diff(more.gram_first)),
                more.words + len(self.lengths),
            ),
            lengths=np.concatenate((self.lengths, more.lengths)),
            initials=np.concatenate((self.initials, more.initials)),
            letters=np.concatenate((self.letters, more.letters)),
        )


def letters_of(marked: str) -> int:
    """Return the letters of a word as bits, by their code points modulo 32: an edit changes two at
    most, one that goes and one that comes.
    """
    bits = 0
    for letter in marked:
        bits |= 1 << (ord(letter) & 31)
    return bits


@lru_cache(maxsize=65_536)
def codes_of(folded: str) -> Codes:
    """Return the codes of a word's distinct n-grams.

    Words come back, in questions and in quotes.
    """
    return np.array(sorted({_code(gram) for gram in ngrams(folded)}), dtype=np.uint64)


def _code(gram: str) -> int:
    code = 0
    for character in gram:
        code = (code * _BASE + ord(character)) % _MODULUS
    return code


def build_ngrams(forms: Sequence[str]) -> NgramIndex:
    """Return the n-grams of folded words, all at once.

    Word by word it would take most of a build.
    """
    marked = [f if f.startswith(CONCEPT_MARK) else f"_{latin(f)}_" for f in forms]
    length = np.fromiter(map(len, marked), dtype=np.int64, count=len(marked))
    begins = np.cumsum(length) - length
    letters = _letters("".join(marked))
    # A concept of the glossary is one n-gram, as is a word shorter than one.
    whole = (length < NGRAM_SIZE) | (letters[begins] == ord(CONCEPT_MARK))
    counts = np.where(whole, 1, length - NGRAM_SIZE + 1)
    at_each = np.zeros(len(letters) - NGRAM_SIZE + 1, dtype=np.uint64)
    for offset in range(NGRAM_SIZE):
        at_each = at_each * np.uint64(_BASE) + letters[offset : offset + len(at_each)]
    places, first = expand_ranges(begins, begins + counts)
    codes = at_each[places]
    for word in np.flatnonzero(whole).tolist():
        codes[first[word]] = _code(marked[word])
    bits = np.left_shift(np.uint32(1), (letters[:-NGRAM_SIZE] & np.uint64(31)).astype(np.uint32))
    return _index(
        codes,
        np.repeat(np.arange(len(forms)), counts),
        lengths=length - 2,
        initials=letters[begins + 1],
        letters=np.bitwise_or.reduceat(bits, begins) if len(begins) else bits,
    )


def _letters(text: str) -> Codes:
    """Return the code points of a text, with those of a whole n-gram behind it."""
    padded = text + "_" * NGRAM_SIZE
    points = np.frombuffer(padded.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    return points.astype(np.uint64)


def _index(
    codes: Codes,
    owner: npt.NDArray[Any],
    *,
    lengths: npt.NDArray[Any],
    initials: Codes,
    letters: npt.NDArray[np.uint32],
) -> NgramIndex:
    ngrams, number = np.unique(codes, return_inverse=True)
    size, words = max(len(ngrams), 1), len(lengths)
    held, _ = sort_unique_counts(owner * size + number)
    word, gram = np.divmod(held, size)
    by_gram, _ = sort_unique_counts(gram * words + word)
    return NgramIndex(
        codes=ngrams,
        word_first=offsets(np.bincount(word, minlength=words)),
        grams=gram.astype(np.int32),
        gram_first=offsets(np.bincount(gram, minlength=len(ngrams))),
        words=(by_gram % max(words, 1)).astype(np.int32),
        lengths=lengths.astype(np.int32),
        initials=initials.astype(np.uint32),
        letters=letters,
    )
