"""What reading a posted body costs is bounded by its size, in every network's folder, whatever is in it (S5)."""

import copy
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import chain, combinations, islice, product
from typing import Any

import pytest

from chalicelib import strict_json
from chalicelib.networks.base import Network
from chalicelib.transport import bodies
from tests.networks.damage import damaged, paths
from tests.networks.folders import everywhere, fixtures, of
from tests.support.hostile import MOST_MS, SHAPES, SIZE, cpu_ms
from tests.support.thorough import tries

Path = tuple[str | int, ...]
MS_PER_ITEM = 0.05  # beside what a body without items may cost
MOST_REPEATED = 20  # times the size of the body: what its items share, they repeat


def _places(key: str) -> Mapping[str, tuple[Any, Path, Any]]:
    """By name, each place in a network's bodies: a body, the path to the place, and what is there."""
    places: dict[str, tuple[Any, Path, Any]] = {}
    for body in fixtures(key):
        for path, value in paths(body):
            places.setdefault(f"{_name(path)} {isinstance(value, dict | list)}", (body, path, value))
    return places


def _name(path: Path) -> str:
    return ".".join(part for part in path if isinstance(part, str))


def _spoiled(key: str) -> Iterator[tuple[str, Any]]:
    """Bodies with a hostile shape in one place; long texts go where something short was expected, too.

    The shapes take turns: each is in every fourth place, or in all of them if THOROUGH is set.
    """
    turns = tries(4, 1)
    for number, (name, (body, path, value)) in enumerate(_places(key).items()):
        for shape, hostile in islice(SHAPES.items(), number % turns, None, turns):
            if isinstance(hostile, str) or isinstance(value, dict | list):
                yield f"{shape} in {name}", damaged(body, path, hostile)


def _multiplied(key: str) -> Iterator[tuple[str, Any]]:
    """Bodies in which one or two lists have as many items as there is room for."""
    seen = set()
    for body in fixtures(key):
        lists = [path for path, value in paths(body) if isinstance(value, list) and value]
        for together in [*combinations(lists, 1), *combinations(lists, 2)]:
            names = ", ".join(map(_name, together))
            if names in seen:
                continue
            seen.add(names)
            many = copy.deepcopy(body)
            for path in sorted(together, key=len, reverse=True):
                _fill(many, path, SIZE // len(together))
            if len(json.dumps(many)) < 2 * SIZE:
                yield f"many in {names}", many


def _with_long_words(key: str) -> Iterator[tuple[str, Any]]:
    """Bodies in which a list has many items beside a long text of two units a character."""
    seen = set()
    for body in fixtures(key):
        lists = [path for path, value in paths(body) if isinstance(value, list) and value]
        texts = [path for path, value in paths(body) if path[-1] in _SAID and isinstance(value, str)]
        for where, text in product(lists, texts):
            if (names := f"{_name(where)} beside {_name(text)}") not in seen:
                seen.add(names)
                many = damaged(body, text, "😀" * (SIZE // 8))
                _fill(many, where, SIZE // 2)
                yield names, many


_SAID = ("text", "caption", "message", "body", "title")


def _fill(body: Any, path: Path, size: int) -> None:
    inner = body
    for part in path:
        inner = inner[part]
    inner[:] = inner * max(1, size // (len(json.dumps(inner)) + 1))


def _read(network: Network, body: Any) -> list[bodies.Item]:
    with suppress(strict_json.Unreadable):
        return bodies.items(network, body, SIZE)
    return []


def _hostile(key: str) -> Iterator[tuple[str, Any]]:
    return chain(_spoiled(key), _multiplied(key), _with_long_words(key))


@pytest.mark.slow
@everywhere
def test_reading_costs_what_its_size_is(key: str) -> None:
    costs = [(name, *_cost(of(key), body)) for name, body in _hostile(key)]
    assert [cost for cost in costs if cost[1] >= MOST_MS or cost[2] > MOST_REPEATED * SIZE] == []


def _cost(network: Network, body: Any) -> tuple[float, int]:
    """Milliseconds beside what its items may cost, and the bytes of all items together if there are several."""
    read: list[list[bodies.Item]] = []
    ms = cpu_ms(lambda: read.append(_read(network, body)))
    items = read[-1]
    total = sum(len(json.dumps(inbound.raw)) for _, inbound in islice(items, 500)) if len(items) > 1 else 0
    return ms - MS_PER_ITEM * len(items), total * max(1, len(items) // 500)


@pytest.mark.slow
@everywhere
def test_junk_beside_many_items_is_not_repeated_with_each(key: str) -> None:
    for body in fixtures(key):
        for path, value in paths(body):
            if isinstance(value, list) and value:
                junk = copy.deepcopy(body)
                _fill(junk, path, SIZE // 2)
                for *above, _ in {path[: deep + 1] for deep in range(len(path))}:
                    inner = junk
                    for part in above:
                        inner = inner[part]
                    if isinstance(inner, dict):
                        inner["junk"] = "x" * (SIZE // 8)
                items = _read(of(key), junk)
                sizes = [len(json.dumps(inbound.raw)) for _, inbound in islice(items, 50)]
                assert len(items) < 50 or max(sizes) < SIZE // 8, (path, max(sizes))
