"""DOC."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from bot.chat.markup import clip, one_line
from bot.corpus.model import Corpus
from bot.text.tokens import folded_words

# Discord's limits of a list of suggestions, of each one, and of an option's value.
MOST_CHOICES = 25


CHOICE_ROOM = 100


def suggestions(corpus: Corpus, typed: str) -> list[str]:
    """The corpus's own questions and titles that hold every word typed so far."""
    titles = (rendering.title for article in corpus.articles for rendering in article.renderings)
    offered = (*(expected.question for expected in corpus.questions), *titles)
    return matching((clip(one_line(text), CHOICE_ROOM) for text in offered), typed)


def matching(offered: Iterable[str], typed: str) -> list[str]:
    """The texts in which every typed word begins a word, as many as Discord takes."""
    wanted = folded_words(typed)
    found = (
        text
        for text in dict.fromkeys(offered)
        if text and all(any(w.startswith(p) for w in folded_words(text)) for p in wanted)
    )
    return list(islice(found, MOST_CHOICES))
