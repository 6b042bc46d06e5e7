"""Shortens what strangers send to what an item of the table has room for: a number of entries, and of bytes."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, islice, takewhile
from typing import Any, TypeVar

from chalicelib import ids

LONGEST_BYTES = 4096  # of any one text but what was said: an id, a name, an address
T = TypeVar("T")


def size(value: Any) -> int:
    """The bytes of a value in the form in which the table stores it."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))


def has_more_objects(value: Any, most: int) -> bool:
    """True if the value holds more than `most` objects, itself included. Twice as many lists are too many, too."""
    waiting, count = [value], Counter[type]()
    while waiting and max(count[dict], count[list] // 2) <= most:
        part = waiting.pop()
        count[type(part)] += 1
        inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
        waiting += [value for value in inner if isinstance(value, dict | list)]
    return bool(waiting) or count[dict] > most


def short(text: str) -> str:
    """The text; if it is too long, its beginning and a digest, so that two different ids stay different."""
    if 4 * len(text) <= LONGEST_BYTES:  # no character takes more than 4
        return text
    whole = text.encode("utf-8", "replace")
    return (
        text
        if len(whole) <= LONGEST_BYTES
        else whole[: LONGEST_BYTES - 96].decode("utf-8", "ignore") + ids.digest(text)
    )


def first(entries: Iterable[T], most: int, most_bytes: int) -> list[T]:
    """As many of the first entries as there is room for."""
    some = list(islice(entries, most))
    return some[: len(list(takewhile(lambda total: total <= most_bytes, accumulate(map(size, some)))))]


def last(entries: Sequence[T], most: int, most_bytes: int) -> list[T]:
    """As many of the last entries as there is room for, in their order."""
    return first(reversed(entries), most, most_bytes)[::-1]


def some(value: Mapping[str, Any], most_bytes: int) -> dict[str, Any]:
    """The first fields that there is room for."""
    return dict(first(value.items(), len(value), most_bytes))
