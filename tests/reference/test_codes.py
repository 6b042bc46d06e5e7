"""The document says with which codes an operation refuses, and gives no status for which there is none."""

import json
from typing import Any

import pytest

from chalicelib.api import http
from local import docs
from local.reference import codes, words
from tests.support import recorded

OWN = {"approve_reply": {409: ["stale", "reply_changed"], 403: ["four_eyes"]}}


@pytest.fixture(scope="module")
def operations() -> Any:
    spec = json.loads(docs.openapi_page())
    return {operation["operationId"]: operation for verbs in spec["paths"].values() for operation in verbs.values()}


def test_own_codes_are_in_the_text_and_beside_their_status() -> None:
    [route] = [route for route in http.ROUTES if route.view.__name__ == "approve_reply"]
    plain = {"operationId": "approve_reply", "description": "Approves.", "responses": {"200": {}, "413": {}}}
    operation = codes.merged({"paths": {"/x": {"post": plain}}}, [route], OWN)["paths"]["/x"]["post"]
    assert operation["description"] == "Approves.\n\nIts own refusals: 403 `four_eyes`; 409 `stale`, `reply_changed`."
    assert operation["x-codes"] == {"403": ["four_eyes"], "409": ["stale", "reply_changed"]}
    assert operation["responses"]["409"] == {
        "$ref": "#/components/responses/Conflict",
        "description": "This is not possible in the present state: `stale`, `reply_changed`.",
    }
    assert operation["responses"]["401"] == {"$ref": "#/components/responses/Unauthenticated"}


def test_a_status_is_given_where_there_is_a_code_or_a_reason_for_it(operations: Any) -> None:
    assert "412" in operations["change_brand"]["responses"]
    assert "412" not in operations["write_note"]["responses"]
    assert {"409", "412", "413"} & set(operations["show_me"]["responses"]) == set()
    assert "422" in operations["show_me"]["responses"]  # somebody in several agencies has to say which
    assert {"401", "403", "404"} & set(operations["show_sign_in"]["responses"]) == set()


def test_what_any_operation_may_give_is_told_in_the_introduction() -> None:
    text = words.read().introduction
    assert [code for code in sorted(codes.COMMON) if f"`{code}`" not in text] == []


def test_codes_belong_to_operations_that_have_no_other_reason_for_them() -> None:
    known = {route.view.__name__: route for route in http.ROUTES}
    kept = codes.read()
    assert [id for id in kept if id not in known] == []
    every = [(id, status, code) for id, by in kept.items() for status, group in by.items() for code in group]
    assert [(id, code) for id, status, code in every if not codes.is_own(known[id], status, code)] == []
    assert codes.PLACE.read_text() == codes.written(kept)


def test_a_code_that_was_never_recorded_fails_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WRITE_EXAMPLES", raising=False)
    assert recorded.unknown_codes({"show_me 409 never_seen"}, whole=False) == [
        "show_me gives codes that local/reference/reachable.py does not find: {409: ['never_seen']}"
    ]
    known = [f"{id} {status} {code}" for id, by in codes.read().items() for status, all in by.items() for code in all]
    assert recorded.unknown_codes(known, whole=True) == []


def test_a_code_that_is_not_known_is_told_by_operation_and_status() -> None:
    noted = {"approve_reply": {409: {"stale", "leased"}}, "show_me": {403: {"new"}}}
    assert codes.unknown(noted, OWN) == {"approve_reply": {409: ["leased"]}, "show_me": {403: ["new"]}}
