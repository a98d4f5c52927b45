"""/sources: the articles that the bot answers from, page by page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.chat.answers import layout
from bot.chat.buttons import PersistentButton, turns
from bot.chat.layout import Block
from bot.chat.markup import cut, link_target, one_line
from bot.chat.sending import respond
from bot.chat.state import client_of
from bot.chat.tree import language_of
from bot.corpus.model import Article
from bot.service.library import CorpusSize, Library
from bot.strings import counted, format_date, say

_ARTICLES_A_PAGE = 6
# Six articles with all of these used up fit a layout.
_TITLE_ROOM = 150
_LANGUAGES_ROOM = 40
_URL_ROOM = 250


@app_commands.command(
    name=locale_str("sources"),
    description=locale_str("List the sources that the bot answers from"),
)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
async def sources(interaction: discord.Interaction) -> None:
    """List the sources: /sources."""
    library = await client_of(interaction).library_for(interaction.guild_id)
    await respond(interaction, await page_of(library, 0, language_of(interaction)))


async def page_of(library: Library, page: int, language: str) -> dict[str, Any]:
    """One page of the list of articles, the last one where there are fewer."""
    size = library.size
    page = max(0, min(page, _last(size)))
    shown = await library.page(page * _ARTICLES_A_PAGE, _ARTICLES_A_PAGE)
    return sources_page(shown, size, page, language)


def _last(size: CorpusSize) -> int:
    return (size.articles - 1) // _ARTICLES_A_PAGE


def sources_page(
    shown: Iterable[Article], size: CorpusSize, page: int, language: str
) -> dict[str, Any]:
    """One page of the list of articles, with buttons to the next and the one before."""
    last = _last(size)
    row = [PageButton(there, language, label) for there, label in turns(page, last)]
    head = say(
        "sources",
        language,
        articles=counted(size.articles, "article", language),
        sentences=counted(size.sentences, "sentence", language),
    )
    return layout([(f"**{head}**",), *(_article_block(a, language) for a in shown)], [row])


def _article_block(article: Article, language: str) -> Block:
    """Title with link; name, date, languages, how long it is."""
    title = cut(one_line(article.original.title) or one_line(article.name), _TITLE_ROOM)
    target = link_target(article.url, _URL_ROOM) if article.url else None
    parts = [
        cut(one_line(article.name), _TITLE_ROOM),
        *([format_date(article.date, language)] if article.date else []),
        cut(", ".join(rendering.language for rendering in article.renderings), _LANGUAGES_ROOM),
        counted(len(article.original.passages), "passage", language),
        *([f"<{target}>"] if target else []),
    ]
    return (f"{title}\n-# {' · '.join(parts)}",)


class PageButton(
    PersistentButton,
    template=r"sources:(?P<page>\d{1,5}):(?P<language>[a-z]{2}):(?P<label>previous|next)",
):
    """Turns a page of /sources."""

    def __init__(self, page: int | str, language: str, label: str) -> None:
        self.page, self.language = int(page), language
        super().__init__(f"sources:{page}:{language}:{label}", say(label, language))

    async def on_click(self, interaction: discord.Interaction) -> None:
        """Show the page in place of the one before."""
        library = await client_of(interaction).library_for(interaction.guild_id)
        page = await page_of(library, self.page, self.language)
        await interaction.response.edit_message(**page)
