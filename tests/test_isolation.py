"""What is another's, agency or brand, is not there: every route answers as it does for what never was."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from chalicelib.api import http
from tests.support.answer_contract import Answer
from tests.support.one_of_each import OF_A_BRAND, OWN_ALONE, SCOPED, WAITING, called, everything
from tests.support.people import Fan
from tests.support.routes import GUARDED, OF_BILLING
from tests.support.smallest_bodies import unknown
from tests.support.stack import Member, Stack

SAYING_WHAT = ("/search",)  # finds nothing unless one says what: see tests/texts
LISTS = [
    route
    for route in GUARDED
    if route.verb == "GET" and "{" not in route.path and route not in OF_BILLING and route.path not in SAYING_WHAT
]
WITH_ID_IN_QUERY = [
    (route, name)
    for route in LISTS
    for name, schema in route.query.items()
    if "_[" in schema.get("items", schema).get("pattern", "")
]
MEANT = {
    "actor": "members",
    "target": "conversations",
    "brand": "brands",
    "channel": "channels",
    "assignee": "members",
    "conversation": "conversations",
    "contact": "contacts",
    "thing": "conversations",
    "rule": "rules",
}
BY_ID = {"colleagues": "members"}  # of whom `ids` are, where the path does not say

Scope = tuple[Member, Mapping[str, str], Mapping[str, str]]


@pytest.mark.parametrize("route", OWN_ALONE, ids=lambda route: f"{route.verb} {route.path}")
def test_foreign_id_answers_like_one_that_names_nothing(
    stack: Stack, theirs: Mapping[str, str], route: http.Route
) -> None:
    foreign = theirs[route.path.split("/")[1]]
    answers = [called(stack.ours.owner, route, id) for id in (foreign, unknown(foreign[:3]))]
    assert answers[0].problem == (404, "not_found")
    assert _told(answers[0]) == _told(answers[1])


@pytest.mark.parametrize(("route", "name"), WITH_ID_IN_QUERY, ids=lambda part: getattr(part, "path", part))
def test_foreign_id_as_a_filter_finds_what_an_unknown_one_does(
    stack: Stack, theirs: Mapping[str, str], route: http.Route, name: str
) -> None:
    word = route.path.strip("/")
    foreign = theirs[BY_ID.get(word, word) if name == "ids" else MEANT[name]]
    answers = [
        stack.ours.owner.call("GET", route.path, **dict[str, Any]({name: id})) for id in (foreign, unknown(foreign[:3]))
    ]
    assert answers[0].status == answers[1].status
    assert _told(answers[0]) == _told(answers[1])


@pytest.mark.parametrize("route", LISTS, ids=lambda route: route.path)
def test_no_list_holds_what_is_theirs(stack: Stack, theirs: Mapping[str, str], route: http.Route) -> None:
    narrowed = {"brand": stack.ours.brand} if route.path == "/billing/usage" else {}  # by then we have many brands
    answer = stack.ours.owner.call("GET", route.path, **dict[str, Any](narrowed))
    assert answer.status == 200
    assert not [id for id in (*theirs.values(), stack.theirs.id) if id.encode() in answer.raw]


BODIES: list[tuple[str, str, Mapping[str, Any]]] = [
    ("POST", "/conversations/{conversations}/replies", {"text": "Hi", "reply_to": "{messages}"}),
    ("POST", "/channels", {"brand": "{brands}", "network": "telegram", "credentials": {"token": "1:A"}}),
    ("POST", "/conversations/{conversations}/assign", {"to": "{members}"}),
    ("POST", "/conversations/{conversations}/assign", {"to": "{teams}"}),
    ("PUT", "/conversations/{conversations}/participants", {"members": ["{members}"]}),
    ("POST", "/canned-replies", {"brand": "{brands}", "shortcut": "c", "title": "Hours", "text": "At nine"}),
    ("POST", "/canned-replies/{canned-replies}/render", {"conversation": "{conversations}"}),
    ("POST", "/conversations/{conversations}/read", {"up_to": "{messages}"}),
    ("POST", "/conversations/bulk", {"ids": ["{conversations}"], "change": {"status": "resolved"}}),
    ("POST", "/teams", {"name": "Team", "members": ["{members}"]}),
    ("POST", "/views", {"name": "View", "brands": ["{brands}"], "condition": WAITING}),
    ("POST", "/invitations", {"email": "a@b.example", "grants": [{"role": "{roles}", "brands": None}]}),
    ("POST", "/invitations", {"email": "a@b.example", "grants": [{"role": "moderator", "brands": ["{brands}"]}]}),
    ("POST", "/api-keys", {"name": "Key", "grants": [{"role": "moderator", "brands": ["{brands}"]}]}),
]


@pytest.mark.parametrize(("verb", "path", "body"), BODIES, ids=lambda part: str(part)[:60])
def test_foreign_id_in_a_body_does_what_an_unknown_one_does(
    stack: Stack, theirs: Mapping[str, str], verb: str, path: str, body: Mapping[str, Any]
) -> None:
    place = path.format(**everything(stack, stack.ours)) if "{" in path else path
    answers = []
    for ids in (theirs, {word: unknown(id[:3]) for word, id in theirs.items()}):
        text = json.dumps(body)
        for word, id in ids.items():
            text = text.replace(f"{{{word}}}", id)
        answers.append(stack.ours.owner.call(verb, place, json.loads(text)))
    assert answers[0].status in (200, 404, 422)
    texts = [json.dumps(_told(answer)) for answer in answers]
    for id in theirs.values():
        texts[0] = texts[0].replace(id, unknown(id[:3]))
    assert texts[0] == texts[1]


def test_cursor_of_another_agency_is_not_taken(stack: Stack) -> None:
    for agency in (stack.ours, stack.theirs):
        fans = [Fan(channel) for channel in [stack.connect("telegram", agency)] for _ in range(2)]
        for fan in fans:
            fan.channel.message(fan.says())
    pages = [agency.owner.get("/conversations", limit=1) for agency in (stack.ours, stack.theirs)]
    assert all(page["next"] for page in pages)
    assert stack.ours.owner.call("GET", "/conversations", limit=1, cursor=pages[1]["next"]).problem == (
        400,
        "bad_cursor",
    )
    other_list = stack.ours.owner.call("GET", "/conversations", limit=1, status="resolved", cursor=pages[0]["next"])
    assert other_list.problem == (400, "bad_cursor")


@pytest.fixture(scope="module")
def brands(stack: Stack) -> Scope:
    """Somebody who works for one of two brands of an agency, what is in that brand, and what is in the other."""
    other = stack.brand()
    ours, hidden = (
        {word: id for word, id in everything(stack, agency).items() if word in SCOPED} for agency in (stack.ours, other)
    )
    return stack.someone(stack.ours, "community_manager", [stack.ours.brand]), ours, hidden


@pytest.mark.parametrize("route", OF_A_BRAND, ids=lambda route: f"{route.verb} {route.path}")
def test_id_of_a_brand_not_worked_for_names_nothing(brands: Scope, route: http.Route) -> None:
    member, _, hidden = brands
    id = hidden[route.path.split("/")[1]]
    answers = [called(member, route, target) for target in (id, unknown(id[:3]))]
    assert answers[0].status in (403, 404)
    assert _told(answers[0]) == _told(answers[1])


@pytest.mark.parametrize("route", LISTS, ids=lambda route: route.path)
def test_lists_hold_the_brands_worked_for_only(brands: Scope, route: http.Route) -> None:
    member, _, hidden = brands
    answer = member.call("GET", route.path)
    assert answer.status in (200, 403)
    assert not [id for id in hidden.values() if id.encode() in answer.raw]


def test_what_is_in_the_brand_worked_for_is_there(brands: Scope) -> None:
    member, mine, _ = brands
    for word in ("brands", "conversations", "messages", "contacts", "replies", "canned-replies", "views"):
        assert member.get(f"/{word}/{mine[word]}")["id"] == mine[word]
    assert mine["conversations"] in [conversation["id"] for conversation in member.every("/conversations")]


def _told(answer: Answer) -> Any:
    """All of an answer but what differs between any two requests."""
    is_cut = bool(answer.json.get("next"))  # the place itself is sealed for what was asked
    return answer.status, {**answer.json, "request_id": "", "cursor": "", "next": is_cut}
