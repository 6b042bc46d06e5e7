"""The hand-shake and the signature of Meta's webhooks.

https://developers.facebook.com/docs/graph-api/webhooks/getting-started
"""

import re
from collections.abc import Mapping

from chalicelib.networks import base, signature

_PREFIX = "sha256="
_FIRST_ENTRY = re.compile(rb'"entry"\s*:\s*\[\s*\{[^{}\[\]]*?"id"\s*:\s*"(\d{1,40})"')
_LOOKED_AT_BYTES = 500


def verify(raw: bytes, headers: base.Headers, secrets: base.Secrets) -> bool:
    """True if `X-Hub-Signature-256` is the HMAC of the bytes as posted under one of the secrets."""
    given = headers.get("x-hub-signature-256") or ""
    return given.startswith(_PREFIX) and signature.is_signed(raw, given.removeprefix(_PREFIX), secrets.signing)


def handshake(query: Mapping[str, str], secrets: base.Secrets) -> str | None:
    if query.get("hub.mode") != "subscribe":
        return None
    return signature.echo(query.get("hub.challenge", ""), query.get("hub.verify_token", ""), secrets.verify)


def about(raw: bytes) -> str:
    """The id of the first Page, account or WABA in the body; empty if it is not where Meta puts it."""
    first = _FIRST_ENTRY.search(raw, 0, _LOOKED_AT_BYTES)
    return first[1].decode() if first else ""
