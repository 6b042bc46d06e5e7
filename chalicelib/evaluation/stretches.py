"""The time for which figures are asked: the last days up to now, or named days in UTC, both included."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from chalicelib import clock, errors

MOST_DAYS, USUAL_DAYS = 90, 30
_EPOCH = date(1970, 1, 1).toordinal()


class Stretch(NamedTuple):
    """From `since` (ms) to before `until` (ms); up to now if that is None."""

    since: int
    until: int | None = None


def stretch_of(query: Mapping[str, Any], now: int) -> Stretch:
    """The stretch that a request names; the last thirty days if it names none.

    Raises Invalid for dates that do not exist, for over 90 days, and if both ways of naming are used.
    """
    if not {"from", "to"} & set(query):
        return Stretch(now - query.get("days", USUAL_DAYS) * clock.DAY)
    if "days" in query:
        raise errors.Invalid("`days` cannot be combined with `from` or `to`.", code="not_together", field="days")
    today = _EPOCH + now // clock.DAY
    last = _day(query, "to", today)
    first = _day(query, "from", last - USUAL_DAYS + 1)
    if last < first:
        raise errors.Invalid(
            "`from` is after `to`, which is today by default.",
            code="bad_times",
            field="to" if "to" in query else "from",
        )
    if last - first >= MOST_DAYS:
        raise errors.Invalid(f"The range is longer than {MOST_DAYS} days.", code="bad_times", field="from")
    return Stretch(_midnight(first), _midnight(last + 1) if last < today else None)


def _day(query: Mapping[str, Any], name: str, otherwise: int) -> int:
    try:
        return date.fromisoformat(query[name]).toordinal() if name in query else otherwise
    except ValueError as wrong:
        raise errors.Invalid("The value has to be a day such as 2026-11-27.", code="bad_times", field=name) from wrong


def _midnight(day: int) -> int:
    return max(0, day - _EPOCH) * clock.DAY
