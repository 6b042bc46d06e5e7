"""Looking into what the API shows, by names that reach inside."""

from collections.abc import Mapping
from typing import Any


def fits(thing: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """True if the thing has these parts. `a.b` looks into `a`, into all of a list; `deleted` says whether it is."""
    return all(part(thing, name) == value for name, value in wanted.items())


def part(thing: Mapping[str, Any], name: str) -> Any:
    if name == "deleted":
        return bool(thing["deleted_at"])
    first, _, rest = name.partition(".")
    value = thing.get(first)
    if not rest:
        return value
    return [part(entry, rest) for entry in value] if isinstance(value, list) else part(value or {}, rest)
