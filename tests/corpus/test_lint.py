"""What a curator might look at again, and what is no reason to."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.corpus.folder import read_corpus
from bot.corpus.lint import lint
from bot.corpus.model import Article, Corpus, Rendering
from bot.text.sentences import sentence_spans
from tests.corpora import rendering_of

SHIPPED = read_corpus(Path(__file__).parents[2] / "corpus")
(ARTICLE,) = SHIPPED.articles
(TRANSLATION,) = ARTICLE.translations


def rendering(language: str, text: str) -> Rendering:
    """A text, a passage a line."""
    return rendering_of(
        language, "", [(1, line, sentence_spans(line)) for line in text.split("\n")]
    )


def corpus(*texts: str) -> Corpus:
    """English articles named 0, 1, 2 ..."""
    return Corpus(tuple(Article(str(n), rendering("en", t)) for n, t in enumerate(texts)))


def remarks(found: Corpus) -> list[str]:
    """Everything that is told of a corpus."""
    return [str(remark) for remark in lint(found)]


def translated(english: str) -> Corpus:
    """The shipped article with another translation, a passage a line."""
    return Corpus((Article("a", ARTICLE.original, (rendering("en", english),)),))


def english() -> str:
    """The shipped translation, a passage a line."""
    return TRANSLATION.text.replace("\n\n", "\n")


def test_the_shipped_corpus_gives_no_alarm() -> None:
    """A true translation is not told of."""
    assert remarks(SHIPPED) == []
    assert remarks(translated(english())) == []


def test_a_sentence_cut_short_is_told_with_its_address() -> None:
    """A translation far shorter than its original is named, with both lengths."""
    whole = TRANSLATION.sentence(2, 3)
    told = remarks(translated(english().replace(whole, "They had signed it.")))
    assert told == [
        f"a:2.3 (en): has 19 characters where the original has "
        f"{len(ARTICLE.original.sentence(2, 3))}; see whether the two say the same"
    ]


def test_other_numbers_are_told_with_their_address() -> None:
    """A year that the translation changes is named on both sides."""
    (told,) = remarks(translated(english().replace("June 2024", "June 2023")))
    assert told == (
        "a:2.2 (en): lacks 2024 of the original and has 2023, which the original has not; "
        "see which is right"
    )


@pytest.mark.parametrize(("true", "tag"), [("fr", "en"), ("en", "fr"), ("fr", "de"), ("en", "es")])
def test_a_language_that_the_text_contradicts_is_told(true: str, tag: str) -> None:
    """A wrong tag is named with the language that the words look like."""
    text = ARTICLE.rendering(true)
    assert text is not None
    (told,) = remarks(Corpus((Article("a", rendering(tag, text.text)),)))
    assert told == (
        f"a ({tag}): its words look like {true}, not {tag}; "
        "correct the language in the file or its name"
    )


@pytest.mark.parametrize("text", ["Le Monde.", "Le la les du des un une.", "1 2 3", "Опера"])
def test_a_language_is_told_only_when_clear(text: str) -> None:
    """Few words, or a language whose common words are not known, say nothing."""
    assert remarks(Corpus((Article("a", rendering("en", text)),))) == []
    long = ARTICLE.original.text
    assert remarks(Corpus((Article("a", rendering("pt", long)),))) == []


SENTENCES = [
    f"The {a} {b} of the {c} {d} over the {e} near the {f}."
    for a, b, c, d, e, f in zip(
        *(random.Random(seed).sample([f"w{seed}x{n}" for n in range(60)], 60) for seed in range(6)),
        strict=True,
    )
]


@given(
    split=st.integers(5, 50),
    shared=st.integers(0, 50),
    order=st.permutations(range(4)),
)
def test_articles_that_repeat_each_other_are_told(
    split: int, shared: int, order: list[int]
) -> None:
    """Of two articles the one that is mostly in the other is told, wherever they stand, and none
    that shares less than half.
    """
    shared = min(shared, split)
    short = SENTENCES[:shared] + [s.replace("w", "v") for s in SENTENCES[shared:split]]
    texts = [" ".join(SENTENCES), " ".join(short), "Cats sleep all day in the sun.", "Dogs bark."]
    told = remarks(corpus(*(texts[n] for n in order)))
    if shared >= 0.6 * split:
        (line,) = told
        assert line.startswith(f"{order.index(1)}: ")
        assert f"of it stands in {order.index(0)} as well" in line
    elif shared <= 0.4 * split:
        assert told == []


def test_of_equal_articles_all_but_the_first_are_told() -> None:
    """However many copies there are, one of them is the original; short ones count as well."""
    told = remarks(corpus("Cats sleep.", "Dogs bark.", "Cats sleep.", "cats  sleep."))
    assert [line.partition(":")[0] for line in told] == ["2", "3"]
    assert all("100% of it stands in 0 as well" in line for line in told)


def test_thousands_of_articles_are_compared() -> None:
    """Copies and a sentence that stands in all are no reason for comparing all with all."""
    rng = random.Random(1)
    words = [f"w{n}" for n in range(5000)]
    texts = [f"The usual notice of every page. {' '.join(rng.choices(words, k=40))}."] * 2000
    texts += [f"The usual notice of every page. {' '.join(rng.choices(words, k=40))}."
              for _ in range(3000)]  # fmt: skip
    assert len(remarks(corpus(*texts))) == 1999


def test_a_corpus_without_articles_is_reviewed() -> None:
    """Nothing is told of nothing."""
    assert remarks(Corpus(())) == []


def pact(*numbers: int) -> str:
    """A text of articles with some numbers."""
    return "# Pact\n" + "".join(f"\n## Article {n}\n\nThe {n} parties agree.\n" for n in numbers)


def test_units_that_are_missing_or_double_are_told(tmp_path: Path) -> None:
    """A treaty's gaps and its double numbers are named, each once; the whole one gives no alarm."""
    treaty = tmp_path / "t.en.md"
    treaty.write_text(pact(1, 2, 4, 4, 5, 8), encoding="utf-8")
    assert remarks(read_corpus(tmp_path)) == [
        "t: Article 3 is missing; see whether the file is complete",
        "t: Article 6 to Article 7 are missing; see whether the file is complete",
        "t: Article 4 stands twice; see which number is right",
    ]
    treaty.write_text(pact(3, 4, 5), encoding="utf-8")
    assert remarks(read_corpus(tmp_path)) == []
