"""Times that callers give as text. A time that is not acceptable raises Invalid with the name of the field."""

from chalicelib import clock, errors

FARTHEST = 366 * clock.DAY


def parse(text: str, field: str) -> int:
    """The ms of an RFC 3339 moment with a zone."""
    try:
        return clock.parse(text)
    except ValueError as wrong:
        raise errors.Invalid(
            "The value has to be a moment such as 2026-11-22T15:00:00Z.", code="bad_times", field=field
        ) from wrong


def to_come(at: int, now: int, field: str) -> int:
    """Gives the moment back. Raises Invalid if it is over."""
    if at <= now:
        raise errors.Invalid("The moment has to be in the future.", code="bad_times", field=field)
    return at


def in_time(at: int, now: int, field: str) -> int:
    """Gives the moment back. Raises Invalid if it is over, or more than a year away."""
    to_come(at, now, field)
    if at > now + FARTHEST:
        raise errors.Invalid(
            f"The moment is more than {FARTHEST // clock.DAY} days from now.", code="bad_times", field=field
        )
    return at
