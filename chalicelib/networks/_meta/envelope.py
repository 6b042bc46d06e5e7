"""The envelope of Meta's webhooks: each of its entries and changes becomes one event."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from chalicelib.networks import base, read


class Item(NamedTuple):
    """A change, or an item of `messaging` or `standby`, for `account`. `time` is the entry's time, in ms."""

    account: str
    field: str
    value: base.Json
    time: int


ASKED, HISTORY = "asked", "history"  # added to a webhook's form: we asked for it; it is older than the connection
Read = Callable[[Item], base.Event]
Split = Callable[[str, Any], Iterable[Any]]
Whose = Callable[[Item], str]


def inbounds(
    payload: base.Json,
    name: str,
    read_item: Read,
    split: Split = lambda field, value: (value,),
    whose: Whose = lambda item: item.account,
) -> Iterator[base.Inbound]:
    """Every event of a body about object `name`; `split` cuts a value with several events into values with one.

    `whose` names the account of an item. Neither of the two may raise: `split` returns a value that it cannot read as
    it is.
    """
    if not isinstance(payload, dict):
        return
    flags = {key: True for key in (ASKED, HISTORY) if payload.get(key) is True} if ASKED in payload else {}
    envelope = {"object": payload["object"], **flags} if "object" in payload else flags
    entries = payload.get("entry")
    if payload.get("object") != name or not isinstance(entries, list):
        yield base.Inbound(account="", event=base.Unhandled(reason="malformed"), raw=envelope)
        return
    for entry in entries:
        try:
            account, time, stamp = _head(entry)
        except read.UNREADABLE:
            unread = base.Unhandled(reason="malformed")
            yield base.Inbound(account="", event=unread, raw={**envelope, "entry": [entry]})
            continue
        for field, value, part in _parts(entry, split):
            item = Item(account, field, value, time)
            event, raw = _event(read_item, item), {**envelope, "entry": [{**stamp, **part}]}
            yield base.Inbound(account=whose(item), event=_with_flags(event, flags) if flags else event, raw=raw)


def _with_flags(event: base.Event, flags: Mapping[str, bool]) -> base.Event:
    """The event with the flags of a body that we asked for. Its direct messages have times in seconds, webhooks in
    milliseconds.
    """
    if not isinstance(event, base.Message):
        return event
    is_coarse = ASKED in flags and event.surface == "dm"
    return replace(event, history=HISTORY in flags, exact=event.exact and not is_coarse, coarse=is_coarse)


def _head(entry: Any) -> tuple[str, int, base.Json]:
    """Account and time of an entry, and what each of its items repeats. Raises ValueError for too long an id."""
    account, time = read.identity(entry["id"]), read.millis(entry.get("time"))
    if len(account) > read.LONGEST_SHARED:
        raise ValueError("too long")
    return account, time, {"id": entry["id"], "time": time} if time else {"id": entry["id"]}


def _event(read_item: Read, item: Item) -> base.Event:
    try:
        return read_item(item) if isinstance(item.value, dict) else base.Unhandled(reason="malformed")
    except read.UNREADABLE:
        return base.Unhandled(reason="malformed")


def _parts(entry: base.Json, split: Split) -> Iterator[tuple[str, Any, base.Json]]:
    """Each field, its value, and the part of the entry that holds them; a value of None if there is nothing to read."""
    if "field" in entry or not ("changes" in entry or "messaging" in entry or "standby" in entry):
        named, field = entry.get("field"), read.words(entry.get("field"))
        for value in split(field, entry.get("value")):
            yield field, value, {"field": named, "value": value}
    for change in _list(entry["changes"]) if "changes" in entry else ():
        named, whole = (change.get("field"), change.get("value")) if isinstance(change, dict) else (None, None)
        field = read.words(named)
        for value in split(field, whole):
            yield field, value, {"changes": [{"field": named, "value": value}]}
    for name in ("messaging", "standby"):
        for message in _list(entry[name]) if name in entry else ():
            for value in split(name, message):
                yield name, value, {name: [value]}


def _list(items: Any) -> list[Any]:
    return items if isinstance(items, list) else [items]


def first_of(readers: Mapping[str, Read], value: base.Json) -> Read | None:
    """The reader of the first of these names that the value has as a key."""
    for name, reader in readers.items():
        if name in value:
            return reader
    return None
