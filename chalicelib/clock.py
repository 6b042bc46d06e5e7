"""Time. Our code counts integer milliseconds since 1970; the API writes RFC 3339 in UTC, with milliseconds."""

import time
from datetime import UTC, datetime, timedelta, tzinfo

SECOND = 1_000  # all spans of time are in ms
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST = 253_402_300_799_999  # the end of the year 9999: RFC 3339 can write no later moment


class NoSuchTime(ValueError):
    """Raised for a local time that does not exist, because the clocks are put forward over it."""


def now() -> int:
    """The present time in ms. A request or an event reads it once and passes it on."""
    return time.time_ns() // 1_000_000


def text(ms: int) -> str:
    """Writes a moment as `2026-11-22T15:00:00.000Z`; one before 1970 or after 9999 becomes the nearest that fits."""
    seconds, milliseconds = divmod(min(max(ms, 0), LAST), SECOND)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{milliseconds:03d}Z"


def parse(moment: str) -> int:
    """Reads an RFC 3339 moment and gives its ms. Raises ValueError for other texts, and for a moment without a zone."""
    at = datetime.fromisoformat(moment)
    if at.tzinfo is None:
        raise ValueError("no zone")
    return (at - _EPOCH) // timedelta(milliseconds=1)  # with floats some moments would be 1 ms off


def names_zone(moment: str) -> bool:
    """True if the text contains its offset from UTC. Raises ValueError for a text that is no date and time."""
    return datetime.fromisoformat(moment).tzinfo is not None


def zone_of(name: str) -> tzinfo:
    """The time zone of that name, one of `zones()`."""
    from zoneinfo import ZoneInfo  # 2 ms of a cold start, and few requests need it

    return ZoneInfo(name)


def zones() -> set[str]:
    from zoneinfo import available_timezones

    return available_timezones()


def local(moment: str, zone: str) -> int:
    """Reads a date and time on the zone's clocks and gives its ms. A text that names its own zone is parsed as it is.

    When the clocks show that time twice, the first is meant. Raises NoSuchTime for a time that the clocks skip, and
    ValueError for other texts.
    """
    at = datetime.fromisoformat(moment)
    if at.tzinfo is not None:
        return parse(moment)
    if "T" not in moment:
        raise ValueError("no time of day")
    try:
        instant = at.replace(tzinfo=zone_of(zone)).astimezone(UTC)
        local_again = instant.astimezone(zone_of(zone)).replace(tzinfo=None)
    except OverflowError as wrong:
        raise ValueError("no such year") from wrong
    if local_again != at:
        raise NoSuchTime("skipped")
    return (instant - _EPOCH) // timedelta(milliseconds=1)
