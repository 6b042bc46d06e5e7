"""The audit as people read it: newest first, filtered, page by page."""

from collections.abc import Mapping
from typing import Any

from chalicelib import clock, page
from chalicelib.access.actors import Actor
from chalicelib.store import keys, table
from chalicelib.store.models.audit import AuditEntry

_EXAMINED = 2_000


def listing(actor: Actor, filters: Mapping[str, str], limit: int, cursor: str | None) -> Mapping[str, Any]:
    """A page of the audit, newest first; members of some brands see their brands' entries only.

    A page looks at so many entries at most, so it may be short, or empty, and still have a next one.
    """
    scope = "|".join(["audit", actor.agency, *(f"{name}={filters[name]}" for name in sorted(filters))])
    edge = page.position(scope, cursor) or ""
    found: list[AuditEntry] = []
    examined = 0
    for entry in table.query(
        AuditEntry, keys.audit(actor.agency), keys.ENTRIES, newest=True, before=edge, limit=_EXAMINED
    ):
        examined, edge = examined + 1, entry.sk
        if _fits(actor, entry, filters):
            found.append(entry)
        if len(found) == limit:
            break
    more = page.cursor(scope, edge) if found[limit - 1 :] or examined >= _EXAMINED - 1 else None
    return {"items": [view(entry) for entry in found], "next": more}


def _fits(actor: Actor, entry: AuditEntry, filters: Mapping[str, str]) -> bool:
    brands = actor.brands()
    mine = brands is None or entry.brand in brands
    return mine and all(getattr(entry, name) == value for name, value in filters.items())


def view(entry: AuditEntry) -> Mapping[str, Any]:
    """An entry as the API tells it."""
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
