"""The audit: who did what to what, and what it was before. Entries are only ever added, and sealed into a chain.

An entry is written in the transaction of the change it tells of. The table's stream then seals it: each seal holds the
hash of its entry and of the seal before, so nothing can be taken out, put in or changed without the chain showing it.
Entries hold ids, names of fields and states; never a message's text, and no secret.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib import clock, ids, page
from chalicelib.api.actor import Actor
from chalicelib.store import keys, table
from chalicelib.store.models import AuditEntry, Seal, Sealed

START = "0" * 64
_TRIES = 20
_TOLD = ("id", "at", "actor", "actor_kind", "action", "target", "brand", "before", "after", "source")


def entry(
    actor: Actor, action: str, target: str, now: int, *, brand: str = "", before: Any = None, after: Any = None
) -> table.Write:
    """For transact: the entry that tells of the change made beside it."""
    return table.putting(_entry(actor, action, target, now, brand=brand, before=before, after=after))


def note(actor: Actor, action: str, target: str, now: int, *, brand: str = "", after: Any = None) -> None:
    """Write down what changed nothing in the table: a denial, an export, a key's first use of a day."""
    table.put(_entry(actor, action, target, now, brand=brand, after=after), AuditEntry.pk.does_not_exist())


def _entry(actor: Actor, action: str, target: str, now: int, **told: Any) -> AuditEntry:
    id = ids.new("aud")
    return AuditEntry(
        keys.audit(actor.agency), keys.ENTRIES + id, id=id, at=now, actor=actor.member, actor_kind=actor.kind,
        action=action, target=target, source=actor.source, **told,
    )  # fmt: skip


def seal(agency: str, id: str) -> None:
    """Put an entry into the chain, once, however often it is asked."""
    partition = keys.audit(agency)
    found = table.get(AuditEntry, partition, keys.ENTRIES + id)
    for _ in range(_TRIES):
        if found is None or table.get(Sealed, partition, keys.SEALED + id):
            return
        last = next(table.query(Seal, partition, keys.CHAIN, newest=True, limit=1, consistent=True), None)
        number, before = (int(last.number) + 1, last.hash) if last else (1, START)
        link = Seal(partition, keys.chain(number), number=number, entry=id, hash=digest(before, found))
        try:
            table.transact(
                table.putting(link, Seal.pk.does_not_exist()),
                table.putting(Sealed(partition, keys.SEALED + id, number=number), Sealed.pk.does_not_exist()),
            )
        except table.Refused:
            continue
        return
    raise TimeoutError("the chain is too busy")


def digest(before: str, found: AuditEntry) -> str:
    """The hash of a seal: over the one before and all that the entry tells."""
    told = json.dumps([getattr(found, name) for name in _TOLD], sort_keys=True, default=int, separators=(",", ":"))
    return hashlib.sha256(f"{before}\n{told}".encode()).hexdigest()


def verify(agency: str) -> Mapping[str, Any]:
    """Walk the whole chain: `{intact, sealed, waiting, broken_at}`; the first number that does not fit, if any."""
    partition = keys.audit(agency)
    entries = {found.id: found for found in table.query(AuditEntry, partition, keys.ENTRIES, consistent=True)}
    before, count, broken = START, 0, None
    for count, link in enumerate(table.query(Seal, partition, keys.CHAIN, consistent=True), 1):
        found = entries.pop(link.entry, None)
        if broken is None and (found is None or int(link.number) != count or link.hash != digest(before, found)):
            broken = count
        before = link.hash
    return {"intact": broken is None, "sealed": count, "waiting": len(entries), "broken_at": broken}


def listing(actor: Actor, filters: Mapping[str, str], limit: int, cursor: str | None) -> Mapping[str, Any]:
    """A page of the audit, newest first; members of some brands see their brands' entries only."""
    scope = "|".join(["audit", actor.agency, *(f"{name}={filters[name]}" for name in sorted(filters))])
    edge = page.position(scope, cursor) or ""
    found: list[AuditEntry] = []
    for item in _matching(actor, filters, edge):
        found.append(item)
        if len(found) > limit:
            break
    more = page.cursor(scope, found[limit - 1].sk) if len(found) > limit else None
    return {"items": [view(item) for item in found[:limit]], "next": more}


def _matching(actor: Actor, filters: Mapping[str, str], edge: str) -> Iterator[AuditEntry]:
    brands = actor.brands()
    for item in table.query(AuditEntry, keys.audit(actor.agency), keys.ENTRIES, newest=True, before=edge):
        mine = brands is None or item.brand in brands
        if mine and all(getattr(item, name) == value for name, value in filters.items()):
            yield item


def view(item: AuditEntry) -> Mapping[str, Any]:
    """An entry as the API tells it."""
    return {
        "id": item.id,
        "at": clock.text(int(item.at)),
        "performed_by": {"id": item.actor, "kind": item.actor_kind},
        "action": item.action,
        "target": item.target,
        "brand": item.brand or None,
        "before": item.before,
        "after": item.after,
        "source": item.source or None,
    }
