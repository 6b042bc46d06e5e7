"""Seals audit entries into a hash chain, and proves the chain.

Each seal holds the hash of its entry and of the seal before, so an entry that is removed, inserted or changed breaks
the chain.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from chalicelib import page
from chalicelib.store import keys, table
from chalicelib.store.models.audit import AuditEntry, Seal, Sealed

START = "0" * 64
_TRIES = 20
_LATEST = 100
_TOLD = ("id", "at", "actor", "actor_kind", "action", "target", "brand", "before", "after", "source")


def seal(agency: str, id: str) -> None:
    """Put an entry into the chain, once, however often it is asked."""
    partition = keys.audit(agency)
    entry = table.get(AuditEntry, partition, keys.ENTRIES + id)
    for _ in range(_TRIES):
        if entry is None or table.get(Sealed, partition, keys.SEALED + id):
            return
        last = next(table.query(Seal, partition, keys.CHAIN, newest=True, limit=1, consistent=True), None)
        number, before = (last.number + 1, last.hash) if last else (1, START)
        link = Seal(partition, keys.chain(number), number=number, entry=id, hash=digest(before, entry))
        try:
            table.transact(
                table.putting(link, Seal.pk.does_not_exist()),
                table.putting(Sealed(partition, keys.SEALED + id, number=number), Sealed.pk.does_not_exist()),
            )
        except table.Refused:
            continue
        return
    raise TimeoutError("the chain is too busy")


def digest(before: str, entry: AuditEntry) -> str:
    """The hash of a seal: over the one before and all that the entry tells."""
    told = json.dumps([getattr(entry, name) for name in _TOLD], sort_keys=True, default=int, separators=(",", ":"))
    return hashlib.sha256(f"{before}\n{told}".encode()).hexdigest()


def verify(agency: str, after: int = 0, before: str = START, most: int = 1_000) -> Mapping[str, Any]:
    """Walk `most` links of the chain, from the one after link `after`, whose hash was `before`.

    Gives `{intact, sealed, waiting, broken_at, last}`: the number of the first link that does not fit, if any; how many
    of the latest entries still wait for their seal; the last link, as its number and hash, or None at the chain's end.
    """
    partition = keys.audit(agency)
    links = list(table.query(Seal, partition, keys.CHAIN, after=keys.chain(after), limit=most, consistent=True))
    entries = {
        entry.id: entry for entry in table.many(AuditEntry, [(partition, keys.ENTRIES + link.entry) for link in links])
    }
    count, broken = after, None
    for count, link in enumerate(links, after + 1):
        entry = entries.get(link.entry)
        if broken is None and (entry is None or link.number != count or link.hash != digest(before, entry)):
            broken = count
        before = link.hash
    last = (count, before) if len(links) == most else None
    waiting = 0 if last else _waiting(partition)
    return {"intact": broken is None, "sealed": count, "waiting": waiting, "broken_at": broken, "last": last}


def _waiting(partition: str) -> int:
    """How many of the latest entries are not in the chain."""
    latest = table.query(AuditEntry, partition, keys.ENTRIES, newest=True, limit=_LATEST, consistent=True)
    ids = [entry.id for entry in latest]
    return len(ids) - len(table.many(Sealed, [(partition, keys.SEALED + id) for id in ids]))


def verification(agency: str, cursor: str | None) -> Mapping[str, Any]:
    """A page of the proof as the API tells it; `next` goes on where it stopped."""
    scope = f"verification|{agency}"
    found = verify(agency, *(page.position(scope, cursor, int, str) or ()))
    more = page.cursor(scope, found["last"]) if found["last"] else None
    return {**{name: found[name] for name in ("intact", "sealed", "waiting", "broken_at")}, "next": more}
