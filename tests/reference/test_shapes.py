"""Generators and people can use every schema of the document: no object without a shape, no enum without a type."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local import docs

SHAPES = ("properties", "additionalProperties", "patternProperties", "allOf", "anyOf", "oneOf")
SAYS = {"$ref", "type", "const", "anyOf", "oneOf", "allOf"}
# Whose words these objects are: what is in them may be any JSON.
OPEN = {
    "a network": (
        "Attachment.details", "Conversation.context", "ConversationScreen.context", "Message.context",
        *(
            f"{name}.components.items"
            for name in (
                "NewTemplate", "Template", "TemplateMessage", "TemplateText", "TemplateTry", "TemplateValues",
            )
        ),
    ),
    "the action that it is told of": ("AuditEntry.before", "AuditEntry.after", "EventData.before", "EventData.after"),
    "the operation that was asked before": ("Problem.answer",),
    "a specification of others": (
        "DescribedEvent.schema", "OpenAPI.info", "OpenAPI.servers.items", "OpenAPI.paths",
        "OpenAPI.components",
    ),
}  # fmt: skip
VALUES = ("example", "examples", "default", "const", "enum", "properties")


@pytest.fixture(scope="module")
def spec() -> Any:
    return json.loads(docs.openapi_page())


def schemas(place: str, part: Any) -> Iterator[tuple[str, Any]]:
    """All schemas in a part of the document, with their places."""
    if isinstance(part, list):
        for number, each in enumerate(part):
            yield from schemas(f"{place}.{number}", each)
    if isinstance(part, dict):
        yield place, part
        for name, each in part.items():
            if name not in VALUES:
                yield from schemas(f"{place}.{name}", each)
        for name, each in part.get("properties", {}).items():
            yield from schemas(f"{place}.{name}", each)


def within(place: str, schema: Any) -> Iterator[tuple[str, Any]]:
    """A schema and all that are in it, but conditions on it."""
    yield place, schema
    for name, each in schema.get("properties", {}).items():
        yield from within(f"{place}.{name}", each)
    for word in ("items", "additionalProperties"):
        if isinstance(schema.get(word), dict):
            yield from within(f"{place}.{word}", schema[word])
    for each in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from within(place, each)


def every(spec: Any) -> Iterator[tuple[str, Any]]:
    """All schemas of the document, with their places."""
    for name, component in spec["components"]["schemas"].items():
        yield from within(name, component)
    for place, part in schemas("", {kind: spec[kind] for kind in ("paths", "webhooks")}):
        if place.endswith(".schema"):
            yield from within(place, part)


def types(schema: Any) -> list[str]:
    type = schema.get("type", [])
    return [type] if isinstance(type, str) else list(type)


def test_objects_have_a_shape_or_say_that_they_are_open(spec: Any) -> None:
    every = [*schemas("components", spec["components"]), *schemas("paths", spec["paths"])]
    assert len(every) > 5_000
    shapeless = [place for place, each in every if "object" in types(each) and not set(SHAPES) & set(each)]
    undescribed = [
        place
        for place, each in every
        if each.get("additionalProperties") is True and "description" not in each and "object" in types(each)
    ]
    assert (shapeless, undescribed) == ([], [])


def test_every_schema_says_something_of_its_value(spec: Any) -> None:
    assert [place for place, each in every(spec) if not SAYS & set(each)] == []


def test_objects_say_what_is_in_them_unless_others_do(spec: Any) -> None:
    shapeless = [
        place
        for place, each in every(spec)
        if "object" in types(each) and not each.get("properties") and each.get("additionalProperties", True) is True
    ]
    assert sorted(set(shapeless)) == sorted(set().union(*OPEN.values()))


def test_an_empty_schema_and_one_without_what_is_in_it_are_found() -> None:
    thing = {"type": "object", "properties": {"a": {}, "b": {"type": "object"}, "c": {"items": {"description": "x"}}}}
    parts = dict(within("Thing", thing))
    assert [place for place, each in parts.items() if not SAYS & set(each)] == [
        "Thing.a", "Thing.c", "Thing.c.items",
    ]  # fmt: skip


def test_lists_say_of_what_and_enums_of_which_type(spec: Any) -> None:
    every = [*schemas("components", spec["components"]), *schemas("paths", spec["paths"])]
    assert [place for place, each in every if "array" in types(each) and not each.get("items")] == []
    assert [place for place, each in every if "enum" in each and "type" not in each] == []
    assert [place for place, each in every if {"prefixItems", "if"} & set(each)] == []


def test_every_component_is_used(spec: Any) -> None:
    text = json.dumps(spec)
    kinds = {kind: spec["components"][kind] for kind in ("schemas", "responses", "parameters")}
    unused = [
        f"{kind}/{name}"
        for kind, parts in kinds.items()
        for name in parts
        if f'#/components/{kind}/{name}"' not in text
    ]
    assert unused == []


def test_no_component_is_called_as_generators_call_an_enum_of_another(spec: Any) -> None:
    components = spec["components"]["schemas"]
    enums = {
        name + "".join(word.title() for word in field.split("_"))
        for name, component in components.items()
        for field, each in component.get("properties", {}).items()
        if "enum" in each
    }
    assert enums & components.keys() == set()
