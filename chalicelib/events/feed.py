"""The events of an agency, read on from a cursor: in order, none left out and none twice.

A cursor is a place in the agency's lane. A reader that continues from the last answer's cursor misses nothing, however
long it waits, as long as the lane is kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from typing import Any

from chalicelib import clock, errors, page
from chalicelib.access import sight
from chalicelib.access.actors import Actor
from chalicelib.events import lane
from chalicelib.events.events import Event
from chalicelib.events.filters import Filter
from chalicelib.events.views import Reader
from chalicelib.inbox import conversations, presentation
from chalicelib.store import keys, table
from chalicelib.store.models.audit import AuditEntry
from chalicelib.store.models.inbox import Conversation

NOW = "now"
MOST_EXAMINED = 2_000  # events, for one answer
_SOON, _LATER, _LATEST = 2, 5, 15  # seconds


@dataclass(frozen=True)
class Place:
    """A place in a lane: the segment `number`, of which `read` events were read; 0 means all of them.

    `ended_at` (ms) is a time at which the lane ended there. `last_at` (ms) is when the segment was written.
    """

    number: int = 0
    read: int = 0
    ended_at: int = 0
    last_at: int = 0


def cursor(agency: str, place: Place) -> str:
    """The place as a text that is valid only for this agency."""
    return page.cursor(f"events|{agency}", list(astuple(place)))


def cursor_of_now(agency: str) -> str:
    """The cursor of now: everything that happens later comes after it."""
    return cursor(agency, position(agency, NOW))


def position(agency: str, text: str) -> Place:
    """The place of a cursor: `now` is the end of the lane, an empty text its beginning.

    Raises Gone for a text that is no cursor of this agency.
    """
    if text == NOW:
        now = clock.now()
        return Place(lane.head(agency), 0, now, now)
    try:
        return Place(*(page.position(f"events|{agency}", text, int, int, int, int) or ()))
    except errors.Malformed:
        raise resync(agency) from None


def resync(agency: str) -> errors.Gone:
    """The error that events after a cursor may be missing, with the cursor of now."""
    return errors.Gone(
        "Events after this cursor are no longer kept. Read your lists again, then go on from `cursor`.",
        code="resync_required", more={"cursor": cursor_of_now(agency)},
    )  # fmt: skip


def listing(actor: Actor, after: str, filter: Filter, limit: int, *, full: bool, now: int) -> Mapping[str, Any]:
    """The events after that cursor that are wanted and that the actor may see, oldest first.

    Gives `items`; `cursor`, to continue from; `more`, whether there is more to read at once; and `next_in`, after how
    many seconds to ask again. Raises Gone if events may be missing.
    """
    walk = _Walk(actor.agency, position(actor.agency, after), now, limit)
    items: list[Mapping[str, Any]] = []
    reader = Reader(actor)
    while len(items) < limit and (events := walk.next_events(limit - len(items))):
        items += reader.show(events, filter, full=full)
    return {"items": items, **walk.end()}


def changes(actor: Actor, since: str, limit: int, now: int) -> Mapping[str, Any]:
    """The conversations in which something happened after that cursor, each once and as it is now; see `listing`.

    `gone` are conversations that were assigned to somebody else, so that the actor no longer sees them.
    """
    walk = _Walk(actor.agency, position(actor.agency, since), now, limit)
    touched: dict[str, list[Event]] = {}
    while len(touched) < limit and (events := walk.next_events(limit - len(touched))):
        for event in events:
            if event.conversation:
                touched.setdefault(event.conversation, []).append(event)
    places = [(keys.within(actor.agency, id), keys.CONVERSATION) for id in touched]
    stored = {conversation.id: conversation for conversation in table.many_readable(Conversation, places)}
    visible = [stored[id] for id in touched if id in stored and conversations.visible(actor, stored[id])]
    shown = {conversation.id for conversation in visible}
    hidden = [event for id, events in touched.items() if id not in shown for event in events]
    items = [presentation.conversation(actor, conversation) for conversation in visible]
    return {"items": items, "gone": _taken_from(actor, hidden), **walk.end()}


def _taken_from(actor: Actor, events: Sequence[Event]) -> list[str]:
    """The conversations that the actor saw before one of these events assigned them to somebody else."""
    given = {event.entry: event for event in events if event.type == "conversation.assigned"}
    entries = table.many_readable(AuditEntry, [(keys.audit(actor.agency), keys.ENTRIES + id) for id in given])
    seen = (entry for entry in entries if sight.covers(actor, entry.brand, (entry.before or {}).get("assignee")))
    return sorted({entry.target for entry in seen})


class _Walk:
    """Goes through the lane from a place on, and examines a bounded number of events."""

    def __init__(self, agency: str, place: Place, now: int, most: int) -> None:
        self._agency, self._now, self._place = agency, now, place
        self._examined, self._is_at_end = 0, False
        # A segment that was read in part is read again.
        after = place.number - 1 if place.read else place.number
        self._segments: Iterator[lane.Segment] = lane.read(agency, after, at=place.ended_at, events=place.read + most)
        self._waiting: Sequence[Event] = ()

    def next_events(self, most: int) -> Sequence[Event]:
        """The next events, at most `most`; none at the end of the lane, or if enough were examined."""
        if self._examined >= MOST_EXAMINED:
            return ()
        while not self._waiting:
            segment = self._next()
            if segment is None:
                self._is_at_end = True
                return ()
            read = self._place.read if segment.number == self._place.number else 0
            self._waiting = segment.events[read:]
            self._place = Place(segment.number, read, 0, segment.at)
        taken, self._waiting = self._waiting[:most], self._waiting[most:]
        self._examined += len(taken)
        self._place = replace(self._place, read=self._place.read + len(taken))
        return taken

    def _next(self) -> lane.Segment | None:
        try:
            return next(self._segments, None)
        except lane.Gone:
            raise resync(self._agency) from None

    def end(self) -> Mapping[str, Any]:
        """The cursor at which the walk ended, whether there is more, and when to ask again."""
        more = bool(self._waiting) or (not self._is_at_end and self._next() is not None)
        place = self._place if self._waiting else replace(self._place, read=0)
        if not more:
            place = replace(place, ended_at=self._now - lane.CLOCKS_DIFFER)
        return {"cursor": cursor(self._agency, place), "more": more, "next_in": 0 if more else self._pause()}

    def _pause(self) -> int:
        """After how many seconds to ask again: soon after news, later if nothing happened for long."""
        age = self._now - self._place.last_at
        if age < clock.MINUTE:
            return _SOON
        return _LATER if age < 10 * clock.MINUTE else _LATEST
