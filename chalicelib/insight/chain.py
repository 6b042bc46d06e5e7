"""Seals audit entries into a hash chain.

Each seal holds a hash over its entry and the seal before, so the chain breaks if an entry is removed, inserted or
changed. `anchors` stores the end of the chain elsewhere, and `proof` verifies all of it.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence

from chalicelib.store import keys, table
from chalicelib.store.models.audit import AuditEntry, Seal, Sealed

START = "0" * 64
_MOST_TRIES = 20
_SEALED_FIELDS = ("id", "at", "actor", "actor_kind", "action", "target", "brand", "before", "after", "source")


def seal(agency: str, ids: Sequence[str]) -> tuple[int, str]:
    """Appends up to 50 entries to the chain, in this order and all at once. A repeat does nothing.

    Gives number and hash of the last link. Raises TimeoutError if other processes were faster 20 times in a row.
    """
    partition = keys.audit(agency)
    entries = {entry.id: entry for entry in table.many(AuditEntry, [(partition, keys.ENTRIES + id) for id in set(ids)])}
    for _ in range(_MOST_TRIES):
        sealed = {mark.sk for mark in table.many(Sealed, [(partition, keys.SEALED + id) for id in entries])}
        new = [entries[id] for id in dict.fromkeys(ids) if id in entries and keys.SEALED + id not in sealed]
        last = next(table.query(Seal, partition, keys.CHAIN, newest=True, limit=1, consistent=True), None)
        number, hash = (last.number, last.hash) if last else (0, START)
        if not new:
            return number, hash
        links = list(_links(partition, number, hash, new))
        try:
            table.transact(*(write for link in links for write in _writes(link)))
        except table.Refused:
            continue
        return links[-1].number, links[-1].hash
    raise TimeoutError("the chain is too busy")


def _links(partition: str, number: int, before: str, entries: Sequence[AuditEntry]) -> Iterator[Seal]:
    """The links of the entries, after the link with that number and hash."""
    for place, entry in enumerate(entries, number + 1):
        before = digest(before, entry)
        yield Seal(partition, keys.chain(place), number=place, entry=entry.id, hash=before)


def _writes(link: Seal) -> tuple[table.Write, table.Write]:
    mark = Sealed(link.pk, keys.SEALED + link.entry, number=link.number)
    return table.putting(link, Seal.pk.does_not_exist()), table.putting(mark, Sealed.pk.does_not_exist())


def digest(before: str, entry: AuditEntry) -> str:
    """The hash of a seal: over the hash of the seal before, and the fields of the entry."""
    values = [getattr(entry, name) for name in _SEALED_FIELDS]
    text = json.dumps(values, sort_keys=True, default=int, separators=(",", ":"))
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()
