"""One file, read: front matter, passages and their lines."""

from __future__ import annotations

import datetime
import subprocess
import sys
from pathlib import Path

import pytest

from bot.formats.document import Document
from bot.formats.reader import read_document

ROOT = Path(__file__).parents[2]


def read(folder: Path, content: str | bytes, name: str = "a.md") -> Document:
    """The document that a file of this content is read as."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_document(path)


def passages(document: Document) -> list[tuple[int | None, str]]:
    """The passages with their lines."""
    return [(paragraph.line, paragraph.text) for paragraph in document.blocks]


def test_front_matter_is_read(tmp_path: Path) -> None:
    """Title, language, date, url and note are taken, with the lines they stand on."""
    document = read(
        tmp_path,
        "---\n"
        'title: "L\'accord : le texte"\n'
        "language: FR\n"
        "tags: [not, read]\n"
        "date: 2024-11-06\n"
        "url: https://example.org/a?b=c\n"
        "note: >-\n  two\n  lines\n"
        "---\n"
        "Texte.\n",
    )
    assert document.title == "L'accord : le texte"
    assert document.language == "fr"
    assert document.date == datetime.date(2024, 11, 6)
    assert document.url == "https://example.org/a?b=c"
    assert document.note == "two lines"
    assert document.lines == {"title": 2, "language": 3, "date": 5, "url": 6, "note": 7}
    assert passages(document) == [(11, "Texte.")]


@pytest.mark.parametrize(
    "front_matter",
    ["", "---\n---\n", "---\n# nothing\n---\n", "--- \ntitle:\ndate:\nlanguage:\nurl:\n...\n"],
)
def test_front_matter_is_optional(front_matter: str, tmp_path: Path) -> None:
    """A file without front matter, or with an empty one, is read all the same."""
    document = read(tmp_path, f"{front_matter}Text.")
    assert not document.title
    assert (document.language, document.date, document.url) == (None, None, None)
    assert [text for _, text in passages(document)] == ["Text."]


def test_values_stay_text(tmp_path: Path) -> None:
    """``no`` is Norwegian and a number a title, not what YAML would make of them."""
    document = read(tmp_path, "---\nlanguage: no\ntitle: 2024\n---\nText.")
    assert (document.language, document.title) == ("no", "2024")


def test_no_escape_or_direction_mark_gets_into_a_value(tmp_path: Path) -> None:
    """A title cannot colour a terminal, turn a message round or break its line."""
    document = read(tmp_path, '---\ntitle: "a\\e[31m\\u202eb\\u2028c\\ud800\\nd"\n---\nText.')
    assert document.title == "a[31mb c d"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_endings_and_a_byte_order_mark_make_no_difference(
    ending: str, mark: str, tmp_path: Path
) -> None:
    """A file is read alike whichever system wrote it."""
    content = mark + "---\ntitle: T\n---\n\nOne.\nTwo.\n\n\nThree.".replace("\n", ending)
    document = read(tmp_path, content)
    assert document.title == "T"
    assert passages(document) == [(5, "One. Two."), (9, "Three.")]


def test_blank_lines_separate_passages_of_plain_text(tmp_path: Path) -> None:
    """Lines of one passage are joined by a space, whatever white space stands around them."""
    content = "\n  One\n  two.  \n \t\nThree *four*.\n# Five\n\n\n"
    document = read(tmp_path, content, "a.txt")
    assert passages(document) == [(2, "One two."), (5, "Three *four*. # Five")]


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_without_blank_lines_a_line_that_ends_a_sentence_ends_its_passage(
    name: str, tmp_path: Path
) -> None:
    """One paragraph a line is read as its author meant it; a line cut anywhere goes on."""
    content = "Un.\nDeux ?\nTrois !  \n« Quatre »\n“Five.”\nSix…\nSeven is\ncut.\n"
    expected = ["Un.", "Deux ?", "Trois !", "« Quatre »", "“Five.”", "Six…", "Seven is cut."]
    assert passages(read(tmp_path, content, name)) == list(enumerate(expected, 1))


def test_the_front_matters_title_wins_over_a_heading(tmp_path: Path) -> None:
    """A heading is the title only where no other is given; else it stays a heading."""
    document = read(tmp_path, "---\ntitle: Given\n---\n# Heading\n\n## Second\n\nText.\n")
    assert document.title == "Given"
    assert [(block.kind, block.text) for block in document.blocks] == [
        ("heading", "Heading"),
        ("heading", "Second"),
        ("paragraph", "Text."),
    ]


@pytest.mark.parametrize(
    "date", ["2024-05-01", "2024-05-01 10:00:00 +0200", "2024-05-01T10:00:00Z", "2024-05-01 9:30"]
)
def test_a_date_may_carry_a_time(date: str, tmp_path: Path) -> None:
    """As generators of sites write it; the day counts."""
    document = read(tmp_path, f"---\nlayout: post\ndate: {date}\n---\nText.")
    assert document.date == datetime.date(2024, 5, 1)


@pytest.mark.parametrize(
    "given", ["[HT, Harbour Treaty]", "HT, Harbour Treaty", "\n- HT\n- Harbour Treaty\n- HT"]
)
def test_other_names_are_a_list_or_stand_between_commas(given: str, tmp_path: Path) -> None:
    """Each name once; other keys may hold lists and mappings."""
    document = read(tmp_path, f"---\nmenu:\n  main: {{weight: 3}}\naliases: {given}\n---\nText.")
    assert document.aliases == ("HT", "Harbour Treaty")


def test_front_matter_may_be_toml(tmp_path: Path) -> None:
    """As Hugo has it, with the same keys."""
    document = read(
        tmp_path,
        "+++\n"
        'title = "The quay"\n'
        "date = 2024-05-01T10:00:00Z\n"
        'aliases = ["Quay"]\n'
        "[menu.main]\nweight = 3\n"
        "+++\n\nText.\n",
    )
    assert (document.title, document.aliases) == ("The quay", ("Quay",))
    assert document.date == datetime.date(2024, 5, 1)
    assert document.lines == {"title": 2, "date": 3, "aliases": 4}
    assert passages(document) == [(9, "Text.")]


@pytest.mark.parametrize("end", ["", "\n---\n\nMore.\n"])
@pytest.mark.parametrize(
    "text", ["\nThe club met.", "The club met.", "- The club met.", "\nNote: x"]
)
def test_a_rule_on_the_first_line_is_no_front_matter(text: str, end: str, tmp_path: Path) -> None:
    """Where no key follows it at once, what stands below is text."""
    document = read(tmp_path, f"---\n{text}\n{end}")
    assert text.strip("\n -") in [block.text for block in document.blocks] or document.title


def test_characters_that_nobody_reads_are_left_out(tmp_path: Path) -> None:
    """Controls and direction marks go; a line or paragraph separator is a space."""
    content = "a\x1b[1mb\u202ec\u2066d\x7f\u2028e\x85f\ufeff.\n\n\x01\u202e\n\nNext."
    document = read(tmp_path, content, "a.txt")
    assert passages(document) == [(1, "a[1mbcd e f."), (5, "Next.")]


def test_what_has_only_inner_marks_is_kept(tmp_path: Path) -> None:
    """No-break spaces, soft hyphens and joiners belong to a text and are quoted with it."""
    text = "« 100\u202f000 »\u00a0: co\u00adop, \U0001f469\u200d\U0001f680, نص"
    assert passages(read(tmp_path, text, "a.txt")) == [(1, text)]


def test_markdown_alone_is_read_without_the_libraries_of_other_formats(tmp_path: Path) -> None:
    """``treaty-bot ask`` on Markdown starts light."""
    (tmp_path / "a.md").write_text("Cats sleep.")
    code = (
        "import sys\nfrom bot.__main__ import main\n"
        "code = main(['ask', '--corpus', sys.argv[1], 'do cats sleep?'])\n"
        "heavy = {'trafilatura', 'lxml', 'pypdf', 'docx'} & set(sys.modules)\n"
        "sys.exit(code or ', '.join(sorted(heavy)) or 0)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, cwd=ROOT)


def test_a_text_may_speak_of_other_formats(tmp_path: Path) -> None:
    """Only how a file begins tells what it is."""
    for text in ("A PDF begins with %PDF-1.7.", "The <html> tag.", "PK is a mark."):
        assert [t for _, t in passages(read(tmp_path, text, "a.txt"))] == [text]
