"""Who calls: a member, or a key, of one agency, and what they may do for which brands.

It is read from the store on every request, so a change counts from the next one on.
"""

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from chalicelib import errors, ids
from chalicelib.store import fence, keys, table
from chalicelib.store.models import Membership
from chalicelib.tenancy import role

LAST_USE = 60_000
DAY = 86_400_000


@dataclass(frozen=True)
class Grant:
    """Permissions held for some brands, or for all (None)."""

    role: str
    permissions: frozenset[str]
    brands: frozenset[str] | None = None

    def covers(self, brand: str | None) -> bool:
        """True if it is held for that brand, or with None for all."""
        return self.brands is None or brand in self.brands


@dataclass(frozen=True)
class Actor:
    """Somebody at work in an agency. `needs` are the permissions of the route called, any of which lets them in.

    `subject` is the person signed in, whichever member of the agency they are by now.
    """

    agency: str
    member: str
    name: str
    kind: Literal["member", "key", "system"] = "member"
    grants: tuple[Grant, ...] = ()
    needs: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    source: str = ""
    subject: str = field(default="", repr=False)

    def at(self, needs: Sequence[str]) -> "Actor":
        """The actor at the door of a route.

        Forbidden if they hold none of its permissions for any brand; for all brands, where it is about the agency.
        """
        if needs and not any(self._enters(permission) for permission in needs):
            raise errors.Forbidden
        return replace(self, needs=tuple(needs))

    def _enters(self, permission: str) -> bool:
        return permission in self.held(None) if permission in role.OF_THE_AGENCY else self.may(permission)

    def held(self, brand: str | None) -> frozenset[str]:
        """All they may do for the brand, or with None for all of the agency."""
        return frozenset[str]().union(*(grant.permissions for grant in self.grants if grant.covers(brand)))

    def may(self, *permissions: str, brand: str = "") -> bool:
        """True if they hold any of the permissions, for that brand if one is named."""
        return any(
            grant.permissions.intersection(permissions) and (not brand or grant.covers(brand)) for grant in self.grants
        )

    def sees(self, brand: str) -> bool:
        """True if they work for the brand at all."""
        return any(grant.covers(brand) for grant in self.grants)

    def admit(self, brand: str) -> None:
        """Let the call go on to a thing of that brand: NotFound for a brand that is not theirs, else Forbidden."""
        if not self.sees(brand):
            raise errors.NotFound
        if self.needs and not self.may(*self.needs, brand=brand):
            raise errors.Forbidden

    def brands(self) -> frozenset[str] | None:
        """The brands for which they may do what the route is for; None for all of the agency's."""
        found = [grant for grant in self.grants if not self.needs or grant.permissions.intersection(self.needs)]
        if any(grant.brands is None for grant in found):
            return None
        return frozenset(brand for grant in found for brand in grant.brands or ())


def clockwork(agency: str) -> Actor:
    """Who does in the agency what nobody does by hand."""
    return Actor(agency, "system", "Palabre", "system", (Grant("system", frozenset(role.PERMISSIONS)),))


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
    found = table.get(Membership, keys.user(subject), agency)
    return _actor(found, "") if found else None


def newcomer(subject: str, source: str) -> Actor:
    """Somebody signed in who need not be a member of anything: their agency is a place of their own, never founded."""
    return Actor("agc_" + ids.digest(subject), subject, "", source=source)


def _check_key(actor: Actor, key: Membership, source: str, now: int) -> None:
    """Raises Unauthenticated for a key that is over or calls from elsewhere.

    Its last use is written down once a minute, and that it came in at all once a day, in the audit.
    """
    over = key.expires_at is not None and key.expires_at <= now
    if over or (key.ranges and not _within(source, key.ranges)):
        raise errors.Unauthenticated
    if now - int(key.used_at or 0) > LAST_USE:
        table.update(Membership(key.pk, key.sk), [Membership.used_at.set(now)], Membership.pk.exists())
    if now // DAY > int(key.used_at or 0) // DAY:
        from chalicelib.insight import audit

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
        grants=granted(membership.agency, membership.grants),
        teams=tuple(sorted(membership.teams or ())),
        source=source,
        subject=membership.pk.removeprefix(keys.USER),
    )


def granted(agency: str, entries: Sequence[Mapping[str, Any]]) -> tuple[Grant, ...]:
    """Grants as stored, each `{role, brands}`, with what their roles permit now; one that is gone permits nothing."""
    permitted = role.permitted(agency, (entry["role"] for entry in entries))
    return tuple(
        Grant(
            entry["role"],
            permitted.get(entry["role"], frozenset()),
            None if entry["brands"] is None else frozenset(entry["brands"]),
        )
        for entry in entries
    )


def view(actor: Actor) -> Mapping[str, Any]:
    """Who somebody is, as the API tells it."""
    return {
        "agency": actor.agency,
        "member": actor.member,
        "name": actor.name,
        "kind": actor.kind,
        "grants": [
            {
                "role": one.role,
                "brands": None if one.brands is None else sorted(one.brands),
                "permissions": [name for name in role.PERMISSIONS if name in one.permissions],
            }
            for one in actor.grants
        ],
    }
