"""Somebody withdraws their consent at Meta, or asks for deletion of all that we have of them. Meta reports both.

Both come as a request that is signed with the app's secret. Channels that depend on this person's consent to this app
lose their token, and their agency is told; nothing else is stored of the person. Conversations belong to the people who
wrote them.

An agency knows the secret of its own app, and could sign anything. So such a signature counts only for that agency's
channels that were connected through that app.

https://developers.facebook.com/docs/facebook-login/guides/advanced/oauth-callbacks
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from chalicelib import clock, errors, ids, networks, strict_json
from chalicelib.access import actors, audit
from chalicelib.aws import secrets
from chalicelib.channels import channels, grants
from chalicelib.consents import apps
from chalicelib.store import fence, keys, table
from chalicelib.store.models.channels import Channel, Upkeep

PROVIDER = "meta"
_ALGORITHM = "HMAC-SHA256"
_CODE_LENGTH = 24


@dataclass(frozen=True)
class Door:
    """The address at which Meta reports: that of our app, or of an agency's own app with the id `app` at Meta."""

    agency: str = ""
    app: str = ""

    @property
    def path(self) -> str:
        """The path before `/deauthorise` and `/deletion`."""
        return f"/meta/apps/{self.agency}/{quote(self.app, safe='')}" if self.agency else "/meta"


def of_network(network: str, agency: str, app: str) -> Door | None:
    """The door of an agency's own app; None for a network whose provider does not report withdrawals in this way."""
    return Door(agency, app) if _is_meta(network) else None


def read(signed_request: str, door: Door, now: int) -> tuple[str, str]:
    """The person's id at Meta, and the secret with which the request is signed. Raises Unauthenticated if it is not.

    The signature is over the payload's text as it came; only one algorithm is accepted, whatever the payload names.
    """
    signature, _, payload = signed_request.partition(".")
    for secret in _secrets(door, now, now):
        expected = hmac.new(secret.encode(), payload.encode("utf-8", "replace"), hashlib.sha256).digest()
        if hmac.compare_digest(_base64_decoded(signature), expected):
            content = _content(payload)
            if str(content.get("algorithm", "")).upper() == _ALGORITHM and content.get("user_id"):
                return str(content["user_id"]), secret
    raise errors.Unauthenticated


def _secrets(door: Door, now: int, own_at: int) -> Iterator[str]:
    """The secrets accepted at the door; for an agency's own app also its earlier ones, if they are accepted at `own_at`
    (ms).
    """
    if door.agency:
        yield from _own_secrets(door, own_at)
        return
    for network in _networks():
        yield from (secret for secret in secrets.of_network(network, now).signing if secret)


def _own_secrets(door: Door, at: int) -> Iterator[str]:
    if not ids.is_id(door.agency, "agc"):
        return
    with fence.within(door.agency):
        known = list(apps.secrets_of(door.agency, door.app, list(_networks()), at))
    yield from dict.fromkeys(secret for secret in known if secret)


def _networks() -> Iterator[str]:
    """The networks whose consent page is Meta's."""
    yield from filter(_is_meta, networks.names())


def _is_meta(name: str) -> bool:
    network = networks.get(name)
    return bool(network and network.consent and network.consent.provider == PROVIDER)


def _content(payload: str) -> Any:
    try:
        content = strict_json.loads(_base64_decoded(payload))
    except strict_json.Unreadable:
        return {}
    return content if isinstance(content, dict) else {}


def _base64_decoded(text: str) -> bytes:
    """Decodes URL-safe base 64 without padding."""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""


def withdraw(user: str, door: Door, now: int) -> None:
    """Deletes the tokens of all channels that depend on the person's consent to the door's app. A
    repeat does nothing.
    """
    rows = [grant for network in _networks() for grant in grants.of_user(network, user)]
    for grant in rows:
        if door.agency in ("", grant.agency):
            with fence.within(grant.agency):
                _delete_tokens(grant.agency, grant.channel, user, door, now)


def _depends_on(channel: Channel, user: str, door: Door) -> bool:
    """True if the channel's latest consent is this person's, to this app. A person's id at Meta is valid within one app
    only.
    """
    kept = table.get(Upkeep, channel.pk, keys.UPKEEP + channel.id)
    if kept is None or kept.user != user:
        return False
    if not door.agency:
        return bool(kept.app == apps.OURS)
    app = apps.find(channel.pk, channel.network, kept.app) if kept.app else None
    return app is not None and app.id == door.app


def _delete_tokens(agency: str, id: str, user: str, door: Door, now: int) -> None:
    channel = channels.find(agency, id)
    if channel is None or not _depends_on(channel, user, door):
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
    channels.report_health(agency, id, "expired", "token.withdrawn", now)


def code(secret: str, now: int) -> str:
    """The confirmation code of a deletion; it says when that was, and its proof shows that we issued it."""
    return f"{now // clock.SECOND}-{_proof(secret, str(now // clock.SECOND))}"


def confirmed_at(code: str, door: Door, now: int) -> int:
    """When the deletion with that code was done (ms). Raises NotFound for a code that we did not issue."""
    at, _, proof = code.partition("-")
    if at.isascii() and at.isdecimal() and len(at) <= 12:
        for secret in _secrets(door, now, 0):  # what was confirmed once stays so
            if hmac.compare_digest(_proof(secret, at), proof):
                return int(at) * clock.SECOND
    raise errors.NotFound


def _proof(secret: str, at: str) -> str:
    return hmac.new(secret.encode(), f"deletion {at}".encode(), hashlib.sha256).hexdigest()[:_CODE_LENGTH]
