"""What networks have in common that keep to OAuth 2 (RFC 6749): how an app proves itself, and an answer with tokens."""

import base64
from collections.abc import Mapping
from typing import Any

from chalicelib.networks.consents import Tokens
from chalicelib.networks.read import words


def basic(id: str, secret: str) -> dict[str, str]:
    """The header that proves an app (RFC 6749, 2.3.1)."""
    return {"Authorization": f"Basic {base64.b64encode(f'{id}:{secret}'.encode()).decode()}"}


def tokens(answer: Mapping[str, Any], **more: Any) -> Tokens:
    """The tokens of an answer; `more` is what such an answer does not tell.

    Networks write seconds as numbers and as text, and scopes with spaces or commas between them.
    """
    return Tokens(
        token=words(answer.get("access_token")), refresh=words(answer.get("refresh_token")),
        lives=seconds(answer.get("expires_in")), refresh_lives=seconds(answer.get("refresh_token_expires_in")),
        scopes=scopes(answer), **more,
    )  # fmt: skip


def scopes(answer: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(words(answer.get("scope")).replace(",", " ").split())


def seconds(value: object) -> int:
    """A duration as a whole number; 0 for anything that is none: the token then lives until somebody ends it."""
    text = words(value).partition(".")[0]
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else 0
