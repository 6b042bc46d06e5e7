"""Agencies, the tenants. An agency always has an owner, so it keeps the number of its owners."""

from collections.abc import Mapping
from typing import Any

from chalicelib import clock, errors
from chalicelib.store import table
from chalicelib.store.models.people import Agency

KEY = "agency"


def change_owners(agency: str, delta: int) -> list[table.Write]:
    """For transact: count one owner more (1) or fewer (-1). Raises Conflict if no owner would be left."""
    if delta == 0:
        return []
    enough = Agency.owners > 1 if delta < 0 else Agency.pk.exists()
    last_owner = errors.Conflict("An agency keeps at least one owner.", code="last_owner")
    return [table.changing(Agency(agency, KEY), [Agency.owners.add(delta)], enough, otherwise=last_owner)]


def get(id: str) -> Agency:
    agency = table.get(Agency, id, KEY)
    if agency is None:
        raise errors.NotFound
    return agency


def view(agency: Agency) -> Mapping[str, Any]:
    return {"id": agency.id, "name": agency.name, "created_at": clock.text(agency.created_at)}
