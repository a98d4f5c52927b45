"""The pictures of the documents, taken of the running bot in a simulated Discord: none is drawn.

``python -m tests.pictures [FOLDER]`` writes them into ``docs``, or into another folder. The same
bot and corpus give the same bytes. It needs the extra ``demo``, playwright and a Chromium.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import discord
import simcord

from bot import demo
from bot.answering.citation import cite
from bot.chat.references import reference
from bot.service.journal import open_journal
from bot.service.library import Library
from bot.settings import Settings

if TYPE_CHECKING:
    from simcord.preview import Preview

ROOT = Path(__file__).parents[1]

#: The pictures of answers: what is asked for each.
QUESTIONS = {
    "answer-en": "who ratified it?",
    "answer-fr": "qui l’a ratifié ?",
    "perhaps": "What did Kim prepare for the guests?",
    "silence": "What is the colour of the moon?",
}

#: The same of the treaty below ``tests/treaty``, whose articles are asked by number.
UNITS = {"unit": "article 5?", "missing-unit": "article 30?"}
TREATY = "north-atlantic-treaty"

#: The pictures of what buttons show, below which answer, and the buttons' labels.
BUTTONS = {"context": "Context", "why": "Why?"}
BUTTON_QUESTION = "When did Putin visit Pyongyang?"

#: What a member asks in vain, what a curator teaches, and how it is then asked again and otherwise.
VAIN, ANSWER = "Is anyone worried?", "traite-russie-coree-du-nord:6.2"
AGAIN, OTHERWISE = "so is anyone worried about that??", "Do people worry?"

#: A page, and a phone; of what people meet most there is a picture of each.
VIEWPORT, PHONE = (720, 900), (390, 844)
ON_A_PHONE = ("answer-en", "perhaps", "silence", "why", "help")

#: The picture of a forum's post, and what is asked in it; and its page.
POST = (
    "Help with the treaty",
    "Hi all, I have been reading about it all day and I am lost. Who ratified the treaty? "
    "Thanks in advance!",
)
POST_VIEWPORT = (720, 780)


def main() -> int:
    """Take every picture. The exit code is 1 where something that is needed is missing."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs"
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    chromium = chromium or shutil.which("google-chrome")
    try:
        playwright = importlib.import_module("playwright.async_api")
    except ImportError:
        print("pictures need playwright: run pip install playwright", file=sys.stderr)
        return 1
    if chromium is None:
        print(
            "pictures need a browser: install chromium with the system's packages", file=sys.stderr
        )
        return 1
    logging.basicConfig(level=logging.WARNING)
    _launch_with(playwright, chromium)
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(take(folder))
    asyncio.run(take_asking(folder))
    asyncio.run(take_teaching(folder))
    return 0


def _launch_with(playwright: Any, chromium: str) -> None:
    """Let playwright start the system's browser, which simcord has no option for."""
    launch = playwright.BrowserType.launch

    async def with_path(self: Any, **options: Any) -> Any:
        return await launch(self, executable_path=chromium, args=["--disable-gpu"], **options)

    playwright.BrowserType.launch = with_path


async def take(folder: Path) -> None:
    """Ask each question, and take a picture of the answer."""
    settings = Settings(discord_token=None)
    for corpus, questions in (("corpus", QUESTIONS), ("tests/treaty", UNITS)):
        async with demo.connected(Library(ROOT / corpus), settings) as env:
            visitor, channel = await demo.open_server(env)
            async with env.preview(channel, viewers=[visitor], layout="message") as preview:
                for name, question in questions.items():
                    answer = await _ask(visitor, channel, question)
                    await _take(preview, folder / f"{name}.png", answer)
                    if name in ON_A_PHONE:
                        await _take(preview, folder / f"{name}-phone.png", answer, PHONE)
                if questions is UNITS:
                    tree = await visitor.slash(channel, "article", source=TREATY)
                    await _take(preview, folder / "tree.png", tree)
                if questions is QUESTIONS:
                    answer = await _ask(visitor, channel, BUTTON_QUESTION)
                    for name, label in BUTTONS.items():
                        await _take_shown(preview, folder / f"{name}.png", visitor, answer, label)


async def take_asking(folder: Path) -> None:
    """Set a channel and a forum, ask in a post, and take pictures of it, of /settings and /help."""
    settings = Settings(discord_token=None)
    async with demo.connected(Library(ROOT / "corpus"), settings) as env:
        visitor, channel = await demo.open_server(env)
        forum = visitor.guild.create_forum_channel("help")
        await visitor.slash(channel, "settings", add_source="traite-russie-coree-du-nord")
        await visitor.slash(channel, "settings", channel=forum, every_question=True)
        async with env.preview(channel, viewers=[visitor], layout="message") as preview:
            for name in ("settings", "help"):
                shown = await visitor.slash(channel, name)
                await _take(preview, folder / f"{name}.png", shown)
                if name in ON_A_PHONE:
                    await _take(preview, folder / f"{name}-phone.png", shown, PHONE)
        post = await _post(env, visitor, forum)
        async with env.preview(post, viewers=[visitor], layout="channel") as preview:
            path = folder / "post.png"
            await preview.screenshot(path, mode="viewport", viewport=POST_VIEWPORT)
            print(path.name)


async def _post(
    env: simcord.Env, visitor: simcord.MemberActor, forum: simcord.ChannelHandle
) -> simcord.ChannelHandle:
    """Write a post, whose first message has its id; simcord's members write none."""
    title, text = POST
    made = env.backend.create_thread(forum.id, title, visitor.id)
    message = env.backend.prepare_message(made.id, visitor.id, text)
    message.id = made.id
    env.backend.commit_message(message)
    await env.settle()
    return next(thread for thread in forum.threads if thread.id == made.id)


async def take_teaching(folder: Path) -> None:
    """Ask in vain, teach from /gaps, and ask in other words; a picture of each step."""
    with tempfile.TemporaryDirectory() as name:
        corpus = Path(name) / "corpus"
        shutil.copytree(ROOT / "corpus", corpus)
        library, journal = Library(corpus), open_journal(Path(name) / "journal.sqlite3", 30)
        async with demo.connected(library, Settings(discord_token=None), journal) as env:
            visitor, channel = await demo.open_server(env)
            async with env.preview(channel, viewers=[visitor], layout="message") as preview:

                async def step(step: str, shown: Any) -> Any:
                    message = getattr(shown, "response", shown)
                    await _take(preview, folder / f"teach-{step}.png", message)
                    return message

                await step("asked", await _ask(visitor, channel, VAIN))
                gaps = await step("gaps", await visitor.slash(channel, "gaps"))
                choice = await step("choice", await visitor.click(gaps, label="Teach"))
                cited = cite(library.corpus, ANSWER, "en")
                assert cited is not None
                wanted = f"teach:{reference(cited)}"
                proposal = await step("preview", await visitor.click(choice, custom_id=wanted))
                await visitor.click(proposal, label="Teach")
                await step("done", proposal)
                await step("again", await _ask(visitor, channel, AGAIN))
                await step("nearer", await _ask(visitor, channel, OTHERWISE))
        if journal:
            journal.close()


async def _ask(
    visitor: simcord.MemberActor, channel: simcord.ChannelHandle, question: str
) -> discord.Message:
    """Ask by a mention; the bot's answer."""
    await visitor.send(channel, f"@{demo.NAME} {question}")
    answer = channel.last_message
    assert answer is not None
    return answer


async def _take_shown(
    preview: Preview, path: Path, visitor: simcord.MemberActor, answer: discord.Message, label: str
) -> None:
    """Press the button below an answer, and take a picture of what it shows."""
    custom_id = next((b.custom_id for b in _buttons(answer) if b.label == label), None)
    if custom_id is None:
        print(f"{path.name}: skipped, since the answer has no button {label!r}")
        return
    shown = await visitor.click(answer, custom_id=custom_id)
    await _take(preview, path, shown)
    if path.stem in ON_A_PHONE:
        await _take(preview, path.with_stem(f"{path.stem}-phone"), shown, PHONE)


def _buttons(message: discord.Message) -> Iterator[discord.Button]:
    """The buttons of a message, however deep in its layout."""
    waiting: list[Any] = list(message.components)
    while waiting:
        component = waiting.pop(0)
        if isinstance(component, discord.Button):
            yield component
        waiting += getattr(component, "children", [])
        if accessory := getattr(component, "accessory", None):
            waiting.append(accessory)


async def _take(
    preview: Preview,
    path: Path,
    target: discord.Message | simcord.InteractionResult,
    viewport: tuple[int, int] = VIEWPORT,
) -> None:
    """Write the picture of one message."""
    await preview.screenshot(path, target=target, mode="surface", viewport=viewport)
    print(path.name)


if __name__ == "__main__":
    sys.exit(main())
