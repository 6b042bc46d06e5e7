"""Counters that a screen needs, kept by the lane."""

from collections.abc import Iterator, Mapping, Sequence

from chalicelib.events.events import Event
from chalicelib.store import table
from chalicelib.store.changes import Image


def portions(events: Sequence[Event], most: int) -> Iterator[Sequence[Event]]:
    """The events in parts of at most so many, whose writes fit into one transaction."""
    for start in range(0, len(events), most):
        yield events[start : start + most]


def deltas(old: Image, new: Image) -> Mapping[str, int]:
    """What a change of a conversation adds to the tallies of its brand."""
    return {}


def writes(agency: str, events: Sequence[Event]) -> Sequence[table.Write]:
    """For transact: what the events add."""
    return []
