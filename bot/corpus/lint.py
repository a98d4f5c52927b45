"""What a curator might look at again in a corpus that can be read: warnings, no errors.

A sentence whose translation is far too long or short, or has other numbers; articles that repeat
each other; a language that the text contradicts; numbers of articles and other units that are
missing or stand twice. Each costs time in proportion to the corpus.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from bot.corpus.alignment import deviation
from bot.corpus.model import Article, Corpus, Rendering
from bot.corpus.units import begun_units
from bot.text.language import STOP_WORDS, detect_language
from bot.text.numbers import disagreement
from bot.text.tokens import folded_words
from bot.text.unit_headings import missing_and_double

#: Standard deviations (Gale and Church's delta) that a translation's length may be off. Of the
#: 2,715 sentences of XQuAD that stand alike in English and German, Spanish or Russian ten are
#: further off, half of which do say something else; of halved translations two in three are.
FAR_OFF = 2.5

#: The share of an article's sentences that another one must hold to repeat it: containment, after
#: A. Broder, "On the Resemblance and Containment of Documents", 1997,
#: https://doi.org/10.1109/SEQUEN.1997.666900. No two articles of SQuAD or PIAF share a hundredth.
REPEATED = 0.5

# How much of a text is read for its language, in characters; how many of its common words there
# must be in another language, and how many times those of its own.
_READ = 1500
_VOTES = 10
_CLEARLY = 2
# The share of common words in a text of a language, at least; what has it needs no other look.
_USUAL = 0.2


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
        yield from _units(article)
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
            ours = span.of(original.text)
            theirs = article.translated(translation.language, number, place)
            if theirs is None:  # where the two differ, which the article's remarks tell
                continue
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


def _units(article: Article) -> Iterator[LintWarning]:
    """Yield the numbers of articles and other units that are missing or stand twice."""
    language = article.original.language
    gaps = missing_and_double(begun_units(article.original))
    for first, last in gaps.missing:
        names = [key.printed(language) for key in dict.fromkeys((first, last))]
        what = f"{' to '.join(names)} {'are' if names[1:] else 'is'} missing"
        yield LintWarning(article.name, article.name, what, "see whether the file is complete")
    for key in gaps.double:
        what = f"{key.printed(language)} stands twice"
        yield LintWarning(article.name, article.name, what, "see which number is right")


def _languages(article: Article, rendering: Rendering) -> Iterator[LintWarning]:
    """Yield a language that the commonest words contradict.

    Told only of languages that are known.
    """
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

    What they share is counted in sentences, with the first and the last article before that hold
    each, so that a sentence that stands everywhere costs no more than another.
    """
    holders: dict[str, tuple[int, int]] = {}
    sizes: list[int] = []
    shared: Counter[tuple[int, int]] = Counter()
    for number, article in enumerate(corpus.articles):
        text = article.original.text
        spans = article.original.passages.spans.tolist()
        sentences = {" ".join(text[start:end].casefold().split()) for start, end in spans}
        sizes.append(len(sentences))
        for sentence in sentences:
            first, last = holders.get(sentence, (number, number))
            shared.update((other, number) for other in {first, last} if other != number)
            holders[sentence] = first, number
    told: dict[int, tuple[int, float]] = {}
    for pair, count in sorted(shared.items()):
        few, many = sorted(pair, key=lambda number: (sizes[number], -number))
        share = count / sizes[few]
        if share >= REPEATED and share > told.get(few, (0, 0.0))[1]:
            told[few] = many, share
    yield from told.items()
