"""Client brands of an agency. An archived brand can be read, but nothing is sent for it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.access import audit, memberships
from chalicelib.access.actors import Actor
from chalicelib.brands import reply_rules, settings
from chalicelib.brands.settings import ReplySettings
from chalicelib.plans import gates, holdings
from chalicelib.store import due, external_ids, keys, table
from chalicelib.store.models.brands import Brand


def create(
    actor: Actor,
    name: str,
    initial: Mapping[str, Any],
    now: int,
    external_id: str | None = None,
    *,
    is_sandbox: bool = False,
) -> Brand:
    """Creates a brand with these settings. A sandbox stays a sandbox for ever.

    Raises Invalid for settings that are not acceptable, PaymentRequired if the plan allows no more brands, Conflict if
    the external id is taken.
    """
    _check(actor, initial)
    id = ids.new("brd")
    brand = Brand(
        actor.agency, keys.noun(id), id=id, name=name, settings=dict(initial), is_sandbox=is_sandbox or None,
        external_id=external_id, created_at=now,
    )  # fmt: skip
    after = {"settings": sorted(initial), **({"sandbox": True} if is_sandbox else {})}
    entry = audit.entry(actor, "brand.create", id, now, brand=id, after=after)
    counted = holdings.change(actor.agency, "brands", 1, now, may_pay=gates.may_pay(actor))
    named = external_ids.claiming(actor.agency, id, "", external_id)
    table.transact(table.putting(brand, Brand.pk.does_not_exist()), *named, *counted, entry)
    return brand


def change(actor: Actor, brand: Brand, *, name: str, changes: Mapping[str, Any], now: int) -> Brand:
    """Renames the brand and replaces the settings in `changes`, by name.

    Raises PreconditionFailed if the brand changed meanwhile, Invalid for settings that are not acceptable, and
    Forbidden for rules for replies that the actor may not decide on.
    """
    _check(actor, changes)
    merged = {**brand.settings, **changes}
    _check_policy(actor, brand.id, settings.of(brand.settings).replies, settings.of(merged).replies)
    actions = [Brand.name.set(name), Brand.settings.set(merged), Brand.version.add(1)]
    before = {setting: brand.settings.get(setting) for setting in changes}
    entry = audit.entry(actor, "brand.change", brand.id, now, brand=brand.id, before=before, after=changes or None)
    recheck = [_recheck(actor.agency, brand, now)] if settings.MOVES_DEADLINES & set(changes) else []
    _write(brand, actions, entry, *recheck)
    return get(actor, brand.id)


def _check_policy(actor: Actor, brand: str, old: ReplySettings, new: ReplySettings) -> None:
    """Raises Forbidden if the actor may not change the rules for replies in this way.

    To change them one must be allowed to approve replies; to loosen them one must manage roles as well.
    """
    if (list(old.rules), old.own_approval) == (list(new.rules), new.own_approval):
        return
    looser = reply_rules.loosens(old.rules, new.rules) or (new.own_approval and not old.own_approval)
    if not (may_loosen if looser else _may_tighten)(actor, brand):
        raise errors.Forbidden(
            "You need `reply.approve` and `reply.official` to change these rules, and `role.manage` to loosen them.",
            code="cannot_change_policy",
        )


def may_loosen(actor: Actor, brand: str) -> bool:
    """True if the actor may let more people approve replies of the brand, or let replies be sent
    with fewer approvals.
    """
    return _may_tighten(actor, brand) and "role.manage" in actor.held(brand)


def _may_tighten(actor: Actor, brand: str) -> bool:
    return {"reply.approve", "reply.official"} <= actor.held(brand)


def archive(actor: Actor, brand: Brand, now: int) -> Brand:
    """Archives the brand: nothing is deleted, and nothing more is sent. Does nothing if it is archived already."""
    if not brand.archived_at:
        entry = audit.entry(actor, "brand.archive", brand.id, now, brand=brand.id)
        counted = holdings.change(actor.agency, "brands", -1, now)
        _write(brand, [Brand.archived_at.set(now), Brand.version.add(1)], *counted, entry)
    return get(actor, brand.id)


def restore(actor: Actor, brand: Brand, now: int) -> Brand:
    """Puts an archived brand back to work, and has its deadlines checked. Does nothing if it is not archived.

    Raises PaymentRequired if the plan allows no more brands.
    """
    if brand.archived_at:
        entry = audit.entry(actor, "brand.restore", brand.id, now, brand=brand.id)
        recheck = _recheck(actor.agency, brand, now)
        counted = holdings.change(actor.agency, "brands", 1, now, may_pay=gates.may_pay(actor))
        _write(brand, [Brand.archived_at.remove(), Brand.version.add(1)], *counted, entry, recheck)
    return get(actor, brand.id)


def _recheck(agency: str, brand: Brand, now: int) -> table.Write:
    """For transact: makes a check of the brand's deadlines due at the next full minute, once for all changes until
    then.
    """
    return due.at(agency, (now // clock.MINUTE + 1) * clock.MINUTE, "brand", brand.id)


def _write(brand: Brand, actions: list[Any], *writes: table.Write) -> None:
    """Changes the brand, together with the writes. Raises PreconditionFailed if the brand changed meanwhile."""
    unchanged = Brand.version == brand.version
    table.transact(
        table.changing(Brand(brand.pk, brand.sk), actions, unchanged, otherwise=errors.PreconditionFailed), *writes
    )


def _check(actor: Actor, proposed: Mapping[str, Any]) -> None:
    """Raises Invalid for settings that are not acceptable, or that name a role which does not exist."""
    settings.check(proposed)
    named = settings.named_roles(settings.of(proposed))
    known = memberships.permissions_of(actor.agency, set().union(*named.values()))
    for field, roles in named.items():
        if roles.difference(known):
            raise errors.Invalid("The settings name a role that does not exist.", code="unknown_reference", field=field)


def visible(actor: Actor, after: str = "") -> Iterator[Brand]:
    """The brands that the actor works for, oldest first; only those after the sort key `after`."""
    return (brand for brand in table.query(Brand, actor.agency, "brand#", after=after) if actor.sees(brand.id))


def get(actor: Actor, id: str) -> Brand:
    """The brand. Raises NotFound unless the actor works for it, Forbidden without the permission of the route."""
    brand = find(actor.agency, id)
    actor.admit(brand.id)
    return brand


def find(agency: str, id: str) -> Brand:
    """The brand, without a check of who asks. Raises NotFound if the agency has no such brand."""
    brand = table.get(Brand, agency, keys.noun(id)) if ids.is_id(id, "brd") else None
    if brand is None:
        raise errors.NotFound
    return brand


def at_work(agency: str, id: str) -> Brand:
    """The brand, without a check of who asks. Raises Conflict if it is archived: nothing may be sent for it."""
    brand = find(agency, id)
    check_at_work(brand)
    return brand


def check_at_work(brand: Brand) -> None:
    """Raises Conflict if the brand is archived."""
    if brand.archived_at:
        raise errors.Conflict("The brand is archived.", code="brand_archived")


def scope(actor: Actor, id: str | None) -> list[str]:
    """The ids of the brands that a request is about: the named one, else all for which the actor holds the route's
    permission.
    """
    if id:
        return [get(actor, id).id]
    brand_ids = actor.brands()
    if brand_ids is not None:
        return sorted(brand_ids)
    return [brand.id for brand in table.query(Brand, actor.agency, "brand#", only=["sk", "id"])]


def scopes(actor: Actor, ids: Sequence[str]) -> list[str]:
    """Like `scope`, for several named brands. Raises what `get` raises for the first that cannot be given."""
    return [get(actor, id).id for id in dict.fromkeys(ids)] if ids else scope(actor, None)


def billed(agency: str) -> list[str]:
    """The ids of the brands for which the agency pays by the message: all but sandboxes."""
    every = table.query(Brand, agency, "brand#", only=["sk", "id", "is_sandbox"])
    return [brand.id for brand in every if not brand.is_sandbox]


def view(brand: Brand) -> Mapping[str, Any]:
    return {
        "id": brand.id,
        "name": brand.name,
        "sandbox": bool(brand.is_sandbox),
        "external_id": brand.external_id,
        "settings": brand.settings,
        "archived_at": clock.text(brand.archived_at) if brand.archived_at else None,
        "crisis": crisis_view(brand),
        "version": brand.version,
        "created_at": clock.text(brand.created_at),
    }


def crisis_view(brand: Brand) -> Mapping[str, Any] | None:
    if not brand.crisis:
        return None
    return {**brand.crisis, **{name: clock.text(brand.crisis[name]) for name in ("since", "until")}}
