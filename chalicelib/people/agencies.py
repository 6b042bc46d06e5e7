"""The tenant. An agency always has an owner: their number is kept with it."""

from collections.abc import Mapping
from typing import Any

from chalicelib import clock, errors
from chalicelib.store import table
from chalicelib.store.models.people import Agency

KEY = "agency"


def change_owners(agency: str, delta: int) -> list[table.Write]:
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


def view(agency: Agency) -> Mapping[str, Any]:
    """An agency as the API tells it."""
    return {"id": agency.id, "name": agency.name, "created_at": clock.text(agency.created_at)}
