"""The tenant: an agency, founded with its first owner. It always has an owner: the count is kept with it."""

from collections.abc import Mapping
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.api.actor import Actor
from chalicelib.insight import audit
from chalicelib.store import fence, keys, table
from chalicelib.store.models import Agency, Membership
from chalicelib.tenancy import member

KEY = "agency"


def found(name: str, subject: str, owner: str, email: str, now: int) -> Agency:
    """A new agency and its owner, who is signed in as `subject`; all of it or nothing."""
    id = ids.new("agc")
    agency = Agency(id, KEY, id=id, name=name, owners=1, created_at=now)
    first, writes = member.joining(id, subject, owner, email, [{"role": "owner", "brands": None}], now)
    founder = Actor(agency=id, member=first.id, name=owner)
    told = audit.entry(founder, "agency.found", id, now, after={"name": name})
    with fence.within(id):
        table.transact(table.putting(agency, Agency.pk.does_not_exist()), *writes, told)
    return agency


def owners(agency: str, delta: int) -> list[table.Write]:
    """For transact: so many owners more or fewer; refused if none would be left."""
    if delta == 0:
        return []
    enough = Agency.owners > 1 if delta < 0 else Agency.pk.exists()
    return [table.changing(Agency(agency, KEY), [Agency.owners.add(delta)], enough)]


def get(agency: str) -> Agency:
    """The agency of an actor, which is always there."""
    item = table.get(Agency, agency, KEY)
    if item is None:
        raise errors.NotFound
    return item


def of(subject: str) -> list[Mapping[str, Any]]:
    """The agencies a signed-in person is a member of, and who they are there. A key has none to choose from."""
    found = list(table.query(Membership, keys.user(subject), "agc_", consistent=True))
    people = [one for one in found if one.member.startswith("mbr_")]
    return [{"id": one.agency, "name": _name(one.agency), "member": one.member} for one in people]


def _name(id: str) -> str:
    with fence.within(id):
        return str(get(id).name)


def view(item: Agency) -> Mapping[str, Any]:
    """An agency as the API tells it."""
    return {"id": item.id, "name": item.name, "created_at": clock.text(int(item.created_at))}
