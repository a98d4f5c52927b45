"""What people ask and what files say is shown as text: it pings nobody, links nowhere, formats
nothing and hides nothing, wherever it comes from. What was sent is read as Discord would read it
(``tests.markdown``).
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import discord
import pytest
import simcord
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.memory import RateLimit
from bot.client import TreatyBot
from bot.service.journal import open_journal
from bot.service.library import Library
from tests.markdown import bare, show
from tests.simulated import add_otters, assert_no_pings, buttons_of, texts_of

if TYPE_CHECKING:
    from tests.simulated import Place

pytestmark = pytest.mark.simcord(approved_intents=discord.Intents.default())

#: The only site that links of the corpus lead to here.
SITE = "https://example.org/"

#: Each is what Discord gives a meaning to, alone or in the worst company.
FIXED = [
    "@everyone", "@here", "<@1>", "<@!1>", "<@&1>", "<#1>", "</ask:1>", "<id:customize>",
    "<:kappa:1>", "<a:kappa:1>", "<t:0:R>", "# big", "## big", "### big", "-# small", "> quoted",
    ">>> quoted", "- item", "* item", "+ item", "1. item", "1) item", "**bold**", "*lean*",
    "_lean_", "__under__", "~~gone~~", "||hidden||", "`code`", "``co`de``", "```sh\nrm -rf\n```",
    "[click](https://evil.example)", "[click](<https://evil.example>)",
    '[a](https://evil.example "b")', "https://evil.example/a_b", "<https://evil.example>",
    "discord.gg/evil", "DISCORD.GG/evil", "https://discord.com/invite/evil",
    "discordapp.com/invite/evil", "discord://-/settings", "<mailto:a@evil.example>",
    "www.evil.example", "\\", "\\\\", "\\**bold**", "**\\", "\\`", "*",
    "**", "***a***", "a*b*c", "|", "[", "](https://evil.example)", ")", "](<https://evil.example>)",
    "\u202eesrever\u202c", "\u2066isolated\u2069",
    "\u200b#\u200bzero", "zero\u200b\u200c\u2060width",
    "Z̸̢̛̖̼͓͖A̵̧̹͚̩L̶̢͙̜G̷̛̗͓̎O", "שלום עליכם", "🏳️‍🌈 👩‍👩‍👧", "a\u2028b", "a\u0085b", "a\x1b[31mb",
    "¯\\_(ツ)_/¯",
]  # fmt: skip


def _mixed(number: int) -> list[str]:
    """Such pieces mixed with one another and with any text, always the same ones."""
    pieces = st.one_of(st.sampled_from(FIXED), st.sampled_from([*"\\`*_~|<>@#:[]()-+. ", "x"]))
    found: dict[str, None] = {}

    @settings(max_examples=number, derandomize=True, database=None)
    @given(st.lists(st.one_of(pieces, st.text(max_size=3)), min_size=2, max_size=6).map("".join))
    def collect(text: str) -> None:
        text = text.replace(
            "\0", "\1"
        )  # a file with it is refused, as every test of bad files says
        found[text.encode(errors="replace").decode()[:60]] = None

    collect()
    return [text for text in found if bare(text)]


PAYLOADS = [*FIXED, *_mixed(25)]

#: What no text of anybody else's may become. The bot's own frame is quotation, small print, bold,
#: lists, emphasis, code for the names of files, and links to the article.
FORBIDDEN = {
    "mention", "emoji", "timestamp", "heading", "spoiler", "underline", "strike", "code block",
    "address", "invite",
}  # fmt: skip


#: What would turn the text behind it, or could not be sent: nothing of it is ever shown.
TURNING = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


@pytest.mark.parametrize(
    ("markup", "kinds", "text"),
    [
        ("hi @everyone", {"mention"}, "hi @everyone"),
        (r"hi \@everyone \<\@1>", set(), "hi @everyone <@1>"),
        ("> # **a** `b*c*`", {"quote", "heading", "strong", "code"}, "a b*c*"),
        (r"\# a **\*b**", {"strong"}, "# a *b"),
        ("-# [a\\*](<https://example.org/b>)", {"subtext", "link"}, "a*"),
        ("see https://evil.example, or discord.gg/evil", {"address", "invite"}, None),
        (r"see https\://evil.example", set(), "see https://evil.example"),
        ("1. ||a|| __b__ ~~c~~ *d* _e_ <t:1:R> <a:b:1>",
         {"list", "spoiler", "underline", "strike", "emphasis", "timestamp", "emoji"}, None),
        ("```a\n```", {"code"}, None),
    ],
)  # fmt: skip
def test_the_reader(markup: str, kinds: set[str], text: str | None) -> None:
    """What judges the messages here does see formatting, and an escape where there is one."""
    shown = show(markup)
    if markup.startswith("```"):  # over two lines it is none of the bot's, and no text either
        assert "`" in shown.text
        return
    assert shown.kinds() == kinds
    assert text is None or shown.text.strip() == text


@pytest.fixture(autouse=True)
def no_crash(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing that is tried here may be logged as a crash."""
    yield
    assert not [r for r in caplog.records if r.levelno >= logging.ERROR or r.exc_info]


def texts_sent(env: simcord.Env) -> list[str]:
    """Everything that the bot said or tried to say so far, wherever in a message it stands."""

    def texts(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            for key, inner in value.items():
                if key == "content" and isinstance(inner, str):
                    yield inner
                else:
                    yield from texts(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from texts(inner)

    return [text for request in env.http_requests for text in texts(request.json) if text]


def assert_harmless(env: simcord.Env) -> None:
    """In all that was sent, nothing is formed that the bot did not mean."""
    for markup in texts_sent(env):
        shown = show(markup)
        assert not FORBIDDEN & shown.kinds(), markup
        links = [target for kind, target in shown.marks if kind == "link"]
        assert all(target.startswith(SITE) for target in links), markup
        assert not TURNING.search(markup), ascii(markup)
    assert_no_pings(env)


def shown_in(message: Any) -> str:
    """What people see of a message, without blanks and what cannot be seen."""
    return bare("\n".join(show(text).text for text in texts_of(message)))


def unhurried(place: Place) -> None:
    """Let everybody ask as often as they like."""
    assert isinstance(place.env.bot, TreatyBot)
    place.env.bot.rate_limit = RateLimit()


def quoted(text: str) -> str:
    """A text as YAML and TOML both read it, whatever is in it."""
    plain = (c if c.isascii() and (c.isalnum() or c == " ") else f"\\U{ord(c):08x}" for c in text)
    return f'"{"".join(plain)}"'


# ---------------------------------------------------------------- what people say


async def test_questions(place: Place, corpus_dir: Path, library: Library) -> None:
    """A question is shown as it was asked, whatever is in it; so is one that follows it."""
    add_otters(corpus_dir)
    library.reindex()
    for payload in PAYLOADS:
        unhurried(place)
        question = f"Who ratified {payload} the treaty?"
        result = await place.alice.slash(place.channel, "ask", question=question)
        assert bare(question) in shown_in(result.response)
    assert_harmless(place.env)


@pytest.mark.parametrize("rich", [True, False])
async def test_messages(place: Place, rich: bool) -> None:
    """So is a message to the bot, as an answer with buttons or as plain text, and its follow-up."""
    channel = place.channel if rich else place.restricted(embed_links=False)
    for number, payload in enumerate(PAYLOADS[rich::2]):
        unhurried(place)
        answer = await place.ask(f"{payload} ratified the treaty", channel=channel)
        assert "wasratified" in shown_in(answer)
        if number % 8 == 0:
            await place.say(f"and {payload} when?", reply_to=answer, channel=channel)
            for button in buttons_of(answer)[:3]:
                await place.alice.click(answer, custom_id=button.custom_id)
    assert_harmless(place.env)


async def test_what_is_not_found(place: Place) -> None:
    """Unknown words, addresses and names of articles are shown as they were typed."""
    admin = place.member("ada", manage_guild=True)
    for number, payload in enumerate(PAYLOADS):
        unhurried(place)
        if number % 2:
            typed = f"zyx{payload}zyx"
            result = await place.alice.slash(place.channel, "ask", question=typed)
        else:
            typed = payload
            result = await place.alice.slash(place.channel, "cite", address=typed)
        assert bare(typed) in shown_in(result.response)
        if number % 6 == 0:
            await admin.slash(place.channel, "corpus remove", article=payload)
            await admin.slash(place.channel, "corpus restore", entry=payload)
    assert_harmless(place.env)


async def test_names_of_servers_and_channels(place: Place) -> None:
    """The owner is told of a channel where the bot may not answer, by names of any kind."""
    for number, payload in enumerate(FIXED):
        owner = place.env.create_user(f"owner{number}")
        guild = place.env.create_guild(payload, owner=owner)
        bot_role = guild.roles[place.bot_role.name]
        deny = discord.PermissionOverwrite(send_messages=False)
        channel = guild.create_text_channel(payload, overwrites={bot_role: deny})
        bob = guild.add_member(place.env.create_user(f"bob{number}"))
        await bob.send(channel, f"{place.at_bot} who?")
        (told,) = owner.dm_channel.history()
        assert bare(payload) in shown_in(told)
    assert_harmless(place.env)


async def test_gaps(place: Place, library: Library, tmp_path: Path) -> None:
    """The list of what was asked in vain shows it as it was asked."""
    journal = open_journal(tmp_path / "journal.sqlite3", 30)
    assert journal is not None
    await place.restart(library, journal=journal)
    admin = place.member("ada", manage_guild=True)
    for start in range(0, len(PAYLOADS), 10):
        batch = [f"q{start + n}z{text}" for n, text in enumerate(PAYLOADS[start : start + 10])]
        for question in batch:
            journal.gap(question, place.guild.id)
        seen = shown_in((await admin.slash(place.channel, "gaps")).response)
        assert all(bare(question)[:20] in seen for question in batch)
        journal.forget(place.guild.id)
    assert_harmless(place.env)
    journal.close()


# ---------------------------------------------------------------- what files say


def write_articles(folder: Path) -> None:
    """An article a payload, which has it everywhere that a file can have it."""
    for number, payload in enumerate(PAYLOADS):
        path = "".join(c for c in payload if c.isprintable() and c not in ' <>"\\')
        front = {"title": f"{payload} title", "note": payload, "url": SITE + path}
        head = "\n".join(f"{key}: {quoted(value)}" for key, value in front.items())
        body = f"The zebra{number} heard {payload} here.\n\n{payload} barked zebra{number} then"
        text = f"---\n{head}\nlanguage: en\n---\n{body}\n"
        (folder / f"payload{number}.txt").write_text(text, encoding="utf-8")


async def test_articles(place: Place, corpus_dir: Path, library: Library) -> None:
    """Sentences and titles are shown as the file has them, in answers, contexts and lists."""
    write_articles(corpus_dir)
    library.reindex()
    for number in range(len(PAYLOADS)):
        unhurried(place)
        article = library.corpus.article(f"payload{number}")
        assert article is not None
        result = await place.alice.slash(place.channel, "ask", question=f"zebra{number}")
        found = library.answer(f"zebra{number}")
        cited = (*found.citations, *found.suggestions)[0]
        assert bare(cited.text) in shown_in(result.response)
        assert bare(article.original.title) in shown_in(result.response)
        if number % 4 == 0:
            cite = await place.alice.slash(place.channel, "cite", address=f"payload{number}:1.1")
            assert bare(article.original.sentence(1, 1)) in shown_in(cite.response)
        if number % 8 == 0 and result.response:
            message = result.response.message
            for button in buttons_of(message)[:3]:
                await place.alice.click(message, custom_id=button.custom_id)
    listed = await place.alice.slash(place.channel, "sources")
    assert listed.response is not None
    for _ in range((len(library.corpus.articles) - 1) // 6):
        await place.alice.click(listed.response, label="Next")
    assert_harmless(place.env)


async def test_articles_in_plain_text(place: Place, corpus_dir: Path, library: Library) -> None:
    """So they are where the bot may not embed, where addresses and invitations would show more."""
    write_articles(corpus_dir)
    library.reindex()
    channel = place.restricted(embed_links=False)
    for number in range(len(PAYLOADS)):
        unhurried(place)
        answer = await place.ask(f"zebra{number}", channel=channel)
        found = library.answer(f"zebra{number}")
        cited = (*found.citations, *found.suggestions)[0]
        assert bare(cited.text) in shown_in(answer)
    assert_harmless(place.env)


async def test_names_of_files(place: Place, corpus_dir: Path, library: Library) -> None:
    """The name of a file, which an article without a title has for its title, is shown."""
    names: dict[str, int] = {}
    for number, payload in enumerate(PAYLOADS):
        stem = "".join(c for c in payload if c not in '<>:"|?*\\/' and c.isprintable())
        names.setdefault(f"{stem} x{number}".lstrip(". "), number)
    for stem, number in names.items():
        text = f"The zebra{number} barks."
        (corpus_dir / f"{stem}.txt").write_text(text, encoding="utf-8")
    library.reindex()
    for number in names.values():
        unhurried(place)
        result = await place.alice.slash(place.channel, "ask", question=f"zebra{number}")
        (article,) = [a for a in library.corpus.articles if f"zebra{number} " in a.original.text]
        assert bare(article.original.title) in shown_in(result.response)
    admin = place.member("ada", manage_guild=True)
    (corpus_dir / "lighthouse.en.md").unlink()
    await admin.slash(place.channel, "reindex")
    assert_harmless(place.env)


async def test_glossary_and_questions(place: Place, corpus_dir: Path, library: Library) -> None:
    """Terms and questions of the corpus's own are shown as they are, in answers and reports."""
    admin = place.member("ada", manage_guild=True)
    terms, asked = [], []
    for number, payload in enumerate(PAYLOADS):
        text = bare(payload)
        terms.append(f"[{quoted(f'tapir{number}')}, {quoted(f'okapi{number} {text}')}]")
        question = quoted(f"{text} okapi{number}?")
        asked.append(f'[[question]]\nquestion = {question}\naccepted = ["lighthouse:1.1"]')
        (corpus_dir / f"t{number}.txt").write_text(f"A tapir{number} sleeps.", encoding="utf-8")
    glossary = f"terms = [{', '.join(terms)}]"
    (corpus_dir / "glossary.toml").write_text(glossary, encoding="utf-8")
    (corpus_dir / "questions.toml").write_text("\n".join(asked), encoding="utf-8")
    library.reindex()
    for number, payload in enumerate(PAYLOADS):
        unhurried(place)
        question = f"okapi{number} {bare(payload)}"
        result = await place.alice.slash(place.channel, "ask", question=question)
        assert bare(question) in shown_in(result.response)
        if number % 8 == 0:
            assert result.response is not None
            await place.alice.click(result.response, label="Why?")
    await admin.slash(place.channel, "reindex")
    offered = await place.alice.autocomplete(place.channel, "ask", "question", "okapi")
    assert len(offered) == 25
    denial_reason = await admin.slash(place.channel, "corpus remove", article="lighthouse")
    assert bare(FIXED[0]) in shown_in(denial_reason.response)
    assert_harmless(place.env)


async def test_uploads(place: Place) -> None:
    """Name, title and text of a file that somebody adds are shown as text, kept or refused."""
    admin = place.member("ada", manage_guild=True)
    for number, payload in enumerate(FIXED[::3]):  # each is read in a process of its own
        said = payload.encode(errors="replace")
        if number % 2:
            given, options = (f"{payload}.md", b"---\n%s\n---\nx" % said), {}
        else:
            text = b"%s otters\n\n%s" % (said, said)
            given, options = ("otters.txt", text), {"title": payload}
        result = await admin.slash(place.channel, "corpus add", file=given, **options)
        assert not options or bare(payload) in shown_in(result.response)
    assert_harmless(place.env)


# ---------------------------------------------------------------- much of it

#: A letter's marks that are sorted at great cost by what normalises them carelessly.
MARKS = {
    "same": "\u0301" * 100_000,
    "mixed": "\u0301\u0327" * 50_000,
    "unsorted": "\u0301" * 50_000 + "\u0327" * 50_000,
    "joined": "\u200d\u0301" * 50_000,
}
#: Processor seconds: some hundred times what it takes.
SOON = 5.0


@pytest.mark.parametrize("kind", MARKS)
async def test_many_marks(kind: str, place: Place, corpus_dir: Path, library: Library) -> None:
    """100,000 combining marks in a question, in a sentence or on a title take no time to speak of,
    and leave what is beside them to be asked and answered.
    """
    marks = MARKS[kind]
    begun = time.process_time()
    for question in (
        f"who{marks} ratified the treaty?",
        f"{marks} who ratified the treaty?",
        marks,
    ):
        assert library.answer(question).answered == (question is not marks)
    library.answer("and where?", previous=f"who ratified the treaty? {marks}")
    text = f"The seal b{marks}arks. It sings {marks} songs.\n\nThe seal dives deep."
    head = f"title: x{marks[:20_000]}"
    (corpus_dir / "seals.txt").write_text(f"---\n{head}\n---\n{text}", encoding="utf-8")
    library.reindex()
    for question in ("Does the seal dive deep?", "What songs does it sing?"):
        answer = await place.ask(question)
        assert buttons_of(answer)
        assert len("".join(texts_of(answer))) <= 4000
        for button in buttons_of(answer)[:3]:
            await place.alice.click(answer, custom_id=button.custom_id)
    await place.alice.slash(place.channel, "sources")
    assert time.process_time() - begun < SOON
    assert_harmless(place.env)


async def test_a_long_question(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A question of 6,000 characters is answered by what stands in it, and shown cut."""
    question = f"who ratified the treaty? {'And so on, and so forth. ' * 239}"
    assert len(question) == 6000
    await place.ask("who?")
    real = place.env.backend.emit

    def longer(event: str, payload: dict[str, Any], *args: Any, **options: Any) -> Any:
        """Whoever pays Discord may write 4,000 characters; this is as if it were 6,000."""
        if event == "MESSAGE_CREATE" and payload["content"].endswith("LONG"):
            payload = {**payload, "content": f"{place.at_bot} {question}"}
        return real(event, payload, *args, **options)

    monkeypatch.setattr(place.env.backend, "emit", longer)
    answer = await place.ask("LONG")
    texts = "\n".join(texts_of(answer)).replace("**", "")
    assert "Le traité a été ratifié par le Sénat russe." in texts
    assert len(texts) <= 4000
    for button in buttons_of(answer)[:3]:
        await place.alice.click(answer, custom_id=button.custom_id)
    assert_harmless(place.env)
