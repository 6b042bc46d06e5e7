"""Business time: the milliseconds in which a brand is open, in its own time zone, with changes of the clocks. Pure.

A brand without hours is always open. On a holiday it is closed all day.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Any

from chalicelib import clock

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS_AHEAD = 800  # a brand that does not open in these days never opens
Span = tuple[int, int]


@dataclass(frozen=True)
class Hours:
    """Opening hours. `week` has the intervals of each day, Monday first, in minutes of the day; empty means always
    open.

    `holidays` are dates such as 2026-12-25.
    """

    zone: str = "UTC"
    week: tuple[tuple[Span, ...], ...] = ()
    holidays: frozenset[str] = frozenset()


def of(settings: Mapping[str, Any]) -> Hours:
    """Reads the opening hours from the JSON object of a brand's settings."""
    by_day = settings.get("hours", {})
    week = tuple(tuple((minute(opens), minute(closes)) for opens, closes in by_day.get(day, ())) for day in DAYS)
    return Hours(settings.get("time_zone", "UTC"), week if any(week) else (), frozenset(settings.get("holidays", ())))


def minute(text: str) -> int:
    """The minute of the day: 570 for `09:30`, 1440 for `24:00`."""
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)


def in_order(spans: Sequence[Sequence[str]]) -> bool:
    """True if each interval of a day ends after it begins, and before the next one begins."""
    edges = [minute(edge) for span in spans for edge in span]
    return all(before < after for before, after in pairwise(edges))


def after(hours: Hours, start: int, length: int) -> int:
    """The moment (ms) when `length` ms of business time have passed since `start` (ms)."""
    if not hours.week or length <= 0:
        return start + max(length, 0)
    end = start
    for opens, closes in _spans(hours, start):
        begins, end = max(opens, start), closes
        if closes - begins >= length:
            return begins + length
        length -= closes - begins
    return end


def _spans(hours: Hours, start: int) -> Iterator[Span]:
    """The opening times that end after `start`, in order; each in ms. None begins before `start`."""
    zone, free_from = clock.zone_of(hours.zone), start
    first_day = datetime.fromtimestamp(start / clock.SECOND, UTC).astimezone(zone).date()
    for offset in range(_DAYS_AHEAD):
        day = first_day + timedelta(days=offset)
        if day.isoformat() in hours.holidays:
            continue
        for opens, closes in hours.week[day.weekday()]:
            # An opening that the clocks skip begins when they were put forward; an hour that comes twice counts twice.
            begins, ends = max(_moment(day, opens, zone), free_from), _moment(day, closes, zone, fold=1)
            if begins < ends:
                yield begins, ends
                free_from = ends


def _moment(day: date, minutes: int, zone: tzinfo, *, fold: int = 0) -> int:
    """The ms of a minute of the day; if the clocks show it twice, of the first (`fold` 0) or the second (1)."""
    at = datetime.combine(day, time.min) + timedelta(minutes=minutes)
    return clock.parse(at.replace(tzinfo=zone, fold=fold).astimezone(UTC).isoformat())
