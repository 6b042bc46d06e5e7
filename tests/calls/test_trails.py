"""Who called can find out what came of it, and others only what they may know of."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.people import Fan
from tests.support.stack import Member, Stack, eventually, number

BAD = {
    "a status": {"status": "99"},
    "a route": {"route": "GET /conversations"},
    "a thing": {"thing": "conversation"},
    "an actor": {"actor": "Ana"},
    "a request": {"request": "a b"},
}


@pytest.fixture(scope="module")
def fan(stack: Stack) -> Fan:
    fan = Fan(stack.connect("messenger"))
    fan.starts("Where is my order?")
    return fan


def called(member: Member, verb: str, path: str, body: Mapping[str, Any]) -> tuple[str, Any]:
    """The request id of a call, and its answer."""
    answer = member.call(verb, path, body)
    return answer.headers["request-id"], answer.json


def listed(member: Member, request: str) -> Any:
    [row] = eventually(lambda: member.get("/requests", request=request)["items"])
    return row


def test_a_reply_is_followed_from_the_call_to_the_network(stack: Stack, fan: Fan) -> None:
    owner, conversation = stack.ours.owner, fan.channel.conversation()["id"]
    text = f"It is on its way {number()}"
    request, reply = called(owner, "POST", f"/conversations/{conversation}/replies", {"text": text})
    row = listed(owner, request)
    assert (row["route"], row["status"], row["code"]) == ("POST /conversations/{id}/replies", 202, None)
    assert row["things"] == [conversation, reply["id"]]

    def trail() -> Any:
        shown = owner.get(f"/requests/{request}")
        return shown if shown["replies"][0]["messages"][0]["status"] == "sent" else None

    shown = eventually(trail)
    [said] = shown["replies"]
    [message] = said["messages"]
    assert (said["text"], message["attempts"], message["error"]) == (text, 1, None)
    assert message["tried_at"] >= row["at"]
    types = [event["type"] for event in shown["events"]]
    assert {"reply.queued", "message.queued"} <= {*types}
    assert shown["deliveries"] == []
    blind = stack.someone(stack.ours, _auditor(owner), None)
    assert blind.get(f"/requests/{request}")["replies"][0]["text"] is None


def _auditor(owner: Member) -> str:
    made: str = owner.post("/roles", {"name": f"Audit {number()}", "permissions": ["audit.view"]})["id"]
    return made


def test_a_call_that_was_refused_is_listed_with_its_code(stack: Stack, fan: Fan) -> None:
    owner, conversation = stack.ours.owner, fan.channel.conversation()["id"]
    request, _ = called(owner, "POST", f"/conversations/{conversation}/assign", {"to": "mbr_nobody"})
    row = listed(owner, request)
    assert row["status"] >= 400
    assert row["code"]
    for query in ({"status": row["status"]}, {"route": row["route"]}, {"thing": conversation}):
        assert request in [call["request"] for call in owner.every("/requests", **query)]
    assert len(owner.get("/requests", limit=1)["items"]) == 1


def test_everybody_sees_their_own_and_only_auditors_those_of_others(stack: Stack, fan: Fan) -> None:
    owner, manager = stack.ours.owner, stack.someone(stack.ours, "conversation_manager", [stack.ours.brand])
    conversation = fan.channel.conversation()["id"]
    own, _ = called(manager, "POST", f"/conversations/{conversation}/notes", {"text": "A note"})
    other, _ = called(owner, "POST", f"/conversations/{conversation}/notes", {"text": "A note"})
    row = listed(manager, own)
    assert listed(owner, own) == row
    listed(owner, other)
    assert {call["performed_by"]["id"] for call in manager.every("/requests")} == {row["performed_by"]["id"]}
    owner_id = owner.get("/me")["member"]
    assert manager.every("/requests", actor=owner_id) == []
    for member, request in ((manager, other), (stack.theirs.owner, own), (owner, "nothing")):
        assert member.call("GET", f"/requests/{request}").problem == (404, "not_found")
        assert member.get("/requests", request=request)["items"] == []


def test_nothing_is_kept_of_calls_that_only_read(stack: Stack) -> None:
    owner = stack.ours.owner
    read = owner.call("GET", "/me").headers["request-id"]
    written, _ = called(owner, "POST", "/views", {"name": f"View {number()}", "condition": {"all": []}})
    listed(owner, written)
    assert owner.get("/requests", request=read)["items"] == []


@pytest.mark.parametrize("query", BAD.values(), ids=BAD)
def test_a_filter_that_is_none_is_refused(stack: Stack, query: dict[str, Any]) -> None:
    assert stack.ours.owner.call("GET", "/requests", **query).problem == (422, "invalid")
