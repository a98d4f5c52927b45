"""Tests of bot.index.forward."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.corpus.model import Article
from bot.index.forward import build_forward, concatenate
from bot.index.vocabulary import VocabularyBuilder
from bot.text.glossary import Glossary
from bot.text.sentences import sentence_spans
from tests.corpora import assert_same_arrays, rendering_of

PASSAGES = st.lists(st.text("aB. é", min_size=1, max_size=12), max_size=3)
ARTICLES = st.lists(st.lists(PASSAGES, min_size=1, max_size=2), max_size=5)


def article(number: int, renderings: list[list[str]]) -> Article:
    """An article whose renderings hold some passages."""
    original, *others = (
        rendering_of("en", f"Title {number}", [(1, t, sentence_spans(t)) for t in passages])
        for passages in renderings
    )
    return Article(f"a{number}", original, tuple(others))


@given(ARTICLES, st.data())
def test_a_layout_is_its_parts_one_behind_the_other(
    texts: list[list[list[str]]], data: st.DataObject
) -> None:
    """Wherever a layout is cut, the parts are those of the articles there, and join again."""
    articles = [article(number, renderings) for number, renderings in enumerate(texts)]
    reader = VocabularyBuilder(Glossary())
    whole = build_forward(articles, reader)
    cut = data.draw(st.integers(0, len(articles)))
    parts = [whole.part(0, cut), whole.part(cut, len(articles))]
    assert_same_arrays(parts[0], build_forward(articles[:cut], reader))
    assert_same_arrays(parts[1], build_forward(articles[cut:], reader))
    assert_same_arrays(concatenate(parts), whole)
