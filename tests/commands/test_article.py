"""/article, ``in`` of /ask, and the buttons that lead from one unit to another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import discord
import pytest

from bot.service.library import Library
from tests.simulated import labels_of, text_of, texts_of

if TYPE_CHECKING:
    from tests.simulated import Place

pytestmark = pytest.mark.simcord(approved_intents=discord.Intents.default())

BYLAWS = """# Bylaws of the Rowing Club

## Article 1 — Boats

Boats are washed after use.

## Article 2 — Keys

Keys are kept by the warden, as provided in Article 3.

## Article 3 — Warden

The warden is elected each spring.
"""


@pytest.fixture
def bylaws(corpus_dir: Path, library: Library) -> Library:
    """The small corpus with bylaws of three articles."""
    (corpus_dir / "bylaws.en.md").write_text(BYLAWS, encoding="utf-8")
    library.reindex()
    return library


@pytest.mark.usefixtures("bylaws")
@pytest.mark.parametrize("unit", ["2", "Article 2", "art2", "keys", "article two"])
async def test_an_article_by_number_or_title(place: Place, unit: str) -> None:
    """However it is named, the unit is quoted for everybody, with where it stands."""
    result = await place.alice.slash(place.channel, "article", source="bylaws", unit=unit)
    assert not result.ephemeral
    quote, source = texts_of(result.response)
    assert quote == "> Keys are kept by the warden, as provided in Article 3."
    assert source == "-# Bylaws of the Rowing Club › Article 2, Keys · ¶ 2"


@pytest.mark.usefixtures("bylaws")
async def test_without_a_unit_all_are_listed(place: Place) -> None:
    """Without a unit, the document's are listed."""
    result = await place.alice.slash(place.channel, "article", source="Bylaws of the Rowing Club")
    title, units = texts_of(result.response)
    assert title == "**Bylaws of the Rowing Club**"
    assert units == "Article 1, Boats\nArticle 2, Keys\nArticle 3, Warden"


async def test_a_long_list_has_pages(place: Place, corpus_dir: Path, library: Library) -> None:
    """A document of many articles is listed page by page, which outlives a restart."""
    articles = (f"## Article {n} — Rule {n}x\n\nText {n} stands.\n" for n in range(1, 46))
    (corpus_dir / "long.md").write_text("# Long\n\n" + "\n".join(articles), encoding="utf-8")
    library.reindex()
    first = await place.alice.slash(place.channel, "article", source="long")
    assert labels_of(first.response) == ["Next"]
    assert first.response is not None
    await place.restart(library)
    await place.alice.click(first.response.message, label="Next")
    (shown,) = [m for m in place.channel.history() if m.id == first.response.message.id]
    assert "Article 21, " in text_of(shown)
    assert labels_of(shown) == ["Previous", "Next"]


@pytest.mark.usefixtures("bylaws")
async def test_what_is_not_there_is_said_to_be_missing(place: Place) -> None:
    """A source or a unit that is not there is named in one sentence, to who asked alone."""
    for options, missing in (
        ({"source": "nothing"}, "There is no source `nothing`."),
        ({"source": "bylaws", "unit": "9"}, "Bylaws of the Rowing Club has no 9."),
    ):
        result = await place.alice.slash(place.channel, "article", **options)
        assert result.ephemeral
        assert missing in text_of(result.response)
    listed = await place.alice.slash(place.channel, "article", source="lighthouse")
    assert "no numbered articles" in text_of(listed.response)


@pytest.mark.usefixtures("bylaws")
async def test_units_and_sources_are_offered(place: Place) -> None:
    """A source is offered by its title, its units by number and title."""
    sources = await place.alice.autocomplete(place.channel, "article", "source", "rowing")
    assert sources == [{"name": "Bylaws of the Rowing Club", "value": "bylaws"}]
    for typed in ("3", "warden", "art3"):
        offered = await place.alice.autocomplete(
            place.channel, "article", "unit", typed, source="bylaws"
        )
        assert offered == [{"name": "Article 3, Warden", "value": "art3"}]


async def test_a_reference_leads_to_its_unit(place: Place, bylaws: Library) -> None:
    """A button below a quotation shows the clicker alone the unit that it refers to, also after a
    restart; none leads from a unit to itself.
    """
    answer = await place.ask("article 2 of the bylaws?")
    assert labels_of(answer) == ["Remove", "Article 3"]
    await place.restart(bylaws)
    result = await place.alice.click(answer, label="Article 3")
    assert result.ephemeral
    assert "> The warden is elected each spring." in text_of(result.response)
    assert labels_of(result.response) == []


async def test_a_reference_to_what_has_gone(
    place: Place, bylaws: Library, corpus_dir: Path
) -> None:
    """Once the source has gone the button says that it has changed."""
    answer = await place.ask("article 2 of the bylaws?")
    (corpus_dir / "bylaws.en.md").unlink()
    bylaws.reindex()
    result = await place.alice.click(answer, label="Article 3")
    assert "The source has changed" in text_of(result.response)


@pytest.mark.usefixtures("bylaws")
async def test_a_missing_unit_is_told(place: Place) -> None:
    """A question for an article that a document lacks is told which it has."""
    answer = await place.ask("article 9 of the bylaws?")
    assert "Bylaws of the Rowing Club has no Article 9; it has Article 1 to Article 3." in (
        text_of(answer)
    )


@pytest.mark.usefixtures("bylaws")
async def test_ask_in_one_source(place: Place) -> None:
    """``in`` keeps an answer to one source; one that is not there is named."""
    asked = {"question": "Who was the keeper of the lighthouse?"}
    found = await place.alice.slash(place.channel, "ask", **asked, **{"in": "lighthouse"})
    assert "Ada Quill" in text_of(found.response)
    other = await place.alice.slash(place.channel, "ask", **asked, **{"in": "bylaws"})
    assert "Ada Quill" not in text_of(other.response)
    missing = await place.alice.slash(place.channel, "ask", **asked, **{"in": "nothing"})
    assert missing.ephemeral
    assert "There is no source `nothing`." in text_of(missing.response)
    offered = await place.alice.autocomplete(place.channel, "ask", "in", "light")
    assert [choice["value"] for choice in offered] == ["lighthouse"]
