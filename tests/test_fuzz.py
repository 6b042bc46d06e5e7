"""The API as its document says it is: whatever is asked, the answer is one that the document tells."""

import json
from collections.abc import Mapping
from functools import cache
from random import Random
from typing import Any

import pytest
import requests
import urllib3
from schemathesis import GenerationMode, Response

from local import docs
from local.fuzz import document, findings, probes, runs
from local.fuzz.things import KEPT, Things
from local.reference import trees
from tests.support.agencies import founded
from tests.support.stack import Stack, number
from tests.support.thorough import tries

REQUESTS, NUMBER = tries(300, 5_000), 1
PART = tries(3, 1)  # to make requests of an operation takes as long as to ask them, so each third is asked
FINE = tries(0.25, 0.5)  # the share of answers with 2xx; less is known of what there is in the first requests


@cache
def by_id() -> Mapping[str, document.Operation]:
    """The operations that are asked, in their order."""
    return {document.id_of(operation): operation for operation in document.operations()}


def answer(status: int, body: Any, headers: Mapping[str, str] | None = None) -> requests.Response:
    made = requests.Response()
    made.status_code, made._content = status, json.dumps(body).encode()
    made.headers.update(headers or {})
    made.raw = urllib3.HTTPResponse(headers=headers)
    made.request = requests.Request("GET", "http://api").prepare()
    return made


def found(operation: str, status: int, code: str, *, is_allowed: bool) -> set[str]:
    """The classes of findings about a refusal with that code."""
    problem = {"type": "p", "title": "t", "status": status, "code": code, "request_id": "r"}
    refusal = answer(status, problem, {"content-type": "application/problem+json", "request-id": "r"})
    response = Response.from_requests(refusal, verify=True)
    return {
        kind
        for kind, _ in findings.of(
            by_id()[operation].Case(path_parameters={"id": "0"}), response, is_allowed=is_allowed
        )
    }


def test_what_is_left_out_is_in_the_document() -> None:
    known = {operation["operationId"] for operation in trees.operations(json.loads(docs.openapi_page()))}
    assert set(document.LEFT_OUT) <= known
    assert known - by_id().keys() == set(document.LEFT_OUT)


def test_things_are_made_before_they_are_used_and_taken_away_last() -> None:
    order = list(by_id())
    assert order.index("create_team") < order.index("change_team") < order.index("remove_team")
    assert order.index("read_events") < order.index("archive_brand")


@pytest.mark.slow
def test_the_same_number_makes_the_same_requests() -> None:
    once, again = (document.cases(by_id()["create_team"], GenerationMode.POSITIVE, 5, 7) for _ in range(2))
    assert [case.body for case in once] == [case.body for case in again]


@pytest.mark.parametrize(
    ("status", "code", "kinds"),
    [
        (404, "not_found", set()),
        (403, "forbidden", set()),
        (422, "invalid", {"AllowedIsRefused"}),
        (400, "malformed", {"AllowedIsRefused"}),
        (503, "internal", {"AllowedIsRefused", "ServerError"}),
        (409, "made_up", {"UndocumentedCode"}),
    ],
)
def test_refusal_of_what_is_allowed_needs_a_reason_that_is_told(status: int, code: str, kinds: set[str]) -> None:
    assert found("change_team", status, code, is_allowed=True) == kinds


def test_what_is_forbidden_may_be_refused_as_invalid() -> None:
    assert found("change_team", 422, "invalid", is_allowed=False) == set()


def test_ids_that_were_made_up_become_those_of_what_there_is() -> None:
    things = Things(Random(1))
    things.learn("brands", {"items": [{"id": "brd_1"}]})
    things.learn("attributes", {"items": [{"name": "tier"}]})
    assert things.put({"brands": ["brd_x", "brd_y"], "name": "brd"}) == {"brands": ["brd_1"], "name": "brd"}
    assert things.put([["24:00", "24:00"]]) == [["24:00", "24:00"]]
    assert (things.at("brands"), things.at("attributes")) == ("brd_1", "tier")
    assert things.at("teams").startswith("tem_0")


def test_what_all_else_is_of_is_never_taken_away() -> None:
    things = Things(Random(1))
    for count in range(KEPT + 1):
        things.add("brd", f"brd_{count}")
    assert things.taken("brands") == f"brd_{KEPT}"
    assert things.taken("brands") in {f"brd_{count}" for count in range(KEPT)}
    assert {things.at("brands") for _ in range(50)} == {f"brd_{count}" for count in range(KEPT)}


def test_other_method_names_those_that_there_are() -> None:
    answers = {"/teams/{id}": answer(405, {}, {"Allow": "DELETE, OPTIONS, PUT"}), "/teams": answer(404, {})}
    asked = [by_id()["change_team"], by_id()["list_teams"]]
    wrong = probes.methods(lambda verb, path, _: answers[path.replace("0", "{id}")], asked, every=True)
    assert [(name, kinds) for name, _, kinds in wrong] == [
        *((f"{verb} /teams/{{id}}", []) for verb in ("GET", "HEAD", "POST", "PATCH")),
        *((f"{verb} /teams", [("OtherMethod", "404 Allow: ")]) for verb in ("PUT", "PATCH", "DELETE")),
    ]


@pytest.mark.timeout(900)
def test_whatever_is_asked_the_answer_is_one_that_the_document_tells(stack: Stack) -> None:
    """An agency of its own is asked, past what notes which routes and codes tests have tried."""
    agency = founded(stack, f"Agency {number()}")
    members = {"owner": agency.owner, "client": stack.someone(agency, "client", [agency.brand])}
    tokens = {who: member.token for who, member in members.items()}
    owner, client = runs.askers(
        {"api": stack.api, "agency": agency.id, "brand": agency.brand, "tokens": tokens}, NUMBER
    )
    runs.play(
        owner, client, REQUESTS, receiver=f"{stack.double}/receivers/{number()}", number=NUMBER, edges=False, part=PART
    )
    for asker in (owner, client):
        assert not asker.told.findings, runs.summary(asker)
    assert runs.fine([owner, client]) >= FINE, (owner.told.statuses, client.told.statuses)
    assert owner.asked + client.asked >= 0.9 * REQUESTS
