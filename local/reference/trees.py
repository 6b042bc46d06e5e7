"""Finds the places of the API's document that have words: its operations, and the properties of its schemas by path."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

Json = dict[str, Any]
_PARTS = ("items", "additionalProperties", "anyOf", "oneOf", "allOf", "prefixItems")


class Property(NamedTuple):
    """A property of a schema, at `path` (`contact.name`): `holder[name]` is its schema, and may be replaced."""

    path: str
    name: str
    holder: Json


def copied(document: Mapping[str, Any]) -> Json:
    """A deep copy."""
    copy: Json = json.loads(json.dumps(document))
    return copy


def operations(document: Mapping[str, Any]) -> Iterator[Json]:
    return (operation for verbs in document["paths"].values() for operation in verbs.values())


def parameters(operation: Mapping[str, Any]) -> Iterator[Json]:
    """The operation's own parameters, without references."""
    return (parameter for parameter in operation["parameters"] if "$ref" not in parameter)


def schemas(document: Mapping[str, Any]) -> Mapping[str, Json]:
    every: Mapping[str, Json] = document["components"]["schemas"]
    return every


def properties(schema: Any, path: str = "") -> Iterator[Property]:
    """Every property of a schema and of the unnamed objects in it; conditions have none of their own."""
    if not isinstance(schema, dict):
        return
    for name, inner in schema.get("properties", {}).items():
        here = f"{path}.{name}" if path else name
        yield Property(here, name, schema["properties"])
        yield from properties(inner, here)
    for part in (schema[key] for key in _PARTS if key in schema):
        for branch in part if isinstance(part, list) else [part]:
            yield from properties(branch, path)


def named(schema: Mapping[str, Any]) -> str:
    """The component to which a schema refers, alone or beside null; empty if there is none."""
    several = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    reference = schema.get("$ref") or (several[0].get("$ref", "") if len(several) == 1 else "")
    return str(reference).rpartition("/")[2]
