"""What generators of sites write into Markdown for their own use, which is no text.

GitBook, Hugo, Jekyll, Docusaurus, VuePress, MkDocs, MyST, GitHub and Obsidian each have marks of
their own for notes, tabs and includes. What stands within a note is read as any text; its title
heads it.
"""

from __future__ import annotations

import re
from html import escape

# Lines that are nothing but marks: {% hint %}, {{< note >}}, {: .class}, :local:, [TOC], %% … %%,
# and the imports of MDX.
_TAG_LINE = re.compile(
    r"\s*(?:\{%[^%]*%\}|\{\{[<%].*[>%]\}\}|\{[:#.][^}]*\}|:[a-z-]{1,30}:(?:\s.*)?"
    r"|\[\[?_?(?i:toc)_?\]\]?|%%.*%%|import\s[^'\"]*['\"][^'\"]+['\"];?|export\s(?:const|default)\s.*)\s*"
)
_TAGS = re.compile(r"\{%[^%\n]{0,300}%\}|\{\{[<%][^}\n]{0,300}[>%]\}\}|\{:[^}\n]{0,300}\}")
# MkDocs: !!! note "Title", with what it holds indented; ??? may be folded; === "Title" is a tab.
_ADMONITION = re.compile(r"(\s*)(?:!!!|\?\?\?\+?)\s*[\w-]+(?:\s+[\w-]+)*\s*(?:\"([^\"]*)\")?\s*")
_TAB = re.compile(r"(\s*)===[!+]?\s*\"([^\"]*)\"\s*")
# Docusaurus and VuePress: :::tip Title, and ::: at the end; MyST: :::{note} Title.
_CONTAINER = re.compile(
    r"\s*:{3,}\s*(?:\{[^}]*\}(?:\s+(?!\{)(.*))?|[\w-]+(?:\[([^\]]*)\]|\s+(?!\{)(.*))?)(?:\s*\{[^}]*\})?\s*"
)
_CONTAINER_END = re.compile(r"\s*:{3,}\s*")
# GitHub and Obsidian: > [!NOTE] Title, on a line of its own.
_ALERT = re.compile(r"(\s*>\s*)\[![A-Za-z]+\][+-]?\s*(.*)")
_INDENT = 4

# MyST: ```{note}, with options :name: value below it.
_DIRECTIVE = re.compile(r"\s*(?:`{3,}|~{3,}|:{3,})\s*\{([\w:-]+)\}\s*(.*)")
_OPTION = re.compile(r"\s*:[\w-]+:(?:\s.*)?")
_PROSE = frozenset(
    "note tip warning important caution danger hint attention error seealso admonition todo "
    "topic sidebar epigraph dropdown card versionadded versionchanged deprecated".split()
)
_CODE = frozenset("code code-block code-cell sourcecode parsed-literal math".split())


def without_marks(lines: list[str], numbers: list[int]) -> tuple[list[str], list[int]]:
    """Return lines without generators' marks, and the number of each; a note with a title is
    written as HTML has it.
    """
    marks = _Marks()
    for number, line in zip(numbers, lines, strict=True):
        marks.take(number, line)
    return marks.lines, marks.numbers


class _Marks:
    """Takes Markdown line by line, and leaves out what generators read."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.numbers: list[int] = []
        self._number = 0
        self._fence = ""  #: of the code that is open
        self._kind = "code"  #: what is done with the lines of that
        self._notes: list[tuple[int, bool]] = []  #: the indentation of each that is open, titled?
        self._containers: list[bool] = []  #: whether each that is open has a title
        self._quoted = False  #: whether a quotation with a title is open

    def take(self, number: int, line: str) -> None:
        """Take the next line."""
        self._number = number
        bare = line.strip()
        if self._quoted and not bare.startswith(">"):
            self._quoted = False
            self._closes()
        while self._notes and bare and _indent(line) <= self._notes[-1][0]:
            if self._notes.pop()[1]:
                self._closes()
        line = self._shifted(line)
        if self._fence:
            self._add(self._coded(line, bare))
        elif bare.startswith(("```", "~~~")):
            self._fence = bare[: len(bare) - len(bare.lstrip(bare[0]))]
            self._kind = "code"
            directive = _DIRECTIVE.fullmatch(line)
            self._add(self._directive(directive[1], directive[2], line) if directive else line)
        else:
            self._text(line)

    def _shifted(self, line: str) -> str:
        """Return a line without the indentation of the notes that it stands in."""
        if not self._notes:
            return line
        first, depth = self._notes[0][0], _INDENT * len(self._notes)
        return line[:first] + line[first + depth :] if _indent(line) >= first + depth else line

    def _coded(self, line: str, bare: str) -> str:
        """Return what is shown of a line of code, or of what a directive holds."""
        if bare.startswith(self._fence) and not bare.strip(self._fence[0]):
            self._fence = ""
            return line if self._kind in ("code", "options") else ""
        if self._kind == "drop" or (self._kind.endswith("options") and _OPTION.fullmatch(line)):
            return ""
        self._kind = self._kind.removesuffix("options") or "code"
        if self._kind == "prose":
            return "" if _TAG_LINE.fullmatch(line) else _TAGS.sub("", line)
        return line

    def _directive(self, name: str, title: str, line: str) -> str:
        """Return what is shown of the first line of a directive."""
        if name in _PROSE:
            self._kind = "proseoptions"
            return f"**{title}**" if title else ""
        if name in _CODE:
            self._kind = "options"
            return line
        self._kind = "drop"  # menus, pictures, what is included from elsewhere
        return ""

    def _text(self, line: str) -> None:
        if note := _ADMONITION.fullmatch(line) or _TAB.fullmatch(line):
            deeper = _INDENT * len(self._notes)
            self._notes.append((len(note[1]) + deeper, bool(note[2])))
            self._opens(note[2], note[1])
        elif _CONTAINER_END.fullmatch(line):
            if self._containers and self._containers.pop():
                self._closes()
            else:
                self._add("")
        elif container := _CONTAINER.fullmatch(line):
            title = container[1] or container[2] or container[3]
            self._containers.append(bool(title))
            self._opens(title)
        elif alert := _ALERT.fullmatch(line):
            self._quoted = bool(alert[2])
            self._opens(alert[2], before=alert[1])
        elif _TAG_LINE.fullmatch(line):
            self._add("")
        else:
            self._add(_TAGS.sub("", line) if "{" in line else line)

    def _opens(self, title: str | None, before: str = "") -> None:
        """Begin a note: its title, if it has one, heads what stands in it."""
        self._add(before.rstrip())
        if title:
            said = escape(title.replace("*", "").replace("`", ""), quote=False)
            self._add(f"{before}<details><summary>{said}</summary>")
            self._add(before.rstrip())

    def _closes(self) -> None:
        for line in ("", "</details>", ""):
            self._add(line)

    def _add(self, line: str) -> None:
        self.lines.append(line)
        self.numbers.append(self._number)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
