"""Reads an agency's lane for an endpoint, from a place on: a portion of events that the endpoint may get."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from chalicelib.deliveries.portions import Place
from chalicelib.events import lane
from chalicelib.events.events import Event

MOST_SEGMENTS = 200


@dataclass(frozen=True)
class Portion:
    """Events with their places, the place behind all that was examined, and whether the lane ended there."""

    events: Sequence[tuple[Place, Event]]
    end: Place
    is_last: bool


def portion(
    agency: str,
    place: Place,
    ended_at: int,
    wants: Callable[[Event], bool],
    most: int,
    ahead: Collection[str] = (),
) -> Portion:
    """The next wanted events from the place on; at most `most` of them are not `ahead`.

    `ended_at` (ms) is a time at which the lane ended there. Events that are no longer kept are left out.
    """
    events: list[tuple[Place, Event]] = []
    count, segments = 0, 0
    for where, event in _events_from(agency, place, ended_at):
        if event is None:
            place, segments = where, segments + 1
            if segments >= MOST_SEGMENTS:
                return Portion(events, place, is_last=False)
            continue
        if wants(event):
            if count == most:
                return Portion(events, where, is_last=False)
            events.append((where, event))
            count += event.id not in ahead
    return Portion(events, place, is_last=True)


def _events_from(agency: str, place: Place, ended_at: int) -> Iterator[tuple[Place, Event | None]]:
    """The events with their places; after each segment the place behind it, with None instead of an event."""
    for segment in _segments(agency, place, ended_at):
        first = place.index if segment.number == place.number else 0
        for index in range(first, len(segment.events)):
            yield Place(segment.number, index), segment.events[index]
        yield Place(segment.number + 1), None


def _segments(agency: str, place: Place, ended_at: int) -> Iterator[lane.Segment]:
    try:
        yield from lane.read(agency, place.number - 1, MOST_SEGMENTS, at=ended_at)
    except lane.Gone:
        yield from lane.read(agency, 0, MOST_SEGMENTS)


def event_at(agency: str, place: Place) -> Event | None:
    """The event at a place, None if it is no longer kept."""
    try:
        segment = next(lane.read(agency, place.number - 1, 1), None)
    except lane.Gone:
        return None
    if segment is None or segment.number != place.number or place.index >= len(segment.events):
        return None
    return segment.events[place.index]
