"""What a decision did is taken back with it, unless somebody else wants it; what cannot be is not told as undone."""

from typing import Any

import pytest

from chalicelib import clock
from tests.evaluation.test_undos import ended
from tests.moderation.test_by_rules import INSULT, decided, live
from tests.support.people import Fan
from tests.support.stack import Agency, Channel, Stack, eventually

ALL = [
    {"do": "hide"}, {"do": "strike", "weight": 3}, {"do": "label", "label": "insult"}, {"do": "propose_ban", "days": 9},
    {"do": "require_approval"}, {"do": "priority", "priority": "high"},
]  # fmt: skip
LASTING = [{"do": "label", "label": "insult"}, {"do": "require_approval"}, {"do": "hide"}]


@pytest.fixture
def brand(stack: Stack) -> Agency:
    return stack.brand()


def shown_by_network(channel: Channel) -> list[Any]:
    """How often the network was asked to hide a comment, or to show it again."""
    return [call["json"]["is_hidden"] for call in channel.calls() if "is_hidden" in (call.get("json") or {})]


def undone(brand: Agency, decision: dict[str, Any]) -> dict[str, str]:
    """What became of each act once the decision was taken back."""
    acts = brand.owner.post(f"/decisions/{decision['id']}/undo", {"reason": "A joke."})["acts"]
    return {act["do"]: act["state"] for act in acts}


def test_all_that_a_rule_did_goes_with_the_rules_undo_but_for_what_cannot_be(stack: Stack, brand: Agency) -> None:
    owner, rule, since = brand.owner, live(brand, then=ALL), clock.text(clock.now() - clock.MINUTE)
    fan = Fan(stack.connect("facebook", brand))
    message = fan.channel.message(fan.says(INSULT))
    decision, path = decided(brand, message), f"/conversations/{message['conversation']}"
    contact = f"/contacts/{message['author']['contact']}/standing"
    [ban] = owner.get("/bans", brand=brand.brand)["items"]
    assert (owner.get(contact)["points"], owner.get(contact)["ban"], ban["state"]) == (3, ban["id"], "proposed")
    ended(owner, owner.post(f"/rules/{rule['id']}/undo", {"since": since, "reason": "Too much."})["job"]["id"])
    states = {act["do"]: act["state"] for act in owner.get(f"/decisions/{decision['id']}")["acts"]}
    assert states == dict.fromkeys(states, "undone") | {"priority": "done"}
    conversation = owner.get(path)
    assert (conversation["labels"], conversation["approval_required"], conversation["priority"]) == ([], False, "high")
    left = {"points": 0, "strikes": [], "ban": None}
    assert owner.get(contact) == {**left, "verdicts": {"upheld": 0, "overturned": 1}}
    assert owner.get(f"/bans/{ban['id']}")["state"] == "rejected"
    assert shown_by_network(fan.channel) == [True, False]


def test_what_another_decision_wants_stays_until_that_is_taken_back_too(stack: Stack, brand: Agency) -> None:
    live(brand, then=LASTING)
    fan = Fan(stack.connect("facebook", brand))
    first, second = [decided(brand, fan.channel.message(fan.says(INSULT))) for _ in range(2)]
    path = f"/conversations/{first['conversation']}"
    assert undone(brand, first) == {"hide": "undone", "label": "done", "require_approval": "done"}
    assert (brand.owner.get(path)["labels"], brand.owner.get(path)["approval_required"]) == (["insult"], True)
    assert set(undone(brand, second).values()) == {"undone"}
    assert (brand.owner.get(path)["labels"], brand.owner.get(path)["approval_required"]) == ([], False)


def test_what_somebody_changed_by_hand_since_then_stays_as_they_left_it(stack: Stack, brand: Agency) -> None:
    live(brand, then=LASTING)
    fan = Fan(stack.connect("facebook", brand))
    decision = decided(brand, fan.channel.message(fan.says(INSULT)))
    path = f"/conversations/{decision['conversation']}"
    brand.owner.patch(path, {"labels": ["insult", "vip"], "approval_required": True})
    assert undone(brand, decision) == {"hide": "undone", "label": "done", "require_approval": "done"}
    assert brand.owner.get(path)["labels"] == ["insult", "vip"]


def test_who_may_not_say_whether_replies_are_approved_does_not_by_taking_back(stack: Stack, brand: Agency) -> None:
    live(brand, then=LASTING)
    fan = Fan(stack.connect("facebook", brand))
    decision = decided(brand, fan.channel.message(fan.says(INSULT)))
    moderator = stack.someone(stack.ours, "moderator", [brand.brand])
    acts = moderator.post(f"/decisions/{decision['id']}/undo", {"reason": "A joke."})["acts"]
    assert {act["do"]: act["state"] for act in acts}["require_approval"] == "done"
    assert brand.owner.get(f"/conversations/{decision['conversation']}")["approval_required"]


def test_ban_that_somebody_approved_stays(stack: Stack, brand: Agency) -> None:
    live(brand, then=[{"do": "hide"}, {"do": "propose_ban", "days": 9}])
    fan = Fan(stack.connect("facebook", brand))
    decision = decided(brand, fan.channel.message(fan.says(INSULT)))
    [ban] = eventually(lambda: brand.owner.get("/bans", brand=brand.brand)["items"])
    brand.owner.post(f"/bans/{ban['id']}/approve", {})
    assert undone(brand, decision) == {"hide": "undone", "propose_ban": "done"}
    assert brand.owner.get(f"/bans/{ban['id']}")["state"] == "active"
