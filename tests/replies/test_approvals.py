"""A reply on its way through four eyes: who may say what at once, what an approval is bound to, and who wins."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib import clock
from tests.support.background import time_passes
from tests.support.people import Fan
from tests.support.stack import GOING, Stack, eventually

TEXT = {"text": "Thank you for asking"}


@pytest.fixture
def asked(stack: Stack) -> "Asked":
    fan = Fan(stack.connect("facebook"))
    fan.says("Is it open on Sundays?")
    return Asked(stack, fan, fan.channel.conversation())


class Asked:
    """A fan's question, and our people before it."""

    def __init__(self, stack: Stack, fan: Fan, conversation: Any) -> None:
        self.stack, self.fan, self.conversation = stack, fan, conversation

    def replies(self, role: str, **more: Any) -> Any:
        return self.stack.ours.members[role].post(f"/conversations/{self.conversation['id']}/replies", {**TEXT, **more})

    def refused(self, role: str, path: str, body: Any) -> tuple[int, str]:
        return self.stack.ours.members[role].call("POST", path, body).problem

    def status(self, reply: Any) -> str:
        return str(self.stack.ours.owner.get(f"/replies/{reply['id']}")["status"])

    def latest(self, reply: Any) -> str:
        return str(self.stack.ours.owner.get(f"/replies/{reply['id']}")["latest"])

    def approve(self, reply: Any, role: str = "community_manager", **more: Any) -> Any:
        body = {"hash": reply["hash"], **more}
        return self.stack.ours.members[role].call("POST", f"/replies/{reply['id']}/approve", body)

    def sent(self) -> list[Any]:
        return [call for call in self.fan.channel.calls() if call["path"].endswith("/comments")]


def test_proposed_reply_waits_and_goes_out_once_approved(asked: Asked) -> None:
    reply = asked.replies("content_creator")
    assert (reply["status"], reply["needs"]["count"]) == ("pending", 1)
    waiting = asked.stack.ours.members["community_manager"].every("/replies", brand=asked.stack.ours.brand)
    assert reply["id"] in [row["id"] for row in waiting]
    assert asked.approve(reply).status == 200
    assert eventually(lambda: asked.status(reply) == "sent")
    assert [call["json"] for call in asked.sent()] == [{"message": TEXT["text"]}]


def test_author_does_not_approve_their_own_reply(asked: Asked) -> None:
    asked.stack.ours.owner.patch(
        f"/brands/{asked.stack.ours.brand}",
        {"settings": {"replies": {"rules": [{"roles": ["community_manager"], "approvals": 1, "kind": "official"}]}}},
    )
    reply = asked.replies("community_manager", official=True)
    assert asked.approve(reply).problem == (403, "four_eyes")
    assert asked.approve(reply, "owner").status == 200


def test_those_who_may_not_approve_are_told_so(asked: Asked) -> None:
    reply = asked.replies("content_creator")
    for role in ("content_creator", "moderator", "client"):
        assert asked.approve(reply, role).status == 403
    assert asked.status(reply) == "pending"


# F23
@pytest.mark.parametrize("change", [("edits", "Is it open on Mondays?"), ("deletes",)], ids=["edits", "deletes"])
def test_waiting_reply_is_stale_once_the_customer_changes_what_they_said(stack: Stack, change: tuple[str, ...]) -> None:
    fan, (verb, *words) = Fan(stack.connect("facebook")), change
    id = fan.says("Is it open on Sundays?")
    asked = Asked(stack, fan, fan.channel.conversation())
    reply = asked.replies("content_creator")
    fan.does(verb, id, *words)
    assert eventually(lambda: asked.status(reply) == "stale")
    answer = asked.approve(reply)
    assert (answer.problem, answer.json["reasons"]) == ((409, "stale"), ["customer_wrote"])


def test_approval_goes_stale_when_the_fan_writes_again(asked: Asked) -> None:
    reply = asked.replies("content_creator")
    asked.fan.says("And on Mondays?")
    assert eventually(lambda: asked.status(reply) == "stale")
    answer = asked.approve(reply)
    assert (answer.problem, answer.json["reasons"]) == ((409, "stale"), ["customer_wrote"])
    assert asked.sent() == []
    assert asked.approve(reply, despite=asked.latest(reply)).status == 200
    assert eventually(lambda: asked.status(reply) == "sent")


# S16
@pytest.mark.parametrize("change", [("says", "See you in court"), ("edits", "See you in court")], ids=["says", "edits"])
def test_nobody_approves_despite_what_they_have_not_seen(stack: Stack, change: tuple[str, str]) -> None:
    fan, (verb, words) = Fan(stack.connect("facebook")), change
    id = fan.says("Is it open on Sundays?")
    asked = Asked(stack, fan, fan.channel.conversation())
    reply = asked.replies("content_creator")
    ahead = asked.latest(reply)
    fan.says(words) if verb == "says" else fan.does(verb, id, words)
    assert eventually(lambda: asked.status(reply) == "stale")
    assert asked.approve(reply, despite=ahead).problem == (409, "stale")
    assert asked.approve(reply, despite=asked.latest(reply)).status == 200


def test_approval_is_bound_to_the_words_that_were_read(asked: Asked) -> None:
    reply = asked.replies("content_creator")
    creator = asked.stack.ours.members["content_creator"]
    edited = creator.patch(f"/replies/{reply['id']}", {"text": "Something else"})
    assert (edited["status"], edited["hash"] != reply["hash"]) == ("draft", True)
    assert creator.post(f"/replies/{reply['id']}/submit")["status"] == "pending"
    assert asked.approve(reply).problem == (409, "reply_changed")
    assert asked.approve(edited).status == 200


def test_of_two_approvers_at_once_one_wins(asked: Asked) -> None:
    reply = asked.replies("content_creator")
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda role: asked.approve(reply, role).status, ["community_manager", "owner"]))
    assert sorted(answers) == [200, 409]
    assert eventually(lambda: asked.status(reply) == "sent")
    assert len(asked.sent()) == 1


def test_policy_may_ask_for_one_of_each_role(asked: Asked) -> None:
    rule = {"roles": ["content_creator"], "visibility": "public", "approvals": 2, "by": ["community_manager", "owner"]}
    settings = {"replies": {"rules": [{**rule, "every": True}]}}
    asked.stack.ours.owner.patch(f"/brands/{asked.stack.ours.brand}", {"settings": settings})
    reply = asked.replies("content_creator")
    assert asked.approve(reply).json["status"] == "pending"
    assert asked.approve(reply).problem == (409, "already_approved")
    assert asked.approve(reply, "owner").status == 200
    assert eventually(lambda: asked.status(reply) == "sent")
    asked.stack.ours.owner.patch(f"/brands/{asked.stack.ours.brand}", {"settings": {"replies": {"rules": []}}})


def test_reply_sent_back_is_edited_and_asked_for_again(asked: Asked) -> None:
    reply = asked.replies("content_creator")
    manager, creator = (asked.stack.ours.members[role] for role in ("community_manager", "content_creator"))
    assert (
        manager.post(f"/replies/{reply['id']}/comments", {"text": "Friendlier?"})["comments"][0]["text"]
        == "Friendlier?"
    )
    sent_back = manager.post(f"/replies/{reply['id']}/reject", {"reason": "Too short"})
    assert (sent_back["status"], sent_back["reason"]) == ("rejected", "Too short")
    assert asked.approve(sent_back).problem == (409, "wrong_state")
    creator.patch(f"/replies/{reply['id']}", {"text": "With pleasure: yes"})
    assert creator.post(f"/replies/{reply['id']}/submit")["status"] == "pending"
    assert creator.post(f"/replies/{reply['id']}/withdraw")["status"] == "withdrawn"


def test_reply_for_later_goes_out_in_its_time(asked: Asked) -> None:
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    reply = asked.replies("owner", send_at=later)
    assert reply["status"] == "approved"
    time_passes(2 * 3_600_000, reply["id"])
    assert eventually(lambda: asked.status(reply) == "sent")


def test_reply_for_later_comes_back_if_the_fan_writes_first(asked: Asked) -> None:
    reply = asked.replies("owner", send_at=(datetime.now(UTC) + timedelta(hours=1)).isoformat())
    asked.fan.says("Never mind")
    assert eventually(lambda: asked.status(reply) == "stale")
    time_passes(2 * 3_600_000, reply["id"])
    assert eventually(lambda: asked.stack.ours.owner.get(f"/replies/{reply['id']}")["approvals"] == [])
    assert asked.sent() == []


def test_who_answers_second_is_told_who_answered(asked: Asked) -> None:
    seen = asked.fan.channel.messages()[-1]["id"]
    asked.replies("owner")
    path = f"/conversations/{asked.conversation['id']}/replies"
    answer = asked.stack.ours.members["community_manager"].call("POST", path, {**TEXT, "seen": seen})
    assert (answer.problem, answer.json["changed"]["by"]) == ((409, "answered_meanwhile"), "Owner")


def test_conversation_is_held_by_one_at_a_time(asked: Asked) -> None:
    path = f"/conversations/{asked.conversation['id']}/lease"
    owner, manager = asked.stack.ours.owner, asked.stack.ours.members["community_manager"]
    owner.post(path)
    assert manager.call("POST", path, {}).problem == (409, "leased")
    assert asked.refused("community_manager", path.replace("lease", "replies"), TEXT) == (409, "leased")
    assert asked.refused("content_creator", path, {"reason": "Mine"}) == (403, "cannot_take_over")
    assert manager.post(path, {"reason": "She is ill"})["name"] == "Community Manager"
    manager.delete(path)
    assert asked.replies("owner")["status"] in GOING


def test_sendability_says_how_and_until_when(stack: Stack) -> None:
    fan = Fan(stack.connect("whatsapp"))
    fan.says("Hello")
    conversation = fan.channel.conversation()
    sendability = stack.ours.owner.get(f"/conversations/{conversation['id']}/sendability")
    assert (sendability["can"], sendability["ways"]) == (True, ["reply", "template"])
    assert clock.parse(sendability["until"]) - clock.parse(conversation["last_message"]["sent_at"]) == 24 * 3_600_000


# S14
def test_reply_that_much_was_said_about_is_approved(asked: Asked) -> None:
    reply = asked.replies("content_creator")
    creator = asked.stack.ours.members["content_creator"]
    path, said = f"/replies/{reply['id']}/comments", {"text": "語" * 4000}
    answers = [creator.call("POST", path, said) for _ in range(12)]
    assert {answer.status for answer in answers[:8]} == {200}
    assert answers[-1].problem == (409, "too_many_comments")
    assert asked.approve(reply).status == 200
    assert eventually(lambda: asked.status(reply) == "sent")
