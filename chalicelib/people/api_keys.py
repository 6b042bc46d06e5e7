"""A key for a program: an actor like a person, with grants, an end, and the addresses it may call from.

The key is shown once and kept only as a hash. Every use is looked up, so one that is revoked is dead at once.
"""

import ipaddress
import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.access import audit, tokens
from chalicelib.access.actors import Actor
from chalicelib.people import members
from chalicelib.store import keys, table
from chalicelib.store.models.people import ApiKey, Membership

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


def create(actor: Actor, body: Mapping[str, Any], grants: members.Grants, now: int) -> tuple[ApiKey, str]:
    """A new key, and the secret to hand out: it cannot be asked for again.

    Raises Invalid for a range that is none, Forbidden for a key, which could else outlive its own end.
    """
    if actor.kind == "key":
        raise errors.Forbidden("Keys are made by people.", code="keys_do_not_make_keys")
    id, secret = ids.new("key"), tokens.KEY_PREFIX + "".join(secrets.choice(_ALPHABET) for _ in range(32))
    ends = _end(body.get("expires_at"), now)
    ranges = [_range(entry) for entry in body.get("ranges", ())]
    key = ApiKey(
        actor.agency, keys.noun(id), id=id, name=body["name"], hash=tokens.digest_of_key(secret), grants=grants,
        expires_at=ends, ranges=ranges, created_by=actor.member, created_at=now,
    )  # fmt: skip
    membership = Membership(
        keys.user(key.hash), actor.agency, agency=actor.agency, member=id, name=body["name"], grants=grants,
        expires_at=ends, ranges=ranges,
    )  # fmt: skip
    told = audit.entry(actor, "api_key.create", id, now, after={"grants": grants})
    table.transact(table.putting(key), table.putting(membership, Membership.pk.does_not_exist()), told)
    return key, secret


def _end(moment: str | None, now: int) -> int | None:
    if moment is None:
        return None
    try:
        at = clock.parse(moment)
    except ValueError as wrong:
        raise errors.Invalid("A moment as in 2026-11-22T15:00:00Z.", field="expires_at") from wrong
    if at <= now:
        raise errors.Invalid("That moment is over.", field="expires_at")
    return at


def _range(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError as wrong:
        raise errors.Invalid("A range of addresses as in 203.0.113.0/24.", field="ranges") from wrong


def revoke(actor: Actor, id: str, now: int) -> None:
    """Make the key worthless, from now on; NotFound if there is no such key, Forbidden for more than one's own."""
    api_key = table.get(ApiKey, actor.agency, keys.noun(id)) if ids.is_id(id, "key") else None
    if api_key is None or not members.concerns(actor, api_key.grants):
        raise errors.NotFound
    members.may_grant(actor, api_key.grants)
    entry = audit.entry(actor, "api_key.revoke", id, now)
    table.transact(table.deleting(api_key), table.deleting(Membership(keys.user(api_key.hash), actor.agency)), entry)


def every(agency: str) -> Iterator[ApiKey]:
    """All keys of the agency, oldest first."""
    return table.query(ApiKey, agency, "key#", consistent=True)


def listing(actor: Actor) -> list[Mapping[str, Any]]:
    """The keys the actor may know of, and when each was last used."""
    mine = (api_key for api_key in every(actor.agency) if members.concerns(actor, api_key.grants))
    return [view(api_key, used(actor.agency, api_key)) for api_key in mine]


def view(api_key: ApiKey, used_at: int = 0) -> Mapping[str, Any]:
    """A key as the API tells it; never the key itself."""
    return {
        "id": api_key.id,
        "name": api_key.name,
        "grants": [{"role": entry["role"], "brands": entry["brands"]} for entry in api_key.grants],
        "ranges": api_key.ranges,
        "expires_at": clock.text(api_key.expires_at) if api_key.expires_at else None,
        "used_at": clock.text(used_at) if used_at else None,
        "created_by": api_key.created_by,
        "created_at": clock.text(api_key.created_at),
    }


def used(agency: str, api_key: ApiKey) -> int:
    """When the key was last used (ms), 0 if never."""
    membership = table.get(Membership, keys.user(api_key.hash), agency, consistent=False)
    return (membership.used_at or 0) if membership else 0
