"""What an agency has when a day begins (00:00 UTC): the channels of its brands, and its seats. One row per month.

Each day is a bit in a number, so a second look changes nothing. A day without a look is unknown.
"""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from chalicelib import clock, errors, log
from chalicelib.channels import channels
from chalicelib.people import agencies
from chalicelib.plans import holdings
from chalicelib.store import due, keys, table
from chalicelib.store.models.figures import Gauge
from chalicelib.store.models.people import Agency, Member

DUE = "gauge"
MOST_CHANNELS = 4_000  # of an agency in a month; of one with more, days are not known from then on
KEPT = 25 * 31 * clock.DAY
_SPREAD = 10  # minutes after midnight within which all agencies are looked at
_MOST_RACES = 8


@dataclass(frozen=True)
class Looked:
    """What there was when a day began: the channels of each brand, with their networks, and the number of seats."""

    day: date
    channels: Mapping[str, Mapping[str, str]]
    seats: int


def begin(agency: str, now: int) -> None:
    """Looks at an agency today, unless it was done. From then on a look is due each day."""
    row = table.get(Gauge, *_key(agency, _day(now)), consistent=False)
    if row is None or not row.days & _bit(_day(now)):
        look(agency, now)


def look(agency: str, now: int) -> None:
    """Stores what the agency has today, and makes tomorrow's look due; a repeat does nothing.

    A late look finds what was connected before midnight and still is. An agency that no longer exists is looked at no
    more.
    """
    if table.get(Agency, agency, agencies.KEY) is None:
        return
    due.ask(agency, turn_at(agency, now), DUE, agency)
    members = table.query(Member, agency, "member#", only=["sk", "grants", "suspended_at"])
    seats = sum(holdings.seats(member.grants) for member in members if not member.suspended_at)
    for _ in range(_MOST_RACES):
        if _note(agency, _day(now), seats):
            return
    raise errors.Unavailable("Others are counting channels and seats of the agency at the same time. Try again.")


def turn_at(agency: str, now: int) -> int:
    """When the next look at an agency is due: some minutes after the next midnight (UTC)."""
    return (now // clock.DAY + 1) * clock.DAY + zlib.crc32(agency.encode()) % _SPREAD * clock.MINUTE


def _note(agency: str, day: date, seats: int) -> bool:
    """True if the day is in its month's row, or the row has no room; False if somebody else wrote it meanwhile."""
    place, bit = _key(agency, day), _bit(day)
    row = table.get(Gauge, *place) or Gauge(*place)
    if row.days & bit:
        return True
    known = {brand: dict(theirs) for brand, theirs in row.channels.items()}
    for channel in channels.every(agency):
        if channel.created_at <= _start(day) and channel.settling != "connecting":
            theirs = known.setdefault(channel.brand, {})
            _, before = theirs.get(channel.id, ("", 0))
            theirs[channel.id] = [channel.network, before | bit]
    if sum(map(len, known.values())) > MOST_CHANNELS:
        log.line("day_has_no_room", agency=agency)
        return True
    fresh = Gauge(
        *place, days=row.days | bit, channels=known, seats={**row.seats, str(day.day): seats},
        expires=(_month(day) + KEPT) // clock.SECOND,
    )  # fmt: skip
    return table.put(fresh, Gauge.days == row.days if row.days else Gauge.pk.does_not_exist())


def between(agency: str, first: date, last: date) -> Iterator[Looked]:
    """What was seen on these days, both included, in their order; days without a look are left out."""
    after, before = keys.hour(_month(first) - 1, keys.MONTHS), keys.hour(_month(last) + 1, keys.MONTHS)
    for row in table.query(Gauge, keys.figures(agency), keys.MONTHS, after=after, before=before):
        yield from (looked for looked in _days(row) if first <= looked.day <= last)


def _days(row: Gauge) -> Iterator[Looked]:
    first = _day(int(row.sk.removeprefix(keys.MONTHS)))
    for number in range(31):
        bit = 1 << number
        if row.days & bit:
            there = {
                brand: {channel: network for channel, (network, days) in theirs.items() if days & bit}
                for brand, theirs in row.channels.items()
            }
            yield Looked(first + timedelta(days=number), there, row.seats[str(number + 1)])


def _key(agency: str, day: date) -> tuple[str, str]:
    return keys.figures(agency), keys.hour(_month(day), keys.MONTHS)


def _bit(day: date) -> int:
    return 1 << day.day - 1


def _day(at: int) -> date:
    return datetime.fromtimestamp(at / clock.SECOND, UTC).date()


def _month(day: date) -> int:
    return _start(day.replace(day=1))


def _start(day: date) -> int:
    return round(datetime.combine(day, datetime.min.time(), UTC).timestamp()) * clock.SECOND
