"""The lane of an agency: the log of all its events, in one order, without a gap, each of them once.

Only `background.event` appends to it, one process at a time for each agency. A segment holds the events that were
appended at once, under the number after the last one; it is never changed. Segments are kept for a week.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chalicelib import clock, ids
from chalicelib.aws.queues import Task
from chalicelib.events.events import Event
from chalicelib.store import keys, table
from chalicelib.store.models.events import StoredSegment

KEPT = 7 * clock.DAY
MOST_EVENTS = 500  # of a segment
CLOCKS_DIFFER = 10 * clock.SECOND  # the stream tells whole seconds, by a clock that is not ours
_MOST_TRIES = 20
_FIRST_PORTION, _LARGEST_PORTION = 4, 64
_MOST_REMEMBERED, _LONGEST_END = 1_000, 500  # agencies; segments of each


def tasks(agency: str, events: Sequence[Event], since: int) -> list[Task]:
    """The tasks to append the events; `since` (ms) is not later than the first of them happened."""
    return [
        Task(
            "events",
            {"since": since, "events": [event.packed() for event in portion]},
            group=agency,
            once=ids.digest(*(event.id for event in portion)),
        )
        for start in range(0, len(events), MOST_EVENTS)
        for portion in [events[start : start + MOST_EVENTS]]
    ]


class Gone(Exception):
    """Raised when the segment after that number is no longer kept, or there never was one with that number."""


@dataclass(frozen=True)
class Segment:
    """Events that were appended at once, at `at` (ms). `is_first`: the lane was empty before, or all
    of it had expired.
    """

    number: int
    at: int
    events: Sequence[Event]
    is_first: bool = False


_ends: dict[str, Sequence[Segment]] = {}  # by agency


def append(agency: str, events: Sequence[Event], since: int, now: int) -> list[Segment]:
    """Appends those events that the lane does not have yet, in their order; a repeat does nothing.

    `since` (ms) is not later than the first of them happened. Gives the segments that hold the events: new ones, and
    earlier ones if this was done before. Raises TimeoutError if others append all the time.
    """
    segments: dict[int, Segment] = {}
    for start in range(0, len(events), MOST_EVENTS):
        portion = events[start : start + MOST_EVENTS]
        segments |= {segment.number: segment for segment in _append_portion(agency, portion, since, now)}
    return [segments[number] for number in sorted(segments)]


def _append_portion(agency: str, events: Sequence[Event], since: int, now: int) -> list[Segment]:
    moment = since - CLOCKS_DIFFER
    for attempt in range(_MOST_TRIES):
        recent = _remembered(agency, moment, now) if attempt == 0 else ()
        recent = recent or list(_since(agency, moment))
        known = {event.id: segment for segment in recent for event in segment.events}
        new = list({event.id: event for event in events if event.id not in known}.values())
        earlier = [known[event.id] for event in events if event.id in known]
        if not new:
            return earlier
        # An empty lane begins at the day, in ms. No lane grows by a thousand segments a second, so the number is a new
        # one even if there was a lane that is too old to be kept; and two who begin it at once choose the same.
        number = recent[0].number + 1 if recent else now // clock.DAY * clock.DAY
        segment = Segment(number, now, new, is_first=not recent)
        if _write(agency, segment):
            _remember(agency, [segment, *recent])
            return [*earlier, segment]
    raise TimeoutError("the lane is too busy")


def _remembered(agency: str, moment: int, now: int) -> Sequence[Segment]:
    """The end of the lane as this process remembers it, newest first, if it goes back to that moment (ms); else
    nothing.

    Somebody else may have appended since. Then the next number is taken already, and the lane is read.
    """
    known = _ends.get(agency, ())
    is_all = known and (known[-1].is_first or known[-1].at < moment)
    return known if is_all and now - known[0].at < clock.MINUTE else ()


def _remember(agency: str, segments: Sequence[Segment]) -> None:
    if len(_ends) >= _MOST_REMEMBERED:
        _ends.clear()
    calm = next((n for n, segment in enumerate(segments, 1) if segment.at < segments[0].at - clock.MINUTE), None)
    _ends[agency] = segments[:calm][:_LONGEST_END]


def _write(agency: str, segment: Segment) -> bool:
    """False if there is a segment with that number already."""
    stored = StoredSegment(
        keys.within(agency, keys.EVENT_LOG), keys.segment(segment.number), number=segment.number, at=segment.at,
        events=[event.packed() for event in segment.events], starts=int(segment.is_first),
        expires=(segment.at + KEPT) // clock.SECOND,
    )  # fmt: skip
    return table.put(stored, StoredSegment.pk.does_not_exist())


def _since(agency: str, moment: int) -> Iterator[Segment]:
    """The segments from the newest back to those of that moment (ms); at least the newest one."""
    for portion in _backwards(agency):
        for segment in portion:
            yield segment
            if segment.at < moment:
                return


def _backwards(agency: str) -> Iterator[list[Segment]]:
    """Portions of segments from the newest on. The first portion has one segment, which usually is enough."""
    before, size = "", 1
    while True:
        stored = table.query(
            StoredSegment, keys.within(agency, keys.EVENT_LOG), keys.LOG, newest=True, before=before,
            limit=size + bool(before), consistent=True,
        )  # fmt: skip
        portion = [_segment(one_stored) for one_stored in stored]
        yield portion
        if len(portion) < size:
            return
        before, size = keys.segment(portion[-1].number), min(size * 4, _LARGEST_PORTION)


def _segment(stored: StoredSegment) -> Segment:
    events = [Event(*values) for values in stored.events]
    return Segment(stored.number, stored.at, events, is_first=bool(stored.starts))


def head(agency: str) -> int:
    """The number of the newest segment, 0 if there is none."""
    return next((segment.number for portion in _backwards(agency) for segment in portion), 0)


def read(
    agency: str, after: int, limit: int | None = None, *, at: int = 0, events: int | None = None
) -> Iterator[Segment]:
    """The segments after that number, oldest first, at most `limit`; after 0, from the oldest that is kept.

    A reader who wants about that many `events` pays for little more, and may read on. `at` (ms) is when somebody had
    read up to `after` and there was no more. Raises Gone if a segment after that number may be missing because it is no
    longer kept.
    """
    for segment in _forwards(agency, after, limit, events):
        follows = segment.number == after + 1 or (segment.is_first and at > segment.at - KEPT)
        if not follows and (after or at):
            raise Gone
        after, at = segment.number, 0
        yield segment


def between(agency: str, first: int, last: int) -> list[Segment]:
    """The segments with these numbers, as far as they are kept; includes one that was written just now."""
    stored = table.query(
        StoredSegment, keys.within(agency, keys.EVENT_LOG), keys.LOG, after=keys.segment(first - 1),
        before=keys.segment(last + 1), consistent=True,
    )  # fmt: skip
    return [_segment(one_stored) for one_stored in stored]


def _forwards(agency: str, after: int, limit: int | None, events: int | None) -> Iterator[Segment]:
    """The segments in growing portions; with `events`, portions are as large as it takes to get that many events.

    Reads are eventually consistent, at half the price, and may miss what was written in the last second. Where a number
    is missing, and at the end, it reads again consistently: a reader that was told of a segment must not miss it.
    """
    size, left, count, read = _FIRST_PORTION, limit, 0, 0
    while left is None or left > 0:
        portion = _portion(agency, after, size if left is None else min(size, left))
        yield from portion
        if not portion:
            return
        after, size = portion[-1].number, min(size * 2, _LARGEST_PORTION)
        left = None if left is None else left - len(portion)
        read, count = read + len(portion), count + sum(len(segment.events) for segment in portion)
        if events and events > count:
            size = min(-(-(events - count) * read // count), _LARGEST_PORTION)
        elif events:
            size, events = 1, None  # to see whether there is more


def _portion(agency: str, after: int, size: int) -> list[Segment]:
    for consistent in (False, True):
        stored = table.query(
            StoredSegment,
            keys.within(agency, keys.EVENT_LOG),
            keys.LOG,
            after=keys.segment(after),
            limit=size,
            consistent=consistent,
        )
        portion = [_segment(one_stored) for one_stored in stored]
        if [segment.number for segment in portion] == list(range(after + 1, after + 1 + size)):
            break
    return portion
