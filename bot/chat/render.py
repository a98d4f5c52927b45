"""Answers and reports as Discord messages, within every limit whatever the corpus holds.

An answer is an embed, or plain text where the bot may not embed. Both carry the question, so that
a reply to the message can be read as a follow-up, also after a restart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import discord

from bot.chat.markup import bold, clip, cut, escape, length, link_target, one_line, unescape
from bot.errors import CorpusError, Problem
from bot.library import Reindexed
from bot.retrieval.model import Answer, Citation, Match
from bot.strings import format_date, language_names, say, unknown_words

# Discord's limits, in characters (https://discord.com/developers/docs/resources/message).
CONTENT_LIMIT = 2000
DESCRIPTION_LIMIT = 4096
AUTHOR_LIMIT = 256

#: Between the earlier question and its follow-up where both are shown.
FOLLOWS = " → "
#: Before the question in plain text: Discord's mark for small text.
_SMALL = "-# "

# Room for each quote (of the original and of its translation): the best has the most. The first
# citation fits both limits above with room to spare; a further one is left out if it does not.
_EMBED_ROOM = (900, 300, 300)
_PLAIN_ROOM = (380, 120, 120)
_TITLE_ROOM = 100
_BEFORE_ROOM = 150
_WORD_ROOM = 40
_UNKNOWN_ROOM = 200
_URL_ROOM = 200

# Words of the question that a citation's line and an explanation name.
_DETOURS_SHOWN = 3
_MATCHES_SHOWN = 6

# Room for each of the four lists of file names in a report, and for a name in them.
_NAMES_ROOM = 250
_NAME_ROOM = 60
# How many problems a report shows, and the room for each.
_PROBLEMS_SHOWN = 10
_PROBLEM_ROOM = 170

_COLOUR = discord.Colour(0x3B6EA5)
_COLOUR_OF_SILENCE = discord.Colour(0x8A8F98)


def render_embed(answer: Answer) -> discord.Embed:
    """An answer as an embed."""
    colour = _COLOUR if answer.answered else _COLOUR_OF_SILENCE
    embed = discord.Embed(description=_body(answer, _EMBED_ROOM, DESCRIPTION_LIMIT), colour=colour)
    if question := shown_question(answer):
        embed.set_author(name=question)  # Discord reads no formatting there
    return embed


def render_text(answer: Answer) -> str:
    """An answer as plain text, for where the bot may not embed."""
    question = shown_question(answer)
    head = f"{_SMALL}{escape(question)}\n" if question else ""
    return head + _body(answer, _PLAIN_ROOM, CONTENT_LIMIT - length(head))


def _body(answer: Answer, rooms: tuple[int, ...], limit: int) -> str:
    if not answer.answered:
        return _silence(answer, rooms[1])
    blocks = [_citation(c, answer.language, r) for c, r in zip(answer, rooms, strict=False)]
    if before := answer.citations[0].before:
        blocks[0] = f"> -# {cut(before, _BEFORE_ROOM)}\n{blocks[0]}"
    while length(body := "\n\n".join(blocks)) > limit:
        blocks.pop()
    return body


def shown_question(answer: Answer) -> str:
    """The question on one line, with the earlier one that it was read with."""
    parts = [*carried_over(answer.about).split(FOLLOWS)] if answer.about else []
    parts.append(answer.question)
    room = (AUTHOR_LIMIT - length(FOLLOWS) * (len(parts) - 1)) // len(parts)
    return FOLLOWS.join(clip(one_line(part), room) for part in parts)


def carried_over(shown: str) -> str:
    """What a follow-up takes from a shown question: how the chain began and how it ended.

    That is what *and where?* means after *who ratified it? → and when?*, and a chain of any length
    stays within two questions.
    """
    first, *others = shown.split(FOLLOWS)
    return FOLLOWS.join([first, *others[-1:]])


def question_of(message: discord.Message) -> str | None:
    """The question that one of the bot's own messages answers, as ``shown_question`` wrote it."""
    if message.embeds and message.embeds[0].author.name:
        return message.embeds[0].author.name
    first, _, _ = message.content.partition("\n")
    return unescape(first.removeprefix(_SMALL)) if first.startswith(_SMALL) else None


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
    detours = citation.detours[:_DETOURS_SHOWN]
    parts += [f"{_short(match.word)} → {_short(match.found)}" for match in detours]
    lines.append(f"-# {' · '.join(parts)}")
    return "\n".join(lines)


def _title(citation: Citation) -> str:
    """The article's title, as a link where the article has an address."""
    article = citation.article
    title = escape(clip(one_line(citation.title) or one_line(article.name), _TITLE_ROOM))
    target = link_target(article.url, _URL_ROOM) if article.url else None
    if target is None:
        return title
    # Brackets in a link's text, even escaped, can keep Discord from seeing the link.
    return f"{title} <{target}>" if set("[]") & set(title) else f"[{title}](<{target}>)"


def _silence(answer: Answer, room: int) -> str:
    """That the corpus does not answer, why, and the closest sentence."""
    lines = [f"**{say('not_in_corpus', answer.language)}**"]
    if answer.unknown_words:
        words = _fitting(unknown_words(answer, _short), _UNKNOWN_ROOM, answer.language)
        lines.append(say("unknown_words", answer.language, words=words))
    if answer.speaks:
        names = language_names(answer.speaks, answer.language)
        lines.append(say("speaks", answer.language, languages=cut(names, 100)))
    if answer.closest:
        lines.append(say("closest", answer.language))
        lines.append(_citation(answer.closest, answer.language, room))
    return "\n".join(lines)


def render_why(answer: Answer) -> str:
    """How the words of the question meet each citation, or the closest sentence, as a text."""
    cited = answer.citations or ((answer.closest,) if answer.closest else ())
    lines = [say("why_explained", answer.language)]
    for citation in cited:
        place = say(
            "passage", answer.language, passage=citation.passage, sentence=citation.sentence
        )
        lines.append(f"**{place}**")
        lines += [f"- {_match(match, answer.language)}" for match in citation.why[:_MATCHES_SHOWN]]
        if (hidden := len(citation.why) - _MATCHES_SHOWN) > 0:
            lines.append(say("more", answer.language, count=hidden))
    return "\n".join(lines)


def _match(match: Match, language: str) -> str:
    """``ratified → **ratifié** · spelled alike · 2.3``"""
    how = say(f"why_{match.how}", language)
    if not match.found:
        return f"{_short(match.word)} · {how}"
    return f"{_short(match.word)} → **{_short(match.found)}** · {how} · {match.weight:.1f}"


def _short(word: str) -> str:
    return escape(clip(one_line(word), _WORD_ROOM))


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
    shown = error.problems[:_PROBLEMS_SHOWN]
    lines = [say("reindex_failed", language)]
    lines += [f"- {cut(one_line(_problem(problem)), _PROBLEM_ROOM)}" for problem in shown]
    if hidden := len(error.problems) - len(shown):
        lines.append(say("more", language, count=hidden))
    return "\n".join(lines)


def _problem(problem: Problem) -> str:
    """A problem with the file's name alone: nobody on Discord needs the host's folders."""
    return str(replace(problem, path=Path(problem.path.name)))


def _names(names: Sequence[str], language: str) -> str:
    """As many names as fit, and how many there are besides."""
    written = [escape(clip(one_line(name), _NAME_ROOM)) for name in names]
    return _fitting(written, _NAMES_ROOM, language)


def _fitting(parts: Sequence[str], room: int, language: str) -> str:
    """As many parts as fit some room, at least one, and how many there are besides."""
    shown: list[str] = []
    for part in parts:
        shown.append(part)
        if (room := room - length(part)) < 0:
            break
    if hidden := len(parts) - len(shown):
        shown.append(say("more", language, count=hidden))
    return ", ".join(shown)
