"""What everybody may use besides a question: suggestions, /cite, /sources and *Find sources*."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import discord
import pytest
import simcord
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.markup import escape, length
from bot.chat.suggestions import addresses, prepare
from bot.corpus.model import Article, Corpus, CuratedQuestion
from bot.service.library import Library
from tests.corpora import rendering_of
from tests.simulated import add_otters, buttons_of, labels_of, question_shown, text_of, texts_of

if TYPE_CHECKING:
    from tests.simulated import Place, Speak

pytestmark = pytest.mark.simcord(approved_intents=discord.Intents.default())

# https://discord.com/developers/docs/interactions/application-commands: of a list of choices.
CHOICES, CHOICE = 25, 100

RATIFIED = "Le traité a été ratifié par le Sénat russe."
RATIFIED_EN = "The treaty was ratified by the Russian Senate."
QUESTIONS = """\
[[question]]
question = "Who kept the lighthouse at Skerry Point?"
accepted = ["lighthouse:1.1"]

[[question]]
question = "Qui a ratifié le traité ?"
accepted = ["treaty:1.1"]
"""


async def suggested(place: Place, typed: str, command: str = "ask") -> list[str]:
    """The values that Discord shows while somebody types a command's one option."""
    option = {"ask": "question", "cite": "address"}[command]
    choices = await place.alice.autocomplete(place.channel, command, option, typed)
    return [choice["value"] for choice in choices]


@pytest.fixture
def questions(corpus_dir: Path, library: Library) -> Library:
    """A library whose curators wrote down two questions."""
    (corpus_dir / "questions.toml").write_text(QUESTIONS, encoding="utf-8")
    library.reindex()
    return library


@pytest.mark.usefixtures("questions")
async def test_ask_suggests_questions_and_titles(place: Place) -> None:
    """While nothing is typed, /ask offers the corpus's own questions, then its titles; a rendering
    without one is called as its file is.
    """
    assert await suggested(place, "") == [
        "Who kept the lighthouse at Skerry Point?",
        "Qui a ratifié le traité ?",
        "The lighthouse of Skerry Point",
        "Le traité de Pyongyang",
        "treaty",
    ]


@pytest.mark.usefixtures("questions")
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("who light", ["Who kept the lighthouse at Skerry Point?"]),
        (
            "LIGHT sker",
            ["Who kept the lighthouse at Skerry Point?", "The lighthouse of Skerry Point"],
        ),
        ("trai", ["Qui a ratifié le traité ?", "Le traité de Pyongyang"]),
        ("traité ratifie", ["Qui a ratifié le traité ?"]),
        ("house", []),
        ("lighthouse traité", []),
    ],
)
async def test_ask_suggests_what_holds_every_typed_word(
    place: Place, typed: str, offered: list[str]
) -> None:
    """Every typed word must begin a word of a suggestion, in any order, case and accents aside."""
    assert await suggested(place, typed) == offered


@pytest.mark.usefixtures("questions")
async def test_a_suggested_question_is_answered(place: Place) -> None:
    """What /ask suggests can be sent as it is."""
    (question,) = await suggested(place, "qui")
    result = await place.alice.slash(place.channel, "ask", question=question)
    assert RATIFIED in text_of(result.response)


async def test_ask_suggests_what_the_corpus_holds_now(
    place: Place, corpus_dir: Path, library: Library
) -> None:
    """After a reindex, the suggestions are those of the new corpus."""
    assert await suggested(place, "otters") == []
    add_otters(corpus_dir)
    library.reindex()
    assert await suggested(place, "otters") == ["Sea otters"]


async def test_cite_suggests_articles_then_sentences(place: Place) -> None:
    """/cite offers an article by its name or title, then its sentences as they are typed."""
    assert await suggested(place, "", "cite") == ["lighthouse:1.1", "treaty:1.1"]
    assert await suggested(place, "pyong", "cite") == ["treaty:1.1"]
    sentences = ["treaty:1.1", "treaty:1.2", "treaty:2.1"]
    assert await suggested(place, "treaty:", "cite") == sentences
    assert await suggested(place, "treaty:1", "cite") == sentences[:2]
    assert await suggested(place, "treaty:1.2", "cite") == sentences[1:2]
    assert await suggested(place, "treaty:7", "cite") == []
    choices = await place.alice.autocomplete(place.channel, "cite", "address", "treaty:1.1")
    assert choices == [{"name": f"1.1 {RATIFIED}", "value": "treaty:1.1"}]


async def test_cite(place: Place) -> None:
    """/cite shows everybody the sentence of an address, marked in its passage."""
    result = await place.alice.slash(place.channel, "cite", address="treaty:1.2")
    assert not result.ephemeral
    *passage, source = texts_of(result.response)
    assert passage == [
        f"> {RATIFIED_EN} **It has twenty-three articles.**",
        f"-# Original (French)\n> {RATIFIED} **Il compte vingt-trois articles.**",
    ]
    assert source.endswith(" · 6 November 2024 · ¶ 1, sentence 2")


async def test_cite_in_french(place: Place, speak: Speak) -> None:
    """For somebody whose Discord is French, /cite shows the French original alone."""
    speak("fr")
    result = await place.alice.user.slash("cite", address=" treaty:1.2 ")
    passage, source = texts_of(result.response)
    assert passage == f"> {RATIFIED} **Il compte vingt-trois articles.**"
    assert "6 novembre 2024 · ¶ 1, phrase 2" in source


WRONG = "treaty:1.3 treaty:0.1 nothing:1.1 treaty 1.1 treaty:1.1.1 treaty:9999999.1".split()
NO_SENTENCE = {
    "en-US": "There is no sentence {}. Choose from the list as you type.",
    "fr": "Il n’y a pas de phrase {}. Choisissez dans la liste en tapant.",
}


@pytest.mark.parametrize(
    ("address", "locale"), [*((wrong, "en-US") for wrong in WRONG), (WRONG[0], "fr")]
)
async def test_cite_refuses_a_wrong_address(
    place: Place, speak: Speak, address: str, locale: str
) -> None:
    """An address of no sentence is refused in private, saying how to find one."""
    speak(locale)
    result = await place.alice.slash(place.channel, "cite", address=address)
    assert result.ephemeral
    assert text_of(result.response) == NO_SENTENCE[locale].format(escape(address))


async def test_cite_refuses_without_echoing_markup(place: Place) -> None:
    """A wrong address is shown as it is, shortened, and neither formats nor pings anything."""
    result = await place.alice.slash(place.channel, "cite", address="@everyone **x** " * 100)
    (text,) = texts_of(result.response)
    assert text.startswith(r"There is no sentence \@everyone \*\*x\*\* \@everyone ")
    assert len(text) < 200


TEXTS = st.one_of(st.text(), st.text(alphabet="ab :.-12é😀\ud800\n", max_size=120))


@st.composite
def corpora(draw: st.DrawFn) -> Corpus:
    """A corpus whose names, titles, questions and sentences may be anything."""
    articles = []
    for name in draw(st.lists(TEXTS, max_size=4, unique=True)):
        sentences = draw(st.lists(TEXTS.filter(bool), min_size=1, max_size=30))
        passages = [(1, sentence, [(0, len(sentence))]) for sentence in sentences]
        articles.append(Article(name, rendering_of("fr", draw(TEXTS), passages)))
    questions = draw(st.lists(TEXTS.map(CuratedQuestion), max_size=40))
    return Corpus(tuple(articles), questions=tuple(questions))


@settings(max_examples=50)
@given(corpora(), TEXTS)
def test_suggestions_within_limits(corpus: Corpus, typed: str) -> None:
    """Whatever the corpus holds and whatever is typed, /ask offers a list that Discord takes."""
    offered = [value for _, value in prepare(corpus).questions.beginning(typed)]
    assert len(offered) <= CHOICES
    assert len(set(offered)) == len(offered)
    assert all(text.strip() and length(text) <= CHOICE for text in offered)


@settings(max_examples=50)
@given(corpora(), TEXTS, st.sampled_from(["", ":", ":1", ":1.", ":1.1"]), st.data())
def test_addresses_within_limits(corpus: Corpus, typed: str, end: str, data: st.DataObject) -> None:
    """So does /cite, also for the name of an article with any piece of an address behind it."""
    name = data.draw(st.sampled_from([typed, *(article.name for article in corpus.articles)]))
    offered = addresses(prepare(corpus), name + end)
    assert len(offered) <= CHOICES
    for shown, value in offered:
        assert shown.strip()
        assert length(shown) <= CHOICE
        assert length(value) <= CHOICE


def corpus_of(*names: str) -> Corpus:
    """Articles of one sentence."""
    rendering = rendering_of("en", "A title", [(1, "A sentence.", [(0, 11)])])
    return Corpus(tuple(Article(name, rendering) for name in names))


def test_an_overlong_name_hides_no_other_article() -> None:
    """An article whose address Discord does not take is left out, and those after it are not."""
    corpus = corpus_of("a" * 120, "😀" * 50, "b")
    assert [value for _, value in addresses(prepare(corpus), "")] == ["b:1.1"]


def test_suggestions_are_cut_off() -> None:
    """Of more than 25 suggestions, the first 25 are offered."""
    corpus = corpus_of(*(f"article-{number:02}" for number in range(40)))
    assert [value for _, value in addresses(prepare(corpus), "article")] == [
        f"article-{number:02}:1.1" for number in range(CHOICES)
    ]


async def test_sources_on_one_page(place: Place) -> None:
    """/sources lists in private each article with its title, name, date, languages, length and
    link; one page has no buttons.
    """
    result = await place.alice.slash(place.channel, "sources")
    assert result.ephemeral
    assert texts_of(result.response) == [
        "**2 sources, 6 sentences**",
        "The lighthouse of Skerry Point\n-# lighthouse · en · 2 passages",
        "Le traité de Pyongyang\n-# treaty · 6 November 2024 · fr, en · 2 passages · "
        "<https://example.org/traite_%282024%29>",
    ]
    assert labels_of(result.response) == []


async def test_sources_in_french(place: Place, speak: Speak) -> None:
    """The list is in the language of the person's Discord, in a direct message too."""
    speak("fr")
    result = await place.alice.user.slash("sources")
    assert texts_of(result.response)[0] == "**2 sources, 6 phrases**"
    assert "6 novembre 2024" in text_of(result.response)


def write_articles(folder: Path, count: int) -> None:
    """So many articles, in place of those that were there."""
    for path in folder.iterdir():
        path.unlink()
    for number in range(count):
        text = f"# Number {number:02}\n\nA sentence.\n"
        (folder / f"article-{number:02}.en.md").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("locale", "onwards", "back"), [("en-US", "Next", "Previous"), ("fr", "Suivant", "Précédent")]
)
async def test_sources_are_paged(
    place: Place, speak: Speak, corpus_dir: Path, locale: str, onwards: str, back: str
) -> None:
    """Six articles a page; the buttons turn the page in place, also after a restart."""
    write_articles(corpus_dir, 13)
    library = Library(corpus_dir)
    await place.restart(library)
    speak(locale)
    result = await place.alice.slash(place.channel, "sources")
    page = result.response
    assert page is not None
    assert labels_of(page) == [onwards]
    assert [text[:9] for text in texts_of(page)[1:]] == [f"Number 0{n}" for n in range(6)]
    await place.restart(library)
    await place.alice.click(page, label=onwards)
    assert labels_of(page) == [back, onwards]
    await place.alice.click(page, label=onwards)
    assert [text[:9] for text in texts_of(page)[1:]] == ["Number 12"]
    assert labels_of(page) == [back]
    await place.alice.click(page, label=back)
    assert texts_of(page)[1].startswith("Number 06")
    assert len(place.channel.history(viewer=place.alice)) == 1


@pytest.mark.parametrize("left", [7, 1])
async def test_no_page_of_sources_is_empty(place: Place, corpus_dir: Path, left: int) -> None:
    """A button to a page that a reindex has taken away leads to the last one there is."""
    write_articles(corpus_dir, 13)
    library = Library(corpus_dir)
    await place.restart(library)
    page = (await place.alice.slash(place.channel, "sources")).response
    assert page is not None
    await place.alice.click(page, label="Next")
    write_articles(corpus_dir, left)
    library.reindex()
    await place.alice.click(page, label="Next")
    head, *articles = texts_of(page)
    plural = "s" * (left > 1)
    assert head == f"**{left} source{plural}, {left} sentence{plural}**"
    assert len(articles) == 1
    assert labels_of(page) == (["Previous"] if left > 1 else [])


@pytest.mark.parametrize(("status", "code"), [(403, 50001), (404, 10062), (500, 0)])
async def test_discord_refuses_a_page(
    place: Place, corpus_dir: Path, status: int, code: int
) -> None:
    """A page that Discord does not take breaks nothing: the next click turns it."""
    write_articles(corpus_dir, 7)
    await place.restart(Library(corpus_dir))
    page = (await place.alice.slash(place.channel, "sources")).response
    assert page is not None
    place.env.inject_error("POST", "/interactions/*/callback", status=status, code=code)
    await place.alice.click(page, label="Next")
    assert place.env.errors == []
    await place.alice.click(page, label="Next")
    assert "Number 06" in text_of(page)


async def find_sources(place: Place, text: str, name: str = "bob") -> discord.Message:
    """What *Find sources* shows Alice of somebody's message, always to her alone."""
    message = await place.member(name).send(place.channel, text)
    result = await place.alice.context_menu(place.channel, "Find sources", message)
    assert result.ephemeral
    assert result.response is not None
    return result.response.message


async def test_find_sources(place: Place) -> None:
    """*Find sources* on a message that does not address the bot answers it, to who asks alone."""
    answer = await find_sources(place, "I wonder who ratified it?")
    assert RATIFIED in text_of(answer)
    assert labels_of(answer) == ["Context", "Why?"]
    assert len(place.channel.history(viewer=place.member("eve"))) == 1


async def test_find_sources_of_a_long_message(place: Place) -> None:
    """Of a message that as a whole finds nothing, the sentence that does is answered and named."""
    answer = await find_sources(
        place,
        "Good morning. I had eggs for breakfast with my neighbour Hubert yesterday in Paris. "
        "Somebody lit the lamp in 1893. The weather forecast promises rain and thunder tomorrow.",
    )
    assert question_shown(answer) == "Somebody lit the lamp in 1893."
    assert "She lit the lamp in 1893." in text_of(answer)


@pytest.mark.parametrize(
    ("locale", "silence"),
    [("en-US", "The sources do not answer this."), ("fr", "Les sources n’y répondent pas.")],
)
async def test_find_sources_of_nothing(
    place: Place, speak: Speak, locale: str, silence: str
) -> None:
    """A message that the corpus says nothing about gets the usual silence."""
    speak(locale)
    assert silence in text_of(await find_sources(place, "xyzzy. plugh."))


async def sources_of(place: Place, message: discord.Message) -> str:
    """What *Find sources* says to Alice of a message that is there."""
    return text_of(
        (await place.alice.context_menu(place.channel, "Find sources", message)).response
    )


async def test_find_sources_of_a_forwarded_message(place: Place) -> None:
    """What a message forwards is read, though it has no text of its own."""
    said = await place.member("bob").send(place.channel, "I wonder who ratified it?")
    assert RATIFIED in await sources_of(place, await place.alice.forward(said, place.channel))


@pytest.mark.parametrize(
    "embed",
    [
        discord.Embed(title="News", description="Who ratified the treaty?"),
        discord.Embed(title="Who ratified the treaty?"),
        discord.Embed().add_field(name="Asked", value="Who ratified the treaty?"),
    ],
)
async def test_find_sources_of_an_embed(place: Place, embed: discord.Embed) -> None:
    """What a news feed's embed says is read: title, description and fields."""
    feed = place.guild.create_webhook(place.channel, "feed")
    message = await feed.send(embed=embed)
    assert RATIFIED in await sources_of(place, message)
    assert RATIFIED in await sources_of(place, await place.alice.forward(message, place.channel))


async def test_find_sources_of_an_answer(place: Place) -> None:
    """An answer of the bot's, which is no plain text, is read as well."""
    assert RATIFIED in await sources_of(place, await place.ask("who ratified it?"))


@pytest.mark.parametrize(
    ("locale", "hint"),
    [
        ("en-US", "That message holds no text that I can look up."),
        ("fr", "Ce message ne contient pas de texte à chercher."),
    ],
)
async def test_find_sources_without_text(
    place: Place, speak: Speak, locale: str, hint: str
) -> None:
    """A message without text, such as a picture, is declined kindly."""
    speak(locale)
    message = await place.alice.send(place.channel, attachments=[("map.png", b"\x89PNG")])
    result = await place.alice.context_menu(place.channel, "Find sources", message)
    assert result.ephemeral
    assert text_of(result.response) == hint


async def test_find_sources_buttons_work(place: Place, library: Library) -> None:
    """The buttons below found sources work after a restart, as those below any answer."""
    answer = await find_sources(place, "I wonder who ratified it?")
    await place.restart(library)
    context, why = (button.custom_id for button in buttons_of(answer))
    assert RATIFIED in text_of((await place.alice.click(answer, custom_id=context)).response)
    result = await place.alice.click(answer, custom_id=why)
    assert "the same word" in text_of(result.response)


@pytest.mark.parametrize(("status", "code"), [(403, 50001), (500, 0)])
@pytest.mark.parametrize("command", ["ask", "cite", "sources", "privacy"])
async def test_discord_refuses_a_command(
    place: Place, status: int, code: int, command: str
) -> None:
    """If Discord does not take what a command says, the person is told if at all possible, and the
    next use works.
    """
    options = {"ask": {"question": "who ratified it?"}, "cite": {"address": "treaty:1.1"}}
    files_of = options.get(command, {})
    place.env.inject_error("POST", "/interactions/*/callback", status=status, code=code)
    result = await place.alice.slash(place.channel, command, **files_of)
    assert result.ephemeral
    assert text_of(result.response).startswith("Something went wrong on my side")
    simcord.assert_error(place.env, discord.HTTPException)
    result = await place.alice.slash(place.channel, command, **files_of)
    assert "Something went wrong" not in text_of(result.response)


@pytest.mark.parametrize(("status", "code"), [(403, 50001), (404, 10062), (500, 0)])
async def test_discord_refuses_suggestions(place: Place, status: int, code: int) -> None:
    """Suggestions that come too late, as they do for who types fast, break nothing."""
    place.env.inject_error("POST", "/interactions/*/callback", status=status, code=code)
    assert await suggested(place, "", "cite") == []
    assert place.env.errors == []
    assert await suggested(place, "", "cite") == ["lighthouse:1.1", "treaty:1.1"]


async def test_discord_refuses_found_sources(place: Place, speak: Speak) -> None:
    """Nor does a refusal of found sources: the person is told in their language."""
    speak("fr")
    place.env.inject_error("POST", "/interactions/*/callback", status=500)
    told = await find_sources(place, "I wonder who ratified it?")
    assert text_of(told).startswith("Une erreur s’est produite de mon côté")
    simcord.assert_error(place.env, discord.HTTPException)
