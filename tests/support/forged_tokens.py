"""Tokens as a pool would sign them, and as it never would. We hold the keys."""

import base64
import json
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from jwt.algorithms import RSAAlgorithm

POOL, CLIENT = "eu-west-1_forgedPool", "forgedclient"
ISSUER = f"https://cognito-idp.eu-west-1.amazonaws.com/{POOL}"


@cache
def key(name: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def published(name: str, bits: int = 2048) -> Mapping[str, Any]:
    """The key as its pool tells the world."""
    web_key = RSAAlgorithm.to_jwk(key(name, bits).public_key(), as_dict=True)
    return {**web_key, "kid": name, "use": "sig", "alg": "RS256"}


def claims(**changed: Any) -> dict[str, Any]:
    """What a good access token says; None leaves a claim out."""
    now = int(time.time())
    fields = {
        "sub": "somebody", "iss": ISSUER, "client_id": CLIENT, "token_use": "access", "iat": now, "exp": now + 3600,
        **changed,
    }  # fmt: skip
    return {name: value for name, value in fields.items() if value is not None}


def signed(head: Mapping[str, Any] | None = None, *, by: str = "good", bits: int = 2048, **changed: Any) -> str:
    """A token signed by one of our keys, its head changed by `head` and its claims by the rest."""
    return raw(
        {"alg": "RS256", "kid": by, **(head or {})},
        claims(**changed),
        lambda text: key(by, bits).sign(text, padding.PKCS1v15(), SHA256()),
    )


def raw(head: object, payload: object, sign: Callable[[bytes], bytes] = lambda text: b"") -> str:
    """A token of any head and payload, even of such as no library would make."""
    text = b".".join(map(part, (head, payload)))
    return (text + b"." + base64.urlsafe_b64encode(sign(text)).rstrip(b"=")).decode()


def part(value: object) -> bytes:
    """One part of a token: JSON, or bytes as they are."""
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(content).rstrip(b"=")
