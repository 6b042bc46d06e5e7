"""Lists the audit for people: newest first, filtered, page by page."""

from collections.abc import Mapping
from typing import Any

from chalicelib import clock, page
from chalicelib.access.actors import Actor
from chalicelib.store import keys, table
from chalicelib.store.models.audit import AuditEntry

_MOST_EXAMINED = 2_000  # entries, for one page


def listing(actor: Actor, filters: Mapping[str, str], limit: int, cursor: str | None) -> Mapping[str, Any]:
    """A page of the entries that fit the filters (value by field), newest first.

    An actor for some brands only sees the entries of those brands. One page examines at most 2,000 entries, so it may
    be short, or empty, and still have a next one.
    """
    scope = "|".join(["audit", actor.agency, *(f"{name}={filters[name]}" for name in sorted(filters))])
    edge = page.position(scope, cursor) or ""
    entries: list[AuditEntry] = []
    examined = 0
    for entry in table.query(
        AuditEntry, keys.audit(actor.agency), keys.ENTRIES, newest=True, before=edge, limit=_MOST_EXAMINED
    ):
        examined, edge = examined + 1, entry.sk
        if _fits(actor, entry, filters):
            entries.append(entry)
        if len(entries) == limit:
            break
    # The query leaves out the entry at the edge, so one less than the limit may be all that it could give.
    may_have_more = len(entries) == limit or examined >= _MOST_EXAMINED - 1
    return {"items": [view(entry) for entry in entries], "next": page.cursor(scope, edge) if may_have_more else None}


def _fits(actor: Actor, entry: AuditEntry, filters: Mapping[str, str]) -> bool:
    brands = actor.brands()
    is_visible = brands is None or entry.brand in brands
    return is_visible and all(getattr(entry, name) == value for name, value in filters.items())


def view(entry: AuditEntry) -> Mapping[str, Any]:
    return {
        "id": entry.id,
        "at": clock.text(entry.at),
        "performed_by": {"id": entry.actor, "kind": entry.actor_kind},
        "action": entry.action,
        "target": entry.target,
        "brand": entry.brand or None,
        "before": entry.before,
        "after": entry.after,
        "source": entry.source or None,
    }
