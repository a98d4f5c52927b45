"""What Discord makes of a text: written from its documentation and its clients' behaviour, and not
from ``bot.chat.markup``, so that the one can judge the other.

https://support.discord.com/hc/en-us/articles/210298617 (formatting),
https://discord.com/developers/docs/reference#message-formatting (mentions, emoji, timestamps).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

#: What a line may begin with, one behind the other.
_BLOCKS = (
    ("quote", re.compile(r">>> |> ")),
    ("heading", re.compile(r"#{1,3}\s+(?=\S)")),
    ("subtext", re.compile(r"-#\s+(?=\S)")),
    ("list", re.compile(r"\s*(?:[-*+]|\d+[.)])\s+(?=\S)")),
)

#: What begins at a character, the first that fits. A group ``inner`` is read again, a group
#: ``verbatim`` is shown as it is, and of others the whole is shown.
_INLINE = (
    ("escape", re.compile(r"\\(?P<verbatim>[^0-9A-Za-z\s])")),
    ("code block", re.compile(r"```(?P<verbatim>.+?)```", re.DOTALL)),
    ("code", re.compile(r"(?P<ticks>`+)(?P<verbatim>.*?[^`])(?P=ticks)(?!`)", re.DOTALL)),
    ("link", re.compile(r"<(?P<target>(?:https?|discord|steam|mailto):[^\s<>]+)>")),
    (
        "mention",
        re.compile(r"<(?:@[!&]?|#)\d+>|<id:\w+(?::\d+)?>|</[^<>]+:\d+>|@(?:everyone|here)"),
    ),
    ("emoji", re.compile(r"<a?:\w+:\d+>")),
    ("timestamp", re.compile(r"<t:-?\d+(?::[tTdDfFRsS])?>")),
    (
        "link",
        re.compile(
            r"\[(?P<inner>(?:\\.|[^\[\]\\])+)\]"
            r"\(\s*<?(?P<target>(?:https?|discord)://[^\s<>()]+)>?(?:\s+[^)]*)?\)"
        ),
    ),
    ("address", re.compile(r"(?:https?|discord)://[^\s<]+[^<.,:;\"'\]\s]")),
    (
        "invite",
        re.compile(r"\b(?:discord\.gg|discord(?:app)?\.com/invite)/[\w-]+", re.IGNORECASE),
    ),
    ("spoiler", re.compile(r"\|\|(?P<inner>.+?)\|\|", re.DOTALL)),
    ("strong", re.compile(r"\*\*(?P<inner>(?:\\.|[^\\])+?)\*\*(?!\*)", re.DOTALL)),
    ("underline", re.compile(r"__(?P<inner>(?:\\.|[^\\])+?)__(?!_)", re.DOTALL)),
    ("strike", re.compile(r"~~(?P<inner>(?:\\.|[^\\])+?)~~", re.DOTALL)),
    ("emphasis", re.compile(r"\*(?=[^\s*])(?P<inner>(?:\\.|[^*\\])+?)(?<!\s)\*(?!\*)", re.DOTALL)),
    ("emphasis", re.compile(r"\b_(?P<inner>(?:\\.|[^_\\])+?)_(?!\w)", re.DOTALL)),
)


@dataclass
class Shown:
    """A text as people see it, and what in it is more than text."""

    text: str = ""
    marks: list[tuple[str, str]] = field(default_factory=list)  #: kind, and what was marked

    def kinds(self) -> set[str]:
        """The kinds of marks."""
        return {kind for kind, _ in self.marks}


def show(markup: str) -> Shown:
    """A message's content, or a text of a layout, as Discord shows it."""
    shown = Shown()
    for line in markup.split("\n"):
        rest, found = line, True
        while found:
            found = False
            for kind, pattern in _BLOCKS:
                if match := pattern.match(rest):
                    shown.marks.append((kind, rest))
                    rest, found = rest[match.end() :], True
                    break
        _inline(rest, shown)
        shown.text += "\n"
    return shown


def _inline(text: str, shown: Shown) -> None:
    place = 0
    while place < len(text):
        for kind, pattern in _INLINE:
            match = pattern.match(text, place)
            if match is None:
                continue
            groups = match.groupdict()
            if kind != "escape":
                shown.marks.append((kind, groups.get("target") or match[0]))
            if "inner" in groups:
                _inline(match["inner"], shown)
            else:
                shown.text += groups.get("verbatim") or match[0]
            place = match.end()
            break
        else:
            shown.text += text[place]
            place += 1


def bare(text: str) -> str:
    """A text without blanks and without what cannot be seen, to be looked for in another."""
    return "".join(c for c in text if unicodedata.category(c)[0] not in "ZC")
