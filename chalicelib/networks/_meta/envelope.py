"""The envelope of Meta's webhooks: its entries and changes, each as one event."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.networks import base, read


@dataclass(frozen=True, kw_only=True)
class Item:
    """A change, or an item of `messaging` or `standby`, of `account`. `time` is that of its entry, in ms."""

    account: str
    field: str
    value: base.Json
    time: int


ASKED, HISTORY = "asked", "history"  # beside what a webhook has: it was asked for; it was before the account was here
Read = Callable[[Item], base.Event]
Split = Callable[[str, base.Json], Iterable[base.Json]]


def inbounds(
    payload: base.Json, name: str, read_item: Read, split: Split = lambda field, value: [value]
) -> Iterator[base.Inbound]:
    """Every event of a body about object `name`; `split` cuts a value with several events into values with one."""
    if not isinstance(payload, dict):
        return
    told = {key: True for key in (ASKED, HISTORY) if payload.get(key) is True}
    envelope = {**{key: payload[key] for key in ("object",) if key in payload}, **told}
    entries = payload.get("entry")
    if payload.get("object") != name or not isinstance(entries, list):
        yield base.Inbound(account="", event=base.Unhandled(reason="malformed"), raw=envelope)
        return
    for entry in entries:
        for account, event, part in _entry(entry, read_item, split):
            yield base.Inbound(account=account, event=_told(event, told), raw={**envelope, "entry": [part]})


def _told(event: base.Event, told: Mapping[str, bool]) -> base.Event:
    """What was asked for. Of direct messages the second is told then, while webhooks tell the milliseconds."""
    if not told or not isinstance(event, base.Message):
        return event
    is_coarse = ASKED in told and event.surface == "dm"
    return replace(event, history=HISTORY in told, exact=event.exact and not is_coarse, coarse=is_coarse)


def _entry(entry: Any, read_item: Read, split: Split) -> Iterator[tuple[str, base.Event, Any]]:
    """Account and event of each item of an entry, with the entry cut down to that item."""
    try:
        account, time = read.identity(entry["id"]), read.millis(entry.get("time"))
        stamp = _stamp(entry)
    except read.UNREADABLE:
        yield "", base.Unhandled(reason="malformed"), entry
        return
    for field, value, part in _parts(entry, split):
        item = Item(account=account, field=field, value=value, time=time)
        yield account, _event(read_item, item), {**stamp, **part}


def _stamp(entry: base.Json) -> base.Json:
    """What each item of the entry repeats, as it came. Raises ValueError for an id longer than any."""
    kept = read.short(entry, "id", "time")
    if "id" not in kept:
        raise ValueError("too long")
    return {key: entry[key] for key in kept}


def _event(read_item: Read, item: Item) -> base.Event:
    try:
        return read_item(item) if isinstance(item.value, dict) else base.Unhandled(reason="malformed")
    except read.UNREADABLE:
        return base.Unhandled(reason="malformed")


def _parts(entry: base.Json, split: Split) -> Iterator[tuple[str, Any, base.Json]]:
    """Each field, its value, and the part of the entry that holds them; a value of None if there is nothing to read."""
    if "field" in entry or not any(name in entry for name in ("changes", "messaging", "standby")):
        for value in _split(split, entry.get("field"), entry.get("value")):
            yield read.words(entry.get("field")), value, {"field": entry.get("field"), "value": value}
    for change in _list(entry, "changes"):
        fields = change if isinstance(change, dict) else {}
        for value in _split(split, fields.get("field"), fields.get("value")):
            yield read.words(fields.get("field")), value, {"changes": [{"field": fields.get("field"), "value": value}]}
    for name in ("messaging", "standby"):
        for message in _list(entry, name):
            for value in _split(split, name, message):
                yield name, value, {name: [value]}


def _list(entry: base.Json, name: str) -> list[Any]:
    items = entry.get(name, [])
    return items if isinstance(items, list) else [items]


def _split(split: Split, field: object, value: Any) -> Iterator[Any]:
    try:
        yield from split(read.words(field), value)
    except read.UNREADABLE:  # which a `split` raises before it gives anything
        yield value
