"""What a brand does to a message is done on its network at once, by the documented call, and shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from chalicelib import errors, networks
from chalicelib.inbox import message_actions
from chalicelib.networks.base import Act, Credentials, Outcome
from chalicelib.networks.double import number
from local.double import Server
from tests.replies.documented import filled
from tests.support import audits
from tests.support.people import Fan, now
from tests.support.stack import Agency, Stack, eventually


@dataclass(frozen=True)
class Case:
    """What is asked of the API about a message, the call it becomes, and what the message shows afterwards."""

    network: str
    verb: str
    call: tuple[str, str, Mapping[str, Any]]
    shows: Mapping[str, Any]
    event: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)


def gesture(action: str, **payload: str) -> Mapping[str, Any]:
    return {"recipient": {"id": "{fan}"}, "sender_action": action, **({"payload": payload} if payload else {})}


LIKED = {"reactions": [{"emoji": "👍", "by": "Owner"}]}
HEART = {"reactions": [{"emoji": "❤️", "by": "Owner"}]}
TO = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": "{fan}"}
CASES = {
    "hide facebook": Case("facebook", "hide", ("POST", "/v25.0/{said}", {"is_hidden": True}), {"hidden": True}),
    "unhide facebook": Case("facebook", "unhide", ("POST", "/v25.0/{said}", {"is_hidden": False}), {"hidden": False}),
    "delete facebook": Case("facebook", "delete", ("DELETE", "/v25.0/{said}", {}), {"text": ""}),
    "like facebook": Case("facebook", "like", ("POST", "/v25.0/{said}/likes", {}), LIKED),
    "hide instagram": Case(
        "instagram", "hide", ("POST", "/v25.0/{said}", {}), {"hidden": True}, "comment", query={"hide": "true"}
    ),
    "delete instagram": Case("instagram", "delete", ("DELETE", "/v25.0/{said}", {}), {"text": ""}, "comment"),
    "react instagram": Case(
        "instagram", "react", ("POST", "/v25.0/me/messages", gesture("react", message_id="{said}", reaction="love")),
        HEART, body={"emoji": "❤️"},
    ),
    "react messenger": Case(
        "messenger", "react",
        ("POST", "/v25.0/{account}/messages", gesture("react", message_id="{said}", reaction="❤️")),
        HEART, body={"emoji": "❤️"},
    ),
    "unreact messenger": Case(
        "messenger", "react", ("POST", "/v25.0/{account}/messages", gesture("unreact", message_id="{said}")),
        {"reactions": []}, body={"emoji": ""},
    ),
    "react whatsapp": Case(
        "whatsapp", "react",
        ("POST", "/v25.0/{account}/messages",
         {**TO, "type": "reaction", "reaction": {"message_id": "{said}", "emoji": "❤️"}}),
        HEART, body={"emoji": "❤️"},
    ),
    "react telegram": Case(
        "telegram", "react",
        ("POST", "/bot{token}/setMessageReaction",
         {"chat_id": "{fan number}", "message_id": "{said number}", "reaction": [{"type": "emoji", "emoji": "❤"}]}),
        HEART, body={"emoji": "❤️"},
    ),
    "report example": Case(
        "example", "report", ("POST", "/v1/comments/{said}/reports", {"reason": "spam", "note": "Sells copies"}),
        {"hidden": False}, "comment", body={"reason": "spam", "note": "Sells copies"},
    ),
    "delete telegram": Case(
        "telegram", "delete",
        ("POST", "/bot{token}/deleteMessage", {"chat_id": "{fan number}", "message_id": "{said number}"}), {"text": ""},
    ),
}  # fmt: skip
COURTESIES = {
    "messenger read": Case("messenger", "read", ("POST", "/v25.0/{account}/messages", gesture("mark_seen")), {}),
    "messenger typing": Case("messenger", "typing", ("POST", "/v25.0/{account}/messages", gesture("typing_on")), {}),
    "instagram read": Case("instagram", "read", ("POST", "/v25.0/me/messages", gesture("mark_seen")), {}),
    "whatsapp read": Case(
        "whatsapp", "read",
        ("POST", "/v25.0/{account}/messages",
         {"messaging_product": "whatsapp", "status": "read", "message_id": "{said}"}), {},
    ),
    "whatsapp typing": Case(
        "whatsapp", "typing",
        ("POST", "/v25.0/{account}/messages",
         {"messaging_product": "whatsapp", "status": "read", "message_id": "{said}",
          "typing_indicator": {"type": "text"}}), {},
    ),
    "telegram typing": Case(
        "telegram", "typing",
        ("POST", "/bot{token}/sendChatAction", {"chat_id": "{fan number}", "action": "typing"}), {},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_action_is_the_documented_call_and_shows(stack: Stack, name: str) -> None:
    case = CASES[name]
    fan, heard = _heard(stack, case)
    shown = stack.ours.owner.post(f"/messages/{heard['id']}/{case.verb}", case.body)
    _assert_called(fan, heard, case)
    again = stack.ours.owner.get(f"/messages/{heard['id']}")
    name_may_come_late = {"author": shown["author"]}
    assert shown == {**again, **name_may_come_late}
    assert {name: again[name] for name in case.shows} == case.shows
    assert bool(again["deleted_at"]) == (case.verb == "delete")


def test_message_is_reported_once(stack: Stack) -> None:
    case, owner = CASES["report example"], stack.ours.owner
    fan, heard = _heard(stack, case)
    first, again = (owner.post(f"/messages/{heard['id']}/report", {"reason": why}) for why in ("spam", "abuse"))
    assert first["reported_at"] == again["reported_at"]
    assert [call["json"]["reason"] for call in fan.channel.calls(but=("GET", "PUT"))] == ["spam"]
    [entry] = audits.recent(owner, action="message.report", target=heard["id"])
    assert entry["after"] == {"reason": "spam"}


@pytest.mark.parametrize("name", COURTESIES)
def test_courtesy_is_the_documented_call(stack: Stack, name: str) -> None:
    case = COURTESIES[name]
    fan, heard = _heard(stack, case, stack.brand(receipts=True) if case.verb == "read" else None)
    stack.ours.owner.post(f"/conversations/{heard['conversation']}/{case.verb}")
    _assert_called(fan, heard, case)
    assert fan.channel.conversation()["unread"] == (0 if case.verb == "read" else 1)


def test_customer_is_not_told_that_it_was_read_unless_the_brand_says_so(stack: Stack) -> None:
    fan = Fan(stack.connect("messenger"))
    path = f"/conversations/{fan.starts()['id']}/read"
    owner = stack.ours.owner
    assert owner.post(path)["unread"] == 0
    answer = owner.call("POST", path, {"receipt": True})
    assert (*answer.problem, answer.json["field"]) == (422, "receipts_off", "receipt")
    assert len(fan.channel.calls()) == 1


def test_what_the_network_cannot_tell_the_customer_is_refused(stack: Stack) -> None:
    fan, owner = Fan(stack.connect("facebook", stack.brand(receipts=True))), stack.ours.owner
    path = f"/conversations/{fan.starts()['id']}"
    assert owner.call("POST", f"{path}/read", {"receipt": True}).problem == (422, "cannot_read")
    assert owner.call("POST", f"{path}/typing").problem == (422, "cannot_typing")
    assert owner.post(f"{path}/read")["unread"] == 0
    assert len(fan.channel.calls()) == 1


def test_what_came_after_what_was_read_stays_unread(stack: Stack) -> None:
    fan = Fan(stack.connect("messenger", stack.brand(receipts=True)))
    ids = [fan.says(f"number {count}", at=now() - 60_000 + count * 1000) for count in range(3)]
    fan.channel.settled()
    conversation = fan.channel.conversation()["id"]
    owner = fan.channel.agency.owner
    assert (
        owner.post(f"/conversations/{conversation}/read", {"up_to": fan.channel.message(ids[1])["id"]})["unread"] == 1
    )
    assert owner.post(f"/conversations/{conversation}/read", {"receipt": False})["unread"] == 0
    assert len(fan.channel.calls()) == 2  # connecting, and the one read that was to be told


@pytest.mark.parametrize(
    ("fan", "verb", "body"),
    [
        ("messenger", "hide", {}),
        ("messenger", "report", {"reason": "spam"}),
        ("messenger", "delete", {}),
        ("whatsapp", "like", {}),
        ("facebook", "react", {"emoji": "❤️"}),
        ("telegram", "unhide", {}),
    ],
    indirect=["fan"],
)
def test_what_a_network_cannot_do_is_refused_here(fan: Fan, verb: str, body: Mapping[str, str]) -> None:
    id = fan.channel.message(fan.says())["id"]
    answer = fan.channel.agency.owner.call("POST", f"/messages/{id}/{verb}", body)
    assert answer.problem == (422, f"cannot_{verb}")
    assert len(fan.channel.calls()) == 1


@pytest.mark.parametrize(
    ("does", "status", "code"),
    [
        ("expired", 409, "channel_expired"),
        ("gone", 409, "gone"),
        ("rejected", 422, "network_rejected"),
        ("throttled", 429, "network_throttled"),
        ("unavailable", 503, "network_unreachable"),
        ("timeout", 503, "network_unreachable"),
    ],
)
def test_networks_refusal_of_an_action_is_told_and_changes_nothing(
    stack: Stack, does: str, status: int, code: str
) -> None:
    fan = Fan(stack.connect("facebook"))
    heard = fan.channel.message(fan.says())
    fan.channel.fails(does, "is_hidden", path=heard["network_id"])
    answer = stack.ours.owner.call("POST", f"/messages/{heard['id']}/hide", {})
    assert answer.problem == (status, code)
    assert ("retry-after" in answer.headers) == (status == 429)
    assert stack.ours.owner.get(f"/messages/{heard['id']}")["hidden"] is False


SAYS_YES = {"do": "serve", "method": "GET", "body": '{"hidden": false}'}


@pytest.mark.parametrize(
    ("act", "read", "problem"),
    [
        ({}, SAYS_YES, (409, "not_applied")),
        ({}, {"do": "unavailable", "method": "GET"}, None),  # what cannot be read is believed
        ({"do": "timeout"}, {}, None),
        ({"do": "timeout"}, SAYS_YES, (503, "network_unreachable")),
        ({"do": "timeout"}, {"do": "unavailable", "method": "GET"}, (503, "network_unreachable")),
    ],
    ids=["still shown", "cannot be read", "unknown and hidden", "unknown and shown", "unknown and cannot be read"],
)
def test_network_is_asked_once_whether_it_hid_a_comment(
    server: Server, act: Any, read: Any, problem: tuple[int, str] | None
) -> None:
    """MO-16"""
    for behaviour in (act, read):
        server.state.behaviours += [{"network": "instagram", "times": 1, **behaviour}] if behaviour else []
    network, us = networks.get("instagram"), Credentials(account="17841400000000001", token="EAABinstagram")
    assert network
    hiding = Act(verb="hide", thread="1795", id=f"1795{number()}", surface="comment")
    raised = None
    try:
        message_actions._act_and_look(network, us, hiding)
    except (errors.Problem, Outcome) as failure:
        refusal = failure if isinstance(failure, errors.Problem) else message_actions._problem_of(failure)
        raised = (refusal.status, refusal.code)
    assert raised == problem
    assert [call["method"] for call in server.state.requests] == ["POST", "GET"]


def _heard(stack: Stack, case: Case, agency: Agency | None = None) -> tuple[Fan, Any]:
    fan = Fan(stack.connect(case.network, agency))
    if not case.event:
        return fan, fan.channel.message(fan.says())
    fan.channel.tell(case.event, person=fan.id)
    return fan, eventually(fan.channel.messages)[0]


def _assert_called(fan: Fan, heard: Mapping[str, Any], case: Case) -> None:
    said = heard["network_id"]
    known = {"said": said, "fan": fan.id, "account": fan.channel.account, "token": fan.channel.token}
    known |= {"said number": said.rpartition(":")[2], "fan number": fan.id}
    [call] = fan.channel.calls()[1:]
    assert [call["method"], call["path"], call["json"]] == filled(case.call, known)
    assert call["query"] == case.query


# F28: as if the process had died after the first try, before it wrote that down
def test_message_that_is_gone_at_the_network_is_deleted_here_when_asked_again(stack: Stack) -> None:
    fan = Fan(stack.connect("facebook"))
    heard = fan.channel.message(fan.says())
    stack.behave("facebook", "gone", path=heard["network_id"], method="DELETE")
    assert stack.ours.owner.post(f"/messages/{heard['id']}/delete")["deleted_at"]
