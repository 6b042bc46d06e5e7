"""Facts: what a change of a message means for the figures. Pure: the same change always gives the same facts.

A fact has an id and the hour of its message; both follow from the message alone. So it is the same fact however often
and how late it is reported, and reading the stored messages gives the same facts again.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from chalicelib import clock, ids
from chalicelib.store import keys
from chalicelib.store.changes import Change, Image

QUARTER = clock.HOUR // 4  # every time zone's days begin at a full quarter of an hour
_ID_LENGTH = 12  # 60 bits: among 100,000 facts of one hour two share an id once in 200 million hours


class Cell(NamedTuple):
    """What a fact counts for. `way` is `template` or ""; `quarter` is the quarter of its hour, 0 to 3."""

    kind: str
    channel: str
    surface: str
    source: str
    way: str
    quarter: int


@dataclass(frozen=True)
class Fact:
    """One thing that happened. `hour` (ms) is the beginning of an hour; `amount` is 1, or the bytes of a file.

    Kinds: `in`, `out` (a reply of ours), `echo` (sent with the network's own app), `media`, and `gone`: an echo that
    turned out to be a message of ours.
    """

    agency: str
    brand: str
    hour: int
    cell: Cell
    id: str
    amount: int = 1


def of_change(change: Change) -> Iterator[Fact]:
    """The facts that a change of an item makes; most changes make none or one."""
    if not change.sk.startswith(keys.MESSAGES):
        return
    if not change.old:
        yield from of_message(change.pk, change.new)
    elif change.new:
        yield from _media(change.pk, change.old, change.new)
    elif _kind(change.old) == "echo":
        yield _fact(change.pk, change.old, "gone")


def of_message(pk: str, image: Image) -> Iterator[Fact]:
    """All facts of a stored message; none if it is older than its channel."""
    if kind := _kind(image):
        yield _fact(pk, image, kind)
        yield from _media(pk, {}, image)


def _kind(image: Image) -> str:
    if "history" in _json(image, "context", {}):
        return ""
    if _text(image, "direction") == "in":
        return "in"
    return "out" if _text(image, "reply") else "echo"


def _media(pk: str, old: Image, new: Image) -> Iterator[Fact]:
    """A fact for each file whose copy the message has now and did not have before."""
    if _kind(new):
        before = _stored(old)
        for key, size in _stored(new).items():
            if key not in before and size:
                yield _fact(pk, new, "media", key, amount=size)


def _stored(image: Image) -> Mapping[str, int]:
    return {entry["stored"]: int(entry.get("size") or 0) for entry in _attachments(image) if entry.get("stored")}


def _attachments(image: Image) -> list[Mapping[str, Any]]:
    entries: list[Mapping[str, Any]] = _json(image, "attachments", [])
    return entries


def _fact(pk: str, image: Image, kind: str, *part: str, amount: int = 1) -> Fact:
    at = int(image["received_at"]["N"])
    hour = at // clock.HOUR * clock.HOUR
    way = "template" if _json(image, "say", {}).get("template") else ""
    quarter = (at - hour) // QUARTER
    cell = Cell(kind, _text(image, "channel"), _text(image, "surface"), _text(image, "source"), way, quarter)
    id = ids.digest(image["id"]["S"], *part, length=_ID_LENGTH)
    return Fact(keys.agency_of(pk), image["brand"]["S"], hour, cell, id, amount)


def _text(image: Image, name: str) -> str:
    return str(image.get(name, {}).get("S", ""))


def _json(image: Image, name: str, otherwise: Any) -> Any:
    return json.loads(image[name]["S"]) if "S" in image.get(name, {}) else otherwise
