"""Creates agencies, and lists the agencies that a person is in."""

from collections.abc import Mapping
from typing import Any

from chalicelib import ids
from chalicelib.access import audit, sessions
from chalicelib.access.actors import Actor
from chalicelib.people import agencies, members
from chalicelib.store import fence, lookups, table
from chalicelib.store.models.people import Agency, Membership


def found_agency(name: str, subject: str, owner: str, email: str, now: int) -> Agency:
    """Creates an agency and its first owner. `subject` is the owner's sign-in, `owner` their name."""
    id = ids.new("agc")
    agency = Agency(id, agencies.KEY, id=id, name=name, owners=1, id_key=ids.secret(), created_at=now)
    refused, grants = sessions.still_refused(subject, now), [{"role": "owner", "brands": None}]
    with fence.within(id):
        first, writes = members.joining(id, subject, owner, email, grants, now, refused=refused)
        founder = Actor(agency=id, member=first.id, name=owner)
        entry = audit.entry(founder, "agency.found", id, now, after={"name": name})
        table.transact(table.putting(agency, Agency.pk.does_not_exist()), *writes, entry)
    return agency


def agencies_of(subject: str, only: str = "") -> list[Mapping[str, Any]]:
    """The agencies of a signed-in person, each with their member id there; with `only`, just that agency."""
    memberships = table.query(Membership, lookups.user(subject), "agc_", consistent=True)
    return [
        {"id": membership.agency, "name": _name(membership.agency), "member": membership.member}
        for membership in memberships
        if only in ("", membership.agency)
    ]


def _name(id: str) -> str:
    with fence.within(id):
        return str(agencies.get(id).name)
