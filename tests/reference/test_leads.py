"""What the document says besides operations: where answers lead, what webhooks are sent, how one is let in."""

import json
import re
from typing import Any

import pytest

from chalicelib.access import scopes
from chalicelib.webhooks import signatures
from local import docs
from local.reference import leftovers, links, trees
from tests.support.answer_contract import Answer
from tests.support.people import Fan
from tests.support.stack import Member, Stack


@pytest.fixture(scope="module")
def spec() -> Any:
    return json.loads(docs.openapi_page())


@pytest.fixture(scope="module")
def by_id(spec: Any) -> Any:
    return {operation["operationId"]: operation for operation in trees.operations(spec)}


def leads(operation: Any) -> list[str]:
    return [name for answer in operation["responses"].values() for name in answer.get("links", {})]


def follow(spec: Any, member: Member, operation: Any, answer: Answer, to: str) -> Answer:
    """Where the link to that operation leads, from an answer of this one."""
    link = operation["responses"][str(answer.status)]["links"][to]
    [(verb, path)] = [
        (verb, path) for path, verbs in spec["paths"].items() for verb in verbs if verbs[verb]["operationId"] == to
    ]
    id = answer.json[link["parameters"]["id"].removeprefix("$response.body#/")]
    return member.call(verb.upper(), path.replace("{id}", id))


def test_what_is_made_leads_to_where_it_is_shown_changed_and_removed(by_id: Any) -> None:
    assert sorted(leads(by_id["create_view"])) == ["change_view", "remove_view", "show_view"]
    assert "show_reply" in leads(by_id["draft_reply"])
    assert leads(by_id["list_views"]) == []


def test_what_is_made_leads_there_also_if_it_is_shown_as_something_else(by_id: Any) -> None:
    assert leads(by_id["register_app"]) == ["remove_app", "show_app"]
    assert leads(by_id["begin_upload"]) == ["show_upload"]
    assert sorted(leads(by_id["create_team"])) == ["change_team", "remove_team"]
    assert leads(by_id["show_conversation"]) == ["list_messages"]
    assert leads(by_id["show_message"]) == ["show_conversation"]


# What makes or shows a thing, what is sent, and to which operation its answer leads.
MADE = [
    ("POST", "/views", {"name": "Led", "condition": {"field": "waiting", "is": True}}, "show_view"),
    ("POST", "/uploads", {"type": "image/png", "size": 1, "name": "a.png"}, "show_upload"),
    ("POST", "/teams", {"name": "Led", "members": []}, "remove_team"),
]


@pytest.mark.parametrize(("verb", "path", "body", "to"), MADE)
def test_who_follows_a_link_comes_to_what_was_made(
    spec: Any, stack: Stack, verb: str, path: str, body: Any, to: str
) -> None:
    made = stack.ours.owner.call(verb, path, body)
    assert follow(spec, stack.ours.owner, spec["paths"][path]["post"], made, to).status == 200


def test_links_lead_from_a_conversation_to_its_messages_and_back(spec: Any, stack: Stack, fan: Fan) -> None:
    owner, paths = stack.ours.owner, spec["paths"]
    said = fan.channel.message(fan.says("Hello"))
    message = owner.call("GET", f"/messages/{said['id']}")
    talk = follow(spec, owner, paths["/messages/{id}"]["get"], message, "show_conversation")
    assert talk.json["id"] == said["conversation"]
    listed = follow(spec, owner, paths["/conversations/{id}"]["get"], talk, "list_messages")
    assert [row["id"] for row in listed.json["items"]] == [said["id"]]


def test_links_lead_to_operations_that_take_an_id_alone(spec: Any, by_id: Any) -> None:
    paths = {operation["operationId"]: path for path, verbs in spec["paths"].items() for operation in verbs.values()}
    names = {name for operation in by_id.values() for name in leads(operation)}
    assert len(names) >= 15
    assert [name for name in names if re.findall("{.*?}", paths[name]) != ["{id}"]] == []


def test_an_answer_that_has_no_page_of_its_own_leads_nowhere() -> None:
    made = {"operationId": "make", "responses": {"200": {"content": {"application/json": {"schema": {}}}}}}
    document = links.merged({"paths": {"/things": {"post": made}}, "components": {"schemas": {}}})
    assert "links" not in document["paths"]["/things"]["post"]["responses"]["200"]


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


def test_headers_that_are_always_there_say_so_and_others_do_not(spec: Any) -> None:
    headers = spec["components"]["headers"]
    always = {name for name, header in headers.items() if header.get("required")}
    assert always == {"Request-Id", "ETag", "RateLimit", "RateLimit-Policy"}


def test_what_nothing_refers_to_is_left_out_and_so_is_what_only_that_refers_to() -> None:
    parts = {"A": {"$ref": "#/components/schemas/B"}, "B": {}, "C": {"$ref": "#/components/schemas/D"}, "D": {}}
    document = leftovers.without_leftovers(
        {"paths": {"$ref": "#/components/schemas/A"}, "components": {"schemas": parts}}
    )
    assert set(document["components"]["schemas"]) == {"A", "B"}
