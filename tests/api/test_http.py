"""What clients of HTTP expect: HEAD, Allow, 304, honest ETags, an id on every answer, problems that pages may read."""

import pytest

from chalicelib.api import answers
from chalicelib.api.addresses import verbs_of
from chalicelib.api.http import ROUTES
from tests.support.stack import Stack, ask, number

PAGE = "http://localhost:3000"


def headers(stack: Stack, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {stack.ours.owner.token}", "Origin": PAGE, **more}


@pytest.mark.parametrize("path", sorted({route.path for route in ROUTES}))
def test_address_takes_what_is_declared_for_it(path: str) -> None:
    declared = {route.verb for route in ROUTES if route.path == path}
    assert set(verbs_of(path)) - {"HEAD", "OPTIONS"} == declared
    assert ("HEAD" in verbs_of(path)) is ("GET" in declared)


def test_head_is_get_without_its_body(stack: Stack) -> None:
    got, headed = (ask(verb, f"{stack.api}/me", headers=headers(stack)) for verb in ("GET", "HEAD"))
    assert (headed.status, headed.raw) == (200, b"")
    assert headed.headers["etag"] == got.headers["etag"]


@pytest.mark.parametrize("path", ["/brands", "/conversations/bulk"])
def test_who_asks_otherwise_is_told_what_is_taken(stack: Stack, path: str) -> None:
    refused = ask("PATCH", f"{stack.api}{path}", headers=headers(stack))
    assert (refused.status, refused.headers["allow"]) == (405, ", ".join(verbs_of(path)))


def test_what_the_caller_has_is_not_sent_again(stack: Stack) -> None:
    for path in ("/brands", f"/brands/{stack.ours.brand}"):
        first = ask("GET", f"{stack.api}{path}", headers=headers(stack))
        tag = first.headers["etag"]
        again = ask("GET", f"{stack.api}{path}", headers=headers(stack, **{"If-None-Match": f'"x", {tag}'}))
        assert (again.status, again.raw, again.headers["etag"]) == (304, b"", tag)


def test_etag_is_another_when_the_answer_is_and_names_the_version(stack: Stack) -> None:
    owner = stack.ours.owner
    path = f"/canned-replies/{_canned(stack)}"
    first = owner.call("GET", path)
    tag = first.headers["etag"]
    assert tag.startswith(f'"{first.json["version"]}.')
    changed = owner.call("PATCH", path, {"text": "Other words"}, headers={"If-Match": tag})
    assert changed.status == 200
    assert owner.call("GET", path, headers={"If-None-Match": tag}).status == 200
    assert owner.call("PATCH", path, {"text": "Late words"}, headers={"If-Match": tag}).status == 412


def _canned(stack: Stack) -> str:
    words = {"title": "Hours", "text": "From nine", "brand": stack.ours.brand, "shortcut": f"e{number()}"}
    return str(stack.ours.owner.post("/canned-replies", words)["id"])


def test_what_is_made_with_a_key_has_an_etag_and_its_repeat_has_the_same(stack: Stack) -> None:
    body = {"title": "Hours", "text": "From nine", "brand": stack.ours.brand, "shortcut": f"k{number()}"}
    asked = {"Idempotency-Key": f"key-{number()}"}
    tags = [stack.ours.owner.call("POST", "/canned-replies", body, headers=asked).headers["etag"] for _ in range(2)]
    assert tags[0] == tags[1]
    assert tags[0].startswith('"1.')


@pytest.mark.parametrize(
    ("tag", "fits"), [("", True), ("*", True), ('"7"', True), ('"7.ab"', True), ('W/"7.ab"', True), ('"70"', False)]
)
def test_version_is_what_is_before_the_point(tag: str, fits: bool) -> None:
    assert answers.names_version(tag, 7) is fits


def test_each_answer_has_the_id_of_its_request(stack: Stack) -> None:
    own = {**headers(stack), "X-Request-Id": "mine"}
    fine, missing = (ask("GET", f"{stack.api}{path}", headers=own) for path in ("/me", "/nothing"))
    assert fine.headers["request-id"] not in ("", "mine")
    assert "x-request-id" not in fine.headers
    assert "x-request-id" not in fine.headers["access-control-allow-headers"].lower()
    assert missing.headers["request-id"] == missing.json["request_id"]
    assert "Request-Id" in missing.headers["access-control-expose-headers"]


def test_page_may_read_why_the_gateway_let_nobody_in(stack: Stack) -> None:
    refused = ask("GET", f"{stack.api}/me", headers={"Authorization": "Bearer x", "Origin": PAGE})
    assert (refused.status, refused.json["code"]) == (401, "unauthenticated")
    assert refused.headers["access-control-allow-origin"] == PAGE
    assert refused.headers["request-id"] == refused.json["request_id"]


def test_problem_is_told_in_the_language_of_who_asks(stack: Stack) -> None:
    missing = ask("GET", f"{stack.api}/brands/brd_0", headers=headers(stack, **{"Accept-Language": "fr-CA, en;q=0.5"}))
    assert (missing.json["title"], missing.headers["content-language"]) == ("Il n’y a rien ici", "fr")
