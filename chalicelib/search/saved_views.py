"""Saved views: searches that a member keeps for themselves, or shares with all who work for one of its brands.

An own view is in its owner's partition and a shared one in the agency's, so nobody comes upon what is not theirs; a
view that is shared, or no longer, moves.
"""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib import errors, ids, page
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.brands import brands
from chalicelib.search import conditions, searches
from chalicelib.store import keys, table
from chalicelib.store.models.search import NumberOfSavedViews, SavedView

MOST_OWN, MOST_SHARED = 100, 200
_NEW: Mapping[str, Any] = {"shared": False, "brands": None, "order": "newest"}
_KEPT = ("id", "owner", "name", "shared", "brands", "condition", "order", "created_at")


def create(actor: Actor, body: Mapping[str, Any], now: int) -> SavedView:
    """Keep a search. Raises Conflict if there are too many, Forbidden to share without the permission."""
    made = _made(actor, {**_NEW, "id": ids.new("viw"), "owner": actor.member, "created_at": now, **body}, now)
    _check(actor, made, body)
    writes = [table.putting(made, SavedView.pk.does_not_exist()), *_told(actor, "view.create", None, made, now)]
    _write([_counted(made, 1)], writes)
    return made


def change(actor: Actor, saved_view: SavedView, body: Mapping[str, Any], now: int) -> SavedView:
    """Keep what the body names instead; `shared` moves it. Raises PreconditionFailed if it changed meanwhile."""
    _may_touch(actor, saved_view)
    kept = {name: getattr(saved_view, name) for name in _KEPT}
    made = _made(actor, {**kept, **body, "version": saved_view.version + 1}, now)
    _check(actor, made, body)
    told = _told(actor, "view.change", saved_view, made, now)
    if made.pk == saved_view.pk:
        _write([], [table.putting(made, SavedView.version == saved_view.version), *told])
    else:
        moved = [
            table.putting(made, SavedView.pk.does_not_exist()),
            table.deleting(saved_view, SavedView.version == saved_view.version),
        ]
        _write([_counted(made, 1), _counted(saved_view, -1)], [*moved, *told])
    return made


def remove(actor: Actor, saved_view: SavedView, now: int) -> None:
    """Keep it no longer."""
    _may_touch(actor, saved_view)
    gone = table.deleting(saved_view, SavedView.version == saved_view.version)
    _write([_counted(saved_view, -1)], [gone, *_told(actor, "view.remove", saved_view, None, now)])


def _made(actor: Actor, kept: Mapping[str, Any], now: int) -> SavedView:
    partition = keys.views(actor.agency, "" if kept["shared"] else kept["owner"])
    return SavedView(partition, keys.VIEWS + kept["id"], updated_at=now, **kept)


def _check(actor: Actor, made: SavedView, body: Mapping[str, Any]) -> None:
    _may_touch(actor, made)
    conditions.check(made.condition)
    asked = set(body.get("brands") or ())
    if asked and asked - {brand.id for brand in brands.visible(actor)}:
        raise errors.Invalid("There is no such brand.", field="brands")


def _may_touch(actor: Actor, saved_view: SavedView) -> None:
    """Own views are their owner's; what is shared takes a permission for its brands, or to manage everybody's."""
    assigns = all(actor.may("conversation.assign", brand=id) for id in saved_view.brands or [""])
    if saved_view.shared and not (actor.may("role.manage") or (saved_view.owner == actor.member and assigns)):
        raise errors.Forbidden("Your role does not share views, or this one is somebody else's.", code="cannot_share")


def _told(actor: Actor, action: str, before: SavedView | None, after: SavedView | None, now: int) -> list[table.Write]:
    """What is kept for oneself is nobody else's business."""
    some = after or before
    if some is None or not any(saved_view and saved_view.shared for saved_view in (before, after)):
        return []
    states = [
        saved_view and {"shared": bool(saved_view.shared), "brands": saved_view.brands}
        for saved_view in (before, after)
    ]
    return [audit.entry(actor, action, some.id, now, before=states[0], after=states[1])]


def _counted(saved_view: SavedView, more: int) -> table.Write:
    most = MOST_SHARED if saved_view.shared else MOST_OWN
    room = NumberOfSavedViews.number.does_not_exist() | (NumberOfSavedViews.number < most)
    there = NumberOfSavedViews(saved_view.pk, keys.NUMBER_OF_VIEWS)
    return table.changing(there, [NumberOfSavedViews.number.add(more)], room if more > 0 else None)


def _write(counted: Sequence[table.Write], writes: Sequence[table.Write]) -> None:
    try:
        table.transact(*counted, *writes)
    except table.Refused as refused:
        if any(refused.failed[: len(counted)]):
            raise errors.Conflict("There are too many views.", code="too_many") from refused
        raise errors.PreconditionFailed from refused


def get(actor: Actor, id: str) -> SavedView:
    """NotFound unless it is the actor's own, or shared with them."""
    places = [(partition, keys.VIEWS + id) for partition in _partitions(actor)]
    found = table.many(SavedView, places) if ids.is_id(id, "viw") else []
    if not found or not _visible(actor, found[0]):
        raise errors.NotFound
    return found[0]


def _partitions(actor: Actor) -> tuple[str, str]:
    return keys.views(actor.agency, actor.member), keys.views(actor.agency)


def _visible(actor: Actor, saved_view: SavedView) -> bool:
    return not saved_view.shared or saved_view.brands is None or any(actor.sees(id) for id in saved_view.brands)


def every(actor: Actor, after: str = "") -> Iterator[SavedView]:
    """All that the actor sees, oldest first."""
    kept = [
        table.query(SavedView, partition, keys.VIEWS, after=after, consistent=True) for partition in _partitions(actor)
    ]
    return (
        saved_view
        for saved_view in heapq.merge(*kept, key=lambda saved_view: saved_view.sk)
        if _visible(actor, saved_view)
    )


def listing(actor: Actor, limit: int, cursor: str | None) -> Mapping[str, Any]:
    """A page of them."""
    scope = f"views|{actor.agency}|{actor.member}"
    seen = every(actor, page.position(scope, cursor) or "")
    saved_views, more = page.cut(seen, limit, scope, lambda saved_view: saved_view.sk)
    return {"items": [view(actor, saved_view) for saved_view in saved_views], "next": more}


def as_searches(actor: Actor, views: Sequence[SavedView]) -> list[searches.Search]:
    """What each of them finds for the actor: in the brands they work for, and with them as `me`."""
    mine = brands.scope(actor, None)
    return [
        searches.of_condition(
            actor, [id for id in mine if saved_view.brands is None or id in saved_view.brands], saved_view.condition
        )
        for saved_view in views
    ]


def view(actor: Actor, saved_view: SavedView) -> Mapping[str, Any]:
    """A view as the API tells it to the actor, who learns of no brand but their own."""
    return {
        "id": saved_view.id,
        "name": saved_view.name,
        "shared": bool(saved_view.shared),
        "owner": saved_view.owner,
        "brands": None if saved_view.brands is None else [id for id in saved_view.brands if actor.sees(id)],
        "condition": saved_view.condition,
        "order": saved_view.order,
        "version": saved_view.version,
    }
