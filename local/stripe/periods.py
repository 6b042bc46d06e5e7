"""When a period ends. All pure."""

from calendar import monthrange
from datetime import UTC, datetime

MONTHS = {"month": 1, "year": 12}
SECONDS = {"day": 86400, "week": 7 * 86400}


def after(anchor: int, interval: str, count: int, number: int) -> int:
    """The end of the period with that number: on the anchor's day and time, or on the last day of a shorter month."""
    if interval in SECONDS:
        return anchor + SECONDS[interval] * count * number
    start = datetime.fromtimestamp(anchor, UTC)
    months = start.year * 12 + start.month - 1 + MONTHS[interval] * count * number
    year, month = divmod(months, 12)
    day = min(start.day, monthrange(year, month + 1)[1])
    return int(start.replace(year=year, month=month + 1, day=day).timestamp())


def ends(anchor: int, interval: str, count: int, now: int) -> int:
    """The end of the period that contains `now`; its end belongs to the next period."""
    length = SECONDS.get(interval) or 28 * 86400 * MONTHS[interval]
    number = max(0, (now - anchor) // (length * count * 2))
    while after(anchor, interval, count, number) <= now:
        number += 1
    return after(anchor, interval, count, number)
