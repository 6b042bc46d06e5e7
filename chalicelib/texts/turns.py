"""The index follows the lane: everything that happened in an agency since the last turn is put into the index at once.

A turn reads messages and contacts as they are at that time, so events that come twice or late do no harm. The part of
the lane behind the index's mark is its tail.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib import clock, settings
from chalicelib.aws.queues import Task
from chalicelib.events import lane
from chalicelib.events.events import Event
from chalicelib.events.lane import Segment
from chalicelib.store import keys, table
from chalicelib.store.models.search import Mark
from chalicelib.texts import changes
from chalicelib.texts.indexes import Index, Time, busy

_APPENDED_WITHIN = 10 * clock.SECOND  # an event is in the lane so soon after its task was named
MOST_SEGMENTS = 200  # of a portion of a turn
_MANY = 64  # segments, after which there is a turn at once


def tasks(agency: str, segments: Sequence[Segment], now: int) -> list[Task]:
    """The tasks that let the index follow: one per interval. The queue holds it back, so that it sees the whole
    interval.

    The queue takes a task of the same name only once in five minutes. That loses nothing, because a search also reads
    whatever the index does not have yet.
    """
    if not segments:
        return []
    newest = segments[-1].number
    every = settings.get().index_seconds * clock.SECOND - _APPENDED_WITHIN
    name = f"{now // every}-{newest // _MANY}" if every > 0 else f"{newest}"
    return [task(agency, name)]


def task(agency: str, name: str) -> Task:
    return Task("texts", {"agency": agency}, group=agency, once=name)


def follow(agency: str, index: Index, now: int, time: Time, *, most: int = MOST_SEGMENTS) -> int:
    """Puts what happened into the index. Returns 0; or, if the time was too short for everything, a number that is
    never returned again.

    If somebody else moves the mark meanwhile, it goes on from there. Raises lane.Gone if the index is too far behind,
    Unavailable if the time was over and others moved the mark all along.
    """
    while True:
        tail = unread(agency, index, most)
        if tail.events:
            changes.apply(agency, index, changes.read(agency, changes.targets(tail.events)))
        is_moved = tail.number == tail.mark.number or move(tail, now)
        if is_moved and tail.is_whole:
            return 0
        if time.is_over():
            if is_moved:
                return tail.number
            raise busy()


@dataclass(frozen=True)
class Tail:
    """The events behind the mark. `is_whole`: these are all of them."""

    mark: Mark
    number: int
    events: Sequence[Event]
    is_whole: bool


def unread(agency: str, index: Index, most: int = MOST_SEGMENTS) -> Tail:
    """Raises lane.Gone if part of the tail is no longer kept: then the index has to be made anew."""
    known = mark(agency, index)
    segments = list(lane.read(agency, known.number, most, at=known.ended_at))
    events = [event for segment in segments for event in segment.events]
    number = segments[-1].number if segments else known.number
    return Tail(known, number, events, len(segments) < most)


def mark(agency: str, index: Index) -> Mark:
    """How far the index has read."""
    where = keys.within(agency, keys.TEXTS), keys.READERS + index.name
    return table.get(Mark, *where) or Mark(*where)


def move(tail: Tail, now: int) -> bool:
    """Moves the mark behind the tail, which was read at `now` (ms) or later; False if somebody else moved it."""
    return set_mark(tail.mark, tail.number, now - lane.CLOCKS_DIFFER if tail.is_whole else 0)


def set_mark(mark: Mark, number: int, ended_at: int) -> bool:
    """Sets the mark to the segment with that number; False if somebody else moved it."""
    is_unmoved = Mark.version == mark.version if mark.version else Mark.pk.does_not_exist()
    moved = Mark(mark.pk, mark.sk, number=number, ended_at=ended_at, version=mark.version + 1)
    return table.put(moved, is_unmoved)
