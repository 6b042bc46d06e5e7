"""Bodies and queries a JSON Schema takes, drawn by Hypothesis; ids are drawn from those the caller has."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from tests.support.smallest_bodies import example

IDS = re.compile(r"\b[a-z]{3}_[0-9a-z]{10,60}\b")


def value(draw: Any, schema: Mapping[str, Any], ids: Sequence[str]) -> Any:
    """A value that fits, or nearly: an id of the right kind may still be the wrong one."""
    if "anyOf" in schema:
        return value(draw, draw(st.sampled_from(list(schema["anyOf"]))), ids)
    if "enum" in schema:
        return draw(st.sampled_from(list(schema["enum"])))
    kinds = schema.get("type", "string")
    make = _BY_TYPE.get(kinds if isinstance(kinds, str) else kinds[0])
    return make(draw, schema, ids) if make else None


def _object(draw: Any, schema: Mapping[str, Any], ids: Sequence[str]) -> dict[str, Any]:
    required = schema.get("required", ())
    chosen = [name for name in schema.get("properties", {}) if name in required or draw(st.booleans())]
    return {name: value(draw, schema["properties"][name], ids) for name in chosen}


def _array(draw: Any, schema: Mapping[str, Any], ids: Sequence[str]) -> list[Any]:
    if "prefixItems" in schema:
        return [value(draw, part, ids) for part in schema["prefixItems"]]
    least = schema.get("minItems", 0)
    many = draw(st.integers(least, min(least + 2, schema.get("maxItems", 100))))
    return [value(draw, schema["items"], ids) for _ in range(many)]


def _string(draw: Any, schema: Mapping[str, Any], ids: Sequence[str]) -> str:
    fitting = [id for id in ids if re.search(schema.get("pattern", "$^"), id)]
    return one_of(draw, fitting or [example(schema)])


def one_of(draw: Any, choices: Sequence[str]) -> str:
    """One of them; what is drawn does not depend on how many there are by now, as Hypothesis asks."""
    number: int = draw(st.integers(0, 9999))
    return choices[number % len(choices)]


_BY_TYPE: Mapping[str, Callable[[Any, Mapping[str, Any], Sequence[str]], Any]] = {
    "object": _object,
    "array": _array,
    "string": _string,
    "integer": lambda draw, schema, ids: draw(st.integers(schema.get("minimum", 0), schema.get("maximum", 9))),
    "boolean": lambda draw, schema, ids: draw(st.booleans()),
}
