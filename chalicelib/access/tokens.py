"""The token at the door: an access token of our user pool, signed with one of its published keys, or an API key."""

import hashlib
import re
import time
from functools import cache
from typing import Any

import jwt
import urllib3

from chalicelib import settings

KEY_PREFIX = "pal_"
LEEWAY = 60
LONGEST_LIFE = 24 * 3600
LONGEST_TOKEN = 8192
_KEY_ID = re.compile(r"[A-Za-z0-9_=+/-]{1,128}")
_FETCH_EVERY = 60.0
_KEPT = 600.0


class Keys:
    """The pool's public keys: kept ten minutes, asked for again on an unknown key id at most once a minute."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._keys: dict[str, Any] = {}
        self._asked = -_KEPT

    def named(self, id: str) -> Any | None:
        """The key of that id; None if the pool has no such key."""
        age = time.monotonic() - self._asked
        if age > _KEPT or (id not in self._keys and age > _FETCH_EVERY):
            self._fetch()
        return self._keys.get(id)

    def _fetch(self) -> None:

        self._asked = time.monotonic()
        answer = urllib3.request("GET", self._url, timeout=3.0, retries=1)
        found = [jwt.PyJWK(key) for key in answer.json().get("keys", ()) if key.get("kty") == "RSA"]
        self._keys = {key.key_id: key.key for key in found if key.key_id and key.key.key_size >= 2048}


@cache
def _keys(url: str) -> Keys:
    return Keys(url)


def subject(header: str) -> str | None:
    """Who a bearer header stands for: a token's person or a key's digest; None unless it is good in every respect."""
    token = header.removeprefix("Bearer ").strip()
    if token == header or len(token) > LONGEST_TOKEN or not token.isascii():
        return None
    if token.startswith(KEY_PREFIX):
        return digest_of_key(token)  # whether there is such a key is looked up with each request
    return _of_token(token)


def _of_token(token: str) -> str | None:

    current = settings.get()
    try:
        head = jwt.get_unverified_header(token)
        id = head.get("kid")
        if head.get("alg") != "RS256" or not isinstance(id, str) or not _KEY_ID.fullmatch(id):
            return None
        key = _keys(current.jwks_url).named(id)
        if key is None:
            return None
        claims = jwt.decode(
            token, key, algorithms=["RS256"], leeway=LEEWAY, issuer=issuer(),
            options={"require": ["exp", "iat", "sub", "iss"], "verify_aud": False},
        )  # fmt: skip
        return str(claims["sub"]) if _fits(claims, current.client) else None
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        return None


def _fits(claims: dict[str, Any], client: str) -> bool:
    life = claims["exp"] - claims["iat"]
    return claims.get("token_use") == "access" and claims.get("client_id") == client and life <= LONGEST_LIFE


def issuer() -> str:
    """Who signs the pool's tokens."""
    current = settings.get()
    return f"https://cognito-idp.{current.region}.amazonaws.com/{current.user_pool}"


def digest_of_key(secret: str) -> str:
    """What is kept of a key, and what a caller with it is known by."""
    return "key_" + hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
