"""Checks the bearer token of a request: an access token that our user pool signed, or an API key."""

import hashlib
import re
import secrets
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from chalicelib import clock, errors, ids, log, settings
from chalicelib.access import scopes
from chalicelib.outside import key_sets

KEY_PREFIX = "pal_"  # of all keys; those that may not do all in the agency say so
FULL_PREFIX, RESTRICTED_PREFIX = KEY_PREFIX + "full_", KEY_PREFIX + "part_"
_KEY_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_KEY = re.compile(r"pal_(?:full|part)_[a-z2-7]{39}")
_SUM = 7  # characters of 5 bits, for the 32 of a checksum
_DIGEST = "key_"
LEEWAY_SECONDS = 60
LONGEST_TOKEN = 8192  # characters
_KEY_ID = re.compile(r"[A-Za-z0-9_=+/-]{1,128}")
_CLIENT = re.compile(r"[\w+]{1,128}", re.ASCII)  # of the user pool: our own, or of somebody else's app
_KEPT_SECONDS = 600.0


@dataclass(frozen=True)
class Caller:
    """Who a token is for: the subject, when they signed in and when the token ends (ms); both 0 for an API key.

    `session` is the id of the session, which stays the same when its token is refreshed; empty for a key. `app` is the
    pool's client id of the outside app through which they signed in, if there is one, and `scopes` are that app's.
    `sso` is the agency whose own provider signed them in; `account` is then their subject in the pool, see
    `access.sso`.
    """

    subject: str
    since: int = 0
    until: int = 0
    session: str = ""
    app: str = ""
    scopes: frozenset[str] = frozenset()
    sso: str = ""
    account: str = ""

    @property
    def is_key(self) -> bool:
        return self.subject.startswith(_DIGEST)

    def has_ended(self, now: int) -> bool:
        """True for a token that has only expired; its session continues with a refreshed token."""
        return 0 < self.until <= now


def _published(url: str) -> Mapping[str, Any]:
    """The pool's public keys by id; empty if the pool does not answer, or answers something else."""
    import jwt
    import urllib3

    try:
        answer = urllib3.request("GET", url, timeout=3.0, retries=1)
        return key_sets.rsa_keys(answer.json()["keys"]) if answer.status == 200 else {}
    except (urllib3.exceptions.HTTPError, jwt.PyJWTError, *key_sets.MISSHAPEN) as error:
        log.problem("pool_keys_unreadable", error)
        return {}


@cache
def _key_set(url: str) -> key_sets.Keys:
    return key_sets.Keys(lambda: _published(url), _KEPT_SECONDS)


def caller(header: str) -> Caller | None:
    """The caller of an Authorization header: the person of an access token, or the digest of an API key.

    None if the header is not valid. It is not checked here whether an API key exists or whether the person was signed
    out since.
    """
    token = header.removeprefix("Bearer ").strip()
    if token == header or len(token) > LONGEST_TOKEN or not token.isascii():
        return None
    if token.startswith(KEY_PREFIX):  # the key is looked up with each request
        return Caller(digest_of_key(token)) if is_key(token) else None
    return _caller_of_token(token)


def _caller_of_token(token: str) -> Caller | None:
    import jwt

    current = settings.get()
    try:
        head = jwt.get_unverified_header(token)
        id = head.get("kid")
        if head.get("alg") != "RS256" or not isinstance(id, str) or not _KEY_ID.fullmatch(id):
            return None
        keys = _key_set(current.jwks_url)
        key = keys.named(id)
        if not keys:
            raise errors.Unavailable
        if key is None:
            return None
        claims = jwt.decode(
            token, key, algorithms=["RS256"], leeway=LEEWAY_SECONDS, issuer=issuer(),
            options={"require": ["exp", "iat", "sub", "iss"], "verify_aud": False},
        )  # fmt: skip
        if not _is_access_token(claims, current.token_minutes):
            return None
        subject = str(claims["sub"])
        signed_in = int(claims.get("auth_time", claims["iat"]))  # a refreshed token keeps it, and the next, too
        session = "ses_" + ids.digest(subject, str(claims.get("origin_jti", signed_in)))
        since, until = signed_in * clock.SECOND, int(claims["exp"]) * clock.SECOND
        if claims["client_id"] == current.client:
            return Caller(subject, since, until, session)
        return Caller(
            subject, since, until, session, claims["client_id"], scopes.of_token(str(claims.get("scope", "")))
        )
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        return None


def _is_access_token(claims: dict[str, Any], minutes: int) -> bool:
    life = claims["exp"] - claims["iat"]
    client = claims.get("client_id")
    is_client = isinstance(client, str) and _CLIENT.fullmatch(client) is not None
    return claims.get("token_use") == "access" and is_client and life <= minutes * 60


def issuer() -> str:
    """The `iss` claim of the tokens of our user pool."""
    current = settings.get()
    return f"https://cognito-idp.{current.region}.amazonaws.com/{current.user_pool}"


def new_key(*, is_full: bool) -> str:
    """The text of a new API key: a prefix that says its kind, 160 random bits, and a checksum."""
    prefix = FULL_PREFIX if is_full else RESTRICTED_PREFIX
    body = prefix + "".join(secrets.choice(_KEY_ALPHABET) for _ in range(32))
    return body + _checksum(body)


def is_key(text: str) -> bool:
    """True if the form and the checksum are those of our keys; so a mistyped or made-up key is refused without a
    look-up.
    """
    return _KEY.fullmatch(text) is not None and text[-_SUM:] == _checksum(text[:-_SUM])


def _checksum(text: str) -> str:
    number = zlib.crc32(text.encode())
    return "".join(_KEY_ALPHABET[number >> 5 * place & 31] for place in range(_SUM))


def digest_of_key(secret: str) -> str:
    """The subject of an API key. Only this hash of the key is stored."""
    return _DIGEST + hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
