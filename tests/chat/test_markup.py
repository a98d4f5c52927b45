"""Text from outside, made safe for Discord."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.markup import (
    bold,
    clip,
    cut,
    cut_start,
    escape,
    length,
    link_target,
    one_line,
    unescape,
)
from bot.corpus.model import Span

# Text made of what Discord gives a meaning to, far likelier to trip the rules than any characters.
PIECES = st.sampled_from(
    [
        *"\\`*_~|<>@#:[]()-+.! \n",
        "1.",
        "23)",
        "-# ",
        "https://evil.example/",
        "@everyone",
        "<@123>",
        ":smile:",
        "¯\\_(ツ)_/¯",
        "mot",
        "😀",
        "\u202e",
        "שלום",
        "Z̷͓͖",
        "\ud800",
        "\0",
    ]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join))

# Written from Discord's side: an escape, and what begins formatting where it is not escaped.
ESCAPE = re.compile(r"\\([^\w\s]|_)")
MARK = re.compile(r"[`*_~|<@\[\]\\]|:\S+:|\w+://")
LINE_MARK = re.compile(r"\s*(#{1,3}|-#|[-+*>]|>>>|\d+[.)])(\s|$)")


def assert_plain(markup: str) -> None:
    """Discord reads no formatting, mention, emoji or link in a text."""
    bare = ESCAPE.sub("\u25a1", markup)
    assert not MARK.search(bare)
    assert not LINE_MARK.match(bare)


@given(TEXTS)
def test_escape_round_trip(text: str) -> None:
    """Unescaping gives back the text that was escaped, whatever it holds."""
    assert unescape(escape(text)) == text


@given(TEXTS)
def test_escaped_text_is_plain(text: str) -> None:
    """Nothing in an escaped text is formatting, a mention, an emoji or a link."""
    assert_plain(escape(text))


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("in 2024. Done - or not (yet)", "in 2024. Done - or not (yet)"),
        ("- a list", r"\- a list"),
        ("12. twelfth", r"12\. twelfth"),
        ("# loud", r"\# loud"),
        ("a_b", r"a\_b"),
        ("https://x.y", r"https\://x.y"),
        ("<@1> @here", r"\<\@1> \@here"),
        ("Discord.GG/a, not discord.ggs", r"Discord\.GG/a, not discord.ggs"),
        ("discordapp.com/invite/a", r"discordapp\.com/invite/a"),
    ],
)
def test_escape(text: str, escaped: str) -> None:
    """Marks are escaped where Discord would read them, and only there."""
    assert escape(text) == escaped


@given(TEXTS)
def test_one_line(text: str) -> None:
    """A text on one line holds no control character, no surrogate and no double space."""
    line = one_line(text)
    assert line == " ".join(line.split())
    assert all(char.isprintable() or char == "\u200d" for char in line)
    assert one_line(line) == line


@given(TEXTS, st.integers(min_value=1, max_value=60))
def test_clip(text: str, limit: int) -> None:
    """A clipped text fits and is the text, or its beginning and an ellipsis."""
    clipped = clip(text, limit)
    assert length(clipped) <= limit
    assert clipped == text or text.startswith(clipped.removesuffix("…"))


@given(TEXTS, st.integers(min_value=100, max_value=300))
def test_cut(text: str, limit: int) -> None:
    """A cut text fits, is plain, and is the text or its beginning with the cut marked."""
    shown = cut(text, limit)
    assert length(shown) <= limit
    assert_plain(shown.removesuffix(" […]"))
    whole = re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", " ", text)
    if unescape(shown) != whole:
        assert shown.endswith(" […]")
        assert whole.startswith(unescape(shown.removesuffix(" […]")))


@pytest.mark.parametrize("before", range(30, 45))
def test_an_invitation_within_a_long_word(before: int) -> None:
    """However long the word is that an invitation stands in, its dot is escaped, and kept whole."""
    word = "x" * before + "-discord.gg/evil"
    for made in (cut(word, 500), cut_start(word, 500), bold(word, (), 500)):
        assert made == word.replace(".", r"\.")


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[Span]]:
    """A text and some spans of it."""
    text = draw(TEXTS.filter(bool))
    places = st.integers(min_value=0, max_value=len(text))
    pairs = draw(st.lists(st.tuples(places, places), max_size=8))
    return text, [Span(min(pair), max(pair)) for pair in pairs]


@given(marked_texts(), st.integers(min_value=100, max_value=300))
def test_bold(marked: tuple[str, list[Span]], limit: int) -> None:
    """With spans in bold the text reads as without, and every bold span is closed."""
    text, spans = marked
    shown = bold(text, spans, limit)
    assert length(shown) <= limit
    bare = ESCAPE.sub("\u25a1", shown.removesuffix(" […]"))
    assert bare.count("*") == 2 * bare.count("**")
    assert bare.count("**") % 2 == 0
    assert "****" not in bare
    assert_plain(re.sub(r"(?<!\\)((?:\\\\)*)\*\*", "\\1\u25a1", shown.removesuffix(" […]")))


def test_bold_words() -> None:
    """Matched words are bold, those that touch as one, overlapping and unordered ones too."""
    spans = [Span(8, 11), Span(0, 3), Span(10, 13), Span(5, 5)]
    assert bold("one two three four", spans, 100) == "**one** two **three** four"


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("https://example.org/a_(b)", "https://example.org/a_%28b%29"),
        ("javascript:alert(1)", None),
        ("https://example.org/ a", None),
        ("https://example.org/>@everyone", None),
        ("https://example.org/\n# loud", None),
        ("https://example.org/" + "a" * 200, None),
    ],
)
def test_link_target(url: str, target: str | None) -> None:
    """Only what is a web address and stays within its brackets becomes a link."""
    assert link_target(url, 200) == target
