"""The shape of JSON: its names and types. A richer one shows more; one fits another that has all it has."""

import json
import re
from collections.abc import Iterator
from typing import Any

_MOST_ITEMS = 2
# Of a name: an id, a number that nobody else has, a day.
_OF_A_RUN = re.compile(r"(?<=_)[0-9a-z]*\d[0-9a-z]{8,}|\d{9,}|\d{4}-\d\d-\d\d")


def fits(example: Any, seen: Any) -> bool:
    """True if what was seen has the names and types of the example; of a list, some item for each of its items.

    Null is of any type: whether something is known by then is often a matter of milliseconds. A name with an id, a
    long number or a day in it is like one with another.
    """
    if example is None or seen is None:
        return True
    if isinstance(example, dict):
        return isinstance(seen, dict) and _have_same_parts(example, seen)
    if isinstance(example, list):
        return isinstance(seen, list) and all(any(fits(part, entry) for entry in seen) for part in example)
    return _kind(example) == _kind(seen)


def _have_same_parts(example: dict[str, Any], seen: dict[str, Any]) -> bool:
    if example.keys() == seen.keys():
        return all(fits(part, seen[name]) for name, part in example.items())
    ours, theirs = ([(_OF_A_RUN.sub("#", name), part) for name, part in parts.items()] for parts in (example, seen))
    is_same = sorted(name for name, _ in ours) == sorted(name for name, _ in theirs)
    return is_same and all(any(name == other and fits(part, its) for other, its in theirs) for name, part in ours)


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
