"""What came in and what became of it: kept 30 days in the bucket, per agency, in the order it arrived.

Every attempt at a delivery leaves one object per channel and outcome; the latest attempt is the one that counts.
The key tells all that a list shows, so a list reads no bodies.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from chalicelib import clock, ids, page
from chalicelib.access.actors import Actor
from chalicelib.aws import storage
from chalicelib.channels import channels
from chalicelib.channels.channels import Owner

OUTCOMES = ("received", "applied", "unhandled", "failed")
_ROOT = "ledger"
_PAGE = 1000


@dataclass(frozen=True)
class Entry:
    """A delivery's share for one channel. `count` is how many items had that outcome, `reason` the first one's why."""

    id: str
    network: str
    channel: str
    outcome: str
    count: int
    reason: str
    received_at: int
    tried_at: int
    key: str


def event_id(raw: bytes, received_at: int) -> str:
    """The same delivery always has the same id, however often the queue hands it over."""
    return "evt_" + ids.digest(raw.decode("latin-1"), str(received_at))


def write(
    owner: Owner, event: str, outcome: str, items: Sequence[Mapping[str, Any]], reason: str, received_at: int, now: int
) -> None:
    """Put down what became of items of a delivery in the attempt made at `now`."""
    code = reason.replace("/", "_") or "-"
    name = f"{event}/{now:013d}.{outcome}.{owner.network}.{owner.channel}.{len(items)}.{code}"
    storage.put(f"{_ROOT}/{owner.agency}/{received_at:013d}/{name}", json.dumps(items).encode())


def entries(agency: str, start: int, end: int, *, after: str = "") -> Iterator[Entry]:
    """What arrived from `start` up to, not including, `end` (ms), oldest first, from past the key `after` on."""
    every = _every(agency, start, end, after)
    for _, attempts in groupby(every, key=lambda entry: (entry.received_at, entry.id)):
        latest: dict[str, list[Entry]] = {}
        for entry in attempts:
            known = latest.get(entry.channel, [])
            newer = not known or entry.tried_at > known[0].tried_at
            latest[entry.channel] = [entry] if newer else [*known, entry]
        for found in latest.values():
            yield from [entry for entry in found if entry.outcome != "received" or len(found) == 1]


def _every(agency: str, start: int, end: int, after: str) -> Iterator[Entry]:
    prefix = f"{_ROOT}/{agency}/"
    edge = max(after, f"{prefix}{max(start, 0):013d}")
    while True:
        batch = list(storage.keys(prefix, after=edge, limit=_PAGE))
        for key in batch:
            entry = _entry(key)
            if entry.received_at >= end:
                return
            yield entry
        if len(batch) < _PAGE:
            return
        edge = batch[-1]


def wanted(actor: Actor, start: int, end: int, filters: Mapping[str, Any], *, after: str = "") -> Iterator[Entry]:
    """Those entries that fit the filters by channel, network and outcome, of the brands whose audit the actor reads."""
    brands = actor.brands()
    mine = {channel.id for channel in channels.every(actor.agency) if brands is None or channel.brand in brands}
    chosen = {name: filters[name] for name in ("channel", "network", "outcome") if name in filters}
    for entry in entries(actor.agency, start, end, after=after):
        seen = brands is None or entry.channel in mine
        if seen and all(getattr(entry, name) == value for name, value in chosen.items()):
            yield entry


def listing(actor: Actor, start: int, end: int, query: Mapping[str, Any]) -> Mapping[str, Any]:
    """A page of what arrived, oldest first; a delivery's entries are never torn apart."""
    scope = "|".join(
        ["ledger", actor.agency, *(f"{name}={query[name]}" for name in sorted({*query} - {"cursor", "limit"}))]
    )
    after = page.position(scope, query.get("cursor")) or ""
    items: list[Entry] = []
    for entry in wanted(actor, start, end, query, after=after):
        if len(items) >= query["limit"] and entry.id != items[-1].id:
            last = items[-1].key.rpartition("/")[0]
            return {"items": list(map(view, items)), "next": page.cursor(scope, last + "/~")}
        items.append(entry)
    return {"items": list(map(view, items)), "next": None}


def items(key: str) -> list[Mapping[str, Any]]:
    """The items of the entry of that key, each a body it can be read from again."""
    raw = storage.get(key)
    found: list[Mapping[str, Any]] = json.loads(raw) if raw else []
    return found


def _entry(key: str) -> Entry:
    _, _, received, event, name = key.split("/")
    tried, outcome, network, channel, count, reason = name.split(".", 5)
    reason = "" if reason == "-" else reason
    return Entry(event, network, channel, outcome, int(count), reason, int(received), int(tried), key)


def view(entry: Entry) -> Mapping[str, Any]:
    """An entry as the API tells it."""
    return {
        "id": entry.id,
        "network": entry.network,
        "channel": entry.channel,
        "outcome": entry.outcome,
        "count": entry.count,
        "reason": entry.reason or None,
        "received_at": clock.text(entry.received_at),
        "tried_at": clock.text(entry.tried_at),
    }
