"""Readers of nested JSON: each gives the readable value, or an empty one."""

from typing import Any

from chalicelib.networks.base import Json
from chalicelib.networks.read import words


def first_text(value: Any, *names: str) -> str:
    """The first of the named texts that the object has, or an empty text."""
    if isinstance(value, dict):
        for name in names:
            if name in value and (text := words(value[name])):
                return text
    return ""


def items(value: Any, name: str) -> list[Any]:
    entries = value.get(name) if isinstance(value, dict) else None
    return entries if isinstance(entries, list) else [] if entries is None else [entries]


def first_item(value: Any, name: str) -> Json:
    entries = items(value, name)
    return json_object(entries[0]) if entries else {}


def json_object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}
