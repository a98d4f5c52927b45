"""Word files, read: what a reader of the text sees, in its order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
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


def element(tag: str, **attributes: str) -> Any:
    """An element of Word's with attributes of its own."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def a_list(word: Any, *levels: dict[str, str], number: str = "90", flags: str = "") -> None:
    """Define a list whose levels have these formats, texts and styles; ``flags`` mark the last."""
    numbering = word.part.numbering_part.element
    abstract = element("w:abstractNum", abstractNumId=number)
    for depth, look in enumerate(levels):
        level = element("w:lvl", ilvl=str(depth))
        for name, value in {"start": "1", **look}.items():
            level.append(element(f"w:{name}", val=value))
        if flags and depth == len(levels) - 1:
            level.append(element(flags))
        abstract.append(level)
    numbering.insert(0, abstract)
    num = element("w:num", numId=number)
    num.append(element("w:abstractNumId", val=number))
    numbering.append(num)


def numbered(word: Any, text: str, depth: int, number: str = "90") -> Any:
    """A paragraph of a list."""
    paragraph = word.add_paragraph(text)
    properties = element("w:numPr")
    properties.append(element("w:ilvl", val=str(depth)))
    properties.append(element("w:numId", val=number))
    paragraph._p.get_or_add_pPr().append(properties)
    return paragraph


ARTICLE = {"numFmt": "upperRoman", "lvlText": "Article %1."}
SECTION = {"numFmt": "decimalZero", "lvlText": "Section %1.%2"}
POINT = {"numFmt": "lowerLetter", "lvlText": "(%3)"}


@pytest.mark.parametrize(("flags", "section"), [("", "Section II.01"), ("w:isLgl", "Section 2.01")])
def test_numbers_are_as_word_prints_them(flags: str, section: str, tmp_path: Path) -> None:
    """Each level in its own style, in digits where the numbering is legal; a level starts anew."""

    def written(word: Any) -> None:
        a_list(word, ARTICLE, SECTION, flags=flags)
        numbered(word, "Fees", 0)
        numbered(word, "A fee is due.", 1)
        numbered(word, "Berths", 0)
        numbered(word, "A berth is free.", 1)

    assert texts(read(tmp_path, written)) == [
        "Article I. Fees",
        section.replace("II", "I").replace("2", "1") + " A fee is due.",
        "Article II. Berths",
        f"{section} A berth is free.",
    ]


def test_letters_behind_z_are_doubled(tmp_path: Path) -> None:
    """As Word has them: z, aa, bb."""

    def written(word: Any) -> None:
        a_list(word, {"numFmt": "lowerLetter", "lvlText": "%1)"})
        for number in range(28):
            numbered(word, f"Item {number}.", 0)

    assert texts(read(tmp_path, written))[-3:] == ["z) Item 25.", "aa) Item 26.", "bb) Item 27."]


def test_lists_of_one_definition_count_on_together(tmp_path: Path) -> None:
    """One that starts anew does so once."""

    def written(word: Any) -> None:
        a_list(word, {"numFmt": "decimal", "lvlText": "%1."})
        again = element("w:num", numId="91")
        again.append(element("w:abstractNumId", val="90"))
        override = element("w:lvlOverride", ilvl="0")
        override.append(element("w:startOverride", val="7"))
        again.append(override)
        word.part.numbering_part.element.append(again)
        for number in ("90", "91", "90", "91"):
            numbered(word, "Item.", 0, number)

    assert texts(read(tmp_path, written)) == ["1. Item.", "7. Item.", "8. Item.", "9. Item."]


def test_a_style_may_number_its_paragraphs(tmp_path: Path) -> None:
    """With the list of the style that it is based on, at the level that names it."""

    def written(word: Any) -> None:
        a_list(
            word,
            {"numFmt": "decimal", "lvlText": "%1.", "pStyle": "ClauseA"},
            {"numFmt": "decimal", "lvlText": "%1.%2", "pStyle": "ClauseB"},
        )
        first = word.styles.add_style("ClauseA", 1)
        properties = element("w:numPr")
        properties.append(element("w:numId", val="90"))
        first.element.get_or_add_pPr().append(properties)
        word.styles.add_style("ClauseB", 1).base_style = first
        word.add_paragraph("Fees are due.", style="ClauseA")
        word.add_paragraph("They are paid.", style="ClauseB")

    blocks = read(tmp_path, written).blocks
    assert [(block.text, block.level) for block in blocks] == [
        ("1. Fees are due.", 1), ("1.1 They are paid.", 2),
    ]  # fmt: skip


def test_a_clause_in_the_style_of_a_heading_is_text(tmp_path: Path) -> None:
    """Contracts number their clauses so; it can be quoted, and ends the section before it."""

    def written(word: Any) -> None:
        word.add_heading("Fees", 1)
        word.add_heading("Berths", 2)
        word.add_paragraph("A berth costs £4.")
        word.add_heading("The harbour shall repay a fee that was paid by mistake.", 2)
        word.add_heading("Keys", 1)
        word.add_paragraph("Ask.")

    blocks = read(tmp_path, written).blocks
    assert [block.text for block in blocks if block.kind == "paragraph"] == [
        "A berth costs £4.",
        "The harbour shall repay a fee that was paid by mistake.",
        "Ask.",
    ]


def test_bold_by_style_and_outline_are_headings(tmp_path: Path) -> None:
    """As what is based on a heading is."""

    def written(word: Any) -> None:
        strong = word.styles.add_style("Kopf", 1)
        strong.font.bold = True
        word.styles.add_style("Clause title", 1).base_style = word.styles["Heading 3"]
        word.add_paragraph("Fees", style="Kopf")
        word.add_paragraph("A berth costs £4.")
        word.add_paragraph("Repayment", style="Clause title")
        word.add_paragraph("A fee is repaid.")
        outlined = word.add_paragraph("Keys")
        outlined._p.get_or_add_pPr().append(element("w:outlineLvl", val="1"))
        word.add_paragraph("Article 2")
        word.add_paragraph("Ask.")

    headings = [b for b in read(tmp_path, written).blocks if b.kind == "heading"]
    assert [(block.text, block.level) for block in headings] == [
        ("Fees", 7), ("Repayment", 3), ("Keys", 2), ("Article 2", 7),
    ]  # fmt: skip


def test_a_paragraph_whose_end_was_deleted_goes_on(tmp_path: Path) -> None:
    """And a row that was deleted is none."""

    def written(word: Any) -> None:
        first = word.add_paragraph("The fee is")
        marks = element("w:rPr")
        marks.append(element("w:del", id="1"))
        first._p.get_or_add_pPr().append(marks)
        word.add_paragraph("£4.")
        table = word.add_table(3, 2)
        for row, texts_of in zip(table.rows, (("A", "1"), ("B", "2"), ("C", "3")), strict=True):
            for cell, text in zip(row.cells, texts_of, strict=True):
                cell.text = text
        deleted = element("w:trPr")
        deleted.append(element("w:del", id="2"))
        table.rows[1]._tr.insert(0, deleted)

    assert texts(read(tmp_path, written)) == ["The fee is £4.", "A · 1", "C · 3"]


def test_a_cell_as_wide_as_the_table_heads_the_rows_below(tmp_path: Path) -> None:
    """Several rows that are marked as heads are; a field of a form may hold a cell."""

    def written(word: Any) -> None:
        table = word.add_table(4, 2)
        said = (("Boat", "Price"), ("Small ones", ""), ("Punt", "£4"), ("Skiff", "£5"))
        for row, texts_of in zip(table.rows, said, strict=True):
            for cell, text in zip(row.cells, texts_of, strict=True):
                cell.text = text
        table.cell(1, 0).merge(table.cell(1, 1))
        marks = element("w:trPr")
        marks.append(element("w:tblHeader"))
        table.rows[0]._tr.insert(0, marks)
        cell = table.cell(3, 1)._tc
        control, content = element("w:sdt"), element("w:sdtContent")
        cell.addprevious(control)
        control.append(content)
        content.append(cell)
        word.add_paragraph("Ask.")

    blocks = read(tmp_path, written).blocks
    assert [(block.kind, block.text) for block in blocks] == [
        ("heading", "Small ones"),
        ("row", "Boat: Punt · Price: £4"),
        ("row", "Boat: Skiff · Price: £5"),
        ("heading", ""),
        ("paragraph", "Ask."),
    ]


def test_what_is_not_read_is_told(tmp_path: Path) -> None:
    """Of a picture what it shows in words is read; an embedded object is not."""

    def written(word: Any) -> None:
        run = word.add_paragraph("See the map.").add_run()
        picture = OxmlElement("wp:docPr")
        picture.set("descr", "The harbour with its three piers")
        run._r.append(picture)
        run._r.append(element("w:object"))

    document = read(tmp_path, written)
    assert texts(document) == ["See the map.", "The harbour with its three piers"]
    assert document.remarks == ((None, "an embedded object is not read"),)


def test_a_formula_stands_on_one_line(tmp_path: Path) -> None:
    """As Word writes it itself."""

    def written(word: Any) -> None:
        paragraph = word.add_paragraph("The area is ")
        formula = parse_xml(
            '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math">'
            "<m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:sSup><m:e><m:r><m:t>c</m:t>"
            "</m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:den></m:f></m:oMath>"
        )
        paragraph._p.append(formula)
        paragraph.add_run(".")

    assert texts(read(tmp_path, written)) == ["The area is (a+b)/(c^2)."]


def test_a_template_and_a_style_without_a_kind_are_read(tmp_path: Path) -> None:
    """Both are sound, whatever python-docx says."""
    word = docx.Document()
    word.add_paragraph("The fee is £4.")
    del word.styles["Heading 1"].element.attrib[qn("w:type")]
    word.save(str(tmp_path / "b.docx"))
    with ZipFile(tmp_path / "b.docx") as old, ZipFile(tmp_path / "a.docx", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"document.main+xml", b"template.main+xml"))
    assert texts(read_document(tmp_path / "a.docx")) == ["The fee is £4."]


def test_short_lines_in_bold_alone_are_text(tmp_path: Path) -> None:
    """A file that says no more than these says something."""

    def written(word: Any) -> None:
        word.add_paragraph().add_run("Closed today").bold = True

    assert texts(read(tmp_path, written)) == ["Closed today"]
