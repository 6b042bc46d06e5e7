"""The ledger of an agency: what the networks delivered and what became of it, for 30 days, in the order of arrival.

Every attempt at a delivery writes one entry per channel and outcome; the latest attempt counts. All that a list shows
is in the name of an entry.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile
from typing import Any

from chalicelib import clock, ids, page
from chalicelib.access.actors import Actor
from chalicelib.channels import channels
from chalicelib.channels.channels import Owner
from chalicelib.transport import deliveries

OUTCOMES = ("received", "applied", "unhandled", "failed")
_MOST_EXAMINED = 2_000


@dataclass(frozen=True)
class Entry:
    """The items of a delivery for one channel that had the same outcome. `reason` is that of the first item."""

    id: str
    network: str
    channel: str
    outcome: str
    count: int
    reason: str
    received_at: int
    tried_at: int
    key: str


Attempt = list[Entry]  # at one delivery for one channel, by outcome; never empty


def event_id(raw: bytes, received_at: int) -> str:
    """The id of a delivery; it stays the same if the queue delivers it several times."""
    return "ing_" + ids.digest(raw.decode("latin-1"), str(received_at))


def write(
    owner: Owner, event: str, outcome: str, items: Sequence[Mapping[str, Any]], reason: str, received_at: int, now: int
) -> None:
    """Writes the entry for those items of a delivery that had the same outcome in the attempt at `now` (ms)."""
    code = reason.replace("/", "_") or "-"
    attempt = f"{now:013d}.{outcome}.{owner.network}.{owner.channel}.{len(items)}.{code}"
    deliveries.keep(f"{deliveries.root(owner.agency)}{received_at:013d}/{event}/{attempt}", items, now)


def _attempts(agency: str, start: int, end: int, after: str) -> Iterator[Attempt]:
    """The latest attempt at each delivery for each channel, for deliveries that arrived from `start` on and before
    `end` (ms).
    """
    every = _every(agency, start, end, after)
    for _, entries in groupby(every, key=lambda entry: (entry.received_at, entry.id)):
        latest: dict[str, list[Entry]] = {}
        for entry in entries:
            known = latest.get(entry.channel, [])
            newer = not known or entry.tried_at > known[0].tried_at
            latest[entry.channel] = [entry] if newer else [*known, entry]
        for attempt in latest.values():
            yield [entry for entry in attempt if entry.outcome != "received"] or attempt[:1]


def _every(agency: str, start: int, end: int, after: str) -> Iterator[Entry]:
    edge = max(after, f"{deliveries.root(agency)}{max(start, 0):013d}")
    return takewhile(lambda entry: entry.received_at < end, map(_entry, deliveries.names(agency, edge)))


def portion(
    actor: Actor, start: int, end: int, filters: Mapping[str, Any], *, after: str, most: int
) -> tuple[list[Attempt], str | None]:
    """Attempts for channels that the actor may see, with an entry that matches the filters `channel`, `network`,
    `outcome`.

    Gives about `most` of them, all of one delivery together, and the key after which to continue, None at the end. It
    examines about 2,000 attempts at most, so there may be fewer, or none, and still more to come.
    """
    brands = actor.brands()
    visible = {channel.id for channel in channels.every(actor.agency) if brands is None or channel.brand in brands}
    matching: list[Attempt] = []
    last = None
    for examined, attempt in enumerate(_attempts(actor.agency, start, end, after)):
        enough = len(matching) >= most or examined >= _MOST_EXAMINED
        if last and enough and attempt[0].id != last.id:
            return matching, last.key.rpartition("/")[0] + "/~"
        last = attempt[0]
        if (brands is None or last.channel in visible) and any(_fits(entry, filters) for entry in attempt):
            matching.append(attempt)
    return matching, None


def _fits(entry: Entry, filters: Mapping[str, Any]) -> bool:
    wanted = {name: filters[name] for name in ("channel", "network", "outcome") if name in filters}
    return all(getattr(entry, name) == value for name, value in wanted.items())


def listing(actor: Actor, start: int, end: int, query: Mapping[str, Any]) -> Mapping[str, Any]:
    """A page of entries, oldest first; all entries of a delivery are on the same page."""
    scope = "|".join(
        ["ledger", actor.agency, *(f"{name}={query[name]}" for name in sorted({*query} - {"cursor", "limit"}))]
    )
    after = page.position(scope, query.get("cursor")) or ""
    attempts, following = portion(actor, start, end, query, after=after, most=query["limit"])
    items = [view(entry) for attempt in attempts for entry in attempt if _fits(entry, query)]
    return {"items": items, "next": page.cursor(scope, following) if following else None}


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
