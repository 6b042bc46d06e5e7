"""Saved views: searches that a member saves for themselves, or shares with everybody who works for one of its brands.

A member's own view is in the member's partition, a shared one in the agency's; a list reads only these two.
"""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib import errors, ids, page
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.brands import brands
from chalicelib.search import conditions, searches
from chalicelib.store import external_ids, keys, table
from chalicelib.store.models.search import NumberOfSavedViews, SavedView
from chalicelib.trees import Tree

MOST_OWN, MOST_SHARED = 100, 200
_TOO_MANY = {
    False: f"A member has at most {MOST_OWN} views of their own.",
    True: f"An agency has at most {MOST_SHARED} shared views.",
}
_CANNOT_SHARE = "Your role does not allow you to share views of these brands, or the view is somebody else's."
_COPIED = ("id", "external_id", "owner", "name", "shared", "brands", "condition", "order", "created_at")


def create(
    actor: Actor,
    now: int,
    *,
    name: str,
    condition: Tree,
    shared: bool = False,
    brands: Sequence[str] | None = None,
    order: str = "newest",
    external_id: str | None = None,
) -> SavedView:
    """`brands` restricts the view to these, and shares it only with their people; None means all.

    Raises Conflict if there are too many views, Forbidden to share without the permission.
    """
    id, fields = ids.new("viw"), {"name": name, "condition": condition, "shared": shared, "order": order}
    fields |= {"id": id, "owner": actor.member, "created_at": now, "brands": brands, "external_id": external_id}
    saved_view = _saved_view(actor, fields, now)
    _check(actor, saved_view, fields)
    table.transact(
        _count(saved_view, 1),
        table.putting(saved_view, SavedView.pk.does_not_exist(), otherwise=errors.PreconditionFailed),
        *external_ids.claiming(actor.agency, id, "", external_id),
        *_entries(actor, "view.create", None, saved_view, now),
    )
    return saved_view


def change(actor: Actor, saved_view: SavedView, changes: Mapping[str, Any], now: int) -> SavedView:
    """`changes` has those of `name`, `shared`, `brands`, `condition` and `order` that change.

    A view that becomes shared, or private, moves to another partition. Raises PreconditionFailed if it changed
    meanwhile.
    """
    check_may_touch(actor, saved_view)
    fields = {name: getattr(saved_view, name) for name in _COPIED}
    changed = _saved_view(actor, {**fields, **changes, "version": saved_view.version + 1}, now)
    _check(actor, changed, changes)
    entries = _entries(actor, "view.change", saved_view, changed, now)
    table.transact(*_replacing(saved_view, changed), *entries)
    return changed


def _replacing(saved_view: SavedView, changed: SavedView) -> list[table.Write]:
    unchanged = SavedView.version == saved_view.version
    if changed.pk == saved_view.pk:
        return [table.putting(changed, unchanged, otherwise=errors.PreconditionFailed)]
    return [
        _count(changed, 1),
        _count(saved_view, -1),
        table.putting(changed, SavedView.pk.does_not_exist(), otherwise=errors.PreconditionFailed),
        table.deleting(saved_view, unchanged, otherwise=errors.PreconditionFailed),
    ]


def remove(actor: Actor, saved_view: SavedView, now: int) -> None:
    """Raises PreconditionFailed if the view changed meanwhile."""
    check_may_touch(actor, saved_view)
    table.transact(
        _count(saved_view, -1),
        table.deleting(saved_view, SavedView.version == saved_view.version, otherwise=errors.PreconditionFailed),
        *external_ids.releasing(actor.agency, saved_view.id, "", saved_view.external_id),
        *_entries(actor, "view.remove", saved_view, None, now),
    )


def _saved_view(actor: Actor, fields: Mapping[str, Any], now: int) -> SavedView:
    partition = keys.views(actor.agency, "" if fields["shared"] else fields["owner"])
    return SavedView(partition, keys.VIEWS + fields["id"], updated_at=now, **fields)


def _check(actor: Actor, saved_view: SavedView, changes: Mapping[str, Any]) -> None:
    """Raises Forbidden or Invalid if the actor may not save it like this; `changes` are the fields just chosen."""
    check_may_touch(actor, saved_view)
    conditions.check(saved_view.condition)
    named = {"brands": set(changes.get("brands") or ())}
    if "condition" in changes:
        named["condition"] = conditions.named_brands(saved_view.condition)
    known = {brand.id for brand in brands.visible(actor)} if any(named.values()) else set()
    for field, wanted in named.items():
        if wanted - known:
            raise errors.Invalid(
                "One of the brands does not exist, or you do not work for it.", code="unknown_reference", field=field
            )


def check_may_touch(actor: Actor, saved_view: SavedView) -> None:
    """Raises Forbidden for a shared view unless the actor manages roles, or owns it and assigns in all its brands."""
    assigns = all(actor.may("conversation.assign", brand=id) for id in saved_view.brands or [None])
    is_own = saved_view.owner == actor.member
    if saved_view.shared and not (actor.may("role.manage", brand=None) or (is_own and assigns)):
        raise errors.Forbidden(_CANNOT_SHARE, code="cannot_share")


def _entries(
    actor: Actor, action: str, before: SavedView | None, after: SavedView | None, now: int
) -> list[table.Write]:
    """The audit entry of a change of a shared view; none for a view that only its owner sees."""
    saved_view = after or before
    if saved_view is None or not any(state and state.shared for state in (before, after)):
        return []
    return [audit.entry(actor, action, saved_view.id, now, before=_sharing(before), after=_sharing(after))]


def _sharing(saved_view: SavedView | None) -> Mapping[str, Any] | None:
    return None if saved_view is None else {"shared": bool(saved_view.shared), "brands": saved_view.brands}


def _count(saved_view: SavedView, more: int) -> table.Write:
    """Counts one view more or less in its partition; raises Conflict above the limit."""
    most = MOST_SHARED if saved_view.shared else MOST_OWN
    room = NumberOfSavedViews.number.does_not_exist() | (NumberOfSavedViews.number < most)
    return table.changing(
        NumberOfSavedViews(saved_view.pk, keys.NUMBER_OF_VIEWS),
        [NumberOfSavedViews.number.add(more)],
        room if more > 0 else None,
        otherwise=errors.Conflict(_TOO_MANY[bool(saved_view.shared)], code="too_many"),
    )


def get(actor: Actor, id: str) -> SavedView:
    """Raises NotFound unless the view is the actor's own, or shared with them."""
    both = [(partition, keys.VIEWS + id) for partition in _partitions(actor)]
    views = table.many(SavedView, both) if ids.is_id(id, "viw") else []
    if not views or not _visible(actor, views[0]):
        raise errors.NotFound
    return views[0]


def _partitions(actor: Actor) -> tuple[str, str]:
    return keys.views(actor.agency, actor.member), keys.views(actor.agency)


def _visible(actor: Actor, saved_view: SavedView) -> bool:
    """True for the actor's own view, and for one that is shared with a brand of the actor and names no brand they do
    not see.
    """
    if not saved_view.shared:
        return True
    is_theirs = saved_view.brands is None or any(actor.sees(id) for id in saved_view.brands)
    return is_theirs and all(actor.sees(id) for id in conditions.named_brands(saved_view.condition))


def every(actor: Actor, after: str = "") -> Iterator[SavedView]:
    """All views that the actor sees, oldest first; those after the sort key `after`, if it is given."""
    both = [
        table.query(SavedView, partition, keys.VIEWS, after=after, consistent=True) for partition in _partitions(actor)
    ]
    return (
        saved_view
        for saved_view in heapq.merge(*both, key=lambda saved_view: saved_view.sk)
        if _visible(actor, saved_view)
    )


def listing(actor: Actor, limit: int, cursor: str | None) -> Mapping[str, Any]:
    scope = f"views|{actor.agency}|{actor.member}"
    saved_views = every(actor, page.position(scope, cursor) or "")
    shown, more = page.cut(saved_views, limit, scope, lambda saved_view: saved_view.sk)
    return {"items": [view(actor, saved_view) for saved_view in shown], "next": more}


def as_searches(actor: Actor, views: Sequence[SavedView]) -> list[searches.Search]:
    """The views as searches for the actor: in the brands for which they work, and with them as `me`."""
    brand_ids = brands.scope(actor, None)
    return [
        searches.of_condition(
            actor,
            [id for id in brand_ids if saved_view.brands is None or id in saved_view.brands],
            saved_view.condition,
        )
        for saved_view in views
    ]


def view(actor: Actor, saved_view: SavedView) -> Mapping[str, Any]:
    """The view as the API shows it to the actor, without the brands that the actor does not see."""
    return {
        "id": saved_view.id,
        "name": saved_view.name,
        "external_id": saved_view.external_id,
        "shared": bool(saved_view.shared),
        "owner": saved_view.owner,
        "brands": None if saved_view.brands is None else [id for id in saved_view.brands if actor.sees(id)],
        "condition": saved_view.condition,
        "order": saved_view.order,
        "version": saved_view.version,
    }
