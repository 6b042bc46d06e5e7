"""A client brand of an agency: its settings, and whether it is at work. An archived one is read, not spoken for."""

from collections.abc import Mapping
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.access import audit, memberships
from chalicelib.access.actors import Actor
from chalicelib.brands import reply_rules, settings
from chalicelib.brands.settings import ReplySettings
from chalicelib.store import due, keys, table
from chalicelib.store.models.brands import Brand


def create(actor: Actor, name: str, given: Mapping[str, Any], now: int) -> Brand:
    """Create a brand of the agency. Raises Invalid for settings that are not acceptable."""
    _check(actor, given)
    id = ids.new("brd")
    brand = Brand(actor.agency, keys.noun(id), id=id, name=name, settings=dict(given), created_at=now)
    entry = audit.entry(actor, "brand.create", id, now, brand=id, after={"settings": sorted(given)})
    table.transact(table.putting(brand, Brand.pk.does_not_exist()), entry)
    return brand


def change(actor: Actor, brand: Brand, *, name: str, given: Mapping[str, Any], now: int) -> Brand:
    """Give it that name; each setting given replaces its old value.

    Raises PreconditionFailed if the brand changed meanwhile, Forbidden for rules for replies that are not the actor's
    to decide, Invalid for settings that are not acceptable.
    """
    _check(actor, given)
    merged = {**brand.settings, **given}
    _check_policy(actor, brand.id, settings.of(brand.settings).replies, settings.of(merged).replies)
    actions = [Brand.name.set(name), Brand.settings.set(merged), Brand.version.add(1)]
    before = {setting: brand.settings.get(setting) for setting in given}
    entry = audit.entry(actor, "brand.change", brand.id, now, brand=brand.id, before=before, after=given or None)
    recheck = [due.at(actor.agency, now, "brand", brand.id)] if settings.MOVES_DEADLINES & set(given) else []
    _write(brand, actions, entry, *recheck)
    return get(actor, brand.id)


def _check_policy(actor: Actor, brand: str, old: ReplySettings, new: ReplySettings) -> None:
    """Forbidden to change who approves replies without approving them oneself; to loosen it without managing roles."""
    if (list(old.rules), old.own_approval) == (list(new.rules), new.own_approval):
        return
    looser = reply_rules.loosens(old.rules, new.rules) or (new.own_approval and not old.own_approval)
    needed = {"reply.approve", "reply.official", *(("role.manage",) if looser else ())}
    if needed - actor.held(brand):
        raise errors.Forbidden("Who approves replies decides on their rules.", code="cannot_change_policy")


def archive(actor: Actor, brand: Brand, now: int) -> Brand:
    """Put the brand away: nothing is deleted, nothing more is sent."""
    if not brand.archived_at:
        entry = audit.entry(actor, "brand.archive", brand.id, now, brand=brand.id)
        _write(brand, [Brand.archived_at.set(now), Brand.version.add(1)], entry)
    return get(actor, brand.id)


def restore(actor: Actor, brand: Brand, now: int) -> Brand:
    """Put an archived brand back to work."""
    if brand.archived_at:
        entry = audit.entry(actor, "brand.restore", brand.id, now, brand=brand.id)
        anew = due.at(actor.agency, now, "brand", brand.id)
        _write(brand, [Brand.archived_at.remove(), Brand.version.add(1)], entry, anew)
    return get(actor, brand.id)


def _write(brand: Brand, actions: list[Any], *writes: table.Write) -> None:
    try:
        table.transact(table.changing(Brand(brand.pk, brand.sk), actions, Brand.version == brand.version), *writes)
    except table.Refused as refused:
        raise errors.PreconditionFailed from refused


def _check(actor: Actor, given: Mapping[str, Any]) -> None:
    """Raises Invalid for settings that are not acceptable, or that name a role which does not exist."""
    settings.check(given)
    named = settings.named_roles(settings.of(given))
    known = memberships.permissions_of(actor.agency, set().union(*named.values()))
    for field, roles in named.items():
        if roles.difference(known):
            raise errors.Invalid("There is no such role.", field=field)


def visible(actor: Actor) -> list[Brand]:
    """The brands the actor works for, oldest first."""
    return [brand for brand in table.query(Brand, actor.agency, "brand#") if actor.sees(brand.id)]


def get(actor: Actor, id: str) -> Brand:
    """NotFound unless the actor works for it."""
    brand = find(actor.agency, id)
    actor.admit(brand.id)
    return brand


def find(agency: str, id: str) -> Brand:
    """The brand of something of the agency, whoever asks."""
    brand = table.get(Brand, agency, keys.noun(id)) if ids.is_id(id, "brd") else None
    if brand is None:
        raise errors.NotFound
    return brand


def at_work(agency: str, id: str) -> Brand:
    """The brand of something of the agency. Raises Conflict for an archived one, which nobody speaks for."""
    brand = find(agency, id)
    if brand.archived_at:
        raise errors.Conflict("The brand is archived.", code="brand_archived")
    return brand


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
        "archived_at": clock.text(brand.archived_at) if brand.archived_at else None,
        "version": brand.version,
        "created_at": clock.text(brand.created_at),
    }
