"""Tells whether a channel is silent for longer than usual. Pure.

Only those hours of the week count in which people usually write: the nights of a bakery are no silence.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

from chalicelib import clock

LOOKED_BACK = 28 * clock.DAY
_LEAST_DAYS, _LEAST_HOURS = 14, 20
_TIMES = 3
_LEAST_GAP = 3  # hours: less is no silence, however busy it usually is


def is_silent(heard: Sequence[int], now: int) -> bool:
    """True if nothing came in for more than three times the usual gap. `heard` are the hours (ms) in which something
    came in.

    Nine of ten gaps are not longer than the usual one. A channel of which too little is known is never silent.
    """
    hours = sorted({hour // clock.HOUR for hour in heard if now - LOOKED_BACK <= hour <= now})
    if len(hours) < _LEAST_HOURS or now // clock.HOUR - hours[0] < _LEAST_DAYS * 24:
        return False
    usual_hours = {_of_week(hour) for hour in hours}
    gaps = sorted(_usual_hours(before, after, usual_hours) for before, after in pairwise(hours))
    usual = max(gaps[len(gaps) * 9 // 10 if len(gaps) > 1 else 0], _LEAST_GAP)
    return _usual_hours(hours[-1], now // clock.HOUR, usual_hours) > _TIMES * usual


def _usual_hours(before: int, after: int, usual: set[int]) -> int:
    return sum(_of_week(hour) in usual for hour in range(before + 1, after + 1))


def _of_week(hour: int) -> int:
    at = datetime.fromtimestamp(hour * 3600, UTC)
    return at.weekday() * 24 + at.hour
