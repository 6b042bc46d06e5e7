"""Somebody takes their consent back at the network, or wants all that we have of them deleted. Meta tells so.

Both come as a signed request, which our app's secret proves. What rests on that person's consent has no token any more,
and its agency is told; nothing else of theirs is kept. Conversations are of the people who wrote them.

https://developers.facebook.com/docs/facebook-login/guides/advanced/oauth-callbacks
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

from chalicelib import clock, errors, networks, strict_json
from chalicelib.access import actors, audit
from chalicelib.aws import secrets
from chalicelib.channels import channels, grants
from chalicelib.store import fence, table
from chalicelib.store.models.channels import Channel

PROVIDER = "meta"
_ALGORITHM = "HMAC-SHA256"
_CODE_LENGTH = 24


def read(signed_request: str, now: int) -> tuple[str, str]:
    """The person's id at Meta, and the secret that the request is signed with. Raises Unauthenticated.

    The signature is of the payload's text as it came; only one algorithm is taken, whatever the payload names.
    """
    signature, _, payload = signed_request.partition(".")
    for secret in _secrets(now):
        expected = hmac.new(secret.encode(), payload.encode("utf-8", "replace"), hashlib.sha256).digest()
        if hmac.compare_digest(_plain(signature), expected):
            told = _content(payload)
            if str(told.get("algorithm", "")).upper() == _ALGORITHM and told.get("user_id"):
                return str(told["user_id"]), secret
    raise errors.Unauthenticated


def _secrets(now: int) -> Iterator[str]:
    for network in _networks():
        yield from (secret for secret in secrets.of_network(network, now).signing if secret)


def _networks() -> Iterator[str]:
    """Those on which the same provider asks for consent."""
    for name in networks.names():
        network = networks.get(name)
        if network and network.consent and network.consent.provider == PROVIDER:
            yield name


def _content(payload: str) -> Any:
    try:
        told = strict_json.loads(_plain(payload))
    except strict_json.Unreadable:
        return {}
    return told if isinstance(told, dict) else {}


def _plain(text: str) -> bytes:
    """Base64 for addresses, without padding."""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""


def withdraw(user: str, now: int) -> int:
    """Takes the tokens of all channels that rest on the person's consent; gives how many. A repeat does nothing."""
    found = [one for network in _networks() for one in grants.of_user(network, user)]
    for one in found:
        with fence.within(one.agency):
            _withdraw(one.agency, one.channel, now)
    return len(found)


def _withdraw(agency: str, id: str, now: int) -> None:
    channel = channels.find(agency, id)
    if channel is None:
        return
    opened = dict(secrets.unseal(agency, id, channel.sealed))
    sealed = secrets.seal(agency, id, {**opened, "token": "", "refresh": "", "key": ""})
    table.transact(
        table.changing(
            Channel(channel.pk, channel.sk), [Channel.sealed.set(sealed)], Channel.sealed == channel.sealed,
            otherwise=errors.Unavailable,  # it was renewed just now: Meta asks again
        ),
        *grants.forgetting(channel),
        audit.entry(actors.system(agency), "channel.withdraw", id, now, brand=channel.brand),
    )  # fmt: skip
    channels.report(agency, id, "expired", "token.withdrawn", now)


def code(secret: str, now: int) -> str:
    """The confirmation of a deletion, which says when it was and proves that we gave it."""
    return f"{now // clock.SECOND}-{_proof(secret, str(now // clock.SECOND))}"


def confirmed_at(code: str, now: int) -> int:
    """When the deletion of that code was (ms). Raises NotFound for a code that we never gave."""
    at, _, proof = code.partition("-")
    if at.isascii() and at.isdecimal() and len(at) <= 12:
        for secret in _secrets(now):
            if hmac.compare_digest(_proof(secret, at), proof):
                return int(at) * clock.SECOND
    raise errors.NotFound


def _proof(secret: str, at: str) -> str:
    return hmac.new(secret.encode(), f"deletion {at}".encode(), hashlib.sha256).hexdigest()[:_CODE_LENGTH]
