"""Answers as pieces of Discord markup, within every limit whatever the corpus holds.

A block is one citation, as pieces that stand one under the other: the quote, its translation,
where it stands. The same blocks make the layout of a rich message and the lines of a plain one.
Every message carries its question or replies to it, so that a follow-up or a button can read it
after a restart.
"""

from __future__ import annotations

import re
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
from bot.corpus.model import Rendering, Span
from bot.strings import (
    format_date,
    language_names,
    missing_unit,
    path_of,
    place_of,
    quoted,
    say,
    unknown_words,
)

#: Between the earlier question and its follow-up where both are shown.
FOLLOWS = " → "
#: Between the questions that a follow-up is read with; a question on one line does not hold it.
CHAIN = "\n"
#: For the last question of a chain in a message that replies to it.
ABOVE = "…"
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
    unit: int  #: of a unit that is quoted whole, in place of the first of these
    below: int  #: of the items that the best leads in to, and of its code


#: A rich message, and plain text.
LAYOUT = SizeLimits(limits.LAYOUT, 500, (700, 240, 240), 1000, 300)
PLAIN = SizeLimits(limits.CONTENT, 200, (200, 120, 120), 350, 0)

_TITLE_ROOM = 120
_HEADINGS_ROOM = 80
_LEAD_ROOM = 120
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

# Between the passages of a unit; what no message may hold.
_PASSAGES = re.compile(r"\n\s*\n")
_UNSENDABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_SEVERAL = 2

Block = tuple[str, ...]


def answer_blocks(answer: Answer, form: SizeLimits, head: Sequence[Block]) -> list[Block]:
    """Return the question, then what answers it, what perhaps does, or what is missing; as many as
    fit.
    """
    if answer.answered:
        blocks = _cited(answer, form)
    elif answer.suggestions:
        blocks = _suggested(answer, form)
    else:
        return [*head, (_missing(answer),)]
    while len(blocks) > 1 and size_of(head) + size_of(blocks) > form.limit:
        blocks.pop()
    return [*head, *blocks]


def _cited(answer: Answer, form: SizeLimits) -> list[Block]:
    """Return the citations, a warning of what the sources lack above the first."""
    first, *others = form.quotes
    rooms = (form.unit if answer.citations[0].last else first, *others)
    quotes = zip(answer, rooms, strict=False)
    blocks = [
        tuple(_citation(citation, answer.language, room, 0 if number else form.below))
        for number, (citation, room) in enumerate(quotes)
    ]
    if before := answer.citations[0].before:
        blocks[0] = (f"{_SMALL}{cut(before, _BEFORE_ROOM)}", *blocks[0])
    if warning := _unknown(answer):
        blocks[0] = (f"{_SMALL}{warning}", *blocks[0])
    return blocks


def _suggested(answer: Answer, form: SizeLimits) -> list[Block]:
    """Sentences that perhaps answer, short and without a claim: each in the reader's language."""
    head = say("perhaps", answer.language)
    if warning := _unknown(answer):
        head = f"{head}\n{_SMALL}{warning}"
    shown = answer.suggestions[: len(form.quotes)]
    blocks = [tuple(_suggestion(one, answer.language, form.quotes[1])) for one in shown]
    return [(head, *blocks[0]), *blocks[1:]]


def size_of(blocks: Sequence[Block]) -> int:
    """Return the characters of some blocks, with room for the line breaks between pieces and
    blocks.
    """
    return sum(length(piece) + 2 for block in blocks for piece in block)


def question_block(parts: Sequence[str]) -> list[Block]:
    """Return a shown question as the first block of a message; none for an empty one."""
    return [(FOLLOWS.join(f"**{escape(part)}**" for part in parts),)] if parts else []


def reply_block(parts: Sequence[str]) -> list[Block]:
    """Return what a question follows, for a reply to it.

    Discord shows the question itself above.
    """
    if not parts[:-1]:
        return []
    ((earlier,),) = question_block(parts[:-1])
    return [(f"{_SMALL}{earlier}{FOLLOWS}{ABOVE}",)]


def shown_question(answer: Answer, limit: int = LAYOUT.question) -> tuple[str, ...]:
    """Return the question on one line, behind the earlier ones that it was read with, within a
    limit.
    """
    earlier = (answer.previous_question or "").split(CHAIN)
    texts = [*carried_over(earlier).split(CHAIN), answer.question]
    parts = [part for part in map(one_line, texts) if part]
    room = (limit - length(FOLLOWS) * (len(parts) - 1)) // max(len(parts), 1)
    return tuple(clip(part, room) for part in parts)


def carried_over(parts: Sequence[str]) -> str:
    """Return what a follow-up takes from a shown question: how the chain began and how it ended.

    That is what *and where?* means after *who ratified it? → and when?*, and a chain of any length
    stays within two questions.
    """
    return CHAIN.join([*parts[:1], *parts[1:][-1:]])


def _citation(citation: Citation, language: str, room: int, below: int) -> Iterator[str]:
    """Yield a quote in the reader's language, the original right below, and where it stands."""
    original = "\n".join(_quote(citation, room, below))
    if citation.translation is None:
        yield original
    else:
        yield _lines(citation.translation, citation.matched_translation, room)
        yield f"{_original(citation, language)}\n{original}"
    yield _source(citation, language)


def suggestion_block(citation: Citation, language: str) -> Block:
    """Return a sentence that somebody may choose, short, and where it stands."""
    return tuple(_suggestion(citation, language, LAYOUT.quotes[1]))


def _suggestion(citation: Citation, language: str, room: int) -> Iterator[str]:
    """Yield a sentence in the reader's language alone, and where it stands."""
    if citation.translation is None:
        yield "\n".join(_quote(citation, room))
        yield _source(citation, language)
    else:
        yield _lines(citation.translation, citation.matched_translation, room)
        yield f"{_source(citation, language)} · {say('translation', language)}"


def _quote(citation: Citation, room: int, below: int = 0) -> Iterator[str]:
    """Yield the original's sentence below what leads in to it, above its items and its code."""
    if citation.lead_in:
        yield f"> {_SMALL}{cut(citation.lead_in, _LEAD_ROOM)}"
    yield _lines(citation.text, citation.matched, room)
    left = below
    for item in citation.items if below else ():
        if left < _LEAD_ROOM:
            yield "> […]"
            break
        line = f"> · {cut(item, _LEAD_ROOM)}"
        left -= length(line)
        yield line
    if below and citation.code:
        yield _code(citation.code, below)


def _lines(text: str, matched: Sequence[Span], room: int) -> str:
    """Return a quotation; of several passages, each on a line of its own, as many as fit."""
    passages = [part for part in _PASSAGES.split(text[: 2 * room]) if part.strip()]
    if len(passages) < _SEVERAL:
        return f"> {bold(text, matched, room)}"
    lines: list[str] = []
    for passage in passages:
        if room < _LEAD_ROOM:
            lines.append("> […]")
            break
        lines.append(f"> {cut(passage, room)}")
        room -= length(lines[-1]) + 1
    return "\n".join(lines)


def _code(code: str, room: int) -> str:
    """Lines of code as they are; as a quotation where they would end the block that holds them."""
    kept = clip(_UNSENDABLE.sub("", code).strip("\n"), room)
    if "```" in kept or kept.endswith("`"):
        return f"> {cut(code, room)}"
    return f"```\n{kept}\n```"


def _original(citation: Citation, language: str) -> str:
    """Return the line that marks the cited original below its translation."""
    name = language_names([citation.article.original.language], language)
    return f"{_SMALL}{say('original', language, name=name)}"


def _source(citation: Citation, language: str) -> str:
    """Return the title with the headings, date and place of a sentence, and the words found by a
    detour that a translation does not show.
    """
    headings = [cut(one_line(heading), _HEADINGS_ROOM) for heading in path_of(citation)]
    parts = [" › ".join([_title(citation), *headings[-2:]])]
    if citation.article.date:
        parts.append(format_date(citation.article.date, language))
    parts.append(place_of(citation, language))
    shown = [
        match
        for match in citation.inexact_matches
        if not (match.type == "translation" and citation.translation)
    ]
    parts += [f"{_short(match.word)} → {_short(match.found)}" for match in shown[:_DETOURS_SHOWN]]
    return _SMALL + " · ".join(parts)


def _title(citation: Citation) -> str:
    """Return the article's title, as a link to the sentence where the article has an address."""
    title = cut(one_line(citation.title) or one_line(citation.article.name), _TITLE_ROOM)
    targets = (link_target(url, _URL_ROOM) for url in (citation.url, citation.article.url) if url)
    target = next((target for target in targets if target), None)
    if target is None:
        return title
    # Brackets in a link's text, even escaped, can keep Discord from seeing the link.
    return f"{title} <{target}>" if set("[]") & set(title) else f"[{title}](<{target}>)"


def _missing(answer: Answer) -> str:
    """One line on what the sources lack."""
    language = answer.language
    if answer.missing_unit:
        return missing_unit(answer.missing_unit, language, lambda text: cut(one_line(text), 120))
    parts = [say("not_in_corpus", language)]
    if unknown := _unknown(answer):
        parts.append(unknown)
    if answer.corpus_languages:
        names = language_names(answer.corpus_languages, language)
        parts.append(say("speaks", language, languages=cut(names, 100)))
    return " ".join(parts)


def asked_alone(names: Sequence[str], language: str) -> str:
    """Return a line that names the sources and folders that alone were asked."""
    shown = [cut(one_line(name), _HEADINGS_ROOM) for name in names]
    told = fitting(shown, _UNKNOWN_ROOM, language)
    return f"{_SMALL}{say('asked_alone', language, names=told)}"


def _unknown(answer: Answer) -> str:
    """Which words of the question the corpus does not hold; empty if there is nothing to say."""
    words = fitting(unknown_words(answer, _short), _UNKNOWN_ROOM, answer.language)
    return say("unknown_words", answer.language, words=words) if words else ""


def context_blocks(citation: Citation, language: str) -> list[Block]:
    """Return the passage around a sentence, which is marked, in the original and in translation."""
    article = citation.article
    original = f"> {_marked(article.original, citation)}"
    shown = article.rendering(citation.shown)
    if shown and shown is not article.original and shown.pairs is None:
        marked = f"{_original(citation, language)}\n{original}"
        return [(f"> {_marked(shown, citation)}", marked, _source(citation, language))]
    return [(original, _source(citation, language))]


def _marked(rendering: Rendering, citation: Citation) -> str:
    """Return a passage with one sentence in bold, cut on both sides if it is long."""
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
    """``“treaty” = “traité”, a translation``"""
    other = match.type == "word" and match.word.casefold() != match.found.casefold()
    how = say("why_form" if other else f"why_{match.type}", language)
    word = quoted(_short(match.word), language)
    if not match.found:
        return f"{word}{say('colon', language)} {how}"
    return f"{word} = {quoted(_short(match.found), language)}, {how}"


def _short(word: str) -> str:
    return escape(clip(one_line(word), _WORD_ROOM))
