"""Checked readers of JSON from networks: each gives a plain value, or a default or error for what cannot be read."""

from datetime import datetime

UNREADABLE = (LookupError, TypeError, ValueError, AttributeError)
_CENTURY = (946_684_800_000, 4_102_444_800_000)


def identity(value: object) -> str:
    """An id exactly as received; raises ValueError for what cannot be one."""
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise ValueError("not an id")
    return str(value)


def words(value: object) -> str:
    """A text or number as text; empty for anything else."""
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def pick(value: object, *names: str) -> dict[str, str]:
    """Those of the named texts and numbers that a JSON object has."""
    found = {name: words(value.get(name)) for name in names} if isinstance(value, dict) else {}
    return {name: text for name, text in found.items() if text}


def millis(value: object) -> int:
    """Seconds or milliseconds, told apart by size, as milliseconds; 0 for what is no time of this century."""
    try:
        number = int(value) if isinstance(value, str | int | float) else 0
    except (ValueError, OverflowError):
        return 0
    number = number * 1000 if abs(number) < 10**11 else number
    return number if _CENTURY[0] <= number < _CENTURY[1] else 0


def moment(value: object) -> int:
    """Graph's `2026-01-31T09:00:00+0000` as milliseconds; 0 for anything else."""
    try:
        return int(datetime.strptime(words(value), "%Y-%m-%dT%H:%M:%S%z").timestamp() * 1000)
    except (ValueError, OverflowError):
        return 0
