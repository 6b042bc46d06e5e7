"""Business time: the milliseconds in which a brand is open, counted in its own zone, clock changes included. Pure.

A brand that says nothing of its hours is always open. A holiday is closed all day.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, pairwise
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib import clock

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LONGEST = 800  # days to look ahead: more than two years of nothing but holidays is no opening at all
Span = tuple[int, int]


@dataclass(frozen=True)
class Hours:
    """`week` has the intervals of each day, in minutes of the day; no interval at all: always open."""

    zone: str = "UTC"
    week: tuple[tuple[Span, ...], ...] = ()
    holidays: frozenset[str] = frozenset()


def of(settings: Mapping[str, Any]) -> Hours:
    """The hours in a brand's settings."""
    said = settings.get("hours", {})
    week = tuple(tuple((minute(opens), minute(closes)) for opens, closes in said.get(day, ())) for day in DAYS)
    return Hours(settings.get("time_zone", "UTC"), week if any(week) else (), frozenset(settings.get("holidays", ())))


def minute(text: str) -> int:
    """The minute of the day that `09:30` is; `24:00` is the last edge."""
    hour, _, rest = text.partition(":")
    return int(hour) * 60 + int(rest)


def in_order(spans: Sequence[Sequence[str]]) -> bool:
    """True if a day's intervals each have a length, and follow each other without overlap."""
    return all(before < after for before, after in pairwise(minute(edge) for span in spans for edge in span))


def after(hours: Hours, start: int, length: int) -> int:
    """The moment (ms) at which `length` ms of business time have passed since `start`."""
    if not hours.week or length <= 0:
        return start + max(length, 0)
    end = start
    for opens, closes in _spans(hours, start):
        begins, end = max(opens, start), closes
        if closes - begins >= length:
            return begins + length
        length -= closes - begins
    return end


def between(hours: Hours, start: int, end: int) -> int:
    """How much business time (ms) there is from `start` to `end`."""
    if not hours.week:
        return max(end - start, 0)
    total = 0
    for opens, closes in _spans(hours, start):
        if opens >= end:
            break
        total += min(closes, end) - max(opens, start)
    return total


def _spans(hours: Hours, start: int) -> Iterator[Span]:
    """The opening times that end after `start`, in order; each in ms."""
    zone = ZoneInfo(hours.zone)
    first, edge = datetime.fromtimestamp(start / 1000, UTC).astimezone(zone).date(), start
    for day in (first + timedelta(days=offset) for offset in count()):
        if day >= first + timedelta(days=_LONGEST):
            return
        for opens, closes in () if day.isoformat() in hours.holidays else hours.week[day.weekday()]:
            # What opens while the clock is put forward opens when that is done; the hour counted twice counts twice.
            span = max(_moment(day, opens, zone), edge), _moment(day, closes, zone, fold=1)
            if span[0] < span[1]:
                yield span
                edge = span[1]


def _moment(day: date, minutes: int, zone: ZoneInfo, *, fold: int = 0) -> int:
    at = datetime.combine(day, time.min) + timedelta(minutes=minutes)
    return clock.parse(at.replace(tzinfo=zone, fold=fold).astimezone(UTC).isoformat())
