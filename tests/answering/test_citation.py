"""Citations: where they stand, what they lean on, and links to them."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.citation import Citation, Match, cite
from bot.corpus.model import Article, Corpus, Rendering
from bot.text.glossary import Glossary
from tests.corpora import rendering_of


def rendering(language: str, *sentences: str) -> Rendering:
    """One passage of some sentences."""
    text, spans = "", []
    for sentence in sentences:
        spans.append((len(text), len(text) + len(sentence)))
        text += f"{sentence} "
    return rendering_of(language, "A title", [(1, text.rstrip(), spans)])


def second(*sentences: str, english: tuple[str, ...] = (), url: str | None = None) -> Citation:
    """A citation of the second sentence of a French article, for an English reader."""
    translations = (rendering("en", *english),) if english else ()
    article = Article("a", rendering("fr", *sentences), translations, url=url)
    return Citation(article, 1, 2, 1.0, "en" if english else "fr")


@pytest.mark.parametrize(
    ("before", "text", "leans"),
    [
        ("Ada alluma la lampe.", "Elle brûla.", True),
        ("Ada alluma la lampe.", "« Il brûle », dit-elle.", True),
        ("Il dit : « La lampe brûle.", "Éteignez-la. »", True),
        ("Ada alluma la lampe.", "La lampe brûla.", False),
        ("Ada alluma la lampe.", "Illuminée, la mer se calma.", False),
    ],
)
def test_a_sentence_that_leans_on_the_one_before_is_shown_with_it(
    before: str, text: str, *, leans: bool
) -> None:
    """It begins with a pronoun or within a quotation; the first of a passage has none before."""
    citation = second(before, text)
    assert citation.before == (before if leans else None)
    assert replace(citation, sentence=1).before is None


def test_what_it_leans_on_is_in_the_readers_language() -> None:
    """The sentence before is context, so who reads the translation gets its translation."""
    citation = second("Ada alluma.", "Elle rit.", english=("Ada lit it.", "She laughed."))
    assert citation.before == "Ada lit it."


@given(st.lists(st.text("aé-,& #%", min_size=1, max_size=6), min_size=1, max_size=20))
def test_a_link_leads_to_the_first_and_last_words(words: list[str]) -> None:
    """The fragment is a short sentence whole, or both ends of a long one, percent-encoded."""
    text = " ".join(" ".join(words).split())
    if not text:
        return
    url = second("x", text, url="https://example.org/a#top").url
    assert url is not None
    page, _, fragment = url.partition("#top:~:text=")
    assert page == "https://example.org/a"
    assert not set(fragment) & set(" #&-")
    ends = [unquote(part) for part in fragment.split(",")]
    assert text.startswith(ends[0])
    assert text.endswith(ends[-1])
    assert len(ends) == (1 if len(text.split()) <= 8 else 2)


def test_no_link_without_an_address() -> None:
    """An article that is nowhere on the web has no link."""
    assert second("a.", "b.").url is None


def test_detours_are_the_words_not_met_as_such() -> None:
    """Through the lexicon or by spelling; neither the word itself nor what was not met."""
    matches = [Match("w", "f", how, 1.0) for how in ("word", "translation", "synonym", "spelling")]
    citation = replace(second("a.", "b."), why=(*matches, Match("w", "", "none", 0.0)))
    assert [match.type for match in citation.inexact_matches] == [
        "translation",
        "synonym",
        "spelling",
    ]


@pytest.mark.parametrize(
    "address",
    ["", "a", "a:1", "a:1.", "a:0.1", "a:1.0", "a:1.3", "a:2.1", "b:1.1", "a:1.1.1", "a:-1.1"],
)
def test_an_address_that_leads_nowhere_is_none(address: str) -> None:
    """Whatever somebody types, the answer is a sentence or nothing."""
    article = second("Un.", "Deux.").article
    assert cite(Corpus((article,)), address, "en") is None


def test_an_address_leads_to_its_sentence_for_a_reader() -> None:
    """An address that an answer showed gives the same sentence, in the reader's language too."""
    shown = second("Un.", "Deux.", english=("One.", "Two."))
    found = cite(Corpus((shown.article,)), f" {shown.address} ", "en")
    assert found is not None
    assert (found.text, found.translation) == ("Deux.", "Two.")


def test_the_version_tells_content_apart() -> None:
    """The same content has the same version; another text, title or glossary another one."""
    corpus = Corpus((second("Un.", "Deux.").article,))
    same = Corpus((second("Un.", "Deux.").article,), skipped=("notes.odt",))
    others = [
        Corpus((second("Un.", "Trois.").article,)),
        Corpus((replace(second("Un.", "Deux.").article, name="b"),)),
        replace(corpus, glossary=Glossary((("un", "one"),))),
        Corpus(()),
    ]
    assert corpus.version == same.version
    assert len({corpus.version, *(other.version for other in others)}) == 5
    assert len(corpus.version) == 8
