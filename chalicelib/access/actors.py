"""Who calls: a member, a key, or the system itself, in one agency, and what they may do for which brands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from chalicelib import errors, ids
from chalicelib.access import permissions

ActorKind = Literal["member", "key", "system"]


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
    kind: ActorKind = "member"
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
        return permission in self.held(None) if permission in permissions.OF_THE_AGENCY else self.may(permission)

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


def system(agency: str) -> Actor:
    """Who does in the agency what nobody does by hand."""
    return Actor(agency, "system", "Palabre", "system", (Grant("system", frozenset(permissions.PERMISSIONS)),))


def newcomer(subject: str, source: str) -> Actor:
    """Somebody signed in who need not be a member of anything: their agency is a place of their own, never founded."""
    return Actor("agc_" + ids.digest(subject), subject, "", source=source)


def view(actor: Actor) -> Mapping[str, Any]:
    """Who somebody is, as the API tells it."""
    return {
        "agency": actor.agency,
        "member": actor.member,
        "name": actor.name,
        "kind": actor.kind,
        "grants": [
            {
                "role": grant.role,
                "brands": None if grant.brands is None else sorted(grant.brands),
                "permissions": [name for name in permissions.PERMISSIONS if name in grant.permissions],
            }
            for grant in actor.grants
        ],
    }
