"""From text to terms: words, their folded forms and stems."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.tokens import (
    _WORD,
    CONCEPT_MARK,
    fold,
    folded_words,
    latin,
    ngrams,
    parts_of_identifiers,
    stem,
    tokenize,
    tokens,
)

NBSP, NNBSP, THIN, ZWNJ, SHY = "\u00a0", "\u202f", "\u2009", "\u200c", "\u00ad"


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Ratifié", "ratifie"),
        ("RATIFIÉ", "ratifie"),
        ("ratifie\u0301", "ratifie"),
        ("cœur", "coeur"),
        ("ŒUVRE", "oeuvre"),
        ("Ægypte", "aegypte"),
        ("ǣ", "ae"),
        ("ǿ", "o"),
        ("Straße", "strasse"),
        ("STRASSE", "strasse"),
        ("Łódź", "lodz"),
        ("İstanbul", "istanbul"),
        ("ﬁn", "fin"),
        (f"co{SHY}opé{ZWNJ}ration", "cooperation"),
        ("договор", "договор"),
        ("100,000", "100000"),
        (f"100{NNBSP}000", "100000"),
        ("1.000.000", "1000000"),
        ("3,5", "3.5"),
        ("１２", "12"),
        ("0.125", "0.125"),
        ("0,125", "0.125"),
        ("\u00ad", ""),
    ],
)
def test_spellings_of_a_word_are_folded_into_one(word: str, folded: str) -> None:
    """Case, accents, ligatures, invisible characters and marks in numbers make no difference."""
    assert fold(word) == folded


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("l'accord", ["l", "accord"]),
        ("l’accord d’aujourd’hui", ["l", "accord", "d", "aujourd", "hui"]),
        ("l\u02bcaccord d\u02bbune", ["l", "accord", "d", "une"]),
        ("0.125 and 0,500", ["0.125", "and", "0,500"]),
        ("Kim Jong-un", ["Kim", "Jong", "un"]),
        ("en 2024, 23 articles", ["en", "2024", "23", "articles"]),
        (f"100{NBSP}000 et 3,5{THIN}%", [f"100{NBSP}000", "et", "3,5"]),
        ("le 6.11.2024", ["le", "6.11", "2024"]),
        ("1 2345", ["1", "2345"]),
        ("…!?—«»", []),
        ("北朝鮮", ["北朝鮮"]),
        ("", []),
    ],
)
def test_words_are_cut_at_apostrophes_hyphens_and_punctuation(text: str, found: list[str]) -> None:
    """An elided article is a word of its own; a number keeps its marks."""
    assert tokenize(text) == found


@given(st.text(max_size=200))
def test_words_stand_where_they_say(text: str) -> None:
    """Every word is folded from the slice that it names, in reading order, and never empty."""
    end = 0
    for word in tokens(text):
        assert end <= word.start < word.end <= len(text)
        assert word.folded == fold(text[word.start : word.end]) != ""
        end = word.end
    assert [word.folded for word in tokens(text)] == folded_words(text)


@given(st.text(max_size=200).filter(lambda text: not any(c.isnumeric() for c in text)))
def test_case_makes_no_difference(text: str) -> None:
    """A question in capitals finds what one in small letters finds, in scripts that fold so."""
    for word in tokenize(text):
        assert fold(fold(word)) == fold(word)
        if word.isascii() or word.upper().lower() == word.lower():
            assert fold(word.upper()) == fold(word)


@pytest.mark.parametrize(
    ("language", "word", "stemmed"),
    [
        ("en", "consistency", "consist"),
        ("en", "consigning", "consign"),
        ("en", "knightly", "knight"),
        ("fr", "continuait", "continu"),
        ("fr", "continuellement", "continuel"),
        ("fr", "majestueusement", "majestu"),
        ("es", "chicana", "chican"),
        ("es", "torneados", "torn"),
        ("de", "aufeinanderfolgenden", "aufeinanderfolg"),
        ("de", "kategorien", "kategori"),
        ("ru", "вагоном", "вагон"),
        ("ru", "важнейшие", "важн"),
    ],
)
def test_stems_are_snowballs_own(language: str, word: str, stemmed: str) -> None:
    """The stems are those of the sample vocabularies that Snowball publishes."""
    assert stem(word, language) == stemmed


def test_a_language_without_a_stemmer_keeps_its_words() -> None:
    """A word of an unknown language is its own stem."""
    assert stem("조약", "ko") == "조약"
    assert stem("treaties", "xx") == "treaties"


@given(st.text(max_size=30).filter(lambda t: not t.startswith(CONCEPT_MARK)), st.integers(2, 6))
def test_ngrams_cover_a_word(folded: str, size: int) -> None:
    """Laid over one another they give the word back in Latin letters, between marked edges."""
    marked = f"_{latin(folded)}_"
    grams = ngrams(folded, size)
    assert grams[0] + "".join(gram[-1] for gram in grams[1:]) == marked
    assert all(len(gram) == size for gram in grams) or grams == [marked]


@given(st.text() | st.text(st.sampled_from("aéœ1203 .,\u00a0\u202f\u2009'-\u0301\u00ad\u200b_")))
def test_words_without_numbers_in_parts_are_found_by_the_same_rule(text: str) -> None:
    """The short way for plain text finds what the whole rule finds."""
    assert tokenize(text) == _WORD.findall(text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("set retry_limit and idleTimeout", ["retry", "limit", "idle", "timeout"]),
        ("each NIGHT_SHIFT of useHTTP2", ["night", "shift", "use", "http", "2"]),
        ("McCoy and plain words", ["mc", "coy"]),
        ("Plain WORDS only, l'été", []),
    ],
)
def test_identifiers_are_made_of_words(text: str, parts: list[str]) -> None:
    """Cut at underscores and before capitals, in small letters."""
    assert parts_of_identifiers(text) == parts
