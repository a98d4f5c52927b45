"""PDFs of four producers, read: paragraphs as a reader sees them, with their pages.

The files in ``data`` were made by ReportLab 5.1 (with a running head and page numbers), fpdf2 2.8,
Chromium 150 (a page printed with its own header and footer) and LibreOffice 7.4.
"""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from bot.answering.citation import cite
from bot.corpus.folder import read_corpus
from bot.errors import CorpusError
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
        (2, "Pays Vote"),
        (2, "Russie Unanime"),
    ]),
    "libreoffice.pdf": ("Le traité de Pyongyang", [
        (1, TREATY),
        (1, AID),
        (1, "Premier point de la liste."),
        (1, "Second point, avec l’efficacité des finances."),
        (1, "Pays Vote Russie Unanime"),
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


def drawn(folder: Path, *pages: list[list[tuple[int, str]]]) -> list[str]:
    """The text of each block of a PDF whose lines are pieces of a size and a text."""
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    for lines in pages:
        page = writer.add_blank_page(595, 842)
        fonts = DictionaryObject({NameObject("/F1"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        said = []
        for number, line in enumerate(lines):
            said.append(f"1 0 0 1 60 {780 - 12 * number} Tm")
            said += [f"/F1 {size} Tf ({text}) Tj" for size, text in line]
        stream = DecodedStreamObject()
        stream.set_data(("BT " + " ".join(said) + " ET").encode())
        page[NameObject("/Contents")] = stream
    writer.write(folder / "drawn.pdf")
    return [block.text for block in read_document(folder / "drawn.pdf").blocks]


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
