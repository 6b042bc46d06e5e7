"""Who a signed-in subject is in an agency, and what they are granted there.

Read from the table on every request, so a changed role counts from the next request on.
"""

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.access import permissions
from chalicelib.access.actors import Actor, Grant
from chalicelib.store import fence, keys, table
from chalicelib.store.models.people import Membership, Role

LAST_USE = 60_000


def of(subject: str, agency: str, source: str, now: int) -> Actor:
    """The member a signed-in subject is, in the agency asked for or in their only one.

    Raises Unauthenticated for somebody who is a member nowhere, Forbidden for an agency that is not theirs, Invalid if
    they must say which.
    """
    if not subject:
        raise errors.Unauthenticated
    found = list(table.query(Membership, keys.user(subject), "agc_", consistent=True))
    if not found:
        raise errors.Unauthenticated
    mine = [membership for membership in found if agency in ("", membership.agency)]
    if not mine:
        raise errors.Forbidden("You are not a member of this agency.", code="other_agency")
    if len(mine) > 1:
        raise errors.Invalid("Say which agency in the Palabre-Agency header.", code="agency_missing")
    with fence.within(mine[0].agency):
        actor = _actor(mine[0], source)
        if actor.kind == "key":
            _check_key(actor, mine[0], source, now)
    return actor


def colleague(agency: str, subject: str) -> Actor | None:
    """Somebody else of the agency, None if they are in it no longer; nothing of their other agencies is read."""
    membership = table.get(Membership, keys.user(subject), agency)
    return _actor(membership, "") if membership else None


def _check_key(actor: Actor, key: Membership, source: str, now: int) -> None:
    """Raises Unauthenticated for a key that is over or calls from elsewhere.

    Its last use is written down once a minute, and that it came in at all once a day, in the audit.
    """
    over = key.expires_at is not None and key.expires_at <= now
    if over or (key.ranges and not _within(source, key.ranges)):
        raise errors.Unauthenticated
    if now - (key.used_at or 0) > LAST_USE:
        table.update(Membership(key.pk, key.sk), [Membership.used_at.set(now)], Membership.pk.exists())
    if now // clock.DAY > (key.used_at or 0) // clock.DAY:
        from chalicelib.access import audit

        audit.note(actor, "api_key.sign_in", actor.member, now)


def _within(source: str, ranges: Sequence[str]) -> bool:
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(entry) for entry in ranges)


def _actor(membership: Membership, source: str) -> Actor:
    return Actor(
        agency=membership.agency,
        member=membership.member,
        name=membership.name,
        kind="key" if membership.member.startswith("key_") else "member",
        grants=grants_of(membership.agency, membership.grants),
        teams=tuple(sorted(membership.teams or ())),
        source=source,
        subject=membership.pk.removeprefix(keys.USER),
    )


def grants_of(agency: str, entries: Sequence[Mapping[str, Any]]) -> tuple[Grant, ...]:
    """Grants as stored, each `{role, brands}`, with what their roles permit now; one that is gone permits nothing."""
    permitted = permissions_of(agency, (entry["role"] for entry in entries))
    return tuple(
        Grant(
            entry["role"],
            permitted.get(entry["role"], frozenset()),
            None if entry["brands"] is None else frozenset(entry["brands"]),
        )
        for entry in entries
    )


def permissions_of(agency: str, names: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """What roles permit now, by name: every template, and of the named ones of the agency's own those there are."""
    own = {name for name in names if ids.is_id(name, "rol")}
    found = table.many(Role, [(agency, keys.noun(name)) for name in own])
    return {**permissions.TEMPLATES, **{role.id: frozenset(role.permissions) for role in found}}
