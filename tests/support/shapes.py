"""The shape of JSON: its names and types. A richer one shows more; one fits another that has all it has."""

import json
from collections.abc import Iterator
from typing import Any

_MOST_ITEMS = 2


def fits(example: Any, seen: Any) -> bool:
    """True if what was seen has the names and types of the example; of a list, some item for each of its items.

    Null is of any type: whether something is known by then is often a matter of milliseconds.
    """
    if example is None or seen is None:
        return True
    if isinstance(example, dict):
        is_same = isinstance(seen, dict) and example.keys() == seen.keys()
        return is_same and all(fits(part, seen[name]) for name, part in example.items())
    if isinstance(example, list):
        return isinstance(seen, list) and all(any(fits(part, one) for one in seen) for part in example)
    return _kind(example) == _kind(seen)


def _kind(value: Any) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return "number" if is_number else type(value).__name__


def paths(value: Any, path: str = "") -> Iterator[str]:
    """The places at which there is something."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from paths(part, f"{path}.{name}")
    elif isinstance(value, list):
        for part in value:
            yield from paths(part, f"{path}[]")
    elif value not in (None, ""):
        yield path


def richness(value: Any) -> int:
    return len(set(paths(value)))


def shortened(value: Any, most: int = _MOST_ITEMS) -> Any:
    """With the first items of lists only: of a list of objects so many, of others five. A JSON Schema stays whole."""
    if isinstance(value, dict) and "properties" in value:
        return value
    if isinstance(value, dict):
        return {name: shortened(part, most) for name, part in value.items()}
    if isinstance(value, list):
        keep = most if any(isinstance(part, dict) for part in value) else 5
        return [shortened(part, most) for part in value[:keep]]
    return value


def size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode())
