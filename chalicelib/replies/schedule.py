"""When a reply is to be sent, and until when it waits for approval."""

from chalicelib import clock, errors, moments
from chalicelib.brands import brands, settings
from chalicelib.brands.settings import ReplySettings
from chalicelib.store import due, table
from chalicelib.store.models.replies import Reply


def departure(agency: str, brand_id: str, moment: str, now: int) -> int:
    """When a reply is to be sent (ms); a moment without an offset is in the brand's time zone.

    Raises Invalid for what is no moment, for one in the past or more than a year ahead, and for one the clocks skip.
    """
    zone = settings.of(brands.find(agency, brand_id).settings).time_zone
    try:
        at = clock.local(moment, zone)
    except clock.NoSuchTime as skipped:
        raise errors.Invalid("The brand's clocks skip that time.", code="no_such_time", field="send_at") from skipped
    except ValueError as wrong:
        raise errors.Invalid(
            "A moment as in 2026-11-22T15:00 or 2026-11-22T15:00:00Z.", code="bad_times", field="send_at"
        ) from wrong
    return moments.in_time(at, now, "send_at")


def expiry(agency: str, reply: str, rules: ReplySettings, now: int) -> tuple[int, table.Write]:
    """Until when (ms) a reply submitted now waits for approval, and the write that schedules its end."""
    until = now + rules.expire_hours * clock.HOUR
    return until, due.at(agency, until, "expiry", reply)


def cancellations(agency: str, before: Reply, after: Reply, now: int) -> list[table.Write]:
    """For transact: cancel what was due for a reply and, after a step, is no longer."""
    superseded = _due(before) - _due(after)
    return [due.no_longer(agency, when, kind, before.id) for kind, when in superseded if when > now]


def _due(reply: Reply) -> set[tuple[str, int]]:
    times = {"approved": ("reply", reply.send_at), "pending": ("expiry", reply.expires_at)}
    kind, when = times.get(reply.state, ("", None))
    return {(kind, when)} if when else set()
