"""Blocks made into sections and passages: headings, lead-ins, items, rows, code."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.corpus.model import PassageKind, Rendering, build_rendering
from bot.corpus.structure import structure_of
from bot.formats.document import LINE_LEVEL, QUESTION_LEVEL, Block, row_text


def heading(text: str, level: int) -> Block:
    """A heading of a level."""
    return Block(text, kind="heading", level=level)


def item(text: str, level: int = 1) -> Block:
    """An item of a list of a depth."""
    return Block(text, kind="item", level=level)


def row(*cells: str, heads: tuple[str, ...] = ("Boat", "Price")) -> Block:
    """A row of a table."""
    return Block(row_text(cells, heads), kind="row", cells=cells, heads=heads)


def code(text: str) -> Block:
    """Lines of code."""
    return Block(text, kind="code")


def read(*blocks: Block) -> Rendering:
    """The rendering that blocks make."""
    found = structure_of(blocks)
    return build_rendering("en", "T", found.drafts, found.sections, found.tables)


def leads(rendering: Rendering) -> list[tuple[str, str]]:
    """Each passage with what leads in to it."""
    return [(rendering.lead_in(p), p.span.of(rendering.text)) for p in rendering.passages]


def test_headings_form_a_tree() -> None:
    """A heading ends the sections of its level and of inner ones; it is no passage."""
    rendering = read(
        Block("Before."),
        heading("Boats", 2),
        Block("A."),
        heading("Oars", 3),
        Block("B."),
        heading("How long?", QUESTION_LEVEL),
        Block("C."),
        heading("", QUESTION_LEVEL),
        Block("D."),
        heading("Lost ones", LINE_LEVEL),
        Block("E."),
        heading("Sheds", 2),
        Block("F."),
    )
    assert [
        (p.span.of(rendering.text), " › ".join(rendering.headings(p))) for p in rendering.passages
    ] == [
        ("Before.", ""),
        ("A.", "Boats"),
        ("B.", "Boats › Oars"),
        ("C.", "Boats › Oars › How long?"),
        ("D.", "Boats › Oars"),
        ("E.", "Boats › Oars › Lost ones"),
        ("F.", "Sheds"),
    ]


def test_units_without_levels_stand_in_each_other() -> None:
    """Articles in chapters, a line right below a number is its title, another line ends them."""
    lines = ["CHAPTER I", "Passage", "ARTICLE 1", "Ships", "ARTICLE 2", "CHAPTER II", "Signatures"]
    blocks = [block for text in lines for block in (heading(text, LINE_LEVEL), Block("A."))]
    rendering = read(*(block for n, block in enumerate(blocks) if n not in {1, 5}))
    found = [" › ".join(rendering.headings(p)) for p in rendering.passages]
    assert found == [
        "CHAPTER I › Passage",
        "CHAPTER I › ARTICLE 1 › Ships",
        "CHAPTER I › ARTICLE 2",
        "CHAPTER II",
        "Signatures",
    ]


def test_what_leads_in_to_items_is_kept_with_them() -> None:
    """The last sentence before a list, and the item around an inner one."""
    rendering = read(
        Block("Rooms are warm. It is forbidden:"),
        item("1. to smoke"),
        item("2. to bring:"),
        item("dogs", 2),
        item("cats", 2),
        item("3. to sing"),
    )
    assert leads(rendering) == [
        ("", "Rooms are warm. It is forbidden:"),
        ("It is forbidden:", "1. to smoke"),
        ("It is forbidden:", "2. to bring:"),
        ("It is forbidden: 2. to bring:", "dogs"),
        ("It is forbidden: 2. to bring:", "cats"),
        ("It is forbidden:", "3. to sing"),
    ]


def test_items_of_one_depth_follow_a_lead_in_of_another_kind() -> None:
    """As in plain text: (a) below 2., but not 3. below it."""
    rendering = read(
        item("1. Pay."), item("2. No fee:"), item("(a) x"), item("(b) y"), item("3. z")
    )
    assert [lead for lead, _ in leads(rendering)] == ["", "", "2. No fee:", "2. No fee:", ""]


def test_a_list_goes_on_after_a_further_paragraph_of_an_item() -> None:
    """What stands within the item leads in to its own items alone."""
    inner = Block("Never:", level=1)
    blocks = (
        Block("It is forbidden:"),
        item("to smoke;"),
        inner,
        item("pipes", 2),
        item("to sing."),
    )
    assert [lead for lead, _ in leads(read(*blocks))][3:] == ["Never:", "It is forbidden:"]


def test_only_what_stands_right_above_a_table_leads_in_to_it() -> None:
    """Not the lead-in of a list in between."""
    assert leads(read(Block("Fees:"), row("Punt", "£4")))[1][0] == "Fees:"
    assert leads(read(Block("Do:"), item("a"), row("Punt", "£4")))[2][0] == ""


def test_a_sentence_that_ends_leads_in_to_nothing() -> None:
    """Nor does a paragraph of another section."""
    assert leads(read(Block("All is well."), item("a boat")))[1] == ("", "a boat")
    assert leads(read(Block("We have:"), heading("Next", 2), item("a boat")))[1] == ("", "a boat")


def test_points_that_are_paragraphs_follow_their_lead_in() -> None:
    """As laws have them: (a), (b); a paragraph without a mark ends them."""
    rendering = read(
        Block("No fee is due:"),
        Block("(a) in a storm;"),
        Block("(b) in fog."),
        Block("Else it is."),
    )
    assert leads(rendering) == [
        ("", "No fee is due:"),
        ("No fee is due:", "(a) in a storm;"),
        ("No fee is due:", "(b) in fog."),
        ("", "Else it is."),
    ]


def test_a_row_is_one_sentence_with_its_heads() -> None:
    """Whatever stands in its cells; rows of one table share it."""
    rendering = read(row("Punt", "£4. Or £5."), row("Raft", ""), row("x", "y", heads=()))
    assert [len(p.sentences) for p in rendering.passages] == [1, 1, 1]
    assert [p.kind for p in rendering.passages] == [PassageKind.ROW] * 3
    assert rendering.sentence(1, 1) == "Boat: Punt · Price: £4. Or £5."
    assert rendering.sentence(2, 1) == "Boat: Raft · Price:"
    assert rendering.sentence(3, 1) == "x · y"
    assert len(rendering.tables) == 2


def test_code_belongs_to_what_stands_before_it() -> None:
    """Or to what comes next, where a section begins with it; alone it is what the section says."""
    rendering = read(
        Block("Run this."), code("make"), code("make test"),
        heading("First", 2), code("cd x"), Block("That is all."),
        heading("Last", 2), code("rm x"),
    )  # fmt: skip
    found = [
        (p.span.of(rendering.text), p.code.of(rendering.text) if p.code else "")
        for p in rendering.passages
    ]
    assert found == [("Run this.", "make\nmake test"), ("That is all.", "cd x"), ("rm x", "")]
    assert rendering.passages[2].kind == PassageKind.CODE


TEXT = st.text(alphabet="ab .:;\n", min_size=1, max_size=12).map(str.strip).filter(bool)
BLOCKS = st.lists(
    st.one_of(
        st.builds(heading, TEXT | st.just(""), st.integers(1, 8)),
        TEXT.map(lambda text: Block(" ".join(text.split()) or "a")),
        st.builds(item, TEXT.map(lambda text: " ".join(text.split()) or "a"), st.integers(1, 4)),
        TEXT.map(lambda text: row(" ".join(text.split()), "x")),
        TEXT.map(code),
    ),
    max_size=12,
)


@given(BLOCKS)
def test_nothing_is_lost_and_nothing_added(blocks: list[Block]) -> None:
    """Every block that is no heading stands in the text, in its order for what is quoted."""
    rendering = read(*blocks)
    place = 0
    for block in blocks:
        if block.kind not in ("heading", "code"):
            place = rendering.text.index(block.text, place) + len(block.text)
        elif block.kind == "code":
            assert block.text in rendering.text
    words = [word for block in blocks if block.kind != "heading" for word in block.text.split()]
    assert sorted(rendering.text.split()) == sorted(words)


def test_a_units_number_is_part_of_its_first_sentence() -> None:
    """Where both stand on one line."""
    rendering = read(
        Block("ARTICLE 2. The quay is free. It stays so."), Block("Art. 6. – It rains.")
    )
    found = [s.of(rendering.text) for p in rendering.passages for s in p.sentences]
    assert found == ["ARTICLE 2. The quay is free.", "It stays so.", "Art. 6. – It rains."]
