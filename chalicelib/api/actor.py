"""Who calls: a member of one agency, read from the store on every request, so a change counts from the next one on."""

from dataclasses import dataclass

from chalicelib import errors
from chalicelib.store import keys, table
from chalicelib.store.models import Membership


@dataclass(frozen=True)
class Actor:
    """A member at work in an agency. `brands` None: all of the agency's."""

    agency: str
    member: str
    name: str
    role: str
    brands: list[str] | None

    def sees(self, brand: str) -> bool:
        """True if the brand is one of theirs."""
        return self.brands is None or brand in self.brands


def of(subject: str, agency: str = "") -> Actor:
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
    membership = mine[0]
    return Actor(membership.agency, membership.member, membership.name, membership.role, membership.brands)
