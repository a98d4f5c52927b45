"""What admins are told of the corpus, as the text of a message within Discord's limit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from bot.answering.regression import RegressionReport
from bot.chat.limits import CONTENT
from bot.chat.markup import clip, compose, cut, escape, fitting, length, one_line
from bot.errors import CorpusError, Problem, SideBySide
from bot.service.library import CorpusSize, ReindexReport
from bot.strings import counted, say

# Room for each of the seven lists of names in a report, and for a name in them.
_NAMES_ROOM = 150
_NAME_ROOM = 60
# How many problems a report shows, and the room for each.
_PROBLEMS_SHOWN = 10
_PROBLEM_ROOM = 170
# How many of them a report of a reindex shows that went well.
_REMARKS_SHOWN = 3
# The room for each sentence of two passages that do not line up.
_SENTENCE_ROOM = 200
# Room for all problems of one file: a message but for its last line.
_PROBLEMS_ROOM = 1900


def render_reindexed(report: ReindexReport, language: str) -> str:
    """Return what a reindex changed, as a message's text."""
    lines = [
        say(
            "reindexed",
            language,
            seconds=f"{report.seconds:.1f}",
            size=_size(report.after, language),
        )
    ]
    if report.before != report.after:
        lines.append(say("size_before", language, size=_size(report.before, language)))
    lines += [
        say(key, language, names=_names(names, language))
        for key in ("added", "removed", "changed", "skipped")
        if (names := getattr(report, key))
    ]
    if not (report.added or report.removed or report.changed):
        lines.append(say("unchanged", language))
    lines += _effect(report.regression, language)
    for key, problems in (("left_out", report.problems), ("drift", report.drift)):
        lines += render_remarks(key, problems, language)
    return compose(lines, language)


def render_remarks(
    key: str, problems: Sequence[Problem], language: str, room: int = _PROBLEMS_ROOM
) -> list[str]:
    """Return lines that tell what is wrong or odd in files, and below them the first passages that
    do not line up, as far as they fit.
    """
    if not problems:
        return []
    lines = [say(key, language, count=len(problems)), *_told(problems[:_REMARKS_SHOWN])]
    if (hidden := len(problems) - _REMARKS_SHOWN) > 0:
        lines.append(say("and_more", language, count=hidden))
    if pair := next((p.pair for p in problems if p.pair and p.pair.rows), None):
        lines += _side_by_side(pair, language)
    return _fitting(lines, room - 1)


def _told(problems: Iterable[Problem]) -> Iterator[str]:
    """Yield what is wrong, a line a problem."""
    for problem in problems:
        yield f"- {cut(one_line(_problem(problem)), _PROBLEM_ROOM)}"


def _size(size: CorpusSize, language: str) -> str:
    """How many articles, passages and sentences there are."""
    return ", ".join(
        counted(number, noun, language)
        for noun, number in (
            ("article", size.articles),
            ("passage", size.passages),
            ("sentence", size.sentences),
        )
    )


def _effect(regression: RegressionReport, language: str) -> list[str]:
    """How the corpus's own questions fare; nothing where it has none."""
    if not regression.asked:
        return []
    key = "replayed" if regression.taught is None else "replayed_taught"
    right, asked, taught = regression.right, regression.asked, regression.taught
    return [
        say(key, language, right=right, asked=asked, taught=taught),
        *render_effect(regression, language),
    ]


def render_effect(regression: RegressionReport, language: str) -> list[str]:
    """Which questions are answered otherwise; nothing where none is."""
    return [
        say(f"questions_{key}", language, names=_names(questions, language))
        for key in ("regressed", "fixed", "changed")
        if (questions := getattr(regression, key))
    ]


def render_taught(report: ReindexReport, language: str) -> str:
    """Return that something was taught, as a message's text, and what that changed."""
    lines = [say("taught", language), *_effect(report.regression, language)]
    return compose([*lines, *render_remarks("left_out", report.problems, language)], language)


def render_corpus_error(error: CorpusError, language: str) -> str:
    """Return what is wrong in the corpus, a line a problem, as a message's text; below it the first
    passages that do not line up, as far as they fit.
    """
    shown = error.problems[:_PROBLEMS_SHOWN]
    lines = [say("reindex_failed", language)]
    lines += _told(shown)
    if hidden := len(error.problems) - len(shown):
        lines.append(say("and_more", language, count=hidden))
    pair = next((problem.pair for problem in shown if problem.pair and problem.pair.rows), None)
    if pair:
        lines += _fitting(_side_by_side(pair, language), CONTENT - length("\n".join(lines)))
    return compose(lines, language)


def _side_by_side(pair: SideBySide, language: str) -> Iterator[str]:
    """Lines of a quotation with what belongs together, the translation below the original: a phone
    has no room for two columns.
    """
    yield f"**{cut(pair.left, _NAME_ROOM)}** ↔ **{cut(pair.right, _NAME_ROOM)}**"
    for row in pair.rows:
        mark = "" if row.level else "≠ "
        for sign, side in ((mark, row.left), ("↳ ", row.right)):
            for number, text in side or [("", say("nothing_here", language))]:
                yield f"> {sign}**{number or '–'}** {cut(one_line(text), _SENTENCE_ROOM)}"


def _fitting(lines: Iterable[str], room: int) -> list[str]:
    """Return the lines that fit some room, each with its line break."""
    kept = []
    for line in lines:
        room -= length(line) + 1
        if room < 0:
            break
        kept.append(line)
    return kept


def render_problems(error: CorpusError, opening: str, language: str) -> str:
    """Return what is wrong in a file that somebody adds, as long as the message allows: in full."""
    text, told = opening, 0
    for problem in error.problems:
        lines = [escape(one_line(line)) for line in _problem(problem).splitlines()]
        more = "\n".join([f"\n- {lines[0]}", *(f"  {line}" for line in lines[1:])])
        if length(text) + length(more) > _PROBLEMS_ROOM:
            break
        text, told = text + more, told + 1
    if not told:
        text, told = (
            f"{text}\n- {cut(one_line(_problem(error.problems[0])), _PROBLEMS_ROOM // 2)}",
            1,
        )
    if hidden := len(error.problems) - told:
        text += "\n" + say("and_more", language, count=hidden)
    return compose([text], language)


def _problem(problem: Problem) -> str:
    """Return a problem with the file's name alone: nobody on Discord needs the host's folders."""
    return str(replace(problem, path=Path(problem.path.name)))


def _names(names: Sequence[str], language: str) -> str:
    """As many names as fit, and how many there are besides."""
    possible = names[:_NAMES_ROOM]  # of ten thousand, no more than could fit are looked at
    written = [escape(clip(one_line(name), _NAME_ROOM)) for name in possible]
    return fitting(written, _NAMES_ROOM, language, more=len(names) - len(possible))
