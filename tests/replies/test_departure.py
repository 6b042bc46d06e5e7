"""S7: a planned reply is judged again when it leaves, and a waiting one at each approval, by the rules of then."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.replies.test_four_eyes import Case, approve
from tests.support import audits
from tests.support.background import time_passes
from tests.support.stack import GOING, Member, Stack, eventually

HOUR = 3_600_000
LATER = {"text": "In an hour", "send_at": (datetime.now(UTC) + timedelta(hours=1)).isoformat()}


@pytest.fixture
def case(stack: Stack) -> Case:
    return Case(stack)


def left(case: Case, reply: Any) -> Any:
    """The reply once its time has come."""
    time_passes(2 * HOUR, reply["id"])
    eventually(lambda: case.owner.get(f"/replies/{reply['id']}")["status"] != "approved")
    return case.owner.get(f"/replies/{reply['id']}")


def removed(case: Case, person: Member) -> None:
    case.owner.delete(f"/members/{person.get('/me')['member']}")


def rules(case: Case, *rules: Any) -> None:
    case.owner.patch(f"/brands/{case.brand}", {"settings": {"replies": {"rules": list(rules)}}})


def test_reply_of_who_left_comes_back_with_the_reason(case: Case) -> None:
    manager = case.someone("community_manager")
    reply = manager.post(case.path, LATER)
    removed(case, manager)
    back = left(case, reply)
    assert (back["status"], back["because"]) == ("pending", ["sender_left"])
    [entry] = eventually(lambda: audits.recent(case.owner, target=reply["id"], action="reply.return"))
    assert entry["after"] == {"state": "pending", "reasons": ["sender_left"]}
    assert approve(case.owner, back).json["because"] == []
    assert left(case, reply)["status"] != "pending"


def test_reply_whose_approver_left_comes_back(case: Case) -> None:
    creator, manager = case.someone("content_creator"), case.someone("community_manager")
    reply = creator.post(case.path, LATER)
    approve(manager, reply)
    removed(case, manager)
    back = left(case, reply)
    assert (back["status"], back["because"]) == ("pending", ["not_approved"])


def test_reply_that_an_approver_takes_over_after_its_sender_left_goes_in_its_time(case: Case) -> None:
    creator, manager = case.someone("content_creator"), case.someone("community_manager")
    reply = creator.post(case.path, LATER)
    removed(case, creator)
    assert approve(manager, reply).json["status"] == "approved"
    assert left(case, reply)["status"] != "pending"


@pytest.mark.parametrize("approvals", [0, 1])
def test_rules_made_stricter_hold_for_what_is_planned(case: Case, approvals: int) -> None:
    who = case.someone("content_creator" if approvals else "conversation_manager")
    reply = who.post(case.path, LATER)
    if approvals:
        approve(case.someone("community_manager"), reply)
    rules(case, {"approvals": approvals + 1})
    back = left(case, reply)
    assert (back["status"], back["needs"]["count"], len(back["approvals"])) == ("pending", approvals + 1, approvals)
    approve(case.owner, back)
    assert left(case, reply)["status"] != "pending"


def test_rules_made_stricter_hold_for_what_waits_for_approval(case: Case) -> None:
    reply = case.someone("content_creator").post(case.path, {"text": "Hello"})
    rules(case, {"approvals": 2})
    answer = approve(case.someone("community_manager"), reply).json
    assert (answer["status"], answer["needs"]["count"]) == ("pending", 2)


def test_own_approval_taken_away_holds_for_what_is_planned(case: Case) -> None:
    settings: dict[str, Any] = {"rules": [{"approvals": 1}], "own_approval": True}
    case.owner.patch(f"/brands/{case.brand}", {"settings": {"replies": settings}})
    manager = case.someone("community_manager")
    reply = manager.post(case.path, LATER)
    assert approve(manager, reply).json["status"] == "approved"
    case.owner.patch(f"/brands/{case.brand}", {"settings": {"replies": {**settings, "own_approval": False}}})
    assert left(case, reply)["status"] == "pending"


def test_leaving_asks_for_no_fewer_approvals(stack: Stack) -> None:
    case = Case(stack, {"roles": ["content_creator"], "approvals": 2})
    creator, moderator = case.someone("content_creator"), case.someone("moderator")
    reply = creator.post(case.path, {"text": "Hello", "draft": True})
    moderator.patch(f"/replies/{reply['id']}", {"text": "Good day"})
    waiting = creator.post(f"/replies/{reply['id']}/submit")
    removed(case, moderator)
    assert approve(case.someone("community_manager"), waiting).json["status"] == "pending"


def test_draft_of_a_key_is_its_makers_who_submits_it_and_does_not_approve_it(case: Case) -> None:
    reply = case.with_permissions("reply.public.propose").post(case.path, {"text": "Hello", "draft": True})
    refused = case.someone("community_manager").call("POST", f"/replies/{reply['id']}/submit", {})
    assert refused.problem == (403, "not_yours")
    assert case.owner.post(f"/replies/{reply['id']}/submit")["status"] == "pending"
    assert approve(case.owner, reply).problem == (403, "four_eyes")
    assert approve(case.someone("community_manager"), reply).json["status"] in GOING


def test_reply_of_a_revoked_key_comes_back(case: Case) -> None:
    grants = [{"role": "conversation_manager", "brands": [case.brand]}]
    made = case.owner.post("/api-keys", {"name": "Bot", "grants": grants})
    reply = Member(case.stack.api, made["key"]).post(case.path, LATER)
    case.owner.delete(f"/api-keys/{made['id']}")
    assert left(case, reply)["because"] == ["sender_left"]


def test_planned_replies_that_rest_on_a_member_are_listed(case: Case) -> None:
    creator, manager = case.someone("content_creator"), case.someone("community_manager")
    reply = creator.post(case.path, LATER)
    approve(manager, reply)
    for person, planned in ((creator, [reply["id"]]), (manager, [reply["id"]]), (case.owner, [])):
        id = person.get("/me")["member"]
        listed = case.owner.get(f"/members/{id}/planned-replies")["items"]
        assert [row["id"] for row in listed if row["conversation"] == reply["conversation"]] == planned
