"""The actor of a call: a member, a key, or the system itself, in one agency, and what they may do for which brands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from chalicelib import errors, ids
from chalicelib.access import permissions

SEVERE, NEVER = 3, 5  # from which severity on words are masked unless a person says otherwise; and one that nothing has
ActorKind = Literal["member", "key", "system"]
# Why something happened: what a person did here, with the network's own app, or as a customer ("network"); what was
# planned; what a rule, an outreach, a key or an assistant did.
Source = Literal["person", "native_app", "network", "rule", "planned", "outreach", "key", "assistant"]
Person = Mapping[str, Any]


@dataclass(frozen=True)
class Grant:
    """The permissions of a role, held for some brands, or for all brands (None)."""

    role: str
    permissions: frozenset[str]
    brands: frozenset[str] | None = None

    def covers(self, brand: str | None) -> bool:
        """With None, true only if the grant is held for all brands."""
        return self.brands is None or brand in self.brands


@dataclass(frozen=True)
class Actor:
    """Somebody at work in an agency. `needs` are the permissions of the route; any one of them lets the actor in.

    `member` is the id of a member or key. `subject` is the signed-in person: it stays the same when they leave the
    agency and become another member of it. `source` is the IP address of the caller. `maker` is the person who made the
    key, as `person` gives it. `caused_by` is the webhook endpoint whose receiver makes the call, if it says so, and
    `app` the id of the outside app through which the person works. In lists, words of severity `mask_from` or more are
    masked for the actor; `most_severe` is how many severe cases an hour they are offered at most.
    """

    agency: str
    member: str
    name: str
    kind: ActorKind = "member"
    grants: tuple[Grant, ...] = ()
    needs: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    source: str = ""
    caused_by: str = ""
    app: str = ""
    mask_from: int = NEVER
    most_severe: int | None = None
    subject: str = field(default="", repr=False)
    maker: Person | None = field(default=None, repr=False)

    @property
    def person(self) -> Person:
        """What is stored to find this person again when something they left to happen later is due. No answer of the
        API shows the subject.
        """
        made = {"maker": self.maker} if self.maker else {}
        return {"member": self.member, "subject": self.subject, **made}

    def is_same_as(self, person: Person) -> bool:
        """True also if the actor has become another member since, or if the person is a key that the actor made."""
        maker = person.get("maker")
        is_own = self.member == person["member"] or (bool(self.subject) and self.subject == person["subject"])
        return is_own or (maker is not None and self.is_same_as(maker))

    def check_is_person(self) -> None:
        """Raises Forbidden for a key, and for a person who works through an app."""
        if self.kind == "key" or self.app:
            raise errors.Forbidden("An API key or an app cannot do this: a member has to sign in.", code="people_only")

    def at(self, needs: Sequence[str]) -> "Actor":
        """The actor as the caller of a route that needs one of these permissions.

        Raises Forbidden unless the actor holds one of them for some brand. A permission about the agency itself must
        be held for all brands.
        """
        if needs and not any(self._holds_as_needed(permission) for permission in needs):
            raise errors.Forbidden
        return replace(self, needs=tuple(needs))

    def _holds_as_needed(self, permission: str) -> bool:
        return (
            self.may(permission, brand=None)
            if permission in permissions.OF_THE_AGENCY
            else self._holds_anywhere(permission)
        )

    def held(self, brand: str | None) -> frozenset[str]:
        """The permissions held for the brand; with None, those held for all brands."""
        return frozenset[str]().union(*(grant.permissions for grant in self.grants if grant.covers(brand)))

    def may(self, *permissions: str, brand: str | None) -> bool:
        """True if the actor holds one of the permissions for the brand; with None, if for all brands."""
        return not self.held(brand).isdisjoint(permissions)

    def _holds_anywhere(self, permission: str) -> bool:
        return any(permission in grant.permissions and grant.brands != frozenset() for grant in self.grants)

    def may_give(self, grants: Iterable[Grant]) -> bool:
        """True if the actor may give others these grants, which means that they hold all of these permissions
        themselves.

        For each of the brands they must hold the permission of the route, too. A key may not give the permission to
        make keys: the person who got it could make a key that outlives this one.
        """
        own_brands = self.brands()
        return all(
            (own_brands is None or brand in own_brands) and self.may_pass_on(grant.permissions, brand)
            for grant in grants
            for brand in (grant.brands if grant.brands is not None else (None,))
        )

    def may_pass_on(self, names: Iterable[str], brand: str | None) -> bool:
        """True if the actor holds these permissions for the brand, or for all (None), and may give them to others."""
        wanted = frozenset(names)
        return wanted <= self.held(brand) and not (
            (self.kind == "key" or self.app) and wanted.intersection(permissions.NOT_BY_KEYS)
        )

    def sees(self, brand: str) -> bool:
        """True if the actor has any grant for the brand."""
        return any(grant.covers(brand) for grant in self.grants)

    def admit(self, brand: str) -> None:
        """Checks access to something of the brand.

        Raises NotFound if the actor does not work for the brand, Forbidden if they lack the permission of the route.
        """
        if not self.sees(brand):
            raise errors.NotFound
        if self.needs and not self.may(*self.needs, brand=brand):
            raise errors.Forbidden

    def brands(self) -> frozenset[str] | None:
        """The brands for which the actor holds the permission of the route; None means all brands of the agency."""
        grants = [grant for grant in self.grants if not self.needs or grant.permissions.intersection(self.needs)]
        if any(grant.brands is None for grant in grants):
            return None
        return frozenset(brand for grant in grants for brand in grant.brands or ())


def system(agency: str) -> Actor:
    """The actor for work that no person does, for example a scheduled task; it has every permission."""
    return Actor(agency, "system", "Palabre", "system", (Grant("system", frozenset(permissions.PERMISSIONS)),))


def newcomer(subject: str, source: str) -> Actor:
    """The actor for a signed-in person who need not be a member of any agency.

    Their `agency` is an id derived from the subject. No agency ever gets this id, so they can reach nobody's data.
    """
    return Actor("agc_" + ids.digest(subject), subject, "", source=source)


def view(actor: Actor) -> Mapping[str, Any]:
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
