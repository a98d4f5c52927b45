"""Passages that stand alone: what they carry, and a corpus made of some of them."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.corpus.folder import read_corpus
from bot.corpus.fragments import Excerpt, fragments_of

CORPUS = read_corpus(Path(__file__).parents[2] / "corpus")
ALL = [one for article in CORPUS.articles for one in fragments_of(article)]


@given(st.sets(st.sampled_from(range(len(ALL)))))
def test_an_excerpt_says_what_its_passages_say(chosen: set[int]) -> None:
    """Text, sentences, headings, what leads in to them: all is there, and numbers lead back."""
    held = [ALL[number] for number in sorted(chosen)]
    excerpt = Excerpt(()).with_fragments([*held, *held])
    for number, article in enumerate(excerpt.articles):
        for rendering_number, rendering in enumerate(article.renderings):
            there = [one for one in held if one.place[:2] == (article.name, rendering_number)]
            passages = rendering.passages[1::2]
            assert len(rendering.passages) == 2 * len(there)
            for one, passage in zip(there, passages, strict=True):
                assert passage.span.of(rendering.text) == one.text
                assert rendering.headings(passage) == one.headings
                assert rendering.lead_in(passage) == one.lead_in
                said = [span.of(rendering.text) for span in passage.sentences]
                assert said == [one.text[a:b] for a, b in one.sentences]
        for place in range(2, len(article.original.passages) + 1, 2):
            whole = excerpt.number_in_whole(number, place)
            assert excerpt.number_here(number, whole) == place


def test_partners_are_those_of_both_sides() -> None:
    """What says the same as a passage has that passage among its own partners."""
    by_place = {one.place: one for one in ALL}
    assert any(one.partners for one in ALL)
    for one in ALL:
        for rendering, passage in one.partners:
            partner = by_place[one.article, rendering, passage]
            assert (one.rendering, one.passage) in partner.partners
