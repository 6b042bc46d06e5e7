"""What is said to be allowed is taken, and what is not is refused, by the operations that it is about."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from chalicelib.screens import allowed
from tests.support.people import Fan
from tests.support.routes import ROUTES
from tests.support.stack import GOING, Member, Stack

# Each action as a call about a thing: its verb, what follows the thing's address, and the body.
OF_CONVERSATION: Mapping[str, tuple[str, str, Mapping[str, Any]]] = {
    "draft": ("POST", "/replies", {"text": "Perhaps", "draft": True}),
    "take_lease": ("POST", "/lease", {}),
    "take_over_lease": ("POST", "/lease", {"reason": "It is urgent"}),
    "read": ("POST", "/read", {"receipt": False}),
    "typing": ("POST", "/typing", {}),
    "note": ("POST", "/notes", {"text": "Look"}),
    "involve": ("PUT", "/participants", {"members": []}),
    "change_labels": ("PATCH", "", {"labels": ["vip"]}),
    "change_status": ("PATCH", "", {"status": "pending"}),
    "assign": ("POST", "/assign", {"to": None}),
    "propose": ("POST", "/replies", {"text": "We will see"}),
    "reply": ("POST", "/replies", {"text": "We will"}),
}
OF_MESSAGE: Mapping[str, tuple[str, str, Mapping[str, Any]]] = {
    "hide": ("POST", "/hide", {}),
    "unhide": ("POST", "/unhide", {}),
    "like": ("POST", "/like", {}),
    "report": ("POST", "/report", {"reason": "spam"}),
    "react": ("POST", "/react", {"emoji": "❤"}),
    "delete": ("POST", "/delete", {}),
}
OF_REPLY: Mapping[str, tuple[str, str, Mapping[str, Any]]] = {
    "comment": ("POST", "/comments", {"text": "Kinder, please"}),
    "approve": ("POST", "/approve", {}),
    "let_through": ("POST", "/let-through", {"reason": "It is so"}),
    "submit": ("POST", "/submit", {}),
    "reject": ("POST", "/reject", {"reason": "No"}),
    "withdraw": ("POST", "/withdraw", {}),
    "edit": ("PATCH", "", {"text": "Another"}),
}
# Nobody decides about these: they show something, or are about something that is not in the thing itself.
WITHOUT = {"release_lease", "change_conversations"}


def test_every_change_of_a_conversation_message_or_reply_is_an_action() -> None:
    operations = {
        action.operation
        for actions in (allowed.CONVERSATION, allowed.MESSAGE, allowed.REPLY)
        for action in actions.values()
    }
    there = {
        route.view.__name__
        for route in ROUTES
        if route.verb != "GET" and re.match("/(conversations|messages|replies)/{id}", route.path)
    }
    assert there - WITHOUT == operations


def test_every_action_is_tried_here() -> None:
    assert [set(calls) for calls in (OF_CONVERSATION, OF_MESSAGE, OF_REPLY)] == [
        set(allowed.CONVERSATION), set(allowed.MESSAGE), set(allowed.REPLY),
    ]  # fmt: skip


def is_taken(member: Member, path: str, action: str, call: tuple[str, str, Mapping[str, Any]]) -> bool:
    verb, rest, body = call
    headers = {}
    if action in ("involve", "change_labels", "change_status") or path.startswith("/replies/"):
        read = member.call("GET", path)
        headers = {"If-Match": read.headers["etag"]}
        body = {**body, "hash": read.json["hash"]} if action in ("approve", "let_through") else body
    answer = member.call(verb, path + rest, body, headers={} if action == "comment" else headers)
    if action in ("reply", "propose"):
        return answer.status == 202 and (answer.json["status"] in GOING) == (action == "reply")
    return answer.status < 300


def tried(member: Member, path: str, actions: Mapping[str, tuple[str, str, Mapping[str, Any]]]) -> None:
    """Before each action it is asked whether it is allowed: what is done changes what is."""
    for action, call in actions.items():
        is_allowed = action in member.get(path, include="allowed")["allowed"]
        assert is_allowed == is_taken(member, path, action, call), action


@pytest.mark.parametrize("role", ["owner", "community_manager", "moderator", "client"])
def test_what_a_role_may_do_with_a_conversation(stack: Stack, role: str) -> None:
    conversation = Fan(stack.connect("messenger")).starts()
    tried(stack.ours.members[role], f"/conversations/{conversation['id']}", OF_CONVERSATION)


def test_what_is_allowed_while_somebody_else_answers_or_has_it(stack: Stack) -> None:
    conversation, owner = Fan(stack.connect("messenger")).starts(), stack.ours.owner
    path = f"/conversations/{conversation['id']}"
    owner.post(f"{path}/lease")
    owner.post(f"{path}/assign", {"to": owner.get("/me")["member"]})
    tried(stack.ours.members["moderator"], path, OF_CONVERSATION)


def test_nothing_is_said_on_a_channel_that_is_gone_or_for_an_archived_brand(stack: Stack) -> None:
    brand = stack.brand()
    fan = Fan(stack.connect("messenger", brand))
    path = f"/conversations/{fan.starts()['id']}"
    stack.ours.owner.delete(f"/channels/{fan.channel.id}")
    said = stack.ours.owner.get(f"{path}/messages")["items"][0]["id"]
    tried(stack.ours.owner, path, OF_CONVERSATION)
    tried(stack.ours.owner, f"/messages/{said}", OF_MESSAGE)
    stack.ours.owner.post(f"/brands/{brand.brand}/archive")
    tried(stack.ours.owner, path, OF_CONVERSATION)


@pytest.mark.parametrize("network", ["facebook", "messenger", "example"])
@pytest.mark.parametrize("role", ["owner", "client"])
def test_what_a_role_may_do_with_a_message(stack: Stack, role: str, network: str) -> None:
    fan = Fan(stack.connect(network))
    message = fan.channel.message(fan.says())
    tried(stack.ours.members[role], f"/messages/{message['id']}", OF_MESSAGE)


@pytest.mark.parametrize("role", ["owner", "moderator", "client"])
def test_what_a_role_may_do_with_a_proposal(stack: Stack, role: str) -> None:
    conversation = Fan(stack.connect("messenger")).starts()
    proposed = stack.ours.members["moderator"].post(f"/conversations/{conversation['id']}/replies", {"text": "Soon"})
    assert proposed["status"] == "pending"
    tried(stack.ours.members[role], f"/replies/{proposed['id']}", OF_REPLY)
