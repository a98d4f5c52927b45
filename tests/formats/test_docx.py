"""Word files, read: what a reader of the text sees, in its order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from bot.formats.document import Document
from bot.formats.reader import read_document

DATA = Path(__file__).parent / "data"


def read(folder: Path, write: Callable[[Any], object]) -> Document:
    """The document that a Word file is read as, into which ``write`` has written."""
    word = docx.Document()
    write(word)
    path = folder / "a.docx"
    word.save(str(path))
    return read_document(path)


def texts(document: Document) -> list[str]:
    """The passages, without headings."""
    return [block.text for block in document.blocks if block.kind != "heading"]


def test_a_file_of_libreoffice() -> None:
    """The first heading is the title; paragraphs, list items and rows are passages."""
    document = read_document(DATA / "libreoffice.docx")
    assert document.title == "Le traité de Pyongyang"
    assert texts(document) == [
        "Le Sénat russe a ratifié mercredi le traité de partenariat stratégique global avec la "
        "Corée du Nord, signé en juin à Pyongyang par Vladimir Poutine et Kim Jong-un. Le vote a "
        "été unanime.",
        "Le texte prévoit une « aide militaire immédiate » en cas d’agression armée "
        "contre l’une des deux parties. Il compte vingt-trois articles et remplace celui de 2000.",
        "Premier point de la liste.",
        "Second point, avec l’efficacité des finances.",
        "Pays · Vote",
        "Russie · Unanime",
        "Cette page est la deuxième.",
    ]  # fmt: skip
    assert {(p.line, p.page) for p in document.blocks} == {(None, None)}


def an_article(word: Any) -> None:
    """A title, headings, paragraphs, a list, a table, a header and a footer."""
    word.sections[0].header.paragraphs[0].text = "Draft"
    word.sections[0].footer.paragraphs[0].text = "Page 1"
    word.add_heading("The Ratification", 0)
    word.add_heading("In Moscow", 1)
    paragraph = word.add_paragraph("The Council ")
    paragraph.add_run("ratified").bold = True
    paragraph.add_run(" the treaty.\nNobody\tobjected.")
    word.add_paragraph("")
    word.add_paragraph("It has 23 articles.", style="List Number")
    table = word.add_table(1, 2)
    table.cell(0, 0).text = "Vote"
    inner = table.cell(0, 1).add_table(1, 1)
    inner.cell(0, 0).text = "Unanimous"
    word.add_page_break()
    word.add_paragraph("The end.", style="Quote")


def test_paragraphs_lists_and_tables_in_their_order(tmp_path: Path) -> None:
    """Headers and footers are not read; a table of one row is its paragraphs."""
    document = read(tmp_path, an_article)
    assert document.title == "The Ratification"
    assert texts(document) == [
        "The Council ratified the treaty. Nobody\tobjected.",
        "1. It has 23 articles.",
        "Vote",
        "Unanimous",
        "The end.",
    ]
    assert (document.language, document.date, document.url) == (None, None, None)


def test_headings_items_and_rows(tmp_path: Path) -> None:
    """Headings keep their level; a bold first row is a table's head; merged cells are repeated."""

    def written(word: Any) -> None:
        word.add_heading("Fees", 2)
        word.add_paragraph("Bring a lamp.", style="List Bullet")
        table = word.add_table(3, 2)
        for cell, text in zip(table.rows[0].cells, ("Boat", "Price"), strict=True):
            cell.paragraphs[0].add_run(text).bold = True
        table.cell(1, 0).merge(table.cell(2, 0)).text = "Punt"
        table.cell(1, 1).text = "£4"
        table.cell(2, 1).text = "£5"
        word.add_heading("Keys", 2)
        word.add_paragraph("Ask.")

    blocks = read(tmp_path, written).blocks
    assert [(block.kind, block.level, block.text) for block in blocks] == [
        ("heading", 2, "Fees"),
        ("item", 1, "Bring a lamp."),
        ("row", 0, "Boat: Punt · Price: £4"),
        ("row", 0, "Boat: Punt · Price: £5"),
        ("heading", 2, "Keys"),
        ("paragraph", 0, "Ask."),
    ]


def test_the_title_is_a_heading_or_what_the_file_says(tmp_path: Path) -> None:
    """A heading wins; without one the file's own title counts."""

    def untitled(word: Any) -> None:
        word.core_properties.title = "Given"
        word.add_paragraph("Text.")

    assert read(tmp_path, untitled).title == "Given"


def wrapped(word: Any, tag: str, text: str) -> None:
    """A paragraph whose second run stands in an element, such as a tracked change."""
    paragraph = word.add_paragraph("Seen. ")
    run = paragraph.add_run(text)
    element = OxmlElement(tag)
    run._r.addprevious(element)
    element.append(run._r)


@pytest.mark.parametrize(
    ("tag", "seen"),
    [
        ("w:ins", "Seen. Added."),
        ("w:hyperlink", "Seen. Added."),
        ("w:smartTag", "Seen. Added."),
        ("w:moveTo", "Seen. Added."),
        ("w:del", "Seen."),
        ("w:moveFrom", "Seen."),
    ],
)
def test_changes_are_read_as_accepted(tag: str, seen: str, tmp_path: Path) -> None:
    """What was added or linked is read, what was deleted is not."""
    assert texts(read(tmp_path, lambda word: wrapped(word, tag, "Added."))) == [seen]


def test_hidden_text_and_field_codes_are_not_read(tmp_path: Path) -> None:
    """A reader does not see them."""

    def hidden(word: Any) -> None:
        paragraph = word.add_paragraph("Seen.")
        paragraph.add_run(" Hidden.").font.hidden = True
        code = OxmlElement("w:instrText")
        code.text = "PAGE"
        paragraph.add_run()._r.append(code)

    assert texts(read(tmp_path, hidden)) == ["Seen."]


def test_a_content_control_is_read(tmp_path: Path) -> None:
    """Text in a field of a form, which python-docx's own list of paragraphs leaves out."""

    def controlled(word: Any) -> None:
        paragraph = word.add_paragraph("Chosen.")
        control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
        paragraph._p.addprevious(control)
        control.append(content)
        content.append(paragraph._p)
        assert content.tag == qn("w:sdtContent")

    assert texts(read(tmp_path, controlled)) == ["Chosen."]
