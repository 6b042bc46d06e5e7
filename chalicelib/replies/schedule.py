"""Times to come: when a reply is to go out, until when it waits for approval, how far ahead anything may be put."""

from chalicelib import clock, errors, moments
from chalicelib.brands import brands, settings
from chalicelib.brands.settings import ReplySettings
from chalicelib.store import due, table


def departure(agency: str, brand_id: str, moment: str, now: int) -> int:
    """When a reply is to go out (ms); a moment without an offset is on the clocks of the brand.

    Raises Invalid for what is no moment, for one that is over or more than a year away, and for one the clocks skip.
    """
    zone = settings.of(brands.find(agency, brand_id).settings).time_zone
    try:
        at = clock.local(moment, zone)
    except clock.NoSuchTime as skipped:
        raise errors.Invalid("The brand's clocks skip that time.", code="no_such_time", field="send_at") from skipped
    except ValueError as wrong:
        raise errors.Invalid("A moment as in 2026-11-22T15:00 or 2026-11-22T15:00:00Z.", field="send_at") from wrong
    return moments.in_time(at, now, "send_at")


def expiry(agency: str, reply: str, rules: ReplySettings, now: int) -> tuple[int, table.Write]:
    """Until when (ms) a reply submitted now waits for approval, and the write that sees to it."""
    until = now + rules.expire_hours * clock.HOUR
    return until, due.at(agency, until, "expiry", reply)
