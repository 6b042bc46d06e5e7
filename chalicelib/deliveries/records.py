"""The log of attempts to deliver, for 30 days; one item holds what one call of a function tried."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from chalicelib import clock, ids, page
from chalicelib.deliveries.attempts import Result
from chalicelib.deliveries.portions import Place
from chalicelib.events.events import Event
from chalicelib.store import keys, table
from chalicelib.store.models.webhooks import Delivery, Endpoint

KEPT_SECONDS = 30 * 24 * 3600
_MOST_LOOKED_THROUGH = 2_000


@dataclass(frozen=True)
class Entry:
    """One attempt to deliver an event; `number` and `index` are the event's place in the lane."""

    event: str
    type: str
    number: int
    index: int
    attempt: int
    status: int
    ms: int
    reason: str = ""
    excerpt: str = ""


def log_attempts(
    endpoint: Endpoint,
    events: Sequence[tuple[Place, Event]],
    attempts: Sequence[tuple[str, Result]],
    now: int,
    tries: Mapping[str, int] | None = None,
) -> None:
    """Logs the attempts; `tries` is how often the events were tried before."""
    known, before = {event.id: (event.type, place) for place, event in events}, tries or {}
    _keep(endpoint, [_entry(id, *known[id], before.get(id, 0) + 1, result) for id, result in attempts], now)


def _entry(event: str, type: str, place: Place, attempt: int, result: Result) -> Entry:
    """Of a success, the answer is not stored."""
    excerpt = "" if result.succeeded else result.excerpt
    return Entry(event, type, place.number, place.index, attempt, result.status, result.ms, result.reason, excerpt)


def _keep(endpoint: Endpoint, entries: Sequence[Entry], now: int) -> None:
    if entries:
        partition = keys.within(keys.agency_of(endpoint.pk), endpoint.id)
        packed = [[*astuple(entry)[: 9 if entry.reason else 7]] for entry in entries]
        expires = now // clock.SECOND + KEPT_SECONDS
        table.put(Delivery(partition, keys.delivery(now, ids.new("dlv")), at=now, entries=packed, expires=expires))


def _kept(agency: str, endpoint: str, before: str = "") -> Iterator[tuple[Delivery, Sequence[Entry]]]:
    """The items, newest first; only those before the sort key `before`."""
    items = table.query(
        Delivery, keys.within(agency, endpoint), keys.DELIVERIES, newest=True, before=before,
        limit=_MOST_LOOKED_THROUGH, consistent=True,
    )  # fmt: skip
    return ((item, [Entry(*values) for values in item.entries]) for item in items)


def since(endpoint: Endpoint, at: int) -> Iterator[Mapping[str, Any]]:
    """What was tried from that moment (ms) on, oldest first, in the form of `listing`."""
    partition = keys.within(keys.agency_of(endpoint.pk), endpoint.id)
    after = keys.delivery(at, "")
    for item in table.query(Delivery, partition, keys.DELIVERIES, after=after, limit=_MOST_LOOKED_THROUGH):
        yield from (_view(item, Entry(*values)) for values in item.entries)


def place_of(endpoint: Endpoint, event: str) -> Place | None:
    """The place of an event that was tried lately; None if it is in none of the last 2,000 items."""
    for _, entries in _kept(keys.agency_of(endpoint.pk), endpoint.id):
        for entry in entries:
            if entry.event == event:
                return Place(entry.number, entry.index)
    return None


def listing(endpoint: Endpoint, limit: int, cursor: str | None, *, failed: bool) -> Mapping[str, Any]:
    """What was tried, newest first; only failures if `failed`."""
    agency = keys.agency_of(endpoint.pk)
    scope = f"deliveries|{agency}|{endpoint.id}|{failed}"
    sk, index = page.position(scope, cursor, str, int) or ("", 0)
    # The item in which the last page ended is read again.
    rows = _rows(_kept(agency, endpoint.id, sk + "\0" if sk else ""), sk, index, failed)
    portion: list[Mapping[str, Any]] = []
    last: list[Any] = []
    for place, row in rows:
        if len(portion) == limit:
            return {"items": portion, "next": page.cursor(scope, last)}
        portion.append(row)
        last = place
    return {"items": portion, "next": None}


def _rows(
    kept: Iterator[tuple[Delivery, Sequence[Entry]]], sk: str, index: int, failed: bool
) -> Iterator[tuple[list[Any], Mapping[str, Any]]]:
    for item, entries in kept:
        for number, entry in enumerate(reversed(entries), 1):
            if (item.sk == sk and number <= index) or (failed and not entry.reason):
                continue
            yield [item.sk, number], _view(item, entry)


def _view(item: Delivery, entry: Entry) -> Mapping[str, Any]:
    return {
        "event": entry.event,
        "type": entry.type,
        "at": clock.text(item.at),
        "attempt": entry.attempt,
        "delivered": not entry.reason,
        "status": entry.status or None,
        "reason": entry.reason or None,
        "ms": entry.ms,
        "answer": entry.excerpt,
    }
