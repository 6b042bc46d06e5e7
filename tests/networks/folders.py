"""The networks' folders, as the contract looks at them."""

import json
from collections.abc import Callable, Iterator
from inspect import Parameter, signature
from typing import Any

import pytest

from chalicelib import networks
from chalicelib.networks.base import Inbound, Network
from local.double import doubles
from local.environment import ROOT

FOLDER = ROOT / "chalicelib" / "networks"
DOUBLES = doubles()
_NEEDED: dict[str, Any] = {"message_id": 1, "message_ids": [1]}


def of(key: str) -> Network:
    network = networks.get(key)
    assert network
    return network


# Networks on which something is said. On others posts are published only: they are connected, and that is all.
_HEARD = [key for key in networks.names() if of(key).capabilities.surfaces]
everywhere = pytest.mark.parametrize("key", _HEARD)
# All but a network that is played here: it has no other side that could be played.
called = pytest.mark.parametrize("key", [key for key in _HEARD if key in DOUBLES])
# Those on which nothing is said as well.
each = pytest.mark.parametrize("key", networks.names())
connected_there = pytest.mark.parametrize("key", [key for key in networks.names() if key in DOUBLES])


def fixtures(key: str) -> list[Any]:
    return [json.loads(path.read_bytes()) for path in sorted((FOLDER / key / "fixtures").glob("*.json"))]


def from_fixtures(key: str) -> Iterator[Inbound]:
    for body in fixtures(key):
        yield from of(key).parse(body)


def told(key: str) -> Iterator[Inbound]:
    """Everything its double can post by itself, read."""
    for build in DOUBLES[key].EVENTS.values():
        needed = _needed(build)
        if needed <= set(_NEEDED):
            yield from of(key).parse(build(**{name: _NEEDED[name] for name in needed}))


def _needed(build: Callable[..., Any]) -> set[str]:
    """The fields without which the builder cannot be called."""
    return {
        parameter.name
        for parameter in signature(build).parameters.values()
        if parameter.default is parameter.empty
        and parameter.kind not in (Parameter.VAR_KEYWORD, Parameter.VAR_POSITIONAL)
    }
