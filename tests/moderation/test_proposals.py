"""What may be answered is shown with the decision and its case: a rule's canned reply, or the line's own words."""

from typing import Any

import pytest

from tests.moderation.test_by_rules import INSULT, decided, live
from tests.support.people import Fan
from tests.support.stack import Agency, Stack, eventually

CRY = "I want to kill myself"
WORDS = "You are not alone. Somebody listens at any hour: 116 123."


@pytest.fixture
def brand(stack: Stack) -> Agency:
    return stack.brand()


def canned(brand: Agency) -> dict[str, Any]:
    said = {
        "brand": brand.brand,
        "title": "Calm",
        "shortcut": "calm",
        "text": "Let us stay calm, {{contact.first_name}}",
    }
    kept: dict[str, Any] = brand.owner.post("/canned-replies", said)
    return kept


def case_of(brand: Agency) -> Any:
    return eventually(lambda: brand.owner.get("/cases", brand=brand.brand)["items"])[0]


def test_canned_reply_that_a_rule_proposes_is_with_the_decision_and_the_case(stack: Stack, brand: Agency) -> None:
    calm = canned(brand)
    live(brand, then=[{"do": "queue"}, {"do": "propose", "canned_reply": calm["id"]}])
    fan = Fan(stack.connect("facebook", brand))
    decision = decided(brand, fan.channel.message(fan.says(INSULT)))
    proposed = [{"canned_reply": calm["id"], "text": calm["text"]}]
    assert (decision["replies"], case_of(brand)["replies"]) == (proposed, proposed)
    assert [(act["do"], act["state"]) for act in decision["acts"]] == [("queue", "done"), ("propose", "done")]


def test_canned_reply_that_was_removed_is_not_proposed_any_more(stack: Stack, brand: Agency) -> None:
    calm = canned(brand)
    live(brand, then=[{"do": "queue"}, {"do": "propose", "canned_reply": calm["id"]}])
    brand.owner.delete(f"/canned-replies/{calm['id']}")
    fan = Fan(stack.connect("facebook", brand))
    decision = decided(brand, fan.channel.message(fan.says(INSULT)))
    act = decision["acts"][-1]
    assert (decision["replies"], act["do"], act["state"], act["code"]) == ([], "propose", "refused", "gone")


def test_what_the_line_says_to_who_is_in_danger_is_with_the_case(stack: Stack, brand: Agency) -> None:
    owner, place = brand.owner, f"/brands/{brand.brand}/line"
    named = {"category": "self_harm", "to": [owner.get("/me")["member"]], "say": WORDS}
    owner.put(place, {**owner.get(place)["line"], "escalation": [named]})
    owner.post(f"{place}/publish", {})
    Fan(stack.connect("facebook", brand)).says(CRY)
    case = case_of(brand)
    assert (case["why"], case["replies"]) == (["escalated"], [{"canned_reply": None, "text": WORDS}])
    assert owner.get(f"/decisions/{case['decision']}")["replies"] == case["replies"]
