"""The hand-shake and the signature of Meta's webhooks.

https://developers.facebook.com/docs/graph-api/webhooks/getting-started
"""

import hashlib
import hmac
import re
from collections.abc import Mapping

from chalicelib.networks import base

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{1,128}")


def verify(raw: bytes, headers: base.Headers, secrets: base.Secrets) -> bool:
    """True if `X-Hub-Signature-256` is the HMAC of the bytes as posted under one of the secrets."""
    signature = headers.get("x-hub-signature-256") or ""
    given = signature.removeprefix("sha256=").encode("utf-8", "replace")
    if len(given) != hashlib.sha256().digest_size * 2 or given == signature.encode("utf-8", "replace"):
        return False
    return any(
        hmac.compare_digest(hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest().encode(), given)
        for secret in secrets.signing
        if secret
    )


def handshake(query: Mapping[str, str], secrets: base.Secrets) -> str | None:
    """The challenge to echo, or None; only plain characters are ever echoed, so nothing can be injected."""
    token, challenge = query.get("hub.verify_token", ""), query.get("hub.challenge", "")
    known = any(hmac.compare_digest(token.encode(), known.encode()) for known in secrets.verify if known)
    return challenge if query.get("hub.mode") == "subscribe" and known and _CHALLENGE.fullmatch(challenge) else None
