"""The smallest value a JSON Schema takes, so that a test can call any route there is, also those yet to come."""

import re
from collections.abc import Callable, Mapping
from typing import Any

_WORDS = (
    "text", "a", "0", "00:00", "2026-01-01", "https://a.example/1", "a/b", "en", "0" * 64, "a.b", "a.b.c", "agc_0",
    "a@b.example", "TAG", "me", "POST /brands", "2026-01-01T00:00:00Z", "client", "+34600000001",
    "draft",
)  # fmt: skip
_BY_FORMAT = {"date-time": "2026-11-22T15:00:00.000Z", "email": "somebody@else.example"}


def example(schema: Mapping[str, Any]) -> Any:
    """A value that fits; ids name nothing."""
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return example(schema["anyOf"][0])
    kinds = schema.get("type", "string")
    return _BY_TYPE[kinds if isinstance(kinds, str) else kinds[0]](schema)


def _object(schema: Mapping[str, Any]) -> dict[str, Any]:
    needed = schema.get("required", ())
    others = [name for name in schema.get("properties", ()) if name not in needed]
    names = [*needed, *others[: max(0, schema.get("minProperties", 0) - len(needed))]]
    return {name: example(schema["properties"][name]) for name in names}


def _array(schema: Mapping[str, Any]) -> list[Any]:
    return [example(schema["items"]) for _ in range(schema.get("minItems", 0))]


def _string(schema: Mapping[str, Any]) -> str:
    pattern = schema.get("pattern", "")
    id = re.match(r"\^\(?([a-z]{3})[|_]", pattern)
    if id:
        return unknown(id[1])
    fitting = (word for word in (_BY_FORMAT.get(schema.get("format", ""), ""), *_WORDS) if re.search(pattern, word))
    return next(word for word in fitting if len(word) >= schema.get("minLength", 0))


def unknown(prefix: str) -> str:
    """An id that names nothing."""
    return prefix + "_" + "0" * 46


_BY_TYPE: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "object": _object,
    "array": _array,
    "string": _string,
    "integer": lambda schema: schema.get("minimum", 1),
    "boolean": lambda schema: False,
}
