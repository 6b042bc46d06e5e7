"""The audit: who did what to what, and what it was before. Entries are only ever added, and sealed into a chain.

An entry is written in the transaction of the change it tells of. The table's stream then seals it: each seal holds the
hash of its entry and of the seal before, so nothing can be taken out, put in or changed without the chain showing it.
Entries hold ids, names of fields and states; never a message's text, and no secret.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from chalicelib import clock, ids, page
from chalicelib.api.actor import Actor
from chalicelib.store import keys, table
from chalicelib.store.models import AuditEntry, Seal, Sealed

START = "0" * 64
_TRIES = 20
_LATEST, _EXAMINED = 100, 2_000
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


def verify(agency: str, after: int = 0, before: str = START, most: int = 1_000) -> Mapping[str, Any]:
    """Walk `most` links of the chain, from the one after link `after`, whose hash was `before`.

    Gives `{intact, sealed, waiting, broken_at, last}`: the number of the first link that does not fit, if any; how many
    of the latest entries still wait for their seal; the last link, as its number and hash, or None at the chain's end.
    """
    partition = keys.audit(agency)
    links = list(table.query(Seal, partition, keys.CHAIN, after=keys.chain(after), limit=most, consistent=True))
    entries = {one.id: one for one in table.many(AuditEntry, [(partition, keys.ENTRIES + one.entry) for one in links])}
    count, broken = after, None
    for count, link in enumerate(links, after + 1):
        found = entries.get(link.entry)
        if broken is None and (found is None or int(link.number) != count or link.hash != digest(before, found)):
            broken = count
        before = link.hash
    last = (count, before) if len(links) == most else None
    waiting = 0 if last else _waiting(partition)
    return {"intact": broken is None, "sealed": count, "waiting": waiting, "broken_at": broken, "last": last}


def _waiting(partition: str) -> int:
    """How many of the latest entries are not in the chain."""
    latest = table.query(AuditEntry, partition, keys.ENTRIES, newest=True, limit=_LATEST, consistent=True)
    ids = [found.id for found in latest]
    return len(ids) - len(table.many(Sealed, [(partition, keys.SEALED + id) for id in ids]))


def verification(agency: str, cursor: str | None) -> Mapping[str, Any]:
    """A page of the proof as the API tells it; `next` goes on where it stopped."""
    scope = f"verification|{agency}"
    found = verify(agency, *(page.position(scope, cursor, int, str) or ()))
    more = page.cursor(scope, found["last"]) if found["last"] else None
    return {**{name: found[name] for name in ("intact", "sealed", "waiting", "broken_at")}, "next": more}


def listing(actor: Actor, filters: Mapping[str, str], limit: int, cursor: str | None) -> Mapping[str, Any]:
    """A page of the audit, newest first; members of some brands see their brands' entries only.

    A page looks at so many entries at most, so it may be short, or empty, and still have a next one.
    """
    scope = "|".join(["audit", actor.agency, *(f"{name}={filters[name]}" for name in sorted(filters))])
    edge = page.position(scope, cursor) or ""
    found: list[AuditEntry] = []
    examined = 0
    for item in table.query(
        AuditEntry, keys.audit(actor.agency), keys.ENTRIES, newest=True, before=edge, limit=_EXAMINED
    ):
        examined, edge = examined + 1, item.sk
        if _fits(actor, item, filters):
            found.append(item)
        if len(found) == limit:
            break
    more = page.cursor(scope, edge) if found[limit - 1 :] or examined >= _EXAMINED - 1 else None
    return {"items": [view(item) for item in found], "next": more}


def _fits(actor: Actor, item: AuditEntry, filters: Mapping[str, str]) -> bool:
    brands = actor.brands()
    mine = brands is None or item.brand in brands
    return mine and all(getattr(item, name) == value for name, value in filters.items())


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
