"""A client brand of an agency."""

from collections.abc import Mapping
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.api.actor import Actor
from chalicelib.store import keys, table
from chalicelib.store.models import Brand


def visible(actor: Actor) -> list[Brand]:
    """The brands the actor works for, oldest first."""
    return [brand for brand in table.query(Brand, actor.agency, "brand#") if actor.sees(brand.id)]


def get(actor: Actor, id: str) -> Brand:
    """NotFound unless the actor works for it."""
    found = table.get(Brand, actor.agency, keys.noun(id)) if ids.is_id(id, "brd") else None
    if found is None:
        raise errors.NotFound
    actor.admit(found.id)
    return found


def scope(actor: Actor, id: str | None) -> list[str]:
    """The ids of the one brand asked for, or of all for which the actor may do what they ask."""
    if id:
        return [get(actor, id).id]
    found = actor.brands()
    return sorted(found) if found is not None else [brand.id for brand in visible(actor)]


def view(brand: Brand) -> Mapping[str, Any]:
    """A brand as the API tells it."""
    return {"id": brand.id, "name": brand.name, "created_at": clock.text(int(brand.created_at))}
