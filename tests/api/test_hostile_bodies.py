"""What a body costs is bounded by its size, for every operation there is, whatever is in it (S5)."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any

import pytest

from chalicelib import errors, strict_json
from chalicelib.api import schema
from chalicelib.api.http import Route
from tests.support.hostile import MOST_MS, SHAPES, SIZE, cpu_ms, full, in_each_place
from tests.support.routes import ROUTES
from tests.support.thorough import tries

WITH_BODY = [route for route in ROUTES if route.body and route.body.get("properties")]
TURNS = tries(4, 1)  # the shapes take turns: each is in every fourth place, or in all of them if THOROUGH is set
WITH_QUERY = [route for route in ROUTES if route.query]
RAW = {
    **{name: json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode() for name, value in SHAPES.items()},
    "a text that is never closed, below many lists": b"[" * 65 + b'"' + b'\\"' * (SIZE // 2),
    "texts that are never closed": b"[" * 65 + b'"a\\' * (SIZE // 3),
    "brackets in texts": b"[" * 65 + b'"[{",' * (SIZE // 5),
    "brackets alone": b"[" * SIZE,
    "half characters": b'["' + b"\\ud800" * (SIZE // 6) + b'"]',
}


def name(route: Route) -> str:
    return f"{route.verb} {route.path}"


def _check(body: Any, value: Any) -> None:
    with suppress(errors.Invalid):
        schema.check(body, value)


@pytest.mark.parametrize("shape", RAW)
def test_reading_costs_what_its_size_is(shape: str) -> None:
    for read in (strict_json.loads, strict_json.posted):
        with suppress(strict_json.Unreadable):
            assert cpu_ms(partial(read, RAW[shape])) < MOST_MS


@pytest.mark.slow
@pytest.mark.parametrize("route", WITH_BODY, ids=name)
def test_checking_costs_what_its_size_is(route: Route) -> None:
    assert route.body
    _check(route.body, {})
    costs = {
        f"{shape} at place {place}": cpu_ms(partial(_check, route.body, body))
        for number, (shape, value) in enumerate({"all there may be": full(route.body), **SHAPES}.items())
        for place, body in enumerate(in_each_place(route.body, value))
        if (number + place) % TURNS == 0
    }
    assert {where: cost for where, cost in costs.items() if cost >= MOST_MS} == {}


@pytest.mark.parametrize("route", WITH_QUERY, ids=name)
def test_checking_a_query_costs_what_its_size_is(route: Route) -> None:
    for text in (value for value in SHAPES.values() if isinstance(value, str)):
        for field in route.query:
            with suppress(errors.Invalid):
                assert cpu_ms(partial(schema.query, route.query, {field: text})) < MOST_MS


@pytest.mark.parametrize("route", WITH_BODY, ids=name)
def test_nothing_is_taken_without_a_limit(route: Route) -> None:
    assert route.body
    assert list(_without_limit(route.body)) == []


def _without_limit(part: Any, path: str = "") -> Iterator[str]:
    """Where a schema takes a text, list or object of any size."""
    kinds, is_endless = part.get("type", ""), re.search(r"[*+]|,}", part.get("pattern", "*"))
    for kind, keywords in _LIMITING.items():
        if kind in kinds and is_endless and not keywords & set(part):
            yield path
    for name, inner in _inside(part):
        yield from _without_limit(inner, f"{path}.{name}")


def _inside(part: Any) -> list[tuple[str, Any]]:
    single = [(name, part[name]) for name in ("items", "additionalProperties") if isinstance(part.get(name), dict)]
    return [*part.get("properties", {}).items(), *(("", choice) for choice in part.get("anyOf", ())), *single]


_LIMITING = {
    "string": {"maxLength", "enum"},
    "array": {"maxItems", "prefixItems"},
    "object": {"maxProperties", "additionalProperties", schema.MOST_OBJECTS},
}
