"""Describes the types of events, each with an example. The examples are events from the tests, see `examples.json`."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.events import catalogue
from chalicelib.events.filters import EVERYTHING, Filter

PLACE = Path(__file__).with_name("examples.json")


@cache
def by_type() -> Mapping[str, Any]:
    examples: Mapping[str, Any] = json.loads(PLACE.read_text())
    return examples


def described(schema: Mapping[str, Any], wanted: Filter = EVERYTHING) -> Sequence[Mapping[str, Any]]:
    """Each wanted type with its summary, its JSON Schema and an example; `schema` is the schema of all events."""
    return [
        {"type": type, "summary": summary, "schema": _schema(type, schema), "sample": by_type().get(type)}
        for type, summary in sorted(catalogue.TYPES.items())
        if wanted.names(type)
    ]


def own(type: str) -> Mapping[str, Any]:
    """The properties that are narrower in an event of this type than in the schema of all events."""
    return {"type": {"type": "string", "const": type}}


def _schema(type: str, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    properties = {**schema["properties"], **own(type)}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "properties": properties}
