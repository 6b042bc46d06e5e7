"""What changed between two documents, and what of it breaks whoever reads or writes by the old one."""

import json
from typing import Any

import pytest

from local.reference import changes, releases, trees
from local.reference.changes import Change

THING: dict[str, Any] = {
    "type": "object",
    "properties": {"id": {"type": "string"}, "kind": {"type": "string", "enum": ["a", "b"]}},
    "required": ["id"],
}
SIZED = {**THING["properties"], "size": {"type": "integer", "maximum": 9}}
GIVEN = {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}
TAKEN = {"required": False, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Wish"}}}}
DOCUMENT: dict[str, Any] = {
    "info": {"version": "1"},
    "paths": {
        "/things": {
            "get": {
                "operationId": "list",
                "parameters": [{"name": "kind", "in": "query", "schema": {"type": "string", "enum": ["a", "b"]}}],
                "responses": {"200": GIVEN},
                "x-codes": {"409": ["stale"]},
                "x-permissions": ["thing.view"],
                "security": [{"bearer": []}, {"oauth": ["read"]}],
            },
            "post": {"operationId": "make", "parameters": [], "requestBody": TAKEN, "responses": {"201": GIVEN}},
        }
    },
    "webhooks": {"thing.made": {"post": {}}},
    "components": {"schemas": {"Thing": THING, "Wish": {**THING, "properties": SIZED}}},
}  # fmt: skip
LIST, MAKE = "GET /things", "POST /things"


def changed(path: str, value: Any) -> list[Change]:
    """What is told if that part of the document has another value, or none."""
    new = trees.copied(DOCUMENT)
    *parts, last = path.split(" ")
    place: Any = new
    for part in parts:
        place = place[int(part)] if isinstance(place, list) else place[part]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return changes.changes(DOCUMENT, new)


OPERATION = "paths /things get"
SCHEMAS = "components schemas"
CASES: dict[str, tuple[str, Any, Change]] = {
    "operation_gone": ("paths /things post", None, Change(MAKE, "operation", "", "removed", breaks=True)),
    "operation_new": (
        "paths /others", {"get": DOCUMENT["paths"]["/things"]["get"]}, Change("GET /others", "operation", "", "added"),
    ),
    "operation_to_go": (f"{OPERATION} deprecated", True, Change(LIST, "operation", "", "deprecated")),
    "parameter_gone": (f"{OPERATION} parameters", [], Change(LIST, "parameter", "kind", "removed", breaks=True)),
    "parameter_value_gone": (
        f"{OPERATION} parameters 0 schema enum", ["a"], Change(LIST, "value", "kind=b", "removed", breaks=True),
    ),
    "code_new": (f"{OPERATION} x-codes", {"409": ["stale", "leased"]}, Change(LIST, "code", "leased", "added")),
    "code_gone": (f"{OPERATION} x-codes", {}, Change(LIST, "code", "stale", "removed")),
    "event_new": ("webhooks thing.gone", {"post": {}}, Change("webhooks", "event", "thing.gone", "added")),
    "event_gone": ("webhooks thing.made", None, Change("webhooks", "event", "thing.made", "removed", breaks=True)),
    "scope_new": (
        f"{OPERATION} security", [{"bearer": []}, {"oauth": ["read"]}, {"oauth": ["write"]}],
        Change(LIST, "scope", "write", "added"),
    ),
    "scope_gone": (
        f"{OPERATION} security", [{"bearer": []}], Change(LIST, "scope", "read", "removed", breaks=True),
    ),
    "right_more": (
        f"{OPERATION} x-permissions", ["thing.view", "x.y"], Change(LIST, "right", "thing.view, x.y", "changed"),
    ),
    "right_other": (f"{OPERATION} x-permissions", ["x.y"], Change(LIST, "right", "x.y", "changed", breaks=True)),
    "body_needed": (
        "paths /things post requestBody required", True, Change(MAKE, "body", "", "changed", breaks=True),
    ),
    "given_value_gone": (
        f"{SCHEMAS} Thing properties kind enum", ["a"], Change("Thing", "value", "kind=b", "removed"),
    ),
    "taken_value_gone": (
        f"{SCHEMAS} Wish properties kind enum", ["a"], Change("Wish", "value", "kind=b", "removed", breaks=True),
    ),
    "value_new": (
        f"{SCHEMAS} Wish properties kind enum", ["a", "b", "c"], Change("Wish", "value", "kind=c", "added"),
    ),
    "property_gone": (
        f"{SCHEMAS} Thing properties kind", None, Change("Thing", "property", "kind", "removed", breaks=True),
    ),
    "property_new": (
        f"{SCHEMAS} Thing properties name", {"type": "string"}, Change("Thing", "property", "name", "added"),
    ),
    "given_maybe": (f"{SCHEMAS} Thing required", [], Change("Thing", "need", "id", "removed", breaks=True)),
    "taken_needed": (
        f"{SCHEMAS} Wish required", ["id", "kind"], Change("Wish", "need", "kind", "added", breaks=True),
    ),
    "type_other": (
        f"{SCHEMAS} Thing properties id type", "integer", Change("Thing", "type", "id", "changed", breaks=True),
    ),
    "limit_lower": (
        f"{SCHEMAS} Wish properties size maximum", 5, Change("Wish", "limit", "size maximum", "changed", breaks=True),
    ),
    "limit_higher": (
        f"{SCHEMAS} Wish properties size maximum", 12, Change("Wish", "limit", "size maximum", "changed"),
    ),
    "answer_other": (
        "paths /things post responses", {"202": GIVEN}, Change(MAKE, "answer", "201 Thing", "removed", breaks=True),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_change_is_told_and_what_breaks_is_marked(case: str) -> None:
    path, value, change = CASES[case]
    assert change in changed(path, value)
    assert len(changed(path, value)) == (2 if case == "answer_other" else 1)


def test_the_same_document_has_no_changes() -> None:
    assert changes.changes(DOCUMENT, trees.copied(DOCUMENT)) == []


def test_a_schema_within_another_is_used_as_that_one_is() -> None:
    old = trees.copied(DOCUMENT)
    old["components"]["schemas"]["Wish"]["properties"]["part"] = {"$ref": "#/components/schemas/Part"}
    old["components"]["schemas"]["Part"] = {"type": "object", "properties": {}}
    new = trees.copied(old)
    new["components"]["schemas"]["Part"] |= {"properties": {"x": {"type": "string"}}, "required": ["x"]}
    assert changes.changes(old, new) == [Change("Part", "property", "x", "added", breaks=True)]


def test_an_object_that_gets_a_name_is_the_same_object() -> None:
    old, new = trees.copied(DOCUMENT), trees.copied(DOCUMENT)
    part = {"type": "object", "properties": {"x": {"type": "string"}}}
    old["components"]["schemas"]["Thing"]["properties"]["part"] = part
    new["components"]["schemas"]["Thing"]["properties"]["part"] = {"$ref": "#/components/schemas/Part"}
    new["components"]["schemas"]["Part"] = part
    assert changes.changes(old, new) == []


def test_of_what_is_given_a_first_type_breaks_nothing_nor_does_the_shape_of_what_may_be_null() -> None:
    old, new = trees.copied(DOCUMENT), trees.copied(DOCUMENT)
    part = {"type": "object", "properties": {"x": {"type": "string"}}}
    old["components"]["schemas"]["Thing"]["properties"] |= {"any": {}, "part": {"type": ["object", "null"]}}
    new["components"]["schemas"]["Thing"]["properties"] |= {
        "any": {"type": "object"}, "part": {"anyOf": [part, {"type": "null"}]},
    }  # fmt: skip
    assert changes.changes(old, new) == [
        Change("Thing", "property", "part.x", "added"), Change("Thing", "type", "any", "changed"),
    ]  # fmt: skip


def test_the_changelog_has_a_page_and_says_first_what_breaks() -> None:
    entries = changes.as_json([Change(LIST, "code", "leased", "added"), Change(MAKE, "operation", "", "removed", True)])
    log = {
        "unreleased": {"version": "2", "changes": entries},
        "releases": [{"version": "1", "day": "2027-01-31", "changes": []}],
    }
    files = releases.files(log, "s.css")
    page = files["docs/changes.html"]
    assert page.index("POST /things") < page.index("GET /things")
    assert "<strong class=breaks>breaks</strong> POST /things: operation removed" in page
    assert "<h2>1, 2027-01-31</h2><p>Nothing.</p>" in page
    assert json.loads(files["docs/changes.json"]) == log


def test_what_was_released_can_be_compared() -> None:
    released = json.loads(releases.DOCUMENT.read_text())
    assert changes.changes(released, released) == []
    assert set(releases.changelog(released)["unreleased"]) == {"version", "changes"}
