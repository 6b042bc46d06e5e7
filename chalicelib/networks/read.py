"""Checked readers of JSON from networks: each gives a plain value, or a default or error for what cannot be read.

Whoever reads a body catches UNREADABLE, which is all that these readers and looking into a wrong value can raise.
"""

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

from chalicelib import strict_json

T = TypeVar("T")
UNREADABLE = (LookupError, TypeError, ValueError, AttributeError)
MOST_PARTS = 100  # files, cards, products of one message that are read; nobody sends so many
LONGEST_SHARED = 200  # characters of what all items of a body repeat, such as the id of the account
# A union of types written where it is asked for would be made anew each time.
_IDS, _WORDS = (str, int), (str, int, float)
_SECONDS = 10**11  # smaller numbers are seconds
_YEAR_2000_MS, _YEAR_2100_MS = 946_684_800_000, 4_102_444_800_000


def identity(value: object) -> str:
    """An id exactly as received, as text; raises ValueError for anything but a whole number or a text."""
    if type(value) is str and value:
        return value
    if isinstance(value, bool) or not isinstance(value, _IDS) or value == "":
        raise ValueError("not an id")
    return str(value)


def typed(kind: type[T], value: object) -> T:
    """The value itself; raises TypeError if it is of another type."""
    if not isinstance(value, kind):
        raise TypeError(f"not a {kind.__name__}")
    return value


def words(value: object) -> str:
    """A text or number as text; empty for anything else."""
    if type(value) is str:  # as nearly all are
        return value
    if value is None:
        return ""
    return str(value) if isinstance(value, _WORDS) and not isinstance(value, bool) else ""


def field(value: object, name: str) -> str:
    """The text or number under that name of a JSON object, as text; empty for anything else."""
    return words(value.get(name)) if isinstance(value, dict) else ""


def count(value: object) -> int | None:
    """A number of things; None for anything else."""
    return value if type(value) is int and value >= 0 else None


def pick(value: object, *names: str) -> dict[str, str]:
    """The fields of a JSON object that have these names and are a text or number, as text; no others."""
    picked: dict[str, str] = {}
    if isinstance(value, dict):
        for name in names:
            if name in value and (text := words(value[name])):
                picked[name] = text
    return picked


def short(value: object, *names: str) -> dict[str, str]:
    """Like `pick`, without texts that are longer than the ids and times that items share (200 characters)."""
    picked: dict[str, str] = {}
    if isinstance(value, dict):
        for name in names:
            text = value.get(name)
            if type(text) is not str:
                text = words(text)
            if text and len(text) <= LONGEST_SHARED:
                picked[name] = text
    return picked


def millis(value: object) -> int:
    """Seconds or milliseconds, told apart by size, as milliseconds; 0 for what is no time of this century."""
    if value is None:
        return 0
    try:
        number = value if type(value) is int else int(value) if isinstance(value, _WORDS) else 0
    except (ValueError, OverflowError):
        return 0
    if abs(number) < _SECONDS:
        number *= 1000
    return number if _YEAR_2000_MS <= number < _YEAR_2100_MS else 0


def is_of(url: str, *domains: str) -> bool:
    """True for an https address whose host is one of the domains, or below one."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme == "https" and any(host == domain or host.endswith(f".{domain}") for domain in domains)


def moment(value: object) -> int:
    """A time written as `2026-01-31T09:00:00+0000`, with or without fractions, in milliseconds; 0 for anything else."""
    if not value:
        return 0
    try:
        written = datetime.fromisoformat(words(value))
        return millis(int(written.timestamp() * 1000)) if written.tzinfo else 0
    except (ValueError, OverflowError):
        return 0


def date(headers: Mapping[str, str]) -> int:
    """When a network answered, by its own clock, in milliseconds; 0 if it does not say."""
    try:
        return millis(int(parsedate_to_datetime(headers.get("Date") or "").timestamp()))
    except (ValueError, OverflowError):
        return 0


def part(value: object, name: str) -> dict[str, Any]:
    """The JSON object under that name; an empty one if there is none."""
    inner = value.get(name) if isinstance(value, dict) else None
    return inner if isinstance(inner, dict) else {}


def parts(value: object, name: str) -> list[dict[str, Any]]:
    """The JSON objects of the list under that name, as many as are read, without what is no object."""
    inner = value.get(name) if isinstance(value, dict) else None
    return [entry for entry in inner[:MOST_PARTS] if isinstance(entry, dict)] if isinstance(inner, list) else []


def filled(**fields: object) -> dict[str, Any]:
    """The fields that are not empty."""
    return {name: value for name, value in fields.items() if value}


def json_in(value: object) -> Any:
    """The JSON that a text holds, read as carefully as a body; a ValueError if it holds none, TypeError for no text."""
    if type(value) is not str:
        raise TypeError("not a str")
    return strict_json.inside(value)
