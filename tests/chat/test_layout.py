"""Answers and reports as messages: within every limit, and safe, whatever they hold."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import discord
import pytest
from discord.components import _component_factory
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.citation import Answer, Citation
from bot.chat.answers import MessageOptions, answer_message, layout
from bot.chat.layout import FOLLOWS, carried_over, context_blocks, shown_question, why_text
from bot.chat.markup import length, one_line
from bot.chat.questions import parts_of
from bot.chat.reports import render_corpus_error, render_reindexed
from bot.commands.journal import gaps_layout, gaps_text
from bot.commands.sources import sources_page
from bot.corpus.model import Article, Draft, Span, build_rendering
from bot.errors import CorpusError, Problem
from bot.service.journal_file import Gap, Voted
from bot.service.library import CorpusSize, Library, ReindexReport
from bot.strings import LANGUAGES, say
from tests.corpora import rendering_of
from tests.simulated import question_shown, texts_of

if TYPE_CHECKING:
    from tests.simulated import Place

# https://discord.com/developers/docs/resources/message and
# https://discord.com/developers/docs/components/reference; characters counted in UTF-16 units.
CONTENT, LAYOUT, COMPONENTS, CUSTOM_ID, LABEL = 2000, 4000, 40, 100, 80

NASTY = (
    "**bold** _it_ `code` ```block``` ||spoiler|| ~~no~~ > quote\n# Heading\n- list\n1. one "
    "[link](https://evil.example) https://evil.example <@1> <@&2> <#3> <:a:4> <t:5:R> @everyone "
    "@here :smile: \\ ¯\\_(ツ)_/¯ \u202eright to left\u202c שלום עליכם مرحبا "
    "Z̸̢̛̖̼͓͖̪͎̐̂͌A̵̧̹͚̩͋͒̽L̶̢͙̜͗̔͝G̷̛̗͓̎̕O̴͎̊ 👩‍👩‍👧‍👦 \ud83d \0 "
)
PIECES = st.sampled_from([*"\\`*_~|<>@#:[]()-+. \n", *NASTY.split(" "), FOLLOWS, "mot", "word"])
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=60).map(" ".join))
SENTENCES = TEXTS.filter(lambda text: bool(text.strip()))
LONG = st.tuples(SENTENCES, st.integers(min_value=1, max_value=400)).map(lambda t: t[0] * t[1])
URLS = st.one_of(st.none(), TEXTS, TEXTS.map(lambda text: "https://example.org/" + text))


@st.composite
def citations(draw: st.DrawFn) -> Citation:
    """A citation of an article that may hold anything, translated or not."""
    renderings = []
    matched = []
    for language in ("fr", "en"):
        text = draw(LONG)
        places = st.integers(min_value=0, max_value=len(text))
        pairs = draw(st.lists(st.tuples(places, places), max_size=5))
        matched.append(tuple(Span(min(pair), max(pair)) for pair in pairs))
        renderings.append(rendering_of(language, draw(TEXTS), [(1, text, [(0, len(text))])]))
    article = Article(
        name=draw(TEXTS),
        original=renderings[0],
        translations=tuple(renderings[1:]),
        date=draw(st.one_of(st.none(), st.dates())),
        url=draw(URLS),
    )
    shown = draw(st.sampled_from(["fr", "en"]))
    return Citation(article, 1, 1, 1.0, shown, 0, matched[0], matched[1])


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    """An answer, or a silence, to anything at all."""
    question = draw(TEXTS)
    previous_question = draw(st.one_of(st.none(), TEXTS))
    language = draw(st.sampled_from(["fr", "en"]))
    found: tuple[Citation, ...] = tuple(draw(st.lists(citations(), max_size=3)))
    words = tuple(draw(st.lists(TEXTS, max_size=30)))
    near = tuple((word, tuple(draw(st.lists(TEXTS, max_size=3)))) for word in words[:3])
    more = draw(st.booleans())
    answered = Answer(
        question,
        language,
        found,
        words,
        previous_question=previous_question,
        nearest=near,
        more=more,
    )
    if draw(st.booleans()) and found:
        return replace(answered, unknown_names=words)
    spoken = tuple(draw(st.lists(st.sampled_from(["fr", "en", "ja"]), max_size=3)))
    return replace(answered, citations=(), suggestions=found, corpus_languages=spoken)


def sent(answer: Answer, *, rich: bool, votes: bool = True) -> discord.Message:
    """The message that an answer makes."""
    return built(answer_message(answer, MessageOptions("fr", 2**63, rich=rich, votes=votes)))


def built(made: dict[str, Any]) -> discord.Message:
    """As much of a message as tells what it says, as Discord returns it."""
    components = [_component_factory(data) for data in made["view"].to_components()]
    found = SimpleNamespace(content=made.get("content", ""), components=components)
    return cast("discord.Message", found)


def every(components: Iterable[Any]) -> Iterator[Any]:
    """Components and those within them."""
    for component in components:
        yield component
        beside = getattr(component, "accessory", None)
        yield from every([*getattr(component, "children", ()), *([beside] if beside else [])])


# The bot's own frame: the marks that begin its lines, its links, its bold words.
FRAME = re.compile(r"^(> -# |> |-# )", re.MULTILINE)
LINK = re.compile(r"\[((?:\\.|[^\]\\])*)\]\(<https?://[^\s<>()]+>\)|<https?://[^\s<>()]+>")
ESCAPE = re.compile(r"\\([^\w\s]|_)")
MARK = re.compile(r"[`*_~|<@\[\]\\]|:\S+:|\w+://")
LINE_MARK = re.compile(r"\s*(#{1,3}|-#|[-+>]|\d+[.)])\s")


# The bot's own words that have formatting in them.
OWN = {say("empty_question", language) for language in LANGUAGES}


def assert_safe(markup: str) -> None:
    """Nothing but the bot's own frame is formatting, a mention, an emoji or a link."""
    for line in markup.split("\n"):
        bare = FRAME.sub("", line, count=1)
        bare = ESCAPE.sub("\u25a1", LINK.sub(r"\1", bare)).replace("**", "\u25a1")
        bare = re.sub(r"^\[…\]", "\u25a1", bare).replace(" […]", "")
        if line in OWN:
            continue
        assert not MARK.search(bare), line
        assert not LINE_MARK.match(bare), line
    assert not re.search(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]", markup)


@pytest.mark.parametrize("rich", [True, False])
@settings(max_examples=50)
@given(answer=answers())
def test_answers_within_limits(answer: Answer, *, rich: bool) -> None:
    """Any answer to any question from any article is a message that Discord takes, and safe."""
    assert_fits(sent(answer, rich=rich), LAYOUT if rich else CONTENT)


def assert_fits(message: discord.Message, limit: int = LAYOUT) -> None:
    """A message says something, is safe, and keeps within every limit of Discord's."""
    texts = texts_of(message)
    assert all(texts)
    assert texts
    assert sum(map(length, texts)) <= limit
    for text in texts:
        assert_safe(text)
    parts = list(every(message.components))
    assert len(parts) <= COMPONENTS
    buttons = [part for part in parts if isinstance(part, discord.Button)]
    assert len({button.custom_id for button in buttons}) == len(buttons)
    for button in buttons:
        assert len(button.custom_id or "") <= CUSTOM_ID
        assert 0 < len(button.label or str(button.emoji)) <= LABEL


@st.composite
def passages(draw: st.DrawFn) -> Citation:
    """A citation of any sentence of an article of several passages, translated or not."""
    shape = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    renderings = []
    for language in ("fr", "en"):
        laid = []
        for count in shape:
            sentences = draw(st.lists(LONG, min_size=count, max_size=count))
            ends = list(accumulate(len(sentence) for sentence in sentences))
            starts = [0, *ends[:-1]]
            laid.append((1, "".join(sentences), list(zip(starts, ends, strict=True))))
        renderings.append(rendering_of(language, draw(TEXTS), laid))
    article = Article(
        name=draw(TEXTS),
        original=renderings[0],
        translations=tuple(renderings[1 : draw(st.integers(1, 2))]),
        date=draw(st.one_of(st.none(), st.dates())),
        url=draw(URLS),
    )
    passage = draw(st.integers(1, len(shape)))
    shown = draw(st.sampled_from(["fr", "en"]))
    return Citation(article, passage, draw(st.integers(1, shape[passage - 1])), 1.0, shown)


@settings(max_examples=50)
@given(passages(), st.sampled_from(["fr", "en", "de"]))
def test_contexts_within_limits(citation: Citation, language: str) -> None:
    """So is any sentence shown in its passage, by *Context* or by /cite."""
    assert_fits(built(layout(context_blocks(citation, language))))


LISTED = st.builds(
    Article,
    name=TEXTS,
    original=TEXTS.map(lambda title: rendering_of("fr", title, [(1, "x", [(0, 1)])])),
    date=st.one_of(st.none(), st.dates()),
    url=URLS,
)


@settings(max_examples=50)
@given(
    st.lists(LISTED, max_size=8),
    st.integers(0, 99_999),
    st.sampled_from(["fr", "en", "de"]),
)
def test_sources_within_limits(articles: list[Article], page: int, language: str) -> None:
    """So is any page of the list of any articles, and none of them is empty."""
    message = built(sources_page(articles[:6], CorpusSize(len(articles), 0, 0), page, language))
    assert_fits(message)
    assert len(texts_of(message)) > (1 if articles else 0)


def test_longest_sources_fit() -> None:
    """Six articles with everything as long as can be, in many languages, fit a page."""
    renderings = [
        rendering_of(language, "* " * 250, [(1, "x", [(0, 1)])] * 999)
        for language in ("fr en es de it ru pt nl ja zh " * 3).split()
    ]
    article = Article(
        name="* " * 125,
        original=renderings[0],
        translations=tuple(renderings[1:]),
        date=datetime.date(2024, 9, 30),
    )
    for path in (2000, 280, 230):
        one = replace(article, url="https://example.org/" + "x" * path)
        assert_fits(built(sources_page([one] * 6, CorpusSize(13, 0, 0), 1, "fr")))


COUNTS = st.integers(0, 10**6)
DAY = datetime.date(2026, 1, 1)
GAPS = st.lists(st.builds(Gap, TEXTS, COUNTS, st.just(DAY)), max_size=30)
VOTED = st.lists(st.builds(Voted, TEXTS, TEXTS, COUNTS, COUNTS, st.just(DAY)), max_size=30)


@given(GAPS, VOTED, st.sampled_from(["fr", "en", "de"]))
def test_gaps_within_limits(gaps: list[Gap], voted: list[Voted], language: str) -> None:
    """Any number of questions asked in vain or voted down makes a message that Discord takes."""
    text = gaps_text(gaps, voted, language)
    assert 0 < length(text) <= CONTENT
    for line in text.split("\n"):
        assert_safe(line.removeprefix("- "))


@given(GAPS.filter(bool), VOTED, st.sampled_from(["fr", "en", "de"]))
def test_gaps_with_buttons_within_limits(
    gaps: list[Gap], voted: list[Voted], language: str
) -> None:
    """So do those who may teach get them, with a button beside each."""
    distinct = list({gap.question: gap for gap in gaps}.values())
    lost = [Problem(Path("questions.toml"), None, vote.question) for vote in voted]
    message = built(gaps_layout(distinct, voted, language, lost))
    parts = list(every(message.components))
    assert len(parts) <= COMPONENTS
    assert sum(map(length, texts_of(message))) <= LAYOUT
    buttons = [part for part in parts if isinstance(part, discord.Button)]
    assert len(buttons) == min(len(distinct), 10)


def test_longest_gaps_fit() -> None:
    """Twenty long questions full of Markdown, each asked a million times, fit a message."""
    gap, vote = Gap("*" * 300, 10**6, DAY), Voted("*" * 300, "x:1.1", 10**6, 10**6, DAY)
    text = gaps_text([gap] * 30, [vote] * 30, "fr")
    assert length(text) <= CONTENT
    assert text.count("\n- ") == 20


@given(answer=answers())
def test_explanations_within_limits(answer: Answer) -> None:
    """So is the explanation of any answer."""
    cited = answer.citations or filter(None, (answer.closest,))
    text = why_text(cited, answer.language, cut_off=True)
    assert length(text) <= CONTENT
    for line in text.split("\n"):
        assert_safe(line.removeprefix("- "))


@pytest.mark.parametrize("rich", [True, False])
@settings(max_examples=50)
@given(answer=answers())
def test_question_round_trip(answer: Answer, *, rich: bool) -> None:
    """The question that a message shows is read back from it, to the letter."""
    room = 500 if rich else 200
    assert tuple(parts_of(sent(answer, rich=rich))) == shown_question(answer, room)


@pytest.mark.parametrize("rich", [True, False])
@settings(max_examples=50)
@given(answer=answers())
def test_the_best_citation_is_always_there(answer: Answer, *, rich: bool) -> None:
    """However long everything is, the best citation is shown with where it stands."""
    if answer.answered:
        text = "\n".join(texts_of(sent(answer, rich=rich)))
        assert re.search(r"^-# .* · ¶ 1, (sentence|phrase) 1( · |$)", text, re.MULTILINE)


def citation(text: str, **article: Any) -> Citation:
    """A citation of a sentence that is an article by itself."""
    title = article.pop("title", "A title")
    original = rendering_of("en", title, [(1, text, [(0, len(text))])])
    return Citation(Article("name", original, **article), 1, 1, 1.0, "en")


def test_worst_case_fits() -> None:
    """Three citations, each as long as can be in everything, still fit both kinds of message."""
    worst = citation(
        "*" * 20_000,
        title="*" * 500,
        url="https://example.org/" + "*" * 180,
        date=datetime.date(2024, 9, 30),
    )
    translation = rendering_of("fr", "*", [(1, "*" * 20_000, [(0, 20_000)])])
    article = replace(worst.article, translations=(translation,))
    worst = replace(worst, article=article, shown="fr")
    words = ("*" * 500,) * 50
    answer = Answer(
        "*" * 5000, "fr", (worst,) * 3, previous_question="*" * 5000, unknown_names=words, more=True
    )
    silence = replace(answer, citations=(), suggestions=(worst,), unknown_words=words)
    for found in (answer, silence):
        assert sum(map(length, texts_of(sent(found, rich=True)))) <= LAYOUT
        (text,) = texts_of(sent(found, rich=False))
        assert length(text) <= CONTENT
        assert text.count("-# Original (anglais)\n> ") + text.count(" · traduction") >= 1


FRAGMENT = "#:~:text=A%20sentence."


@pytest.mark.parametrize(
    ("title", "url", "shown"),
    [
        ("A title", None, "A title"),
        ("A title", "https://a.example/x", f"[A title](<https://a.example/x{FRAGMENT}>)"),
        ("A *title*", "https://a.example/x", rf"[A \*title\*](<https://a.example/x{FRAGMENT}>)"),
        (
            "[Op-ed] A title",
            "https://a.example/x",
            rf"\[Op-ed\] A title <https://a.example/x{FRAGMENT}>",
        ),
        ("A title", "ftp://a.example/x", "A title"),
        ("\u200b", None, "name"),
    ],
)
def test_title(title: str, url: str | None, shown: str) -> None:
    """An article's title is a link where the article has an address that can be one."""
    answer = Answer("q", "en", (citation("A sentence.", title=title, url=url),))
    question, quote, source = texts_of(sent(answer, rich=True))
    assert (question, quote) == ("**q**", "> A sentence.")
    assert source == f"-# {shown} · ¶ 1, sentence 1"


def test_what_is_not_sure_is_said_to_be() -> None:
    """Sentences that perhaps answer stand below a line that claims nothing and says what the
    sources lack; each with its place.
    """
    answer = Answer("q", "fr", (), ("Brésil", "ca*pitale"), (citation("A sentence."),))
    assert texts_of(sent(answer, rich=True)) == [
        "**q**",
        "Pas sûr que cela réponde à la question :\n"
        "-# Introuvable dans les sources : «\u00a0Brésil\u00a0», «\u00a0ca\\*pitale\u00a0».",
        "> A sentence.",
        "-# A title · ¶ 1, phrase 1",
    ]


@pytest.mark.parametrize(
    ("shown", "carried"),
    [
        ((), ""),
        (("who?",), "who?"),
        (("who?", "and when?"), "who?\nand when?"),
        (("who?", "and when?", "and where?"), "who?\nand where?"),
    ],
)
def test_carried_over(shown: tuple[str, ...], carried: str) -> None:
    """A follow-up takes the beginning and the last step of the chain before it."""
    assert carried_over(shown) == carried


@given(TEXTS, st.lists(TEXTS, max_size=6))
def test_chain_is_bounded(first: str, others: list[str]) -> None:
    """However many follow-ups there are, the question shown has at most three parts and fits."""
    shown = shown_question(Answer(first, "en"))
    for question in others:
        previous_question = carried_over(shown) or None
        shown = shown_question(Answer(question, "en", previous_question=previous_question))
        assert length(FOLLOWS.join(shown)) <= 500
        assert len(shown) <= 3
        assert not one_line(question) or shown[-1].endswith(("…", one_line(question)))


NAMES = st.lists(TEXTS, max_size=40).map(tuple)
ONE = CorpusSize(1, 1, 1)


@given(NAMES, NAMES, NAMES, NAMES, st.sampled_from(["en", "fr", "de"]))
def test_report_within_limits(
    added: tuple[str, ...],
    removed: tuple[str, ...],
    changed: tuple[str, ...],
    skipped: tuple[str, ...],
    language: str,
) -> None:
    """Any number of files of any name makes a report that Discord takes."""
    report = ReindexReport(
        added,
        removed,
        changed,
        CorpusSize(1, 1, 1),
        CorpusSize(10**6, 10**7, 10**8),
        12345.6,
        skipped,
    )
    text = render_reindexed(report, language)
    assert length(text) <= CONTENT
    assert_safe(text)


def test_longest_report_fits() -> None:
    """Four long lists of long names full of Markdown fit a message, and the rest is counted."""
    names = ("*" * 200,) * 12
    text = render_reindexed(ReindexReport(names, names, names, ONE, ONE, 0.1, names), "fr")
    assert len(text) <= CONTENT
    lists = text.split("\n")[1:]
    assert len(lists) == 4
    assert all(re.search(r"(\\\*)+…, et \d+ de plus$", line) for line in lists)


def test_short_names_are_all_shown() -> None:
    """A report names every file where there is room for them."""
    names = tuple(f"article-{number}" for number in range(12))
    text = render_reindexed(ReindexReport(names, (), (), ONE, ONE, 0.1), "en")
    assert text.endswith("\nAdded: " + ", ".join(names))


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=20))
def test_corpus_error_within_limits(problems: list[tuple[str, str]]) -> None:
    """Any number of problems in files of any name makes a message that Discord takes."""
    error = CorpusError(
        Problem(Path("corpus") / name.replace("/", "").replace("\0", ""), 1, reason)
        for name, reason in problems
    )
    text = render_corpus_error(error, "fr")
    assert length(text) <= CONTENT
    for line in text.split("\n")[1:]:
        assert_safe(line.removeprefix("- "))


@pytest.mark.simcord(approved_intents=discord.Intents.default())
@pytest.mark.parametrize("embed_links", [True, False])
async def test_worst_article(place: Place, corpus_dir: Path, *, embed_links: bool) -> None:
    """An article with a sentence of 20,000 characters, full of all that Discord could trip over,
    is quoted on Discord like any other.
    """
    nasty = one_line(NASTY.encode("utf-8", "replace").decode().replace("\0", ""))
    sentence = (nasty.replace(".", "") + " ") * (20_000 // len(nasty) + 1)
    front = f"---\ntitle: '{nasty.replace(chr(39), '')}'\nurl: https://example.org/(*_[x]_*)\n---\n"
    path = corpus_dir / "worst.en.txt"
    path.write_text(f"{front}The quasar {sentence}.\n\nThe quasar again {sentence}.\n", "utf-8")
    library = Library(corpus_dir)
    await place.restart(library)
    channel = place.restricted(embed_links=embed_links)
    question = f"What of the quasar? {nasty}"[:1900]
    answer = await place.ask(question, channel=channel)
    texts = texts_of(answer)
    assert bool(answer.content) != embed_links
    assert "**quasar**" in "\n".join(texts)
    for text in texts:
        assert_safe(text)
    following = (await place.say("and when?", reply_to=answer, channel=channel))[0]
    assert (question_shown(following) or "").endswith(" → and when?")


@pytest.mark.parametrize("rich", [True, False])
@settings(max_examples=30)
@given(
    items=st.lists(SENTENCES, min_size=1, max_size=12),
    code=st.sampled_from(["x = 1", "```\n" * 5, "`", "y\n" * 500]),
)
def test_lead_ins_items_and_code_within_limits(items: list[str], code: str, *, rich: bool) -> None:
    """An item with what leads in to it, a lead-in with its items and code, and a unit as a whole
    make messages that Discord takes, and safe.
    """
    said = [one_line(item) or "x" for item in items]
    texts = ["It is forbidden:", *said]
    drafts = [Draft(text, ((0, len(text)),), lead=int(text is not texts[0])) for text in texts]
    drafts.append(Draft("Write this:", ((0, 11),), code=code))
    original = build_rendering("en", "T", drafts)
    article = Article("name", original)
    last = len(original.passages)
    every_one = [Citation(article, n, 1, 1.0, "en") for n in range(1, last + 1)]
    for one in [*every_one, Citation(article, 1, 1, 1.0, "en", last=last)]:
        message = sent(Answer("q", "en", (one,), certainty="sure"), rich=rich)
        shown = texts_of(message)
        assert sum(map(length, shown)) <= (LAYOUT if rich else CONTENT)
        for text in shown:
            assert_safe(re.sub(r"^```\n.*?\n```$", "", text, flags=re.DOTALL | re.MULTILINE))
