"""Saved web pages, read: the article alone, and what the page says of it."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from bot.errors import CorpusError
from bot.formats.document import LINE_LEVEL, QUESTION_LEVEL, Block, Document
from bot.formats.reader import read_document

NEWS = """<!DOCTYPE html>
<html lang="fr-FR"><head><meta charset="utf-8">
<title>Le Sénat russe ratifie le traité | Le Journal</title>
<link rel="canonical" href="https://www.journal.example/monde/traite-russie">
<meta property="og:site_name" content="Le Journal">
<meta property="og:title" content="Le Sénat russe ratifie le traité">
<meta name="author" content="Anne Martin">
<meta property="article:published_time" content="2024-11-06T14:02:00+01:00">
<script>var annonce = "Achetez maintenant";</script><style>p { color: red }</style></head><body>
<nav><ul><li><a href="/">Accueil</a></li><li><a href="/monde">Monde</a></li></ul></nav>
<div class="cookie-banner"><p>Nous utilisons des cookies.</p><button>Accepter</button></div>
<main><article><h1>Le Sénat russe ratifie le traité</h1>
<p>Le Sénat russe a ratifié mercredi le traité de partenariat stratégique global avec la Corée
du Nord. Le vote a été <b>unanime</b>.</p>
<div class="box ad"><p>Publicité : abonnez-vous pour 1 euro par mois.</p></div>
<p>Signé en juin à <a href="/p">Pyongyang</a> par Vladimir Poutine et Kim Jong-un, il prévoit une
«&nbsp;aide militaire immédiate&nbsp;» en cas d’agression.</p>
<figure><img src="x.jpg" alt="Une poignée de main"></figure>
<h2>Inquiétude à Séoul</h2>
<p>La Corée du Sud s’est dite préoccupée.<br>Son ministre a convoqué l’ambassadeur.</p>
<blockquote><p>Nous suivons cela de très près, a dit le porte-parole du ministère.</p></blockquote>
<ul><li>Vingt-trois articles composent le traité.</li><li>Il remplace celui de 2000.</li></ul>
<table><tr><th>Pays</th><th>Vote</th></tr><tr><td>Russie</td><td>Unanime</td></tr></table>
<script>document.write("Partagez")</script></article>
<aside><h3>À lire aussi</h3><ul><li><a href="/x">Un autre article sur le sport</a></li></ul></aside>
<section id="comments"><h3>Commentaires</h3><p>Jean : je ne suis pas d’accord.</p></section></main>
<footer><p>© 2024 Le Journal. Tous droits réservés.</p></footer></body></html>
"""

#: What a reader of the page reads.
SEEN = [
    "Le Sénat russe a ratifié mercredi le traité de partenariat stratégique global avec la Corée "
    "du Nord. Le vote a été unanime.",
    "Signé en juin à Pyongyang par Vladimir Poutine et Kim Jong-un, il prévoit une "
    "«\xa0aide militaire immédiate\xa0» en cas d’agression.",
    "Une poignée de main",
    "La Corée du Sud s’est dite préoccupée. Son ministre a convoqué l’ambassadeur.",
    "Nous suivons cela de très près, a dit le porte-parole du ministère.",
    "Vingt-trois articles composent le traité.",
    "Il remplace celui de 2000.",
    "Pays: Russie · Vote: Unanime",
]


def read(folder: Path, content: str | bytes, name: str = "a.html") -> Document:
    """The document that a page of this content is read as."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_document(path)


def texts(document: Document) -> list[str]:
    """The passages."""
    return [block.text for block in document.blocks if block.kind != "heading"]


@pytest.mark.parametrize("name", ["a.html", "a.htm", "A.HTML"])
def test_a_news_page_is_its_article(name: str, tmp_path: Path) -> None:
    """Word for word what a reader reads; no menu, script, advert, comment or footer."""
    document = read(tmp_path, NEWS, name)
    assert texts(document) == SEEN
    assert document.title == "Le Sénat russe ratifie le traité"
    assert document.language == "fr"
    assert document.date == datetime.date(2024, 11, 6)
    assert document.url == "https://www.journal.example/monde/traite-russie"
    assert document.note == "Anne Martin, Le Journal"
    assert {(p.line, p.page) for p in document.blocks} == {(None, None)}


def test_a_page_on_one_line_is_read_alike(tmp_path: Path) -> None:
    """Line breaks mean nothing in a page."""
    assert texts(read(tmp_path, NEWS.replace("\n", " "))) == SEEN


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ("iso-8859-1", "cp1252"),
        ("windows-1252", "cp1252"),
        ("ISO-8859-15", "iso8859-15"),
        ("utf-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("utf-8", "utf-16"),
        ("iso-8859-1", "utf-8"),
        ("x-unknown", "utf-8"),
    ],
)
def test_a_page_is_decoded_as_browsers_do(declared: str, codec: str, tmp_path: Path) -> None:
    """By its mark or its declaration; UTF-8 that calls itself something older is UTF-8."""
    page = NEWS.replace('charset="utf-8"', f'charset="{declared}"')
    if codec == "iso8859-15":
        page = page.replace("’", "'")
    expected = [text.replace("’", "'") for text in SEEN] if codec == "iso8859-15" else SEEN
    assert texts(read(tmp_path, page.encode(codec))) == expected


@pytest.mark.parametrize("declared", ["shift_jis", "iso-2022-jp", "gb2312", "euc-kr", "koi8-r"])
def test_encodings_of_other_scripts(declared: str, tmp_path: Path) -> None:
    """What the page names is what it is read in, also where its bytes are ASCII."""
    sentence = {"koi8-r": "Договор ратифицирован единогласно сегодня."}.get(
        declared, "中日一二三。"
    )
    if declared == "euc-kr":
        sentence = "조약이 비준되었습니다."
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">'
    page = f"<html><head>{meta}</head><body><article><p>{sentence}</p></article></body></html>"
    assert texts(read(tmp_path, page.encode(declared))) == [sentence]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<html><body><p>caf\xe9</p>", "is not UTF-8 text; save the page as UTF-8"),
        (b"<html><meta charset=euc-jp><p>caf\xff", "is not UTF-8 or EUC_JP text; save the page"),
        (b"<html><meta charset=utf-16><p>caf\xe9", "is not UTF-8 text"),
        (b"\xff\xfe<\0h\0t\0m\0l\0>\0\xd8", "is not UTF-16 text"),
    ],
)
def test_what_cannot_be_decoded_is_refused(content: bytes, reason: str, tmp_path: Path) -> None:
    """No letter is guessed."""
    with pytest.raises(CorpusError, match=reason):
        read(tmp_path, content)


@pytest.mark.parametrize(
    ("tag", "language"), [("en", "en"), ("EN-us", "en"), ("fil", None), ("", None), ("x-y", None)]
)
def test_the_language_is_the_pages_own(tag: str, language: str | None, tmp_path: Path) -> None:
    """Two letters of the page's ``lang``; else the language is left to be detected."""
    assert read(tmp_path, NEWS.replace("fr-FR", tag)).language == language


def test_a_page_without_anything_about_itself(tmp_path: Path) -> None:
    """No title, date or address is made up; a date in the text is not the article's."""
    page = "<html><body><article><p>On 6 November 2024 the treaty was ratified.</p></article>"
    document = read(tmp_path, page)
    assert texts(document) == ["On 6 November 2024 the treaty was ratified."]
    found = (document.title, document.language, document.date, document.url, document.note)
    assert found == (None,) * 5


@pytest.mark.parametrize("address", ["javascript:alert(1)", "/monde", "https://a b"])
def test_only_an_address_on_the_web_is_kept(address: str, tmp_path: Path) -> None:
    """What is linked from a citation begins with https:// or http://."""
    page = NEWS.replace("https://www.journal.example/monde/traite-russie", address)
    url = read(tmp_path, page).url
    assert url is None or url.startswith("https://")
    assert "javascript" not in (url or "")


PAGE = (
    '<!doctype html><html lang="en"><head><title>The quay</title>{head}</head><body><main><article>'
    "<h1>The quay</h1>{byline}<p>The quay was built by the town a hundred years ago, and everybody "
    "may walk on it all the year round.</p>{body}<p>The harbour master lives above the gate of the "
    "old fish market, and he keeps the keys of all its sheds.</p></article></main></body></html>"
)
FIRST = (
    "The quay was built by the town a hundred years ago, and everybody may walk on it all the year "
)
LAST = (
    "The harbour master lives above the gate of the old fish market, and he keeps the keys of all "
)


def body(folder: Path, content: str, head: str = "", byline: str = "") -> list[Block]:
    """The blocks that a part of a page is read as, without the paragraphs around it."""
    page = PAGE.format(head=head, body=content, byline=byline)
    first, *blocks, last = read(folder, page).blocks
    assert first.text.startswith(FIRST)
    assert last.text.startswith(LAST)
    return blocks


def shown(blocks: list[Block]) -> list[tuple[str, int, str]]:
    """The blocks by kind, level and text."""
    return [(block.kind, block.level, block.text) for block in blocks]


@pytest.mark.parametrize(
    "content",
    [
        "<details><summary>May I swim?</summary><p>Yes, at dawn.</p></details>",
        "<dl><dt>May I swim?</dt><dd>Yes, at dawn.</dd></dl>",
        "<p><strong>May I swim?</strong></p><p>Yes, at dawn.</p>",
        "<p><b>May I swim?</b><br>Yes, at dawn.</p>",
        "<p>Q: May I swim?<br>A: Yes, at dawn.</p>",
        "<p>Q: May I swim?</p><p>A: Yes, at dawn.</p>",
        "<p><b>Q:</b> May I swim?</p><p><b>A:</b> Yes, at dawn.</p>",
    ],
)
def test_a_question_is_the_heading_of_its_answer(content: str, tmp_path: Path) -> None:
    """However the page has it; the labels are no text."""
    assert shown(body(tmp_path, content))[:2] == [
        ("heading", QUESTION_LEVEL, "May I swim?"),
        ("paragraph", 0, "Yes, at dawn."),
    ]


@pytest.mark.parametrize(
    ("attributes", "first", "second"),
    [
        ("", "1. Open.", "2. Shut."),
        (' start="4"', "4. Open.", "5. Shut."),
        (' type="a"', "a. Open.", "b. Shut."),
        (' type="I"', "I. Open.", "II. Shut."),
        (" reversed", "2. Open.", "1. Shut."),
    ],
)
def test_items_have_the_numbers_that_are_shown(
    attributes: str, first: str, second: str, tmp_path: Path
) -> None:
    """Lists within are one deeper."""
    content = f"<p>Do:</p><ol{attributes}><li>Open.<ul><li>slowly</li></ul></li><li>Shut.</li></ol>"
    assert shown(body(tmp_path, content)) == [
        ("paragraph", 0, "Do:"),
        ("item", 1, first),
        ("item", 2, "slowly"),
        ("item", 1, second),
    ]


def test_a_row_has_its_heads_and_merged_cells_are_repeated(tmp_path: Path) -> None:
    """Heads of two rows, a caption, a list and a break in a cell, an empty cell."""
    content = (
        "<table><caption>Fees</caption><thead><tr><th rowspan=2>Boat</th><th colspan=2>Price</th>"
        "</tr><tr><th>day</th><th>week</th></tr></thead><tbody><tr><td rowspan=2>Punt</td>"
        "<td>£4<br>or £5</td><td></td></tr><tr><td><ul><li>£6</li><li>£7</li></ul></td>"
        '<td><a href="x">ask</a></td></tr></tbody></table>'
    )
    blocks = body(tmp_path, content)
    assert [block.text for block in blocks] == [
        "Boat: Punt · Price day: £4 or £5 · Price week:",
        "Boat: Punt · Price day: £6; £7 · Price week: ask",
    ]
    assert {block.caption for block in blocks} == {"Fees"}


def test_a_cell_as_wide_as_the_table_heads_the_rows_below(tmp_path: Path) -> None:
    """And nothing behind the table."""
    content = (
        "<table><tr><th>Boat</th><th>Price</th></tr><tr><th colspan=2>Small</th></tr><tr>"
        "<td>Punt</td><td>£4</td></tr><tr><td colspan=2>Large</td></tr><tr><td>Brig</td>"
        "<td>£9</td></tr></table><p>Ask at the desk.</p>"
    )
    assert shown(body(tmp_path, content)) == [
        ("heading", QUESTION_LEVEL, "Small"),
        ("row", 0, "Boat: Punt · Price: £4"),
        ("heading", QUESTION_LEVEL, "Large"),
        ("row", 0, "Boat: Brig · Price: £9"),
        ("heading", QUESTION_LEVEL, ""),
        ("paragraph", 0, "Ask at the desk."),
    ]


def test_terms_with_one_definition_are_one_heading(tmp_path: Path) -> None:
    """Both are defined by it."""
    content = "<dl><dt>pilot</dt><dt>guide</dt><dd>Whoever knows the way.</dd></dl>"
    assert shown(body(tmp_path, content))[0] == ("heading", QUESTION_LEVEL, "pilot, guide")


def test_a_note_beside_the_text_is_read(tmp_path: Path) -> None:
    """What leads elsewhere is not, nor what is struck out, nor the way back from a note."""
    content = (
        '<aside class="tip"><p>Dogs are free.</p></aside><aside><a href="/x">More</a></aside>'
        '<p>The berth is <del>free</del> for £4. <a href="#r">↩</a></p>'
    )
    texts = [block.text for block in body(tmp_path, content)]
    assert texts == ["Dogs are free.", "The berth is for £4."]


def test_a_table_that_lays_out_text_is_no_table(tmp_path: Path) -> None:
    """A cell that is only a marker is that of the text beside it."""
    content = (
        "<p>No fee is due:</p><table><tr><td><p>(a)</p></td><td><p>in a storm; or</p></td></tr>"
        "</table><table><tr><td><p>(b)</p></td><td><p>in fog.</p></td></tr></table>"
    )
    assert [(block.kind, block.text) for block in body(tmp_path, content)] == [
        ("paragraph", "No fee is due:"),
        ("item", "(a) in a storm; or"),
        ("item", "(b) in fog."),
    ]


def test_words_stand_as_they_are(tmp_path: Path) -> None:
    """What is raised stays apart, a break is a space, marks neither cut nor glue."""
    content = (
        "<p>The mayor<sup>7</sup> saw 10<sup>6</sup> fish in<br>H<sub>2</sub>O, "
        "un<b>believ</b>able <code>f(x)</code> on 5&nbsp;km<sup>2</sup>.</p>"
    )
    (block,) = body(tmp_path, content)
    assert block.text == "The mayor [7] saw 10⁶ fish in H₂O, unbelievable f(x) on 5\xa0km²."


@pytest.mark.parametrize(
    ("head", "byline"),
    [
        ('<meta property="article:published_time" content="2024-05-01T10:00:00Z">', ""),
        ('<meta name="DC.date.issued" content="2024-05-01">', ""),
        (
            '<script type="application/ld+json">{"@graph": [{"@type": "WebPage"}, '
            '{"@type": "Article", "datePublished": "2024-05-01"}]}</script>',
            "",
        ),
        ("", '<div>By Ida, <time datetime="2024-05-01">1 May</time></div>'),
        ('<link rel="canonical" href="https://quay.example/2024/05/01/the-quay">', ""),
    ],
)
def test_a_page_has_the_date_that_it_declares(head: str, byline: str, tmp_path: Path) -> None:
    """In its head, its data, beside its title or in its address."""
    page = PAGE.format(head=head, byline=byline, body="")
    assert read(tmp_path, page).date == datetime.date(2024, 5, 1)


@pytest.mark.parametrize(
    "content",
    [
        "<p>It was opened on 4 March 2001, as the stone beside the gate of the market says.</p>",
        '<p>It opened on <time datetime="2001-03-04">4 March 2001</time>, in the rain.</p>',
        '<table><tr><th>Opened</th><td><span class="dtstart published">2001-03-04</span></td></tr>'
        '<tr><th>Shut</th><td><time datetime="2001-03-04">4 March</time></td></tr></table>',
        '<p class="date">4 March 2001</p>',
        '<p class="author">By the late Tom Reed, a keeper</p>',
    ],
)
def test_a_page_is_not_dated_by_what_it_tells_of(content: str, tmp_path: Path) -> None:
    """A date or a name in its text is of something else."""
    document = read(tmp_path, PAGE.format(head="", byline="", body=content))
    assert document.date is None
    assert "Reed" not in (document.note or "")


def test_a_page_has_the_author_that_it_declares(tmp_path: Path) -> None:
    """The names of its data, each once."""
    data = '{"@type": "Article", "author": [{"name": "Ida"}, {"name": "Tom"}, {"name": "Ida"}]}'
    head = f'<script type="application/ld+json">{data}</script>'
    assert read(tmp_path, PAGE.format(head=head, byline="", body="")).note == "Ida, Tom"


def test_the_name_of_a_file_is_no_title(tmp_path: Path) -> None:
    """Where a publisher forgot the title, the page's heading is it."""
    page = PAGE.format(head="", byline="", body="")
    page = page.replace("<title>The quay", "<title>L_200.01.xml")
    assert read(tmp_path, page).title == "The quay"


def test_a_units_number_and_its_title_are_headings(tmp_path: Path) -> None:
    """Where paragraphs stand for headings, by their class or because they say no more."""
    content = "<p>Article 1</p><p>Scope</p><p>1. This holds for all ships.</p>"
    assert shown(body(tmp_path, content)) == [
        ("heading", LINE_LEVEL, "Article 1"),
        ("heading", LINE_LEVEL, "Scope"),
        ("paragraph", 0, "1. This holds for all ships."),
    ]
    content = '<p class="oj-ti-art">Article 1</p><p class="oj-sti-art">Scope.</p><p>All ships.</p>'
    assert [block.kind for block in body(tmp_path, content)] == ["heading", "heading", "paragraph"]
