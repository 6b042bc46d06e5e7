"""Cuts an event down to the size that an item of the table has room for, before anything else is done with it.

The text of a message is not cut here: a long text goes into the bucket.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from chalicelib import room
from chalicelib.networks import base

MOST_FILES, MOST_FILE_BYTES = 100, 40_000
MOST_DETAIL_BYTES = 15_000
E = TypeVar("E")


def event(given: E) -> E:
    """The event with long texts, lists of files and details shortened."""
    if not is_dataclass(given) or isinstance(given, type):
        return given
    parts = {field.name: getattr(given, field.name) for field in fields(given) if field.name != "text"}
    cut = {name: shorter for name, part in parts.items() if part and (shorter := _part(part)) is not part}
    return replace(given, **cut) if cut else given


def _part(value: Any) -> Any:
    if isinstance(value, str):
        return room.short(value)
    if isinstance(value, Mapping):
        return value if room.size(value) <= MOST_DETAIL_BYTES else room.some(value, MOST_DETAIL_BYTES)
    if isinstance(value, tuple):
        return _parts([_part(entry) for entry in value])
    return event(value)


def _parts(entries: list[Any]) -> tuple[Any, ...]:
    if not all(isinstance(entry, base.Attachment) for entry in entries):
        return tuple(entries)
    fitting = room.first([vars(entry) for entry in entries], MOST_FILES, MOST_FILE_BYTES)
    return tuple(entries[: len(fitting)])
