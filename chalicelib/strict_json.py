"""Reads JSON from strangers. Refuses what Python's reader accepts but our table or our own readers could not handle."""

import json
import re
from collections.abc import Callable
from itertools import accumulate
from typing import Any

DEEPEST, LONGEST = 64, 38  # levels, and digits of an integer: what the table takes
DEEPEST_POSTED, LONGEST_POSTED = 512, 100
_LARGEST_WHOLE = 10**LONGEST
_MARK = "\ufeff"  # some begin with it, to say that it is UTF-8
_SPACE = " \t\n\r"
_SURROGATE = re.compile("[\ud800-\udfff]")
# A string that nobody closes reaches to the end, and what was matched is never looked at again: this takes one pass.
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
_STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_OTHERS = bytes(set(range(256)) - set(_STEP))


class Unreadable(ValueError):
    """The bytes are not a JSON text that we take. The message says why, and never quotes the text."""


def loads(raw: bytes) -> Any:
    """Reads a JSON text in UTF-8.

    Raises Unreadable for duplicate keys, NaN, numbers out of range, more than 64 levels, or another encoding. Lone
    surrogates become U+FFFD, as DynamoDB cannot store them.
    """
    return _read(_text(raw), DEEPEST, _OURS)


def posted(raw: bytes) -> Any:
    """Like `loads`, for what networks post: up to 512 levels; an integer of 39 to 100 digits is read as a text.

    Only known parts of such a body are stored; and ids, which may be numbers of any length, are stored as texts.
    """
    return _read(_text(raw), DEEPEST_POSTED, _POSTED)


def inside(text: str) -> Any:
    """Like `posted`, for a text inside a posted body that holds JSON itself."""
    return _read(text if text.isascii() else _SURROGATE.sub("\ufffd", text), DEEPEST_POSTED, _POSTED)


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except ValueError as cause:
        raise Unreadable("not JSON") from cause


def _read(text: str, deepest: int, decoder: json.JSONDecoder) -> Any:
    if text.count("[") + text.count("{") > deepest and _depth(text.encode()) > deepest:
        raise Unreadable(f"nested too deep: the maximum is {deepest} levels")
    bare = text.removeprefix(_MARK).strip(_SPACE)
    try:
        value, end = decoder.raw_decode(bare)
    except Unreadable:
        raise
    except (ValueError, RecursionError) as cause:
        raise Unreadable("not JSON") from cause
    if end != len(bare):
        raise Unreadable("not JSON")
    return _mend(value) if "\\ud" in text or "\\uD" in text else value


def _depth(raw: bytes) -> int:
    """The number of levels; brackets inside strings do not count."""
    brackets = _STRING.sub(b"", raw).translate(None, _OTHERS)
    return max(accumulate(map(_STEP.__getitem__, brackets)), default=0)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise Unreadable("not valid: an object has a key twice")
    return value


def _integer(digits: str) -> int:
    if len(digits) > LONGEST and len(digits.removeprefix("-")) > LONGEST:
        raise Unreadable(f"not valid: an integer has more than {LONGEST} digits")
    return int(digits)


def _integer_or_text(digits: str) -> int | str:
    if len(digits) <= LONGEST:  # as nearly all are
        return int(digits)
    length = len(digits.removeprefix("-"))
    if length > LONGEST_POSTED:
        raise Unreadable(f"not valid: an integer has more than {LONGEST_POSTED} digits")
    return digits if length > LONGEST else int(digits)


def _number(digits: str) -> float:
    """A whole number becomes an int even if it is written as `3.0`, as JSON Schema takes that for an integer."""
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise Unreadable("not valid: a number is too large")
    return int(value) if value.is_integer() and abs(value) < _LARGEST_WHOLE else value


def _refuse(name: str) -> None:
    raise Unreadable("not JSON: NaN and Infinity are not allowed")


def _decoder(integer: Callable[[str], int | str]) -> json.JSONDecoder:
    return json.JSONDecoder(
        object_pairs_hook=_unique, parse_int=integer, parse_float=_number, parse_constant=_refuse
    )  # fmt: skip


# Made once: json.loads would make one for each text.
_OURS, _POSTED = _decoder(_integer), _decoder(_integer_or_text)


def _mend(value: Any) -> Any:
    """Without recursion, which 512 levels would exhaust."""
    return json.loads(_SURROGATE.sub("\ufffd", json.dumps(value, ensure_ascii=False)))
