"""Answers and reports as Discord messages, within every limit whatever the corpus holds.

An answer is an embed, or plain text where the bot may not embed. Both carry the question, so that
a reply to the message can be read as a follow-up, also after a restart.
"""

from __future__ import annotations

from collections.abc import Iterable

import discord

from bot.chat.markup import bold, clip, escape, length, one_line, unescape
from bot.errors import CorpusError
from bot.library import Reindexed
from bot.retrieval.model import Answer, Citation
from bot.strings import format_date, quoted, say

# Discord's limits, in characters (https://discord.com/developers/docs/resources/message).
CONTENT_LIMIT = 2000
DESCRIPTION_LIMIT = 4096
AUTHOR_LIMIT = 256

#: Between the earlier question and its follow-up where both are shown.
FOLLOWS = " → "

# Room for each quote (of the original and of its translation): the best has the most. With the
# citation lines and, in plain text, the question, the sums stay below the two limits above.
_EMBED_ROOM = (900, 300, 300)
_PLAIN_ROOM = (380, 120, 120)
_TITLE_ROOM = 120
_NAMES_SHOWN = 10

_COLOUR = discord.Colour(0x3B6EA5)
_COLOUR_OF_SILENCE = discord.Colour(0x8A8F98)


def render_embed(answer: Answer) -> discord.Embed:
    """An answer as an embed."""
    colour = _COLOUR if answer.answered else _COLOUR_OF_SILENCE
    embed = discord.Embed(description=_body(answer, _EMBED_ROOM), colour=colour)
    if question := shown_question(answer):
        embed.set_author(name=question)
    return embed


def render_text(answer: Answer) -> str:
    """An answer as plain text, for where the bot may not embed."""
    question = shown_question(answer)
    body = _body(answer, _PLAIN_ROOM)
    return f"-# {escape(question)}\n{body}" if question else body


def _body(answer: Answer, rooms: tuple[int, ...]) -> str:
    if not answer.answered:
        return _silence(answer, rooms[1])
    blocks = [_citation(c, answer.language, r) for c, r in zip(answer, rooms, strict=False)]
    return "\n\n".join(blocks)


def shown_question(answer: Answer) -> str:
    """The question on one line, with the earlier one that it was read with."""
    question = one_line(answer.question)
    if answer.about:
        about = clip(one_line(answer.about), AUTHOR_LIMIT // 2 - length(FOLLOWS))
        return about + FOLLOWS + clip(question, AUTHOR_LIMIT // 2)
    return clip(question, AUTHOR_LIMIT)


def question_of(message: discord.Message) -> str | None:
    """The question that one of the bot's own messages answers, as ``shown_question`` wrote it."""
    if message.embeds and message.embeds[0].author.name:
        return message.embeds[0].author.name
    first, _, _ = message.content.partition("\n")
    if first.startswith("-# "):
        return unescape(first.removeprefix("-# "))
    return None


def _citation(citation: Citation, language: str, room: int) -> str:
    """A quote, its translation where there is one, and where it stands."""
    lines = [f"> {bold(citation.text, citation.matched, room)}"]
    if citation.translation is not None:
        translated = bold(citation.translation, citation.matched_translation, room)
        lines.append(f"> -# {say('translation', language)}")
        lines.append(f"> {translated}")
    place = say("passage", language, passage=citation.passage, sentence=citation.sentence)
    parts = [_title(citation), place]
    if citation.article.date:
        parts.insert(1, format_date(citation.article.date, language))
    lines.append(f"-# {' · '.join(parts)}")
    return "\n".join(lines)


def _title(citation: Citation) -> str:
    title = escape(clip(one_line(citation.title), _TITLE_ROOM))
    url = citation.article.url
    # A URL is not escaped within a link's target, so only a plain one becomes a link.
    if url and length(url) <= _TITLE_ROOM and not set(url) & set("()<>\\ "):
        return f"[{title}](<{url}>)"
    return title


def _silence(answer: Answer, room: int) -> str:
    lines = [f"**{say('not_in_corpus', answer.language)}**"]
    if answer.unknown_words:
        names = ", ".join(quoted(word, answer.language) for word in answer.unknown_words)
        lines.append(say("unknown_words", answer.language, words=bold(one_line(names), (), 300)))
    if answer.closest:
        lines.append(say("closest", answer.language))
        lines.append(_citation(answer.closest, answer.language, room))
    return "\n".join(lines)


def render_reindexed(report: Reindexed, language: str) -> str:
    """What a reindex changed, as a message's text."""
    lines = [
        say(
            "reindexed",
            language,
            seconds=f"{report.seconds:.1f}",
            articles=report.articles,
            passages=report.passages,
            sentences=report.sentences,
        )
    ]
    lines += [
        say(key, language, names=_names(names, language))
        for key in ("added", "removed", "changed", "skipped")
        if (names := getattr(report, key))
    ]
    if not (report.added or report.removed or report.changed):
        lines.append(say("unchanged", language))
    return "\n".join(lines)


def render_corpus_error(error: CorpusError, language: str) -> str:
    """What is wrong in the corpus, a line a problem, as a message's text."""
    shown = error.problems[:_NAMES_SHOWN]
    lines = [say("reindex_failed", language)]
    lines += [f"- {bold(one_line(str(problem)), (), 150)}" for problem in shown]
    if hidden := len(error.problems) - len(shown):
        lines.append(say("more", language, count=hidden))
    return "\n".join(lines)


def _names(names: Iterable[str], language: str) -> str:
    every = list(names)
    shown = ", ".join(escape(clip(one_line(name), 30)) for name in every[:_NAMES_SHOWN])
    if hidden := len(every) - _NAMES_SHOWN:
        return f"{shown}, {say('more', language, count=hidden)}" if hidden > 0 else shown
    return shown
