"""Secrets: of our app on a network, of our account at Stripe, and of channels. A channel's secrets are encrypted so
that only its agency and channel can decrypt them.

They stay in memory for five minutes at most. A missing secret is an empty tuple, which verifies nothing.
"""

import base64
import json
import os
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

from chalicelib import settings
from chalicelib.aws import clients
from chalicelib.networks.base import App, Secrets

_KEPT_SECONDS = 300.0
_MOST_KEPT = 1000
T = TypeVar("T")
_kept: dict[tuple[str, ...], tuple[float, Any]] = {}  # until when a value may be used, and the value


@cache
def _client(name: str) -> Any:
    return clients.make(name)


def of_network(network: str, now: int) -> Secrets:
    """The signing secrets and verify tokens of our own app on the network, and previous ones until they expire.

    Secrets Manager has them at `palabre/{stage}/networks/{network}`, as `{"signing": [..], "verify": [..], "previous":
    {"signing": [..], "verify": [..], "until": ms}}`.
    """
    value = _cached(("network", network), lambda: _read(name_of(network)))
    return current(value, now)


def app_of(network: str, product: str = "") -> App | None:
    """Our own app on the network, to whose consent page people are sent. None if there is none.

    The network's secret has it as `app`, with `id`, `secret` and `config`; `apps` has those of other logins, by
    product.
    """
    kept = _cached(("network", network), lambda: _read(name_of(network)))
    known = (kept.get("apps", {}).get(product) if product else kept.get("app")) or {}
    more = {name: known.get(name, "") for name in ("secret", "config")}
    return App(id=known["id"], **more) if known.get("id") else None


def of_billing() -> Mapping[str, Any]:
    """Our secrets for Stripe: `{"key": .., "signing": [..], "previous": {"signing": [..], "until": ms}}`, or nothing.

    Secrets Manager has them at `palabre/{stage}/billing`.
    """
    name = f"palabre/{settings.get().stage}/billing"
    return _cached(("billing", name), lambda: _read(name))


def current(value: Mapping[str, Any], now: int) -> Secrets:
    """The secrets that are valid at `now` (ms): the present ones, and the previous ones until `previous.until`.

    Previous secrets may have previous ones of their own.
    """
    previous = value.get("previous") or {}
    old = current(previous, now) if previous.get("until", 0) > now else Secrets()
    return Secrets(signing=(*value.get("signing", ()), *old.signing), verify=(*value.get("verify", ()), *old.verify))


def seal(agency: str, channel: str, value: Mapping[str, Any]) -> str:
    """Encrypts the secrets of a channel, or of another thing with that id, with a new data key.

    Only the same agency and id can decrypt them.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    context = _context(agency, channel)
    key = _client("kms").generate_data_key(KeyId=settings.get().key, KeySpec="AES_256", EncryptionContext=context)
    nonce = os.urandom(12)
    body = AESGCM(key["Plaintext"]).encrypt(nonce, json.dumps(value).encode(), f"{agency}|{channel}".encode())
    return ".".join(base64.b64encode(part).decode() for part in (key["CiphertextBlob"], nonce, body))


def unseal(agency: str, channel: str, sealed: str) -> Mapping[str, Any]:
    """Decrypts the secrets of a channel. The cipher or KMS raises an error if they belong to another channel."""
    return _cached(("channel", agency, channel, sealed), lambda: _decrypt(agency, channel, sealed))


def _decrypt(agency: str, channel: str, sealed: str) -> Mapping[str, Any]:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    wrapped, nonce, body = (base64.b64decode(part) for part in sealed.split("."))
    key = _client("kms").decrypt(CiphertextBlob=wrapped, EncryptionContext=_context(agency, channel))["Plaintext"]
    value: Mapping[str, Any] = json.loads(AESGCM(key).decrypt(nonce, body, f"{agency}|{channel}".encode()))
    return value


def _read(name: str) -> Mapping[str, Any]:
    from botocore.exceptions import ClientError

    try:
        answer = _client("secretsmanager").get_secret_value(SecretId=name)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return {}
        raise
    value: Mapping[str, Any] = json.loads(answer["SecretString"])
    return value


def name_of(network: str) -> str:
    """The name of the network's secrets in Secrets Manager."""
    return f"palabre/{settings.get().stage}/networks/{network}"


def _context(agency: str, channel: str) -> dict[str, str]:
    return {"agency": agency, "channel": channel}


def _cached(key: tuple[str, ...], read: Callable[[], T]) -> T:
    until, value = _kept.get(key, (0.0, None))
    if until > time.monotonic():
        remembered: T = value
        return remembered
    fresh = read()
    if len(_kept) > _MOST_KEPT:
        _kept.clear()
    _kept[key] = (time.monotonic() + _KEPT_SECONDS, fresh)
    return fresh
