"""Agencies, the tenants. An agency always has an owner, so it keeps the number of its owners."""

from collections.abc import Mapping
from typing import Any

from chalicelib import clock, errors
from chalicelib.store import table
from chalicelib.store.models.people import Agency

KEY = "agency"


def change_owners(agency: str, delta: int) -> list[table.Write]:
    """For transact: add `delta` (1, 0 or -1) to the number of owners. Raises Conflict if no owner would be left."""
    if delta == 0:
        return []
    change = Agency.owners.add(delta)
    if delta > 0:
        return [table.changing(Agency(agency, KEY), [change], Agency.pk.exists(), otherwise=errors.NotFound)]
    last_owner = errors.Conflict("An agency keeps at least one owner.", code="last_owner")
    return [table.changing(Agency(agency, KEY), [change], Agency.owners > 1, otherwise=last_owner)]


def get(id: str) -> Agency:
    agency = table.get(Agency, id, KEY)
    if agency is None:
        raise errors.NotFound
    return agency


def view(agency: Agency) -> Mapping[str, Any]:
    return {"id": agency.id, "name": agency.name, "created_at": clock.text(agency.created_at)}
