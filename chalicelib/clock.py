"""Time: integer milliseconds since the epoch inside, RFC 3339 UTC with milliseconds outside."""

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

SECOND = 1_000  # in ms, as all spans of time are
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST = 253_402_300_799_999  # the end of year 9999, the last moment RFC 3339 can write


class NoSuchTime(ValueError):
    """The clocks skip it."""


def now() -> int:
    """The present, in ms; read at the door and passed down."""
    return time.time_ns() // 1_000_000


def text(ms: int) -> str:
    """`2026-11-22T15:00:00.000Z`; a moment no calendar can write becomes the nearest one that can be."""
    seconds, rest = divmod(min(max(ms, 0), LAST), 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:03d}Z"


def parse(moment: str) -> int:
    """The ms of an RFC 3339 moment with a zone; ValueError otherwise."""
    at = datetime.fromisoformat(moment)
    if at.tzinfo is None:
        raise ValueError("no zone")
    return (at - _EPOCH) // timedelta(milliseconds=1)  # a float would lose one now and then


def local(moment: str, zone: str) -> int:
    """The ms of a date and time on the zone's clocks: of two such moments the first. ValueError for other texts.

    Raises NoSuchTime for a time the clocks skip. A moment with a zone of its own is parsed as it is.
    """
    at = datetime.fromisoformat(moment)
    if at.tzinfo is not None:
        return parse(moment)
    if "T" not in moment:
        raise ValueError("no time of day")
    try:
        there = at.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        back = there.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    except OverflowError as wrong:
        raise ValueError("no such year") from wrong
    if back != at:
        raise NoSuchTime("skipped")
    return (there - _EPOCH) // timedelta(milliseconds=1)
