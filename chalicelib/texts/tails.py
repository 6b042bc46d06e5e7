"""What an index has not read yet: the end of the agency's lane, behind the index's mark."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.events import lane
from chalicelib.events.events import Event
from chalicelib.store import keys, table
from chalicelib.store.models.search import Mark
from chalicelib.texts.indexes import Index

MOST_SEGMENTS = 200


@dataclass(frozen=True)
class Tail:
    """The events behind the mark. `is_whole`: there are no more."""

    mark: Mark
    number: int
    events: Sequence[Event]
    is_whole: bool


def read(agency: str, index: Index, most: int = MOST_SEGMENTS) -> Tail:
    """Raises lane.Gone if some of it is not kept any longer: then the index has to be made anew."""
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
    """Notes that the index has all of the tail, which was read at `now` (ms) or later; False if somebody else did."""
    return place(tail.mark, tail.number, now - lane.CLOCKS_DIFFER if tail.is_whole else 0)


def place(mark: Mark, number: int, ended_at: int) -> bool:
    """Sets the mark to the segment with that number; False if somebody else moved it."""
    is_unmoved = Mark.version == mark.version if mark.version else Mark.pk.does_not_exist()
    moved = Mark(mark.pk, mark.sk, number=number, ended_at=ended_at, version=mark.version + 1)
    return table.put(moved, is_unmoved)
