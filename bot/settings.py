"""The settings, from the environment and a ``.env`` file; built once in ``main`` and passed in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingsError


class Settings(BaseSettings):
    """Every setting. The variable in the environment has the field's name in capitals."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
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
    admin_guild_ids: Annotated[frozenset[int], NoDecode] = Field(
        default=frozenset(),
        description="Ids of the servers whose admins may reindex, separated by commas; "
        "empty: every server's.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least severe log line that is printed."
    )

    @field_validator("admin_guild_ids", mode="before")
    @classmethod
    def _ids(cls, value: object) -> object:
        """Accept ``1, 2`` as well as a set of numbers."""
        if isinstance(value, str):
            parts = [part.strip() for part in value.split(",") if part.strip()]
            if not all(part.isascii() and part.isdigit() for part in parts):
                raise ValueError("must be server ids (digits), separated by commas")
            return frozenset(int(part) for part in parts)
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value


def load_settings() -> Settings:
    """Read the settings. Raises SettingsError, naming the variable, for a wrong value."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        variable = str(first["loc"][0]).upper() if first["loc"] else "settings"
        raise SettingsError(variable, first["msg"].removeprefix("Value error, ")) from None
    except UnicodeDecodeError:
        raise SettingsError(".env", "is not UTF-8 text; save the file as UTF-8") from None


def require_token(settings: Settings) -> str:
    """The token in clear. Raises SettingsError, saying where to get one, if there is none."""
    if settings.discord_token is None or not settings.discord_token.get_secret_value().strip():
        raise SettingsError(
            "DISCORD_TOKEN",
            "is missing: copy the token from https://discord.com/developers/applications "
            "(your application, Bot, Reset Token) into the file .env as DISCORD_TOKEN=...",
        )
    return settings.discord_token.get_secret_value().strip()
