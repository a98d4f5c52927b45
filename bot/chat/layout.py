"""Answers as pieces of Discord markup, within every limit whatever the corpus holds.

A block is one citation, as pieces that stand one under the other: the quote, its translation,
where it stands. The same blocks make the layout of a rich message and the lines of a plain one.
Every message carries its question, so that a reply or a button can read it after a restart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.answering.citation import Answer, Citation, Match
from bot.chat import limits
from bot.chat.markup import (
    bold,
    clip,
    compose,
    cut,
    cut_start,
    escape,
    fitting,
    length,
    link_target,
    one_line,
)
from bot.corpus.model import Rendering
from bot.strings import format_date, language_names, place_of, say, unknown_words

#: Between the earlier question and its follow-up where both are shown.
FOLLOWS = " → "
#: Between the questions that a follow-up is read with; a question on one line does not hold it.
CHAIN = "\n"
#: Discord's mark for small text.
_SMALL = "-# "


@dataclass(frozen=True, slots=True)
class SizeLimits:
    """How much a message holds, in characters. The first citation always fits; a further one is
    left out if it does not.
    """

    limit: int
    question: int
    quotes: tuple[int, ...]  #: of each quote, and of its translation: the best has the most


#: A rich message, and plain text.
LAYOUT = SizeLimits(limits.LAYOUT, 500, (900, 240, 240))
PLAIN = SizeLimits(limits.CONTENT, 200, (200, 120, 120))

_TITLE_ROOM = 120
_ADDRESS_ROOM = 90
_URL_ROOM = 250
_BEFORE_ROOM = 120
_WORD_ROOM = 24
_UNKNOWN_ROOM = 150
# The sentence of a context and what stands on each side of it.
_CONTEXT_ROOM = 700
_AROUND_ROOM = 350

# Words of the question that a citation's line and an explanation name.
_DETOURS_SHOWN = 3
_MATCHES_SHOWN = 6

Block = tuple[str, ...]


def answer_blocks(answer: Answer, form: SizeLimits) -> list[Block]:
    """The question, then the citations or an explained silence; as many as fit."""
    head = question_block(shown_question(answer, form.question))
    if not answer.answered:
        return [*head, tuple(_silence(answer, form.quotes[1]))]
    quotes = zip(answer, form.quotes, strict=False)
    blocks = [tuple(_citation(citation, answer.language, room)) for citation, room in quotes]
    if before := answer.citations[0].before:
        blocks[0] = (f"{_SMALL}{cut(before, _BEFORE_ROOM)}", *blocks[0])
    if warning := _unknown(answer):
        blocks[0] = (f"{_SMALL}{warning}", *blocks[0])
    while len(blocks) > 1 and size_of(head) + size_of(blocks) > form.limit:
        blocks.pop()
    return [*head, *blocks]


def size_of(blocks: Sequence[Block]) -> int:
    """The characters of some blocks, with room for the line breaks between pieces and blocks."""
    return sum(length(piece) + 2 for block in blocks for piece in block)


def question_block(parts: Sequence[str]) -> list[Block]:
    """A shown question as the first block of a message; none for an empty one."""
    return [(FOLLOWS.join(f"**{escape(part)}**" for part in parts),)] if parts else []


def shown_question(answer: Answer, limit: int = LAYOUT.question) -> tuple[str, ...]:
    """The question on one line, behind the earlier ones that it was read with, within a limit."""
    earlier = (answer.previous_question or "").split(CHAIN)
    texts = [*carried_over(earlier).split(CHAIN), answer.question]
    parts = [part for part in map(one_line, texts) if part]
    room = (limit - length(FOLLOWS) * (len(parts) - 1)) // max(len(parts), 1)
    return tuple(clip(part, room) for part in parts)


def carried_over(parts: Sequence[str]) -> str:
    """What a follow-up takes from a shown question: how the chain began and how it ended.

    That is what *and where?* means after *who ratified it? → and when?*, and a chain of any length
    stays within two questions.
    """
    return CHAIN.join([*parts[:1], *parts[1:][-1:]])


def _citation(citation: Citation, language: str, room: int) -> Iterator[str]:
    """A quote, its translation where there is one, and where it stands."""
    yield f"> {bold(citation.text, citation.matched, room)}"
    if citation.translation is not None:
        text = bold(citation.translation, citation.matched_translation, room)
        yield _translated(text, language)
    yield _source(citation, language)


def _translated(text: str, language: str) -> str:
    """A quote marked as a translation."""
    return f"{_SMALL}{say('translation', language)}\n> {text}"


def _source(citation: Citation, language: str) -> str:
    """Title, date and place of a sentence, its address, and the words found by a detour."""
    parts = [_title(citation)]
    if citation.article.date:
        parts.append(format_date(citation.article.date, language))
    parts.append(place_of(citation, language))
    if length(address := escape(one_line(citation.address))) <= _ADDRESS_ROOM:
        parts.append(address)
    inexact_matches = citation.inexact_matches[:_DETOURS_SHOWN]
    parts += [f"{_short(match.word)} → {_short(match.found)}" for match in inexact_matches]
    return _SMALL + " · ".join(parts)


def _title(citation: Citation) -> str:
    """The article's title, as a link to the sentence where the article has an address."""
    title = cut(one_line(citation.title) or one_line(citation.article.name), _TITLE_ROOM)
    targets = (link_target(url, _URL_ROOM) for url in (citation.url, citation.article.url) if url)
    target = next((target for target in targets if target), None)
    if target is None:
        return title
    # Brackets in a link's text, even escaped, can keep Discord from seeing the link.
    return f"{title} <{target}>" if set("[]") & set(title) else f"[{title}](<{target}>)"


def _silence(answer: Answer, room: int) -> Iterator[str]:
    """That the corpus does not answer, why, and the closest sentence."""
    lines = [say("not_in_corpus", answer.language)]
    if unknown := _unknown(answer):
        lines.append(unknown)
    elif not answer.closest:
        lines.append(say("empty_question", answer.language))
    if answer.corpus_languages:
        names = language_names(answer.corpus_languages, answer.language)
        lines.append(say("speaks", answer.language, languages=cut(names, 100)))
    if answer.closest:
        lines.append(say("perhaps", answer.language))
    yield "\n".join(lines)
    if answer.closest:
        yield from _citation(answer.closest, answer.language, room)


def _unknown(answer: Answer) -> str:
    """Which words of the question the corpus does not hold; empty if there is nothing to say."""
    words = fitting(unknown_words(answer, _short), _UNKNOWN_ROOM, answer.language)
    return say("unknown_words", answer.language, words=words) if words else ""


def context_blocks(citation: Citation, language: str) -> list[Block]:
    """The passage around a sentence, which is marked, in the original and in translation."""
    article = citation.article
    pieces = [f"> {_marked(article.original, citation)}"]
    shown = article.rendering(citation.shown)
    if shown and shown is not article.original and shown.pairs is None:
        pieces.append(_translated(_marked(shown, citation), language))
    return [(*pieces, _source(citation, language))]


def _marked(rendering: Rendering, citation: Citation) -> str:
    """A passage with one sentence in bold, cut on both sides if it is long."""
    passage = rendering.passages[citation.passage - 1]
    span = passage.sentences[citation.sentence - 1]
    before = rendering.text[passage.span.start : span.start].strip()
    after = rendering.text[span.end : passage.span.end].strip()
    parts = [
        cut_start(before, _AROUND_ROOM),
        f"**{cut(span.of(rendering.text), _CONTEXT_ROOM)}**",
        cut(after, _AROUND_ROOM),
    ]
    return " ".join(part for part in parts if part)


def why_text(citations: Iterable[Citation], language: str, *, cut_off: bool = False) -> str:
    """How the words of the question meet each citation; ``cut_off`` says that the question is
    known as far as the message shows it.
    """
    lines = [say("why_explained", language)]
    if cut_off:
        lines.append(say("why_cut_off", language))
    for citation in citations:
        lines.append(f"**{place_of(citation, language)}**")
        lines += [f"- {_match(match, language)}" for match in citation.why[:_MATCHES_SHOWN]]
        if (hidden := len(citation.why) - _MATCHES_SHOWN) > 0:
            lines.append(say("and_more", language, count=hidden))
    return compose(lines, language)


def _match(match: Match, language: str) -> str:
    """``treaty → **traité** · a translation · 2.3``"""
    how = say(f"why_{match.type}", language)
    if not match.found:
        return f"{_short(match.word)} · {how}"
    return f"{_short(match.word)} → **{_short(match.found)}** · {how} · {match.weight:.1f}"


def _short(word: str) -> str:
    return escape(clip(one_line(word), _WORD_ROOM))
