"""The first minutes with the bot: the example corpus, and the folder that ``init`` makes."""

from __future__ import annotations

import asyncio
import base64
import binascii
import getpass
import shutil
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

from pydantic import SecretStr

from bot.errors import InitError, SettingsError
from bot.settings import TOKEN_PAGE, Settings, require_token

#: The permissions that the bot needs, as the bits that Discord gives them.
PERMISSIONS = {
    "View Channels": 1 << 10,
    "Send Messages": 1 << 11,
    "Embed Links": 1 << 14,
    "Read Message History": 1 << 16,
    "Send Messages in Threads": 1 << 38,
}

_ME = "https://discord.com/api/v10/users/@me"
_SECONDS = 10  # a person waits for the check of the token
_UNAUTHORIZED = 401
_OK = 200

_WIDTH = 100  # characters of a line of .env

#: Says whether Discord takes a token: None where it cannot be reached.
Probe = Callable[[str], bool | None]


def example_corpus() -> Path | None:
    """Return the folder of the example: in the installed package, else in the checkout."""
    here = Path(__file__).parent
    return next((one for one in (here / "example", here.parent / "corpus") if one.is_dir()), None)


def corpus_or_example(settings: Settings) -> tuple[Path, bool]:
    """Return the folder of the articles, and whether it is the example.

    The example stands in only where no folder is named and the default one does not exist.
    """
    folder = settings.corpus_dir
    if "corpus_dir" in settings.model_fields_set or folder.exists():
        return folder, False
    example = example_corpus()
    return (folder, False) if example is None else (example, True)


def invitation(application: int) -> str:
    """Return the link that invites the bot with the permissions that it needs, and no others."""
    return (
        "https://discord.com/oauth2/authorize"
        f"?client_id={application}&scope=bot+applications.commands"
        f"&permissions={sum(PERMISSIONS.values())}"
    )


def application_of(token: str) -> int | None:
    """Return the id of the application that a token is for: its first part, in base 64."""
    first = token.partition(".")[0]
    try:
        text = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    return int(text) if text.isascii() and text.isdecimal() else None


def ask_discord(token: str, address: str = _ME) -> bool | None:
    """Return whether Discord takes the token; None where Discord cannot be asked now."""
    import aiohttp

    async def status() -> int:
        timeout = aiohttp.ClientTimeout(total=_SECONDS)
        async with (
            aiohttp.ClientSession(timeout=timeout, trust_env=True) as session,
            session.get(address, headers={"Authorization": f"Bot {token}"}) as response,
        ):
            return response.status

    try:
        answered = asyncio.run(status())
    except (aiohttp.ClientError, OSError, TimeoutError):
        return None
    return {_OK: True, _UNAUTHORIZED: False}.get(answered)


def init(folder: Path, *, example: bool, probe: Probe = ask_discord) -> None:
    """Make a folder with ``.env`` and ``corpus/``, and print how to go on.

    Raises InitError where something is in the way, and SettingsError for a token that is none or
    that Discord refuses; nothing has then been written.
    """
    env, corpus = folder / ".env", folder / "corpus"
    for path in (env, corpus):
        if path.exists() or path.is_symlink():
            raise InitError(f"{path} exists and is left as it is; name another folder")
    source = example_corpus() if example else None
    if example and source is None:
        raise InitError("this installation has no example; run treaty-bot init without --example")
    token = _token(probe)
    corpus.mkdir(parents=True)
    if source is not None:
        shutil.copytree(source, corpus, dirs_exist_ok=True)
    env.touch(mode=0o600, exist_ok=False)  # it holds the token
    env.write_text(env_file(token), encoding="utf-8")
    print(f"Made {env} and {corpus}.")
    _print_next(folder, token, empty=source is None)


def env_file(token: str) -> str:
    """Return a file of settings: each with what it means and, but for the token, its default."""
    parts = ["# The settings of treaty-bot. Values in the environment win over those here.\n"]
    for name, field in Settings.model_fields.items():
        value = token if name == "discord_token" else _as_typed(field.default)
        lines = textwrap.wrap(f"# {field.description}", _WIDTH, subsequent_indent="# ")
        parts.append("\n".join([*lines, f"{name.upper()}={value}\n"]))
    return "\n".join(parts)


def _as_typed(default: object) -> str:
    """Return a setting's default as a person would write it; nothing where it is empty."""
    if isinstance(default, bool):
        return str(default).lower()
    return str(default) if default or default == 0 else ""


def _token(probe: Probe) -> str:
    """Ask for the token, without showing it on a terminal; empty to fill it in later."""
    print(f"The bot's token, from {TOKEN_PAGE}; it is not shown. Enter alone: later.")
    try:
        typed = getpass.getpass("Token: ") if sys.stdin.isatty() else sys.stdin.readline()
    except EOFError:
        typed = ""
    if not typed.strip():
        return ""
    token = require_token(Settings.model_construct(discord_token=SecretStr(typed)))
    taken = probe(token)
    if taken is False:
        raise SettingsError(
            "DISCORD_TOKEN", f"was refused by Discord: copy it again from {TOKEN_PAGE}"
        )
    print("Discord takes the token." if taken else "Discord cannot be asked now: not checked.")
    return token


def _print_next(folder: Path, token: str, *, empty: bool) -> None:
    """Say what is left to do."""
    if not token:
        print("Write the token into .env, behind DISCORD_TOKEN=.")
    application = application_of(token)
    if application is None:
        print(
            "Invite the bot with the link of its page at the portal, Installation, Guild Install, "
            "after choosing the scopes bot and applications.commands and the permissions "
            f"{', '.join(PERMISSIONS)}."
        )
    else:
        print(f"Invite the bot: {invitation(application)}")
    if empty:
        print("Put your articles into corpus/, one file an article.")
    print(f"Then, in {folder.resolve()}: treaty-bot check, and treaty-bot run.")
