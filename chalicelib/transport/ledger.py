"""The ledger of an agency: what the networks delivered and what became of it, for 30 days, in the order of arrival.

Every attempt at a delivery writes one object per channel and outcome into the bucket; the latest attempt counts.
An object's key tells all that a list shows, so a list reads no objects.
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
_PAGE_KEYS = 1000
_MOST_EXAMINED = 2_000


@dataclass(frozen=True)
class Entry:
    """The items of a delivery for one channel that had the same outcome. `reason` is that of the first of them."""

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
    """The id of a delivery, which is the same however often the queue delivers it."""
    return "evt_" + ids.digest(raw.decode("latin-1"), str(received_at))


def write(
    owner: Owner, event: str, outcome: str, items: Sequence[Mapping[str, Any]], reason: str, received_at: int, now: int
) -> None:
    """Writes the entry of items of a delivery that had the same outcome in the attempt at `now` (ms)."""
    code = reason.replace("/", "_") or "-"
    name = f"{event}/{now:013d}.{outcome}.{owner.network}.{owner.channel}.{len(items)}.{code}"
    storage.put(f"{_ROOT}/{owner.agency}/{received_at:013d}/{name}", json.dumps(items).encode(), "application/json")


def entries(agency: str, start: int, end: int, *, after: str = "") -> Iterator[Entry]:
    """Entries that arrived from `start` up to, not including, `end` (ms), oldest first; those after the key `after`."""
    every = _every(agency, start, end, after)
    for _, attempts in groupby(every, key=lambda entry: (entry.received_at, entry.id)):
        latest: dict[str, list[Entry]] = {}
        for entry in attempts:
            known = latest.get(entry.channel, [])
            newer = not known or entry.tried_at > known[0].tried_at
            latest[entry.channel] = [entry] if newer else [*known, entry]
        for of_channel in latest.values():
            yield from [entry for entry in of_channel if entry.outcome != "received" or len(of_channel) == 1]


def _every(agency: str, start: int, end: int, after: str) -> Iterator[Entry]:
    prefix = f"{_ROOT}/{agency}/"
    edge = max(after, f"{prefix}{max(start, 0):013d}")
    while True:
        batch = list(storage.keys(prefix, after=edge, limit=_PAGE_KEYS))
        for key in batch:
            entry = _entry(key)
            if entry.received_at >= end:
                return
            yield entry
        if len(batch) < _PAGE_KEYS:
            return
        edge = batch[-1]


def portion(
    actor: Actor, start: int, end: int, filters: Mapping[str, Any], *, after: str, most: int
) -> tuple[list[Entry], str | None]:
    """Entries of the channels that the actor may see, with the `channel`, `network` and `outcome` in the filters.

    Gives about `most` of them, all of one delivery together, and the key to go on after, None at the end. It examines
    at most 2,000 entries, so there may be fewer, or none, and still more to come.
    """
    brands = actor.brands()
    visible = {channel.id for channel in channels.every(actor.agency) if brands is None or channel.brand in brands}
    wanted = {name: filters[name] for name in ("channel", "network", "outcome") if name in filters}
    matching: list[Entry] = []
    last = None
    for examined, entry in enumerate(entries(actor.agency, start, end, after=after)):
        enough = len(matching) >= most or examined >= _MOST_EXAMINED
        if last and enough and entry.id != last.id:
            return matching, last.key.rpartition("/")[0] + "/~"
        is_visible = brands is None or entry.channel in visible
        if is_visible and all(getattr(entry, name) == value for name, value in wanted.items()):
            matching.append(entry)
        last = entry
    return matching, None


def listing(actor: Actor, start: int, end: int, query: Mapping[str, Any]) -> Mapping[str, Any]:
    """A page of entries, oldest first; all entries of a delivery are on the same page."""
    scope = "|".join(
        ["ledger", actor.agency, *(f"{name}={query[name]}" for name in sorted({*query} - {"cursor", "limit"}))]
    )
    after = page.position(scope, query.get("cursor")) or ""
    items, following = portion(actor, start, end, query, after=after, most=query["limit"])
    return {"items": list(map(view, items)), "next": page.cursor(scope, following) if following else None}


def items(key: str) -> list[Mapping[str, Any]]:
    """The items of the entry with that key, each as a body that the network's `parse` reads."""
    raw = storage.get(key)
    bodies: list[Mapping[str, Any]] = json.loads(raw) if raw else []
    return bodies


def _entry(key: str) -> Entry:
    _, _, received, event, name = key.split("/")
    tried, outcome, network, channel, count, reason = name.split(".", 5)
    reason = "" if reason == "-" else reason
    return Entry(event, network, channel, outcome, int(count), reason, int(received), int(tried), key)


def view(entry: Entry) -> Mapping[str, Any]:
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
