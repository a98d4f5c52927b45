"""Answers and the corpus as text for a terminal, and answers as JSON."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bot.answering.citation import Answer, Citation
from bot.answering.regression import QuestionResult
from bot.corpus.folder import Progress
from bot.corpus.lint import LintWarning
from bot.corpus.model import Article, Corpus, Span
from bot.errors import Problem
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

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress

#: Reading that is over sooner needs no bar.
BAR_SECONDS = 1.0
# Of passages that do not line up: more would push the first out of a terminal's window.
_PAIRS_SHOWN = 3
_REMARKS_SHOWN = 50


def to_json(answer: Answer) -> dict[str, Any]:
    """Return the answer as the JSON object that docs/command-line.md describes."""
    return {
        "question": answer.question,
        "language": answer.language,
        "answered": answer.answered,
        "citations": [_citation_json(citation) for citation in answer],
        "unknown_words": list(answer.unknown_words),
        "certainty": answer.certainty,
        "closest": [_citation_json(citation) for citation in answer.suggestions],
    }


def _citation_json(citation: Citation) -> dict[str, Any]:
    return {
        "article": citation.article.name,
        "title": citation.title,
        "passage": citation.passage,
        "sentence": citation.sentence,
        "text": citation.text,
        "section": list(citation.section),
        "unit": citation.unit,
        "lead_in": citation.lead_in or None,
        "heads": list(citation.heads),
        "items": list(citation.items),
        "code": citation.code or None,
        "translation": citation.translation,
        "score": citation.score,
        "url": citation.article.url,
        "why": [
            {"word": match.word, "found": match.found, "how": match.type, "weight": match.weight}
            for match in citation.why
        ],
    }


def render_answer(answer: Answer, *, colour: bool, width: int | None = None) -> str:
    """Return the answer as lines for a person; matched words in bold on a terminal.

    ``width``: in columns, what lines are wrapped to; None leaves them whole, for a pipe.
    """
    lines: list[str] = []
    shown = answer.citations or answer.suggestions
    if answer.missing_unit:
        lines.append(missing_unit(answer.missing_unit, answer.language))
    elif answer.certainty == "none" and not answer.unknown_words:
        lines.append(say("not_in_corpus", answer.language))
    if words := unknown_words(answer):
        lines.append(say("unknown_words", answer.language, words=", ".join(words)))
    if answer.corpus_languages and not answer.answered:
        names = language_names(answer.corpus_languages, answer.language)
        lines.append(say("speaks", answer.language, languages=names))
    if answer.certainty == "perhaps":
        lines.append(say("perhaps", answer.language))
    for number, citation in enumerate(shown, 1):
        if number == 1 and citation.before:
            lines.append(f"   ({citation.before})")
        lines += _citation_lines(f"{number}. ", citation, answer.language, colour)
    return "\n".join(lines if width is None else (_wrapped(line, width) for line in lines))


def _citation_lines(mark: str, citation: Citation, language: str, colour: bool) -> list[str]:
    """Return a quotation in the reader's language, the cited original below it, and its place."""
    source = citation.article.original.language
    original = quoted(_bold(citation.text, citation.matched, colour), source)
    if citation.translation is None:
        texts = [citation.lead_in, original]
    else:
        name = language_names([source], language)
        translation = _bold(citation.translation, citation.matched_translation, colour)
        below = " ".join(filter(None, (citation.lead_in, original)))
        texts = [translation, f"{say('original', language, name=name)}: {below}"]
    lines = [f"   {text}" for text in texts if text]
    lines[0] = f"{mark}{lines[0].lstrip()}"
    lines += [f"   · {item}" for item in citation.items]
    lines += [f"   | {line}" for line in citation.code.split("\n") if line]
    parts = [" › ".join((citation.title, *path_of(citation)))]
    if citation.article.date:
        parts.append(format_date(citation.article.date, language))
    parts.append(place_of(citation, language))
    if citation.article.url:
        parts.append(citation.article.url)
    parts += [f"{match.word} → {match.found}" for match in citation.inexact_matches]
    return [*lines, f"   — {' · '.join(parts)}"]


_ESCAPE = re.compile("\x1b\\[[0-9]*m")


def _wrapped(line: str, width: int) -> str:
    """Return a line wrapped at spaces, what follows indented; code is left as it stands."""
    from rich.cells import cell_len

    if line.startswith("   | "):
        return line
    indent = line[: len(line) - len(line.lstrip())]
    lines, columns = [indent], cell_len(indent)
    for word in line.split(" ")[len(indent) :]:
        size = cell_len(_ESCAPE.sub("", word))
        if lines[-1].strip() and columns + 1 + size > width:
            lines.append("   ")
            columns = cell_len(lines[-1])
        if lines[-1].strip():
            lines[-1] += " "
            columns += 1
        lines[-1] += word
        columns += size
    return "\n".join(lines)


def _bold(text: str, spans: Iterable[Span], colour: bool) -> str:
    if not colour:
        return text
    place, pieces = 0, []
    for span in spans:
        if span.start < place:  # a word of a term that stands in bold already
            span = Span(place, max(place, span.end))  # noqa: PLW2901
        pieces += [text[place : span.start], f"\x1b[1m{span.of(text)}\x1b[0m"]
        place = span.end
    return "".join([*pieces, text[place:]])


@contextmanager
def reading_bar(start: float) -> Iterator[Progress]:
    """Show a bar on standard error of how many files are read; only where reading takes longer
    than ``BAR_SECONDS`` after ``start``, on the clock of ``time.monotonic``.
    """
    bar: RichProgress | None = None

    def progress(done: int, total: int) -> None:
        nonlocal bar
        if bar is None:
            if time.monotonic() - start < BAR_SECONDS:
                return
            from rich.console import Console
            from rich.progress import Progress as RichProgress

            bar = RichProgress(console=Console(stderr=True), transient=True)
            bar.add_task("Reading", total=total)
            bar.start()
        what = "Reading" if done < total else "Indexing"
        bar.update(bar.task_ids[0], completed=done, description=what)

    try:
        yield progress
    finally:
        if bar is not None:
            bar.stop()


def print_corpus(corpus: Corpus) -> None:
    """Print a table of the articles, then the curators' notes and the files that were not read."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False, markup=False, emoji=False)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Article", overflow="fold")
    table.add_column("Languages", max_width=len("Languages"))
    table.add_column("Date", no_wrap=True)
    table.add_column("Passages", justify="right", no_wrap=True)
    table.add_column("Sentences", justify="right", no_wrap=True)
    for article in corpus.articles:
        passages = article.original.passages
        table.add_row(
            Text.assemble(article.name, "\n", (article.original.title, "dim")),
            ", ".join(rendering.language for rendering in article.renderings),
            article.date.isoformat() if article.date else "–",
            str(len(passages)),
            str(sum(len(passage.sentences) for passage in passages)),
        )
    console.print(table)
    for article in corpus.articles:
        if article.note:
            console.print(f"{article.name}: {article.note}")
    if corpus.skipped:
        console.print(say("skipped", "en", names=", ".join(corpus.skipped)))
    counts = (
        _count(len(corpus.articles), "article"),
        _count(corpus.passages, "passage"),
        _count(corpus.sentences, "sentence"),
    )
    told = [f"{len(corpus.skipped)} not read"] if corpus.skipped else []
    if corpus.problems:
        told.append(_count(len(corpus.problems), "problem"))
    if remarks := sum(len(article.remarks) for article in corpus.articles):
        told.append(_count(remarks, "warning"))
    console.print(f"{', '.join(counts)}. {', '.join(told) or 'No problems'}.")


def print_misaligned(problems: Sequence[Problem]) -> None:
    """Print the first passages that do not line up, side by side, where errors go.

    What belongs together stands in one row; ``≠`` marks where it is not one beside one.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drifting = [problem.pair for problem in problems if problem.pair]
    pairs = [pair for pair in drifting if pair.rows][:_PAIRS_SHOWN]
    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    for pair in pairs:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True, leading=1)
        table.add_column(Text(pair.left), ratio=1, overflow="fold")
        table.add_column("", width=1)
        table.add_column(Text(pair.right), ratio=1, overflow="fold")
        for row in pair.rows:
            sides = []
            for texts in (row.left, row.right):
                side = Table.grid(padding=(0, 1))
                for number, text in texts or [("–", say("nothing_here", "en"))]:
                    side.add_row(Text(number, "bold"), Text(text))
                sides.append(side)
            mark = Text("" if row.level else "≠", "bold yellow")
            table.add_row(sides[0], mark, sides[1])
        console.print(table)
    if pairs and (hidden := len(drifting) - len(pairs)):
        console.print(f"{hidden:,} more do not line up.")


def print_remarks(remarks: Iterable[LintWarning | Problem]) -> None:
    """Print what a curator might look at again, a line each."""
    lines = [f"Warning: {remark}." for remark in remarks]
    for line in lines[:_REMARKS_SHOWN]:
        print(line)
    if (hidden := len(lines) - _REMARKS_SHOWN) > 0:
        print(f"{_count(hidden, 'more warning')}.")


def print_replay(outcomes: Sequence[QuestionResult], taught: int | None = None) -> None:
    """How many of the corpus's own questions are answered right, and which are not; ``taught``:
    how many with what was taught, None where nothing was.
    """
    if not outcomes:
        return
    wrong = [outcome for outcome in outcomes if not outcome.right]
    right = len(outcomes) - len(wrong)
    beside = "" if taught is None else f" by what the sources say, {taught} with what was taught"
    print(f"{_count(len(outcomes), 'question')} of questions.toml, {right} answered right{beside}.")
    for outcome in wrong:
        accepted = " or ".join(outcome.expected.accepted) or "no answer"
        found = outcome.first or "no answer"
        print(f"Wrong: {outcome.expected.question} Expected {accepted}; got {found}.")


def show_article(article: Article) -> str:
    """Return what was read of an article: each sentence behind its address, its translations below
    it.
    """
    about = [
        article.date.isoformat() if article.date else None,
        article.url,
        article.note,
    ]
    lines = [f"{rendering.language}: {rendering.title}" for rendering in article.renderings]
    lines += [part for part in about if part]
    original, section = article.original, 0
    for number, passage in enumerate(original.passages, 1):
        if passage.section != section:
            section = passage.section
            lines += ["", f"# {' › '.join(original.headings(passage)) or '–'}"]
        unit = f" {original.units[passage.unit - 1].key.printed('en')}" if passage.unit else ""
        page = f", p. {passage.page}" if passage.page else ""
        lines += ["", f"¶ {number}{page}{unit}"]
        if lead_in := original.lead_in(passage):
            lines.append(f"   [{lead_in}]")
        for place in range(1, len(passage.sentences) + 1):
            lines.append(f"{article.address(number, place)} {original.sentence(number, place)}")
            lines += [
                f"   {translation.language}: {text}"
                for translation in article.translations
                if (text := article.translated(translation.language, number, place))
            ]
        if passage.code:
            lines += [f"   | {line}" for line in passage.code.of(original.text).split("\n")]
    return "\n".join(lines)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"
