"""Saved web pages, read: the article alone, and what the page says of it."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from bot.errors import CorpusError
from bot.formats.document import Document
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
