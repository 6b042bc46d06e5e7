"""Moments that people give: read, and checked to lie in the future and at most a year ahead."""

from chalicelib import clock, errors

FARTHEST = 366 * 24 * clock.HOUR


def in_time(at: int, now: int, field: str) -> int:
    """That moment; Invalid, naming the field, for one that is over or more than a year away."""
    if at <= now:
        raise errors.Invalid("That moment is over.", field=field)
    if at > now + FARTHEST:
        raise errors.Invalid("At most a year from now.", field=field)
    return at
