"""API keys for programs. A key has grants like a person, and may have an expiry and IP ranges from which it is used.

A key is shown once, and only its hash is stored. It is looked up with each request, so a revoked key stops at once.
"""

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from chalicelib import clock, errors, ids, moments
from chalicelib.access import audit, tokens
from chalicelib.access.actors import Actor
from chalicelib.people import members
from chalicelib.store import keys, lookups, table
from chalicelib.store.models.people import ApiKey, Membership


def create(
    actor: Actor, *, name: str, grants: members.Grants, expires_at: str | None, ranges: Sequence[str], now: int
) -> tuple[ApiKey, str]:
    """Creates a key that is valid until `expires_at` (RFC 3339), within the IP ranges if there are any.

    Gives it with its secret, which is not stored. Raises Invalid for an expiry in the past and for a bad range,
    Forbidden if a key or an app asks, which could so outlive its own end, and for grants as `members.checked_grants`
    does.
    """
    if actor.kind == "key" or actor.app:
        raise errors.Forbidden(
            "An API key or an app cannot create API keys: a member has to sign in.", code="keys_do_not_make_keys"
        )
    grants = members.checked_grants(actor, grants)
    id, secret = ids.new("key"), tokens.new_key(is_full=not is_restricted(grants, expires_at, ranges))
    end = None if expires_at is None else moments.to_come(moments.parse(expires_at, "expires_at"), now, "expires_at")
    networks = [_network(text) for text in ranges]
    api_key = ApiKey(
        actor.agency, keys.noun(id), id=id, name=name, hash=tokens.digest_of_key(secret), grants=grants,
        expires_at=end, ranges=networks, created_by=actor.member, created_at=now,
    )  # fmt: skip
    membership = Membership(
        lookups.user(api_key.hash), actor.agency, agency=actor.agency, member=id, name=name, grants=grants,
        expires_at=end, ranges=networks, maker=actor.person,
    )  # fmt: skip
    entry = audit.entry(actor, "api_key.create", id, now, after={"grants": grants})
    table.transact(table.putting(api_key), table.putting(membership, Membership.pk.does_not_exist()), entry)
    return api_key, secret


def is_restricted(grants: members.Grants, expires_at: str | None, ranges: Sequence[str]) -> bool:
    """True for a key that may do less than an owner of the whole agency, or has an expiry or IP ranges."""
    return not members.owners(grants) or expires_at is not None or bool(ranges)


def may_make(maker: Actor, grants: members.Grants) -> bool:
    return members.may_grant(replace(maker, needs=("api_key.manage",)), grants)


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError as wrong:
        raise errors.Invalid(
            "A range of IP addresses has to be written as in 203.0.113.0/24.", code="bad_ip_range", field="ranges"
        ) from wrong


def revoke(actor: Actor, id: str, now: int) -> None:
    """The key is refused from now on.

    Raises NotFound unless the actor may see the key, Forbidden unless they hold all that it is granted.
    """
    api_key = table.get(ApiKey, actor.agency, keys.noun(id)) if ids.is_id(id, "key") else None
    if api_key is None or not members.concerns(actor, api_key.grants):
        raise errors.NotFound
    members.check_may_grant(actor, api_key.grants)
    end(actor, api_key, now)


def end(actor: Actor, api_key: ApiKey, now: int) -> None:
    """Deletes the key without checking the actor's rights."""
    entry = audit.entry(actor, "api_key.revoke", api_key.id, now)
    table.transact(table.deleting(api_key), table.deleting(Membership(lookups.user(api_key.hash), actor.agency)), entry)


def every(agency: str, after: str = "") -> Iterator[ApiKey]:
    """The keys of the agency, oldest first; only those after the sort key `after`."""
    return table.query(ApiKey, agency, "key#", after=after, consistent=True)


def visible(actor: Actor, after: str = "") -> Iterator[ApiKey]:
    """The keys that concern a brand for which the actor holds the permission of the route; only those after `after`."""
    return (api_key for api_key in every(actor.agency, after) if members.concerns(actor, api_key.grants))


def used_view(api_key: ApiKey) -> Mapping[str, Any]:
    """The key as the API shows it, with when it was last used."""
    return view(api_key, _last_use(api_key.pk, api_key))


def view(api_key: ApiKey, used_at: int = 0) -> Mapping[str, Any]:
    return {
        "id": api_key.id,
        "name": api_key.name,
        "grants": [{"role": grant["role"], "brands": grant["brands"]} for grant in api_key.grants],
        "ranges": api_key.ranges,
        "expires_at": clock.text(api_key.expires_at) if api_key.expires_at else None,
        "used_at": clock.text(used_at) if used_at else None,
        "created_by": api_key.created_by,
        "created_at": clock.text(api_key.created_at),
    }


def _last_use(agency: str, api_key: ApiKey) -> int:
    """When the key was last used (ms, to the minute), 0 if never."""
    membership = table.get(Membership, lookups.user(api_key.hash), agency, consistent=False)
    return (membership.used_at or 0) if membership else 0
