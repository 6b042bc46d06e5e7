"""The index follows the lane: all that happened in an agency since the last turn is put there at once.

A turn reads the things as they are when it comes, so whatever it finds twice or late is put as it is now.
"""

from collections.abc import Sequence

from chalicelib import clock, errors, settings
from chalicelib.aws.queues import Task
from chalicelib.events.lane import Segment
from chalicelib.texts import changes, tails
from chalicelib.texts.indexes import Index, Time

_APPENDED_WITHIN = 10 * clock.SECOND  # an event is in the lane so soon after its task was named
_MANY = 64  # segments, after which there is a turn at once


def tasks(agency: str, segments: Sequence[Segment], now: int) -> list[Task]:
    """To have the index follow; one in a while, which the queue keeps back so that it sees all of that while.

    The queue takes a task of the same name once in five minutes.
    """
    if not any(event.type in changes.TYPES for segment in segments for event in segment.events):
        return []
    newest = segments[-1].number
    every = settings.get().index_seconds * clock.SECOND - _APPENDED_WITHIN
    name = f"{now // every}-{newest // _MANY}" if every > 0 else f"{newest}"
    return [task(agency, name)]


def task(agency: str, name: str) -> Task:
    return Task("texts", {"agency": agency}, group=agency, once=name)


def turn(agency: str, index: Index, now: int, time: Time, *, most: int = tails.MOST_SEGMENTS) -> int:
    """Puts what happened into the index. Gives 0, or if there was no time for all a number that comes only once.

    Raises lane.Gone if the index is too far behind, Unavailable if somebody else was at it.
    """
    while True:
        tail = tails.read(agency, index, most)
        if tail.events:
            changes.apply(agency, index, changes.read(agency, changes.targets(tail.events)))
        if tail.number != tail.mark.number and not tails.move(tail, now):
            raise errors.Unavailable("Somebody else has put this into the index.")
        if tail.is_whole:
            return 0
        if time.is_over():
            return tail.number
