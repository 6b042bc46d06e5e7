"""A client brand of an agency: its settings, and whether it is at work. An archived one is read, not spoken for."""

import zoneinfo
from collections.abc import Mapping
from datetime import date
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.access import audit, memberships
from chalicelib.access.actors import Actor
from chalicelib.brands import hours, reply_rules
from chalicelib.store import due, keys, table
from chalicelib.store.models.brands import Brand

# What conversations under way are looked at anew for.
TIMELY = {"assignment", "auto_resolve_hours", "holidays", "hours", "service_levels", "time_zone"}


def create(actor: Actor, name: str, settings: Mapping[str, Any], now: int) -> Brand:
    """A new brand of the agency."""
    _check(actor, settings)
    id = ids.new("brd")
    made = Brand(actor.agency, keys.noun(id), id=id, name=name, settings=dict(settings), created_at=now)
    told = audit.entry(actor, "brand.create", id, now, brand=id, after={"settings": sorted(settings)})
    table.transact(table.putting(made, Brand.pk.does_not_exist()), told)
    return made


def change(actor: Actor, found: Brand, body: Mapping[str, Any], now: int) -> Brand:
    """Another name, other settings; each setting named replaces its old value.

    Raises PreconditionFailed if it changed meanwhile, Forbidden for a policy for replies that is not theirs to decide.
    """
    _check(actor, body.get("settings", {}))
    settings = {**found.settings, **body.get("settings", {})}
    reply_rules.may_change(actor, found.id, found.settings.get("replies", {}), settings.get("replies", {}))
    new = [Brand.name.set(body.get("name", found.name)), Brand.settings.set(settings), Brand.version.add(1)]
    told = audit.entry(
        actor, "brand.change", found.id, now, brand=found.id,
        before={name: found.settings.get(name) for name in body.get("settings", {})}, after=body.get("settings"),
    )  # fmt: skip
    anew = [due.at(actor.agency, now, "brand", found.id)] if TIMELY & set(body.get("settings", {})) else []
    _write(found, new, told, *anew)
    return get(actor, found.id)


def archive(actor: Actor, found: Brand, now: int) -> Brand:
    """Put the brand away: nothing is deleted, nothing more is sent."""
    if not found.archived_at:
        told = audit.entry(actor, "brand.archive", found.id, now, brand=found.id)
        _write(found, [Brand.archived_at.set(now), Brand.version.add(1)], told)
    return get(actor, found.id)


def restore(actor: Actor, found: Brand, now: int) -> Brand:
    """Put an archived brand back to work."""
    if found.archived_at:
        told = audit.entry(actor, "brand.restore", found.id, now, brand=found.id)
        anew = due.at(actor.agency, now, "brand", found.id)
        _write(found, [Brand.archived_at.remove(), Brand.version.add(1)], told, anew)
    return get(actor, found.id)


def _write(found: Brand, actions: list[Any], *writes: table.Write) -> None:
    try:
        table.transact(table.changing(Brand(found.pk, found.sk), actions, Brand.version == found.version), *writes)
    except table.Refused as refused:
        raise errors.PreconditionFailed from refused


def check(settings: Mapping[str, Any]) -> None:
    """Raises Invalid for what a schema cannot see: time zones, hours that overlap, days there are not."""
    if settings.get("time_zone", "UTC") not in zoneinfo.available_timezones():
        raise errors.Invalid("Not a time zone.", field="settings.time_zone")
    for day, spans in settings.get("hours", {}).items():
        if not hours.in_order(spans):
            raise errors.Invalid("Intervals follow each other and do not overlap.", field=f"settings.hours.{day}")
    for day in settings.get("holidays", ()):
        try:
            date.fromisoformat(day)
        except ValueError as wrong:
            raise errors.Invalid("Days as 2026-12-25.", field="settings.holidays") from wrong


def _check(actor: Actor, settings: Mapping[str, Any]) -> None:
    """Raises Invalid for settings that cannot be, or name a role there is not."""
    check(settings)
    rules = settings.get("replies", {}).get("rules", ())
    named = {
        "settings.replies.rules": {name for rule in rules for name in (*rule.get("roles", ()), *rule.get("by", ()))},
        "settings.assignment.roles": set(settings.get("assignment", {}).get("roles", ())),
    }
    there = memberships.permissions_of(actor.agency, set().union(*named.values()))
    for field, names in named.items():
        if names.difference(there):
            raise errors.Invalid("There is no such role.", field=field)


def visible(actor: Actor) -> list[Brand]:
    """The brands the actor works for, oldest first."""
    return [brand for brand in table.query(Brand, actor.agency, "brand#") if actor.sees(brand.id)]


def get(actor: Actor, id: str) -> Brand:
    """NotFound unless the actor works for it."""
    found = find(actor.agency, id)
    actor.admit(found.id)
    return found


def find(agency: str, id: str) -> Brand:
    """The brand of something of the agency, whoever asks."""
    found = table.get(Brand, agency, keys.noun(id)) if ids.is_id(id, "brd") else None
    if found is None:
        raise errors.NotFound
    return found


def at_work(agency: str, id: str) -> Brand:
    """The brand of something of the agency. Raises Conflict for an archived one, which nobody speaks for."""
    found = find(agency, id)
    if found.archived_at:
        raise errors.Conflict("The brand is archived.", code="brand_archived")
    return found


def scope(actor: Actor, id: str | None) -> list[str]:
    """The ids of the one brand asked for, or of all for which the actor may do what they ask."""
    if id:
        return [get(actor, id).id]
    found = actor.brands()
    return sorted(found) if found is not None else [brand.id for brand in visible(actor)]


def view(brand: Brand) -> Mapping[str, Any]:
    """A brand as the API tells it."""
    return {
        "id": brand.id,
        "name": brand.name,
        "settings": brand.settings,
        "archived_at": clock.text(int(brand.archived_at)) if brand.archived_at else None,
        "version": int(brand.version),
        "created_at": clock.text(int(brand.created_at)),
    }
