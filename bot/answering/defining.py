"""A question that asks for a meaning: the sentence that defines the term, put first.

*What is X*, *c'est quoi X*, *X meaning*: a sentence defines X by saying so (*X means…*), or by
standing below X: as a heading's first sentence, an entry of a glossary, the row of a table.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.index.build import Index
from bot.text.definitions import definition_question, definitions
from bot.text.language import is_stop_word
from bot.text.tokens import folded_words, stem

# Sentences, best first, that are looked at.
_LOOKED_AT = 60

Stems = frozenset[str]


def asked_term(question: str) -> str | None:
    """Return the term whose meaning a question asks for; None if it asks for none."""
    span = definition_question(question)
    return question[span[0] : span[1]] if span else None


def defining(index: Index, term: str, sentences: list[int]) -> tuple[list[int], bool]:
    """Return the places, in ``sentences``, of those that define a term, the clearest first, and
    whether the first says so in so many words.
    """
    clear: list[int] = []
    weak: list[int] = []
    for place, sentence in enumerate(sentences[:_LOOKED_AT]):
        passage = int(index.sentence_passage[sentence])
        number = int(index.passage_rendering[passage])
        _, rendering = index.renderings[number]
        held = rendering.passages[passage - int(index.forward.rendering_passages[number])]
        within = sentence - int(index.forward.passage_sentences[passage])
        text = held.sentences[within].of(rendering.text)
        asked = _stems(term, rendering.language)
        for definition in definitions(text):
            if _stems(definition.term, rendering.language) == asked:
                (weak if definition.weak else clear).append(place)
                break
        else:
            heads = rendering.headings(held)[-1:]
            if (
                within == 0
                and _begins(index, passage)
                and any(_stems(head, rendering.language) == asked for head in heads)
            ):
                clear.append(place)
    return clear + [place for place in weak if place not in clear], bool(clear)


def _begins(index: Index, passage: int) -> bool:
    """Whether a passage is the first of its section."""
    number = int(index.passage_rendering[passage])
    _, rendering = index.renderings[number]
    local = passage - int(index.forward.rendering_passages[number])
    return local == 0 or rendering.passages[local - 1].section != rendering.passages[local].section


def _stems(text: str, language: str) -> Stems:
    """Return the stems of a term's content words, whatever their order and number."""
    return frozenset(_content(text, language))


def _content(text: str, language: str) -> Iterator[str]:
    words = folded_words(text)
    for word in words:
        if not is_stop_word(word, language) or len(words) == 1:
            yield stem(word, language)
