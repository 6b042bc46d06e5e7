"""Agencies, the tenants. An agency always has an owner; that is why it stores the number of its owners."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.store import table
from chalicelib.store.models.people import Agency

KEY = "agency"


def change_owners(agency: str, delta: int) -> list[table.Write]:
    """For transact: adds `delta` (1, 0 or -1) to the number of owners. Raises Conflict if no owner would be left."""
    if delta == 0:
        return []
    change = Agency.owners.add(delta)
    if delta > 0:
        return [table.changing(Agency(agency, KEY), [change], Agency.pk.exists(), otherwise=errors.NotFound)]
    last_owner = errors.Conflict(
        "The agency would have no owner. Make another member an owner first.", code="last_owner"
    )
    return [table.changing(Agency(agency, KEY), [change], Agency.owners > 1, otherwise=last_owner)]


def get(id: str) -> Agency:
    agency = table.get(Agency, id, KEY)
    if agency is None:
        raise errors.NotFound
    return agency


@lru_cache(maxsize=1_000)
def id_key(id: str) -> str:
    """The key from which the agency's ids of people and threads are computed. It is never shown and never changes.

    An agency that has none yet gets one.
    """
    known = get(id).id_key
    if known is None:
        is_first = Agency.pk.exists() & Agency.id_key.does_not_exist()
        table.update(Agency(id, KEY), [Agency.id_key.set(ids.secret())], is_first)
        known = get(id).id_key
    return str(known)


def view(agency: Agency) -> Mapping[str, Any]:
    return {"id": agency.id, "name": agency.name, "created_at": clock.text(agency.created_at)}
