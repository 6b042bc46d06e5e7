"""Usage of a brand on some days, added up by channel, day or month."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from typing import NamedTuple

from chalicelib import clock
from chalicelib.brands import settings
from chalicelib.figures import charges, hours
from chalicelib.figures.facts import QUARTER, Cell
from chalicelib.figures.gauges import Looked
from chalicelib.store.models.brands import Brand
from chalicelib.store.models.figures import Hour

KINDS = {"in": "in", "out": "out", "echo": "echo", "media": "media_bytes"}
CHANNEL_DAYS, SEAT_DAYS = "channel_days", "seat_days"
_BY_CHANNEL = ("channel", "channel_day", "channel_month")
_FARTHEST = 15 * clock.HOUR  # a zone's midnight is so close to that of UTC
Group = tuple[str, str]  # a channel or nothing, and a day, a month or nothing
Charged = tuple[date, str, str]  # a day, a network, and what it may charge for


class Days(NamedTuple):
    """Days, both included, in UTC or in each brand's own zone."""

    first: date
    last: date
    is_local: bool

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last

    @property
    def number(self) -> int:
        return (self.last - self.first).days + 1

    def hours(self) -> tuple[int, int]:
        """When these days begin and end (ms) in UTC."""
        return _midnight(self.first), _midnight(self.last) + clock.DAY


@dataclass(frozen=True)
class Part:
    """Usage of a brand by group, the networks of its channels, and the messages for which these may charge."""

    groups: Mapping[Group, Counter[str]]
    networks: Mapping[str, str]
    charged: Mapping[Charged, int]


def of_brand(agency: str, brand: Brand, days: Days, by: str, looked: Sequence[Looked]) -> Part:
    zone = clock.zone_of(settings.of(brand.settings).time_zone if days.is_local else "UTC")
    groups: dict[Group, Counter[str]] = {}
    networks: dict[str, str] = {}
    charged: Counter[Charged] = Counter()
    for row in _rows(agency, brand.id, days):
        there = row.networks
        networks |= there
        for day, cell, count in _dated(row, zone):
            if day in days and cell.kind in KINDS:
                groups.setdefault(_group(by, day, cell.channel), Counter())[KINDS[cell.kind]] += count
                if way := charges.way_of(cell):
                    charged[day, there.get(cell.channel, ""), way] += count
    for each in looked:
        connected = each.channels.get(brand.id, {})
        networks |= connected
        for channel in connected:
            groups.setdefault(_group(by, each.day, channel), Counter())[CHANNEL_DAYS] += 1
    return Part(groups, networks, charged)


def seats(by: str, looked: Sequence[Looked]) -> Mapping[str, int]:
    """The seat days of the whole agency, by day, by month, or in all."""
    counts: Counter[str] = Counter()
    for each in looked:
        counts[period(by, each.day)] += each.seats
    return counts


@cache
def period(by: str, day: date) -> str:
    """The day or month under which the day counts; "" if all days count together."""
    return {"day": day.isoformat(), "month": day.isoformat()[:7]}.get(by.removeprefix("channel_"), "")


def _group(by: str, day: date, channel: str) -> Group:
    return channel if by in _BY_CHANNEL else "", period(by, day)


def _rows(agency: str, brand: str, days: Days) -> Iterator[Hour]:
    """Hours that certainly include all these days, in any time zone."""
    start, end = days.hours()
    return hours.between(agency, brand, start - _FARTHEST, end + _FARTHEST)


def _midnight(day: date) -> int:
    return round(datetime.combine(day, datetime.min.time(), UTC).timestamp()) * clock.SECOND


def _dated(row: Hour, zone: tzinfo) -> Iterator[tuple[date, Cell, int]]:
    """The counts of an hour, each with its day in the zone: local midnight may fall within an hour of UTC."""
    known: dict[int, date] = {}
    for cell, count in hours.of(row).items():
        if cell.quarter not in known:
            moment = timedelta(milliseconds=row.hour + cell.quarter * QUARTER)
            known[cell.quarter] = (datetime(1970, 1, 1, tzinfo=UTC) + moment).astimezone(zone).date()
        yield known[cell.quarter], cell, count
