"""How a network proves that a webhook is its own. Several secrets hold while one is being replaced; an empty one never.

Everything is compared in constant time.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable

_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,128}")


def is_known(given: str, secrets: Iterable[str]) -> bool:
    """True if the text is one of the secrets."""
    content = given.encode("utf-8", "replace")
    return any(hmac.compare_digest(secret.encode(), content) for secret in secrets if secret)


def is_signed(raw: bytes, digest: str, secrets: Iterable[str]) -> bool:
    """True if `digest` is the HMAC-SHA256, in hexadecimal, of the bytes as posted under one of the secrets."""
    digests = [hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest() for secret in secrets if secret]
    return is_known(digest, digests)


def is_signed_in_base64(raw: bytes, digest: str, secrets: Iterable[str]) -> bool:
    """As `is_signed`, for a digest that is written in base64."""
    return is_known(digest, [in_base64(raw, secret) for secret in secrets if secret])


def in_base64(raw: bytes, secret: str) -> str:
    """The HMAC-SHA256 of the bytes, in base64."""
    return base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest()).decode()


def echo(challenge: str, token: str, verify_tokens: Iterable[str]) -> str | None:
    """The challenge to answer a hand-shake with; None if the token is not one of ours.

    Only plain characters are ever echoed, so nobody can put markup or headers into our answer.
    """
    return challenge if is_known(token, verify_tokens) and _PLAIN.fullmatch(challenge) else None
