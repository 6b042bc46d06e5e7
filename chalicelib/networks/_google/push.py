"""Pub/Sub proves each push by a token that Google signed for a service account.

https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from chalicelib.networks import base, http, signature
from chalicelib.networks.read import words
from chalicelib.outside import key_sets

HOST, PATH = "www.googleapis.com", "/oauth2/v3/certs"
ISSUERS = ["https://accounts.google.com", "accounts.google.com"]
_KEPT_SECONDS, _LEEWAY_SECONDS = 3600.0, 60
_LONGEST = 4096
_KEY_ID = re.compile(r"[\w-]{1,128}", re.ASCII)


def verify(network: str, headers: base.Headers, secrets: base.Secrets) -> bool:
    """True for a token signed by Google, for one of our audiences (`signing`) and from one of our senders' addresses
    (`verify`).

    The token proves who pushed, and nothing about the body. The sender is checked because any service account can get a
    token for our audience.
    """
    scheme, _, token = (headers.get("authorization") or "").partition(" ")
    audiences = [audience for audience in secrets.signing if audience]
    if scheme != "Bearer" or not audiences or len(token) > _LONGEST or not token.isascii():
        return False
    claims = _claims(network, token, audiences)
    return claims.get("email_verified") is True and signature.is_known(words(claims.get("email")), secrets.verify)


def _claims(network: str, token: str, audiences: list[str]) -> Mapping[str, Any]:
    """What the token says; empty if it is not valid."""
    import jwt

    try:
        head = jwt.get_unverified_header(token)
        id = head.get("kid")
        if head.get("alg") != "RS256" or not isinstance(id, str) or not _KEY_ID.fullmatch(id):
            return {}
        key = _keys(network, http.address(network, HOST)).named(id)
        claims: Mapping[str, Any] = {} if key is None else jwt.decode(
            token, key, algorithms=["RS256"], leeway=_LEEWAY_SECONDS, audience=audiences, issuer=ISSUERS,
            options={"require": ["exp", "iat", "aud", "iss"]},
        )  # fmt: skip
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        return {}
    return claims


@cache
def _keys(network: str, address: str) -> key_sets.Keys:
    """Google's public keys; cached for each address that the settings give."""
    return key_sets.Keys(lambda: _published(network), _KEPT_SECONDS)


def _published(network: str) -> Mapping[str, Any]:
    import jwt

    try:
        answer = http.call(network, "GET", HOST, PATH)
        return key_sets.rsa_keys(answer.json["keys"]) if answer.status == 200 else {}
    except (base.Outcome, jwt.PyJWTError, *key_sets.MISSHAPEN):
        return {}
