"""Answers and the corpus as text for a terminal, and answers as JSON."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.__main__ import main
from bot.answering.answer import MAX_CITATIONS
from bot.corpus.folder import read_corpus
from bot.service.library import Library
from bot.terminal import BAR_SECONDS, print_corpus, reading_bar, render_answer, to_json

SHIPPED = Path(__file__).parents[1] / "corpus"

#: The contract of ``ask --json``: every key, in order, with the type of its value.
ANSWER_TYPES: dict[str, Any] = {
    "question": str,
    "language": str,
    "answered": bool,
    "citations": list,
    "unknown_words": list,
    "certainty": str,
    "closest": list,
}
CITATION_TYPES: dict[str, Any] = {
    "article": str,
    "title": str,
    "passage": int,
    "sentence": int,
    "text": str,
    "section": list,
    "unit": str | None,
    "lead_in": str | None,
    "heads": list,
    "items": list,
    "code": str | None,
    "translation": str | None,
    "score": float,
    "url": str | None,
    "why": list,
}


@pytest.fixture(scope="module")
def library() -> Library:
    """The corpus that is shipped."""
    return Library(SHIPPED)


def check_contract(found: dict[str, Any]) -> None:
    """Assert the keys and types of one JSON object, and what goes with what."""
    assert list(found) == list(ANSWER_TYPES)
    for key, type_ in ANSWER_TYPES.items():
        assert isinstance(found[key], type_), key
    citations, closest = found["citations"], found["closest"]
    assert found["answered"] == bool(citations)
    assert found["certainty"] in ("sure", "perhaps", "none")
    assert found["answered"] == (found["certainty"] == "sure")
    assert bool(closest) == (found["certainty"] == "perhaps")
    assert len(closest) <= MAX_CITATIONS
    for citation in [*citations, *closest]:
        assert list(citation) == list(CITATION_TYPES)
        for key, type_ in CITATION_TYPES.items():
            assert isinstance(citation[key], type_), key
        assert citation["passage"] >= 1
        assert citation["sentence"] >= 1
    assert all(isinstance(word, str) for word in found["unknown_words"])


@given(question=st.text(max_size=80) | st.sampled_from(["who ratified it?", "Qui l'a ratifié ?"]))
def test_json_keeps_the_contract(library: Library, question: str) -> None:
    """Whatever the question, the object has the documented keys and types and survives JSON."""
    found = to_json(library.answer(question))
    check_contract(found)
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_an_english_question_in_json(library: Library) -> None:
    """The original is the text, the English rendering the translation."""
    found = to_json(library.answer("who ratified it?"))
    assert found["language"] == "en"
    assert found["answered"] is True
    first = found["citations"][0]
    assert first["article"] == "traite-russie-coree-du-nord"
    assert (first["passage"], first["sentence"]) == (1, 1)
    assert first["text"].startswith("Le traité, déjà signé")
    assert first["translation"].startswith("The treaty, already signed")
    assert first["url"] is None


def test_a_question_without_an_answer_in_json(library: Library) -> None:
    """The words that the corpus does not hold are named as they were asked."""
    found = to_json(library.answer("What is the capital of Brazil?"))
    assert found["answered"] is False
    assert found["citations"] == []
    assert "Brazil" in found["unknown_words"]


def test_an_answer_for_a_person(library: Library) -> None:
    """The reader's language first, the cited original, then its place: title, date, passage."""
    lines = render_answer(library.answer("who ratified it?"), colour=False).splitlines()
    assert lines[0].startswith("1. The treaty, already signed")
    assert lines[1].startswith("   Original (French): «\u00a0Le traité, déjà signé")
    assert lines[2] == (
        "   — Le Sénat russe ratifie le traité de partenariat avec la Corée du Nord"
        " · 6 November 2024 · ¶ 1, sentence 1"
    )
    french = render_answer(library.answer("Qui l'a ratifié ?"), colour=False)
    assert "6 novembre 2024 · ¶ 1, phrase 1" in french
    assert french.startswith("1. «\u00a0Le traité")
    assert "Original" not in french


@given(st.integers(20, 120))
def test_an_answer_is_wrapped_to_the_terminal(library: Library, width: int) -> None:
    """No line is longer unless one word is, and nothing is lost or added but line ends."""
    answer = library.answer("who ratified it?")
    whole = render_answer(answer, colour=True)
    wrapped = render_answer(answer, colour=True, width=width)
    assert wrapped.split() == whole.split()
    for line in re.sub("\x1b\\[[0-9]*m", "", wrapped).splitlines():
        assert len(line) <= width or " " not in line.strip()


def test_matched_words_are_bold_on_a_terminal_alone(library: Library) -> None:
    """Taking the bold marks away gives the plain text; without colour there are none."""
    answer = library.answer("Qui l'a ratifié ?")
    bold = render_answer(answer, colour=True)
    plain = render_answer(answer, colour=False)
    assert "\x1b[1mratifié\x1b[0m" in bold
    assert bold.replace("\x1b[1m", "").replace("\x1b[0m", "") == plain
    assert "\x1b" not in plain


def test_a_question_without_an_answer_for_a_person(library: Library) -> None:
    """Silence is explained: what the corpus does not hold, in the question's language."""
    english = render_answer(library.answer("What is the capital of Brazil?"), colour=False)
    assert english == "Not found in the sources: “capital”, “Brazil”."
    french = render_answer(library.answer("Quelle est la capitale du Brésil ?"), colour=False)
    assert "Brésil" in french
    nothing_asked = render_answer(library.answer("???"), colour=False)
    assert nothing_asked == "The sources do not answer this."


def test_a_name_that_the_corpus_does_not_hold_is_told(library: Library) -> None:
    """An answer that may be about somebody else says which name or number it lacks."""
    shown = render_answer(library.answer("Did Biden visit Pyongyang in June 2024?"), colour=False)
    assert shown.startswith("Not found in the sources: “Biden”.\n")
    shown = render_answer(library.answer("who ratified it after all?"), colour=False)
    assert shown.startswith("1. ")


def test_a_url_and_no_date(tmp_path: Path) -> None:
    """An article's address is shown with its citations, and no date where it has none."""
    text = "---\ntitle: T\nurl: https://example.org/a\n---\nCats sleep."
    (tmp_path / "a.md").write_text(text)
    shown = render_answer(Library(tmp_path).answer("do cats sleep?"), colour=False)
    assert shown.endswith("   — T · ¶ 1, sentence 1 · https://example.org/a")


@pytest.fixture
def _80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of the usual width."""
    monkeypatch.setenv("COLUMNS", "80")


@pytest.mark.usefixtures("_80_columns")
def test_the_table_fits_80_columns(capsys: pytest.CaptureFixture[str]) -> None:
    """No heading, name or date is broken, and the counts are those of the article."""
    print_corpus(read_corpus(SHIPPED))
    lines = capsys.readouterr().out.splitlines()
    assert all(len(line.rstrip()) <= 80 for line in lines)
    heading = next(line for line in lines if "Article" in line)
    assert heading.split() == ["Article", "Languages", "Date", "Passages", "Sentences"]
    row = next(line for line in lines if line.strip().startswith("traite"))
    assert row.split() == ["traite-russie-coree-du-nord", "fr,", "en", "2024-11-06", "8", "22"]
    assert any("The date is inferred" in line for line in lines)
    assert lines[-1] == "1 article, 8 passages, 22 sentences. No problems."


@pytest.mark.usefixtures("_80_columns")
def test_misaligned_passages_stand_side_by_side(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Beside the warnings the first few stand in two columns with numbered sentences, and the rest
    is counted; without colours where it is no terminal.
    """
    for name in "abcde":
        (tmp_path / f"{name}.md").write_text("Un [b]accord[/b] fut signé en 2024. Il pleuvait.")
        (tmp_path / f"{name}.en.md").write_text("An agreement was signed in 2024.")
    assert main(["check", "--corpus", str(tmp_path)]) == 0
    out, err = capsys.readouterr()
    assert out.count("has 1 sentence where") == 5
    lines = err.splitlines()
    assert all(len(line) <= 80 for line in lines)
    assert "\x1b" not in "".join(lines)
    head = next(n for n, line in enumerate(lines) if line.startswith(" a.md, passage 1"))
    assert lines[head].split() == ["a.md,", "passage", "1", "a.en.md,", "passage", "1"]
    table = "\n".join(lines[head:])
    assert "1 Un [b]accord[/b] fut signé" in table
    assert "2 Il pleuvait." in table
    assert "≠" in table
    assert table.count(", passage 1") == 2 * 3
    assert lines[-1] == "2 more do not line up."


def test_warnings_are_a_line_each_and_no_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A corpus that can be read is right, whatever is worth a look in it."""
    for number in range(60):
        (tmp_path / f"{number:02}.en.md").write_text("Cats sleep all day in the sun.")
    (tmp_path / "t.md").write_text("---\nlanguage: fr\n---\nCe fut en 2024.")
    (tmp_path / "t.en.md").write_text("It was in 2023.")
    assert main(["check", "--corpus", str(tmp_path)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    told = [line for line in out.splitlines() if line.startswith("Warning: ")]
    assert len(told) == 50
    assert told[0].startswith("Warning: 01: 100% of it stands in 00 as well; keep one of the two")
    assert out.endswith("10 more warnings.\n")
    for path in tmp_path.glob("??.en.md"):
        path.unlink()
    assert main(["check", "--corpus", str(tmp_path)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == (
        "Warning: t:1.1 (en): lacks 2024 of the original and has 2023, which the original has not; "
        "see which is right."
    )


@pytest.mark.usefixtures("_80_columns")
def test_the_table_shows_any_corpus(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Names with markup and without end, several languages, files not read, one of each."""
    (tmp_path / "[bold]a[).md").write_text("---\ntitle: '[red]:smile:'\n---\nText.")
    (tmp_path / "b.odt").write_text("x")
    print_corpus(read_corpus(tmp_path))
    out = capsys.readouterr().out
    assert "[bold]a[)" in out
    assert "[red]:smile:" in out
    assert "–" in out
    assert "Not read (not a format of sources): b.odt\n" in out
    assert out.endswith("1 article, 1 passage, 1 sentence. 1 not read.\n")
    (tmp_path / f"{'x' * 150}.md").write_text("Text.")
    for language in ("de", "es", "fr", "it"):
        (tmp_path / f"{'x' * 150}.{language}.md").write_text("Text.")
    print_corpus(read_corpus(tmp_path))
    out = capsys.readouterr().out
    assert out.count("x") >= 150
    assert "2 articles, 2 passages, 2 sentences." in out
    assert all(len(line.rstrip()) <= 80 for line in out.splitlines())


def test_show_prints_what_was_read(capsys: pytest.CaptureFixture[str]) -> None:
    """Every sentence behind its address, its translation below it, with the article's own lines."""
    assert main(["check", "--show", "traite-russie-coree-du-nord", "--corpus", str(SHIPPED)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("fr: Le Sénat russe ratifie")
    assert lines[1].startswith("en: Russian Senate ratifies")
    first = lines.index("¶ 1")
    assert lines[first + 1].startswith("traite-russie-coree-du-nord:1.1 Le traité, déjà signé")
    assert lines[first + 2].startswith("   en: The treaty, already signed")
    addressed = [line for line in lines if line.startswith("traite-russie-coree-du-nord:")]
    assert len(addressed) == 22


def test_show_says_the_pages_of_a_pdf(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A curator sees on which page each passage begins."""
    data = Path(__file__).parent / "formats" / "data" / "fpdf2.pdf"
    (tmp_path / "a.pdf").write_bytes(data.read_bytes())
    assert main(["check", "--show", "a", "--corpus", str(tmp_path)]) == 0
    assert "\n¶ 3, p. 2\na:3.1 Voici la seconde page.\n" in capsys.readouterr().out
    shown = render_answer(Library(tmp_path).answer("Quelle est la seconde page ?"), colour=False)
    assert "   — Deux pages · p. 2, ¶ 3, phrase 1" in shown


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("traite", "the closest by name: traite-russie-coree-du-nord"),
        ("TRAITE-RUSSIE.md", "the closest by name: traite-russie-coree-du-nord"),
        ("zzz\n", "treaty-bot check lists those there are"),
    ],
)
def test_an_unknown_article_is_one_line(
    name: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The nearest names are told, or where to find them."""
    assert main(["check", "--show", name, "--corpus", str(SHIPPED)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    assert line.startswith("treaty-bot: there is no article ")
    assert line.endswith(told)


def test_a_bar_tells_how_far_reading_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Reading that takes long shows a bar on standard error; what is over soon shows none."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    with reading_bar(time.monotonic()) as progress:
        progress(1, 2)
    assert capsys.readouterr() == ("", "")
    with reading_bar(time.monotonic() - 2 * BAR_SECONDS) as progress:
        for done in (1, 2, 3):
            progress(done, 3)
    out, err = capsys.readouterr()
    assert not out
    assert "Reading" in err
    assert "Indexing" in err


def test_words_that_an_answer_lacks_are_told_where_it_meets_few(tmp_path: Path) -> None:
    """Where the best sentence meets less than half of a question, all unknown words are told."""
    (tmp_path / "helium.md").write_text("Helium is an element. Helium boils at a low temperature.")
    library = Library(tmp_path)
    answer = library.answer("How much does a litre of helium weigh?")
    assert not answer.answered
    shown = render_answer(answer, colour=False)
    assert shown.startswith("Not found in the sources: “litre”, “weigh”.")
    assert "not hold" not in render_answer(library.answer("when does helium boil?"), colour=False)
