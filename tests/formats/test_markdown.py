"""Markdown, read: each kind of its structure, and its words as they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.formats.document import QUESTION_LEVEL, Block, Document
from bot.formats.reader import read_document


def read(folder: Path, content: str) -> Document:
    """The document that a file of this content is read as."""
    path = folder / "a.md"
    path.write_text(content, encoding="utf-8")
    return read_document(path)


def shown(document: Document) -> list[tuple[str, int, str]]:
    """The blocks by kind, level and text."""
    return [(block.kind, block.level, block.text) for block in document.blocks]


def texts(folder: Path, content: str) -> list[str]:
    """The texts of the blocks that are no headings."""
    return [block.text for block in read(folder, content).blocks if block.kind != "heading"]


def test_markdown_is_read_as_its_reader_sees_it(tmp_path: Path) -> None:
    """Marks go, text stays, each with its line: links, lists, tables, code, HTML and entities."""
    document = read(
        tmp_path,
        "# The *title*\n"
        "\n"
        "**Bold** and [link](https://example.org) and `code`<br> &amp; \\*star\\*.\n"
        "![picture](x.png)\n"
        "\n"
        "> A quote.\n"
        "\n"
        "- item one\n"
        "- item two\n"
        "\n"
        "| a | b |\n"
        "|---|---|\n"
        "| c | d |\n"
        "\n"
        "    indented\n"
        "\n"
        "```\n"
        "fenced\n"
        "```\n"
        "<div>raw</div>\n",
    )
    assert document.title == "The title"
    assert [(block.kind, block.line, block.text) for block in document.blocks] == [
        ("paragraph", 3, "Bold and link and code & *star*."),
        ("paragraph", 6, "A quote."),
        ("item", 8, "item one"),
        ("item", 9, "item two"),
        ("row", 13, "a: c · b: d"),
        ("code", 15, "indented"),
        ("code", 18, "fenced"),
        ("paragraph", 20, "raw"),
    ]


def test_headings_keep_their_level(tmp_path: Path) -> None:
    """Both ways to write them; the only one of the first level, at the top, is the title."""
    document = read(tmp_path, "Quay\n====\n\n## Boats\n\nRent.\n\n### Oars ###\n\nAsk.\n")
    assert document.title == "Quay"
    assert shown(document) == [
        ("heading", 2, "Boats"),
        ("paragraph", 0, "Rent."),
        ("heading", 3, "Oars"),
        ("paragraph", 0, "Ask."),
    ]


@pytest.mark.parametrize(
    "content",
    [
        "**May I swim?**\nYes, at dawn.",
        "**May I swim?**\n\nYes, at dawn.",
        "Q: May I swim?\nA: Yes, at dawn.",
        "Q: May I swim?\n\nA: Yes, at dawn.",
        "**Q:** May I swim?\n\n**A:** Yes, at dawn.",
        "May I swim?\n:   Yes, at dawn.",
        "<details>\n<summary>May I swim?</summary>\nYes, at dawn.\n</details>",
        "<details>\n<summary>May I swim?</summary>\n\nYes, at dawn.\n\n</details>",
        "<details><summary><b>May I swim?</b></summary>\n\nYes, at dawn.\n</details>",
    ],
)
def test_a_question_is_the_heading_of_its_answer(content: str, tmp_path: Path) -> None:
    """However the question and the answer are written; their labels are no text."""
    blocks = shown(read(tmp_path, f"Hello.\n\n{content}\n"))
    assert blocks[:3] == [
        ("paragraph", 0, "Hello."),
        ("heading", QUESTION_LEVEL, "May I swim?"),
        ("paragraph", 0, "Yes, at dawn."),
    ]


def test_what_follows_folded_text_is_not_in_its_section(tmp_path: Path) -> None:
    """A heading without text ends it."""
    content = "A.\n\n<details>\n<summary>B?</summary>\n\nC.\n\n</details>\n\nD.\n"
    assert shown(read(tmp_path, content))[-2:] == [
        ("heading", QUESTION_LEVEL, ""),
        ("paragraph", 0, "D."),
    ]


def test_a_row_has_its_cells_with_their_heads(tmp_path: Path) -> None:
    """Links, code, breaks and empty cells stay in their places."""
    content = (
        "| Boat | Price<br>a day | Where |\n|---|:-:|--|\n"
        "| `punt` | | [quay](x) |\n| raft<br/>big | £4 | |\n"
    )
    document = read(tmp_path, content)
    assert document.blocks == (
        Block(
            "Boat: punt · Price a day: · Where: quay", 3, kind="row",
            cells=("punt", "", "quay"), heads=("Boat", "Price a day", "Where"),
        ),
        Block(
            "Boat: raft big · Price a day: £4 · Where:", 4, kind="row",
            cells=("raft big", "£4", ""), heads=("Boat", "Price a day", "Where"),
        ),
    )  # fmt: skip


def test_items_keep_their_numbers_and_their_depth(tmp_path: Path) -> None:
    """A number is text, a bullet or a box is none; a second paragraph of an item follows it."""
    content = (
        "Steps:\n\n3. Open the lock.\n\n   Slowly.\n4. Wait:\n   - five minutes\n   - [x] or ten\n"
    )
    assert shown(read(tmp_path, content)) == [
        ("paragraph", 0, "Steps:"),
        ("item", 1, "3. Open the lock."),
        ("paragraph", 1, "Slowly."),
        ("item", 1, "4. Wait:"),
        ("item", 2, "five minutes"),
        ("item", 2, "or ten"),
    ]


def test_code_keeps_its_lines(tmp_path: Path) -> None:
    """It is a block of its own behind what it belongs to."""
    content = "Run this:\n\n```sh\nmake  all\n  make test\n```\n"
    assert shown(read(tmp_path, content)) == [
        ("paragraph", 0, "Run this:"),
        ("code", 0, "make  all\n  make test"),
    ]


def test_a_note_is_text_of_its_own(tmp_path: Path) -> None:
    """Its mark is no part of a word or a number."""
    content = "Built in 1901.[^1] It holds.\n\n[^1]: As the mayor says.\n"
    assert texts(tmp_path, content) == ["Built in 1901. It holds.", "As the mayor says."]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("A 10<sup>6</sup> b.", "A 10⁶ b."),
        ("H<sub>2</sub>O falls.", "H₂O falls."),
        ("An area of 5 km<sup>2</sup>.", "An area of 5 km²."),
        ("x<sup>n</sup> grows.", "xⁿ grows."),
        ("E = mc<sup>2</sup> and (a+b)<sup>2</sup>.", "E = mc² and (a+b)²."),
        ("Of 2,000<sup>3</sup> ships.", "Of 2,000 [3] ships."),
        ("It is 21<sup>st</sup> and Ca<sup>2+</sup>.", "It is 21st and Ca²⁺."),
        ("The mayor<sup>7</sup> came.", "The mayor [7] came."),
        ("In 1987<sup>8</sup> it rose.", "In 1987 [8] it rose."),
        ("It rose.<sup>8</sup> Then fell.", "It rose. [8] Then fell."),
        ("The ship<sup>(9)</sup> sank.", "The ship (9) sank."),
        ("The ship<sup>[9]</sup> sank.", "The ship [9] sank."),
        ("The mayor<sup>a</sup> came.", "The mayor [a] came."),
        ("The 1<sup>er</sup> mai, XX<sup>e</sup> siècle.", "The 1er mai, XXe siècle."),
        ("coffee<br>Tickets", "coffee Tickets"),
        ("two  \nlines", "two lines"),
        ("a\\\nb", "a b"),
        ("un*believ*able `co`de [li](x)nk", "unbelievable code link"),
        ("snake_case_name and 2*3*4", "snake_case_name and 234"),
    ],
)
def test_words_stand_as_they_are(content: str, text: str, tmp_path: Path) -> None:
    """What is raised stays apart, a break is a space, marks neither cut nor glue."""
    assert texts(tmp_path, content) == [text]


@pytest.mark.parametrize(
    "content",
    [
        '!!! warning "Mind"\n    Wet floor.',
        "??? note\n    Wet floor.",
        "> [!NOTE]\n> Wet floor.",
        '{% hint style="info" %}\nWet floor.\n{% endhint %}',
        ":::tip\nWet floor.\n:::",
        "::: {.callout-note}\nWet floor.\n:::",
        "```{note}\n:class: wide\nWet floor.\n```",
        "```{toctree}\n:maxdepth: 2\n\nintro\nusage\n```\n\nWet floor.",
        "{{< alert >}}\nWet floor.\n{{< /alert >}}",
        "Wet floor.\n{: .lead}",
        "{#floor .wet}\n\nWet floor.",
        '=== "Cellar"\n    Wet floor.',
        '!!! warning\n    !!! tip "Mind"\n        Wet floor.',
        "[TOC]\n\n[[_toc_]]\n\nWet floor.",
        "%% not for readers %%\n\nWet floor.",
        "import Tabs from '@theme/Tabs';\n\nWet floor.",
    ],
)
def test_marks_of_generators_are_no_text(content: str, tmp_path: Path) -> None:
    """What they stand around is."""
    assert texts(tmp_path, content) == ["Wet floor."]


@pytest.mark.parametrize(
    "content",
    [
        '!!! warning "Mind"\n    Wet floor.\n\nBehind it.',
        '=== "Mind"\n    Wet floor.\n\nBehind it.',
        ":::tip Mind\nWet floor.\n:::\nBehind it.",
        ":::{note} Mind\nWet floor.\n:::\nBehind it.",
        "> [!NOTE] Mind\n> Wet floor.\n\nBehind it.",
    ],
)
def test_the_title_of_a_note_heads_what_stands_in_it(content: str, tmp_path: Path) -> None:
    """And nothing behind it."""
    assert shown(read(tmp_path, content)) == [
        ("heading", QUESTION_LEVEL, "Mind"),
        ("paragraph", 0, "Wet floor."),
        ("heading", QUESTION_LEVEL, ""),
        ("paragraph", 0, "Behind it."),
    ]


@pytest.mark.parametrize("old", ["~~free~~", "<del>free</del>", "<s>free</s>"])
def test_what_is_struck_out_is_told_and_not_read(old: str, tmp_path: Path) -> None:
    """As in Word: its author took it back; a mark that nothing ends strikes nothing."""
    document = read(tmp_path, f"The berth is {old} for £4.\n\nUse go <s> now.")
    assert [block.text for block in document.blocks] == ["The berth is for £4.", "Use go now."]
    assert document.remarks[0] == (1, "text that is struck out is not read")


def test_attributes_of_a_heading_are_no_part_of_it(tmp_path: Path) -> None:
    """Of pandoc, kramdown and Docusaurus."""
    document = read(tmp_path, "# A\n\n## Fees {#fees .wide}\n\nHi.\n\n## Keys {: #keys }\n\nHo.")
    assert [b.text for b in document.blocks if b.kind == "heading"] == ["Fees", "Keys"]


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    """With its line."""
    document = read(tmp_path, 'Hi.\n\n<iframe src="x"></iframe>\n\n<video src="y"></video>\n')
    assert document.remarks == (
        (3, "an embedded page is not read"),
        (5, "an embedded video is not read"),
    )


def test_html_is_read_as_a_page(tmp_path: Path) -> None:
    """Paragraphs, tables and pictures that say something."""
    content = (
        "Hi.\n\n<p>Shut on <b>Mondays</b>.</p>\n\n"
        "<table><tr><th>Boat</th><th>Price</th></tr><tr><td>Punt</td><td>£4</td></tr></table>\n\n"
        '<img src="x.png" alt="The crane lifts a boat">\n'
    )
    assert texts(tmp_path, content) == [
        "Hi.", "Shut on Mondays.", "Boat: Punt · Price: £4", "The crane lifts a boat",
    ]  # fmt: skip
