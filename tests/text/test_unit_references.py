"""References to units in questions and in treaties, and what only counts or looks so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.unit_references import bare_number, unit_references
from bot.text.units import KINDS, UnitKey


def addresses(text: str) -> list[str]:
    """The addresses of the units that a text names."""
    return [reference.key.address for reference in unit_references(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("article 5", "art5"), ("art 5(2)", "art5.2"), ("Art. 31 para 1", "art31.1"),
        ("art5 ?", "art5"), ("show me art.5 please", "art5"), ("rule 2.3?", "rule2.3"),
        ("what does article 5(2)(a) say", "art5.2.a"), ("article 9 paragraph 3", "art9.3"),
        ("article 9, third paragraph", "art9.3"), ("Article 5(2), point (a)", "art5.2.a"),
        ("annexe II", "annex2"), ("ANNEX II", "annex2"), ("annex b?", "annexb"),
        ("what's in the annex", "annex"), ("Protocol No 3", "prot3"), ("recital 26", "rec26"),
        ("considerant 26", "rec26"), ("the preamble", "preamble"), ("le préambule", "preamble"),
        ("section 3", "sec3"), ("§ 12", "sec12"), ("§12", "sec12"), ("clause four", "cl4"),
        ("que dit l'article premier", "art1"), ("l’article 1er", "art1"), ("article ii", "art2"),
        ("article n° 5", "art5"), ("article vingt-trois", "art23"),
        ("the 14th amendment", "amend14"),
        ("the first article", "art1"), ("le 5e article", "art5"), ("article 5 ter", "art5ter"),
        ("art. L. 121-1", "artl121-1"), ("article l 121-1 ?", "artl121-1"),
        ("article 68-1", "art68-1"), ("artcle 5", "art5"), ("articel 5", "art5"),
        ("artical 5", "art5"), ("chaptre 3", "chp3"), ("sectoin 12", "sec12"),
        ("preambel?", "preamble"), ("anex 2", "annex2"), ("articles 5 and 6", "art5 art6"),
        ("article 5 and 6", "art5 art6"), ("articles 5, 7 et 9", "art5 art7 art9"),
        ("l'article 12, 13 et 14", "art12 art13 art14"), ("Articles 5 to 7", "art5 art6 art7"),
        ("articles 5 à 7", "art5 art6 art7"), ("Articles 5–7", "art5 art6 art7"),
        ("Articles 68-1 et 68-2", "art68-1 art68-2"), ("Article 5(1)-(3)", "art5.1 art5.2 art5.3"),
        ("Article 6(1)(a) and (c)", "art6.1.a art6.1.c"),
        ("article 2 (3) a) et b)", "art2.3.a art2.3.b"),
        ("paragraph 2 of Article 9", "art9.2"), ("le premier alinéa de l'article 5", "art5.1"),
        ("points (a) and (b) of Article 6(1)", "art6.1.a art6.1.b"),
        ("l'alinéa 3 de l'art. 49", "art49.3"), ("article 5, al. 2, let. b", "art5.2.b"),
        ("Annex II, Article 5", "annex2.art5"), ("Article 5 of Annex II", "annex2.art5"),
        ("Article I, Section 8", "art1.sec8"), ("chapter 3 section 2", "chp3.sec2"),
        ("article 2 of protocol no 3", "prot3.art2"), ("49 al. 3", "49.3"), ("31 para 1", "31.1"),
        ("Article 9, paragraphs 1 and 2", "art9.1 art9.2"), ("annex i part b", "annex1.partb"),
        ("annexes I à III", "annex1 annex2 annex3"), ("§§ 3-5", "sec3 sec4 sec5"),
        ("sub-paragraph (b) of paragraph 1 of Article 7", "art7.1.b"), ("artlce 5", "art5"),
        ("Article 7, sub-paragraph (b)", "art7.b"), ("le 3 de l'article 49", "art49.3"),
        ("au 2° de l'article 5", "art5.2"), ("(2) of Article 9", "art9.2"),
        ("protocole additionnel n° 2", "prot2"), ("article 16 A", "art16a"),
        ("2.1.d", "2.1.d"), ("what does 2.4 say", "2.4"), ("12(3)?", "12.3"),
        ("subject to Article 7, paragraph 2, and Article 9", "art7.2 art9"),
        ("does article 5 allow ships?", "art5"), ("hey bot, whats art 5 about", "art5"),
        ("Under Title III, Chapter 2, Article 9, ships pay.", "title3.chp2.art9"),
    ],
)  # fmt: skip
def test_a_text_names_units(text: str, expected: str) -> None:
    """However members and treaties write it, with typos and without accents."""
    assert addresses(text) == expected.split()


@pytest.mark.parametrize(
    "text",
    [
        "did they try to annex the quay", "dans les années 30", "how many articles are there",
        "23 articles", "Combien d'articles contient-il ?",
        "the treaty has 12 chapters", "the article 5 days later", "un article de 5 pages",
        "the article I read yesterday", "an annex", "le texte annexé", "in the first part",
        "part one of the story", "a chapter of accidents", "page 31 para 1", "3.5 ships",
        "and 6?", "et le 61 ?", "rules are rules", "in 2015", "cause 3 of the fire", "5",
        "the parties signed on 3 May", "what is a section", "two parts of water", "paragraph 2",
        "les titres de 2020", "a regulation", "Regulation (EU) 2016/679",
    ],
)  # fmt: skip
def test_a_text_names_none(text: str) -> None:
    """Counting articles, and numbers beside other words, name no unit."""
    assert addresses(text) == []


@pytest.mark.parametrize(
    ("text", "document"),
    [
        ("article 5 of the Quay Pact", "Quay Pact"), ("article 15 des statuts", "statuts"),
        ("Article 51 of the Charter of Pilots, as amended", "Charter of Pilots"),
        ("what does article 5 of the quay pact say", "quay pact"),
        ("art. 6 du règlement intérieur alinéa 4", "règlement intérieur"),
        ("article 5 in the quay treaty", "quay treaty"), ("article 5 of this Treaty", None),
        ("l'article 5 du présent pacte", None), ("Article 7 in good faith", None),
        ("article 5", None), ("Article 5 of Annex II", None),
    ],
)  # fmt: skip
def test_a_reference_names_its_document(text: str, document: str | None) -> None:
    """What stands behind *of* is the document's name; this treaty is none."""
    (reference,) = unit_references(text)
    assert reference.document == document


def test_a_paragraph_may_stand_behind_the_document() -> None:
    """Article 6 of the rules, paragraph 4, is a paragraph of Article 6."""
    assert addresses("art. 6 du règlement intérieur, alinéa 4") == ["art6.4"]


def test_references_have_their_places() -> None:
    """Each stands where it is named, in the text's order."""
    text = "See Article 7(2), Articles 9 and 11, and the second paragraph of Article 12."
    spans = [text[one.start : one.end] for one in unit_references(text)]
    assert spans == [
        "Article 7(2)", "Articles 9", "11", "second paragraph of Article 12",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "number", "points"),
    [
        ("and 6?", "6", ()), ("et le 61 ?", "61", ()), ("what about 12(3)", "12", ("3",)),
        ("and the 6th?", "6", ()), ("quid du 4 bis ?", "4bis", ()), ("6", "6", ()),
        ("what does 2.4 say", "2", ("4",)), ("et L. 121-2 ?", "l121-2", ()),
        ("and paragraph 2?", "", ("2",)), ("et l'alinéa 2 ?", "", ("2",)),
        ("and the second paragraph?", "", ("2",)), ("que dit le 12 ?", "12", ()),
    ],
)  # fmt: skip
def test_a_follow_up_is_a_number(question: str, number: str, points: tuple[str, ...]) -> None:
    """A number with no more than the words that ask for it."""
    assert bare_number(question) == UnitKey("", number, points)


@pytest.mark.parametrize(
    "question",
    [
        "",
        "and in 2015?",
        "2+2",
        "3 4",
        "how many are 6 ships",
        "and that?",
        "6 ships?",
        "et pour l'an 2?",
    ],
)
def test_a_follow_up_is_none(question: str) -> None:
    """Years, sums and questions with words of their own are no units' numbers."""
    assert bare_number(question) is None


@given(text=st.text(max_size=80))
def test_every_reference_is_in_the_text(text: str) -> None:
    """Whatever is written, a reference has a span of the text and a kind that is known."""
    kinds = {kind.name for kind in KINDS} | {""}
    for reference in unit_references(text):
        assert 0 <= reference.start < reference.end <= len(text)
        assert reference.key.kind in kinds


WORDS = (
    "article articles art . 5 12 of the annex II paragraph 2 ( ) a and , to first § preamble "
    "de l' alinéa section - – protocol no L 121 bis"
).split()


@given(words=st.lists(st.sampled_from(WORDS), max_size=14))
def test_words_of_references_in_any_order_are_read(words: list[str]) -> None:
    """Parts of references never make the reading fail, and references do not go back."""
    text = " ".join(words)
    starts = [reference.start for reference in unit_references(text)]
    assert starts == sorted(starts)
    bare_number(text)
