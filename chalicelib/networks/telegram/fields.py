"""Readers of Telegram's JSON. What is optional and cannot be read is left out; only `identity` raises."""

import math
import re

from chalicelib.networks import base

_DIGITS = re.compile(r"-?\d+", re.ASCII)
_NUMBERS = (int, float, str)


def identity(value: object) -> str:
    """Digits, as a number or already as text; raises ValueError."""
    if type(value) is int:  # as Telegram writes them
        return str(value)
    if not isinstance(value, str) or not _DIGITS.fullmatch(value):
        raise ValueError("id")
    return value


def identity_or_none(value: object) -> str:
    if value is None:
        return ""
    try:
        return identity(value)
    except ValueError:
        return ""


def part(value: base.Json, name: str) -> base.Json:
    """The object under that name; an empty one if there is none."""
    inner = value.get(name)
    return inner if isinstance(inner, dict) else {}


def parts(value: base.Json, name: str) -> list[base.Json]:
    """The objects of the list under that name, without what is no object."""
    inner = value.get(name)
    return [entry for entry in inner if isinstance(entry, dict)] if isinstance(inner, list) else []


def text(value: base.Json, *names: str) -> str:
    """The texts of those fields that have one, with a space between."""
    text = ""
    for name in names:
        written = value.get(name)
        if isinstance(written, str) and written:
            text = f"{text} {written}" if text else written
    return text


def whole(value: object) -> int:
    """A whole number, also one written as text; 0 for anything else."""
    digits = identity_or_none(value)
    return int(digits) if 0 < len(digits) <= 20 else 0


def decimal(value: object) -> float | None:
    """A number, also one written as text; None for anything else."""
    try:
        number = float(value) if isinstance(value, _NUMBERS) and not isinstance(value, bool) else math.nan
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def filled(**context: object) -> base.Json:
    return {name: value for name, value in context.items() if value}
