"""Plain text: what its lines tell of headings, items, tables and questions."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.formats.document import LINE_LEVEL, QUESTION_LEVEL, Document
from bot.formats.plain import plain_blocks
from bot.formats.reader import read_document


def read(text: str) -> Document:
    """The document that a plain text is read as."""
    return read_document(Path("a.txt"), text.encode())


def shapes(text: str) -> list[tuple[str, int, str]]:
    """Kind, level and text of each block."""
    return [(block.kind, block.level, block.text) for block in read(text).blocks]


def test_headings_and_the_title() -> None:
    """An underlined line, a line of capitals and a short line above a sentence are headings."""
    text = "Boat club\n=========\n\nMoorings\n\nA berth costs £10.\n\nKEYS\nAsk at the hut.\n"
    assert read(text).title == "Boat club"
    assert shapes(text) == [
        ("heading", LINE_LEVEL, "Moorings"),
        ("paragraph", 0, "A berth costs £10."),
        ("heading", LINE_LEVEL, "KEYS"),
        ("paragraph", 0, "Ask at the hut."),
    ]


def test_names_are_no_headings() -> None:
    """Short lines above one another are a list, not headings."""
    assert [kind for kind, _, _ in shapes("Ada\n\nBea\n\nCleo")] == ["paragraph"] * 3


def test_items_keep_numbers_and_depth() -> None:
    """A number is text and marker, a bullet is neither; what is indented is inside."""
    text = "Bring:\n1. a rope\n   - of hemp,\n     not wire\n2. a lamp"
    assert shapes(text) == [
        ("paragraph", 0, "Bring:"),
        ("item", 1, "1. a rope"),
        ("item", 2, "of hemp, not wire"),
        ("item", 1, "2. a lamp"),
    ]
    assert [block.marker for block in read(text).blocks] == ["", "1.", "", "2."]


def test_clauses_stand_apart() -> None:
    """Their numbers have others within; one of its own line is a heading, a figure is neither."""
    clauses = "2.1.1 The fee is £4.\n2.1.2 It is due\nin May, about\n3.5 pounds a day."
    text = f"Here are the rules.\n\n2.1 Fees\n\n{clauses}"
    assert shapes(text)[1:] == [
        ("heading", LINE_LEVEL, "2.1 Fees"),
        ("item", 1, "2.1.1 The fee is £4."),
        ("item", 1, "2.1.2 It is due in May, about 3.5 pounds a day."),
    ]


def test_a_number_within_a_sentence_is_no_item() -> None:
    """A hard-wrapped line may begin with a number and a point."""
    assert shapes("It was built in room\n12. It still stands.") == [
        ("paragraph", 0, "It was built in room 12. It still stands.")
    ]


def test_questions() -> None:
    """A labelled question heads its answer, and the labels are no text."""
    text = "Q: Is it deep?\nA: No, it is\nshallow.\n\nQ: Is it cold?\n\nA: Yes."
    assert shapes(text) == [
        ("heading", QUESTION_LEVEL, "Is it deep?"),
        ("paragraph", 0, "No, it is shallow."),
        ("heading", QUESTION_LEVEL, "Is it cold?"),
        ("paragraph", 0, "Yes."),
    ]


def test_labels_of_questions_may_have_a_point_or_a_number() -> None:
    """A list of letters is no list of questions."""
    assert shapes("Q. Is it deep?\nA. No.\n\nQ2: Is it cold?\nA2: Yes.") == [
        ("heading", QUESTION_LEVEL, "Is it deep?"),
        ("paragraph", 0, "No."),
        ("heading", QUESTION_LEVEL, "Is it cold?"),
        ("paragraph", 0, "Yes."),
    ]
    assert {kind for kind, *_ in shapes("A. Open it.\nF. Shut it.\nR. Go home.")} == {"paragraph"}


def test_aligned_columns_are_rows() -> None:
    """Columns two spaces apart are a table, whose first line without figures is its head."""
    rows = read("Boat    Price\nCanoe   8\nPunt    12\n").blocks
    assert [row.text for row in rows] == ["Boat: Canoe · Price: 8", "Boat: Punt · Price: 12"]
    assert rows[0].kind == "row"


def test_commands_are_not_glued() -> None:
    """Each line of a list of commands is its own item."""
    assert shapes("!warn – writes to a member\n!mute – silences one") == [
        ("item", 1, "!warn – writes to a member"),
        ("item", 1, "!mute – silences one"),
    ]


def test_keys_and_their_lines() -> None:
    """Each key begins an item, a term heads what is indented below it."""
    assert shapes("Ports.\n\nPort: 80, or\n443.\nHost: boats")[1:] == [
        ("item", 1, "Port: 80, or 443."),
        ("item", 1, "Host: boats"),
    ]
    assert shapes("Crew.\n\nMate\n    Steers.")[1:] == [
        ("heading", LINE_LEVEL, "Mate"),
        ("paragraph", 0, "Steers."),
    ]


def test_commands_in_columns_have_no_heads() -> None:
    """A command in the first line is no head of the ones below it."""
    assert shapes("/home    goes home\n/wait    waits 9 minutes")[0][2] == "/home · goes home"


def test_lines_are_joined_as_printed() -> None:
    """A line that ends in a hyphen or an at sign goes on without a space."""
    text = "Write to ann@\nexample.org about the cross-\nborder path."
    assert shapes(text)[0][2] == "Write to ann@example.org about the cross-border path."


@given(st.text(alphabet="aB1 \n\t-.:?=()Q"))
def test_no_letter_is_lost(text: str) -> None:
    """Whatever the lines look like, their letters are in the blocks or are a label."""
    lines = text.split("\n")
    read = " ".join(block.text for block in plain_blocks(lines, list(range(1, len(lines) + 1))))
    assert read.count("a") >= text.count("a")
