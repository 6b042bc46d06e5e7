"""JSON from strangers: what Python's reader lets pass and our stores or readers would trip over is refused here."""

import json
import re
from typing import Any

DEEPEST = 64
_SURROGATE = re.compile("[\ud800-\udfff]")


class Unreadable(ValueError):
    """The bytes are no JSON text we take; the message says why, never what."""


def loads(raw: bytes) -> Any:
    """The value of a UTF-8 JSON text.

    Raises Unreadable on duplicate keys, NaN and numbers out of range, more than 64 levels, or another encoding. Lone
    surrogates, which no store can keep, become U+FFFD.
    """
    if raw.count(b"[") + raw.count(b"{") > DEEPEST and _depth(raw) > DEEPEST:
        raise Unreadable("nested too deep")
    try:
        value = json.loads(
            raw.decode("utf-8-sig"),
            object_pairs_hook=_unique,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_refused,
        )
    except Unreadable:
        raise
    except (ValueError, RecursionError) as cause:
        raise Unreadable("not JSON") from cause
    return _mend(value) if b"\\ud" in raw or b"\\uD" in raw else value


def _depth(raw: bytes) -> int:
    """The deepest nesting, brackets inside strings not counted."""
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


def _refused(name: str) -> None:
    raise Unreadable("not a number")


def _mend(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_mend(item) for item in value]
    if isinstance(value, dict):
        return {_mend(key): _mend(item) for key, item in value.items()}
    return value
