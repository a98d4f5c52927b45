"""A folder of files, read as articles; the corpus that is shipped; any text as an article."""

from __future__ import annotations

import datetime
import hashlib
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.corpus.folder import read_corpus, scan
from bot.corpus.model import Corpus, PassageKind
from bot.errors import CorpusError

SHIPPED = Path(__file__).parents[2] / "corpus"
NAME = "traite-russie-coree-du-nord"

#: The user's article as it was handed over: its length in bytes and its SHA-256.
ARTICLE_BYTES = 3433
ARTICLE_SHA256 = "25c44ad9b224e549d8e10020d7d83c22393844c4cef433da3b2fa88ab0b63697"


def body(path: Path) -> bytes:
    """What stands behind the front matter."""
    _, _, text = path.read_bytes().split(b"---\n", 2)
    return text


def write(folder: Path, **files: str) -> Path:
    """Write files; ``__`` in a name stands for a dot."""
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(content, encoding="utf-8")
    return folder


def check_corpus(corpus: Corpus) -> None:
    """Assert what every corpus promises: slices, aligned renderings, names in order."""
    names = [article.name for article in corpus.articles]
    assert names == sorted(set(names))
    for article in corpus.articles:
        assert article.original.title.strip()
        for rendering in article.renderings:
            if rendering.pairs is None:
                assert [len(passage.sentences) for passage in rendering.passages] == [
                    len(passage.sentences) for passage in article.original.passages
                ]
            assert len(rendering.passages) > 0
            end = 0
            for passage in rendering.passages:
                assert len(passage.sentences) > 0
                text = passage.span.of(rendering.text)
                assert passage.span.start >= end
                if passage.kind != PassageKind.CODE:
                    assert text == text.strip()
                    assert len(text.splitlines()) == 1
                end = passage.span.start
                for sentence in passage.sentences:
                    assert end <= sentence.start < sentence.end <= passage.span.end
                    assert not rendering.text[end : sentence.start].strip()
                    end = sentence.end
                assert not rendering.text[end : passage.span.end].strip()
                end = passage.span.end


def test_the_shipped_article_is_the_users_word_for_word() -> None:
    """Not one byte of the article that the user handed over is changed."""
    text = body(SHIPPED / f"{NAME}.md")
    assert len(text) == ARTICLE_BYTES
    assert hashlib.sha256(text).hexdigest() == ARTICLE_SHA256


def test_the_shipped_article_is_read_word_for_word() -> None:
    """Its eight paragraphs are its passages, unchanged by the reading of Markdown."""
    (article,) = read_corpus(SHIPPED).articles
    paragraphs = body(SHIPPED / f"{NAME}.md").decode().splitlines()
    assert len(paragraphs) == 8
    assert [p.span.of(article.original.text) for p in article.original.passages] == paragraphs


def test_the_shipped_corpus_is_what_it_should_be() -> None:
    """French with an aligned English rendering, dated, the inferred date explained."""
    corpus = read_corpus(SHIPPED)
    check_corpus(corpus)
    (article,) = corpus.articles
    assert article.name == NAME
    assert [rendering.language for rendering in article.renderings] == ["fr", "en"]
    assert article.date == datetime.date(2024, 11, 6)
    assert article.date.strftime("%A") == "Wednesday"
    assert article.note
    assert "inferred" in article.note
    assert (corpus.passages, corpus.sentences, corpus.skipped) == (8, 22, ())


def test_names_languages_and_titles_come_from_the_files(tmp_path: Path) -> None:
    """A file is an article; a language may stand in its name, its front matter or its words."""
    write(
        tmp_path,
        b__txt="Le traité est signé.",
        a__fr__md="Text.",
        c__md="---\nlanguage: es\ntitle: Título\n---\nTexto.",
        D__MD="北京",
    )
    write(tmp_path, **{"e-e__md": "# Heading\n\nText."})
    corpus = read_corpus(tmp_path)
    check_corpus(corpus)
    read = [(a.name, a.original.language, a.original.title) for a in corpus.articles]
    assert read == [
        ("D", "en", "D"),
        ("a", "fr", "a"),
        ("b", "fr", "b"),
        ("c", "es", "Título"),
        ("e-e", "en", "Heading"),
    ]


def test_translations_stand_beside_their_original(tmp_path: Path) -> None:
    """Their endings may differ, and the language in a name may be in capitals."""
    write(tmp_path, t__md="---\nlanguage: fr\n---\nUn. Deux.", t__en__txt="One. Two.")
    write(tmp_path, t__ES__md="Uno. Dos.")
    (article,) = read_corpus(tmp_path).articles
    assert article.name == "t"
    assert [r.language for r in article.renderings] == ["fr", "es", "en"]
    assert {r.language: r.sentence(1, 2) for r in article.renderings} == {
        "fr": "Deux.",
        "en": "Two.",
        "es": "Dos.",
    }


def test_a_title_is_made_of_the_name_where_none_is_given(tmp_path: Path) -> None:
    """Hyphens and underscores become spaces, and a language in the name is no part of it."""
    write(tmp_path, **{"the-long_name__fr__md": "Texte."})
    write(tmp_path, **{"-__md": "Text."})
    assert [a.original.title for a in read_corpus(tmp_path).articles] == ["-", "the long name"]


def test_what_is_no_article_is_reported_or_hidden(tmp_path: Path) -> None:
    """Other endings are reported, hidden files and the glossary are not."""
    write(tmp_path, a__md="Text.", b__odt="x", __hidden__md="x", glossary__toml="")
    (tmp_path / "~$report.docx").write_bytes(b"\x05Ada")  # Word's, while the file is open
    write(tmp_path, **{"c\n.jpg": "x"})
    (tmp_path / "folder").mkdir()
    write(tmp_path / "folder", d__png="x")
    corpus = read_corpus(tmp_path)
    assert [article.name for article in corpus.articles] == ["a"]
    assert corpus.skipped == ("b.odt", "c\\n.jpg", "folder/d.png")


def test_a_link_within_the_folder_is_read(tmp_path: Path) -> None:
    """A link to a file of the corpus is an article of its own."""
    write(tmp_path, a__md="Text.")
    (tmp_path / "b.md").symlink_to("a.md")
    assert [article.name for article in read_corpus(tmp_path).articles] == ["a", "b"]


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    """An operator may point the bot at a link to the corpus, with links inside."""
    (tmp_path / "real").mkdir()
    write(tmp_path / "real", a__md="Text.")
    (tmp_path / "real" / "b.md").symlink_to("a.md")
    (tmp_path / "corpus").symlink_to("real")
    assert len(read_corpus(tmp_path / "corpus").articles) == 2


# What the readers look at: far likelier to trip them than random characters.
MARKS = st.sampled_from(
    [
        *"\n\r\t .!?…:;,-_#*`>|[](){}<>&\\'\"«»“”%@~=+^0aéÉ",
        "\n\n", "---\n", "...\n", "title: ", "language: ", "fr", "date: ", "2024-11-06", "url: ",
        "note: >-\n  ", "&a ", "*a ", "!!x ", "%YAML 1.1\n", "```\n", "    ", "- ", "1. ", "<br>",
        "<!--", "![", "](", "|-|-|\n", "\\U00110000", "\\ud800", "\x00", "\x0b", "\x0c", "\x1c",
        "\x1b[1m", "\x85", "\u2028", "\u202e", "\ufeff", "\u00ad", "\u0301", "😀", "Un mot.", "A.",
    ]
)  # fmt: skip
TEXT = st.text(max_size=300) | st.lists(MARKS, max_size=80).map("".join)
CONTENT = st.one_of(
    TEXT.map(lambda text: text.encode("utf-8", "surrogatepass")),
    TEXT.map(lambda text: f"---\n{text}\n---\nA sentence.".encode("utf-8", "surrogatepass")),
    TEXT.map(lambda text: (text * 40)[:4000].encode("utf-8", "surrogatepass")),
    st.binary(max_size=300),
)
NAMES = st.sampled_from(["a.md", "a.txt", "a.en.md", "b.md", "b.fr.txt", "b.en.md", "A.md"])


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(NAMES, CONTENT, min_size=1, max_size=3))
def test_any_files_are_articles_or_a_corpus_error(files: dict[str, bytes]) -> None:
    """Whatever stands in files, they are read as articles or each problem is one line."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, content in files.items():
            (folder / file).write_bytes(content)
        try:
            corpus = read_corpus(folder)
        except CorpusError as error:
            problems = error.problems
        else:
            check_corpus(corpus)
            return
    assert problems
    for problem in problems:
        assert len(str(problem).splitlines()) == 1
        assert problem.path.parent == folder
        count = files[problem.path.name].count(b"\n") + files[problem.path.name].count(b"\r") + 1
        assert problem.line is None or 1 <= problem.line <= count


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
@settings(max_examples=100)
@given(text=TEXT)
def test_an_article_loses_no_word_of_plain_text(name: str, text: str) -> None:
    """Title, headings and passages hold what the file does but for white space and unreadable
    characters.
    """
    text = "".join(c for c in text if c.isalnum() or c in " \n.,;:!?…«»'’")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(f"x{text}", encoding="utf-8", errors="ignore")
        (article,) = read_corpus(path.parent).articles
    kept = text.encode("utf-8", "ignore").decode()
    original = article.original
    read = [original.title, *(section.heading for section in original.sections), original.text]
    assert not Counter(f"x{kept}".split()) - Counter(" ".join(read).split())


@pytest.mark.parametrize(("later", "trusted"), [(0, False), (1.9, False), (2.1, True), (60, True)])
def test_a_file_that_has_just_been_written_is_not_trusted_to_stay(
    later: float, trusted: bool, tmp_path: Path
) -> None:
    """Within two seconds it may be written again without a new time: its content is compared."""
    path = tmp_path / "a.md"
    path.write_text("Cats sleep.")
    written = max(path.stat().st_mtime_ns, path.stat().st_ctime_ns)
    stamp = scan(tmp_path, now=written + int(later * 1_000_000_000)).files["a.md"]
    assert (stamp.stat_key is not None) == trusted


def names(corpus: Corpus) -> list[str]:
    """The articles."""
    return [article.name for article in corpus.articles]


def test_folders_within_are_read(tmp_path: Path) -> None:
    """An article's name is then its path; hidden folders are none, links lead to other places."""
    for folder in ("a/b", ".git", "a/.cache"):
        (tmp_path / folder).mkdir(parents=True)
        write(tmp_path / folder, t__md="Text. More.", t__fr__md="Texte. Encore.")
    write(tmp_path, t__md="Top.")
    corpus = read_corpus(tmp_path)
    assert names(corpus) == ["a/b/t", "t"]
    article, passage, sentence = corpus.find("a/b/t:1.2") or (None, 0, 0)
    assert article
    assert article.original.sentence(passage, sentence) == "More."
    assert [rendering.language for rendering in article.renderings] == ["en", "fr"]
    assert article.original.title == "t"


def test_a_link_to_a_folder_is_followed_within(tmp_path: Path) -> None:
    """As a mounted volume has it, through a hidden one; not out of the corpus, nor round."""
    corpus = tmp_path / "corpus"
    for folder in (corpus / "..1" / "a", corpus / "b", tmp_path / "out"):
        folder.mkdir(parents=True)
        write(folder, t__md="Text.")
    (corpus / "a").symlink_to("..1/a")
    (corpus / "b" / "round").symlink_to("..")
    (corpus / "out").symlink_to("../out")
    read = read_corpus(corpus)
    assert names(read) == ["a/t", "b/t"]
    assert [(p.path.name, p.reason) for p in read.problems] == [
        ("round", "is a link to a folder that is read already; remove it"),
        ("out", "is a link out of the corpus folder; copy the file into it instead"),
    ]


@pytest.mark.parametrize(
    ("name", "article", "language"),
    [
        ("Node.js.md", "Node.js", "en"),
        ("v2.io.md", "v2.io", "en"),
        ("article.md.txt", "article.md", "en"),
        ("lamp.zz.md", "lamp.zz", "en"),
        ("lamp.DE.md", "lamp", "de"),
        ("lamp.nb.md", "lamp", "nb"),
        (".net.fr.md", None, None),
    ],
)
def test_a_language_in_a_name_is_one(
    name: str, article: str | None, language: str | None, tmp_path: Path
) -> None:
    """Other letters before the ending belong to the name."""
    write(tmp_path, z__md="Last.")
    (tmp_path / name).write_text("The keepers lit the lamps every evening, and they burned oil.")
    read = [(a.name, a.original.language) for a in read_corpus(tmp_path).articles]
    assert read[0] == ((article, language) if article else ("z", "en"))


def test_what_was_good_is_kept_until_it_is_good_again(tmp_path: Path) -> None:
    """Word for word as it was, by itself or with its translation; a new reading starts anew."""
    write(tmp_path, a__md="Un.", a__en__md="One.", b__md="Two.")
    first = scan(tmp_path)
    write(tmp_path, a__md="Un. Deux.", a__en__md="---\ntitle: [")
    kept = scan(tmp_path, first, keeps=True)
    assert kept.corpus.article("a") is first.corpus.article("a")
    (problem,) = kept.corpus.problems
    assert problem.path.name == "a.en.md"
    assert problem.reason.endswith("; until then it is answered from as it was before")
    assert scan(tmp_path, kept, keeps=True) == kept
    anew = scan(tmp_path, kept).corpus.article("a")
    assert anew
    assert (anew.original.text, anew.translations) == ("Un. Deux.", ())
    write(tmp_path, a__en__md="One. Two.")
    fixed = scan(tmp_path, kept, keeps=True).corpus
    assert not fixed.problems
    assert fixed.article("a") == scan(tmp_path).corpus.article("a")


def test_what_is_removed_is_not_kept(tmp_path: Path) -> None:
    """A translation that has turned bad goes, and the article without it is read anew."""
    write(tmp_path, a__md="Un.", a__en__md="One.", b__md="Two.", c__md="Three.")
    first = scan(tmp_path)
    write(tmp_path, a__en__md="", b__md="")
    kept = scan(tmp_path, first, keeps=True)
    assert names(kept.corpus) == ["a", "b", "c"]
    (tmp_path / "a.en.md").unlink()
    (tmp_path / "b.md").unlink()
    after = scan(tmp_path, kept, keeps=True).corpus
    assert not after.problems
    assert names(after) == ["a", "c"]
    assert after.articles[0].translations == ()


def test_a_glossary_and_questions_that_turn_bad_stay_as_they_were(tmp_path: Path) -> None:
    """And say so; without a good reading there are none."""
    asked = '[[question]]\nquestion = "q"\naccepted = ["a:1.1"]\n'
    write(tmp_path, a__md="One.", glossary__toml='terms = [["a", "b"]]', questions__toml=asked)
    first = scan(tmp_path)
    write(tmp_path, glossary__toml="terms = 1", questions__toml="x = 1")
    kept = scan(tmp_path, first, keeps=True).corpus
    assert (kept.glossary, kept.questions) == (first.corpus.glossary, first.corpus.questions)
    assert [p.path.name for p in kept.problems] == ["glossary.toml", "questions.toml"]
    anew = scan(tmp_path, first).corpus
    assert (anew.glossary.groups, anew.questions) == ((), ())


STATES = st.dictionaries(
    st.sampled_from(["a.md", "a.en.md", "a.fr.txt", "b.md", "c/b.md"]),
    st.sampled_from(
        ["One.", "Two. Three.", "", "---\ndate: soon\n---\nX.", "---\nlanguage: en\n---\nY."]
    ),
)


@settings(max_examples=60)
@given(st.lists(STATES, min_size=2, max_size=4))
def test_reading_on_is_reading_anew_but_for_what_is_kept(states: list[dict[str, str]]) -> None:
    """Whatever happens to files between two readings: what is sound is what is read anew, and an
    article is kept only where one of its files is wrong.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, z__md="Last.")
        (folder / "c").mkdir()
        known = scan(folder)
        for state in states:
            for file in ("a.md", "a.en.md", "a.fr.txt", "b.md", "c/b.md"):
                (folder / file).unlink(missing_ok=True)
                if file in state:
                    (folder / file).write_text(state[file])
            known, anew = scan(folder, known, keeps=True), scan(folder).corpus
            wrong = {p.path.relative_to(folder).as_posix() for p in anew.problems}
            assert {p.path.relative_to(folder).as_posix() for p in known.corpus.problems} == wrong
            for article in known.corpus.articles:
                if article != anew.article(article.name):
                    assert any(file.startswith(f"{article.name}.") for file in wrong)
            assert set(names(anew)) <= set(names(known.corpus))
