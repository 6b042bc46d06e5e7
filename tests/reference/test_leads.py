"""What the document says besides operations: where answers lead, what webhooks are sent, how one is let in."""

import json
from typing import Any

import pytest

from chalicelib.access import scopes
from chalicelib.webhooks import signatures
from local import docs
from local.reference import leftovers, links, trees


@pytest.fixture(scope="module")
def spec() -> Any:
    return json.loads(docs.openapi_page())


@pytest.fixture(scope="module")
def by_id(spec: Any) -> Any:
    return {operation["operationId"]: operation for operation in trees.operations(spec)}


def leads(operation: Any) -> list[str]:
    return [name for answer in operation["responses"].values() for name in answer.get("links", {})]


def test_what_is_made_leads_to_where_it_is_shown_changed_and_removed(by_id: Any) -> None:
    assert sorted(leads(by_id["create_view"])) == ["change_view", "remove_view", "show_view"]
    assert "show_reply" in leads(by_id["draft_reply"])
    assert leads(by_id["list_views"]) == []


def test_links_lead_to_operations_that_take_an_id(spec: Any, by_id: Any) -> None:
    paths = {one["operationId"]: path for path, verbs in spec["paths"].items() for one in verbs.values()}
    found = {name for operation in by_id.values() for name in leads(operation)}
    assert len(found) >= 15
    assert [name for name in found if not paths[name].endswith("/{id}")] == []


def test_an_answer_that_has_no_page_of_its_own_leads_nowhere() -> None:
    made = {"operationId": "make", "responses": {"200": {"content": {"application/json": {"schema": {}}}}}}
    told = links.merged({"paths": {"/things": {"post": made}}})
    assert "links" not in told["paths"]["/things"]["post"]["responses"]["200"]


def test_each_delivery_has_the_headers_that_are_sent(spec: Any) -> None:
    for request in (verbs["post"] for verbs in spec["webhooks"].values()):
        assert {part["name"] for part in request["parameters"] if part["required"]} == set(signatures.RESERVED)
    ids = [verbs["post"]["operationId"] for verbs in spec["webhooks"].values()]
    assert len(set(ids)) == len(ids)


def test_apps_are_let_in_by_any_scope_that_has_the_permission(spec: Any, by_id: Any) -> None:
    flow = spec["components"]["securitySchemes"]["oauth"]["flows"]["authorizationCode"]
    assert set(flow["scopes"]) == {f"{scopes.SERVER}/{name}" for name in scopes.SCOPES}
    assert by_id["create_role"]["security"] == [{"bearer": []}, {"oauth": ["palabre/admin"]}]
    assert by_id["show_me"]["security"] == [{"bearer": []}, {"oauth": []}]
    assert by_id["list_agencies"]["security"] == [{"bearer": []}]
    assert by_id["show_sign_in"]["security"] == []


def test_posts_say_that_an_answer_may_be_an_earlier_one(by_id: Any) -> None:
    assert "Idempotent-Replayed" in by_id["create_view"]["responses"]["201"]["headers"]
    assert "Idempotent-Replayed" not in by_id["change_view"]["responses"]["200"]["headers"]


def test_what_nothing_refers_to_is_left_out_and_so_is_what_only_that_refers_to() -> None:
    parts = {"A": {"$ref": "#/components/schemas/B"}, "B": {}, "C": {"$ref": "#/components/schemas/D"}, "D": {}}
    told = leftovers.without({"paths": {"$ref": "#/components/schemas/A"}, "components": {"schemas": parts}})
    assert set(told["components"]["schemas"]) == {"A", "B"}
