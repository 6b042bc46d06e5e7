"""What the API serves of itself: its document, for everybody, with the address of the stack that answers."""

import json

from local.reference import served
from tests.support.stack import Member, Stack, ask


def test_everybody_gets_the_document_of_the_stack_that_answers_and_may_keep_it(stack: Stack) -> None:
    stranger = Member(stack.api, "")
    answer = stranger.call("GET", "/openapi.json")
    assert answer.status == 200
    assert answer.json["servers"] == [{"url": stack.api}]
    assert set(answer.json["paths"]) == set(json.loads(served.DOCUMENT.read_text())["paths"])
    assert answer.headers["cache-control"] == "public, max-age=300"
    known = ask("GET", f"{stack.api}/openapi.json", headers={"If-None-Match": answer.headers["etag"]})
    assert (known.status, known.raw) == (304, b"")


def test_the_document_leads_to_where_the_people_of_that_stack_sign_in(stack: Stack) -> None:
    stranger = Member(stack.api, "")
    flow = stranger.get("/openapi.json")["components"]["securitySchemes"]["oauth"]["flows"]["authorizationCode"]
    auth = stranger.get("/auth")
    assert flow["authorizationUrl"] == auth["authorization_endpoint"]
    assert (flow["tokenUrl"], flow["refreshUrl"]) == (auth["token_endpoint"], auth["token_endpoint"])


def test_what_is_served_is_the_document_without_blanks() -> None:
    text = served.files()["openapi.json"]
    assert len(text) < len(served.DOCUMENT.read_text())
    assert json.loads(text) == served.of_the_stack(json.loads(served.DOCUMENT.read_text()))


def test_a_refusal_names_a_page_of_the_stack_that_answers(stack: Stack) -> None:
    root = stack.api.removesuffix("/v1")
    assert stack.ours.owner.call("GET", "/brands/brd_none").json["type"] == f"{root}/docs/problems/not_found"
    assert Member(stack.api, "nobody").call("GET", "/brands").json["type"] == f"{root}/docs/problems/unauthenticated"
