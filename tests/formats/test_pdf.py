"""PDFs of four producers, read: paragraphs as a reader sees them, with their pages.

The files in ``data`` were made by ReportLab 5.1 (with a running head and page numbers), fpdf2 2.8,
Chromium 150 (a page printed with its own header and footer) and LibreOffice 7.4.
"""

from __future__ import annotations

import io
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from bot.answering.citation import cite
from bot.corpus.folder import read_corpus
from bot.errors import CorpusError
from bot.formats.document import Block
from bot.formats.reader import read_document
from bot.strings import place_of

DATA = Path(__file__).parent / "data"

TREATY = (
    "Le Sénat russe a ratifié mercredi le traité de partenariat stratégique global avec la Corée "
    "du Nord, signé en juin à Pyongyang par Vladimir Poutine et Kim Jong-un. Le vote a été unanime."
)
AID = (
    "Le texte prévoit une «\u00a0aide militaire immédiate\u00a0» en cas d’agression armée contre "
    "l’une des deux parties. Il compte vingt-trois articles et remplace celui de 2000."
)

#: The title and the passages with their pages, word for word.
SEEN: dict[str, tuple[str, list[tuple[int, str]]]] = {
    "chromium.pdf": ("Le traité de Pyongyang", [
        (1, TREATY),
        (1, AID),
        (1, "La Corée du Sud s’est dite préoccupée. Son ministre des Affaires étrangères, Cho "
            "Tae-yul, a convoqué l’ambassadeur de Russie dès le lendemain ; celui-ci a répondu "
            "que le traité n’était dirigé contre personne."),
        (1, "Premier point de la liste."),
        (1, "Second point de la liste, qui est plus long que le premier et qui va donc jusqu’à la "
            "ligne suivante du document imprimé."),
        (2, "Cette page est la deuxième. Elle parle du fonds de 25\u00a0000 dollars et de "
            "l’efficacité des finances."),
        (2, "Pays: Russie · Vote: Unanime"),
    ]),
    "libreoffice.pdf": ("Le traité de Pyongyang", [
        (1, TREATY),
        (1, AID),
        (1, "Premier point de la liste."),
        (1, "Second point, avec l’efficacité des finances."),
        (1, "Pays · Vote"),
        (1, "Russie · Unanime"),
        (2, "Cette page est la deuxième."),
    ]),
    "fpdf2.pdf": ("Deux pages", [
        (1, "Le ministre a annoncé que les négociations reprendraient en mars, après la visite de "
            "Jean-Pierre Dupont à Moscou, et que le calendrier serait tenu."),
        (1, "La cérémonie a duré deux heures. Elle a été suivie d'un dîner."),
        (2, "Voici la seconde page."),
    ]),
    "reportlab.pdf": ("The Ratification", [
        (1, "The Federation Council ratified the treaty on Wednesday by a unanimous vote. Senators "
            "spoke for less than an hour before the vote was taken, and nobody objected to the "
            "well-known terms of the agreement that was signed in June."),
        (1, "The treaty has twenty-three articles. It replaces one of 2000, which had no clause of "
            "mutual defence, and it enters into force when the instruments of ratification have "
            "been exchanged in Moscow by the two governments."),
        (1, "Observers in Seoul were less pleased. One of them, who asked not to be named, told "
            "this newspaper that the clause of mutual defence left more questions open than it "
            "answered, and that nobody in the region would sleep better for it."),
        (2, "The cost was 3.5 million roubles."),
    ]),
}  # fmt: skip


def spaced(text: str) -> str:
    """A text with every space alike: producers write no-break spaces as spaces."""
    return " ".join(text.split())


@pytest.mark.parametrize("name", SEEN)
def test_a_pdf_is_its_paragraphs(name: str) -> None:
    """Lines joined, hyphens at their ends undone, running heads left out, pages kept."""
    document = read_document(DATA / name)
    title, passages = SEEN[name]
    assert document.title == title
    found = [
        (paragraph.page, spaced(paragraph.text))
        for paragraph in document.blocks
        if paragraph.kind != "heading"
    ]
    assert found == [(page, spaced(text)) for page, text in passages]
    assert (document.language, document.date, document.url) == (None, None, None)


def test_the_page_is_cited(tmp_path: Path) -> None:
    """A citation of a PDF says its page, in both languages."""
    (tmp_path / "a.pdf").write_bytes((DATA / "fpdf2.pdf").read_bytes())
    corpus = read_corpus(tmp_path)
    assert corpus.articles[0].original.language == "fr"
    citation = cite(corpus, "a:3.1", "en")
    assert citation is not None
    assert citation.page == 2
    assert citation.text == "Voici la seconde page."
    assert place_of(citation, "en") == "p. 2, ¶ 3, sentence 1"
    assert place_of(citation, "fr") == "p. 2, ¶ 3, phrase 1"


def test_a_pdf_may_have_a_translation_of_another_format(tmp_path: Path) -> None:
    """NAME.en.md beside NAME.pdf; where they differ, both places are named."""
    (tmp_path / "a.pdf").write_bytes((DATA / "fpdf2.pdf").read_bytes())
    english = tmp_path / "a.en.md"
    english.write_text("One.\n\nTwo. Three.\n\nFour.\n")
    assert read_corpus(tmp_path).articles[0].translations[0].language == "en"
    english.write_text("One.\n\nTwo.\n\nFour.\n")
    (remark,) = read_corpus(tmp_path).articles[0].remarks
    expected = "a.en.md:3: passage 2 has 1 sentence where a.pdf (p. 1) has 2; align the two"
    assert str(remark).endswith(expected)


def test_a_scan_is_refused_with_a_reason() -> None:
    """A PDF of pictures says what it lacks and what to do."""
    with pytest.raises(CorpusError, match=r"scan\.pdf: holds no text, only pictures \(a scan\?\)"):
        read_document(DATA / "scan.pdf")


def test_an_encrypted_pdf_is_refused_with_a_reason(tmp_path: Path) -> None:
    """A locked PDF is not guessed at."""
    writer = PdfWriter(clone_from=PdfReader(DATA / "fpdf2.pdf"))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    path = tmp_path / "a.pdf"
    path.write_bytes(out.getvalue())
    with pytest.raises(CorpusError, match="is encrypted; print it to a new PDF without"):
        read_document(path)


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("name", SEEN)
def test_a_truncated_pdf_is_one_sentence_or_what_is_left(
    name: str, kept: float, tmp_path: Path
) -> None:
    """A download that broke off never ends in a traceback."""
    data = (DATA / name).read_bytes()
    path = tmp_path / "a.pdf"
    path.write_bytes(data[: int(len(data) * kept)])
    said = ""
    try:
        assert read_document(path).blocks
    except CorpusError as error:
        said = str(error)
    assert len(said.splitlines()) <= 1


FONTS = {"F1": "Helvetica", "F2": "Helvetica-Bold"}


def blocks(folder: Path, *pages: str, form: str = "") -> list[Block]:
    """The blocks of a PDF whose pages draw these operators; ``/X Do`` draws those of ``form``."""
    writer = PdfWriter()
    fonts = DictionaryObject()
    for name, base in FONTS.items():
        font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": f"/{base}",
                "/Encoding": "/WinAnsiEncoding"}  # fmt: skip
        fonts[NameObject(f"/{name}")] = DictionaryObject(
            {NameObject(key): NameObject(value) for key, value in font.items()}
        )
    resources = DictionaryObject({NameObject("/Font"): fonts})
    if form:
        within = DecodedStreamObject()
        within.set_data(form.encode("cp1252"))
        within[NameObject("/Subtype")] = NameObject("/Form")
        within[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        forms = DictionaryObject({NameObject("/X"): writer._add_object(within)})
        resources[NameObject("/XObject")] = forms
    for operators in pages:
        page = writer.add_blank_page(595, 842)
        page[NameObject("/Resources")] = resources
        stream = DecodedStreamObject()
        stream.set_data(operators.encode("cp1252"))
        page[NameObject("/Contents")] = stream
    writer.write(folder / "drawn.pdf")
    return list(read_document(folder / "drawn.pdf").blocks)


def at(y: float, text: str, x: float = 60, size: float = 10, font: str = "F1") -> str:
    """The operators that draw a text at a place."""
    return f"BT /{font} {size} Tf {x} {y} Td ({text}) Tj ET\n"


def drawn(folder: Path, *pages: list[list[tuple[int, str]]]) -> list[str]:
    """The text of each block of a PDF whose lines are pieces of a size and a text."""
    streams = []
    for lines in pages:
        said = []
        for number, line in enumerate(lines):
            said.append(f"1 0 0 1 60 {780 - 12 * number} Tm")
            said += [f"/F1 {size} Tf ({text}) Tj" for size, text in line]
        streams.append("BT " + " ".join(said) + " ET")
    return [block.text for block in blocks(folder, *streams)]


def text_of(folder: Path, operators: str) -> str:
    """The text of a PDF that draws one line."""
    (block,) = blocks(folder, f"BT /F1 10 Tf 60 700 Td {operators} ET")
    return block.text


# Advances of Helvetica, of 1,000: "The peo" with its space takes 611 556 556 278 556 556 556.
@pytest.mark.parametrize(
    ("operators", "text"),
    [
        ("4 Tw (The peo) Tj 40.69 0 Td (ple of the State) Tj", "The people of the State"),
        ("2 Tc (peo) Tj 22.7 0 Td (ple) Tj", "people"),
        ("50 Tz (peo) Tj 8.4 0 Td (ple) Tj", "people"),
        ("[(pe) 40 (o) -60 (ple)] TJ", "people"),
        ("[(The) -280 (people)] TJ", "The people"),
        ("[(The) -250 (p) 20 (eople) -250 (of)] TJ", "The people of"),
        ("(The) Tj 20 0 Td (people) Tj", "The people"),
        ("(The ) Tj 20 0 Td (people) Tj", "The people"),
    ],
)
def test_words_stand_as_they_are_drawn(operators: str, text: str, tmp_path: Path) -> None:
    """Spacing of words and letters, scaling and kerning neither cut a word nor join two."""
    assert text_of(tmp_path, operators) == text


@pytest.mark.parametrize(
    ("operators", "text"),
    [
        ("(A vault of 10) Tj /F1 6 Tf 4 Ts (6) Tj 0 Ts /F1 10 Tf ( letters)Tj",
         "A vault of 10⁶ letters"),
        ("(These principles;) Tj /F1 6 Tf 4 Ts (7) Tj 0 Ts /F1 10 Tf ( and) Tj",
         "These principles; [7] and"),
        ("(Le 1) Tj /F1 6 Tf 4 Ts (er) Tj 0 Ts /F1 10 Tf ( mai) Tj", "Le 1er mai"),
        ("(CO) Tj /F1 6 Tf -2 Ts (2) Tj 0 Ts /F1 10 Tf ( is measured) Tj", "CO₂ is measured"),
    ],
)  # fmt: skip
def test_what_is_raised_or_lowered_stands_apart(operators: str, text: str, tmp_path: Path) -> None:
    """A power is one, the mark of a note is no part of a word, letters stay with their number."""
    assert text_of(tmp_path, operators) == text


def test_headings_are_larger_bold_or_alone(tmp_path: Path) -> None:
    """The larger the higher, the first one is the title, bold is below; a bold sentence is text."""
    text = "Anyone who lives in the harbour may join, at any time."
    found = blocks(
        tmp_path,
        at(780, "Rules", size=20)
        + at(740, "Membership", size=14)
        + at(720, "Who may join", font="F2")
        + at(708, text)
        + at(680, "The fee is due in May.", font="F2")
        + at(668, "It is paid at the desk.")
        + at(630, "Renewals")
        + at(600, text),
    )
    assert [(block.kind, block.level) for block in found] == [
        ("heading", 2), ("heading", 7), ("paragraph", 0), ("paragraph", 0), ("paragraph", 0),
        ("heading", 7), ("paragraph", 0),
    ]  # fmt: skip


def test_a_table_is_read_by_its_rows(tmp_path: Path) -> None:
    """With its heads; what a cell goes on with stands in it, wherever it was drawn."""
    rows = [
        [(700, 60, "Plan", "F2"), (700, 160, "Price", "F2")],
        [(680, 60, "Student, with a", "F1"), (668, 60, "card of a school", "F1"),
         (680, 160, "12 pounds", "F1")],
        [(648, 60, "Adult", "F1"), (648, 160, "20 pounds, or 18 for", "F1"),
         (636, 160, "whoever is retired", "F1")],
        [(616, 60, "Child, as long", "F1"), (604, 60, "as it is at school", "F1"),
         (616, 160, "nothing", "F1")],
    ]  # fmt: skip
    found = blocks(tmp_path, "".join(at(y, t, x, font=f) for row in rows for y, x, t, f in row))
    assert [block.text for block in found] == [
        "Plan: Student, with a card of a school · Price: 12 pounds",
        "Plan: Adult · Price: 20 pounds, or 18 for whoever is retired",
        "Plan: Child, as long as it is at school · Price: nothing",
    ]
    assert {block.kind for block in found} == {"row"}
    assert found[0].heads == ("Plan", "Price")


def test_a_table_goes_on_overleaf(tmp_path: Path) -> None:
    """Its heads, said again on the next page, are no row and no running head."""
    head = at(780, "Pier", font="F2") + at(780, "Berths", 160, font="F2")
    pages = [
        head + "".join(at(760 - 20 * n, f"Pier {page}{n}") + at(760 - 20 * n, f"{n} berths", 160)
                       for n in range(1, 4))
        for page in "AB"
    ]  # fmt: skip
    found = blocks(tmp_path, *pages)
    assert [(block.page, block.text) for block in found] == [
        (number, f"Pier: Pier {page}{n} · Berths: {n} berths")
        for number, page in enumerate("AB", 1)
        for n in range(1, 4)
    ]


def test_columns_of_text_are_no_table(tmp_path: Path) -> None:
    """A page in two columns is read column by column."""
    left = ["The keeper of the light writes", "down every ship that passes by", "at night."]
    right = ["The pilots read his book each", "morning, and sign it when they", "are done."]
    drawings = [at(700 - 12 * n, text, x) for x, column in ((60, left), (300, right))
                for n, text in enumerate(column)]  # fmt: skip
    found = blocks(tmp_path, "".join(drawings))
    assert [block.text for block in found] == [" ".join(left), " ".join(right)]


def test_items_stand_apart_with_their_markers(tmp_path: Path) -> None:
    """Also without a distance between them; deeper ones are further in."""
    found = blocks(
        tmp_path,
        at(700, "2. No fee is due by a ship that has come in for one of these reasons:")
        + at(688, "(a) in a storm; or", 80)
        + at(676, "(b) in want of water or", 80)
        + at(664, "of bread, as long as the", 94)
        + at(652, "want lasts.", 94)
        + at(640, "3. The fee is 40 francs."),
    )
    assert [(block.level, block.marker, block.text) for block in found] == [
        (1, "2.", "2. No fee is due by a ship that has come in for one of these reasons:"),
        (2, "(a)", "(a) in a storm; or"),
        (2, "(b)", "(b) in want of water or of bread, as long as the want lasts."),
        (1, "3.", "3. The fee is 40 francs."),
    ]


def test_clauses_stand_apart(tmp_path: Path) -> None:
    """Their numbers have others within; the first word of the next would not have fitted above."""
    found = blocks(
        tmp_path,
        at(700, "2.1 The fee is due in May of each year, at the desk.")
        + at(688, "2.2 The fee is 40 francs, or half of that in winter."),
    )
    assert [block.marker for block in found] == ["2.1", "2.2"]


@pytest.mark.parametrize(
    ("above", "below", "text"),
    [
        ("The rule was laid down in the decision 2018–", "23 of the board.", "2018–23 of"),
        ("Whoever wants to join may write to the desk@", "harbour.example.", "desk@harbour"),
        ("The text of the rules stands on https://a.example/", "rules.html.", "example/rules"),
    ],
)
def test_a_dash_at_a_lines_end_is_joined_as_printed(
    above: str, below: str, text: str, tmp_path: Path
) -> None:
    """So are addresses."""
    (said,) = drawn(tmp_path, [[(10, above)], [(10, below)]])
    assert text in said


def test_what_is_drawn_twice_is_read_once(tmp_path: Path) -> None:
    """Some programs make bold letters so."""
    assert text_of(tmp_path, "(Closed on Mondays.) Tj 0.3 0 Td (Closed on Mondays.) Tj") == (
        "Closed on Mondays."
    )


def test_a_turned_page_is_read_along_its_lines(tmp_path: Path) -> None:
    """What stands upright on paper that was turned."""
    lines = ["The library is open to every", "reader of the harbour."]
    found = blocks(
        tmp_path,
        "".join(f"BT /F1 10 Tf 0 1 -1 0 {100 + 12 * n} 60 Tm ({text}) Tj ET "
                for n, text in enumerate(lines)),
    )  # fmt: skip
    assert [block.text for block in found] == [" ".join(lines)]


def test_a_drawing_within_the_page_is_read(tmp_path: Path) -> None:
    """In its place; one that draws itself ends."""
    form = at(688, "of the harbour.") + "/X Do"
    page = at(700, "The library is open to every reader") + "q /X Do Q"
    assert [block.text for block in blocks(tmp_path, page, form=form)] == [
        "The library is open to every reader of the harbour."
    ]


def test_a_picture_within_the_line_is_passed_over(tmp_path: Path) -> None:
    """What stands around it is read."""
    picture = "q BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q "
    found = blocks(tmp_path, at(700, "The library is open.") + picture + at(660, "It has maps."))
    assert [block.text for block in found] == ["The library is open.", "It has maps."]


def test_a_table_of_contents_is_left_out(tmp_path: Path) -> None:
    """As it is of Word files."""
    found = blocks(tmp_path, at(780, "1 Fees ............ 3") + at(740, "The fee is 40 francs."))
    assert [block.text for block in found] == ["The fee is 40 francs."]


@given(st.lists(st.sampled_from([*"qQ", "BT", "ET", "1 0 0 1 9 9 cm", "/F1 9 Tf", "/F9 0 Tf",
    "3 Tw", "-2 Tc", "0 Tz", "(a b) Tj", "[(c) -900 (d) x] TJ", "(e) '", '1 2 (f) "', "Tj", "TJ",
    "0 0 0 0 0 0 Tm", "1 2 Td", "T*", "/X Do", "/Y Do", "(g) 1 TD", "<</A 1>> Tw", "3 Tr"]),
    max_size=25))  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_any_operators_are_read_or_refused(operators: list[str]) -> None:
    """Missing and foreign operands too: a document or one sentence."""
    with TemporaryDirectory() as folder, suppress(CorpusError):
        blocks(Path(folder), " ".join(operators), form=at(700, "Within.") + "/X Do")


def test_a_line_has_the_size_of_most_of_its_letters(tmp_path: Path) -> None:
    """Small capitals at its beginning do not part it from the next line."""
    assert drawn(
        tmp_path,
        [
            [(6, "NOTICE:"), (10, " the keeper of the lighthouse at Skerry Point has")],
            [(10, "asked every skipper to slow down when the fog comes in.")],
        ],
    ) == [
        "NOTICE: the keeper of the lighthouse at Skerry Point has asked every skipper to slow down "
        "when the fog comes in."
    ]


def test_a_note_at_the_foot_stands_behind_the_sentence_that_goes_on_overleaf(
    tmp_path: Path,
) -> None:
    """The sentence is whole, and the note is text of its own."""
    assert drawn(
        tmp_path,
        [
            [(10, "The keeper of the lighthouse tells every skipper about the")],
            [(7, "1 A skipper is whoever steers.")],
        ],
        [[(10, "Fog Signal Board before the winter begins.")]],
    ) == [
        "The keeper of the lighthouse tells every skipper about the Fog Signal Board before the "
        "winter begins.",
        "1 A skipper is whoever steers.",
    ]
