"""The settings, from the environment and a ``.env`` file; built once in ``main`` and passed in."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingsError

LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]

#: Where a token is got; part of every message about one.
TOKEN_PAGE = "https://discord.com/developers/applications (your application, Bot, Reset Token)"  # noqa: S105

#: Where the intent is switched on that reading every message needs.
INTENT_PAGE = "https://discord.com/developers/applications (your application, Bot)"

#: Discord's ids are numbers of 64 bits.
_ID = re.compile(r"[0-9]{1,20}")
_SHARD = re.compile(r"[0-9]{1,5}")

#: The passage store of a bot that holds its passages itself.
EMBEDDED = "embedded"
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.\[\]:_-]+(?:/[A-Za-z0-9._/-]*)?")
_INDEX = re.compile(r"[a-z][a-z0-9_-]{0,60}")

_SWITCHES = {
    **dict.fromkeys(("true", "1", "yes", "on"), True),
    **dict.fromkeys(("false", "0", "no", "off"), False),
}

#: What pydantic says of numbers, in plain words, by its type of error:
#: https://docs.pydantic.dev/latest/errors/validation_errors/
_SAID = {
    **dict.fromkeys(("int_parsing", "int_parsing_size"), "must be a whole number"),
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
}


class Settings(BaseSettings):
    """Every setting. The variable in the environment has the field's name in capitals."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8-sig",  # Windows' Notepad begins a file with a byte order mark
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,  # an error must not quote a token
    )

    discord_token: SecretStr | None = Field(
        default=None, description="The bot's token, from the Bot page of its Discord application."
    )
    corpus_dir: Path = Field(
        default=Path("corpus"), description="Folder of the articles, one file an article."
    )
    servers_dir: Path = Field(
        default=Path("servers"),
        description="Folder of what each server keeps for itself, in a folder of the server's id.",
    )
    cache_dir: Path = Field(
        default=Path("cache"),
        description="Folder where indexes are kept that took long to build; it may be deleted "
        "at any time.",
    )
    passage_store: str = Field(
        default="embedded",
        description="embedded: the passages are in the bot's memory; else the addresses of an "
        "OpenSearch cluster that holds them, separated by commas; needs the extra cluster.",
    )
    passage_index: str = Field(
        default="treaty-bot", description="Name of the index on the cluster, an alias."
    )
    passage_store_user: str | None = Field(
        default=None, description="Name that the cluster lets in; none: it asks for no name."
    )
    passage_store_password: SecretStr | None = Field(
        default=None, description="The password to that name."
    )
    passage_store_ca_file: Path | None = Field(
        default=None,
        description="File of the certificates that the cluster's own is checked with; none: the "
        "system's.",
    )
    shard_ids: Annotated[tuple[int, ...], NoDecode] = Field(
        default=(),
        description="Which shards this process serves, separated by commas, where several "
        "processes share the servers; empty: all.",
    )
    shard_count: int | None = Field(
        default=None,
        ge=1,
        le=16_384,
        description="How many shards all processes serve together; none: what Discord proposes.",
    )
    semantic: Literal["auto", "off"] = Field(
        default="auto",
        description="auto: order what is shown by meaning as well, where the extra semantic is "
        "installed; off: by words alone.",
    )
    watch_corpus: bool = Field(
        default=False,
        description="Whether a changed file of the corpus is picked up by itself while the bot is "
        "connected.",
    )
    admin_guild_ids: Annotated[frozenset[int], NoDecode] = Field(
        default=frozenset(),
        description="Ids of the servers whose admins change the shared corpus, separated by "
        "commas; empty: the only server's, and nobody's on several.",
    )
    message_content: bool = Field(
        default=False,
        description="Whether Discord is asked for the text of every message, which it shows only "
        "with the Message Content intent; needed to answer without a mention.",
    )
    answer_channel_ids: Annotated[frozenset[int], NoDecode] = Field(
        default=frozenset(),
        description="Ids of the channels where every question is answered without a mention, "
        "separated by commas; turns MESSAGE_CONTENT on.",
    )
    journal_days: int = Field(
        default=0,
        ge=0,
        le=3650,
        description="For how many days votes and unanswered questions are kept, without names; "
        "0: nothing is kept, and what was is deleted.",
    )
    journal_file: Path = Field(
        default=Path("journal.sqlite3"), description="Where they are kept, a SQLite file."
    )
    log_level: LogLevel = Field(
        default="INFO", description="Least severe log line that is printed."
    )
    log_questions: bool = Field(
        default=False,
        description="Whether the log holds the text of questions; at DEBUG, messages in full too.",
    )
    health_file: Path | None = Field(
        default=None,
        description="File that tells a supervisor every few seconds that the bot is connected.",
    )

    @field_validator("admin_guild_ids", "answer_channel_ids", mode="before")
    @classmethod
    def _ids(cls, value: object) -> object:
        """Accept ``1, 2`` as well as a set of numbers."""
        if isinstance(value, str):
            parts = [part.strip() for part in value.split(",") if part.strip()]
            if not all(_ID.fullmatch(part) for part in parts):
                raise ValueError("must be ids (numbers), separated by commas")
            return frozenset(int(part) for part in parts)
        return value

    @field_validator("shard_ids", mode="before")
    @classmethod
    def _shards(cls, value: object) -> object:
        """Accept ``0, 1`` as well as a tuple of numbers."""
        if not isinstance(value, str):
            return value
        parts = [part.strip() for part in value.split(",") if part.strip()]
        if not all(_SHARD.fullmatch(part) for part in parts):
            raise ValueError("must be numbers from 0, separated by commas")
        return tuple(dict.fromkeys(map(int, parts)))

    @field_validator("passage_store")
    @classmethod
    def _store(cls, value: str) -> str:
        """Accept capitals as well, and spaces around addresses."""
        if value.strip().lower() == EMBEDDED:
            return EMBEDDED
        hosts = [part.strip().rstrip("/") for part in value.split(",") if part.strip()]
        if not hosts or not all(_ADDRESS.fullmatch(host) for host in hosts):
            raise ValueError(
                "must be embedded, or addresses such as https://search.example:9200, without a "
                "name and password in them, separated by commas"
            )
        return ",".join(hosts)

    @field_validator("passage_index")
    @classmethod
    def _index(cls, value: str) -> str:
        if not _INDEX.fullmatch(value):
            raise ValueError("must be small letters, digits, - and _, and begin with a letter")
        return value

    @model_validator(mode="after")
    def _together(self) -> Settings:
        """Refuse what does not go together."""
        if self.shard_ids and (self.shard_count or 0) <= max(self.shard_ids):
            raise ValueError("SHARD_COUNT must be set, and above each of SHARD_IDS")
        hosts = self.passage_store.split(",")
        if self.passage_store_password and not all(h.startswith("https:") for h in hosts):
            raise ValueError("PASSAGE_STORE_PASSWORD is sent to https:// addresses alone")
        return self

    @field_validator("watch_corpus", "message_content", mode="before")
    @classmethod
    def _switch(cls, value: object) -> object:
        """Accept 1 and 0, yes and no, on and off as well."""
        if isinstance(value, str):
            small = value.strip().lower()
            if small not in _SWITCHES:
                raise ValueError("must be true or false")
            return _SWITCHES[small]
        return value

    @field_validator("semantic", mode="before")
    @classmethod
    def _semantic(cls, value: object) -> object:
        """Accept capitals as well."""
        chosen = value.strip().lower() if isinstance(value, str) else value
        if chosen not in ("auto", "off"):
            raise ValueError("must be auto or off")
        return chosen

    @field_validator("log_level", mode="before")
    @classmethod
    def _level(cls, value: object) -> object:
        """Accept small letters as well."""
        level = value.strip().upper() if isinstance(value, str) else value
        if level not in get_args(LogLevel):
            raise ValueError(f"must be one of {', '.join(get_args(LogLevel))}")
        return level

    @field_validator(
        "corpus_dir",
        "servers_dir",
        "cache_dir",
        "journal_file",
        "health_file",
        "passage_store_ca_file",
    )
    @classmethod
    def _path(cls, value: Path | None) -> Path | None:
        if "\0" in str(value):
            raise ValueError("must be a path")
        return value

    @property
    def reads_messages(self) -> bool:
        """Whether Discord is asked for the text of messages that are not meant for the bot."""
        return self.message_content or bool(self.answer_channel_ids)


def load_settings() -> Settings:
    """Read the settings. Raises SettingsError, naming every variable that has a wrong value."""
    try:
        return Settings()
    except ValidationError as error:
        (variable, reason), *others = _reasons(error)
        wrong = SettingsError(variable, reason, *others)
    except UnicodeDecodeError:
        wrong = SettingsError(".env", "is not UTF-8 text; save the file as UTF-8")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        wrong = SettingsError(".env", f"cannot be read ({reason}); fix it or remove it")
    # Raised here, so that it carries no trace of the errors above: they hold the values, and so
    # perhaps the token.
    raise wrong


def _reasons(error: ValidationError) -> list[tuple[str, str]]:
    """Return each wrong variable with what it must be, without its value."""
    reasons = []
    for one in error.errors(include_input=False, include_url=False):
        variable = str(one["loc"][0]).upper() if one["loc"] else ""
        said = _SAID.get(one["type"])
        reason = (
            said.format(**one.get("ctx", {})) if said else one["msg"].removeprefix("Value error, ")
        )
        if not variable:  # what does not go together names the variable itself
            variable, _, reason = reason.partition(" ")
        reasons.append((variable, reason))
    return reasons


def require_token(settings: Settings) -> str:
    """Return the token in clear.

    Raises SettingsError, saying where to get one, if there is none.
    """
    token = settings.discord_token.get_secret_value().strip() if settings.discord_token else ""
    if not token:
        raise SettingsError(
            "DISCORD_TOKEN",
            f"is missing: copy the token from {TOKEN_PAGE} into the file .env as DISCORD_TOKEN=...",
        )
    if not token.isascii() or not token.isprintable() or " " in token:
        raise SettingsError(
            "DISCORD_TOKEN", f"is not a token, which has no spaces: copy it again from {TOKEN_PAGE}"
        )
    return token


def require_servers_dir(settings: Settings, folder: Path) -> Path:
    """Return the folder of the servers' own sources. Raises SettingsError where it lies inside the
    shared corpus's ``folder``: everybody would be answered from what each server keeps for itself.
    """
    if Path(os.path.realpath(settings.servers_dir)).is_relative_to(os.path.realpath(folder)):
        raise SettingsError(
            "SERVERS_DIR",
            "lies inside the folder of the shared corpus, where everybody would be answered from "
            "it; name a folder beside that one, such as servers",
        )
    return settings.servers_dir


def require_health_file(settings: Settings) -> Path:
    """Return the file of ``treaty-bot health``. Raises SettingsError if there is none."""
    if settings.health_file is None:
        raise SettingsError(
            "HEALTH_FILE",
            "is not set: name the file that treaty-bot run keeps, such as /run/treaty-bot.json",
        )
    return settings.health_file
