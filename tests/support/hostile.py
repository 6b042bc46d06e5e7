"""What costs most to look at: 256 KB each, of shapes that make a careless reader do more than read them once."""

import gc
import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.support.smallest_bodies import example

SIZE = 256 << 10
MOST_MS = 100
_DEEP = 50
_TEXT = "[" + ",".join(["[[]]"] * 40_000) + "]"
_IDLE_MS = 6.3  # for that text


def _text(piece: str) -> str:
    return piece * (SIZE // len(piece.encode()))


def _list(make: Callable[[int], Any]) -> list[Any]:
    return [make(number) for number in range((SIZE - 2) // (len(json.dumps(make(10_000))) + 2))]


def _nested(value: Any, wrap: Callable[[Any], Any]) -> Any:
    for _ in range(_DEEP):
        value = wrap(value)
    return value


SHAPES: Mapping[str, Any] = {
    "letters": _text("a"),
    "digits": _text("1"),
    "blanks": _text(" "),
    "lines": _text("\r\n"),
    "characters of three bytes": _text("語"),
    "an address without an end": f"a@{_text('.')[9:]} ",
    "half an address each": _text("a@a."),
    "an id without an end": "mbr_" + _text("0")[9:],
    "mentions of nobody": _text("@mbr_0 "),
    "variables that never end": _text("{{a|"),
    "quotes": _text('\\"'),
    "an address of the web without an end": "https://" + _text("a.-")[9:],
    "numbers": _list(lambda number: 1),
    "nothings": _list(lambda number: None),
    "empty texts": _list(lambda number: ""),
    "texts all different": _list(lambda number: f"mbr_{number}"),
    "empty objects": _list(lambda number: {}),
    "objects that cannot be sorted": _list(lambda number: {f"a{number}": 1}),
    "lists in lists": _list(lambda number: []),
    "deep lists": _list(lambda number: _nested(1, lambda inner: [inner])),
    "deep objects": _list(lambda number: _nested(1, lambda inner: {"all": inner})),
    "names all different": {f"a{number}": number for number in range(SIZE // 16)},
    "names in a long object": {"field": "brand", **{f"a{number}": {} for number in range(SIZE // 16)}},
}  # fmt: skip


def cpu_ms(perform: Callable[[], object]) -> float:
    """The milliseconds of CPU that it takes; if that is too much, the least of five on a machine as fast as when idle.

    What is loaded is left out of the garbage collection, as it is in a function.
    """
    first = _once(perform)
    return first if first < MOST_MS else min(_once(perform) / _slowness() for _ in range(5))


def _once(perform: Callable[[], object]) -> float:
    gc.freeze()
    start = time.process_time()
    perform()
    cost = (time.process_time() - start) * 1000
    gc.unfreeze()
    return cost


def _slowness() -> float:
    """How many times longer reading a fixed text takes now than on an idle machine."""
    return max(1.0, _once(lambda: json.loads(_TEXT)) / _IDLE_MS)


def in_each_place(schema: Mapping[str, Any], value: Any) -> Iterator[Any]:
    """The smallest bodies that fit but for the value, which stands in another place each time."""
    yield value
    for other in schema.get("anyOf", ()):
        yield from in_each_place(other, value)
    for name, inner in schema.get("properties", {}).items():
        yield from ({**example(schema), name: part} for part in in_each_place(inner, value))
    if isinstance(schema.get("items"), Mapping):
        yield from ([part] for part in in_each_place(schema["items"], value))
    if isinstance(schema.get("additionalProperties"), Mapping):
        yield from ({"name": part} for part in in_each_place(schema["additionalProperties"], value))


def full(schema: Mapping[str, Any]) -> Any:
    """All there may be: every field, and as many items as every list takes."""
    if "anyOf" in schema:
        return full(schema["anyOf"][0])
    if "properties" in schema:
        return {name: full(inner) for name, inner in schema["properties"].items()}
    if "prefixItems" in schema:
        return [full(inner) for inner in schema["prefixItems"]]
    if isinstance(schema.get("items"), Mapping):
        return [full(schema["items"])] * schema.get("maxItems", 1000)
    return example(schema)
