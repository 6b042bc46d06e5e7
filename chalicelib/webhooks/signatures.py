"""Signs deliveries as Standard Webhooks 1.0 says: https://github.com/standard-webhooks/standard-webhooks

The prefix of a secret says how it signs: `whsec_` with HMAC-SHA256, for which the receiver has the same secret (v1);
`whsk_` with Ed25519, for which the receiver has only the public key, `whpk_` (v1a).
"""

import base64
import secrets
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal

from chalicelib import clock
from chalicelib.networks import signature

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

Scheme = Literal["v1", "v1a"]
RESERVED = ("webhook-id", "webhook-timestamp", "webhook-signature")
_SHARED, _PRIVATE, _PUBLIC = "whsec_", "whsk_", "whpk_"
_BYTES = 32


def new_secret(scheme: Scheme) -> str:
    prefix = _SHARED if scheme == "v1" else _PRIVATE
    return prefix + _text(secrets.token_bytes(_BYTES))


def shown(secret: str) -> str:
    """What a receiver needs to verify: the shared secret itself, or the public key."""
    if secret.startswith(_SHARED):
        return secret
    return _PUBLIC + _text(_private_key(secret).public_key().public_bytes_raw())


def headers(id: str, body: bytes, keys: Iterable[str], now: int) -> Mapping[str, str]:
    """The signature headers of one attempt at `now` (ms), with a signature by each of the secrets."""
    seconds = str(now // clock.SECOND)
    values = (id, seconds, " ".join(_signature(secret, id, seconds, body) for secret in keys))
    return dict(zip(RESERVED, values, strict=True))


def _signature(secret: str, id: str, seconds: str, body: bytes) -> str:
    if secret.startswith(_SHARED):
        return signature.standard(secret, id, seconds, body)
    content = b"%b.%b.%b" % (id.encode(), seconds.encode(), body)
    return "v1a," + _text(_private_key(secret).sign(content))


def _private_key(secret: str) -> "Ed25519PrivateKey":
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(_bytes(secret, _PRIVATE))


def _bytes(secret: str, prefix: str) -> bytes:
    return base64.b64decode(secret.removeprefix(prefix))


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
