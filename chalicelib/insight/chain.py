"""Seals audit entries into a hash chain, and verifies the chain.

Each seal holds a hash over its entry and the seal before, so the chain breaks if an entry is removed, inserted or
changed.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib import page
from chalicelib.store import keys, table
from chalicelib.store.models.audit import AuditEntry, Seal, Sealed

START = "0" * 64
_MOST_TRIES = 20
_LATEST = 100  # entries that are looked at for those still waiting
_SEALED_FIELDS = ("id", "at", "actor", "actor_kind", "action", "target", "brand", "before", "after", "source")


def seal(agency: str, ids: Sequence[str]) -> None:
    """Puts up to 50 entries at the end of the chain, in this order and all at once. Repeats do nothing.

    Raises TimeoutError if others were faster each of 20 times.
    """
    partition = keys.audit(agency)
    entries = {entry.id: entry for entry in table.many(AuditEntry, [(partition, keys.ENTRIES + id) for id in set(ids)])}
    for _ in range(_MOST_TRIES):
        sealed = {mark.sk for mark in table.many(Sealed, [(partition, keys.SEALED + id) for id in entries])}
        new = [entries[id] for id in dict.fromkeys(ids) if id in entries and keys.SEALED + id not in sealed]
        if not new:
            return
        last = next(table.query(Seal, partition, keys.CHAIN, newest=True, limit=1, consistent=True), None)
        try:
            table.transact(*_links(partition, last, new))
        except table.Refused:
            continue
        return
    raise TimeoutError("the chain is too busy")


def _links(partition: str, last: Seal | None, entries: Sequence[AuditEntry]) -> Iterator[table.Write]:
    sealed, before = (last.number, last.hash) if last else (0, START)
    for number, entry in enumerate(entries, sealed + 1):
        before = digest(before, entry)
        link = Seal(partition, keys.chain(number), number=number, entry=entry.id, hash=before)
        yield table.putting(link, Seal.pk.does_not_exist())
        mark = Sealed(partition, keys.SEALED + entry.id, number=number)
        yield table.putting(mark, Sealed.pk.does_not_exist())


def digest(before: str, entry: AuditEntry) -> str:
    """The hash of a seal: over the hash of the seal before, and the fields of the entry."""
    values = [getattr(entry, name) for name in _SEALED_FIELDS]
    text = json.dumps(values, sort_keys=True, default=int, separators=(",", ":"))
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()


def verify(agency: str, after: int = 0, before: str = START, most: int = 1_000) -> Mapping[str, Any]:
    """Checks at most `most` links of the chain, starting after link number `after`, whose hash is `before`.

    Gives `intact`; `sealed`, the number of the last link checked; `broken_at`, the number of the first link that does
    not fit, if any; `waiting`, how many of the latest entries have no seal yet (0 before the end of the chain); `last`,
    number and hash of the last link, to go on from, or None at the end of the chain.
    """
    partition = keys.audit(agency)
    links = list(table.query(Seal, partition, keys.CHAIN, after=keys.chain(after), limit=most, consistent=True))
    entries = {
        entry.id: entry for entry in table.many(AuditEntry, [(partition, keys.ENTRIES + link.entry) for link in links])
    }
    number, broken_at = after, None
    for number, link in enumerate(links, after + 1):
        entry = entries.get(link.entry)
        fits = entry is not None and link.number == number and link.hash == digest(before, entry)
        if broken_at is None and not fits:
            broken_at = number
        before = link.hash
    last = (number, before) if len(links) == most else None
    waiting = 0 if last else _waiting(partition)
    return {"intact": broken_at is None, "sealed": number, "waiting": waiting, "broken_at": broken_at, "last": last}


def _waiting(partition: str) -> int:
    """How many of the latest entries have no seal yet."""
    latest = table.query(AuditEntry, partition, keys.ENTRIES, newest=True, limit=_LATEST, consistent=True)
    ids = [entry.id for entry in latest]
    return len(ids) - len(table.many(Sealed, [(partition, keys.SEALED + id) for id in ids]))


def verification(agency: str, cursor: str | None) -> Mapping[str, Any]:
    """Verifies one page of the chain, as the API shows it; `next` is the cursor to go on with."""
    scope = f"verification|{agency}"
    result = dict(verify(agency, *(page.position(scope, cursor, int, str) or ())))
    last = result.pop("last")
    return {**result, "next": page.cursor(scope, last) if last else None}
