"""How a network proves that a webhook is its own. Several secrets hold while one is being replaced; an empty one never.

Everything is compared in constant time.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping

from chalicelib.strict_json import Unreadable

STANDARD_SECONDS = 300  # for how long, before and after, a signature of Standard Webhooks holds
_SHARED, _MOST_SIGNATURES = "whsec_", 10
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
    """Like `is_signed`, for a digest that is written in base64."""
    return is_known(digest, [in_base64(raw, secret) for secret in secrets if secret])


def in_base64(raw: bytes, secret: str) -> str:
    """The HMAC-SHA256 of the bytes, in base64."""
    return base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest()).decode()


def echo(challenge: str, token: str, verify_tokens: Iterable[str]) -> str | None:
    """The challenge to answer a hand-shake with; None if the token is not one of ours.

    Only plain characters are ever echoed, so nobody can put markup or headers into our answer. Raises Unreadable for
    any others.
    """
    if not is_known(token, verify_tokens):
        return None
    if not _PLAIN.fullmatch(challenge):
        raise Unreadable("no challenge")
    return challenge


def standard(secret: str, id: str, seconds: str, body: bytes) -> str:
    """The signature of a body by Standard Webhooks 1.0, with HMAC-SHA256 (v1).

    A secret that begins with `whsec_` is a key in base64, any other is the key itself.
    https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    """
    content = b"%b.%b.%b" % (id.encode("utf-8", "replace"), seconds.encode("utf-8", "replace"), body)
    return "v1," + base64.b64encode(hmac.digest(_key(secret), content, "sha256")).decode()


def is_standard(raw: bytes, headers: Mapping[str, str], secrets: Iterable[str], now: float) -> bool:
    """True if the headers of Standard Webhooks prove the bytes, within five minutes of `now` (in seconds)."""
    id, seconds, given = (headers.get(f"webhook-{name}") or "" for name in ("id", "timestamp", "signature"))
    if not id or not re.fullmatch(r"[0-9]{1,12}", seconds) or abs(now - int(seconds)) > STANDARD_SECONDS:
        return False
    known = [standard(secret, id, seconds, raw) for secret in secrets if secret]
    return any(is_known(signature, known) for signature in given.split(" ")[:_MOST_SIGNATURES])


def _key(secret: str) -> bytes:
    if secret.startswith(_SHARED):
        try:
            return base64.b64decode(secret.removeprefix(_SHARED), validate=True)
        except binascii.Error:
            pass  # it only looks like one
    return secret.encode("utf-8", "replace")
