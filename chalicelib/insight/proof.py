"""Proves that the audit is as it was written: the chain fits its entries and anchors, and each entry is in the chain.

It works in parts: first along the chain, then along the entries.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib import clock, page
from chalicelib.insight import anchors, chain
from chalicelib.store import keys, table
from chalicelib.store.models.audit import AuditEntry, Seal, Sealed

MOST = 1_000  # links, and entries, of one part
SEALED_WITHIN = clock.HOUR
# The number and the hash of the last link, and the sort key of the last entry; that is empty while links are walked.
Position = tuple[int, str, str]
START: Position = (0, chain.START, "")


@dataclass(frozen=True)
class Proof:
    """The result of a part. `sealed` is the number of the last link, `broken_at` that of the first link that does not
    fit.

    `waiting` is the number of entries that have no link yet, `overdue` the ids of entries without a link for more than
    an hour. `next` is where to continue, None at the end.
    """

    sealed: int
    broken_at: int | None = None
    waiting: int = 0
    overdue: tuple[str, ...] = ()
    next: Position | None = None

    @property
    def is_intact(self) -> bool:
        return self.broken_at is None and not self.overdue


def verify(agency: str, now: int, position: Position = START, most: int = MOST) -> Proof:
    """Checks at most that many links after the position. At the end of the chain, and after it, as many entries."""
    number, before, entry = position
    broken_at = None
    if not entry:
        links, broken_at = _walk(agency, number, before, most)
        if links:
            number, before = number + len(links), links[-1].hash
        if len(links) == most:
            return Proof(number, broken_at, next=(number, before, ""))
    entries = list(table.query(AuditEntry, keys.audit(agency), keys.ENTRIES, after=entry, limit=most, consistent=True))
    sealed = _in_chain(agency, entries)
    unsealed = [entry for entry in entries if entry.id not in sealed]
    overdue = tuple(entry.id for entry in unsealed if entry.at < now - SEALED_WITHIN)
    more = (number, before, entries[-1].sk) if len(entries) == most else None
    return Proof(number, broken_at, len(unsealed) - len(overdue), overdue, more)


def _walk(agency: str, number: int, before: str, most: int) -> tuple[Sequence[Seal], int | None]:
    """The links after that number, and the number of the first link that does not fit.

    Anchors are read first, so everything that was anchored by then must be in the chain.
    """
    anchored = list(anchors.following(agency, number, number + most))
    after = keys.chain(number)
    links = list(table.query(Seal, keys.audit(agency), keys.CHAIN, after=after, limit=most, consistent=True))
    misfits = [*_misfits(agency, links, number, before), *_unanchored(links, number, anchored, most)]
    return links, min(misfits, default=None)


def _misfits(agency: str, links: Sequence[Seal], number: int, before: str) -> Iterator[int]:
    """The numbers of links that do not fit their entry or the link before."""
    partition = keys.audit(agency)
    entries = {
        entry.id: entry for entry in table.many(AuditEntry, [(partition, keys.ENTRIES + link.entry) for link in links])
    }
    for place, link in enumerate(links, number + 1):
        entry = entries.get(link.entry)
        if entry is None or link.number != place or link.hash != chain.digest(before, entry):
            yield place
        before = link.hash


def _unanchored(links: Sequence[Seal], number: int, anchored: Sequence[tuple[int, str]], most: int) -> Iterator[int]:
    """The numbers of links that differ from their anchor; if the chain was cut, that of the first missing link."""
    hashes = {place: link.hash for place, link in enumerate(links, number + 1)}
    for place, hash in anchored:
        if place <= number + len(links):
            if hashes[place] != hash:
                yield place
        elif len(links) < most:
            yield number + len(links) + 1


def _in_chain(agency: str, entries: Sequence[AuditEntry]) -> set[str]:
    """The ids of those entries that have a link in the chain."""
    partition = keys.audit(agency)
    marks = table.many(Sealed, [(partition, keys.SEALED + entry.id) for entry in entries])
    links = table.many(Seal, [(partition, keys.chain(mark.number)) for mark in marks])
    return {link.entry for link in links}


def verification(agency: str, cursor: str | None, now: int) -> Mapping[str, Any]:
    """One part of the proof, as the API shows it; `next` is the cursor to continue with."""
    scope = f"verification|{agency}"
    position = page.position(scope, cursor, int, str, str)
    proof = verify(agency, now, tuple(position) if position else START)
    return {
        "intact": proof.is_intact,
        "sealed": proof.sealed,
        "waiting": proof.waiting,
        "overdue": list(proof.overdue),
        "broken_at": proof.broken_at,
        "next": page.cursor(scope, proof.next) if proof.next else None,
    }
