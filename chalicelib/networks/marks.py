"""Where one look at an account ends and the next begins, for lists that come page by page with the newest first.

Each look reads the last ten minutes before the newest item again, because times are told to the second, and some items
show up later than they are dated. Digests of the items already given from that time are kept, so each is given once.
What is too much for one look is continued where it ended; if the network no longer knows that place, from the newest
item.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.networks import base
from chalicelib.networks.read import UNREADABLE, identity, millis, short, typed, words

Json = Mapping[str, Any]
OVERLAP_MS = 600_000
SCAN_MS = 6 * 3_600_000
HISTORY_MS = 30 * 24 * 3_600_000
MOST_PAGES = 5
_MOST_KNOWN = 80
_IN_BODY = 25


@dataclass(frozen=True)
class Row:
    """An item of a list, and when it last changed (0: unreadable). `id` tells it from all others."""

    id: str
    at: int
    item: Json


@dataclass(frozen=True)
class Page:
    """`until` is the time of the page's last item: all that follows is older. `next` is the place of the next page,
    empty at the end.
    """

    rows: Sequence[Row]
    until: int = 0
    next: str = ""


@dataclass(frozen=True)
class Look:
    """What a look found, the oldest first. `pages` are all pages that it read."""

    rows: Sequence[Row]
    mark: Json
    calls: int
    more: bool
    is_history: bool
    pages: Sequence[Page] = field(default_factory=tuple)

    def pulled(self, account: str) -> base.Pulled:
        """The same as the contract's `Pulled`, with up to 25 items in each body."""
        items = [row.item for row in self.rows]
        shares = [items[first : first + _IN_BODY] for first in range(0, len(items), _IN_BODY)]
        flags = {"history": True} if self.is_history else {}
        bodies = [{"account": account, "items": share, **flags} for share in shares]
        return base.Pulled(bodies=bodies, mark=self.mark, calls=self.calls, more=self.more)


def look(mark: Json, now: int, read: Callable[[str], Page], *, again: int = 0) -> Look:
    """Reads what changed since the mark. `read(place)` gives the page at a place, the first one for the empty place.

    `again`: what changed in the last so many milliseconds is given once more, as far as this one look can read it.
    """
    place, since, known = words(mark.get("page")), millis(mark.get("since")), _known(mark)
    floor = millis(mark.get("floor")) or (since - OVERLAP_MS if since else now - HISTORY_MS)
    is_history = not since or mark.get("history") is True
    repeats = again > 0 and not place and not is_history
    pages, calls, following = _pages(read, place, min(floor, now - again) if repeats else floor)
    candidates = {row.id: row for page in pages for row in page.rows}.values()
    wanted = [row for row in candidates if ((row.at >= floor or not row.at) and _digest(row) not in known)
              or (repeats and row.at >= now - again)]  # fmt: skip
    rows = sorted(wanted, key=lambda row: row.at)
    newest = max(since, max((row.at for row in rows), default=0)) or now
    near = [row for row in rows if row.at >= newest - OVERLAP_MS or not row.at]
    fresh = [digest for row in near if (digest := _digest(row)) not in known]
    settled = {"since": newest, "known": [*fresh[::-1], *known][:_MOST_KNOWN]}
    on = {"floor": floor, "page": following, **({"history": True} if is_history else {})}
    more = bool(following) and not repeats
    return Look(rows, {**settled, **on} if more else settled, calls, more, is_history, pages)


Kinds = Callable[[Any], Iterator[str]]
Readers = Mapping[str, Callable[[Json, bool], base.Event]]


def is_scan(now: int, every: int) -> bool:
    """True for one look in six hours, or for each if they are further apart. `now` is in ms, `every` in seconds."""
    return now % SCAN_MS < every * 1000


def inbounds(payload: Json, kinds: Kinds, readers: Readers) -> Iterator[base.Inbound]:
    """The events of a body that `Look.pulled` made. `kinds` names the events of an item, `readers` read them.

    Each event's own body has the item under the event's name instead of `items`, so that it gives only this event
    again.
    """
    account = short(payload, "account").get("account", "")
    flags = {"history": True} if account and payload.get("history") is True else {}
    names = [name for name in ("items", *readers) if name in payload] if account else []
    rows = [(name, item) for name in names for item in _items(payload, name)]
    if not rows:
        raw = {"account": account} if account else {}
        yield base.Inbound(account=account, event=base.Unhandled(reason="malformed"), raw=raw)
    for name, item in rows:
        for kind in kinds(item) if name == "items" else (name,):
            event = _read(readers[kind], item, bool(flags))
            yield base.Inbound(account=account, event=event, raw={"account": account, kind: [item], **flags})


def each(payload: Json, read: Callable[[str, Any, bool], base.Event]) -> Iterator[base.Inbound]:
    """The events of a body in which each item is one event, which `read(account, item, history)` gives."""
    try:
        account, items = identity(short(payload, "account")["account"]), typed(list, payload["items"])
    except UNREADABLE:
        raw = payload if isinstance(payload, Mapping) else {}
        yield base.Inbound(account="", event=base.Unhandled(reason="malformed"), raw=raw)
        return
    history = payload.get("history") is True
    shared = {"account": payload["account"], **({"history": True} if history else {})}
    for item in items:
        event = _read(lambda item, history: read(account, item, history), item, history)
        yield base.Inbound(account=account, event=event, raw={**shared, "items": [item]})


def _items(payload: Json, name: str) -> list[Any]:
    items = payload.get(name)
    return items if isinstance(items, list) else []


def _read(reader: Callable[[Json, bool], base.Event], item: Any, history: bool) -> base.Event:
    try:
        return reader(item, history)
    except UNREADABLE:
        return base.Unhandled(reason="malformed")


def _known(mark: Json) -> list[str]:
    known = mark.get("known")
    return [words(digest) for digest in known] if isinstance(known, list) else []


def _pages(read: Callable[[str], Page], place: str, floor: int) -> tuple[list[Page], int, str]:
    """The pages down to that time, how many calls they took, and where to read on if there are too many."""
    pages: list[Page] = []
    for calls in range(1, MOST_PAGES + 1):
        try:
            page = read(place)
        except base.Rejected:
            if not place or pages:
                raise
            place = ""  # the network no longer knows it
            continue
        pages.append(page)
        place = page.next
        if not place or page.until < floor:
            return pages, calls, ""
    return pages, MOST_PAGES, place


def _digest(row: Row) -> str:
    return hashlib.sha256(f"{row.id} {row.at}".encode()).hexdigest()[:12]
