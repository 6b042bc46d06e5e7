"""Reads JSON from strangers. Refuses what Python's reader accepts but our table or our own readers could not handle."""

import json
import re
from typing import Any

DEEPEST = 64
_SURROGATE = re.compile("[\ud800-\udfff]")


class Unreadable(ValueError):
    """The bytes are not a JSON text that we take. The message says why, and never quotes the text."""


def loads(raw: bytes) -> Any:
    """Reads a JSON text in UTF-8.

    Raises Unreadable for duplicate keys, NaN, numbers out of range, more than 64 levels, or another encoding. Lone
    surrogates become U+FFFD, as DynamoDB cannot store them.
    """
    if raw.count(b"[") + raw.count(b"{") > DEEPEST and _depth(raw) > DEEPEST:
        raise Unreadable("nested too deep")
    try:
        value = json.loads(
            raw.decode("utf-8-sig"),
            object_pairs_hook=_unique,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_refuse,
        )
    except Unreadable:
        raise
    except (ValueError, RecursionError) as cause:
        raise Unreadable("not JSON") from cause
    return _mend(value) if b"\\ud" in raw or b"\\uD" in raw else value


def _depth(raw: bytes) -> int:
    """The number of levels; brackets inside strings do not count."""
    bare = re.sub(rb'"(?:[^"\\]|\\.)*"', b"", raw)
    level = deepest = 0
    for byte in re.findall(rb"[\[\]{}]", bare):
        level += 1 if byte in b"[{" else -1
        deepest = max(deepest, level)
        if deepest > DEEPEST:
            break
    return deepest


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise Unreadable("a key twice")
    return value


def _integer(digits: str) -> int:
    if len(digits.removeprefix("-")) > 38:
        raise Unreadable("a number too long")
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise Unreadable("a number too large")
    return value


def _refuse(name: str) -> None:
    raise Unreadable("not a number")


def _mend(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_mend(element) for element in value]
    if isinstance(value, dict):
        return {_mend(key): _mend(element) for key, element in value.items()}
    return value
