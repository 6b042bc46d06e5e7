"""Nobody approves their own words, whatever they try; an approval counts while whoever gave it may still give it."""

from typing import Any

import pytest

from local import seed
from tests.support.people import Fan
from tests.support.stack import GOING, Member, Stack, number

OFFICIAL = {"text": "We are sorry.", "official": True}


class Case:
    """A brand of ours with rules of its own, people who work for it, and somebody who wrote to it."""

    def __init__(self, stack: Stack, *rules: Any) -> None:
        self.stack, self.owner = stack, stack.ours.owner
        agency = stack.brand(replies={"rules": list(rules)})
        self.brand, self.fan = agency.brand, Fan(stack.connect("facebook", agency))
        self.fan.says("Why?")
        self.path = f"/conversations/{self.fan.channel.conversation()['id']}/replies"

    def someone(self, role: str) -> Member:
        return self.stack.someone(self.stack.ours, role, [self.brand])

    def with_permissions(self, *names: str) -> Member:
        made = self.owner.post("/roles", {"name": f"Role {number()}", "permissions": ["inbox.view_all", *names]})
        grants = [{"role": made["id"], "brands": [self.brand]}]
        return Member(self.stack.api, self.owner.post("/api-keys", {"name": "Key", "grants": grants})["key"])


@pytest.fixture
def case(stack: Stack) -> Case:
    return Case(stack)


def approve(who: Member, reply: Any, **more: Any) -> Any:
    return who.call("POST", f"/replies/{reply['id']}/approve", {"hash": reply["hash"], **more})


def test_who_rewrote_a_reply_does_not_approve_it(case: Case) -> None:
    creator, manager = case.someone("content_creator"), case.someone("community_manager")
    reply = creator.post(case.path, {"text": "Hello"})
    edited = manager.patch(f"/replies/{reply['id']}", {"text": "Goodbye"})
    assert edited["edited_by"] == manager.get("/me")["member"]
    again = creator.patch(f"/replies/{reply['id']}", {"text": "Good bye"})
    creator.post(f"/replies/{reply['id']}/submit")
    assert approve(manager, again).problem == (403, "four_eyes")
    assert approve(case.owner, again).status == 200


def test_words_are_judged_by_who_wrote_them_and_submitted_by_their_writers(case: Case) -> None:
    manager, creator = case.someone("community_manager"), case.someone("content_creator")
    reply = manager.post(case.path, {"text": "Hello", "draft": True})
    creator.patch(f"/replies/{reply['id']}", {"text": "Buy now"})
    refused = case.someone("moderator").call("POST", f"/replies/{reply['id']}/submit", {})
    assert refused.problem == (403, "not_yours")
    assert manager.post(f"/replies/{reply['id']}/submit")["status"] == "pending"


def test_keys_do_not_approve(case: Case) -> None:
    reply = case.someone("content_creator").post(case.path, {"text": "Hello"})
    assert approve(case.with_permissions("reply.approve"), reply).problem == (403, "keys_do_not_approve")


def test_who_left_and_came_back_is_the_same_person(case: Case) -> None:
    from chalicelib import clock
    from chalicelib.store import fence, keys, table
    from chalicelib.store.models.people import Member as Joined

    agency, manager = case.stack.ours.id, case.someone("community_manager")
    reply = manager.post(case.path, {**OFFICIAL, "draft": True})
    case.owner.patch(f"/brands/{case.brand}", {"settings": {"replies": {"rules": [{"approvals": 1}]}}})
    manager.post(f"/replies/{reply['id']}/submit")
    id = manager.get("/me")["member"]
    with fence.within(agency):
        before = table.get(Joined, agency, keys.noun(id))
        assert before is not None
        case.owner.delete(f"/members/{id}")
        seed.join(agency, before.subject, before.name, before.email, before.grants, clock.now())
    assert manager.get("/me")["member"] != id
    assert approve(manager, reply).problem == (403, "four_eyes")


def test_approval_of_who_left_does_not_count(stack: Stack) -> None:
    case = Case(stack, {"approvals": 2})
    reply = case.someone("content_creator").post(case.path, {"text": "Hello"})
    gone, second, third = (case.someone("community_manager") for _ in range(3))
    assert approve(gone, reply).json["status"] == "pending"
    case.owner.delete(f"/members/{gone.get('/me')['member']}")
    assert [approval["by"] for approval in approve(second, reply).json["approvals"]] == [second.get("/me")["member"]]
    assert approve(third, reply).json["status"] in GOING


def test_approval_given_before_the_customer_wrote_does_not_count(stack: Stack) -> None:
    case = Case(stack, {"approvals": 2})
    reply = case.someone("content_creator").post(case.path, {"text": "Hello"})
    first, second = (case.someone("community_manager") for _ in range(2))
    approve(first, reply)
    case.fan.says("Never mind")
    case.fan.channel.settled()
    answer = approve(second, reply, despite=second.get(f"/replies/{reply['id']}")["latest"])
    assert (answer.json["status"], len(answer.json["approvals"])) == ("pending", 1)
    assert approve(first, reply).json["status"] in GOING


def test_no_rule_lets_a_statement_be_official_that_nobody_may_make(stack: Stack) -> None:
    case = Case(stack, {"approvals": 0})
    reply = case.someone("content_creator").post(case.path, OFFICIAL)
    assert (reply["status"], reply["needs"]["official"]) == ("pending", True)
    assert case.someone("community_manager").post(case.path, OFFICIAL)["status"] in GOING


def test_whom_a_rule_names_approves_by_that(stack: Stack) -> None:
    rule = {"kind": "official", "approvals": 2, "by": ["community_manager", "client"], "every": True}
    case = Case(stack, rule)
    client, manager = case.someone("client"), case.someone("community_manager")
    ordinary = case.someone("content_creator").post(case.path, {"text": "Hello"})
    assert approve(client, ordinary).problem == (403, "cannot_approve")
    refused = client.call("POST", f"/replies/{ordinary['id']}/reject", {"reason": "No"})
    assert refused.problem == (403, "cannot_approve")
    reply = case.someone("content_creator").post(case.path, OFFICIAL)
    assert approve(client, reply).json["status"] == "pending"
    assert approve(manager, reply).json["status"] in GOING


def test_one_answers_where_one_may(case: Case) -> None:
    private = case.with_permissions("reply.private.propose")
    assert private.call("POST", case.path, {"text": "Hello"}).problem == (403, "cannot_reply_here")
    reply = private.post(case.path, {"text": "Hello", "private": True, "draft": True})
    refused = private.call("PATCH", f"/replies/{reply['id']}", {"private": False})
    assert refused.problem == (403, "cannot_reply_here")
    case.owner.patch(f"/replies/{reply['id']}", {"private": False})
    assert private.call("POST", f"/replies/{reply['id']}/submit", {}).problem == (403, "cannot_reply_here")
