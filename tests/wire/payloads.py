"""What Discord sends, as its documentation describes it: only the fields that it always fills in.

https://discord.com/developers/docs: resources/message, resources/guild and
interactions/receiving-and-responding
"""

from __future__ import annotations

import itertools
import time
from typing import Any

Payload = dict[str, Any]

BOT = 900
BOT_USER: Payload = {
    "id": str(BOT),
    "username": "treaty-bot",
    "discriminator": "0",
    "global_name": None,
    "avatar": None,
    "bot": True,
}

#: Milliseconds of the Unix clock at which Discord's begins, in which ids count.
_EPOCH = 1_420_070_400_000

# View Channel, Send Messages, Embed Links, Read Message History, Send Messages in Threads.
_PERMISSIONS = str(1 << 10 | 1 << 11 | 1 << 14 | 1 << 16 | 1 << 38)

_counter = itertools.count()


def snowflake() -> str:
    """A new id, greater than those before: milliseconds, then a number that grows within them."""
    return str(((int(time.time() * 1000) - _EPOCH) << 22) + next(_counter) % (1 << 22))


def user(number: int) -> Payload:
    """A person. Numbers start at 1,000, so that they are no one's but people's."""
    return {
        "id": str(number),
        "username": f"person{number}",
        "discriminator": "0",
        "global_name": None,
        "avatar": None,
    }


def member(person: Payload | None = None) -> Payload:
    """Somebody's membership of a server; without ``user`` as messages carry it."""
    who = {} if person is None else {"user": person}
    return who | {
        "nick": None,
        "avatar": None,
        "roles": [],
        "joined_at": "2026-01-01T00:00:00+00:00",
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
    }


def application() -> Payload:
    """The bot's application."""
    return {
        "id": str(BOT),
        "name": "treaty-bot",
        "icon": None,
        "description": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "owner": user(1000),
        "team": None,
        "flags": 0,
    }


def channel(number: int, guild: int, kind: int = 0) -> Payload:
    """A channel of a server; kind 0 is one for text."""
    return {
        "id": str(number),
        "guild_id": str(guild),
        "type": kind,
        "name": f"channel-{number}",
        "position": 0,
        "permission_overwrites": [],
        "topic": None,
        "nsfw": False,
        "parent_id": None,
        "last_message_id": None,
        "rate_limit_per_user": 0,
    }


def guild(number: int) -> Payload:
    """A server with one channel, whose id is the server's plus one, as GUILD_CREATE shows it."""
    everyone = {
        "id": str(number),
        "name": "@everyone",
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "position": 0,
        "permissions": _PERMISSIONS,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }
    return {
        "id": str(number),
        "name": f"server {number}",
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "owner_id": "1000",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 0,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "roles": [everyone],
        "emojis": [],
        "stickers": [],
        "features": [],
        "mfa_level": 0,
        "application_id": None,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "vanity_url_code": None,
        "description": None,
        "banner": None,
        "premium_tier": 0,
        "preferred_locale": "en-US",
        "public_updates_channel_id": None,
        "nsfw_level": 0,
        "premium_progress_bar_enabled": False,
        "safety_alerts_channel_id": None,
        "joined_at": "2026-01-01T00:00:00+00:00",
        "large": False,
        "unavailable": False,
        "member_count": 2,
        "voice_states": [],
        "members": [member(BOT_USER)],
        "channels": [channel(number + 1, number)],
        "threads": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def message(channel_id: int | str, author: Payload, content: str = "", **more: Any) -> Payload:
    """A message, of a server's channel if ``guild_id`` is among the rest."""
    return {
        "id": snowflake(),
        "channel_id": str(channel_id),
        "author": author,
        "content": content,
        "timestamp": "2026-11-24T12:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "pinned": False,
        "type": 0,
        "flags": 0,
        "components": [],
    } | more


def question(guild_id: int, person: int, text: str) -> Payload:
    """A message in a server's channel that mentions the bot."""
    content = f"<@{BOT}> {text}"
    return message(
        guild_id + 1,
        user(person),
        content,
        guild_id=str(guild_id),
        member=member(),
        mentions=[BOT_USER | {"member": member()}],
    )


def ask(guild_id: int, person: int, text: str, command_id: str) -> Payload:
    """Somebody's use of /ask."""
    options = [{"name": "question", "type": 3, "value": text}]
    name = {"id": command_id, "name": "ask", "type": 1, "options": options}
    return _interaction(guild_id, person, 2, name)


def click(guild_id: int, person: int, on: Payload, custom_id: str) -> Payload:
    """Somebody's click on a button of a message."""
    button = {"custom_id": custom_id, "component_type": 2}
    return _interaction(guild_id, person, 3, button) | {"message": on}


def _interaction(guild_id: int, person: int, kind: int, data: Payload) -> Payload:
    number = snowflake()
    return {
        "id": number,
        "application_id": str(BOT),
        "type": kind,
        "data": data,
        "guild_id": str(guild_id),
        "guild": {"id": str(guild_id), "locale": "en-US", "features": []},
        "channel_id": str(guild_id + 1),
        "channel": channel(guild_id + 1, guild_id),
        "member": member(user(person)) | {"permissions": _PERMISSIONS},
        "token": f"token-{number}",
        "version": 1,
        "app_permissions": _PERMISSIONS,
        "locale": "en-US",
        "guild_locale": "en-US",
        "entitlements": [],
        "authorizing_integration_owners": {"0": str(guild_id)},
        "context": 0,
        "attachment_size_limit": 10_485_760,
    }
