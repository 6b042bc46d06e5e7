"""Bodies in which something optional is missing, of another type, or garbled."""

import copy
from collections.abc import Collection, Iterator
from typing import Any

from chalicelib.networks.base import Event, Inbound, Json, Message, Network, Receipt

_MISSING = object()
_GARBLED: tuple[Any, ...] = (_MISSING, None, {}, [], True, 7, "?", "", [None], ["?"], {"?": ["?"]}, [{"?": None}])
Path = tuple[str | int, ...]


def lost(network: Network, bodies: Collection[Json], needed: Collection[str]) -> list[str]:
    """Where damage to something that is not needed loses a message or receipt, or who, where and which it is.

    `needed` are the paths, with dots and without places in lists, of what tells who, where and which id.
    """
    return [
        f"{'.'.join(map(str, path))} = {'nothing' if value is _MISSING else repr(value)}"
        for body in bodies
        for inbound in network.parse(body)
        if isinstance(inbound.event, Message | Receipt)
        for path in _optional(inbound.raw, needed)
        for value in _GARBLED
        if _identity(list(network.parse(damaged(inbound.raw, path, value)))) != _identity([inbound])
    ]


def _identity(inbounds: list[Inbound]) -> Any:
    return [(inbound.account, type(inbound.event), *_names(inbound.event)) for inbound in inbounds]


def _names(event: Event) -> Any:
    if isinstance(event, Message):
        person = event.person.id if event.person else ""
        return event.surface, event.direction, event.thread, event.id, person
    return (event.thread, event.id, event.status) if isinstance(event, Receipt) else ()


def _optional(body: Json, needed: Collection[str]) -> Iterator[Path]:
    """Every path in the body that is not needed and leads to nothing needed."""
    for path, _ in paths(body):
        name = _name(path)
        if not any(need == name or need.startswith(f"{name}.") for need in needed):
            yield path


def _name(path: Path) -> str:
    return ".".join(part for part in path if isinstance(part, str))


def paths(value: Any, above: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every path in the body, with what is there."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in pairs:
        yield (*above, name), inner
        yield from paths(inner, (*above, name))


def damaged(body: Json, path: Path, value: Any) -> Any:
    damaged: Any = copy.deepcopy(body)
    *above, last = path
    inner = damaged
    for name in above:
        inner = inner[name]
    if value is _MISSING:
        del inner[last]
    else:
        inner[last] = value
    return damaged
